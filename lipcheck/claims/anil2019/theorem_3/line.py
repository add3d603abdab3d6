"""The line through two points by a single layer: the separation property as the printed proofs state it.

For w . d = c, d = y - x, c = b - a, |c| <= ||d||_p, a row w of dual norm at most one always exists. One of norm exactly
one, as LN_p asks for, exists for n >= 2: on the connected dual sphere w . d takes every value from -||d||_p to ||d||_p.
For n = 1 the sphere is {-1, 1}, and only |c| = |d| can be met. A hidden layer with an unread unit repairs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from lipcheck.build.separation import unit_row
from lipcheck.claims.anil2019.theorem_3 import common
from lipcheck.claims.anil2019.theorem_3.common import FORMAL, ROW, SKETCH
from lipcheck.exact import Vector, dot, exact, vector
from lipcheck.norms import Exponent, dual_exponent, vector_norm
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

LINE = (
    "given x, y ∈ X and a, b ∈ R with |a − b| ≤ ||x − y||_p, we can fit a line with a single layer network, f, "
    "satisfying the 1-Lipschitz constraint with f(x) = a and f(x) = b."
)
LINEAR = (
    "This follows trivially as given four points satisfying the required conditions we can find a linear map with the "
    "required L_{p,∞} matrix norm that fits them."
)
NAME = "fitting"


@dataclass(frozen=True)
class Pair:
    """Two distinct points, the values there, and the exponent."""

    x: Vector
    y: Vector
    a: Fraction
    b: Fraction
    p: Exponent

    @property
    def step(self) -> Vector:
        """y - x."""
        return tuple(v - u for u, v in zip(self.x, self.y, strict=True))

    @property
    def fitting(self) -> bool:
        """Whether |a - b| <= ||x - y||_p."""
        return vector_norm(self.step, self.p).at_least(abs(self.b - self.a)) is True


def read(data: Data) -> Pair:
    """The pair of points that the data spell."""
    match data:
        case {"p": p, "x": x, "y": y, "a": a, "b": b, **rest} if not rest:
            pair = Pair(vector(x, "x"), vector(y, "y"), exact(a, "a"), exact(b, "b"), common.exponent(p))
        case _:
            raise common.DataError("Give {'p': ..., 'x': [...], 'y': [...], 'a': ..., 'b': ...}.")
    if len(pair.x) != len(pair.y) or not pair.x or pair.x == pair.y:
        raise common.DataError("Give two distinct points of one space.")
    return pair


def points(x: Sequence[int], y: Sequence[int], a: int, b: int, p: str = "2") -> Data:
    """Two points and values as data."""
    return {"p": p, "x": [str(v) for v in x], "y": [str(v) for v in y], "a": str(a), "b": str(b)}


def single_layer(pair: Pair) -> bool:
    """Whether some w has ||w||_q = 1 and w . d = b - a.

    n = 1: |w| = 1. p = 1 and infinity: the row is constructed. p = 2, n >= 2: w = c d / |d|^2 + v with v orthogonal
    to d and |v|^2 = 1 - c^2 / |d|^2 needs this number to be at least zero.
    """
    d, c = pair.step, pair.b - pair.a
    if len(d) == 1:
        return abs(c) == abs(d[0])
    if pair.p == 2:
        return 1 - c * c / dot(d, d) >= 0
    return pair.fitting and _exact_row(d, c, pair.p)


def _exact_row(d: Vector, c: Fraction, p: Exponent) -> bool:
    row = unit_row(d, c, p)
    return row is not None and dot(row, d) == c and vector_norm(row, dual_exponent(p)).lower == 1


def hidden_layer(pair: Pair) -> bool:
    """Whether the network of `common.affine_map` is in LN_p and takes both values."""
    row = common.slope(pair.step, pair.b - pair.a, pair.p)
    network = common.affine_map(row, pair.a - dot(row, pair.x))
    values = evaluate(network, pair.x) + evaluate(network, pair.y)
    return values == (pair.a, pair.b) and common.in_class(network, pair.p)


def linear(pair: Pair) -> bool:
    """Whether a linear map without a bias can take both values: on one line through the origin they are proportional.

    Points that are linearly independent always allow it, if the norm may be anything.
    """
    pairs = [(u * w - v * z) for u, z in zip(pair.x, pair.y, strict=True) for v, w in zip(pair.x, pair.y, strict=True)]
    if any(pairs):
        return True
    return all(u * pair.b == v * pair.a for u, v in zip(pair.x, pair.y, strict=True)) and (
        any(pair.x) or not pair.a) and (any(pair.y) or not pair.b)  # fmt: skip


def same_point(pair: Pair) -> bool:
    """Whether one function can have f(x) = a and f(x) = b."""
    return pair.a == pair.b


def universal(variant: Variant, test: Callable[[Pair], bool], text: str, proposed: Data) -> Universal:
    """The step for one pair of points; the repair admits a hidden layer and means f(y) = b."""

    def examine(data: Data) -> Examination:
        pair = read(data)
        return Examination({"Lipschitz": pair.fitting}, (hidden_layer if variant.repaired else test)(pair))

    return Universal(NAME, text, examine, lambda: [proposed])


HALFWAY = points([0], [1], 0, 0)
STEEP = points([0], [1], 0, 1)
PLANE = points([0, 0], [1, 0], 0, 0)


def on_the_line(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A single layer of norm exactly one."""
    return [universal(variant, single_layer, "one weight of norm one takes both values", HALFWAY)]


