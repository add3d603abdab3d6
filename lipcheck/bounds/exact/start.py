"""Points with a large Jacobian, by random search in floating point: where branch and bound starts from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.clock import late
from lipcheck.bounds.exact.rows import Box, Walk, whole_form
from lipcheck.bounds.regions import Program

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

POINTS = 1024
KEPT = 16
ROUNDS = 16


def signs_at(form: AbsNormal, points: Floats) -> Floats:
    """The signs of the gates at the points, (points, gates); + at zero."""
    import numpy as np

    gates = form.floats[0]
    n, count = form.inputs, len(points)
    values = np.concatenate([np.ones((count, 1)), points, np.zeros((count, len(gates)))], axis=1)
    signs = np.ones((count, len(gates)))
    for here in _by_level(form):
        z = values @ gates[here].T
        values[:, 1 + n + here] = np.abs(z)
        signs[:, here] = np.where(z >= 0, 1.0, -1.0)
    return signs


def norms(form: AbsNormal, p: object, signs: Floats) -> Floats:
    """The operator norms p -> p of the Jacobians under the signs, one per row."""
    import numpy as np

    gates, outputs = form.floats
    n = form.inputs
    slopes = np.zeros((1 + n + len(gates), len(signs), n))
    slopes[1 : 1 + n] = np.eye(n)[:, None, :]
    # Weights of any size are welcome: where float64 ends, a Jacobian is not proposed.
    with np.errstate(over="ignore", invalid="ignore"):
        for here in _by_level(form):
            slopes[1 + n + here] = np.tensordot(gates[here], slopes, 1) * signs.T[here, :, None]
        found = np.tensordot(outputs, slopes, 1).transpose(1, 0, 2)
    found = np.where(np.isfinite(found).all((1, 2), keepdims=True) & (np.abs(found) < 1e150), found, 0.0)
    if p == 2:
        lengths = np.linalg.norm(found, 2, axis=(1, 2)) if found.shape[1] > 1 else np.linalg.norm(found[:, 0], axis=1)
    else:
        lengths = np.abs(found).sum(1 if p == 1 else 2).max(1)
    return np.asarray(lengths, dtype=np.float64)


def climb(form: AbsNormal, p: object, box: Box | None, point: Floats, until: float) -> Floats:
    """From the region of the point, over its facets: to the neighbour with the largest norm, as long as that grows."""
    import numpy as np

    walk, signs = Walk(whole_form(form), box), signs_at(form, point[None])[0]
    value = norms(form, p, signs[None])[0]
    while not late(until):
        flipped = signs * (1 - 2 * np.eye(len(signs)))
        trial = norms(form, p, flipped)
        for k in np.argsort(-trial):
            if late(until):
                return point
            if trial[k] <= value * (1 + 1e-9):
                return point
            if (inside := _inside(walk, flipped[k])) is not None:
                point, signs, value = inside, flipped[k], trial[k]
                break
        else:
            return point
    return point


def _inside(walk: Walk, signs: Floats) -> Floats | None:
    """A point in the middle of the region with these signs, if HiGHS finds one."""
    import numpy as np

    program = Program(walk.form.inputs)
    done = 0
    for gate, sign in enumerate(signs):
        if (forced := walk.forced(gate)) and forced != sign:
            break
        walk.choose(gate, int(sign))
        done += 1
    for row in walk.constraints:
        program.push(row)
    answer = program.solve() if done == len(signs) else None
    for _ in range(done):
        walk.take_back()
    return np.array(answer[1]) if answer is not None and answer[0] > 1e-9 else None


def _by_level(form: AbsNormal) -> list[NDArray[np.intp]]:
    import numpy as np

    levels = np.array(form.levels)
    return [np.flatnonzero(levels == level) for level in range(max(form.levels, default=-1) + 1)]


def _first_norms(form: AbsNormal, p: object, points: Floats, until: float) -> Floats:
    """The norms at the points, part by part; of the first part only if it is late."""
    import numpy as np

    found: list[Floats] = []
    for k in range(0, len(points), 4 * KEPT):
        if found and late(until):
            break
        found.append(norms(form, p, signs_at(form, points[k : k + 4 * KEPT])))
    return np.concatenate(found)


def candidates(form: AbsNormal, p: object, box: Box | None, until: float = math.inf, seed: int = 0) -> Floats:
    """Points in decreasing order of the norm found there; `until` is an instant of `time.monotonic`."""
    import numpy as np

    rng = np.random.default_rng(seed)
    n = form.inputs
    if box is None:
        rows = form.floats[0][:, : 1 + n]
        with np.errstate(over="ignore"):
            sizes = np.linalg.norm(rows[:, 1:], axis=1)
        distances = np.abs(rows[sizes > 0, 0]) / sizes[sizes > 0]
        size = (float(np.median(distances)) if len(distances) else 0.0) or 1.0
        points = rng.standard_normal((POINTS, n)) * size * 4 ** rng.uniform(-1, 2, (POINTS, 1))
        low, high = np.full(n, -np.inf), np.full(n, np.inf)
    else:
        low, high = np.array([[float(a) for a in side] for side in box]).T
        size = float((high - low).max()) / 4
        points = rng.uniform(low, high, (POINTS, n))
    values = _first_norms(form, p, points, until)
    points = points[: len(values)]
    step = np.full(KEPT, 2.0 * size)
    order = np.argsort(-values)[:KEPT]
    points, values = points[order], values[order]
    for _ in range(ROUNDS):
        if late(until):
            break
        moved = (
            points[:, None] + rng.standard_normal((len(points), POINTS // KEPT, n)) * step[: len(points), None, None]
        )
        moved = np.clip(moved, low, high)
        trial = norms(form, p, signs_at(form, moved.reshape(-1, n))).reshape(len(points), -1)
        best = trial.argmax(1)
        better = trial[range(len(points)), best] > values
        points[better] = moved[range(len(points)), best][better]
        values[better] = trial[range(len(points)), best][better]
        step[: len(points)] *= np.where(better, 1.0, 0.7)
    return points[np.argsort(-values)]
