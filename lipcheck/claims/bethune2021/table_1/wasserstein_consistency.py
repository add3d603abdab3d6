"""Row Wasserstein, consistent estimator: "no" for unconstrained networks, "yes (Appendix B)" for L-Lipschitz ones.

Unconstrained: for P = Q uniform on [0, 1] every f has the expected loss 0, while one hidden unit that sees the largest
input of the sample alone takes the empirical loss below every bound, with common means and with class means.
L-Lipschitz: on labelled samples constants do the same as soon as the labels are not balanced (glivenko_cantelli).
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.bethune2021.glivenko_cantelli import wasserstein as appendix
from lipcheck.claims.bethune2021.proposition_5._steps import ASCOLI, STRONG_LAW, kept
from lipcheck.claims.bethune2021.table_1._transport import ROW, SOURCE
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "[Table 1, Wasserstein L_W, consistent estimator, unconstrained NN:] no"
PRINTED_LIPSCHITZ = (
    "[Table 1, Wasserstein L_W, consistent estimator, L-Lipschitz NN:] yes (Appendix B). [Appendix B:] The result is "
    "also straightforward for L_W: consistency of Wasserstein distance is a textbook result."
)
DISTINCT = Textbook(
    "independent inputs from a law without atoms are distinct, almost surely (Fubini)",
    "Rudin, Real and Complex Analysis, theorem 8.8",
)


def last_input(variant: Variant) -> list[Forall]:
    """f = y c max(x - s, 0), s the second largest input of the sample, x the largest, of label y: others see 0.

    Its weight in the mean is w = 1/p, or 1 over the size of its class: the loss is -w c (x - s).
    """
    x, s, z, y, c, w, B = map(var, ("x", "s", "z", "y", "c", "w", "B"))
    given: dict[str, Formula] = {
        "distinct": x > s,
        "label": equals(y**2, 1),
        "bound": conj(B > 0, w > 0),
        "c": equals(w * c * (x - s), B),
    }
    loss = equals(-w * y * (y * c * (x - s)), -B)
    h = var("h")
    gap: dict[str, Formula] = {"distinct": x > s, "weight": w > 0}
    factor: dict[str, Formula] = {"h": h > 0, "c": c * h >= B, "bound": B > 0}
    return [
        Forall("the other inputs see nothing", {"z": z <= s}, equals(positive_part(z - s), 0)),
        Forall("the largest input", given, loss),
        Forall("the largest input counts", kept(variant, gap, ["distinct"]), w * (x - s) > 0),
        Forall("the factor is positive", factor, c > 0),
    ]


def expected(variant: Variant) -> list[Forall]:
    """Equal laws of both classes, with the probability 1/2 each: the expected loss of every f is 0."""
    p, A, B = map(var, ("p", "A", "B"))
    given: dict[str, Formula] = {"balanced": equals(p, 1 - p), "same_law": equals(A, B)}
    given = kept(variant, given, ["balanced", "same_law"])
    return [Forall("expected losses", given, conj(equals(-p * A + (1 - p) * B, 0)))]


def unconstrained(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Empirical losses have no lower bound, expected ones are 0."""
    return [*last_input(variant), *expected(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.wasserstein_consistency_unconstrained",
        source=SOURCE,
        printed=PRINTED,
        reading="not in general: for some law the least empirical loss does not converge to the least expected one",
        statement="Let X be uniform on [0, 1] and Y an independent fair coin. Almost surely, for every sample size p, "
        "the infimum of the mean of -y f(x) over networks with one hidden ReLU unit is minus infinity, as is that of "
        "the difference of class means once both labels occur, while every network has the expected loss 0.",
        expected=Verdict.PROVED,
        obligations=unconstrained,
        scope="this law; any law without atoms and labels that are independent fair coins",
        covers_all=True,
        hypotheses={
            "distinct": "the inputs are distinct",
            "balanced": "P(Y = 1) = 1/2",
            "same_law": "P = Q",
        },
        textbook=(DISTINCT,),
        argument="proof_transport.md#consistency-of-the-wasserstein-loss",
        notes="Over 1-Lipschitz functions the class-wise version is consistent for this law "
        "(glivenko_cantelli.wasserstein_classes). For laws with pP != qQ both infima are minus infinity over "
        "unconstrained networks, in the end.",
    ),
    Claim(
        id=f"{ROW}.wasserstein_consistency_lipschitz",
        source=f"{SOURCE}; appendix B, 'Results of Table 1'",
        printed=PRINTED_LIPSCHITZ,
        short="inf of mean -y f is -∞ when the label counts differ, so for every odd sample; true with class means",
        reading="as for BCE (Proposition 5): labelled samples of a law with P(y = 1) = 1/2",
        statement="For every law on X x Y with X bounded and P(y = 1) = 1/2 and every L > 0: the infimum over "
        "Lip_L(X, R) of the mean of -y_i f(x_i) converges almost surely to that of E[-y f(x)].",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=appendix.samples,
        scope="all balanced laws",
        covers_all=True,
        counterexamples={"the infimum is finite": appendix.ONE},
        near_misses=(
            NearMiss("the infimum is finite", {"positive": 3, "negative": 3}, "balanced: constants cancel"),
            NearMiss("the infimum is finite", {"positive": 0, "negative": 0}, "no sample"),
        ),
        minimality="one example; every sample of odd size is a counterexample, for every balanced law and every L",
        snippet="""\
loss = lambda c: sum(-y * c for y in (1, 1, -1)) / 3     # three examples; the constant c is L-Lipschitz for every L
print([loss(c) for c in (0, 3, 30, 300)])
assert loss(300) == -100 and all(loss(c + 3) == loss(c) - 1 for c in range(0, 99, 3))    # no lower bound
""",
        repairs={"each class normalised by its own number": Variant(repaired=True)},
        repaired_by=f"{ROW}.wasserstein_consistency_lipschitz_classes",
        textbook=(STRONG_LAW,),
        argument="proof_transport.md#consistency-of-the-wasserstein-loss",
        notes="What appendix B calls a textbook result is the convergence of W(P_n, Q_k), of class-wise means.",
    ),
    Claim(
        id=f"{ROW}.wasserstein_consistency_lipschitz_classes",
        source=f"{SOURCE}; appendix B, 'Results of Table 1'",
        printed=PRINTED_LIPSCHITZ,
        reading="repaired: each class has a mean of its own",
        statement="For every law on X x Y with X bounded and both classes of positive probability and every L >= 0: "
        "L times the Wasserstein distance of the empirical measures of the two classes, the supremum over Lip_L of "
        "the difference of their means, converges almost surely to L W(P, Q).",
        expected=Verdict.PROVED,
        obligations=appendix.per_class,
        scope="all laws on bounded sets, all L",
        covers_all=True,
        hypotheses={
            "probability": "each class has total mass one",
            "lipschitz": "f is 1-Lipschitz; L f is L-Lipschitz and scales both sides",
            "bounded": "X has diameter D",
            "uniform": "means and expectations are near each other over the whole class",
        },
        textbook=(ASCOLI, STRONG_LAW),
        depends_on=("bethune2021.glivenko_cantelli.wasserstein_classes",),
        argument="proof_transport.md#consistency-of-the-wasserstein-loss",
    ),
)
