"""Table 3: clean and adversarial errors of margin-trained networks, and "little cost to accuracy"."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.tables_and_figures._tables import ATTACKS, ICLR, ICML, ROW, TABLE_3, number
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.obligation import Data, Exhaustive, Obligation
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "The Lipschitz networks with MaxMin activations were able to achieve better clean accuracy and larger margins than "
    "their ReLU counterparts which led to considerably improved adversarial robustness."
)
MARGINS = ("0.1", "0.3")
EXCEPTION = ["0.1", "FGS 0.3"]


def lead(margin: str, column: str) -> Fraction:
    """By how many points the MaxMin error is lower."""
    return number(TABLE_3[f"Margin-{margin} ReLU"][column]) - number(TABLE_3[f"Margin-{margin} MaxMin"][column])


def in_the_mean(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Clean errors are lower, and the mean over the four attacks is lower by at least this many points."""
    least = variant.value("points", Fraction(156, 10))

    def holds(margin: Data) -> bool:
        return lead(margin, "clean") > 0 and sum(lead(margin, attack) for attack in ATTACKS) / 4 >= least

    text = f"the clean error is lower, the mean adversarial error by at least {least}"
    return [Exhaustive("margins", text, lambda: list(MARGINS), holds, [list(MARGINS), str(least)])]


def under_every_attack(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The adversarial error is lower in every column."""
    every = [[margin, attack] for margin in MARGINS for attack in ATTACKS]
    others = [e for e in every if e != EXCEPTION]
    wanted = others if variant.repaired else every

    def holds(element: Data) -> bool:
        return lead(*element) > 0

    text = "the MaxMin network errs less often"
    return [
        Exhaustive("attacks", text, lambda: wanted, holds, wanted),
        Exhaustive("minimal: the other attacks", text, lambda: others, holds, others),
    ]


def cost(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The clean error of the margin-trained MaxMin network exceeds the standard one by at most this."""
    most = variant.value("points", Fraction(45, 100))
    margins = ["0.1"] if variant.keeps("margin") else list(MARGINS)

    def holds(margin: Data) -> bool:
        clean = number(TABLE_3[f"Margin-{margin} MaxMin"]["clean"])
        return clean - number(TABLE_3["Standard MaxMin"]["clean"]) <= most

    text = f"the clean error rises by at most {most}"
    return [Exhaustive("cost", text, lambda: margins, holds, [margins, str(most)])]


SNIPPET = """\
# Table 3, margin 0.1, classification error in percent under FGS with epsilon = 0.3
relu, maxmin = 99.52, 99.61
print("ReLU", relu, "MaxMin", maxmin)
assert maxmin > relu
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.table_3",
        source=f"{ICLR}, section 7.3, Table 3 (ICML: 'leading to better robustness', without the table)",
        printed=PRINTED,
        reading="clean errors, and the mean over the four attacks; considerably: by at least 15.6 points",
        statement="For both margins MaxMin has a lower clean error than ReLU, and its error in the mean over FGS and "
        "PGD with epsilon 0.1 and 0.3 is lower by at least 15.6 points.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=in_the_mean,
        scope="Table 3, the four margin-trained rows",
        covers_all=True,
        constants={"points": Constant(Fraction(156, 10), mutated=Fraction(1563, 100), words="least lead in the mean")},
        argument="proof.md#robustness",
        notes="15.63 points for margin 0.1, 41.39 for margin 0.3. The table does not show margins.",
    ),
    Claim(
        id=f"{ROW}.table_3_every_attack",
        short="Fails for FGS 0.3 with margin 0.1: ReLU 99.52 %, MaxMin 99.61 % errors. True of the mean over the "
        "attacks, by 15.6 points.",
        source=f"{ICLR}, section 7.3, Table 3",
        printed=PRINTED,
        reading="under each attack",
        variant_of=f"{ROW}.table_3",
        statement="For both margins MaxMin has a lower error than ReLU under each of the four attacks.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        empirical=True,
        obligations=under_every_attack,
        scope="Table 3, the four margin-trained rows",
        covers_all=True,
        repairs={"without this attack": Variant(repaired=True)},
        counterexamples={"attacks": EXCEPTION},
        near_misses=(NearMiss("attacks", ["0.1", "PGD 0.3"], "98.93 is less than 100"),),
        notes="FGS with epsilon 0.3 breaks more images of that MaxMin network (99.61 %) than PGD (98.93 %), which "
        "searches the same ball: the attacks bound the error from below only, and PGD was not at its best here.",
        minimality="the only attack; with margin 0.1 and epsilon 0.3 both networks fail almost always",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.table_3",
        argument="proof.md#robustness",
    ),
    Claim(
        id=f"{ROW}.little_cost",
        source=f"{ICML} and {ICLR}, abstract",
        printed="[...] norm-constrained GroupSort networks [...] can achieve provable adversarial robustness "
        "guarantees with little cost to accuracy.",
        reading="Table 3, margin 0.1; little: at most 0.45 points of clean error",
        statement="The clean error of the MaxMin network trained with margin 0.1 exceeds that of the standard MaxMin "
        "network by at most 0.45 points.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=cost,
        scope="Table 3",
        covers_all=True,
        hypotheses={"margin": "the margin is 0.1"},
        constants={"points": Constant(Fraction(45, 100), mutated=Fraction(44, 100), words="greatest cost in points")},
        argument="proof.md#robustness",
        notes="1.92 % and 1.47 %. With margin 0.3 the clean error is 5.02 %, more than three times the standard one. "
        "For ReLU the errors are 5.48 % and 15.20 %. Which radius these margins guarantee is the matter of "
        "anil2019.margin_certificate: half of what the paper's rule says.",
    ),
)
