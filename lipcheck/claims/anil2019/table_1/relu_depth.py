"""Table 1, ReLU with h hidden layers: |V| <= sqrt(h / (h + 2)), which no width and no dimension passes.

Along the ray through u, f(u) + f(-u) - 2 f(0) is the integral of (g(tu) - g(-tu)).u, g the gradient. With monotonic
1-Lipschitz activations a gradient that turns has lost norm: |g_x - g_y|^2 <= h (2 - |g_x|^2 - |g_y|^2).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.table_1._table import CELL, DEPTHS, DIMENSIONS, ICML, ROW, TABLE
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Exhaustive, Forall, Hint, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

CALCULUS = Textbook(
    "fundamental theorem of calculus for Lipschitz functions", "Rudin, Real and Complex Analysis, theorem 7.20"
)


def unit_turn(variant: Variant) -> Forall:
    """A unit with slopes p at x and q at y, p >= q: pa - qb = p(a - b) + (p - q) b, and b pays (1 - q^2) b^2 for it."""
    p, q, a, b = map(var, ("p", "q", "a", "b"))
    slopes: dict[str, Formula] = {"order": p >= q}
    if variant.keeps("lipschitz"):
        slopes["lipschitz"] = conj(p <= 1, p >= -1)
    if variant.keeps("monotonic"):
        slopes["monotonic"] = q >= 0
    turned = conj(equals(p * a - q * b, p * (a - b) + (p - q) * b), (p - q) ** 2 <= 1 - q * q)
    return Forall("a unit that turns the gradient pays for it", slopes, turned)


def one_more_layer() -> Forall:
    """delta <= e_1 + ... + e_k, paid = sum e_l^2: delta^2 <= k paid passes to k + 1, by (delta - k e)^2 >= 0."""
    k, delta, e, paid = map(var, ("k", "delta", "e", "paid"))
    given: dict[str, Formula] = {
        "others": delta * delta <= k * paid,
        "layers": k >= 1,
        "sign": disj(delta >= k * e, delta <= k * e),
    }
    return Forall("one more layer", given, k * (delta + e) ** 2 <= k * (k + 1) * (paid + e * e), hint=Hint(2))


def mean() -> Forall:
    """2 s^2 <= a^2 + b^2 for s = (a + b) / 2."""
    a, b = var("a"), var("b")
    sign: dict[str, Formula] = {"sign": disj(a >= b, a <= b)}
    return Forall("the mean of the two slopes", sign, (a + b) ** 2 / 2 <= a * a + b * b)


def ray() -> Forall:
    """4 s^2 <= h (2 - m) and 2 s^2 <= m give s^2 <= h / (h + 2): s half the growth along u and -u, m = a^2 + b^2."""
    h, s, m = map(var, ("h", "s", "m"))
    given: dict[str, Formula] = {"law": 4 * s * s <= h * (2 - m), "mean": 2 * s * s <= m, "layers": h >= 1}
    return Forall("along a ray", given, (h + 2) * s * s <= h)


def relu_cells() -> Exhaustive:
    """The printed ReLU cells, with depth - 1 hidden layers, lie below the bound."""

    def holds(element: Data) -> bool:
        n, depth = element
        return CELL["ReLU", n, depth] ** 2 <= Fraction(depth - 1, depth + 1)

    cells = [[n, depth] for n in DIMENSIONS for depth in DEPTHS]
    return Exhaustive("printed cells", "the printed ReLU values obey the bound", lambda: cells, holds, cells)


def relu(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound for element-wise monotonic activations."""
    return [unit_turn(variant), one_more_layer(), mean(), ray(), relu_cells()]


CLAIMS = (
    Claim(
        id=f"{ROW}.relu_depth",
        source=f"{TABLE}, the row ReLU; {ICML}",
        printed="Non-GNP (non-gradient norm preserving) activations are incapable of approximating this trivial "
        "Lipschitz function. While increasing the network depth helps (Table 1), this representational barrier leads "
        "to limitations as the problem dimensionality increases.",
        reading="the barrier for ReLU at a fixed depth, as a number",
        statement="A network with h hidden layers of any width, monotonic 1-Lipschitz element-wise activations with "
        "finitely many pieces, one output, any biases and all ||W||_2 <= 1 has |E f(u) - f(0)| <= sqrt(h / (h + 2)), "
        "for every n: 0.7072 for two, 0.7746 for three, 0.8661 for six, 0.8820 for seven hidden layers.",
        expected=Verdict.PROVED,
        obligations=relu,
        scope="all n, h >= 1, widths, weights and biases",
        covers_all=True,
        hypotheses={
            "monotonic": "activations are monotonic (increasing after moving signs into the weights)",
            "lipschitz": "activations are 1-Lipschitz",
        },
        textbook=(
            CALCULUS,
            Textbook("induction over units and layers", "Peano's fifth axiom"),
        ),
        argument="proof.md#relu-with-h-hidden-layers",
        notes="For h = 1 the supremum over all n is 1/2, below the bound 0.5774. The bound tends to 1 with h: at any "
        "fixed depth ReLU stays away from the optimum in every dimension, n = 1 included, and the dimension does not "
        "enter.",
    ),
)
