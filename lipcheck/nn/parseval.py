"""The update of Parseval networks, W <- (1 + b) W - b W W'W, as torch functions: a pull toward orthonormal weights.

It is a gradient step on (b/4) ||W'W - I||_F^2, and the damped Björck step (1 - 2 b) W + 2 b B_1(W); at b = 1/2 it is
the first-order Björck step itself. A singular value s goes to f(s) = s (1 + b - b s^2). What that guarantees in exact
arithmetic (claims anil2019.parseval.*, anil2019.parseval_strict):

- For 0 < b <= 1/2, ||W||_2 <= 1 implies the same after the update, and no singular value decreases.
- A singular value s > 1 comes closer to 1 where b s (s + 1) < 2, but where b s (s + 1) < 1 it stays above 1, after
  every number of updates. So with a small b the update is a penalty, no constraint: after a gradient step that leads
  outside the layer is not 1-Lipschitz. Enforce it with `lipcheck.nn.bjorck`, or decide it with
  `verified_spectral_norm`.
- For s in (0, 1), k updates leave a distance to 1 of at least (1 - 2 b)^k (1 - s): 1154 updates with b = 0.0003 do not
  halve it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from lipcheck.nn.weights import check_weight
from lipcheck.norms import NormError


def update(weight: Tensor, beta: float) -> Tensor:
    """(1 + beta) W - beta W W'W for weights (..., m, n), differentiable; the smaller Gram matrix is used.

    Raises NormError for beta outside of (0, 1/2], where the guarantees above end, and for other shapes and dtypes.
    """
    if not 0 < beta <= 0.5:
        raise NormError(f"beta is {beta}: use a number in (0, 1/2].")
    check_weight(weight)
    tall = weight.shape[-2] >= weight.shape[-1]
    cubic = weight @ (weight.mT @ weight) if tall else (weight @ weight.mT) @ weight
    return weight + beta * (weight - cubic)


def penalty(weight: Tensor) -> Tensor:
    """||W'W - I||_F^2 / 4, or with WW' where that is smaller; its gradient is W W'W - W. Shape (...).

    `update(weight, beta)` is `weight - beta * gradient`: with the factor 1/2 that is often written, it would be half of
    the step. For m < n the two Gram matrices give values that differ by (n - m)/4, a constant.
    """
    check_weight(weight)
    tall = weight.shape[-2] >= weight.shape[-1]
    gram = weight.mT @ weight if tall else weight @ weight.mT
    identity = torch.eye(gram.shape[-1], dtype=weight.dtype, device=weight.device)
    return (gram - identity).square().sum((-2, -1)) / 4


@torch.no_grad()
def retract_(module: nn.Module, beta: float) -> int:
    """Update the weights of all `nn.Linear` layers in place, as after an optimizer's step; returns how many there are.

    A weight that several layers share is updated once. Raises NormError for beta outside of (0, 1/2], and for layers
    whose weight is parametrized: it is computed anew at each use, so that an update would be lost.
    """
    layers = [layer for layer in module.modules() if isinstance(layer, nn.Linear)]
    if any(parametrize.is_parametrized(layer, "weight") for layer in layers):
        raise NormError("A layer's weight is parametrized, so it cannot be set in place: update its raw weight.")
    weights = {id(layer.weight): layer.weight for layer in layers}
    for weight in weights.values():
        weight.copy_(update(weight, beta))
    return len(weights)
