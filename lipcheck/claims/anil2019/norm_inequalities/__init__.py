"""Anil et al. 2019, ICLR submission, appendix B.3, eq. 10 to 12: cheap upper bounds on the largest singular value."""

from __future__ import annotations

from lipcheck.claims.anil2019.norm_inequalities import better, cost, printed
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*printed.CLAIMS, *cost.CLAIMS, *better.CLAIMS)
