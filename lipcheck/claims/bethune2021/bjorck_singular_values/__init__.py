"""Sections 2.2 and 2.3: what Björck orthonormalization and spectral normalization ensure.

The derivations are in proofs/bethune2021/bjorck_singular_values/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.bjorck_singular_values import eigenvalues, most, rank

CLAIMS = (*eigenvalues.CLAIMS, *rank.CLAIMS, *most.CLAIMS)
