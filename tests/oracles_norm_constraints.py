"""Second opinions on the objects of Anil et al. 2019 about constraints on norms: spectral normalization, projections,
convolutions, Jacobian regularization. Plain lists of fractions; norms by elimination, slopes by differences."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

from oracles import evaluate, oracle

Rows = list[list[Fraction]]
ONE = Fraction(1)
STEP = Fraction(1, 10**9)


def rows(data: Any) -> Rows:
    return [[Fraction(w) for w in row] for row in data]


def inner(a: list[Fraction], b: list[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def times(weight: Rows, x: list[Fraction]) -> list[Fraction]:
    return [inner(row, x) for row in weight]


def transposed(weight: Rows) -> Rows:
    return [list(column) for column in zip(*weight, strict=True)]


def semidefinite(matrix: Rows) -> bool:
    """By symmetric elimination: no negative pivot, and nothing beside a zero one."""
    left = [row[:] for row in matrix]
    while left:
        pivot, *rest = left[0]
        if pivot < 0 or (pivot == 0 and any(rest)):
            return False
        left = [
            [row[j] - (row[0] * left[0][j] / pivot if pivot else 0) for j in range(1, len(row))] for row in left[1:]
        ]
    return True


def square_at_most(weight: Rows, square: Fraction) -> bool:
    """Whether ||W||_2^2 <= square: square I - W'W has no negative direction."""
    columns = transposed(weight)
    return semidefinite(
        [[square * (i == j) - inner(a, b) for j, b in enumerate(columns)] for i, a in enumerate(columns)]
    )


def norm_is_one(weight: Rows) -> bool:
    return square_at_most(weight, ONE) and not square_at_most(weight, ONE - STEP)


def orthonormal(weight: Rows) -> bool:
    short = weight if len(weight) <= len(weight[0]) else transposed(weight)
    return all(inner(a, b) == (i == j) for i, a in enumerate(short) for j, b in enumerate(short))


def same_direction(a: list[Fraction], b: list[Fraction]) -> bool:
    crossed = all(x * v == y * u for x, u in zip(a, b, strict=True) for y, v in zip(a, b, strict=True))
    return crossed and inner(a, b) > 0


def one_step(weight: Rows, u: list[Fraction]) -> tuple[list[Fraction], Fraction]:
    """The next u up to its length, and the squared estimate."""
    v = times(transposed(weight), u)
    image = times(weight, v)
    return image, inner(image, image) / inner(v, v)


def unfolded(data: Any) -> Rows:
    """T of a convolution with circular padding, or zeros on both sides, column by column from unit images."""
    filters = [[rows(channel) for channel in output] for output in data["filter"]]
    (n, m), (s, t), (p, q) = data["image"], data["stride"], data["pad"]
    a, b = len(filters[0][0]), len(filters[0][0][0])
    circular = data["padding"] == "circular"
    assert circular or data["padding"] == "zero"
    downs = range(0, n, s) if circular else range(-p, n + p - a + 1, s)
    acrosses = range(0, m, t) if circular else range(-q, m + q - b + 1, t)
    columns = []
    for channel, x, y in product(range(len(filters[0])), range(n), range(m)):
        column = []
        for output, down, across in product(filters, downs, acrosses):
            taps = ((down + i, across + j, output[channel][i][j]) for i in range(a) for j in range(b))
            found = [w for i, j, w in taps if ((i % n, j % m) if circular else (i, j)) == (x, y)]
            column.append(sum(found, Fraction(0)))
        columns.append(column)
    return transposed(columns)


def flat(data: Any) -> Rows:
    return [[Fraction(w) for channel in output for row in channel for w in row] for output in data["filter"]]


@oracle("anil2019.convolution_bound.same_bound: convolutions")
def operation_exceeds(data: Any) -> bool:
    layer, square = data["convolution"], Fraction(data["square"])
    return square_at_most(flat(layer), square) and not square_at_most(unfolded(layer), square)


@oracle("anil2019.convolution_bound.directly_applied: orthonormal filters")
def orthonormal_exceeds(data: Any) -> bool:
    return orthonormal(flat(data)) and not square_at_most(unfolded(data), ONE)


def row_sums(data: Any) -> list[Fraction]:
    return [sum(map(abs, row), Fraction(0)) for row in rows(data)]


@oracle("anil2019.enforcing_norm_one: projection, p = inf")
def inside_and_nonzero(data: Any) -> bool:
    return 0 < max(row_sums(data)) < 1


@oracle("anil2019.enforcing_norm_one: Bjorck, p = 2")
def cubic_stays_below(data: Any) -> bool:
    weight = rows(data["W"])
    square = sum((w * w for row in weight for w in row), Fraction(0))
    assert 1 in (len(weight), len(weight[0])) and 0 < square <= 4
    for _ in range(data["iterations"]):
        square = square * (3 - square) ** 2 / 4
    return square < 1


@oracle("anil2019.enforcing_norm_one.provably: quadratic losses")
def minimizer_is_large(data: Any) -> bool:
    a, penalty = Fraction(data["a"]), Fraction(data["lambda"])

    def cost(w: Fraction) -> Fraction:
        return (w - a) ** 2 / 2 + penalty / 2 * w * w

    inside = [Fraction(k, 1000) for k in range(-1000, 1001)]
    outside = [sign * (1 + Fraction(k, 1000)) for sign in (1, -1) for k in range(1, 20_000)]
    return penalty > 0 and min(map(cost, outside)) < min(map(cost, inside))


@oracle("anil2019.enforcing_norm_one.stronger: norm one, not orthonormal")
def one_singular_value_is_smaller(data: Any) -> bool:
    return norm_is_one(rows(data)) and not orthonormal(rows(data))


