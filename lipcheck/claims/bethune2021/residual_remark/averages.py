"""Appendix D: "then ||grad(f/2 + g/2)|| < 1 in general, unless grad f(x) = grad g(x)".

Plain reading: at every x where both gradients exist and have 2-norm one, the gradient of the mean has norm at most one,
and exactly one if and only if the two gradients are equal. By the parallelogram law its square is 1 - |u - v|^2 / 4 for
the gradients u and v. In a norm that is not strictly convex, such as the 1-norm, this fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.mountain_function._lemmas import kept
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj, equals, implies
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.residual_remark"
SOURCE = "Béthune et al. 2021, arXiv version with appendices, appendix D, remark on residual connections"
PRINTED = (
    "Remark (Residual connections). If f verifies ||∇_x f(x)|| = 1 almost everywhere, and if g verifies ||∇_x g(x)|| = "
    "1 almost everywhere, then ||∇_x(1/2 f(x) + 1/2 g(x))|| < 1 in general, unless ∇_x f(x) = ∇_x g(x)."
)
LINEARITY = Textbook("the gradient of a sum is the sum of the gradients", "Rudin, Principles, definition 9.11")
INDUCTION = Textbook("induction over the coordinates", "Peano's axioms")


class GradientError(LipcheckError, ValueError):
    """Data that spell no pair of Jacobians."""


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
    return Forall("one coordinate", units, equals(u + v, 0))


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The parallelogram law coordinate by coordinate, and what it says of unit vectors."""
    return [mean(variant), one_more_coordinate()]


def aligned(variant: Variant) -> Forall:
    """|a + b| = |a| + |b| for two entries that have no opposite signs."""
    a, b = var("a"), var("b")
    return Forall("no opposite signs", kept(variant, signs=a * b >= 0),
                  equals(absolute(a + b), absolute(a) + absolute(b)))  # fmt: skip


def opposite() -> Forall:
    """|a + b| < |a| + |b| for entries of opposite signs."""
    a, b = var("a"), var("b")
    return Forall("opposite signs", {"signs": a * b < 0}, absolute(a + b) < absolute(a) + absolute(b))


def sums(variant: Variant) -> Forall:
    """One more coordinate: M <= A + B so far, m <= a + b there; all is equal exactly if both parts are, and halved."""
    M, T, m, t = map(var, ("M", "T", "m", "t"))
    share = variant.value("norm", 1)
    given: dict[str, Formula] = {"parts": conj(M <= T, m <= t), "two gradients of norm one": equals(T + t, 2)}
    whole, parts = equals(M + m, 2 * share), conj(equals(M, T), equals(m, t))
    return Forall("one more coordinate", given, conj(implies(whole, parts), implies(parts, whole)))


def taxicab(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Coordinate by coordinate; and that on a line nothing of this kind happens."""
    return [aligned(variant), opposite(), sums(variant), one_dimension()]


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
        id=f"{ROW}.taxicab",
        source=SOURCE,
        printed=PRINTED,
        reading="that the norm is the 2-norm, as section 2.1 fixes, is needed: the same with the 1-norm",
        variant_of=ROW,
        statement="Where f, g : R^n → R have gradients u, v of 1-norm one, the gradient of (f + g)/2 has 1-norm one "
        "exactly if u_i v_i >= 0 for all i: for n >= 2 also for u != v, such as (1, 0) and (0, 1); for n = 1 only for "
        "u = v.",
        expected=Verdict.PROVED,
        obligations=taxicab,
        scope="all n >= 1, all f and g, in the 1-norm",
        covers_all=True,
        hypotheses={"signs": "u_i v_i >= 0"},
        constants={"norm": Constant(Fraction(1), Fraction(99, 100), words="the norm of the mean")},
        textbook=(LINEARITY, INDUCTION, Textbook("triangle inequality", "definition of a norm")),
        argument="proof.md#other-norms",
        notes="The remark holds in the strictly convex norms and in no others. In the max-norm it fails for (1, 0) and "
        "(1, 1).",
    ),
)
