"""Row hKR, consistent estimator: "no" for unconstrained networks, "yes (Appendix B)" for L-Lipschitz ones.

Unconstrained: for a fair coin independent of X uniform on [0, 1] the expected loss is at least lambda m, while a hidden
unit that sees the largest input of the sample alone takes the empirical loss below every bound. L-Lipschitz: right for
balanced labels; it fails for laws whose rarer label has exactly the probability 1/(2 + lambda) (glivenko_cantelli.hkr).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.glivenko_cantelli import hkr as appendix
from lipcheck.claims.bethune2021.glivenko_cantelli._classes import bounded_functions
from lipcheck.claims.bethune2021.proposition_5._steps import infima, kept
from lipcheck.claims.bethune2021.table_1._transport import ROW, SOURCE
from lipcheck.claims.bethune2021.table_1.wasserstein_consistency import DISTINCT
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "[Table 1, hKR [32] L_λ, consistent estimator, unconstrained NN:] no"
PRINTED_LIPSCHITZ = (
    "[Table 1, hKR [32] L_λ, consistent estimator, L-Lipschitz NN:] yes (Appendix B). [Appendix B:] Loss L_λ still "
    "belong to Glivenko–Cantelli classes as sum of functions from Glivenko–Cantelli classes (on same distribution P_X)."
)


def fair(variant: Variant) -> list[Forall]:
    """A fair coin at every input: the expected loss of the value v is lambda/2 ((m - v)+ + (m + v)+) >= lambda m."""
    v, m, h, k, p, lam = map(var, ("v", "m", "h", "k", "p", "lam"))
    coin: dict[str, Formula] = {"fair": equals(2 * p, 1), "hinges": conj(h + k >= 2 * m, lam > 0)}
    loss = p * (-v + lam * h) + (1 - p) * (v + lam * k)
    hinges = positive_part(m - v) + positive_part(m + v) >= 2 * m
    return [
        Forall("the two hinges", {}, hinges),
        Forall("a fair coin", kept(variant, coin, ["fair"]), loss >= variant.value("least", 1) * (lam * m)),
    ]


def sample(variant: Variant) -> list[Forall]:
    """The unit sees the largest input x alone: margin s = c (x - z) >= m there, z the next one, and 0 at the others.

    The summed loss is at most -s + lambda m n.
    """
    x, z, c, s, m, lam, n, B = map(var, ("x", "z", "c", "s", "m", "lam", "n", "B"))
    gap: dict[str, Formula] = {"distinct": x > z, "c": equals(c * (x - z), s), "s": s > 0}
    far: dict[str, Formula] = {"s": conj(s >= m, m > 0)}
    low: dict[str, Formula] = {"s": s >= B + lam * m * n}
    return [
        Forall("the margin at the largest input", kept(variant, gap, ["distinct"]), c > 0),
        Forall("its hinge is 0", far, equals(positive_part(m - s), 0)),
        Forall("the other inputs see nothing", {"below": var("y") <= z}, equals(positive_part(var("y") - z), 0)),
        Forall("below every bound", low, -s + lam * m * n <= -B),
    ]


def lipschitz(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Laws at the threshold and constants, as for appendix B; the hinges and the samples from budget ci on."""
    later: list[Obligation] = [appendix.hinges(), appendix.below()] if budget is not Budget.SMOKE else []
    return [appendix.consistent(variant), appendix.slopes(), *later]


