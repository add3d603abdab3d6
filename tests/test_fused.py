"""The fused kernels against the tensor and the rational reading: on a CUDA device, else in triton's interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from lipcheck.network import Abs, GroupSort, MaxMin, Maxout, NetworkError, ReLU  # noqa: E402
from lipcheck.readings import rational  # noqa: E402
from lipcheck.readings.fused import Doubt, FusedNetwork  # noqa: E402
from lipcheck.readings.fused_launch import DEEPEST, Variant, shape_obstacle  # noqa: E402
from lipcheck.readings.tensor import TensorNetwork  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
CUDA = torch.cuda.is_available()
WHERE = "cuda" if CUDA else "cpu"
INTERPRETED = os.environ.get("TRITON_INTERPRET") == "1"
runs = pytest.mark.skipif(
    find_spec("triton") is None or not (CUDA or INTERPRETED), reason="needs triton, and CUDA or its interpreter"
)
DOT, GLUON = Variant("dot"), Variant("gluon")
SINGLE, DOUBLE = torch.float32, torch.float64
VARIANTS = [(DOT, SINGLE)] if CUDA else [(DOT, SINGLE), (DOT, DOUBLE)]
if CUDA:
    VARIANTS += [(GLUON, SINGLE), (GLUON, DOUBLE), (Variant(sums=64), SINGLE), (Variant(tile=32), SINGLE)]
every_variant = pytest.mark.parametrize(
    ("variant", "dtype"), VARIANTS, ids=lambda v: "-".join(map(str, v)) if isinstance(v, Variant) else str(v)
)
KINDS = {"max": MaxMin(), "min": GroupSort(2, order="ascending"), "abs": Abs(), "relu": ReLU()}


def dyadic(
    kind: Any, widths: tuple[int, ...], population: int = 2, points: int = 5, dtype: Any = SINGLE
) -> tuple[list[Any], Any]:
    """Kinds, weights, biases of networks with entries k/4, and points k/2: many ties, and no sum is rounded."""
    draw = torch.Generator().manual_seed(sum(widths))

    def numbers(*shape: int) -> Any:
        return (torch.randint(-2, 3, shape, generator=draw).to(dtype) / 4).to(WHERE)

    shapes = list(zip(widths[1:], widths[:-1], strict=True))
    weights = [numbers(population, *shape) for shape in shapes]
    # The second unit of each pair repeats the first in every other network: the pair ties everywhere.
    for weight in weights[:-1]:
        weight[::2, 1::2] = weight[::2, : weight.shape[1] - 1 : 2]
    biases = [numbers(population, m) * 0 for m, _ in shapes]
    layers = ["affine", *[layer for _ in shapes[1:] for layer in (kind, "affine")]]
    return [layers, weights, biases], 2 * numbers(population, points, widths[0])


@runs
@every_variant
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("widths", [(3, 4, 6, 1), (2, 2, 3), (40, 34, 8, 2)], ids=str)
def test_values_and_jacobians_are_those_of_the_tensor_reading(
    variant: Variant, dtype: Any, kind: str, widths: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, x = dyadic(KINDS[kind], widths, points=70 if len(widths) == 3 else 5, dtype=dtype)
    monkeypatch.setattr(FusedNetwork, "variant", variant)
    fused, plain = FusedNetwork.from_tensors(*parts), TensorNetwork.from_tensors(*parts)
    assert isinstance(fused, FusedNetwork) and fused.obstacle == ""
    values, jacobians = fused.jacobian(x)
    assert torch.equal(values, plain.forward(x)) and torch.equal(fused.forward(x), values)
    assert torch.equal(jacobians, plain.jacobian(x)[1])
    moved = [parts[0], [weight + 2**-4 for weight in parts[1]], parts[2]]
    assert not torch.equal(FusedNetwork.from_tensors(*moved).jacobian(x)[1], jacobians)


@runs
@every_variant
@pytest.mark.parametrize("kind", KINDS)
def test_ties_are_decided_as_in_the_rational_reading(
    variant: Variant, dtype: Any, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, x = dyadic(KINDS[kind], (2, 4, 4, 1), points=3, dtype=dtype)
    x[:, 0] = 0
    monkeypatch.setattr(FusedNetwork, "variant", variant)
    fused = FusedNetwork.from_tensors(*parts)
    values, jacobians = fused.jacobian(x)
    for member in range(2):
        for point in range(3):
            at = tuple(Fraction(entry) for entry in x[member, point].tolist())
            network = fused.member(member)
            assert [Fraction(v) for v in values[member, point].tolist()] == list(rational.evaluate(network, at))
            rows = [[Fraction(entry) for entry in row] for row in jacobians[member, point].tolist()]
            assert rows == [list(row) for row in rational.jacobian(network, at)]


@runs
def test_a_gradient_and_no_points_are_left_to_the_tensor_reading() -> None:
    parts, x = dyadic(MaxMin(), (2, 4, 1))
    fused, plain = FusedNetwork.from_tensors(*parts), TensorNetwork.from_tensors(*parts)
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(fused.forward(x).sum(), x)
    assert torch.equal(gradient, torch.autograd.grad(plain.forward(x).sum(), x)[0]) and gradient.any()
    assert fused.forward(x.detach()[:, :0]).shape == (2, 0, 1)


@runs
@every_variant
def test_random_networks_differ_by_rounding_only(variant: Variant, dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    parts, x = dyadic(MaxMin(), (32, 32, 32, 1), points=64, dtype=dtype)
    draw = torch.Generator().manual_seed(0)
    parts[1] = [(torch.randn(w.shape, generator=draw) / 6).to(w) for w in parts[1]]
    parts[2] = [torch.randn(b.shape, generator=draw).to(b) for b in parts[2]]
    monkeypatch.setattr(FusedNetwork, "variant", variant)
    fused, plain = FusedNetwork.from_tensors(*parts), TensorNetwork.from_tensors(*parts)
    values, bounds = plain.forward_with_bound(x)
    # Both are within the bound, which holds for products summed in any order, of the exact output.
    assert ((fused.forward(x) - values).abs() <= 2 * bounds).all() and not torch.equal(values, values + 2 * bounds)
    with pytest.raises(NetworkError, match="overflowed"):
        FusedNetwork.from_tensors(
            parts[0], [torch.finfo(dtype).max ** 0.6 * weight for weight in parts[1]], parts[2]
        ).forward(x)
    for wrong in (torch.nan, torch.inf):
        broken = x.clone()
        broken[1, 63, 31] = wrong
        with pytest.raises(NetworkError, match="input holds NaN or infinity"):
            fused.forward(broken)
    assert torch.isfinite(fused.jacobian(x)[1]).all()


@runs
@every_variant
def test_an_overflow_of_jacobians_alone_is_an_error(
    variant: Variant, dtype: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FusedNetwork, "variant", variant)
    large = torch.finfo(dtype).max ** 0.6
    weights = [torch.full((1, 2, 2), large, dtype=dtype).to(WHERE) for _ in range(2)]
    weights.append(torch.ones(1, 1, 2, dtype=dtype, device=WHERE))
    biases = [torch.zeros(1, weight.shape[1], dtype=dtype, device=WHERE) for weight in weights]
    fused = FusedNetwork.from_tensors(("affine", Abs(), "affine", Abs(), "affine"), weights, biases)
    x = torch.zeros(1, 3, 2, dtype=dtype, device=WHERE)
    assert not fused.forward(x).any()
    with pytest.raises(NetworkError, match="overflowed"):
        fused.jacobian(x)


@runs
@every_variant
@pytest.mark.parametrize("unit", [0, 31])
def test_an_infinite_input_that_a_relu_hides_is_an_error(
    variant: Variant, dtype: Any, unit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FusedNetwork, "variant", variant)
    weights = [-torch.ones(1, 32, 32, dtype=dtype, device=WHERE), torch.ones(1, 1, 32, dtype=dtype, device=WHERE)]
    biases = [torch.zeros(1, weight.shape[1], dtype=dtype, device=WHERE) for weight in weights]
    fused = FusedNetwork.from_tensors(("affine", ReLU(), "affine"), weights, biases)
    x = torch.ones(1, 64, 32, dtype=dtype, device=WHERE)
    assert not fused.forward(x).any()
    x[0, 5, unit] = torch.inf
    with pytest.raises(NetworkError, match="input holds NaN or infinity"):
        fused.forward(x)
    doubt = Doubt(x.device)
    fused.jacobian(torch.ones_like(x), doubt)
    doubt.refuse()
    fused.forward(x, doubt)
    fused.forward(torch.ones_like(x), doubt)
    with pytest.raises(NetworkError, match="may hold NaN or infinity"):
        doubt.refuse()


def test_what_does_not_fit_falls_back_and_says_why() -> None:
    parts, x = dyadic(Maxout(2), (2, 4, 4, 1))
    parts[1][1:] = [w[:, :, : w.shape[2] // 2] for w in parts[1][1:]]
    fused, plain = FusedNetwork.from_tensors(*parts), TensorNetwork.from_tensors(*parts)
    assert fused.obstacle and torch.equal(fused.forward(x), plain.forward(x))
    assert torch.equal(fused.jacobian(x)[1], plain.jacobian(x)[1])

    def why(kinds: tuple[Any, ...], width: int = 8) -> str:
        return shape_obstacle(kinds, [width] * (len(kinds) // 2 + 1), SINGLE)

    pair = ("affine", MaxMin(), "affine")
    assert why(pair) == why(("affine", *(MaxMin(), "affine") * 31)) == ""
    assert "Maxout" in why(("affine", Maxout(2), "affine"))
    assert "width 130" in why(pair, 130) and f"exceed {DEEPEST}" in why(("affine", *(MaxMin(), "affine") * 32))
    for kinds in [("affine",), (*pair, MaxMin()), (*pair, ReLU(), "affine"), ("affine", *pair), (MaxMin(), "affine")]:
        assert "one and the same activation" in why(kinds)


def _interpretable() -> bool:
    """Triton 3.6 cannot loop in its interpreter with numpy 2.4."""
    return find_spec("triton") is not None and tuple(map(int, version("triton").split(".")[:2])) > (3, 6)


@pytest.mark.skipif(CUDA or INTERPRETED or not _interpretable(), reason="runs above, or needs triton 3.7")
def test_in_the_interpreter() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__],
        cwd=ROOT,
        env=os.environ | {"TRITON_INTERPRET": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "skipped" not in done.stdout, done.stdout
