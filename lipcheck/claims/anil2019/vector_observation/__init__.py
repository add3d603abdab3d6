"""Anil et al. 2019, section 6 and appendix D, the Observation on vector-valued functions, and its proof."""

from __future__ import annotations

from lipcheck.claims.anil2019.vector_observation import components, domain, statement

CLAIMS = (*statement.CLAIMS, *domain.CLAIMS, *components.CLAIMS)
