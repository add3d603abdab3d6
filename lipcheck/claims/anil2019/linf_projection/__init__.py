"""The projection of weights onto the infinity-norm ball (ICLR and ICML section 4.2.2, ICLR appendix G.4).

The derivations are in proofs/anil2019/linf_projection/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.anil2019.linf_projection import (
    forward_pass,
    module,
    other_readings,
    projection,
    rows_and_simplex,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *projection.CLAIMS,
    *other_readings.CLAIMS,
    *rows_and_simplex.CLAIMS,
    *forward_pass.CLAIMS,
    *module.CLAIMS,
)
