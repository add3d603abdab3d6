"""Table 1, caption: "The optimal dual surface obtains a dual objective of 1." And no network obtains it, for n >= 2.

Dual objective: |E f(u) - f(0)|, u uniform on the unit sphere. A 1-Lipschitz f has |f(u) - f(0)| <= |u| = 1, and f = |x|
attains it. A function that attains it is f(0) + |x| or f(0) - |x| on the ball, which is affine on no open set.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.table_1._table import ICLR, ROW, TABLE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import total, var
from lipcheck.words.verdict import Budget, Verdict


def optimum(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound for every direction, and that |x| is 1-Lipschitz; its value on the sphere is the radius."""
    change, distance, bound = var("change"), var("distance"), variant.value("optimum", 1)
    hypotheses: dict[str, Formula] = {}
    if variant.keeps("lipschitz"):
        hypotheses["lipschitz"] = conj(change <= distance, change >= -distance)
    if variant.keeps("sphere"):
        hypotheses["sphere"] = equals(distance, 1)
    bounded = Forall("|f(u) - f(0)| is bounded", hypotheses, conj(change <= bound, change >= -bound))
    p, q, inner = var("p"), var("q"), var("inner")
    cauchy: dict[str, Formula] = {"cauchy": inner <= p * q}
    cone = Forall("|x| is 1-Lipschitz", cauchy, (p - q) ** 2 <= p * p - 2 * inner + q * q)
    return [bounded, cone]


def never_one(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The midpoint m of two points x, y of the same norm r is nearer to 0, where an affine function has |m| = r."""
    x, y, r = [var("x1"), var("x2")], [var("y1"), var("y2")], var("r")
    middle = [(a + b) / 2 for a, b in zip(x, y, strict=True)]
    hypotheses: dict[str, Formula] = {
        "norms": conj(equals(total(a * a for a in x), r * r), equals(total(b * b for b in y), r * r)),
        "radius": r >= 0,
    }
    if variant.keeps("dimension"):
        hypotheses["dimension"] = total((a - b) ** 2 for a, b in zip(x, y, strict=True)) > 0
    one = Fraction(1)
    witness = {"x1": one, "x2": one - one, "y1": one - one, "y2": one, "r": one}
    nearer = total(m * m for m in middle) < r * r
    return [Forall("the cone is not affine between two directions", hypotheses, nearer, witness=witness)]


CLAIMS = (
    Claim(
        id=ROW,
        source=f"{TABLE}, caption; the objective: {ICLR} and appendix G.1",
        printed="The optimal dual surface obtains a dual objective of 1.",
        statement="For every n >= 1, the maximum of |E f(u) - f(0)| over the 1-Lipschitz f on R^n (2-norm), u uniform "
        "on the unit sphere, is 1, attained by |x|.",
        expected=Verdict.PROVED,
        obligations=optimum,
        scope="all n >= 1, all 1-Lipschitz functions",
        covers_all=True,
        hypotheses={"lipschitz": "f is 1-Lipschitz in the 2-norm", "sphere": "u has norm one"},
        constants={"optimum": Constant(Fraction(1), mutated=Fraction(99, 100), words="the greatest objective")},
        textbook=(Textbook("Cauchy-Schwarz inequality", "Steele, The Cauchy-Schwarz Master Class, chapter 1"),),
        argument="proof.md#the-optimum",
        notes="With p_1 at the origin and p_2 on the sphere, as in appendix G.1, E_{p_1} f - E_{p_2} f is greatest for "
        "f = -|x|. The sign does not matter for networks, whose last weight may change it.",
    ),
    Claim(
        id=f"{ROW}.never_one",
        source=f"{TABLE}, the row FullSort",
        printed="FullSort 1.00 1.00 1.00 1.00 1.00 1.00",
        reading="what a printed 1.00 can mean: never exactly 1",
        statement="For n >= 2 no 1-Lipschitz function with finitely many affine pieces, in particular no norm-"
        "constrained network with GroupSort, MaxMin, FullSort, ReLU, Maxout or absolute values, reaches 1.",
        expected=Verdict.PROVED,
        obligations=never_one,
        scope="all n >= 2, all widths and depths",
        covers_all=True,
        hypotheses={"dimension": "n >= 2: there are two directions x != y of the same norm on one piece"},
        textbook=(Textbook("a ball is no finite union of closed sets without interior", "Baire category theorem"),),
        argument="proof.md#no-network-reaches-one",
        notes="For n = 1 the network |x| reaches 1. So a printed 1.00 for n >= 128 stands for 0.995 <= V < 1.",
    ),
)
