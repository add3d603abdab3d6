"""Violations that are planted are found and proved by two inputs; healthy networks raise no alarm."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import Tensor, nn  # noqa: E402
from torch.nn.utils import parametrizations  # noqa: E402

from lipcheck import nn as layers  # noqa: E402
from lipcheck.audit import Audit, audit  # noqa: E402
from lipcheck.audit.rounding import rounding_scale  # noqa: E402
from lipcheck.nn.reading import read_module  # noqa: E402

DEPTH = 5
TINY = Fraction(1, 10**9)


def orthogonal(size: int, dtype: torch.dtype = torch.float64, factor: float = 1.0, seed: int = 0) -> nn.Sequential:
    """Square orthogonal layers and MaxMin: every Jacobian is orthogonal, so the constant is the product, `factor`."""
    torch.manual_seed(seed)
    parts: list[nn.Module] = []
    for _ in range(DEPTH):
        linear = nn.Linear(size, size, dtype=dtype)
        nn.init.orthogonal_(linear.weight)
        parts += [linear, layers.MaxMin()]
    with torch.no_grad():
        parts[4].weight *= factor  # type: ignore[operator]
    return nn.Sequential(*parts[:-1])


def quick(module: nn.Module, *shape: int, **settings: Any) -> Audit:
    return audit(module, input_shape=shape, **{"claim": 1, "budget": 1, "state": False} | settings)


def confirmed(found: Audit, module: nn.Module, excess: float, within: float = 1e-2) -> None:
    """The verdict is violated by about `excess`, and the module itself, in float64, agrees on the two inputs."""
    assert found.verdict.outcome == "violated", found.verdict
    assert found.lower is not None and found.upper is not None and found.status == 1
    assert found.verdict.asked is not None and found.verdict.asked < found.lower.lower <= found.upper.value
    assert float(found.verdict.excess or 0) == pytest.approx(excess, rel=within)
    x, y = (torch.tensor(point, dtype=torch.float64)[None] for point in (found.lower.x, found.lower.y))
    frozen = copy.deepcopy(module).eval().double()
    with torch.no_grad():
        at, to = (frozen(point.reshape(1, *shape_of(module))) for point in (x, y))
    measured = float((at - to).norm() / (x - y).norm())
    assert measured == pytest.approx(float(found.lower.lower), rel=1e-3 * excess)


def shape_of(module: nn.Module) -> tuple[int, ...]:
    first = next(part for part in module.modules() if isinstance(part, nn.Linear | nn.Conv2d))
    return (first.in_features,) if isinstance(first, nn.Linear) else (first.in_channels, 5, 5)


@pytest.mark.parametrize("seed", range(3))
def test_one_float64_layer_of_five_is_a_millionth_too_large(seed: int) -> None:
    module = orthogonal(8, factor=1 + 1e-6, seed=seed)
    found = quick(module, 8)
    confirmed(found, module, 1e-6)
    assert not found.verdict.rounding
    assert quick(module, 8, rounding=True).verdict.outcome == "violated"


@pytest.mark.parametrize("seed", range(3))
def test_one_float32_layer_is_ten_rounding_scales_too_large(seed: int) -> None:
    scale = rounding_scale(read_module(orthogonal(8, torch.float32), (8,)), 2, "float32")
    module = orthogonal(8, torch.float32, 1 + 10 * float(scale), seed)
    found = quick(module, 8, rounding=True)
    assert found.rounding_scale == scale
    confirmed(found, module, 10 * float(scale), within=0.1)
    plain = quick(module, 8)
    assert plain.verdict.outcome == "violated" and not plain.verdict.rounding


def test_wide_network_a_millionth_too_large(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--lipcheck-budget") == "smoke":
        pytest.skip("256 wide: with --lipcheck-budget ci")
    module = orthogonal(256, factor=1 + 1e-6)
    confirmed(quick(module, 256, budget=8), module, 1e-6)


class Scaled(nn.Sequential):
    """Multiplies its linear layers by the constant that it claims, and forgets those in containers inside."""

    def __init__(self, *parts: nn.Module, k_coef_lip: float) -> None:
        super().__init__(*parts)
        for part in parts:
            if isinstance(part, nn.Linear):
                part.weight.data *= k_coef_lip


def test_scale_that_a_container_loses() -> None:
    module = Scaled(orthogonal(8), k_coef_lip=0.1)
    confirmed(quick(module, 8, claim=Fraction(1, 10)), module, 9)
    flat = Scaled(*orthogonal(8), k_coef_lip=0.5)
    found = quick(flat, 8, claim=Fraction(1, 32) * (1 + TINY))
    assert found.verdict.outcome == "holds", "a container that reaches its layers is not blamed"


def shifts(mode: str) -> nn.Sequential:
    """Each channel moves by one pixel: a permutation of the entries where the image is a torus."""
    conv = nn.Conv2d(2, 2, 3, padding=1, padding_mode=mode, bias=False, dtype=torch.float64)
    with torch.no_grad():
        conv.weight.zero_()
        conv.weight[0, 0, 0, 1] = conv.weight[1, 1, 1, 2] = 1
    return nn.Sequential(conv)


def almost_orthogonal(mode: str) -> nn.Sequential:
    """Kernels divided by sqrt(sum |W' * W|), as AOL does it: a bound for circular and for zero padding, no other."""
    conv = nn.Conv2d(2, 3, 3, padding=1, padding_mode=mode, bias=False, dtype=torch.float64)
    with torch.no_grad():
        conv.weight.copy_(1 + torch.arange(54.0).reshape(3, 2, 3, 3) / 54)
        across = conv.weight.transpose(0, 1)
        gram = nn.functional.conv2d(across, across, padding=2)
        conv.weight *= gram.abs().sum((1, 2, 3)).rsqrt()[None, :, None, None]
    return nn.Sequential(conv)


def test_reflect_padding_of_an_orthogonal_convolution() -> None:
    module = shifts("reflect")
    confirmed(quick(module, 2, 5, 5), module, math.sqrt(2) - 1)
    for healthy in ("circular", "zeros"):
        found = quick(shifts(healthy), 2, 5, 5, claim=1 + TINY)
        assert found.verdict.outcome == "holds", healthy


def test_reflect_padding_of_an_almost_orthogonal_convolution() -> None:
    module = almost_orthogonal("reflect")
    found = quick(module, 2, 5, 5)
    assert found.lower is not None and found.lower.lower > Fraction(105, 100)
    confirmed(found, module, float(found.lower.lower) - 1)
    for healthy in ("circular", "zeros"):
        assert quick(almost_orthogonal(healthy), 2, 5, 5, claim=1 + TINY).verdict.outcome == "holds", healthy


def test_power_iteration_with_too_few_steps() -> None:
    torch.manual_seed(0)
    linear = nn.Linear(24, 24, dtype=torch.float64)
    module = nn.Sequential(parametrizations.spectral_norm(linear, n_power_iterations=1))
    linear.parametrizations.weight.original.data = torch.randn(24, 24, dtype=torch.float64)  # type: ignore[union-attr]
    found = quick(copy.deepcopy(module), 24, state=True, budget=4)
    assert found.lower is not None
    confirmed(found, module, float(found.lower.lower) - 1)
    assert {report.name: report.changed for report in found.state}["power iteration"]
    with torch.no_grad():
        module.train()
        for _ in range(3000):
            module(torch.zeros(1, 24, dtype=torch.float64))
    assert quick(module, 24, claim=1 + TINY).verdict.outcome == "holds"


def test_an_audit_leaves_the_module_alone() -> None:
    """Asking for a weight of spectral normalisation in train mode runs one more iteration: not on the user's module."""
    torch.manual_seed(0)
    module = nn.Sequential(parametrizations.spectral_norm(nn.Linear(6, 6)), layers.MaxMin()).train()
    before = copy.deepcopy(module.state_dict())
    quick(module, 6, state=True, budget=4)
    assert module.training
    assert all(torch.equal(before[name], tensor) for name, tensor in module.state_dict().items())


class Cached(nn.Linear):
    """Keeps the normalised weight when eval mode begins, and does not notice weights that are loaded later."""

    def train(self, mode: bool = True) -> Cached:
        if not mode:
            self.kept = self.weight.detach() / torch.linalg.matrix_norm(self.weight.detach(), 2)
        return super().train(mode)  # type: ignore[return-value]

    def forward(self, input: Tensor) -> Tensor:
        used = self.weight / torch.linalg.matrix_norm(self.weight, 2) if self.training else self.kept
        return nn.functional.linear(input, used, self.bias)


class Export(nn.Linear):
    """A layer of norm one whose export keeps the norm that it was made with."""

    def __init__(self, size: int) -> None:
        super().__init__(size, size, dtype=torch.float64)
        self.register_buffer("made_with", torch.linalg.matrix_norm(self.weight.detach(), 2))

    def vanilla_export(self) -> nn.Linear:
        plain = nn.Linear(self.in_features, self.out_features, dtype=torch.float64)
        plain.weight.data = self.weight.detach() / self.made_with
        return plain


def test_stale_exported_weight() -> None:
    torch.manual_seed(0)
    layer = Export(6)
    layer.weight.data *= 3
    module = layer.vanilla_export()
    confirmed(quick(module, 6), module, 2)
    states = {report.name: report for report in quick(layer, 6, claim=100, state=True, budget=4).state}
    assert states["export"].changed and states["stale weights"].changed


def test_weight_of_eval_mode_that_does_not_follow() -> None:
    torch.manual_seed(0)
    layer = Cached(6, 6).eval()
    with torch.no_grad():
        layer.weight[0] *= 3
    states = {report.name: report for report in quick(layer, 6, state=True, budget=4).state}
    assert states["stale weights"].changed, states["stale weights"]
    healthy = {report.name: report for report in quick(orthogonal(4), 4, state=True, budget=4).state}
    assert healthy["stale weights"].changed is False


def test_rank_deficient_layer_sold_as_orthogonal() -> None:
    torch.manual_seed(0)
    layer = nn.Linear(6, 6, dtype=torch.float64)
    left, right = torch.linalg.qr(torch.randn(6, 6, dtype=torch.float64))[0], torch.eye(6, dtype=torch.float64)
    right[5, 5] = 0
    layer.weight.data = left @ right
    found = quick(nn.Sequential(layer), 6, claim=1 + TINY, require=("gnp",))
    assert found.verdict.outcome == "holds"
    assert found.gradient_norm is not None and found.required == {"gnp": False}
    assert found.status == 1
    assert "0" in str(found.gradient_norm)
    healthy = quick(orthogonal(6), 6, claim=1 + TINY, require=("gnp",))
    assert healthy.required == {"gnp": True} and healthy.status == 0


@pytest.mark.parametrize(("head", "size"), [("argmax", 6), ("sign", 1)])
def test_wrong_margin_rule(head: str, size: int) -> None:
    """The radius margin / (sqrt 2 K) is attained by orthogonal networks, so twice as much is refuted by a flip."""
    module = orthogonal(6)
    module[-1] = nn.Linear(6, size, dtype=torch.float64)
    nn.init.orthogonal_(module[-1].weight)
    data = np.random.default_rng(0).standard_normal((12, 6))
    settings = {"claim": 1 + TINY, "head": head, "data": data, "require": ("certificates",), "budget": 4}
    assert quick(module, 6, **settings, radius_factor=2).required == {"certificates": False}
    assert quick(module, 6, **settings).required != {"certificates": False}


def parametrized(size: int) -> nn.Module:
    torch.manual_seed(0)
    parts = [parametrizations.orthogonal(nn.Linear(size, size)), layers.MaxMin()] * 2
    return nn.Sequential(*parts)


def bjorck(size: int) -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(layers.BjorckLinear(size, size, iterations=30), layers.MaxMin(), layers.BjorckLinear(size, 3))


def ties(size: int) -> nn.Module:
    """Equal rows and whole numbers: every input is a tie, and the norm is one exactly."""
    module = nn.Sequential(nn.Linear(size, size), layers.MaxMin(), nn.Linear(size, size), nn.ReLU())
    for k in (0, 2):
        module[k].weight.data = torch.full((size, size), 1 / size)
        module[k].bias.data.zero_()
    return module


def zeros(size: int) -> nn.Module:
    module = ties(size)
    module[0].weight.data.zero_()
    return module


def settled(size: int) -> nn.Module:
    """Spectral normalisation whose power iteration has converged: one singular value is far above the rest."""
    torch.manual_seed(0)
    parts: list[nn.Module] = []
    for _ in range(2):
        linear = nn.Linear(size, size)
        with torch.no_grad():
            linear.weight.copy_(torch.eye(size) + torch.ones(size, size))
        parts += [parametrizations.spectral_norm(linear, n_power_iterations=4), layers.MaxMin()]
    module = nn.Sequential(*parts).train()
    with torch.no_grad():
        for _ in range(8):
            module(torch.zeros(1, size))
    return module.eval()


def householder_chain(size: int) -> nn.Module:
    """Products of reflections, as torch makes them from orthogonal weights of fewer rows than columns."""
    torch.manual_seed(0)
    parts: list[nn.Module] = []
    for n in (size, size // 2):
        linear = nn.Linear(n, n // 2)
        parts += [parametrizations.orthogonal(linear, orthogonal_map="householder"), layers.MaxMin()]
    return nn.Sequential(*parts)


@pytest.mark.parametrize(
    "make",
    [parametrized, bjorck, ties, zeros, settled, householder_chain, lambda n: orthogonal(n, torch.float32)],
)
@pytest.mark.parametrize("size", [8, 24])
def test_healthy_float32_networks_raise_no_alarm(make: Callable[[int], nn.Module], size: int) -> None:
    data = np.concatenate([np.zeros((2, size)), np.ones((1, size)), np.eye(size)[:2]])
    found = quick(make(size), size, rounding=True, data=data, budget=2)
    assert found.verdict.outcome in ("holds", "unknown"), found.verdict
    assert found.upper is not None
    assert found.lower is None or found.lower.lower <= found.upper.value < 1 + Fraction(1, 10**4)


@pytest.mark.parametrize(
    "make", [parametrized, bjorck, settled, householder_chain, lambda n: orthogonal(n, torch.float32)]
)
def test_healthy_wide_networks_raise_no_alarm(make: Callable[[int], nn.Module], pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--lipcheck-budget") == "smoke":
        pytest.skip("1,024 wide: with --lipcheck-budget ci")
    found = quick(make(1024), 1024, rounding=True, budget=10)
    assert found.verdict.outcome == "holds", found.verdict
