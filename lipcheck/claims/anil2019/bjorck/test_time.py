"""ICML section 4.2.1: "this doesn't lead to extra computational burden at test time, as the network parameters can be
orthonormalized after training, and a new network can be built using these."

True of the weights that training uses. With more iterations at the end, as the same section proposes, the stored
network is another function: after 3 iterations [1/2] stands for a layer with another slope than after 15.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck._matrices import as_order, given, iterate, read
from lipcheck.claims.anil2019.bjorck._steps import ICML, ROW
from lipcheck.exact import dot
from lipcheck.network import Affine, MaxMin, Network
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.obligation import Exhaustive, Obligation
from lipcheck.words.verdict import Budget, Verdict

SAMPLES = (
    given([["1/2", "1/3"], ["-1/4", 1]], order=1, iterations=3),
    given([["1/2"], ["1/3"]], order=2, iterations=2),
    given([["2/3", 0, "-1/3"], [0, "1/5", "1/5"]], order=1, iterations=2),
)


def stored(index: Any, more: int) -> bool:
    """The layer that iterates at every call, then MaxMin, is the stored network at all points of a grid."""
    weight, numbers = read(SAMPLES[index], "order", "iterations")
    order, count = as_order(numbers["order"]), as_order(numbers["iterations"])
    network = Network(len(weight[0]), (Affine.linear(iterate(weight, order, count + more)), MaxMin()))
    points = [[Fraction((-1) ** (i * k), 1 + k) for k in range(len(weight[0]))] for i in range(4)]

    def called(point: Sequence[Fraction]) -> tuple[Fraction, ...]:
        first, second = (dot(row, point) for row in iterate(weight, order, count))
        return max(first, second), min(first, second)

    return all(evaluate(network, point) == called(point) for point in points)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The stored weights, with as many iterations as in training; the mutant has one more."""
    more = int(variant.value("more", 0))
    text = f"with {more} iterations more than in training, the stored network is the one that was trained"
    elements = list(range(len(SAMPLES)))
    return [Exhaustive("samples: three layers", text, lambda: elements, lambda i: stored(i, more), [more])]


CLAIMS = (
    Claim(
        id=f"{ROW}.test_time",
        source=f"{ICML}, section 4.2.1; ICLR submission, appendix B",
        printed=(
            "Note that this doesn't lead to extra computational burden at test time, as the network parameters can be "
            "orthonormalized after training, and a new network can be built using these."
        ),
        statement=(
            "For all weights, the network with the stored weights A_k is the same function as the one that computes "
            "A_k from A at every call, if k and p are those of training."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all networks: A_k does not depend on the input",
        covers_all=True,
        mutants={"one iteration more": Variant(constants={"more": Fraction(1)})},
        argument="proof.md#test-time",
        notes="The section also increases the iterations at the end of training: that changes the function.",
    ),
)
