"""Section 4.2.1: "fully differentiable and thus has a pullback operator for the Stiefel manifold, allowing us to
optimize over orthonormal matrices directly"; "ensures that all singular values are exactly 1".

The map is polynomial, so differentiable, and at an orthonormal matrix its derivative is the orthogonal projection to
the tangent space of the Stiefel manifold. But no finite number of iterations arrives on the manifold: a singular value
in (0, 1) stays below 1. The limit map does, where it is defined.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck._matrices import as_order, given, iterate, near, read
from lipcheck.claims.anil2019.bjorck._steps import ICML, ROW, D, P, q
from lipcheck.exact import matrix
from lipcheck.norms import is_orthonormal
from lipcheck.norms.bjorck import product, transposed
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import Term, total, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{ICML}, section 4.2.1; ICLR submission, the same"
PRINTED = (
    "This algorithm is fully differentiable and thus has a pullback operator for the Stiefel manifold (Absil et al., "
    "2009) allowing us to optimize over orthonormal matrices directly."
)
HALF = given([["1/2"]], order=1, iterations=1)
Terms = list[list[Term]]


def finite(variant: Variant) -> Universal:
    """A_k is orthonormal, for every k >= 1; repaired: if A_0 is."""

    def examine(data: Any) -> Examination:
        weight, numbers = read(data, "order", "iterations")
        order, count = as_order(numbers["order"]), as_order(numbers["iterations"], 5)
        hypotheses = {"condition": near(weight, Fraction(1))}
        if variant.repaired:
            hypotheses["orthonormal"] = is_orthonormal(weight)
        return Examination(hypotheses, is_orthonormal(iterate(weight, order, count)))

    start = " orthonormal" if variant.repaired else ""
    text = f"A_k has orthonormal columns, for every{start} A with ||A'A - I||_2 < 1, every order and every k"
    return Universal("on the manifold", text, examine, lambda: [HALF], variant.dropped, [variant.repaired])


def never() -> Forall:
    """(1 - q) P^2 = 1 - G with 0 < G: the singular value sqrt(1 - q) P is not one."""
    given_ = {"G": conj(equals((1 - q) * P * P, 1 - D), D > 0)}
    return Forall("never in one step", given_, (1 - q) * P * P < 1)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The output lies on the manifold."""
    return [finite(variant), never()]


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


def orthonormal_columns(variant: Variant) -> Forall:
    """|y + x c|^2 = |y|^2 + x^2 with one more column: n = |c|^2 = 1, d = y.c = 0, Y = |y|^2 equal to the others' "
    "sum."""
    Y, d, n, x, S = map(var, ("Y", "d", "n", "x", "S"))
    hypotheses: dict[str, Formula] = {"others": equals(Y, S)}
    if variant.keeps("unit"):
        hypotheses["unit"] = equals(n, 1)
    if variant.keeps("orthogonal"):
        hypotheses["orthogonal"] = equals(d, 0)
    return Forall("one more column", hypotheses, equals(Y + 2 * x * d + x * x * n, S + x * x))


def stronger(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """|Wx| = |x| for orthonormal columns, so every singular value is one; [1/2] has a norm below one and none that "
    "is."""
    w = var("w")
    not_conversely = Forall("not conversely", {"w": equals(2 * w, 1)}, conj(w <= 1, w * w < 1))
    return [orthonormal_columns(variant), not_conversely]


SNIPPET = """\
from fractions import Fraction as F
w = F(1, 2)                              # the matrix [1/2]; the Stiefel manifold of 1 x 1 matrices is {1, -1}
for k in range(1, 7):
    w = w * (3 - w * w) / 2
    print(k, "iterations: 1 - w is about", float(1 - w))
    assert 0 < w < 1
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.stiefel",
        source=SOURCE,
        printed=f"{PRINTED} [...] This stronger condition ensures that all singular values are exactly 1",
        statement="For every A with ||A'A - I||_2 < 1 and every k >= 1, A_k lies on the Stiefel manifold: A_k'A_k = I.",
        reading="of the matrix that the procedure delivers, after finitely many iterations",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="all matrices, all orders, all numbers of iterations",
        covers_all=True,
        repairs={"A is orthonormal": Variant(repaired=True)},
        counterexamples={"on the manifold": HALF},
        near_misses=(
            NearMiss("on the manifold", given([[1]], order=1, iterations=1), "on the manifold from the start"),
            NearMiss("on the manifold", given([[2]], order=1, iterations=1), "arrives at -1, from outside"),
        ),
        minimality="one row, one column, one iteration; it happens for every A that is not orthonormal, at every k",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.differentiable",
        argument="proof.md#the-stiefel-manifold",
        notes=(
            "In the limit it holds: anil2019.bjorck.nearest_full_rank. What holds at finite k: "
            "anil2019.bjorck.guarantee."
        ),
    ),
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
    Claim(
        id=f"{ROW}.stronger_condition",
        source=f"{ICML}, section 4.2.1",
        printed=(
            "we go a step further and enforce orthonormality of the weight matrices. This stronger condition ensures "
            "that all singular values are exactly 1, rather than bounded by 1."
        ),
        statement=(
            "If W has orthonormal columns (m >= n) or rows (m <= n), its min(m, n) singular values are all 1; a norm "
            "of at most 1 does not imply it."
        ),
        reading="of the condition, not of what an algorithm delivers",
        expected=Verdict.PROVED,
        obligations=stronger,
        scope="all shapes",
        covers_all=True,
        hypotheses={"unit": "the columns have norm 1", "orthogonal": "the columns are orthogonal to each other"},
        argument="proof.md#the-stiefel-manifold",
    ),
)
