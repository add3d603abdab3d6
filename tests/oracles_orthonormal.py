"""Second opinions on the counterexamples about orthonormal weights: gradients, isometry, ReLU."""

from __future__ import annotations

from typing import Any

from oracles import contraction, oracle
from oracles_line import F, function, pieces


def orthonormal(data: Any) -> bool:
    """Whether the columns of a tall matrix, or the rows of a wide one, are orthonormal."""
    rows = [[F(w) for w in row] for row in data]
    side = [list(c) for c in zip(*rows, strict=True)] if len(rows) > len(rows[0]) else rows
    return all(
        sum(a * b for a, b in zip(u, v, strict=True)) == (1 if i == j else 0)
        for i, u in enumerate(side)
        for j, v in enumerate(side)
    )


def weights(network: Any) -> list[Any]:
    return [layer["weight"] for layer in network["layers"] if layer["kind"] == "affine"]


def kinds(network: Any) -> set[str]:
    return {layer["kind"] for layer in network["layers"]}


@oracle("anil2019.orthonormal_gnp: matrices")
def loses_a_gradient(data: Any) -> bool:
    g = [F(a) for a in data["gradient"]]
    back = [sum(F(w) * a for w, a in zip(column, g, strict=True)) for column in zip(*data["weight"], strict=True)]
    return orthonormal(data["weight"]) and sum(a * a for a in back) != sum(a * a for a in g)


@oracle("anil2019.orthonormal_gnp.throughout_training_any_widths: networks")
def not_isometric(data: Any) -> bool:
    """A short step to either side of the point changes f by the same rate, not 1 or -1."""
    network, x, h = data["network"], F(data["point"][0]), F(1, 10**9)
    f = function(network)
    right, left = (f(x + h) - f(x)) / h, (f(x) - f(x - h)) / h
    allowed = kinds(network) <= {"affine", "maxmin", "groupsort", "fullsort", "abs"}
    return allowed and all(map(orthonormal, weights(network))) and right == left and abs(right) != 1


@oracle("anil2019.orthonormal_gnp.relu_any_weights: any weights")
def isometric(network: Any) -> bool:
    hidden = kinds(network) == {"affine", "relu"} and len(weights(network)) > 1
    return hidden and {abs(slope) for *_, slope in pieces(function(network))} == {1}


@oracle("anil2019.orthonormal_gnp.relu_bounded: bounded inputs")
def isometric_on_an_interval(data: Any) -> bool:
    network, (low, high) = data["network"], map(F, data["interval"])
    hidden = kinds(network) == {"affine", "relu"} and len(weights(network)) > 1
    constrained = all(map(contraction, weights(network)))
    return hidden and constrained and {abs(slope) for *_, slope in pieces(function(network), low, high)} == {1}
