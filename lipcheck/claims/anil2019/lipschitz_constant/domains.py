"""Anil et al. 2019, section 2.1, the bound by the Jacobian read beyond its setting: on other domains than R^n, and as
an equivalence for all Lipschitz functions.

On a domain that is not convex a bounded Jacobian bounds nothing: a slit in the plane separates points that are close.
And |x| is 1-Lipschitz without being differentiable everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lipcheck.claims.anil2019.lipschitz_constant.common import ICLR, ICML, ROW
from lipcheck.claims.anil2019.lipschitz_constant.jacobian import PRINTED
from lipcheck.claims.anil2019.lipschitz_constant.named import LineError
from lipcheck.exact import Vector, vector
from lipcheck.network import Abs, Affine, LeakyReLU, Network, from_json, to_json
from lipcheck.readings.line import pieces
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

HALF = Fraction(1, 2)


class PlaneError(LipcheckError, ValueError):
    """A point that is not one of the plane."""


def inside(point: Vector) -> bool:
    """Whether the point lies in the square |x| < 1/2, |y| < 1/2 without the slit x = 0, y >= 0."""
    x, y = point
    return abs(x) < HALF and abs(y) < HALF and not (x == 0 and y >= 0)


def height(point: Vector) -> Fraction:
    """f(x, y) = y^2 to the right of the slit and -y^2 to its left for y > 0, and 0 for y <= 0."""
    x, y = point
    return max(y, Fraction(0)) ** 2 * (1 if x > 0 else -1)


def slit(variant: Variant) -> Universal:
    """|f(p) - f(q)| <= ||p - q||_2 on the slit square; repaired, on its right half, which is convex."""

    def examine(data: Any) -> Examination:
        p, q = vector(data["p"], "p"), vector(data["q"], "q")
        if len(p) != 2 or len(q) != 2:
            raise PlaneError("give two points of the plane")
        hypotheses = {"domain": inside(p) and inside(q) and not (variant.repaired and min(p[0], q[0]) <= 0)}
        square = sum(((a - b) ** 2 for a, b in zip(p, q, strict=True)), Fraction(0))
        return Examination(hypotheses, (height(p) - height(q)) ** 2 <= square)

    text = "on the square |x|, |y| < 1/2 without {0} x [0, 1/2), f = y^2 right of the slit, -y^2 left of it, 0 below, "
    text += "is 1-Lipschitz on the part x > 0" if variant.repaired else "is 1-Lipschitz"
    return Universal("slit square", text, examine, lambda: [ACROSS], parameters=variant.repaired)


ACROSS = {"p": ["1/10", "2/5"], "q": ["-1/10", "2/5"]}


def gradient() -> Forall:
    """The gradient (0, ±2 max(y, 0)) has norm at most 1 on the domain."""
    y = var("y")
    return Forall("the gradient is at most one", {"domain": conj(y > -HALF, y < HALF)}, 4 * positive_part(y) ** 2 <= 1)


def smooth() -> Forall:
    """At y = 0 the function max(y, 0)^2 has derivative 0: its difference quotient is at most |t|."""
    t = var("t")
    rise = positive_part(t) ** 2
    return Forall("differentiable at y = 0", {}, conj(rise <= t * t, rise >= 0))


def no_constant() -> Forall:
    """No K will do: at (±d, 2/5) the difference is 8/25 and the distance 2 d, below 8 / (25 K) for small d."""
    K, d = var("K"), var("d")
    return Forall("no constant at all", {"K": K > 0, "choice": equals(8 * d * (K + 1), 1)},
                  conj(d > 0, d < HALF, 2 * K * d < Fraction(8, 25)))  # fmt: skip


def domain(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A gradient of norm at most one on a connected open set, and a slope above one."""
    return [slit(variant), gradient(), smooth(), no_constant()]


