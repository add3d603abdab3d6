"""Anil et al. 2019, section 2.1: "if the function is everywhere differentiable then its Lipschitz constant is bounded
by the operator norm of its Jacobian" (the ICLR submission: "Equivalently, if ...").

Plain reading: the operator norm over all of X = R^n, that is sup over x of ||J(x)||. Then the bound holds, and with
equality. At a single x it fails: where the derivative vanishes, the bound would be 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.claims.anil2019.lipschitz_constant.common import ICML, ROW
from lipcheck.exact import Vector, exact, vector
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "If the function is everywhere differentiable then its Lipschitz constant is bounded by the operator norm of its "
    "Jacobian."
)


class PoleError(LipcheckError, ValueError):
    """A rational function that is not seen to be differentiable everywhere."""


def value(p: Vector, x: Fraction) -> Fraction:
    """The polynomial with these coefficients, constant first."""
    return sum((c * x**k for k, c in enumerate(p)), Fraction(0))


def derivative(p: Vector) -> Vector:
    """Its derivative."""
    return tuple(k * c for k, c in enumerate(p))[1:]


def quotient(data: Any) -> tuple[Vector, Vector]:
    """(p, q) of the function p / q, with q positive: even powers, coefficients at least 0, the first above 0."""
    p, q = vector(data["p"], "p"), vector(data["q"], "q")
    if not q or q[0] <= 0 or any(c < 0 or (c and k % 2) for k, c in enumerate(q)):
        raise PoleError("q must be a positive constant plus even powers with nonnegative coefficients")
    return p, q


def slope(p: Vector, q: Vector, x: Fraction) -> Fraction:
    """(p / q)' at x."""
    top = value(derivative(p), x) * value(q, x) - value(p, x) * value(derivative(q), x)
    return top / value(q, x) ** 2


def examine(data: Any, at_mean_value: bool) -> Examination:
    """|f(a) - f(b)| <= |f'(x)| |a - b| for f = p / q; repaired, x lies between a and b as the mean value theorem picks
    it.
    """
    p, q = quotient(data)
    x, a, b = (exact(data[k], k) for k in ("x", "a", "b"))
    rise = value(p, a) / value(q, a) - value(p, b) / value(q, b)
    hypotheses = {"mean value": slope(p, q, x) * (a - b) == rise} if at_mean_value else {}
    return Examination(hypotheses, abs(rise) <= abs(slope(p, q, x)) * abs(a - b))


BUMP = {"p": ["1"], "q": ["1", "0", "1"], "x": "0", "a": "0", "b": "1"}


