"""Appendix G.1: "the optimal dual surface [...] is the absolute value function", and what it says about the distance.

Plain reading: for p1 = delta_0 and p2 = (delta_-1 + delta_1) / 2, |x| attains sup E_p1 f - E_p2 f. It gains -1, the
least value of all; -|x| gains 1. The distance is 1, and the only transport plan sends half of the mass to either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import LINE
from lipcheck.claims.anil2019.kr_duality.lower_bound import line
from lipcheck.claims.anil2019.wasserstein_examples.common import DIRAC, G1, RADIUS, ROW, SIDES
from lipcheck.network import Abs
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ABSOLUTE, MINUS, ZERO = line([[1]], Abs(), [[1]]), line([[1]], Abs(), [[-1]]), line([[0]])
PRINTED = (
    "We pick [p1(x) = δ0(x) and p2(x) = ½δ−1(x) + ½δ1(x)] [...] It can be shown that the optimal dual surface learned "
    "while computing the Wasserstein distance between p1 and p2 is the absolute value function."
)


def is_optimal(data: Data, sign: int) -> Examination:
    """Whether a network attains the distance; it has to be |x| or, for sign -1, -|x|."""
    parts = laws.function(data["network"])
    first, second = laws.read(data["first"]), laws.read(data["second"])
    pieces = {(p.slopes[0], p.offsets[0], p.inside > 0) for p in parts}
    hypotheses = {
        "the function": pieces == {(Fraction(sign), Fraction(0), True), (Fraction(-sign), Fraction(0), False)},
        "the laws": (first, second) == (laws.read(DIRAC), laws.read(SIDES)),
    }
    return Examination(hypotheses, laws.objective(parts, first, second) == laws.distance(first, second))


def pair(network: Data, **other: Any) -> Data:
    """The laws of the example with a network."""
    return {"first": DIRAC, "second": SIDES, "network": network, **other}


def optimal(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """|x| for the laws as printed; repaired, -|x|."""
    sign, name = (-1, "-|x|") if variant.repaired else (1, "|x|")
    return [Universal("the dual function", f"{name} attains W(p1, p2)", lambda data: is_optimal(data, sign),
                      lambda: [pair(ABSOLUTE), pair(MINUS)], parameters=sign)]  # fmt: skip


def low(data: Data, repaired: bool) -> Examination:
    """f(0) = 0 and |f'| <= 1: whether f(-1) and f(1) are at least 1, |x|'s values; repaired, at most 1."""
    parts = laws.function(data)
    sides = [laws.value(parts, Fraction(x)) for x in (-1, 1)]
    hypotheses = {"slope": laws.slope(parts) <= 1, "at 0": laws.value(parts, Fraction(0)) == 0}
    return Examination(hypotheses, all(v <= 1 if repaired else v >= 1 for v in sides))


def as_low(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """No 1-Lipschitz function that is 0 at 0 is lower than |x| at -1 and 1; repaired, none is higher."""
    text = f"no function of slope at most 1 that is 0 at 0 is {'higher' if variant.repaired else 'lower'} at -1 and 1"
    return [Universal("values at -1 and 1", text, lambda data: low(data, variant.repaired), lambda: [MINUS, ZERO],
                      parameters=variant.repaired)]  # fmt: skip


def plan(variant: Variant) -> Forall:
    """From one atom: masses a to -1, b to 1, both at distance r: a and b are the masses of p2, and the cost is 1."""
    a, b = var("a"), var("b")
    half, r = Fraction(1, 2), variant.value("radius", 1)
    given: dict[str, Formula] = {"marginals": conj(equals(a, half), equals(b, half))}
    return Forall("the only plan", given, conj(equals(a, b), equals(r * a + r * b, 1)))


def examine_distance(data: Data, radius: Fraction) -> Examination:
    """Whether the distance is 1."""
    far = [[str(Fraction(low) * radius), str(Fraction(high) * radius), mass] for low, high, mass in data["second"]]
    return Examination({}, laws.distance(laws.read(data["first"]), laws.read(far)) == 1)


def distance(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The distance by distribution functions, and by the only plan."""
    radius = variant.value("radius", 1)
    value = Universal("the distance", "W(p1, p2) = 1", lambda data: examine_distance(data, radius),
                      lambda: [{"first": DIRAC, "second": SIDES}], parameters=str(radius))  # fmt: skip
    return [value, plan(variant)]


