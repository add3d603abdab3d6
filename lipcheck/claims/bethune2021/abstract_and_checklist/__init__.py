"""Abstract, introduction, conclusion and checklist: what the paper says that it shows.

The derivations are in proofs/bethune2021/abstract_and_checklist/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.abstract_and_checklist import (
    checklist,
    circle,
    cross_entropy,
    dimension,
    divergence,
    frontiers,
    generalization,
    regression,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *frontiers.CLAIMS,
    *circle.CLAIMS,
    *regression.CLAIMS,
    *cross_entropy.CLAIMS,
    *generalization.CLAIMS,
    *divergence.CLAIMS,
    *dimension.CLAIMS,
    *checklist.CLAIMS,
)
