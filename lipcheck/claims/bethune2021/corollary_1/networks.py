"""Corollary 1 for the networks of section 2.3: GroupSort2 between weights of norm one.

For piecewise linear activations they suffice. For x / (1 + |x|), and for sigmoid, tanh and softplus in the same way, a
frontier in R^2 can be curved, and the frontier of a sorting network consists of finitely many straight pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.build.line_classifiers import ClassifierError
from lipcheck.build.rescaling import norms_at_most_one, rescaled, sorted_network
from lipcheck.claims.bethune2021.corollary_1.scaling import PRINTED, ROW, SOURCE
from lipcheck.network import Affine, MaxMin, Network, ReLU
from lipcheck.readings.line import pieces
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import maximum, positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOFTSIGN = {"s": "1"}


def curved(variant: Variant) -> Universal:
    """f(x, y) = y - phi(x), phi(x) = x / (1 + s |x|), whose frontier has straight pieces or none, as its points at
    x = 1, 2, 3 decide: `concave` holds for all of them at once."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"s"}:
            raise ClassifierError("an activation x / (1 + s |x|) has the entry s")
        s = parse(data["s"])
        if s < 0:
            return Examination({"lipschitz": False}, False)
        hypotheses = {"lipschitz": True}
        if variant.repaired:
            hypotheses["piecewise linear"] = s == 0
        left, middle, right = (x / (1 + s * x) for x in map(Fraction, (1, 2, 3)))
        return Examination(hypotheses, left + right == 2 * middle)

    text = "y - x / (1 + s |x|), s >= 0, has the sign of a network with finitely many affine pieces on convex sets"
    return Universal("curved frontiers", text + ", s = 0" * variant.repaired, examine, lambda: [SOFTSIGN],
                     parameters=variant.repaired)  # fmt: skip


def positive() -> Forall:
    """Products of positive numbers are positive: s (b - a)^2 > 0, in two steps."""
    x, y = map(var, ("x", "y"))
    return Forall("products are positive", {"x": x > 0, "y": y > 0}, x * y > 0)


def concave() -> Forall:
    """Twice the difference of 2 phi(m) and phi(a) + phi(b), 0 < a < b, m = (a + b) / 2, times the denominators.

    It is s (b - a)^2, so that the middle of two points of the curve lies below the curve. A convex piece on which an
    affine function vanishes at both points, hence in the middle, holds at most one point of the frontier; so finitely
    many pieces hold finitely many.
    """
    a, b, s = map(var, ("a", "b", "s"))
    m = (a + b) / 2
    left, right = 2 * m * (1 + s * a) * (1 + s * b), (a * (1 + s * b) + b * (1 + s * a)) * (1 + s * m)
    return Forall("strictly concave", {}, equals(2 * (left - right), s * (b - a) ** 2))


