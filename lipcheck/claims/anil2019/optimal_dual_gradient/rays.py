"""What every optimal dual has: slope one along the segments on which mass is moved.

Plain reading: let f be an optimal dual and pi an optimal coupling. For pi-almost every (x, y) with x != y, f falls at
slope one along the segment from x to y, it is differentiable inside, and wherever it is differentiable on the closed
segment, its gradient is -(y - x) / |y - x|, of norm one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.kr_duality.common import KANTOROVICH
from lipcheck.claims.anil2019.optimal_dual_gradient.common import PRINTED, ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def tight_pairs(variant: Variant) -> Forall:
    """Mass m > 0 on a pair of slack s = |x - y| - f(x) + f(y) >= 0: all slacks together come to 0."""
    m, s, others = var("m"), var("s"), var("others")
    hypotheses: dict[str, Formula] = {
        "mass": m > 0,
        "lipschitz": conj(s >= 0, others >= 0),
        "optimal": equals(m * s + others, 0),
    }
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    witness = {"m": Fraction(1), "s": Fraction(0), "others": Fraction(0)}
    return Forall("coupled pairs are tight", kept, equals(s, 0), witness=witness)


def on_the_segment(variant: Variant) -> Forall:
    """z at distances a from x and b from y, a + b = |x - y| = f(x) - f(y)."""
    x, z, y, a, b = (var(name) for name in ("x", "z", "y", "a", "b"))
    constant = variant.value("lipschitz", 1)
    hypotheses: dict[str, Formula] = {
        "distances": conj(a >= 0, b >= 0),
        "lipschitz": conj(x - z <= constant * a, z - y <= constant * b),
        "tight": equals(x - y, a + b),
    }
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    return Forall("slope one on the segment", kept, conj(equals(x - z, a), equals(z - y, b)))


def gradient(variant: Variant) -> Forall:
    """g = -grad f and the unit vector u: from g'u = 1 and |g|^2 <= 1, |g|^2 = 1 and |g - u|^2 = 0."""
    gg, gu = var("gg"), var("gu")
    hypotheses: dict[str, Formula] = {
        "lipschitz": gg <= variant.value("lipschitz", 1) ** 2,
        "slope": equals(gu, 1),
        "square": gg - 2 * gu + 1 >= 0,
    }
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    return Forall("the gradient points along the segment", kept, conj(equals(gg, 1), equals(gg - 2 * gu + 1, 0)))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """From the value of the dual to pairs, from pairs to segments, from segments to gradients."""
    return [tight_pairs(variant), on_the_segment(variant), gradient(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.rays",
        source=f"{SOURCE}, corrected",
        printed=PRINTED,
        statement=(
            "For laws with finite first moments on R^n, an optimal dual f and an optimal coupling pi: for almost every "
            "(x, y) under pi with x != y, f(x) - f(z) = |x - z| for every z between x and y; f is differentiable "
            "strictly between, and where it is differentiable on the segment, grad f = -(y - x) / |y - x|."
        ),
        reading="repaired: on the segments between coupled points",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all laws with finite first moments on R^n, every n",
        covers_all=True,
        hypotheses={
            "lipschitz": "f is 1-Lipschitz",
            "optimal": "f attains W(P1, P2), and pi is an optimal coupling",
        },
        constants={"lipschitz": Constant(Fraction(1), Fraction(101, 100), words="the Lipschitz constant of f")},
        textbook=(
            KANTOROVICH,
            Textbook("a nonnegative function with integral 0 is 0 almost everywhere", "Rudin, Real and Complex "
                     "Analysis, 1.39"),
            Textbook("a function between two that touch and are differentiable is differentiable", "definition"),
        ),
        argument="proof.md#rays",
        notes="This is Proposition 1 of Gulrajani et al. without their assumption that f is differentiable.",
    ),
)  # fmt: skip
