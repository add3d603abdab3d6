"""Graphs on batches of float64 torch tensors, differentiable: what a search for steep places runs on. No proofs here.

Every operation is the torch function that users run; padding other than with zeros reads the image at `source_indices`,
as the matrices of `lipcheck.graph.matrices` do. At ties autograd takes one of the pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lipcheck.exact import shown
from lipcheck.graph.graph import Graph, GraphError, Node
from lipcheck.graph.matrices import source_indices
from lipcheck.graph.operations import (
    AveragePool,
    Clamp,
    Constant,
    Convolution,
    Dense,
    Diagonal,
    Gather,
    Input,
    Join,
    Max,
    Piecewise,
    Shape,
    Smooth,
    Softmax,
    Sort,
    Standardize,
    Sum,
)

if TYPE_CHECKING:
    from torch import Tensor

    Step = Callable[..., Tensor]


def evaluator(graph: Graph) -> Callable[[Tensor], Tensor]:
    """The function (batch, inputs) -> (batch, outputs) of the graph; weights are converted once, here.

    Raises GraphError for operations that are not understood.
    """
    steps: list[Step | None] = []
    for node in graph.nodes:
        shapes = [graph.nodes[i].shape for i in node.inputs]
        steps.append(None if isinstance(node.operation, Input) else _step(node, shapes))
    last = {i: k for k, node in enumerate(graph.nodes) for i in node.inputs}

    def run(x: Tensor) -> Tensor:
        found: list[Any] = []
        for k, (node, step) in enumerate(zip(graph.nodes, steps, strict=True)):
            given = [found[i] for i in node.inputs]
            value = x if step is None else step(*given) if given else step(x)
            found.append(value.reshape(len(x), *node.shape))
            for i in node.inputs:
                if last[i] == k and i != graph.output:
                    found[i] = None
        flat: Tensor = found[graph.output].reshape(len(x), -1)
        return flat

    return run


def values(graph: Graph, x: Tensor) -> Tensor:
    """The outputs (batch, outputs) at the flat inputs (batch, inputs); see `evaluator` for repeated use."""
    return evaluator(graph)(x)


def _step(node: Node, given: list[Shape]) -> Step:
    import torch

    match node.operation:
        case Constant(value=value):
            held = _tensor(value)
            return lambda x: held.expand(len(x), *held.shape)
        case Dense(weight=weight, bias=bias):
            w, b = _tensor(weight), None if bias is None else _tensor(bias)
            return lambda x: torch.nn.functional.linear(x, w, b)
        case Convolution() as operation:
            return _transposed(operation, node.shape) if operation.transposed else _convolution(operation, given[0])
        case AveragePool(windows=windows, divisors=divisors):
            over = _tensor(divisors)
            return _reading(windows, 0.0, lambda t: t.sum(2) / over)
        case Max(windows=windows):
            return _reading(windows, -torch.inf, lambda t: t.max(2).values)
        case Gather(indices=indices):
            return _reading(indices.reshape(-1, 1), 0.0, lambda t: t.squeeze(2))
        case Diagonal(factor=factor, shift=shift):
            f, s = _tensor(factor), 0.0 if shift is None else _tensor(shift)
            return lambda x: f * x + s
        case Sum(coefficients=coefficients):
            c = [float(a) for a in coefficients]
            return lambda *xs: sum(a * x for a, x in zip(c, xs, strict=True))
        case Join():
            return lambda *xs: torch.cat([x.flatten(1) for x in xs], 1)
        case Piecewise(negative=negative, positive=positive):
            n, p = _tensor(negative), _tensor(positive)
            return lambda x: torch.where(x < 0, n * x, p * x)
        case Clamp(lower=lower, upper=upper):
            ends = [None if end is None else float(end) for end in (lower, upper)]
            return lambda x: torch.clamp(x, *ends)
        case Smooth() as operation:
            return _smooth(operation)
        case Sort(size=size, descending=descending):
            return lambda x: x.reshape(len(x), -1, size).sort(dim=2, descending=descending, stable=True).values
        case Softmax(size=size):
            return lambda x: x.reshape(len(x), -1, size).softmax(2)
        case Standardize(size=size, epsilon=epsilon, centred=centred):
            return lambda x: _standardized(x.reshape(len(x), -1, size), float(epsilon), centred)
    raise GraphError(f"{node.name} is {shown(node.operation)}: it has no values.")


def _standardized(x: Tensor, epsilon: float, centred: bool) -> Tensor:
    z = x - x.mean(2, keepdim=True) if centred else x
    out: Tensor = z / (z.square().mean(2, keepdim=True) + epsilon).sqrt()
    return out


def _tensor(array: Any) -> Tensor:
    import numpy as np
    import torch

    # A copy, as the arrays of a graph may be read-only.
    return torch.from_numpy(np.array(array, np.float64))


def _reading(windows: Any, absent: float, then: Callable[[Tensor], Tensor]) -> Step:
    """x[windows], flat, with `absent` where a window holds -1, and what `then` makes of it."""
    import torch

    places = torch.from_numpy(windows.copy())
    there = places >= 0
    complete, places = bool(there.all()), places.clamp(min=0)

    def run(x: Tensor) -> Tensor:
        read = x.flatten(1)[:, places]
        return then(read if complete else torch.where(there, read, absent))

    return run


def _convolution(operation: Convolution, image: Shape) -> Step:
    import numpy as np
    import torch

    weight, bias = _tensor(operation.weight), None if operation.bias is None else _tensor(operation.bias)
    convolve = torch.nn.functional.conv1d if len(image) == 2 else torch.nn.functional.conv2d
    sides = [side for pair in reversed(operation.padding) for side in pair]
    reads = [
        torch.from_numpy(source_indices(n, np.arange(-before, n + after), operation.mode))
        for n, (before, after) in zip(image[1:], operation.padding, strict=True)
    ]

    def run(x: Tensor) -> Tensor:
        if operation.mode == "zeros":
            x = torch.nn.functional.pad(x, sides)
        else:
            for axis, read in enumerate(reads):
                x = x.index_select(axis + 2, read)
        out: Tensor = convolve(x, weight, bias, operation.stride, 0, operation.dilation, operation.groups)
        return out

    return run


def _transposed(operation: Convolution, result: Shape) -> Step:
    """The adjoint: into the padded image, then what lies in the padding goes where it was read from."""
    import numpy as np
    import torch

    weight, bias = _tensor(operation.weight), None if operation.bias is None else _tensor(operation.bias)
    spread = torch.nn.functional.conv_transpose1d if len(result) == 2 else torch.nn.functional.conv_transpose2d
    axes = list(zip(result[1:], operation.padding, strict=True))

    def run(x: Tensor) -> Tensor:
        wide: Tensor = spread(x, weight, None, operation.stride, 0, 0, operation.groups, operation.dilation)
        for axis, (n, (before, after)) in enumerate(axes):
            length = min(wide.shape[axis + 2], n + before + after)
            read = torch.from_numpy(source_indices(n, np.arange(-before, length - before), operation.mode))
            kept = torch.nonzero(read >= 0).flatten()
            size = [*wide.shape]
            size[axis + 2] = n
            part = wide.index_select(axis + 2, kept)
            wide = wide.new_zeros(size).index_add(axis + 2, read[kept], part)
        return wide if bias is None else wide + bias.reshape(-1, *(1,) * len(axes))

    return run


def _smooth(operation: Smooth) -> Step:
    import torch

    if operation.name == "elu":
        alpha, scale, inner = (float(p) for p in operation.parameters)
        return lambda x: torch.where(x > 0, scale * x, scale * alpha * torch.expm1(inner * x.clamp(max=0)))
    functional = torch.nn.functional
    names: dict[str, Step] = {
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "softplus": lambda x: -functional.logsigmoid(-x),
        "atan": torch.atan,
        "sin": torch.sin,
        "cos": torch.cos,
        "softsign": functional.softsign,
        "logsigmoid": functional.logsigmoid,
        "tanhshrink": functional.tanhshrink,
        "hardswish": functional.hardswish,
        "erf": torch.erf,
        "silu": functional.silu,
        "gelu": functional.gelu,
        "gelu_tanh": lambda x: functional.gelu(x, approximate="tanh"),
        "mish": functional.mish,
    }
    if operation.name not in names:
        raise GraphError(f"The activation {operation.name} has no torch function here.")
    return names[operation.name]
