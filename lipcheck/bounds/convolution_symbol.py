"""Convolutions on a torus: the maximum over frequencies of the norm of the symbol, with every rounding accounted for.

On a torus of N pixels along an axis, with stride s dividing N, the discrete Fourier transform turns the convolution
into blocks, one for each frequency g of the N / s outputs,

    ( W^(g), W^(g + N/s), ..., W^(g + (s-1) N/s) ) / sqrt(s),      W^(f) = sum_k W_k exp(2 pi i f k d / N),

and likewise along two axes: ||T||_2^2 is the largest squared norm of a block. Real weights give f and -f equal norms.
With zero padding, an image on a torus that holds the padded image sees the same outputs, so that the torus bounds it
from above; a kernel of one tap needs one frequency only.

A torus of very many pixels is not needed for a bound from above. Along an axis, v' W^(f)* W^(f) v is a trigonometric
polynomial of degree K - 1 in the angle; around its largest value M it stays above M cos((K - 1) times the distance) (M.
Riesz), so that its largest value on N equally spaced angles is at least M cos(pi (K - 1) / N).

Rounding. Cosines and sines are within u of the truth (Arb). With A = sum_k |W_k|, each part of each computed entry of
W^ is within (gamma_{K+1} + 2 u) A + 5 K t of the truth, so that a block is within e = sqrt(2 s) ((gamma_{K+1} + 2 u)
||A||_F + 5 K n t) of the computed one B, here as a real matrix ((Re, -Im), (Im, Re)). For the smaller Gram matrix G of
B, any c and any L,

    ||B||^2 <= c + ||c I - G - LL'|| + ||G's error||, bounded as in `lipcheck.norms.verified`.

Source: Sedghi, Gupta, Long, The singular values of convolutional layers, ICLR 2019 (the symbol); Riesz, Formule
d'interpolation pour la derivee d'un polynome trigonometrique, Comptes Rendus 158, 1914; Rump, Verification of
positive definiteness, BIT 46, 2006.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from lipcheck.bounds.one_thread import one_thread, product
from lipcheck.norms import verified_spectral_norm
from lipcheck.norms.rounding import TINY, UNIT, gamma, square_root, square_sum

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lipcheck.norms.rounding import Floats

_CHUNK = 1 << 20
"""Entries of blocks that are held at a time: as many as the caches hold."""
_SPACING = 32
"""Frequencies for each degree: cos(pi / 32) is 0.995."""


@dataclass(frozen=True)
class Torus:
    """One axis: pixels, a stride that divides them, dilation."""

    pixels: int
    stride: int
    dilation: int


def symbol_norm(weights: Floats, rows: Torus, columns: Torus) -> tuple[Fraction, Fraction]:
    """(lower, upper) of ||T||_2 on the torus, for weights[k1, k2] of shape (outputs, inputs), entries at most 1."""
    error = _symbol_error(weights, rows.stride * columns.stride)
    scale = Fraction(1, rows.stride * columns.stride)
    upper, best, leader = Fraction(0), 0.0, None
    with one_thread():
        for blocks in _blocks(weights, rows, columns):
            found, place, estimate = _largest_square(blocks, best)
            upper = max(upper, found)
            if place is not None and (leader is None or estimate > best):
                best, leader = estimate, blocks[place].copy()
    lower = Fraction(verified_spectral_norm(leader)[0]) if leader is not None else Fraction(0)
    root = square_root(upper, up=True) + error
    return (
        max(Fraction(0), lower - error) * square_root(scale, up=False),
        root * square_root(scale, up=True),
    )


def plane_norm(weights: Floats, rows: Torus, columns: Torus) -> Fraction:
    """An upper bound on ||T||_2 on the torus, from few of its frequencies where it has very many, stride 1."""
    inflation = Fraction(1)
    chosen = []
    for torus, taps in zip((rows, columns), weights.shape, strict=False):
        count = _SPACING * (taps - 1)
        if torus.stride == 1 and torus.pixels > max(64, count):
            # cos x >= 1 - x^2 / 2, and pi < 22 / 7.
            inflation /= 1 - Fraction(22 * (taps - 1), 7 * max(1, count)) ** 2 / 2
            torus = Torus(max(1, count), 1, 1)
        chosen.append(torus)
    return symbol_norm(weights, chosen[0], chosen[1])[1] * square_root(inflation, up=True)


def _symbol_error(weights: Floats, aliases: int) -> Fraction:
    """A bound on the distance of a block of floats from the true one, as complex matrices."""
    import numpy as np

    taps, count = (int(weights.shape[i] * weights.shape[i + 1]) for i in (0, 2))
    sizes = np.abs(weights).sum((0, 1))
    total = square_root(square_sum(sizes), up=True) * (1 + gamma(taps)) / (1 - gamma(taps))
    each = (gamma(taps + 1) + 2 * UNIT) * total + 10 * taps * count * TINY
    return square_root(Fraction(2 * aliases), up=True) * each


def half_symbol(weights: Floats, torus: Torus) -> Iterator[tuple[Floats, Fraction]]:
    """The symbol along the second axis of taps, as real matrices ((Re, -Im), (Im, Re)) for each tap of the first.

    With the relative size of the error: each complex entry is within that multiple of sum_k |W_k|, and 8 K t.
    """
    import numpy as np

    taps = weights.shape[1]
    cosines, sines = _twiddles(torus.pixels)
    shape = weights.shape[0], *weights.shape[2:]
    sides = np.ascontiguousarray(weights).reshape(shape[0], taps, -1)
    # Both parts are off, and the sum of sizes is itself a rounded one: 2 is above sqrt(2) (1 + gamma).
    error = 2 * (gamma(taps + 2) + 2 * UNIT)
    for frequency in range(torus.pixels // 2 + 1):
        phases = frequency * np.arange(taps) * torus.dilation % torus.pixels
        real, imaginary = (product(table[phases][None], sides)[:, 0].reshape(shape) for table in (cosines, sines))
        both = np.concatenate([np.concatenate([real, -imaginary], 2), np.concatenate([imaginary, real], 2)], 1)
        yield both[:, None], error


def _twiddles(order: int) -> tuple[Floats, Floats]:
    """cos and sin of 2 pi j / order, j < order, within u of the truth."""
    import numpy as np
    from flint import arb, ctx, fmpq

    precision, ctx.prec = ctx.prec, 100
    try:
        pairs = [arb.sin_cos_pi_fmpq(fmpq(2 * j, order)) for j in range(order)]
    finally:
        ctx.prec = precision
    return np.array([float(c.mid()) for _, c in pairs]), np.array([float(s.mid()) for s, _ in pairs])


def _blocks(weights: Floats, rows: Torus, columns: Torus) -> Iterator[Floats]:
    """Chunks of the blocks, real matrices ((Re, -Im), (Im, Re)) without the factor 1 / sqrt(s)."""
    import numpy as np

    outputs, inputs = weights.shape[2:]
    order = math.lcm(rows.pixels, columns.pixels)
    cosines, sines = _twiddles(order)
    flat = weights.reshape(-1, outputs * inputs)
    frequencies = _half(rows.pixels // rows.stride, columns.pixels // columns.stride)
    aliases = rows.stride * columns.stride
    size = max(1, _CHUNK // (4 * outputs * inputs * aliases))
    for start in range(0, len(frequencies), size):
        chosen = frequencies[start : start + size]
        phases = _phases(chosen, weights.shape[:2], rows, columns, order).reshape(-1, len(flat))
        shape = (len(chosen), aliases, outputs, inputs)
        real, imaginary = (product(table[phases], flat).reshape(shape) for table in (cosines, sines))
        both = [part.transpose(0, 2, 1, 3).reshape(len(chosen), outputs, -1) for part in (real, imaginary)]
        yield np.block([[both[0], -both[1]], [both[1], both[0]]])


def _half(height: int, width: int) -> NDArray[np.int64]:
    """One of each pair of frequencies (f, g), (-f, -g)."""
    import numpy as np

    f, g = (part.reshape(-1) for part in np.indices((height, width)))
    mirrored = (-f % height) * width + (-g % width)
    return np.stack([f, g], 1)[f * width + g <= mirrored]


def _phases(
    frequencies: NDArray[np.int64], taps: tuple[int, ...], rows: Torus, columns: Torus, order: int
) -> NDArray[np.int64]:
    """j of the angle 2 pi j / order: (frequency, alias, tap)."""
    import numpy as np

    parts = []
    for place, (torus, count) in enumerate(zip((rows, columns), taps, strict=True)):
        aliases = np.arange(torus.stride) * (torus.pixels // torus.stride)
        all_frequencies = frequencies[:, place, None] + aliases
        step = torus.dilation * (order // torus.pixels)
        parts.append(all_frequencies[:, :, None] * (np.arange(count) * step % order) % order)
    r, c = parts
    both = (r[:, :, None, :, None] + c[:, None, :, None, :]) % order
    result: NDArray[np.int64] = both.reshape(len(frequencies), -1, taps[0] * taps[1])
    return result


def _largest_square(blocks: Floats, known: float) -> tuple[Fraction, int | None, float]:
    """An upper bound on the squared norms of a stack of real matrices; where the largest is, and about its square.

    `known` is a value that other stacks are known to reach: where this one stays below, nothing more is found out.
    """
    import numpy as np
    import torch

    b = blocks if blocks.shape[1] >= blocks.shape[2] else blocks.transpose(0, 2, 1)
    grams = product(b.transpose(0, 2, 1), b)
    n = grams.shape[1]
    values = _estimates(grams)
    place, best = int(values.argmax()), float(values.max())
    # Any c will do: a stack that is zero at these frequencies needs one above zero.
    margin = 8 * n * float(UNIT) * max(best, known, 2.0**-500)
    c = max(best, known) + margin
    while True:
        shifted = -grams
        shifted[:, np.arange(n), np.arange(n)] += c
        factors, status = torch.linalg.cholesky_ex(torch.from_numpy(shifted))
        failed = np.flatnonzero(status.numpy())
        if not failed.size:
            break
        for i in failed[:8]:
            values[i] = _largest_eigenvalue(grams[i])
        place = int(values.argmax())
        # Where no eigenvalue lifts c, the rounding of the factorisation does not allow it to be so low.
        margin *= 4
        c = max(float(values[place]), known) + margin
    bound = certified_square(b, grams, c, factors.numpy())
    return bound, place if float(values[place]) >= known else None, float(values[place])


def _estimates(grams: Floats) -> Floats:
    """About the largest eigenvalues: by the power method for all, and well for the ones that lead."""
    import numpy as np

    v = np.random.default_rng(0).standard_normal((*grams.shape[:2], 1))
    lengths = np.ones(len(grams))
    for _ in range(12):
        v = product(grams, v)
        lengths = np.linalg.norm(v, axis=(1, 2))
        v /= np.maximum(lengths, 1e-300)[:, None, None]
    for i in np.argsort(lengths)[-8:]:
        lengths[i] = _largest_eigenvalue(grams[i])
    return lengths


def _largest_eigenvalue(gram: Floats) -> float:
    import torch

    return float(torch.linalg.eigvalsh(torch.from_numpy(gram))[-1])


def certified_square(b: Floats, grams: Floats, c: float, factors: Floats) -> Fraction:
    """An upper bound on ||B||^2 for all B of a stack (m >= n), G near B'B, any c and any L."""
    import numpy as np

    m, n = (int(size) for size in b.shape[1:])
    shifted = -grams
    shifted[:, np.arange(n), np.arange(n)] += c
    residual = shifted - product(factors, factors.transpose(0, 2, 1))
    most = max(Fraction(1), Fraction(float(np.abs(factors).max())))
    diagonals = shifted[:, np.arange(n), np.arange(n)]
    gram_error = gamma(m + 1) * _most(b) + 5 * n * m * most_of(b) * TINY
    measured = (1 + 2 * UNIT) * square_root(_most(residual), up=True) + UNIT * square_root(_most(diagonals), up=True)
    return Fraction(c) + measured + gamma(n + 1) * _most(factors) + gram_error + n * (5 * n * most**2 + 6) * TINY


def most_of(b: Floats) -> Fraction:
    """max(1, largest square of an entry): the factor of a product's underflow."""
    import numpy as np

    return max(Fraction(1), Fraction(float(np.abs(b).max())) ** 2)


def _most(stack: Floats) -> Fraction:
    """An upper bound on the largest sum of squares over a stack."""
    rows = stack.reshape(len(stack), -1)
    count = int(rows.shape[1])
    return Fraction(float((rows * rows).sum(1).max())) / (1 - gamma(count)) + 8 * count * TINY * most_of(rows)
