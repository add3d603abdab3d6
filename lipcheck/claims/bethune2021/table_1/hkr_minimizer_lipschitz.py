"""Row hKR, minimizer, L-Lipschitz networks: "attained", which is right for balanced labels.

On a bounded set the minimum of L_lambda over Lip_L exists if and only if neither label is more than 1 + lambda times as
probable as the other; the bound itself is included. Otherwise constants have arbitrarily small losses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.glivenko_cantelli.hkr import coercive, falling, general, hinges, slopes
from lipcheck.claims.bethune2021.hinge_hkr import balance
from lipcheck.claims.bethune2021.proposition_5._steps import ASCOLI, kept
from lipcheck.claims.bethune2021.table_1._transport import ROW, SOURCE, TrainingSetError
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "[Table 1, hKR [32] L_λ, minimizer, L-Lipschitz NN:] attained"
BOUNDED = "constants do not fall for ever"
UNEVEN: Any = {"lambda": "1", "p": "3/4"}


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Data {"lambda", "p"}: the loss of the constants m + 1 and m + 2, and of their negatives, for m = 1."""

    def examine(data: Data) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"lambda", "p"}:
            raise TrainingSetError("give lambda and p = P(Y = 1)")
        strength, p = parse(data["lambda"]), parse(data["p"])

        def loss(t: Fraction) -> Fraction:
            zero, one = Fraction(0), Fraction(1)
            plus, minus = -t + strength * max(zero, one - t), t + strength * max(zero, one + t)
            return p * plus + (1 - p) * minus

        hypotheses = {"both labels": 0 < p < 1, "lambda": strength > 0}
        if variant.repaired:
            hypotheses["odds"] = p <= (1 + strength) * (1 - p) and 1 - p <= (1 + strength) * p
        far = [Fraction(2), Fraction(3)]
        return Examination(hypotheses, loss(far[1]) >= loss(far[0]) and loss(-far[1]) >= loss(-far[0]))

    text = f"the constants t and -t beyond m do not lower L_lambda{' within the odds' * variant.repaired}"
    found = Universal(BOUNDED, text, examine, lambda: [UNEVEN], parameters=variant.repaired)
    return [found, slopes(), falling(), *([hinges()] if budget is not Budget.SMOKE else [])]


def threshold(variant: Variant) -> list[Forall]:
    """Odds of 1 + lambda: raising f by t never costs, and costs nothing where f >= m; so f >= m can be had."""
    f, m, t, a, b, lam, rise, fall, h, k = map(var, ("f", "m", "t", "a", "b", "lam", "rise", "fall", "h", "k"))
    raised: dict[str, Formula] = {"t": t >= 0}
    given: dict[str, Formula] = {
        "weights": conj(a >= 0, b >= 0, lam >= 0, equals(a, (1 + lam) * b)),
        "changes": conj(fall <= -t, rise <= (1 + lam) * t),
    }
    above = {"above": conj(f >= m, t >= 0, m >= 0)}
    hinge = positive_part(m - f - t) <= positive_part(m - f)
    other = positive_part(m + f + t) <= positive_part(m + f) + t
    same = conj(equals(positive_part(m - f - t), 0), equals(positive_part(m + f + t), m + f + t))
    low: dict[str, Formula] = {"lipschitz": f >= h - k, "pinned": h >= m + k}
    return [
        Forall("the hinge of label 1, raised", raised, hinge),
        Forall("the hinge of label -1, raised", raised, other),
        Forall("raising costs nothing at the threshold", given, a * fall + b * rise <= 0),
        Forall("above m the loss is that of transport", above, same),
        Forall("pinned at m + L D", kept(variant, low, ["lipschitz"]), f >= m),
    ]


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Constants, functions near constants, and the threshold."""
    within, beyond = balance.obligations(variant, budget)
    constants = [beyond, coercive(Variant()), general(), hinges(), slopes()]
    return [within, *threshold(variant), *(constants if budget is not Budget.SMOKE else [])]


CLAIMS = (
    Claim(
        id=f"{ROW}.hkr_minimizer_lipschitz",
        source=SOURCE,
        printed=PRINTED,
        reading="for balanced labels, as in equation 6, on a bounded set, as in Propositions 4 and 5",
        statement="For every law on X x Y with X bounded and P(Y = 1) = 1/2, lambda, m > 0 and L >= 0, E[L_lambda] has "
        "a minimum over L-Lipschitz functions on X. In general, with 0 < p = P(Y = 1) < 1, it has one if and only if "
        "1/(1 + lambda) <= p/(1 - p) <= 1 + lambda; otherwise its infimum is minus infinity.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all laws on bounded sets, all lambda, m and L",
        covers_all=True,
        hypotheses={
            "odds": "the odds of the labels are within 1/(1 + lambda) and 1 + lambda",
            "lipschitz": "f is L-Lipschitz",
        },
        constants={"one": Constant(Fraction(1), Fraction(101, 100), words="of 1 + lambda in the bound on the odds")},
        textbook=(ASCOLI,),
        depends_on=("bethune2021.hinge_hkr.balance",),
        argument="proof_transport.md#hkr-over-lip_l",
    ),
    Claim(
        id=f"{ROW}.hkr_minimizer_lipschitz_any",
        source=SOURCE,
        printed=PRINTED,
        short="odds of the labels beyond 1 + λ: constants go to -∞; attained exactly for odds within 1 + λ",
        reading="every law of both labels on a bounded set, every lambda > 0",
        variant_of=f"{ROW}.hkr_minimizer_lipschitz",
        statement="For every law on X x Y with X bounded and both labels, every lambda, m and L > 0, L_lambda has a "
        "minimum over L-Lipschitz functions.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="all laws of both labels, all lambda",
        covers_all=True,
        counterexamples={BOUNDED: UNEVEN},
        near_misses=(
            NearMiss(BOUNDED, {"lambda": "1", "p": "2/3"}, "odds 2 = 1 + lambda: constants stay"),
            NearMiss(BOUNDED, {"lambda": "0", "p": "3/4"}, "lambda = 0 is the Wasserstein loss"),
            NearMiss(BOUNDED, {"lambda": "1", "p": "1"}, "one label only"),
        ),
        minimality="constants; the counterexamples are exactly the laws with odds beyond 1 + lambda",
        snippet="""\
lam, m, labels = 1, 1, [1, 1, 1, -1]           # any four inputs; the constant t is L-Lipschitz for every L
loss = lambda t: sum(-y * t + lam * max(0, m - y * t) for y in labels) / 4
print([loss(t) for t in (1, 10, 100, 1000)])
assert loss(1000) < -200
""",
        repairs={"odds within 1 + lambda": Variant(repaired=True)},
        repaired_by=f"{ROW}.hkr_minimizer_lipschitz",
        argument="proof_transport.md#hkr-over-lip_l",
        notes="For balanced labels it is attained, for every lambda > 0; for lambda = 0 too.",
    ),
)
