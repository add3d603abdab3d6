"""The Koch snowflake, corner by corner, in Q(sqrt 3) (von Koch 1904; example 1 of Bethune et al. 2021 has k = 4).

The curve starts as the equilateral triangle inscribed in the unit circle, a side at the bottom, and is run through
counter-clockwise. A step replaces each side, in direction d (counted in sixths of a turn), by four sides of a third of
its length in the directions d, d - 1, d + 1, d: the middle third gives way to a tooth on the right, outside. After k
steps every corner is

    (sqrt(3) X, Y) / (2 * 3^k)    with whole numbers X, Y of size at most 2 * 3^k,

there are 3 * 4^k sides, all of length sqrt(3) / 3^k, and every snowflake lies in the closed unit disc, because the six
tips of the first step span a hexagon that contains all later ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from lipcheck.build.polygons import Polygon
from lipcheck.build.surds import SQRT3, Surd
from lipcheck.exact import shown
from lipcheck.words.errors import LipcheckError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

MOST = 12
"""The largest number of steps that is drawn: 50 million sides."""
MOST_EXACT = 8
"""The largest number of steps with exact corners: 200 thousand sides, a minute for a polygon."""

ROUNDING = Fraction(1, 1 << 52)
"""The largest relative error of a coordinate in `koch_array`; with |x| <= 1 also the largest absolute one."""

_STEPS = ((2, 0), (1, 3), (-1, 3), (-2, 0), (-1, -3), (1, -3))
"""(X, Y) of a side in each of the six directions."""


class KochError(LipcheckError, ValueError):
    """A number of steps for which no snowflake is drawn."""


def koch_snowflake(steps: int) -> Polygon:
    """The snowflake after so many steps as an exact polygon; KochError unless `steps` is 0, ..., 8."""
    return Polygon(koch_corners(steps))


def koch_corners(steps: int) -> tuple[tuple[Surd, Surd], ...]:
    """The 3 * 4^steps corners, counter-clockwise from the lower left corner of the triangle; exact.

    Raises KochError unless `steps` is 0, ..., 8.
    """
    unit = Fraction(1, 2 * 3 ** _checked(steps, MOST_EXACT))
    zero = Fraction(0)
    return tuple((Surd(zero, x * unit), Surd(y * unit)) for x, y in _whole_corners(steps))


def koch_array(steps: int) -> Floats:
    """The corners as an array (3 * 4^steps, 2) of float64, each within a relative `ROUNDING` in both coordinates.

    Y / (2 * 3^k) is the nearest float. For x, the nearest float to sqrt(3) / (2 * 3^k) is multiplied by the integer X:
    two roundings, each by a relative u / (1 + u) at most, u = 2^-53, and (1 + u / (1 + u))^2 <= 1 + 2 u.
    """
    import numpy as np

    size = 2 * 3 ** _checked(steps)
    whole = np.fromiter((c for corner in _whole_corners(steps) for c in corner), float).reshape(-1, 2)
    whole[:, 0] *= float(SQRT3 / size)
    whole[:, 1] /= size
    return whole


def koch_side(steps: int) -> Surd:
    """The length of a side after so many steps: sqrt(3) / 3^steps."""
    return SQRT3 * Fraction(1, 3) ** _checked(steps)


def koch_perimeter(steps: int) -> Surd:
    """3 sqrt(3) (4/3)^steps."""
    return 3 * SQRT3 * Fraction(4, 3) ** _checked(steps)


def koch_area(steps: int) -> Surd:
    """(3 sqrt(3) / 4) (8 - 3 (4/9)^steps) / 5: from the triangle's area towards 8/5 of it."""
    return SQRT3 * Fraction(3, 20) * (8 - 3 * Fraction(4, 9) ** _checked(steps))


def _whole_corners(steps: int) -> Iterator[tuple[int, int]]:
    """The pairs (X, Y)."""
    directions = [0, 2, 4]
    for _ in range(steps):
        directions = [turn % 6 for d in directions for turn in (d, d - 1, d + 1, d)]
    x = y = -(3**steps)
    for d in directions:
        yield x, y
        x, y = x + _STEPS[d][0], y + _STEPS[d][1]


def _checked(steps: int, most: int = MOST) -> int:
    if not isinstance(steps, int) or isinstance(steps, bool) or not 0 <= steps <= most:
        raise KochError(f"The number of steps is {shown(steps)}: give a whole number from 0 to {most}.")
    return steps
