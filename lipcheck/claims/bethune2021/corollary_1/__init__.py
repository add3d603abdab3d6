"""Corollary 1 of section 3.1 and its proofs. Derivations: proofs/bethune2021/corollary_1/proof.md."""

from __future__ import annotations

from lipcheck.claims.bethune2021.corollary_1 import classifiers, networks, readings, scaling
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*scaling.CLAIMS, *networks.CLAIMS, *readings.CLAIMS, *classifiers.CLAIMS)
