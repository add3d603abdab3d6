"""Anil et al. 2019, section 2.2: "Most common activations (such as ReLU, [sigmoid,] tanh, maxout) are 1-Lipschitz, if
scaled appropriately."

Plain reading: each of the four, times a positive number, is 1-Lipschitz from the p-norm to the p-norm, for every p:
unit by unit for ReLU, sigmoid and tanh; for maxout as the map that takes the maximum of each group. No scale is needed:
the smallest constants are 1, 1/4, 1 and 1. A maxout layer with its affine pieces is another matter: if each piece is
1-Lipschitz, so is the layer in the infinity norm, but not in the 2-norm.
"""

from __future__ import annotations

from lipcheck.claims.anil2019.activations_lipschitz import functions, maxout

CLAIMS = (*functions.CLAIMS, *maxout.CLAIMS)
