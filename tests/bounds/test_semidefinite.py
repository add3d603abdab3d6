"""The semidefinite bound: above the truth, below the product of norms, and never accepted on a forged certificate."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest

from lipcheck.bounds.abs_normal import AbsNormal, Folder, abs_normal
from lipcheck.bounds.differences import differences, split_number
from lipcheck.bounds.interior_point import iterates, start
from lipcheck.bounds.semidefinite import scaled, semidefinite_bound
from lipcheck.bounds.semidefinite_check import by_floats, by_integers, proves, verify
from lipcheck.network import Abs, Affine, FullSort, GroupSort, Layer, LeakyReLU, MaxMin, Maxout, Network, ReLU
from lipcheck.norms import spectral_norm_at_most, verified_spectral_norm

SOLVER = 1e-8
"""The solver's gap (1e-9 in the square) with room for rounding: how near a value has to be, never how sound it is."""

KINDS: list[Layer] = [
    MaxMin(), ReLU(), Abs(), LeakyReLU(F(1, 4)), GroupSort(3, order="ascending"), FullSort("ascending"), Maxout(2),
]  # fmt: skip


def network(rng: np.random.Generator, widths: Sequence[int], activation: Layer, whole: bool = False) -> Network:
    layers: list[Layer] = []
    inputs = widths[0]
    for i, width in enumerate(widths[1:]):
        weight = rng.integers(-2, 3, (width, inputs)) if whole else rng.standard_normal((width, inputs))
        layers.append(Affine(weight.tolist(), rng.standard_normal(width).tolist()))
        inputs = width
        if i < len(widths) - 2:
            layers.append(activation)
            inputs = activation.outputs(width)
    return Network(widths[0], tuple(layers))


def steepest(form: AbsNormal, rng: np.random.Generator, points: int) -> tuple[tuple[F, ...], ...]:
    """The exact Jacobian of the steepest piece among those at random points: a lower bound on the constant."""
    gates, outputs = form.floats
    n, s = form.inputs, len(form.gates)
    known = np.concatenate([np.ones((points, 1)), rng.standard_normal((points, n)) * rng.choice([0.3, 1, 30])], axis=1)
    jacobians = np.zeros((points, s + len(outputs), n + s))
    found = np.tile(np.eye(n), (points, 1, 1))
    signs = np.zeros((points, s))
    for i in range(s):
        z = known @ gates[i, : known.shape[1]]
        signs[:, i] = np.where(z >= 0, 1, -1)
        known = np.concatenate([known, np.abs(z)[:, None]], axis=1)
        row = np.einsum("c,pcx->px", gates[i, 1 : 1 + n + i], found) * signs[:, i, None]
        found = np.concatenate([found, row[:, None]], axis=1)
    jacobians = np.einsum("mc,pcx->pmx", outputs[:, 1:], found)
    best = int(np.argmax(np.linalg.norm(jacobians, 2, axis=(1, 2))))
    _, pieces = form.piece([int(sign) for sign in signs[best]])
    return tuple(row[1:] for row in pieces)


def product(net: Network) -> F:
    """The product of the layers' norms; every activation here is 1-Lipschitz."""
    bound = F(1)
    for layer in net.layers:
        if isinstance(layer, Affine):
            bound *= F(verified_spectral_norm(np.array([[float(a) for a in row] for row in layer.weight]))[1])
    return bound


