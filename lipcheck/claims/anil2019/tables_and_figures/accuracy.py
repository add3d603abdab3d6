"""Tables 4 and 6: classification on MNIST and CIFAR-10 with GroupSort."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.tables_and_figures._tables import ICLR, ROW, TABLE_4, TABLE_6, number
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.obligation import Data, Exhaustive, Obligation
from lipcheck.words.rationals import parse, spell
from lipcheck.words.verdict import Budget, Grade, Verdict

CONSTRAINED = ("Bjorck", "Spectral Norm", "L_inf")
SORTING = ("MaxMin", "GroupSort-4", "FullSort")
BENCHMARK = Fraction(161, 100)


def enforced(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """With a constraint the error is lower than without: than with dropout, the legible row without a constraint."""

    def row(constraint: str, name: str) -> Data:
        return [constraint, name, spell(number(TABLE_4[constraint][name])), spell(number(TABLE_4["Dropout"][name]))]

    rows = [row(c, name) for c in CONSTRAINED for name in SORTING]
    wanted = [row("Bjorck", "MaxMin"), row("Spectral Norm", "MaxMin")] if variant.repaired else rows

    def holds(element: Data) -> bool:
        with_constraint, without = map(parse, element[2:])
        return with_constraint < without

    text = "the error with the constraint is lower than without"
    return [Exhaustive("constraints", text, lambda: wanted, holds, wanted)]


def relative(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """With the 2-norm constraints MaxMin and GroupSort-4 err less than ReLU, by at least this; with dropout more."""
    least = variant.value("lead", Fraction(11, 100))
    constraints = ["Bjorck", "Spectral Norm"] if variant.keeps("two_norm") else list(CONSTRAINED)
    rows = [[c, name] for c in constraints for name in SORTING[:2]]
    plain = [["Dropout", name] for name in SORTING[:2]]

    def lead(element: Data) -> Fraction:
        scheme, name = element
        return number(TABLE_4[scheme]["ReLU"]) - number(TABLE_4[scheme][name])

    text = f"the error is lower than that of ReLU, by at least {least}"
    ahead = Exhaustive("with the constraint", text, lambda: rows, lambda e: lead(e) >= least, [rows, str(least)])
    text = "the error is higher than that of ReLU"
    behind = Exhaustive("with dropout", text, lambda: plain, lambda e: lead(e) < 0, plain)
    return [ahead, behind]


def well(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """With the 2-norm constraints MaxMin and GroupSort-4 err less than the standard ReLU network."""
    least = variant.value("lead", Fraction(18, 100))
    constraints = ["Bjorck", "Spectral Norm"] if variant.keeps("two_norm") else list(CONSTRAINED)
    rows = [[c, name] for c in constraints for name in SORTING[:2]]

    def holds(element: Data) -> bool:
        constraint, name = element
        return BENCHMARK - number(TABLE_4[constraint][name]) >= least

    text = f"the error is lower than that of the standard ReLU network, by at least {least}"
    return [Exhaustive("constraints", text, lambda: rows, holds, [rows, str(least)])]


def reasonable(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """FullSort errs on at most this share, but most of all activations in every row."""
    most = variant.value("errors", Fraction(488, 100))
    rows = [scheme for scheme in TABLE_4 if TABLE_4[scheme]["FullSort"] is not None]

    def holds(scheme: Data) -> bool:
        others = [number(cell) for name, cell in TABLE_4[scheme].items() if name != "FullSort"]
        return max(others) < number(TABLE_4[scheme]["FullSort"]) <= most

    text = f"the error of FullSort is the highest of its row, and at most {most}"
    return [Exhaustive("rows", text, lambda: rows, holds, [rows, str(most)])]


def comparable(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The accuracies differ by less than a point, and ReLU has the greater one."""
    most = variant.value("points", Fraction(82, 100))
    rows = list(TABLE_6)

    def holds(scheme: Data) -> bool:
        behind = number(TABLE_6[scheme]["ReLU"]) - number(TABLE_6[scheme]["MaxMin"])
        return 0 < behind <= most

    text = f"MaxMin is behind ReLU, by at most {most}"
    return [Exhaustive("schemes", text, lambda: rows, holds, [rows, str(most)])]


