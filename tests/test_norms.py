"""Operator norms: brackets against definitions, closed forms and brute force, error terms against mutants."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lipcheck.norms import (
    Bracket,
    NormError,
    cholesky,
    dual_exponent,
    has_unit_singular_values,
    is_orthonormal,
    leading,
    norm_power,
    operator_norm,
    operator_norm_at_most,
    rounding,
    semidefinite,
    signs,
    spectral_norm,
    spectral_norm_at_most,
    vector_norm,
    verified,
    verified_spectral_norm,
)
from lipcheck.norms.bracket import root
from lipcheck.words.errors import LipcheckError

Matrix = tuple[tuple[F, ...], ...]
examples = settings(deadline=None, max_examples=40, derandomize=True, database=None)

INF = math.inf
EXPONENTS = [F(1), F(4, 3), F(3, 2), F(2), F(3), F(4), INF]
numbers = st.fractions(min_value=-9, max_value=9, max_denominator=9)
exponents = st.sampled_from(EXPONENTS)


def matrices(entries: st.SearchStrategy[F] = numbers, most: int = 4) -> st.SearchStrategy[Matrix]:
    def of(shape: tuple[int, int]) -> st.SearchStrategy[Matrix]:
        row = st.tuples(*[entries] * shape[1])
        return st.tuples(*[row] * shape[0])

    return st.tuples(st.integers(1, most), st.integers(1, most)).flatmap(of)


def matrix(rows: Sequence[Sequence[Any]]) -> Matrix:
    return tuple(tuple(F(entry) for entry in row) for row in rows)


def transpose(w: Matrix) -> Matrix:
    return tuple(zip(*w, strict=True))


def times(a: Matrix, b: Matrix) -> Matrix:
    return tuple(
        tuple(sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)) for row in a
    )


def apply(w: Matrix, x: Sequence[F]) -> list[F]:
    return [sum((a * b for a, b in zip(row, x, strict=True)), F(0)) for row in w]


def determinant(m: Matrix) -> F:
    if not m:
        return F(1)
    minors = (tuple(row[:j] + row[j + 1 :] for row in m[1:]) for j in range(len(m)))
    return sum(((-1) ** j * m[0][j] * determinant(minor) for j, minor in enumerate(minors)), F(0))


def cayley(n: int, seed: int) -> Matrix:
    """(I - S)^-1 (I + S) for a skew S: an orthonormal rational matrix, by Gauss-Jordan elimination."""
    rng = np.random.default_rng(seed)
    s = [[F(0)] * n for _ in range(n)]
    for i, j in itertools.combinations(range(n), 2):
        s[i][j] = F(int(rng.integers(-3, 4)), int(rng.integers(1, 3)))
        s[j][i] = -s[i][j]
    rows = [[F(i == j) - s[i][j] for j in range(n)] + [F(i == j) + s[i][j] for j in range(n)] for i in range(n)]
    for i in range(n):
        swap = next(k for k in range(i, n) if rows[k][i])
        rows[i], rows[swap] = rows[swap], rows[i]
        rows[i] = [entry / rows[i][i] for entry in rows[i]]
        for k in range(n):
            if k != i:
                rows[k] = [a - rows[k][i] * b for a, b in zip(rows[k], rows[i], strict=True)]
    return tuple(tuple(row[n:]) for row in rows)


def overlap(a: Bracket, b: Bracket) -> bool:
    return a.lower <= b.upper and b.lower <= a.upper


# Brackets, roots and exponents


@examples
@given(st.fractions(min_value=0, max_value=10**6), st.integers(1, 7), st.sampled_from([F(1), F(1, 10), F(1, 10**40)]))
def test_root_encloses_and_is_narrow(power: F, degree: int, width: F) -> None:
    found = root(power, degree, width)
    assert found.lower**degree <= power <= found.upper**degree
    assert found.width <= width * found.lower
    assert root(power**degree, degree, width) == Bracket(power, power)


@examples
@given(st.integers(2, 10**6), st.fractions(min_value=-2000, max_value=2000))
def test_a_bracket_with_its_power_decides_everything(square: int, c: F) -> None:
    found = root(F(square), 2, F(1))
    assert found.at_most(c) is (c >= 0 and square <= c * c)
    assert found.at_least(c) is (c <= 0 or square >= c * c)


def test_a_bracket_says_when_it_cannot_decide() -> None:
    found = Bracket(F(1), F(2))
    assert [found.at_most(c) for c in (F(1, 2), 1, F(3, 2), 2)] == [False, None, None, True]
    assert [found.at_least(c) for c in (1, F(3, 2), 2, 3)] == [True, None, None, False]
    assert not found.exact and found.width == 1 and Bracket.point(F(1, 3)).exact


@pytest.mark.parametrize("p", EXPONENTS)
def test_dual_exponents_are_dual(p: F | float) -> None:
    dual = dual_exponent(p)
    assert dual_exponent(dual) == p
    assert (0 if p == INF else 1 / F(p)) + (0 if dual == INF else 1 / F(dual)) == 1


# Vectors


@examples
@given(st.lists(numbers, max_size=5), st.sampled_from([*EXPONENTS, F(17), F(22, 7), F(1001, 1000)]), st.integers(1, 45))
def test_vector_norms_agree_with_decimals(x: list[F], p: F | float, digits: int) -> None:
    width = F(1, 10**digits)
    found = vector_norm(x, p, width)
    assert found.width <= width * found.upper
    if not isinstance(p, F):
        assert found == Bracket.point(max(map(abs, x), default=F(0)))
        return
    with localcontext(prec=80):
        exponent = Decimal(p.numerator) / p.denominator
        total = sum(((Decimal(abs(v).numerator) / v.denominator) ** exponent for v in x if v), Decimal(0))
        norm = F(total ** (1 / exponent)) if total else F(0)
    slack = norm / 10**70
    assert found.lower - slack <= norm <= found.upper + slack
    if p.denominator == 1:
        assert norm_power(x, int(p)) == sum(abs(v) ** int(p) for v in x)


def test_irrational_vector_norms_compare_exactly() -> None:
    found = vector_norm([F(1), F(1)], 2, F(1, 2))
    close = F(math.isqrt(2 * 10**200), 10**100)
    assert found.at_most(close) is False and found.at_most(close + F(1, 10**100)) is True
    assert vector_norm([F(3), F(-4)], 2) == Bracket.point(F(5))


# The norm 2 -> 2


@examples
@given(st.tuples(*[st.tuples(numbers, numbers)] * 2), st.fractions(min_value=-1, max_value=20, max_denominator=50))
def test_spectral_decisions_agree_with_the_closed_form_in_the_plane(w: Matrix, c: F) -> None:
    square = sum(x * x for row in w for x in row)
    rest = 2 * c * c - square
    discriminant = square**2 - 4 * determinant(w) ** 2
    assert spectral_norm_at_most(w, c) is (c >= 0 and rest >= 0 and rest**2 >= discriminant)


@examples
@given(matrices(), st.sampled_from([F(1, 10), F(1, 10**9), F(1, 10**30)]))
def test_spectral_brackets_are_narrow_and_agree_with_decisions(w: Matrix, width: F) -> None:
    found = spectral_norm(w, width)
    assert found.width <= width * found.upper
    assert spectral_norm_at_most(w, found.upper)
    assert found.exact or not spectral_norm_at_most(w, found.lower)
    if found.exact:
        assert not spectral_norm_at_most(w, found.lower - F(1, 10**60))


def symmetric_matrices() -> list[list[list[int]]]:
    """All of order 3 with a diagonal in {0, 1, 2} and other entries in {-1, 0, 1}."""
    found = []
    for a, b, c, d, e, f in itertools.product(range(3), range(3), range(3), *[range(-1, 2)] * 3):
        found.append([[a, d, e], [d, b, f], [e, f, c]])
    return found


@pytest.mark.parametrize("small_order", [0, 16])
def test_semidefiniteness_agrees_with_principal_minors(small_order: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semidefinite, "_SMALL_ORDER", small_order)
    subsets = [s for k in (1, 2, 3) for s in itertools.combinations(range(3), k)]
    counted = {True: 0, False: 0}
    for m in symmetric_matrices():
        truth = all(determinant(matrix([[m[i][j] for j in s] for i in s])) >= 0 for s in subsets)
        assert semidefinite.is_positive_semidefinite(m) is truth
        counted[truth] += 1
    assert min(counted.values()) > 100


@examples
@given(matrices(st.integers(-2, 2).map(F)), st.booleans())
def test_gram_matrices_are_semidefinite_and_no_less(w: Matrix, lowered: bool) -> None:
    gram = times(transpose(w), w)
    m = [[int(x) - (lowered and i == j == len(gram) - 1) for j, x in enumerate(row)] for i, row in enumerate(gram)]
    truth = not lowered or all(
        determinant(matrix([[m[i][j] for j in s] for i in s])) >= 0
        for k in range(1, len(m) + 1)
        for s in itertools.combinations(range(len(m)), k)
    )
    assert semidefinite._by_elimination(m) is truth


def test_certificates_reject_wrong_proposals(monkeypatch: pytest.MonkeyPatch) -> None:
    """What floating point proposes may be anything: here that an indefinite matrix is definite, or the reverse."""
    monkeypatch.setattr(np.linalg, "eigh", lambda m: (np.full(2, 2.0**-60), np.eye(2)))
    assert semidefinite._by_certificate([[2, 3], [3, 2]]) is None
    monkeypatch.setattr(np.linalg, "eigh", lambda m: (np.full(2, -1.0), np.eye(2)))
    assert semidefinite._by_certificate([[2, 1], [1, 2]]) is None


def test_certificates_decide_where_there_is_room_and_only_there() -> None:
    rng = np.random.default_rng(1)
    base = [[int(x) for x in row] for row in rng.integers(-9, 10, (24, 24))]
    gram = [[sum(a * b for a, b in zip(r, s, strict=True)) for s in base] for r in base]
    verdicts = []
    for shift in (1, -gram[0][0] - 1):
        shifted = [[entry + shift * (i == j) for j, entry in enumerate(row)] for i, row in enumerate(gram)]
        verdicts.append(semidefinite._by_certificate(shifted))
        assert semidefinite._by_elimination(shifted) is verdicts[-1]
    assert verdicts == [True, False]
    singular = [[*row, row[0]] for row in gram] + [[*gram[0], gram[0][0]]]
    assert semidefinite._by_certificate(singular) is None
    assert semidefinite.is_positive_semidefinite(singular)


@pytest.mark.parametrize(("n", "seed"), [(2, 3), (3, 1), (5, 2), (18, 3)])
def test_cayley_transforms_have_norm_exactly_one(n: int, seed: int) -> None:
    q = cayley(n, seed)
    assert any(x.denominator > 1 for row in q for x in row)
    tall = tuple(row[: max(1, n - 1)] for row in q)
    bumped = ((q[0][0] + F(1, 10**40), *q[0][1:]), *q[1:])
    for w in (q, tall, transpose(tall)):
        assert spectral_norm(w) == Bracket.point(F(1)) == operator_norm(w, 2)
        assert is_orthonormal(w) and has_unit_singular_values(w)
        assert spectral_norm_at_most(w, F(1)) and not spectral_norm_at_most(w, 1 - F(1, 10**50))
    assert not is_orthonormal(bumped)
    assert not is_orthonormal(matrix([[1, F(3, 5)], [0, F(4, 5)]]))
    assert not is_orthonormal(tuple(tuple(2 * x for x in row) for row in q))


@pytest.mark.parametrize("scale", [F(10) ** 300, F(1), F(1, 10**300), F(5e-324)])
def test_spectral_norms_at_all_scales(scale: F) -> None:
    def scaled(rows: Sequence[Sequence[int]]) -> Matrix:
        return tuple(tuple(scale * x for x in row) for row in rows)

    assert spectral_norm(scaled([[3, 4]])) == Bracket.point(5 * scale)
    assert spectral_norm(scaled([[3], [4]])) == Bracket.point(5 * scale)
    assert spectral_norm(scaled([[1, 2], [2, 4]])) == Bracket.point(5 * scale)
    assert spectral_norm(scaled([[1, 1, 0], [0, 1, 1], [1, 2, 1]])) == Bracket.point(3 * scale)
    assert spectral_norm(scaled([[1, 1], [1, -1]])).power == 2 * scale**2
    assert spectral_norm(scaled([[1, 1, 0], [1, 0, 1]])).power == 3 * scale**2
    golden = spectral_norm(scaled([[1, 1], [1, 0]]), F(1, 10**20))
    assert golden.power is None and golden.width <= golden.upper / 10**20
    ends = [golden.lower / scale, golden.upper / scale]
    assert ends[0] ** 2 < ends[0] + 1 and ends[1] ** 2 > ends[1] + 1


def test_a_rational_number_near_the_norm_is_not_taken_for_it() -> None:
    """The Gram matrix has the trace 10^18 + 2, a little above its largest eigenvalue, which is irrational."""
    w = matrix([[10**9, 1], [0, 1]])
    assert spectral_norm(w).power is None
    assert spectral_norm_at_most(w, root(F(10**18 + 2), 2, F(1, 10**40)).lower)


def test_a_rational_eigenvalue_below_the_norm_is_not_taken_for_it() -> None:
    """10^20 is an eigenvalue of the Gram matrix, and another one is larger by 1."""
    w = matrix([[10**10, 0, 0], [0, 10**10, 1], [0, 0, 1]])
    assert not spectral_norm_at_most(w, F(10**10))
    assert spectral_norm(w, F(1, 10**30)).lower > 10**10


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1), (2, 3)])
def test_zero_matrices(shape: tuple[int, int]) -> None:
    w = matrix(np.zeros(shape).tolist())
    assert all(operator_norm(w, p, q) == Bracket.point(F(0)) for p in EXPONENTS for q in EXPONENTS)
    assert spectral_norm(w) == Bracket.point(F(0))
    assert spectral_norm_at_most(w, F(0)) and not spectral_norm_at_most(w, F(-1))
    assert not is_orthonormal(w)


# The norm inf -> 1 and other maxima over signs


def sign_norm(w: Matrix) -> F:
    return max(sum(map(abs, apply(w, x))) for x in itertools.product((F(1), F(-1)), repeat=len(w[0])))


big = st.integers(-(2**70), 2**70) | st.sampled_from([2**69, 2**69 + 1, -(2**69) + 1, 1, -1])


@pytest.mark.parametrize("chunk", [1, 4, 1 << 21])
@examples
@given(w=matrices() | matrices(big.map(F), 5))
def test_infinity_to_one_agrees_with_brute_force(chunk: int, w: Matrix) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signs, "_CHUNK", chunk)
        assert operator_norm(w, INF, 1) == Bracket.point(sign_norm(w))


def test_cut_entries_are_evaluated_again() -> None:
    """Cut to 64 bits, the signs (1, -1) look better by two units; exactly, (1, 1) are better by almost six."""
    unit, size = 2**20, 2**58
    most = [[size // 4 * unit + unit - 1] * 2] * 4
    rows = [*most, [size * unit + 1, -size * unit - 1], [unit, -unit]]
    cut = np.array([[entry >> 20 for entry in row] for row in rows])
    assert [list(values) for _, values in signs._chunks(cut)] == [[2 * size + 1, 2 * size + 3]]
    assert operator_norm(matrix(rows), INF, 1) == Bracket.point(F(8 * most[0][0]))


def test_spectral_bound_helps_beyond_enumeration() -> None:
    """Hadamard matrices of order n: at most n sqrt(n), which is far below the sum n^2 of the sizes."""
    rows = [[1]]
    for _ in range(5):
        rows = [row + row for row in rows] + [row + [-x for x in row] for row in rows]
    found = operator_norm(matrix(rows), INF, 1)
    assert found.upper**2 <= 32**3 * (1 + F(1, 10**8))
    assert found.lower >= F(8, 10) * found.upper


def test_infinity_to_one_beyond_enumeration() -> None:
    """The norm of a block diagonal matrix is the sum of its blocks' norms."""
    rng = np.random.default_rng(2)
    blocks = [matrix(rng.integers(-9, 10, (11, 11)).tolist()) for _ in range(2)]
    truth = sum(operator_norm(block, INF, 1).lower for block in blocks)
    zeros = (F(0),) * 11
    w = (*(row + zeros for row in blocks[0]), *(zeros + row for row in blocks[1]))
    found = operator_norm(w, INF, 1)
    assert found.lower <= truth <= found.upper < sum(abs(x) for row in w for x in row)
    assert found.lower >= F(9, 10) * truth


