"""Equation 1 at kinks: no value of ReLU'(0) makes it right for all networks; at almost every input every value does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from lipcheck.claims.anil2019.jacobian_chain_rule.networks import (
    DEEPER,
    IDENTITY,
    PRINTED,
    ROW,
    SOURCE,
    data,
    formula,
    linear,
)
from lipcheck.claims.anil2019.jacobian_chain_rule.smooth import remainder
from lipcheck.network import Affine, ReLU
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import conj, disj, equals, negate
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict


def everywhere(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A proposed value of ReLU'(0), and that none serves two networks at once."""
    s, v, w = var("s"), var("v"), var("w")
    asked = "differentiable activations" if variant.repaired else "differentiable network"
    text = "with the proposed value for ReLU'(0): the product is the derivative wherever " + (
        "no pre-activation is 0" if variant.repaired else "the network is differentiable"
    )
    right, left = v * positive_part(w), -(v * positive_part(-w))
    inner, outer = var("s1"), var("s2")
    per_layer = conj(equals(2 * inner, 1), equals(2 * outer, 1), equals(2 * inner * outer, 1))
    apart = [conj(t) for c in (2 * s - 1, 2 * s * s - 1) for t in (c > 0, c < 0)]
    return [
        formula("one proposal", text, asked, variant, [IDENTITY]),
        Forall("relu(x) - relu(-x) needs 2 s = 1, one more ReLU needs 2 s^2 = 1", {}, disj(*apart)),
        Forall("values s1, s2 of two layers need 2 s1 = 2 s2 = 1 = 2 s1 s2", {}, negate(per_layer)),
        Forall("minimal: one unit", {"differentiable": equals(right, left)}, equals(v * s * w, right)),
    ]


def zero_row() -> Forall:
    """Where the gradient of a pre-activation is 0, so is its row times any slope: φ'(0) does not matter."""
    s, d, j, w, t = map(var, ("s", "d", "j", "w", "t"))
    return Forall("a zero row", {"row": equals(j, 0)}, equals(t + w * s * j, t + w * d * j))


def tiny() -> Iterator[dict[str, Any]]:
    """Networks 1-1-1-1 with weights 1, -1 and small biases, at points beside and between their kinks."""
    for (u, v), (a, b) in product(product((1, -1), repeat=2), product((-1, 1), (-1, 0))):
        layers = [Affine([[u]], [a]), ReLU(), Affine([[v]], [b]), ReLU(), Affine([[1]], [0])]
        for x, at_zero in product(("-3/2", "1/2"), ("0", "1")):
            yield data(layers, x, at_zero)


def almost_everywhere(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The row that vanishes, small networks, and networks at their kinks."""
    text = "inside the affine pieces of all layers the product is the derivative, whatever ReLU'(0)"
    networks = formula("networks", text, "almost every x", variant, [DEEPER])
    whole = Exhaustive("small networks", "networks 1-1-1-1 with integer weights, off their kinks", lambda: list(tiny()),
                       lambda d: not networks.examine(d).violates())  # fmt: skip
    return [remainder(), zero_row(), networks, whole]


SNIPPET = """\
def relu(t): return max(t, 0)
def f(x): return relu(x) - relu(-x)                      # = x
def g(x): return relu(relu(x)) - relu(relu(-x))          # = x
assert all(f(x) == g(x) == x for x in range(-9, 10))     # so both have derivative 1 at 0
for s in (0, 0.5, 1):                                    # ReLU'(0)
    product_f, product_g = 1 * s * 1 + -1 * s * -1, 1 * s * s * 1 + -1 * s * s * -1
    print("ReLU'(0) =", s, "gives", product_f, "and", product_g)
    assert not product_f == product_g == 1
"""


CLAIMS = (
    Claim(
        id=f"{ROW}.everywhere",
        source=SOURCE,
        printed=PRINTED,
        statement="There is a number s such that, with ReLU'(0) = s, the product is the Jacobian of every ReLU network "
        "at every x at which the network is differentiable.",
        short="at kinks no value of ReLU'(0) makes the product formula right; at almost every input every value does",
        reading="at every x where the left side exists, as no condition is printed",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=everywhere,
        scope="ReLU networks with one input; no value of ReLU'(0) will do",
        covers_all=True,
        argument="proof.md#at-kinks",
        counterexamples={"one proposal": IDENTITY},
        minimality="two units: with one hidden unit, a network that is differentiable at the kink is constant there "
        "and every s is right",
        near_misses=(
            NearMiss("one proposal", {**IDENTITY, "at_zero": "1/2"}, "1/2 is right for this network"),
            NearMiss("one proposal", {**IDENTITY, "x": "1"}, "x is no kink"),
            NearMiss("one proposal", data([linear([1]), ReLU(), linear([1])]), "ReLU is not differentiable at 0"),
        ),
        repairs={"no pre-activation at a kink": Variant(repaired=True)},
        repaired_by=ROW,
        snippet=SNIPPET,
        notes="The stored counterexample has s = 0, the choice of the common frameworks; s = 1/2 fails on the deeper "
        "network. Values that differ from layer to layer fail as well.",
    ),
    Claim(
        id=f"{ROW}.almost_everywhere",
        source=SOURCE,
        printed=PRINTED,
        statement="Let every activation act on each unit by a Lipschitz function φ_i, with any real values for φ_i'(t) "
        "where that derivative does not exist. Then for almost every x the network is differentiable and the product "
        "is its Jacobian.",
        reading="for almost every input, as the paper uses Jacobians of networks with kinks",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=almost_everywhere,
        scope="all widths and depths, all Lipschitz element-wise activations",
        covers_all=True,
        hypotheses={"almost every x": "x lies outside a set of measure zero"},
        textbook=(
            Textbook(
                "Lipschitz functions are differentiable almost everywhere (Rademacher)",
                "Evans, Gariepy, Measure Theory and Fine Properties of Functions, section 3.1.2",
            ),
            Textbook(
                "chain rule for Lipschitz φ after Lipschitz z; grad z = 0 almost everywhere where z lies in a null set",
                "Ziemer, Weakly Differentiable Functions, theorem 2.1.11",
            ),
        ),
        argument="proof.md#almost-everywhere",
    ),
)
