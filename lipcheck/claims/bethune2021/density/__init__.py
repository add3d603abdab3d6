"""Sections 2.2 and 2.3: which functions and which networks are dense in the 1-Lipschitz functions, and who proved it.

The derivations are in proofs/bethune2021/density/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.density import cited, functions, networks, square

CLAIMS = (*functions.CLAIMS, *cited.CLAIMS, *networks.CLAIMS, *square.CLAIMS)
