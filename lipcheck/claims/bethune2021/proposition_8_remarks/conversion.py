"""GroupSort2 is not element-wise, and yet the bounds for element-wise activations apply to it.

max(a, b) = b + relu(a - b) and min(a, b) = b - relu(b - a): networks with GroupSort2 are ReLU networks of the same
depth and twice the width, so the bounds for element-wise activations apply, and are much smaller than 2^W.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.sawtooth import neurons
from lipcheck.claims.bethune2021.proposition_8_remarks._common import COMMON, ROW
from lipcheck.network import Affine, MaxMin, Network, NetworkError, ReLU, from_json, to_json
from lipcheck.readings import rational
from lipcheck.readings.smt import evaluate
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import maximum, minimum, positive_part, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

BARTLETT = Textbook(
    "networks of p parameters and L layers with a piecewise linear activation have VC dimension O(p L log p)",
    "Bartlett, Harvey, Liaw, Mehrabian (2019), the upper bound for piecewise linear activations: the paper's [44]",
)


def as_relu(network: Network) -> Network:
    """The same function with ReLU: four units relu(a - b), relu(b - a), relu(b), relu(-b) for each sorted pair."""
    layers: list[Any] = []
    for layer, width in zip(network.layers, network.widths, strict=True):
        if isinstance(layer, MaxMin):
            into = [[0] * width for _ in range(2 * width)]
            back = [[0] * (2 * width) for _ in range(width)]
            for k in range(width // 2):
                a, b, u = 2 * k, 2 * k + 1, 4 * k
                into[u][a], into[u][b], into[u + 1][a], into[u + 1][b] = 1, -1, -1, 1
                into[u + 2][b], into[u + 3][b] = 1, -1
                back[a][u], back[a][u + 2], back[a][u + 3] = 1, 1, -1
                back[b][u + 1], back[b][u + 2], back[b][u + 3] = -1, 1, -1
            layers += [Affine.linear(into), ReLU(), Affine.linear(back)]
        else:
            layers.append(layer)
    return Network(network.inputs, tuple(layers))


PAIR = Network(2, (Affine.linear([[1, 0], [0, 1]]), MaxMin(), Affine.linear([[1, 0]])))
BOTH = Network(2, (*PAIR.layers[:-1], Affine.linear([[1, 0], [0, 1]])))
TWO_LAYERS = Network(
    2,
    (
        Affine([[1, 2], [0, 1], [1, -1], [3, 1]], [0, 1, 0, -1]),
        MaxMin(),
        Affine([[1, 0, -1, 1], [0, 1, 1, 2]], [1, 0]),
        MaxMin(),
        Affine.linear([[2, -1]]),
    ),
)


def same(first: Network, second: Network) -> bool:
    """Whether both networks are one polynomial in the inputs and in positive parts: sufficient, not necessary."""
    xs = variables("x", first.inputs)
    return evaluate(first, xs) == evaluate(second, xs)


def literal(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """max(a, b) changes with b at a fixed a: no function of a alone."""
    a, b, c = var("a"), var("b"), var("c")
    hypotheses: dict[str, Formula] = {}
    if variant.keeps("b and c on either side of a"):
        hypotheses["b and c on either side of a"] = conj(c <= a, a < b)
    return [Forall("an output depends on two inputs", hypotheses, maximum(a, b) > maximum(a, c))]


def examine(data: Data, repaired: bool) -> Examination:
    """A network with GroupSort2 and one with ReLU; the bounds for element-wise activations do not reach the former.

    They do reach it if the ReLU network is the same function. The repair only says that the first output of a pair
    depends on its second input.
    """
    match data:
        case {"groupsort": first, "elementwise": second, **rest} if not rest:
            sorting, relu = from_json(first).dense(), from_json(second).dense()
        case _:
            raise NetworkError("The data are the entries groupsort and elementwise.")
    if sorting.inputs != relu.inputs:
        raise NetworkError("The two networks have different inputs.")
    hypotheses = {
        "GroupSort2": any(isinstance(layer, MaxMin) for layer in sorting.layers),
        "element-wise": all(isinstance(layer, Affine | ReLU) for layer in relu.layers),
    }
    if repaired:
        pair = Network(2, (MaxMin(),))
        return Examination(hypotheses, rational.evaluate(pair, (0, 0))[0] != rational.evaluate(pair, (0, 1))[0])
    return Examination(hypotheses, not same(sorting, relu))


def reach(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """No network with GroupSort2 is one with an element-wise activation."""
    examples = [pair_of(PAIR, as_relu(PAIR))]
    return [
        Universal("networks", "bounds for element-wise activations do not reach this network",
                  lambda data: examine(data, variant.repaired), lambda: examples, parameters=variant.repaired),
    ]  # fmt: skip


def pair_of(first: Network, second: Network) -> dict[str, Any]:
    """Both networks as data."""
    return {"groupsort": to_json(first), "elementwise": to_json(second)}


def conversion(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The identities, and three networks with their ReLU forms: twice as many units, the same depth."""
    a, b = var("a"), var("b")
    factor = variant.value("units", 2)
    difference = positive_part(a - b)
    passed = positive_part(b) - (positive_part(-b) if variant.keeps("both signs of b") else 0)
    identities = conj(equals(maximum(a, b), passed + difference), equals(minimum(a, b), passed - positive_part(b - a)))
    examples = {"a pair, both outputs": BOTH, "a pair": PAIR, "two layers": TWO_LAYERS}

    def holds(name: str) -> bool:
        network = examples[name]
        relu = as_relu(network)
        activations = [sum(not isinstance(layer, Affine) for layer in f.layers) for f in (network, relu)]
        return same(network, relu) and neurons(relu) <= factor * neurons(network) and activations[0] == activations[1]

    return [
        Forall("a sorted pair by four ReLUs", {}, identities),
        Exhaustive("three networks", "the ReLU form is the same function", lambda: list(examples), holds, str(factor)),
    ]


