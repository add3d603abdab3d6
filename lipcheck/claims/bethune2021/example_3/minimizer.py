"""Example 3 solved: the values of the minimizer at the four points, for every L.

The inputs -2, -1, 1, 2 have the labels +1, -1, +1, -1 and weights .9, .1, .1, .9. Put q = e^L. The minimizer takes the
values b + L, b, -b, -b - L. If q^3 <= 8 q + 9, b = L and it is -L x; otherwise v = e^-b is the positive root of 9 v^2 +
8 v = q.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021._bce import CONVEX, EXP, PAPER, Ball, positive
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import Term, var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.example_3"
SOURCE = f"{PAPER}, section 4, Example 3"
SETTING = (
    "We chose a simple setting with only four training points in R. The inputs are {−2, −1, 1, 2} respectively. Their "
    "sampling weights are {0.9, 0.1, 0.1, 0.9} respectively and their labels {+1, −1, +1, −1}."
)
MCSHANE = Textbook("McShane: L-Lipschitz values extend to an L-Lipschitz function", "McShane, Bull. AMS 40 (1934)")
ROOT = Textbook("intermediate values of continuous functions", "Rudin, Principles, theorem 4.23")
HYPOTHESES = {"lipschitz": "f is L-Lipschitz", "stationary": "f takes the values of the solution"}
HALF = Fraction(1, 2)

v, L, b = var("v"), var("L"), var("b")
q: Term = 9 * v * v + 8 * v
"""e^L in terms of v = e^-b where b < L."""


def certificates(variant: Variant) -> list[Forall]:
    """s = sigma(-a), r = sigma(b): the derivative of ten times the loss at the solution, towards f, is not negative."""
    f1, f2, f3, f4, s, r = map(var, ("f1", "f2", "f3", "f4", "s", "r"))
    lipschitz = conj(f1 - f2 <= L, f2 - f3 <= 2 * L, f3 - f4 <= L)
    signs: dict[str, Formula] = {"signs": conj(s > 0, r > 0)}
    if variant.keeps("lipschitz"):
        signs["lipschitz"] = lipschitz
    free = {"stationary": equals(9 * s, r)} if variant.keeps("stationary") else {}
    tight = {"stationary": 9 * s >= r} if variant.keeps("stationary") else {}
    a = b + L
    towards = -9 * s * (f1 - a) + r * (f2 - b) - r * (f3 + b) + 9 * s * (f4 + a)
    along = -9 * s * (f1 - 2 * L) + r * (f2 - L) - r * (f3 + L) + 9 * s * (f4 + 2 * L)
    return [
        Forall("no direction is better, middle slack", {**signs, **free}, towards >= 0),
        Forall("no direction is better, linear", {**signs, **tight}, along >= 0),
    ]


def regimes() -> list[Forall]:
    """sigma(-a) = 1/(1 + e^a) and sigma(b) = 1/(1 + e^-b) in both cases, and which case applies."""
    p, s, r = var("p"), var("s"), var("r")
    given: dict[str, Formula] = {"s": equals(s * (1 + 9 * v + 8), 1), "r": equals(r * (1 + v), 1), "v": v > 0}
    linear: dict[str, Formula] = {"s": equals(s * (1 + p * p), 1), "r": equals(r * (1 + p), p)}
    linear["q"] = conj(p >= 1, p**3 <= 8 * p + 9)
    tenth = {"v": Fraction(1), "s": Fraction(1, 18), "r": Fraction(1, 2)}
    return [
        Forall("e^a = q/v", {}, equals((9 * v + 8) * v, q)),
        Forall("stationary", given, equals(9 * s, r), witness=tenth),
        Forall("linear: the outer points pull harder", linear, 9 * s >= r, hint=Hint(4),
               witness={"p": Fraction(1), "s": HALF, "r": HALF}),
        Forall("the regimes", {}, equals((q**3 - 8 * q - 9) * v, (q * v - 1) * (q * q + 9 * v))),
        Forall("b is above -L", {"v": v > 0}, q > v),
    ]  # fmt: skip


def feasible() -> Forall:
    """The values b + L, b, -b, -b - L for |b| <= L, all pairs."""
    values, x = [b + L, b, -b, -b - L], [-2, -1, 1, 2]
    pairs = [(i, j) for i in range(4) for j in range(4) if i != j]
    close = conj(*(values[i] - values[j] <= abs(x[i] - x[j]) * L for i, j in pairs))
    return Forall("the values are L-Lipschitz", {"range": conj(b <= L, -b <= L)}, close)


def solution(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Feasible, and no direction is better; the regimes meet at L_1 with 1.1872 < L_1 < 1.1873."""
    return [
        *certificates(variant),
        *regimes(),
        feasible(),
        positive("L_1 above 1.1872", "8 q + 9 - q^3 > 0 for q = exp(1.1872)",
                 lambda exactly: -cubic(exactly(Fraction(11872, 10000)).exp())),
        positive("L_1 below 1.1873", "q^3 - 8 q - 9 > 0 for q = exp(1.1873)",
                 lambda exactly: cubic(exactly(Fraction(11873, 10000)).exp())),
    ]  # fmt: skip


def cubic(p: Ball) -> Ball:
    """p^3 - 8 p - 9."""
    return p * p * p - 8 * p - 9


CLAIMS = (
    Claim(
        id=f"{ROW}.minimizer",
        source=SOURCE,
        printed=SETTING,
        reading="quantitative: the minimizers of equation 4 for every L",
        statement="With q = e^L, the minimizers over Lip_L take the values b + L, b, -b, -b - L at -2, -1, 1, 2, where "
        "b = L (f = -L x) if q^3 <= 8 q + 9, that is L <= L_1 = 1.1872..., and otherwise e^b = (4 + sqrt(16 + 9 q))/q.",
        expected=Verdict.PROVED,
        obligations=solution,
        scope="all L >= 0; the values at the four points are unique",
        covers_all=True,
        hypotheses=HYPOTHESES,
        textbook=(EXP, CONVEX, MCSHANE, ROOT),
        depends_on=("bethune2021.zero_loss.well_defined_support",),
        argument="proof.md#the-solution",
        notes="The weights sum to 2; divided by 2 they are probabilities. This changes no minimizer.",
    ),
)
