"""Anil et al., sections 1, 5, 6, 7.1: what norm-constrained ReLU networks can approximate, and what they cannot."""

from __future__ import annotations

from lipcheck.claims.anil2019.relu_cannot_approximate import (
    approximates,
    depth,
    infinity,
    linear,
    same_closure,
    smooth,
    sufficient,
    wasserstein,
    whole_line,
    without_biases,
)

CLAIMS = (
    *approximates.CLAIMS,
    *infinity.CLAIMS,
    *depth.CLAIMS,
    *whole_line.CLAIMS,
    *without_biases.CLAIMS,
    *smooth.CLAIMS,
    *linear.CLAIMS,
    *sufficient.CLAIMS,
    *same_closure.CLAIMS,
    *wasserstein.CLAIMS,
)
