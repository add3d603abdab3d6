"""Anil et al., sections 3, 4.1, 7.1: which activations preserve the gradient's norm, and what the others can do."""

from __future__ import annotations

from lipcheck.claims.anil2019.norm_preserving_activations import classes, common_networks

CLAIMS = (*classes.CLAIMS, *common_networks.CLAIMS)
