"""Anil et al. 2019, section 2.2, linear transformations: the norms of a matrix, and when its map is 1-Lipschitz."""

from __future__ import annotations

from lipcheck.claims.anil2019.operator_norms import infinity, lipschitz, mixed, two

CLAIMS = (*infinity.CLAIMS, *two.CLAIMS, *mixed.CLAIMS, *lipschitz.CLAIMS)
