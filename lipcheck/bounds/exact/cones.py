"""Polyhedra in few dimensions by their corners: which hyperplanes cross a region, and why the others do not.

A region {x : row(x) > 0 for all rows} is the slice t = 1 of the cone {(t, x) : t >= 0, row(t, x) >= 0 for all rows},
and a pointed cone is spanned by finitely many rays: the corners of the region, (1, corner), and its directions at
infinity, (0, direction). A hyperplane crosses the region exactly where it has rays on both sides. Cutting keeps the
rays of one side and adds one ray per edge that is cut; two rays span an edge if they share n - 1 facets (the double
description method: Motzkin, Raiffa, Thompson and Thrall 1953; Fukuda and Prodon 1996).

All this is floating point and proposes only. Rays that share facets by accident, or that are none, cost time and
nothing else: what is said about a region is proved by multipliers in whole numbers (`regions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NEAR = 1e-9
"""Rays are this near to a hyperplane, both scaled to size one, or they are on one side."""
MOST_RAYS = 2000
"""Regions with more corners are left to the general search: pairs of rays are compared."""


@dataclass(frozen=True, eq=False)
class Cone:
    """`rays` (rays, 1 + n), `on` (rays, facets): 1.0 where the ray lies on the facet, and the names of the facets."""

    rays: Floats
    on: Floats
    facets: tuple[int, ...]

    def cut(self, values: Floats, name: int) -> Cone | None:
        """The part where a linear function is positive, given its values at the rays; None where no ray shows it."""
        import numpy as np

        size = np.abs(values).max(initial=0.0)
        plus, minus = values > NEAR * size, values < -NEAR * size
        inside, outside = np.flatnonzero(plus), np.flatnonzero(minus)
        if not len(inside) or len(self.rays) > MOST_RAYS:
            return None
        dimension = self.rays.shape[1]
        kept = np.flatnonzero(~minus)
        a, b = np.nonzero(self.on[inside] @ self.on[outside].T >= dimension - 2)
        a, b = inside[a], outside[b]
        added = self.rays[a] * -values[b, None] + self.rays[b] * values[a, None]
        added /= np.abs(added).max(1, keepdims=True)
        on = np.zeros((len(kept) + len(a), len(self.facets) + 1))
        on[: len(kept), :-1] = self.on[kept]
        on[: len(kept), -1] = ~plus[kept]
        on[len(kept) :, :-1] = self.on[a] * self.on[b]
        on[len(kept) :, -1] = 1.0
        # A facet of a cone in 1 + n dimensions holds n rays at least.
        used = on.sum(0) >= dimension - 1
        names = tuple(f for f, there in zip((*self.facets, name), used.tolist(), strict=True) if there)
        return Cone(np.concatenate([self.rays[kept], added]), on[:, used], names)

    def lowest(self, values: Floats) -> list[int] | None:
        """Names of the facets through the corner where a function that is positive on the cone is least, over t.

        There it is a sum of the rows of these facets with positive factors, and a constant. None without a corner.
        """
        import numpy as np

        t = self.rays[:, 0]
        corners = np.flatnonzero(t > NEAR)
        if not len(corners):
            return None
        least = corners[(values[corners] / t[corners]).argmin()]
        return [f for f, there in zip(self.facets, self.on[least].tolist(), strict=True) if there and f >= 0]


def spanned(rows: Floats) -> Cone | None:
    """The cone t >= 0, row >= 0, for rows (rows, 1 + n).

    Facets are named by the positions of their rows, t >= 0 by -1. None where a line is left, or where floats find no
    interior.
    """
    import numpy as np

    n = rows.shape[1] - 1
    chosen = independent(rows)
    if len(chosen) < n:
        return None
    basis = np.vstack([np.eye(1, 1 + n), rows[chosen]])
    rays = np.linalg.inv(basis).T
    cone: Cone | None = Cone(rays / np.abs(rays).max(1, keepdims=True), 1.0 - np.eye(1 + n), (-1, *chosen))
    for i in range(len(rows)):
        if cone is not None and i not in chosen:
            cone = cone.cut(cone.rays @ rows[i], i)
    return cone


def independent(rows: Floats) -> list[int]:
    """Positions of rows whose slopes are independent, the first ones first, n at most."""
    import numpy as np

    chosen: list[int] = []
    left = rows[:, 1:].copy()
    sizes = np.linalg.norm(left, axis=1)
    for i in range(len(rows)):
        if len(chosen) < left.shape[1] and np.linalg.norm(left[i]) > 1e-6 * sizes[i] and sizes[i] > 0:
            chosen.append(i)
            unit = left[i] / np.linalg.norm(left[i])
            left -= np.outer(left @ unit, unit)
    return chosen
