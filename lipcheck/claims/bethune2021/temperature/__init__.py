"""Section 4 and Figure 5a: L plays "the same role as the (usually omitted) temperature scaling parameter T".

The derivations are in proofs/bethune2021/temperature/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.temperature import overfitting, scaling
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*scaling.CLAIMS, *overfitting.CLAIMS)
