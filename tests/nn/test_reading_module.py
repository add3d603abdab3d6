"""Whole modules as graphs: names, what is unknown, what is refused, and that a wrong reading is noticed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from lipcheck.graph import (
    Constant,
    Convolution,
    Dense,
    Diagonal,
    Gather,
    Graph,
    GraphError,
    Input,
    Join,
    Max,
    Node,
    Piecewise,
    Sum,
)
from lipcheck.graph.evaluate import evaluate, values_and_errors
from lipcheck.graph.simplify import simplify
from lipcheck.graph.smooth import SLOPES, smooth

torch = pytest.importorskip("torch")

from torch import Tensor, nn  # noqa: E402
from torch.nn.utils import parametrizations  # noqa: E402

from lipcheck.nn.reading import ReadingError, exported, read_module  # noqa: E402
from lipcheck.nn.reading import module as reading  # noqa: E402


class Block(nn.Module):
    """A residual block with normalisation."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1, padding_mode="reflect")
        self.norm = nn.BatchNorm2d(channels)
        self.norm.running_var.uniform_(0.5, 2)
        self.norm.running_mean.normal_()

    def forward(self, x: Tensor) -> Tensor:
        return x + torch.relu(self.norm(self.conv(x)))


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.Sequential(Block(3), Block(3))
        self.head = nn.Linear(12, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(nn.functional.avg_pool2d(self.blocks(x), 2).flatten(1)) / 3


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_residual_network_with_the_users_names(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    net = Net().to(dtype).eval()
    graph = read_module(net, (3, 4, 4))
    names = [node.name for node in graph.nodes]
    assert {"blocks.0.conv", "blocks.0.norm", "blocks.0", "blocks.1.conv", "head"} <= set(names)
    convolutions = [n.operation for n in graph.nodes if isinstance(n.operation, Convolution)]
    assert [c.mode for c in convolutions] == ["reflect", "reflect"]
    assert sum(isinstance(n.operation, Sum) for n in graph.nodes) == 2
    x = torch.randn(5, 3, 4, 4, dtype=dtype)
    with torch.no_grad():
        wanted = net(x).double().numpy()
    value, error = values_and_errors(graph, x.double().numpy(), torch.finfo(dtype).eps / 2)[graph.output]  # type: ignore[misc]
    assert (np.abs(value - wanted) <= 2 * error).all() and error.max() < 1e4 * torch.finfo(dtype).eps


def test_a_container_that_forgets_a_scale_is_read_as_it_is() -> None:
    """ "a scale lost in a container": the graph holds what runs, not what was asked for."""

    class Scaled(nn.Sequential):
        def forward(self, x: Tensor) -> Tensor:
            return super().forward(x)  # the factor 0.1 is lost

    net = Scaled(nn.Linear(3, 3, bias=False))
    (dense,) = (n.operation for n in read_module(net, (3,)).nodes if isinstance(n.operation, Dense))
    assert np.array_equal(dense.weight, net[0].weight.detach().double().numpy())


@pytest.mark.parametrize(
    "make",
    [
        parametrizations.spectral_norm,
        parametrizations.weight_norm,
        parametrizations.orthogonal,
        torch.nn.utils.spectral_norm,
    ],
)
def test_parametrized_weights_are_what_the_module_computes(make: Any) -> None:
    torch.manual_seed(1)
    layer = make(nn.Linear(4, 4)).eval()
    graph = read_module(nn.Sequential(layer), (4,))
    with torch.no_grad():
        layer(torch.zeros(1, 4))
        wanted = layer.weight.double().numpy()
    assert np.array_equal(graph.nodes[1].operation.weight, wanted)  # type: ignore[union-attr]


class Called(nn.Module):
    def __init__(self, function: Any) -> None:
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self.first(x))


@pytest.mark.parametrize(
    ("module", "kind"),
    [
        (nn.LogSoftmax(1), "log_softmax"),
        (nn.LayerNorm(4, eps=0.0), "layer_norm"),
        (Called(lambda x: x * x), "mul"),
        (Called(lambda x: x / (1 + x.exp())), "exp"),
        (Called(lambda x: torch.where(x > 1, x, 0.0)), "gt"),
        (Called(lambda x: x.sort(1).indices.float()), "_to_copy"),
        (Called(lambda x: torch.where(x > 0, x, 1.0)), "where"),
        (Called(lambda x: x.round()), "round"),
        (Called(lambda x: nn.functional.threshold(x, 0.0, 1.0)), "threshold"),
        (Called(lambda x: x + torch.randn(4)), "randn"),
        (Called(lambda x: x.int().float()), "_to_copy"),
        (nn.Hardshrink(), "hardshrink"),
        (nn.Softplus(), "softplus"),
    ],
)
def test_what_is_not_understood_is_named(module: nn.Module, kind: str) -> None:
    graph = (
        read_module(nn.Sequential(nn.Identity(), module), (4,), torch.float64)
        if kind == "softplus"
        else read_module(nn.Sequential(nn.Identity(), module), (4,))
    )
    assert graph.unknown and graph.unknown[0].name.startswith("1")
    assert graph.unknown[0].operation.kind in (kind, "to") and graph.unknown[0].operation.reason  # type: ignore[union-attr]
    with pytest.raises(GraphError, match="not understood"):
        evaluate(graph, np.zeros((1, 4)))


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x - x.mean(0, keepdim=True),
        lambda x: x.flip(0),
        lambda x: x.softmax(0),
        lambda x: x.flatten(0).sort()[0].reshape(2, 4),
        lambda x: x + torch.arange(2.0)[:, None] * x,
        lambda x: x[0],
        lambda x: x.reshape(4, 2).t().reshape(2, 4) + x,
        lambda x: nn.functional.batch_norm(x, None, None, training=True),
    ],
)
def test_an_operation_that_mixes_examples_is_unknown(function: Any) -> None:
    assert read_module(Called(function), (4,)).unknown


