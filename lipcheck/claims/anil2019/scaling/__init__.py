"""Anil et al. 2019, sections 4 and G.3: K-Lipschitz functions by scaling the output, or by scaling layers inside."""

from __future__ import annotations

from lipcheck.claims.anil2019.scaling import biases, homogeneous, layers, output

CLAIMS = (*output.CLAIMS, *layers.CLAIMS, *biases.CLAIMS, *homogeneous.CLAIMS)
