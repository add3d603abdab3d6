"""The optimal Bayes classifier and 1-Lipschitz functions. Derivations: proofs/bethune2021/bayes/proof.md."""

from __future__ import annotations

from lipcheck.claims.bethune2021.bayes import limits, one_sign
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*limits.CLAIMS, *one_sign.CLAIMS)
