"""Table 1, Maxout with h hidden layers: sqrt(1 - 2^(-h)) is exactly what it reaches on the line, and never passed.

Upper bound: at two points x and y a group of Maxout copies an entry of the row that comes from above to one position
or to two different ones, so that D = |p - q|^2 becomes at most D/2 + |p|^2 + |q|^2 <= D/2 + 2, from D = 0 on. Lower
bound: the hidden vector (A|x|, Bx) becomes ((A + dB)|x| / sqrt 2, sqrt(1 - d^2) Bx), and the best d are
1 / sqrt(2^k - 1) with k layers to go.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.cone_networks import ball, depth_limit, enclosure
from lipcheck.claims.anil2019.table_1._table import CELL, DEPTHS, DIMENSIONS, ICML, ROW, TABLE
from lipcheck.claims.anil2019.table_1.relu_depth import CALCULUS
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, disj, equals
from lipcheck.words.obligation import Data, Exhaustive, Forall, Obligation
from lipcheck.words.terms import absolute, maximum, var
from lipcheck.words.verdict import Budget, Verdict

HALF = Fraction(1, 2)
ZERO, ONE, TWO = Fraction(0), Fraction(1), Fraction(2)


def group(variant: Variant) -> Forall:
    """One entry of the rows behind a group: a and b where both points select the same unit; else (a, 0) and (0, b)."""
    a, b, d = var("a"), var("b"), var("d")
    kept = variant.value("kept", HALF)
    same, other = equals(d, (a - b) ** 2), equals(d, a * a + b * b)
    grown = d <= kept * (a - b) ** 2 + (a * a + b * b)
    return Forall("a group of Maxout", {"selection": disj(same, other)}, grown)


def maxout_layer(variant: Variant) -> Forall:
    """D <= 4 (1 - t) becomes D' <= 4 (1 - t/2), for squared norms of the rows that add up to at most 2."""
    D, t, after, norms = map(var, ("D", "t", "after", "norms"))
    given: dict[str, Formula] = {"before": 4 * (1 - t) >= D, "groups": after <= D / 2 + norms}
    if variant.keeps("weights"):
        given["weights"] = norms <= 2
    return Forall("one more Maxout layer", given, after <= 4 * (1 - t / 2))


def maxout_ray() -> Forall:
    """The growth s along u and -u has 4 s^2 <= D <= 4 (1 - t)."""
    s, D, t = map(var, ("s", "D", "t"))
    given: dict[str, Formula] = {"gradients": 4 * s * s <= D, "law": 4 * (1 - t) >= D}
    return Forall("along a ray", given, s * s <= 1 - t)


def fold() -> Forall:
    """max(A|x| + dBx, A|x| - dBx) = A|x| + dB|x|, for c = dB >= 0."""
    a, c, x = var("a"), var("c"), var("x")
    sides = equals(maximum(a + c * x, a - c * x), a + absolute(c * x))
    return Forall("one group folds", {}, sides)


def turns() -> list[Forall]:
    """m = 2^k, r^2 = m - 1, s^2 = m - 2, d = 1/r, e = s/r: d^2 + e^2 = 1 and d + e s = r, both times powers of r."""
    m, r, s, d, e = map(var, ("m", "r", "s", "d", "e"))
    given: dict[str, Formula] = {
        "m": equals(r * r, m - 1),
        "next": equals(s * s, m - 2),
        "d": equals(d * r, 1),
        "e": equals(e * r, s),
    }
    witness = {"m": TWO, "r": ONE, "s": ZERO, "d": ONE, "e": ZERO}
    rotation = Forall("the turn is a rotation", given, equals((d * r) ** 2 + (e * r) ** 2, r * r), witness=witness)
    best = Forall("the turn is the best", given, equals(d * r + e * r * s, r * r), witness=witness)
    return [rotation, best]


def above_printed() -> Exhaustive:
    """The printed Maxout cells lie below sqrt(2/pi) sqrt(1 - 2^(1 - depth)), reached with depth - 1 hidden layers."""

    def holds(element: Data) -> bool:
        n, depth = element
        reached = enclosure(64, lambda: depth_limit(1) * ball(1 - HALF ** (depth - 1)).sqrt())
        return CELL["Maxout", n, depth] < reached[0]

    cells = [[n, depth] for n in DIMENSIONS for depth in DEPTHS]
    return Exhaustive("printed cells", "a Maxout network of that depth exceeds the cell", lambda: cells, holds, cells)


def maxout(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound (t starts at 1, where the two rows are equal, and is halved by each layer) and what attains it."""
    first: list[Obligation] = [group(variant), maxout_layer(variant), maxout_ray(), above_printed()]
    return first if budget is Budget.SMOKE else [*first, fold(), *turns()]


CLAIMS = (
    Claim(
        id=f"{ROW}.maxout_depth",
        source=f"{TABLE}, the row Maxout; {ICML}",
        printed="While increasing the network depth helps (Table 1), this representational barrier leads to "
        "limitations as the problem dimensionality increases.",
        reading="the barrier for Maxout at a fixed depth, as a number",
        statement="A network with h hidden Maxout layers, groups of any size, any width and biases, one output and all "
        "||W||_2 <= 1 has |E f(u) - f(0)| <= sqrt(1 - 2^(-h)), for every n. For n = 1 this is attained for every h, "
        "with groups of two; for every n, sqrt(2/pi) times it is exceeded, and with depth - 1 hidden layers every "
        "printed cell.",
        expected=Verdict.PROVED,
        obligations=maxout,
        scope="all n, h >= 1, group sizes, widths, weights and biases",
        covers_all=True,
        hypotheses={"weights": "all ||W||_2 <= 1, so that rows propagated backwards have norm at most one"},
        constants={"kept": Constant(HALF, mutated=Fraction(495, 1000), words="what a layer keeps of a difference")},
        textbook=(
            CALCULUS,
            Textbook("induction over groups and layers", "Peano's fifth axiom"),
        ),
        argument="proof.md#maxout-with-h-hidden-layers",
        notes="0.8661 for two, 0.9355 for three hidden layers. So Maxout with h hidden layers represents exactly the "
        "slopes up to sqrt(1 - 2^(-h)) of |x| on [-1, 1], and comes near 1 much faster than ReLU. ReLU is Maxout of "
        "t and 0, so that the bound holds there too.",
    ),
)
