"""Table 1, rows Wasserstein, hKR, certificates and gradients: linear programs, simulations and finite differences."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from lipcheck.claims.bethune2021.table_1 import (
    CLAIMS,
    _transport,
    gradients_exploding,
    gradients_vanishing,
    robustness,
    wasserstein_practice,
    wasserstein_weak,
)
from lipcheck.claims.bethune2021.table_1 import hkr_minimizer as hkr
from lipcheck.claims.bethune2021.table_1 import hkr_minimizer_lipschitz as hkr_lip
from lipcheck.claims.bethune2021.table_1 import wasserstein_minimizer as wasserstein
from lipcheck.claims.bethune2021.table_1 import wasserstein_minimizer_lipschitz as wasserstein_lip
from lipcheck.words.claim import Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Universal
from lipcheck.words.verdict import Budget

CELLS = {
    "wasserstein": ("minimizer", "practice", "consistency"),
    "hkr": ("minimizer", "consistency"),
}
UNBOUNDED, SOLVED = 3, 0


def examine(obligations: Any, name: str, data: Any, repaired: bool = False, **constants: Fraction) -> Any:
    variant = Variant(constants=constants, repaired=repaired)
    (found,) = (o for o in obligations(variant, Budget.CI) if o.name == name)
    assert isinstance(found, Universal)
    return found.examine(data)


def least(points: list[tuple[int, int]], lam: float, m: float, L: float | None) -> Any:
    """The least summed -z + lam (m - z)+, z = y f(x), over L-Lipschitz f (all f for None): a linear program.

    Variables: a value for every input, then a slack for every example.
    """
    places = sorted({x for x, _ in points})
    n, p = len(places), len(points)
    cost = np.concatenate([np.zeros(n), np.full(p, lam)])
    rows, limits = [], []
    for i, (x, y) in enumerate(points):
        cost[places.index(x)] -= y
        row = np.zeros(n + p)
        row[places.index(x)], row[n + i] = -y, -1
        rows.append(row)
        limits.append(-m)
    for i, j in combinations(range(n), 2) if L is not None else ():
        for sign in (1, -1):
            row = np.zeros(n + p)
            row[i], row[j] = sign, -sign
            rows.append(row)
            limits.append(L * abs(places[i] - places[j]))
    bounds = [(None, None)] * n + [(0, None)] * p
    return linprog(cost, A_ub=np.array(rows), b_ub=limits, bounds=bounds)


def training_sets(seed: int, count: int) -> list[list[tuple[int, int]]]:
    random = Random(seed)
    found = []
    while len(found) < count:
        points = [(random.randint(0, 3), random.choice((1, -1))) for _ in range(random.randint(2, 6))]
        if {y for _, y in points} == {1, -1}:
            found.append(points)
    return found


def spelled(points: list[tuple[int, int]], f: Any = None, **more: Any) -> dict[str, Any]:
    values = [str(f(x) if f else 0) for x, _ in points]
    return {"points": [[str(x), y] for x, y in points], "f": values, **{k: str(v) for k, v in more.items()}}


def test_every_cell_has_a_claim() -> None:
    names = {claim.id.removeprefix("bethune2021.table_1.") for claim in CLAIMS}
    rows = [f"{loss}_{cell}" for loss, cells in CELLS.items() for cell in cells]
    for cell in (*rows, "certificates", "exploding", "vanishing"):
        assert {f"{cell}_unconstrained", f"{cell}_lipschitz"} <= names


def test_the_wasserstein_loss_is_unbounded_exactly_if_some_unit_falls() -> None:
    for points in training_sets(1, 60):
        found = least(points, 0, 0, None)
        fails = not examine(wasserstein.printed, wasserstein.MINIMUM, spelled(points)).conclusion
        assert found.status == (SOLVED if fails else UNBOUNDED)
        assert not fails or found.fun == pytest.approx(0)


def test_the_rate_of_the_wasserstein_loss_is_attained() -> None:
    for points in training_sets(2, 40):
        if sum(y for _, y in points) == 0:
            one, three = least(points, 0, 0, 1.0), least(points, 0, 0, 3.0)
            assert one.status == three.status == SOLVED and three.fun == pytest.approx(3 * one.fun, abs=1e-8)
        else:
            assert least(points, 0, 0, 0.0).status == UNBOUNDED  # constants


@pytest.mark.parametrize("lam", [0.5, 1.0, 2.0])
def test_hkr_is_unbounded_exactly_if_some_input_falls(lam: float) -> None:
    for points in training_sets(3, 40):
        data = spelled(points, **{"lambda": Fraction(lam), "m": 1})
        fails = not examine(hkr.printed, hkr.MINIMUM, data).conclusion
        assert least(points, lam, 1, None).status == (SOLVED if fails else UNBOUNDED)


@pytest.mark.parametrize("lam", [0.5, 1.0, 2.0])
def test_hkr_over_lipschitz_functions_is_attained_exactly_within_the_odds(lam: float) -> None:
    for points in training_sets(4, 40):
        p = Fraction(sum(y == 1 for _, y in points), len(points))
        data = {"lambda": str(Fraction(lam)), "p": str(p)}
        fails = not examine(hkr_lip.printed, hkr_lip.BOUNDED, data).conclusion
        found = least(points, lam, 1, 1.5)
        assert found.status == (UNBOUNDED if fails else SOLVED)
        if not fails:  # the rate: (1 + lambda) L D >= -E - m for the mean E
            diameter = max(x for x, _ in points) - min(x for x, _ in points)
            assert (1 + lam) * 1.5 * diameter >= -found.fun / len(points) - 1 - 1e-9


def test_the_printed_minimum_fails_for_every_constant_but_the_right_one() -> None:
    for L in ("1", "2", "1/3"):
        data = {**wasserstein_lip.UNIT, "L": L, "P": [["1", "1", L]]}
        for factor in (Fraction(1), Fraction(-1), Fraction(-1, 2)):
            found = examine(wasserstein_lip.printed, wasserstein_lip.MINIMUM, data, True, factor=factor)
            assert all(found.hypotheses.values()) and found.conclusion == (factor == Fraction(-1, 2))


def test_affine_training_falls_by_a_fixed_amount() -> None:
    points, eta = [(0.0, 1), (1.0, -1), (3.0, -1), (2.0, 1)], 0.3
    s, e = (sum(y * x for x, y in points) / 4, sum(y for _, y in points) / 4)
    w, b, losses = 0.7, -2.0, []
    for _ in range(20):
        losses.append(-sum(y * (w * x + b) for x, y in points) / 4)
        w, b = w + eta * s, b + eta * e
    assert np.diff(losses) == pytest.approx([-eta * (s * s + e * e)] * 19)


def test_the_flow_of_a_homogeneous_network_runs_away() -> None:
    """f = u |v x| with k = 3 layers u, v, t: E^2/N^3 does not fall along small steps, and E does."""
    points = [(0.0, 1), (1.0, -1)]
    theta = np.array([-0.5, 0.4, 0.6])

    def loss(p: Any) -> float:
        return -sum(y * p[0] * abs(p[1] * abs(p[2] * x)) for x, y in points) / 2

    energies, ratios = [], []
    for _ in range(400):
        gradient = np.array([(loss(theta + h) - loss(theta - h)) / 2e-6 for h in 1e-6 * np.eye(3)])
        assert theta @ gradient == pytest.approx(3 * loss(theta), rel=1e-5)
        energies.append(loss(theta))
        ratios.append(loss(theta) ** 2 / (theta @ theta) ** 3)
        theta = theta - 0.01 * gradient
    assert energies[0] < 0 and (np.diff(energies) < 0).all() and (np.diff(ratios) > -1e-9).all()


def test_flows_cross_kinks() -> None:
    """f = v max(w.x, 0) on two inputs, the second off at the start: it is switched on, and the loss runs away."""
    x, y = np.array([[1.0, 0.2], [0.5, -1.0]]), np.array([1, 1])
    v, w, step = 0.5, np.array([0.1, 0.4]), 1e-3
    active, energies, ratios = set(), [], []
    for _ in range(4000):
        on = x @ w > 0
        pull = (y * on) @ x / 2
        energies.append(-v * w @ pull)
        ratios.append(energies[-1] ** 2 / (v * v + w @ w) ** 2)
        active.add(tuple(on.tolist()))
        v, w = v + step * (w @ pull), w + step * v * pull
    assert active == {(True, False), (True, True)}
    assert energies[0] < 0 and (np.diff(energies) < 0).all() and (np.diff(ratios) > -1e-9).all()


def test_balanced_and_separable_training_sets_have_the_printed_cells() -> None:
    """Of balanced sets with one label at every input both losses are unbounded, by one unit, and constants stay."""
    random = Random(12)
    for _ in range(60):
        places = random.sample(range(8), 2 * random.randint(1, 3))
        points = [(x, 1 if i % 2 else -1) for i, x in enumerate(places)]
        for lam in (0.0, 0.5, 2.0):
            assert least(points, lam, 1, None).status == UNBOUNDED and least(points, lam, 1, 0.0).status == SOLVED
        x, y = max(points)
        s = max(z for z, _ in points if z < x)
        losses = [
            sum(2.0 * max(0.0, 1 - t) - t for t in (label * y * c * max(z - s, 0) for z, label in points))
            for c in (10, 10**3, 10**5)
        ]
        assert losses[0] > losses[1] > losses[2] and losses[2] < -(10**4)


def test_dead_units_stay_and_better_starts_move() -> None:
    name = wasserstein_practice.MOVES
    random, moved = Random(5), 0
    for _ in range(200):
        data = {**wasserstein_practice.DEAD, **{k: str(random.randint(-3, 3)) for k in "vwb"}}
        assert not examine(wasserstein_practice.always, name, data, repaired=True).violates()
        moved += examine(wasserstein_practice.always, name, data).conclusion
    assert 0 < moved < 200 and examine(wasserstein_practice.always, name, wasserstein_practice.DEAD).violates()


def test_what_moves_by_differences() -> None:
    random, h = Random(10), Fraction(1, 10**9)
    points = [(Fraction(0), 1), (Fraction(1), -1)]

    def loss(v: Fraction, w: Fraction, b: Fraction) -> Fraction:
        return -sum((y * v * max(w * x + b, Fraction(0)) for x, y in points), Fraction(0))

    for _ in range(200):
        start = [Fraction(random.randint(-2, 2)) for _ in range(3)]
        data = {**wasserstein_practice.DEAD, **{k: str(s) for k, s in zip("vwb", start, strict=True)}}
        found = examine(wasserstein_practice.always, wasserstein_practice.MOVES, data)
        if found.hypotheses["differentiable"]:
            steps = [[[s + d * (i == j) for j, s in enumerate(start)] for d in (h, -h)] for i in range(3)]
            assert found.conclusion == any(loss(*up) != loss(*down) for up, down in steps)


def test_the_repairs_ask_for_what_they_say() -> None:
    for points in training_sets(11, 60):
        labels = {x: [y for z, y in points if z == x] for x, _ in points}
        balanced, differ = sum(y for _, y in points) == 0, any(sum(here) for here in labels.values())
        found = examine(wasserstein.printed, wasserstein.MINIMUM, spelled(points), repaired=True)
        assert found.hypotheses["repair"] == (balanced and differ)
        data = spelled(points, **{"lambda": 1, "m": 1})
        odds = [sum(y == s for _, y in points) for s in (1, -1)]
        pure = any(len(set(here)) == 1 for here in labels.values())
        found = examine(hkr.printed, hkr.MINIMUM, data, repaired=True)
        assert found.hypotheses["repair"] == (pure and max(odds) <= 2 * min(odds))


@pytest.mark.parametrize(("at_p", "at_q", "wrong"), [("1/2", "-1/2", False), ("0", "-1", True), ("1", "0", True)])
def test_zero_counts_as_wrong(at_p: str, at_q: str, wrong: bool) -> None:
    data = {"p": "1/2", "P": [["1", "1", at_p]], "Q": [["0", "1", at_q]]}
    found = examine(wasserstein_weak.always, wasserstein_weak.WRONG, data)
    assert all(found.hypotheses.values()) and found.conclusion == wrong


def test_minimizers_for_the_laws_of_proposition_6_err() -> None:
    atoms = {"p": "1/2", "P": [[str(4 * i), "1/3", str(6 - 4 * i)] for i in range(3)],
             "Q": [[str(4 * i + 3), "1/3", str(3 - 4 * i)] for i in range(3)]}  # fmt: skip
    found = examine(wasserstein_weak.always, wasserstein_weak.WRONG, atoms, repaired=True)
    assert all(found.hypotheses.values()) and found.conclusion
    assert not wasserstein_weak.as_in_proposition_6(wasserstein_weak.read_pair(wasserstein_weak.RIGHT))


def test_samples_of_a_fair_coin_are_unbounded_for_networks() -> None:
    """One unit at the second largest input, as in the rows on consistency."""
    random = Random(6)
    for size in (1, 2, 5, 20):
        sample = [(random.random(), random.choice((1, -1))) for _ in range(size)]
        ordered = sorted(sample)
        x, y = ordered[-1]
        s = ordered[-2][0] if size > 1 else x - 1
        for lam, c in ((0.0, 1e9), (2.0, 1e9)):
            scores = [label * y * c * max(z - s, 0) for z, label in sample]
            assert sum(lam * max(0.0, 1 - t) - t for t in scores) / size < -1e3
    for v in np.linspace(-5, 5, 101):
        assert (2.0 * (max(0, 1 - v) + max(0, 1 + v))) / 2 >= 2.0


def test_certificates_of_the_literal_reading() -> None:
    random = Random(7)
    for _ in range(50):
        size = random.randint(1, 3)
        weights = [str(random.choice((-2, -1, 1, 3))) for _ in range(size)]
        biases = [str(random.randint(-2, 2)) for _ in range(size)]
        data = {"weights": weights, "biases": biases, "x": str(random.randint(-3, 3))}
        found = examine(robustness.literal, robustness.NONE, data)
        assert found.violates() == found.hypotheses["a logit other than 0"]
        assert not examine(robustness.literal, robustness.NONE, data, repaired=True).violates()


def test_gradients_of_biases_by_differences() -> None:
    random = Random(8)
    for _ in range(100):
        weights = [Fraction(random.choice((1, 2, 4, -1, -3)), random.choice((1, 2, 4))) for _ in range(3)]

        def output(biases: list[int], weights: list[Fraction] = weights) -> Fraction:
            z = Fraction(0)
            for w, b in zip(weights, biases, strict=True):
                z = w * z + b
            return z

        gradients = [output([int(i == j) for j in range(3)]) for i in range(3)]
        found = examine(gradients_exploding.function, gradients_exploding.BIASES, {"weights": list(map(str, weights))})
        assert found.conclusion == (max(map(abs, gradients)) <= 1)
        assert found.hypotheses["1-Lipschitz"] == (abs(math.prod(weights)) <= 1)


@pytest.mark.parametrize("activation", ["relu", "abs"])
def test_gradients_of_the_wasserstein_loss_by_differences(activation: str) -> None:
    random, h = Random(9), Fraction(1, 10**9)
    for _ in range(100):
        size = random.randint(1, 4)
        data = {"activation": activation, "weights": [random.choice(("1", "-1", "1/2")) for _ in range(size)],
                "biases": [str(Fraction(random.randint(-9, 9), 7)) for _ in range(size)], "x": "1/3"}  # fmt: skip

        def output(shift: Fraction, data: Any = data) -> Fraction:
            z = Fraction(data["x"])
            for i, (w, b) in enumerate(zip(data["weights"], data["biases"], strict=True)):
                z = Fraction(w) * z + Fraction(b) + (shift if i == 0 else 0)
                if i < len(data["weights"]) - 1:
                    z = abs(z) if activation == "abs" else max(z, Fraction(0))
            return z

        found = examine(gradients_vanishing.alone, gradients_vanishing.KEPT, data)
        if found.hypotheses["differentiable"]:
            assert found.conclusion == (abs(output(h) - output(-h)) == 2 * h)
        assert not examine(gradients_vanishing.alone, gradients_vanishing.KEPT, data, repaired=True).violates()


def test_logistic_layers_lose_three_quarters() -> None:
    for t in np.linspace(-6, 6, 241):
        s = 1 / (1 + math.exp(-t))
        assert 0 < s * (1 - s) <= 0.25


@pytest.mark.parametrize(
    "data",
    [
        {"points": [["0", 1]], "f": []},
        {"points": [["0", 2]], "f": ["0"]},
        {"points": [["0", True]], "f": ["0"]},
        {"points": [["0", 1], ["0", -1]], "f": ["0", "1"]},
        {"points": [["0", 1]]},
    ],
)
def test_malformed_training_sets_are_refused(data: Any) -> None:
    with pytest.raises(LipcheckError):
        _transport.read(data)
