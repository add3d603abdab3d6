"""Anil et al. 2019, section 2.3, equation 2 (ICML: equation 1): the dual of the Wasserstein distance, and its use."""

from __future__ import annotations

from lipcheck.claims.anil2019.kr_duality import concave, duality, lower_bound, metric

CLAIMS = (*duality.CLAIMS, *concave.CLAIMS, *lower_bound.CLAIMS, *metric.CLAIMS)
