"""The Lipschitz constants of softmax and of standardisation, over all of R^n, in the norms p = 1, 2, inf.

Both are differentiable with symmetric Jacobians J, so that the constant is the largest ||J(x)||_p, by the mean value
inequality along a segment, and ||J||_1 = ||J||_inf, and ||J||_2 <= sqrt(||J||_1 ||J||_inf) = ||J||_inf.

Softmax, s = softmax(x): J = diag(s) - s s'. Row i sums to s_i (1 - s_i) + s_i sum_{j != i} s_j = 2 s_i (1 - s_i) in
absolute value, at most 1/2. Where two logits are equal and the others far below, J tends to (1/4) [[1, -1], [-1, 1]]
and zeros, whose norm is 1/2 for each p. So the constant is 1/2 for every p, n >= 2, and 0 for n = 1. (Gao and Pavel, On
the properties of the softmax function, arXiv:1704.00805, 2017, show 1 for p = 2.)

Standardisation, f(x) = g(P x), g(z) = z / r(z), r^2 = |z|^2 / n + e, P = I - 11' / n where it is centred, else I:
Jg = (1/r)(I - z z' / (n r^2)), with the eigenvalues 1/r and (1/r)(1 - |z|^2 / (n r^2)) = e / r^3, in [0, 1/r]; z = P z
gives J = Jg P = (1/r)(P - z z' / (n r^2)).
  p = 2: ||J||_2 <= 1/r <= 1/sqrt e, attained at z = 0, where J = P / sqrt e: the constant is 1/sqrt e (0 for n = 1 if
      centred).
  p = 1, inf: at z = 0 the constant is at least ||P|| / sqrt e, with ||P|| = 2 (1 - 1/n) if centred, else 1. From
      above, |z_i| sum_j |z_j| <= |z| sqrt(n) |z|, and with t = e / r^2 in (0, 1], 1/r = sqrt(t) / sqrt e and
      |z|^2 / (n r^2) = 1 - t: row i sums to at most (sqrt t / sqrt e) (||P|| + sqrt(n) (1 - t))
      <= (1 / sqrt e) (||P|| + sqrt(n) 2 / (3 sqrt 3)), for sqrt(t) (1 - t) is largest at t = 1/3. Not attained.
e = 0 has no bound: near z = 0 the slope is 1 / |z|. A layer's own factors are a diagonal matrix behind this.
"""

from __future__ import annotations

import math
from fractions import Fraction

from lipcheck.bounds.layer_bound import LayerBound
from lipcheck.bounds.layer_norms import enclosed
from lipcheck.graph.operations import Softmax, Standardize
from lipcheck.norms.rounding import square_root

_PEAK = Fraction(38491, 100000)
"""Above 2 / (3 sqrt 3): its square is above 4/27."""


def group_norm(operation: Softmax | Standardize, p: float) -> LayerBound:
    """The constant of the operation, enclosed."""
    n = operation.size
    if isinstance(operation, Softmax):
        half = Fraction(int(n > 1), 2)
        return enclosed(half, half, "softmax: 1/2 in every norm")
    epsilon = Fraction(operation.epsilon)
    if n == 1 and operation.centred:
        return LayerBound(0.0, 0.0, "one number less its mean")
    if epsilon <= 0:
        return LayerBound(0.0, math.inf, "standardisation with epsilon 0 has no bound")
    low, high = (square_root(1 / epsilon, up=up) for up in (False, True))
    if p == 2:
        return enclosed(low, high, "standardisation: 1 / sqrt(epsilon)")
    middle = 2 * (1 - Fraction(1, n)) if operation.centred else Fraction(1)
    wide = middle + _PEAK * square_root(Fraction(n), up=True)
    return enclosed(low * middle, high * wide, "standardisation: sums of absolute values")
