"""Anil et al. 2019, section 6 and appendix D, Lemma 1: a restricted Stone-Weierstrass theorem, and remarks."""

from __future__ import annotations

from lipcheck.claims.anil2019.lemma_1 import only_if, printed_proof, remark, statement

CLAIMS = (*statement.CLAIMS, *printed_proof.CLAIMS, *remark.CLAIMS, *only_if.CLAIMS)
