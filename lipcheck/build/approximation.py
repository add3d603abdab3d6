"""Lattices within a proved distance of a 1-Lipschitz function that is given as a Python function.

Two constructions. *Lattice*: the max of min of Lemma 1 (Anil et al. 2019, appendix D), fitted to samples as in
`lipcheck.build.greedy`. *Cones*: the maximum of g(x_i) - max_U u . (x - x_i) over samples x_i and a fan U.

Two hypotheses: g is 1-Lipschitz for ||.||_p on the domain, and what the Python function returns is within `g_error` of
g. Then, for samples of covering radius r:

- any 1-Lipschitz f with |f(x_i) - v_i| <= e at the samples v_i = g(x_i) has |f - g| <= e + 2 r + g_error: the nearest
  sample is within r, and both functions change by at most r on the way. e is a float enclosure of f at the samples;
- cones need no fitting: with f_0 their maximum, g - 2 r - g_error <= f_0 <= g + (1 - ratio) R + g_error, where R is the
  largest distance from a sample to a point of the domain. Half the difference is the error once f_0 is centred.

The Python function takes floats. Where a sample x is none, the nearest floats fl(x) are its argument,
||x - fl(x)||_p is added to `g_error`, and g is taken to be 1-Lipschitz there as well, which is then a hypothesis too.

The Lipschitz promise is checked on pairs of samples: all of them up to 20,000 samples, else all pairs of a seeded
choice of so many, and every sample with the next one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

from lipcheck.build.boxes import Box
from lipcheck.build.data import DataError
from lipcheck.build.directions import fan
from lipcheck.build.lattice import Lattice, constant_shift, negative
from lipcheck.build.memory import MEMORY, require
from lipcheck.build.pieces import Piece, nearest
from lipcheck.build.promise import check_promise
from lipcheck.build.promises import Promise, lipschitz
from lipcheck.build.rows import exact_row
from lipcheck.build.sampling import LARGEST, Function, Progress, finite, laid, moved_by, sampled
from lipcheck.build.spelling import spelled_exponent
from lipcheck.exact import Vector, exact, shown
from lipcheck.norms import Exponent, vector_norm
from lipcheck.norms.arguments import as_exponent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

Method: TypeAlias = Literal["lattice", "cones"]

G_ERROR = Fraction(1, 2**40)
"""Where nothing is said: some thousand roundings of float64 numbers of size one."""

COVERING = Fraction(3, 4)
"""The share of eps that the distance to the nearest sample may take; the rest is left to the fit."""

ROUNDING = 1 - Fraction(1, 1 << 10)
"""The share of the band that is fitted; rounding slopes to rationals takes from the rest."""


@dataclass(frozen=True)
class Approximation:
    """A lattice with |lattice - g| <= bound on the domain, if the hypotheses hold.

    `errors` are upper bounds on |lattice - v| at the samples; on a box, `radius` is their covering radius.
    """

    lattice: Lattice
    bound: Fraction
    eps: Fraction
    hypotheses: tuple[str, ...]
    method: Method
    domain: Box | tuple[Vector, ...]
    samples: tuple[Vector, ...]
    values: tuple[Fraction, ...]
    errors: tuple[Fraction, ...]
    radius: Fraction

    @property
    def promise(self) -> Promise:
        """Depth and size that the literature promises, for the domain's box scaled into the unit cube."""
        ends = (self.domain.lower, self.domain.upper) if isinstance(self.domain, Box) else self.domain
        side = max(max(column) - min(column) for column in zip(*ends, strict=True)) or Fraction(1)
        return lipschitz(self.lattice.inputs, self.eps / side)


