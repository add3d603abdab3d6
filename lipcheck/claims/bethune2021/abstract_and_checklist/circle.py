"""The sentence on frontiers read exactly: a network with sorting (or any piecewise linear) activations has a frontier
of finitely many flat parts, so no such network has the circle as its frontier. Approximation is what is true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from lipcheck.claims.bethune2021.abstract_and_checklist._words import PAPER, PRINTED_FRONTIERS, ROW, ExampleError
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

FLAT: Any = {"points": [["1", "0"], ["0", "1"], ["-1", "0"]], "affine": ["0", "0", "0"]}
CHORD: Any = {"points": [["1", "0"], ["0", "1"]], "affine": ["-1", "-1", "1"]}


def examine(data: Data, chord: bool) -> Examination:
    """One affine piece a x + b y + c of a network that is to be 0 on the circle and positive inside."""
    if not isinstance(data, Mapping) or set(data) != {"points", "affine"} or len(data["affine"]) != 3:
        raise ExampleError("give points of the circle and the coefficients a, b, c of an affine function")
    points = [tuple(map(parse, point)) for point in data["points"]]
    a, b, c = map(parse, data["affine"])
    if not points or any(len(point) != 2 for point in points):
        raise ExampleError("points lie in the plane")
    middle = [sum(values) / len(points) for values in zip(*points, strict=True)]
    hypotheses = {
        "on the circle": all(x * x + y * y == 1 for x, y in points),
        "distinct": all(p != q for p, q in combinations(points, 2)),
        "many": len(points) >= 3,
        "frontier": all(a * x + b * y + c == 0 for x, y in points),
    }
    if chord:
        hypotheses["chord"] = len(points) <= 2
    return Examination(hypotheses, a * middle[0] + b * middle[1] + c > 0)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A piece with three points of the circle is 0 between them, where it would have to be positive."""
    x1, y1, x2, y2, x3, y3, a, b, c = map(var, ("x1", "y1", "x2", "y2", "x3", "y3", "a", "b", "c"))
    zero = {f"point {i}": equals(a * x + b * y + c, 0) for i, (x, y) in enumerate(((x1, y1), (x2, y2), (x3, y3)), 1)}
    inside = a * (x1 + x2 + x3) + b * (y1 + y2 + y3) + 3 * c
    which = "at most two" if variant.repaired else "three"
    text = f"an affine piece that is 0 at {which} points of the circle is positive at their mean"
    return [
        Universal("one piece", text, lambda d: examine(d, variant.repaired), lambda: [FLAT], parameters=which),
        Forall("three zeros of an affine function", zero, equals(inside, 0)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.frontiers_exact",
        source=f"{PAPER}, abstract",
        printed=PRINTED_FRONTIERS,
        reading="exactly, for networks with sorting activations: every frontier is the zero set of one of them",
        variant_of=ROW,
        statement="There is a continuous function on the plane with finitely many convex affine pieces, such as a "
        "network with GroupSort or ReLU, that is positive inside the unit circle and negative outside.",
        short="no GroupSort network has the circle as its frontier (flat pieces); functions and limits of networks do",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=obligations,
        scope="the unit circle; all functions with finitely many convex affine pieces",
        covers_all=True,
        textbook=(Textbook("pigeonhole: some piece holds infinitely many points of the circle", "Stanley, EC 1"),),
        repairs={"at most two points on a piece": Variant(repaired=True)},
        counterexamples={"one piece": FLAT},
        near_misses=(
            NearMiss("one piece", CHORD, "two points on a piece, as in a polygon"),
            NearMiss("one piece", {**FLAT, "affine": ["0", "-1", "1"]}, "not 0 at all three points"),
            NearMiss("one piece", {**FLAT, "points": [["1", "0"], ["1", "0"], ["-1", "0"]]}, "a point counted twice"),
        ),
        minimality="the plane (on the line every frontier of finitely many points occurs); three points of one piece",
        snippet="""\
# f = 0 on the frontier and affine on a convex piece with the points (1, 0), (0, 1), (-1, 0) of the circle
R = range(-9, 10)
zero = [(a, b, c) for a in R for b in R for c in R if a + c == b + c == c - a == 0]
x, y = 0, 1 / 3                                      # the mean of the three points, inside the circle
print("affine functions that are 0 at the three points:", zero)
assert zero == [(0, 0, 0)] and not any(a * x + b * y + c > 0 for a, b, c in zero)
""",
        repaired_by=f"{ROW}.frontiers_functions",
        argument="proof.md#the-circle",
        notes="Unconstrained ReLU networks cannot do it either; 'fit' means approximate for every reader of the field.",
    ),
)
