"""Random small networks for the chain of bounds: two hidden layers and at least twelve gates, number by number."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np

from lipcheck.graph import Convolution, Dense, Graph, Input, Node, Operation, Piecewise, Sort, Sum

KINDS = (
    "relu", "maxmin", "groupsort", "abs", "residual", "residual sort", "convolution", "image", "vector relu",
    "vector sort",
)  # fmt: skip
"""Network number i is of kind i modulo ten: a fifth has convolutions, a fifth several outputs."""


def network(number: int) -> tuple[str, Graph]:
    """(kind, graph). Weights are float32, float64, or (one in five) whole numbers with their ties."""
    kind = KINDS[number % len(KINDS)]
    rng = random.Random(f"chain {number}")
    draw = _draw(np.random.default_rng(number), number // len(KINDS) % 5)
    return kind, _BUILDERS[kind](rng, draw)


Draw = Callable[..., Any]


def _draw(rng: np.random.Generator, style: int) -> Draw:
    def numbers(*shape: int) -> Any:
        if style == 0:
            return rng.integers(-2, 3, shape).astype(np.float64)
        return (rng.standard_normal(shape) / shape[-1] ** 0.5).astype(np.float32 if style < 3 else np.float64)

    return numbers


class Nodes:
    """A graph under construction; every step reads the node before it."""

    def __init__(self, *shape: int) -> None:
        self.found = [Node("x", Input(), (), shape)]

    def add(self, name: str, operation: Operation, shape: tuple[int, ...] | None = None, *also: int) -> int:
        last = self.found[-1]
        here = len(self.found)
        self.found.append(Node(f"{name} {here}", operation, (here - 1, *also), shape or last.shape))
        return here

    def dense(self, draw: Draw, outputs: int) -> None:
        shape = self.found[-1].shape
        self.add("dense", Dense(draw(outputs, shape[-1]), draw(outputs)), (*shape[:-1], outputs))

    def convolve(self, draw: Draw, outputs: int, kernel: tuple[int, ...], rng: random.Random) -> None:
        channels, *image = self.found[-1].shape
        mode: Any = rng.choice(("zeros", "circular", "replicate"))
        # "Same" padding: the image keeps its size.
        padding = tuple(((k - 1) // 2, k // 2) for k in kernel)
        one = (1,) * len(kernel)
        operation = Convolution(draw(outputs, channels, *kernel), draw(outputs), one, padding, one, 1, mode)
        self.add("convolution", operation, (outputs, *image))

    def slopes(self, negative: float) -> None:
        self.add("slopes", Piecewise(np.array(negative), np.array(1.0)))

    def graph(self) -> Graph:
        return Graph(tuple(self.found), len(self.found) - 1)


def _layers(activate: Callable[[Nodes, random.Random], None], width: int, outputs: int) -> Any:
    def build(rng: random.Random, draw: Draw) -> Graph:
        nodes = Nodes(rng.choice((2, 2, 3)))
        for _ in range(2):
            nodes.dense(draw, width)
            activate(nodes, rng)
        nodes.dense(draw, outputs)
        return nodes.graph()

    return build


def _bend(nodes: Nodes, rng: random.Random) -> None:
    nodes.slopes(rng.choice((0.0, 0.0, 0.25)))


def _absolute(nodes: Nodes, _: random.Random) -> None:
    nodes.slopes(-1.0)


def _sort(size: int) -> Callable[[Nodes, random.Random], None]:
    def activate(nodes: Nodes, rng: random.Random) -> None:
        nodes.add("sort", Sort(size, rng.random() < 0.5))

    return activate


def _residual(activate: Callable[[Nodes, random.Random], None], width: int) -> Any:
    def build(rng: random.Random, draw: Draw) -> Graph:
        nodes = Nodes(2)
        nodes.dense(draw, width)
        for _ in range(2):
            before = len(nodes.found) - 1
            activate(nodes, rng)
            nodes.dense(draw, width)
            nodes.add("sum", Sum((0.5, 1.0)), None, before)
        nodes.dense(draw, 1)
        return nodes.graph()

    return build


def _convolutions(shape: tuple[int, ...], kernel: tuple[int, ...], channels: tuple[int, int]) -> Any:
    def build(rng: random.Random, draw: Draw) -> Graph:
        nodes = Nodes(*shape)
        for outputs in channels:
            nodes.convolve(draw, outputs, kernel, rng)
            nodes.slopes(rng.choice((0.0, -1.0)))
        channel_count, *image = nodes.found[-1].shape
        # The last layer is a convolution that sees the whole image.
        last = Convolution(
            draw(1, channel_count, *image), draw(1), (1,) * len(image), ((0, 0),) * len(image), (1,) * len(image)
        )
        nodes.add("last", last, (1,) * (1 + len(image)))
        return nodes.graph()

    return build


_BUILDERS: dict[str, Callable[[random.Random, Draw], Graph]] = {
    "relu": _layers(_bend, 6, 1),
    "maxmin": _layers(_sort(2), 12, 1),
    "groupsort": _layers(_sort(3), 6, 1),
    "abs": _layers(_absolute, 6, 1),
    "residual": _residual(_bend, 6),
    "residual sort": _residual(_sort(2), 12),
    "convolution": _convolutions((1, 3), (3,), (2, 2)),
    "image": _convolutions((1, 1, 3), (1, 2), (2, 2)),
    "vector relu": _layers(_bend, 6, 2),
    "vector sort": _layers(_sort(2), 12, 3),
}
