"""Networks near the cone: their values by hand, and the means over the sphere by closed forms and other sums."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import pytest

from lipcheck.build import cone_networks as cone
from lipcheck.network import Affine
from lipcheck.norms import is_orthonormal, spectral_norm_at_most
from lipcheck.readings.rational import evaluate


def middle(value: object) -> float:
    return float(value.mid())  # type: ignore[attr-defined]


def points(n: int, count: int = 20) -> list[list[Fraction]]:
    random = Random(n)
    return [[Fraction(random.randint(-9, 9), 4) for _ in range(n)] for _ in range(count)]


def weights(network: cone.Network) -> list[object]:
    return [layer.weight for layer in network.layers if isinstance(layer, Affine)]


@pytest.mark.parametrize("n", [1, 4, 9, 16])
def test_cross_polytope(n: int) -> None:
    network = cone.cross_polytope(n)
    assert all(is_orthonormal(w) for w in weights(network))
    for x in points(n):
        assert evaluate(network, x) == (sum(map(abs, x)) / math.isqrt(n),)


@pytest.mark.parametrize(
    ("activation", "n"), [("Abs", 9), ("MaxMin", 4), ("MaxMin", 1), ("Maxout", 2), ("Maxout", 8), ("ReLU", 4)]
)
def test_cross_polytopes_of_other_activations(activation: str, n: int) -> None:
    network = cone.cross_polytope(n, activation)
    assert all(is_orthonormal(w) for w in weights(network))
    for x in points(n):
        sides = [max(t, Fraction(0)) if activation == "ReLU" else abs(t) for t in x]
        scale = Fraction(1, math.isqrt(2 * n if activation == "Maxout" else n))
        assert evaluate(network, x) == (scale * sum(sides),)


@pytest.mark.parametrize("n", [8, 32])
def test_turned_cross_polytope(n: int) -> None:
    network = cone.turned_cross_polytope(n)
    assert all(is_orthonormal(w) for w in weights(network)) and {len(w) for w in weights(network)} == {n, 1}
    for x in points(n, 8):
        pairs = [(x[i], x[i + 1]) for i in range(0, n, 2)]
        folded = sum((abs(a - b) + abs(a + b) for a, b in pairs), Fraction(0))
        assert evaluate(network, x) == (folded / math.isqrt(2 * n),)


def test_sorted_cone() -> None:
    row = [Fraction(2, 7), Fraction(3, 7), Fraction(6, 7)]
    network = cone.sorted_cone(row)
    assert all(spectral_norm_at_most(w, Fraction(1)) for w in weights(network))
    for x in [*points(3), [Fraction(0)] * 3, [Fraction(-1)] * 3]:
        assert evaluate(network, x) == (sum(v * a for v, a in zip(row, sorted(map(abs, x)), strict=True)),)


def test_means_over_the_sphere() -> None:
    assert middle(cone.mean_coordinate(1)) == pytest.approx(1)
    assert middle(cone.mean_coordinate(2)) == pytest.approx(2 / math.pi)
    assert middle(cone.mean_norm(2)) == pytest.approx(math.sqrt(math.pi / 2))
    for n in (3, 128, 512):
        expected = math.sqrt(2) * math.exp(math.lgamma((n + 1) / 2) - math.lgamma(n / 2))
        assert middle(cone.mean_norm(n)) == pytest.approx(expected, rel=1e-12)
        steps = 4000
        heights = [(i + 0.5) / steps for i in range(steps)]
        density = [(1 - t * t) ** ((n - 3) / 2) for t in heights]
        mean = sum(t * d for t, d in zip(heights, density, strict=True)) / sum(density)
        assert middle(cone.mean_coordinate(n)) == pytest.approx(mean, rel=1e-4)


def test_l_moments_by_closed_forms_and_sums() -> None:
    assert middle(cone.l_moment(0)) == pytest.approx(math.sqrt(2 / math.pi))
    assert middle(cone.l_moment(1)) == pytest.approx(2 / math.sqrt(math.pi) - math.sqrt(2 / math.pi))
    step = 0.001
    for r, legendre in ((2, lambda t: 6 * t * t - 6 * t + 1), (3, lambda t: 20 * t**3 - 30 * t * t + 12 * t - 1)):
        grid = [(i + 0.5) * step for i in range(9000)]
        mean = sum(x * legendre(math.erf(x / math.sqrt(2))) * math.exp(-x * x / 2) for x in grid) * step
        assert middle(cone.l_moment(r)) == pytest.approx(mean * math.sqrt(2 / math.pi), abs=1e-6)


def test_sorted_energy_of_two_numbers() -> None:
    high = 2 / math.sqrt(math.pi)
    low = 2 * math.sqrt(2 / math.pi) - high
    assert middle(cone.sorted_energy(2, 1)) == pytest.approx((high**2 + low**2) / 2)
    assert middle(cone.sorted_energy(2, 0)) == pytest.approx(2 / math.pi)


def test_sorted_energy_is_what_the_rank_polynomials_carry() -> None:
    n, step = 12, 0.002
    grid = [(i + 0.5) * step for i in range(4500)]
    means = []
    for k in range(n):
        total = 0.0
        for x in grid:
            below = math.erf(x / math.sqrt(2))
            chance = n * math.comb(n - 1, k) * below**k * (1 - below) ** (n - 1 - k)
            total += x * chance * math.sqrt(2 / math.pi) * math.exp(-x * x / 2)
        means.append(total * step)
    energy = 0.0
    for r in range(5):
        w = [float(c) for c in cone.legendre_ranks(n, r)]
        energy += sum(a * b for a, b in zip(w, means, strict=True)) ** 2 / sum(a * a for a in w)
        assert middle(cone.sorted_energy(n, r)) == pytest.approx(energy / n, abs=1e-5)


def test_depth_limit() -> None:
    assert middle(cone.depth_limit(1)) == pytest.approx(math.sqrt(2 / math.pi)) and middle(cone.depth_limit(0)) == 0
    low, high = cone.enclosure(64, lambda: cone.depth_limit(5))
    assert Fraction(9968, 10000) < low <= high < Fraction(9969, 10000)


@pytest.mark.parametrize(
    "call",
    [
        lambda: cone.cross_polytope(8),
        lambda: cone.cross_polytope(4, "Maxout"),
        lambda: cone.cross_polytope(4, "tanh"),
        lambda: cone.cross_polytope(0),
        lambda: cone.turned_cross_polytope(2),
        lambda: cone.turned_cross_polytope(16),
        lambda: cone.mean_norm(0),
        lambda: cone.l_moment(-1),
        lambda: cone.sorted_energy(3, 3),
    ],
)
def test_what_there_is_not(call: object) -> None:
    with pytest.raises(cone.ConeError):
        call()  # type: ignore[operator]
