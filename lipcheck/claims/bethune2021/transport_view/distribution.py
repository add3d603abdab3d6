"""Appendix E, equation 23: the normalization of P_theta, and what Z^p is said to measure.

Printed: Z^p = E_P[g^p] and dP_theta = g^q dP / Z^p. The mass of P_theta is E_P[g^q] / E_P[g^p], which is 1 only if
E_P[g^p] = 1/2. The text below calls Z^p a rate of false negatives, which is E_P[g^q], and this does normalize.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.transport_view._words import ATOMS, ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED_23 = (
    "Now define Z_θ^p = E_{x∼P}[g_θ^p(x)] and Z_θ^q = E_{x∼Q}[g_θ^q(x)]. [...] dP_θ(x) = (1/Z_θ^p) g_θ^q(x) dP(x) and "
    "dQ_θ(x) = (1/Z_θ^q) g_θ^p(x) dQ(x) (23) Consequently, P_θ (resp. Q_θ) is a valid probability distribution on R^n "
    "corresponding to the probability of an example x to be incorrectly classified in class -1 (resp. +1)."
)
PRINTED_RATE = (
    "Z_θ^p can be seen as the weighted rate of false negatives. That is, the average mass of probability given "
    "to class "
    "-1 by f_θ when examples are sampled from class +1. Similarly, Z_θ^q can be seen as the rate of false positives."
)
SURE: Any = {"P": [["1", "3/4"]]}
MIXED: Any = {"P": [["1/2", "1/4"], ["1/2", "3/4"]]}
SNIPPET = """\
from fractions import Fraction as F
P = [(F(1), F(3, 4))]                                # one atom with g^p = sigma(f) = 3/4, f = log 3
Z = sum(w * s for w, s in P)                         # printed: E_P[g^p]
mass = sum(w * (1 - s) for w, s in P) / Z            # of dP_theta = g^q dP / Z
print("Z =", Z, " rate of false negatives = 1/4,  mass of P_theta =", mass)
assert mass == F(1, 3) and Z != F(1, 4)
"""


class LawError(LipcheckError, ValueError):
    """Data that spell no law with predicted probabilities."""


def read(data: Any) -> list[tuple[Fraction, Fraction]]:
    """[(mass, g^p), ...] of the atoms of P."""
    if not isinstance(data, Mapping) or set(data) != {"P"}:
        raise LawError("give the atoms of P, as a list of [mass, predicted probability of class +1]")
    atoms = [(parse(w), parse(s)) for w, s in data["P"]]
    if sum(w for w, _ in atoms) != 1 or any(w <= 0 or not 0 < s < 1 for w, s in atoms):
        raise LawError("masses are positive and add up to 1, and probabilities lie strictly between 0 and 1")
    return atoms


def means(data: Any) -> tuple[Fraction, Fraction]:
    """(E_P[g^p], E_P[g^q])."""
    atoms = read(data)
    return sum((w * s for w, s in atoms), Fraction(0)), sum((w * (1 - s) for w, s in atoms), Fraction(0))


def normalized(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The mass of g^q dP / Z is 1 for the printed Z; repaired, for Z = E_P[g^q]."""

    def examine(data: Data) -> Examination:
        right, wrong = means(data)
        return Examination({}, wrong / (wrong if variant.repaired else right) == 1)

    z = "E_P[g^q]" if variant.repaired else "E_P[g^p]"
    text = f"g^q dP / Z has mass 1 for Z = {z}"
    return [Universal("mass 1", text, examine, lambda: [MIXED, SURE], parameters=z), exactly_half()]


def exactly_half() -> Forall:
    """With a = E_P[g^p], so that E_P[g^q] = 1 - a: the mass (1 - a)/a is 1 only if a = 1/2."""
    a, mass = var("a"), var("mass")
    given: dict[str, Formula] = {"a": conj(a > 0, a < 1), "mass": equals(mass * a, 1 - a)}
    return Forall(
        "minimal: it fails unless E_P[g^p] = 1/2", given, disj(conj(mass > 1), conj(mass < 1), equals(2 * a, 1))
    )


