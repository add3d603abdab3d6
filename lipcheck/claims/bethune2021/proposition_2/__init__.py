"""Béthune et al. 2021, Proposition 2: a 1-Lipschitz function for every multiclass classifier, and its proof.

The derivations are in proofs/bethune2021/proposition_2/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.proposition_2 import any_p, certificate, existence, jacobian, printed_proof
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *existence.CLAIMS,
    *any_p.CLAIMS,
    *jacobian.CLAIMS,
    *certificate.CLAIMS,
    *printed_proof.CLAIMS,
)
