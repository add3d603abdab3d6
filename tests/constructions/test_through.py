"""The affine network through two points: exact for every p, one row of norm one exactly where there is one."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import inf, isqrt
from random import Random
from typing import Any

import pytest

from lipcheck.build.conics import _solve, conic_point, square_free
from lipcheck.build.lattice import Lattice, LatticeError
from lipcheck.build.separation import slope_at_most, through, unit_row
from lipcheck.exact import NetworkError, Vector, dot
from lipcheck.network import Affine
from lipcheck.norms import Exponent, NormError, dual_exponent, operator_norm_at_most, vector_norm
from lipcheck.readings.rational import evaluate

ONE, TWO = Fraction(1), Fraction(2)
NORMS: list[Exponent] = [ONE, TWO, inf, Fraction(3), Fraction(3, 2)]


def has_norm_one(w: Vector, p: Exponent) -> bool:
    size = vector_norm(w, dual_exponent(p))
    return size.at_most(1) is True and size.at_least(1) is True


def vectors(seed: object, n: int, count: int, top: int = 9) -> list[Vector]:
    """Nonzero rational vectors, zeros and equal entries among them."""
    random = Random(f"{seed} {n}")
    found: list[Vector] = []
    while len(found) < count:
        kept = [random.choice([0, 1, 1]) for _ in range(n)]
        v = tuple(k * Fraction(random.randint(-top, top), random.randint(1, 4)) for k in kept)
        if any(v):
            found.append(v)
    return found


def shares(d: Vector, p: Exponent) -> list[Fraction]:
    """Differences that fit d: nothing, some, nearly all and, where it is rational, all of ||d||_p."""
    size = vector_norm(d, p, Fraction(1, 10**30))
    parts = [Fraction(0), Fraction(1, 2), Fraction(-2, 3), Fraction(999, 1000), Fraction(-99999, 100000)]
    return [part * size.lower for part in parts] + ([size.lower, -size.lower] if size.exact else [])


@pytest.mark.parametrize("p", NORMS, ids=str)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7])
def test_both_values_are_taken(n: int, p: Exponent) -> None:
    for k, d in enumerate(vectors("through", n, 8 if p == 2 and n > 2 else 14)):
        x = vectors("start", n, 20)[k]
        y = tuple(a + b for a, b in zip(x, d, strict=True))
        a = Fraction(k - 3, 7)
        for c in shares(d, p):
            if n == 3 and p == 2:
                c = c.limit_denominator(30)
            if vector_norm(d, p).at_least(abs(c)) is not True:
                continue
            f = through(x, a, y, a + c, p=p)
            assert f.values([x, y]) == (a, a + c)
            assert [evaluate(f.network(), z)[0] for z in (x, y)] == [a, a + c]
            assert f.norm.at_most(1) is True and len(f.groups) == 1 and len(f.pieces) <= 2
            first = f.network().layers[0]
            assert isinstance(first, Affine) and operator_norm_at_most(first.weight, 1, p, inf) is True
            if p in (1, 2, inf):
                assert all(has_norm_one(piece.weight, p) for piece in f.pieces)
            if (n > 1 and p in (1, inf)) or (n > 4 and p == 2) or (n == 1 and abs(c) == abs(d[0])):
                assert len(f.pieces) == 1


@pytest.mark.parametrize("n", [2, 3, 6])
def test_rows_for_one_move_one_entry_only(n: int) -> None:
    for d in vectors("signs", n, 30):
        for c in shares(d, ONE):
            w = unit_row(d, c, ONE)
            assert w is not None and dot(w, d) == c and sum(abs(v) != 1 for v in w) <= 1 and max(map(abs, w)) == 1


@pytest.mark.parametrize("n", [2, 3, 6])
def test_rows_for_infinity_have_two_entries(n: int) -> None:
    for d in [*vectors("cross", n, 30), (ONE,) * n, (-ONE,) * n, (ONE, *(-ONE,) * (n - 1)), (-ONE, *(ONE,) * (n - 1))]:
        for c in [*shares(d, inf), *d]:
            w = unit_row(d, c, inf)
            assert w is not None and dot(w, d) == c and sum(map(bool, w)) <= 2 and sum(map(abs, w)) == 1


def sphere(n: int, bound: int) -> list[Vector]:
    """Rational unit vectors of R^n with denominators up to the bound."""
    found = set()
    for bottom in range(1, bound + 1):
        for head in product(range(-bottom, bottom + 1), repeat=n - 1):
            left = bottom * bottom - sum(v * v for v in head)
            if left >= 0 and isqrt(left) ** 2 == left:
                found |= {tuple(Fraction(v, bottom) for v in (*head, s * isqrt(left))) for s in (1, -1)}
    return sorted(found)


@pytest.mark.parametrize(("n", "bound"), [(2, 65), (3, 11), (4, 6)])
def test_a_row_is_found_wherever_a_search_finds_one(n: int, bound: int) -> None:
    random = Random(f"search {n}")
    units = sphere(n, bound)
    for d in vectors("search", n, 12):
        for w in random.sample(units, 12 if n == 3 else 40):
            c = dot(w, d)
            found = unit_row(d, c, TWO)
            assert found is not None and dot(found, d) == c and dot(found, found) == 1


@pytest.mark.parametrize(("n", "bound"), [(2, 65), (3, 11), (4, 6)])
def test_no_row_is_missed_where_none_is_found(n: int, bound: int) -> None:
    units = sphere(n, bound)
    missed = 0
    for d in vectors("none", n, 6, 4):
        reached = {dot(w, d) for w in units}
        for c in {Fraction(k, 6) for k in range(-12, 13)}:
            if c * c <= dot(d, d) and unit_row(d, c, TWO) is None:
                missed += 1
                assert c not in reached
    assert missed > 10


def test_the_criterion_of_the_plane() -> None:
    for d in vectors("plane", 2, 30):
        for c in shares(d, ONE):
            left = dot(d, d) - c * c
            if left >= 0:
                square = all(isqrt(k) ** 2 == k for k in (left.numerator, left.denominator))
                assert (unit_row(d, c, TWO) is not None) == square


def test_the_criterion_of_four_dimensions() -> None:
    # r / |d|^2 is a sum of three squares unless the product of its two numbers is 4^a (8 b + 7) (Legendre, Gauss).
    seen = set()
    for d in vectors("four", 4, 40):
        for c in (Fraction(0), Fraction(1), Fraction(1, 2), Fraction(-3, 4), Fraction(5, 3)):
            left = (1 - c * c / dot(d, d)) / dot(d, d)
            if left > 0:
                whole = left.numerator * left.denominator
                while whole % 4 == 0:
                    whole //= 4
                assert (unit_row(d, c, TWO) is not None) == (whole % 8 != 7)
                seen.add(whole % 8 == 7)
    assert seen == {True, False}


@pytest.mark.parametrize("n", [5, 6, 9])
def test_from_five_dimensions_on_a_row_is_always_found(n: int) -> None:
    random = Random(f"five {n}")
    sparse = [tuple(Fraction(int(i == k)) for i in range(n)) for k in range(n)]
    floats = [tuple(Fraction(random.gauss(0, 1)) for _ in range(n)) for _ in range(3)]
    powers = [tuple(Fraction(2) ** random.randint(-40, 40) for _ in range(n)) for _ in range(6)]
    for d in [*vectors("five", n, 25), *sparse, *floats, *powers]:
        size = vector_norm(d, 2).lower
        for share in (0, Fraction(1, 2), Fraction(-7, 8), Fraction(random.uniform(-1, 1))):
            c = share * size
            c = Fraction(float(c)) if d in floats else c.limit_denominator(10**6)
            w = unit_row(d, c, TWO)
            assert w is not None and dot(w, d) == c and dot(w, w) == 1


def test_long_numbers_in_space_are_left_to_the_meet() -> None:
    d = tuple(Fraction(v) for v in (0.1, 0.7, 0.3))
    assert unit_row(d, Fraction(0.2), TWO) is None
    f = through([0, 0, 0], 0, d, 0.2, p=2)
    assert f.values([(0, 0, 0), d]) == (0, Fraction(0.2)) and len(f.pieces) == 2


def test_slopes_that_go_down_as_far_as_the_norm_allows() -> None:
    assert slope_at_most((Fraction(3), Fraction(-4)), Fraction(-5), TWO) == (Fraction(-3, 5), Fraction(4, 5))
    assert slope_at_most((Fraction(3), Fraction(-4)), Fraction(-7), ONE) == (-1, 1)
    assert slope_at_most((Fraction(3), Fraction(-4)), Fraction(-4), inf) == (0, 1)
    # A distance above 5 by a relative 1e-300: no row of a hundred digits is steep enough.
    d, c = (Fraction(3), 4 + Fraction(1, 10**300)), Fraction(-5)
    w = slope_at_most(d, c, TWO)
    assert dot(w, d) <= c and dot(w, w) == 1
    for d in vectors("slopes", 3, 20):
        for p in NORMS:
            for c in shares(d, p):
                if p in (1, 2, inf) or abs(c) < vector_norm(d, p).lower:
                    w = slope_at_most(d, c, p)
                    assert dot(w, d) <= c and vector_norm(w, dual_exponent(p)).at_most(1) is not False


def test_slopes_that_do_not_exist() -> None:
    d = (ONE, ONE)
    for p, c in ((ONE, Fraction(-3)), (TWO, Fraction(-3, 2)), (inf, Fraction(-2))):
        with pytest.raises(LatticeError, match="has no rational row"):
            slope_at_most(d, c, p)
    # ||(1, 1)||_3 = 2^(1/3): the difference is the whole distance, up to 1e-120.
    close = vector_norm(d, 3, Fraction(1, 10**120)).lower
    with pytest.raises(LatticeError, match=r"no rational row for p = 3.*use p = 1, 2 or inf"):
        slope_at_most(d, -close, Fraction(3))


def test_a_whole_distance_with_a_rational_row_for_other_norms() -> None:
    f = through([0, 0], 0, [0, "-5/3"], "5/3", p=3)
    assert f.values([(0, 0), (0, Fraction(-5, 3))]) == (0, Fraction(5, 3)) and has_norm_one(f.pieces[0].weight, 3)


TOO_FAR = [([0, 0], [1, 1], "21/10", 1), ([0, 0], [1, 1], "1415/1000", 2), ([0, 0], [3, 4], "5.0000000001", 2),
           ([0, 0], [1, 1], "1001/1000", inf), ([0], [2], -3, 2), ([0, 0], [1, 1], 1.26, 3)]  # fmt: skip


@pytest.mark.parametrize(("x", "y", "b", "p"), TOO_FAR, ids=str)
def test_values_that_are_too_far_apart(x: Any, y: Any, b: Any, p: Any) -> None:
    with pytest.raises(LatticeError, match=r"exceeds the distance of x and y"):
        through(x, 0, y, b, p=p)
    with pytest.raises(LatticeError, match=r"exceeds the distance of x and y"):
        through(y, b, x, 0, p=p)


def test_values_that_no_bracket_tells_from_the_distance() -> None:
    # ||(4, ..., 4)||_(3/2) = 16 for eight entries, which is known within a bracket only.
    zero, four = [0] * 8, [4] * 8
    assert through(zero, 0, four, 16 - Fraction(1, 10**20), p=Fraction(3, 2)).value(four) < 16
    for b in (16, 16 + Fraction(1, 10**30)):
        with pytest.raises(LatticeError, match="the distance of x and y for p = 3/2, or cannot be told from it"):
            through(zero, 0, four, b, p=Fraction(3, 2))


def test_points_that_are_no_pair() -> None:
    for x, y in (([0, 0], [0, 0]), ([0], [0, 1]), ([], []), ([0.5], ["1/2"])):
        with pytest.raises(LatticeError, match="give two distinct points"):
            through(x, 0, y, 0, p=2)
    for x, a in ((None, 0), ([None], 0), ([float("nan")], 0), ([0], None), ([0], inf), ([0], True), ("0", 0)):
        with pytest.raises(NetworkError):
            through(x, a, [1], 0, p=2)
        with pytest.raises(NetworkError):
            through([1], 0, x, a, p=2)
    for p in (Fraction(1, 2), float("nan"), True, "2", None):
        with pytest.raises(NormError):
            through([0], 0, [1], 0, p=p)


def test_scales() -> None:
    for unit in (1e300, 1e-300, 5e-324):
        for p in NORMS:
            f = through([unit, 0, 0], -unit, [-unit, unit, 0], 0, p=p)
            assert isinstance(f, Lattice)
            assert f.values([[unit, 0, 0], [-unit, unit, 0]]) == (-Fraction(unit), 0)


def test_conics_have_points_exactly_where_a_search_finds_one() -> None:
    found = 0
    for a, b, c in product(range(1, 13), repeat=3):
        if a < b:
            continue
        point = conic_point(Fraction(a), Fraction(b), Fraction(c))
        searched = any(
            isqrt(left) ** 2 == left
            for z in range(1, 13)
            for x in range(isqrt(c * z * z // a) + 1)
            if (left := c * z * z - a * x * x) % b == 0 and (left := left // b) >= 0
        )
        if point is None:
            assert not searched
        else:
            found += 1
            assert a * point[0] ** 2 + b * point[1] ** 2 == c
    assert found > 150
    assert conic_point(Fraction(7), Fraction(7), Fraction(1)) is None
    s, t = conic_point(Fraction(2, 9), Fraction(5, 3), Fraction(32, 9)) or (ONE, ONE)
    assert 2 * s * s + 15 * t * t == 32


def test_descent_for_both_signs() -> None:
    free = [n for n in range(-26, 27) if n and square_free(n)[1] == 1]
    for a, b in product(free, free):
        found = _solve(a, b)
        if found is None:
            values = (a * y * y + b * z * z for y in range(12) for z in range(12) if y or z)
            assert not any(v >= 0 and isqrt(v) ** 2 == v for v in values)
        else:
            x, y, z = found
            assert any(found) and x * x == a * y * y + b * z * z


def test_square_free_parts() -> None:
    for n in [*range(-60, 0), *range(1, 60), 2**20 * 27]:
        free, m = square_free(n)
        assert free * m * m == n and all(free % (k * k) for k in range(2, isqrt(abs(free)) + 1))
