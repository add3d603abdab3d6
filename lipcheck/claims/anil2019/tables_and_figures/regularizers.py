"""Tables 4 and 5: which regularizer has the lowest error."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.tables_and_figures._tables import ICLR, ROW, SIZES, TABLE_4, TABLE_5, Cell, number
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.obligation import Data, Exhaustive, Obligation
from lipcheck.words.verdict import Budget, Grade, Verdict

SCHEMES = ("Standard", "Dropout", "Weight Decay", "Bjorck")
DROPOUT = "We found that Dropout was the most effective regularizer in this case [...]"
AHEAD = [["MaxMin", 1000], ["MaxMin", 10000]]


def legible(cells: Sequence[Cell]) -> list[Fraction]:
    """The legible ones."""
    return [cell for cell in cells if cell is not None]


def columns() -> list[Data]:
    """[activation, size] of Table 5, without MaxMin at size 100, where no cell is legible."""
    return [[a, n] for a in ("ReLU", "MaxMin") for n in SIZES if TABLE_5["Dropout", a][n] is not None]


def dropout_leads(element: Data) -> bool:
    """Whether dropout has the lowest error of this activation and size."""
    activation, size = element
    others = legible([TABLE_5[s, activation][size] for s in SCHEMES if s != "Dropout"])
    return number(TABLE_5["Dropout", activation][size]) < min(others)


def dropout(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """For every activation and size."""
    every = columns()
    others = [c for c in every if c not in AHEAD]
    wanted = others if variant.repaired else every
    text = "dropout has the lowest error"
    return [
        Exhaustive("columns", text, lambda: wanted, dropout_leads, wanted),
        Exhaustive("minimal: the other columns", text, lambda: others, dropout_leads, others),
    ]


def dropout_relu(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """For ReLU at every size, with the lowest error of all legible cells of that size."""
    activations = ["ReLU"] if variant.keeps("relu") else ["ReLU", "MaxMin"]
    rows = [[a, n] for a in activations for n in SIZES[1:]]

    def holds(element: Data) -> bool:
        activation, size = element
        cells = legible([TABLE_5[s, a][size] for s in SCHEMES for a in ("ReLU", "MaxMin")])
        return dropout_leads(element) and number(TABLE_5["Dropout", activation][size]) == min(cells)

    text = "dropout with this activation has the lowest error of all"
    small = Exhaustive("size 100", "dropout leads for ReLU", lambda: [["ReLU", 100]], dropout_leads, [["ReLU", 100]])
    return [Exhaustive("sizes", text, lambda: rows, holds, rows), small]


def bjorck(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Bjorck against no regularization: the error is lower, by at least this share of it."""
    share = variant.value("share", Fraction(6, 100))

    def holds(element: Data) -> bool:
        activation, size = element
        plain, kept = (number(TABLE_5[s, activation][size]) for s in ("Standard", "Bjorck"))
        return kept <= (1 - share) * plain

    rows = columns()
    text = f"the error is lower, by at least {share} of it"
    return [Exhaustive("columns", text, lambda: rows, holds, [rows, str(share)])]


def jacobian(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Spectral Jacobian regularization has the lowest legible error of each column, by at least this."""
    lead = variant.value("lead", Fraction(5, 100))

    def holds(name: Data) -> bool:
        others = legible([row[name] for scheme, row in TABLE_4.items() if scheme != "Spectral Jac"])
        return min(others) - number(TABLE_4["Spectral Jac"][name]) >= lead

    names = list(TABLE_4["Bjorck"])
    text = f"the lowest error, by at least {lead}"
    return [Exhaustive("activations", text, lambda: names, holds, [names, str(lead)])]


SNIPPET = """\
# Table 5, MaxMin, 1000 and 10000 images: test error in percent
dropout, weight_decay, bjorck = (4.58, 1.70), (6.05, 1.57), (4.54, 1.64)
print("dropout", dropout, "Bjorck", bjorck, "weight decay", weight_decay)
assert all(b < d for b, d in zip(bjorck, dropout)) and weight_decay[1] < dropout[1]
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.table_5_dropout_columns",
        short="Fails for MaxMin with 1000 and 10000 images: Bjorck 4.54 and 1.64, dropout 4.58 and 1.70. True for ReLU "
        "at every size.",
        source=f"{ICLR}, appendix F.1, Table 5",
        printed=DROPOUT,
        reading="for both activations and every size",
        variant_of=f"{ROW}.table_5_dropout",
        statement="For each activation and data size of Table 5 with legible cells, dropout has a lower test error "
        "than no regularization, weight decay and Bjorck.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        empirical=True,
        obligations=dropout,
        scope="the nine legible columns",
        covers_all=True,
        repairs={"without these two columns": Variant(repaired=True)},
        counterexamples={"columns": ["MaxMin", 10000]},
        near_misses=(NearMiss("columns", ["MaxMin", 5000], "2.15 is less than 2.31 and 2.55"),
                     NearMiss("columns", ["MaxMin", 100], "not legible")),
        minimality="MaxMin with 1000 and with 10000 images are the only two: 4.58 against 4.54 (Bjorck), 1.70 against "
        "1.57 (weight decay) and 1.64 (Bjorck)",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.table_5_dropout",
        argument="proof.md#regularizers",
    ),
    Claim(
        id=f"{ROW}.table_5_dropout",
        source=f"{ICLR}, appendix F.1, Table 5",
        printed=DROPOUT,
        reading="for ReLU, and for the best network of each size",
        statement="At every data size ReLU with dropout has the lowest error of the ReLU networks; from size 500 on it "
        "has the lowest error of all.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=dropout_relu,
        scope="Table 5; at size 100 the MaxMin cells are not legible",
        covers_all=True,
        hypotheses={"relu": "the activation is ReLU"},
        argument="proof.md#regularizers",
    ),
    Claim(
        id=f"{ROW}.table_5_constraint",
        source=f"{ICLR}, appendix F.1, Table 5",
        printed="[...] but confirmed that networks with Lipschitz constraints were able to significantly improve "
        "performance over unregularized networks.",
        reading="Bjorck against standard training; significantly: the error falls by at least 6 % of its value",
        statement="For each activation and data size the error with Bjorck is lower than that of the unregularized "
        "network, by at least 6 % of it.",
        expected=Verdict.SUPPORTED,
        proved_for="the nine columns with legible cells (MaxMin at size 100 is not legible)",
        empirical=True,
        obligations=bjorck,
        scope="Table 5",
        covers_all=False,
        constants={"share": Constant(Fraction(6, 100), mutated=Fraction(65, 1000), words="least gain")},
        argument="proof.md#regularizers",
        notes="The gain falls with the data: 35 % for ReLU at size 100, 6.2 % (ReLU) and 6.8 % (MaxMin) at 10000. No "
        "deviations are reported.",
    ),
    Claim(
        id=f"{ROW}.table_4_jacobian",
        source=f"{ICLR}, appendix F.1, Table 4",
        printed="When aiming to train good classifiers we found that spectral Jacobian regularization was most "
        "effective (Appendix E).",
        statement="In every column of Table 4 spectral Jacobian regularization has the lowest error, by at least 0.05 "
        "points.",
        expected=Verdict.SUPPORTED,
        proved_for="all legible cells (the row 'Standard' is legible for ReLU only)",
        empirical=True,
        obligations=jacobian,
        scope="Table 4",
        covers_all=False,
        constants={"lead": Constant(Fraction(5, 100), mutated=Fraction(55, 1000), words="least lead in points")},
        argument="proof.md#regularizers",
    ),
)  # fmt: skip
