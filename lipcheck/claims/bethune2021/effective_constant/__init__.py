"""Section 2.2: the constant of a network of spectrally normalized layers, and its gradients.

The derivations are in proofs/bethune2021/effective_constant/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.effective_constant import between, every, gradients, initialization, typical
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *typical.CLAIMS,
    *every.CLAIMS,
    *between.CLAIMS,
    *initialization.CLAIMS,
    *gradients.CLAIMS,
)
