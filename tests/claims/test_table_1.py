"""Table 1 by other means: random networks against the bounds, simulated layers, and the printed cells once more."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from lipcheck.build import cone_networks as cone
from lipcheck.claims.anil2019.table_1 import (
    as_limits,
    dimension,
    fullsort,
    maxmin_depth,
    maxout_depth,
    one_layer,
    relu_depth,
    sentences,
)
from lipcheck.claims.anil2019.table_1._table import CELL
from lipcheck.network import Affine, FullSort, MaxMin, Network
from lipcheck.norms import is_orthonormal
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Variant
from lipcheck.words.formulas import atoms
from lipcheck.words.obligation import Forall

PRINTED = """
Input Dim. 128 128 256 256 512 512
Depth 3 7 3 7 3 7
ReLU 0.51 0.60 0.50 0.53 0.46 0.49
Maxout 0.66 0.71 0.60 0.66 0.52 0.56
MaxMin 0.87 0.95 0.83 0.93 0.72 0.88
FullSort 1.00 1.00 1.00 1.00 1.00 1.00
"""


def activate(name: str, z: np.ndarray) -> np.ndarray:
    """The activation of a batch of columns, MaxMin and Maxout on neighbours."""
    if name == "ReLU":
        return np.maximum(z, 0)
    if name == "Abs":
        return np.abs(z)
    a, b = z[0::2], z[1::2]
    return np.maximum(a, b) if name == "Maxout" else np.concatenate([np.maximum(a, b), np.minimum(a, b)])


def objective(name: str, n: int, layers: int, rng: np.random.Generator, directions: np.ndarray) -> float:
    """|mean f(u) - f(0)| of a random network with biases, whose weights have norm one."""
    h = np.concatenate([directions, np.zeros((n, 1))], axis=1)
    for _ in range(layers):
        w = rng.normal(size=(int(rng.integers(1, 5)) * 2, len(h)))
        z = w / np.linalg.norm(w, 2) @ h + rng.normal(size=(len(w), 1)) * rng.choice([0, 0.3])
        h = activate(name, z)
    f = (lambda v: v / np.linalg.norm(v))(rng.normal(size=len(h)) + rng.choice([0, 2])) @ h
    return float(abs(f[:-1].mean() - f[-1]))


def test_the_printed_cells() -> None:
    lines = [line.split() for line in PRINTED.strip().splitlines()]
    columns = list(zip(map(int, lines[0][2:]), map(int, lines[1][1:]), strict=True))
    again = {(row[0], n, d): Fraction(v) for row in lines[2:] for (n, d), v in zip(columns, row[1:], strict=True)}
    assert again == CELL and len(CELL) == 24


@pytest.mark.parametrize(("name", "factor"), [("Abs", 1.0), ("MaxMin", 1.0), ("Maxout", 0.5**0.5), ("ReLU", 0.5)])
def test_one_layer_never_exceeds_its_limit(name: str, factor: float) -> None:
    rng, angles = np.random.default_rng(1), (np.arange(720) + 0.5) * np.pi / 360
    circle = np.array([np.cos(angles), np.sin(angles)])
    limit = factor * 2 * 2**0.5 / np.pi
    found = max(objective(name, 2, 1, rng, circle) for _ in range(1500))
    assert 0.6 * limit < found < limit + 1e-4


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("name", ["ReLU", "Maxout"])
def test_random_deep_networks_obey_the_bounds_on_the_line(name: str, layers: int) -> None:
    rng, line = np.random.default_rng(layers), np.array([[1.0, -1.0]])
    bound = float(relu_depth.bound(layers)) ** 0.5 if name == "ReLU" else (1 - 0.5**layers) ** 0.5
    found = max(objective(name, 1, layers, rng, line) for _ in range(1500))
    assert 0.3 * bound < found <= bound + 1e-12


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_gradients_of_maxout_networks_differ_by_no_more_than_the_law(layers: int) -> None:
    rng, worst = np.random.default_rng(layers), 0.0
    for _ in range(600):
        shapes = [(8, 3), *[(8, 4)] * (layers - 1)]
        ws = [(lambda w: w / np.linalg.norm(w, 2))(rng.normal(size=shape)) for shape in shapes]
        bs = [rng.normal(size=8) * 0.2 for _ in ws]
        x, rows = rng.normal(size=3), []
        for point in (x, -x):
            h, gradient = point, np.eye(3)
            for w, b in zip(ws, bs, strict=True):
                z = (w @ h + b).reshape(4, 2)
                chosen = z.argmax(1)
                h, gradient = z.max(1), (w @ gradient).reshape(4, 2, 3)[np.arange(4), chosen]
            rows.append(gradient)
        v = np.linalg.svd(rows[0] - rows[1])[0][:, 0]
        worst = max(worst, float(((v @ (rows[0] - rows[1])) ** 2).sum()))
    assert 0.3 < worst <= 4 * (1 - 0.5**layers) + 1e-12


def maxout_line(layers: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights and biases of the network that reaches the Maxout bound on [-1, 1], groups of two neighbours."""
    found = []
    for k in range(layers, 0, -1):
        d = (2**k - 1) ** -0.5
        keep = (1 - d * d) ** 0.5
        w = np.array([[1, d], [1, -d], [0, keep * 2**0.5], [0, 0]]) / 2**0.5
        found.append((w if found else w[:, 1:], np.array([0, 0, 0, -2.0])))
    return found


