"""Section 2.2: Lipschitz functions as linear functionals. Derivations: proofs/bethune2021/banach_isometry/proof.md."""

from __future__ import annotations

from lipcheck.claims.bethune2021.banach_isometry import constants, functionals, margin
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*functionals.CLAIMS, *constants.CLAIMS, *margin.CLAIMS)
