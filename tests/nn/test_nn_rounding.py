from __future__ import annotations

import math
import warnings
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest
import torch

from lipcheck.network import Affine, LeakyReLU, MaxMin, Network, Select
from lipcheck.nn import RoundingError, inward, round_inward, round_spectral
from lipcheck.nn.rounding import inward_row, nearest
from lipcheck.nn.rounding_arrays import _excess
from lipcheck.norms import Exponent, dual_exponent, operator_norm, spectral_norm_at_most

DTYPES = [torch.float64, torch.float32]
UNIT = {torch.float64: Fraction(1, 2**53), torch.float32: Fraction(1, 2**24)}
Row = tuple[Fraction, ...]


def power(row: Row, q: Exponent) -> Fraction:
    """Exceeds one exactly where the norm does, for q = 1, 2, inf."""
    if q == math.inf:
        return max(map(abs, row))
    return sum((abs(w) ** int(q) for w in row), Fraction(0))


def pythagorean(random: Random, n: int) -> Row:
    """A rational unit vector: the stereographic projection of a rational point."""
    t = [Fraction(random.randint(-50, 50), random.randint(1, 50)) for _ in range(n - 1)]
    s = sum((v * v for v in t), Fraction(0))
    return (*(2 * v / (1 + s) for v in t), (s - 1) / (1 + s))


def unit(random: Random, n: int, q: Exponent) -> Row:
    if q == 2:
        return pythagorean(random, n)
    row = [Fraction(random.randint(-99, 99), random.randint(1, 99)) for _ in range(n)]
    return tuple(w / (power(tuple(row), q) or 1) for w in row)


def is_float(w: Fraction, dtype: torch.dtype) -> bool:
    return Fraction(float(torch.tensor(float(w), dtype=dtype))) == w


def test_half_of_all_unit_vectors_rounded_to_nearest_exceed_one_and_none_of_ours() -> None:
    random = Random(0)
    vectors = [pythagorean(random, random.randint(2, 6)) for _ in range(1000)]
    assert all(power(v, 2) == 1 for v in vectors)
    naive = sum(power(tuple(Fraction(float(w)) for w in v), 2) > 1 for v in vectors)
    assert 300 < naive < 700
    grid = sum(power(tuple(round(w / UNIT[torch.float64]) * UNIT[torch.float64] for w in v), 2) > 1 for v in vectors)
    assert 300 < grid < 700
    assert all(power(inward_row(v, Fraction(2)), 2) <= 1 for v in vectors)


@pytest.mark.parametrize(("q", "dtype"), list(product((Fraction(1), Fraction(2), math.inf), DTYPES)), ids=str)
def test_a_row_moves_inward_by_less_than_a_unit_and_no_more_than_it_needs(q: Exponent, dtype: torch.dtype) -> None:
    random, u = Random(1), UNIT[dtype]
    stepped = 0
    for _ in range(200):
        row = unit(random, random.randint(1, 7), q)
        got = inward_row(row, q, dtype)
        near = tuple(round(w / u) * u for w in row)
        assert power(got, q) <= 1
        assert all(is_float(w, dtype) and abs(w - v) < u for w, v in zip(got, row, strict=True))
        moved = [i for i, (a, b) in enumerate(zip(got, near, strict=True)) if a != b]
        assert all(abs(got[i]) == abs(near[i]) - u and abs(near[i]) > abs(row[i]) for i in moved)
        if moved:
            stepped += 1
            # The last step was needed, and those were taken first that were rounded away the most.
            gains = {i: abs(near[i]) - abs(row[i]) for i in range(len(row))}
            least = min(moved, key=gains.__getitem__)
            assert power(tuple(near[i] if i == least else w for i, w in enumerate(got)), q) > 1
            assert all(gains[i] <= gains[least] for i in gains if i not in moved)
        else:
            assert got == near
    assert stepped == 0 if q == math.inf else stepped > 20


@pytest.mark.parametrize("q", [Fraction(3, 2), Fraction(3), Fraction(7, 3)])
def test_other_exponents(q: Fraction) -> None:
    from lipcheck.norms import vector_norm

    random = Random(2)
    for _ in range(20):
        row = [Fraction(random.randint(-99, 99), 7) for _ in range(4)]
        norm = vector_norm(row, q).upper or 1
        got = inward_row(tuple(w / norm for w in row), q, torch.float32)
        assert vector_norm(got, q).at_most(1)
        assert all(abs(w - v / norm) < UNIT[torch.float32] for w, v in zip(got, row, strict=True))


def test_rows_that_are_too_long() -> None:
    with pytest.raises(RoundingError, match="norm above 1"):
        inward_row((Fraction(1), Fraction(1, 10)), Fraction(2))
    with pytest.raises(RoundingError, match="norm above 1"):
        inward_row((Fraction(1), Fraction(1, 10)), Fraction(1), torch.float32)


