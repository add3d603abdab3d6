"""Spectral normalization (ICLR submission, appendix B.2; ICML sections 4.2.1 and 5): what it does to singular values.

The derivations are in proofs/anil2019/spectral_normalization/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.anil2019.spectral_normalization import (
    certified,
    converged,
    estimate,
    largest,
    preservation,
    singular_values,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *largest.CLAIMS,
    *converged.CLAIMS,
    *singular_values.CLAIMS,
    *preservation.CLAIMS,
    *estimate.CLAIMS,
    *certified.CLAIMS,
)
