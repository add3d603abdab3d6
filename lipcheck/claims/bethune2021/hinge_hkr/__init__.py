"""Section 5: what the hinge loss reaches, hinge-KR as regularized transport, and which losses are consistent.

The derivations are in proofs/bethune2021/hinge_hkr/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.hinge_hkr import accuracy, any_law, any_margin, balance, consistency, transport
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *accuracy.CLAIMS,
    *any_margin.CLAIMS,
    *any_law.CLAIMS,
    *transport.CLAIMS,
    *balance.CLAIMS,
    *consistency.CLAIMS,
)
