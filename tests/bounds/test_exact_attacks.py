"""Weights that break floating point: huge and tiny ones, cancellation, ties, float32. The bounds are still true."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from lipcheck.bounds import AbsNormal
from lipcheck.bounds.enumeration import enumerate_constant
from lipcheck.bounds.exact import exact_constant
from lipcheck.bounds.exact.certificate import verify
from lipcheck.bounds.exact.trees import Certificate, CertificateError, Suffix

NORMS = (1, 2, "inf")
Draw = Callable[[random.Random], Fraction]


def wide(rng: random.Random) -> Fraction:
    return Fraction(rng.gauss(0, 1) * 10.0 ** rng.randint(-27, 27))


def single(rng: random.Random) -> Fraction:
    return Fraction(float(np.float32(rng.gauss(0, 1))))


def cancelling(rng: random.Random) -> Fraction:
    return rng.choice((1, -1)) * (1 + Fraction(rng.randint(-3, 3), 2**52))


DRAWS: dict[str, Draw] = {
    "wide": wide,
    "vanishing": lambda rng: wide(rng) ** rng.randint(1, 9),
    "float32": single,
    "cancelling": cancelling,
    "ties": lambda rng: Fraction(rng.randint(-1, 1)),
}


def form_of(rng: random.Random, draw: Draw, n: int, levels: tuple[int, ...], m: int) -> AbsNormal:
    """Dense levels of gates, skip connections included."""
    s = sum(levels)
    gates, before = [], 0
    for count in levels:
        for _ in range(count):
            row = [draw(rng) for _ in range(1 + n + before)]
            gates.append((*row, *[Fraction(0)] * (s - before)))
        before += count
    return AbsNormal(n, tuple(gates), tuple(tuple(draw(rng) for _ in range(1 + n + s)) for _ in range(m)))


def power(rows: tuple[tuple[Fraction, ...], ...], p: object) -> Fraction:
    """The norm of a Jacobian, for p = 2 the sum of the squares: what lists of signs bound."""
    matrix = [row[1:] for row in rows]
    if p == 2:
        return sum((a * a for row in matrix for a in row), Fraction(0))
    lines = list(zip(*matrix, strict=True)) if p == 1 else matrix
    return max(sum((abs(a) for a in line), Fraction(0)) for line in lines)


@pytest.mark.parametrize("name", DRAWS)
def test_branch_and_bound_is_enumeration_on_hostile_weights(name: str) -> None:
    rng = random.Random(name)
    for case, p in itertools.product(range(4), NORMS):
        form = form_of(rng, DRAWS[name], 1 + case % 2, (2, 2), 1 + case // 3)
        truth = enumerate_constant(form, p)  # type: ignore[arg-type]
        found = exact_constant(form, p)  # type: ignore[arg-type]
        assert found.lower <= truth.upper
        assert truth.lower <= found.upper
        assert found.power == truth.power
        assert verify(form, p, found.certificate) >= truth.lower ** (2 if p == 2 else 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", DRAWS)
def test_lists_of_signs_prove_nothing_below_the_truth(name: str) -> None:
    """A list at the root bounds all choices of signs, realisable or not; with one input it is sharp."""
    rng = random.Random(name)
    accepted = refused = 0
    for case, p in itertools.product(range(20), NORMS):
        form = form_of(rng, DRAWS[name], 1 + (case % 4 == 3), ((3, 2), (2, 2, 1))[case % 2], 1 + case % 3)
        signs = itertools.product((1, -1), repeat=len(form.gates))
        most = max(power(form.piece(choice)[1], p) for choice in signs)
        for factor in (Fraction(0), Fraction(1, 2), 1 - Fraction(1, 2**52), 1 - Fraction(1, 2**60), 1 + Fraction(1)):
            try:
                proved = verify(form, p, Certificate(most * factor, Suffix()))  # type: ignore[arg-type]
            except CertificateError:
                refused += 1
                continue
            assert proved >= most
            accepted += factor > 1
    assert refused > 150
    assert accepted > 10 or name in ("wide", "vanishing")


def test_weights_that_vanish_in_floats_are_not_zero() -> None:
    """y = t |x| + 2 t |1 + x - 3 |x||, t below the range of float64: its constant is not zero."""
    zero, one = Fraction(0), Fraction(1)
    for exponent in (-20, -100, -200, -400, -4000):
        t = Fraction(10) ** exponent
        form = AbsNormal(1, ((zero, one, zero, zero), (one, one, -3 * one, zero)), ((zero, zero, t, 2 * t),))
        for p in NORMS:
            goal = (9 * t) ** (2 if p == 2 else 1)
            assert enumerate_constant(form, p).power == goal  # type: ignore[arg-type]
            assert exact_constant(form, p).power == goal  # type: ignore[arg-type]
            for target in (Fraction(0), goal / 9, goal * (1 - Fraction(1, 2**55))):
                with pytest.raises(CertificateError):
                    verify(form, p, Certificate(target, Suffix()))  # type: ignore[arg-type]


def test_many_outputs_need_the_larger_size_of_rounding() -> None:
    """Rows of one path each: the sum of |r_i| over the outputs is m times the Frobenius norm of the paths."""
    m = 40
    zero = Fraction(0)
    rng = random.Random("outputs")
    gates = [(Fraction(rng.gauss(0, 1)), Fraction(rng.uniform(1, 2)), *[zero] * (m + 1)) for _ in range(m)]
    last = (zero, Fraction(1), *[Fraction(rng.gauss(0, 1)) for _ in range(m)], zero)
    outputs = tuple((zero, zero, *[Fraction(int(i == j)) for j in range(m)], zero) for i in range(m))
    form = AbsNormal(1, (*gates, last), outputs)
    # Every gate is read by one output: the bound that lists use is (sum of the slopes)^2.
    bound = sum((row[1] for row in gates), zero) ** 2
    with pytest.raises(CertificateError):
        verify(form, 2, Certificate(bound * (1 - Fraction(1, 2**54)), Suffix()))
    assert verify(form, 2, Certificate(bound * (1 + Fraction(1, 10**9)), Suffix()))
