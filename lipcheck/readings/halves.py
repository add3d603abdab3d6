"""Pairs in halves: the same network with unit i sorted against unit i + width/2, up to a permutation of its units.

A sort of pairs takes neighbours, (h_0, h_1), (h_2, h_3), ... Let P be the permutation that lists the even places first
and the odd ones behind them. Then P sort(h) = (first(a, b), second(a, b)) with (a, b) = P h cut in the middle, and first
and second are max and min where the order is descending, min and max where it is ascending. So a network

    W_2 sort(W_1 x + b_1) + b_2   equals   (W_2 P') s(P W_1 x + P b_1) + b_2,   s the sort of halves:

the rows in front of a sort and the columns behind it are reordered, and no number changes. Pointwise activations commute
with P. Every product is the same up to the order of the terms of its sums: free of rounding, the values are equal, and
so are the pieces that act at ties (stable sorting leaves a tied pair in its order in both forms).

Importing this module needs the standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from lipcheck.exact import NetworkError
from lipcheck.layers import Abs, GroupSort, Layer, ReLU

if TYPE_CHECKING:
    from torch import Tensor

Kind: TypeAlias = "Layer | Literal['affine']"


def sorts_pairs(kind: Kind) -> bool:
    """Whether the layer sorts pairs of neighbours: MaxMin and GroupSort(2) in either order."""
    return isinstance(kind, GroupSort) and kind.size == 2


def allows_halves(kinds: Sequence[Kind]) -> bool:
    """Whether a network of these layers has a form in halves.

    It has one where it begins and ends with an affine layer, which take up the permutation, and where all other layers
    are Abs, ReLU or sorts of pairs.
    """
    if not kinds or kinds[0] != "affine" or kinds[-1] != "affine":
        return False
    return all(kind == "affine" or isinstance(kind, Abs | ReLU) or sorts_pairs(kind) for kind in kinds)


def halves(
    kinds: Sequence[Kind], weights: Sequence[Tensor], biases: Sequence[Tensor]
) -> tuple[list[Tensor], list[Tensor]]:
    """The weights (population, out, in) and biases (population, out) of the form in halves; copies where units move.

    Raises NetworkError where `allows_halves` says no.
    """
    if not allows_halves(kinds):
        raise NetworkError(
            f"Layers {list(kinds)} have no form in halves: begin and end with an affine layer and use Abs, ReLU and "
            "GroupSort(2) in between, or evaluate a TensorNetwork."
        )
    # One entry per affine layer but the last: whether the units behind it meet a sort.
    sorted_behind = [_sorted(run) for run in _between(kinds)]
    found, shifts = list(weights), list(biases)
    for i, moved in enumerate(sorted_behind):
        if moved:
            found[i], shifts[i] = _evens_first(found[i], 1), _evens_first(shifts[i], 1)
            found[i + 1] = _evens_first(found[i + 1], 2)
    return found, shifts


def _between(kinds: Sequence[Kind]) -> list[list[Kind]]:
    """The activations behind each affine layer but the last."""
    runs: list[list[Kind]] = []
    for kind in kinds[:-1]:
        if kind == "affine":
            runs.append([])
        else:
            runs[-1].append(kind)
    return runs


def _sorted(run: Sequence[Kind]) -> bool:
    return any(sorts_pairs(kind) for kind in run)


def _evens_first(tensor: Tensor, dim: int) -> Tensor:
    import torch

    width = tensor.shape[dim]
    order = [*range(0, width, 2), *range(1, width, 2)]
    return tensor.index_select(dim, torch.tensor(order, device=tensor.device))
