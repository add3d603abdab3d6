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
from typing import Literal, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from lipcheck.norms import NormError, verified_spectral_norm
from lipcheck.norms.bjorck import coefficients

Scaling: TypeAlias = Literal["entries", "columns", "rows", "geometric", "frobenius", "best"]
_DTYPES = (torch.float64, torch.float32)


def bjorck(weight: Tensor, *, order: int = 1, iterations: int = 15, scaling: Scaling | None = "best") -> Tensor:
    """Weights (..., m, n) after so many iterations; differentiable, batched, on every device, in the weight's dtype.

    They are divided by `spectral_bound(weight, scaling)` first, which makes ||W||_2 <= 1 up to rounding; with scaling
    None they are not, and the iteration may diverge. A zero matrix stays zero. Costs (p + 1) products of matrices per
    iteration, with the smaller Gram matrix. Raises NormError for other shapes, dtypes, orders and iterations.
    """
    _check(weight)
    if not isinstance(iterations, int) or isinstance(iterations, bool) or iterations < 0:
        raise NormError(f"The number of iterations is {iterations!r}: use an integer of at least 0.")
    factors = [float(c) for c in coefficients(order)]
    if scaling is not None:
        bound = spectral_bound(weight, scaling)[..., None, None]
        weight = weight / torch.where(bound > 0, bound, torch.ones_like(bound))
    tall = weight.shape[-2] >= weight.shape[-1]
    result = weight if tall else weight.mT
    for _ in range(iterations):
        result = _iteration(result, factors)
    return result if tall else result.mT


def spectral_bound(weight: Tensor, scaling: Scaling = "best") -> Tensor:
    """An upper bound on ||W||_2 up to rounding, shape (...).

    "entries", "columns", "rows": sqrt(m n) ||W||_max, sqrt(n) ||W||_1, sqrt(m) ||W||_inf (Anil et al. 2019, eq. 10 to
    12); "geometric": sqrt(||W||_1 ||W||_inf), never above those three; "frobenius": the same is true; "best": the
    smaller of these two. The looser the bound, the more iterations it takes to make up for it: up to
    log(sqrt(m n)) / log(3/2) of order 1.
    """
    _check(weight)
    m, n = weight.shape[-2:]
    sizes = weight.abs()
    one, infinity = sizes.sum(-2).amax(-1), sizes.sum(-1).amax(-1)
    match scaling:
        case "entries":
            return sizes.amax((-2, -1)) * math.sqrt(m * n)
        case "columns":
            return one * math.sqrt(n)
        case "rows":
            return infinity * math.sqrt(m)
        case "geometric":
            return _geometric(one, infinity)
        case "frobenius":
            return _frobenius(weight)
        case "best":
            return torch.minimum(_geometric(one, infinity), _frobenius(weight))
    raise NormError(f"The scaling is {scaling!r}: use entries, columns, rows, geometric, frobenius or best.")


def certified(weight: Tensor) -> Tensor:
    """The matrix, or if need be slightly less than it, with ||W||_2 <= 1 exactly, in the same dtype; no gradient.

    For the real numbers that the returned floats are, not up to rounding: `verified_spectral_norm` bounds the norm with
    every rounding error counted (its assumptions apply), and the matrix is divided until the bound is at most 1. What
    is lost is the width of that bound, about (m + n) 1e-16 ||W||_F^2 / ||W||_2^2, and a few units in the last place of
    float32. For exact decisions in rationals, at hundreds of units, see `lipcheck.nn.round_spectral`. Raises NormError
    for other dtypes than float32 and float64, more than two axes, NaN and infinities.
    """
    if weight.dtype not in _DTYPES or weight.ndim != 2:
        raise NormError(
            f"The weight is {weight.dtype} of shape {tuple(weight.shape)}: give a float matrix of two axes."
        )
    array = weight.detach().cpu().numpy()
    _, upper = verified_spectral_norm(array)
    if upper <= 1:
        return weight.detach().clone()
    exact, factor, slack = array.astype(np.float64), 1 / upper, 2.0**-52
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
    """x -> bjorck(W) x + b: 1-Lipschitz in the 2-norm up to rounding, whatever W is; `fixed` makes it exact."""

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


def _frobenius(weight: Tensor) -> Tensor:
    norm: Tensor = torch.linalg.matrix_norm(weight)
    return norm


def _geometric(one: Tensor, infinity: Tensor) -> Tensor:
    # Roots of each, not of the product: it may leave the range. At 0 the root has no derivative, so it is kept away.
    zero = one == 0
    product = torch.where(zero, 1.0, one).sqrt() * torch.where(zero, 1.0, infinity).sqrt()
    return torch.where(zero, torch.zeros_like(product), product)


def _check(weight: Tensor) -> None:
    if weight.ndim < 2 or not weight.shape[-2] or not weight.shape[-1] or not weight.is_floating_point():
        raise NormError(
            f"The weight is {weight.dtype} of shape {tuple(weight.shape)}: give real matrices (..., m, n) that are not "
            f"empty."
        )
