"""Anil et al. 2019, ICLR appendix A: maxout from GroupSort by "the first element of each group (corresponding to the
max)".

In the ascending order of section 4.1 the first element of a group is the minimum; the maximum is the last. With the
maximum first, as in MaxMin and equation 8, the sentence is right.
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.build.activations import maxout_by_groupsort
from lipcheck.claims.anil2019.groupsort_other_activations.common import (
    APPENDIX,
    ASCENDING,
    MAXOUT,
    ROW,
    largest,
    sort,
)
from lipcheck.network import Maxout, Network
from lipcheck.readings.smt import evaluate
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import equals, same
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import variables
from lipcheck.words.verdict import Budget, Grade, Verdict

SELECT = "the first element of a sorted group of {}"


def first(k: int, descending: bool) -> Forall:
    """The first element of the sorted group against the maximum."""
    x = variables("x", k)
    chosen = sort(x, "descending" if descending else "ascending")[0]
    return Forall(SELECT.format(k), {}, equals(chosen, largest(x)), size=k)


def groups(k: int, count: int) -> Forall:
    """The network with a selection for weight."""
    x = variables("x", k * count)
    right = evaluate(Network(k * count, (Maxout(k),)), x)
    return Forall(f"{count} groups of {k}", {}, same(evaluate(maxout_by_groupsort(k, count), x), right), size=k * count)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Groups of some sizes; that the first of a nonincreasing vector is its maximum holds for every size."""
    descending = variant.keeps("maximum first")
    smallest = first(2, descending)
    return [smallest] if budget is Budget.SMOKE else [smallest, first(3, descending), groups(2, 2), groups(3, 1)]


def ascending(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The same in the order of section 4.1; the repair selects the last element instead."""
    x = variables("x", 2)
    element = sort(x, "ascending")[-1 if variant.repaired else 0]
    single = Forall("minimal: groups of one", {}, equals(sort(x[:1], "ascending")[0], x[0]), size=1)
    tie = Forall("minimal: equal numbers", {"tie": equals(x[0], x[1])}, equals(sort(x, "ascending")[0], largest(x)),
                 size=2)  # fmt: skip
    return [Forall(SELECT.format(2), {}, equals(element, largest(x)), size=2), single, tie]


SNIPPET = """\
from fractions import Fraction as F
group = [F(1), F(0)]
image = sorted(group)  # "sorts each group into ascending order"
print("first element:", image[0], " last element:", image[-1], " maxout:", max(group))
assert image[0] != max(group) == image[-1]
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.maxout",
        source=APPENDIX,
        printed=MAXOUT,
        statement=(
            "For every k, GroupSort with groups of size k, the maximum first, followed by the selection of the first "
            "element of each group is maxout with groups of size k, for all inputs; the selection has p-norm 1 for "
            "every p."
        ),
        reading="groups are sorted with the maximum first, as the words in parentheses say",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every k, every number of groups",
        covers_all=True,
        hypotheses={"maximum first": "the sort is descending"},
        textbook=(Textbook("the first entry of a nonincreasing vector is its maximum", "definition of a maximum"),),
        argument="proof.md#maxout",
    ),
    Claim(
        id=f"{ROW}.maxout_ascending",
        source=f"{APPENDIX}, with section 4.1",
        printed=f"{MAXOUT} {ASCENDING}",
        statement="The first element of each group after GroupSort, ascending as in section 4.1, is the maximum.",
        reading="GroupSort as section 4.1 defines it",
        variant_of=f"{ROW}.maxout",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=ascending,
        scope="every group with two different numbers",
        covers_all=True,
        repairs={"the last element": Variant(repaired=True)},
        counterexamples={SELECT.format(2): {"x1": "1", "x2": "0"}},
        near_misses=(NearMiss(SELECT.format(2), {"x1": "1", "x2": "1"}, "the two numbers are equal"),),
        minimality="the least group with two numbers, which must differ",
        short="ascending, as in section 4.1, a group's first element is its minimum; the last one is the maximum",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.maxout",
        argument="proof.md#maxout",
        notes="The ascending order is stated in both versions, section 4.1; the last element is the maximum there.",
    ),
)
