"""Proposals in floating point for bounds on all Jacobians of a region whose signs are chosen in part.

With the chosen signs put in, the open gates and the output are linear in a direction u and the slopes t of the open
gates along it: t_i = eps_i D_i (u, t), output G (u, t).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lipcheck.bounds.exact.rows import Walk, floats

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


GAP = 0.05
"""The relative gap at which a bound that will not reach the target is given up."""


@dataclass(frozen=True)
class Part:
    """Rows of coefficients of (u, t), D of the open gates, G of the outputs, in the units of `WholeForm.powers`."""

    open: list[int]
    gates: Floats
    outputs: Floats
    inputs: int


@dataclass(frozen=True)
class Start:
    """A bound rho, its multipliers, and the weight of the objective at which they are central."""

    rho: float
    open: list[int]
    weights: Floats
    tau: float

    def without(self, gate: int) -> Start:
        """The same, after the sign of this gate is chosen."""
        kept = [k for k, i in enumerate(self.open) if i != gate]
        return Start(self.rho, [self.open[k] for k in kept], self.weights[kept], self.tau)


def part(walk: Walk) -> Part | None:
    """The open gates and the outputs under the signs chosen so far, entries correctly rounded; None out of range."""
    import numpy as np

    form = walk.form
    open_ = [i for i, sign in enumerate(walk.signs) if not sign]
    rows = [*open_, *range(form.gates, len(form.rows))]
    try:
        slopes = np.array([floats(walk.rows[i], form.powers[i]) for i in rows]).reshape(-1, form.inputs)
        both = np.hstack([slopes, form.weights[np.ix_(rows, open_)]])
    except OverflowError:
        return None
    return Part(open_, both[: len(open_)], both[len(open_) :], form.inputs)


def entries(p: Part) -> tuple[Floats, Floats]:
    """(bounds on the absolute values of all entries of the Jacobian, the influence of each open gate on it)."""
    import numpy as np

    n = p.inputs
    slopes, inner = np.abs(p.gates[:, :n]), np.abs(p.gates[:, n:])
    sensitivity = np.abs(p.outputs[:, n:]) @ np.linalg.inv(np.eye(len(p.open)) - inner)
    return np.abs(p.outputs[:, :n]) + sensitivity @ slopes, sensitivity.sum(0) * slopes.sum(1)


def cauchy(q: Floats, target: float, y: Floats | None = None) -> tuple[float, Floats, Floats]:
    """(bound on the squares |q_0 + sum eps_i q_i|^2 over all signs, weights d that prove it, Y), q_i the rows of q.

    |q_0 + sum eps_i q_i|^2 <= (sum d) lambda_max(sum q_i q_i' / d_i) for all d > 0. With d_i = sqrt(q_i' Y q_i) the
    least bound is max over Y >= 0 of trace 1 of (sum d)^2, which steps on Y approach (see `zonotopes`). What was best
    for a zonotope nearby is a good start.
    """
    import numpy as np

    n = q.shape[1]
    y = np.eye(n) / n if y is None else y
    best, weights = np.inf, np.ones(len(q))
    tiny = 1e-7 * float(np.abs(q).max()) + 1e-300
    for _ in range(8):
        d = np.sqrt(np.maximum(((q @ y) * q).sum(1), 0.0)) + tiny
        total, moments = float(d.sum()), (q.T / d) @ q
        bound = float(np.linalg.eigvalsh(moments)[-1]) * total
        if bound < best:
            best, weights = bound, d
        if best <= target or total**2 > 1.02 * target:
            break
        moved = moments @ y @ moments
        y = (y + moved / moved.trace()) / 2 if moved.trace() > 0 else y
    return best, weights, y


def semidefinite(p: Part, target: float, start: Start | None = None) -> Start:
    """(rho, multipliers) with rho |u|^2 - |G (u, t)|^2 - sum l_i ((D_i (u, t))^2 - t_i^2) >= 0 for all u, t.

    A log-det barrier method; stops when rho is below the target, or when it is clear that it will not come below. What
    proves a bound before one more sign is chosen proves it afterwards: so `start` is the answer for the node above, and
    what is found is no worse.
    """
    import numpy as np

    s, n = len(p.open), p.inputs
    order = n + s
    d, g = p.gates, p.outputs
    at = _cauchy_start(p.open, d, g, n) if start is None else start
    rho, w, tau = at.rho, at.weights, at.tau
    head, tail = np.arange(n), np.arange(n, order)
    base = -g.T @ g

    def matrix(rho: float, w: Floats) -> Floats:
        m = base - (d.T * w) @ d
        m[head, head] += rho
        m[tail, tail] += w
        return m

    hessian = np.empty((s + 1, s + 1))
    for _ in range(80):
        try:
            inverse = np.linalg.inv(matrix(rho, w))
        except np.linalg.LinAlgError:
            # At the border in floats: what stands so far is the proposal.
            break
        across = inverse @ d.T
        a, b, c = d @ across, across[n:], inverse[n:, n:]
        gradient = np.empty(s + 1)
        gradient[0] = tau - inverse[head, head].sum()
        gradient[1:] = a.diagonal() - c.diagonal() - 1 / w
        hessian[1:, 1:] = a * a - b.T**2 - b**2 + c * c
        hessian[tail - n + 1, tail - n + 1] += 1 / w**2
        hessian[0, 1:] = hessian[1:, 0] = (inverse[:n, n:] ** 2).sum(0) - (across[:n] ** 2).sum(0)
        hessian[0, 0] = (inverse[:n, :n] ** 2).sum()
        try:
            step = -np.linalg.solve(hessian, gradient)
        except np.linalg.LinAlgError:
            break
        decrement = float(-gradient @ step)
        damped = 1.0 if decrement < 0.25 else 1 / (1 + decrement**0.5)
        for length in (1.0, 0.5, 0.25, damped):
            rho_, w_ = rho + length * float(step[0]), w + length * step[1:]
            if w_.min(initial=1.0) > 0 and _definite(matrix(rho_, w_)):
                break
        else:
            break
        rho, w = rho_, w_
        if rho <= target:
            break
        if decrement < 1:
            gap = (order + s) / tau
            if (rho - 1.2 * gap > target and gap < GAP * rho) or gap < 1e-8 * rho:
                break
            tau *= 6
    # Steps towards the centre may lead up, and rarely come back before the method gives up.
    return start if start is not None and start.rho < rho else Start(rho, p.open, w, tau)


def _cauchy_start(open_: list[int], d: Floats, g: Floats, n: int) -> Start:
    """Feasible by (sum a_j v_j)^2 <= sum |a_j| sum |a_j| v_j^2, the last gate first."""
    import numpy as np

    need = 1.5 * np.abs(g).sum(1) @ np.abs(g)
    w = np.zeros(len(d))
    for i in reversed(range(len(d))):
        w[i] = need[n + i] + 1e-9 * need.max() + 1e-300
        need += 1.5 * w[i] * np.abs(d[i]).sum() * np.abs(d[i])
    rho = float(need[:n].max()) * 1.01 + 1e-300
    return Start(rho, open_, w, d.shape[1] / rho)


def _definite(m: Floats) -> bool:
    import numpy as np

    try:
        np.linalg.cholesky(m)
    except np.linalg.LinAlgError:
        return False
    return True
