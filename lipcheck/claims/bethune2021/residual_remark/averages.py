"""Appendix D: "then ||grad(f/2 + g/2)|| < 1 in general, unless grad f(x) = grad g(x)".

Plain reading: at every x where both gradients exist and have 2-norm one, the gradient of the mean has norm at most one,
and exactly one if and only if the two gradients are equal. By the parallelogram law its square is 1 - |u - v|^2 / 4 for
the gradients u and v. In a norm that is not strictly convex, such as the 1-norm, this fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.mountain_function._lemmas import kept
from lipcheck.exact import Vector, dot, vector
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj, equals, implies
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.residual_remark"
SOURCE = "Béthune et al. 2021, arXiv version with appendices, appendix D, remark on residual connections"
PRINTED = (
    "Remark (Residual connections). If f verifies ||∇_x f(x)|| = 1 almost everywhere, and if g verifies ||∇_x g(x)|| = "
    "1 almost everywhere, then ||∇_x(1/2 f(x) + 1/2 g(x))|| < 1 in general, unless ∇_x f(x) = ∇_x g(x)."
)
TWO = "two gradients"
LINEARITY = Textbook("the gradient of a sum is the sum of the gradients", "Rudin, Principles, theorem 9.16")
INDUCTION = Textbook("induction over the coordinates", "Peano's axioms")
NORMS: Mapping[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "1": lambda v: sum(map(abs, v), Fraction(0)),
    "2": lambda v: dot(v, v),
    "inf": lambda v: max(map(abs, v)),
}
COORDINATES: Any = {"u": ["1", "0"], "v": ["0", "1"], "p": "1"}


class GradientError(LipcheckError, ValueError):
    """Data that spell no two vectors of one length and a norm."""


def one_more_coordinate() -> Forall:
    """|u + v|^2 + |u - v|^2 = 2 |u|^2 + 2 |v|^2 with one more coordinate a of u and b of v."""
    S, T, M, D, a, b = map(var, ("S", "T", "M", "D", "a", "b"))
    left = (M + (a + b) ** 2) + (D + (a - b) ** 2)
    given = {"others": equals(M + D, 2 * S + 2 * T)}
    return Forall("parallelogram law, one more coordinate", given, equals(left, 2 * (S + a * a) + 2 * (T + b * b)))


def mean(variant: Variant) -> Forall:
    """S = |u|^2, T = |v|^2, D = |u - v|^2, M = |u + v|^2, four times the squared norm of the mean."""
    S, T, M, D = map(var, ("S", "T", "M", "D"))
    given = kept(variant, f=equals(S, 1), g=equals(T, 1), euclidean=equals(M + D, 2 * S + 2 * T))
    squares = conj(S >= 0, T >= 0, M >= 0, D >= 0)
    square = variant.value("square", 1)
    below = conj(implies(D > 0, 4 * square > M), implies(equals(D, 0), equals(M, 4 * square)))
    witness = {"S": Fraction(1), "T": Fraction(1), "M": Fraction(2), "D": Fraction(2)}
    return Forall("the mean of two unit vectors", {"squares": squares, **given}, below, witness=witness)


def one_dimension() -> Forall:
    """Unit vectors of a line that differ are opposite, in every norm."""
    u, v = var("u"), var("v")
    units: dict[str, Formula] = {"units": conj(equals(u * u, 1), equals(v * v, 1)), "differ": disj(u < v, v < u)}
    return Forall("minimal: one coordinate", units, equals(u + v, 0))


def read(data: Data) -> tuple[Vector, Vector, str]:
    """The two gradients, and the name of the norm."""
    match data:
        case {"u": list(u), "v": list(v), "p": str(p), **rest} if not rest and p in NORMS and 0 < len(u) == len(v):
            return vector(u, "u"), vector(v, "v"), p
    raise GradientError("Give {'u': [...], 'v': [...], 'p': '1', '2' or 'inf'} with two vectors of one length.")


def examine(data: Data, repaired: bool) -> Examination:
    """Two affine functions with these gradients; the 2-norm is compared with one by its square."""
    u, v, p = read(data)
    size = NORMS[p]
    hypotheses = {"norm one": size(u) == size(v) == 1, "different": u != v}
    if repaired:
        hypotheses["2-norm"] = p == "2"
    return Examination(hypotheses, size([(a + b) / 2 for a, b in zip(u, v, strict=True)]) < 1)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The parallelogram law coordinate by coordinate, and what it says of unit vectors."""
    return [mean(variant), one_more_coordinate()]


