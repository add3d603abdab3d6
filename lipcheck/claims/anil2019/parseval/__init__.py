"""Anil et al. 2019, appendix B.1 (with sections 4.2.1 and 5): Parseval networks next to Björck orthonormalization."""

from __future__ import annotations

from lipcheck.claims.anil2019.parseval import closer, gradient, penalty, small_beta, special_case
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *gradient.CLAIMS,
    *closer.CLAIMS,
    *special_case.CLAIMS,
    *small_beta.CLAIMS,
    *penalty.CLAIMS,
)