def approximate(
    g: Function,
    domain: Box | Sequence[object],
    eps: object,
    p: object,
    *,
    method: Method = "lattice",
    g_error: object = None,
    memory: int = MEMORY,
    progress: Progress = lambda stage, done, total: None,
) -> Approximation:
    """A lattice within a proved `eps` of g, 1-Lipschitz for ||.||_p, on a box or a finite set.

    g takes a tuple of floats and returns a number; `g.batch`, where g has one, an array of points. `g_error` bounds its
    rounding error; None takes `g.error` where g has one, else 2^-40. `method` is "lattice" (few pieces) or "cones"
    (fewer samples, many pieces, boxes only).
    Raises DataError where g breaks its promise or returns no number, for eps at or below the rounding error, and
    MemoryNeeded where the samples would take more than `memory` bytes.
    """
    exponent = as_exponent(p)
    accuracy, error = exact(eps, "eps"), exact(getattr(g, "error", G_ERROR) if g_error is None else g_error, "g_error")
    if method not in ("lattice", "cones"):
        raise DataError(f"The method is {shown(method)}: say 'lattice' or 'cones'.")
    if error < 0 or not 2 * error < accuracy < LARGEST:
        raise DataError(
            f"eps is {nearest(accuracy):.3g} and g_error {nearest(error):.3g}: give eps above twice g_error and in the "
            "range of float64, and g_error >= 0."
        )
    if not callable(g):
        raise DataError(f"g is {shown(g)}: give a function that takes a tuple of floats.")
    if method == "cones":
        if not isinstance(domain, Box):
            raise DataError("Distance cones cover a box: give Box(lower, upper), or use method='lattice'.")
        return _cones(g, domain, accuracy, exponent, error, memory, progress)
    return _fitted(g, domain, accuracy, exponent, error, memory, progress)


def _fitted(
    g: Function, domain: Box | Sequence[object], eps: Fraction, p: Exponent, error: Fraction, memory: int,
    progress: Progress,
) -> Approximation:  # fmt: skip
    import numpy as np

    if isinstance(domain, Box):
        covering = laid(domain, (eps - 2 * error) * COVERING / 2, p, memory)
        points, radius = tuple(covering.points()), covering.radius
    else:
        points, radius = finite(domain), Fraction(0)
        require(2 * len(points), len(points[0]), memory, f"{len(points)} points")
    values = sampled(g, points, progress)
    moved = moved_by(points, p)
    error += moved
    check_promise(points, values, p, error, progress)
    band = 2 * (eps - error - 2 * radius) * ROUNDING
    if band <= 0:
        raise DataError(f"eps is {float(eps):.3g}, but the points are up to {float(moved):.3g} from floats: raise eps.")
    place = domain if isinstance(domain, Box) else points
    x = np.array(points, dtype=float)
    lattice = constant_shift(_fit(points, values, x, band, p, place, progress), band / 2)
    if lattice.norm.at_most(1) is not True:
        raise AssertionError("The rows of `lipcheck.build.rows` have a dual norm of at most one.")
    errors = _errors(lattice, x, values)
    bound = max(errors) + 2 * radius + error
    if bound > eps:
        raise DataError(
            f"The fit reaches {float(bound):.3g} where eps is {float(eps):.3g}: raise eps, or raise g_error if g "
            "misses its promise by more than that."
        )
    words = _hypotheses(p, error - moved, moved, place)
    return Approximation(lattice, bound, eps, words, "lattice", place, points, values, errors, radius)


def _fit(
    points: Sequence[Vector], values: Sequence[Fraction], x: Floats, band: Fraction, p: Exponent,
    place: Box | tuple[Vector, ...], progress: Progress,
) -> Lattice:  # fmt: skip
    """A lattice between v - band and v at the samples, up to rounding: max of min or min of max, the smaller one."""
    import numpy as np

    from lipcheck.build.greedy import propose

    found = []
    for sign, stage in ((1, "fitting max of min"), (-1, "fitting min of max")):
        heights = values if sign == 1 else [band - v for v in values]
        groups = propose(x, np.array(heights, dtype=float), float(band), p, partial(progress, stage))
        pieces = [
            tuple(Piece.through(points[g.sample], heights[g.sample], exact_row(slope, p)) for slope in g.slopes)
            for g in groups
        ]
        if p in (1, 2, math.inf) and Lattice(tuple(pieces), p).norm.at_least(1) is not True:
            pieces[0] += _far_piece(place, pieces[0], p)
        lattice = Lattice(tuple(pieces), p)
        found.append(lattice if sign == 1 else negative(lattice))
    return min(found, key=lambda lattice: len(lattice.pieces))


