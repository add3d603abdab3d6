"""Caption of Table 1: "Summary of different candidate losses, and influence of the Lipschitz constraint on the
minimum."

The table as printed is the conjunction of its cells. Every cell has an id of its own; three of those that fail, all in
the column of L-Lipschitz networks, are carried here with the same data.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.kr_duality.common import KANTOROVICH
from lipcheck.claims.bethune2021._bce import EXP
from lipcheck.claims.bethune2021.hinge_hkr import any_margin
from lipcheck.claims.bethune2021.kr_loss_value import printed, sharp
from lipcheck.claims.bethune2021.proposition_4 import statement as proposition_4
from lipcheck.claims.bethune2021.proposition_4._laws import ONE_CLASS, TWO_CLASSES
from lipcheck.claims.bethune2021.table_1 import hinge_big_margins, hinge_margins
from lipcheck.claims.bethune2021.table_1._words import CAPTION, ROW, labelled
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.obligation import Obligation
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "Summary of different candidate losses, and influence of the Lipschitz constraint on the minimum."
BCE, WASSERSTEIN, HINGE = (
    f"BCE: {proposition_4.ATTAINED}",
    "Wasserstein: minimum",
    f"hinge: {hinge_big_margins.RIGHT}",
)
CORRECTED = Variant(repaired=True, constants={"factor": Fraction(-1, 2)})


def table(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The cells 'attained (Proposition 4)', 'minimum = W(P, Q)' and 'large margin classifier for big m'."""
    factor = variant.value("factor", 1)
    value = printed.minimum_is("minimum", factor, lambda pair: pair.loss, "E[-Y f]")
    return [
        *labelled("BCE", [proposition_4.attained(frozenset(), variant.repaired)]),
        *labelled("Wasserstein", [value]),
        *labelled("hinge", [hinge_big_margins.minimizers(variant.repaired)]),
    ]


def corrected(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The same cells with the hypotheses, the value and the range of m that they need."""
    return [
        *labelled("BCE", proposition_4.two_classes(variant, budget)),
        *labelled("Wasserstein", sharp.mean(variant, budget)),
        *labelled("hinge", hinge_margins.half(variant, budget)),
    ]


CLAIMS = (
    Claim(
        id=ROW,
        short="BCE needs two classes, min E[-yf] is -W/2 and needs balance, big m in hinge gives no large margin",
        source=CAPTION,
        printed=PRINTED,
        reading="the table says what its cells say: their conjunction",
        statement="With a Lipschitz constraint the minimum of the BCE is attained for every law, that of L_W is W(P, "
        "Q) for balanced classes, and hinge minimizers are large margin classifiers for all big m (among other cells).",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=table,
        scope="three cells of the column of L-Lipschitz networks; the others are judged under their own ids",
        covers_all=True,
        constants={"factor": Constant(Fraction(1), sharp=Fraction(-1, 2), words="of W(P, Q) in the minimum of L_W")},
        repairs={"two classes, -W(P, Q)/2, m at most half the distance": CORRECTED},
        counterexamples={BCE: ONE_CLASS, WASSERSTEIN: printed.UNIT, HINGE: any_margin.TWO},
        near_misses=(
            NearMiss(BCE, TWO_CLASSES, "two classes: attained"),
            NearMiss(WASSERSTEIN, printed.EQUAL_LAWS, "P = Q: the distance and the minimum are both 0"),
            NearMiss(HINGE, any_margin.EVEN, "m is below the distance of the classes"),
        ),
        minimality="one input for the BCE, one atom of each class for L_W and for the hinge loss",
        snippet="""\
from math import exp, log
bce = [log(1 + exp(-t)) for t in range(30)]          # one class, f = t: falls to 0, never attained
wasserstein = [(-a + b) / 2 for a, b in ((0, 0), (1, 0))]    # f(1), f(0), balanced classes, W(P, Q) = 1
grid = [k / 4 for k in range(-20, 21)]               # hinge, m = 3: label -1 (weight 1/4) at 0, +1 (3/4) at 1
hinge = min((max(0, 3 + u) / 4 + 3 * max(0, 3 - v) / 4, u) for u in grid for v in grid if abs(u - v) <= 1)
print(bce[-1], min(wasserstein), hinge)
assert 0 < bce[-1] < bce[0] and min(wasserstein) == -0.5 and hinge[1] > 0
""",
        repaired_by=f"{ROW}.corrected",
        argument="proof.md#the-table",
        notes="Every cell has a claim of its own in this row; proof.md prints the table with the verdicts in place. As "
        "a heading, without its cells, the sentence asserts nothing. Each of the three refutes the conjunction.",
    ),
    Claim(
        id=f"{ROW}.corrected",
        source=CAPTION,
        printed=PRINTED,
        reading="corrected: the three cells with what they need",
        statement="For L > 0 and laws of both labels the least BCE over Lip_L is attained. If both labels have "
        "probability 1/2 and P and Q finite first moments, the least E[-y f] over Lip_1 is -W(P, Q)/2, attained. If "
        "the supports of the classes are at distance D > 0 and 0 < m <= L D/2, hinge minimizers over Lip_L have "
        "margins y f >= m almost surely, and for m = L D/2 there is no larger least margin.",
        expected=Verdict.PROVED,
        obligations=corrected,
        scope="all such laws on R^n",
        covers_all=True,
        hypotheses={
            "two_classes": "BCE: both labels have positive probability",
            "balanced": "L_W: P(Y = 1) = 1/2",
            "mass": "L_W: a coupling has no negative mass",
            "first moment": "L_W: E |X| is finite under both laws",
            "half": "hinge: m is at most L D/2",
            "lipschitz": "f is L-Lipschitz",
        },
        constants={
            "factor": Constant(Fraction(-1, 2), Fraction(-101, 200), words="of W(P, Q) in the minimum of L_W"),
            "part": Constant(Fraction(1, 2), Fraction(101, 200), words="of L D, which m may reach"),
        },
        textbook=(
            EXP,
            *proposition_4.ASCOLI,
            KANTOROVICH,
            sharp.INDUCTION,
            Textbook("a nonnegative function with integral 0 vanishes almost everywhere", "Rudin, RCA, theorem 1.39"),
        ),
        depends_on=(
            "bethune2021.proposition_4.two_classes",
            "bethune2021.kr_loss_value.sharp",
            f"{ROW}.hinge_practice_lipschitz_sharp",
        ),
        argument="proof.md#the-table",
    ),
)
