"""Convex partitions by half-spaces: true up to the boundary, which is where a piece need not be a half-space."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.claims.bethune2021.proposition_8._common import LEMMA_PROOF, ROW
from lipcheck.exact import dot
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, Or, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import Term, var
from lipcheck.words.verdict import Budget, Grade, Verdict


class FormsError(LipcheckError, ValueError):
    """Data that are no list of linear forms."""


def examine(data: Data, repaired: bool) -> Examination:
    """P = {x : the first of the forms that is not zero at x is positive}, and its complement: both convex.

    With independent forms P is a half-space exactly if there is one form: on the hyperplane where the first form is
    zero, membership changes with the second. Off that hyperplane P is {first form > 0}: looked at on a grid.
    """
    if not isinstance(data, dict) or set(data) != {"forms"}:
        raise FormsError("The data are the entry forms.")
    rows = [[parse(v) for v in row] for row in data["forms"]]
    if not rows or len({len(row) for row in rows}) != 1 or not any(rows[0]):
        raise FormsError("Forms have equal length, and the first one is not zero.")
    if repaired:
        grid = product((-1, 0, 1), repeat=len(rows[0]))
        off = ([dot(row, tuple(map(Fraction, x))) for row in rows] for x in grid)
        return Examination({}, all((_first(values) > 0) == (values[0] > 0) for values in off if values[0]))
    return Examination({}, rank(rows) == 1)


def _first(values: Sequence[Fraction]) -> Fraction:
    """The first value that is not zero, or zero."""
    return next((v for v in values if v), Fraction(0))


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """The rank of a matrix, by elimination."""
    left, found = [list(row) for row in rows], 0
    for column in range(len(left[0])):
        pivot = next((row for row in left if row[column]), None)
        if pivot is not None:
            found += 1
            left.remove(pivot)
            left = [[a - row[column] / pivot[column] * b for a, b in zip(row, pivot, strict=True)] for row in left]
    return found


def inside(x: Term, y: Term) -> Or:
    """(x, y) is above the first axis, or on its right half."""
    return disj(y > 0, conj(equals(y, 0), x > 0))


def outside(x: Term, y: Term) -> Or:
    """The complement."""
    return disj(y < 0, conj(equals(y, 0), x <= 0))


def convex() -> list[Forall]:
    """Both pieces are convex, as sets that are closed under addition and under positive factors."""
    a, b, c, d, s = map(var, ("a", "b", "c", "d", "s"))
    found = []
    for name, piece in (("first", inside), ("second", outside)):
        both: dict[str, Formula] = {"points": conj(piece(a, b), piece(c, d))}
        one: dict[str, Formula] = {"point": piece(a, b), "factor": s > 0}
        found.append(Forall(f"sums in the {name} piece", both, piece(a + c, b + d)))
        found.append(Forall(f"multiples in the {name} piece", one, piece(s * a, s * b)))
    return found


def half_spaces(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Two convex pieces, one of which should be a half-space; the repair says: up to the boundary."""
    return [
        Universal("two pieces", "the first piece is an open or a closed half-space",
                  lambda data: examine(data, variant.repaired), lambda: [LEXICOGRAPHIC], parameters=variant.repaired),
        *convex(),
    ]  # fmt: skip


