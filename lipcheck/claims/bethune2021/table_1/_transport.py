"""Training sets on the line with a direction f, and the losses L_W and L_lambda along the ray of its multiples c f.

Data: {"points": [[x, label], ...], "f": [value at each point]}, for L_lambda also "lambda" and "m". An unconstrained
network can be multiplied by any c > 0 in its last layer, so that its multiples show how the loss falls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from lipcheck.words.claim import Textbook
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, disj, equals
from lipcheck.words.obligation import Forall
from lipcheck.words.rationals import parse
from lipcheck.words.terms import positive_part, var

ROW = "bethune2021.table_1"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, Table 1"
ZERO = Fraction(0)
INDUCTION = Textbook("induction over points, pairs or layers", "Peano's axioms")
NETWORKS = Textbook(
    "a ReLU network with one hidden layer takes any given values at finitely many inputs",
    "Pinkus, Approximation theory of the MLP model, Acta Numerica 8 (1999), theorem 5.1",
)


class TrainingSetError(LipcheckError, ValueError):
    """Data that spell no training set with a direction."""


@dataclass(frozen=True)
class Ray:
    """Examples (x, label) and the values of f at them."""

    points: tuple[tuple[Fraction, int], ...]
    f: tuple[Fraction, ...]

    @property
    def both_labels(self) -> bool:
        """Whether the training set is not trivial."""
        return {y for _, y in self.points} == {1, -1}

    @property
    def balanced(self) -> bool:
        """Whether both labels are equally frequent."""
        return sum(y for _, y in self.points) == 0

    @property
    def same_laws(self) -> bool:
        """Whether every input carries both labels equally often."""
        return all(self.count(x, 1) == self.count(x, -1) for x, _ in self.points)

    @property
    def lipschitz(self) -> Fraction:
        """The Lipschitz constant of f on the inputs."""
        pairs = combinations(zip(self.points, self.f, strict=True), 2)
        return max((abs(f - g) / abs(p[0] - q[0]) for (p, f), (q, g) in pairs if p[0] != q[0]), default=ZERO)

    @property
    def margin(self) -> Fraction:
        """The sum of y f: minus the slope of the summed L_W along the ray."""
        return sum((y * v for (_, y), v in zip(self.points, self.f, strict=True)), ZERO)

    def slope(self, strength: Fraction) -> Fraction:
        """The slope of the summed L_lambda along the ray, far out: -s for a margin s > 0, (1 + lambda)|s| for s < 0."""
        margins = [y * v for (_, y), v in zip(self.points, self.f, strict=True)]
        return sum((-s if s >= 0 else (1 + strength) * -s for s in margins), ZERO)

    def count(self, x: Fraction, label: int) -> int:
        """How many examples have this input and label."""
        return self.points.count((x, label))

    def unit_falls(self) -> bool:
        """Whether L_W falls along a constant or a unit max(x - s, 0), s among the inputs, or along minus that."""
        gains = [Fraction(sum(y for _, y in self.points))]
        gains += [sum((y * max(x - s, ZERO) for x, y in self.points), ZERO) for s, _ in self.points]
        return any(gains)


def read(data: Any, *more: str) -> tuple[Ray, list[Fraction]]:
    """The ray that the data spell, and the numbers under `more`; `LipcheckError` for anything else."""
    if not isinstance(data, Mapping) or set(data) != {"points", "f", *more}:
        raise TrainingSetError(f"a training set has exactly the entries points, f{''.join(', ' + k for k in more)}")
    points = tuple((parse(x), y) for x, y in data["points"])
    f = tuple(map(parse, data["f"]))
    if any(y not in (1, -1) or isinstance(y, bool) for _, y in points) or len(points) != len(f):
        raise TrainingSetError("labels are 1 or -1, and f has one value for every example")
    if len({x for x, _ in points}) != len({(x, v) for (x, _), v in zip(points, f, strict=True)}):
        raise TrainingSetError("f has one value at every input")
    return Ray(points, f), [parse(data[k]) for k in more]


def hidden_unit() -> list[Forall]:
    """max(x - s, 0): no input up to s counts, and the one beyond s, of weight w, adds w (x - s), which is not 0."""
    x, s, w = map(var, ("x", "s", "w"))
    beyond: dict[str, Formula] = {"beyond": x > s, "weight": disj(w > 0, w < 0)}
    return [
        Forall("inputs up to s", {"x": x <= s}, equals(positive_part(x - s), 0)),
        Forall("the input beyond s", beyond, disj(w * (x - s) > 0, w * (x - s) < 0)),
    ]
