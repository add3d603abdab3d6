"""Bounds on spectral norms that cost one pass over the entries, and weights divided by them."""

from __future__ import annotations

import math
from typing import Any, Literal, TypeAlias, get_args

import torch
from torch import Tensor

from lipcheck.nn.weights import check_weight
from lipcheck.norms import NormError

Scaling: TypeAlias = Literal["entries", "columns", "rows", "geometric", "frobenius", "best"]


def spectral_bound(weight: Tensor, scaling: Scaling = "best") -> Tensor:
    """An upper bound on ||W||_2 up to rounding, shape (...).

    "entries", "columns", "rows": sqrt(m n) ||W||_max, sqrt(n) ||W||_1, sqrt(m) ||W||_inf (Anil et al. 2019, eq. 10 to
    12); "geometric": sqrt(||W||_1 ||W||_inf), never above those three; "frobenius": the same is true; "best": the
    smaller of these two. The looser the bound, the more iterations it takes to make up for it: up to
    log(sqrt(m n)) / log(3/2) of order 1.
    """
    check_weight(weight)
    check_scaling(scaling)
    shares, size = _of_unit_size(weight)
    return _bound(shares, scaling) * size[..., 0, 0]


def scaled(weight: Tensor, scaling: Scaling = "best") -> Tensor:
    """The matrices divided by these bounds, zero matrices as they are; differentiable, whatever the size of entries."""
    check_weight(weight)
    check_scaling(scaling)
    shares, _ = _of_unit_size(weight)
    bound = _bound(shares, scaling)[..., None, None]
    return shares / torch.where(bound == 0, torch.ones_like(bound), bound)


def check_scaling(scaling: Any) -> None:
    """Raise NormError unless it is one of the scalings."""
    if scaling not in get_args(Scaling):
        raise NormError(f"The scaling is {scaling!r}: use one of {', '.join(get_args(Scaling))}.")


def _of_unit_size(weight: Tensor) -> tuple[Tensor, Tensor]:
    """The matrices divided by their largest entries, and these: squares then neither overflow nor vanish.

    All bounds are homogeneous, so no derivative is lost by taking the divisors for constants.
    """
    size = weight.detach().abs().amax((-2, -1), keepdim=True)
    size = torch.where(size == 0, torch.ones_like(size), size)
    return weight / size, size


def _bound(weight: Tensor, scaling: Scaling) -> Tensor:
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


def _frobenius(weight: Tensor) -> Tensor:
    norm: Tensor = torch.linalg.matrix_norm(weight)
    return norm


def _geometric(one: Tensor, infinity: Tensor) -> Tensor:
    # At 0 the root has no derivative, so it is kept away.
    zero = one == 0
    product = (torch.where(zero, 1.0, one) * torch.where(zero, 1.0, infinity)).sqrt()
    return torch.where(zero, torch.zeros_like(product), product)
