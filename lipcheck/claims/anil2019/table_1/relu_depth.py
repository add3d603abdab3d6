"""Table 1, ReLU with h hidden layers: a bound that no width and no dimension passes, sharp for h <= 3 on the line.

    |V| <= (h + 1)/(h + 3) for odd h, sqrt(h/(h + 4)) for even h:   1/2, 0.5774, 2/3, 0.7072, 3/4, 0.7746, 4/5, ...

Along the ray through u, f(u) + f(-u) - 2 f(0) is the integral of (g(tu) - g(-tu)).u, g the gradient. Let a and b be the
rows that are propagated backwards at tu and at -tu. For suitable weights the sum lam |a - b|^2 + mu |a + b|^2 does not
increase when a layer is passed and (lam, mu) replaced by (lam', mu'): a unit with slope 1 at one point and 0 at the
other needs (lam' + mu')(lam + mu) <= 4 lam mu. The sum starts as 4 M |v|^2 and ends as |g(tu) - g(-tu)|^2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from lipcheck.claims.anil2019.table_1._table import CELL, DEPTHS, DIMENSIONS, ICML, ROW, TABLE
from lipcheck.network import Affine, Network, ReLU
from lipcheck.norms import is_orthonormal
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Exhaustive, Forall, Hint, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

CALCULUS = Textbook(
    "fundamental theorem of calculus for Lipschitz functions", "Rudin, Real and Complex Analysis, theorem 7.20"
)


def bound(h: int) -> Fraction:
    """M = (i + 1)(j + 1) / ((i + 2)(j + 2)), i + j = h - 1, i - j 0 or 1: the square of the bound for h layers."""
    i, j = h // 2, (h - 1) // 2
    return Fraction((i + 1) * (j + 1), (i + 2) * (j + 2))


def one_point() -> list[Forall]:
    """A unit on at one point only, entries 1 and t: lam' + mu' <= lam (1 - t)^2 + mu (1 + t)^2.

    Both sides are multiplied by S = lam + mu, and D = lam - mu, x = S t.
    """
    S, D, x, after, lam, mu, t = map(var, ("S", "D", "x", "after", "lam", "mu", "t"))
    sums: dict[str, Formula] = {"S": equals(S, lam + mu), "D": equals(D, lam - mu), "x": equals(x, S * t)}
    right = S * (lam * (1 - t) ** 2 + mu * (1 + t) ** 2)
    given: dict[str, Formula] = {"coefficients": after * S <= S * S - D * D, "sign": disj(x >= D, x <= D)}
    return [
        Forall("the right side in S, D and x", sums, equals(right, S * S + x * x - 2 * x * D)),
        Forall("4 lam mu in S and D", {"S": sums["S"], "D": sums["D"]}, equals(4 * lam * mu, S * S - D * D)),
        Forall("a unit that is on at one point", given, after * S <= S * S + x * x - 2 * x * D),
    ]


def both_points() -> Forall:
    """A unit on at both points: lam' <= lam and mu' <= mu; d and s are the squares of a - b and a + b."""
    lam, mu, falls, drops, d, s = map(var, ("lam", "mu", "falls", "drops", "d", "s"))
    given: dict[str, Formula] = {"coefficients": conj(falls >= 0, drops >= 0), "squares": conj(d >= 0, s >= 0)}
    kept = (lam - falls) * d + (mu - drops) * s <= lam * d + mu * s
    return Forall("a unit that is on at both points", given, kept)


def slopes(variant: Variant) -> Forall:
    """In each slope p the sum is convex, x p^2 + 2 y p + z with x >= 0, so that slopes 0 and 1 are the worst."""
    x, y, z, p, most = map(var, ("x", "y", "z", "p", "most"))
    given: dict[str, Formula] = {"convex": x >= 0, "ends": conj(z <= most, x + 2 * y + z <= most)}
    if variant.keeps("monotonic"):
        given["monotonic"] = p >= 0
    if variant.keeps("lipschitz"):
        given["lipschitz"] = p <= 1
    return Forall("slopes between 0 and 1", given, x * p * p + 2 * y * p + z <= most, hint=Hint(3))


def coefficients(variant: Variant) -> list[Forall]:
    """(lam, mu) is (inf, M), then M ((n + 2)/n, 1) for n = 1, ..., i, then (1, k/(k + 2)) for k = j, ..., 0.

    Each step has (lam' + mu')(lam + mu) = 4 lam mu; here after clearing denominators.
    """
    i, j, k, factor = var("i"), var("j"), var("k"), variant.value("factor", 1)
    natural = conj(i >= 0, j >= 0)
    middle = ((j + 2) + j) * ((i + 2) + i) <= 4 * factor * (i + 1) * (j + 1)
    kept = conj((i + 1) * (j + 1) >= i * (j + 2), (i + 1) * (j + 1) >= j * (i + 2))
    near = conj(i - j <= 1, j - i <= 1)
    return [
        Forall("upper layers", {}, equals(((i + 3) + (i + 1)) * ((i + 2) + i), 4 * (i + 2) * (i + 1))),
        Forall("the layer between", {"natural": natural}, middle),
        Forall("lower layers", {}, equals(((k + 1) + (k - 1)) * ((k + 2) + k), 4 * k * (k + 1))),
        Forall("no coefficient rises", {"natural": natural, "halves": near}, kept),
    ]


def whole_sequences() -> Exhaustive:
    """All coefficients for h up to 40, one after the other, in rationals; lam = inf is left out of the first step."""

    def holds(h: Data) -> bool:
        i, j, most = h // 2, (h - 1) // 2, bound(h)
        upper = [(most * Fraction(n + 2, n), most) for n in range(1, i + 1)]
        pairs = upper + [(Fraction(1), Fraction(k, k + 2)) for k in range(j, -1, -1)]
        falling = all(
            (after + then) * (lam + mu) <= 4 * lam * mu and after <= lam and then <= mu
            for (lam, mu), (after, then) in pairwise(pairs)
        )
        return len(pairs) == h and sum(pairs[0]) <= 4 * most and falling and pairs[-1] == (Fraction(1), Fraction(0))

    sizes = list(range(1, 41))
    return Exhaustive("all coefficients", "the sum never increases", lambda: sizes, holds, sizes)


def ray() -> Forall:
    """The growth s along u and -u has 4 s^2 <= D <= 4 M."""
    s, D, M = var("s"), var("D"), var("M")
    return Forall("along a ray", {"gradients": 4 * s * s <= D, "law": D <= 4 * M}, s * s <= M)


def attaining(h: int) -> tuple[Network, Fraction]:
    """A network on [-1, 1] with h = 1, 2 or 3, and the product of the squared norms of its first and last weight.

    Over their norms these weights have norm one; the others have orthonormal rows or columns. The third unit of the
    first layer for h = 3 is shifted to where ReLU is the identity, and its bias taken off again below.
    """
    spread = Affine.linear([[Fraction(c, 3) for c in row] for row in ((2, -1), (-1, 2), (2, 2))])
    pair, last = Affine.linear([[1], [-1]]), Affine.linear([[1, 1, 2]])
    if h == 1:
        return Network(1, (pair, ReLU(), Affine.linear([[1, 1]]))), Fraction(2 * 2)
    if h == 2:
        return Network(1, (pair, ReLU(), spread, ReLU(), last)), Fraction(2 * 6)
    shifted = Affine([[1], [-1], [2]], [0, 0, 2])
    joined = [[Fraction(c, 3) for c in row] for row in ((2, 1, 2), (1, 2, -2))]
    back = Affine(joined, [-2 * row[2] for row in joined])
    return Network(1, (shifted, ReLU(), back, ReLU(), spread, ReLU(), last)), Fraction(6 * 6)


def attained() -> Exhaustive:
    """The networks that attain the bound for h = 1, 2 and 3 at n = 1."""

    def holds(element: Data) -> bool:
        h, x = element[0], Fraction(element[1])
        network, squares = attaining(h)
        inner = [layer.weight for layer in network.layers if isinstance(layer, Affine)][1:-1]
        (value,) = evaluate(network, [x])
        return all(map(is_orthonormal, inner)) and value >= 0 and value**2 == bound(h) * squares * x**2

    points: list[Data] = [[h, x] for h in (1, 2, 3) for x in ("-1", "-1/3", "0", "1/2", "1")]
    text = "the network is the bound times |x|, and its inner weights are orthonormal"
    return Exhaustive("attained on the line", text, lambda: points, holds, points)


def cells() -> Exhaustive:
    """The printed ReLU cells, with depth - 1 hidden layers, lie below the bound."""

    def holds(element: Data) -> bool:
        n, depth = element
        return CELL["ReLU", n, depth] ** 2 <= bound(depth - 1)

    printed = [[n, depth] for n in DIMENSIONS for depth in DEPTHS]
    return Exhaustive("printed cells", "the printed ReLU values obey the bound", lambda: printed, holds, printed)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound for element-wise monotonic activations."""
    first: list[Obligation] = [both_points(), slopes(variant), *coefficients(variant), ray(), cells()]
    return first if budget is Budget.SMOKE else [*first, *one_point(), whole_sequences(), attained()]


