"""Anil et al. 2019, ICML, section 7.2, footnote 4: the distance to the empirical distribution as an upper bound."""

from __future__ import annotations

from lipcheck.claims.anil2019.empirical_wasserstein import average, probability, trained

CLAIMS = (*average.CLAIMS, *probability.CLAIMS, *trained.CLAIMS)
