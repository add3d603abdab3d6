"""Anil et al. 2019, section 7 and appendix F: what is said of the tables and figures, decided from what is printed."""

from __future__ import annotations

from lipcheck.claims.anil2019.tables_and_figures import (
    accuracy,
    compact,
    figures,
    outperform,
    parseval_figures,
    regularizers,
    robustness,
    wasserstein,
)

CLAIMS = (
    *outperform.CLAIMS,
    *wasserstein.CLAIMS,
    *robustness.CLAIMS,
    *accuracy.CLAIMS,
    *regularizers.CLAIMS,
    *parseval_figures.CLAIMS,
    *compact.CLAIMS,
    *figures.CLAIMS,
)
