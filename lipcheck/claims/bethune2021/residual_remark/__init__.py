"""Appendix D, remark on residual connections, and the sentence of section 2.2 that refers to it.

The derivations are in proofs/bethune2021/residual_remark/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.residual_remark import averages, residual, scaling

CLAIMS = (*averages.CLAIMS, *scaling.CLAIMS, *residual.CLAIMS)
