"""What is true of maxout under a 2-norm constraint (Anil et al. 2019, ICLR appendix D): how far gradients can turn.

For a network with one output, weights of 2-norm at most one and h layers of maxout, and any two inputs without ties,

    ||grad f(x) - grad f(y)||_2^2 <= 4 (1 - 2^(-h)).

Back through a layer of maxout with gradients p at x and q at y of one group: where both inputs have the same winner,
the squared distance is (p - q)^2; otherwise p^2 + q^2. Both are at most (p - q)^2 / 2 + p^2 + q^2. The sum of p^2 + q^2
is at most 2, so D_l <= D_{l+1} / 2 + 2, which starts from D = 0 at the output. Weights do not increase it. The bound is
sharp: s |x| is such a network exactly if s^2 <= 1 - 2^(-h). So |x| is none at any depth, while MaxMin gives it at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from lipcheck.claims.anil2019.maxout_norm.common import PRINTED, ROW, SOURCE
from lipcheck.network import Affine, MaxMin, Maxout, Network, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.line import pieces
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exists, Forall, Obligation, Universal
from lipcheck.words.search import Sample, Search, Tensor, Vector
from lipcheck.words.terms import absolute, maximum, var
from lipcheck.words.verdict import Budget, Verdict

ONE = Fraction(1)


def bound(layers: int) -> Fraction:
    """4 (1 - 2^(-h))."""
    return 4 * (1 - Fraction(1, 2**layers))


def plain(*layers: Any) -> Data:
    """A network with one input as data; nested lists stand for weights without bias."""
    return to_json(Network(1, tuple(Affine.linear(a) if isinstance(a, list) else a for a in layers)))


def line(weight: Fraction) -> Data:
    """max(w x, -w x)."""
    return plain([[weight], [-weight]], Maxout(2), [[1]])


BY_MAXMIN = plain([[Fraction(1, 2)], [-Fraction(1, 2)]] * 2, MaxMin(), [[Fraction(1, 2), -Fraction(1, 2)] * 2])
CANDIDATES = [line(Fraction(12, 17)), line(ONE), BY_MAXMIN]


def examine(data: Data, variant: Variant) -> Examination:
    """A network from R to R: its hypotheses, and the squared distance of any two of its slopes."""
    network = from_json(data).dense()
    weights = [layer.weight for layer in network.layers if isinstance(layer, Affine)]
    hidden = sum(not isinstance(layer, Affine) for layer in network.layers)
    slopes = {piece.slopes[0] for piece in pieces(network)}
    most = variant.value("bound over 4 (1 - 2^-h)", 1) * bound(hidden)
    hypotheses = {
        "norm": all(spectral_norm_at_most(weight, ONE) for weight in weights),
        "maxout": all(isinstance(layer, Affine | Maxout) for layer in network.layers),
    }
    return Examination(hypotheses, all((a - b) ** 2 <= most for a, b in combinations(slopes, 2)))


def networks(variant: Variant) -> Universal:
    """The statement for networks from R to R."""
    return Universal("networks on the line", "slopes of a maxout network with 2-norm weights are this close",
                     lambda data: examine(data, variant), lambda: CANDIDATES, variant.dropped)  # fmt: skip


def group(variant: Variant) -> Forall:
    """One group: (p - q)^2, or p^2 + q^2, against (p - q)^2 / 2 + p^2 + q^2."""
    p, q = var("p"), var("q")
    most = variant.value("bound over 4 (1 - 2^-h)", 1) * ((p - q) ** 2 / 2 + p**2 + q**2)
    return Forall("one group", {}, conj((p - q) ** 2 <= most, p**2 + q**2 <= most), size=1)


def one_more_group() -> Forall:
    """The inequality for the other groups passes to one more."""
    a, b, c, u, v, w = (var(name) for name in ("a", "b", "c", "u", "v", "w"))
    hypotheses: dict[str, Formula] = {"others": a <= b / 2 + c, "group": u <= v / 2 + w}
    return Forall("one more group", hypotheses, a + u <= (b + v) / 2 + (c + w), size=1)


def one_more_layer() -> Forall:
    """From D <= 4 (1 - t), t = 2^(-h), and sum (p^2 + q^2) <= 2 to 4 (1 - t/2)."""
    d, c, t, e = var("d"), var("c"), var("t"), var("e")
    hypotheses: dict[str, Formula] = {"so far": d <= 4 * (1 - t), "norms": c <= 2, "layer": e <= d / 2 + c}
    return Forall("one more layer", hypotheses, e <= 4 * (1 - t / 2), size=1)


def two_slopes() -> Forall:
    """Slopes s and -s: 4 s^2 <= 4 (1 - t) is s^2 <= 1 - t."""
    s, t = var("s"), var("t")
    return Forall("slopes of opposite sign", {"bound": (s + s) ** 2 <= 4 * (1 - t)}, s**2 <= 1 - t, size=1)


def attained() -> list[Obligation]:
    """The step to one layer more: from s |x| to (A + |B|)/√2 with A = a s |x|, B = b x, a = b s, a^2 + b^2 = 1."""
    s, b, u, v = var("s"), var("b"), var("u"), var("v")
    norm: dict[str, Formula] = {"norm": equals(b**2 * (1 + s**2), 1)}
    zero = {"s": ONE - ONE, "b": ONE}
    return [
        Forall("attained: max(A + B, A - B) = A + |B|", {}, equals(maximum(u + v, u - v), u + absolute(v)), size=1),
        Forall("attained: the slope", norm, equals((b * s * s + b) ** 2, 1 + s**2), size=1, witness=zero),
        Forall("attained: 1 - s^2 is halved", {}, equals(1 - (1 + s**2) / 2, (1 - s**2) / 2), size=1),
    ]


def deeper() -> Exists:
    """Two layers reach the slope 21/25 on [-1, 1], beyond the 1/√2 of one layer."""

    def accepts(data: Data) -> bool:
        network = from_json(data)
        near = [p for p in pieces(network) if (p.low is None or p.low < 1) and (p.high is None or p.high > -1)]
        slopes = {(p.slopes[0], p.inside > 0) for p in near}
        found = examine(data, Variant())
        return all(found.hypotheses.values()) and slopes == {(Fraction(21, 25), True), (Fraction(-21, 25), False)}

    return Exists("two layers are better than one", "|x| times 21/25 on [-1, 1]", accepts, two_layers)


def two_layers() -> Data:
    """Units (2/5) x, -(2/5) x in one group; (4/5) x with -1 beside it in the other; then (A + |B|) 7/10."""
    two, four, seven = Fraction(2, 5), Fraction(4, 5), Fraction(7, 10)
    first = Affine([[two], [-two], [four], [0]], [0, 0, 0, -1])
    return plain(first, Maxout(2), [[seven, seven], [seven, -seven]], Maxout(2), [[1]])


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound, then that it is attained."""
    steps: list[Obligation] = [networks(variant), group(variant), one_more_group(), one_more_layer(), two_slopes()]
    return [*steps, *attained(), deeper()]


