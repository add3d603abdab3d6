"""Corollary 2 of section 3.1 and its proof. Derivations: proofs/bethune2021/corollary_2/proof.md."""

from __future__ import annotations

from lipcheck.claims.bethune2021.corollary_2 import bounded, functions, printed_proof, unbounded
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*unbounded.CLAIMS, *functions.CLAIMS, *bounded.CLAIMS, *printed_proof.CLAIMS)
