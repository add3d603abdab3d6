"""Filters and unfolded convolutions (section 4.2.1, last paragraphs, in both versions; introduction).

The derivations are in proofs/anil2019/convolution_bound/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.anil2019.convolution_bound import lower, module, rescaled, statement
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*statement.CLAIMS, *rescaled.CLAIMS, *lower.CLAIMS, *module.CLAIMS)
