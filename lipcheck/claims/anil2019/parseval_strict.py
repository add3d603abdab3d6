"""ICLR appendix F.1: "While the Parseval networks are capable of learning a strict Lipschitz constraint this does not
always hold in practice. A small beta value leads to slow convergence towards orthonormal weights."

The update f(s) = s (1 + b - b s^2) keeps [0, 1] inside [0, 1] for 0 < b <= 1/2: capable. But a singular value above 1,
where b s (s + 1) < 1, stays above 1 after every number of updates; and a gradient that pushes outward by d per step
holds it where b r (r^2 - 1) = d, at 1.6 for b = 0.0003 and d = 0.00075.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.parseval._update import ICLR, USUAL, b, factorization, image, moved, s, y, z
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Hint, Obligation
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "anil2019.parseval_strict"
SOURCE = f"{ICLR}, appendix F.1"
PRINTED = (
    "While the Parseval networks are capable of learning a strict Lipschitz constraint this does not always hold in "
    "practice."
)
HALF, ONE = Fraction(1, 2), Fraction(1)
HELD = Fraction(8, 5)


def capable(variant: Variant) -> list[Forall]:
    """0 <= s <= 1 and 0 < b <= 1/2: z <= 1, so 1 - f(s) = (1 - s)(1 - z) >= 0; and f(s) >= 0."""
    inside: dict[str, Formula] = {"inside": conj(s >= 0, s <= 1), "positive": b > 0}
    small: dict[str, Formula] = {"small": b <= variant.value("beta", HALF)} if variant.keeps("small") else {}
    stays = (1 - s) * (1 - z) >= 0
    return [
        Forall("inside, z is at most one", {**inside, **small}, b * s * (1 + s) <= 1, hint=Hint(3)),
        Forall("inside, it stays below one", {"inside": conj(s <= 1, z <= 1)}, stays),
        Forall("inside, it stays above zero", inside, image >= 0, hint=Hint(4)),
        Forall("orthonormal weights stay", {"one": equals(s, 1)}, equals(image, 1)),
    ]


def outside(variant: Variant) -> list[Forall]:
    """s > 1, 0 < z < 1: f - 1 = (s - 1)(1 - z) lies between 0 and s - 1, so 1 < f(s) < s and b f (f + 1) < b s (s +
    1).
    """
    f = var("f")
    hypotheses: dict[str, Formula] = {"f": equals(f - 1, (s - 1) * (1 - z)), "positive": z > 0, "above": s > 1}
    if variant.keeps("slow"):
        hypotheses["slow"] = z < variant.value("product", 1)
    lower: dict[str, Formula] = {"order": conj(f < s, f > 1), "positive": b > 0}
    edge: dict[str, Formula] = {"f": equals(f - 1, (s - 1) * (1 - z)), "above": s > 1, "fast": z >= 1}
    back: dict[str, Formula] = {"f": equals(f + 1, (s + 1) * (1 - y)), "above": s > 1, "not too fast": y <= 1}
    return [
        Forall("outside, it stays above one", hypotheses, conj(f > 1, f < s)),
        Forall("outside, the condition stays", lower, b * f * (f + 1) < b * s * (s + 1), hint=Hint(3)),
        Forall("sharp", edge, f <= 1),
        Forall("distance to minus one", {"y": equals(y, b * s * (s - 1))}, equals(1 + image, (1 + s) * (1 - y))),
        Forall("sharp, from below", back, f >= -1),
    ]


def held(variant: Variant) -> Exhaustive:
    """Pushed outward by d and updated, 8/5 - d comes back to itself: b r (r^2 - 1) = d at r = 8/5."""
    push = USUAL * HELD * (HELD * HELD - 1)

    def holds(data: Any) -> bool:
        beta, start = USUAL, parse(data)
        return start > 1 and moved(start + push, beta) == start and push < Fraction(1, 1000)

    start = HELD - push
    text = "with beta = 0.0003 a push of less than 0.001 per step holds a singular value above 1.59 for good"
    return Exhaustive(
        "held outside", text, lambda: [spell(start)], lambda data: holds(data) and start > Fraction(159, 100)
    )


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Inside it stays inside, outside it stays outside."""
    return [factorization(), *capable(variant), *outside(variant), held(variant)]