CLAIMS = (
    Claim(
        id=f"{ROW}.relu_depth",
        source=f"{TABLE}, the row ReLU; {ICML}",
        printed="Non-GNP (non-gradient norm preserving) activations are incapable of approximating this trivial "
        "Lipschitz function. While increasing the network depth helps (Table 1), this representational barrier leads "
        "to limitations as the problem dimensionality increases.",
        reading="the barrier for ReLU at a fixed depth, as a number",
        statement="A network with h hidden layers of any width, monotonic 1-Lipschitz element-wise activations with "
        "finitely many pieces, one output, any biases and all ||W||_2 <= 1 has, for every n, |E f(u) - f(0)| <= (h + "
        "1)/(h + 3) if h is odd and sqrt(h/(h + 4)) if h is even: 0.5774 for two, 0.6667 for three, 0.7746 for six, "
        "0.8 for seven hidden layers.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, h >= 1, widths, weights and biases",
        covers_all=True,
        hypotheses={
            "monotonic": "activations are monotonic (increasing after moving signs into the weights)",
            "lipschitz": "activations are 1-Lipschitz",
        },
        constants={"factor": Constant(Fraction(1), mutated=Fraction(99, 100), words="before the square of the bound")},
        textbook=(CALCULUS, Textbook("induction over units and layers", "Peano's fifth axiom")),
        argument="proof.md#relu-with-h-hidden-layers",
        notes="Attained for n = 1 and h = 1 (|x|/2), h = 2 (|x|/sqrt 3) and h = 3 (2|x|/3); for every h by the "
        "networks of the row relu_cannot_approximate. The bound tends to 1 with h: at any fixed depth ReLU stays away "
        "from the optimum in every dimension, n = 1 included, and the dimension does not enter.",
    ),
)
