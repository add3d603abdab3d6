"""On the line some optimal dual has slope 1 or -1 almost everywhere, for all laws with finite first moments.

Plain reading: E_P1 f - E_P2 f = - integral of f' (F_1 - F_2), with |f'| <= 1. So f is optimal exactly if f' is minus
the sign of F_1 - F_2 wherever the two differ; elsewhere f' is free, and may be 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import LINE
from lipcheck.claims.anil2019.optimal_dual_gradient.common import PRINTED, ROW, SOURCE
from lipcheck.readings.line import Piece
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict


def dual(first: laws.Law, second: laws.Law, slope: Fraction) -> list[Piece]:
    """The function with f' = -slope sign(F_1 - F_2), and f' = slope where these are equal."""
    pieces: list[Piece] = []
    low, at = None, Fraction(0)
    for a, b, sign in laws.signs(first, second):
        rise = slope * (-sign or 1)
        pieces.append(Piece(low, b, (rise,), (at - rise * a,)))
        low, at = b, at + rise * (b - a)
    start = low or Fraction(0)
    return [*pieces, Piece(low, None, (slope,), (at - slope * start,))]


def examine(data: Data, slope: Fraction, kept: bool) -> Examination:
    """Whether this function, with twice its slopes where f may be anything, attains W(P1, P2)."""
    first, second = laws.read(data["first"]), laws.read(data["second"])
    f = dual(first, second, slope if kept else 2 * slope)
    return Examination({}, laws.objective(f, first, second) == laws.distance(first, second))


CANDIDATES: list[Any] = [
    {"first": laws.atoms(0), "second": laws.atoms(1)},
    {"first": laws.atoms(0, 3), "second": [["0", "2", "1/2"], ["-1", "4", "1/2"]]},
    {"first": laws.atoms(5), "second": laws.atoms(5)},
]


def attained(variant: Variant) -> Universal:
    """The function at work."""
    slope = variant.value("lipschitz", 1)
    return Universal("laws on the line", "f with f' = -sign(F_1 - F_2) attains W(P1, P2)",
                     lambda data: examine(data, slope, variant.keeps("lipschitz")), lambda: CANDIDATES,
                     parameters=[str(slope), variant.keeps("lipschitz")])  # fmt: skip


def best_slope(variant: Variant) -> Forall:
    """At one point, with h = F_1 - F_2 there: -s h <= |h| for every slope s, with equality only for s h = -|h|."""
    s, h = var("s"), var("h")
    bound: dict[str, Formula] = {"lipschitz": absolute(s) <= variant.value("lipschitz", 1)}
    kept = bound if variant.keeps("lipschitz") else {}
    equality = disj(-s * h < absolute(h), conj(h > 0, equals(s, -1)), conj(h < 0, equals(s, 1)), equals(h, 0))
    return Forall("the best slope at a point", kept, conj(-s * h <= absolute(h), equality))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The best slope at each point, and the function that has it."""
    return [attained(variant)] if budget is Budget.SMOKE else [attained(variant), best_slope(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.on_the_line",
        source=f"{SOURCE}, corrected",
        printed=PRINTED,
        statement=(
            "For all laws P1, P2 on R with finite first moments, a 1-Lipschitz f is optimal exactly if f' = "
            "-sign(F_1 - F_2) almost everywhere where F_1 != F_2; so some optimal dual has |f'| = 1 almost everywhere."
        ),
        reading="repaired: one input, and some optimal dual",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all laws on the line with finite first moments",
        covers_all=True,
        hypotheses={"lipschitz": "f is 1-Lipschitz"},
        constants={"lipschitz": Constant(Fraction(1), Fraction(101, 100), words="the Lipschitz constant of f")},
        textbook=(
            LINE,
            Textbook("E f - f(0) = integral of f' (1_{t > 0} - F), by Fubini", "Rudin, Real and Complex Analysis, 8.8"),
            Textbook("a Lipschitz function is the integral of its derivative", "Rudin, 7.18, 7.20"),
        ),
        argument="proof.md#on-the-line",
    ),
)