def without_bias(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A linear map in the literal sense."""
    return [universal(variant, linear, "a linear map takes both values", points([0], [1], 1, 1))]


def slip(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f(x) = a and f(x) = b."""
    return [universal(variant, same_point, "some f has f(x) = a and f(x) = b", STEEP)]


def sphere(variant: Variant) -> Universal:
    """A unit row for n >= 2."""

    def examine(data: Data) -> Examination:
        pair = read(data)
        return Examination({"two inputs": len(pair.x) >= 2, "Lipschitz": pair.fitting}, single_layer(pair))

    return Universal("unit rows", "for n >= 2 some w of dual norm one has w . d = c", examine,
                     lambda: [PLANE, HALFWAY, points([0, 0], [1, 0], 0, 2)], variant.dropped)  # fmt: skip


def euclidean() -> Forall:
    """t e + r v with orthogonal unit vectors e and v (s = e . v = 0) and t^2 + r^2 = 1 is a unit vector, w . e = t."""
    t, r, s, e, v = var("t"), var("r"), var("s"), var("e"), var("v")
    given: dict[str, Formula] = {"unit": conj(equals(e, 1), equals(v, 1)), "orthogonal": equals(s, 0),
                                 "circle": equals(t * t + r * r, 1)}  # fmt: skip
    square, along = t * t * e + 2 * t * r * s + r * r * v, t * e + r * s
    return Forall("p = 2", given, conj(equals(square, 1), equals(along, t)))


def one_dimension() -> Forall:
    """|w| = 1 and w d = c exactly if |c| = |d|."""
    w, d, c = var("w"), var("d"), var("c")
    given: dict[str, Formula] = {"unit": equals(w * w, 1), "value": equals(w * d, c)}
    return Forall("n = 1", given, disj(equals(c, d), equals(c, -d)))


def grid(dimension: int, size: int) -> list[Data]:
    """All d with entries -1, 0, 1, and all c that are multiples of 1/2, for p = 1 and infinity."""
    steps = [d for d in product((-1, 0, 1), repeat=dimension) if any(d)]
    origin = [0] * dimension
    found = [{**points(origin, d, 0, 0, p), "b": str(Fraction(c, 2))} for d in steps for p in ("1", "inf")
             for c in range(-2 * dimension, 2 * dimension + 1)]  # fmt: skip
    return [data for data in found if read(data).fitting][:: max(1, size)]


def rows(dimension: int) -> Exhaustive:
    """Exact unit rows for p = 1 and infinity on a grid."""
    found = grid(dimension, 1 if dimension < 3 else 5)
    return Exhaustive(f"exact rows in {dimension} dimensions", "a rational row of dual norm one with w . d = c",
                      lambda: found, lambda data: single_layer(read(data)), parameters=dimension,
                      size=dimension)  # fmt: skip


def repaired(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """n >= 2 by a unit row, n = 1 only for |c| = |d|, and always with one hidden layer."""
    pairs = [HALFWAY, STEEP, PLANE, points([0, 0], [3, 4], 0, 5), points([1, 2], [0, 2], 1, 0, "1"),
             points([1, 2, 3], [0, 0, 0], 0, -3, "inf")]  # fmt: skip
    hidden = Exhaustive("one hidden layer", "affine maps of norm at most one are networks of LN_p", lambda: pairs,
                        lambda data: hidden_layer(read(data)), parameters=pairs)  # fmt: skip
    small: list[Obligation] = [sphere(variant), hidden]
    return small if budget is Budget.SMOKE else [*small, euclidean(), one_dimension(), *map(rows, (2, 3))]


SHORT = "x, y, a, b = 0, 1, 0, 0  # |a - b| <= |x - y|, n = 1: the single weight is a number w with |w| = 1\n"

CLAIMS = (
    Claim(
        id=f"{ROW}.single_layer",
        short=(
            "On the line one weight of norm exactly one cannot take equal values at two points; for n "
            "≥ 2, or with a hidden layer, it can."
        ),
        source=f"{FORMAL}; the sketch in section 6 of both versions: 'a single layer network'",
        printed=LINEAR,
        statement=(
            "For x != y in R^n and |a − b| ≤ ||x − y||_p some affine map f(z) = w . z + c with ||w||_{p,∞} = 1 exactly "
            "has f(x) = a and f(y) = b."
        ),
        reading="f(y) = b; a single layer network of LN_p, whose weight has norm exactly one",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=on_the_line,
        scope="n = 1, every p; for n ≥ 2 it holds",
        covers_all=True,
        repairs={"one hidden layer with a unit that is not read": Variant(repaired=True)},
        counterexamples={NAME: HALFWAY},
        near_misses=(
            NearMiss(NAME, STEEP, "|a − b| = |x − y|: the weight 1 fits"),
            NearMiss(NAME, PLANE, "in the plane w = (0, 1) fits"),
        ),
        minimality="one input; the points and values are 0 and 1",
        snippet=(
            f"{SHORT}"
            "for w in (1, -1):\n"
            "    c = a - w * x\n"
            "    print('w =', w, 'gives f(x) =', w * x + c, 'and f(y) =', w * y + c)\n"
            "    assert w * x + c == a and w * y + c != b"
        ),
        repaired_by=f"{ROW}.separation",
        argument="proof.md#the-line-through-two-points",
        notes=(
            "Norms of at most one always do, as the sketch may mean ('satisfying the 1-Lipschitz constraint'); but "
            "LN_p asks for norm one, and f has to be in LN_p. The theorem holds for n = 1 all the same."
        ),
    ),
    Claim(
        id=f"{ROW}.separation",
        source=f"{SKETCH}; the same in the ICML version",
        printed=LINE,
        statement=(
            "Let x != y in R^n, |a − b| ≤ ||x − y||_p. For n ≥ 2 some affine map with a weight of dual norm "
            "exactly one has f(x) = a, f(y) = b. For n = 1 one exists only if |a − b| = |x − y|. For all n an "
            "affine map with norm at most one does, and it is a network of LN_p with one hidden layer."
        ),
        reading="repaired: n ≥ 2, or one hidden layer",
        variant_of=f"{ROW}.single_layer",
        expected=Verdict.PROVED,
        obligations=repaired,
        scope="all n and all p in [1, ∞]",
        covers_all=True,
        hypotheses={"two inputs": "n ≥ 2", "Lipschitz": "|a − b| ≤ ||x − y||_p"},
        textbook=(
            common.HOELDER,
            Textbook("the unit sphere of a norm on R^n, n ≥ 2, is connected", "Munkres, Topology, section 24"),
            Textbook("intermediate value theorem", "Munkres, Topology, 24.3"),
        ),
        argument="proof.md#the-line-through-two-points",
    ),
    Claim(
        id=f"{ROW}.linear_map",
        short="Without a bias no map takes the value 1 at 0; an affine map does.",
        source=FORMAL,
        printed=LINEAR,
        statement="For x != y and |a − b| ≤ ||x − y||_p some linear map (without a bias) has f(x) = a and f(y) = b.",
        reading="linear in the literal sense",
        variant_of=f"{ROW}.separation",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=without_bias,
        scope="all n and p",
        covers_all=True,
        repairs={"affine maps": Variant(repaired=True)},
        counterexamples={NAME: points([0], [1], 1, 1)},
        near_misses=(
            NearMiss(NAME, STEEP, "f(z) = z fits"),
            NearMiss(NAME, points([0], [1], 1, 3), "|a − b| > |x − y|"),
        ),
        minimality="one input; the points and values are 0 and 1",
        snippet=(
            "# x = 0, y = 1, a = b = 1: a linear map is f(z) = w z\n"
            "values = [w * 0 for w in (-1, 0, 1)]\n"
            "print(values)\n"
            "assert all(v != 1 for v in values)"
        ),
        repaired_by=f"{ROW}.separation",
        argument="proof.md#the-line-through-two-points",
        notes="The paper calls layers with biases linear; this is wording only.",
    ),
    Claim(
        id=f"{ROW}.line_slip",
        short="f(x) = a and f(x) = b is a slip for f(y) = b, with which it is true.",
        source=f"{SKETCH}; the same in the ICML version",
        printed=LINE,
        statement="For x, y and |a − b| ≤ ||x − y||_p some f has f(x) = a and f(x) = b.",
        reading="literally, with x in both places",
        variant_of=f"{ROW}.separation",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=slip,
        scope="all n and p",
        covers_all=True,
        repairs={"f(y) = b, and a hidden layer": Variant(repaired=True)},
        counterexamples={NAME: STEEP},
        near_misses=(NearMiss(NAME, HALFWAY, "a = b"),),
        minimality="one input; the points and values are 0 and 1",
        snippet=("a, b = 0, 1\nf = {'x': a}\nprint(f['x'], 'is not', b)\nassert f['x'] != b"),
        repaired_by=f"{ROW}.separation",
        argument="proof.md#the-line-through-two-points",
        notes="A slip of the pen for f(y) = b, in both versions.",
    ),
)
