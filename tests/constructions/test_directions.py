"""Rows of dual norm one and fans: norms exactly one, ratios that hold for every direction, refusals."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from math import inf
from random import Random

import pytest

from lipcheck.build.directions import (
    DirectionError,
    Fan,
    dyadic_row,
    fan,
    fan_intervals,
    fan_size,
    steepest,
    unit_vector,
)
from lipcheck.exact import NetworkError, Vector
from lipcheck.norms import Exponent, NormError, dual_exponent, vector_norm

ONE = Fraction(1)
NARROW = Fraction(1, 10**40)
OTHERS: list[Exponent] = [Fraction(3), Fraction(3, 2), Fraction(50), Fraction(1001, 1000)]


def dot(a: Vector, b: Vector) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def vectors(seed: object, n: int, count: int) -> list[Vector]:
    """Random rational vectors of very different entries, zeros and both signs among them."""
    random = Random(f"{seed} {n}")
    found = []
    while len(found) < count:
        scales = [Fraction(10) ** random.choice([0, 0, 0, -3, 5]) for _ in range(n)]
        entries = [Fraction(random.randint(-99, 99), random.randint(1, 30)) * scale for scale in scales]
        if any(entries):
            found.append(tuple(entry if random.random() < 0.8 else Fraction(0) for entry in entries))
    return [v if any(v) else (ONE, *v[1:]) for v in found]


@pytest.mark.parametrize("p", [ONE, inf])
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_the_steepest_row_is_exact_for_one_and_infinity(p: Exponent, n: int) -> None:
    for d in vectors("steepest", n, 40):
        w = steepest(d, p)
        assert dot(w, d) == vector_norm(d, p).lower
        assert vector_norm(w, dual_exponent(p)).lower == vector_norm(w, dual_exponent(p)).upper == 1


@pytest.mark.parametrize("bits", [4, 20, 60])
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_unit_vectors_are_exactly_unit_and_near(bits: int, n: int) -> None:
    for d in vectors("unit", n, 40):
        w = unit_vector(d, bits)
        assert dot(w, w) == 1
        # w . d >= (1 - n 4^-bits) |d|, both sides squared.
        least = 1 - n * Fraction(1, 4**bits)
        assert dot(w, d) > 0 and dot(w, d) ** 2 >= least**2 * dot(d, d)
        assert steepest(d, Fraction(2), bits) == w


def test_unit_vectors_of_rational_length_are_the_directions_themselves() -> None:
    assert unit_vector((Fraction(3), Fraction(-4))) == (Fraction(3, 5), Fraction(-4, 5))
    assert unit_vector((Fraction(0), Fraction(-7, 3))) == (0, -1)
    assert unit_vector(tuple(map(Fraction, (-1, 2, -2)))) == (Fraction(-1, 3), Fraction(2, 3), Fraction(-2, 3))


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("k", [0, 1, 2])
def test_the_pole_is_the_one_that_is_farther_away(sign: int, k: int) -> None:
    d = tuple(Fraction(sign * 1000) if i == k else Fraction(1) for i in range(3))
    w = unit_vector(d, 30)
    assert w[k] * sign > Fraction(99, 100) and all(w[i] > 0 for i in range(3) if i != k)


@pytest.mark.parametrize("bits", [8, 27, 90])
@pytest.mark.parametrize("p", OTHERS)
def test_other_rows_are_dyadic_and_just_below_norm_one(p: Exponent, bits: int) -> None:
    q = dual_exponent(p)
    for d in vectors("dyadic", 3, 12):
        w = steepest(d, p, bits)
        assert all(entry.denominator & (entry.denominator - 1) == 0 for entry in w)
        size = vector_norm(w, q, NARROW)
        if size.upper == 1:
            assert sum(map(bool, w)) == 1
        else:
            assert 1 - Fraction(1, 1 << bits) <= size.lower and size.upper <= 1 - Fraction(1, 1 << bits + 3)
        if sum(map(bool, d)) == 1:
            assert dot(w, d) == vector_norm(d, p).lower
        # The float proposal is good to some 50 bits; a first-order error in w of norm 2^-bits costs no more than that.
        assert dot(w, d) >= vector_norm(d, p).lower * (1 - Fraction(1, 1 << min(bits, 40) - 1))


def test_rows_for_entries_beyond_floats() -> None:
    d = (Fraction(10) ** 400, Fraction(-1), -(Fraction(10) ** 400))
    for p in (Fraction(3), Fraction(10) ** 400):
        w = steepest(d, p)
        assert w[0] > 0 > w[2] and vector_norm(w, dual_exponent(p)).at_most(1) is True
    tiny = tuple(v / 10**800 for v in d)
    assert steepest(tiny, Fraction(3)) == steepest(d, Fraction(3))


def test_dyadic_rows_of_one_entry_keep_norm_one() -> None:
    assert dyadic_row((Fraction(0), Fraction(-5, 7)), Fraction(3)) == (0, -1)


@pytest.mark.parametrize("p", [ONE, Fraction(2), inf, Fraction(3)])
def test_the_zero_vector_has_no_direction(p: Exponent) -> None:
    with pytest.raises(DirectionError, match="zero vector has no direction"):
        steepest((Fraction(0), Fraction(0)), p)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_fans_for_one_and_infinity_are_exact(n: int) -> None:
    for p, count in ((ONE, 2**n), (inf, 2 * n)):
        found = fan(n, p)
        assert found.ratio == 1 and len(set(found.rows)) == count
        assert all(vector_norm(u, dual_exponent(p)).upper == 1 for u in found.rows)
        for z in vectors("fan", n, 60):
            assert max(dot(u, z) for u in found.rows) == vector_norm(z, p).upper


def holds(found: Fan, z: Vector, p: Exponent) -> bool:
    """Whether max u . z >= ratio ||z||_p, proved."""
    return vector_norm(z, p, NARROW).at_most(max(dot(u, z) for u in found.rows) / found.ratio) is True


FANS = [(Fraction(2), 2, "999/1000"), (Fraction(2), 3, "9/10"), (Fraction(2), 4, "3/4"), (Fraction(3), 2, "99/100"),
        (Fraction(3), 3, "9/10"), (Fraction(3, 2), 2, "99/100"), (Fraction(3, 2), 3, "4/5"),
        (Fraction(50), 2, "999/1000"), (Fraction(1000), 2, "999/1000"), (Fraction(1001, 1000), 2, "99/100"),
        (Fraction(5, 2), 3, "9/10")]  # fmt: skip


@pytest.mark.parametrize(("p", "n", "ratio"), FANS)
def test_fans_keep_their_ratio(p: Exponent, n: int, ratio: str) -> None:
    found = fan(n, p, ratio)
    assert Fraction(ratio) <= found.ratio < 1
    assert all(vector_norm(u, dual_exponent(p)).at_most(1) is True for u in found.rows)
    assert all(holds(found, z, p) for z in vectors("ratio", n, 60))
    # Directions of all signs near the axes, where few rows help.
    for signs in product((1, -1, 0), repeat=n):
        if any(signs):
            assert holds(found, tuple(s * Fraction(1, 3**i) for i, s in enumerate(signs)), p)
            assert holds(found, tuple(s * Fraction(1, 50**i) for i, s in enumerate(reversed(signs))), p)


def corners(rows: list[tuple[Fraction, Fraction]]) -> list[Vector]:
    """Where two neighbouring rows are one, rows by their angle."""
    # From 360 degrees down to 180, then down to 0: this key rises all the way.
    ordered = sorted(rows, key=lambda u: (u[0] / (abs(u[0]) + abs(u[1])) + 1) * (-1 if u[1] < 0 else 1))
    turns = [(u, v, u[0] * v[1] - u[1] * v[0]) for u, v in pairwise([*ordered, ordered[0]])]
    return [((v[1] - u[1]) / t, (u[0] - v[0]) / t) for u, v, t in turns if t]


@pytest.mark.parametrize(("p", "ratio"), [(p, r) for p, n, r in FANS if n == 2])
def test_the_ratio_of_a_plane_fan_is_attained_at_a_corner(p: Exponent, ratio: str) -> None:
    found = fan(2, p, ratio)
    values = []
    for z in corners([(u[0], u[1]) for u in found.rows]):
        top = max(dot(u, z) for u in found.rows)
        values.append(top / vector_norm(z, p, NARROW).upper)
        assert holds(found, z, p)
    assert found.ratio <= min(values) + Fraction(1, 10**9) <= found.ratio * (1 + Fraction(1, 10**8))


def test_fans_of_few_rows() -> None:
    assert len(fan(2, 2, "9/10").rows) <= 8 and len(fan(2, 2, "999/1000").rows) <= 72
    assert len(fan(3, 2, "9/10").rows) <= fan_size(3, 7)


@pytest.mark.parametrize(("n", "intervals"), [(1, 5), (2, 2), (2, 9), (3, 4), (4, 3)])
def test_fan_size_counts_rows(n: int, intervals: int) -> None:
    size = {1: 2, 2: 2 * intervals}.get(n) or 2 + (intervals - 1) * fan_size(n - 1, intervals)
    assert fan_size(n, intervals) == size


def test_fan_intervals_are_about_enough() -> None:
    for n, ratio in ((2, "1/2"), (2, "9999/10000"), (3, "1/2"), (3, "9/10"), (5, "3/5")):
        asked: list[int] = []
        found = fan(n, 2, ratio, asked.append)
        assert asked[0] == fan_size(n, fan_intervals(n, Fraction(ratio))) and len(asked) <= 3
        assert asked[-1] == len(found.rows)


class Refused(Exception):
    """What `allow` raises here."""


@pytest.mark.parametrize(("p", "n", "rows"), [(1, 14, 2**14), (inf, 5000, 10000), (2, 40, None)])
def test_allow_is_asked_before_anything_is_built(p: Exponent, n: int, rows: int | None) -> None:
    def refuse(count: int) -> None:
        assert rows is None or count == rows
        raise Refused

    with pytest.raises(Refused):
        fan(n, p, Fraction(99, 100), refuse)


@pytest.mark.parametrize("ratio", [1, 0, -1, 2, "3/2"])
def test_ratios_that_no_fan_has(ratio: object) -> None:
    with pytest.raises(DirectionError, match="above 0 and below 1"):
        fan(2, 2, ratio)


@pytest.mark.parametrize("n", [0, -1, True, 1.5, "2", None])
def test_dimensions_that_are_none(n: object) -> None:
    for p in (1, 2, inf):
        with pytest.raises(DirectionError, match="The dimension is"):
            fan(n, p, "1/2")  # type: ignore[arg-type]


def test_arguments_that_are_no_numbers() -> None:
    for p in (0, Fraction(1, 2), float("nan"), True, "2", None):
        with pytest.raises(NormError, match="exponent p"):
            fan(2, p, "1/2")
    for ratio in (float("nan"), None, True, "x"):
        with pytest.raises(NetworkError, match="ratio"):
            fan(2, 2, ratio)
