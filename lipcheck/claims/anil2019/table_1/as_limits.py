"""Table 1 read as what the architectures can do: two cells lie below what one hidden layer reaches.

|x|_1 / sqrt n has the objective sqrt n E|u_1| > 0.798 and is a network of one hidden layer of MaxMin; half of that by
sqrt 2 is reached by Maxout. Printed for n = 512 and depth 3: 0.72 and 0.52. More layers cannot reach less.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.cone_networks import ball, enclosure, one_layer_limit, sorted_limit
from lipcheck.claims.anil2019.table_1._table import CELL, COLUMNS, ICLR, PRINTED, ROUNDING, ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Data, Exhaustive, Obligation
from lipcheck.words.verdict import Budget, Grade, Verdict

SQUARES = {"MaxMin": Fraction(1), "Maxout": Fraction(1, 2), "ReLU": Fraction(1, 4)}
BELOW = [["MaxMin", 512, 3], ["Maxout", 512, 3]]


def one_hidden_layer(name: str, n: int) -> Fraction:
    """A rational below what one hidden layer of this activation reaches."""
    if name == "FullSort":
        return enclosure(64, lambda: sorted_limit(n, 2))[0]
    return enclosure(64, lambda: ball(SQUARES[name]).sqrt() * one_layer_limit(n))[0]


def holds(cell: Data) -> bool:
    """Whether the printed value, rounded down at most, is what one hidden layer reaches, or more."""
    name, n, depth = cell
    return CELL[name, n, depth] + ROUNDING >= one_hidden_layer(name, n)


def cells(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All cells; the repair and the minimality leave out the two that fail."""
    every: list[Data] = [[name, n, depth] for name in PRINTED for n, depth in COLUMNS]
    others = [cell for cell in every if cell not in BELOW]
    text = "the printed value is at least what one hidden layer reaches"
    wanted = others if variant.repaired else every
    return [
        Exhaustive("cells", text, lambda: wanted, holds, wanted),
        Exhaustive("minimal: the other cells", text, lambda: others, holds, others),
    ]


SNIPPET = """\
from math import exp, lgamma, pi
n = 512                                     # f(x) = |x|_1 / sqrt n: one hidden layer of MaxMin
mean = exp(lgamma(n / 2) - lgamma((n + 1) / 2)) / pi ** 0.5          # E |u_1| on the sphere
value = n ** 0.5 * mean
print("objective", value, "printed for depth 3: 0.72")
assert value > 0.798 > 0.72 + 0.005
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.as_limits",
        short="Fails: MaxMin, n = 512, depth 3, printed 0.72: one hidden layer reaches 0.798. The cells are results of "
        "training.",
        source=f"{ICLR}, Table 1, caption (ICML: 'Effect of problem dimensionality: Testing how well different "
        "activations and depths can optimize [...]')",
        printed="Effect of problem dimensionality on expressiveness: Testing how well different activation functions "
        "and depths can optimize the dual Wasserstein objective with different input dimensionality.",
        reading="'can': the printed values are what networks of this activation, depth and dimension reach at best, "
        "within rounding",
        statement="No network of the activation and of one hidden layer, all ||W||_2 <= 1, exceeds a printed value of "
        "Table 1 by more than its rounding.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=cells,
        scope="the 24 cells",
        covers_all=True,
        repairs={"without the two cells": Variant(repaired=True)},
        counterexamples={"cells": ["MaxMin", 512, 3]},
        near_misses=(
            NearMiss("cells", ["MaxMin", 256, 3], "0.83 exceeds what one hidden layer reaches"),
            NearMiss("cells", ["Maxout", 512, 7], "0.56 lies below 0.5645 by less than its rounding"),
        ),
        minimality="one hidden layer, which is the least; it exceeds Maxout for n = 512, depth 3, and no other cell",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.one_hidden_layer",
        argument="proof.md#the-cells-as-limits",
        notes="The natural reading is what training found; then nothing is contradicted. With n units a layer, two "
        "MaxMin layers reach the same 0.7983 (`turned_cross_polytope`). With depth - 1 hidden layers of any width "
        "every MaxMin and every Maxout cell is exceeded, see maxmin_depth and maxout_depth. Maxout is read with "
        "groups of two.",
    ),
)
