"""Anil et al. 2019: what the text says of batch normalization and of max-pooling."""

from __future__ import annotations

from lipcheck.claims.anil2019.other_layers import batch_norm, max_pooling, overlapping

CLAIMS = (*batch_norm.CLAIMS, *max_pooling.CLAIMS, *overlapping.CLAIMS)
