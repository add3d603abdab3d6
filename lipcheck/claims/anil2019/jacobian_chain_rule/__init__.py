"""Anil et al. 2019 (ICLR submission), section 2, equation 1: "Using the chain rule, the Jacobian of a neural network
can be expanded as ... W_L φ'(z_{L-1}) ... W_2 φ'(z_1) W_1".

Plain reading: wherever every activation is differentiable at its pre-activations, φ'(z) being the diagonal matrix of
slopes. There it is right. Where an activation has a kink, no value of ReLU'(0) makes it right for all networks that are
differentiable there; but such points have measure zero, or the value does not matter.
"""

from __future__ import annotations

from lipcheck.claims.anil2019.jacobian_chain_rule import directional, kinks, smooth

CLAIMS = (*smooth.CLAIMS, *kinks.CLAIMS, *directional.CLAIMS)
