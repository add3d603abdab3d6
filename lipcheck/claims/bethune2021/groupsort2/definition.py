"""Section 2.3: the definition of GroupSort2.

Plain reading: coordinates are counted from 0, the width w is even and i runs through 0, ..., w/2 - 1. Then every output
is named exactly once. With an odd width the last output has no partner; counted from 1, the first one has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.network import GroupSort, Network
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import maximum, minimum, var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.groupsort2"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 2.3"
PRINTED = (
    "GroupSort2 [17] is defined such that GroupSort2(x)_{2i,2i+1} = [min(x_{2i}, x_{2i+1}), max(x_{2i}, x_{2i+1})] for "
    "all i."
)
LAYERS = "layers"


class LayerError(LipcheckError, ValueError):
    """Data that spell no layer."""


def named(first: int, width: int) -> list[int]:
    """The coordinates in the pairs {2 i, 2 i + 1} all of which lie among first, ..., first + width - 1."""
    pairs = ((2 * i, 2 * i + 1) for i in range(width + 1))
    return [j for pair in pairs if first <= pair[0] and pair[1] < first + width for j in pair]


def examine(data: Data) -> Examination:
    """Whether the pairs name every output exactly once."""
    match data:
        case {"width": int(width), "first": 0 | 1 as first, **rest} if not rest and 1 <= width <= 1000:
            every = list(range(first, first + width))
            found = {"even width": width % 2 == 0, "counted from 0": first == 0}
            return Examination(found, sorted(named(first, width)) == every)
    raise LayerError("Give {'width': 1 to 1000, 'first': 0 or 1}.")


def layers(candidates: Sequence[Any], dropped: frozenset[str]) -> Universal:
    """Single layers."""
    return Universal(LAYERS, "the pairs name every output of the layer exactly once", examine, lambda: candidates,
                     dropped)  # fmt: skip


def formula(width: int) -> Exhaustive:
    """The formula against the layer of this package, for all vectors with entries 0, 1, 2: all orders and ties."""

    def elements() -> Iterator[list[int]]:
        return (list(x) for x in product(range(3), repeat=width))

    def holds(x: list[int]) -> bool:
        given = [Fraction(v) for v in x]
        expected = [f(given[2 * i : 2 * i + 2]) for i in range(width // 2) for f in (min, max)]
        return list(evaluate(Network(width, (GroupSort(2, order="ascending"),)), given)) == expected

    text = "the formula gives what GroupSort with groups of two, in ascending order, gives"
    return Exhaustive(f"formula, width {width}", text, elements, holds, [width], size=width)


def one_more_pair() -> Forall:
    """With w = 2 k the pair number k names the outputs w and w + 1, the next two."""
    w, k = var("w"), var("k")
    names = conj(equals(2 * k, w), equals(2 * k + 1, w + 1), equals(w + 2, 2 * (k + 1)))
    return Forall("one more pair", {"even": equals(w, 2 * k)}, names)


def pair() -> Forall:
    """The two values of a pair are its two numbers, in order."""
    a, b = var("a"), var("b")
    low, high = minimum(a, b), maximum(a, b)
    kept_or_swapped = disj(conj(equals(low, a), equals(high, b)), conj(equals(low, b), equals(high, a)))
    return Forall("a pair is rearranged", {}, conj(kept_or_swapped, low <= high))


def well_defined(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All even widths by induction; the formula on small vectors."""
    found = [{"width": 4, "first": 0}, {"width": 1, "first": 0}, {"width": 2, "first": 1}]
    sizes = [2] if budget is Budget.SMOKE else [2, 4]
    return [layers(found, variant.dropped), one_more_pair(), pair(), *map(formula, sizes)]


def printed(gone: str, smallest: Any, variant: Variant) -> Sequence[Obligation]:
    """The definition without one of its two tacit conventions."""
    return [layers([smallest], frozenset() if variant.repaired else frozenset({gone}))]


ODD: Any = {"width": 1, "first": 0}
FROM_ONE: Any = {"width": 2, "first": 1}
CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        reading="coordinates counted from 0, an even width w, and i = 0, ..., w/2 - 1",
        statement="For every even w the formula defines a map R^w → R^w, naming each output exactly once: the numbers "
        "of each pair in ascending order.",
        expected=Verdict.PROVED,
        obligations=well_defined,
        scope="all even widths",
        covers_all=True,
        hypotheses={"even width": "the width is even", "counted from 0": "coordinates are counted from 0"},
        textbook=(Textbook("induction over the pairs", "Peano's axioms"),),
        argument="proof.md#the-definition",
        notes="Lipschitz constant, Jacobian and norms: anil2019.groupsort_properties. MaxMin is the descending order. "
        "GroupSort is from [8]; [17] studies its approximation properties.",
    ),
    Claim(
        id=f"{ROW}.any_width",
        short="in an odd width the last output has no partner; in an even width each is named once",
        source=SOURCE,
        printed=PRINTED,
        reading="a layer of any width",
        variant_of=ROW,
        statement="For every w >= 1 the formula names each of the outputs 0, ..., w - 1 exactly once.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=lambda variant, budget: printed("even width", ODD, variant),
        scope="all widths",
        covers_all=True,
        repairs={"even": Variant(repaired=True)},
        counterexamples={LAYERS: ODD},
        near_misses=(
            NearMiss(LAYERS, {"width": 2, "first": 0}, "one pair"),
            NearMiss(LAYERS, {"width": 128, "first": 0}, "the width of Example 1"),
            NearMiss(LAYERS, {"width": 3, "first": 1}, "counted from 1"),
        ),
        minimality="width 1 is the least width; every odd width fails at its last output",
        snippet="""\
width = 3
named = [j for i in range(width) for j in (2 * i, 2 * i + 1) if 2 * i + 1 < width]
print("outputs of a layer of width", width, "that are named:", named)
assert 2 not in named
""",
        repaired_by=ROW,
        argument="proof.md#the-definition",
        notes="Example 1 has the width 128. Implementations either pass the last number on or raise an error.",
    ),
    Claim(
        id=f"{ROW}.from_one",
        short="counted from 1, the first output is in no pair; counted from 0 each is in one",
        source=SOURCE,
        printed=PRINTED,
        reading="coordinates x_1, ..., x_w counted from 1",
        variant_of=ROW,
        statement="For every even w the formula names each of the outputs 1, ..., w exactly once.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=lambda variant, budget: printed("counted from 0", FROM_ONE, variant),
        scope="all even widths",
        covers_all=True,
        repairs={"from 0": Variant(repaired=True)},
        counterexamples={LAYERS: FROM_ONE},
        near_misses=(
            NearMiss(LAYERS, {"width": 2, "first": 0}, "counted from 0"),
            NearMiss(LAYERS, {"width": 3, "first": 1}, "an odd width"),
        ),
        minimality="width 2 is the least even width; every even width fails at its first and last output",
        snippet="""\
outputs = [1, 2, 3, 4]
pairs = [(2 * i, 2 * i + 1) for i in range(5)]
named = [j for p in pairs if p[0] in outputs and p[1] in outputs for j in p]
print("named:", named)
assert named == [2, 3]
""",
        repaired_by=ROW,
        argument="proof.md#the-definition",
        notes="The paper counts examples and layers from 1; for coordinates it has no convention.",
    ),
)
