"""Appendix F, equation 26: the dual problem with objective and constraint exchanged.

Plain reading: four sets of functions on R^n, Lip(f) the best Lipschitz constant, are equal. This holds for epsilon > 0
and laws with finite first moments that differ. For P = Q the third set holds all functions of constant 1 and the second
only constants; for epsilon = 0 the second holds the zero function alone and the first all constants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.kr_duality.common import KANTOROVICH
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.reformulation"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix F"
PRINTED = (
    "The dual problem can be reformulated by swapping the objective and the constraint. argmin_{Pf−Qf ≥ "
    "εW(P,Q)} Lip(f) "
    "= ε argmin_{Pf−Qf ≥ W(P,Q)} Lip(f) = ε argmax_{Lip(f)=1} Pf−Qf = argmax_{Lip(f)=ε} Pf−Qf (26)"
)
PRINTED_UNITS = (
    "ε can be seen as re-scaling (change of units in physicist vocabulary). This make more clear the fact that "
    "changing "
    "the Lipschitz constant is just changing the units used to measure distance."
)
SAME: Any = {"p": "0", "q": "0", "epsilon": "1", "slope": "1", "offset": "0"}
ZERO: Any = {"p": "1", "q": "0", "epsilon": "0", "slope": "0", "offset": "1"}
L, gain, W, epsilon = map(var, ("L", "gain", "W", "epsilon"))


class LineError(LipcheckError, ValueError):
    """Data that spell no affine function with two atoms."""


def sets(data: Data) -> tuple[list[bool], bool, bool]:
    """Whether f(x) = slope x + offset lies in each of the four sets, for one atom each at p and q; P != Q; epsilon > 0.

    W = |p - q|. The least constant under the constraint is epsilon if W > 0, else 0. f is epsilon g with g = f/epsilon;
    for epsilon = 0 it has to be the zero function.
    """
    if not isinstance(data, Mapping) or set(data) != {"p", "q", "epsilon", "slope", "offset"}:
        raise LineError("give the atoms p and q, epsilon, and the slope and the offset of f")
    p, q, eps, slope, offset = (parse(data[k]) for k in ("p", "q", "epsilon", "slope", "offset"))
    if eps < 0:
        raise LineError("epsilon is not negative")
    distance = abs(p - q)

    def argmin(a: Fraction, scale: Fraction) -> bool:
        least = scale if distance > 0 else Fraction(0)
        return a * (p - q) >= scale * distance and abs(a) == least

    def argmax(a: Fraction, scale: Fraction) -> bool:
        return abs(a) == scale and a * (p - q) == scale * distance

    one, scaled = Fraction(1), eps > 0
    zero = slope == 0 and offset == 0
    second = argmin(slope / eps, one) if scaled else zero
    third = argmax(slope / eps, one) if scaled else zero
    return [argmin(slope, eps), second, third, argmax(slope, eps)], distance > 0, scaled


def any_laws(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A function is in all four sets or in none; repaired, for P != Q and epsilon > 0."""

    def examine(data: Data) -> Examination:
        inside, distinct, positive = sets(data)
        hypotheses = {"P != Q": distinct, "epsilon > 0": positive} if variant.repaired else {}
        return Examination(hypotheses, len(set(inside)) == 1)

    which = "P != Q and epsilon > 0" if variant.repaired else "all laws and epsilon >= 0"
    text = f"f lies in all four sets or in none, for {which}"
    return [
        Universal("P = Q", text, examine, lambda: [SAME], parameters=which),
        Universal("epsilon = 0", text, examine, lambda: [ZERO], parameters=which),
    ]