PRINTED = (
    "For all models the GroupSort activation is able to perform classification well - especially when the Lipschitz "
    "constraint is enforced."
)
SNIPPET = """\
# Table 4, MNIST test error in percent: dropout, and the infinity-norm constraint
dropout = {"MaxMin": 1.37, "GroupSort-4": 1.29, "FullSort": 3.62}
l_inf = {"MaxMin": 2.28, "GroupSort-4": 2.22, "FullSort": 4.88}
print({name: (dropout[name], l_inf[name]) for name in dropout})
assert all(l_inf[name] > dropout[name] for name in dropout)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.table_4",
        source=f"{ICLR}, appendix F.1, Table 4",
        printed=PRINTED,
        reading="'especially': compared with ReLU, MaxMin and GroupSort-4 under a 2-norm constraint",
        statement="With Bjorck and with spectral normalization MaxMin and GroupSort-4 err less than ReLU, by at "
        "least 0.11 points; with dropout and no constraint they err more than ReLU.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=relative,
        scope="Table 4, legible cells",
        covers_all=True,
        hypotheses={"two_norm": "the constraint is one on the 2-norm"},
        constants={"lead": Constant(Fraction(11, 100), mutated=Fraction(12, 100), words="least lead in points")},
        argument="proof.md#classification",
        notes="With the infinity-norm constraint MaxMin (2.28) errs more than ReLU (2.25), GroupSort-4 (2.22) less. "
        "FullSort errs more than ReLU in every row. The row 'Standard' is legible for ReLU only.",
    ),
    Claim(
        id=f"{ROW}.table_4_constraint",
        short="Fails for the infinity-norm constraint: MaxMin errs on 2.28 %, with dropout alone on 1.37 %. True of "
        "MaxMin under the 2-norm.",
        source=f"{ICLR}, appendix F.1, Table 4",
        printed=PRINTED,
        reading="'especially': with each constraint the error is lower than without one (dropout; the row 'Standard' "
        "is legible for ReLU only)",
        variant_of=f"{ROW}.table_4",
        statement="For Bjorck, spectral normalization and the infinity-norm constraint, and for MaxMin, GroupSort-4 "
        "and FullSort, the error is lower than that of the unconstrained network with dropout.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        empirical=True,
        obligations=enforced,
        scope="the nine pairs of legible cells",
        covers_all=True,
        repairs={"MaxMin under the 2-norm": Variant(repaired=True)},
        counterexamples={"constraints": ["L_inf", "MaxMin", "57/25", "137/100"]},
        near_misses=(
            NearMiss("constraints", ["Bjorck", "MaxMin", "5/4", "137/100"], "1.25 is less than 1.37"),
            NearMiss("constraints", ["Spectral Jac", "MaxMin", "109/100", "137/100"], "a regularizer, no constraint"),
        ),
        minimality="one cell; the infinity-norm constraint has the highest error of its column for each of the three, "
        "and GroupSort-4 errs more with Bjorck and spectral normalization as well",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.table_4_well",
        argument="proof.md#classification",
        notes="If 'especially' speaks of FullSort and MaxMin with Bjorck alone, it holds. 'Well' has no threshold; see "
        "table_4_well.",
    ),
    Claim(
        id=f"{ROW}.table_4_well",
        source=f"{ICLR}, appendix F.1, Table 4",
        printed="We demonstrate that we are able to learn Lipschitz neural networks which are expressive enough to "
        "perform classification without sacrificing performance.",
        reading="networks with a 2-norm constraint, MaxMin or GroupSort-4, against the standard ReLU network",
        statement="With Bjorck or spectral normalization MaxMin and GroupSort-4 err on less of MNIST than the standard "
        "ReLU network (1.61 %), by at least 0.18 points.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=well,
        scope="Table 4",
        covers_all=True,
        hypotheses={"two_norm": "the constraint is one on the 2-norm"},
        constants={"lead": Constant(Fraction(18, 100), mutated=Fraction(19, 100), words="least lead in points")},
        argument="proof.md#classification",
        notes="MaxMin has 1.25 and 1.26, less than any of the networks with dropout (1.27). With the infinity-norm "
        "constraint every activation errs more: 1.98 % to 4.88 %. The guaranteed "
        "Lipschitz constant was chosen among 0.1, 1, 10 and 100 (appendix G.3), and the table does not say which.",
    ),
    Claim(
        id=f"{ROW}.table_4_fullsort",
        source=f"{ICLR}, appendix F.1, Table 4",
        printed="Surprisingly, we found that we could even apply the GroupSort activation to sort the entire hidden "
        "layer and still achieve reasonable classification performance, even when using dropout.",
        reading="reasonable: errors of at most 4.88 %",
        statement="In every row of Table 4 FullSort errs on at most 4.88 % of MNIST, and more than the others.",
        expected=Verdict.SUPPORTED,
        proved_for="the six rows with legible cells (FullSort in the row 'Standard' is not legible)",
        empirical=True,
        obligations=reasonable,
        scope="Table 4",
        covers_all=False,
        constants={"errors": Constant(Fraction(488, 100), mutated=Fraction(487, 100), words="greatest error")},
        argument="proof.md#classification",
        notes="3.62 % with dropout, nearly three times the error of ReLU and Maxout (1.27 %).",
    ),
    Claim(
        id=f"{ROW}.table_6",
        source=f"{ICLR}, appendix F.1, Table 6",
        printed="We found that MaxMin performed comparably to ReLU in this setting [...]",
        reading="comparably: within one point; the exact greatest difference is 0.82",
        statement="In each of the three schemes the accuracy of MaxMin on CIFAR-10 is below that of ReLU, by at most "
        "0.82 points.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=comparable,
        scope="Table 6",
        covers_all=True,
        constants={"points": Constant(Fraction(82, 100), mutated=Fraction(81, 100), words="greatest difference")},
        argument="proof.md#classification",
        notes="0.72, 0.62 and 0.82 points: ReLU is ahead in all three, and errs on 12 % to 15 % fewer images.",
    ),
)
