"""Section 4 and appendix B: which classes are Glivenko-Cantelli, and which losses are consistent.

L-Lipschitz functions are such a class, their signs are not; BCE, hinge and Huber loss are consistent, the Wasserstein
loss is not, and hKR is for all laws but those at a threshold. Proofs: proofs/bethune2021/glivenko_cantelli/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.glivenko_cantelli import functions, hkr, losses, overfitting, wasserstein
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *functions.CLAIMS,
    *losses.CLAIMS,
    *overfitting.CLAIMS,
    *wasserstein.CLAIMS,
    *hkr.CLAIMS,
)
