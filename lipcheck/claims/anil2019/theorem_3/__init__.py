"""Anil et al. 2019, section 6 and appendix D, Theorem 3: universality, and every step of its printed proofs."""

from __future__ import annotations

from lipcheck.claims.anil2019.theorem_3 import closure, line, maxout, padding, statement, wording

CLAIMS = (
    *statement.CLAIMS, *line.CLAIMS, *closure.CLAIMS, *padding.CLAIMS, *maxout.CLAIMS, *wording.CLAIMS,
)  # fmt: skip
