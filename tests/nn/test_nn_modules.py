from __future__ import annotations

import math
from fractions import Fraction

import pytest
import torch
from torch import nn

from lipcheck.network import (
    ELEMENTWISE,
    Abs,
    Affine,
    Elementwise,
    FullSort,
    GroupSort,
    Layer,
    LeakyReLU,
    MaxMin,
    Maxout,
    Network,
    NetworkError,
    ReLU,
    Select,
)
from lipcheck.nn import ModuleError, NetworkModule, RoundingError, from_module, to_module
from lipcheck.nn import activations as modules
from lipcheck.readings.rational import evaluate, jacobian

third = Fraction(1, 3)
LAYERS: list[Layer] = [
    Abs(),
    ReLU(),
    LeakyReLU(Fraction(1, 4)),
    LeakyReLU(2),
    LeakyReLU(-1),
    MaxMin(),
    GroupSort(3, order="ascending"),
    GroupSort(2, order="ascending"),
    GroupSort(6, order="descending"),
    FullSort("ascending"),
    FullSort("descending"),
    Maxout(2),
    Maxout(3),
    Select((5, 0, 0, 3), 6),
]


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_every_activation_is_the_rational_reading_with_any_leading_shape(layer: Layer) -> None:
    x = torch.randint(-3, 4, (4, 3, 2, 6), generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    module = modules.of_layer(layer)
    assert module.layer == layer and type(module) is not modules.Activation
    got = module(x)
    assert got.shape == (4, 3, 2, layer.outputs(6))
    network = Network(6, (layer,))
    for point, values in zip(x.reshape(-1, 6).tolist(), got.reshape(24, -1).tolist(), strict=True):
        assert tuple(values) == evaluate(network, point)
    assert module(x[0, 0, 0]).tolist() == got[0, 0, 0].tolist()
    assert module(x.float()).dtype == torch.float32


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_autograd_is_the_exact_jacobian_where_nothing_is_tied(layer: Layer) -> None:
    x = torch.tensor([0.5, -1.25, 2.0, -3.0, 1.5, 0.25], dtype=torch.float64)
    got = torch.autograd.functional.jacobian(modules.of_layer(layer), x)
    assert [tuple(map(Fraction, row)) for row in got.tolist()] == list(jacobian(Network(6, (layer,)), x))


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_smooth_functions(name: str) -> None:
    x = torch.tensor([[0.5, -30.0, 21.0]], dtype=torch.float64)
    by_hand = {
        "tanh": math.tanh,
        "sigmoid": lambda v: 1 / (1 + math.exp(-v)),
        "softplus": lambda v: math.log1p(math.exp(v)),
        "sin": math.sin,
        "atan": math.atan,
    }[name]
    # Each function of either library is within a few units in the last place of a number of size at most 21.
    assert modules.Elementwise(name)(x)[0].tolist() == pytest.approx([by_hand(v) for v in x[0].tolist()], rel=1e-14)


def test_widths_that_do_not_fit() -> None:
    for module, width in ((modules.MaxMin(), 5), (modules.Maxout(3), 4), (modules.Select((0,), 3), 2)):
        with pytest.raises(NetworkError):
            module(torch.zeros(2, width))
    with pytest.raises(NetworkError, match="takes 2"):
        to_module(Network(2, (Abs(),)))(torch.zeros(3))
    with pytest.raises(TypeError, match=r"use torch\.nn\.Linear"):
        modules.Activation(Affine.linear([[1]]))


def deep() -> Network:
    return Network(
        2,
        (
            Affine(
                [[third, -third], [0, Fraction(1, 10)], [1, 0], [Fraction(1, 7), Fraction(-6, 7)]], [1, third, 0, -2]
            ),
            MaxMin(),
            Select((0, 3, 3, 1, 2, 0), 4),
            GroupSort(3, order="ascending"),
            LeakyReLU(Fraction(1, 5)),
            Maxout(2),
            Affine.linear([[third, third, third]]),
        ),
    )


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_numbers_are_rounded_to_the_nearest_float_and_read_back_exactly(dtype: torch.dtype) -> None:
    module = to_module(deep(), dtype=dtype)
    assert module.norm is None and module.inputs == 2
    back = from_module(module)
    ulp = Fraction(torch.finfo(dtype).eps)
    for exact, rounded in zip(deep().layers, back.layers, strict=True):
        if isinstance(exact, Affine):
            assert isinstance(rounded, Affine)
            for a, b in zip((*exact.weight, exact.bias), (*rounded.weight, rounded.bias), strict=True):
                for v, w in zip(a, b, strict=True):
                    assert abs(v - w) <= ulp / 2 * abs(v)
                    assert Fraction(float(torch.tensor(float(w), dtype=dtype))) == w
        else:
            assert exact == rounded
    assert from_module(to_module(back, dtype=dtype)) == back
    assert back.layers[0].weight[0][0] == Fraction(float(torch.tensor(1 / 3, dtype=dtype)))  # type: ignore[union-attr]


def test_a_module_computes_its_exact_network_within_the_proved_bound() -> None:
    from lipcheck.readings.tensor import TensorNetwork

    module = to_module(deep(), dtype=torch.float32)
    x = torch.randn(50, 2, generator=torch.Generator().manual_seed(1))
    values, bounds = TensorNetwork.from_network(deep(), torch.float32).forward_with_bound(x)
    # Both results are within the bound of the same exact value.
    assert bool(((module(x).double() - values[0].double()).abs() <= 2 * bounds[0]).all())
    for point, value, bound in zip(x, module(x)[:, 0].tolist(), bounds[0, :, 0].tolist(), strict=True):
        assert abs(Fraction(value) - evaluate(deep(), point)[0]) <= Fraction(bound)


def test_training_changes_what_is_read() -> None:
    module = to_module(deep())
    module(torch.ones(3, 2, dtype=torch.float64)).sum().backward()
    with torch.no_grad():
        for parameter in module.parameters():
            assert parameter.grad is not None
            parameter -= parameter.grad
    assert from_module(module) != deep()


def test_native_modules_and_nesting() -> None:
    inner = nn.Sequential(nn.Linear(4, 2, bias=False), nn.Tanh())
    module = nn.Sequential(modules.Maxout(2), nn.Identity(), inner, nn.LeakyReLU(0.1), nn.ReLU(), nn.Sigmoid())
    network = from_module(module)
    assert network.inputs == 8
    kinds = network.layers[2:]
    assert kinds == (Elementwise("tanh"), LeakyReLU(0.1), ReLU(), Elementwise("sigmoid"))
    weight = network.layers[1]
    assert isinstance(weight, Affine) and weight.bias == (0, 0)
    assert [list(map(float, row)) for row in weight.weight] == inner[0].weight.tolist()


def test_what_is_not_understood_is_named() -> None:
    class Mine(nn.Linear):
        pass

    parametrized = nn.utils.parametrizations.spectral_norm(nn.Linear(2, 2))
    hooked = nn.Linear(2, 2)
    hooked.register_forward_hook(lambda *_: None)
    for odd, name in (
        (nn.Dropout(), "Dropout"),
        (Mine(2, 2), "Mine"),
        (parametrized, "ParametrizedLinear"),
        (nn.Conv1d(1, 1, 1), "Conv1d"),
        (nn.GELU(), "GELU"),
        (hooked, "hooks"),
    ):
        with pytest.raises(ModuleError, match=name):
            from_module(nn.Sequential(nn.Linear(2, 2), odd))
    early = nn.Linear(2, 2)
    early.register_forward_pre_hook(lambda *_: None)
    with pytest.raises(ModuleError, match="hooks"):
        from_module(early)
    with pytest.raises(ModuleError, match="no linear layer"):
        from_module(nn.Sequential(nn.ReLU()))
    broken = nn.Linear(2, 2)
    with torch.no_grad():
        broken.weight[0, 0] = math.nan
    with pytest.raises(NetworkError, match="not finite"):
        from_module(broken)


def test_what_cannot_be_rounded() -> None:
    network = Network(1, (Affine([[Fraction(10) ** 39]], [0]),))
    assert to_module(network)[0].weight.item() == 1e39
    with pytest.raises(RoundingError, match="exceeds the range"):
        to_module(network, dtype=torch.float32)
    with pytest.raises(RoundingError, match=r"float16"):
        to_module(network, dtype=torch.float16)


def test_the_norm_that_was_kept_is_on_record() -> None:
    network = Network(2, (Affine.linear([[Fraction(1, 3), Fraction(2, 3)]]),))
    assert to_module(network, norm=1).norm == 1
    assert to_module(network, norm=math.inf).norm == math.inf
    assert to_module(network, norm="spectral").norm == "spectral"
    kept = from_module(to_module(network, norm=math.inf, dtype=torch.float32)).layers[0]
    assert isinstance(kept, Affine) and sum(kept.weight[0]) <= 1
    assert isinstance(to_module(network), NetworkModule)