SNIPPET = """\
relu = lambda t: max(t, 0)
pairs = [(a, b) for a in range(-9, 10) for b in range(-9, 10)]
for a, b in pairs:                     # GroupSort2 from an element-wise activation, one layer
    hi, lo = relu(b) - relu(-b) + relu(a - b), relu(b) - relu(-b) - relu(b - a)
    assert (hi, lo) == (max(a, b), min(a, b))
print("a sorted pair is four ReLUs, checked on", len(pairs), "pairs")
"""
PERTURBED = Network(2, (*as_relu(PAIR).layers[:-1], Affine([[1, 0]], [1])))

CLAIMS = (
    Claim(
        id=ROW,
        statement="GroupSort2 is not applied element-wise: an output depends on two inputs.",
        expected=Verdict.PROVED,
        obligations=literal,
        scope="all reals",
        hypotheses={"b and c on either side of a": "c <= a < b"},
        argument="proof.md#not-element-wise",
        notes="Read literally. What is meant to follow, that those results cannot be used, is .bounds_do_not_apply.",
        **COMMON,
    ),
    Claim(
        id=f"{ROW}.bounds_do_not_apply",
        short="a sorted pair is four ReLUs: GroupSort2 networks are ReLU networks, so [44] gives O(p L log p)",
        reading="the results for element-wise activations, such as [44], do not reach networks with GroupSort2",
        variant_of=ROW,
        statement="Results for networks with element-wise activations say nothing about networks with GroupSort2: none "
        "of these is, as a function, a network with an element-wise activation.",
        expected=Verdict.REFUTED,
        grade=Grade.CITATION,
        obligations=reach,
        scope="all networks with GroupSort2",
        repairs={"GroupSort2 itself is not element-wise": Variant(repaired=True)},
        counterexamples={"networks": pair_of(PAIR, as_relu(PAIR))},
        near_misses=(
            NearMiss("networks", pair_of(PAIR, PERTURBED), "another function"),
            NearMiss("networks", pair_of(PAIR, PAIR), "no element-wise activation"),
        ),
        minimality="one pair; no smaller network has GroupSort2",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.conversion",
        argument="proof.md#conversion",
        notes="The depth stays the same and the number of units doubles, so nothing is lost in the order of the "
        "bounds.",
        **COMMON,
    ),
    Claim(
        id=f"{ROW}.conversion",
        reading="repaired: the results for element-wise activations apply after rewriting each pair",
        variant_of=ROW,
        statement="Every network with W neurons in L GroupSort2 layers (even widths) is, as a function, a ReLU "
        "network with 2 W units in L layers. So VC = O(p L log p), p the number of parameters of that network, by "
        "[44].",
        expected=Verdict.PROVED,
        obligations=conversion,
        scope="all networks with GroupSort2 of even widths",
        hypotheses={"both signs of b": "b is passed on as relu(b) - relu(-b)"},
        constants={
            "units": Constant(
                Fraction(2), mutated=Fraction(199, 100), words="units per neuron; a pair with both outputs needs four"
            )
        },
        textbook=(BARTLETT, Textbook("induction over pairs and layers", "Peano's axioms")),
        argument="proof.md#conversion",
        **COMMON,
    ),
)
