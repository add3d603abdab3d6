"""Section 2.3: the gradient norm of networks of orthogonal matrices and sorting.

The derivations are in proofs/bethune2021/network_gradient_norm/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.network_gradient_norm import convolutions, orthogonal, printed

CLAIMS = (*printed.CLAIMS, *orthogonal.CLAIMS, *convolutions.CLAIMS)