def pointwise(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound by the derivative at any one point; affine functions are no counterexample."""
    text = "for p / q, everywhere differentiable: |f(a) - f(b)| <= |f'(x)| |a - b| for all x, a, b"
    text += ", where x is a point of the mean value theorem for a and b" if variant.repaired else ""
    lines = product("01", ("-1", "0", "2"), "12")
    affine = [{"p": [c, m], "q": ["1"], "x": "0", "a": a, "b": "0"} for c, m, a in lines]
    return [
        Universal("rational functions", text, lambda d: examine(d, variant.repaired), lambda: [BUMP],
                  parameters=variant.repaired),
        Exhaustive("minimal: affine functions", "affine functions are no counterexample", lambda: affine,
                   lambda d: examine(d, False).conclusion),
    ]  # fmt: skip


change, length, M, K, quotient_norm, rest = map(var, ("change", "length", "M", "K", "quotient_norm", "rest"))


def upper(variant: Variant) -> Forall:
    """||f(y) - f(x)|| = u'(f(y) - f(x)) = u' J(z) (y - x) <= ||J(z)|| ||y - x|| <= M ||y - x||, u of dual norm one."""
    at_z = var("at_z")
    hypotheses: dict[str, Formula] = {"length": length >= 0, "mean value": change <= at_z * length}
    if variant.keeps("everywhere"):
        hypotheses["everywhere"] = at_z <= variant.value("factor", 1) * M
    return Forall("the supremum bounds the slopes", hypotheses, change <= M * length)


def lower() -> Forall:
    """||J v|| t <= ||f(x + tv) - f(x)|| + e t ||v|| <= (K + e) t ||v||: for t > 0, ||J v|| <= (K + e) ||v||."""
    t, image, e = var("t"), var("image"), var("e")
    hypotheses: dict[str, Formula] = {
        "step": conj(t > 0, length >= 0, e > 0),
        "differentiable": image * t <= change + e * t * length,
        "lipschitz": change <= K * t * length,
    }
    return Forall("slopes bound the derivative", hypotheses, image <= (K + e) * length)


def limit() -> Forall:
    """If that holds for every e > 0, it holds for e = 0: e = (image - K l) / (l + 1) would contradict it."""
    image, e = var("image"), var("e")
    hypotheses: dict[str, Formula] = {
        "length": length >= 0,
        "fails": image > K * length,
        "choice": conj(e * (length + 1) <= image - K * length, e * (length + 1) >= image - K * length),
    }
    return Forall("and e goes to zero", hypotheses, conj(e > 0, image > (K + e) * length))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The two inequalities between the smallest constant and the supremum."""
    return [upper(variant), lower(), limit()]


CLAIMS = (
    Claim(
        id=f"{ROW}.jacobian",
        source=ICML,
        printed=PRINTED,
        statement="If f : R^n -> R^m, n >= 1, is everywhere differentiable, with any norms on R^n and R^m, then its "
        "smallest Lipschitz constant is sup over all x of ||J(x)||, both being infinite if one is; in particular f is "
        "K-Lipschitz if and only if ||J(x)|| <= K for all x.",
        reading="the operator norm of the Jacobian: its supremum over R^n, in the operator norm of the two norms",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all everywhere differentiable functions on R^n (or on any convex open set), all norms",
        covers_all=True,
        hypotheses={"everywhere": "M bounds ||J(z)|| at every point z"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of the supremum")},
        textbook=(
            Textbook("mean value theorem, for t -> u'f(x + t(y - x))", "Rudin, Principles, theorem 5.10"),
            Textbook(
                "every vector v has a u of dual norm one with u'v = ||v||", "Horn, Johnson, Matrix Analysis, 5.5.9"
            ),
        ),
        depends_on=(ROW,),
        argument="proof.md#the-jacobian",
        notes="'Equivalently' (ICLR) is right in this reading: among everywhere differentiable functions the two "
        "conditions are the same. Networks with ReLU or GroupSort are not everywhere differentiable; for Lipschitz "
        "functions the essential supremum does.",
    ),
    Claim(
        id=f"{ROW}.jacobian_pointwise",
        source=ICML,
        printed=PRINTED,
        statement="If f : R -> R is everywhere differentiable, then |f(a) - f(b)| <= |f'(x)| |a - b| for all a, b and "
        "x.",
        short="the derivative at one point bounds no slope; its supremum over all points does",
        reading="the operator norm of the Jacobian at any one point, as no supremum is printed",
        variant_of=f"{ROW}.jacobian",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=pointwise,
        scope="rational functions on R",
        covers_all=True,
        argument="proof.md#the-jacobian",
        counterexamples={"rational functions": BUMP},
        minimality="one variable; a rational function that is Lipschitz on R is affine or has a denominator of degree "
        "two or more, and affine functions are no counterexample",
        near_misses=(
            NearMiss("rational functions", {**BUMP, "x": "1"}, "at x = 1 the slope -1/2 is that of the chord"),
            NearMiss("rational functions", {**BUMP, "b": "0"}, "a and b agree"),
        ),
        repairs={"x from the mean value theorem": Variant(repaired=True)},
        repaired_by=f"{ROW}.jacobian",
        snippet="from fractions import Fraction as F\ndef f(x): return F(1) / (1 + x * x)\n"
        "def df(x): return F(-2) * x / (1 + x * x) ** 2\nprint(f(0) - f(1), df(0))\n"
        "assert abs(f(0) - f(1)) > abs(df(0)) * abs(0 - 1)",
    ),
)
