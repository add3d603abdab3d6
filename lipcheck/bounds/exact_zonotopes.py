"""Many zonotopes at once: is |q_0 + sum eps_i q_i| <= limit for all signs? Floats, with a margin that is proved.

For all d > 0, Cauchy's inequality gives |q_0 + sum eps_i q_i|^2 <= (sum d_i) lambda_max(sum q_i q_i' / d_i). With
d_i = sqrt(q_i' Y q_i) the best such bound is the maximum over Y >= 0 of trace one of (sum d_i)^2: within pi / 2 of the
truth (Nesterov 1998). Here Y follows M = sum q_i q_i' / d_i by Y + M Y M, both of trace one: near the maximum the
multiplicative step, without any square root.

The proof. A = limit^2 I - (sum d) M is computed with entries that are wrong by at most gamma_k (sum d)|q_i||q_i'|/d_i
in sum, a matrix of norm at most gamma_k (sum d) trace M, and gamma_3 limit^2. A Cholesky factorisation that runs to its
end is the exact one of a matrix at most gamma_(n+1) / (1 - gamma_(n+1)) trace A away (Higham, theorem 10.3, and Rump,
Verification of positive definiteness, BIT 2006). So A - slack I is factorised, where slack is four times all of this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROUNDS = 4


def within(q: Floats, y: Floats, limit: float) -> tuple[NDArray[np.bool_], Floats]:
    """(which zonotopes are proved to lie within the limit, their Y after some steps).

    q holds the vectors, (zonotopes, vectors, n), and y one positive semidefinite matrix each, (zonotopes, n, n).
    """
    import numpy as np

    proved = np.zeros(len(q), dtype=bool)
    y = y.copy()
    if not limit > 0:
        return proved, y
    todo = np.arange(len(q))
    tiny = 1e-7 * np.abs(q).max(initial=1e-30)
    for _ in range(ROUNDS):
        vectors, forms = q[todo], y[todo]
        d = np.sqrt(np.maximum(((vectors @ forms) * vectors).sum(2), 0.0)) + tiny
        moments = (vectors / d[:, :, None]).transpose(0, 2, 1) @ vectors
        here = proved_at(d.sum(1), moments, vectors.shape[1], limit)
        proved[todo[here]] = True
        moved = moments @ forms @ moments
        moved *= (np.trace(forms, axis1=1, axis2=2) / np.trace(moved, axis1=1, axis2=2))[:, None, None]
        y[todo] = (forms + moved) / 2
        todo = todo[~here]
        if not len(todo):
            break
    return proved, y


def proved_at(total: Floats, moments: Floats, vectors: int, limit: float) -> NDArray[np.bool_]:
    """Whether limit^2 I - total M is positive semidefinite, in each place."""
    import numpy as np

    n = moments.shape[-1]
    square = limit * limit
    roundings = vectors + n + 16
    gamma = roundings * 2.0**-53 / (1 - roundings * 2.0**-53)
    slack = 4 * gamma * (total * np.trace(moments, axis1=1, axis2=2) + n * square)
    rest = -total[:, None, None] * moments
    rest[:, range(n), range(n)] += (square - slack)[:, None]
    return factorised(rest)


def factorised(rest: Floats) -> NDArray[np.bool_]:
    """Whether the Cholesky factorisation of each symmetric matrix runs to its end. Overwrites the matrices."""
    import numpy as np

    good = np.asarray(np.isfinite(rest).all((1, 2)), dtype=np.bool_)
    rest[~good] = 0.0
    for k in range(rest.shape[-1]):
        pivot = rest[:, k, k]
        good &= pivot > 0
        column = rest[:, k + 1 :, k] / np.sqrt(np.where(pivot > 0, pivot, 1.0))[:, None]
        rest[:, k + 1 :, k + 1 :] -= column[:, :, None] * column[:, None, :]
    return good
