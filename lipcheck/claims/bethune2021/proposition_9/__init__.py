"""Appendix D, Proposition 9: the gradients of the parameters of a 1-Lipschitz network, and whether they can explode.

The derivations are in proofs/bethune2021/proposition_9/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.proposition_9 import bounds, convolution, exploding, trained
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*bounds.CLAIMS, *exploding.CLAIMS, *convolution.CLAIMS, *trained.CLAIMS)