@oracle("anil2019.linf_projection.enforces: the norm after projection")
def stays_inside(data: Any) -> bool:
    return max(row_sums(data)) < 1


@oracle("anil2019.linf_projection.entrywise: the norm after clipping")
def clipped_is_large(data: Any) -> bool:
    return max(sum((min(ONE, abs(w)) for w in row), Fraction(0)) for row in rows(data)) > 1


@oracle("anil2019.linf_projection.algorithm_1: rows")
def moved_inside(data: Any) -> bool:
    """The simplex has sum one, so a nonzero row with a smaller sum cannot stay; the zero row is kept by its sign."""
    return 0 < sum(abs(Fraction(w)) for w in data) < 1


def ball(w: list[Fraction]) -> list[Fraction]:
    """The projection onto the l1 ball, by the threshold that leaves exactly its own support."""
    sizes = [abs(a) for a in w]
    if sum(sizes, Fraction(0)) <= 1:
        return w
    for support in product((0, 1), repeat=len(w)):
        if any(support):
            t = (sum(a for a, kept in zip(sizes, support, strict=True) if kept) - 1) / sum(support)
            if t >= 0 and all((a > t) == bool(kept) for a, kept in zip(sizes, support, strict=True)):
                return [(max(a - t, Fraction(0))) * (1 if b > 0 else -1) for a, b in zip(sizes, w, strict=True)]
    raise AssertionError(w)


@oracle("anil2019.linf_projection.differentiable: directions")
def has_a_crease(data: Any) -> bool:
    w, d = ([Fraction(a) for a in data[name]] for name in ("w", "q"))
    ahead, behind = (ball([a + s * STEP * b for a, b in zip(w, d, strict=True)]) for s in (1, -1))
    middle = ball(w)
    return any(a - m != m - b for a, m, b in zip(ahead, middle, behind, strict=True))


@oracle("anil2019.spectral_normalization: normalized weights")
def estimate_is_too_small(data: Any) -> bool:
    weight, u, square = rows(data["W"]), [Fraction(a) for a in data["u"]], Fraction(0)
    for _ in range(data["iterations"]):
        u, square = one_step(weight, u)
    return square > 0 and not square_at_most(weight, square)


@oracle("anil2019.spectral_normalization.not_preserving: a shortened gradient")
def gradient_is_shorter(data: Any) -> bool:
    weight, g = rows(data["W"]), [Fraction(a) for a in data["g"]]
    back = times(transposed(weight), g)
    return norm_is_one(weight) and inner(back, back) < inner(g, g)


@oracle("anil2019.spectral_normalization.under_use: a hundredth of the capacity")
def composition_is_small(data: Any) -> bool:
    first, second = map(rows, data["W"])
    composed = transposed([times(second, column) for column in transposed(first)])
    return norm_is_one(first) and norm_is_one(second) and square_at_most(composed, Fraction(1, 10_000))


@oracle("anil2019.jacobian_regularization.any_start: starts")
def stuck_below(data: Any) -> bool:
    J, u = rows(data["J"]), [Fraction(a) for a in data["u"]]
    after, square = one_step(J, u)
    return same_direction(after, u) and not square_at_most(J, square)


@oracle("anil2019.jacobian_regularization.batches: two batches in turn")
def cycles_below(data: Any) -> bool:
    first, second, u = rows(data["first"]), rows(data["second"]), [Fraction(a) for a in data["u"]]
    between, one = one_step(first, u)
    after, two = one_step(second, between)
    return same_direction(after, u) and not (square_at_most(first, one) and square_at_most(second, two))


@oracle("anil2019.jacobian_regularization.gradient: diagonal Jacobians")
def norm_stands_still(data: Any) -> bool:
    """With u and v held, the term at theta + h differs from that at theta, and the norm of diag(1, theta) does not."""
    theta, (a, b) = Fraction(data["theta"]), map(Fraction, data["u"])
    v, u = (a, theta * b), (a, theta * theta * b)
    terms = [u[0] * v[0] + t * u[1] * v[1] for t in (theta, theta + STEP)]
    return 0 < theta < 1 - STEP and terms[0] != terms[1]


def slopes(network: Any, x: Fraction) -> set[Fraction]:
    """Difference quotients on both sides of x."""
    left, here, right = (evaluate(network, [str(x + s * STEP)])[0] for s in (-1, 0, 1))
    return {(here - left) / STEP, (right - here) / STEP}


def steepest(network: Any) -> Fraction:
    """The largest difference quotient over the line, by very short steps at scattered points."""
    return max(abs(s) for k in range(-200, 201) for s in slopes(network, Fraction(k, 7)))


@oracle("anil2019.jacobian_regularization.controls: networks on the line")
def steeper_elsewhere(data: Any) -> bool:
    bound = Fraction(data["bound"])
    at_data = [slopes(data["network"], Fraction(x)) for x in data["points"]]
    return all(len(s) == 1 and abs(min(s)) <= bound for s in at_data) and steepest(data["network"]) > bound


@oracle("anil2019.jacobian_regularization.defined: networks on the line")
def flat_there(data: Any) -> bool:
    return Fraction(data["u"]) != 0 and slopes(data["network"], Fraction(data["x"])) == {0}


@oracle("anil2019.jacobian_regularization.penalties: no penalty, constant 1000")
def steep_and_unpunished(data: Any) -> bool:
    network = data["network"]
    return all(slopes(network, Fraction(x)) == {1} for x in data["points"]) and steepest(network) >= 1000


@oracle("anil2019.jacobian_regularization.rescaling: networks on the line")
def off_by_more_than_ten(data: Any) -> bool:
    (estimate,) = slopes(data["network"], Fraction(data["x"]))
    return estimate != 0 and steepest(data["network"]) > 10 * abs(estimate)
