"""Anil et al. 2019, section 4.1, on X = R^n: no network of absolute values computes ReLU, which MaxMin does.

Networks are those of section 2: affine maps in turn with the activation, which acts on every unit. With a unit that
passes by, (x + |x|)/2 is ReLU, of course.

Along a line every unit of a piecewise linear network is affine far out. Behind the first absolute value the slopes at
the two ends are opposite, a at +infinity and -a at -infinity, and affine maps and further absolute values keep that.
ReLU, the first output of MaxMin(x, 0), has the slopes 1 and 0. This holds whatever the weights are.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.activations import abs_by_maxmin, maxmin_by_abs, relu_by_maxmin
from lipcheck.claims.anil2019.maxmin_abs.common import ICML, ONE, POWER, ROW, weights
from lipcheck.network import Abs, Affine, MaxMin, Network, ReLU, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.line import Piece, pieces
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

RELU = to_json(relu_by_maxmin(1))


def relu_on_an_interval() -> Network:
    """ReLU on [-1, 1] by absolute values: (x, 0), MaxMin by abs, the first output."""
    inner = Network(1, (Affine.linear([[1], [0]]),))
    return maxmin_by_abs(2, 1).compose(inner).then(Affine.linear([[1, 0]]))


def is_relu(parts: Sequence[Piece], whole: bool) -> bool:
    """Whether the pieces are those of max(t, 0), on the whole line or on [-1, 1] only."""
    seen = [p for p in parts if whole or ((p.low is None or p.low < 1) and (p.high is None or p.high > -1))]
    cut = any(0 in (p.low, p.high) for p in seen)
    return cut and all((*p.slopes, *p.offsets) == (Fraction(p.inside > 0), Fraction(0)) for p in seen)


def examine(data: Data, variant: Variant) -> Examination:
    """A network from R to R, or {"network": ..., "interval": true} for one that is asked about on [-1, 1] only."""
    whole = "interval" not in data
    network = from_json(data if whole else data["network"]).dense()
    hypotheses = {
        "absolute values": all(isinstance(layer, Affine | Abs) for layer in network.layers),
        "whole line": whole,
    }
    return Examination(hypotheses, not is_relu(pieces(network), whole))


def candidates() -> list[Data]:
    """ReLU as such, by MaxMin, and by absolute values on [-1, 1]; and |x|."""
    plain = Network(1, (ReLU(),))
    return [
        to_json(plain),
        RELU,
        {"network": to_json(relu_on_an_interval()), "interval": True},
        to_json(Network(1, (Abs(),))),
    ]


def networks(variant: Variant) -> Universal:
    """The statement for networks on the line."""
    return Universal("networks on the line", "a network of affine maps and absolute values from R to R is not ReLU",
                     lambda data: examine(data, variant), candidates, variant.dropped)  # fmt: skip


def far_out() -> Forall:
    """|s t + c| = |s| t ± c for t >= 0 as soon as w = |s| t >= |c|: far out the slope decides the sign."""
    w, c = var("w"), var("c")
    conclusion = conj(equals(absolute(w + c), w + c), equals(absolute(-w + c), w - c))
    return Forall("far out |s t + c| has the slope |s|", {"far out": w >= absolute(c)}, conclusion, size=1)


def opposite(first: bool) -> Forall:
    """Slopes p at +infinity and q at -infinity become |p| and -|q|: opposite if p = q (affine) or p = -q."""
    p, q = var("p"), var("q")
    hypotheses: dict[str, Formula] = {"before": equals(p, q if first else -q)}
    name = "the first absolute value makes end slopes opposite" if first else "later ones keep them opposite"
    return Forall(name, hypotheses, equals(absolute(p), absolute(q)), size=1)


def affine_maps() -> Forall:
    """Sums of units with opposite end slopes have opposite end slopes: one more unit."""
    a, b, w, p, q = (var(name) for name in ("a", "b", "w", "p", "q"))
    hypotheses: dict[str, Formula] = {"others": equals(a, -b), "unit": equals(p, -q)}
    return Forall("affine maps keep them opposite, one more unit", hypotheses, equals(a + w * p, -(b + w * q)), size=1)


def relu_slopes() -> Forall:
    """The slopes of ReLU at the ends are 1 and 0: neither equal nor opposite."""
    p, q = var("p"), var("q")
    hypotheses: dict[str, Formula] = {"relu": conj(equals(p, 1), equals(q, 0))}
    return Forall("those of ReLU are not", hypotheses, disj(p + q > 0, p + q < 0), size=1)


def theorem(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps of the proof, and the statement on examples."""
    return [networks(variant), far_out(), opposite(True), opposite(False), affine_maps(), relu_slopes()]


