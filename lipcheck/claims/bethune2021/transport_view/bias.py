"""Appendix E: "For a well chosen T we can enforce Z^p = Z^q, and such T can be find using bisection method", and
equation 25, which follows."""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.bethune2021.transport_view._words import ATOMS, ROW, SOURCE
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

PRINTED_T = (
    "We apply a bias term T ∈ R to classify with f_θ − T instead. For a well chosen T we can enforce Z_θ^p = "
    "Z_θ^q, and "
    "such T can be find using bisection method."
)
PRINTED_25 = (
    "The optimization is performed over the set of 1-Lipschitz functions. We end up with: Z_θ^p (E_{x∼P_θ}[∇_θ "
    "f_θ(x)] − "
    "E_{x∼Q_θ}[∇_θ f_θ(x)]) (25)"
)


def threshold(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """sigma(f - T) = 1/(1 + e), e = exp(T - f), falls strictly in T; so does Z^p, while Z^q rises."""
    e1, e2, s1, s2, w, before, after = map(var, ("e1", "e2", "s1", "s2", "w", "before", "after"))
    p1, p2, q1, q2, low, middle, high = map(var, ("p1", "p2", "q1", "q2", "low", "middle", "high"))
    logistic: dict[str, Formula] = {
        "values": conj(s1 > 0, s2 > 0, equals(s1 * (1 + e1), 1), equals(s2 * (1 + e2), 1)),
        "exponentials": e1 > 0,
    }
    if variant.keeps("larger threshold"):
        logistic["larger threshold"] = e2 > e1
    step: dict[str, Formula] = {"so far": after <= before, "atom": s2 < s1}
    if variant.keeps("weights"):
        step["weights"] = w > 0
    monotone = {"P": p2 < p1, "Q": q2 > q1}
    change: dict[str, Formula] = {"low": low > 0, "high": high < 0}
    kept = disj(equals(middle, 0), conj(middle > 0, high < 0), conj(low > 0, middle < 0))
    return [
        Forall("the logistic function falls", logistic, s2 < s1),
        Forall("one more atom", step, after + w * s2 < before + w * s1),
        Forall("at most one threshold", {**monotone, "equal": equals(p1, q1)}, disj(p2 > q2, p2 < q2)),
        Forall("the difference falls", monotone, p2 - q2 < p1 - q1),
        Forall("bisection keeps a change of sign", change, kept),
    ]


def equation(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equation 24 with equal Z; a threshold that moves with theta adds nothing."""
    Zp, Zq, at_p, at_q, drift, wrong_p, wrong_q = map(var, ("Zp", "Zq", "at_p", "at_q", "drift", "wrong_p", "wrong_q"))
    given: dict[str, Formula] = {"bias": equals(Zp, Zq)} if variant.keeps("bias") else {}
    rates = {"rates": conj(equals(wrong_p, 1 - Zp), equals(wrong_q, 1 - Zq))}
    plain = Zp * at_p - Zq * at_q
    return [
        Forall("equal constants", given, equals(plain, Zp * (at_p - at_q))),
        Forall(
            "a moving threshold", {**given, **rates}, equals(plain - drift * (wrong_p - wrong_q), Zp * (at_p - at_q))
        ),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.bias",
        source=f"{SOURCE}, below equation 24",
        printed=PRINTED_T,
        statement="For all laws P, Q and all measurable logits f there is exactly one T at which Z^p(T) = "
        "Z^q(T), with f "
        "- T in place of f, for the printed constants and for the repaired ones; Z^p - Z^q is continuous and strictly "
        "monotone in T and has both signs, so bisection converges to it.",
        expected=Verdict.PROVED,
        obligations=threshold,
        scope="all laws and logits",
        covers_all=True,
        hypotheses={
            "larger threshold": "of two thresholds the second is larger, so that exp(T - f) is",
            "weights": "masses are positive",
        },
        textbook=(
            ATOMS,
            Textbook("the integral of a positive function is positive", "Rudin, RCA, theorem 1.39"),
            Textbook("exp is strictly increasing, with limits 0 and infinity", "Rudin, Principles, theorem 8.6"),
            Textbook("dominated convergence: Z^p falls from 1 to 0 and Z^q rises from 0 to 1", "Rudin, RCA, 1.34"),
            Textbook("intermediate value theorem", "Rudin, Principles, theorem 4.23"),
        ),
        argument="proof.md#the-threshold",
        notes="This T is the best bias: the derivative of the loss in T is E_P[g^q] - E_Q[g^p].",
    ),
    Claim(
        id=f"{ROW}.equation_25",
        source=f"{SOURCE}, equation 25",
        printed=PRINTED_25,
        statement="If Z^p = Z^q, the descent direction of equation 24 is Z^p (E_{P_theta} grad f - E_{Q_theta} "
        "grad f); "
        "this stays true if T moves with theta so as to keep Z^p = Z^q.",
        expected=Verdict.PROVED,
        obligations=equation,
        scope="all laws and differentiable parametrizations; the printed and the repaired Z",
        covers_all=True,
        hypotheses={"bias": "T makes Z^p and Z^q equal"},
        textbook=(ATOMS,),
        depends_on=(ROW,),
        argument="proof.md#the-threshold",
        notes="With a moving T the gradient of f - T has the extra term grad T, whose weight E_P[g^q] - E_Q[g^p] is 0.",
    ),
)
