"""Spectral normalization that keeps its promise: ||W||_2 <= 1 exactly, as a matrix of floats.

Power iteration estimates the norm from below, sigma_k = u_k'W v_k <= ||W||_2, so W / sigma_k has a norm of at least 1,
and of more than 1 unless the iteration has converged exactly. This is what
`torch.nn.utils.parametrizations.spectral_norm` does; it is cheap, and enough where a bound is not needed. Here W is
divided by an upper bound, of `lipcheck.norms.verified_spectral_norm`, and the quotient is measured again, for division
rounds: what is returned has a verified norm of at most 1.

The estimate's relative error after k iterations is at most T / (8 k A) to first order, with A and T the squared lengths
of the start along the leading left singular vectors and off them, whatever the other singular values are; with a ratio
g of the second to the first, 1 - (sigma_k / sigma)^2 <= g^(4k - 2) T / A. There is no bound for A = 0: such a start
never meets the norm. (anil2019.spectral_normalization.estimate.)
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from lipcheck.norms import NormError, verified_spectral_norm


def power_iteration(weight: Tensor, u: Tensor, iterations: int = 1) -> tuple[Tensor, Tensor, Tensor]:
    """(u'Wv, u, v) after k >= 1 iterations from u: an estimate of ||W||_2 from below, up to rounding.

    Where W'u = 0 the estimate is 0, v is 0 and u is kept. Differentiable in the weight; u and v are constants. Raises
    NormError for shapes and dtypes that do not fit, for k < 1, NaN and infinities.
    """
    fitting = weight.ndim == 2 and weight.numel() and u.shape == weight.shape[:1] and u.dtype == weight.dtype
    if not fitting or iterations < 1:
        raise NormError(
            f"The weight is {weight.dtype} of shape {tuple(weight.shape)}, u {u.dtype} of shape {tuple(u.shape)}, k is "
            f"{iterations}: give a matrix, an entry of u for each row in the same dtype, and at least one iteration."
        )
    with torch.no_grad():
        largest = weight.abs().amax()
        if not bool(torch.isfinite(largest)) or not bool(torch.isfinite(u).all()):
            raise NormError("The weight or u holds NaN or infinite entries: replace them, they have no direction.")
        # By an exact power of two, so that no product overflows and none of large entries is lost.
        scale = torch.ldexp(torch.ones_like(largest), torch.frexp(largest).exponent - 1)
        matrix, v = weight.detach() / scale, weight.new_zeros(weight.shape[1])
        for _ in range(iterations):
            v = _direction(matrix.T @ _direction(u))
            image = matrix @ v
            u = _direction(image) if image.any() else u
    return (u @ (weight / scale) @ v) * scale, u, v


def certified_spectral(weight: Tensor, *, keep_smaller: bool = False) -> Tensor:
    """The weight divided by an upper bound on its norm: ||.||_2 <= 1 exactly, for float64 and float32.

    The result's norm is at least 1 - d with d of about (m + n) 1e-16 ||W||_F^2 / ||W||_2^2 for float64, and of about
    sqrt(m n) 6e-8 for float32 (more for subnormal entries). With `keep_smaller` a weight whose norm is verified to be
    at most 1 is returned as it is; a zero weight always is. Raises NormError as `verified_spectral_norm`, and beyond
    the range of the dtype.
    """
    normalized: Tensor = weight.detach() / _divisor(weight, keep_smaller)
    return normalized


class SpectralNormalization(nn.Module):
    """A parametrization (`torch.nn.utils.parametrize`) of weights with ||W||_2 <= 1 exactly: `certified_spectral`.

    Weights of more than two axes are read as matrices of one row per entry of the first axis, as torch does: for a
    convolution that is the norm of the filter, not of the operation (see `lipcheck.nn.convolutions`). The gradient is
    that of W / ||W||_2 with the leading singular vectors held constant. Costs a singular value decomposition and two
    verified norms in each forward pass, on the CPU; use `torch.nn.utils.parametrize.cached` where weights are shared.
    """

    def __init__(self, *, keep_smaller: bool = False) -> None:
        super().__init__()
        self.keep_smaller = keep_smaller

    def forward(self, weight: Tensor) -> Tensor:
        """The normalized weight."""
        if weight.ndim < 2:
            raise NormError(f"The weight has shape {tuple(weight.shape)}: give at least two axes, rows first.")
        matrix = weight.flatten(1)
        divisor = _divisor(matrix, self.keep_smaller)
        if self.keep_smaller and bool(divisor == 1):
            return weight
        left, _, right = torch.linalg.svd(matrix.detach(), full_matrices=False)
        value = left[:, 0] @ matrix @ right[0]
        # x / x = 1 exactly: the value is untouched, and the divisor follows the norm in the backward pass.
        moving = value / value.detach() if bool(value.detach() != 0) else divisor.new_ones(())
        normalized: Tensor = weight / (divisor * moving)
        return normalized


def spectrally_normalized(module: nn.Module, name: str = "weight", *, keep_smaller: bool = False) -> nn.Module:
    """The module with its weight of this name parametrized by `SpectralNormalization`."""
    parametrize.register_parametrization(module, name, SpectralNormalization(keep_smaller=keep_smaller))
    return module


def _direction(vector: Tensor) -> Tensor:
    largest = vector.abs().amax()
    if not bool(largest > 0):
        return torch.zeros_like(vector)
    scaled = vector / largest
    unit: Tensor = scaled / torch.linalg.vector_norm(scaled)
    return unit


def _divisor(weight: Tensor, keep_smaller: bool) -> Tensor:
    """c > 0 in the weight's dtype such that the floats weight / c have a verified norm of at most one."""
    one = torch.ones((), dtype=weight.dtype, device=weight.device)
    upper = _upper(weight)
    if upper == 0 or (keep_smaller and upper <= 1):
        return one
    eps = torch.finfo(weight.dtype).eps
    for doubling in range(60):
        c: Tensor = one * (upper * (1 + (2**doubling - 1) * eps))
        if not torch.isfinite(c) or c == 0:
            break
        if _upper(weight.detach() / c) <= 1:
            return c
    raise NormError(f"The norm of about {upper:.3g} is beyond the range of {weight.dtype}: scale the weight first.")


def _upper(weight: Tensor) -> float:
    return verified_spectral_norm(weight.detach().cpu().numpy())[1]
