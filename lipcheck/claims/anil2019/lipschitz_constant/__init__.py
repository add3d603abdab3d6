"""Anil et al. 2019, section 2.1: the smallest constant, its name, and its bound by the Jacobian."""

from __future__ import annotations

from lipcheck.claims.anil2019.lipschitz_constant import constant, domains, jacobian, metric, named

CLAIMS = (*constant.CLAIMS, *named.CLAIMS, *jacobian.CLAIMS, *domains.CLAIMS, *metric.CLAIMS)
