"""The Euclidean projection of rows onto the l1 ball, after which ||W||_inf <= 1.

A row w with |w|_1 <= 1 is kept; else entries shrink by t = max over k of (S_k - 1) / k, S_k the sum of the k largest
|w_i| (Condat, Fast projection onto the simplex and the l1 ball, 2016, Algorithm 1): sign(w_i) max(|w_i| - t, 0). This
is the nearest matrix with ||.||_inf <= 1 in the Frobenius norm (anil2019.linf_projection). In rationals it is exact. In
floating point rows whose norm is surely at most one are kept to the last bit; the others are rounded inward to
multiples of 2^-53 (float32: 2^-24) after the projection (`lipcheck.nn.inward`), so that ||W||_inf <= 1 holds exactly.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from lipcheck.exact import Matrix, exact, matrix
from lipcheck.nn.rounding import RoundingError
from lipcheck.nn.rounding_arrays import inward
from lipcheck.readings.eager import is_eager

# From so many entries on a few passes are faster than sorting, and seldom more are needed: along long rows, and across
# twice as many entries in short ones, which are laid side by side for it.
_LONG, _MANY, _PASSES = 32, 2**14, 16


def l1_project(rows: Tensor, radius: float = 1.0) -> Tensor:
    """Each row (..., n) projected onto the l1 ball of that radius, in floating point; differentiable almost everywhere.

    The result's norm may exceed the radius by rounding errors: see `certified_rows`. A row with NaN or infinities comes
    out as NaN. Raises RoundingError for a radius that is not positive, and for rows without entries.
    """
    if not radius > 0 or rows.ndim == 0 or rows.shape[-1] == 0:
        raise RoundingError(f"The shape is {tuple(rows.shape)}, the radius {radius}: give entries, and radius > 0.")
    long = rows.shape[-1] >= _LONG
    fast = rows.numel() >= _MANY * (2 - long) and rows.dtype in (torch.float64, torch.float32) and is_eager(rows)
    if long or not fast:
        return _projected(rows, radius, -1, fast)
    across = rows.reshape(-1, rows.shape[-1]).t().contiguous()
    return _projected(across, radius, 0, fast).t().reshape(rows.shape)


def _projected(rows: Tensor, radius: float, axis: int, fast: bool) -> Tensor:
    """The rows, along an axis, projected."""
    sizes = rows.abs()
    # Sizes below the largest one: |w_i| and t move together, and large entries keep their digits.
    below = sizes - (sizes.detach() if sizes.requires_grad else sizes).amax(axis, keepdim=True)
    shrunk = rows.sign() * (below - _threshold(below, radius, axis, fast)).relu_()
    return torch.where(sizes.sum(axis, keepdim=True) <= radius, rows, shrunk)


def l1_project_exact(rows: object, radius: object = 1) -> Matrix:
    """The projection in rational arithmetic, for what `lipcheck.exact.matrix` reads; NetworkError for anything else."""
    bound = exact(radius, "radius")
    if bound <= 0:
        raise RoundingError(f"The radius is {bound}: give a positive number.")
    return tuple(_project_exact(row, bound) for row in matrix(rows, "rows"))


def certified_rows(weight: Tensor) -> Tensor:
    """The projected rows (m, n) as floats with ||W||_inf <= 1 exactly; float64 and float32, up to 65,536 columns.

    Rows inside the ball, by more than the rounding error of their sum, are kept as they are. Raises RoundingError for
    NaN, infinities, other dtypes and shapes.
    """
    rows = weight.detach().cpu()
    if rows.is_floating_point() and not bool(torch.isfinite(rows).all()):
        raise RoundingError("The weight holds NaN or infinite entries: replace them, such rows have no projection.")
    projected = l1_project(rows)
    lengths = projected.abs().sum(-1, keepdim=True)
    array = torch.from_numpy(inward((projected / lengths.clamp(min=1)).numpy(), 1, weight.dtype))
    # The float64 sum of n sizes errs by less than a factor 1 + n 2^-53, and the product by 1 + 2^-53.
    surely = rows.double().abs().sum(-1, keepdim=True) * (1 + rows.shape[-1] * 2.0**-52) <= 1
    return torch.where(surely, rows, array).to(weight.device)


class L1Projection(nn.Module):
    """A parametrization (`torch.nn.utils.parametrize`) of matrices with ||W||_inf <= 1 exactly, by `certified_rows`.

    The gradient is that of the projection, off the border of the ball and the entries that just vanish.
    """

    def forward(self, weight: Tensor) -> Tensor:
        """The projected weight."""
        return _rounded(l1_project(weight), certified_rows(weight))

    def right_inverse(self, weight: Tensor) -> Tensor:
        """The weight itself: assigned weights are projected when they are used."""
        return weight


class L1ProjectedLinear(nn.Linear):
    """`nn.Linear` whose weight is projected in each forward pass: ||W||_inf <= 1 exactly, so 1-Lipschitz from l_inf to
    l_inf. Wide layers start with tiny entries: the default initialization has row sums far above one."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True, **options: Any) -> None:
        super().__init__(in_features, out_features, bias, **options)
        parametrize.register_parametrization(self, "weight", L1Projection())