def sorting(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The curved frontier, and that no convex piece holds two points of it."""
    return [curved(variant), concave(), positive()]


def homogeneous(variant: Variant) -> list[Forall]:
    """c max(x, y) is one of c x and c y, and at least as large as both, for c >= 0; c f has the sign of f, for c > 0.

    And ReLU is max(x, 0), leaky ReLU max(x, a x).
    """
    c, x, a = map(var, ("c", "x", "a"))
    positive: dict[str, Formula] = {"positive": c > 0} if variant.keeps("positive") else {}
    m = var("m")
    return [
        Forall("the sign", {**positive, "f": x > 0}, c * x > 0),
        Forall("max and factors", {"m": m >= x, "c": c >= 0}, c * m >= c * x),
        Forall("ReLU", {}, equals(maximum(x, 0), positive_part(x))),
        Forall("leaky ReLU", {"slope": conj(a >= 0, a <= 1), "x": x >= 0}, x >= a * x),
        Forall("leaky ReLU below zero", {"slope": conj(a >= 0, a <= 1), "x": x < 0}, a * x >= x),
    ]


def constructed(width: int) -> Exhaustive:
    """Small ReLU networks on the line: the MaxMin network with norms at most one equals c f, piece by piece."""
    values = (-2, 1) if width > 1 else (-2, 0, 1)

    def elements() -> Iterator[list[Any]]:
        for inner in product(values, repeat=2 * width):
            for outer in product((-1, 3), repeat=width):
                yield [list(inner), [*outer, 1]]

    def holds(element: list[Any]) -> bool:
        inner, outer = element
        f = Network(1, (Affine([[w] for w in inner[:width]], inner[width:]), ReLU(),
                        Affine([outer[:width]], outer[width:])))  # fmt: skip
        g, c = rescaled(sorted_network(f))
        difference = [
            (p.slopes[0] * c, p.offsets[0] * c) == (q.slopes[0], q.offsets[0])
            for p in pieces(f) for q in pieces(g) if _overlap(p, q)
        ]  # fmt: skip
        sorts = all(isinstance(layer, Affine | MaxMin) for layer in g.layers)
        return sorts and c > 0 and norms_at_most_one(g) and bool(difference) and all(difference)

    return Exhaustive(f"width {width}", "ReLU networks with small weights: c f is a MaxMin network of norms at most "
    "one",
                      elements, holds, parameters=list(values), size=width)  # fmt: skip


def _overlap(p: Any, q: Any) -> bool:
    """Whether two pieces have an interval in common."""
    low = max((e for e in (p.low, q.low) if e is not None), default=None)
    high = min((e for e in (p.high, q.high) if e is not None), default=None)
    return low is None or high is None or low < high


def piecewise_linear(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Factors pass through, and small networks."""
    sizes = (1,) if budget is Budget.SMOKE else (1, 2)
    return [*homogeneous(variant), *map(constructed, sizes)]


SNIPPET = """\
from fractions import Fraction as F
def phi(x): return x / (1 + abs(x))       # a Lipschitz activation; frontier of y - phi(x): the curve y = phi(x)
for i in range(1, 12):
    for j in range(i + 1, 12):            # the middle of two of its points lies below it
        a, b = F(i), F(j)
        assert phi((a + b) / 2) > (phi(a) + phi(b)) / 2
print("no straight segment has two points on the curve, so finitely many affine pieces vanish at finitely many of them")
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.sorting_networks",
        short="a smooth activation can make a curved frontier, which no sorting network has; piecewise linear ones do "
        "not",
        source=f"{SOURCE}, with section 2.3",
        printed=PRINTED,
        reading="1-Lipschitz neural networks are those of section 2.3: GroupSort2 and weights of norm one",
        variant_of=ROW,
        statement="For every network f of affine layers and Lipschitz activations there is a GroupSort2 network with "
        "weights of spectral norm at most one that has the sign of f at every x in R^n.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=sorting,
        scope="the activations x / (1 + s |x|); R^2",
        covers_all=True,
        argument="proof.md#sorting-networks",
        counterexamples={"curved frontiers": SOFTSIGN},
        minimality="two inputs and one hidden unit, the softsign; one unit on the line has one sign change at most",
        near_misses=(
            NearMiss("curved frontiers", {"s": "0"}, "the identity: a straight frontier"),
            NearMiss("curved frontiers", {"s": "-1"}, "1 - |x| vanishes at 1: not Lipschitz"),
        ),
        repairs={"piecewise linear activations": Variant(repaired=True)},
        repaired_by=f"{ROW}.piecewise_linear",
        snippet=SNIPPET,
        notes="Any two networks with finitely many affine pieces differ from f in the same way: it is not the norms "
        "that fail. sigmoid, tanh and softplus are strictly concave or convex on a half-line, too.",
    ),
    Claim(
        id=f"{ROW}.piecewise_linear",
        source=f"{SOURCE}, with section 2.3",
        printed=PRINTED,
        reading="repaired: piecewise linear activations; sorting networks with weights of norm at most one",
        variant_of=f"{ROW}.sorting_networks",
        statement="For every network f: R^n -> R of affine layers and continuous activations with finitely many affine "
        "pieces (ReLU, leaky ReLU, |x|, hard tanh, maxout, sorts) there are c > 0 and a MaxMin network with all "
        "spectral norms at most one that equals c f on all of R^n; it is 1-Lipschitz and has the sign of f.",
        expected=Verdict.PROVED,
        obligations=piecewise_linear,
        scope="all such networks, all n",
        covers_all=True,
        hypotheses={"positive": "the product of the divisors is positive"},
        textbook=(
            Textbook("a continuous function with finitely many affine pieces is a maximum of minima of them",
                     "Ovchinnikov, Max-min representation of piecewise linear functions, Beitr. Algebra Geom. 43 "
                     "(2002)"),
            Textbook("the spectral norm is at most the sum of the sizes of the entries", "Horn, Johnson, section 5.6"),
            Textbook("induction over the layers", "Peano's fifth axiom"),
        ),
        argument="proof.md#piecewise-linear-activations",
        notes="With spectral norms at most one the network can be made wider with orthonormal weights, without a "
        "change of the function: see anil2019.theorem_2. c may be tiny: the sign is kept, certificates shrink.",
    ),
)  # fmt: skip
