"""The semidefinite bound on the 2-norm Lipschitz constant of a piecewise linear network: proposed, then proved.

One nonnegative multiplier per absolute value of the abs-normal form, and the least rho that `semidefinite_check`
proves with them. This is LipSDP-Neuron (Fazlyab et al., NeurIPS 2019) for ReLU, and for MaxMin and GroupSort the bound
of Pauli et al. (Novel quadratic constraints for extending LipSDP beyond slope-restricted activations, ICLR 2024) with
u + v of each sorted pair eliminated.

It is never above the product of norms in exact arithmetic. Let u, h be the units before and after an activation, and p
the product of the squared norms of the layers behind it. Sorting and abs have sum (dz_i^2 - e_i^2) = |du|^2 - |dh|^2
over the layer, with each z scaled as an orthonormal map gives it; for ReLU half of the sum is at most that. So p, and
p / 2 for ReLU, as multipliers make M >= 0 with rho the product squared, one layer after the other. Where rounding turns
the two around, a proved product that was handed over is what is returned.

The interior point method's iterates are strictly feasible. They are verified as they stand, the one with the least rho
first: what verification costs is the difference to the best iterate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.differences import Differences, differences, joined
from lipcheck.bounds.interior_point import Point, Problem, iterates
from lipcheck.bounds.semidefinite_check import proves
from lipcheck.norms.bracket import root

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ROOT_WIDTH = Fraction(1, 2**60)
RELATIVE = 1e-9
"""Where the interior point method stops: gap / rho."""


@dataclass(frozen=True)
class SemidefiniteBound:
    """The 2-norm Lipschitz constant is at most `upper`.

    `method` is "semidefinite" where upper^2 >= rho and `verify(form, rho, multipliers)` is the proof; it is "given"
    where the bound that was handed over is smaller. `proposed` is the square root of the solver's own best value.
    """

    upper: Fraction
    method: str
    rho: Fraction
    multipliers: tuple[Fraction, ...]
    proposed: float


def semidefinite_bound(
    form: AbsNormal, deadline: float | None = None, at_most: Fraction | None = None
) -> SemidefiniteBound | None:
    """The bound with the best multipliers that are found before the deadline, an instant of `time.monotonic`.

    `at_most` is a bound that is already proved, such as the product of norms: the result is never above it. None where
    no multipliers could be verified.
    """
    difference = differences(form)
    if not any(any(row) for row in difference.outputs):
        return SemidefiniteBound(Fraction(0), "semidefinite", Fraction(0), (Fraction(0),) * len(form.gates), 0.0)
    problem, exponents, outputs = scaled(difference)
    points = sorted(iterates(problem, RELATIVE, deadline), key=lambda point: point.rho)
    for point in points:
        rho, kept = _unscaled(point, exponents, outputs)
        if min((rho, *kept)) > 0 and proves(difference, rho, kept):
            upper = root(rho, 2, _ROOT_WIDTH).upper
            numbered = dict(zip(difference.kept, kept, strict=True))
            multipliers = tuple(numbered.get(i, Fraction(0)) for i in range(len(form.gates)))
            proposed = math.sqrt(points[0].rho) * 2.0**-outputs
            if at_most is not None and at_most < upper:
                return SemidefiniteBound(at_most, "given", rho, multipliers, proposed)
            return SemidefiniteBound(upper, "semidefinite", rho, multipliers, proposed)
    return None


def scaled(difference: Differences) -> tuple[Problem, NDArray[np.int64], int]:
    """(problem, a, b): gate i times 2^a_i, so that its row has a length near one, and all outputs times 2^b."""
    import numpy as np

    n = difference.inputs
    (gates, powers), (outputs, output_powers) = difference.split_gates, difference.split_outputs
    columns = np.zeros(difference.order, dtype=np.int64)
    rows = np.zeros(gates.shape)
    for i in range(len(gates)):
        shift = _length_exponent(gates[i], powers[i] + columns)
        rows[i] = joined(gates[i], powers[i] + columns + shift)
        columns[n + i] = -shift
    shift = _length_exponent(outputs.ravel(), (output_powers + columns).ravel())
    return Problem(rows, joined(outputs, output_powers + columns + shift)), -columns[n:], shift


def _length_exponent(mantissas: NDArray[np.float64], exponents: NDArray[np.int64]) -> int:
    """The power of two that brings the vector to a length in [1/2, 1)."""
    import numpy as np

    largest = int(exponents[mantissas != 0].max(initial=np.iinfo(np.int64).min))
    return -largest - int(np.frexp(np.linalg.norm(joined(mantissas, exponents - largest)))[1])


def _unscaled(point: Point, exponents: NDArray[np.int64], outputs: int) -> tuple[Fraction, list[Fraction]]:
    """(rho, l) of the problem as it was given, exactly."""
    rho, *multipliers = (Fraction(float(value)) for value in point.y)
    back = Fraction(4) ** -outputs
    return rho * back, [value * back * Fraction(4) ** int(a) for value, a in zip(multipliers, exponents, strict=True)]
