"""Section 7.1: "Optimal critics for different Lipschitz constants are equivalent up to scaling."

Plain reading: for K, L > 0, f -> (L / K) f maps the optimal critics among K-Lipschitz functions one to one onto those
among L-Lipschitz functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.kr_duality.common import ICLR, ICML
from lipcheck.claims.anil2019.optimal_dual_gradient.common import ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

K, L, c = var("K"), var("L"), var("c")
WITNESS = {"K": Fraction(1), "L": Fraction(1), "c": Fraction(1)}


def constants(variant: Variant) -> dict[str, Formula]:
    """c = L / K, for positive K and L."""
    signs = conj(K > 0, L > 0, c > 0) if variant.keeps("positive") else conj(K >= 0, L >= 0, c >= 0)
    return {"positive": signs, "factor": equals(K * c, variant.value("factor", 1) * L)}


def witness(*others: str) -> dict[str, Fraction]:
    """K = L = c = 1, and zero for the others."""
    return {**WITNESS, **dict.fromkeys(others, Fraction(0))}


def same_class(variant: Variant) -> Forall:
    """A difference a of f over a distance d, |a| <= K d: c f is L-Lipschitz."""
    a, d = var("a"), var("d")
    lipschitz = conj(a <= K * d, -a <= K * d)
    hypotheses: dict[str, Formula] = {**constants(variant), "distance": d >= 0, "lipschitz": lipschitz}
    conclusion = conj(c * a <= L * d, -c * a <= L * d)
    return Forall("scaled critics are L-Lipschitz", hypotheses, conclusion, witness=witness("a", "d"))


def same_order(variant: Variant) -> Forall:
    """f is the best K-Lipschitz value; an L-Lipschitz critic of value G = c g is c times a K-Lipschitz one of g."""
    f, g, G = var("f"), var("g"), var("G")
    hypotheses: dict[str, Formula] = {**constants(variant), "optimal": f >= g, "scaled": equals(G, c * g)}
    return Forall("scaled critics are optimal", hypotheses, c * f >= G, witness=witness("f", "g", "G"))


def onto(variant: Variant) -> Forall:
    """Every number b that an L-Lipschitz function takes is c a, for a = b / c."""
    a, b, back = var("a"), var("b"), var("back")
    hypotheses: dict[str, Formula] = {
        **constants(variant),
        "there": equals(b, c * a),
        "back": equals(variant.value("factor", 1) * L * back, K * b),
    }
    return Forall("scaling back", hypotheses, equals(back, a), witness=witness("a", "b", "back"))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Scaling maps one class onto the other and keeps the order of the values; both ways, as K and L are any two."""
    return [same_class(variant), same_order(variant), onto(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.scaling",
        source=f"{ICML}, section 7.1.1; {ICLR}, section 7.1.1",
        printed="(Optimal critics for different Lipschitz constants are equivalent up to scaling.)",
        statement=(
            "For K, L > 0 a K-Lipschitz f maximises E_P1 f - E_P2 f over K-Lipschitz functions exactly if (L / K) f "
            "maximises it over L-Lipschitz functions."
        ),
        reading="the sets of optimal critics are scaled copies of each other; K, L > 0",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all K, L > 0, all laws with finite first moments, all metric spaces",
        covers_all=True,
        hypotheses={"positive": "both constants are positive"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="the factor is this times L / K")},
        textbook=(Textbook("linearity of the integral", "Rudin, Real and Complex Analysis, 1.32"),),
        argument="proof.md#scaling",
        notes=(
            "Not every optimal critic for L is the scaled copy of a given one for K: they are not unique. For K = 0 "
            "all critics are constant, and no scaling gives the others."
        ),
    ),
)
