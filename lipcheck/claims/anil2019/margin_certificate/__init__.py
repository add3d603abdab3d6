"""ICML section 4.3 and 7.3 (ICLR the same sections): margins, Lipschitz constants and robustness to perturbations.

The sections say that M(x) > K epsilon / 2 certifies a point, that K epsilon is the threshold for a bound on accuracy,
and that training with kappa = K a gives guarantees. The derivations are in proofs/anil2019/margin_certificate/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.anil2019.margin_certificate import (
    accuracy,
    certificate,
    hinge,
    hinge_lipschitz,
    kappa,
    p_norms,
    sharp,
)
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *certificate.CLAIMS,
    *sharp.CLAIMS,
    *p_norms.CLAIMS,
    *accuracy.CLAIMS,
    *hinge.CLAIMS,
    *hinge_lipschitz.CLAIMS,
    *kappa.CLAIMS,
)
