"""The row maxmin_abs against independent computations in floating point and in plain rationals."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as F
from itertools import pairwise, product
from random import Random

import numpy as np
import pytest

from lipcheck.claims.anil2019.maxmin_abs import CLAIMS
from lipcheck.claims.anil2019.maxmin_abs.expressive_power import translate
from lipcheck.claims.anil2019.maxmin_abs.fold_limits import even
from lipcheck.claims.anil2019.maxmin_abs.fold_limits import examine as foldable
from lipcheck.claims.anil2019.maxmin_abs.folding import formula
from lipcheck.claims.anil2019.maxmin_abs.pyramids import faces, pyramid
from lipcheck.claims.anil2019.maxmin_abs.unbounded import RELU, examine, possible, relu_on_an_interval
from lipcheck.network import Abs, Affine, MaxMin, Network, ReLU, to_json
from lipcheck.norms import spectral_norm
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Variant
from lipcheck.words.verdict import Verdict

R = 1 / np.sqrt(2)
M = R * np.array([[1.0, 1.0], [1.0, -1.0]])


def equation_6(x: float, y: float, b: float) -> np.ndarray:
    """As printed, with square roots."""
    shift = np.array([np.sqrt(2) * b, 0.0])
    return M @ (np.abs(M @ np.array([x, y]) + shift) - shift)  # type: ignore[no-any-return]


def test_equation_6_holds_exactly_where_the_sum_is_at_least_minus_2_b() -> None:
    random, seen = Random(1), set()
    for _ in range(500):
        x, y, b = (random.uniform(-3, 3) for _ in range(3))
        right = np.allclose(equation_6(x, y, b), [max(x, y), min(x, y)])
        assert right is (x + y + 2 * b >= 0)
        seen.add(right)
    assert seen == {True, False}
    assert np.allclose(equation_6(0, -4, 1), [2, -2]) and np.allclose(equation_6(-2, -2, 1), [0, 0])


def test_equation_7_and_its_ascending_version() -> None:
    for x in (-2.0, 0.0, 1.5):
        pair = sorted(np.array([R, -R]) * x)
        assert np.isclose(np.array([R, -R]) @ pair[::-1], abs(x)) and np.isclose(np.array([R, -R]) @ pair, -abs(x))


def test_other_weights_of_norm_one_do_not_give_the_absolute_value() -> None:
    angles = np.linspace(0, 2 * np.pi, 721)
    best = []
    for t in angles:
        a, b = np.cos(t), np.sin(t)
        for s in angles[::9]:
            c, d = np.cos(s), np.sin(s)
            ends = [c * max(a * x, b * x) + d * min(a * x, b * x) for x in (1.0, -1.0)]
            best.append((max(abs(ends[0] - 1), abs(ends[1] - 1)), a, b, c, d))
    error, *weights = min(best)
    assert error < 1e-12 and np.allclose(np.abs(weights), R)
    near = [w for e, *w in best if e < 0.005]
    assert near and all(np.allclose(np.abs(w), R, atol=0.1) for w in near)


def test_the_printed_matrices_have_two_norm_one_and_other_norms_above() -> None:
    for matrix in (M, np.array([[R], [-R]]), np.array([[R, -R]])):
        assert np.isclose(np.linalg.norm(matrix, 2), 1)
    assert np.linalg.norm(M, np.inf) > 1.4 < np.linalg.norm(M, 1)


@pytest.mark.parametrize("gate", [MaxMin(), Abs()])
def test_translations_agree_on_the_domain_and_keep_the_norms(gate: MaxMin | Abs) -> None:
    turn = [[F(3, 5), F(4, 5)], [F(-4, 5), F(3, 5)]]
    network = Network(2, (Affine(turn, [1, F(-1, 2)]), gate, Affine(turn, [F(-3), 0]), gate, Affine.linear([[0, 1]])))
    other = translate(network, F(2))
    assert not any(isinstance(layer, type(gate)) for layer in other.layers)
    for x in product((F(-2), F(-1, 3), F(0), F(2)), repeat=2):
        assert evaluate(network, x) == evaluate(other, x)
    for layer in other.layers:
        if isinstance(layer, Affine):
            assert spectral_norm(layer.weight).lower <= 1
    far = [(F(-90), F(-90)), (F(90), F(-90)), (F(-90), F(90))]
    assert any(evaluate(network, x) != evaluate(other, x) for x in far) is isinstance(gate, MaxMin)


def test_networks_of_absolute_values_have_opposite_slopes_at_the_ends() -> None:
    random = Random(3)
    for _ in range(50):
        sizes = [1, *(random.randrange(1, 4) for _ in range(random.randrange(1, 4)))]
        shapes = list(pairwise(sizes))
        weights = [[[random.randrange(-3, 4) for _ in range(n)] for _ in range(m)] for n, m in shapes]
        biases = [[random.randrange(-3, 4) for _ in range(m)] for _, m in shapes]
        layers = list(zip(weights, biases, strict=True))

        def f(t: int, layers: list[tuple[list[list[int]], list[int]]] = layers) -> int:
            values = [t]
            for weight, bias in layers:
                values = [abs(sum(map(int.__mul__, row, values)) + b) for row, b in zip(weight, bias, strict=True)]
            return sum(values)

        far = 10**9
        assert f(far + 1) - f(far) == f(-far - 1) - f(-far)


def test_relu_is_recognized_and_nothing_else_is() -> None:
    assert examine(RELU, Variant()).conclusion is False and possible(RELU, False).conclusion is False
    assert examine({"network": to_json(relu_on_an_interval()), "interval": True}, Variant()).conclusion is False
    assert examine(to_json(relu_on_an_interval()), Variant()).conclusion is True
    for slope, bias in ((1, 0), (0, 0), (1, 1), (2, 0)):
        line = Network(1, (Affine([[slope]], [bias]),))
        assert examine(to_json(line), Variant()).conclusion is True
    shifted = Network(1, (Affine([[1]], [1]), ReLU(), Affine([[1]], [0])))
    assert examine(to_json(shifted), Variant()).conclusion is True
    # An affine network needs no absolute value, whatever its slope is.
    affine = Network(1, (Affine([[F(1, 2)]], [3]),))
    assert possible(to_json(affine), False).conclusion
    # A ReLU network is no MaxMin network, whatever its slopes are.
    assert not possible(to_json(Network(1, (ReLU(),))), False).hypotheses["MaxMin network"]


def test_the_fold_is_a_reflection_on_one_side() -> None:
    rng = np.random.default_rng(5)
    for n in (1, 2, 3):
        for _ in range(30):
            u = [F(int(t)) for t in rng.integers(-3, 4, n)]
            if not any(u):
                continue
            t, x = F(int(rng.integers(-3, 4))), [F(int(v)) for v in rng.integers(-5, 6, n)]
            square, height = sum(a * a for a in u), sum(a * b for a, b in zip(u, x, strict=True)) - t
            mirror = tuple(b - 2 * height / square * a for a, b in zip(u, x, strict=True))
            assert formula(u, t, x) == (tuple(x) if height >= 0 else mirror)


def test_only_folds_of_the_line_are_possible_everywhere_and_only_one_without_bias() -> None:
    for normal, possible_ in ((["2"], True), (["1", "0"], False), (["1", "2"], False), (["1", "1", "1"], False)):
        for offset in ("0", "-2"):
            assert foldable({"normal": normal, "offset": offset}, False).conclusion is possible_
    for normal, offset in ((["1"], "1"), (["1", "1"], "0"), (["0", "1"], "3")):
        grid = product(("-2", "-1", "0", "1", "2"), repeat=len(normal))
        assert not all(even({"normal": normal, "offset": offset, "x": list(x)}, False).conclusion for x in grid)
    assert all(even({"normal": ["1"], "offset": "0", "x": [x]}, False).conclusion for x in ("-2", "0", "1/3"))


def gradients(f: Callable[[float, float], float], points: np.ndarray) -> set[tuple[float, ...]]:
    """The affine pieces (gradient and offset) seen at the points, by differences."""
    found, h = set(), 1e-6
    for x, y in points:
        gx, gy = (f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h)
        found.add(tuple(np.round((gx, gy, f(x, y) - gx * x - gy * y), 4) + 0.0))
    return found


def test_the_pyramids_have_eight_faces_and_two_folds_at_most_four() -> None:
    rng = np.random.default_rng(7)
    points = rng.uniform(-3, 3, (400, 2))

    def f(x: float, y: float) -> float:
        return 1 - min(max(abs(x - 1), abs(y - 1)), max(abs(x + 1), abs(y + 1)))

    kinks = {piece for piece in gradients(f, points) if all(abs(v) in (0.0, 1.0) for v in piece[:2])}
    assert len(kinks) == len(faces()) == 8
    assert pyramid(F(1), F(1)) == 1 and pyramid(F(0), F(0)) == 0 and pyramid(F(3), F(0)) == -1
    for _ in range(5):
        angles, offsets, row = rng.uniform(0, 7, 2), rng.uniform(-1, 1, 2), rng.normal(size=2)

        def two(x: float, y: float, angles=angles, offsets=offsets, row=row) -> float:  # type: ignore[no-untyped-def]
            z = np.array([x, y])
            for a, t in zip(angles, offsets, strict=True):
                u = np.array([np.cos(a), np.sin(a)])
                z = z + (abs(u @ z - t) - (u @ z - t)) * u
            return float(row @ z)

        counted = [piece for piece in gradients(two, points[:120])]
        assert len({tuple(np.round(p, 2)) for p in counted}) <= 4


def test_folding_three_times_gives_the_pyramids() -> None:
    for x, y in product((F(-3), F(-1, 2), F(0), F(2, 3), F(4)), repeat=2):
        z = (x, y)
        for normal, offset in (((1, 1), 0), ((1, -1), 0), ((1, 1), 2)):
            z = formula([F(a) for a in normal], F(offset), z)  # type: ignore[assignment]
        # After the folds p = (x + y)/2 >= 1 and q = (x - y)/2 >= 0, and f = 1 - (p - 1) - q = 2 - x.
        assert pyramid(x, y) == 2 - z[0]


def test_the_row_has_six_statements_with_their_repairs() -> None:
    own = [c for c in CLAIMS if c.variant_of is None]
    assert len(own) >= 6 and {c.expected for c in CLAIMS} == {Verdict.PROVED, Verdict.REFUTED}
