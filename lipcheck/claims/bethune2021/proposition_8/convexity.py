"""Cells of one activation pattern are convex; maximal pieces, on which the function is one affine map, need not be."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import Any

from lipcheck.claims.bethune2021.proposition_8._common import LEMMA, PROOF, ROW, spelled
from lipcheck.exact import Vector, dot
from lipcheck.network import Affine, MaxMin, Network, NetworkError, from_json
from lipcheck.readings.line import along, pieces
from lipcheck.readings.rational import affine_piece, evaluate, is_smooth_at, pattern
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import maximum, minimum, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PLATEAU = Network(2, (MaxMin(), Affine.linear([[0, 1], [0, 0]]), MaxMin(), Affine.linear([[1, 0]])))
"""max(0, min(x1, x2)): 1-Lipschitz; it is 0 outside of the open positive quadrant."""
DEEP = Network(
    2,
    (
        Affine([[1, 0], [0, 1], [1, 1], [1, -1]], [0, 0, -1, 0]),
        MaxMin(),
        Affine([[1, -1, 0, 1], [0, 1, 1, -1]], [0, Fraction(1, 2)]),
        MaxMin(),
        Affine.linear([[1, -1]]),
    ),
)


def half_spaces(variant: Variant) -> list[Forall]:
    """p, q: the difference of one pair at two inputs of a cell, where earlier pairs are affine; it keeps its sign."""
    p, q, t = var("p"), var("q"), var("t")
    between = conj(t > 0, t < 1)
    closed: dict[str, Formula] = {"between": between, "at x": p >= 0}
    open_: dict[str, Formula] = {"between": between, "at x": p < 0}
    if variant.keeps("same cell"):
        closed["at y"], open_["at y"] = q >= 0, q < 0
    return [
        Forall("a pair keeps its order between two inputs", closed, (1 - t) * p + t * q >= 0),
        Forall("a pair stays transposed between two inputs", open_, (1 - t) * p + t * q < 0),
    ]


def linear_on_cells() -> Forall:
    """On a cell a sorted pair is one of two linear maps."""
    a, b = var("a"), var("b")
    kept = conj(equals(maximum(a, b), a), equals(minimum(a, b), b))
    return Forall("a pair is linear on a cell", {"order": a >= b}, kept)


def cells(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Each comparison is a half-space within the cell of the comparisons before it; two networks on a grid."""
    examples = {"plateau": PLATEAU, "two layers": DEEP}

    def grid(reach: int) -> Exhaustive:
        inputs = [tuple(map(Fraction, x)) for x in product(range(-reach, reach + 1), repeat=2)]

        def holds(name: str) -> bool:
            network = examples[name]
            at = {x: pattern(network, x) for x in inputs}
            same = ((x, y) for x, y in combinations(inputs, 2) if at[x] == at[y])
            return all(pattern(network, _middle(x, y)) == at[x] for x, y in same)

        text = f"inputs of one pattern on the grid from -{reach} to {reach} have midpoints of that pattern"
        return Exhaustive(f"cells on a grid, reach {reach}", text, lambda: list(examples), holds, size=reach)

    reaches = (2,) if budget is Budget.SMOKE else (2, 3)
    return [*half_spaces(variant), linear_on_cells(), *map(grid, reaches)]


def _middle(x: Vector, y: Vector) -> Vector:
    return tuple((a + b) / 2 for a, b in zip(x, y, strict=True))


def examine(data: Data, repaired: bool) -> Examination:
    """A network and a path within one piece: f is one affine map along it, and near its ends; then also in between."""
    match data:
        case {"network": network_data, "path": [_, _, *_] as path, **rest} if not rest:
            network = from_json(network_data)
        case _:
            raise NetworkError("The data are a network and a path of at least two points.")
    points = [tuple(parse(v) for v in point) for point in path]
    start, end = points[0], points[-1]
    weights, offset = affine_piece(network, pattern(network, start))

    def expected(x: Vector) -> Vector:
        return tuple(dot(row, x) + c for row, c in zip(weights, offset, strict=True))

    def affine_on(x: Vector, y: Vector) -> bool:
        leg = along(network, x, tuple(b - a for a, b in zip(x, y, strict=True)))
        inner = [t.inside for t in pieces(leg) if _meets(t.low, t.high)]
        places = {Fraction(0), Fraction(1), *(t for t in inner if 0 <= t <= 1)}
        ends = {t for piece in pieces(leg) for t in (piece.low, piece.high) if t is not None and 0 <= t <= 1}
        return all(
            evaluate(leg, (t,)) == expected(tuple(a + t * (b - a) for a, b in zip(x, y, strict=True)))
            for t in places | ends
        )

    interior = all(
        is_smooth_at(network, x) and affine_piece(network, pattern(network, x)) == (weights, offset)
        for x in (start, end)
    )
    hypotheses = {"inside one piece": interior and all(affine_on(x, y) for x, y in pairwise(points))}
    if repaired:
        hypotheses["one pattern"] = len({pattern(network, x) for x in points}) == 1
    middle = _middle(start, end)
    return Examination(hypotheses, evaluate(network, middle) == expected(middle))


