"""Anil et al. 2019, section 4.1 and ICLR appendix A: other activations from GroupSort."""

from __future__ import annotations

from lipcheck.claims.anil2019.groupsort_other_activations import (
    equally_expressive,
    equation_8,
    leaky_relu,
    maxout,
    recover,
    with_norms,
)

CLAIMS = (
    *recover.CLAIMS,
    *equation_8.CLAIMS,
    *leaky_relu.CLAIMS,
    *maxout.CLAIMS,
    *with_norms.CLAIMS,
    *equally_expressive.CLAIMS,
)
