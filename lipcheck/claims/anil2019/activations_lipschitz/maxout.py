"""Maxout with its affine maps, h_i(x) = max over j of (A_j x)_i, as Goodfellow et al. define the unit.

If each of k pieces is 1-Lipschitz in the p-norm, the layer of m units is min(k, m)^(1/p)-Lipschitz, and no less will
do: 1 in the infinity norm, sqrt(k) in the 2-norm for k <= m.
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


def fan(k: int, m: int) -> dict[str, Any]:
    """k pieces with m output units and one input: piece j sends x to x e_j for j <= m, else to 0.

    From 0 to 1 the first min(k, m) units rise by one and the others do not move.
    """
    return {"pieces": [[["1" if i == j else "0"] for i in range(m)] for j in range(k)], "x": ["1"], "y": ["0"]}


SPLIT = fan(2, 2)
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


def attained(k: int, m: int, variant: Variant) -> Exhaustive:
    """The layer `fan` of k pieces and m units: min(k, m) units rise by exactly one, so that the sum of the p-th powers
    of the moves is min(k, m) for every p; its pieces have entries 0 and 1, one in each nonzero one.
    """
    bound = min(k, m) * variant.value("factor", 1)

    def holds(data: Any) -> bool:
        pieces, x, y = read(data)
        moved = [abs(a - b) for a, b in zip(maximal(pieces, x), maximal(pieces, y), strict=True)]
        small = all(operator_norm_at_most(a, 1, p) is True for a in pieces for p in (1, 2, INFINITY))
        return small and set(moved) <= {0, 1} and sum(moved) == min(k, m) <= bound

    text = f"{k} pieces with {m} units: the p-th powers of the moves sum to min(k, m), and to at most {bound}"
    return Exhaustive(f"attained, k = {k}, m = {m}", text, lambda: [fan(k, m)], holds, parameters=str(bound), size=k)


def sums(variant: Variant) -> list[Forall]:
    """Powers d^p of the moves of units and pieces: a unit's is at most one of its pieces', and at most their sum.

    One more piece adds at most ||A_j d||^p <= r, one more unit at most max_j ||A_j d||^p <= r, with r = ||d||^p.
    """
    total, count, one, r, best, power = map(var, ("total", "count", "one", "r", "best", "power"))
    factor = variant.value("factor", 1)
    given: dict[str, Formula] = {"so far": conj(total <= factor * count * r, count >= 0), "power": r >= 0}
    if variant.keeps("pieces"):
        given["pieces"] = one <= r
    largest: dict[str, Formula] = {"so far": conj(best <= total, total >= 0), "power": power >= 0}
    bound = factor * (count + 1) * r
    return [
        Forall("the largest power is at most the sum", largest, maximum(best, power) <= total + power),
        Forall("one more piece, or one more unit", given, total + one <= bound),
    ]


def pieces_bound(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A unit moves by at most its pieces' largest move: summed over the pieces k r, over the units m r; and sharp."""
    sizes = ((2, 2),) if budget is Budget.SMOKE else ((2, 2), (3, 3), (4, 4), (2, 3), (3, 2), (1, 2), (2, 1))
    return [maxout(variant), *sums(variant), *(attained(k, m, variant) for k, m in sizes)]


CLAIMS = (
    Claim(
        id=f"{ROW}.maxout_pieces",
        source=ICLR,
        printed=PRINTED,
        statement="A maxout layer h_i(x) = max over j of (A_j x + b_j)_i, each of whose affine pieces has 2-norm at "
        "most one, is 1-Lipschitz in the 2-norm.",
        short="a maxout layer of k pieces of 2-norm 1 is sqrt(k)-Lipschitz, not 1-Lipschitz, in the 2-norm",
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
        statement="If each of the k affine pieces of a maxout layer with m units has p-norm at most one, 1 <= p <= "
        "infinity, the layer is min(k, m)^(1/p)-Lipschitz in the p-norm (1-Lipschitz for p = infinity), so 1-Lipschitz "
        "after scaling by min(k, m)^(-1/p); for all k, m and p this is the smallest such bound.",
        reading="repaired: min(k, m)^(1/p) for k pieces and m units",
        variant_of=f"{ROW}.maxout_pieces",
        expected=Verdict.PROVED,
        obligations=pieces_bound,
        scope="all widths, all numbers of pieces, every p-norm",
        covers_all=True,
        hypotheses={"pieces": "every piece has norm at most one"},
        constants={
            "factor": Constant(Fraction(1), Fraction(99, 100), words="of min(k, m), the p-th power of the bound"),
            "maxout": Constant(Fraction(1), Fraction(99, 100), words="the bound in the infinity norm"),
        },
        depends_on=(ROW,),
        argument="proof.md#maxout-layers",
    ),
)
