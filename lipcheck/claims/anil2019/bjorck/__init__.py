"""Anil et al. 2019, section 4.2.1 and appendices B, B.3: Björck orthonormalization."""

from __future__ import annotations

from lipcheck.claims.anil2019.bjorck import (
    above_one,
    convergence,
    derivative,
    guarantee,
    iterations,
    larger_order,
    nearest,
    projection,
    rescaling,
    scale,
    series,
    stiefel,
    test_time,
    throughout,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *series.CLAIMS,
    *nearest.CLAIMS,
    *larger_order.CLAIMS,
    *convergence.CLAIMS,
    *scale.CLAIMS,
    *rescaling.CLAIMS,
    *stiefel.CLAIMS,
    *derivative.CLAIMS,
    *projection.CLAIMS,
    *iterations.CLAIMS,
    *guarantee.CLAIMS,
    *above_one.CLAIMS,
    *throughout.CLAIMS,
    *test_time.CLAIMS,
)
