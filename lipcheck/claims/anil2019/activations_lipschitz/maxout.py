"""Maxout with its affine maps, h_i(x) = max over j of (A_j x)_i, as Goodfellow et al. define the unit.

If each piece is 1-Lipschitz in the infinity norm, so is the layer. In the 2-norm it is sqrt(k)-Lipschitz for k pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.activations_lipschitz.functions import ICLR, PRINTED, ROW, maxout
from lipcheck.exact import Matrix, Vector, dot, matrix, vector
from lipcheck.norms import operator_norm_at_most
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import maximum, var
from lipcheck.words.verdict import Budget, Grade, Verdict

INFINITY = float("inf")


class PiecesError(LipcheckError, ValueError):
    """Affine pieces of different shapes, or points that do not fit them."""


def read(data: Any) -> tuple[list[Matrix], Vector, Vector]:
    """The affine pieces of a maxout layer (without biases) and two inputs."""
    pieces = [matrix(a, "piece") for a in data["pieces"]]
    x, y = vector(data["x"], "x"), vector(data["y"], "y")
    if len({(len(a), len(a[0])) for a in pieces}) != 1 or not len(x) == len(y) == len(pieces[0][0]):
        raise PiecesError("give pieces of one shape and two points with one entry for each column")
    return pieces, x, y


def maximal(pieces: Sequence[Matrix], x: Vector) -> list[Fraction]:
    """h_i(x) = max over j of (A_j x)_i."""
    return [max(unit) for unit in zip(*([dot(row, x) for row in a] for a in pieces), strict=True)]


def layer(data: Any, p: int | float, square: Fraction) -> Examination:
    """Whether the squared p-norm, p = 2 or infinity, of the outputs' move is at most `square` times the inputs'."""
    pieces, x, y = read(data)
    moved = [abs(a - b) for a, b in zip(maximal(pieces, x), maximal(pieces, y), strict=True)]
    distance = [abs(a - b) for a, b in zip(x, y, strict=True)]
    hypotheses = {"pieces": all(operator_norm_at_most(a, 1, p) is True for a in pieces)}
    if p == 2:
        return Examination(hypotheses, dot(moved, moved) <= square * dot(distance, distance))
    return Examination(hypotheses, max(moved) ** 2 <= square * max(distance) ** 2)


def fan(k: int) -> dict[str, Any]:
    """k pieces with k output units and one input: piece j sends x to x e_j. From 0 to 1 every unit rises by one."""
    return {"pieces": [[["1" if i == j else "0"] for i in range(k)] for j in range(k)], "x": ["1"], "y": ["0"]}


SPLIT = fan(2)
ONE_PIECE = {"pieces": [[["1"], ["0"]]], "x": ["1"], "y": ["0"]}


def pieces_euclidean(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """In the 2-norm; repaired, in the infinity norm. With one output unit, or one piece, there is no counterexample."""
    p, norm = (INFINITY, "infinity norm") if variant.repaired else (2, "2-norm")
    text = f"a maxout layer whose affine pieces have {norm} at most one is 1-Lipschitz in that norm"
    m, n, a, b, r = map(var, ("m", "n", "a", "b", "r"))
    one: dict[str, Formula] = {"pieces": conj(m - n <= r, n - m <= r, a - b <= r, b - a <= r)}
    change = maximum(m, a) - maximum(n, b)
    moved, size = map(var, ("moved", "size"))
    linear: dict[str, Formula] = {"sizes": conj(moved >= 0, size >= 0), "piece": moved <= size}
    return [
        Universal("layer", text, lambda d: layer(d, p, Fraction(1)), lambda: [SPLIT], parameters=norm),
        Forall("minimal: one output unit", one, conj(change <= r, -change <= r)),
        Forall("minimal: one piece", linear, moved * moved <= size * size),
    ]


def attained(k: int, variant: Variant) -> Exhaustive:
    """The layer `fan` moves by sqrt(k) exactly."""
    square = k * variant.value("factor", 1)

    def holds(data: Any) -> bool:
        found = layer(data, 2, square)
        return found.hypotheses["pieces"] and found.conclusion and not layer(data, 2, k - Fraction(1, 10**9)).conclusion

    text = f"{k} pieces with {k} units move by sqrt({square}) at most, and by more than any smaller bound"
    return Exhaustive(f"sqrt(k) is attained, k = {k}", text, lambda: [fan(k)], holds, parameters=str(square), size=k)


def pieces_bound(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A unit moves by at most its pieces' largest move, whose square is at most the sum; k pieces sum to k r^2."""
    total, count, one, r, best, d = map(var, ("total", "count", "one", "r", "best", "d"))
    given: dict[str, Formula] = {"so far": total <= count * r, "square": r >= 0}
    if variant.keeps("pieces"):
        given["pieces"] = one <= r
    largest: dict[str, Formula] = {"so far": conj(best <= total, total >= 0)}
    ks = (2,) if budget is Budget.SMOKE else (2, 3, 4)
    return [
        maxout(variant),
        Forall("the largest square is at most the sum", largest, maximum(best, d * d) <= total + d * d),
        Forall("one more piece", given, total + one <= (count + 1) * r),
        *(attained(k, variant) for k in ks),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.maxout_pieces",
        source=ICLR,
        printed=PRINTED,
        statement="A maxout layer h_i(x) = max over j of (A_j x + b_j)_i, each of whose affine pieces has 2-norm at "
        "most one, is 1-Lipschitz in the 2-norm.",
        reading="maxout with its affine maps, as Goodfellow et al. define the unit, scaled so that each piece has norm "
        "one",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=pieces_euclidean,
        scope="layers of k pieces",
        covers_all=True,
        argument="proof.md#maxout-layers",
        counterexamples={"layer": SPLIT},
        minimality="one input, two output units, two pieces: with one output unit, or one piece, it holds",
        near_misses=(
            NearMiss("layer", ONE_PIECE, "one piece"),
            NearMiss("layer", {**SPLIT, "x": ["-1"]}, "for negative x both units are zero"),
            NearMiss("layer", {"pieces": [[["2"]]], "x": ["1"], "y": ["0"]}, "the piece has norm two"),
        ),
        repairs={"the infinity norm": Variant(repaired=True)},
        repaired_by=f"{ROW}.maxout_bound",
        snippet="def layer(x):  # two pieces, A1 = (1, 0)' and A2 = (0, 1)', each of 2-norm one\n"
        "    return [max(1 * x, 0 * x), max(0 * x, 1 * x)]\n"
        "u, v = layer(1), layer(0)\nmoved = sum((a - b) ** 2 for a, b in zip(u, v))\n"
        "print('squared distance', moved, 'from 1')\n"
        "assert moved == 2",
    ),
    Claim(
        id=f"{ROW}.maxout_bound",
        source=ICLR,
        printed=PRINTED,
        statement="If each of the k affine pieces of a maxout layer has 2-norm at most one, the layer is "
        "sqrt(k)-Lipschitz in the 2-norm, so 1-Lipschitz after scaling by 1 / sqrt(k), and for k or more output units "
        "sqrt(k) is the smallest such bound. If each has infinity norm at most one, the layer is 1-Lipschitz in the "
        "infinity norm.",
        reading="repaired: sqrt(k) for k pieces in the 2-norm, 1 in the infinity norm",
        variant_of=f"{ROW}.maxout_pieces",
        expected=Verdict.PROVED,
        obligations=pieces_bound,
        scope="all widths, all numbers of pieces",
        covers_all=True,
        hypotheses={"pieces": "every piece has norm at most one"},
        constants={
            "factor": Constant(Fraction(1), Fraction(99, 100), words="of k, the square of the bound"),
            "maxout": Constant(Fraction(1), Fraction(99, 100), words="the bound in the infinity norm"),
        },
        depends_on=(ROW,),
        argument="proof.md#maxout-layers",
    ),
)