def _meets(low: Fraction | None, high: Fraction | None) -> bool:
    return (low is None or low < 1) and (high is None or high > 0)


def maximal(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Pieces as maximal regions of one affine map; the repair asks for one activation pattern."""
    return [
        Universal("maximal pieces", "a piece that has two inputs has their midpoint",
                  lambda data: examine(data, variant.repaired), lambda: [AROUND], parameters=variant.repaired),
    ]  # fmt: skip


def around(*path: tuple[int, int]) -> Any:
    """The network max(0, min(x1, x2)) and a path."""
    return {"network": spelled(PLATEAU), "path": [[str(v) for v in point] for point in path]}


AROUND = around((3, -1), (-1, -1), (-1, 3))
SNIPPET = """\
def f(x, y):                                    # max(0, min(x, y)): two sorted pairs
    return max(0, min(x, y))
path = [(3, -1)] + [(k, -1) for k in range(3, -2, -1)] + [(-1, k) for k in range(-1, 4)]
print([f(*p) for p in path], "but at the midpoint of the ends:", f(1, 1))
assert all(f(*p) == 0 for p in path) and f(1, 1) == 1
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.convex",
        source=f"{PROOF}, with Lemma 1",
        printed="the pieces form a convex partition of R^n with B pieces (each piece of the partition is a convex "
        "set). [...] Now, we just need to apply the Lemma 1 with B = √2^W.",
        statement="With ties decided one way, the inputs of one activation pattern form a convex set, on which the "
        "network is affine; these at most 2^(W/2) sets partition R^n. So the classes of Proposition 8 are as Lemma "
        "1 asks, with B = 2^(W/2).",
        reading="pieces are the cells of the activation patterns",
        expected=Verdict.PROVED,
        obligations=cells,
        scope="all n, depths and even widths",
        covers_all=True,
        hypotheses={"same cell": "both inputs have the pattern"},
        textbook=(Textbook("induction over the comparisons, from the first layer on", "Peano's axioms"),),
        argument="proof.md#convex-cells",
        depends_on=(f"{ROW}.pieces",),
    ),
    Claim(
        id=f"{ROW}.convex_maximal",
        short="max(0, min(x1, x2)) is 0 on a region that is not convex; cells of one activation pattern are convex",
        source=LEMMA,
        printed="the pieces form a convex partition of R^n with B pieces (each piece of the partition is a convex set)",
        reading="pieces are the maximal regions on which the network is one affine map, as when Jacobians are counted",
        variant_of=f"{ROW}.convex",
        statement="The maximal connected regions on which a GroupSort2 network is one affine map are convex.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=maximal,
        scope="all n, depths and even widths",
        covers_all=True,
        repairs={"inputs of one activation pattern": Variant(repaired=True)},
        counterexamples={"maximal pieces": AROUND},
        near_misses=(
            NearMiss("maximal pieces", around((3, -1), (-1, 3)), "the straight way leaves the piece"),
            NearMiss("maximal pieces", around((3, -1), (0, 0), (-3, -1)), "the midpoint has the same affine map"),
            NearMiss("maximal pieces", around((3, -1), (-1, -1), (-1, 0), (0, 3)), "an end lies on a frontier"),
        ),
        minimality="two inputs and two pairs: on the line pieces are intervals, and the pieces of one pair are "
        "half-spaces",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.convex",
        argument="proof.md#convex-cells",
        notes="The printed count by Jacobians is of one GroupSort2 layer on all of R^w, where the two readings agree.",
    ),
)
