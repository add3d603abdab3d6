"""'We could have also used the maxout activation to complete this proof': true.

The class MN_p: as LN_p, with maxout on groups of two in the place of MaxMin. max(f, g) is one maxout of (f, g);
min(f, g) = -max(-f, -g), where the signs are taken in by weights, whose norms they do not change. A network passes
further layers as equal units, and an affine map of norm at most one has an unread unit of norm one beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.dense import identity
from lipcheck.build.joining import maxout_maximum, maxout_minimum
from lipcheck.claims.anil2019.lemma_1 import statement as lemma
from lipcheck.claims.anil2019.theorem_3 import common, statement
from lipcheck.claims.anil2019.theorem_3.common import FORMAL, ROW
from lipcheck.exact import Vector
from lipcheck.network import Affine, Layer, Maxout, Network, Select, from_json, to_json
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, maximum, minimum, var
from lipcheck.words.verdict import Budget, Verdict


def affine_map(weight: Vector, bias: Fraction) -> Network:
    """x -> w . x + b behind a maxout of equal units, beside a maxout of x_1 with itself, which is not read."""
    axis = tuple(Fraction(i == 0) for i in range(len(weight)))
    zero = Fraction(0)
    rows = Affine([weight, weight, axis, axis], [bias, bias, zero, zero])
    return Network(len(weight), (rows, Maxout(2), Select((0,), 2)))


def through(data: Data) -> tuple[Network, bool]:
    """The maxout network through one sample's values, and whether it takes them."""
    points, values, p = common.read_sample(data)
    inner = []
    for i, (x, v) in enumerate(zip(points, values, strict=True)):
        rows = [common.slope(tuple(b - a for a, b in zip(x, y, strict=True)), w - v, p)
                for j, (y, w) in enumerate(zip(points, values, strict=True)) if j != i]  # fmt: skip
        maps = [affine_map(row, v - sum((r * c for r, c in zip(row, x, strict=True)), Fraction(0))) for row in rows]
        lowest = maps[0] if maps else affine_map((Fraction(0),) * len(x), v)
        for other in maps[1:]:
            lowest = maxout_minimum([lowest, other])
        inner.append(lowest)
    network = inner[0]
    for other in inner[1:]:
        network = maxout_maximum([network, other])
    return network, all(evaluate(network, x) == (v,) for x, v in zip(points, values, strict=True))


def fits(data: Data) -> bool:
    """Whether the network takes the values and is in MN_p."""
    network, taken = through(data)
    return taken and common.in_class(merged(network), common.read_sample(data)[2], Maxout)


def merged(network: Network) -> Network:
    """The network with neighbouring linear layers multiplied out, and identities behind every activation."""
    spaced: list[Layer] = []
    for layer, width in zip(network.layers, network.widths, strict=True):
        spaced += [layer, identity(width)] if isinstance(layer, Maxout) else [layer]
    first, *rest = Network(network.inputs, tuple(spaced)).dense().layers
    layers = [first]
    for layer in rest:
        last = layers[-1]
        if isinstance(layer, Affine) and isinstance(last, Affine):
            composed = Network(len(last.weight[0]), (last, layer))
            zero = evaluate(composed, [0] * composed.inputs)
            axes = [[int(i == j) for j in range(composed.inputs)] for i in range(composed.inputs)]
            columns = [[v - z for v, z in zip(evaluate(composed, e), zero, strict=True)] for e in axes]
            layers[-1] = Affine(list(zip(*columns, strict=True)), zero)
        else:
            layers.append(layer)
    return Network(network.inputs, tuple(layers))


def examine(data: Data) -> Examination:
    """Whether a maxout network meets the norms, and is 1-Lipschitz between 0 and 1."""
    network = from_json(data)
    p = common.EXPONENTS["2"]
    hypotheses = {
        "first norm": common.first_norm(network, p, Fraction(1)),
        "other norms": common.other_norms(network, Fraction(1)),
        "maxout": common.alternate(network, Maxout),
    }
    (before,), (after,) = evaluate(network, [0]), evaluate(network, [1])
    return Examination(hypotheses, abs(after - before) <= 1)


def networks(variant: Variant) -> Universal:
    """Networks of the class, and networks that break one hypothesis."""
    twice, once = Affine.linear([[2], [2]]), Affine.linear([[1], [1]])
    proposed = [(once, Maxout(2), Affine.linear([[1]])), (twice, Maxout(2), Affine.linear([[1]])),
                (once, Maxout(2), Affine.linear([[2]]))]  # fmt: skip
    return Universal("maxout networks", "a network of MN_2 is 1-Lipschitz", examine,
                     lambda: [to_json(Network(1, layers)) for layers in proposed], variant.dropped)  # fmt: skip


def activation() -> list[Forall]:
    """Maxout is 1-Lipschitz for the maximum norm; min by signs; equal units pass."""
    a, b, a2, b2, d = var("a"), var("b"), var("a2"), var("b2"), var("d")
    near: dict[str, Formula] = {"units": conj(absolute(a - a2) <= d, absolute(b - b2) <= d)}
    return [
        Forall("maxout is 1-Lipschitz", near, absolute(maximum(a, b) - maximum(a2, b2)) <= d),
        Forall("the minimum by signs", {}, conj(equals(-maximum(-a, -b), minimum(a, b)), equals(maximum(a, a), a))),
    ]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Membership, the lattice operations, the net, and the construction on samples."""
    found = common.samples()[:9]
    net = lemma.near_a_net(Variant(dropped=frozenset() if variant.keeps("bounded") else frozenset({"compact"})))
    built = Exhaustive("maxout networks through given values", "a network of MN_p that takes the values",
                       lambda: found, fits, parameters=found)  # fmt: skip
    small: list[Obligation] = [networks(variant), net]
    if budget is Budget.SMOKE:
        return small
    steps = [statement.row_step(), statement.functional(), lemma.one_more_minimum(), lemma.one_more_maximum()]
    return [*small, *activation(), *steps, built]


CLAIMS = (
    Claim(
        id=f"{ROW}.maxout",
        source=FORMAL,
        printed="Note that we could have also used the maxout activation [...] to complete this proof.",
        statement=(
            "Theorem 3 holds with maxout on groups of two in the place of MaxMin: for bounded X in R^n, every p, every "
            "1-Lipschitz g on X and eps > 0 a maxout network with the same norms is 1-Lipschitz and within eps of g."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, p and eps",
        covers_all=True,
        hypotheses={
            "bounded": "X is bounded",
            "first norm": "||W_1||_{p, ∞} = 1",
            "other norms": "||W||_∞ = 1 for all other weights",
        },
        textbook=(common.HOELDER, common.BOUNDED, common.LAYERS),
        argument="proof.md#maxout",
        depends_on=(ROW,),
        notes="The minimum needs two changes of sign, which the printed remark does not mention.",
    ),
)
