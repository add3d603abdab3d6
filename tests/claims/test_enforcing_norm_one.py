"""Norm one by other means: singular values in numpy, the cubic by sympy."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy

from lipcheck.claims.anil2019.enforcing_norm_one import exactly_one, provably, techniques


def test_an_iteration_acts_on_singular_values() -> None:
    rng = np.random.default_rng(0)
    for shape in ((1, 1), (2, 3), (4, 2), (3, 3)):
        weight = rng.integers(-3, 4, shape)
        exact = tuple(tuple(Fraction(int(w), 5) for w in row) for row in weight)
        floats = weight / 5
        after = np.array(techniques.bjorck(exact), dtype=float)
        assert np.allclose(after, floats @ (3 * np.eye(shape[1]) - floats.T @ floats) / 2)
        s = np.linalg.svd(floats)[1]
        assert np.allclose(np.sort(np.abs(s * (3 - s**2) / 2)), np.sort(np.linalg.svd(after)[1]))
        if s.max() <= 2:
            assert np.linalg.norm(after, 2) <= 1 + 1e-12


def test_the_cubic_and_its_sharp_interval() -> None:
    s = sympy.symbols("s")
    assert sympy.expand(2 - s * (3 - s**2) - (1 - s) ** 2 * (2 + s)) == 0
    assert sympy.expand(2 + s * (3 - s**2) - (1 + s) ** 2 * (2 - s)) == 0
    assert (s * (3 - s**2) / 2).subs(s, 2) == -1
    for value, inside in ((Fraction(2), True), (Fraction(2001, 1000), False)):
        assert (abs(value * (3 - value**2) / 2) <= 1) is inside


def test_norms_below_one_are_never_repaired() -> None:
    value = Fraction(1, 2)
    for _ in range(5):
        value = value * (3 - value**2) / 2
        assert 0 < value < 1
    assert techniques.ensured({"W": [["1/2"]], "iterations": 5}, repaired=False).violates()
    assert not techniques.ensured({"W": [["1/2"]], "iterations": 5}, repaired=True).violates()
    assert not techniques.ensured({"W": [["1", "0"], ["0", "-1"]], "iterations": 2}, repaired=False).violates()


def test_zero_and_bad_data() -> None:
    assert not techniques.projected([["0", "0"]], repaired=False).violates()
    assert not exactly_one.scaled([["0"]]).hypotheses["nonzero"] and not exactly_one.scaled([["0"]]).conclusion
    for data in ({"W": [["1"]]}, {"W": [["1"]], "iterations": 0}, {"W": [["1"]], "iterations": True}, []):
        with pytest.raises(techniques.TechniqueError):
            techniques.iterated(data)


def test_orthonormal_is_stronger_than_norm_one() -> None:
    for weight, expected in ((exactly_one.UNEQUAL, False), (exactly_one.SQUARES[0], True), ([["1"], ["0"]], True)):
        found = exactly_one.orthonormal(weight)
        assert found.hypotheses["orthonormal"] is expected
        assert not found.violates()
        values = np.linalg.svd(np.array([[float(Fraction(w)) for w in row] for row in weight]))[1]
        assert bool(np.allclose(values, 1)) is expected


@pytest.mark.parametrize(("a", "weight"), [(3, 1), (2, 1), (-5, Fraction(1, 10)), (7, 3)])
def test_the_minimizer_with_a_penalty(a: int, weight: Fraction) -> None:
    w = sympy.symbols("w")
    loss = (w - a) ** 2 / 2 + sympy.Rational(str(weight)) / 2 * w**2
    (root,) = sympy.solve(sympy.diff(loss, w), w)
    data = {"a": str(a), "lambda": str(weight)}
    assert provably.minimizer(data)[2] == Fraction(int(root.p), int(root.q))
    assert provably.examine(data, repaired=False).violates() is bool(abs(root) > 1)
    assert not provably.examine(data, repaired=True).violates()


def test_a_negative_penalty_is_refused() -> None:
    for data in ({"a": "1", "lambda": "-1"}, {"a": "1"}):
        with pytest.raises(techniques.TechniqueError):
            provably.minimizer(data)


def test_norms_above_two_end_above_one() -> None:
    for s in (2.01, 3.0, 50.0):
        after = techniques.bjorck(((Fraction(s), Fraction(0)), (Fraction(0), Fraction(1, 2))))
        assert np.linalg.norm(np.array(after, dtype=float), 2) > 1
