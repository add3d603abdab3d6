"""What the claims about GroupSort share: the source, and sorting as terms."""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.network import GroupSort, Network, Order
from lipcheck.readings.smt import evaluate
from lipcheck.words.claim import Textbook
from lipcheck.words.formulas import And, conj
from lipcheck.words.terms import Term

SECTION = "Anil et al. 2019, section 4.1, Properties of GroupSort"
ICML = f"{SECTION} (ICML 2019)"
ICLR = f"{SECTION} (ICLR 2019 submission)"
ROW = "anil2019.groupsort_properties"

TRANSPOSITIONS = Textbook(
    "any vector is sorted by a sequence of compare-exchanges of neighbours that depends on its length alone",
    "Knuth, The Art of Computer Programming 3 (1998), sections 5.2.2 and 5.3.4",
)
REARRANGEMENT = Textbook(
    "a finite family of reals has exactly one nondecreasing rearrangement",
    "Hardy, Littlewood, Polya, Inequalities (1934), section 10.1",
)


def sort(values: Sequence[Term], order: Order = "ascending") -> tuple[Term, ...]:
    """The values as one sorted group."""
    return evaluate(Network(len(values), (GroupSort(len(values), order=order),)), values)


def within(values: Sequence[Term], bound: Term) -> And:
    """|v| <= bound for every entry."""
    return conj(*(part for v in values for part in (v <= bound, -v <= bound)))


def minus(left: Sequence[Term], right: Sequence[Term]) -> list[Term]:
    """left - right, entry by entry."""
    return [a - b for a, b in zip(left, right, strict=True)]
