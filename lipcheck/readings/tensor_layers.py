"""Single layers on batches of tensors: values, and pullbacks that carry Jacobian rows backwards.

Values are laid out (population, features, points); rows (population, features, outputs, points), where the last axis
may still have length 1 as long as no pattern tells the points apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import Tensor

from lipcheck.network import Abs, Elementwise, FullSort, GroupSort, Layer, LeakyReLU, Maxout, ReLU, Select
from lipcheck.readings.eager import is_eager, is_recorded
from lipcheck.readings.rounding import to_tensor

Pullback: TypeAlias = Callable[[Tensor], Tensor]

_SMOOTH: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]] = {
    "tanh": (torch.tanh, lambda h: 1 - torch.tanh(h) ** 2),
    "sigmoid": (torch.sigmoid, lambda h: torch.sigmoid(h) * torch.sigmoid(-h)),
    # torch's softplus returns h itself beyond 20, which is off by 2e-9.
    "softplus": (lambda h: torch.logaddexp(h, torch.zeros_like(h)), torch.sigmoid),
    "sin": (torch.sin, torch.cos),
    "atan": (torch.atan, lambda h: 1 / (1 + h * h)),
}


def all_finite(numbers: Tensor) -> bool:
    """Whether there is no NaN and no infinity.

    A sum that meets NaN or infinity stays NaN or infinite, so a finite sum, which costs one pass, shows that all terms
    are finite; where it is not, it may have overflowed, and the numbers are looked at one by one.
    """
    return math.isfinite(numbers.detach().sum().item()) or bool(torch.isfinite(numbers).all())


def affine(h: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """W h + b, autocast switched off."""
    with torch.autocast(h.device.type, enabled=False):
        return torch.baddbmm(bias[:, :, None], weight, h)


def affine_pullback(weight: Tensor) -> Pullback:
    """rows -> W^T rows."""

    def pull(rows: Tensor) -> Tensor:
        with torch.autocast(rows.device.type, enabled=False):
            return torch.unflatten(torch.bmm(weight.transpose(1, 2), rows.flatten(2)), 2, rows.shape[2:])

    return pull


def activation(layer: Layer, h: Tensor) -> Tensor:
    """The layer at h."""
    match layer:
        case Abs():
            return h.abs()
        case ReLU():
            return h.relu()
        case LeakyReLU():
            return torch.where(h > 0, h, _slope(layer, h) * h)
        case Elementwise(name=name):
            return _SMOOTH[name][0](h)
        case GroupSort(order=order) | FullSort(order=order):
            grouped = torch.unflatten(h, 1, (-1, layer.group(h.shape[1])))
            if grouped.shape[2] != 2:
                return grouped.sort(dim=2, descending=order == "descending").values.flatten(1, 2)
            return _sorted_pairs(grouped, order == "ascending").flatten(1, 2)
        case Maxout(size=size):
            return torch.unflatten(h, 1, (-1, size)).amax(2)
        case Select(indices=indices):
            return h[:, list(indices)]
        case _:
            raise TypeError(f"{layer!r} is not an activation")


def pullback(layer: Layer, h: Tensor) -> Pullback:
    """The transposed Jacobian of the layer at h, ties decided as in the rational reading."""
    match layer:
        case Abs():
            return _scale(torch.where(h >= 0, 1, -1).to(h.dtype))
        case ReLU():
            return _scale((h > 0).to(h.dtype))
        case LeakyReLU():
            return _scale(torch.where(h > 0, torch.ones_like(h), _slope(layer, h)))
        case Elementwise(name=name):
            return _scale(_SMOOTH[name][1](h))
        case GroupSort(order=order) | FullSort(order=order):
            grouped = torch.unflatten(h, 1, (-1, layer.group(h.shape[1])))
            if grouped.shape[2] == 2:
                a, b = grouped.unbind(2)
                swapped = a > b if order == "ascending" else a < b
                return _permute(torch.stack([swapped, ~swapped], 2).long())
            places = grouped.sort(dim=2, descending=order == "descending", stable=True).indices
            return _permute(places.argsort(2))
        case Maxout(size=size):
            # argmax returns the first of equal maxima.
            return _scatter(torch.unflatten(h, 1, (-1, size)).argmax(2, keepdim=True), size)
        case Select(indices=indices, width=width):
            return _gather_back(torch.tensor(indices, device=h.device), width)
        case _:
            raise TypeError(f"{layer!r} is not an activation")


def _sorted_pairs(pairs: Tensor, ascending: bool) -> Tensor:
    """Pairs along axis 2, sorted; one pass over memory less where no gradient needs the two halves.

    NaN in one of the two makes both NaN. Of 0.0 and -0.0, which are equal, either may be taken for both.
    """
    a, b = pairs.unbind(2)
    first, second = (torch.minimum, torch.maximum) if ascending else (torch.maximum, torch.minimum)
    if is_recorded(pairs) or not is_eager(pairs):
        return torch.stack([first(a, b), second(a, b)], 2)
    result = torch.empty(pairs.shape, dtype=pairs.dtype, device=pairs.device)
    first(a, b, out=result[:, :, 0])
    second(a, b, out=result[:, :, 1])
    return result


def _slope(layer: LeakyReLU, h: Tensor) -> Tensor:
    return to_tensor([layer.slope], h.dtype, h.device)


def _scale(slopes: Tensor) -> Pullback:
    return lambda rows: rows * slopes[:, :, None, :]


def _permute(inverse: Tensor) -> Pullback:
    groups, size, points = inverse.shape[1:]

    def pull(rows: Tensor) -> Tensor:
        grouped = torch.unflatten(rows, 1, (groups, size)).expand(-1, -1, -1, -1, points)
        return grouped.gather(2, inverse[:, :, :, None, :].expand_as(grouped)).flatten(1, 2)

    return pull


def _gather_back(places: Tensor, width: int) -> Pullback:
    return lambda rows: rows.new_zeros(rows.shape[0], width, *rows.shape[2:]).index_add_(1, places, rows)


def _scatter(winners: Tensor, size: int) -> Pullback:
    wins = torch.arange(size, device=winners.device)[:, None] == winners
    return lambda rows: torch.where(wins[:, :, :, None, :], rows[:, :, None], rows.new_zeros(())).flatten(1, 2)
