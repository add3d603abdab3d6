"""The smallest constant, its name and its bound by derivatives, computed by other means."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import combinations, product
from random import Random

import numpy as np
import pytest
import sympy

from lipcheck.claims.anil2019.lipschitz_constant import constant, domains, jacobian, metric, named
from lipcheck.network import Affine, Network, ReLU, from_json
from lipcheck.readings.rational import evaluate
from lipcheck.replay import ReplayError, refutes
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Budget


def test_two_points_have_a_smallest_constant_and_one_has_none() -> None:
    for values in product((F(0), F(1), F(5)), repeat=3):
        assert constant.has_smallest((F(0), F(1), F(3)), values, nonnegative=False)
    assert not constant.has_smallest((F(0),), (F(4),), nonnegative=False)
    assert constant.has_smallest((F(0),), (F(4),), nonnegative=True)


def test_the_smallest_constant_of_a_network_is_its_largest_slope_on_a_grid() -> None:
    random = Random(2)
    for _ in range(40):
        weights = [[random.randint(-2, 2)] for _ in range(3)]
        biases = [random.randint(-2, 2) for _ in range(3)]
        last = [[random.randint(-2, 2) for _ in range(3)]]
        network = Network(1, (Affine(weights, biases), ReLU(), Affine(last, [0])))
        grid = [F(k, 2) for k in range(-12, 13)]
        steps = [abs(evaluate(network, [x])[0] - evaluate(network, [y])[0]) / (y - x) for x, y in combinations(grid, 2)]
        assert named.smallest(network) == max(steps)


def test_the_opposed_units_compose_to_zero() -> None:
    inner, outer = from_json(named.OPPOSED["inner"]), from_json(named.OPPOSED["outer"])
    assert named.smallest(inner) == named.smallest(outer) == 1
    assert {evaluate(outer.compose(inner), [F(k, 3)]) for k in range(-9, 10)} == {(0,)}


def test_the_slope_of_a_rational_function_is_its_derivative() -> None:
    x = sympy.Symbol("x")
    for p, q in (([1], [1, 0, 1]), ([0, 1, 3], [2, 0, 0, 0, 5]), ([-1, F(1, 2)], [1])):
        f = sum(c * x**k for k, c in enumerate(map(sympy.Rational, p))) / sum(c * x**k for k, c in enumerate(q))
        for at in (F(0), F(1), F(-2, 3)):
            true = sympy.diff(f, x).subs(x, sympy.Rational(at.numerator, at.denominator))
            assert jacobian.slope(tuple(map(F, p)), tuple(map(F, q)), at) == F(int(true.p), int(true.q))


def test_the_supremum_of_the_norm_is_the_constant_of_a_smooth_map() -> None:
    rng = np.random.default_rng(0)
    first, last = rng.normal(size=(4, 3)), rng.normal(size=(2, 4))

    def derivative(x: np.ndarray) -> np.ndarray:
        return last @ np.diag(np.cos(first @ x)) @ first

    def f(x: np.ndarray) -> np.ndarray:
        return last @ np.sin(first @ x)

    for order in (1, 2, np.inf):
        for _ in range(50):
            x, y = rng.normal(size=(2, 3))
            moved = np.linalg.norm(f(x) - f(y), order)
            bound = max(np.linalg.norm(derivative(x + t * (y - x)), order) for t in np.linspace(0, 1, 400))
            assert moved <= bound * np.linalg.norm(x - y, order) * 1.001


def test_the_function_beside_the_slit_is_smooth_where_it_is_defined() -> None:
    step = F(1, 10**6)
    for x, y in product([F(k, 7) for k in range(-3, 4)], repeat=2):
        if not domains.inside((x, y)):
            continue
        sign = 1 if x > 0 else -1
        for dx, dy in ((step, F(0)), (F(0), step), (-step, step)):
            rise = (domains.height((x + dx, y + dy)) - domains.height((x, y))) / step
            assert abs(rise - 2 * sign * max(y, F(0)) * (dy / step)) <= step
        assert (2 * max(y, F(0))) ** 2 <= 1
    assert not domains.inside((F(0), F(0))) and domains.inside((F(0), F(-1, 9))) and not domains.inside((F(1, 2), F(0)))


def test_the_ratio_across_the_slit_has_no_bound() -> None:
    for d in (F(1, 10), F(1, 1000), F(1, 10**6)):
        rise = domains.height((d, F(2, 5))) - domains.height((-d, F(2, 5)))
        assert rise / (2 * d) == F(4, 25) / d


@pytest.mark.parametrize(("p", "q"), [(1, 2), (1, np.inf), (2, np.inf), (1.5, 3)])
def test_larger_p_leaves_fewer_functions(p: float, q: float) -> None:
    z = np.random.default_rng(3).normal(size=(500, 4))
    assert (np.linalg.norm(z, q, axis=1) <= np.linalg.norm(z, p, axis=1) * (1 + 1e-12)).all()
    t = 2 ** (1 / p - 1)
    pairs = z[:, :2]
    assert (t * abs(pairs.sum(1)) <= np.linalg.norm(pairs, p, axis=1) * (1 + 1e-12)).all()
    assert t * 2 > np.linalg.norm([1, 1], q)


@pytest.mark.parametrize(("obligations", "data"), [
    (constant.every_space, {"points": ["0", "0"], "values": ["0", "1"]}),
    (constant.every_space, {"points": [], "values": []}),
    (jacobian.pointwise, {**jacobian.BUMP, "q": ["1", "1"]}),
    (jacobian.pointwise, {**jacobian.BUMP, "q": ["0", "0", "1"]}),
    (domains.domain, {"p": ["0", "0", "0"], "q": ["0", "0"]}),
    (metric.as_printed, {"distance": "0", "rise": "1"}),
    (named.obligations, {"inner": {"inputs": 2, "layers": []}, "outer": {}}),
])  # fmt: skip
def test_malformed_data_are_no_counterexample(obligations: object, data: object) -> None:
    assert callable(obligations)
    with pytest.raises(ReplayError):
        refutes(data, obligations(Variant(), Budget.CI)[0])
