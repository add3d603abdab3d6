"""What the claims about maxout share: the source, the printed words, and Jacobians that scatter."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.network import Matrix

ROW = "anil2019.maxout_norm"
SOURCE = "Anil et al. 2019, appendix D, after the proof of Theorem 3 (ICLR 2019 submission)"
PRINTED = (
    "Note that we could have also used the maxout activation Goodfellow et al. (2013) to complete this proof. This "
    "makes sense, as the maxout activation is also norm-preserving in [L_∞]. However, this does not hold when using a "
    "2-norm constraint on the weights."
)


def gram(rows: Matrix) -> list[list[Fraction]]:
    """The inner products of the rows."""
    return [[sum((a * b for a, b in zip(p, q, strict=True)), Fraction(0)) for q in rows] for p in rows]


def identity(matrix: Sequence[Sequence[Fraction]]) -> bool:
    """Whether the square matrix is the identity."""
    return all(entry == (i == j) for i, row in enumerate(matrix) for j, entry in enumerate(row))


def keeps_gradients(jacobian: Matrix) -> bool:
    """Whether |J'g|_2 = |g|_2 for all g: J J' = I."""
    return identity(gram(jacobian))


def keeps_tangents(jacobian: Matrix) -> bool:
    """Whether |J v|_2 = |v|_2 for all v: J'J = I."""
    return identity(gram(tuple(zip(*jacobian, strict=True))))
