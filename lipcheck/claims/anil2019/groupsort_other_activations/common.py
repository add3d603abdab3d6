"""What the claims about other activations share: the sources, the printed words, and sorting as terms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.network import GroupSort, Network, Order
from lipcheck.readings.smt import evaluate
from lipcheck.words.claim import Textbook
from lipcheck.words.terms import Term, maximum, positive_part

ROW = "anil2019.groupsort_other_activations"
ICML = (
    "Anil et al. 2019, section 4.1, GroupSort and other activations (ICML 2019; ICLR: Representing other activations)"
)
APPENDIX = "Anil et al. 2019, appendix A, GroupSort and other activations (ICLR 2019 submission)"

RECOVER = (
    "Without norm constraints, GroupSort can recover many other common activation functions. For example, ReLU, Leaky "
    "ReLU, concatenated ReLU (Shang et al., 2016), and Maxout (Goodfellow et al., 2013)."
)
EQUATION_8 = "MaxMin([x; 0]) = [ReLU(x); -ReLU(-x)]  (8)"
ZERO_ELEMENTS = (
    "Thus, by adding 0 elements to the pre-activations and then applying another linear transformation after MaxMin we "
    "can output either ReLU or concatenated ReLU."
)
LEAKY = (
    "If instead of adding 0 to the preactivations we added aX we could recover Leaky ReLU by using a linear "
    "transformation to select max(X, aX)."
)
MAXOUT = (
    "To recover maxout with groups of size k, we perform GroupSort with groups of size k and use the next linear "
    "transformation to select the first element of each group after sorting (corresponding to the max)."
)
ASCENDING = "[section 4.1: sorts each group into ascending order]"

BLOCKS = Textbook(
    "the p-norm of a block-diagonal matrix is the largest p-norm of its blocks", "Higham, Accuracy and Stability, 6.2"
)
UNITS = Textbook("induction over the units", "Peano's axioms")
ONE, ZERO = Fraction(1), Fraction(0)


def sort(values: Sequence[Term], order: Order) -> tuple[Term, ...]:
    """The values as one sorted group."""
    return evaluate(Network(len(values), (GroupSort(len(values), order=order),)), values)


def relu(x: Term) -> Term:
    """max(x, 0)."""
    return positive_part(x)


def leaky(x: Term, slope: Term | Fraction) -> Term:
    """x for x > 0, slope x elsewhere: ReLU(x) - slope ReLU(-x)."""
    return positive_part(x) - slope * positive_part(-x)


def largest(values: Sequence[Term]) -> Term:
    """The maximum of the values, one after the other."""
    best = values[0]
    for value in values[1:]:
        best = maximum(value, best)
    return best
