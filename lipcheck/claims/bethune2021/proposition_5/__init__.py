"""Proposition 5: the least training loss converges almost surely to the least expected loss.

It does, as an infimum, for every law on R^n; as a minimum where both classes occur. The derivations are in
proofs/bethune2021/proposition_5/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.proposition_5 import consistency, minimum, printed_proof, remarks
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*minimum.CLAIMS, *consistency.CLAIMS, *printed_proof.CLAIMS, *remarks.CLAIMS)
