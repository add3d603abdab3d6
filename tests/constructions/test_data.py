"""Data: what fits is decided exactly at every scale, what nearly fits is moved least, the rest is refused."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations, permutations
from math import hypot, inf
from random import Random
from typing import Any

import numpy as np
import pytest

from lipcheck.build.data import Data, DataError, default_slack, fit, read
from lipcheck.build.distances import between, distances, suspects, violations
from lipcheck.build.nearest_fit import Metric, nearest_fit
from lipcheck.build.pieces import nearest
from lipcheck.build.spelling import upward
from lipcheck.exact import NetworkError, Vector
from lipcheck.norms import Exponent, NormError, vector_norm

TWO = Fraction(2)
NORMS: list[Exponent] = [Fraction(1), TWO, inf, Fraction(3), Fraction(3, 2)]


def cloud(seed: object, n: int, count: int) -> list[Vector]:
    random = Random(f"{seed} {n}")
    return [tuple(Fraction(random.randint(-40, 40), random.randint(1, 7)) for _ in range(n)) for _ in range(count)]


def fits(points: Any, values: Any, p: Exponent) -> bool:
    """Every pair, without floats."""
    pairs = combinations(zip(points, values, strict=True), 2)
    return all(between(x, y, p, abs(a - b)).at_least(abs(a - b)) is True for (x, a), (y, b) in pairs)


def excesses(points: Any, values: Any, p: Exponent) -> list[Fraction]:
    pairs = combinations(zip(points, values, strict=True), 2)
    return [abs(a - b) - between(x, y, p).lower for (x, a), (y, b) in pairs]


@pytest.mark.parametrize("p", NORMS, ids=str)
@pytest.mark.parametrize("n", [1, 2, 5])
def test_violations_are_exactly_the_pairs_that_miss(n: int, p: Exponent) -> None:
    points = cloud("violations", n, 30)
    random = Random(f"values {n} {p}")
    steep = [points[i][0] * random.choice([1, 1, -1, Fraction(11, 10)]) for i in range(30)]
    wanted = {
        (i, j) for i, j in combinations(range(30), 2)
        if between(points[i], points[j], p).at_least(abs(steep[i] - steep[j])) is not True
    }  # fmt: skip
    found = list(violations(points, steep, p))
    assert {(i, j) for i, j, _ in found} == wanted and len(found) == len(wanted) > 0
    for i, j, excess in found:
        assert abs(steep[i] - steep[j]) - between(points[i], points[j], p).upper <= excess


SCALES = [(Fraction(2), "1e200"), (Fraction(2), "1e-200"), (Fraction(2), "1e307"), (Fraction(2), "1e-320"),
          (Fraction(1), "1e308"), (inf, "1e-323"), (Fraction(3), "1e-108"), (Fraction(3), "1e120"),
          (Fraction(100), "1e4"), (Fraction(100), "5.8e-4"), (Fraction(10**6), "3"), (Fraction(10), "1e-33"),
          (Fraction(10) ** 400, "1"), (Fraction(3, 2), "1e250"), (Fraction(2), "1e400"), (Fraction(3), "1e-400"),
          (Fraction(1001, 1000), "1e290")]  # fmt: skip


@pytest.mark.parametrize(("p", "scale"), SCALES, ids=str)
def test_no_scale_hides_a_miss(p: Exponent, scale: str) -> None:
    mantissa, _, exponent = scale.partition("e")
    unit = Fraction(mantissa) * Fraction(10) ** int(exponent or 0)
    points = [(Fraction(0), unit / 5), (unit, unit / 5), (unit, -unit)]
    for share in (Fraction(1001, 1000), Fraction(9, 8), Fraction(10)):
        with pytest.raises(DataError, match=r"not 1-Lipschitz.*rows 0 and 1"):
            fit(points[:2], [0, share * unit], p, 0)
    assert fit(points[:2], [0, unit], p, 0).moves == ()
    assert fit(points, [0, unit / 2, -unit / 2], p, 0).moves == ()
    # Of powers of two, so that some of them are at the ends of what floats can square or raise to p.
    for k in range(-8, 9):
        x = unit * Fraction(2) ** k
        found = list(violations([(0 * x, x), (x, x)], [0 * x, x * Fraction(1003, 1000)], p))
        assert found == [(0, 1, x * Fraction(3, 1000))]


@pytest.mark.parametrize("p", [*NORMS, Fraction(100), Fraction(10) ** 400], ids=str)
def test_distances_in_floating_point(p: Exponent) -> None:
    for unit in (1.0, 1e300, 1e-300, 1e5, 1e-5):
        points = [tuple(Fraction(float(c) * unit) for c in x) for x in cloud("distances", 3, 8)]
        x = np.array([[float(c) for c in point] for point in points])
        found = distances(x, x[:5], p)
        assert found.shape == (8, 5)
        for i in range(8):
            for j in range(5):
                exact = between(points[i], points[j], p).lower
                assert abs(Fraction(float(found[i, j])) - exact) <= exact * Fraction(1, 10**13)


def test_pairs_beyond_floats_are_suspects() -> None:
    huge = Fraction(10) ** 400
    points, values = [(huge,), (2 * huge,), (Fraction(0),)], [Fraction(0), huge, Fraction(0)]
    assert set(suspects(points, values, TWO)) == {(0, 1), (0, 2), (1, 2)}
    assert list(violations(points, [Fraction(0), 2 * huge, Fraction(0)], TWO)) == [(0, 1, huge)]


def test_pairs_that_no_bracket_tells_apart_count_as_misses() -> None:
    # ||(4, ..., 4)||_(3/2) = 16 for eight entries, which is known within a bracket only.
    points = [(Fraction(0),) * 8, (Fraction(4),) * 8]
    for gap in (Fraction(16), 16 + Fraction(1, 2**300)):
        ((i, j, excess),) = violations(points, [Fraction(0), gap], Fraction(3, 2))
        assert (i, j) == (0, 1) and 0 <= excess < Fraction(1, 2**200)
    assert not list(violations(points, [Fraction(0), 16 - Fraction(1, 2**200)], Fraction(3, 2)))
    assert fit(points, [0, 16], Fraction(3, 2)).moves


def test_few_pairs_are_left_to_exact_numbers() -> None:
    random = Random("suspects")
    points = [(Fraction(random.random()), Fraction(random.random())) for _ in range(200)]
    values = [(x + y) / 2 for x, y in points]
    assert len(list(suspects(points, values, TWO))) < 20


def test_pairs_are_found_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    points = cloud("blocks", 2, 40)
    values = [x[0] * 2 for x in points]
    whole = list(violations(points, values, TWO))
    monkeypatch.setattr("lipcheck.build.distances._CHUNK", 200)
    assert list(violations(points, values, TWO)) == whole and len(whole) > 100


def nearly(
    p: Exponent, n: int, count: int, miss: Fraction, seed: object = "nearly"
) -> tuple[list[Vector], list[Fraction]]:
    """A 1-Lipschitz function of points, its values changed by up to half of `miss`."""
    points = list(dict.fromkeys(cloud(seed, n, count)))
    random = Random(f"{seed} {p} {n}")
    values = [between(x, points[0], p).lower + miss * Fraction(random.randint(-50, 50), 100) for x in points]
    return points, values


@pytest.mark.parametrize("p", NORMS, ids=str)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_moved_values_fit_exactly_and_are_the_nearest(n: int, p: Exponent) -> None:
    points, values = nearly(p, n, 14, Fraction(1))
    data = fit(points, values, p, 2)
    assert fits(data.points, data.values, p) and not fits(points, values, p)
    miss = max(excesses(points, values, p))
    furthest = max(abs(move.used - move.given) for move in data.moves)
    # No values are nearer than miss / 2.
    assert miss / 2 - Fraction(1, 2**70) <= furthest <= miss / 2 + Fraction(1, 2**70)
    assert abs(float(furthest) - nearest_by_linear_program(points, values, p)) < 1e-6
    for move in data.moves:
        assert values[move.index] == move.given != move.used == data.values[move.index]
    kept = set(range(len(points))) - {move.index for move in data.moves}
    assert all(data.values[i] == values[i] for i in kept) and data.merged == 0 and data.slack == 2


def nearest_by_linear_program(points: list[Vector], values: list[Fraction], p: Exponent) -> float:
    from scipy.optimize import linprog

    n = len(points)
    rows, limits = [], []
    for i, j in permutations(range(n), 2):
        rows.append([float((k == i) - (k == j)) for k in range(n)] + [0.0])
        limits.append(float(between(points[i], points[j], p).upper))
    for i in range(n):
        for sign in (1.0, -1.0):
            rows.append([sign * (k == i) for k in range(n)] + [-1.0])
            limits.append(sign * float(values[i]))
    solved = linprog([0.0] * n + [1.0], A_ub=rows, b_ub=limits, bounds=[(None, None)] * n + [(0, None)])
    return float(solved.fun)


def test_points_in_no_missing_pair_keep_their_values() -> None:
    points = [[0], [1], [100], [200]]
    data = fit(points, [0, "11/10", 5, 7], TWO, "1/10")
    assert [move.index for move in data.moves] == [0, 1]
    assert data.values == (Fraction(1, 20), Fraction(21, 20), 5, 7)
    assert data.moves[0].given == 0 and data.moves[0].used == Fraction(1, 20)


def test_points_of_a_chain_share_the_move() -> None:
    data = fit([[0], [1], [2]], [-1, 0, "11/10"], Fraction(1), "1/5")
    assert fits(data.points, data.values, Fraction(1))
    assert max(abs(move.used - move.given) for move in data.moves) == Fraction(1, 20)
    assert any(move.index == 0 for move in data.moves)
    # (0, 0) and (3, 4) are as far apart as their values, and fit: the smaller metric must not move them.
    data = fit([[0, 0], [3, 4], [100, 0], [101, "1/2"]], [0, 5, 0, "6/5"], TWO, 1)
    assert [move.index for move in data.moves] == [2, 3] and fits(data.points, data.values, TWO)


@pytest.mark.parametrize("power", [10, 30, 50])
@pytest.mark.parametrize("p", [TWO, Fraction(3), Fraction(5, 2)], ids=str)
def test_near_and_far_points_of_a_line(p: Exponent, power: int) -> None:
    # Distances along a line add up, and the shortest is 2^-power of the longest: nothing is left for rounding.
    for slope in (2, 3, 5, 7):
        steps = [Fraction(0), Fraction(1), 1 + Fraction(1, 2**power), 1 + Fraction(3, 2 ** (power + 1)), Fraction(3)]
        direction = (Fraction(1), Fraction(slope**0.5))
        points = [(t * direction[0], t * direction[1]) for t in steps]
        exact = [between(x, points[0], p).upper for x in points]
        values = [Fraction(float(v)) * (1 + Fraction(1, 2**51)) for v in exact]
        data = fit(points, values, p)
        assert fits(points, data.values, p) and data.moves


@pytest.mark.parametrize("p", NORMS, ids=str)
def test_the_metric_below(p: Exponent) -> None:
    points = [*cloud("metric", 2, 7), (Fraction(1), Fraction(1, 3)), (1 + Fraction(1, 2**60), Fraction(1, 3)),
              (1 + Fraction(1, 2**60), Fraction(1, 3))]  # fmt: skip
    metric = Metric(points, p)
    rows = [metric.row(i) for i in range(len(points))]
    least = min(between(x, y, p).lower for x, y in combinations(points, 2) if x != y)
    for i, j in permutations(range(len(points)), 2):
        distance = vector_norm([a - b for a, b in zip(points[i], points[j], strict=True)], p, Fraction(1, 2**300))
        assert rows[i][j] == rows[j][i] <= distance.lower and rows[i][i] == 0
        assert (rows[i][j] == 0) == (points[i] == points[j])
        assert distance.upper - rows[i][j] <= distance.upper / 2**157 + least / 2**157
        assert all(rows[i][j] <= rows[i][k] + rows[k][j] for k in range(len(points)))


def test_noise_of_floats_is_moved_and_slack_zero_is_not() -> None:
    points = [(a / 7, b / 3) for a in range(5) for b in range(5)]
    values = [hypot(*x) * (1 + 2.0**-50) for x in points]
    data = fit(points, values, TWO)
    assert 0 < max(abs(m.used - m.given) for m in data.moves) < Fraction(1, 10**14)
    assert data.slack == default_slack([Fraction(v) for v in values]) == 8 * Fraction(2) ** -52
    assert fits(data.points, data.values, TWO)
    with pytest.raises(DataError, match="more than the slack of 0"):
        fit(points, values, TWO, 0)
    assert fit(points, [float(v) * 0.99 for v in values], TWO, 0).moves == ()


def test_the_default_slack_is_eight_units_in_the_last_place() -> None:
    assert default_slack([Fraction(1), Fraction(-3)]) == 8 * Fraction(2) ** -51
    assert default_slack([Fraction(0)]) == 8 * Fraction(5e-324)
    assert default_slack([-(Fraction(10) ** 400)]) == 8 * Fraction(10) ** 400 / 2**52


def test_a_miss_of_exactly_the_slack_is_moved() -> None:
    assert fit([[0], [1]], [0, "3/2"], TWO, "1/2").values == (Fraction(1, 4), Fraction(5, 4))
    with pytest.raises(DataError):
        fit([[0], [1]], [0, "3/2"], TWO, Fraction(49, 100))


def test_equal_points_are_merged() -> None:
    data = fit([[0, 1], ["0", 1.0], [1, 1], [0, 1]], [2, 2, 3, 2], TWO)
    assert data == Data(((0, 1), (1, 1)), (2, 3), TWO, default_slack([Fraction(3)]), (), 2)  # type: ignore[arg-type]
    moved = fit([[0], [0], [9]], [1, "11/10", 2], TWO, "1/10")
    assert moved.values == (Fraction(21, 20), 2) and moved.merged == 1 and [m.index for m in moved.moves] == [0, 1]
    with pytest.raises(DataError, match=r"Rows 0 and 2 are the same point \(0, 1/2\) with the values 1 and 2"):
        fit([[0, "1/2"], [5, 5], [0, 0.5]], [1, 1, 2], TWO)


@pytest.mark.parametrize("p", NORMS, ids=str)
def test_the_refusal_names_the_worst_pair_and_a_constant_that_works(p: Exponent) -> None:
    points, values = nearly(p, 2, 12, Fraction(40), "steep")
    with pytest.raises(DataError) as refusal:
        fit(points, values, p)
    text = str(refusal.value)
    i, j = map(int, re.search(r"rows (\d+) and (\d+)", text).groups())  # type: ignore[union-attr]
    miss = max(excesses(points, values, p))
    assert abs(abs(values[i] - values[j]) - between(points[i], points[j], p).lower - miss) < Fraction(1, 2**60)
    slope = Fraction(re.search(r"their slope is ([0-9/.E+-]*[0-9])\.? The", text).group(1))  # type: ignore[union-attr]
    constant = Fraction(re.search(r"fits all rows is ([0-9/.E+-]+):", text).group(1))  # type: ignore[union-attr]
    steepest = max(
        abs(a - b) / between(x, y, p).lower for (x, a), (y, b) in combinations(zip(points, values, strict=True), 2)
    )
    assert steepest <= constant <= steepest * (1 + Fraction(1, 10**16))
    own = abs(values[i] - values[j]) / between(points[i], points[j], p).lower
    assert own <= slope <= own * (1 + Fraction(1, 10**16))
    assert fit(points, [v / constant for v in values], p, 0).moves == ()
    with pytest.raises(DataError):
        fit(points, [v / constant * Fraction(1000001, 1000000) for v in values], p, 0)
    assert f"p = {'inf' if p == inf else p}:" in text


def test_the_worst_pair_need_not_be_the_steepest() -> None:
    with pytest.raises(DataError, match=r"rows 0 and 1.*slope is 2\. The smallest constant that fits all rows is 3:"):
        fit([[0], [10], [20], [21]], [0, 20, 20, 23], TWO)


def test_equal_points_within_the_slack_do_not_spoil_the_refusal() -> None:
    with pytest.raises(DataError, match=r"rows 0 and 2.*constant that fits all rows is 3"):
        fit([[0], [0], [1]], [0, 1e-17, 3], TWO)


def test_long_numbers_are_shown_short() -> None:
    third = Fraction(3**9000, 2**9000)
    with pytest.raises(DataError) as refusal:
        fit([[0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0.1]], [0, third], TWO)
    assert len(str(refusal.value)) < 500 and "E+1584" in str(refusal.value) and "0, ...)" in str(refusal.value)
    assert upward(Fraction(1, 3)) == "1/3" and upward(Fraction(10**30, 3)) == "3.33333333333333334E+29"


def test_random_data_are_decided_as_pairs_decide_them() -> None:
    for seed in range(30):
        random = Random(seed)
        p = random.choice(NORMS)
        points = cloud(seed, random.choice([1, 2, 4]), 6)
        values = [Fraction(random.randint(-30, 30), random.randint(1, 9)) for _ in points]
        if fits(points, values, p):
            assert fit(points, values, p, 0).moves == ()
        else:
            with pytest.raises(DataError):
                fit(points, values, p, 0)


def test_nearest_fit_of_data_that_fit_changes_nothing_much() -> None:
    points, values = nearly(TWO, 2, 8, Fraction(0))
    halves = [v / 2 for v in values]
    assert nearest_fit(points, halves, TWO) == tuple(halves)


BAD = [(None, [1]), ([[0]], None), (5, [1]), ([0, 1], [0, 1]), ([], []), ([[]], [1]), ([[0]], []), ([[0], [1]], [0]),
       ([[0], [1, 2]], [0, 1]), ([[0], []], [0, 1]), ([[float("nan")]], [1]), ([[0]], [float("nan")]), ([[inf]], [0]),
       ([[0]], [-inf]), ([[None]], [0]), ([[0]], [None]), ([["x"]], [0]), ([[True]], [0]), ([[0]], [False]),
       ("ab", [1]), ([[0]], "1"), ([[[0]]], [0]), ([[0]], [[0]]), ([[1j]], [0])]  # fmt: skip


@pytest.mark.parametrize(("points", "values"), BAD, ids=str)
def test_what_is_no_data(points: Any, values: Any) -> None:
    with pytest.raises(DataError, match=r"point|Point|value"):
        read(points, values)
    with pytest.raises(DataError):
        fit(points, values, TWO)


def test_data_of_many_kinds() -> None:
    torch = pytest.importorskip("torch")
    wanted = read([["1/2", "-3"], ["2", "0"]], ["0.5", 1])
    array = np.array([[0.5, 9, -3], [2, 9, 0]])[:, ::2]
    values = np.array([0.5, 7, 1, 7])[::2]
    for points in (array, array.astype(np.float32), torch.tensor(array), [np.array([0.5, -3]), (2, 0)]):
        for given in (values, torch.tensor(values.copy()), [Fraction(1, 2), np.int64(1)], (np.float32(0.5), 1.0)):
            assert read(points, given) == wanted


def test_other_arguments() -> None:
    for slack in (-1, "-1/3", -1e-300):
        with pytest.raises(DataError, match="not negative"):
            fit([[0]], [0], TWO, slack)
    for slack in (float("nan"), inf, True, "x", [1]):
        with pytest.raises(NetworkError, match="slack"):
            fit([[0]], [0], TWO, slack)
    for p in (Fraction(1, 2), float("nan"), True, "2", None):
        with pytest.raises(NormError):
            fit([[0]], [0], p)  # type: ignore[arg-type]
    assert nearest(fit([[0]], [0.25], 2).values[0]) == 0.25