@pytest.mark.parametrize("layers", [1, 2, 3, 6])
def test_the_maxout_bound_is_attained_on_the_line(layers: int) -> None:
    h = np.array([[-1.0, -0.25, 0.0, 0.5, 1.0]])
    for w, b in maxout_line(layers):
        assert np.linalg.norm(w, 2) < 1 + 1e-12
        h = activate("Maxout", w @ h + b[:, None])
    assert h[0] == pytest.approx((1 - 0.5**layers) ** 0.5 * np.array([1, 0.25, 0, 0.5, 1]))


def test_the_relu_bound_in_closed_form() -> None:
    for h in range(1, 30):
        assert relu_depth.bound(h) == (Fraction(h + 1, h + 3) ** 2 if h % 2 else Fraction(h, h + 4))
        assert h == 1 or relu_depth.bound(h) > relu_depth.bound(h - 1)
        upper, lower = (h + 4) // 2, (h + 3) // 2
        assert upper + lower == h + 3
        assert relu_depth.bound(h) == (1 - Fraction(1, upper)) * (1 - Fraction(1, lower))


def test_two_relu_layers_attain_the_bound_on_the_line() -> None:
    middle = [[Fraction(c, 3) for c in row] for row in ((2, -1), (-1, 2), (2, 2))]
    assert is_orthonormal(middle)
    x = np.array([[-2.0, -1.0, 0.0, 0.5, 3.0]])
    first, last = np.array([[1.0], [-1.0]]) / 2**0.5, np.array([1.0, 1.0, 2.0]) / 6**0.5
    f = last @ np.maximum(np.array(middle, dtype=float) @ np.maximum(first @ x, 0), 0)
    assert f == pytest.approx(np.abs(x[0]) * float(relu_depth.bound(2)) ** 0.5)


def test_three_relu_layers_attain_the_bound_on_the_interval() -> None:
    x = np.linspace(-1, 1, 9)[None, :]
    h = np.maximum(np.array([[1.0], [-1.0], [2.0]]) / 6**0.5 @ x + np.array([[0], [0], [2 / 6**0.5]]), 0)
    h = np.maximum(np.array([[2, 1, 2], [1, 2, -2]]) / 3 @ (h - np.array([[0], [0], [2 / 6**0.5]])), 0)
    h = np.maximum(np.array([[2, -1], [-1, 2], [2, 2]]) / 3 @ h, 0)
    assert np.array([1, 1, 2]) / 6**0.5 @ h == pytest.approx(np.abs(x[0]) * 2 / 3)


