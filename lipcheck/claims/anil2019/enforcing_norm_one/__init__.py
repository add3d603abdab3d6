"""Techniques that ensure a norm of one (sections 1, 2.2, 4.2 and 4.2.1, in both versions).

The derivations are in proofs/anil2019/enforcing_norm_one/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.anil2019.enforcing_norm_one import exactly_one, provably, techniques
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*techniques.CLAIMS, *exactly_one.CLAIMS, *provably.CLAIMS)
