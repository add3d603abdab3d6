"""Table 1: losses, certificates and gradients with and without a Lipschitz constraint, cell by cell.

The derivations of the cells on transport, certificates and gradients are in
proofs/bethune2021/table_1/proof_transport.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.table_1 import (
    gradients_exploding,
    gradients_vanishing,
    hkr_consistency,
    hkr_minimizer,
    hkr_minimizer_lipschitz,
    robustness,
    wasserstein_consistency,
    wasserstein_minimizer,
    wasserstein_minimizer_lipschitz,
    wasserstein_practice,
    wasserstein_weak,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *wasserstein_minimizer.CLAIMS,
    *wasserstein_minimizer_lipschitz.CLAIMS,
    *wasserstein_practice.CLAIMS,
    *wasserstein_weak.CLAIMS,
    *wasserstein_consistency.CLAIMS,
    *hkr_minimizer.CLAIMS,
    *hkr_minimizer_lipschitz.CLAIMS,
    *hkr_consistency.CLAIMS,
    *robustness.CLAIMS,
    *gradients_exploding.CLAIMS,
    *gradients_vanishing.CLAIMS,
)
