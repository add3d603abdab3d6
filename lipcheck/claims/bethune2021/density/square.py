"""Section 2.3 with orthogonal matrices in the strict sense, that is, square ones, and a last row of norm one.

Plain reading: these networks, of gradient norm one for certain, are dense. All their widths are n. For n = 1 they are
the functions x + c and -x + c, and |x| is 1 away from them on [-1, 1]. Wider layers are needed, and with these the
gradient norm is no longer certain (bethune2021.network_gradient_norm).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from lipcheck.claims.bethune2021.density.cited import PRINTED, SOURCE
from lipcheck.claims.bethune2021.density.functions import ROW
from lipcheck.claims.bethune2021.groupsort2.definition import LayerError
from lipcheck.claims.bethune2021.monotone_affine import SORTED
from lipcheck.exact import vector
from lipcheck.network import from_json
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

LINE = "functions on finite sets of the line"
EQUAL: Any = {"X": ["-1", "1"], "g": ["1", "1"]}


def examine(data: Data, repaired: bool) -> Examination:
    """Whether x + c or -x + c is within 1/4 of g on X; repaired: or |x|, by wider layers."""
    if not isinstance(data, dict) or set(data) != {"X", "g"} or len(data["X"]) != len(data["g"]) or not data["X"]:
        raise LayerError("Give {'X': points, 'g': values}.")
    points, values = vector(data["X"]), vector(data["g"])
    pairs = list(zip(points, values, strict=True))
    lipschitz = all(abs(u - v) <= abs(x - y) for (x, u), (y, v) in combinations(pairs, 2))
    shapes = [list(points), [-x for x in points]]
    if repaired:
        shapes.append([evaluate(from_json(SORTED), [x])[0] for x in points])
    spreads = ([v - s for v, s in zip(values, shape, strict=True)] for shape in shapes)
    return Examination({"1-Lipschitz": lipschitz}, min(max(d) - min(d) for d in spreads) / 2 <= Fraction(1, 4))


def width_one() -> Forall:
    """One more layer: from s x + c, s^2 = 1, to w (s x + c) + b with w^2 = 1; a sort of one number does nothing."""
    s, c, w, b, x, y = map(var, ("s", "c", "w", "b", "x", "y"))
    units = conj(equals(s * s, 1), equals(w * w, 1))
    given: dict[str, Formula] = {"units": units, "layer": equals(y, w * (s * x + c) + b)}
    same_kind = conj(equals((w * s) ** 2, 1), equals(y, (w * s) * x + (w * c + b)))
    return Forall("width one stays width one", given, same_kind)


def away() -> Forall:
    """s x + c with s = 1 or -1 is 1 or more away from |x| at -1 or 1."""
    s, c = var("s"), var("c")
    misses = [absolute(s * x + c - 1) >= 1 for x in (-1, 1)]
    return Forall("one unit away", {"unit": disj(equals(s, 1), equals(s, -1))}, disj(*misses))


def one_point() -> Forall:
    """On one point the bias c = g - x does."""
    x, c, g = var("x"), var("c"), var("g")
    return Forall("minimal: one point", {"bias": equals(c, g - x)}, equals(x + c, g))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Functions on the line against the networks of width one."""
    text = "a 1-Lipschitz function is within 1/4 of a network of width " + ("four" if variant.repaired else "one")
    found = Universal(LINE, text, lambda data: examine(data, variant.repaired), lambda: [EQUAL],
                      parameters=variant.repaired)  # fmt: skip
    return [found] if variant.repaired else [found, width_one(), away(), one_point()]


CLAIMS = (
    Claim(
        id=f"{ROW}.square",
        short="for n = 1 square orthogonal networks are x + c and -x + c, 1 away from |x|; wider ones are dense",
        source=SOURCE,
        printed=PRINTED,
        reading="orthogonal matrices in the strict sense: square, with a last row of norm one",
        variant_of=f"{ROW}.networks",
        statement="For every n >= 1 the networks of square orthogonal matrices, sorts, biases and a last row of norm "
        "one are dense in the 1-Lipschitz functions on every compact X in R^n.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="n = 1, all depths",
        covers_all=True,
        repairs={"wider layers": Variant(repaired=True)},
        counterexamples={LINE: EQUAL},
        near_misses=(
            NearMiss(LINE, {**EQUAL, "g": ["1", "-1"]}, "-x is such a network"),
            NearMiss(LINE, {"X": ["0", "1/2"], "g": ["0", "0"]}, "x - 1/4 is within 1/4"),
            NearMiss(LINE, {**EQUAL, "g": ["2", "-1"]}, "not 1-Lipschitz"),
        ),
        minimality="one input and two points: on one point the bias does",
        snippet="""\
g = {-1: 1, 1: 1}                          # |x|
best = min(max(abs(s * x + c / 8 - v) for x, v in g.items()) for s in (1, -1) for c in range(-16, 17))
print("least distance of x + c and -x + c from |x| on {-1, 1}:", best)
assert best == 1.0
""",
        repaired_by="anil2019.open_question.dimension_one",
        argument="proof.md#square-matrices",
        notes="For n >= 2 a sort folds R^n along a hyperplane, and what such folds reach is not judged: parallel folds "
        "of the plane come near 0, which no network of width one does for n = 1.",
    ),
)
