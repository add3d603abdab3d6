"""Section 5, equation 6: the minimum of the Wasserstein loss -y f(x) over 1-Lipschitz functions.

The derivations are in proofs/bethune2021/kr_loss_value/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.kr_loss_value import balance, printed, sharp
from lipcheck.words.claim import Claim

CLAIMS: tuple[Claim, ...] = (*printed.CLAIMS, *sharp.CLAIMS, *balance.CLAIMS)
