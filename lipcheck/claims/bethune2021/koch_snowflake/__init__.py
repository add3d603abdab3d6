"""Béthune et al. 2021, Example 1 and Figure 1: the Koch snowflake as a frontier, and networks that fit its height.

The derivations are in proofs/bethune2021/koch_snowflake/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.koch_snowflake import caption, error, frontier, network, shape
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *frontier.CLAIMS,
    *network.CLAIMS,
    *shape.CLAIMS,
    *caption.CLAIMS,
    *error.CLAIMS,
)
