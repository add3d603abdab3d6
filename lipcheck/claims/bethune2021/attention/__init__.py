"""Section 2.2: attention is not Lipschitz, and where it is. Derivations: proofs/bethune2021/attention/proof.md."""

from __future__ import annotations

from lipcheck.claims.bethune2021.attention import bounded, every, scaled, unbounded
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*unbounded.CLAIMS, *scaled.CLAIMS, *every.CLAIMS, *bounded.CLAIMS)
