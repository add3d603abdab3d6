"""Appendix E, equations 23 to 25: binary cross-entropy seen as transport between misclassified points.

The derivations are in proofs/bethune2021/transport_view/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.transport_view import bias, distribution, gradient, normalized, potential, wasserstein
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *gradient.CLAIMS,
    *normalized.CLAIMS,
    *distribution.CLAIMS,
    *bias.CLAIMS,
    *wasserstein.CLAIMS,
    *potential.CLAIMS,
)
