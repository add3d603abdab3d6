"""Section 2.2, its second paragraph: clipping, penalties, Frobenius and spectral normalization, activations.

The derivations are in proofs/bethune2021/spectral_and_frobenius/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.spectral_and_frobenius import (
    activations,
    clipping,
    frobenius,
    penalties,
    rows,
    spectral,
    with_activation,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *spectral.CLAIMS,
    *with_activation.CLAIMS,
    *frobenius.CLAIMS,
    *rows.CLAIMS,
    *activations.CLAIMS,
    *clipping.CLAIMS,
    *penalties.CLAIMS,
)
