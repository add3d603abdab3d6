"""Points with a large Jacobian, by random search in floating point: where branch and bound starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.exact_rows import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

POINTS = 2048
KEPT = 32
ROUNDS = 40


def jacobians(form: AbsNormal, points: Floats) -> Floats:
    """The Jacobians at the points, (points, outputs, inputs)."""
    import numpy as np

    gates, outputs = form.floats
    n, count = form.inputs, len(points)
    values = np.concatenate([np.ones((count, 1)), points, np.zeros((count, len(gates)))], axis=1)
    slopes = np.zeros((1 + n + len(gates), count, n))
    slopes[1 : 1 + n] = np.eye(n)[:, None, :]
    levels = np.array(form.levels)
    for level in range(max(form.levels, default=-1) + 1):
        here = np.flatnonzero(levels == level)
        z = values @ gates[here].T
        values[:, 1 + n + here] = np.abs(z)
        slopes[1 + n + here] = np.tensordot(gates[here], slopes, 1) * np.where(z >= 0, 1.0, -1.0).T[:, :, None]
    return np.tensordot(outputs, slopes, 1).transpose(1, 0, 2)


def norms(form: AbsNormal, p: object, points: Floats) -> Floats:
    """The operator norms p -> p of the Jacobians at the points."""
    import numpy as np

    found = jacobians(form, points)
    if p == 2:
        return np.linalg.norm(found, 2, axis=(1, 2)) if found.shape[1] > 1 else np.linalg.norm(found[:, 0], axis=1)
    return np.abs(found).sum(1 if p == 1 else 2).max(1)


def candidates(form: AbsNormal, p: object, box: Box | None, seed: int = 0) -> Floats:
    """Points in decreasing order of the norm found there."""
    import numpy as np

    rng = np.random.default_rng(seed)
    n = form.inputs
    if box is None:
        rows = form.floats[0][:, : 1 + n]
        sizes = np.linalg.norm(rows[:, 1:], axis=1)
        distances = np.abs(rows[sizes > 0, 0]) / sizes[sizes > 0]
        size = (float(np.median(distances)) if len(distances) else 0.0) or 1.0
        points = rng.standard_normal((POINTS, n)) * size * 4 ** rng.uniform(-1, 2, (POINTS, 1))
        low, high = np.full(n, -np.inf), np.full(n, np.inf)
    else:
        low, high = np.array([[float(a) for a in side] for side in box]).T
        size = float((high - low).max()) / 4
        points = rng.uniform(low, high, (POINTS, n))
    values = norms(form, p, points)
    step = np.full(KEPT, 2.0 * size)
    order = np.argsort(-values)[:KEPT]
    points, values = points[order], values[order]
    for _ in range(ROUNDS):
        moved = (
            points[:, None] + rng.standard_normal((len(points), POINTS // KEPT, n)) * step[: len(points), None, None]
        )
        moved = np.clip(moved, low, high)
        trial = norms(form, p, moved.reshape(-1, n)).reshape(len(points), -1)
        best = trial.argmax(1)
        better = trial[range(len(points)), best] > values
        points[better] = moved[range(len(points)), best][better]
        values[better] = trial[range(len(points)), best][better]
        step[: len(points)] *= np.where(better, 1.0, 0.7)
    return points[np.argsort(-values)]