@pytest.mark.parametrize(("q", "dtype"), list(product((1, 2, math.inf), DTYPES)), ids=str)
def test_arrays_and_exact_rows_agree(q: float, dtype: torch.dtype) -> None:
    rng = np.random.default_rng(3)
    rows = np.round(rng.standard_normal((400, 5)) * 2.0**60) * 2.0**-62
    rows[:50, 1:] = 0
    rows /= np.linalg.norm(rows, ord=q, axis=1, keepdims=True)
    got = inward(rows, q, dtype)
    assert got.dtype == np.dtype(str(dtype).removeprefix("torch."))
    exponent = math.inf if q == math.inf else Fraction(q)
    inside = 0
    for row, rounded in zip(rows.tolist(), got.tolist(), strict=True):
        exact = tuple(map(Fraction, row))
        floats = tuple(map(Fraction, rounded))
        assert power(floats, q) <= 1
        assert power(floats, q) > (1 - 20 * UNIT[dtype]) ** 2
        if power(exact, q) <= 1:
            inside += 1
            assert floats == inward_row(exact, exponent, dtype)
    assert inside > 100


@pytest.mark.parametrize("q", [1, 2])
def test_a_hundred_thousand_rows_that_floating_point_normalised(q: int) -> None:
    rng = np.random.default_rng(4)
    rows = rng.standard_normal((100_000, 16))
    rows /= np.linalg.norm(rows, ord=q, axis=1, keepdims=True)
    for dtype in DTYPES:
        got = inward(rows, q, dtype)
        assert np.abs(got - rows).max() <= 8 * float(UNIT[dtype])
        scaled = got.astype(np.float64) * float(1 / UNIT[dtype])
        for row in scaled[::500].astype(np.int64).tolist():
            assert sum(abs(k) ** q for k in row) <= int(1 / UNIT[dtype]) ** q
        assert bool(
            (_excess(np.abs(scaled).astype(np.int64), Fraction(q), 53 if dtype == torch.float64 else 24) <= 0).all()
        )
    assert not bool((_excess(np.abs(rows * 2.0**53).astype(np.int64), Fraction(q), 53) <= -(1 << 62)).all())