def any_norm(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Single pairs of gradients, in the 1-norm, 2-norm or max-norm."""
    text = "the mean of two different gradients of norm one has a norm below one" + (
        ", in the 2-norm" if variant.repaired else ""
    )
    pairs = [COORDINATES, {**COORDINATES, "p": "2"}]
    return [Universal(TWO, text, lambda data: examine(data, variant.repaired), lambda: pairs,
                      parameters=variant.repaired), one_dimension()]  # fmt: skip


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        reading="scalar functions and the 2-norm, which section 2.1 fixes",
        statement="Where f, g : R^n → R have gradients u, v of 2-norm one, the gradient of (f + g)/2 has the squared "
        "norm 1 - |u - v|^2 / 4: it is one exactly if u = v, and below one otherwise. So ||∇(f + g)/2|| = 1 almost "
        "everywhere exactly if ∇f = ∇g almost everywhere.",
        expected=Verdict.PROVED,
        obligations=printed,
        scope="all n >= 1, all f and g",
        covers_all=True,
        hypotheses={
            "f": "||∇f(x)||_2 = 1",
            "g": "||∇g(x)||_2 = 1",
            "euclidean": "the norm is the 2-norm: the parallelogram law",
        },
        constants={"square": Constant(Fraction(1), Fraction(99, 100), words="bound on the squared norm of the mean")},
        textbook=(LINEARITY, INDUCTION),
        argument="proof.md#the-mean-of-two-functions",
        notes="'In general, unless' is 'exactly if not': nothing else is needed. Weights other than 1/2 do the same: "
        "|t u + (1 - t) v|^2 = 1 - t (1 - t) |u - v|^2.",
    ),
    Claim(
        id=f"{ROW}.any_norm",
        short="in the 1-norm the mean of (1, 0) and (0, 1) has norm one; in the 2-norm the remark holds",
        source=SOURCE,
        printed=PRINTED,
        reading="in any norm, as the printed ||.|| has no index",
        variant_of=ROW,
        statement="In every norm, the mean of two different gradients of norm one has a norm below one.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=any_norm,
        scope="gradients of affine functions in the 1-norm, 2-norm and max-norm",
        covers_all=True,
        repairs={"2-norm": Variant(repaired=True)},
        counterexamples={TWO: COORDINATES},
        near_misses=(
            NearMiss(TWO, {**COORDINATES, "p": "2"}, "in the 2-norm the square is 1/2"),
            NearMiss(TWO, {**COORDINATES, "v": ["1", "0"]}, "equal gradients"),
            NearMiss(TWO, {**COORDINATES, "p": "inf"}, "in the max-norm these two have the mean 1/2"),
            NearMiss(TWO, {"u": ["1"], "v": ["-1"], "p": "1"}, "one coordinate: the mean is 0"),
        ),
        minimality="two coordinates and entries 0 and 1: on a line different units are opposite and their mean is 0",
        snippet="""\
u, v = (1, 0), (0, 1)                      # gradients of f(x, y) = x and g(x, y) = y
norm = lambda w: sum(map(abs, w))          # the 1-norm
mean = [(a + b) / 2 for a, b in zip(u, v)]
print("norms", norm(u), norm(v), "of the mean", norm(mean))
assert u != v and norm(u) == norm(v) == norm(mean) == 1
""",
        repaired_by=ROW,
        argument="proof.md#other-norms",
        notes="Section 2.1 fixes the Euclidean norm, with which the remark holds: this concerns readers who use "
        "another one. The sentence needs a strictly convex norm. The max-norm fails for (1, 0) and (1, 1).",
    ),
)
