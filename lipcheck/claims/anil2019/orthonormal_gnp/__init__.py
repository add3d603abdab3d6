"""Anil et al. 2019, footnote 2, section 4.4 and appendix F.3: orthonormal weights, gradients, dynamical isometry."""

from __future__ import annotations

from lipcheck.claims.anil2019.orthonormal_gnp import (
    isometric_relu,
    isometry,
    layer,
    random_relu,
    relu,
    training,
    vanishing,
)

CLAIMS = (
    *layer.CLAIMS,
    *isometry.CLAIMS,
    *training.CLAIMS,
    *vanishing.CLAIMS,
    *relu.CLAIMS,
    *isometric_relu.CLAIMS,
    *random_relu.CLAIMS,
)
