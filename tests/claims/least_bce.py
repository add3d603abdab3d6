"""The least cross entropy over L-Lipschitz functions on finitely many inputs, by a general convex solver in floats."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from scipy.optimize import minimize

Points = Sequence[Sequence[float]]


def total(f: Any, labels: Sequence[float], weights: Sequence[float]) -> float:
    """The weighted sum of log(1 + exp(-y f))."""
    return float(np.dot(weights, np.logaddexp(0.0, -np.asarray(labels) * f)))


def solve(points: Points, labels: Sequence[float], weights: Sequence[float], L: float, start: Any = None) -> Any:
    """The values of a minimizer at the points; equal points must be given once for each label and are tied together."""
    x, y, w = (np.asarray(v, dtype=float) for v in (points, labels, weights))
    pairs = np.array(list(combinations(range(len(x)), 2)))
    rows = np.zeros((len(pairs), len(x)))
    rows[range(len(pairs)), pairs[:, 0]], rows[range(len(pairs)), pairs[:, 1]] = 1, -1
    bounds = L * np.linalg.norm(x[pairs[:, 0]] - x[pairs[:, 1]], axis=1)
    both, limits = np.vstack([rows, -rows]), np.concatenate([bounds, bounds])
    found = minimize(
        lambda f: total(f, y, w) / w.sum(),
        np.zeros(len(x)) if start is None else start,
        jac=lambda f: -w * y / (1 + np.exp(y * f)) / w.sum(),
        method="SLSQP",
        constraints=[{"type": "ineq", "fun": lambda f: limits - both @ f, "jac": lambda f: -both}],
        options={"ftol": 1e-14, "maxiter": 500},
    )
    return found.x
