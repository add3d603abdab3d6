"""How far a floating-point network can be from the exact one: derived running error bounds.

Model of arithmetic. u is the unit roundoff of the dtype, t its smallest normal number. Each operation gives (a op
b)(1 + d) + s with |d| <= u and |s| <= t, and may read an operand below t as zero: this covers IEEE arithmetic as well
as flushing of subnormal numbers. Inner products are conventional: n products, summed in any order, fused or not.
Strassen-like products, TF32 and bfloat16 accumulation are outside the model; `refuse_reduced_precision` guards
against the latter two.

Affine layer. Let h, W, b be floats, h*, W*, b* exact, |h - h*| <= e, |W - W*| <= D, |b - b*| <= c, entry by entry,
and n the width. With gamma_k = k u / (1 - k u) (Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition,
lemma 3.1),

    |fl(W h + b) - (W* h* + b*)| <= gamma_{n+1} (|W| |h| + |b|) + (|W| + D) e + D |h| + c + underflow:

the first term because each product passes through at most n + 1 roundings, the next two because W h - W* h* = W* (h -
h*) + (W - W*) h. Flushed results cost t each, at most 4 n of them; operands read as zero cost t |W| and t |h| in
products. Amplification by 1 + gamma <= 5/4 included, the underflow is at most t (2 sum |W| + 2 sum |h| + 5 (n + 1)).

Activations. Abs, ReLU, maxima, sorting and selecting commit no rounding and are 1-Lipschitz in the maximum norm, so a
bound passes through, as the largest of its group where numbers change places. LeakyReLU with slope s stored as f:
max(1, |s|) e + (u |f| + |f - s|) |h|.

The bounds themselves are computed in float64. They are sums of nonnegative terms, of at most n + 20 roundings each,
so the factor 1 + gamma_{n+20} (float64) makes them upper bounds again; what they lose to underflow is bounded in the
same way as above, and the coefficients 8, 8 and 24 in the code exceed both sums of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import torch
from torch import Tensor

from lipcheck.network import Elementwise, FullSort, GroupSort, Layer, LeakyReLU, Maxout, NetworkError, Select


def unit_roundoff(dtype: torch.dtype) -> Fraction:
    """u, half the distance from 1 to the next float."""
    return Fraction(torch.finfo(dtype).eps) / 2


def gamma(count: int, u: Fraction) -> Fraction:
    """gamma_k = k u / (1 - k u) for k = `count`; NetworkError unless k u <= 1/8, so that 1 + gamma_k <= 5/4."""
    if count * u > Fraction(1, 8):
        raise NetworkError(
            f"A width of about {count} is too large for a rounding bound at u = {float(u)}: use float64."
        )
    return count * u / (1 - count * u)


def upward(value: Fraction) -> float:
    """The least float64 that is not below `value`, or the next one."""
    nearest = _nearest(value)
    return nearest if Fraction(nearest) >= value else math.nextafter(nearest, math.inf)


def to_tensor(exact: Sequence[Any], dtype: torch.dtype, device: str | torch.device) -> Tensor:
    """Nested sequences of Fractions, each rounded to float64 and then to dtype."""
    return torch.tensor(_deep(exact), dtype=torch.float64).to(device=device, dtype=dtype)


def error(exact: Sequence[Any], rounded: Tensor) -> Tensor | None:
    """Upper bounds in float64 on |rounded - exact|, entry by entry; None if `rounded` is exact."""
    differences = _differences(exact, rounded.double().tolist())
    bounds = torch.tensor(differences, dtype=torch.float64, device=rounded.device)
    return bounds if bool(bounds.any()) else None


def affine_bound(
    h: Tensor, e: Tensor, weight: Tensor, bias: Tensor, weight_error: Tensor | None, bias_error: Tensor | None
) -> Tensor:
    """The bound after an affine layer: h, e are (population, in, points); weight, bias and their errors as stored."""
    n, u = weight.shape[2], unit_roundoff(h.dtype)
    g = upward(gamma(n + 1, u))
    size, magnitude = h.abs().double(), weight.abs().double()
    if weight_error is not None:
        magnitude = magnitude + weight_error
    total = magnitude @ (e + g * size) + (g * bias.abs().double())[:, :, None]
    if weight_error is not None:
        total = total + weight_error @ size
    if bias_error is not None:
        total = total + bias_error[:, :, None]
    operands = 8 * magnitude.sum(2)[:, :, None] + 8 * (size + e).sum(1)[:, None, :]
    return _inflated(total, n + 20) + torch.finfo(h.dtype).tiny * (operands + 24 * (n + 1))


def activation_bound(layer: Layer, h: Tensor, e: Tensor) -> Tensor:
    """The bound after an activation at h; NetworkError for Elementwise, whose errors torch does not document."""
    tiny = torch.finfo(h.dtype).tiny
    match layer:
        case Elementwise(name=name):
            raise NetworkError(f"{name} has no derived rounding bound: use the ball reading (lipcheck.readings.ball).")
        case LeakyReLU(slope=slope):
            stored = Fraction(float(to_tensor([slope], h.dtype, "cpu")))
            miss = abs(stored - slope)
            relative = upward(unit_roundoff(h.dtype) * abs(stored) + miss)
            steepest = max(1.0, upward(abs(stored) + miss))
            size = h.abs().double()
            return _inflated(steepest * e + relative * size, 20) + tiny * (8 * (steepest + size + e) + 24)
        case GroupSort() | FullSort():
            grouped = torch.unflatten(e, 1, (-1, layer.group(e.shape[1])))
            e = grouped.amax(2, keepdim=True).expand_as(grouped).flatten(1, 2)
        case Maxout(size=group):
            e = torch.unflatten(e, 1, (-1, group)).amax(2)
        case Select(indices=indices):
            e = e[:, list(indices)]
        case _:
            pass
    return _inflated(e, 20) + 24 * tiny


def refuse_reduced_precision(dtype: torch.dtype) -> None:
    """Raises NetworkError if torch may multiply float32 matrices in TF32 or bfloat16; never changes the setting."""
    if dtype != torch.float32:
        return
    backends = torch.backends
    settings = {
        getattr(holder, "fp32_precision", "none")
        for holder in (backends, backends.cuda.matmul, getattr(backends.mkldnn, "matmul", None))
    }
    reduced = settings - {"none", "ieee"}
    if reduced or ("none" in settings and not hasattr(backends, "fp32_precision") and _legacy() != "highest"):
        raise NetworkError(
            f"torch multiplies float32 matrices in reduced precision ({', '.join(sorted(reduced)) or _legacy()}): "
            "call torch.set_float32_matmul_precision('highest') or use float64."
        )


def _legacy() -> str:
    return torch.get_float32_matmul_precision()


def _inflated(total: Tensor, roundings: int) -> Tensor:
    return total * upward(1 + gamma(roundings, unit_roundoff(torch.float64)))


def _nearest(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError as problem:
        raise NetworkError("A number of the network exceeds the range of float64: scale the network down.") from problem


def _deep(exact: Any) -> Any:
    return _nearest(exact) if isinstance(exact, Fraction) else [_deep(part) for part in exact]


def _differences(exact: Any, rounded: Any) -> Any:
    if isinstance(exact, Fraction):
        return upward(abs(Fraction(rounded) - exact))
    return [_differences(a, b) for a, b in zip(exact, rounded, strict=True)]
