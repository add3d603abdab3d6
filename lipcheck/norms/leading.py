"""About the largest eigenvalue of a symmetric matrix, by Lanczos' method: a proposal, which nothing rests on.

The error of a Ritz value theta with residual r is at most r from some eigenvalue, and at most r^2 / gap from the
largest where the gap to the next one is known (Parlett, The Symmetric Eigenvalue Problem, theorem 11.7.1). The gap
between the two largest Ritz values stands for it, with a factor of 4; where that was too bold, the careful form waits
until r itself is small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Smaller matrices are decomposed as a whole.
_DENSE_ORDER = 64
_STEPS = 400
_CHECKED_EVERY = 8
_ROUNDING = 2.0**-53


def leading(matrix: Floats, tolerance: float, careful: bool = False) -> tuple[float, Floats]:
    """About the largest eigenvalue, too small by about `tolerance` at most, and a column with entries in [-1, 1] near
    its eigenvector. The matrix is positive semidefinite, C-contiguous and not zero."""
    import numpy as np

    found = _lanczos(matrix, tolerance, careful) if len(matrix) > _DENSE_ORDER else None
    if found is None:
        values, vectors = np.linalg.eigh(matrix)
        found = float(values[-1]), vectors[:, -1]
    value, vector = found
    return value, (vector / np.abs(vector).max())[:, None]


def _lanczos(matrix: Floats, tolerance: float, careful: bool) -> tuple[float, Floats] | None:
    """None where the steps do not suffice."""
    import numpy as np
    from scipy.linalg.blas import dsymv

    n = len(matrix)
    steps = min(n, _STEPS)
    basis = np.empty((steps, n))
    diagonal, beside = np.empty(steps), np.empty(steps)
    vector = np.random.default_rng(0).standard_normal(n)
    vector /= np.linalg.norm(vector)
    for step in range(steps):
        basis[step] = vector
        vector = dsymv(1.0, matrix.T, vector)
        used = basis[: step + 1]
        weights = used @ vector
        vector -= weights @ used
        # Once more, as little is left where the eigenvalues lie close together ("twice is enough").
        vector -= (used @ vector) @ used
        diagonal[step], beside[step] = weights[-1], np.linalg.norm(vector)
        last = step + 1 == steps or beside[step] <= n * _ROUNDING * diagonal[0]
        if last or step % _CHECKED_EVERY == _CHECKED_EVERY - 1:
            values, vectors = np.linalg.eigh(_tridiagonal(diagonal[: step + 1], beside[:step]))
            residual = float(beside[step] * abs(vectors[-1, -1]))
            gap = float(values[-1] - values[-2]) if step and not careful else 0.0
            error = min(residual, 4 * residual**2 / gap) if gap > 0 else residual
            if error <= max(tolerance, n * _ROUNDING * float(values[-1])):
                return float(values[-1]), vectors[:, -1] @ used
            if last:
                return None
        vector /= beside[step]
    return None


def _tridiagonal(diagonal: Floats, beside: Floats) -> Floats:
    import numpy as np

    return np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
