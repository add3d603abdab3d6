"""Networks, their product bound, and the reduction from maximum cut, computed in other ways."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import pairwise, product

import numpy as np

from lipcheck.claims.bethune2021.feedforward_lipschitz import definition, hardness, networks, unknown
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall
from lipcheck.words.verdict import Budget

TRIANGLE = [(0, 1), (0, 2), (1, 2)]


def norm_by_patterns(vertices: int, edges: list[tuple[int, int]], order: float) -> float:
    """The largest gradient over all patterns of 2n ReLU in which exactly one of each pair is active."""
    incidence = np.zeros((vertices, len(edges)))
    for e, (a, b) in enumerate(edges):
        incidence[a, e], incidence[b, e] = 1, -1
    return max(np.linalg.norm(np.array(c) @ incidence, order) for c in product((-1, 1), repeat=vertices))


def cut_by_sets(vertices: int, edges: list[tuple[int, int]]) -> int:
    return max(sum((s >> a & 1) ^ (s >> b & 1) for a, b in edges) for s in range(2**vertices))


def test_the_reduction_on_random_graphs() -> None:
    rng = random.Random(0)
    for _ in range(12):
        n = rng.randint(2, 6)
        edges = [(a, b) for a in range(n) for b in range(a) if rng.random() < 0.6] or [(1, 0)]
        cut = cut_by_sets(n, edges)
        assert hardness.largest_cut(n, edges) == cut
        assert hardness.squared_constant(n, edges) == 4 * cut
        assert math.isclose(norm_by_patterns(n, edges, 2) ** 2, 4 * cut)
        assert math.isclose(norm_by_patterns(n, edges, 1), 2 * cut)  # the infinity norm's constant


def test_no_two_points_are_steeper_than_the_constant() -> None:
    rng = np.random.default_rng(0)
    edges = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)]
    network = hardness.network(4, edges)
    first, _, last = network.layers
    weight, top = (np.array(layer.weight, dtype=float) for layer in (first, last))  # type: ignore[union-attr]
    bound = math.sqrt(4 * cut_by_sets(4, edges))
    points = rng.normal(size=(300, 5))
    values = np.maximum(points @ weight.T, 0) @ top[0]
    steepest = max(
        abs(values[i] - values[j]) / np.linalg.norm(points[i] - points[j]) for i in range(300) for j in range(i)
    )
    assert 0.5 * bound < steepest <= bound * (1 + 1e-12)


def test_graphs_are_counted_and_the_orientation_matters() -> None:
    assert [len(hardness.graphs(n)) for n in (2, 3, 4)] == [1, 7, 63]
    assert hardness.squared_constant(3, TRIANGLE) == 8
    assert hardness.squared_constant(3, TRIANGLE, opposite=False) == 12 != 4 * hardness.largest_cut(3, TRIANGLE)
    assert hardness.squared_constant(2, [(0, 1)]) == 4
    broken = hardness.small_graphs(3, Variant(constants={"factor": Fraction(5)}))
    assert not all(map(broken.holds, broken.elements()))


def test_random_networks_stay_below_the_product() -> None:
    """The Jacobian of tanh networks at random points: at most the product of the norms, half of it at least once."""
    rng = np.random.default_rng(1)
    ratios = []
    for _ in range(200):
        widths = rng.integers(1, 4, size=4)
        weights = [rng.normal(size=(b, a)) for a, b in pairwise(widths)]
        x, jacobian = rng.normal(size=widths[0]) / 10, np.eye(widths[0])
        for weight in weights[:-1]:
            x = np.tanh(weight @ x)
            jacobian = (1 - x**2)[:, None] * (weight @ jacobian)
        bound = math.prod(np.linalg.norm(w, 2) for w in weights)
        ratios.append(np.linalg.norm(weights[-1] @ jacobian, 2) / bound)
    assert 0.5 < max(ratios) <= 1 + 1e-12


def test_weights_of_any_constant() -> None:
    """Sigmoid networks of depth 4 and width one, built as in the proof, that set 0 and 1 a million apart."""
    u, v = 1 / (1 + math.exp(1)), 1 / (1 + math.exp(-1))  # the sigmoid at p = -1 and q = 1
    h = [-1.0 + 2 * x for x in (0, 1)]
    for _ in range(3):
        h = [1 / (1 + math.exp(-z)) for z in h]
        a = 2 / (v - u)
        b = -1 - a * u
        h = [a * z + b for z in h]
        assert np.allclose(h, [-1, 1])
    c = 10**6 / (h[1] - h[0])
    assert math.isclose(c * h[1] - c * h[0], 10**6)


def test_steps_on_a_lattice() -> None:
    values = [Fraction(v) for v in ("-2", "-1", "0", "1/2", "1")]
    rng = random.Random(0)
    for claim in (*networks.CLAIMS, *definition.CLAIMS, *unknown.CLAIMS, *hardness.CLAIMS):
        for obligation in claim.obligations(Variant(), Budget.SMOKE):
            if isinstance(obligation, Forall):
                for _ in range(400):
                    point = {name: rng.choice(values) for name in obligation.variables}
                    assert not obligation.violated_at(point), (obligation.name, point)
