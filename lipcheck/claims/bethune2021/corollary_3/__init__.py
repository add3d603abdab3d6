"""Corollary 3 of section 3.2: what HMF(b) is best at. Derivations: proofs/bethune2021/corollary_3/proof.md."""

from __future__ import annotations

from lipcheck.claims.bethune2021.corollary_3 import attack, certificates, everywhere, limit, max_min, risk, tight, value
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *tight.CLAIMS,
    *attack.CLAIMS,
    *limit.CLAIMS,
    *risk.CLAIMS,
    *certificates.CLAIMS,
    *everywhere.CLAIMS,
    *max_min.CLAIMS,
    *value.CLAIMS,
)