def rate(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Z is the mean mass that class -1 is given on P."""

    def examine(data: Data) -> Examination:
        right, wrong = means(data)
        return Examination({}, (wrong if variant.repaired else right) == wrong)

    z = "E_P[g^q]" if variant.repaired else "E_P[g^p]"
    text = f"Z = {z} is the mean mass given to class -1 under P"
    return [Universal("false negatives", text, examine, lambda: [MIXED, SURE], parameters=z)]


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Z > 0, mass 1 atom by atom, Bayes' rule, and the same threshold as with the printed constants."""
    w, s, mass, Z, inverse, a, b, density = map(var, ("w", "s", "mass", "Z", "inverse", "a", "b", "density"))
    inside = conj(s > 0, s < 1)
    step: dict[str, Formula] = {"s": inside, "so far": equals(mass, Z)}
    more = variant.value("factor", 1) * w * (1 - s)
    positive: dict[str, Formula] = {"so far": Z >= 0, "s": inside}
    if variant.keeps("weights"):
        positive["weights"] = w > 0
    total: dict[str, Formula] = {"inverse": equals(Z * inverse, 1)}
    if variant.keeps("normalizer"):
        total["normalizer"] = equals(mass, Z)
    return [
        Forall("Z is positive, one more atom", positive, Z + w * (1 - s) > 0),
        Forall("mass and Z, one more atom", step, equals(mass + more, Z + w * (1 - s))),
        Forall("total mass", total, equals(mass * inverse, 1)),
        Forall(
            "Bayes' rule",
            {"inverse": equals(Z * inverse, 1), "law": equals(density, w * (1 - s) * inverse)},
            equals(density * Z, w * (1 - s)),
        ),
        Forall("the printed constants agree at the same threshold", {"printed": equals(a, b)}, equals(1 - a, 1 - b)),
        Forall("and at no other", {"right": equals(1 - a, 1 - b)}, equals(a, b)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.valid_distribution",
        source=f"{SOURCE}, equation 23",
        printed=PRINTED_23,
        statement="For all laws P and all logits f, dP_theta = g^q dP / E_P[g^p] is a probability law (and likewise "
        "Q_theta).",
        short="g^q dP / E_P[g^p] has mass 1 only if E_P[g^p] = 1/2; the normalizer is E_P[g^q]",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=normalized,
        scope="all laws and logits with E_P[g^p] != 1/2",
        covers_all=True,
        repairs={"Z = E_P[g^q]": Variant(repaired=True)},
        counterexamples={"mass 1": SURE},
        near_misses=(
            NearMiss("mass 1", MIXED, "E_P[g^p] = 1/2: the one case in which the constant is right"),
            NearMiss("mass 1", {"P": [["1", "1/2"]]}, "the logit 0"),
            NearMiss("mass 1", {"P": [["1/2", "3/4"]]}, "no probability law"),
        ),
        minimality="one atom; it fails exactly where E_P[g^p] != 1/2",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.distribution_sharp",
        argument="proof.md#the-normalization",
        notes="p and q are exchanged in the definition of Z; equations 24 and 25 are not affected.",
    ),
    Claim(
        id=f"{ROW}.false_negatives",
        source=f"{SOURCE}, between equations 22 and 23",
        printed=PRINTED_RATE,
        statement="Z^p = E_P[g^p], g^p = sigma(f), is the mean probability that f gives to class -1 under P.",
        short="E_P[g^p] is the mass given to class +1; the rate of false negatives is E_P[g^q]",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=rate,
        scope="all laws and logits with E_P[g^p] != 1/2",
        covers_all=True,
        repairs={"Z = E_P[g^q]": Variant(repaired=True)},
        counterexamples={"false negatives": SURE},
        near_misses=(
            NearMiss("false negatives", MIXED, "both rates are 1/2"),
            NearMiss("false negatives", {"P": [["1", "1"]]}, "no logit gives the probability 1"),
        ),
        minimality="one atom; it fails exactly where E_P[g^p] != 1/2",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.distribution_sharp",
        argument="proof.md#the-normalization",
    ),
    Claim(
        id=f"{ROW}.distribution_sharp",
        source=f"{SOURCE}, equation 23",
        printed=PRINTED_23,
        reading="repaired: Z^p = E_P[g^q] and Z^q = E_Q[g^p]",
        statement="With Z^p = E_P[g^q] > 0, the mean mass given to class -1 under P, dP_theta = g^q dP / Z^p is a "
        "probability law: that of x given that a label drawn from the prediction is wrong. Likewise for Q. The printed "
        "Z^p and Z^q are equal exactly if the right ones are.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all laws P and Q, all logits",
        covers_all=True,
        hypotheses={
            "weights": "P is a law: no negative masses, not all 0",
            "normalizer": "Z^p is the mean of the same g^q that stands in dP_theta",
        },
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of g^q dP in the mass of P_theta")},
        textbook=(ATOMS, Textbook("Bayes' rule", "Feller, An Introduction to Probability Theory 1, V.2")),
        argument="proof.md#the-normalization",
    ),
)
