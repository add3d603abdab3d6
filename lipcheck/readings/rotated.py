"""Pairs rotated by 45 degrees: sorting becomes |.| on one half of the units. For search only.

With u = (a + b) / sqrt 2 and v = (a - b) / sqrt 2 the sorted pair (max, min) has the coordinates (u, |v|), since
max + min = a + b and max - min = |a - b|; the pair (min, max) has (u, -|v|). The rotation is orthogonal and its own
inverse, so the weights on both sides of a sort can take it up: rows (W_a + W_b) / sqrt 2 and (W_a - W_b) / sqrt 2 in
front, the same for columns behind. What remains of the sort is one pass over half of the units.

In real numbers the network is the same. In floats the weights are rounded anew, each by a relative error of at most
3 u to first order (a sum, the constant sqrt 2, a quotient; u = 2^-24 in float32) per side that is rotated, relative to
|W_a| + |W_b|. A product of n terms adds at most n u relative to |W| |h| in either form, so both forms are off by about
the same; where errors have random signs, typically by sqrt(n) u a layer. In float32 against float64, relative to the
root mean square of the values, 256 networks of width 64 and depth 4, normal weights, 64 points each, gave 2.5e-7
(root mean square) and 1.6e-6 (largest), where the form in halves has 2.1e-7 and 1.0e-6. Pairs that tie, or nearly tie,
may be sorted the other way, and there the Jacobian is that of another piece: at 1 point of 16,384 in the same run.
Candidates found with it must be decided by another reading.

Importing this module needs the standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lipcheck.exact import NetworkError
from lipcheck.layers import GroupSort
from lipcheck.readings.halves import allows_halves, between, halves, sorts_pairs

if TYPE_CHECKING:
    from torch import Tensor

    from lipcheck.readings.tensor import Kind


def allows_rotation(kinds: Sequence[Kind]) -> bool:
    """Whether the sorts of a network of these layers can be rotated away: each stands alone between affine layers."""
    return allows_halves(kinds) and all(
        len(run) == 1 or not any(sorts_pairs(kind) for kind in run) for run in between(kinds)
    )


def rotated(
    kinds: Sequence[Kind], weights: Sequence[Tensor], biases: Sequence[Tensor]
) -> tuple[list[Tensor], list[Tensor]]:
    """The weights (population, out, in) and biases (population, out) in rotated coordinates.

    Each sort is to be replaced by |.| on the second half of the units. Raises NetworkError where `allows_rotation` says
    no.
    """
    if not allows_rotation(kinds):
        raise NetworkError(
            f"Layers {list(kinds)} cannot be rotated: begin and end with an affine layer, put each GroupSort(2) alone "
            "between two of them, and use no other activations than Abs and ReLU."
        )
    found, shifts = halves(kinds, weights, biases)
    for i, run in enumerate(between(kinds)):
        for kind in run:
            if isinstance(kind, GroupSort):
                found[i], shifts[i] = _rotate(found[i], 1), _rotate(shifts[i], 1)
                found[i + 1] = _rotate(found[i + 1], 2)
                if kind.order == "ascending":
                    found[i + 1][:, :, found[i + 1].shape[2] // 2 :].neg_()
    return found, shifts


def _rotate(tensor: Tensor, dim: int) -> Tensor:
    import torch

    a, b = tensor.chunk(2, dim)
    return torch.cat([a + b, a - b], dim) / 2**0.5
