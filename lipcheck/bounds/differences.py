"""How far two points of a network are apart: the abs-normal form without its constants, exactly and in floats.

For differences dx of the inputs, dz of the gates and e of their absolute values,

    dz = D (dx, e),      dy = G (dx, e),      |e_i| <= |dz_i|.

Gates that depend on nothing have e_i = 0 and are left out, and so are gates that no output needs: neither changes dy.
Floats are pairs (mantissa, exponent), so that no weight is too large or too small to be rounded relatively.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.exact import Matrix

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Split = tuple[NDArray[np.float64], NDArray[np.int64]]


@dataclass(frozen=True)
class Differences:
    """D and G, rows of coefficients of x, then of the gates `kept`, which are numbered as in the form."""

    inputs: int
    kept: tuple[int, ...]
    gates: Matrix
    outputs: Matrix

    @property
    def order(self) -> int:
        """The number of columns."""
        return self.inputs + len(self.kept)

    @cached_property
    def split_gates(self) -> Split:
        """D as (mantissas, exponents)."""
        return split(self.gates, self.order)

    @cached_property
    def split_outputs(self) -> Split:
        """G as (mantissas, exponents)."""
        return split(self.outputs, self.order)


def differences(form: AbsNormal) -> Differences:
    """D and G of the gates that vary and are needed."""
    n, s = form.inputs, len(form.gates)
    varying: set[int] = set()
    for i, row in enumerate(form.gates):
        if any(row[1 : 1 + n]) or any(row[1 + n + j] for j in varying):
            varying.add(i)
    needed = {j for j in varying if any(row[1 + n + j] for row in form.outputs)}
    for i in range(s - 1, -1, -1):
        if i in needed:
            needed |= {j for j in varying if form.gates[i][1 + n + j]}
    kept = tuple(sorted(needed))
    columns = (*range(1, 1 + n), *(1 + n + j for j in kept))
    return Differences(
        n,
        kept,
        tuple(tuple(form.gates[i][c] for c in columns) for i in kept),
        tuple(tuple(row[c] for c in columns) for row in form.outputs),
    )


def split(rows: Sequence[Sequence[Fraction]], wide: int) -> Split:
    """(m, e) with entry = 2^e m up to 2^-53 relatively; 1/2 <= |m| < 1, or m = 0."""
    import numpy as np

    pairs = [[split_number(entry) for entry in row] for row in rows]
    mantissas = np.array([[m for m, _ in row] for row in pairs], dtype=np.float64).reshape(-1, wide)
    exponents = np.array([[e for _, e in row] for row in pairs], dtype=np.int64).reshape(-1, wide)
    return mantissas, exponents


def split_number(value: Fraction) -> tuple[float, int]:
    """(m, e) of one number; the division of integers is rounded correctly."""
    if not value:
        return 0.0, 0
    top, bottom = value.numerator, value.denominator
    exponent = top.bit_length() - bottom.bit_length()
    quotient = top / (bottom << exponent) if exponent >= 0 else (top << -exponent) / bottom
    mantissa, more = math.frexp(quotient)
    return mantissa, exponent + more


def joined(mantissas: NDArray[np.float64], exponents: NDArray[np.int64]) -> NDArray[np.float64]:
    """2^e m in float64: exact, or within 2^-1022, or infinite."""
    import numpy as np

    result: NDArray[np.float64] = np.ldexp(mantissas, np.clip(exponents, -5000, 5000).astype(np.intc))
    return result
