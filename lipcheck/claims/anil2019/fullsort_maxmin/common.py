"""What the claims about FullSort and MaxMin share: the source, the printed words, and sorting as terms."""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.network import GroupSort, Network, Order
from lipcheck.readings.smt import evaluate
from lipcheck.words.claim import Textbook
from lipcheck.words.formulas import And, conj
from lipcheck.words.terms import Term

ROW = "anil2019.fullsort_maxmin"
ICML = "Anil et al. 2019, section 4.1, Varying the Grouping Size (ICML 2019)"
APPENDIX = "Anil et al. 2019, appendix A, FullSort and MaxMin (ICLR 2019 submission)"

CHUNKED = (
    'FullSort can implement MaxMin by simply "chunking" the biases in pairs. To be more precise, let [x_max = '
    "sup_{x in X} ||x||_inf] where X represents the domain, and b = [b1, b2, ..., bn]^T where [x_max < b1 = b2 << "
    "b3 = b4 << ... << b_{n-1} = b_n] ([<<] denotes differing by at least x_max). We can write: MaxMin(x) = "
    "FullSort(Ix + b) - b, where I denotes the identity matrix."
)
ICML_CHUNKED = (
    'FullSort can implement MaxMin by "chunking" the biases in pairs. We can write: MaxMin(x) = FullSort(Ix + b) - b, '
    "where the biases b push each pair of activations to a different magnitude scale so that they get sorted "
    "independently (Appendix A.3)."
)
EXPRESSIVE = (
    "MaxMin and FullSort are equally expressive: they can be reduced to each other without violating the norm "
    "constraint on the weights."
)
REARRANGEMENT = Textbook(
    "a finite family of reals has exactly one nondecreasing rearrangement",
    "Hardy, Littlewood, Polya, Inequalities (1934), section 10.1",
)


def sort(values: Sequence[Term], size: int, order: Order = "ascending") -> tuple[Term, ...]:
    """The values, sorted in groups of `size`."""
    return evaluate(Network(len(values), (GroupSort(size, order=order),)), values)


def within(values: Sequence[Term], low: Term, high: Term) -> And:
    """low <= v <= high for every entry."""
    return conj(*(part for v in values for part in (v >= low, v <= high)))
