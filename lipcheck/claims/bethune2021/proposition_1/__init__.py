"""Béthune et al. 2021, Proposition 1: a 1-Lipschitz function for every classifier, and its proof in appendix A.

The derivations are in proofs/bethune2021/proposition_1/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.proposition_1 import (
    banach,
    closed_in_x,
    definition_1,
    existence,
    gradient,
    norms,
    proof_direction,
    proof_gradient,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *existence.CLAIMS,
    *closed_in_x.CLAIMS,
    *definition_1.CLAIMS,
    *banach.CLAIMS,
    *norms.CLAIMS,
    *gradient.CLAIMS,
    *proof_direction.CLAIMS,
    *proof_gradient.CLAIMS,
)