def equivalence(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """1-Lipschitz if and only if everywhere differentiable with |f'| <= 1, for piecewise linear functions on R."""

    def examine(data: Any) -> Examination:
        network = from_json(data)
        if (network.inputs, network.outputs) != (1, 1):
            raise LineError("give a network from R to R")
        found = pieces(network)
        slopes = [piece.slopes[0] for piece in found]
        smooth = all(a == b for a, b in pairwise(slopes))
        lipschitz = all(abs(s) <= 1 for s in slopes)
        hypotheses = {"everywhere differentiable": smooth} if variant.repaired else {}
        return Examination(hypotheses, lipschitz == (smooth and lipschitz))

    words = "f is 1-Lipschitz if and only if it is everywhere differentiable with |f'| <= 1"
    text = words + (", for everywhere differentiable f" if variant.repaired else "")
    affine = [to_json(Network(1, (Affine([[w]], [b]),))) for w in (-2, -1, 0, 1, 2) for b in (0, 1)]
    return [
        Universal("networks on the line", text, examine, lambda: [ABSOLUTE], parameters=variant.repaired),
        Exhaustive("minimal: without an activation", "affine functions are no counterexample", lambda: affine,
                   lambda d: examine(d).conclusion),
    ]  # fmt: skip


ABSOLUTE = to_json(Network(1, (Abs(),)))

CLAIMS = (
    Claim(
        id=f"{ROW}.jacobian_domain",
        source=ICML,
        printed=PRINTED,
        statement="If f is everywhere differentiable on a connected open set X of R^n, with the Euclidean distance, "
        "and its gradient has norm at most one, then f is 1-Lipschitz on X.",
        short="on a slit square a gradient of norm at most 1 bounds no slope; on convex domains it does",
        reading="on any domain, as the section begins with arbitrary metric spaces; the paper's default is X = R^n",
        variant_of=f"{ROW}.jacobian",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=domain,
        scope="connected open subsets of the plane",
        covers_all=True,
        argument="proof.md#other-domains",
        counterexamples={"slit square": ACROSS},
        minimality="the plane is the least dimension: a connected subset of the line is convex",
        near_misses=(
            NearMiss("slit square", {"p": ["1/10", "2/5"], "q": ["-1/10", "-2/5"]}, "the points are far apart"),
            NearMiss("slit square", {"p": ["0", "2/5"], "q": ["-1/10", "2/5"]}, "a point lies on the slit"),
        ),
        repairs={"a convex domain": Variant(repaired=True)},
        repaired_by=f"{ROW}.jacobian",
        snippet="from fractions import Fraction as F\ndef f(x, y): return max(y, 0) ** 2 * (1 if x > 0 else -1)\n"
        "# defined for |x|, |y| < 1/2 without x = 0, y >= 0; gradient (0, +-2 max(y, 0)) of norm < 1\n"
        "p, q = (F(1, 10), F(2, 5)), (F(-1, 10), F(2, 5))\nprint(f(*p) - f(*q), 'over the distance', p[0] - q[0])\n"
        "assert f(*p) - f(*q) > p[0] - q[0]",
        notes="This f is not Lipschitz on its domain at all. In the metric of shortest paths inside X the bound holds.",
    ),
    Claim(
        id=f"{ROW}.equivalently",
        source=ICLR,
        printed="Equivalently, if the function is everywhere differentiable then its Lipschitz constant is bounded by "
        "the operator norm of its Jacobian.",
        statement="A function on R is 1-Lipschitz if and only if it is everywhere differentiable and |f'| <= 1.",
        short="|x| is 1-Lipschitz and not differentiable at 0; equivalent for everywhere differentiable functions",
        reading="equivalently: another form of the definition, for all functions",
        variant_of=f"{ROW}.jacobian",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=equivalence,
        scope="piecewise linear functions on R",
        covers_all=True,
        argument="proof.md#equivalently",
        counterexamples={"networks on the line": ABSOLUTE},
        minimality="one unit; without an activation the function is affine and no counterexample",
        near_misses=(
            NearMiss(
                "networks on the line", to_json(Network(1, (LeakyReLU(1),))), "LeakyReLU of slope one is the identity"
            ),
            NearMiss("networks on the line", to_json(Network(1, (LeakyReLU(2),))), "it is not 1-Lipschitz either"),
        ),
        repairs={"for everywhere differentiable functions": Variant(repaired=True)},
        repaired_by=f"{ROW}.jacobian",
        snippet="pairs = [(x, y) for x in range(-3, 4) for y in range(-3, 4)]\n"
        "assert all(abs(abs(x) - abs(y)) <= abs(x - y) for x, y in pairs)\n"
        "left, right = (abs(0) - abs(-1)) / 1, (abs(1) - abs(0)) / 1\nprint('slopes of |x| beside 0:', left, right)\n"
        "assert left != right",
        notes="The ICML version drops the word.",
    ),
)
