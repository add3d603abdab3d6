"""An interior point method for the semidefinite bound: proposals in float64, with nothing proved.

Minimise rho over the multipliers l of M(rho, l) = diag(rho, ..., rho, l_1, ..., l_s) - D' diag(l) D - G'G >= 0, where
D has one row per gate and G one per output, in columns (dx, e). The dual: maximise tr(G'G X) over X >= 0 with
tr(X_xx) = 1 and X_ii = D_i X D_i' for each gate. On the central path X M = mu I, and its points leave a gap of mu times
the order. Each step is Newton's for that equation (the direction of Helmberg, Kojima and Monteiro), corrected once
after Mehrotra. The matrix e_i e_i' - D_i'D_i of a multiplier has rank two, so that with W the inverse of M the linear
system for all multipliers takes a few products of matrices and no more:

    H_ij = W_ij X_ij - (W D')_ij (X D')_ij - (D W)_ij (D X)_ij + (D W D')_ij (D X D')_ij.

The start eliminates gates level by level from the outputs, with twice the multiplier that each level needs: for a chain
of layers this is the product of norms up to a factor of two per layer. All iterates have M > 0.

Source: Helmberg, Rendl, Vanderbei and Wolkowicz, An interior-point method for semidefinite programming, SIAM J. Optim.
6 (1996); the rank-two structure as in Benson, Ye and Zhang, SIAM J. Optim. 10 (2000).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEPS = 100
_TO_THE_EDGE = 0.95
# Steps as short as this mean that rounding errors are as large as the least eigenvalues.
_SHORT = 0.05
_REFINEMENTS = 2


@dataclass(frozen=True)
class Point:
    """y = (rho, multipliers), strictly feasible as far as floats can tell; rho - gap is about a lower bound on the
    optimum where the dual residual is small."""

    y: Floats
    gap: float
    residual: float

    @property
    def rho(self) -> float:
        """The bound on the square of the Lipschitz constant."""
        return float(self.y[0])


@dataclass(frozen=True)
class Problem:
    """D (one row per gate) and G (one per output), with columns of x, then of the gates."""

    gates: Floats
    outputs: Floats

    @property
    def inputs(self) -> int:
        """The number of columns of x."""
        return self.order - len(self.gates)

    @property
    def order(self) -> int:
        """The order of M."""
        order: int = self.gates.shape[1]
        return order

    def linear(self, y: Floats) -> Floats:
        """The part of M that is linear in y = (rho, l)."""
        import numpy as np

        m: Floats = -(self.gates.T * y[1:]) @ self.gates
        m[np.diag_indices(self.order)] += np.concatenate([np.full(self.inputs, y[0]), y[1:]])
        return m

    def matrix(self, y: Floats) -> Floats:
        """M."""
        m: Floats = self.linear(y) - self.outputs.T @ self.outputs
        return m

    def traces(self, x: Floats) -> Floats:
        """The adjoint of `linear`: tr(x A_k) for the matrix A_k of each entry of y; x need not be symmetric."""
        import numpy as np

        n = self.inputs
        own = np.diag(x)
        inner = np.einsum("ij,ij->i", self.gates @ x, self.gates)
        return np.concatenate([[own[:n].sum()], own[n:] - inner])

    def system(self, w: Floats, x: Floats) -> Floats:
        """H_kl = tr(A_k w A_l x)."""
        import numpy as np

        n, d = self.inputs, self.gates
        dw, dx = d @ w, d @ x
        h = np.empty((len(d) + 1, len(d) + 1))
        h[0, 0] = (w[:n, :n] * x[:n, :n]).sum()
        h[0, 1:] = h[1:, 0] = (w[:n, n:] * x[:n, n:]).sum(axis=0) - (dw[:, :n] * dx[:, :n]).sum(axis=1)
        mixed = dw[:, n:] * dx[:, n:]
        h[1:, 1:] = w[n:, n:] * x[n:, n:] - mixed - mixed.T + (dw @ d.T) * (dx @ d.T)
        return h


def iterates(problem: Problem, relative: float = 1e-9, deadline: float | None = None) -> Iterator[Point]:
    """The start, then points with ever smaller gaps, until gap <= relative * rho, the deadline (an instant of
    `time.monotonic`), or the end of what float64 resolves."""
    import numpy as np

    target = np.zeros(1 + len(problem.gates))
    target[0] = 1.0
    last = began = time.monotonic()
    try:
        y = start(problem)
        x: Floats = np.linalg.inv(problem.matrix(y)).astype(np.float64)
    except np.linalg.LinAlgError:
        return
    yield Point(y, float(y[0]), 1.0)
    x /= np.trace(x[: problem.inputs, : problem.inputs])
    for _ in range(_STEPS):
        began, last = last, time.monotonic()
        # A step is taken if it will be over in time, as long as the one before took.
        if deadline is not None and 2 * last - began > deadline:
            return
        try:
            y, x, length = _step(problem, y, x, target)
        except np.linalg.LinAlgError:
            return
        gap = float((problem.matrix(y) * x).sum())
        if not np.isfinite(gap) or length < _SHORT:
            return
        residual = float(np.abs(target - problem.traces(x)) @ y)
        yield Point(y, gap, residual)
        if gap <= relative * y[0]:
            return


def _step(problem: Problem, y: Floats, x: Floats, target: Floats) -> tuple[Floats, Floats, float]:
    """One predictor and corrector: (y, X, the length of the shorter step)."""
    import numpy as np
    from scipy.linalg import cho_factor, cho_solve, solve_triangular

    m = problem.matrix(y)
    root = solve_triangular(np.linalg.cholesky(m), np.eye(len(m)), lower=True)
    w = root.T @ root
    edge = np.linalg.cholesky(x)
    edge_root = solve_triangular(edge, np.eye(len(x)), lower=True)
    h = problem.system(w, x)
    # Also false for NaN.
    if not (np.diag(h) > 0).all() or not np.isfinite(h).all():
        raise np.linalg.LinAlgError("the system has lost its positive diagonal")
    scale = 1 / np.sqrt(np.diag(h))
    factor = cho_factor(scale[:, None] * h * scale, lower=True)
    mu = float((m * x).sum()) / len(m)

    def direction(aim: float, correction: Floats) -> tuple[Floats, Floats, Floats]:
        towards = aim * w - correction
        dy = scale * cho_solve(factor, scale * (problem.traces(towards) - target))
        for _ in range(_REFINEMENTS):
            left = problem.traces(towards - x @ problem.linear(dy) @ w) - target
            dy += scale * cho_solve(factor, scale * left)
        dm = problem.linear(dy)
        dx = towards - x - x @ dm @ w
        return dy, dm, (dx + dx.T) / 2

    def lengths(dm: Floats, dx: Floats) -> tuple[float, float]:
        return _length(root @ dm @ root.T), _length(edge_root @ dx @ edge_root.T)

    _, dm, dx = direction(0.0, np.zeros_like(x))
    ahead, ahead_x = lengths(dm, dx)
    left = float(((m + ahead * dm) * (x + ahead_x * dx)).sum()) / len(m) / mu
    aim = mu * min(1.0, max(left, 0.0)) ** (1 + 2 * min(ahead, ahead_x) ** 2)
    dy, dm, dx = direction(aim, dx @ dm @ w)
    length, length_x = lengths(dm, dx)
    return y + length * dy, x + length_x * dx, min(length, length_x)


def _length(change: Floats) -> float:
    """How far to go, at most 1, while I + length * change stays positive definite."""
    import numpy as np

    least = float(np.linalg.eigvalsh(change)[0])
    return min(1.0, _TO_THE_EDGE / -least) if least < 0 else 1.0


def start(problem: Problem) -> Floats:
    """A strictly feasible y by elimination, level by level from the outputs."""
    import numpy as np

    n, s = problem.inputs, len(problem.gates)
    y = np.ones(1 + s)
    left: Floats = problem.outputs.T @ problem.outputs
    levels = _levels(problem.gates[:, n:])
    for level in range(levels.max(initial=-1), -1, -1):
        block = n + np.flatnonzero(levels == level)
        rest = np.concatenate([np.arange(n), n + np.flatnonzero(levels < level)])
        own = left[np.ix_(block, block)]
        factor = 2 * float(np.linalg.eigvalsh(own)[-1])
        factor = max(factor, 1e-30 * float(np.abs(left).max()))
        y[1 + block - n] = factor
        across = left[np.ix_(block, rest)]
        rows = problem.gates[np.ix_(block - n, rest)]
        added = across.T @ np.linalg.solve(factor * np.eye(len(block)) - own, across) + factor * rows.T @ rows
        left[np.ix_(rest, rest)] += (added + added.T) / 2
    y[0] = 2 * float(np.linalg.eigvalsh(left[:n, :n])[-1])
    return y


def _levels(within: Floats) -> NDArray[np.int64]:
    import numpy as np

    levels = np.zeros(len(within), dtype=np.int64)
    for i, row in enumerate(within):
        levels[i] = 1 + levels[np.flatnonzero(row)].max(initial=-1)
    return levels
