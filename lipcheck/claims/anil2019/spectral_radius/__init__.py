"""Anil et al. 2019 (ICML), section 7.1.2: "the distribution of the spectral radius (largest singular value) of the
network Jacobian over the training data".

Plain reading: the spectral radius of the Jacobian is its largest singular value. The spectral radius is the largest
modulus of an eigenvalue: it is smaller in general, and a Jacobian of 10 rows and 784 columns has none.
"""

from __future__ import annotations

from lipcheck.claims.anil2019.spectral_radius import normal, printed

CLAIMS = (*printed.CLAIMS, *normal.CLAIMS)
