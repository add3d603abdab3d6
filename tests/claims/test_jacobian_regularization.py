"""Jacobian regularization by other means: difference quotients, numpy iterations, symbolic derivatives."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np
import pytest
import sympy

from lipcheck.claims.anil2019.jacobian_regularization import (
    algorithm,
    common,
    gradient,
    power_iteration,
    regularizer,
    rescaling,
)
from lipcheck.network import Affine, LeakyReLU, MaxMin, Network, to_json
from lipcheck.readings.rational import evaluate
from lipcheck.words.obligation import Data


def random_network(random: Random) -> Data:
    def weight(rows: int, columns: int) -> Affine:
        return Affine([[random.randint(-2, 2) for _ in range(columns)] for _ in range(rows)],
                      [random.randint(-2, 2) for _ in range(rows)])  # fmt: skip

    middle = random.choice([MaxMin(), LeakyReLU(Fraction(1, 3))])
    return to_json(Network(1, (weight(2, 1), middle, weight(1, 2))))


def test_slopes_and_constants_agree_with_differences() -> None:
    random, checked = Random(0), 0
    for _ in range(60):
        network = common.read(random_network(random))
        grid = [Fraction(k, 7) for k in range(-60, 61)]
        values = [evaluate(network, [x])[0] for x in grid]
        steepest = max(abs(b - a) * 7 for a, b in pairwise(values))
        assert steepest <= common.constant(network)
        for x in (Fraction(1, 3), Fraction(-19, 11)):
            try:
                slope = common.slope(network, x)
            except common.RegularizerError:
                continue
            t = Fraction(1, 10**4)
            assert slope == (evaluate(network, [x + t])[0] - evaluate(network, [x - t])[0]) / (2 * t)
            assert abs(slope) <= common.constant(network)
            checked += 1
    assert checked > 60


def test_a_point_in_every_piece_bounds_the_constant() -> None:
    random, met = Random(1), 0
    for _ in range(80):
        points = [str(Fraction(random.randint(-40, 40), 7)) for _ in range(6)]
        data = {"network": random_network(random), "points": points}
        try:
            bound = max(abs(common.slope(common.read(data["network"]), Fraction(x))) for x in points)
        except common.RegularizerError:
            continue
        found = regularizer.examine({**data, "bound": str(bound)}, repaired=True)
        met += found.hypotheses["every piece"]
        assert not found.violates()
    assert met > 10


def test_the_cycle_of_two_batches() -> None:
    first, second = np.diag([2.0, 1.0]), np.diag([1.0, 2.0])
    for start in ([1.0, 1.0], [0.3, -2.0], [5.0, 0.1]):
        u = np.array(start) / np.linalg.norm(start)
        begin, squares = u.copy(), []
        for J in (first, second):
            v = J.T @ u / np.linalg.norm(J.T @ u)
            u = J @ v / np.linalg.norm(J @ v)
            squares.append(float(u @ J @ v) ** 2)
        a, b = start[0] ** 2, start[1] ** 2
        assert np.allclose(u, begin)
        assert squares == pytest.approx([(16 * a + b) / (4 * a + b), (4 * a + 4 * b) / (4 * a + b)])
        assert max(squares) < 4
    assert not power_iteration.turning(power_iteration.TURNS).conclusion


def test_forward_mode_from_reverse_mode_symbolically() -> None:
    """For a smooth map: the derivative of v'(J'u) in u is J v, for constant v and for v = J'u / |J'u|."""
    x, y, p, q = sympy.symbols("x y p q", positive=True)
    J = sympy.Matrix([x * y, x + y**2]).jacobian([x, y])
    u = sympy.Matrix([p, q])
    g = J.T * u
    point = {x: 1, y: 2, p: 3, q: 4}
    v = (g / g.norm()).subs(point)
    for product in ((v.T * g)[0], g.norm()):
        h = sympy.Matrix([product]).jacobian([p, q]).T.subs(point)
        assert sympy.simplify(h - (J * v).subs(point)) == sympy.zeros(2, 1)


def test_the_derivative_before_convergence() -> None:
    theta = sympy.symbols("theta", positive=True)
    J = sympy.diag(1, theta)
    u = sympy.Matrix([1, 1])
    v = (J.T * u).subs(theta, sympy.Rational(1, 2))
    v = v / v.norm()
    u = (J * v).subs(theta, sympy.Rational(1, 2))
    u = u / u.norm()
    assert sympy.simplify(sympy.diff((u.T * J * v)[0], theta)) > 0
    assert not gradient.examine(gradient.ONE_STEP, repaired=False).conclusion
    with pytest.raises(common.RegularizerError):
        gradient.examine({"theta": "1/2", "u": ["0", "0"]}, repaired=False)


def test_terms_are_at_most_the_norm() -> None:
    rng = np.random.default_rng(2)
    for _ in range(40):
        J = rng.integers(-3, 4, (rng.integers(1, 4), rng.integers(1, 4)))
        u = rng.integers(-2, 3, len(J))
        exact = tuple(tuple(Fraction(int(a)) for a in row) for row in J)
        top, bottom = algorithm.term(exact, tuple(Fraction(int(a)) for a in u))
        sigma = float(np.linalg.norm(J, 2))
        assert float(top / bottom) <= sigma**2 * (1 + 1e-12)
        data = {"J": J.astype(str).tolist(), "u": u.astype(str).tolist()}
        assert algorithm.guarantee(data, Fraction(1)).conclusion
        if sigma and float(top / bottom) > 0.995 * sigma**2:
            assert not algorithm.guarantee(data, Fraction(101, 100)).conclusion


def test_rescaling_reaches_any_factor() -> None:
    for slope in (2, 11, 1000):
        network = common.read(common.leaky(Fraction(1, slope)))
        assert common.constant(network) / common.slope(network, Fraction(-1)) == slope
    assert not rescaling.examine(rescaling.STEEP, repaired=False).conclusion


def test_malformed_data_are_refused() -> None:
    with pytest.raises(common.RegularizerError):
        common.read(to_json(Network(2, (Affine([[1, 1]], [0]),))))
    with pytest.raises(common.RegularizerError):
        common.slope(common.read(common.relu()), Fraction(0))
    with pytest.raises(common.RegularizerError):
        common.jacobian_and_start({"J": [["1"]], "u": ["1", "1"]})
    with pytest.raises(common.RegularizerError):
        common.entries({}, ("J",))


@pytest.mark.parametrize("start", [("1", "1"), ("0", "1"), ("1", "0"), ("-3", "2")])
def test_the_derivative_of_the_term_by_differences(start: tuple[str, str]) -> None:
    """u and v from one normalized step in numpy; the term moves with theta exactly where the claim says so."""
    theta = 0.5
    J, u = np.diag([1.0, theta]), np.array([float(a) for a in start])
    v = J.T @ u / np.linalg.norm(J.T @ u)
    u = J @ v / np.linalg.norm(J @ v)
    moved = bool(abs(u @ (np.diag([1.0, theta + 1e-3]) - J) @ v) > 1e-12)
    found = gradient.examine({"theta": "1/2", "u": list(start)}, repaired=False)
    assert found.hypotheses["smaller"] and found.conclusion == (not moved)


def test_squared_terms_are_those_of_a_normalized_step() -> None:
    rng = np.random.default_rng(9)
    for shape in ((1, 1), (2, 3), (3, 2), (4, 4)):
        J, u = rng.integers(-4, 5, shape), rng.integers(1, 5, shape[0])
        exact = tuple(tuple(Fraction(int(w), 3) for w in row) for row in J)
        top, bottom = algorithm.term(exact, tuple(Fraction(int(a)) for a in u))
        g = J.T / 3 @ u
        wanted = np.linalg.norm(J / 3 @ g / np.linalg.norm(g)) ** 2 if g.any() else 0.0
        assert float(top / bottom) == pytest.approx(wanted)
    assert algorithm.term(((Fraction(1),), (Fraction(0),)), (Fraction(0), Fraction(1))) == (0, 1)
