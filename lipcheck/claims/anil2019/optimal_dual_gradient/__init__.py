"""Anil et al. 2019, sections 3, 7.1 and 7.2: the gradient norm of optimal duals, and critics for other constants."""

from __future__ import annotations

from lipcheck.claims.anil2019.optimal_dual_gradient import (
    always,
    beads,
    finite_supports,
    larger_constants,
    null_support,
    on_the_line,
    rays,
    scaling,
)

CLAIMS = (
    *always.CLAIMS,
    *beads.CLAIMS,
    *finite_supports.CLAIMS,
    *null_support.CLAIMS,
    *on_the_line.CLAIMS,
    *rays.CLAIMS,
    *scaling.CLAIMS,
    *larger_constants.CLAIMS,
)
