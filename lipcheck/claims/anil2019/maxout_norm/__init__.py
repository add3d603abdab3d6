"""Anil et al. 2019, ICLR appendix D: which norms maxout preserves, and what 2-norm networks of maxout cannot do."""

from __future__ import annotations

from lipcheck.claims.anil2019.maxout_norm import gradients, networks, values

CLAIMS = (*gradients.CLAIMS, *values.CLAIMS, *networks.CLAIMS)
