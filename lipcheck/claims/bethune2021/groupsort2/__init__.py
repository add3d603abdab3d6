"""Sections 2.2 and 2.3: GroupSort2, its use in place of sorting, and dilation by a constant.

The derivations are in proofs/bethune2021/groupsort2/proof.md.
"""

from __future__ import annotations

from lipcheck.claims.bethune2021.groupsort2 import definition, dilation, exactly, useful

CLAIMS = (*definition.CLAIMS, *dilation.CLAIMS, *exactly.CLAIMS, *useful.CLAIMS)
