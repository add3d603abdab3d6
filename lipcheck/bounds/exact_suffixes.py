"""All signs of the later gates at once: a list of the sign vectors that can still lead to a large Jacobian.

Let `inner` be the open gates that are affine maps of x, `outer` those that still wait for them, and let e be a choice
of signs for all outer gates. Then the Jacobian is linear in the signs of the open inner gates,

    C_e + sum_i eps_i r_ei z_i'        (z_i: slopes of inner gate i, r_ei: slopes of the outputs in |z_i| under e),

and whatever these are, its norm is at most that of |C_e| + sum_i |r_ei| |z_i|' entry by entry (p = 1, inf), and its
squared Frobenius norm, hence that of any operator norm 2, is at most

    |C_e|^2 + 2 sum_i |<C_e, r_ei z_i'>| + sum_ij |r_ei| |r_ej| |z_i'z_j|.

A vector e is dropped for good once this is at most the target, or once a sharper bound is (`exact_zonotopes`, for one
output and p = 2); where no vector is left, the region does no harm.

Floating point, with a margin that is proved: every number above is a sum of products of entries, and replacing each
entry by its absolute value turns the bound into at most |T|^2 (p = 1, inf: the norm of T), where T adds up the absolute
values along all paths of the network. Each product passes through at most K roundings, so that the error is at most
gamma_K |T|^2 with gamma_K = K u / (1 - K u), u = 2^-53, for sums in any order (Higham, Accuracy and Stability, 3.1).
Underflow is kept out by asking for entries between 1e-30 and 1e30 in absolute value, or zero, and for at most four
levels of gates: products of ten such entries are normal numbers, and what is lost where a sum cancels lies far below
the margin, which is taken twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lipcheck.bounds.exact_rows import Walk, WholeForm
from lipcheck.bounds.exact_zonotopes import within

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_OUTER = 16
MOST_FLOATS = 4_000_000


@dataclass(frozen=True, eq=False)
class Suffixes:
    """The vectors e that are left (`signs`, one row each), with C_e, r_ei, and the inner gates that are open."""

    p: object
    inner: list[int]
    outer: list[int]
    slopes: Floats
    gram: Floats
    signs: Floats
    centres: Floats
    weights: Floats
    margin: float
    error: float
    shapes: Floats | None

    def __len__(self) -> int:
        return len(self.signs)

    @cached_property
    def bounds(self) -> Floats:
        """Per vector, a proved bound: of the norm, or of its square where p = 2."""
        import numpy as np

        if self.p != 2:
            entries = np.abs(self.centres) + np.abs(self.weights).transpose(0, 2, 1) @ np.abs(self.slopes)
            return np.asarray(entries.sum(1 if self.p == 1 else 2).max(1) + self.margin, dtype=np.float64)
        sizes = np.abs(self.weights[:, :, 0]) if self.weights.shape[2] == 1 else np.linalg.norm(self.weights, axis=2)
        across = (self.centres @ self.slopes.T).transpose(0, 2, 1) * self.weights
        linear = 2 * np.abs(across.sum(2)).sum(1)
        squares = (self.centres**2).sum((1, 2)) + linear + ((sizes @ self.gram) * sizes).sum(1)
        return np.asarray(squares + self.margin, dtype=np.float64)

    def above(self, target: Fraction) -> Suffixes:
        """Without the vectors whose bound is at most the target."""
        return self._only(self.bounds > _rounded_down(target))

    def left(self, target: Fraction) -> Suffixes:
        """Without the vectors that are proved to stay at or below the target, here or by sharper bounds."""
        import numpy as np

        limit = _rounded_down(target)
        found = self._only(self.bounds > limit)
        if found.shapes is None or not len(found) or not found.inner:
            return found
        # |q_0 + sum eps_i q_i| <= sqrt(limit), for vectors that are wrong by `error` in sum.
        q = np.concatenate([found.centres, found.weights * found.slopes], axis=1)
        proved, shapes = within(q, found.shapes, float(np.sqrt(limit)) * (1 - 2.0**-50) - found.error)
        return replace(found, shapes=shapes)._only(~proved)

    def chosen(self, gate: int, sign: int) -> Suffixes:
        """After the sign of one gate is chosen."""
        import numpy as np

        if gate in self.inner:
            k = self.inner.index(gate)
            rest = [i for i in range(len(self.inner)) if i != k]
            moved = self.centres + sign * self.weights[:, k, :, None] * self.slopes[k]
            return replace(
                self, inner=[self.inner[i] for i in rest], slopes=self.slopes[rest], centres=moved,
                gram=self.gram[np.ix_(rest, rest)], weights=self.weights[:, rest],
            )  # fmt: skip
        return self._only(self.signs[:, self.outer.index(gate)] == sign)

    def _only(self, keep: NDArray[np.bool_]) -> Suffixes:
        if keep.all():
            return self
        shapes = None if self.shapes is None else self.shapes[keep]
        found = replace(
            self, signs=self.signs[keep], centres=self.centres[keep], weights=self.weights[keep], shapes=shapes
        )
        if "bounds" in self.__dict__:
            found.__dict__["bounds"] = self.bounds[keep]
        return found


def suffixes(walk: Walk, p: object) -> Suffixes | None:
    """All sign vectors of the outer gates; None where they are too many, or the numbers too large or too small."""
    import numpy as np

    form = walk.form
    open_ = [i for i, sign in enumerate(walk.signs) if not sign]
    inner = [i for i in open_ if walk.ready(i)]
    outer = [i for i in open_ if not walk.ready(i)]
    n, m = form.inputs, len(form.rows) - form.gates
    depth = 1 + max(_levels(form), default=0)
    if depth > 4 or len(outer) > MOST_OUTER or (m * (len(inner) + n) + len(outer)) << len(outer) > MOST_FLOATS:
        return None
    later = [*outer, *range(form.gates, len(form.rows))]
    try:
        # In natural units: of the gates as they were before scaling.
        slopes = np.array([_natural(walk.rows[i][1:], form, i) for i in inner]).reshape(-1, n)
        known = np.array([_natural(walk.rows[i][1:], form, i) for i in later]).reshape(-1, n)
        links = np.array([[_link(form, i, j) for j in open_] for i in later]).reshape(len(later), len(open_))
        total = _total(form)
    except OverflowError:
        return None
    sizes = np.abs(np.concatenate([a.ravel() for a in (slopes, known, links, total)]))
    if sizes.size and (sizes.max() > 1e30 or sizes[sizes > 0].min(initial=1.0) < 1e-30):
        return None
    signs: Any = ((np.arange(1 << len(outer))[:, None] >> np.arange(len(outer))) & 1) * 2.0 - 1
    inner_at = [open_.index(i) for i in inner]
    last = len(outer)
    centres = np.broadcast_to(known[last:], (len(signs), m, n)).copy()
    weights = np.broadcast_to(links[last:][:, inner_at].T, (len(signs), len(inner), m)).copy()
    # Slopes of the outputs in |z_j| of the outer gates, the last gate first.
    through = np.broadcast_to(links[last:].T, (len(signs), len(open_), m)).copy()
    for k in reversed(range(last)):
        pull = signs[:, k, None] * through[:, open_.index(outer[k])]
        centres += pull[:, :, None] * known[k]
        weights += pull[:, None, :] * links[k, inner_at][None, :, None]
        for j in np.flatnonzero(links[k]):
            through[:, j] += pull * links[k, j]
    roundings = 8 * (form.gates + n + m + 8) * (depth + 1)
    gamma = roundings * 2.0**-53 / (1 - roundings * 2.0**-53)
    size = float((total**2).sum()) if p == 2 else float(total.sum(0 if p == 1 else 1).max())
    single = p == 2 and m == 1 and bool(outer)
    even = np.asarray(np.eye(n) / n, dtype=np.float64)
    shapes = np.broadcast_to(even, (len(signs), n, n)) if single else None
    error = 2 * gamma * float(np.sqrt(size)) if p == 2 else 0.0
    return Suffixes(
        p, inner, outer, slopes, np.abs(slopes @ slopes.T), signs, centres, weights, 2 * gamma * size,
        error, shapes,
    )  # fmt: skip


def _rounded_down(target: Fraction) -> float:
    import numpy as np

    limit = float(target)
    return limit if Fraction(limit) <= target else float(np.nextafter(limit, -np.inf))


def _natural(row: tuple[int, ...], form: WholeForm, i: int) -> list[float]:
    scale = form.scales[i] if i < form.gates else form.unit
    return [a * scale.denominator / scale.numerator for a in row]


def _link(form: WholeForm, i: int, j: int) -> float:
    weight = form.links[i].get(j, 0)
    scale = form.scales[j] / (form.scales[i] if i < form.gates else form.unit) if weight else Fraction(1)
    return weight * scale.numerator / scale.denominator


def _total(form: WholeForm) -> Floats:
    """Sums of absolute values along all paths from the inputs to the outputs."""
    import numpy as np

    found: list[Floats] = []
    for i, row in enumerate(form.rows):
        own = np.abs(np.array(_natural(row[1:], form, i)))
        for j in form.links[i]:
            own = own + abs(_link(form, i, j)) * found[j]
        found.append(own)
    return np.array(found[form.gates :])


def _levels(form: WholeForm) -> list[int]:
    found: list[int] = []
    for links in form.links[: form.gates]:
        found.append(max((found[j] + 1 for j in links), default=0))
    return found