SNIPPET = """\
def gain(f):                              # p1 = delta_0, p2 = (delta_-1 + delta_1) / 2
    return f(0) - (f(-1) + f(1)) / 2
print("|x| gains", gain(abs), " -|x| gains", gain(lambda x: -abs(x)), " a constant gains", gain(lambda x: 0))
assert gain(abs) == -1 < gain(lambda x: 0) < gain(lambda x: -abs(x)) == 1
"""
LOW_SNIPPET = """\
def f(x): return -abs(x)                  # slope at most 1, and f(0) = 0
print([(x, f(x), abs(x)) for x in (-1, 0, 1)])
assert f(0) == abs(0) and f(-1) < abs(-1) and f(1) < abs(1)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.absolute_value",
        source=G1,
        printed=PRINTED,
        statement="For p1 = delta_0 and p2 = (delta_-1 + delta_1) / 2, |x| attains sup E_p1 f - E_p2 f.",
        short="for p1, p2 in this order −|x| is optimal and gains 1; |x| gains −1",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=optimal,
        scope="this pair of laws",
        covers_all=True,
        repairs={"-|x|": Variant(repaired=True)},
        counterexamples={"the dual function": pair(ABSOLUTE)},
        near_misses=(
            NearMiss("the dual function", pair(MINUS), "-|x| gains 1"),
            NearMiss("the dual function", pair(ABSOLUTE, first=SIDES, second=DIRAC), "the two laws exchanged"),
            NearMiss("the dual function", pair(ZERO), "not |x|"),
        ),
        minimality="the statement is about one function and one pair of laws",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.n_cone",
        argument="proof.md#absolute-value",
        notes=(
            "A slip of sign: |x| is optimal with p1 and p2 exchanged, which leaves the distance as it is. As printed "
            "|x| gains -1, which is the least that any 1-Lipschitz function gains."
        ),
    ),
    Claim(
        id=f"{ROW}.as_low",
        source=G1,
        printed=(
            "the function that assigns ”as low values as possible” at x = 0 and assigns ”as low values as possible” at "
            "x = −1 and x = 1 while making sure that the absolute value of the slope of the function never exceeds 1, "
            "must be the absolute value function."
        ),
        statement="Of all f with |f'| <= 1 and f(0) = 0, |x| has the least values at -1 and at 1.",
        short="the lowest such function is −|x|; |x| is the highest at −1 and 1",
        reading="values relative to the value at 0; without this no lowest values exist at all",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=as_low,
        scope="functions on the line",
        covers_all=True,
        repairs={"as high as possible at -1 and 1": Variant(repaired=True)},
        counterexamples={"values at -1 and 1": MINUS},
        near_misses=(
            NearMiss("values at -1 and 1", ABSOLUTE, "|x| itself"),
            NearMiss("values at -1 and 1", line([[2]]), "slope 2"),
        ),
        minimality="one input; the opposite, -|x|, is the lowest function of all",
        snippet=LOW_SNIPPET,
        repaired_by=f"{ROW}.n_cone",
        argument="proof.md#absolute-value",
        notes="The second 'low' stands for 'high'; and then p1 and p2 have changed places, as in the claim before.",
    ),
    Claim(
        id=f"{ROW}.distance",
        source=G1,
        printed=(
            "The Wasserstein distance obtained using absolute value as the dual function is 1. This becomes clearer "
            "when viewed from the primal problem, as the transport plan that will minimize the primal objective will "
            "simply be to map the center Dirac delta equally to the ones near it. This requires all the unit masses to "
            "be moved by a distance of 1."
        ),
        statement=(
            "W(p1, p2) = 1 for p1 = delta_0 and p2 = (delta_-1 + delta_1) / 2; the only transport plan moves half of "
            "the mass to -1 and half to 1, by a distance of 1."
        ),
        reading="the dual function up to its sign, see `absolute_value`",
        expected=Verdict.PROVED,
        obligations=distance,
        scope="this pair of laws",
        covers_all=True,
        constants=RADIUS,
        textbook=(LINE,),
        argument="proof.md#absolute-value",
    ),
)
