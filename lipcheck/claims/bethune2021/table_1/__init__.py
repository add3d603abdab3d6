"""Section 5, Table 1: what the losses do to networks and to L-Lipschitz networks, cell by cell, and its caption.

The derivations are in proofs/bethune2021/table_1/proof.md (BCE, hinge, caption) and proof_transport.md (the others).
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.table_1 import (
    bce_minimizer,
    bce_practice,
    caption,
    consistency,
    consistency_noiseless,
    gradients_exploding,
    gradients_vanishing,
    hinge_architecture,
    hinge_big_margins,
    hinge_law,
    hinge_margins,
    hinge_minimizer,
    hinge_practice,
    hkr_consistency,
    hkr_minimizer,
    hkr_minimizer_lipschitz,
    robustness,
    summary,
    wasserstein_consistency,
    wasserstein_minimizer,
    wasserstein_minimizer_lipschitz,
    wasserstein_practice,
    wasserstein_weak,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *summary.CLAIMS,
    *caption.CLAIMS,
    *bce_minimizer.CLAIMS,
    *bce_practice.CLAIMS,
    *hinge_minimizer.CLAIMS,
    *hinge_architecture.CLAIMS,
    *hinge_law.CLAIMS,
    *hinge_practice.CLAIMS,
    *hinge_big_margins.CLAIMS,
    *hinge_margins.CLAIMS,
    *consistency.CLAIMS,
    *consistency_noiseless.CLAIMS,
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
