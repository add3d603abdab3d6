"""Anil et al. 2019, section 4.1 and ICLR appendix A: MaxMin and absolute values, and folding by them."""

from __future__ import annotations

from lipcheck.claims.anil2019.maxmin_abs import (
    axes,
    eq_6,
    eq_7,
    expressive_power,
    fold_by_maxmin,
    fold_limits,
    folding,
    norms,
    pyramids,
    represent,
    unbounded,
)

CLAIMS = (
    *represent.CLAIMS,
    *eq_6.CLAIMS,
    *eq_7.CLAIMS,
    *norms.CLAIMS,
    *expressive_power.CLAIMS,
    *unbounded.CLAIMS,
    *axes.CLAIMS,
    *folding.CLAIMS,
    *fold_limits.CLAIMS,
    *fold_by_maxmin.CLAIMS,
    *pyramids.CLAIMS,
)
