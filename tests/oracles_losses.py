"""Second opinions on counterexamples to Béthune et al. 2021: losses, transport, captions and summaries."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from math import ceil
from typing import Any

from oracles import less, not_greater, oracle

Law = list[tuple[Fraction, Fraction, Fraction]]
ROW = "bethune2021.abstract_and_checklist"


def laws(data: Any) -> tuple[Law, Law]:
    """Atoms (place, mass, value) of both laws, which must be laws."""
    both = [[(Fraction(x), Fraction(m), Fraction(f)) for x, m, f in data[k]] for k in "PQ"]
    assert all(sum(m for _, m, _ in law) == 1 and min(m for _, m, _ in law) > 0 for law in both)
    return both[0], both[1]


def steepest(points: list[tuple[Fraction, Fraction]]) -> bool:
    """Whether values on the line are 1-Lipschitz, by neighbours in order of place."""
    line = sorted(points)
    return all(abs(g - f) <= y - x for (x, f), (y, g) in pairwise(line))


def transport(p: Law, q: Law) -> Fraction:
    """The cost of the monotone coupling, which is optimal on the line."""
    left, right = ([[x, m] for x, m, _ in sorted(law)] for law in (p, q))
    cost = Fraction(0)
    while left and right:
        mass = min(left[0][1], right[0][1])
        cost += mass * abs(left[0][0] - right[0][0])
        for side in (left, right):
            side[0][1] -= mass
            if side[0][1] == 0:
                side.pop(0)
    return cost


def mean(law: Law) -> Fraction:
    return sum((m * f for _, m, f in law), Fraction(0))


@oracle("bethune2021.kr_loss_value: minimum", "bethune2021.kr_loss_value.summed: minimum")
def positive_distance(data: Any) -> bool:
    """A 1-Lipschitz function that attains W > 0, for equal labels: the loss is negative."""
    p, q = laws(data)
    lipschitz = steepest([(x, f) for x, _, f in p + q])
    return Fraction(data["p"]) == Fraction(1, 2) and lipschitz and mean(p) - mean(q) == transport(p, q) > 0


@oracle("bethune2021.kr_loss_value.any_balance: bounded below")
def below_the_bound(data: Any) -> bool:
    p, q = laws(data)
    weight = Fraction(data["p"])
    loss = (1 - weight) * mean(q) - weight * mean(p)
    return 0 < weight < 1 and steepest([(x, f) for x, _, f in p + q]) and loss < -transport(p, q)


def hinge_below(sample: Any, aim: Fraction) -> bool:
    """Whether some of many 1-Lipschitz values on a grid around the two points has a smaller hinge loss than `aim`."""
    m, ((x, y, v), (s, t, w)) = Fraction(sample["m"]), sample["points"]
    grid = [m * k / 12 for k in range(-24, 25)]
    far = abs(Fraction(x) - Fraction(s))
    pairs = [(f, g) for f in grid for g in {*grid, f + far, f - far} if abs(f - g) <= far]
    return any(Fraction(v) * max(0, m - y * f) + Fraction(w) * max(0, m - t * g) < aim for f, g in pairs)


@oracle("bethune2021.hinge_hkr.any_margin: no error")
def wrong_minimizer(data: Any) -> bool:
    """For two points: the values are 1-Lipschitz, one has the wrong sign, and no others on a grid lose less."""
    (x, y, v), (s, t, w) = data["points"]
    f, g = (Fraction(a) for a in data["f"])
    m, far = Fraction(data["m"]), abs(Fraction(x) - Fraction(s))
    loss = Fraction(v) * max(Fraction(0), m - y * f) + Fraction(w) * max(Fraction(0), m - t * g)
    law = Fraction(v) + Fraction(w) == 1 and y * t == -1 and far > 0
    hinge = Fraction(data["kr"]) == 0 and Fraction(data["lambda"]) == 1
    return law and hinge and abs(f - g) <= far and min(y * f, t * g) <= 0 and not hinge_below(data, loss)


@oracle("bethune2021.hinge_hkr.any_law: the best threshold")
def another_threshold(data: Any) -> bool:
    """Midpoint sums over a fine grid, with room for their error."""
    a, b, m, c = (float(Fraction(data[k])) for k in ("a", "b", "m", "c"))
    n = 20000

    def loss(shift: float) -> float:
        places = [(k + 0.5) / n for k in range(n)]
        return sum(a * max(0.0, m - x + shift) + b * max(0.0, m - x - shift) for x in places) / n

    return a > 0 and b > 0 and m > 0 and Fraction(data["a"]) + Fraction(data["b"]) == 1 and loss(c) < loss(0.0) - 1e-7


@oracle("bethune2021.hinge_hkr.consistency_every: bounded below")
def unequal_counts(data: Any) -> bool:
    labels = data["labels"]
    return set(labels) <= {1, -1} and labels.count(1) != labels.count(-1) and Fraction(data["bound"]) != 0


@oracle("bethune2021.transport_view.total_gradient: one atom each")
def moves_apart(data: Any) -> bool:
    """W(P_theta, Q_theta) stays the distance of the two atoms, and the derivatives of f differ there."""
    (x, s, up), (y, t, down) = ([Fraction(v) for v in data[k]] for k in "PQ")
    odds, d = s * (1 - t) / ((1 - s) * t), float(abs(x - y))
    steep = float(max(odds, 1 / odds)) > 2.7182818**d
    return 0 < s < 1 and s + t == 1 and not steep and up != down


@oracle("bethune2021.transport_view.normalized_gradient: one atom each")
def other_factors(data: Any) -> bool:
    """(1 - 2 s) up differs from (2 t - 1) down, for probabilities s and t."""
    (s, up), (t, down) = ([Fraction(v) for v in data[k]] for k in "PQ")
    return 0 < s < 1 and 0 < t < 1 and (1 - 2 * s) * up != (2 * t - 1) * down


@oracle("bethune2021.reformulation.any_laws: P = Q", "bethune2021.reformulation.any_laws: epsilon = 0")
def degenerate(data: Any) -> bool:
    """Where the four sets differ: constants and others for P = Q, zero and the other constants for epsilon = 0."""
    p, q, eps, slope, offset = (Fraction(data[k]) for k in ("p", "q", "epsilon", "slope", "offset"))
    if eps == 0:  # the first and the fourth set hold the constants, the others the zero function
        return slope == 0 and offset != 0
    return p == q and eps > 0 and slope in (0, eps, -eps)


@oracle(f"{ROW}.assumptions: equation 6")
def unequal_labels(data: Any) -> bool:
    return 0 < Fraction(data["p"]) < 1 and Fraction(data["p"]) != Fraction(1, 2)


@oracle(f"{ROW}.assumptions: Proposition 4", f"{ROW}.well_posed: no escape")
def one_class(data: Any) -> bool:
    return data["labels"] != [] and set(data["labels"]) in ({1}, {-1})


oracle(f"{ROW}.proofs: error is greater")(not_greater)
oracle(f"{ROW}.proofs: error is at least")(less)


@oracle(f"{ROW}.expressive_power: linear functions")
def steep_line(data: Any) -> bool:
    slope = Fraction(data["slope"])
    return slope * slope > 1


@oracle(f"{ROW}.frontiers_exact: one piece")
def not_inside(data: Any) -> bool:
    """Three or more different points of the circle where the affine function is 0: it is so at their mean."""
    points = [(Fraction(x), Fraction(y)) for x, y in data["points"]]
    a, b, c = (Fraction(v) for v in data["affine"])
    zero = all(x * x + y * y == 1 and a * x + b * y + c == 0 for x, y in points)
    middle = a * sum(x for x, _ in points) + b * sum(y for _, y in points) + c * len(points)
    return len(set(points)) == len(points) >= 3 and zero and middle <= 0


@oracle(f"{ROW}.vc_dimension: one bound")
def more_than_the_bound(data: Any) -> bool:
    points, m = sorted(Fraction(x) for x in data["points"]), Fraction(data["m"])
    labellings = product((m, -m), repeat=len(points))
    shattered = all(steepest(list(zip(points, values, strict=True))) for values in labellings)
    return m > 0 and len(points) > data["bound"] and shattered


@oracle("bethune2021.figures_2_3_5_6.figure_2a_descent: a stalled descent")
def absorbed(data: Any) -> bool:
    """The Taylor series of exp, and rounding to 24 binary digits by hand."""
    W = data["W"]
    term = power = Fraction(1)
    for k in range(1, 6 * W + 40):
        term *= Fraction(W, k)
        power += term
    gradient = 1 / (1 + power)
    unit = Fraction(1)
    while unit * 2**24 <= W:
        unit *= 2
    while unit * 2**23 > W:
        unit /= 2
    rounded = ceil((W + gradient) / unit - Fraction(1, 2)) * unit
    return W >= 1 and rounded == W and gradient > Fraction(1, 2**150)