def possible(data: Data, bounded: bool) -> Examination:
    """A MaxMin network from R: do its end slopes allow a network of absolute values to compute it?"""
    network = from_json(data).dense()
    parts = pieces(network)
    ends = parts[0].slopes, parts[-1].slopes
    affine = len({(p.slopes, p.offsets) for p in parts}) == 1
    hypotheses = {
        "MaxMin network": all(isinstance(layer, Affine | MaxMin) for layer in network.layers),
        "norms": all(spectral_norm_at_most(layer.weight, ONE) for layer in weights(network)),
    }
    return Examination(hypotheses, bounded or affine or ends[0] == tuple(-s for s in ends[1]))


def reading(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The obstruction, computed for a given network."""
    ending = " on a bounded interval" if variant.repaired else ""
    text = f"a MaxMin network from R with weights of 2-norm at most one equals a network of absolute values{ending}"
    shorter = Network(1, (Affine.linear([[1]]),))
    found = [to_json(shorter), to_json(abs_by_maxmin(1)), RELU]
    return [Universal("end slopes", text, lambda data: possible(data, variant.repaired), lambda: found, size=1)]


SNIPPET = """\
def slopes(f, far=10**6):  # at the two ends of the line
    return f(far + 1) - f(far), f(-far) - f(-far - 1)
relu = lambda t: max(t, 0)  # the first output of MaxMin(t, 0)
for a, b, c, d in [(1, 0, 1, 0), (1, 2, -3, 1), (-2, 5, 4, -7)]:
    net = lambda t: c * abs(b + a * abs(t - 1) - abs(t + d)) + a * abs(t)
    right, left = slopes(net)
    print("absolute values:", right, left, " ReLU:", slopes(relu))
    assert right == -left and slopes(relu) == (1, 0)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.no_abs_network",
        source=ICML,
        printed=POWER,
        statement=(
            "No network of affine layers in turn with absolute values of all units, of any depth, width and weights, "
            "equals max(x, 0) on all of R; so none equals MaxMin on R^2."
        ),
        reading="what holds instead on X = R^n; networks as in section 2, no unit passes by an activation",
        variant_of=f"{ROW}.expressive_power",
        expected=Verdict.PROVED,
        obligations=theorem,
        scope="all depths, widths and weights; networks without skip connections",
        covers_all=True,
        hypotheses={
            "absolute values": "every activation is the absolute value",
            "whole line": "the network is to agree on all of R",
        },
        textbook=(Textbook("induction over units and over layers", "Peano's axioms"),),
        argument="proof.md#no-network-of-absolute-values",
        notes="Nor does one stay within any distance of it: a bounded difference does not change the end slopes.",
    ),
    Claim(
        id=f"{ROW}.expressive_power_unbounded",
        source=ICML,
        printed=POWER,
        statement="Every MaxMin network on R^n with weights of 2-norm at most 1 equals such a network with abs.",
        reading="on X = R^n, which section 2.1 takes unless otherwise specified",
        variant_of=f"{ROW}.expressive_power",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=reading,
        scope="one input; on R^n compose with a coordinate",
        covers_all=True,
        repairs={"on a bounded interval": Variant(repaired=True)},
        counterexamples={"end slopes": RELU},
        near_misses=(
            NearMiss("end slopes", to_json(abs_by_maxmin(1)), "|x| by MaxMin is a network of absolute values"),
            NearMiss("end slopes", to_json(Network(1, (ReLU(),))), "ReLU is no MaxMin network as it stands"),
        ),
        minimality="one input, one layer of one pair: a network without a pair is affine",
        short="on R^n no abs network is ReLU, which one MaxMin pair is; on bounded domains each equals the other",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.expressive_power",
        argument="proof.md#no-network-of-absolute-values",
        depends_on=(f"{ROW}.no_abs_network",),
        notes="The examination computes the obstruction; that it is one is proved in no_abs_network. The other "
        "direction, abs by MaxMin, holds on all of R^n. In this sense MaxMin is the stronger activation.",
    ),
)
