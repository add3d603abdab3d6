"""Whether samples of a function can be those of a 1-Lipschitz function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from lipcheck.build.data import DataError
from lipcheck.build.distances import between, distances
from lipcheck.build.spelling import spelled_exponent, upward
from lipcheck.exact import Vector
from lipcheck.norms import Exponent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

ALL_PAIRS = 20_000
_SEED = 0
_CHUNK = 1 << 22


def check_promise(
    points: Sequence[Vector],
    values: Sequence[Fraction],
    p: Exponent,
    error: Fraction,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> None:
    """Raise DataError for a pair of samples with |v_i - v_j| > ||x_i - x_j||_p + 2 error, decided exactly.

    Every pair is looked at among up to 20,000 samples. Of more, every pair of a seeded choice of so many, and every
    sample with the next one.
    """
    import numpy as np

    x, v = np.array(points, dtype=float), np.array(values, dtype=float)
    chosen = np.arange(len(v))
    if len(v) > ALL_PAIRS:
        chosen = np.sort(np.random.default_rng(_SEED).choice(len(v), ALL_PAIRS, replace=False))
        for i in range(len(v) - 1):
            _decide(i, i + 1, points, values, p, error)
    step = max(1, _CHUNK // (len(chosen) * x.shape[1]))
    for start in range(0, len(chosen), step):
        progress("checking the promise", start, len(chosen))
        part = chosen[start : start + step]
        apart = distances(x[part], x[chosen], p)
        with np.errstate(over="ignore", invalid="ignore"):
            excess = np.abs(v[part, None] - v[chosen]) - apart - 2 * float(error)
            # As in `lipcheck.build.distances.suspects`; 2 error exceeds all gaps or is of the size of its parts.
            doubt = 256 * (x.shape[1] + 8) * 2.0**-53 * (np.abs(v).max() + np.abs(x).max() * x.shape[1]) + 2.0**-500
        for i, j in np.argwhere(~((excess <= -doubt) & np.isfinite(apart))):
            if part[i] < chosen[j]:
                _decide(int(part[i]), int(chosen[j]), points, values, p, error)


def _decide(i: int, j: int, points: Sequence[Vector], values: Sequence[Fraction], p: Exponent, error: Fraction) -> None:
    gap = abs(values[i] - values[j])
    distance = between(points[i], points[j], p, gap - 2 * error)
    if distance.at_least(gap - 2 * error) is not True:
        first, second = (f"g{tuple(map(float, points[k]))} = {float(values[k])!r}" for k in (i, j))
        raise DataError(
            f"g is not 1-Lipschitz for the {spelled_exponent(p)}-norm: {first} and {second} have the slope "
            f"{upward(gap / distance.lower)}: divide g by its constant, choose another p, or raise g_error."
        )