def interior(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """h(z) = a z1 + b z2 + c is <= 0 on another piece, which holds q, and >= 0 on this one; in the plane, for all h."""
    a, b, c, q1, q2, x1, x2 = map(var, ("a", "b", "c", "q1", "q2", "x1", "x2"))
    hypotheses: dict[str, Formula] = {"the same input": conj(equals(x1, q1), equals(x2, q2))}
    if variant.keeps("separated"):
        hypotheses["separated"] = a * q1 + b * q2 + c <= 0
    outside_ = a * x1 + b * x2 + c <= 0
    origin = dict.fromkeys(("a", "b", "c", "q1", "q2", "x1", "x2"), Fraction(0))
    value, square, step, sizes, k = map(var, ("value", "square", "step", "sizes", "k"))
    frontier: dict[str, Formula] = {"on the hyperplane": equals(value, 0), "step": conj(square > 0, step > 0)}
    rows = [[["0", "1"], ["1", "0"]], [["1"]], [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]]]
    return [
        Forall("the open half-space holds no input of another piece", hypotheses, outside_,
               witness=origin),
        Forall("on the hyperplane no input is interior", frontier, value - step * square < 0),
        Forall("one more piece", {"so far": equals(2 * sizes, k * (k - 1))}, equals(2 * (sizes + k), (k + 1) * k),
               witness={"sizes": Fraction(0), "k": Fraction(0)}),
        Universal("lexicographic pieces", "up to the boundary a half-space", lambda data: examine(data, True),
                  lambda: [{"forms": forms} for forms in rows]),
    ]  # fmt: skip


LEXICOGRAPHIC: dict[str, Any] = {"forms": [["0", "1"], ["1", "0"]]}
PRINTED = (
    "Each piece of the partition is a polytope [48]. Each polytope is characterized by a set of exactly B − 1 "
    "affine inequalities, since each polytope is the intersection of B − 1 halfspaces [48]."
)
SNIPPET = """inside = lambda x, y: y > 0 or (y == 0 and x > 0)      # convex, and so is its complement: B = 2
points = [(x, y) for x in range(-3, 4) for y in range(-3, 4)]
for part in (True, False):                             # both are closed under addition, and are cones
    P = [p for p in points if inside(*p) is part]
    assert all(inside(a + c, b + d) is part for a, b in P for c, d in P)
# y > 0 lies inside and y < 0 outside, so a half-space would have the frontier y = 0, all of it or nothing
print(inside(1, 0), inside(-1, 0))
assert inside(1, 0) and not inside(-1, 0)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.polytopes",
        short="{y > 0} with half of the line y = 0 is convex like its complement, no half-space; interiors are",
        source=LEMMA_PROOF,
        printed=PRINTED,
        statement="In a partition of R^n into B convex sets each of them is the intersection of B - 1 half-spaces, "
        "open or closed.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=half_spaces,
        scope="all n and B",
        covers_all=True,
        repairs={"up to the boundary": Variant(repaired=True)},
        counterexamples={"two pieces": LEXICOGRAPHIC},
        near_misses=(
            NearMiss("two pieces", {"forms": [["0", "1"]]}, "an open half-plane"),
            NearMiss("two pieces", {"forms": [["0", "1"], ["0", "2"]]}, "the second form adds nothing"),
        ),
        minimality="B = 2 and n = 2: on the line convex sets are intervals, and two that cover it are half-lines",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.polytopes_interior",
        argument="proof.md#convex-pieces-and-half-spaces",
        notes="Harmless for the count: on finitely many points, pieces with disjoint convex hulls are separated by "
        "half-spaces. 'Exactly' should be 'at most', and such polytopes may be unbounded. [48] has open pieces.",
    ),
    Claim(
        id=f"{ROW}.polytopes_interior",
        source=LEMMA_PROOF,
        printed=PRINTED,
        reading="repaired: interiors, at most B - 1 open half-spaces",
        variant_of=f"{ROW}.polytopes",
        statement="In a partition of R^n into B convex sets the interior of each of them is the intersection of at "
        "most B - 1 open half-spaces, one for each other nonempty piece; the whole partition needs at most B(B - "
        "1)/2 hyperplanes.",
        expected=Verdict.PROVED,
        obligations=interior,
        scope="all n and B",
        covers_all=True,
        hypotheses={"separated": "the hyperplane separates the two pieces"},
        textbook=(
            Textbook(
                "two disjoint convex sets are separated by a hyperplane", "Rockafellar, Convex Analysis, section 11"
            ),
        ),
        argument="proof.md#convex-pieces-and-half-spaces",
    ),
)