def test_the_excess_in_split_integers_is_exact() -> None:
    random = Random(5)
    one = 2**53
    cases = [[one], [one, 1], [one - 1, 2**27], [2**52] * 4, [2**52] * 3 + [2**52 + 1], [3 * 2**51, 0, 2**26 + 1]]
    cases += [[random.randrange(one // 8) for _ in range(60)] for _ in range(50)]
    for scale in range(50):
        k = [random.randrange(one) for _ in range(9)]
        size = math.isqrt(sum(v * v for v in k))
        cases.append([v * one // size + (scale % 3) for v in k])
    for case in cases:
        exact = sum(v * v for v in case) - one * one
        got = int(_excess(np.array([case], np.int64), Fraction(2), 53)[0])
        if abs(exact) < 1 << 61:
            assert got == exact
        assert (got > 0) == (exact > 0)
    many = 1 << 16
    assert _excess(np.full((1, many), 2**45, np.int64), Fraction(2), 53)[0] == 0
    # Beyond 2^62 - 2^54 an excess is only known to be large.
    assert 2**61 < _excess(np.full((1, many), 2**45 + 1, np.int64), Fraction(2), 53)[0] <= many * (2**46 + 1)


def test_steps_of_many_units_where_the_excess_is_large() -> None:
    row = np.array([[1 + 2.0**-37, 0.0], [0.6 * (1 + 2.0**-37), 0.8]])
    got = inward(row, 2)
    assert all(power(tuple(map(Fraction, r)), 2) <= 1 for r in got.tolist())
    assert got[0, 0] == 1.0 and np.abs(got - row).max() <= 2.0**-36
    wide = np.array([[1 + 2.0**-37, -0.3, -1 - 2.0**-40, 0.1]])
    assert inward(wide, math.inf).tolist() == [[1.0, round(-0.3 * 2**53) / 2**53, -1.0, round(0.1 * 2**53) / 2**53]]


@pytest.mark.parametrize(
    ("rows", "q", "message"),
    [
        ([[1.0, 0.1]], 2, "norm above 1"),
        ([[math.nan, 0.1]], 2, "NaN"),
        ([[math.inf]], 1, "norm above 1"),
        ([[0.1]], 3, "use inward_row"),
        ([0.1], 2, "two axes"),
        ([[1]], 2, "float64 or float32"),
        ([[]], 2, "non-empty"),
    ],
)
def test_arrays_that_are_refused(rows: object, q: int, message: str) -> None:
    with pytest.raises(RoundingError, match=message):
        inward(np.array(rows), q)


def test_rows_that_are_tensors_ragged_or_huge() -> None:
    assert inward(torch.full((1, 2), 0.5, requires_grad=True), 1).tolist() == [[0.5, 0.5]]
    with pytest.raises(RoundingError, match="no array"):
        inward([[0.5, 0.5], [0.5]], 2)
    with warnings.catch_warnings(), pytest.raises(RoundingError, match="norm above 1"):
        warnings.simplefilter("error")
        inward(np.full((1, 2), 1e308), 2)


@pytest.mark.parametrize("dtype", DTYPES)
def test_nearest_is_correctly_rounded(dtype: torch.dtype) -> None:
    random, info = Random(6), torch.finfo(dtype)
    for _ in range(300):
        value = Fraction(random.getrandbits(80) + 1, random.getrandbits(80) + 1) * Fraction(2) ** random.randint(
            -160, 100
        )
        got = nearest(value * random.choice((1, -1)), dtype)
        assert is_float(got, dtype)
        if dtype == torch.float64:
            assert abs(got) == Fraction(float(value))
        else:
            around = np.float32(float(value))
            others = [Fraction(float(np.nextafter(around, np.float32(end)))) for end in (-math.inf, math.inf)]
            assert all(abs(abs(got) - value) <= abs(w - value) for w in (*others, Fraction(float(around))))
    # Rounding to float64 first would make a tie of this and end at 1.
    assert nearest(1 + Fraction(1, 2**24) + Fraction(1, 2**80), torch.float32) == 1 + Fraction(1, 2**23)
    assert nearest(1 + Fraction(1, 2**24), torch.float32) == 1
    assert nearest(Fraction(info.tiny) / 3, dtype) == Fraction(float(torch.tensor(info.tiny / 3, dtype=dtype)))
    assert nearest(Fraction(info.max), dtype) == Fraction(info.max)
    with pytest.raises(RoundingError, match="exceeds the range"):
        nearest(Fraction(info.max) * 2, dtype)


@pytest.mark.parametrize(("p", "dtype"), list(product((Fraction(1), Fraction(2), math.inf), DTYPES)), ids=str)
def test_a_network_keeps_its_constraints(p: Exponent, dtype: torch.dtype) -> None:
    random = Random(7)
    q = dual_exponent(p)
    network = Network(
        3,
        (
            Affine([unit(random, 3, q) for _ in range(6)], [Fraction(1, 3)] * 6),
            MaxMin(),
            Select((1, 2, 0, 5), 6),
            Affine([unit(random, 4, 1) for _ in range(4)], [Fraction(1, 7)] * 4),
            LeakyReLU(Fraction(1, 3)),
            Affine.linear([[1, 1, 0, third := Fraction(1, 3)]]),
        ),
    )
    found = round_inward(network, p, dtype)
    assert found.constrained == (0, 3)
    first, _, _, later, slope, last = found.network.layers
    assert isinstance(first, Affine) and isinstance(later, Affine) and isinstance(last, Affine)
    assert operator_norm(first.weight, p, math.inf).at_most(1) and operator_norm(later.weight, math.inf).at_most(1)
    assert found.norms[0] == operator_norm(first.weight, p, math.inf)
    assert found.norms[3] == operator_norm(later.weight, math.inf)
    assert [found.norms[i] for i in (1, 2, 4)] == [None] * 3
    assert last.weight == ((1, 1, 0, nearest(third, dtype)),) and found.norms[5] is not None
    assert found.norms[5].lower > 2
    assert isinstance(slope, LeakyReLU) and slope.slope == nearest(third, dtype)
    assert first.bias == (nearest(third, dtype),) * 6
    numbers = [*first.weight, *later.weight, first.bias, later.bias]
    assert all(is_float(w, dtype) for row in numbers for w in row)


def test_a_first_layer_is_not_held_to_a_later_one_s_norm() -> None:
    network = Network(2, (Affine.linear([[1, 1]]), Affine.linear([[1]])))
    assert round_inward(network, 1).constrained == (0, 1)
    assert round_inward(network, math.inf).constrained == (1,)
    twice = Network(2, (Affine.linear([[1, 0], [0, 1]]), Affine.linear([[1, 1]])))
    assert round_inward(twice, 1).constrained == (0,)


@pytest.mark.parametrize("dtype", DTYPES)
def test_spectral_norms_are_kept(dtype: torch.dtype) -> None:
    random = Random(8)
    naive = 0
    for _ in range(15):
        v = pythagorean(random, 4)
        weight = [[int(i == j) - 2 * v[i] * v[j] for j in range(4)] for i in range(3)]
        found = round_spectral(Network(4, (Affine(weight, [Fraction(1, 3)] * 3), Affine.linear([[1, 1, 0]]))), dtype)
        assert found.constrained == (0,)
        rounded = found.network.layers[0]
        assert isinstance(rounded, Affine) and spectral_norm_at_most(rounded.weight, Fraction(1))
        naive += not spectral_norm_at_most([[nearest(w, dtype) for w in row] for row in weight], Fraction(1))
        for row, exact in zip(rounded.weight, weight, strict=True):
            assert all(is_float(w, dtype) and abs(w - x) <= 3 * UNIT[dtype] for w, x in zip(row, exact, strict=True))
        assert found.norms[1] is not None and found.norms[1].power == 2
    assert naive > 10
