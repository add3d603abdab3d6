"""Sections 2.1 and 2.2: networks are Lipschitz, with a constant that is bounded by a product and hard to compute.

The derivations are in proofs/bethune2021/feedforward_lipschitz/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.feedforward_lipschitz import definition, hardness, networks, unknown
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*networks.CLAIMS, *definition.CLAIMS, *unknown.CLAIMS, *hardness.CLAIMS)