def slow_step(variant: Variant) -> list[Forall]:
    """1 - s_k >= (1 - 2b)^k (1 - s): e' = e (1 - z), z <= 2 b and e >= L >= 0 give e' >= (1 - 2 b) L."""
    e, L = var("e"), var("L")
    rate = variant.value("rate", 2)
    inside: dict[str, Formula] = {"inside": conj(s > 0, s < 1), "positive": b > 0}
    step: dict[str, Formula] = {"bound": conj(e >= L, L >= 0), "z": z <= 2 * b}
    if variant.keeps("small"):
        step["small"] = 2 * b <= 1
    return [
        Forall("the rate", inside, b * s * (1 + s) <= rate * b, hint=Hint(3)),
        Forall("one more update", step, e * (1 - z) >= (1 - 2 * b) * L, hint=Hint(3)),
    ]


def halving(variant: Variant) -> Exhaustive:
    """(1 - 0.0006)^1154 > 1/2."""
    beta, count = variant.value("beta", USUAL), int(variant.value("count", 1154))
    text = f"(1 - 2 beta)^{count} > 1/2 for beta = {beta}"
    return Exhaustive("halving", text, lambda: [count], lambda k: 2 * (1 - 2 * beta) ** k > 1, [spell(beta), count])


def slow(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The rate, and what it means for the usual beta."""
    return [factorization(), *slow_step(variant), halving(variant)]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "If 0 < b <= 1/2, the update maps ||W||_2 <= 1 into itself and leaves orthonormal weights alone. But a "
            "singular value s > 1 with b s (s + 1) < 1 stays above 1 after every number of updates, while one update "
            "brings it to at most 1 if b s (s - 1) <= 1 <= b s (s + 1); and for b = 0.0003 a push by less than 0.001 "
            "per step holds it above 1.59."
        ),
        reading="of the update: there are weights and gradients of either kind",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all shapes, all beta in (0, 1/2]",
        covers_all=True,
        hypotheses={"small": "b <= 1/2", "slow": "b s (s + 1) < 1"},
        constants={
            "beta": Constant(HALF, Fraction(101, 200), words="the bound on beta"),
            "product": Constant(ONE, Fraction(101, 100), words="the bound on b s (s + 1)"),
        },
        textbook=(Textbook("spectral theorem", "Horn, Johnson, Matrix Analysis, 2nd edition, theorem 4.1.5"),),
        depends_on=("anil2019.parseval.small_beta_full_rank",),
        argument="proof.md#a-strict-constraint",
        notes=(
            "At b = 1/2 one update from 1 <= s <= 2 does enforce it, for there s (s - 1) <= 2 <= s (s + 1). Adam's "
            "step of 0.001 per entry, the default, is more than the push that is meant here."
        ),
    ),
    Claim(
        id=f"{ROW}.slow",
        source=SOURCE,
        printed="A small beta value leads to slow convergence towards orthonormal weights.",
        statement=(
            "For 0 < b <= 1/2 and s in (0, 1), k updates leave a distance to 1 of at least (1 - 2b)^k (1 - s): for b = "
            "0.0003, 1154 updates do not halve it."
        ),
        expected=Verdict.PROVED,
        obligations=slow,
        scope="singular values in (0, 1), all beta in (0, 1/2]",
        covers_all=True,
        hypotheses={"small": "b <= 1/2"},
        constants={"rate": Constant(Fraction(2), Fraction(199, 100), words="the rate is 1 - 2b")},
        mutants={
            "1156 updates": Variant(constants={"count": Fraction(1156)}),
            "beta = 0.5": Variant(constants={"beta": HALF}),
        },
        textbook=(Textbook("spectral theorem", "Horn, Johnson, Matrix Analysis, 2nd edition, theorem 4.1.5"),),
        argument="proof.md#slow-convergence",
    ),
)
