"""c I - A >= -e for a block matrix on a grid, front by front: no factor is trusted, every residual is measured.

Each front f holds a matrix F = (F11 F21'; F21 F22) on its pixels: the blocks of c I - A that no front below holds, plus
the matrices S that those fronts leave on their borders. Any L11, L21, with S = F22 - L21 L21', give

    F = (L11; L21) (L11; L21)' + (0 0; 0 S) + R,     R = (F11 - L11 L11', F21 - L21 L11', rounding of S),

so that summed over all fronts, each S left by one and taken by one, c I - A = LL' + sum R + rounding of the sums. Hence

    ||A|| <= c + sum over fronts of (||R|| + ||rounding of F||).

With E the computed residuals, p pivots and u, t, gamma as in `lipcheck.norms.rounding`, Frobenius norms throughout,

    ||R|| <= (1 + 2u) (||E11|| + 2 ||E21||) + 2 u (1 + 2u) ||S||
             + gamma_{p+1} (||L11|| + ||L21||)^2 + underflow,

and each of the b sums that build F from blocks and borders errs by at most u of the sizes that are added: b u (1 + 4 b
u) times the sum of their norms. The matrices are symmetric: lower triangles are what is meant, and twice the norm of
an array bounds the norm of the symmetric matrix whose lower triangle it holds."""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from lipcheck.bounds.convolution_gram import Gram
from lipcheck.bounds.nested_dissection import Front
from lipcheck.bounds.one_thread import product
from lipcheck.norms.rounding import TINY, UNIT, frobenius, gamma, square_root, square_sum

if TYPE_CHECKING:
    from lipcheck.norms.rounding import Floats

_STRIP = 256


def certified_square(gram: Gram, root: Front, c: float, deadline: float | None = None) -> Fraction | None:
    """An upper bound on ||A||, a little above c; None where c seems to be too small, or time.monotonic() > deadline."""
    import numpy as np

    left: dict[int, tuple[Floats, Fraction]] = {}
    error = gram.error
    for front in root:
        if deadline is not None and time.monotonic() > deadline:
            return None
        below = [(each.border, *left.pop(id(each))) for each in front.below]
        blocks, lost = _assemble(gram, front, c, below)
        try:
            schur, measured = _eliminate(*blocks)
        except np.linalg.LinAlgError:
            return None
        left[id(front)] = schur, 2 * frobenius(schur)
        error += lost + measured
    return Fraction(c) + error


def _assemble(
    gram: Gram, front: Front, c: float, below: Sequence[tuple[tuple[int, ...], Floats, Fraction]]
) -> tuple[tuple[Floats, Floats, Floats], Fraction]:
    """(F11, F21, F22) of a front, and what the rounding of its sums can be."""
    import numpy as np

    size, count, p = gram.channels, len(front.pivots), len(front.pivots) * gram.channels
    place = {pixel: i for i, pixel in enumerate((*front.pivots, *front.border))}
    m = len(front.border) * size
    f11, f21, f22 = np.zeros((p, p)), np.zeros((m, p)), np.zeros((m, m))
    for j, pixel in enumerate(front.pivots):
        for other, (row, column) in gram.neighbours(pixel).items():
            i = place.get(other, -1)
            if i < j:
                continue
            target = f11 if i < count else f21
            start = (i if i < count else i - count) * size
            # The block of (pixel, other) is the one of (other, pixel), transposed.
            target[start : start + size, j * size : (j + 1) * size] = -gram.table[row, column].T
    diagonal = np.arange(p)
    f11[diagonal, diagonal] += c
    largest = Fraction(float(np.abs(f11[diagonal, diagonal]).max(initial=0.0)))
    sizes = 2 * frobenius(f11) + 2 * frobenius(f21) if below else Fraction(0)
    for border, schur, norm in below:
        sizes += norm
        runs = _runs([place[pixel] for pixel in border], count)
        for source, target_start, length in runs:
            for other_source, other_start, other_length in runs:
                if other_start > target_start:
                    continue
                part = schur[
                    source * size : (source + length) * size, other_source * size : (other_source + other_length) * size
                ]
                rows, columns = target_start * size, other_start * size
                if target_start >= count:
                    rows -= p
                target = f11 if target_start < count else f21 if other_start < count else f22
                if target is f22:
                    columns -= p
                target[rows : rows + length * size, columns : columns + other_length * size] += part
    many = len(below) + 1
    lost = many * UNIT * (1 + 4 * many * UNIT) * sizes + (1 + 2 * UNIT) * UNIT * largest
    return (f11, f21, f22), lost + (p + m) * many * TINY


def _runs(places: Sequence[int], cut: int) -> list[tuple[int, int, int]]:
    """(start in `places`, first place, length) of the stretches of consecutive places, none across `cut`."""
    found: list[tuple[int, int, int]] = []
    for source, place in enumerate(places):
        if found and found[-1][1] + found[-1][2] == place and place != cut:
            first, start, length = found[-1]
            found[-1] = first, start, length + 1
        else:
            found.append((source, place, 1))
    return found


def _factor(matrix: Floats) -> Floats:
    """A proposal for L11. Raises LinAlgError where the matrix seems not to be definite."""
    import numpy as np
    import torch

    factor, status = torch.linalg.cholesky_ex(torch.from_numpy(matrix))
    if int(status):
        raise np.linalg.LinAlgError(f"The leading matrix of order {int(status)} seems not to be definite.")
    result: Floats = factor.numpy()
    return result


def _solve(factor: Floats, matrix: Floats) -> Floats:
    """A proposal for L21, L21 L11' = F21."""
    import torch

    upper = torch.from_numpy(factor).T
    solution: Floats = torch.linalg.solve_triangular(upper, torch.from_numpy(matrix), upper=True, left=False).numpy()
    return solution


def _eliminate(f11: Floats, f21: Floats, f22: Floats) -> tuple[Floats, Fraction]:
    """S, in place of F22 (in the lower triangle, which is what is meant), and a bound on ||R||."""
    import numpy as np

    p, m = len(f11), len(f21)
    l11 = np.tril(_factor(f11))
    l21 = _solve(l11, f21) if m else f21
    measured, squares = _residual(f11, l11), frobenius(l11)
    if m:
        for start in range(0, m, _STRIP):
            stop = min(start + _STRIP, m)
            f22[start:stop, :stop] -= product(l21[start:stop], l21[:stop].T)
        for start in range(0, p, _STRIP):
            stop = min(start + _STRIP, p)
            f21[:, start:stop] -= product(l21[:, :stop], l11[start:stop, :stop].T)
        measured += 2 * frobenius(f21)
        squares += frobenius(l21)
    most = max([Fraction(1), *(Fraction(float(np.abs(part).max())) for part in (l11, l21) if part.size)])
    rounding = gamma(p + 1) * squares**2 + 2 * UNIT * (1 + 2 * UNIT) * (frobenius(f22) if m else 0)
    return f22, (1 + 2 * UNIT) * measured + rounding + (p + m) * (5 * p * most**2 + 6) * TINY


def _residual(matrix: Floats, factor: Floats) -> Fraction:
    """A bound on ||E11|| for the computed E11 = F11 - L11 L11', by strips: twice the square of its lower triangle."""
    import numpy as np

    total = Fraction(0)
    for start in range(0, len(matrix), _STRIP):
        stop = min(start + _STRIP, len(matrix))
        strip = matrix[start:stop, :stop] - product(factor[start:stop, :stop], factor[:stop, :stop].T)
        strip[:, start:] = np.tril(strip[:, start:])
        total += 2 * square_sum(strip)
    return square_root(total, up=True)
