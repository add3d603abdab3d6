"""Second opinions on the counterexamples of Table 1 of Béthune et al. 2021: BCE, hinge and the caption."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

from oracles import oracle
from oracles_cross_entropy import never_attained
from oracles_losses import hinge_below, positive_distance, wrong_minimizer

ROW = "bethune2021.table_1"

oracle(f"{ROW}: Wasserstein: minimum")(positive_distance)
oracle(f"{ROW}: BCE: the minimum is attained")(never_attained)
oracle(f"{ROW}.bce_minimizer_lipschitz: the minimum is attained")(never_attained)


@oracle(f"{ROW}: hinge: every point is on its side", f"{ROW}.hinge_practice_lipschitz: every point is on its side")
def beyond_the_distance(data: Any) -> bool:
    """A minimizer on two points with one of them on the wrong side, for a margin no smaller than their distance."""
    (x, *_), (s, *_) = data["points"]
    return Fraction(data["m"]) >= abs(Fraction(x) - Fraction(s)) and wrong_minimizer(data)


@oracle(f"{ROW}.hinge_practice_lipschitz_certificates: every point has a certificate")
def zero_at_a_point(data: Any) -> bool:
    """A minimizer on two points that is 0 at one of them, for a margin no smaller than their distance."""
    (x, y, v), (s, t, w) = data["points"]
    f, g = (Fraction(a) for a in data["f"])
    m, far, parts = Fraction(data["m"]), abs(Fraction(x) - Fraction(s)), (Fraction(v), Fraction(w))
    loss = parts[0] * max(Fraction(0), m - y * f) + parts[1] * max(Fraction(0), m - t * g)
    law = sum(parts) == 1 and y * t == -1 and 0 < far <= m and abs(f - g) <= far
    hinge = Fraction(data["kr"]) == 0 and Fraction(data["lambda"]) == 1
    return law and hinge and 0 in (f, g) and not hinge_below(data, loss)


@oracle(f"{ROW}.bce_minimizer_unconstrained_every: no affine function is best")
def balanced_slopes(data: Any) -> bool:
    """Both labels at different inputs, and in b and in w the pulls of both labels are equal."""
    z, r, points = Fraction(data["z"]), Fraction(data["r"]), data["points"]
    if len({x for x, _ in points}) < len(points) or {y for _, y in points} != {-1, 1} or min(z, r) <= 0:
        return False
    pull = [(x, y, 1 / (1 + (z * r**x) ** -y)) for x, y in points]
    return all(sum((p * x**k) * y for x, y, p in pull) == 0 for k in (0, 1))


@oracle(f"{ROW}.hinge_minimizer_unconstrained_architecture: the minimum is attained")
def plateau(data: Any) -> bool:
    """On levels k/3 the least loss of weakly monotone triples is below that of strict and of constant ones."""
    counts = data["counts"]
    if data["units"] != 1 or len(counts) != 3 or any(min(c) < 0 or sum(c) == 0 for c in counts):
        return False
    levels, strict, weak = [Fraction(k, 3) for k in range(-9, 10)], [], []
    for f in product(levels, repeat=3):
        loss = sum(p * max(0, 1 - v) + n * max(0, 1 + v) for v, (p, n) in zip(f, counts, strict=True))
        if (f[0] - f[1]) * (f[1] - f[2]) > 0 or f[0] == f[1] == f[2]:
            strict.append(loss)
        if (f[0] - f[1]) * (f[1] - f[2]) >= 0 and not f[0] == f[2] != f[1]:
            weak.append(loss)
    return min(weak) < min(strict)


@oracle(f"{ROW}.hinge_minimizer_unconstrained_law: the minimum is attained")
def touching(data: Any) -> bool:
    return Fraction(data["gap"]) == 0 and Fraction(data["m"]) > 0