def test_twenty_columns_are_enumerated() -> None:
    """At the signs v every row sums to its absolute values; random floats agree with their transpose."""
    v = [(-1) ** (i * i // 3) for i in range(20)]
    w = matrix([[v[i] * v[j] * (i + j + 1) for j in range(20)] for i in range(20)])
    assert operator_norm(w, INF, 1) == Bracket.point(sum(abs(x) for row in w for x in row))
    w = matrix(np.random.default_rng(4).standard_normal((20, 20)).tolist())
    found = operator_norm(w, INF, 1)
    assert found.exact and found == operator_norm(transpose(w), INF, 1)
    assert operator_norm(w + w, INF, 1) == found.scaled(F(2))


@examples
@given(matrices(), st.sampled_from([2, 3, 4]))
def test_infinity_to_whole_exponents_agrees_with_brute_force(w: Matrix, q: int) -> None:
    truth = max(norm_power(apply(w, x), q) for x in itertools.product((F(1), F(-1)), repeat=len(w[0])))
    for found in (operator_norm(w, INF, q), operator_norm(transpose(w), dual_exponent(q), 1)):
        assert found.lower**q <= truth <= found.upper**q
        assert found.exact or found.power == truth


# All exponents


@examples
@given(matrices(most=3), exponents, exponents, st.lists(numbers, min_size=3, max_size=3))
def test_no_vector_beats_the_upper_end(w: Matrix, p: F | float, q: F | float, x: list[F]) -> None:
    found = operator_norm(w, p, q)
    used = x[: len(w[0])]
    assert vector_norm(apply(w, used), q).lower <= found.upper * vector_norm(used, p).upper


@examples
@given(st.tuples(*[st.tuples(numbers, numbers)] * 2), exponents, exponents)
def test_brackets_agree_with_a_grid_in_the_plane(w: Matrix, p: F | float, q: F | float) -> None:
    angles = np.linspace(0, math.pi, 4001)
    x = np.array([np.cos(angles), np.sin(angles)])
    y = np.array(w, dtype=float) @ x
    grid = float((np.linalg.norm(y, float(q), axis=0) / np.linalg.norm(x, float(p), axis=0)).max())
    found = operator_norm(w, p, q)
    # The quotient's logarithm changes by less than 2 per radian near its maximum, the grid's step is 0.0008.
    assert float(found.upper) >= grid * (1 - 1e-12)
    assert 0.99 * grid <= float(found.lower) <= grid * 1.01


@examples
@given(matrices(most=3), exponents, exponents)
def test_duality(w: Matrix, p: F | float, q: F | float) -> None:
    found, dual = operator_norm(w, p, q), operator_norm(transpose(w), dual_exponent(q), dual_exponent(p))
    assert overlap(found, dual)
    assert found.power is None or dual.power is None or found.degree != dual.degree or found.power == dual.power


@examples
@given(matrices(most=3), exponents, exponents, st.sampled_from([F(-1), F(3, 7), F(10) ** 300, F(1, 10**300)]))
def test_homogeneity(w: Matrix, p: F | float, q: F | float, factor: F) -> None:
    scaled = operator_norm(tuple(tuple(factor * x for x in row) for row in w), p, q)
    found = operator_norm(w, p, q)
    assert overlap(scaled, found.scaled(abs(factor)))
    assert scaled.exact == found.exact


@examples
@given(matrices(most=3), matrices(most=3), exponents, exponents, exponents)
def test_norms_are_submultiplicative(a: Matrix, b: Matrix, p: F | float, q: F | float, r: F | float) -> None:
    a = tuple((row * 3)[: len(b)] for row in a)
    assert operator_norm(times(a, b), p, r).lower <= operator_norm(a, q, r).upper * operator_norm(b, p, q).upper


@examples
@given(st.lists(numbers, min_size=2, max_size=3), st.lists(numbers, min_size=2, max_size=3), exponents, exponents)
def test_rank_one_matrices_are_tight(u: list[F], v: list[F], p: F | float, q: F | float) -> None:
    w = tuple(tuple(a * b for b in v) for a in u)
    one, two = vector_norm(u, q), vector_norm(v, dual_exponent(p))
    found = operator_norm(w, p, q)
    assert overlap(found, Bracket(one.lower * two.lower, one.upper * two.upper))
    assert found.width <= found.upper / 10**6


@examples
@given(st.lists(numbers.filter(bool), min_size=2, max_size=4), exponents, exponents)
def test_diagonal_matrices(d: list[F], p: F | float, q: F | float) -> None:
    """max |d_i| for p <= q, else the r-norm of d with 1/r = 1/q - 1/p."""
    w = tuple(tuple(x if i == j else F(0) for j in range(len(d))) for i, x in enumerate(d))
    gap = (0 if q == INF else 1 / F(q)) - (0 if p == INF else 1 / F(p))
    truth = vector_norm(d, 1 / gap if gap > 0 else INF)
    found = operator_norm(w, p, q)
    assert overlap(found, truth)
    assert found.width <= found.upper / 10**6


positive = st.fractions(min_value=F(1, 9), max_value=9, max_denominator=9)


@examples
@given(matrices(positive, 3), st.sampled_from([(p, q) for p in EXPONENTS for q in EXPONENTS if p >= q]))
def test_positive_matrices_are_tight_for_p_at_least_q(w: Matrix, pair: tuple[F | float, F | float]) -> None:
    found = operator_norm(w, *pair)
    assert found.width <= found.upper / 10**5


@pytest.mark.parametrize("p", [F(6, 5), F(3, 2), F(7, 4)])
def test_riesz_thorin_is_sharp_for_hadamard(p: F) -> None:
    """Clarkson's inequality: [[1, 1], [1, -1]] has the norm 2^(1/p) on l_p for p <= 2."""
    found = operator_norm(matrix([[1, 1], [1, -1]]), p)
    power = root(F(2) ** p.denominator, p.numerator, F(1, 10**20))
    assert overlap(found, power) and found.width <= found.upper / 10**8


@examples
@example(matrix([[1, 3], [3, 1]]), (F(4, 3), F(3)))
@given(matrices(most=3), st.sampled_from([(F(3, 2), F(2)), (F(4, 3), F(3)), (F(3), F(4)), (F(2), F(2))]))
def test_no_worse_than_riesz_thorin(w: Matrix, pair: tuple[F, F]) -> None:
    """Between 1 -> 1 and x -> inf, and between inf -> inf and 1 -> y."""
    a, b = 1 / pair[0], 1 / pair[1]
    found = operator_norm(w, *pair)
    bottom = INF if a == b else (1 - b) / (a - b)
    for t, p, q in ((b, bottom, F(1)), (a, INF, a / b)):
        ends = [float(operator_norm(w, p, INF).upper), float(operator_norm(w, 1, q).upper)]
        assert float(found.upper) <= ends[0] ** float(1 - t) * ends[1] ** float(t) * (1 + 1e-8)


def test_real_norms_are_not_log_convex_above_the_diagonal() -> None:
    """Interpolating the real norms inf -> 1 (2) and 2 -> 2 (sqrt 2) would say 2^(3/4) at 4 -> 4/3, which is too low."""
    hadamard = matrix([[1, 1], [1, -1]])
    assert operator_norm(hadamard, INF, 1) == Bracket.point(F(2))
    assert spectral_norm(hadamard).power == 2
    found = operator_norm(hadamard, 4, F(4, 3))
    assert found.lower**4 > 8
    assert found.upper >= found.lower


def test_front_door_defaults_and_decisions() -> None:
    w = matrix([[1, 2], [3, 4]])
    assert operator_norm(w, 1) == Bracket.point(F(6)) and operator_norm(w, INF) == Bracket.point(F(7))
    assert operator_norm(w, 1, INF) == Bracket.point(F(4)) and operator_norm(w, 2, INF) == Bracket.point(F(5))
    assert operator_norm(w, 1, 2).power == 20
    # The square of the norm is 15 + sqrt(221), which is 5.46498570421904...^2.
    assert operator_norm_at_most(w, F("5.464985704220"), 2) is True
    assert operator_norm_at_most(w, F("5.464985704219"), 2) is False
    assert operator_norm_at_most(w, 6, 1) is True and operator_norm_at_most(w, F(599, 100), 1) is False
    middle = operator_norm(w, F(3, 2), 3)
    assert operator_norm_at_most(w, (middle.lower + middle.upper) / 2, F(3, 2), 3) is None
    assert operator_norm(np.array([[1.0, 2.0], [3.0, 4.0]]), 1) == Bracket.point(F(6))


# Refusals


@pytest.mark.parametrize("p", [F(1, 2), 0, -1, math.nan, -INF, True, "2", None])
def test_exponents_below_one_are_refused(p: Any) -> None:
    with pytest.raises(NormError, match=r"The exponent p is .*: give a rational number >= 1 or math\.inf\.$"):
        operator_norm(matrix([[1]]), p)


@pytest.mark.parametrize(
    ("w", "words"),
    [
        ((), "is empty"),
        (((),), "is empty"),
        (((F(1), F(2)), (F(3),)), "is ragged: row 1 has 1 entries but row 0 has 2"),
        (((math.nan,),), "is nan, which is not finite"),
        (((INF,),), "is inf, which is not finite"),
        ((("one",),), "not a rational number"),
        (3, "not a sequence"),
    ],
)
def test_what_is_no_matrix_is_refused(w: Any, words: str) -> None:
    calls: list[Callable[[], object]] = [
        lambda: operator_norm(w, 1),
        lambda: spectral_norm(w),
        lambda: spectral_norm_at_most(w, F(1)),
        lambda: is_orthonormal(w),
        lambda: has_unit_singular_values(w),
        lambda: operator_norm_at_most(w, 1, 2),
    ]
    for call in calls:
        with pytest.raises(NormError, match=words) as caught:
            call()
        assert isinstance(caught.value, LipcheckError) and isinstance(caught.value, ValueError)


def test_other_arguments_are_refused() -> None:
    with pytest.raises(NormError, match="The width is 0"):
        operator_norm(matrix([[1]]), 2, width=F(0))
    with pytest.raises(NormError, match="bound is nan"):
        spectral_norm_at_most(matrix([[1]]), math.nan)  # type: ignore[arg-type]
    with pytest.raises(NormError, match="not a whole number: use vector_norm"):
        norm_power([F(1)], F(3, 2))  # type: ignore[arg-type]
    with pytest.raises(NormError, match="give 0 <= lower <= upper"):
        Bracket(F(2), F(1))
    with pytest.raises(NormError, match="lies outside of its bracket"):
        Bracket(F(1), F(2), 2, F(5))


# Verified floating point


def encloses(array: np.ndarray[Any, Any]) -> bool:
    """Whether the floating-point ends enclose the norm, decided in rationals."""
    lower, upper = verified_spectral_norm(array)
    w = matrix(array.astype(np.float64).tolist())
    above = upper == INF or spectral_norm_at_most(w, F(upper))
    return above and F(lower) <= spectral_norm(w, F(1, 10**25)).upper


floats = st.floats(-1e3, 1e3) | st.sampled_from([1.0, -1.0, 1e-160, 1e-300, 5e-324, 2.0**-1022])


@examples
@given(matrices(floats, 5), st.sampled_from([0, 900, -900, -1060]))
def test_verified_ends_enclose_the_exact_norm(rows: Any, exponent: int) -> None:
    assert encloses(np.ldexp(np.array(rows), exponent))


@examples
@given(matrices(st.floats(-1e3, 1e3, width=32), 5))
def test_verified_ends_enclose_the_exact_norm_in_float32(rows: Any) -> None:
    assert encloses(np.array(rows, dtype=np.float32))


@pytest.mark.parametrize("n", [20, 100])
def test_verified_ends_are_close(n: int) -> None:
    array = np.random.default_rng(n).standard_normal((n, n + 3))
    lower, upper = verified_spectral_norm(array)
    assert lower <= upper <= lower * (1 + 1e-10)
    assert lower <= float(np.linalg.norm(array, 2)) * (1 + 1e-12) and upper >= float(np.linalg.norm(array, 2)) * (
        1 - 1e-12
    )
    q = np.linalg.qr(array)[0]
    assert verified_spectral_norm(q)[1] <= 1 + 1e-10


def test_verified_lower_end_is_at_least_the_largest_entry() -> None:
    lower, upper = verified_spectral_norm(np.diag([0.1, 3.0]))
    assert lower == 3.0 and 3.0 <= upper <= 3.0 * (1 + 1e-14)


def test_verified_ends_at_the_limits_of_the_range() -> None:
    largest = float(np.finfo(np.float64).max)
    lower, upper = verified_spectral_norm(np.full((2, 2), largest))
    assert lower == largest and upper == INF
    lower, upper = verified_spectral_norm(np.full((2, 2), 5e-324))
    assert lower <= 1e-323 <= upper <= 1.5e-323 and lower > 0
    lower, upper = verified_spectral_norm(np.full((2, 2), 1e-45, dtype=np.float32))
    assert 0 < lower <= 2 * float(np.float32(1e-45)) <= upper
    assert verified_spectral_norm(np.zeros((2, 3))) == (0.0, 0.0)
    assert encloses(np.array([[1e300, 1e-300], [5e-324, -1e299]]))
    assert encloses(np.asfortranarray(np.arange(6.0).reshape(2, 3))[:, ::-1])
    assert encloses(np.arange(6.0).reshape(2, 3).astype(">f8"))


def sequential(a: Any, b: Any) -> Any:
    """A product inside the model of arithmetic: conventional inner products, summed from the first term to the last."""
    total = np.zeros((a.shape[0], b.shape[1]))
    for k in range(a.shape[1]):
        total = total + np.outer(a[:, k], b[k])
    return total


def absorbing(length: int) -> np.ndarray[Any, Any]:
    """A column whose sum of squares 1 + length * 2^-54 a sequential sum rounds to 1: each is half an ulp."""
    return np.array([[1.0], *[[2.0**-27]] * length])


def wide(length: int) -> np.ndarray[Any, Any]:
    """Two columns like `absorbing`, so that the smaller Gram matrix is not a number."""
    return np.hstack([absorbing(length), absorbing(length) / 2])


@pytest.mark.parametrize("column", [absorbing, wide])
def test_dropping_the_gram_error_is_wrong(
    column: Callable[[int], np.ndarray[Any, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verified, "_product", sequential)
    array = column(400)
    assert encloses(array)
    monkeypatch.setattr(verified, "_gram_error", lambda b, square: F(0))
    assert not encloses(array)


def careless(rest: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A panel that is far from the Cholesky factor: proposals may be anything."""
    panel = np.zeros_like(rest)
    np.fill_diagonal(panel, np.sqrt(np.abs(np.diag(rest))))
    return panel


@pytest.mark.parametrize(("size", "columns"), [(4, 64), (7, 2), (9, 1)])
def test_dropping_the_residual_error_is_wrong(size: int, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An eigenvalue that is too low, a factor of what is not definite; one panel and several."""
    array = np.random.default_rng(3).standard_normal((size, size))
    monkeypatch.setattr(cholesky, "_PANEL", columns)
    monkeypatch.setattr(verified, "leading", lambda gram, tolerance, careful=False: (0.5, np.ones((len(gram), 1))))
    monkeypatch.setattr(cholesky, "_proposal", careless)
    assert encloses(array)
    monkeypatch.setattr(verified, "factor_error", lambda shifted: F(0))
    assert not encloses(array)


@pytest.mark.parametrize("spoiled", range(4))
def test_every_panel_is_measured(spoiled: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One panel of four is a little more than it should be, which the bound notices each time."""
    array = np.array([[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 1.0], [2.0, 0.0, 1.0, 1.0], [1.0, 1.0, 1.0, 2.0]])
    shifted = 40 * np.eye(4) - array.T @ array
    honest, done = cholesky._proposal, []

    def spoil(rest: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        done.append(honest(rest))
        return done[-1] * 1.01 if len(done) == spoiled + 1 else done[-1]

    monkeypatch.setattr(cholesky, "_PANEL", 1)
    assert cholesky.factor_error(shifted.copy()) < 1e-10
    monkeypatch.setattr(cholesky, "_proposal", spoil)
    factor = shifted.copy()
    cholesky._columns(factor, 0, 4, cholesky.Squares())
    done.clear()
    error = cholesky.factor_error(shifted.copy())
    factor = np.tril(factor)
    assert 0.1 < np.linalg.norm(shifted - factor @ factor.T, 2) <= float(error)


def test_the_residual_counts_both_triangles(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the factor 0 the residual of the matrix of ones is itself: of norm n, and its triangle is shorter."""
    monkeypatch.setattr(cholesky, "_proposal", np.zeros_like)
    for n in (5, 70, 200):
        assert cholesky.factor_error(np.ones((n, n))) >= n > math.sqrt(n * (n + 1) / 2)


def test_an_eigenvalue_that_is_too_small_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first proposal that stops far too early costs a second one, no width."""
    array = np.random.default_rng(4).standard_normal((90, 90))
    honest, asked = leading.leading, []

    def early(gram: Any, tolerance: float, careful: bool = False) -> Any:
        asked.append(careful)
        value, vector = honest(gram, tolerance, careful)
        return (value if careful else 0.99 * value), vector

    monkeypatch.setattr(verified, "leading", early)
    lower, upper = verified_spectral_norm(array)
    assert asked == [False, True] and lower <= upper <= lower * (1 + 1e-11)


@pytest.mark.parametrize("n", [65, 150, 300])
@pytest.mark.parametrize("spread", [1.0, 1e-6, 1e-12, 0.0])
def test_lanczos_finds_clustered_eigenvalues(n: int, spread: float) -> None:
    q = np.linalg.qr(np.random.default_rng(n).standard_normal((n, n)))[0]
    truth = 1 + spread * np.linspace(-1, 1, n)
    lower, upper = verified_spectral_norm(q * np.sqrt(truth))
    assert lower <= math.sqrt(truth[-1]) * (1 + 1e-14) and math.sqrt(truth[-1]) <= upper * (1 + 1e-14)
    assert upper <= lower * (1 + n**2 * 2.0**-52)


def without_gamma(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (cholesky, rounding, verified):
        monkeypatch.setattr(module, "gamma", lambda count: F(0))


def test_dropping_all_gammas_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verified, "_product", sequential)
    without_gamma(monkeypatch)
    assert not encloses(wide(400))


def exact_square_sum(x: Any, up: bool = True) -> F:
    return sum((F(float(entry)) ** 2 for entry in x.flat), F(0))


def test_dropping_the_error_of_the_lower_end_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each term is a little more than half an ulp, so that a sequential sum rounds it up to a whole one."""
    array = np.zeros((61, 61))
    array[0] = [1.0, *[math.sqrt(1.01 * 2.0**-53)] * 60]
    monkeypatch.setattr(verified, "_product", sequential)
    monkeypatch.setattr(verified, "square_sum", exact_square_sum)
    monkeypatch.setattr(verified, "leading", lambda gram, tolerance, careful=False: (1.0, array[:1].T))
    assert encloses(array)
    without_gamma(monkeypatch)
    lower, _ = verified_spectral_norm(array)
    assert spectral_norm_at_most(matrix(array.tolist()), F(lower) - F(1, 2**52))


def test_the_factor_error_covers_the_products(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last two rows of L are 1, 2^-27, 2^-27, ...: a sequential product over the first columns is 1 and loses half
    an ulp with each term, so that nothing is left to measure, and LL' is larger than M."""
    n, left = 201, 128
    factor = np.zeros((n, n))
    factor[-2:, 0], factor[-2:, 1 : n - 2] = 1.0, 2.0**-27
    m = sequential(factor[:, :left], factor[:, :left].T) + sequential(factor[:, left:], factor[:, left:].T)
    assert m[-1, -1] == 1 + (n - 2 - left) * 2.0**-54
    panels = iter([factor[:, :64], factor[64:, 64:128], factor[128:, 128:192], factor[192:, 192:]])
    monkeypatch.setattr(cholesky, "_proposal", lambda rest: next(panels))
    monkeypatch.setattr(cholesky, "_product", sequential)
    rows = matrix(factor[-2:].tolist())
    square = times(rows, transpose(rows))
    norm = spectral_norm(tuple(tuple(x - F(m[-1, -1]) for x in row) for row in square))
    assert norm.lower > 0 and norm.upper <= cholesky.factor_error(m.copy())
    panels = iter([factor[:, :64], factor[64:, 64:128], factor[128:, 128:192], factor[192:, 192:]])
    without_gamma(monkeypatch)
    assert cholesky.factor_error(m.copy()) < norm.lower


def test_gamma_and_roots_are_on_the_right_side() -> None:
    u = F(1, 2**53)
    for k in (1, 2, 3, 1000, 2**31, 2**50):
        exact = k * u / (1 - k * u)
        assert exact <= rounding.gamma(k) <= exact * (1 + k * u * 2)
    with pytest.raises(NormError, match="fewer than 2"):
        rounding.gamma(2**50 + 1)
    for value in (F(2), F(1, 3), F(10) ** 400 + 1, F(2, 10**400), F(2**2044 + 1, 2**2043)):
        low, high = (rounding.square_root(value, up=up) for up in (False, True))
        assert low**2 < value < high**2 and high - low <= high / 2**80
    for value in (F(0), F(4, 9), F(10) ** 400, F(3**300) ** 2 / 7**200):
        assert rounding.square_root(value, up=True) ** 2 == value == rounding.square_root(value, up=False) ** 2


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.array([[1.0, math.nan]]), r"The entry \[0, 1\] is nan: replace it"),
        (np.array([[1.0], [-INF]]), r"The entry \[1, 0\] is -inf: replace it"),
        (np.zeros((0, 3)), r"of shape \(0, 3\) is empty"),
        (np.zeros(3), r"float64 of shape \(3,\): give a numpy array of two axes"),
        (np.zeros((2, 2), dtype=np.int64), r"int64 of shape \(2, 2\): give"),
        (np.zeros((2, 2), dtype=np.float16), r"float16 of shape"),
        ([[1.0]], r"The matrix is \[\[1\.0\]\]: give a numpy array"),
    ],
)
def test_verified_refusals(array: Any, words: str) -> None:
    with pytest.raises(NormError, match=words):
        verified_spectral_norm(array)
