"""Anil et al. 2019, Table 1: what its numbers measure, what each kind of network can reach, and what is said of it."""

from __future__ import annotations

from lipcheck.claims.anil2019.table_1 import (
    as_limits,
    dimension,
    fullsort,
    maxmin_depth,
    maxout_depth,
    one_layer,
    optimum,
    relu_depth,
    sentences,
)

CLAIMS = (
    *optimum.CLAIMS,
    *one_layer.CLAIMS,
    *relu_depth.CLAIMS,
    *maxout_depth.CLAIMS,
    *maxmin_depth.CLAIMS,
    *fullsort.CLAIMS,
    *dimension.CLAIMS,
    *as_limits.CLAIMS,
    *sentences.CLAIMS,
)
