"""Appendix D: "Taking f(x) = x we end up with residual connections, for which ensuring ... = 1 ... is not trivial."

f(x) = x has values in R^n, and so has g; for n >= 2 the norm of a gradient becomes that of a Jacobian. In the spectral
norm the first half of the remark fails: with g = GroupSort2 the mean has a Jacobian of norm exactly one everywhere. If
all gradients are to be preserved (all singular values one), it holds, and then g(x) = x + c is the only choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.groupsort_properties.jacobian import determinant
from lipcheck.claims.bethune2021.mountain_function._lemmas import kept
from lipcheck.claims.bethune2021.residual_remark.averages import (
    INDUCTION,
    LINEARITY,
    PRINTED,
    ROW,
    SOURCE,
    GradientError,
    one_dimension,
    one_more_coordinate,
)
from lipcheck.exact import Matrix, matrix
from lipcheck.norms import is_orthonormal, spectral_norm_at_most
from lipcheck.norms.bjorck import product, transposed
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

JACOBIANS = "two Jacobians"
IDENTITY, SWAP = [["1", "0"], ["0", "1"]], [["0", "1"], ["1", "0"]]
SORTED: Any = {"f": IDENTITY, "g": SWAP}
WORDS = (
    "Taking f(x) = x we end up with residual connections, for which ensuring ||∇_x(1/2 f(x) + 1/2 g(x))|| = 1 almost "
    "everywhere is not trivial."
)


def below_one(weight: Matrix) -> bool:
    """Whether the spectral norm is less than one: I - W'W is positive semidefinite, and not singular."""
    square = product(transposed(weight), weight)
    gap = matrix([[(i == j) - entry for j, entry in enumerate(row)] for i, row in enumerate(square)])
    return spectral_norm_at_most(weight, Fraction(1)) and determinant(gap) != 0


def examine(data: Data, repaired: bool) -> Examination:
    """x and a linear map with this Jacobian: has their mean a norm below one, or (repaired) does it lose a gradient?"""
    if not isinstance(data, dict) or set(data) != {"f", "g"}:
        raise GradientError("Give {'f': rows, 'g': rows}.")
    f, g = (matrix(data[k], k) for k in "fg")
    if not len(f) == len(f[0]) == len(g) == len(g[0]):
        raise GradientError("Give two square Jacobians of one size.")
    identity = all(entry == (i == j) for i, row in enumerate(f) for j, entry in enumerate(row))
    mean = matrix([[(a + b) / 2 for a, b in zip(r, s, strict=True)] for r, s in zip(f, g, strict=True)])
    norm_one = all(spectral_norm_at_most(J, Fraction(1)) and not below_one(J) for J in (f, g))
    hypotheses = {"f(x) = x": identity, "norm one": norm_one, "different": f != g}
    if repaired:
        hypotheses["gradients preserved"] = is_orthonormal(f) and is_orthonormal(g)
        return Examination(hypotheses, not is_orthonormal(mean))
    return Examination(hypotheses, below_one(mean))


