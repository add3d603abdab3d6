"""What the text says of the numbers in Table 1, decided from the printed numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.table_1._table import CELL, COLUMNS, DEPTHS, DIMENSIONS, ICML, NOT_GNP, ROW
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.obligation import Data, Exhaustive, Obligation
from lipcheck.words.verdict import Budget, Grade, Verdict

SENTENCE = (
    "As shown in Table 1, increasing problem dimensionality leads to significant drops in the Wasserstein objective "
    "for networks built with non-GNP activations, and increasing the depth of the networks only slightly improves the "
    "situation."
)
BETTER = "We also observed that while the MaxMin activation performs significantly better, it also needs large depth "
"[...]"


def drop(name: str, depth: int) -> Fraction:
    """The printed loss from n = 128 to n = 512."""
    return CELL[name, 128, depth] - CELL[name, 512, depth]


def drops(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every row falls with n, in all by at least this much."""
    least = variant.value("drop", Fraction(5, 100))

    def holds(row: Data) -> bool:
        name, depth = row
        values = [CELL[name, n, depth] for n in DIMENSIONS]
        return values[0] > values[1] > values[2] and drop(name, depth) >= least

    rows = [[name, depth] for name in NOT_GNP for depth in DEPTHS]
    text = f"the values fall with n, in all by at least {least}"
    return [Exhaustive("drops", text, lambda: rows, holds, [rows, str(least)])]


def contrast(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """MaxMin falls by less than the activations that do not preserve the norm, at the same depth."""
    rows = [[name, depth] for name in NOT_GNP for depth in ((7,) if variant.repaired else DEPTHS)]

    def holds(row: Data) -> bool:
        name, depth = row
        return drop("MaxMin", depth) < drop(name, depth)

    seven = [[name, 7] for name in NOT_GNP]
    text = "MaxMin loses less from n = 128 to n = 512"
    return [
        Exhaustive("contrast", text, lambda: rows, holds, rows),
        Exhaustive("minimal: depth 7", text, lambda: seven, holds, seven),
    ]


def depth_gains(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """From depth 3 to depth 7 a row gains something, and at most this much."""
    most = variant.value("gain", Fraction(9, 100))

    def gain(name: str, n: int) -> Fraction:
        return CELL[name, n, 7] - CELL[name, n, 3]

    def holds(row: Data) -> bool:
        name, n = row
        return 0 < gain(name, n) <= most

    rows = [[name, n] for name in NOT_GNP for n in DIMENSIONS]
    text = f"depth 7 gains something, at most {most}"
    return [Exhaustive("gains", text, lambda: rows, holds, [rows, str(most)])]


def better(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """MaxMin exceeds ReLU and Maxout in every column by at least this much, and stays below FullSort."""
    least = variant.value("lead", Fraction(1, 5))

    def holds(column: Data) -> bool:
        n, depth = column
        lead = min(CELL["MaxMin", n, depth] - CELL[name, n, depth] for name in NOT_GNP)
        rising = CELL["MaxMin", n, 3] < CELL["MaxMin", n, 7] < CELL["FullSort", n, depth]
        return lead >= least and rising

    columns = [list(column) for column in COLUMNS]
    text = f"MaxMin leads by at least {least}, gains with depth, and stays below FullSort"
    return [Exhaustive("columns", text, lambda: columns, holds, [columns, str(least)])]


SNIPPET = """\
# Table 1, depth 3: from n = 128 to n = 512, in hundredths
relu, maxout, maxmin = 51 - 46, 66 - 52, 87 - 72
print("ReLU loses", relu, "Maxout", maxout, "MaxMin", maxmin, "hundredths")
assert maxmin > maxout > relu
"""
CLAIMS = (
    Claim(
        id=f"{ROW}.dimension",
        source=ICML,
        printed=SENTENCE,
        reading="of the printed values; significant: at least 0.05 of the optimum 1",
        statement="For ReLU and Maxout, at depth 3 and at depth 7, the printed value falls from n = 128 to 256 to 512, "
        "in all by at least 0.05.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=drops,
        scope="the printed cells",
        covers_all=True,
        constants={"drop": Constant(Fraction(5, 100), mutated=Fraction(55, 1000), words="least loss from 128 to 512")},
        argument="proof.md#the-sentences",
        notes="0.05 and 0.11 for ReLU, 0.14 and 0.15 for Maxout. What such networks can reach falls by less than 0.15 "
        "% (dimension_limit).",
    ),
    Claim(
        id=f"{ROW}.dimension_contrast",
        short="Fails at depth 3: from n = 128 to 512 MaxMin loses 0.15, ReLU 0.05, Maxout 0.14. True at depth 7.",
        source=ICML,
        printed=SENTENCE,
        reading="as a contrast: networks with MaxMin, which preserves the norm, lose less",
        variant_of=f"{ROW}.dimension",
        statement="At each depth the printed value of MaxMin falls by less from n = 128 to n = 512 than those of ReLU "
        "and of Maxout.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        empirical=True,
        obligations=contrast,
        scope="the printed cells",
        covers_all=True,
        repairs={"depth 7": Variant(repaired=True)},
        counterexamples={"contrast": ["ReLU", 3]},
        near_misses=(NearMiss("contrast", ["ReLU", 7], "at depth 7 MaxMin loses 0.07 and ReLU 0.11"),),
        minimality="depth 3; at depth 7 the contrast holds for both",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.dimension",
        argument="proof.md#the-sentences",
        notes="At depth 3 MaxMin loses 0.15, ReLU 0.05, Maxout 0.14; relative to its value 17 %, ReLU 10 %.",
    ),
    Claim(
        id=f"{ROW}.depth_gains",
        source=ICML,
        printed=SENTENCE,
        reading="of the printed values; slightly: by at most 0.09",
        statement="From depth 3 to depth 7 the printed values of ReLU and Maxout rise, by at most 0.09, at each n.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=depth_gains,
        scope="the printed cells",
        covers_all=True,
        constants={"gain": Constant(Fraction(9, 100), mutated=Fraction(85, 1000), words="greatest gain")},
        argument="proof.md#the-sentences",
        notes="ReLU gains 0.09, 0.03, 0.03; Maxout 0.05, 0.06, 0.04; MaxMin 0.08, 0.10, 0.16. At n = 128 ReLU gains "
        "more than MaxMin.",
    ),
    Claim(
        id=f"{ROW}.better",
        source=ICML,
        printed=BETTER,
        reading="of the printed values; significantly: by at least 0.2",
        statement="In every column of Table 1 MaxMin exceeds ReLU and Maxout by at least 0.20; it rises from depth 3 "
        "to depth 7 and stays below the FullSort value.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=better,
        scope="the printed cells",
        covers_all=True,
        constants={"lead": Constant(Fraction(1, 5), mutated=Fraction(201, 1000), words="least lead of MaxMin")},
        argument="proof.md#the-sentences",
        notes="'Needs large depth' is read as an observation here; over all MaxMin networks see maxmin_depth.",
    ),
)
