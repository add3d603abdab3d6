"""What ReLU networks cannot approximate, by other means: float networks, numeric certificates, quadrature of tanh^2."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise, product
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from lipcheck.build.relu_folding import best_slope_square, relu_absolute_value
from lipcheck.claims.anil2019.relu_cannot_approximate import approximates, common, depth, forms, infinity, linear
from lipcheck.claims.anil2019.relu_cannot_approximate.common import look, on, plain
from lipcheck.claims.anil2019.relu_cannot_approximate.sufficient import FLAT, away, bent
from lipcheck.claims.anil2019.relu_cannot_approximate.wasserstein import TABLE, objective
from lipcheck.network import Affine, Maxout, Network, ReLU
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Variant

half = Fraction(1, 2)
Array = NDArray[np.float64]
VIOLATED = ["norm", "element-wise", "increasing", "1-Lipschitz"]


def float_network(random: np.random.Generator, hidden: int, p: int | float) -> tuple[list[Array], list[Array]]:
    sizes = [1, *random.integers(1, 6, hidden), 1]
    shapes = [(m, n) for n, m in pairwise(sizes)]
    weights = [random.normal(size=shape) * (random.random(shape) < 0.8) for shape in shapes]
    norms = [np.linalg.norm(w, p) or 1.0 for w in weights]
    return [w / n for w, n in zip(weights, norms, strict=True)], [random.normal(size=m) * 0.5 for m in sizes[1:]]


def run(weights: list[Array], biases: list[Array], kind: str, x: float) -> float:
    value = np.array([x])
    for k, (w, b) in enumerate(zip(weights, biases, strict=True)):
        value = w @ value + b
        if k < len(weights) - 1:
            value = {"relu": np.maximum(value, 0), "leaky": np.maximum(value, 0.3 * value), "tanh": np.tanh(value),
                     "clip": np.clip(value, -0.5, 0.5)}[kind]  # fmt: skip
    return float(value[0])


@pytest.mark.parametrize(("p", "kind"), list(product((2, np.inf), ("relu", "leaky", "tanh", "clip"))))
def test_second_differences_of_random_networks(p: float, kind: str) -> None:
    random = np.random.default_rng(1)
    for _ in range(400):
        hidden = int(random.integers(1, 5))
        r = float(random.choice([0.3, 1.0, 4.0]))
        weights, biases = float_network(random, hidden, p)
        left, middle, right = (run(weights, biases, kind, x) for x in (-r, 0.0, r))
        bound = 2 * r * math.sqrt(best_slope_square(hidden)) if p == 2 else r
        assert abs(left - 2 * middle + right) <= bound + 1e-9
        if kind == "tanh" and p == 2 and r == 1.0:
            g, k = right - middle, middle - left
            assert abs(1 - g * k) <= 110.5 * (2 - g * g - k * k) + 1e-9


@pytest.mark.parametrize("hidden", [1, 2, 3, 4, 7, 10])
def test_every_step_of_the_chain_by_eigenvalues(hidden: int) -> None:
    """For all slopes on a grid the form behind a unit is at most that before it, as matrices in (a, b)."""

    def matrix(form: forms.Form) -> Array:
        A, B = map(float, form)
        return np.array([[A + B, A - B], [A - B, A + B]]) / 4

    chain = forms.chain(hidden)
    slopes = np.linspace(0, 1, 6)
    for behind, before in pairwise(chain):
        for p, q in product(slopes, slopes):
            D = np.diag([p, q])
            assert np.linalg.eigvalsh(matrix(before) - D @ matrix(behind) @ D)[0] >= -1e-12
    one = np.array([1.0, 1.0])
    worst = max(one @ np.diag([p, q]) @ matrix(chain[-1]) @ np.diag([p, q]) @ one for p, q in product(slopes, slopes))
    assert worst == pytest.approx(float(best_slope_square(hidden)))


def test_a_chain_proves_no_more_than_it_should() -> None:
    for hidden in range(1, 20):
        square = best_slope_square(hidden)
        assert forms.proves(hidden, square) and not forms.proves(hidden, square * Fraction(999, 1000))
    assert forms.chain(1) == [(0, 1)] and len(forms.chain(6)) == 6


def test_what_is_no_chain() -> None:
    third = Fraction(1, 3)
    zero, one = Fraction(0), Fraction(1)
    assert forms.is_chain([(zero, one), (third, one)])
    assert not forms.is_chain([(zero, one), (third * Fraction(99, 100), one)])
    assert not forms.is_chain([(zero, one), (one, half)])
    assert not forms.is_chain([(half, one), (Fraction(9, 20), 10 * one)])
    assert not forms.is_chain([(Fraction(1, 10), 5 * one), (4 * one, Fraction(9, 2))])
    assert not forms.is_chain([(zero, one), (100 * one, one)])


def test_the_second_difference_is_sharp() -> None:
    found = infinity.slopes(Variant())
    assert found.admits({"g": half, "k": -half}) and found.conclusion.holds({"g": half, "k": -half})
    assert not found.conclusion.holds({"g": half, "k": -half - Fraction(1, 1000)})


def test_distances_against_sampling() -> None:
    random = Random(3)
    for _ in range(40):
        weights = [[[Fraction(random.randint(-3, 3), 4)] for _ in range(3)]]
        first = Affine(weights[0], [Fraction(random.randint(-2, 2), 4) for _ in range(3)])
        last = Affine([[Fraction(random.randint(-3, 3), 4) for _ in range(3)]], [Fraction(1, 4)])
        seen = look(on(Network(1, (first, ReLU(), last)), Fraction(random.randint(1, 4), 2)))
        grid = [seen.radius * Fraction(k, 48) for k in range(-48, 49)]
        sampled = max(abs(evaluate(seen.network, [t])[0] - abs(t)) for t in grid)
        assert sampled <= seen.distance() <= sampled + seen.radius * 4 / 48


@pytest.mark.parametrize(("data", "missing"), list(zip(depth.candidates(Variant()), VIOLATED, strict=False)))
def test_each_candidate_misses_one_hypothesis(data: object, missing: str) -> None:
    found = depth.examine(data, Variant())
    assert [name for name, holds in found.hypotheses.items() if not holds] == [missing] and not found.conclusion


def test_the_closest_candidates_have_no_room() -> None:
    as_printed = Variant()
    best, *others = infinity.candidates(as_printed)
    assert depth.examine(depth.candidates(as_printed)[-1], as_printed).conclusion
    assert look(depth.candidates(as_printed)[-1]).distance() == Fraction(1, 4) == look(best).distance()
    more = Variant(constants={"error": Fraction(26, 100)})
    assert not infinity.examine(best, more, True).conclusion
    misses = [[k for k, v in infinity.examine(d, as_printed, False).hypotheses.items() if not v] for d in others]
    assert misses == [["norm"], ["element-wise"], ["increasing"], ["1-Lipschitz"]]


def test_the_counterexamples_by_hand() -> None:
    for error, layers in ((approximates.NEAR, 2), (approximates.NEARER, 7)):
        seen = look(approximates.within(error))
        assert seen.hidden == layers and seen.distance() == error
        other = look(approximates.maxout(approximates.within(error)))
        assert all(isinstance(layer, Affine | Maxout) for layer in other.network.layers)
        assert other.norms_at_most(Fraction(1), "2")
        for k in range(-6, 7):
            assert other.at(Fraction(k, 6)) == seen.at(Fraction(k, 6))
    assert not look(approximates.within(approximates.NEAR)).norms_at_most(Fraction(1), "inf")


def test_steep_networks_are_far_from_affine_functions() -> None:
    seen = look(on(relu_absolute_value(Fraction(4, 5))))
    assert seen.slope() == Fraction(4, 5) and seen.distance_from_affine() == Fraction(2, 5)
    fits = [max(abs(seen.at(Fraction(t)) - Fraction(p, 4) * t - Fraction(q, 8)) for t in (-1, 0, 1))
            for p in range(-4, 5) for q in range(-8, 9)]  # fmt: skip
    assert min(fits) >= Fraction(2, 5)
    assert not linear.examine(plain([[1]]), linear.STEEP, None).violates()


def test_adjacent_means_of_tanh_squares() -> None:
    """P H^2 <= 110 (Q H^2 + P F^2) with P, Q from the secants of tanh themselves."""

    def missing(u: float, step: float) -> float:
        return 1 - (math.tanh(u + step) - math.tanh(u)) / step

    steps = [s * m for s in (-1, 1) for m in (0.01, 0.1, 0.4, 1.0)]
    for u in np.linspace(-5, 5, 41):
        for F, H in product(steps, steps):
            P, Q = missing(float(u), F), missing(float(u), -H)
            assert P * H * H <= 110 * (Q * H * H + P * F * F) + 1e-12
            assert (P + Q - P * Q) * abs(F * H) - 1e-12 <= 110.5 * (P * F * F + Q * H * H)


def test_tanh_between_its_bounds() -> None:
    for z in np.linspace(-3, 3, 61):
        assert z * z / 10 - 1e-12 <= math.tanh(z) ** 2 <= z * z + 1e-12
    assert math.tanh(1) ** 2 >= 0.5 and (1 - 2 / 450) ** 2 > 220 / 222 > (1 - 2 / 440) ** 2


def test_objectives_and_the_table() -> None:
    assert objective(look(on(relu_absolute_value(Fraction(2, 3))))) == Fraction(2, 3)
    assert objective(look(plain([[1]]))) == 0
    ceilings = {3: math.sqrt(1 / 3), 7: math.sqrt(3 / 5)}
    for row, numbers in TABLE.items():
        for table_depth, values in numbers.items():
            below = [float(Fraction(v)) <= ceilings[table_depth] for v in values]
            assert all(below) if row == "ReLU" else not any(below)


def test_the_bent_function_is_one_lipschitz_and_no_affine_map_is_near() -> None:
    random = Random(3)
    for _ in range(300):
        x, y = ([Fraction(random.randint(-40, 40), 7) for _ in range(2)] for _ in range(2))
        assert (bent(x) - bent(y)) ** 2 <= sum((a - b) ** 2 for a, b in zip(x, y, strict=True))
    assert [bent([Fraction(a), Fraction(b)]) for a, b in ((0, -9), (3, -9), (0, 5), (-3, 0))] == [-1, 2, 4, 2]
    assert away(FLAT).conclusion and not away(FLAT).violates()


def test_a_network_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"R\^2 to R\^1"):
        common.look(on(Network(2, (Affine([[1, 0]], [0]),))))