def test_sound_and_never_above_the_product(pytestconfig: pytest.Config) -> None:
    count = 60 if pytestconfig.getoption("--lipcheck-budget") == "smoke" else 500
    rng = np.random.default_rng(0)
    tight = 0
    for i in range(count):
        activation = KINDS[i % len(KINDS)]
        net = network(rng, (1 + i % 4, 6, 6, 1 + i // 7 % 2), activation, whole=i % 5 == 4)
        form, limit = abs_normal(net), product(net)
        bound = semidefinite_bound(form)
        assert bound is not None and bound.method == "semidefinite"
        assert bound.rho <= bound.upper**2
        assert verify(form, bound.rho, bound.multipliers)
        jacobian = steepest(form, rng, 100)
        assert not any(any(row) for row in jacobian) or spectral_norm_at_most(jacobian, bound.upper)
        assert bound.upper <= limit * (1 + F(SOLVER))
        held = semidefinite_bound(form, at_most=limit)
        assert held is not None and held.upper == min(limit, bound.upper)
        tight += bound.upper <= F(8, 10) * limit
    assert tight > count / 2


@pytest.mark.parametrize("seed", range(4))
def test_residual_blocks(seed: int) -> None:
    """x + V max(W x): at most 1 + ||V|| ||W||, which multipliers for the block alone prove."""
    rng = np.random.default_rng(seed)
    w, v = rng.standard_normal((6, 3)), rng.standard_normal((3, 6)) / 3
    folder = Folder(3)
    x = folder.variables()
    hidden = folder.affine(*_exact(w, rng.standard_normal(6)), x)
    sorted_pairs = [unit for i in range(0, 6, 2) for unit in folder.descending(hidden[i : i + 2])]
    block = folder.affine(*_exact(v, np.zeros(3)), sorted_pairs)
    form = folder.close([folder.combine([(1, a), (1, b)]) for a, b in zip(x, block, strict=True)])
    bound = semidefinite_bound(form)
    assert bound is not None
    assert spectral_norm_at_most(steepest(form, rng, 200), bound.upper)
    assert float(bound.upper) <= (1 + np.linalg.norm(v, 2) * np.linalg.norm(w, 2)) * (1 + SOLVER)


def _exact(weight: np.ndarray[Any, Any], bias: np.ndarray[Any, Any]) -> tuple[tuple[tuple[F, ...], ...], tuple[F, ...]]:
    return tuple(tuple(F(float(a)) for a in row) for row in weight), tuple(F(float(b)) for b in bias)


def test_two_proofs_agree() -> None:
    rng = np.random.default_rng(1)
    for i in range(24):
        net = network(rng, (2, 4, 4, 1 + i % 2), KINDS[i % len(KINDS)] if i % 7 != 4 else ReLU(), whole=i % 2 == 0)
        form = abs_normal(net)
        bound = semidefinite_bound(form)
        assert bound is not None
        difference = differences(form)
        kept = [bound.multipliers[i] for i in difference.kept]
        for factor, holds in ((F(1), True), (F(101, 100), True), (F(1) - F(1, 10**6), False)):
            if not bound.rho:
                continue
            assert by_floats(difference, factor * bound.rho, kept) == holds
            assert by_integers(difference, factor * bound.rho, kept) == holds


@pytest.mark.parametrize(("a", "b"), [(3, 1), (-2, 5), (0, 4), (7, 0)])
def test_one_gate_is_exact(a: int, b: int) -> None:
    """y = a |x| + b x: the least rho is (|a| + |b|)^2."""
    form = AbsNormal(1, ((F(0), F(1), F(0)),), ((F(0), F(b), F(a)),))
    bound = semidefinite_bound(form)
    assert bound is not None
    assert abs(a) + abs(b) <= bound.upper <= (abs(a) + abs(b)) * (1 + F(SOLVER))


def test_a_singular_certificate_is_accepted_exactly() -> None:
    """Rotations by Pythagorean numbers and absolute values: M is singular, so that only rationals can decide it."""
    c, s, o, ones = F(3, 5), F(4, 5), F(0), [F(1)] * 4
    gates = ((o, c, s, o, o, o, o), (o, -s, c, o, o, o, o), (o, o, o, c, s, o, o), (o, o, o, -s, c, o, o))
    form = AbsNormal(2, gates, ((o, o, o, o, o, F(1), o), (o, o, o, o, o, o, F(1))))
    assert verify(form, F(1), ones)
    assert not by_floats(differences(form), F(1), ones)
    assert not verify(form, F(1) - F(1, 10**30), ones)
    bound = semidefinite_bound(form, at_most=F(1))
    assert bound is not None and bound.upper == 1 and bound.method == "given"


# Forged certificates


def pair_form() -> AbsNormal:
    """max(u, v) - min(u, v) for u = x, v = -x: its constant is 2, and that of relu(u) - relu(v) is 1."""
    return abs_normal(Network(1, (Affine.linear([[1], [-1]]), MaxMin(), Affine.linear([[1, -1]]))))


def test_multipliers_per_neuron_are_refused() -> None:
    """Max and min taken for slope-restricted units on their own: the bound of the ReLU network, below the truth."""
    relu = abs_normal(Network(1, (Affine.linear([[1], [-1]]), ReLU(), Affine.linear([[1, -1]]))))
    wrong = semidefinite_bound(relu)
    assert wrong is not None and wrong.upper <= 1 + F(SOLVER)
    form = pair_form()
    assert not verify(form, wrong.rho, [F(1, 2), F(1, 2)])
    assert not any(verify(form, wrong.rho, [F(k, 16)]) for k in range(256))
    right = semidefinite_bound(form)
    assert right is not None and right.upper >= 2
    assert not verify(form, right.rho, [right.multipliers[0] / 2] * 2)


def test_a_free_sign_is_refused() -> None:
    rng = np.random.default_rng(2)
    form = abs_normal(network(rng, (3, 6, 6, 1), MaxMin()))
    bound = semidefinite_bound(form)
    assert bound is not None
    for i in range(len(form.gates)):
        for value in (-bound.multipliers[i], F(-1, 10**30), F(0)):
            forged = [*bound.multipliers[:i], value, *bound.multipliers[i + 1 :]]
            assert not verify(form, bound.rho, forged)
            assert not verify(form, 100 * bound.rho, forged)


def test_coupled_multipliers_have_no_place() -> None:
    """LipSDP-Network on relu(x + y) - relu(x): coupling the units gives 1, and the constant is sqrt 2."""
    form = abs_normal(Network(2, (Affine.linear([[1, 1], [1, 0]]), ReLU(), Affine.linear([[1, -1]]))))
    d = np.array([[1.0, 1.0], [1.0, 0.0]])
    coupling = np.array([[1.0, -1.0], [-1.0, 1.0]])
    # dr' T (dz - dr) >= 0 for T = (e_1 - e_2)(e_1 - e_2)' is what the method assumes; weight 2 in the quadratic form.
    m = np.block([[np.eye(2), -d.T @ coupling], [-coupling @ d, 2 * coupling]])
    m[2:, 2:] -= np.outer([1, -1], [1, -1])
    assert np.linalg.eigvalsh(m)[0] >= -1e-12
    rise, squared_distance = form((-1, 2))[0] - form((F(-3, 2), F(3, 2)))[0], F(1, 4) + F(1, 4)
    assert rise**2 == 2 * squared_distance
    assert not any(verify(form, F(1), [F(a, 8), F(b, 8)]) for a in range(33) for b in range(33))
    assert not verify(form, F(1), [F(1), F(1), F(1)])
    bound = semidefinite_bound(form)
    assert bound is not None and bound.upper**2 >= 2


def test_every_gate_and_every_output_counts() -> None:
    """A certificate of a network with one gate or one output more than another proves nothing about the larger one."""
    rng = np.random.default_rng(3)
    form = abs_normal(network(rng, (2, 4, 4, 2), MaxMin()))
    less = AbsNormal(form.inputs, form.gates, form.outputs[:1])
    bound = semidefinite_bound(less)
    assert bound is not None and verify(less, bound.rho, bound.multipliers)
    assert not verify(form, bound.rho, bound.multipliers)
    assert not verify(form, -bound.rho, bound.multipliers)
    full = semidefinite_bound(form)
    assert full is not None
    assert not verify(form, full.rho * (1 - F(1, 10**6)), full.multipliers)


# Weights that break solvers


@pytest.mark.parametrize("power", [-900, -300, 300, 900])
def test_scaling_by_powers_of_two_is_exact(power: int) -> None:
    net = network(np.random.default_rng(4), (3, 6, 6, 1), MaxMin())
    last = net.layers[-1]
    assert isinstance(last, Affine)
    scale = F(2) ** power
    moved = Network(3, (*net.layers[:-1], Affine([[scale * a for a in row] for row in last.weight], last.bias)))
    one, other = semidefinite_bound(abs_normal(net)), semidefinite_bound(abs_normal(moved))
    assert one is not None and other is not None
    assert other.rho == one.rho * scale**2


def test_degenerate_forms() -> None:
    zero = semidefinite_bound(abs_normal(Network(2, (Affine.linear([[0, 0]]),))))
    assert zero is not None and zero.upper == 0
    linear = semidefinite_bound(abs_normal(Network(2, (Affine.linear([[3, 4], [0, 0]]),))))
    assert linear is not None and 5 <= linear.upper <= 5 + F(1, 10**7)
    o, one = F(0), F(1)
    # The first gate is constant, the second is read by nothing, and the third is all that there is.
    gates = ((one, o, o, o, o), (o, one, o, o, o), (o, F(2), one, o, o))
    form = AbsNormal(1, gates, ((o, o, one, o, F(3)),))
    bound = semidefinite_bound(form)
    assert bound is not None and 6 <= bound.upper <= 6 + F(1, 10**7)
    assert bound.multipliers[:2] == (0, 0)
    assert verify(form, bound.rho, bound.multipliers)
    assert not verify(form, bound.rho, [F(-1), *bound.multipliers[1:]])


@pytest.mark.parametrize("kind", ["rank one", "spike", "wide range", "repeated"])
def test_stress_weights(kind: str) -> None:
    rng = np.random.default_rng(5)
    first, second = rng.standard_normal((8, 3)), rng.standard_normal((8, 8))
    if kind == "rank one":
        first, second = np.outer(first[:, 0], first[0]), np.outer(second[:, 0], second[0])
    elif kind == "spike":
        second[3, 4] = 1e12
    elif kind == "wide range":
        first *= 10.0 ** rng.integers(-30, 30, (8, 1))
        second *= 10.0 ** rng.integers(-30, 30, (8, 1))
    else:
        first[4:], second[4:] = first[:4], second[:4]
    ones = Affine.linear(rng.standard_normal((1, 8)).tolist())
    for activation in (MaxMin(), ReLU()):
        net = Network(3, (Affine.linear(first.tolist()), activation, Affine.linear(second.tolist()), activation, ones))
        form = abs_normal(net)
        bound = semidefinite_bound(form)
        assert bound is not None and verify(form, bound.rho, bound.multipliers)
        assert spectral_norm_at_most(steepest(form, rng, 100), bound.upper)
        assert bound.upper <= product(net) * (1 + F(1, 10**6))


def test_the_deadline_leaves_the_start() -> None:
    form = abs_normal(network(np.random.default_rng(6), (4, 16, 16, 1), MaxMin()))
    early = semidefinite_bound(form, deadline=time.monotonic() - 1)
    full = semidefinite_bound(form)
    assert early is not None and full is not None
    assert full.upper < early.upper < 20 * full.upper
    assert verify(form, early.rho, early.multipliers)


def test_the_solver_closes_its_gap_and_loses_nothing_to_the_proof() -> None:
    for activation in (MaxMin(), ReLU(), GroupSort(4, order="ascending")):
        form = abs_normal(network(np.random.default_rng(7), (16, 32, 32, 2), activation))
        problem, _, _ = scaled(differences(form))
        points = list(iterates(problem))
        assert (np.linalg.eigvalsh(problem.matrix(start(problem))) > 0).all()
        assert points[-1].gap <= 1e-9 * points[-1].rho
        assert points[-1].residual <= 1e-9 * points[-1].rho
        bound = semidefinite_bound(form)
        assert bound is not None
        assert float(bound.upper) <= bound.proposed * (1 + 1e-7)


def test_numbers_split_with_one_rounding() -> None:
    rng = np.random.default_rng(8)
    for _ in range(300):
        value = F(int(rng.integers(1, 2**62)) ** 5, int(rng.integers(1, 2**62)) ** 3) * F(2) ** int(
            rng.integers(-3000, 3000)
        )
        for number in (value, -value):
            mantissa, exponent = split_number(number)
            assert 0.5 <= abs(mantissa) < 1
            assert abs(F(mantissa) * F(2) ** exponent - number) <= abs(number) / 2**53
    assert split_number(F(0)) == (0.0, 0)


def test_flush_to_zero_proves_the_same() -> None:
    torch = pytest.importorskip("torch")
    form = abs_normal(network(np.random.default_rng(9), (3, 8, 8, 1), MaxMin()))
    bound = semidefinite_bound(form)
    assert bound is not None
    try:
        torch.set_flush_denormal(True)
        assert proves(differences(form), bound.rho, bound.multipliers)
        assert not verify(form, bound.rho * F(9, 10), bound.multipliers)
    finally:
        torch.set_flush_denormal(False)


def test_bounds_are_frozen() -> None:
    bound = semidefinite_bound(pair_form())
    assert bound is not None
    assert replace(bound, method="given") != bound
    assert math.isclose(bound.proposed, 2, rel_tol=SOLVER)