def _threshold(below: Tensor, radius: float, axis: int, fast: bool) -> Tensor:
    """t with the sum of max(below - t, 0) equal to the radius, for rows of numbers <= 0 with a zero in each."""
    active = _active(below.detach(), radius, axis) if fast else None
    if active is not None:
        return (torch.where(active, below, 0).sum(axis, keepdim=True) - radius) / active.sum(axis, keepdim=True)
    sums = below.sort(dim=axis, descending=True).values.cumsum(axis) - radius
    counts = torch.arange(1, below.shape[axis] + 1, dtype=below.dtype, device=below.device)
    return sums.div_(counts if axis == -1 else counts[:, None]).amax(axis, keepdim=True)


@torch.no_grad()
def _active(below: Tensor, radius: float, axis: int) -> Tensor | None:
    """Which entries exceed the threshold, by Michelot's iteration; None where that takes long.

    t <- (sum of the entries above t, less the radius) / (their number) starts at the mean over the whole row or at
    -radius, which are both too small, and only grows: entries drop out until none does (Condat 2016, section 3).
    """
    start = (below.sum(axis, keepdim=True) - radius) / below.shape[axis]
    threshold = start.clamp(min=-radius)
    above, counts = torch.empty_like(below), None
    for _ in range(_PASSES):
        torch.gt(below, threshold, out=above)
        left = above.sum(axis, keepdim=True)
        if counts is not None and torch.equal(left, counts):
            return above.bool()
        counts = left
        sums = above.mul_(below).sum(axis, keepdim=True)
        threshold = torch.maximum(threshold, (sums - radius) / counts)
    return None


class _Rounded(torch.autograd.Function):
    """The second argument, with the first one's gradient."""

    @staticmethod
    def forward(ctx: Any, projected: Tensor, rounded: Tensor) -> Tensor:
        """The rounded weight."""
        return rounded.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        """The gradient as it is."""
        return gradients[0], None


def _rounded(projected: Tensor, rounded: Tensor) -> Tensor:
    result: Tensor = _Rounded.apply(projected, rounded)  # type: ignore[no-untyped-call]
    return result


def _project_exact(row: tuple[Fraction, ...], radius: Fraction) -> tuple[Fraction, ...]:
    """By Condat's Algorithm 1: the largest k whose k-th entry exceeds (S_k - radius) / k gives the threshold."""
    sizes = sorted(map(abs, row), reverse=True)
    total, threshold = Fraction(0), Fraction(0)
    for k, size in enumerate(sizes, start=1):
        total += size
        if size > (total - radius) / k:
            threshold = (total - radius) / k
    if threshold <= 0:
        return row
    return tuple(max(abs(w) - threshold, Fraction(0)) * (1 if w > 0 else -1) for w in row)
