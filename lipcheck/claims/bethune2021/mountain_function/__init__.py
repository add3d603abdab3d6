"""Béthune et al. 2021, definitions 1, 3 and 4: the highest mountain functions of two and of more classes.

The derivations are in proofs/bethune2021/mountain_function/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.mountain_function import definition, definition_1, highest, margin, multiclass
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *definition.CLAIMS,
    *definition_1.CLAIMS,
    *highest.CLAIMS,
    *margin.CLAIMS,
    *multiclass.CLAIMS,
)
