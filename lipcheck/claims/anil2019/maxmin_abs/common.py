"""What the claims about MaxMin and absolute values share: the sources, the printed words, and small formulas."""

from __future__ import annotations

from fractions import Fraction

from lipcheck.network import Affine, Network
from lipcheck.words.claim import Textbook
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import Term, absolute, maximum, minimum, var
from lipcheck.words.verdict import Budget

ROW = "anil2019.maxmin_abs"
ICML = "Anil et al. 2019, section 4.1, Performing Folding via Absolute Value (ICML 2019)"
ICLR = "Anil et al. 2019, section 4.1, Representing other activations (ICLR 2019 submission)"
APPENDIX = "Anil et al. 2019, appendix A, MaxMin and absolute value (ICLR 2019 submission)"

GENERAL = "Anil et al. 2019, section 4.1 and the caption of Figure 2 (ICML 2019; ICLR submission: Figure 10)"

EACH_OTHER = (
    "MaxMin and absolute value can each represent each[ ]other under 2-norm-constrained weights. The two operations "
    "are reduced to each other as follows: [equations 6 and 7]"
)
EQUATION_6 = (
    "[MaxMin(x, y) = ] [max(x, y); min(x, y)] = [[1/√2, 1/√2]; [1/√2, -1/√2]] (abs([[1/√2, 1/√2]; [1/√2, -1/√2]] "
    "[x; y] + [√2 B; 0]) - [√2 B; 0])  (6) [...] In Equation 6, the value of B is chosen such that [√2] x + [√2] B > 0 "
    "for all x in the domain."
)
EQUATION_7 = "abs(x) = [1/√2  -1/√2] MaxMin([1/√2; -1/√2] x)  (7)"
DAMAGE = (
    "The scan has lost most of the matrices, and of the left side of equation 6 it shows max(x), min(y). The numbers "
    "are fixed by what is left: equation 6 is the one with B, so it gives MaxMin by absolute values, and equation 7 "
    "gives abs by MaxMin."
)
POWER = "Under the matrix 2-norm constraint, MaxMin is equivalent to absolute value in expressive power"
FOLD = (
    "Hence, a rigid linear transformation, followed by absolute value, followed by another rigid linear transformation,"
    " can implement folding along an arbitrary hyperplane."
)

BLOCKS = Textbook(
    "the 2-norm of a block-diagonal matrix is the largest 2-norm of its blocks",
    "Horn and Johnson, Matrix Analysis, 5.6",
)
PRODUCTS = Textbook("||A B||_2 <= ||A||_2 ||B||_2", "Horn and Johnson, Matrix Analysis, 5.6")


def maxmin(x: Term, y: Term) -> list[Term]:
    """The larger number, then the smaller one."""
    return [maximum(x, y), minimum(x, y)]


def scales(budget: Budget) -> list[Obligation]:
    """max and abs commute with a factor r >= 0, so that the irrational weights 1/√2 leave equations 6 and 7.

    min(x, y) = x + y - max(x, y) inherits it.
    """
    r, x, y = var("r"), var("x"), var("y")
    factor: dict[str, Formula] = {"factor": r >= 0}
    if budget is Budget.SMOKE:
        return []
    return [
        Forall("max commutes with factors", factor, equals(maximum(r * x, r * y), r * maximum(x, y)), size=2),
        Forall("abs commutes with factors", factor, equals(absolute(r * x), r * absolute(x)), size=1),
    ]


def weights(network: Network) -> list[Affine]:
    """The affine layers, selections written out."""
    return [layer for layer in network.dense().layers if isinstance(layer, Affine)]


HALF, ONE = Fraction(1, 2), Fraction(1)
