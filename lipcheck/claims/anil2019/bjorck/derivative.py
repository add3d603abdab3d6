"""The derivative of an iteration, and what it is at an orthonormal matrix: the projection to the tangent space.

Section 4.2.1: "fully differentiable and thus has a pullback operator for the Stiefel manifold". A_k is a polynomial in
A. At A'A = I the derivative of one iteration of any order is H -> H - A (A'H + H'A)/2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck._steps import ROW
from lipcheck.claims.anil2019.bjorck.stiefel import PRINTED, SOURCE
from lipcheck.exact import matrix
from lipcheck.norms import is_orthonormal
from lipcheck.norms.bjorck import product, transposed
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import Term, total, var, variables
from lipcheck.words.verdict import Budget, Verdict

Terms = list[list[Term]]


def product_terms(a: Terms, b: Terms) -> Terms:
    """A B for matrices of terms."""
    return [[total(x * b[k][j] for k, x in enumerate(row)) for j in range(len(b[0]))] for row in a]


def turned(a: Terms) -> Terms:
    """A'."""
    return [list(column) for column in zip(*a, strict=True)]


def first_order(a: Terms, coefficient: Fraction) -> Terms:
    """A (I + coefficient (I - A'A))."""
    cubic = product_terms(a, product_terms(turned(a), a))
    return [[x + coefficient * (x - y) for x, y in zip(r, t, strict=True)] for r, t in zip(a, cubic, strict=True)]


def linear_part(value: Term, name: str) -> Term:
    """The coefficient of `name` to the first power."""
    kept = {
        tuple((n, e) for n, e in m if n != name): c for m, c in value.coefficients.items() if dict(m).get(name) == 1
    }
    return Term(kept)


def derivative(rows: int, columns: int, variant: Variant) -> list[Forall]:
    """At A + t H the entries of the first iteration have the derivative H + (H - HA'A - AH'A - AA'H)/2 in t."""
    a, h = ([variables(f"{n}{i}_", columns) for i in range(1, rows + 1)] for n in "ah")
    t = var("t")
    moved = [[x + t * y for x, y in zip(r, u, strict=True)] for r, u in zip(a, h, strict=True)]
    image = first_order(moved, Fraction(1, 2))
    half = variant.value("half", Fraction(1, 2))
    parts = [product_terms(x, product_terms(turned(y), z)) for x, y, z in ((h, a, a), (a, h, a), (a, a, h))]
    return [
        Forall(
            f"derivative of order 1, {rows} x {columns}, entry {i}, {k}",
            {},
            equals(linear_part(image[i][k], "t"), h[i][k] + half * (h[i][k] - total(part[i][k] for part in parts))),
        )
        for i in range(rows)
        for k in range(columns)
    ]


def tangent(rows: int, columns: int) -> bool:
    """For samples with A'A = I: L(H) = H - A (A'H + H'A)/2 is tangent, L(L(H)) = L(H), and H - L(H) = A S, S "
    "symmetric."""
    sample = matrix([["3/5", "-4/5"], ["4/5", "3/5"], [0, 0]][:rows])
    a = tuple(row[:columns] for row in sample)
    for n in range(rows * columns):
        h = tuple(tuple(Fraction((i * columns + k) == n) for k in range(columns)) for i in range(rows))
        image = project(a, h)
        moved = symmetric(a, image)
        if any(map(any, moved)) or project(a, image) != image:
            return False
    return is_orthonormal(a)


def symmetric(a: Any, h: Any) -> Any:
    """A'H + H'A."""
    left = product(transposed(a), h)
    return tuple(tuple(x + y for x, y in zip(r, t, strict=True)) for r, t in zip(left, transposed(left), strict=True))


def project(a: Any, h: Any) -> Any:
    """H - A (A'H + H'A)/2, the derivative H + (H - HA'A - AH'A - AA'H)/2 at A'A = I."""
    normal = product(a, symmetric(a, h))
    return tuple(tuple(x - y / 2 for x, y in zip(r, t, strict=True)) for r, t in zip(h, normal, strict=True))


def tangent_step() -> Forall:
    """At A'A = I the derivative H + (H - H - AH'A - AA'H)/2 is H - A (H'A + A'H)/2, entry by entry."""
    h, u, v = var("h"), var("u"), var("v")
    w = var("w")
    hypotheses: dict[str, Formula] = {"orthonormal": equals(w, h)}
    return Forall("derivative at an orthonormal matrix", hypotheses, equals(h + (h - w - u - v) / 2, h - (u + v) / 2))


def differentiable(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The derivative by expansion, and that it is the projection to the tangent space at orthonormal matrices."""
    shapes = ((1, 1), (2, 1), (1, 2)) if budget is Budget.SMOKE else ((1, 1), (2, 1), (1, 2), (2, 2))
    text = "H - A (A'H + H'A)/2 projects to {T : A'T + T'A = 0}, and leaves A S with S symmetric"
    sizes = [[2, 1], [2, 2], [3, 1], [3, 2]]
    return [
        *(o for shape in shapes for o in derivative(*shape, variant)),
        tangent_step(),
        Exhaustive("samples: tangent spaces", text, lambda: sizes, lambda shape: tangent(*shape)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.differentiable",
        source=SOURCE,
        printed=PRINTED,
        reading="what is true of finitely many iterations: differentiable, and a projection to first order",
        statement=(
            "A_k is a polynomial in the entries of A, for every k and p, so differentiable everywhere; at A with "
            "orthonormal columns the derivative of one iteration, of every order, is H -> H - A (A'H + H'A)/2, the "
            "orthogonal projection to the tangent space of the Stiefel manifold."
        ),
        expected=Verdict.PROVED,
        obligations=differentiable,
        scope="all shapes, all orders p >= 1",
        covers_all=True,
        constants={"half": Constant(Fraction(1, 2), Fraction(101, 200), words="the coefficient in the derivative")},
        textbook=(
            Textbook("product rule for matrices", "Magnus, Neudecker, Matrix Differential Calculus, section 8.1"),
            Textbook(
                "tangent space of the Stiefel manifold, and the projection to it",
                "Absil, Mahony, Sepulchre, Optimization Algorithms on Matrix Manifolds, example 3.6.2",
            ),
        ),
        argument="proof.md#the-stiefel-manifold",
        notes="Terms Q^j with j >= 2 have no derivative at Q = 0, which is why the order does not matter there.",
    ),
)