def test_attention_is_unknown_and_batch_norm_in_train_mode() -> None:
    assert read_module(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), (3, 4)).unknown
    assert read_module(nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)), (4,), train=True).unknown
    assert not read_module(nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)), (4,)).unknown


def test_refusals() -> None:
    with pytest.raises(ReadingError, match=r"does not run on an input of shape \(2, 5\)"):
        read_module(nn.Linear(4, 4), (5,))
    with pytest.raises(ReadingError, match="positive"):
        read_module(nn.Linear(4, 4), (0,))
    with pytest.raises(ReadingError, match="no layers"):
        read_module(nn.Sequential(), (4,))
    with pytest.raises(ReadingError, match="cannot be exported") as caught:
        read_module(Called(lambda x: x if x.sum() > 0 else -x), (4,))
    assert caught.value.runs
    with pytest.raises(ReadingError, match="returns one tensor"):
        read_module(Called(lambda x: (x, x)), (4,))
    layer = nn.Linear(4, 4)
    with torch.no_grad():
        layer.weight[1, 2] = float("nan")
    with pytest.raises(GraphError, match=r"weight at \[1, 2\] is nan"):
        read_module(nn.Sequential(layer), (4,))
    assert not layer.training or layer.weight.requires_grad


@pytest.mark.parametrize("mistake", ["weight", "order", "slope", "shift"])
def test_a_wrong_reading_is_an_error_that_names_the_place(mistake: str) -> None:
    """A planted mistake in the graph, of one part in 10^9 in a weight, never becomes a bound."""
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Unflatten(1, (2, 2)), nn.Flatten(), nn.Linear(4, 2)).double()
    program = exported.exported(module, (4,))
    builder, views = reading.translated(program)
    graph = builder.graph(views[program.output])
    reading.compare(program, graph, builder, views)
    for i, node in enumerate(builder.nodes):
        operation = node.operation
        if isinstance(operation, Dense) and mistake in ("weight", "shift", "order") and node.name == "0":
            if mistake == "weight":
                operation = replace(operation, weight=operation.weight * (1 + 1e-9))
            elif mistake == "shift":
                operation = replace(operation, bias=None)
            else:
                operation = replace(operation, weight=operation.weight[::-1])
        if isinstance(operation, Piecewise) and mistake == "slope":
            operation = replace(operation, negative=np.array(1e-9))
        builder.nodes[i] = replace(node, operation=operation)
    with pytest.raises(ReadingError, match=r"0 \(linear\)|1 \(relu\)"):
        reading.compare(program, graph, builder, views)


def test_the_module_is_left_alone() -> None:
    module = nn.Sequential(parametrizations.spectral_norm(nn.Linear(4, 4)), nn.BatchNorm1d(4)).train()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    state = torch.random.get_rng_state()
    read_module(module, (4,))
    assert module.training and all(torch.equal(before[n], t) for n, t in module.state_dict().items())
    assert torch.equal(state, torch.random.get_rng_state())