def _cones(
    g: Function, box: Box, eps: Fraction, p: Exponent, error: Fraction, memory: int, progress: Progress
) -> Approximation:
    import numpy as np

    exact_rows = p in (1, math.inf) or box.dimension == 1
    room = eps - 2 * error
    covering = laid(box, room * (1 if exact_rows else COVERING), p, memory)
    reach = vector_norm(box.sides, p).upper
    # An error of radius + (1 - ratio) reach / 2.
    wanted = 1 - 2 * (room - covering.radius) / reach if reach else Fraction(0)
    ratio = Fraction(1) if exact_rows else max(wanted, Fraction(1, 2))
    what = f"Cones of eps = {float(eps):.3g} on {len(covering)} samples"
    rows = fan(box.dimension, p, ratio, lambda count: require(len(covering) * count, box.dimension, memory, what))
    points = tuple(covering.points())
    values = sampled(g, points, progress)
    moved = moved_by(points, p)
    error += moved
    check_promise(points, values, p, error, progress)
    lost = (1 - rows.ratio) * reach
    shift = covering.radius - lost / 2
    apexes = zip(points, values, strict=True)
    lattice = Lattice(tuple(tuple(Piece.through(x, v + shift, w) for w in rows.rows) for x, v in apexes), p)
    bound = covering.radius + lost / 2 + error
    if bound > eps:
        raise DataError(f"eps is {float(eps):.3g}, but the points are up to {float(moved):.3g} from floats: raise eps.")
    errors = _errors(lattice, np.array(points, dtype=float), values)
    words = _hypotheses(p, error - moved, moved, box)
    return Approximation(lattice, bound, eps, words, "cones", box, points, values, errors, covering.radius)


def _far_piece(place: Box | tuple[Vector, ...], group: tuple[Piece, ...], p: Exponent) -> tuple[Piece, ...]:
    """A piece whose row has dual norm exactly one and that lies above the group on the domain."""
    first = group[0]
    row = (Fraction(1), *(Fraction(0),) * (len(first.weight) - 1))
    points = (place.lower, place.upper) if isinstance(place, Box) else place
    lows, highs = ([f(c) for c in zip(*points, strict=True)] for f in (min, max))
    # max over the bounding box of (first - row . x), every coordinate by itself.
    gaps = [(a - b) * (high if a > b else low) for a, b, low, high in zip(first.weight, row, lows, highs, strict=True)]
    return (Piece(row, first.bias + sum(gaps, Fraction(0)) + 1),)


def _errors(lattice: Lattice, x: Floats, values: Sequence[Fraction]) -> tuple[Fraction, ...]:
    import numpy as np

    lower, upper = lattice.enclosures(x)
    if not (np.isfinite(lower).all() and np.isfinite(upper).all()):
        raise DataError("Values and points are at the end of the range of float64: scale g and the domain down.")
    ends = zip(map(Fraction, lower.tolist()), map(Fraction, upper.tolist()), values, strict=True)
    return tuple(max(high - v, v - low) for low, high, v in ends)


def _hypotheses(p: Exponent, error: Fraction, moved: Fraction, place: Box | tuple[Vector, ...]) -> tuple[str, ...]:
    where, norm = "the box" if isinstance(place, Box) else "the points", spelled_exponent(p)
    words = [
        f"g is 1-Lipschitz for the {norm}-norm on {where}: promised by the user, checked on pairs of samples",
        f"what g returns is within g_error = {error} ({float(error):.3g}) of its value",
    ]
    if moved:
        words.append(f"so it is from {where} to the nearest floats, up to {float(moved):.3g} away, where g is called")
    return tuple(words)