def vector_valued(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Pairs of Jacobians."""
    conclusion = "does not preserve all gradients" if variant.repaired else "has a spectral norm below one"
    return [Universal(JACOBIANS, f"the mean of the identity and another Jacobian {conclusion}",
                      lambda data: examine(data, variant.repaired), lambda: [SORTED], parameters=variant.repaired),
            replace(one_dimension(), name="minimal: one coordinate")]  # fmt: skip


def one_direction(variant: Variant) -> Forall:
    """V = |v|^2, W = |G v|^2, D = |v - G v|^2, M = |v + G v|^2, four times the squared length of the mean."""
    V, W, D, M = map(var, ("V", "W", "D", "M"))
    share = variant.value("share", 1)
    given = kept(variant, lipschitz=W <= V, preserved=share * share * 4 * V <= M)
    law = equals(M + D, 2 * V + 2 * W)
    return Forall("a direction that is preserved", {"law": law, "square": D >= 0, "length": V >= 0, **given},
                  equals(D, 0))  # fmt: skip


def only_translations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every direction v has G v = v; and the parallelogram law."""
    return [one_direction(variant), one_more_coordinate()]


CLAIMS = (
    Claim(
        id=f"{ROW}.vector_valued",
        short="x + GroupSort2(x), halved, has a Jacobian of norm 1 everywhere; all singular values 1 needs equality",
        source=SOURCE,
        printed=f"{PRINTED} {WORDS}",
        reading="f(x) = x and g with values in R^n, n >= 2, as in a residual connection; the norm of a matrix is the "
        "operator norm, as section 2.1 says",
        variant_of=ROW,
        statement="If f(x) = x and g : R^n → R^n has a Jacobian of spectral norm one almost everywhere, the Jacobian "
        "of (f + g)/2 has a norm below one wherever the Jacobians of f and g differ.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=vector_valued,
        scope="square Jacobians; the counterexample is g = GroupSort2 on R^2, where x_0 > x_1",
        covers_all=True,
        repairs={"all singular values": Variant(repaired=True)},
        counterexamples={JACOBIANS: SORTED},
        near_misses=(
            NearMiss(JACOBIANS, {"f": IDENTITY, "g": IDENTITY}, "equal Jacobians"),
            NearMiss(JACOBIANS, {"f": IDENTITY, "g": [["0", "-1"], ["1", "0"]]}, "a quarter turn: norm 1/sqrt 2"),
            NearMiss(JACOBIANS, {"f": [["1"]], "g": [["-1"]]}, "n = 1: the mean is 0"),
            NearMiss(JACOBIANS, {"f": SWAP, "g": IDENTITY}, "f is not x"),
        ),
        minimality="n = 2: for n = 1 the remark holds",
        snippet="""\
def mean(x, y): return (x + min(x, y)) / 2, (y + max(x, y)) / 2        # (x + GroupSort2(x)) / 2
(a, b), (c, d) = mean(3, 1), mean(4, 2)                                  # a step along (1, 1)
moved = (c - a) ** 2 + (d - b) ** 2
print("a step of squared length 2 becomes one of", moved, "; GroupSort2(3, 1) =", sorted((3, 1)))
assert moved == 2 and mean(3, 1) != (3, 1)
""",
        repaired_by=f"{ROW}.residual",
        argument="proof.md#vectors",
        notes="(I + G)/2 has norm one exactly if G has a fixed vector, as every rotation of R^3 has: 'in general' does "
        "not help. For scalar f and g the remark holds; f(x) = x is scalar only for n = 1.",
    ),
    Claim(
        id=f"{ROW}.residual",
        source=SOURCE,
        printed=WORDS,
        reading="all gradients keep their norm: the Jacobian of (x + g(x))/2 has all singular values one; for n = 1 "
        "this is the printed equation",
        statement="Let g : R^n → R^n be 1-Lipschitz, n >= 1. All singular values of the Jacobian of (x + g(x))/2 are "
        "one almost everywhere exactly if g(x) = x + c for some c in R^n.",
        expected=Verdict.PROVED,
        obligations=only_translations,
        scope="all n, all 1-Lipschitz g",
        covers_all=True,
        hypotheses={"lipschitz": "g is 1-Lipschitz", "preserved": "|(v + G v)/2| >= |v| for all v"},
        constants={"share": Constant(Fraction(1), Fraction(99, 100), words="the share of |v| that is preserved")},
        textbook=(
            LINEARITY,
            INDUCTION,
            Textbook("Rademacher's theorem", "Evans, Gariepy, Measure Theory and Fine Properties, theorem 3.2"),
            Textbook("a Lipschitz function whose derivative is zero almost everywhere is constant, by Fubini along "
                     "segments", "Rudin, Real and Complex Analysis, 7.20, 8.8"),
        ),
        argument="proof.md#residual-connections",
        notes="So 'not trivial' is an understatement: a scaled residual connection preserves all gradients only if it "
        "is a translation.",
    ),
)  # fmt: skip