def test_simplify_keeps_the_function() -> None:
    """Random chains of gathers, joins and windows: fewer nodes, the same values to the bit."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        nodes = [Node("x", Input(), (), (6,)), Node("c", Constant(np.array([2.0, 3])), (), (2,))]
        for k in range(6):
            j = int(rng.integers(len(nodes)))
            kind = rng.integers(4)
            size = int(rng.integers(1, 7))
            if kind == 0:
                nodes.append(Node(f"g{k}", Gather(rng.integers(-1, nodes[j].size, size)), (j,), (size,)))
            elif kind == 1:
                both = (j, int(rng.integers(len(nodes))))
                nodes.append(Node(f"j{k}", Join(), both, (sum(nodes[i].size for i in both),)))
            elif kind == 2:
                windows = rng.integers(0, nodes[j].size, (size, 2))
                nodes.append(Node(f"m{k}", Max(windows), (j,), (size,)))
            else:
                nodes.append(Node(f"d{k}", Diagonal(np.array(2.0), np.array(1.0)), (j,), nodes[j].shape))
        graph = Graph(tuple(nodes), len(nodes) - 1)
        simple = simplify(graph)
        assert len(simple.nodes) <= len(graph.nodes)
        x = rng.standard_normal((3, 6))
        assert np.array_equal(evaluate(graph, x), evaluate(simple, x))


def derivative(name: str, x: Any) -> Any:
    """The derivative of a smooth activation at a ball."""
    from flint import arb

    one = arb(1)
    s = one / (1 + (-x).exp())
    t = x.tanh()
    phi = (-x * x / 2).exp() / (2 * arb.pi()).sqrt()
    root = (2 / arb.pi()).sqrt()
    cubic = arb("0.044715")
    inner = root * (x + cubic * x**3)
    plus = x.exp().log1p()
    return {
        "tanh": lambda: 1 - t * t,
        "sigmoid": lambda: s * (1 - s),
        "softplus": lambda: s,
        "atan": lambda: one / (1 + x * x),
        "sin": lambda: x.cos(),
        "cos": lambda: -x.sin(),
        "softsign": lambda: one / (1 + abs(x)) ** 2,
        "logsigmoid": lambda: 1 - s,
        "tanhshrink": lambda: t * t,
        "erf": lambda: 2 / arb.pi().sqrt() * (-x * x).exp(),
        "silu": lambda: s * (1 + x * (1 - s)),
        "gelu": lambda: (1 + (x / arb(2).sqrt()).erf()) / 2 + x * phi,
        "gelu_tanh": lambda: (1 + inner.tanh()) / 2 + x / 2 * (1 - inner.tanh() ** 2) * root * (1 + 3 * cubic * x * x),
        "mish": lambda: plus.tanh() + x * (1 - plus.tanh() ** 2) * s,
    }[name]()


@pytest.mark.parametrize("name", sorted(set(SLOPES) - {"hardswish"}))
def test_slopes_are_proved_in_balls(name: str) -> None:
    """On [-60, 60], cut until every ball fits; and the bounds are reached to within 1e-3."""
    from flint import arb, ctx

    lower, upper = SLOPES[name]
    ctx.prec = 53
    low, high = (arb(f.numerator) / f.denominator for f in (lower, upper))
    # Suprema that are attained are met by no ball: the closed forms of these decide, one rounding apart.
    decimal = name in ("erf", "silu", "gelu", "gelu_tanh", "mish")
    slack = arb(0) if decimal else arb(2) ** -20
    slopes = [float(derivative(name, arb(i) / 16).mid()) for i in range(-640, 641)]
    assert min(slopes) < float(lower) + 1e-3 and max(slopes) > float(upper) - 1e-3
    pieces, count = [(Fraction(-60), Fraction(60))], 0
    while pieces:
        a, b = pieces.pop()
        count += 1
        assert count < 200_000
        middle, radius = (a + b) / 2, (b - a) / 2
        ball = arb(arb(middle.numerator) / middle.denominator, float(radius))
        slope = derivative(name, ball)
        if slope > low - slack and slope < high + slack:
            continue
        assert radius > Fraction(1, 2**40), f"{name} exceeds its bounds near {float(middle)}"
        pieces += [(a, middle), (middle, b)]


def test_parameters_of_elu_decide_its_slopes() -> None:
    assert (smooth("elu", 1.0, 1.0, 1.0).lower, smooth("elu", 1.0, 1.0, 1.0).upper) == (0, 1)
    assert smooth("elu", 1.5, 1.0, 1.0).upper == Fraction(3, 2)
    assert smooth("elu", -0.5, 2.0, 1.0).lower == -1
    with pytest.raises(ValueError, match="input scale"):
        smooth("elu", 1.0, 1.0, -1.0)
