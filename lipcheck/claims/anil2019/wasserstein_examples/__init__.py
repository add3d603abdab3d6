"""Anil et al. 2019, section 7.1 and appendix G.1: pairs of laws whose distance and optimal duals are known."""

from __future__ import annotations

from lipcheck.claims.anil2019.wasserstein_examples import absolute_value, cones, gradient, three_cones, unique

CLAIMS = (*cones.CLAIMS, *absolute_value.CLAIMS, *three_cones.CLAIMS, *unique.CLAIMS, *gradient.CLAIMS)