def margin(sample: Sample) -> Tensor:
    """4 (1 - 2^(-h)) - ||g_x - g_y||^2."""
    return float(bound(sample.hidden)) - (sample.jacobian - sample.jacobian_y).square().sum((-1, -2))


def exact_margin(network: Network, x: Vector, y: Vector) -> Fraction:
    """The same in rationals."""
    from lipcheck.readings.rational import jacobian

    (gx,), (gy,) = jacobian(network, x), jacobian(network, y)
    hidden = sum(not isinstance(layer, Affine) for layer in network.layers)
    return bound(hidden) - sum(((a - b) ** 2 for a, b in zip(gx, gy, strict=True)), Fraction(0))


CLAIMS = (
    Claim(
        id=f"{ROW}.two_norm_networks",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "For every network f : R^n → R with weights of 2-norm at most 1 and h layers of maxout, with groups of any "
            "sizes, ||∇f(x) - ∇f(y)||_2^2 <= 4 (1 - 2^(-h)) wherever both gradients exist. So s |x| is such a network "
            "only if s^2 <= 1 - 2^(-h), and |x| is none. This s is attained, with groups of 1 and 2."
        ),
        reading="what a 2-norm constraint does to networks of maxout, and probably what is meant",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="every depth, width and group size, every number of inputs",
        covers_all=True,
        hypotheses={"norm": "every weight has ||W||_2 <= 1", "maxout": "every activation is maxout"},
        constants={"bound over 4 (1 - 2^-h)": Constant(ONE, Fraction(99, 100), words="the bound over 4 (1 - 2^(-h))")},
        textbook=(
            Textbook("||W'z||_2 <= ||W||_2 ||z||_2", "Horn and Johnson, Matrix Analysis, 5.6"),
            Textbook("induction over groups and over layers", "Peano's axioms"),
            Textbook(
                "a piecewise affine function is affine around every point where it is differentiable",
                "Scholtes, Introduction to Piecewise Differentiable Equations, section 4.1",
            ),
        ),
        argument="proof.md#networks-under-the-2-norm",
        depends_on=(ROW,),
        search=Search(
            text="In a network with one output, weights of 2-norm at most one and h layers of maxout, the squared "
            "distance of two gradients is at most 4 (1 - 2^(-h)).",
            activations=({"kind": "maxout", "size": 2}, {"kind": "maxout", "size": 3}),
            norm="2",
            margin=margin,
            exact_margin=exact_margin,
            outputs=1,
        ),
        notes="Under the infinity norm |x| is one layer, max(x, -x). With MaxMin the 2-norm gives it in one layer. "
        "A maxout network can have gradient norm one and not be affine, max(x1, x2) for example.",
    ),
)
