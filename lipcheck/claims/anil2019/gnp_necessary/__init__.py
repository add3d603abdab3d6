"""Anil et al. 2019, sections 1 and 3: must each layer preserve the gradient's norm, to represent and to approximate?"""

from __future__ import annotations

from lipcheck.claims.anil2019.gnp_necessary import approximate, expressive, represent

CLAIMS = (*represent.CLAIMS, *approximate.CLAIMS, *expressive.CLAIMS)
