"""Margins, memorising functions and the expansion of the BCE, recomputed in other ways."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy

from lipcheck.claims.bethune2021.margin_choice import epsilon, expansion, gap, zero
from lipcheck.claims.bethune2021.margin_choice.epsilon import ClassError
from lipcheck.words.claim import Variant


def feasible(p: list[Fraction], q: list[Fraction], m: Fraction) -> bool:
    """Whether f >= m on p, f <= -m on q extends to a 1-Lipschitz f: the smallest such f, by McShane, tells."""
    return all(max(m - abs(x - a) for a in p) <= -m for x in q)


@pytest.mark.parametrize("factor", [Fraction(1, 3), Fraction(1, 2), Fraction(3, 5), Fraction(1)])
def test_margins_and_distances(factor: Fraction) -> None:
    points = [Fraction(k, 4) for k in range(9)]
    for a, b, c in product(points, repeat=3):
        if min(abs(a - c), abs(b - c)) <= 1:
            continue
        data = {"p": [str(a), str(b)], "q": [str(c)], "epsilon": "1"}
        found = epsilon.reachable("x", factor).examine(data)
        assert found.conclusion is feasible([a, b], [c], factor) and all(found.hypotheses.values())
        assert factor > Fraction(1, 2) or found.conclusion


def test_no_factor_above_one_half_survives() -> None:
    for factor in (Fraction(501, 1000), Fraction(1), Fraction(7)):
        law = epsilon.reachable("x", factor)
        assert any(law.examine(d).violates() for d in law.candidates())
    law = epsilon.reachable("x", Fraction(1, 2))
    assert not any(law.examine(d).violates() for d in law.candidates())


def test_taylor_coefficients_against_sympy() -> None:
    t = sympy.symbols("t")
    series = sympy.series(sympy.log(1 + sympy.exp(-t)) - sympy.log(2), t, 0, 7).removeO()
    assert [sympy.Rational(c.numerator, c.denominator) for c in expansion.coefficients(6)] == [
        series.coeff(t, k) for k in range(7)
    ]


def test_the_remainder_for_all_sizes() -> None:
    t = np.linspace(-30, 30, 6001)
    rest = np.logaddexp(0, -t) - np.log(2) + t / 2
    assert np.all(rest <= t**2 / 8 + 1e-12) and np.all(rest >= t**2 / 8 - t**4 / 192 - 1e-12)
    near = (abs(t) <= 1) & (t > 0)
    assert np.all(rest[near] >= t[near] ** 2 / 9 - 1e-15)


def test_memorising_functions_on_a_grid() -> None:
    rng = np.random.default_rng(9)
    grid = (np.arange(4000) + 0.5) / 4000
    for p, m in product((1, 5, 40), (0.0, 0.1, 1.0)):
        sample, r = rng.uniform(size=p), 1 / (8 * p)
        f = m + r - np.min(abs(grid[:, None] - sample), axis=1)
        assert np.max(abs(np.diff(f)) * 4000) <= 1 + 1e-9
        assert np.mean(f < m) >= 0.75 - 1e-2


def test_the_ramp_controls_the_sign() -> None:
    rng = np.random.default_rng(10)
    z, m = rng.normal(size=1000), 0.3
    ramp = np.clip(1 - z / m, 0, 1)
    assert np.all((z <= 0) <= ramp) and np.all(ramp <= (z < m))
    clipped = np.clip(z, -2 * m, 2 * m)
    assert np.allclose(ramp, np.clip(1 - clipped / m, 0, 1))


def test_the_error_of_a_sample() -> None:
    law = gap.uniform(Variant())
    for sample in (["1/3"], ["0", "1/2", "1"]):
        data = {"sample": sample, "radius": f"1/{8 * len(sample)}", "m": "5"}
        assert law.examine(data).violates()
    dense = {"sample": ["1/8", "3/8", "5/8", "7/8"], "radius": "0", "m": "1/8"}
    assert law.examine(dense).violates()
    assert not gap.uniform(Variant(repaired=True)).examine(dense).violates()


def test_pairs_pay_for_being_separated() -> None:
    rng = np.random.default_rng(11)
    T, L = 1.7, 0.9
    for d in (0.0, 0.2, 3.0):
        f = rng.normal(size=500)
        g = f - rng.uniform(-L * d, L * d, size=500)
        mean = (np.logaddexp(0, -T * f) + np.logaddexp(0, T * g)) / 2
        assert np.all(mean >= np.logaddexp(0, -T * L * d / 2) - 1e-12)
        assert np.logaddexp(0, -T * L * d / 2) >= np.log(2) - T * L * d / 4 - 1e-12


def test_unsure_examples_can_be_flipped_and_sure_ones_not() -> None:
    rng = np.random.default_rng(19)
    m, x = 0.5, np.zeros(3)
    attacks = rng.normal(size=(400, 3))
    attacks *= rng.uniform(0, m, size=(400, 1)) / np.linalg.norm(attacks, axis=1, keepdims=True)
    for v in (0.1, 0.3, 0.5, 0.7):
        values = v - np.linalg.norm(x - attacks, axis=1)
        assert bool(np.any(values < 0)) is (v < m)
        assert v < m or np.all(values > 0)


def test_malformed_data_are_refused() -> None:
    for examine, data in (
        (epsilon.reachable("x", Fraction(1)).examine, {"p": [], "q": ["0"], "epsilon": "1"}),
        (zero.dimension(Variant()).examine, {"points": ["1", "1"], "d": 1}),
        (gap.uniform(Variant()).examine, {"sample": ["3"], "radius": "0", "m": "1"}),
    ):
        with pytest.raises(ClassError):
            examine(data)


def test_dimensions_of_finite_sets_by_all_labellings() -> None:
    """On points of R every labelling is realised, so a finite set has its number of points as dimension."""
    points = np.array([0.0, 1.0, 1.25, 7.0])
    for labels in product((1, -1), repeat=4):
        y = np.array(labels)
        away = [[np.min(abs(points[y == s] - x), initial=9) for x in points] for s in (1, -1)]
        assert np.all(np.sign((np.array(away[1]) - np.array(away[0])) / 2) == y)
    law = zero.dimension(Variant())
    assert law.examine({"points": ["0", "1"], "d": 3}).violates()
    assert not law.examine({"points": ["0", "1"], "d": 2}).violates()
    assert not zero.dimension(Variant(repaired=True)).examine({"points": ["0", "1"], "d": 3}).violates()
