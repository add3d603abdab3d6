"""Certified radii of a classifier, from a bound on its Lipschitz constant, and the certified accuracy.

A prediction stands while every margin is positive: f_i - f_j for the top class i (head "argmax"), |f_i| for each logit
(head "sign"). If f is K-Lipschitz from p-norm to p-norm, a margin c'f moves by at most ||c||_q K ||x - y||_p, q the
dual exponent (Hoelder), and no smaller factor is right for every such f. For a logit ||c||_q = 1; for a difference

    ||e_i - e_j||_q = 1, sqrt 2, 2    for p = 1, 2, inf    (q = inf, 2, 1).

So the radius is the least margin / (||c||_q K), or margin / K_ij where the constant K_ij of that very difference is
known. Margins are lower bounds, `lipcheck.bounds.enclosure` proves them, and radii are rounded down: closed balls, for
a margin may vanish at distance margin / K but not change its sign. A tie has radius 0.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from lipcheck.bounds.attacks import Flip, Margin, attack
from lipcheck.bounds.clock import late, left
from lipcheck.bounds.domain import rows_of
from lipcheck.bounds.enclosure import changes, two_norms
from lipcheck.bounds.witness import norm_end
from lipcheck.exact import exact, shown
from lipcheck.graph import Graph
from lipcheck.norms import dual_exponent
from lipcheck.norms.rounding import outward
from lipcheck.words.errors import LipcheckError

if TYPE_CHECKING:
    import numpy as np

Head: TypeAlias = Literal["sign", "argmax"]
RULES: dict[tuple[str, float], str] = {
    ("sign", 1): "|f| / K",
    ("sign", 2): "|f| / K",
    ("sign", math.inf): "|f| / K",
    ("argmax", 1): "margin / K",
    ("argmax", 2): "margin / (sqrt(2) K)",
    ("argmax", math.inf): "margin / (2 K)",
}


class CertificateError(LipcheckError, ValueError):
    """A head, a constant or labels that make no certificate."""


@dataclass(frozen=True)
class Certificates:
    """Per example the radius, at or below the true margin's, times `factor`, and whether the label is met (or None).

    `flips` are proved: another class within the radius. `attacked` counts the examples that were attacked.
    """

    head: Head
    p: float
    rule: str
    factor: Fraction
    radii: tuple[float, ...]
    correct: tuple[bool, ...] | None
    flips: tuple[Flip, ...]
    attacked: int

    def accuracy(self, radius: float) -> Fraction:
        """The fraction of examples that are met with at least this radius; without labels, that have it."""
        met = self.correct or (True,) * len(self.radii)
        return Fraction(sum(c and r >= radius for c, r in zip(met, self.radii, strict=True)), len(self.radii))

    @property
    def curve(self) -> tuple[tuple[float, Fraction], ...]:
        """(radius, certified accuracy) at every radius where it falls."""
        return tuple((radius, self.accuracy(radius)) for radius in sorted({0.0, *self.radii}))


def certify(
    graph: Graph,
    constant: object,
    head: Head,
    p: float,
    data: Any,
    labels: Any = None,
    *,
    pairwise: Mapping[tuple[int, int], Fraction] | None = None,
    constants: Sequence[float | None] | None = None,
    radius_factor: object = 1,
    seed: int = 0,
    deadline: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Certificates:
    """Radii from the constant K of the network, and attacks at and inside the radii times `radius_factor`.

    `pairwise` may hold constants of differences under (i, j), and of single logits under (i, i);
    `constants` are upper bounds on the nodes' 2-norms, as in `lipcheck.bounds.search`. With a true K and the
    factor one no flip exists; a flip refutes K or the factor. Two thirds of the time until the deadline are for radii,
    the rest for attacks: those of the first examples are returned, of one at least. Raises CertificateError,
    DomainError for data that do not fit, GraphError where values cannot be enclosed.
    """
    bound, factor = exact(constant, "the constant"), exact(radius_factor, "the radius factor")
    if bound < 0 or factor < 0:
        raise CertificateError(f"The constant is {bound} and the factor {factor}: neither may be negative.")
    if head not in ("sign", "argmax"):
        raise CertificateError(f"The head is {shown(head)}: choose sign or argmax.")
    if head == "argmax" and graph.outputs < 2:
        raise CertificateError("The network has one logit: its head is sign, argmax needs two.")
    points = rows_of(data, graph.inputs)
    wanted = _labels(labels, head, len(points), graph.outputs)
    constants = two_norms(graph) if constants is None else constants
    correct: list[bool] = []
    radii: list[Fraction] = []
    margins: list[list[Margin]] = []
    share = None if deadline is None else time.monotonic() + 2 * left(deadline) / 3
    for number, x in enumerate(points.numpy()):
        if radii and late(share):
            break
        if progress is not None and number % 64 == 0:
            progress(f"certified radii, example {number + 1} of {len(points)}")
        found = changes(graph, x, x, constants)
        order, predicted = predict(head, found.v)
        margins.append(order)
        if wanted is not None:
            correct.append(bool((predicted == wanted[number]).all()))
        radii.append(
            factor
            * min(radius(least(m, found.v.tolist(), found.r.tolist()), slope(m, bound, p, pairwise)) for m in order)
        )
    shortened = [_down(r) for r in radii]
    flips, attacked = attack(
        graph, points[: len(radii)], shortened, margins, p, constants, seed=seed, deadline=deadline, progress=progress
    )
    met = None if wanted is None else tuple(correct)
    return Certificates(head, p, RULES[head, p], factor, tuple(shortened), met, tuple(flips), attacked)


def predict(head: Head, values: np.ndarray[Any, Any]) -> tuple[list[Margin], np.ndarray[Any, Any]]:
    """The margins that hold the prediction, and the prediction: the class, or the signs of all logits."""
    import numpy as np

    if head == "sign":
        return [(i, None, 1 if v >= 0 else -1) for i, v in enumerate(values)], values > 0
    top = int(values.argmax())
    return [(top, j, 1) for j in range(len(values)) if j != top], np.array(top)


def least(margin: Margin, values: Sequence[float], errors: Sequence[float]) -> Fraction:
    """A lower bound on the margin where each logit is within its error of its value."""
    i, j, sign = margin
    own = sign * Fraction(values[i]) - Fraction(errors[i])
    return own if j is None else own - Fraction(values[j]) - Fraction(errors[j])


def slope(margin: Margin, bound: Fraction, p: float, pairwise: Mapping[tuple[int, int], Fraction] | None) -> Fraction:
    """An upper bound on the constant of the margin."""
    i, j, _ = margin
    known = pairwise or {}
    if j is None:
        return min([bound, *(known[key] for key in [(i, i)] if key in known)])
    # |v_i - v_j| is at most ||e_i - e_j||_q ||v||_p, q the dual exponent.
    width = norm_end((Fraction(1), Fraction(-1)), dual_exponent(p), up=True)
    return min([width * bound, *(known[key] for key in [(i, j), (j, i)] if key in known)])


def radius(margin: Fraction, constant: Fraction) -> Fraction:
    """Margin / constant, 0 for a margin that may be a tie, and beyond every float for a constant network."""
    if margin <= 0:
        return Fraction(0)
    return margin / constant if constant else Fraction(2) ** 2000


def _down(value: Fraction) -> float:
    """The float at or below."""
    return math.inf if value >= Fraction(2) ** 1024 else outward(value, up=False)


def _labels(labels: Any, head: Head, count: int, outputs: int) -> Any:
    """Classes, or for the head "sign" one boolean per logit; None without labels."""
    import numpy as np

    if labels is None:
        return None
    array = np.asarray(labels)
    if array.dtype.kind not in "biuf" or len(array.reshape(-1)) != count * (1 if head == "argmax" else outputs):
        raise CertificateError(f"The labels have shape {array.shape} and dtype {array.dtype}: give one per prediction.")
    known = set(np.unique(array).tolist())
    if head == "argmax":
        if not all(value == int(value) and 0 <= value < outputs for value in known):
            raise CertificateError(f"The labels are {shown(sorted(known))}: give classes from 0 to {outputs - 1}.")
        return array.reshape(count)
    if not (known <= {0, 1} or known <= {-1, 1}):
        raise CertificateError(f"The labels are {shown(sorted(known))}: for the head sign give -1 and 1, or 0 and 1.")
    return array.reshape(count, outputs) > 0