def line_network(h: int) -> list[np.ndarray]:
    """Weights, last row first, of three ReLU units a layer that give the bound times |x|: the cases of equality."""
    i = h // 2
    a = b = np.array([1.0, 1.0, (i * i + 3 * i) ** 0.5]) / (2 + i * i + 3 * i) ** 0.5
    weights = [a[None, :]]
    for t in range(1, h + 1):
        after = np.array([[a[0], 0, a[2]], [0, b[1], b[2]]])
        d, s = np.linalg.norm(after[0] - after[1]), np.linalg.norm(after.sum(0))
        if t == h:
            return [*weights, ((after[0] - after[1]) / d)[:, None]]
        upper = t < i or (t == i and h % 2 == 1)
        r = 1 / (t + 1) if upper else 1 / (h - t + 1)
        first = d / 2**0.5 / (1 - r) if upper else s / 2**0.5 / (1 + r)
        rest = s**2 - 2 * (first * (1 + r)) ** 2 if upper else d**2 - 2 * (first * (1 - r)) ** 2
        third = max(rest, 0) ** 0.5 / 2
        a, b = np.array([first, r * first, third]), np.array([r * first, first, third if upper else -third])
        weights.append(np.linalg.pinv(after) @ np.array([a, b]))
    raise AssertionError("a network has a hidden layer")


