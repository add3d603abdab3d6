"""Björck orthonormalization of weights as a torch function, a parametrization and a linear layer.

One iteration of order p takes W to W P_p(I - W'W), P_p the Taylor polynomial of degree p of (1 - q)^(-1/2). Singular
vectors stay; a singular value s goes to B_p(s) = s P_p(1 - s^2). What that guarantees in exact arithmetic, for every
order and every number k of iterations (claims anil2019.bjorck.guarantee, .order_guarantee, .above_one, .one_step):

- After scaling, ||W||_2 <= 1: all singular values stay in [0, 1], none decreases, and their order is kept. So the layer
  is 1-Lipschitz at every k, even k = 0; iterations bring it closer to orthonormal.
- The least singular value s becomes B_p^k(s), which `lipcheck.norms.bjorck.least_after` bounds from below exactly, and
  `iterations_for` inverts; 1 - s_k^2 <= (1 - s^2)^((p + 1)^k). It is below 1 at every k, and 0 stays 0.
- Without scaling: for ||I - W'W|| < 1 odd orders lead below 1 in one step, even orders stay above 1 for good; order 1
  makes ||W||_2 <= 1 in one step from ||W||_2 <= 2.

In floating point the norm may exceed 1 by rounding. `certified` returns weights whose norm is at most 1 exactly.

torch.nn.utils.parametrizations.orthogonal (Householder, Cayley, matrix exponential) is orthonormal up to rounding, from
any parameters, and costs a factorization: use it where orthonormal means orthonormal and the matrix is not large. Use
Björck for a few products of matrices instead, on a GPU or batched, where a norm of at most 1 is what has to hold.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lipcheck.nn.scaling import Scaling, check_scaling, scaled
from lipcheck.nn.weights import check_weight
from lipcheck.norms import NormError, verified_spectral_norm
from lipcheck.norms.bjorck import coefficients

_DTYPES = (torch.float64, torch.float32)


def bjorck(weight: Tensor, *, order: int = 1, iterations: int = 15, scaling: Scaling | None = "best") -> Tensor:
    """Weights (..., m, n) after so many iterations; differentiable, batched, on every device, in the weight's dtype.

    They are divided by `lipcheck.nn.scaling.spectral_bound` first, which makes ||W||_2 <= 1 up to rounding; with
    scaling None they are not, and the iteration may diverge. A zero matrix stays zero; one with NaN or an infinite
    entry becomes NaN. Costs (p + 1) products of matrices per iteration, with the smaller Gram matrix. Raises NormError
    for other shapes, dtypes, orders and iterations.
    """
    check_weight(weight)
    _check_settings(iterations, scaling)
    factors = [float(c) for c in coefficients(order)]
    if scaling is not None:
        weight = scaled(weight, scaling)
    tall = weight.shape[-2] >= weight.shape[-1]
    result = weight if tall else weight.mT
    for _ in range(iterations):
        result = _iteration(result, factors)
    return result if tall else result.mT


def certified(weight: Tensor) -> Tensor:
    """The matrix, or if need be slightly less than it, with ||W||_2 <= 1 exactly, in the same dtype; no gradient.

    For the real numbers that the returned floats are, not up to rounding: `verified_spectral_norm` bounds the norm with
    every rounding error counted (its assumptions apply), and the matrix is divided until the bound is at most 1. What
    is lost is the width of that bound, about (m + n) 1e-16 ||W||_F^2 / ||W||_2^2, and a few units in the last place of
    float32. For exact decisions in rationals, at hundreds of units, see `lipcheck.nn.round_spectral`. Raises NormError
    for other dtypes than float32 and float64, more than two axes, NaN and infinities.
    """
    check_weight(weight)
    if weight.dtype not in _DTYPES or weight.ndim != 2:
        raise NormError(
            f"The weight is {weight.dtype} of shape {tuple(weight.shape)}: give one matrix of float32 or float64."
        )
    array = weight.detach().cpu().numpy()
    _, upper = verified_spectral_norm(array)
    if upper <= 1:
        return weight.detach().clone()
    exact = array.astype(np.float64)
    if math.isinf(upper):
        exact = exact * 2.0**-64
        _, upper = verified_spectral_norm(exact)
    factor, slack = 1 / upper, 2.0**-52
    while slack < 0.5:
        smaller = (exact * (factor * (1 - slack))).astype(array.dtype)
        _, upper = verified_spectral_norm(smaller)
        if upper <= 1:
            return torch.from_numpy(smaller).to(weight.device)
        slack = 2 * slack + (upper - 1)
    raise NormError("No multiple of the matrix was certified: its entries are too unequal in size for its dtype.")


class Bjorck(nn.Module):
    """A parametrization: `torch.nn.utils.parametrize.register_parametrization(layer, "weight", Bjorck())`.

    The layer then reads `bjorck(raw weight)`; assigning to its weight sets the raw weight.
    """

    def __init__(self, *, order: int = 1, iterations: int = 15, scaling: Scaling | None = "best") -> None:
        super().__init__()
        coefficients(order)
        _check_settings(iterations, scaling)
        self.order, self.iterations, self.scaling = order, iterations, scaling

    def forward(self, weight: Tensor) -> Tensor:
        """The weight after the iterations."""
        return bjorck(weight, order=self.order, iterations=self.iterations, scaling=self.scaling)

    def right_inverse(self, weight: Tensor) -> Tensor:
        """The raw weight that stands for an assigned one: itself."""
        return weight

    def extra_repr(self) -> str:
        """The settings, as printed inside the module's parentheses."""
        return f"order={self.order}, iterations={self.iterations}, scaling={self.scaling!r}"


class BjorckLinear(nn.Linear):
    """x -> bjorck(W) x + b: with a scaling, 1-Lipschitz in the 2-norm up to rounding, whatever finite W is.

    `fixed` makes it exact.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        order: int = 1,
        iterations: int = 3,
        scaling: Scaling | None = "best",
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(in_features, out_features, bias, device=device, dtype=dtype)
        self.orthonormalize = Bjorck(order=order, iterations=iterations, scaling=scaling)

    def forward(self, input: Tensor) -> Tensor:
        """The layer at input, (..., in_features) -> (..., out_features)."""
        return nn.functional.linear(input, self.orthonormalize(self.weight), self.bias)

    def fixed(self, iterations: int | None = None) -> nn.Linear:
        """A plain linear layer with certified weights, ||W||_2 <= 1 exactly, after so many iterations (unless given,
        those of training)."""
        count = self.orthonormalize.iterations if iterations is None else iterations
        settings = self.orthonormalize
        weight = certified(bjorck(self.weight, order=settings.order, iterations=count, scaling=settings.scaling))
        layer = nn.Linear(
            self.in_features, self.out_features, self.bias is not None, device=weight.device, dtype=weight.dtype
        )
        with torch.no_grad():
            layer.weight.copy_(weight)
            if self.bias is not None:
                layer.bias.copy_(self.bias)
        return layer


def _iteration(weight: Tensor, factors: list[float]) -> Tensor:
    identity = torch.eye(weight.shape[-1], dtype=weight.dtype, device=weight.device)
    defect = identity - weight.mT @ weight
    *lower, leading = factors
    total = lower[-1] * identity + leading * defect
    for c in reversed(lower[:-1]):
        total = total @ defect + c * identity
    return weight @ total


def _check_settings(iterations: Any, scaling: Any) -> None:
    if not isinstance(iterations, int) or isinstance(iterations, bool) or iterations < 0:
        raise NormError(f"The number of iterations is {iterations!r}: use an integer of at least 0.")
    if scaling is not None:
        check_scaling(scaling)
