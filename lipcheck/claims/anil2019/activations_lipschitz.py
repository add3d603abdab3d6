"""Anil et al. 2019, section 2.2: "Most common activations (such as ReLU, [sigmoid,] tanh, maxout) are 1-Lipschitz, if
scaled appropriately."

Plain reading: each of the four, times a positive number, is 1-Lipschitz from the p-norm to the p-norm, for every p:
unit by unit for ReLU, sigmoid and tanh; for maxout as the map that takes the maximum of each group. No scale is needed:
the smallest constants are 1, 1/4, 1 and 1. A maxout layer with its affine pieces is another matter: if each piece is
1-Lipschitz, so is the layer in the infinity norm, but not in the 2-norm.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import Matrix, Vector, dot, matrix, vector
from lipcheck.norms import operator_norm_at_most
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import const, maximum, positive_part, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.activations_lipschitz"
ICLR = "Anil et al. 2019 (ICLR submission), section 2.2, 1-Lipschitz Activation Functions"
PRINTED = (
    "Most commonly used activation functions (such as ReLU (Krizhevsky et al., 2012), sigmoid, tanh, maxout "
    "(Goodfellow et al., 2013)) are 1-Lipschitz, if they are scaled appropriately."
)
INFINITY = float("inf")


class PiecesError(LipcheckError, ValueError):
    """Affine pieces of different shapes, or points that do not fit them."""


def relu(variant: Variant) -> Forall:
    """0 <= relu(a) - relu(b) <= a - b for a >= b."""
    a, b = variables("x", 2)
    rise = positive_part(a) - positive_part(b)
    return Forall("ReLU", {"order": a >= b}, conj(rise >= 0, rise <= variant.value("relu", 1) * (a - b)))


def sigmoid(variant: Variant) -> Forall:
    """0 <= s (1 - s) <= 1/4, the slope at the value s = (1 + t) / 2, where 1 - s = (1 - t) / 2."""
    t = var("t")
    slope = ((1 + t) / 2) * ((1 - t) / 2)
    conclusion = conj(slope >= 0, slope <= variant.value("sigmoid", SIGMOID))
    return Forall("sigmoid", {"value": conj(t > -1, t < 1)}, conclusion)


def tanh(variant: Variant) -> Forall:
    """0 <= 1 - t^2 <= 1, the slope at the value t."""
    t = var("t")
    slope = 1 - t * t
    return Forall("tanh", {"value": conj(t > -1, t < 1)}, conj(slope >= 0, slope <= variant.value("tanh", 1)))


def maxout(variant: Variant) -> Forall:
    """The maximum of one more number moves by at most r if both parts do."""
    (m, n, a, b), r = variables("x", 4), var("r")
    hypotheses: dict[str, Formula] = {"others": conj(m - n <= r, n - m <= r), "one more": conj(a - b <= r, b - a <= r)}
    change, bound = maximum(m, a) - maximum(n, b), variant.value("maxout", 1) * r
    return Forall("maxout, one more number", hypotheses, conj(change <= bound, -change <= bound))


def units(variant: Variant) -> Forall:
    """u1^2 <= v1^2 and u2^2 <= v2^2 for the moves of two units after and before: the 2-norm does not grow.

    Without the hypothesis the norm is any with square z1^2 + z2^2 - 2 c z1 z2, |c| < 1; it is a p-norm for c = 0.
    """
    p_norm = variant.keeps("p-norm")
    c = const(0) if p_norm else var("c")
    (u, U), (v, V) = variables("u", 2), variables("v", 2)
    after, before = (x * x + y * y - 2 * c * x * y for x, y in ((u, U), (v, V)))
    hypotheses: dict[str, Formula] = {"units": conj(u * u <= v * v, U * U <= V * V)}
    if not p_norm:
        hypotheses["a norm"] = conj(c > -1, c < 1)
    return Forall("two units in the 2-norm", hypotheses, after <= before)


SIGMOID = Fraction(1, 4)


def scaled() -> Forall:
    """A function of constant K, times c >= 0 with c K <= 1, is 1-Lipschitz."""
    c, K, change, distance = map(var, ("c", "K", "change", "distance"))
    hypotheses: dict[str, Formula] = {"scale": conj(c >= 0, c * K <= 1), "function": change <= K * distance}
    return Forall("scaled appropriately", {**hypotheses, "metric": distance >= 0}, c * change <= distance)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The four activations on one unit or group, two units at once, and the scale."""
    return [relu(variant), sigmoid(variant), tanh(variant), maxout(variant), units(variant), scaled()]


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


def fan(k: int) -> dict[str, Any]:
    """k pieces with k output units and one input: piece j sends x to x e_j. From 0 to 1 every unit rises by one."""
    return {"pieces": [[["1" if i == j else "0"] for i in range(k)] for j in range(k)], "x": ["1"], "y": ["0"]}


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


SPLIT = fan(2)
ONE_PIECE = {"pieces": [[["1"], ["0"]]], "x": ["1"], "y": ["0"]}

CLAIMS = (
    Claim(
        id=ROW,
        source=ICLR,
        printed=PRINTED,
        statement="For every p from 1 to infinity: ReLU, sigmoid and tanh, applied to each unit, and the maximum of "
        "each group of units (maxout) are Lipschitz from the p-norm to the p-norm, with the smallest constants 1, 1/4, "
        "1 and 1; so each, times any c with 0 < c <= 1, is 1-Lipschitz, sigmoid also times 4.",
        reading="the four named functions; maxout as a function of its pre-activations",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, all widths and group sizes, every p-norm",
        covers_all=True,
        hypotheses={"p-norm": "the norm is a p-norm: it depends on, and grows with, the sizes of the entries alone"},
        constants={
            "relu": Constant(Fraction(1), Fraction(99, 100), words="the constant of ReLU"),
            "sigmoid": Constant(SIGMOID, Fraction(99, 400), words="the constant of sigmoid"),
            "tanh": Constant(Fraction(1), Fraction(99, 100), words="the constant of tanh"),
            "maxout": Constant(Fraction(1), Fraction(99, 100), words="the constant of maxout"),
        },
        textbook=(
            Textbook("sigma' = sigma (1 - sigma), 0 < sigma < 1; tanh' = 1 - tanh^2, -1 < tanh < 1", "NIST DLMF 4.34"),
            Textbook("mean value theorem", "Rudin, Principles, theorem 5.10"),
            Textbook(
                "||u||_p <= ||v||_p if |u_i| <= |v_i| for all i", "Horn, Johnson, Matrix Analysis, theorem 5.4.19"
            ),
        ),
        argument="proof.md#the-four-functions",
        notes="The ICML version leaves sigmoid out. 'Most' is not judged.",
    ),
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
