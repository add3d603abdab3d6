"""Table 1 of Béthune et al. 2021, BCE, hinge and caption: linear programs, convex solvers, grids and simulations."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations, product
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog, minimize, minimize_scalar

from lipcheck.claims.bethune2021 import table_1
from lipcheck.claims.bethune2021._bce import LawError
from lipcheck.claims.bethune2021.hinge_hkr import any_margin
from lipcheck.claims.bethune2021.table_1 import bce_minimizer, hinge_architecture, hinge_big_margins, hinge_law, summary
from lipcheck.replay import refutes
from lipcheck.words.claim import Variant
from lipcheck.words.rationals import NumberError
from lipcheck.words.verdict import Budget, Verdict

Sample = list[tuple[float, int, float]]
CELLS = {
    f"{loss}_{line}_{column}"
    for loss, line in product(("bce", "hinge"), ("minimizer", "practice", "consistency"))
    for column in ("unconstrained", "lipschitz")
}
REFUTED = {"bce_minimizer_lipschitz", "hinge_practice_lipschitz"}


def hinge(sample: Sample, m: float, aim: dict[int, float] | None = None, least: bool = False) -> tuple[float, Any]:
    """The least hinge loss over Lip_1 on the line by a linear program in (f, losses, t), and f.

    With `aim`, weights of f to be minimized among the minimizers; with `least`, the largest t with y f >= t there.
    """
    n = len(sample)
    cost = np.array([0.0] * n + [w for *_, w in sample] + [0.0])
    rows, limits = [], []
    for i, j in combinations(range(n), 2):
        for sign in (1, -1):
            row = np.zeros(2 * n + 1)
            row[i], row[j] = sign, -sign
            rows.append(row)
            limits.append(abs(sample[i][0] - sample[j][0]))
    for i, (_, y, _) in enumerate(sample):
        row = np.zeros(2 * n + 1)
        row[i], row[n + i] = -y, -1
        rows.append(row)
        limits.append(-m)
    bounds = [(None, None)] * n + [(0, None)] * n + [(-99.0, 99.0)]
    found = linprog(cost, A_ub=np.array(rows), b_ub=limits, bounds=bounds)
    if aim is None and not least:
        return found.fun, found.x[:n]
    rows.append(cost)
    limits.append(found.fun + 1e-9)
    goal = np.zeros(2 * n + 1)
    for i, weight in (aim or {}).items():
        goal[i] = weight
    if least:
        goal[-1] = -1
        for i, (_, y, _) in enumerate(sample):
            row = np.zeros(2 * n + 1)
            row[i], row[-1] = -y, 1
            rows.append(row)
            limits.append(0.0)
    again = linprog(goal, A_ub=np.array(rows), b_ub=limits, bounds=bounds)
    return found.fun, again.x[-1] if least else again.x[:n]


def separated(rng: Random, size: int) -> Sample:
    """Different integer places with both labels and random weights of sum one."""
    places, weights = rng.sample(range(12), size), [rng.random() + 0.1 for _ in range(size)]
    labels = [1, -1, *(rng.choice((1, -1)) for _ in range(size - 2))]
    return [(float(x), y, w / sum(weights)) for x, y, w in zip(places, labels, weights, strict=True)]


def distance(sample: Sample) -> float:
    return min(abs(x - s) for (x, y, _), (s, t, _) in combinations(sample, 2) if y != t)


def test_every_cell_has_a_claim_and_two_of_them_are_refuted() -> None:
    ours = {c.id.removeprefix("bethune2021.table_1."): c for c in table_1.CLAIMS}
    assert set(ours) > CELLS | {"caption_ill_posed", "caption_zero_error", "bethune2021.table_1"}
    assert ours["caption_ill_posed"].expected is Verdict.PROVED
    assert {k for k in CELLS if ours[k].expected is Verdict.REFUTED} == REFUTED


@pytest.mark.parametrize("m", [1.5, 4.0, 30.0])
def test_for_big_margins_the_heavier_class_wins_and_balanced_minimizers_may_err(m: float) -> None:
    uneven: Sample = [(0.0, -1, 0.25), (1.0, 1, 0.75)]
    for sign in (1, -1):
        _, f = hinge(uneven, m, {0: sign})
        assert f == pytest.approx([m - 1, m], abs=1e-6)
    even: Sample = [(0.0, -1, 0.5), (1.0, 1, 0.5)]
    _, high = hinge(even, m, {0: -1})
    assert high[0] == pytest.approx(m - 1, abs=1e-6) and high[0] > 0.4
    _, low = hinge(even, m, {0: 1})
    assert low[0] == pytest.approx(-m, abs=1e-6)
    assert hinge(even, m)[0] == pytest.approx((m + m - 1) / 2)  # the loss of (0, 1) too


def test_balanced_classes_where_every_minimizer_for_big_margins_errs() -> None:
    """Proposition 6 with three atoms each; diameter 11, so that 2 m >= 11 is big. Small margins classify."""
    sample = [(4.0 * i, 1, 1 / 6) for i in range(3)] + [(4.0 * i + 3, -1, 1 / 6) for i in range(3)]
    loss, best = hinge(sample, 5.5, least=True)
    assert loss == pytest.approx(5.5 - 1.5) and best < -0.4  # m - W/2 with W = 3
    for m in (0.25, 0.5):
        loss, best = hinge(sample, m, least=True)
        assert loss == pytest.approx(0, abs=1e-9) and best == pytest.approx(0.5, abs=1e-6)


def test_margins_up_to_half_the_distance_are_reached_and_no_larger_ones() -> None:
    rng = Random(1)
    for _ in range(10):
        sample = separated(rng, rng.randint(2, 6))
        D = distance(sample)
        half, best = hinge(sample, D / 2, least=True)
        assert half == pytest.approx(0, abs=1e-8) and best == pytest.approx(D / 2, abs=1e-6)
        assert hinge(sample, D / 2 * 1.02)[0] > 1e-5
        for m in (0.6 * D, 0.9 * D):
            worst = min(y * hinge(sample, m, {i: y})[1][i] for i, (_, y, _) in enumerate(sample))
            assert worst >= min(m, D - m) - 1e-5


def test_the_least_loss_is_m_less_the_largest_capped_mean_margin() -> None:
    rng = Random(2)
    for _ in range(20):
        sample, m = separated(rng, rng.randint(2, 6)), rng.choice((0.3, 1.0, 2.5, 8.0))
        n = len(sample)
        rows, limits = [], []
        for i, j in product(range(n), repeat=2):
            row = np.zeros(n)
            row[i] += 1
            row[j] -= 1
            rows.append(row)
            limits.append(abs(sample[i][0] - sample[j][0]))
        mean = linprog([-w * y for _, y, w in sample], A_ub=np.array(rows), b_ub=limits, bounds=[(-m, m)] * n)
        assert hinge(sample, m)[0] == pytest.approx(m + mean.fun, abs=1e-7)


def test_the_least_loss_at_one_input_and_the_interpolating_minimum() -> None:
    rng = Random(3)
    for _ in range(200):
        p, n, m = rng.randint(0, 5), rng.randint(0, 5), Fraction(rng.randint(0, 6), 4)
        values = [Fraction(k, 4) for k in range(-12, 13)]
        least = min(p * max(Fraction(0), m - v) + n * max(Fraction(0), m + v) for v in values)
        assert least == 2 * m * min(p, n)


def test_one_tanh_unit_approaches_its_infimum_and_never_attains_it() -> None:
    """For many (w, b) the best a and c by a linear program: all above 2, near 2 only for large w."""
    labels, x = np.array([-1, 1, 1, -1]), np.array([0.0, 1.0, 1.0, 2.0])
    best: dict[float, float] = {}
    for w in (0.5, 1.0, 2.0, 4.0, 6.0):
        for b in np.linspace(-2 * w - 1, 1, 25):
            t = np.tanh(w * x + b)
            outputs = enumerate(zip(labels, t, strict=True))
            rows = [[-y * s, -y, *(-1.0 * (i == k) for k in range(4))] for i, (y, s) in outputs]
            found = linprog([0, 0, 1, 1, 1, 1], A_ub=rows, b_ub=[-1.0] * 4, bounds=[(None, None)] * 2 + [(0, None)] * 4)
            best[w] = min(best.get(w, 9.0), found.fun)
    losses = list(best.values())
    assert all(v > 2 for v in losses) and losses == sorted(losses, reverse=True) and losses[-1] < 2.001


def test_the_decision_for_one_unit_agrees_with_linear_programs() -> None:
    """The least loss over weakly monotone triples, then the largest least increment among its minimizers."""
    rng, seen = Random(4), set()
    for _ in range(30):
        counts = tuple((rng.randint(0, 3), rng.randint(0, 3)) for _ in range(3))
        if min(map(sum, counts)) == 0:
            continue
        found = []
        for sign in (1, -1):
            cost, rows, limits = [0.0] * 3, [], []
            for i, (p, n) in enumerate(counts):
                for y, k in ((1, p), (-1, n)):
                    slack = [-1.0 * (len(cost) - 3 == j) for j in range(6)]
                    rows.append([-y * float(j == i) for j in range(3)] + slack)
                    cost.append(float(k))
                    limits.append(-1.0)
            rows = [[*row, 0.0] for row in rows]
            for i in (0, 1):
                row = [0.0] * 10
                row[i], row[i + 1], row[9] = sign, -sign, 1.0
                rows.append(row)
                limits.append(0.0)
            bounds: list[Any] = [(None, None)] * 3 + [(0, None)] * 6
            weak = linprog([*cost, 0], A_ub=rows, b_ub=limits, bounds=[*bounds, (0, 0)])
            strict = linprog([0.0] * 9 + [-1.0], A_ub=[*rows, [*cost, 0.0]], b_ub=[*limits, weak.fun + 1e-9],
                             bounds=[*bounds, (0, 1)])  # fmt: skip
            found.append((weak.fun, strict.x[-1] > 1e-6))
        infimum = min(value for value, _ in found)
        constant = min(sum(p * max(0, 1 - v) + n * max(0, 1 + v) for p, n in counts) for v in (-1, 1))
        reached = constant < infimum + 1e-7 or any(ok for value, ok in found if value < infimum + 1e-7)
        assert hinge_architecture.attained(counts, 1) == reached, counts
        seen.add(reached)
    assert seen == {True, False}


def test_ramps_on_touching_classes() -> None:
    x = (np.arange(400000) + 0.5) / 200000 - 1
    losses = []
    for t in (1.0, 5.0, 20.0):
        f = np.clip(t * x, -1, 1)
        losses.append(float(np.maximum(0, 1 - np.sign(x) * f).mean()))
        assert losses[-1] == pytest.approx(1 / (2 * t), rel=1e-3)
        flatter = np.clip(t * x, -0.9, 0.9)
        assert float(np.maximum(0, 1 - np.sign(x) * flatter).mean()) > losses[-1]


def test_affine_networks_on_inseparable_labels_have_a_minimizer() -> None:
    points = [tuple(p) for p in bce_minimizer.THREE["points"]]
    assert bce_minimizer.gradient(points, Fraction(1, 2), Fraction(1)) == (0, 0)

    def loss(theta: np.ndarray) -> float:
        return float(sum(np.log1p(np.exp(-y * (theta[0] + theta[1] * x))) for x, y in points))

    found = minimize(loss, np.array([1.0, -2.0]), tol=1e-12)
    assert found.x == pytest.approx([math.log(2), 0], abs=1e-4)
    rng = Random(5)
    for _ in range(20):
        at = [(x, rng.choice((1, -1))) for x in rng.sample(range(-4, 5), 4)]
        z, r, h = Fraction(rng.randint(1, 9), 4), Fraction(rng.randint(1, 9), 4), 1e-6
        b, w = -math.log(z), -math.log(r)

        def total(b: float, w: float, at: list[tuple[int, int]] = at) -> float:
            return sum(math.log1p(math.exp(-y * (b + w * x))) for x, y in at)

        db, dw = bce_minimizer.gradient(at, z, r)
        assert float(db) == pytest.approx((total(b + h, w) - total(b - h, w)) / (2 * h), abs=1e-4)
        assert float(dw) == pytest.approx((total(b, w + h) - total(b, w - h)) / (2 * h), abs=1e-4)


def test_the_constant_that_two_points_need() -> None:
    """b = f(x-) minimizes w log(1 + e^(-b - L d)) + (1 - w) log(1 + e^b): wrong exactly below the threshold."""
    for w in (0.6, 0.75, 0.95, 0.999):
        threshold = math.log((3 * w - 1) / (1 - w))
        for L in (0.5 * threshold, 0.98 * threshold, 1.02 * threshold, 3 * threshold):
            best = minimize_scalar(
                lambda b, L=L, w=w: w * math.log1p(math.exp(-b - L)) + (1 - w) * math.log1p(math.exp(b)),
                bracket=(-1.0, 1.0),
            ).x
            assert (best > 0) == (threshold > L) and best + L > 0


def test_gradients_vanish_like_one_over_t_and_weights_grow_without_limit() -> None:
    for start in (-1.0, 0.0, 2.0):
        w, eta, first = start, 0.7, math.exp(start)
        for t in range(1, 4001):
            before = w
            w += eta / (1 + math.exp(w))
            share = first / (1 + first)
            assert 1 / (1 + math.exp(w)) <= 1 / (1 + first + share * eta * t) + 1e-12
            assert math.log1p(math.exp(-w)) < math.log1p(math.exp(-before))
            assert math.exp(-math.log1p(math.exp(-w))) == pytest.approx(1 - 1 / (1 + math.exp(w)))
        assert w >= math.log(first + first / (1 + first) * eta * 4000)


def test_losses_on_finitely_many_values_are_uniformly_close() -> None:
    rng = np.random.default_rng(6)
    weights = np.array([0.5, 0.3, 0.15, 0.05])
    seen = rng.multinomial(200_000, weights) / 200_000
    e = float(np.abs(seen / weights - 1).max())
    logits = rng.normal(size=(500, 4)) * np.exp(rng.uniform(-3, 6, (500, 1)))
    loss = np.logaddexp(0, -logits)
    assert e < 0.1
    assert np.all(np.abs(loss @ seen - loss @ weights) <= e * (loss @ weights) * (1 + 1e-9))
    assert np.abs(logits @ seen - logits @ weights).max() > 10 * np.abs(loss[:5] @ (seen - weights)).min()


def test_the_printed_table_fails_in_three_cells_and_holds_when_corrected() -> None:
    found = {o.name: o for o in summary.table(Variant(), Budget.CI)}
    repaired = {o.name: o for o in summary.table(summary.CORRECTED, Budget.CI)}
    main = next(c for c in summary.CLAIMS if c.expected is Verdict.REFUTED)
    for name, data in main.counterexamples.items():
        assert refutes(data, found[name])
        assert not refutes(data, repaired[name])
    own = {c.id.removeprefix("bethune2021.table_1."): c for c in table_1.CLAIMS}
    cells = ("bce_minimizer_lipschitz", "wasserstein_minimizer_lipschitz", "hinge_practice_lipschitz")
    for cell, carried in zip(cells, main.counterexamples.values(), strict=True):
        (name,) = own[cell].counterexamples
        (judged,) = (o for o in own[cell].obligations(Variant(), Budget.SMOKE) if o.name == name)
        data: Any = {"L": "1", **carried} if "P" in carried else carried
        assert own[cell].expected is Verdict.REFUTED
        assert refutes(data, judged), cell


def test_without_noise_wide_networks_have_small_expected_losses() -> None:
    """Ramps at the jumps of c: the expected losses, by quadrature, stay within the bounds of the derivation."""
    x = (np.arange(200_000) + 0.5) / 200_000
    c = np.where((x > 0.3) & (x < 0.8), 1.0, -1.0)
    for steep in (10.0, 1e3):
        g = np.clip(steep * (x - 0.3), -1, 1) - np.clip(steep * (x - 0.8), -1, 1) - 1  # eight ReLU units
        away, t = float(np.abs(g - c).mean()), 8.0
        assert float(np.maximum(0, 1 - c * g).mean()) <= away + 1e-12
        bce = float(np.logaddexp(0, -t * c * g).mean())
        assert bce <= math.log1p(math.exp(-t)) + t * away
        assert (away < 0.004 and bce < 0.01) == (steep > 100)


@pytest.mark.parametrize("m", ["1/2", "1", "3/2", "7"])
def test_certified_minimizers(m: str) -> None:
    """(m - 1, m) with one unit of flow from the heavy to the light point is certified from m = 1 on."""
    data = {**any_margin.TWO, "m": m, "f": [str(Fraction(m) - 1), m]}
    judged = hinge_big_margins.minimizers(False).examine(data)
    assert judged.violates() == (Fraction(m) >= 1)


@pytest.mark.parametrize(
    "broken",
    [
        {"units": 1, "counts": []},
        {"units": 2, "counts": [[1, 0], [0, 1], [1, 0]]},
        {"units": True, "counts": [[1, 0]]},
        {"units": 1, "counts": [[1, -1], [0, 1], [1, 0]]},
        {"counts": [[1, 0]]},
    ],
)
def test_malformed_training_sets_are_refused(broken: Any) -> None:
    with pytest.raises(hinge_architecture.NetworkError):
        hinge_architecture.examine(broken, wide=False)


def test_other_malformed_data_are_refused() -> None:
    with pytest.raises(hinge_architecture.NetworkError):
        hinge_law.examine({"gap": "0"}, apart=False)
    with pytest.raises(NumberError):
        hinge_law.examine({"gap": "0.5x", "m": "1"}, apart=False)
    for points, z in (([[0, 2]], "1"), ([["0", 1]], "1"), ([[0, 1]], "0")):
        with pytest.raises(LawError):
            bce_minimizer.examine({"points": points, "z": z, "r": "1"}, separable=False)
