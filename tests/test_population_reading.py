"""The population reading: equal to the tensor reading, exact at ties, bounded in memory; the fast form close to it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from lipcheck.network import Abs, GroupSort, LeakyReLU, MaxMin, NetworkError, ReLU  # noqa: E402
from lipcheck.readings import passes, rational, steps  # noqa: E402
from lipcheck.readings import population as populations  # noqa: E402
from lipcheck.readings.halves import allows_halves, halves  # noqa: E402
from lipcheck.readings.population import Population  # noqa: E402
from lipcheck.readings.rotated import allows_rotation, rotated  # noqa: E402
from lipcheck.readings.tensor import TensorNetwork  # noqa: E402

UP, DOWN = GroupSort(2, order="ascending"), MaxMin()
AFFINE = "affine"
ARCHITECTURES: dict[str, tuple[tuple[Any, ...], tuple[int, ...]]] = {
    "maxmin": ((AFFINE, DOWN, AFFINE, DOWN, AFFINE), (3, 6, 4, 1)),
    "ascending": ((AFFINE, UP, AFFINE, UP, AFFINE), (3, 6, 4, 2)),
    "abs": ((AFFINE, Abs(), AFFINE, Abs(), AFFINE), (2, 5, 3, 2)),
    "relu": ((AFFINE, ReLU(), AFFINE), (4, 5, 3)),
    "mixed": ((AFFINE, UP, AFFINE, Abs(), AFFINE, DOWN, AFFINE, ReLU(), AFFINE), (2, 4, 6, 8, 3, 2)),
    "two affine": ((AFFINE, DOWN, AFFINE, AFFINE), (3, 4, 3, 2)),
    "affine": ((AFFINE, AFFINE), (3, 4, 2)),
    "one": ((AFFINE,), (3, 2)),
}
RUNS = ((AFFINE, Abs(), DOWN, AFFINE, UP, DOWN, ReLU(), AFFINE), (3, 6, 4, 2))
DTYPES = [torch.float32, torch.float64]


def drawn(kinds: Sequence[Any], widths: Sequence[int], networks: int = 40, *, dyadic: bool, dtype: Any) -> Any:
    """Networks and points; small integers and halves if `dyadic`, so that nothing is rounded and pairs tie."""
    generator = torch.Generator().manual_seed(5)

    def numbers(*shape: int) -> Any:
        if dyadic:
            return torch.randint(-2, 3, shape, generator=generator).to(dtype) / 2
        return torch.randn(shape, generator=generator, dtype=dtype)

    weights = [numbers(networks, m, n) for n, m in itertools.pairwise(widths)]
    biases = [numbers(networks, m) for m in widths[1:]]
    return TensorNetwork.from_tensors(kinds, weights, biases), numbers(networks, 9, widths[0])


def same(found: Any, wanted: Any) -> bool:
    """Equal numbers; bit for bit, except that 0 equals -0."""
    return all(torch.equal(a, b) and a.shape == b.shape for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", [*ARCHITECTURES, "runs"])
def test_dyadic_data_are_exact_with_planted_ties_and_kinks(name: str, dtype: Any) -> None:
    kinds, widths = RUNS if name == "runs" else ARCHITECTURES[name]
    network, x = drawn(kinds, widths, dyadic=True, dtype=dtype)
    population = Population.exact(network)
    values, jacobians = population.values_and_jacobians(x)
    assert same((values, jacobians), network.jacobian(x)) and torch.equal(population.values(x), values)
    tied = 0
    for i in range(0, 40, 4):
        member = network.member(i)
        for point, value, jacobian in zip(x[i].tolist(), values[i].tolist(), jacobians[i].tolist(), strict=True):
            tied += not rational.is_smooth_at(member, point)
            assert tuple(value) == rational.evaluate(member, point)
            assert tuple(map(tuple, jacobian)) == rational.jacobian(member, point)
    assert tied >= 10 or all(kind == AFFINE for kind in kinds)


@pytest.mark.parametrize("points", [1, 2])
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_second_call_finds_the_weights_as_they_were(name: str, points: int) -> None:
    network, x = drawn(*ARCHITECTURES[name], dyadic=False, dtype=torch.float64)
    for population in (Population.exact(network), Population.fast(network)):
        first = population.values_and_jacobians(x[:, :points])
        assert same(population.values_and_jacobians(x[:, :points]), first)
        for found, wanted in zip(first, network.jacobian(x[:, :points]), strict=True):
            torch.testing.assert_close(found, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_halves_and_rotated_pairs_differ_by_rounding_alone(name: str) -> None:
    network, x = drawn(*ARCHITECTURES[name], dyadic=False, dtype=torch.float64)
    values, jacobians = network.jacobian(x)
    for population in (Population.exact(network), Population.fast(network)):
        found, slopes = population.values_and_jacobians(x)
        torch.testing.assert_close(found, values, rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(slopes, jacobians, rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(population.values(x), values, rtol=1e-12, atol=1e-12)


def test_zero_and_minus_zero_tie_and_so_do_numbers_below_the_normal_ones() -> None:
    tiny = 2.0**-149
    h = torch.tensor([0.0, -0.0, -0.0, 0.0, tiny, 0.0, 0.0, tiny, -0.0, -0.0, -tiny, -0.0], dtype=torch.float32)
    kinds, eye = (AFFINE, DOWN, AFFINE), torch.eye(12)[None]
    expected = [False, False, False, True, False, True]
    desk, mark = steps.Desk(np.empty((2, 13), np.float32)), np.empty((1, 6, 1), np.float32)
    homogeneous = np.ones((1, 13, 1), np.float32)
    homogeneous[0, :-1, 0] = np.concatenate([h[::2], h[1::2]])
    steps.SortPairs(True).apply(homogeneous.copy(), mark, desk)
    assert steps.bits(mark).flatten().tolist() == [int(a) for a in expected]
    network = TensorNetwork.from_tensors(kinds, [eye, eye], [torch.zeros(1, 12)] * 2)
    assert same(Population.exact(network).values_and_jacobians(h[None]), network.jacobian(h[None]))
    bent = steps.Bend(Abs())
    homogeneous[0, :-1, 0] = h
    slopes = np.empty((1, 12, 1), np.float32)
    bent.apply(homogeneous, slopes, desk)
    assert slopes.flatten().tolist() == [1.0] * 10 + [-1.0, 1.0]


@pytest.mark.parametrize("broken", ["exchange", "tie", "slope"])
def test_a_planted_fault_is_seen(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if broken == "exchange":
        monkeypatch.setattr(steps.SortPairs, "pull", lambda self, rows, mark, desk: rows + 0 * mark[:, :1, None, :])
    elif broken == "tie":
        monkeypatch.setattr(np, "less", np.less_equal)
    else:
        monkeypatch.setattr(np, "greater", np.greater_equal)
    name = "relu" if broken == "slope" else "maxmin"
    network, x = drawn(*ARCHITECTURES[name], dyadic=True, dtype=torch.float64)
    assert not same(Population.exact(network).values_and_jacobians(x), network.jacobian(x))


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("cache", [1, 3000, 2**30])
def test_chunks_and_threads_change_nothing(cache: int, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network, x = drawn(*ARCHITECTURES["maxmin"], dyadic=False, dtype=torch.float32)
    wanted = Population.exact(network).values_and_jacobians(x)
    monkeypatch.setattr(populations, "second_cache", lambda: cache)
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    assert same(Population.exact(network).values_and_jacobians(x), wanted)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("jacobians", [True, False])
def test_a_stream_keeps_to_its_memory(jacobians: bool, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network, x = drawn(*ARCHITECTURES["mixed"], dyadic=False, dtype=torch.float64)
    population = Population.exact(network)
    values, slopes = population.values_and_jacobians(x)
    one, seen = population.bytes_each(9, jacobians=jacobians), 0
    taken: list[int] = []
    empty = np.empty

    def counting(*shape: Any) -> Any:
        taken.append((found := empty(*shape)).nbytes)
        return found

    monkeypatch.setattr(np, "empty", counting)
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    for part in population.stream(x, memory=7 * one + 5, jacobians=jacobians):
        assert part.networks.start == seen and part.networks.stop - seen <= 7
        assert torch.equal(part.values, values[part.networks])
        assert (part.jacobians is None) != jacobians
        assert part.jacobians is None or torch.equal(part.jacobians, slopes[part.networks])
        seen = part.networks.stop
    assert seen == 40 and 5 * one < sum(taken) <= 7 * one
    with pytest.raises(NetworkError, match=f"takes {one} bytes, but {one - 1} are allowed"):
        next(population.stream(x, memory=one - 1, jacobians=jacobians))


def test_what_has_no_such_form_is_refused() -> None:
    for kinds in [
        (),
        (DOWN, AFFINE),
        (AFFINE, DOWN),
        (AFFINE, LeakyReLU(2), AFFINE),
        (AFFINE, GroupSort(3, order="ascending"), AFFINE),
    ]:
        assert not allows_halves(kinds) and not allows_rotation(kinds)
        with pytest.raises(NetworkError, match="no form in halves"):
            halves(kinds, [], [])
    assert allows_halves(RUNS[0]) and not allows_rotation(RUNS[0])
    with pytest.raises(NetworkError, match="cannot be rotated"):
        rotated(RUNS[0], [], [])
    network, _ = drawn((AFFINE, LeakyReLU(2), AFFINE), (2, 2, 2), dyadic=True, dtype=torch.float32)
    with pytest.raises(NetworkError, match="no form in halves"):
        Population.exact(network)
    with pytest.raises(NetworkError, match="cannot be rotated"):
        Population.fast(network)


def test_numbers_that_are_not_finite_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(populations, "second_cache", lambda: 3000)
    network, x = drawn(*ARCHITECTURES["maxmin"], dyadic=False, dtype=torch.float32)
    population = Population.exact(network)
    for bad in (float("nan"), float("inf")):
        y = x.clone()
        y[39, 8, 2] = bad
        with pytest.raises(NetworkError, match="input holds NaN"):
            population.values(y)
    for call in (population.values, population.values_and_jacobians):
        with pytest.raises(NetworkError, match="overflowed"):
            call(x / x.abs().max() * 3e38)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 2)
    with pytest.raises(NetworkError, match="overflowed"):
        population.values(torch.full_like(x, 3e38))  # every chunk fails, in threads, and none waits for another
    with pytest.raises(NetworkError, match="overflowed"), np.errstate(invalid="ignore"):
        passes.refuse_overflow(np.array([1.0, float("inf"), float("-inf")]))
    with pytest.raises(NetworkError, match=r"shape \(9, 4\): give \(points, 3\)"):
        population.values(torch.zeros(9, 4))
    with pytest.raises(NetworkError, match=r"shape \(3,\)"):
        population.values(torch.zeros(3))
    with pytest.raises(NetworkError, match="convert it to"):
        population.values(x.double())
    with np.errstate(over="ignore"):
        assert passes.all_finite(np.full(9, 3e38, np.float32))


def test_a_network_with_gradients_and_under_autocast_gives_the_same() -> None:
    network, x = drawn(*ARCHITECTURES["maxmin"], dyadic=False, dtype=torch.float32)
    wanted = Population.exact(network).values(x)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(Population.exact(network).values(x.requires_grad_()), wanted)
