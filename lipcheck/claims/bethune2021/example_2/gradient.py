"""After Example 2: "there is an issue of vanishing gradient with BCE: lim as y f(x) -> infinity of ||grad L|| = 0".

The loss of a margin m has the derivative -1/(1 + e^m). The print writes the loss L(y f(x), y); taken literally, with
the definition L(f, y) = -log sigma(y f), the label enters twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.bethune2021._bce import EXP, PAPER
from lipcheck.claims.bethune2021.example_2.infimum import ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{PAPER}, section 4, after Example 2"
PRINTED = "Moreover there is an issue of vanishing gradient with BCE: lim_{y f(x) → ∞} ||∇_{y f(x)} L(y f(x), y)|| = 0."
LITERAL = "the derivative falls below epsilon"


def margin(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """g = 1/(1 + E) with E = e^m is the size of the derivative; it is below epsilon if E epsilon >= 1."""
    g, E, epsilon = var("g"), var("E"), var("epsilon")
    given: dict[str, Formula] = {"derivative": conj(equals(g * (1 + E), 1), E > 0), "epsilon": epsilon > 0}
    if variant.keeps("large"):
        given["large"] = E * epsilon >= 1
    return [Forall(LITERAL, given, conj(g > 0, g < epsilon))]


def literal(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """-log sigma(y m) with m = y f(x): the derivative in m is 1/(1 + F) in size with F = e^(y m), E = e^m."""
    g, E, F, y, epsilon = map(var, ("g", "E", "F", "y", "epsilon"))
    plus, minus = conj(equals(y, 1), equals(F, E)), conj(equals(y, -1), equals(F * E, 1))
    given: dict[str, Formula] = {
        "derivative": conj(equals(g * (1 + F), 1), E > 0, F > 0),
        "label": plus if variant.repaired else disj(plus, minus),
        "large": conj(epsilon > 0, E * epsilon >= 1),
    }
    return [Forall(LITERAL, given, g < epsilon)]


CLAIMS = (
    Claim(
        id=f"{ROW}.vanishing_gradient",
        source=SOURCE,
        printed=PRINTED,
        reading="the loss as a function of the margin m = y f(x): -log sigma(m)",
        statement="The derivative of log(1 + e^-m) is -1/(1 + e^m); its size is below epsilon once e^m >= 1/epsilon, "
        "and never 0.",
        expected=Verdict.PROVED,
        obligations=margin,
        scope="all real margins, all epsilon > 0",
        covers_all=True,
        hypotheses={"large": "e^m >= 1/epsilon"},
        textbook=(EXP,),
        argument="proof.md#the-vanishing-derivative",
    ),
    Claim(
        id=f"{ROW}.vanishing_gradient_literal",
        variant_of=f"{ROW}.vanishing_gradient",
        short="L(y f, y) has the label twice: for y = −1 the derivative tends to 1; −log σ(m) is meant",
        source=SOURCE,
        printed=PRINTED,
        reading="literal: L(y f(x), y) = -log sigma(y (y f(x))), by the definition of L",
        statement="For y in {-1, 1} and m = y f(x), the derivative of -log sigma(y m) in m tends to 0 as m -> "
        "infinity.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=literal,
        scope="both labels",
        covers_all=True,
        repairs={"the label +1, for which both readings agree": Variant(repaired=True)},
        counterexamples={LITERAL: {"y": "-1", "E": "4", "F": "1/4", "g": "4/5", "epsilon": "1/4"}},
        near_misses=(
            NearMiss(LITERAL, {"y": "1", "E": "4", "F": "4", "g": "1/5", "epsilon": "1/4"}, "the label +1"),
            NearMiss(LITERAL, {"y": "-1", "E": "1", "F": "1", "g": "1/2", "epsilon": "1/4"}, "margin 0"),
        ),
        minimality="one point; for the label +1 the statement holds",
        snippet=(
            "from math import exp\n"
            "y = -1\n"
            "def size(m): return 1 / (1 + exp(y * m))  # of the derivative of log(1 + exp(-y m)) in m = y f(x)\n"
            "print([size(m) for m in (1, 5, 20)])\n"
            "assert size(20) > 0.99"
        ),
        repaired_by=f"{ROW}.vanishing_gradient",
        argument="proof.md#the-vanishing-derivative",
    ),
)