def balanced(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Labels of probability 1/2 lie above the threshold; the steps of appendix B above it, for Lip_L = Lip_1 of L X.

    The obligations without hypotheses, and rounding, from budget ci on.
    """
    lam = var("lam")
    half = Forall("1/2 exceeds 1/(2 + lambda)", {"lambda": lam > 0}, Fraction(1, 2) * (2 + lam) > 1)
    if budget is Budget.SMOKE:
        return [half, appendix.coercive(variant), bounded_functions(variant), infima(variant)]
    return [half, *appendix.sharp(variant, budget)]


def unconstrained(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Expected losses are at least lambda m, and empirical ones have no bound."""
    return [*fair(variant), *sample(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.hkr_consistency_unconstrained",
        source=SOURCE,
        printed=PRINTED,
        reading="not in general: for some law the least empirical loss does not converge to the least expected one",
        statement="Let X be uniform on [0, 1], Y an independent fair coin, lambda, m > 0. Almost surely, for every "
        "sample size, the infimum of the mean of L_lambda over networks with one hidden ReLU unit is minus infinity, "
        "while the least expected loss over all functions is lambda m, attained by f = 0.",
        expected=Verdict.PROVED,
        obligations=unconstrained,
        scope="this law; any law without atoms and labels that are independent fair coins",
        covers_all=True,
        hypotheses={"fair": "Y is a fair coin, independent of X", "distinct": "the inputs are distinct"},
        constants={"least": Constant(Fraction(1), Fraction(101, 100), words="of lambda m, the least expected loss")},
        textbook=(DISTINCT,),
        argument="proof_transport.md#consistency-of-hkr",
        notes="L-Lipschitz functions are consistent here (glivenko_cantelli.hkr_sharp): 1/2 > 1/(2 + lambda).",
    ),
    Claim(
        id=f"{ROW}.hkr_consistency_lipschitz",
        source=f"{SOURCE}; appendix B, 'Results of Table 1'",
        printed=PRINTED_LIPSCHITZ,
        reading="the setting of Proposition 5, for balanced labels as in equation 6 and the other cells on transport",
        statement="For every law on X x Y with X bounded and P(Y = 1) = 1/2, every lambda > 0, m >= 0 and L > 0: the "
        "infimum over Lip_L(X, R) of the mean of L_lambda converges almost surely to that of its expectation. So it "
        "does whenever both labels have probabilities above 1/(2 + lambda).",
        expected=Verdict.PROVED,
        obligations=balanced,
        scope="all such laws on bounded sets, all lambda and L",
        covers_all=True,
        hypotheses=appendix.CLAIMS[1].hypotheses,
        constants=appendix.CLAIMS[1].constants,
        textbook=appendix.CLAIMS[1].textbook,
        depends_on=("bethune2021.glivenko_cantelli.hkr_sharp",),
        argument="proof_transport.md#consistency-of-hkr",
        notes="The reason in appendix B, a sum of Glivenko-Cantelli classes, is wrong: -y f is unbounded in the "
        "constants (glivenko_cantelli.hkr).",
    ),
    Claim(
        id=f"{ROW}.hkr_consistency_lipschitz_any",
        source=f"{SOURCE}; appendix B, 'Results of Table 1'",
        printed=PRINTED_LIPSCHITZ,
        short="fails where the rarer class has probability 1/(2+λ) exactly; true for every other law",
        reading="the setting of Proposition 5, with L_lambda for the BCE; every law of two classes, every lambda > 0",
        variant_of=f"{ROW}.hkr_consistency_lipschitz",
        statement="For every law on X x Y of two classes with X bounded, every lambda > 0 and m >= 0: the infimum over "
        "Lip_1(X, R) of the mean of L_lambda converges almost surely to that of its expectation.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=lipschitz,
        scope="all laws of two classes, all lambda > 0",
        covers_all=True,
        counterexamples={"consistency": appendix.THIRD},
        near_misses=(
            NearMiss("consistency", {"lam": "2", "pi": "1/3"}, "above the threshold 1/4"),
            NearMiss("consistency", {"lam": "1", "pi": "1/5"}, "below: both infima are minus infinity"),
        ),
        minimality="one point and constants; the counterexamples are exactly the laws at the threshold",
        snippet=appendix.SNIPPET,
        repairs={"laws off the threshold": Variant(repaired=True)},
        repaired_by=f"{ROW}.hkr_consistency_lipschitz",
        textbook=appendix.CLAIMS[0].textbook,
        argument="proof_transport.md#consistency-of-hkr",
        notes="For balanced classes, and for every law off the threshold, the cell is right; its reason, a sum of "
        "Glivenko-Cantelli classes, is not: -y f is unbounded in the constants.",
    ),
)
