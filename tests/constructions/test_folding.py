"""Folds against the reflection formula, for all reals and at exact points; the pair of square pyramids."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise, product
from random import Random

import pytest

from lipcheck.build.folding import FoldingError, fold, fold_by_abs, folds, householder, square_pyramids
from lipcheck.engines.smt import ask
from lipcheck.network import Abs, Affine, Matrix, MaxMin, Network, NetworkError
from lipcheck.norms import is_orthonormal, operator_norm
from lipcheck.readings import smt
from lipcheck.readings.rational import affine_piece, evaluate, is_smooth_at, jacobian, pattern
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Forall
from lipcheck.words.terms import Term, absolute, const, maximum, minimum, var

NORMALS = {
    "line": [3],
    "axis": [1, 0],
    "swap": [1, -1],
    "unit": [Fraction(3, 5), Fraction(-4, 5)],
    "irrational length": [1, 2],
    "three": [1, 1, 1],
    "rational length": [2, -3, 6],
    "four": [1, Fraction(-1, 2), 0, 3],
}
OFFSETS = [Fraction(0), Fraction(-7, 3)]


def random_points(n: int, count: int = 25, seed: int = 1) -> list[list[Fraction]]:
    random = Random(seed)
    return [[Fraction(random.randint(-15, 15), random.randint(1, 3)) for _ in range(n)] for _ in range(count)]


def dot(a: Sequence[Fraction | int], b: Sequence[Fraction | int]) -> Fraction:
    return sum((Fraction(p * q) for p, q in zip(a, b, strict=True)), Fraction(0))


def folded(x: Sequence[Fraction], normal: Sequence[Fraction | int], offset: Fraction) -> list[Fraction]:
    """x where normal.x >= offset, else its reflection, straight from the definition."""
    beyond = dot(normal, x) - offset
    if beyond >= 0:
        return list(x)
    return [a - 2 * beyond / dot(normal, normal) * b for a, b in zip(x, normal, strict=True)]


def weights(network: Network) -> list[Matrix]:
    return [layer.weight for layer in network.layers if isinstance(layer, Affine)]


def reflection(normal: Sequence[Fraction | int]) -> list[list[Fraction]]:
    square = dot(normal, normal)
    return [[int(i == j) - 2 * Fraction(a * b) / square for j, b in enumerate(normal)] for i, a in enumerate(normal)]


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("normal", NORMALS.values(), ids=NORMALS)
def test_a_fold_is_the_reflection_to_one_side(normal: list[Fraction], offset: Fraction) -> None:
    network, n = fold(normal, offset), len(normal)
    identity = [[int(i == j) for j in range(n)] for i in range(n)]
    sides = set()
    for x in random_points(n):
        y = list(evaluate(network, x))
        assert y == folded(x, normal, offset)
        assert list(evaluate(network, y)) == y and dot(normal, y) >= offset
        if dot(normal, x) != offset:
            kept = dot(normal, x) > offset
            sides.add(kept)
            assert [list(row) for row in jacobian(network, x)] == (identity if kept else reflection(normal))
    assert sides == {True, False}
    first, last = weights(network)
    assert last == tuple(zip(*first, strict=True)) and is_orthonormal(first) and len(first) >= n
    assert len(first) <= 8 * max(n - 1, 1) and sum(isinstance(layer, MaxMin) for layer in network.layers) == 1


def test_a_fold_does_not_expand() -> None:
    network = fold([1, 2, -2], 1)
    points = random_points(3, 30)
    for x, y in pairwise(points):
        difference = [a - b for a, b in zip(evaluate(network, x), evaluate(network, y), strict=True)]
        given = [a - b for a, b in zip(x, y, strict=True)]
        assert dot(difference, difference) <= dot(given, given)
        same_side = (dot([1, 2, -2], x) >= 1) == (dot([1, 2, -2], y) >= 1)
        assert (dot(difference, difference) == dot(given, given)) == same_side or 1 in (
            dot([1, 2, -2], x),
            dot([1, 2, -2], y),
        )


def fold_terms(xs: Sequence[Term], normal: Sequence[Fraction | int], offset: Fraction | int) -> list[Term]:
    t = sum((x * Fraction(a) for x, a in zip(xs, normal, strict=True)), const(-offset))
    return [x + (absolute(t) - t) * (Fraction(a) / dot(normal, normal)) for x, a in zip(xs, normal, strict=True)]


@pytest.mark.parametrize(
    ("normal", "offset"), [([1, -1], 0), ([3, 4], 2), ([1, 2], Fraction(-1, 3)), ([1, 0], 5), ([1, 1, 1], 1)]
)
def test_a_fold_for_all_reals(normal: list[int], offset: Fraction) -> None:
    xs = [var(f"x{i}") for i in range(len(normal))]
    got = smt.evaluate(fold(normal, offset), xs)
    right = conj(*map(equals, got, fold_terms(xs, normal, offset)))
    wrong = conj(*map(equals, got, fold_terms(xs, [-a for a in normal], -offset)))
    assert ask(Forall("fold", {}, right)).status == "unsat"
    assert ask(Forall("other side", {}, wrong)).status == "sat"


def test_the_fold_along_x_equals_y_is_maxmin_itself() -> None:
    assert fold([1, -1]) == Network(2, (Affine([[1, 0], [0, 1]], [0, 0]), MaxMin(), Affine([[1, 0], [0, 1]], [0, 0])))


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("name", ["line", "axis", "unit", "rational length"])
def test_the_papers_fold_on_a_ball(name: str, offset: Fraction) -> None:
    normal, radius = NORMALS[name], 7
    n = len(normal)
    network = fold_by_abs(normal, offset, radius=radius)
    assert [type(layer) for layer in network.layers] == [Affine, Abs, Affine] and set(network.widths) == {n}
    for weight in weights(network):
        assert is_orthonormal(weight) and len(weight) == n
    inside = 0
    for x in random_points(n, 60):
        if dot(x, x) <= radius**2:
            inside += 1
            assert list(evaluate(network, x)) == folded(x, normal, offset)
    assert inside >= 10
    # The ends of the ball along every other direction of the frame.
    for row in householder([Fraction(a) / (7 if n == 3 else 3 if n == 1 else 1) for a in normal])[1:]:
        for sign in (1, -1):
            x = [sign * radius * a for a in row]
            assert list(evaluate(network, x)) == folded(x, normal, offset)
            far = [sign * (radius + 1) * a for a in row]
            assert (list(evaluate(network, far)) == folded(far, normal, offset)) == (sign > 0)


def test_householder() -> None:
    for u in (
        [1],
        [-1],
        [1, 0],
        [0, 1],
        [-1, 0],
        [Fraction(3, 5), Fraction(4, 5)],
        [Fraction(a, 7) for a in (2, 3, -6)],
    ):
        rows = householder(u)
        assert list(rows[0]) == u and is_orthonormal(rows) and rows == tuple(zip(*rows, strict=True))


def pyramids(x: Fraction, y: Fraction, d: Fraction, height: Fraction) -> Fraction:
    return height - min(max(abs(x - d), abs(y - d)), max(abs(x + d), abs(y + d)))


SHAPES = [(Fraction(1), Fraction(1)), (Fraction(5, 2), Fraction(-1, 3))]


@pytest.mark.parametrize(("d", "height"), SHAPES)
def test_the_pyramids_at_exact_points(d: Fraction, height: Fraction) -> None:
    network = square_pyramids(d, height)
    value = lambda x, y: evaluate(network, [x, y])[0]  # noqa: E731
    assert value(d, d) == value(-d, -d) == height
    for angle_x, angle_y in product((-1, 0, 1), repeat=2):
        if (angle_x, angle_y) != (0, 0):  # corners and middles of the square of half side d/3 about either apex
            for apex in (d, -d):
                assert value(apex + angle_x * d / 3, apex + angle_y * d / 3) == height - d / 3
    assert value(0, 0) == height - d  # the squares meet in a corner
    for x, y in random_points(2, 60):
        assert value(x, y) == pyramids(x, y, d, height) == value(y, x) == value(-x, -y) == value(-y, -x)


@pytest.mark.parametrize(("d", "height"), SHAPES)
def test_the_pyramids_for_all_reals(d: Fraction, height: Fraction) -> None:
    x, y = var("x"), var("y")
    (got,) = smt.evaluate(square_pyramids(d, height), (x, y))
    near = maximum(absolute(x - d), absolute(y - d))
    far = maximum(absolute(x + d), absolute(y + d))
    assert ask(Forall("pyramids", {}, equals(got, const(height) - minimum(near, far)))).status == "unsat"
    assert ask(Forall("one pyramid", {}, equals(got, const(height) - near))).status == "sat"
    assert ask(Forall("bounded", {}, got <= height)).status == "unsat"
    assert ask(Forall("lower", {}, got < height)).status == "sat"


def test_the_pyramids_have_lipschitz_constant_one() -> None:
    network = square_pyramids(1, 1)
    for weight in weights(network):
        assert is_orthonormal(weight) and operator_norm(weight, 2).at_most(1)
    x, y, u, v = map(var, "xyuv")
    (first,), (second,) = smt.evaluate(network, (x, y)), smt.evaluate(network, (u, v))
    sup = maximum(absolute(x - u), absolute(y - v))
    assert ask(Forall("1-Lipschitz in the sup-norm", {}, absolute(first - second) <= sup)).status == "unsat"
    assert ask(Forall("less", {}, absolute(first - second) <= sup * Fraction(999, 1000))).status == "sat"


@pytest.mark.parametrize(("d", "height"), SHAPES)
def test_eight_faces_with_unit_gradients(d: Fraction, height: Fraction) -> None:
    network = square_pyramids(d, height)
    pieces = set()
    for x in random_points(2, 400, seed=3):
        if is_smooth_at(network, x):
            (gradient,), (constant,) = affine_piece(network, pattern(network, x))
            assert sorted(map(abs, gradient)) == [0, 1]
            pieces.add((gradient, constant))
    expected = set()
    for apex, axis, sign in product((d, -d), (0, 1), (1, -1)):
        expected.add((tuple(Fraction(sign * (i == axis)) for i in range(2)), height - sign * apex))
    assert pieces == expected and len(expected) == 8


@pytest.mark.parametrize("d", [Fraction(1), Fraction(2, 3)])
def test_three_folds_and_a_linear_function_give_both_pairs_of_pyramids(d: Fraction) -> None:
    corner = folds([((1, 1), 0), ((1, -1), 0), ((1, 1), 2 * d)]).then(Affine([[-1, 0]], [1 + d]))
    edge = folds([((1, 0), 0), ((1, -1), d), ((1, 1), d)]).then(Affine([[-1, 0]], [1 + d]))
    for x, y in random_points(2, 80):
        assert evaluate(corner, [x, y]) == evaluate(square_pyramids(d, 1), [x, y])
        assert evaluate(edge, [x, y])[0] == 1 - max(abs(abs(x) - d), abs(y))
    x, y = var("x"), var("y")
    (got,) = smt.evaluate(edge, (x, y))
    assert (
        ask(Forall("edge to edge", {}, equals(got, 1 - maximum(absolute(absolute(x) - d), absolute(y))))).status
        == "unsat"
    )
    assert sum(isinstance(layer, MaxMin) for layer in corner.layers) == 3


def test_without_the_third_fold_four_pieces_remain() -> None:
    two = folds([((1, 1), 0), ((1, -1), 0)]).then(Affine([[-1, 0]], [2]))
    pieces = {affine_piece(two, pattern(two, x)) for x in random_points(2, 400) if abs(x[0]) != abs(x[1])}
    assert len(pieces) == 4


def test_the_first_fold_comes_first() -> None:
    both = folds([((1, 0), 0), ((1, 0), 2)])
    assert evaluate(both, [-3, 1]) == (3, 1) and evaluate(both, [-1, 1]) == (3, 1)
    other = folds([((1, 0), 2), ((1, 0), 0)])
    assert evaluate(other, [-3, 1]) == (7, 1)


def test_the_level_sets_of_a_pyramid_are_squares_with_horizontal_sides() -> None:
    network = square_pyramids(2, 0)
    level = {point for point in product([Fraction(k, 2) for k in range(2, 7)], repeat=2)
             if evaluate(network, point)[0] == -1}  # fmt: skip
    assert level == {p for p in product([Fraction(k, 2) for k in range(2, 7)], repeat=2)
                     if max(abs(p[0] - 2), abs(p[1] - 2)) == 1}  # fmt: skip


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fold([0, 0]), "normal .* is zero"),
        (lambda: fold([]), "is zero"),
        (lambda: fold_by_abs([1, 1], radius=1), r"irrational 2-norm sqrt\(2\)"),
        (lambda: fold_by_abs([1, 0], radius=-1), "The radius is -1"),
        (lambda: householder([1, 1]), "square of the 2-norm is 2"),
        (lambda: folds([]), "no hyperplane"),
        (lambda: folds(None), "is no pair"),  # type: ignore[arg-type]
        (lambda: folds([((1, 0), 0, 0)]), "is no pair"),  # type: ignore[list-item]
        (lambda: square_pyramids(0, 1), "The distance is 0"),
    ],
)
def test_what_cannot_be_folded(call: Callable[[], Network], message: str) -> None:
    with pytest.raises(FoldingError, match=message):
        call()


def test_numbers_that_are_none() -> None:
    for call in (
        lambda: fold([math.nan, 1]),
        lambda: fold([1, 1], math.inf),
        lambda: fold([True, 1]),
        lambda: fold_by_abs([1, 0], radius=math.inf),
        lambda: folds([((1, 0), 0), ((1, 0, 0), 0)]),
        lambda: square_pyramids(math.inf, 0),
    ):
        with pytest.raises(NetworkError):
            call()
