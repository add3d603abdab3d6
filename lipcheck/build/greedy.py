"""Small lattices near given values: pieces proposed in floating point. Nothing here is a bound.

Lemma 1 of Anil et al. 2019, with room to spare: a max of groups, each through some (x_s, v_s), each at most v_t at
every sample x_t, together at least v_t - band. Groups are added where the present maximum is lowest below the values.
The first piece of a group has the slope that nearby samples suggest, cut back to dual norm one; where it exceeds some
v_t, a piece is added that does not: the given slope, changed as little as needed along the segment from x_s to x_t, and
blended with the least slope that fits until its norm is at most one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from lipcheck.norms import Exponent, dual_exponent
from lipcheck.norms.ascent import gradient

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

_NEIGHBOURS = (1, 3, 9)
_BISECTIONS = 40


@dataclass(frozen=True)
class Group:
    """Slopes of pieces through the sample with this index."""

    sample: int
    slopes: Floats


def propose(x: Floats, v: Floats, band: float, p: Exponent, progress: Callable[[int, int], None]) -> list[Group]:
    """Groups whose maximum lies between v - band and v at the samples, as far as floating point can tell.

    `progress` is told the number of samples that are in the band, and of all.
    """
    import numpy as np
    from scipy.spatial import cKDTree

    # Slopes do not depend on the scale, squares of steps do.
    scale = -int(np.frexp(max(np.abs(x).max(), np.abs(v).max(), band))[1])
    x, v, band = np.ldexp(x, scale), np.ldexp(v, scale), float(np.ldexp(band, scale))
    tree = cKDTree(x)
    reached = np.full(len(v), -np.inf)
    groups: list[Group] = []
    margin = band * 2.0**-20
    while True:
        short = v - band + margin - reached
        s = int(short.argmax())
        progress(int((short <= 0).sum()), len(v))
        if short[s] <= 0:
            break
        best: tuple[float, Group, Floats] | None = None
        for count in _NEIGHBOURS:
            slope = _local_slope(s, x, v, tree, count * (x.shape[1] + 1), p)
            slopes, values = _group(s, slope, x, v, p, margin)
            gained = int(((values >= v - band + margin) & (short > 0)).sum())
            score = gained / (len(slopes) + 1)
            if best is None or score > best[0]:
                best = score, Group(s, slopes), values
        assert best is not None
        groups.append(best[1])
        reached = np.maximum(reached, best[2])
        # Whatever rounding makes of it, the sample that asked is served.
        reached[s] = max(reached[s], v[s])
    return _without_idle_groups(groups, x, v, band)


def _local_slope(s: int, x: Floats, v: Floats, tree: object, count: int, p: Exponent) -> Floats:
    """The least-squares slope over the nearest samples, cut back to dual norm one."""
    import numpy as np

    near = np.atleast_1d(tree.query(x[s], min(count + 1, len(v)))[1])  # type: ignore[attr-defined]
    slope = np.linalg.lstsq(x[near] - x[s], v[near] - v[s], rcond=None)[0]
    length = float(np.linalg.norm(slope, ord=float(dual_exponent(p))))
    cut: Floats = slope / max(1.0, length)
    return cut


def _group(s: int, slope: Floats, x: Floats, v: Floats, p: Exponent, margin: float) -> tuple[Floats, Floats]:
    """Slopes of pieces through sample s whose minimum is at most the values, and that minimum at the samples."""
    import numpy as np

    steps, room = x - x[s], v - v[s]
    slopes = [slope]
    values = steps @ slope
    while True:
        excess = values - room
        t = int(excess.argmax())
        if excess[t] <= margin:
            break
        slopes.append(_lowered(slope, steps[t], float(room[t]), p))
        values = np.minimum(values, steps @ slopes[-1])
        if values[t] - room[t] > margin:
            # Rounding, or a value that misses the Lipschitz condition: the steepest descent is all there is.
            slopes[-1] = -gradient(steps[t][:, None], p)[:, 0]
            slopes[-1] /= max(float(np.linalg.norm(slopes[-1], ord=float(dual_exponent(p)))), 1.0)
            values = np.minimum(values, steps @ slopes[-1])
            values[t] = min(values[t], room[t])
    return _without_idle_pieces(np.array(slopes), steps, room + margin), values + v[s]


def _lowered(slope: Floats, step: Floats, room: float, p: Exponent) -> Floats:
    """The slope changed so that slope . step <= room, at dual norm at most one."""
    import numpy as np

    q = float(dual_exponent(p))
    away = gradient(step[:, None], p)[:, 0]
    least = room * away / (away @ step)
    wanted = slope - (slope @ step - room) / (step @ step) * step
    if np.linalg.norm(wanted, ord=q) <= 1:
        return wanted
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        inside = np.linalg.norm(least + middle * (wanted - least), ord=q) <= 1
        low, high = (middle, high) if inside else (low, middle)
    blended: Floats = least + low * (wanted - least)
    return blended


def _without_idle_pieces(slopes: Floats, steps: Floats, room: Floats) -> Floats:
    """Only pieces that some sample needs: the others keep the minimum at most `room` without them."""
    import numpy as np

    holds = slopes @ steps.T <= room
    kept = np.ones(len(slopes), dtype=bool)
    count = holds.sum(axis=0)
    for i in range(len(slopes) - 1, -1, -1):
        if kept.sum() > 1 and (count[holds[i]] > 1).all():
            kept[i] = False
            count = count - holds[i]
    return slopes[kept]


def _without_idle_groups(groups: list[Group], x: Floats, v: Floats, band: float) -> list[Group]:
    import numpy as np

    high = np.array([((x - x[g.sample]) @ g.slopes.T).min(axis=1) + v[g.sample] >= v - band for g in groups])
    count = high.sum(axis=0)
    kept = []
    for group, row in zip(groups, high, strict=True):
        if (count[row] > 1).all():
            count = count - row
        else:
            kept.append(group)
    return kept or groups[:1]
