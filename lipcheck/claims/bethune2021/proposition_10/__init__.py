"""Appendix D, Proposition 10: at a minimizer of the BCE no example's derivative vanishes.

True for each L and T, with an explicit constant that depends on them. The derivations are in
proofs/bethune2021/proposition_10/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.proposition_10 import constant, law, lower_bound, network, printed_proof, remark
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *lower_bound.CLAIMS,
    *constant.CLAIMS,
    *law.CLAIMS,
    *printed_proof.CLAIMS,
    *remark.CLAIMS,
    *network.CLAIMS,
)