def equalities(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All four sets are {f : Lip f = epsilon, Pf - Qf = epsilon W}. L = Lip f, gain = Pf - Qf."""
    duality = conj(gain <= L * W, L >= 0)
    given: dict[str, Formula] = {"duality": duality}
    if variant.keeps("different laws"):
        given["different laws"] = W > 0
    scale: dict[str, Formula] = {"epsilon": epsilon > 0} if variant.keeps("epsilon") else {"epsilon": epsilon >= 0}
    factor = variant.value("factor", 1)
    reached = conj(equals(L, epsilon), equals(gain, factor * epsilon * W))
    feasible: dict[str, Formula] = {**given, **scale, "constraint": gain >= epsilon * W}
    a, d, f_x, f_y = map(var, ("a", "d", "f_x", "f_y"))
    divided: dict[str, Formula] = {**scale, "g": conj(equals(f_x, epsilon * a), equals(f_y, epsilon * d))}
    return [
        Forall("no feasible function has a smaller constant", feasible, epsilon <= L),
        Forall("the first set", {**feasible, "least": epsilon >= L}, reached),
        Forall("the fourth set: no larger gain", {**given, **scale, "L": equals(L, epsilon)}, gain <= epsilon * W),
        Forall(
            "members of the fourth set",
            {**given, **scale, "L": equals(L, epsilon), "best": gain >= epsilon * W},
            reached,
        ),
        Forall("members are feasible", {**scale, "f": reached}, gain >= epsilon * W),
        # f = epsilon g: constants and gains scale, and for epsilon > 0 every f arises so
        Forall(
            "second and third: scaled members", {**divided, "one": equals(a - d, W)}, equals(f_x - f_y, epsilon * W)
        ),
        Forall(
            "second and third: every member arises", {**divided, "f": equals(f_x - f_y, epsilon * W)}, equals(a - d, W)
        ),
    ]


def units(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f rises by at most K d if and only if it rises by at most 1 times the distance K d in other units."""
    rise, d, K, scaled, m, cost, more = map(var, ("rise", "d", "K", "scaled", "m", "cost", "more"))
    given: dict[str, Formula] = {"units": equals(scaled, K * d)} if variant.keeps("units") else {}
    factor = variant.value("factor", 1)
    return [
        Forall("K-Lipschitz is 1-Lipschitz", {**given, "K-Lipschitz": rise <= K * d}, rise <= factor * scaled),
        Forall(
            "1-Lipschitz is K-Lipschitz",
            {**given, "1-Lipschitz": rise <= scaled, "d": conj(d >= 0, K > 0)},
            rise <= K * d,
        ),
        Forall(
            "one more pair of a coupling",
            {**given, "so far": equals(more, K * cost)},
            equals(more + m * scaled, K * (cost + m * d)),
        ),
    ]


CLAIMS = (
    Claim(
        id=ROW,
        source=f"{SOURCE}, equation 26",
        printed=PRINTED,
        reading="laws with finite first moments that differ, and epsilon > 0",
        statement="If P != Q have finite first moments and epsilon > 0, the four sets of equation 26 are equal and not "
        "empty: each is the set of f with Lip(f) = epsilon and Pf - Qf = epsilon W(P, Q).",
        expected=Verdict.PROVED,
        obligations=equalities,
        scope="all such laws on R^n, functions on R^n with their best constant",
        covers_all=True,
        hypotheses={"different laws": "W(P, Q) > 0", "epsilon": "epsilon is positive, not only nonnegative"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of epsilon W, the gain of the members")},
        textbook=(KANTOROVICH,),
        argument="proof.md#the-four-sets",
        notes="The maximum is attained (Villani), which makes the sets nonempty. Lip(f) <= epsilon gives the same set.",
    ),
    Claim(
        id=f"{ROW}.any_laws",
        source=f"{SOURCE}, equation 26",
        printed=PRINTED,
        reading="as printed: all laws, epsilon >= 0",
        variant_of=ROW,
        statement="For all laws P, Q with finite first moments and all epsilon >= 0 the four sets of equation 26 are "
        "equal.",
        short="fails for P = Q (all f with Lip f = 1 are in set 3, none in set 2) and for epsilon = 0; needs W, "
        "eps > 0",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=any_laws,
        scope="one atom each on the line, affine functions",
        covers_all=True,
        repairs={"P != Q and epsilon > 0": Variant(repaired=True)},
        counterexamples={"P = Q": SAME, "epsilon = 0": ZERO},
        near_misses=(
            NearMiss("P = Q", {**SAME, "p": "1"}, "P != Q: f(x) = x is in all four sets"),
            NearMiss("P = Q", {**SAME, "slope": "1/2"}, "in none of the four sets for epsilon = 1"),
            NearMiss("epsilon = 0", {**ZERO, "offset": "0"}, "the zero function is in all four sets"),
            NearMiss("epsilon = 0", {**ZERO, "epsilon": "1"}, "constants are in no set"),
        ),
        minimality="one atom, respectively one constant function; with W > 0 and epsilon > 0 the sets are equal",
        snippet="""\
# P = Q = atom at 0, epsilon = 1: W = 0, and every function satisfies Pf - Qf >= W
lip = {"f(x) = 0": 0, "f(x) = x": 1}
least = {f for f in lip if lip[f] == min(lip.values())}      # the argmin of Lip(f)
best = {f for f in lip if lip[f] == 1}                       # Lip(f) = 1: all have Pf - Qf = 0
print("second set:", least, " third set:", best)
assert least != best
""",
        repaired_by=ROW,
        argument="proof.md#degenerate-cases",
        notes="Degenerate cases that every author would exclude; nothing in the text does.",
    ),
    Claim(
        id=f"{ROW}.units",
        source=f"{SOURCE}, below equation 26",
        printed=PRINTED_UNITS,
        reading="the distance is the one on the inputs",
        statement="For K > 0, f is K-Lipschitz for the distance d if and only if it is 1-Lipschitz for K d. So "
        "for every "
        "loss the problem over K-Lipschitz functions is the problem over 1-Lipschitz functions in the units K "
        "d, in which "
        "W is K times as large.",
        expected=Verdict.PROVED,
        obligations=units,
        scope="all metric spaces, all losses, all K > 0",
        covers_all=True,
        hypotheses={"units": "the other distance is K d"},
        constants={"factor": Constant(Fraction(1), Fraction(99, 100), words="of the distance in the other units")},
        argument="proof.md#units",
        notes="Units of the inputs, not of the logits: f/K need not minimize BCE or hinge over 1-Lipschitz "
        "functions with "
        "the old distance, as the paper says before Example 3.",
    ),
)
