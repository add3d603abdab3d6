"""All signs of the later gates at once: a list of the sign vectors that can still lead to a large Jacobian.

Let `inner` be the open gates that are affine maps of x, `outer` those that still wait for them, and let e be a choice
of signs for all outer gates. Then the Jacobian is linear in the signs of the open inner gates,

    C_e + sum_i eps_i r_ei z_i'        (z_i: slopes of inner gate i, r_ei: slopes of the outputs in |z_i| under e),

and whatever these are, its norm is at most that of |C_e| + sum_i |r_ei| |z_i|' entry by entry (p = 1, inf), and its
squared Frobenius norm, hence that of any operator norm 2, is at most

    |C_e|^2 + 2 sum_i |<C_e, r_ei z_i'>| + sum_ij |r_ei| |r_ej| |z_i'z_j|.

A vector e is dropped for good once this is at most the target, or once a sharper bound is (`zonotopes`, for one
output and p = 2); where no vector is left, the region does no harm.

Floating point, with a margin that is proved (model of arithmetic: `lipcheck.norms.rounding`). n inputs, m outputs, s
gates on at most D levels, o outer gates. T, m x n, holds the sums of absolute values along all paths of the network.

- Each entry is a whole quotient, rounded once. A path meets at most D links and one slope; each costs its own
  rounding, one product, and one addition per outer gate. Choosing an inner gate adds one product and one addition. So
  entries of C_e and r_ei z_i' are sums over paths, each path with at most k = (D + 1)(o + 2) + s + 2 roundings.
- For p = 1, inf the bound adds at most s + max(m, n) + 3 roundings. Without signs and roundings it is |T|_p at most.
- For p = 2 a term holds two paths and at most m n + n + 2 m + 2 s + 8 roundings more. Without signs and roundings,
  |r_i| <= sum_m |r_mi|, so that all terms together are at most sum_k (sum_m T_mk)^2 (|T|^2 alone is too small, m > 1).

With K = 2 (D + 1)(o + 2) + 4 s + m n + 2 (n + m) + 16 the error is at most gamma_K times that size (Higham, Accuracy
and Stability of Numerical Algorithms, 3.1); the margin is twice this, for the roundings of the size and of the margin
itself. The vectors q_i of a zonotope are wrong by |sum +-dq_i| <= gamma_K |T|.

Underflow: in the units of `WholeForm.powers`, coefficients are at most one, and those that are not zero, like the
entries of T, are at least 1e-30; D <= 4. So a path is at least 1e-150, and neither T nor a square vanishes that should
not. A product that falls below t = 2^-1022 after cancellation loses at most 2 t; what multiplies it later is at most
(s + 1)^10, and fewer than 1e8 are added: far below the margin, at least 2^-49 1e-60 unless T = 0 and so all Jacobians.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lipcheck.bounds.exact.rows import SMALLEST, Walk, floats
from lipcheck.bounds.exact.zonotopes import within
from lipcheck.norms.rounding import outward

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_OUTER = 16
MOST_FLOATS = 4_000_000


@dataclass(frozen=True, eq=False)
class Suffixes:
    """The vectors e that are left (`signs`, one row each), with C_e, r_ei, and the inner gates that are open.

    All floats are in the units of `WholeForm.powers`: norms (p = 2: their squares) times `scale`.
    """

    p: object
    scale: Fraction
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
        """Per vector, a proved bound: of the norm, or of its square where p = 2, times `scale`."""
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
        return self._only(self.bounds > self.limit(target))

    def limit(self, target: Fraction) -> float:
        """The target in the units of `bounds`, rounded down; bounds are never below zero, whatever the target."""
        return outward(target * self.scale, up=False) if target >= 0 else -1.0

    @property
    def largest(self) -> Fraction:
        """The largest of the bounds, as a number of the form's."""
        return Fraction(float(self.bounds.max(initial=0.0))) / self.scale

    def left(self, target: Fraction) -> Suffixes:
        """Without the vectors that are proved to stay at or below the target, here or by sharper bounds."""
        import numpy as np

        limit = self.limit(target)
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
    n, m, depth = form.inputs, len(form.rows) - form.gates, form.levels
    if depth > 4 or len(outer) > MOST_OUTER or (m * (len(inner) + n) + len(outer)) << len(outer) > MOST_FLOATS:
        return None
    later = [*outer, *range(form.gates, len(form.rows))]
    try:
        slopes = np.array([floats(walk.rows[i], form.powers[i]) for i in inner]).reshape(-1, n)
        known = np.array([floats(walk.rows[i], form.powers[i]) for i in later]).reshape(-1, n)
        links = form.weights[np.ix_(later, open_)]
        total = form.paths
    except OverflowError:
        return None
    if not all(a == 0 or a >= SMALLEST for a in total.flat):
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
    roundings = 2 * (depth + 1) * (len(outer) + 2) + 4 * form.gates + m * n + 2 * (n + m) + 16
    gamma = roundings * 2.0**-53 / (1 - roundings * 2.0**-53)
    size = float((total.sum(0) ** 2).sum()) if p == 2 else float(total.sum(0 if p == 1 else 1).max())
    single = p == 2 and m == 1 and bool(outer)
    even = np.asarray(np.eye(n) / n, dtype=np.float64)
    shapes = np.broadcast_to(even, (len(signs), n, n)) if single else None
    error = 2 * gamma * float(np.sqrt(size)) if p == 2 else 0.0
    return Suffixes(
        p, form.scale(p), inner, outer, slopes, np.abs(slopes @ slopes.T), signs, centres, weights, 2 * gamma * size,
        error, shapes,
    )  # fmt: skip
