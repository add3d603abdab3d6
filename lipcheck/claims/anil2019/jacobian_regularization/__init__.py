"""Spectral Jacobian regularization (ICLR submission, appendix E and Algorithm 1; section 5 on penalties).

The derivations are in proofs/anil2019/jacobian_regularization/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.anil2019.jacobian_regularization import (
    algorithm,
    forward_mode,
    gradient,
    power_iteration,
    regularizer,
    rescaling,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *regularizer.CLAIMS,
    *power_iteration.CLAIMS,
    *forward_mode.CLAIMS,
    *algorithm.CLAIMS,
    *gradient.CLAIMS,
    *rescaling.CLAIMS,
)
