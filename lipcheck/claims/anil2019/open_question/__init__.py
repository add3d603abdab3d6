"""Anil et al. 2019, section 6: the open question about 2-norm constrained networks, and what is known on both sides."""

from __future__ import annotations

from lipcheck.claims.anil2019.open_question import dimension_one, no_lattice, statement

CLAIMS = (*statement.CLAIMS, *dimension_one.CLAIMS, *no_lattice.CLAIMS)
