"""Checking multipliers for a Lipschitz constant: the proof that sqrt(rho) bounds it, whoever found the numbers.

For differences (dx, e) of two points (see `lipcheck.bounds.differences`) each gate has e_i^2 <= (D_i (dx, e))^2. If

    M = diag(rho, ..., rho, l_1, ..., l_s) - D' diag(l) D - G'G >= 0,      l_i >= 0,

then 0 <= (dx, e)' M (dx, e) = rho |dx|^2 - |dy|^2 - sum l_i (dz_i^2 - e_i^2) <= rho |dx|^2 - |dy|^2, and the network is
sqrt(rho)-Lipschitz in the 2-norm. For a ReLU r = (z + |z|) / 2 the slope restriction dr (dz - dr) >= 0 is the same
inequality, for it equals (dz^2 - e^2) / 4. For a sorted pair |u - v| is the one gate, and u + v needs none.

There is one multiplier per gate. Multipliers that couple two gates (LipSDP-Network of Fazlyab et al., NeurIPS 2019)
would need |e_i - e_j| <= |dz_i - dz_j|, which fails for gates at different places (Pauli et al., Training robust neural
networks using Lipschitz bounds, IEEE Control Systems Letters 6, 2022). The max and the min of a pair are not functions
of one unit each, so that a multiplier per neuron has no inequality behind it.

M >= 0 is decided in float64 with proven error bounds, after scaling by powers of two to a diagonal near one; where this
decides nothing and the order is small, exactly in rationals.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.definite import is_definite
from lipcheck.bounds.differences import Differences, differences, joined, split_number
from lipcheck.norms.integers import integer_form
from lipcheck.norms.semidefinite import is_positive_semidefinite

_EXACT_ORDER = 40


def verify(form: AbsNormal, rho: Fraction, multipliers: Sequence[Fraction]) -> bool:
    """Whether these numbers prove that the network is sqrt(rho)-Lipschitz in the 2-norm; True is a proof.

    One multiplier per gate of the form. False for any other number of them, for a negative one, and where nothing was
    proved.
    """
    if len(multipliers) != len(form.gates) or rho < 0 or any(value < 0 for value in multipliers):
        return False
    difference = differences(form)
    return proves(difference, rho, [multipliers[i] for i in difference.kept])


def proves(difference: Differences, rho: Fraction, multipliers: Sequence[Fraction]) -> bool:
    """`verify` for the gates that are kept, whose multipliers are nonnegative."""
    if not any(any(row) for row in difference.outputs):
        return True
    # A kept gate is read by an output or by a kept gate, so that its diagonal entry would be negative without it.
    if rho == 0 or not all(multipliers):
        return False
    if by_floats(difference, rho, multipliers):
        return True
    return difference.order <= _EXACT_ORDER and by_integers(difference, rho, multipliers)


def by_floats(difference: Differences, rho: Fraction, multipliers: Sequence[Fraction]) -> bool:
    """M >= 0 as diag(d) - K'K, K = (sqrt(l) D, G), in columns scaled by powers of two; rho and l are positive.

    Each entry of K is a product of two numbers that are rounded, one of them after a square root of one that is: its
    relative error is at most 3.5 u, and 4 u for its float as the reference.
    """
    import numpy as np

    diagonal, halves = zip(*(_even(value) for value in (rho, *multipliers)), strict=True)
    d, half = np.array(diagonal), np.array(halves, dtype=np.int64)
    columns = -np.concatenate([np.full(difference.inputs, half[0]), half[1:]])
    (gates, gate_powers), (outputs, output_powers) = difference.split_gates, difference.split_outputs
    weighted = joined(np.sqrt(d[1:, None]) * gates, gate_powers + half[1:, None] + columns)
    k = np.concatenate([weighted, joined(outputs, output_powers + columns)])
    return is_definite(np.concatenate([np.full(difference.inputs, d[0]), d[1:]]), k)


def _even(value: Fraction) -> tuple[float, int]:
    """(m, h) with value = 4^h m up to rounding, 1/2 <= m < 2."""
    mantissa, exponent = split_number(value)
    return (mantissa, exponent // 2) if exponent % 2 == 0 else (2 * mantissa, (exponent - 1) // 2)


def by_integers(difference: Differences, rho: Fraction, multipliers: Sequence[Fraction]) -> bool:
    """M >= 0, decided exactly."""
    import flint

    n, wide = difference.inputs, difference.order
    rows = [*difference.gates, *difference.outputs]
    weights = [*multipliers, *[Fraction(1)] * len(difference.outputs)]
    right = flint.fmpq_mat([[flint.fmpq(a.numerator, a.denominator) for a in row] for row in rows])
    left = flint.fmpq_mat(
        [[flint.fmpq(w.numerator, w.denominator) * right[i, j] for i, w in enumerate(weights)] for j in range(wide)]
    )
    gram = left * right
    diagonal = [*[rho] * n, *multipliers]
    m = [[-Fraction(int(gram[i, j].p), int(gram[i, j].q)) for j in range(wide)] for i in range(wide)]
    for j, value in enumerate(diagonal):
        m[j][j] += value
    return is_positive_semidefinite(integer_form(tuple(tuple(row) for row in m))[0])
