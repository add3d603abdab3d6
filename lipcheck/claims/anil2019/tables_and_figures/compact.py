"""Section 4.1: "FullSort is able to represent certain functions more compactly". An exact instance.

max(x1, x2, x3) is one FullSort layer of three units. No network with one hidden MaxMin layer, of any width and with any
weights, computes it: such a network is affine plus a sum of c |r.x + b|, so that f(x) - f(-x) is linear up to a bounded
term; but max + min of three numbers is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations

from lipcheck.claims.anil2019.tables_and_figures._tables import ICLR, ICML, ROW
from lipcheck.network import Affine, FullSort, Network, from_json, to_json
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import conj
from lipcheck.words.obligation import Data, Exhaustive, Exists, Forall, Obligation
from lipcheck.words.terms import absolute, maximum, minimum, var
from lipcheck.words.verdict import Budget, Verdict


def one_layer() -> list[Forall]:
    """A pair is a sum and an absolute value, and the odd part of |t + b| in t is bounded by |b|."""
    v, w, a, b, t = map(var, ("v", "w", "a", "b", "t"))
    sides = v * maximum(a, b) + w * minimum(a, b) - (v + w) * (a + b) / 2 - (v - w) * absolute(a - b) / 2
    pair = Forall("a MaxMin pair is a sum and an absolute value", {}, conj(sides >= 0, sides <= 0))
    odd = absolute(t + b) - absolute(b - t)
    bounded = Forall("the odd part is bounded", {}, conj(odd <= 2 * absolute(b), odd >= -2 * absolute(b)))
    return [pair, bounded]


def defect(variant: Variant) -> Exhaustive:
    """max(x) - max(-x) = max + min is not additive: n for the unit vectors one by one, and 2 for their sum."""
    numbers = [3] if variant.keeps("three") else [2, 3]

    def holds(n: Data) -> bool:
        basis = [[int(i == j) for j in range(n)] for i in range(n)]
        together = [sum(column) for column in zip(*basis, strict=True)]
        return bool(sum(max(e) + min(e) for e in basis) != max(together) + min(together))

    text = "the sum over unit vectors of max + min differs from its value at their sum"
    return Exhaustive("max + min is not linear", text, lambda: numbers, holds, numbers)


def fullsort() -> Exists:
    """One FullSort layer of three units, unit weights: the maximum for every order of three numbers, ties included."""

    def accepts(data: Data) -> bool:
        network = from_json(data)
        inputs = [p for numbers in ([-1, 0, 2], [0, 0, 1], [1, 1, 1], [-3, -2, -2]) for p in permutations(numbers)]
        units = [layer for layer in network.layers if isinstance(layer, Affine)]
        small = len(network.layers) == 3 and len(units[0].weight) == 3
        return small and all(evaluate(network, list(x)) == (Fraction(max(x)),) for x in inputs)

    def witness() -> Data:
        identity = [[int(i == j) for j in range(3)] for i in range(3)]
        return to_json(Network(3, (Affine.linear(identity), FullSort("ascending"), Affine.linear([[0, 0, 1]]))))

    return Exists("one FullSort layer", "three units compute max(x1, x2, x3)", accepts, witness)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The FullSort network, and what one MaxMin layer cannot do."""
    return [fullsort(), *one_layer(), defect(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.compact",
        source=f"{ICML}, section 4.1 ({ICLR}: 'Compared to MaxMin, FullSort is able to represent [...]')",
        printed="Although FullSort is able to represent certain functions more compactly, it is often more difficult "
        "to train compared to MaxMin.",
        reading="the first half: there is a function that takes fewer layers and units with FullSort",
        statement="max(x1, x2, x3) on R^3 is a network of one hidden FullSort layer with three units and weights of "
        "norm one in every p-norm; no network with one hidden MaxMin layer, of any width and with any weights and "
        "biases, equals it.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="one hidden layer; all widths, weights and biases on the side of MaxMin",
        covers_all=True,
        hypotheses={"three": "three numbers; max(x1, x2) is one MaxMin unit pair"},
        textbook=(Textbook("sorting in rising order ends with the maximum", "Knuth, Art of Computer Programming 3"),),
        argument="proof.md#more-compact",
        notes="Two MaxMin layers compute it. That FullSort is more difficult to train is an observation.",
    ),
)