@pytest.mark.parametrize("h", range(1, 13))
def test_relu_networks_of_three_units_a_layer_attain_the_bound(h: int) -> None:
    weights = line_network(h)
    assert all(np.linalg.norm(w, 2) < 1 + 1e-9 for w in weights) and len(weights) == h + 1
    x = np.array([[-1.0, -0.5, 0.0, 0.25, 1.0]])
    for depth, w in enumerate(reversed(weights)):
        x = w @ x
        if depth < h:
            shift = np.array([[0.0], [0.0], [2.0 if h - depth > h // 2 else 0.0]])  # where ReLU is the identity
            x = np.maximum(x + shift, 0) - shift
    assert x[0] == pytest.approx(float(relu_depth.bound(h)) ** 0.5 * np.array([1, 0.5, 0, 0.25, 1]))


def test_relu_gradients_of_random_networks_obey_the_law() -> None:
    rng = np.random.default_rng(11)
    for layers in (1, 2, 3):
        worst = 0.0
        for _ in range(400):
            ws = [(lambda w: w / np.linalg.norm(w, 2))(rng.normal(size=(6, 2 if k == 0 else 6))) for k in range(layers)]
            bs = [rng.normal(size=6) * 0.2 for _ in ws]
            rows, x = [], rng.normal(size=2)
            for point in (x, -x):
                h, gradient = point, np.eye(2)
                for w, b in zip(ws, bs, strict=True):
                    z = w @ h + b
                    h, gradient = np.maximum(z, 0), (z > 0)[:, None] * (w @ gradient)
                rows.append(gradient)
            worst = max(worst, float(np.linalg.norm(rows[0] - rows[1], 2) ** 2))
        assert 0.2 < worst <= 4 * float(relu_depth.bound(layers)) + 1e-12


def test_the_bounds_need_their_activations() -> None:
    line = np.array([[1.0, -1.0]])
    assert float(np.abs(line).mean()) == 1 > float(relu_depth.bound(30)) ** 0.5


def test_maxmin_layers_simulated() -> None:
    """Abs between cosine transforms of independent copies: the mean carries 1 - (1 - 2/pi)^h of the squared norm."""
    rng, size, samples = np.random.default_rng(0), 48, 1500
    i = np.arange(size)
    cosine = np.cos(np.pi * (i[None, :] + 0.5) * i[:, None] / size) * (2 / size) ** 0.5
    cosine[0] /= 2**0.5
    assert np.allclose(cosine @ cosine.T, np.eye(size))
    h = np.abs(rng.normal(size=(size, size, samples)).astype(np.float32))
    for layer in (1, 2, 3):
        energy = float((h.mean(-1) ** 2).mean())
        assert energy == pytest.approx(1 - (1 - 2 / np.pi) ** layer, abs=0.012)
        if layer < 3:
            h = np.abs(np.einsum("ij,jkl->ikl" if layer == 1 else "ij,kjl->kil", cosine.astype(np.float32), h))


def test_five_layers_and_no_fewer_pass_0_995_by_the_bound() -> None:
    values = [(1 - (1 - 2 / np.pi) ** h) ** 0.5 for h in range(1, 8)]
    assert [v > 0.995 for v in values] == [False] * 4 + [True] * 3
    assert not any(value > values[depth - 2] for (name, _, depth), value in CELL.items() if name == "MaxMin")
    assert maxmin_depth.above_printed().holds([512, 3])


def test_sorted_absolute_values_on_random_directions() -> None:
    rng, n = np.random.default_rng(3), 128
    g = rng.normal(size=(6000, n))
    u = np.sort(np.abs(g / np.linalg.norm(g, axis=1, keepdims=True)), axis=1)
    ranks = np.stack([[float(c) for c in cone.legendre_ranks(n, r)] for r in range(5)])
    basis = ranks / np.linalg.norm(ranks, axis=1, keepdims=True)
    reached = float(np.linalg.norm(basis @ u.mean(0)))
    low, high = cone.enclosure(64, lambda: cone.sorted_limit(n, 4))
    assert float(low) - 1e-3 < reached < float(high) + 1e-3 and low > Fraction(995, 1000)


def test_a_wide_fullsort_layer_in_the_plane() -> None:
    """32 rows, four orbits of rational directions under signed permutations: nearly the norm, exactly invariant."""
    points = [(Fraction(1), Fraction(0)), (Fraction(12, 13), Fraction(5, 13)), (Fraction(15, 17), Fraction(8, 17))]
    points.append((Fraction(4, 5), Fraction(3, 5)))
    rows = [[s * p, t * q] for a, b in points for p, q in ((a, b), (b, a)) for s in (1, -1) for t in (1, -1)]
    first = [[c / 4 for c in row] for row in rows]
    assert is_orthonormal(first) and len(first) == 32
    v = sorted(row[0] for row in first)
    network = Network(2, (Affine.linear(first), FullSort("ascending"), Affine.linear([v])))
    for x in [*points, (Fraction(-5, 13), Fraction(12, 13)), (Fraction(20, 29), Fraction(21, 29))]:
        (value,) = evaluate(network, x)
        assert Fraction(98, 100) < value <= 1
    assert evaluate(network, (Fraction(1), Fraction(0))) == (Fraction(1),)


def test_one_maxmin_layer_cannot_do_that() -> None:
    network = Network(2, (Affine.linear([[1, 0], [0, 1]]), MaxMin(), Affine.linear([[Fraction(4, 5), Fraction(3, 5)]])))
    values = [evaluate(network, x)[0] for x in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    assert sum(values) / 4 < Fraction(9, 10) and values[1] < 0


def test_blocks_keep_the_objective_of_the_cross_polytope() -> None:
    """The blocks of |x|_1 / sqrt n are |x|_1 / sqrt(kn): the quotient of the limits is exactly that of the claim."""
    whole = cone.enclosure(64, lambda: cone.one_layer_limit(512) / cone.one_layer_limit(128))
    claimed = cone.enclosure(64, lambda: 2 * cone.mean_norm(128) / cone.mean_norm(512))
    assert float(whole[0]) == pytest.approx(float(claimed[0]), rel=1e-12) and claimed[0] > dimension.KEPT


def test_which_cells_lie_below_one_layer_and_which_rows_lose_more_than_the_limit() -> None:
    half = Fraction(1, 200)
    below = [list(k) for k, value in CELL.items() if value + half < as_limits.one_hidden_layer(k[0], k[1])]
    assert sorted(below) == sorted(as_limits.BELOW)
    biased, plain = dimension.printed_drop(Variant(), None)  # type: ignore[arg-type]
    kept = [e for e in plain.elements() if plain.holds(e)]  # type: ignore[union-attr]
    assert kept == [["FullSort", 3], ["FullSort", 7]]
    lost = [e for e in biased.elements() if not biased.holds(e)]  # type: ignore[union-attr]
    assert lost == [["MaxMin", 3], ["MaxMin", 7]]


def test_losses_and_leads_of_the_printed_cells() -> None:
    assert [sentences.drop(name, 3) for name in ("ReLU", "Maxout", "MaxMin")] == [Fraction(k, 100) for k in (5, 14, 15)]
    columns = [(n, d) for n in (128, 256, 512) for d in (3, 7)]
    leads = [CELL["MaxMin", n, d] - max(CELL["ReLU", n, d], CELL["Maxout", n, d]) for n, d in columns]
    assert min(leads) == Fraction(1, 5) and max(leads) == Fraction(32, 100)


def test_tight_frames_need_signs_and_random_sets_are_none() -> None:
    assert all(fullsort.frames(Variant()).holds([a, b]) for a, b in [(1, 0), (3, 4), (-2, 7)])
    assert not fullsort.frames(Variant(dropped=frozenset({"signs"}))).holds([3, 4])
    random = Random(2)
    rows = [[random.randint(-9, 9), random.randint(-9, 9)] for _ in range(8)]
    assert sum(a * b for a, b in rows) != 0


TIGHT = [
    (one_layer.columns(), {"Q": "2", "n": "2", "column": "1"}, "column"),
    (one_layer.one_more_unit(), {"s": "2", "n": "4", "S": "2", "P": "1", "Q": "4", "v": "1", "e": "2"}, "S"),
    (one_layer.greatest(Variant()), {"s": "2", "n": "4", "S": "2", "P": "1", "Q": "4"}, "S"),
    (maxout_depth.maxout_layer(Variant()), {"D": "2", "t": "1/2", "after": "3", "norms": "2"}, "after"),
    (maxout_depth.maxout_ray(), {"s": "1/2", "D": "1", "t": "3/4"}, "s"),
    (relu_depth.ray(), {"s": "1/2", "D": "1", "M": "1/4"}, "s"),
    (relu_depth.one_point()[2], {"S": "4/3", "D": "2/3", "x": "2/3", "after": "1"}, "after"),
    (dimension.blocks(Variant()), {"x": "1", "y": "1", "u": "1", "w": "1"}, "u"),
]


@pytest.mark.parametrize(("step", "point", "name"), TIGHT)
def test_steps_of_the_bounds_are_tight(step: Forall, point: dict[str, str], name: str) -> None:
    """At a point of equality the step holds; with one variable a little greater its conclusion fails."""
    exact = {k: Fraction(v) for k, v in point.items()}
    assert step.admits(exact) and step.conclusion.holds(exact)
    assert not step.conclusion.holds(exact | {name: exact[name] + Fraction(1, 1000)})


def test_the_sums_of_squares_of_pairs_are_tight() -> None:
    values = {"a": 0, "b": 0, "v": 1, "w": -1, "x": 1, "y": -1}
    opposite = {name: Fraction(value) for name, value in values.items()}
    for step in (one_layer.maxmin_pair(), one_layer.maxout_pair()):
        assert [atom.term.value(opposite) for atom in atoms(step.conclusion)] == [0] * len(list(atoms(step.conclusion)))


def test_the_layer_between_holds_with_equality() -> None:
    """For all i and j, so that a factor below one fails everywhere."""
    for i in range(6):
        for j in range(6):
            point = {"i": Fraction(i), "j": Fraction(j)}
            assert relu_depth.coefficients(Variant())[1].conclusion.holds(point)
            less = relu_depth.coefficients(Variant(constants={"factor": Fraction(999, 1000)}))[1]
            assert not less.conclusion.holds(point)


def test_the_quotients_of_the_dimension() -> None:
    ratio = dimension.ratio(Variant())
    for obligation, n, k, least in ((dimension.from_one(), 1, 512, 0.798), (ratio, 128, 4, 0.9985)):
        quotient = k**0.5 * mean_norm(n) / mean_norm(k * n)
        assert float(obligation.enclose(64)[0]) == pytest.approx(quotient - least, abs=1e-9)


def mean_norm(n: int) -> float:
    """E |G| by logarithms of Gamma."""
    return 2**0.5 * math.exp(math.lgamma((n + 1) / 2) - math.lgamma(n / 2))
