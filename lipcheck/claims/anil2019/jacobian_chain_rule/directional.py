"""What equation 1 becomes at kinks: a product of one-sided directional derivatives, right at every input.

y'(x; v) = W_L φ'(z_{L-1}; ... W_2 φ'(z_1; W_1 v)), where φ'(z; w) is the limit of (φ(z + t w) - φ(z)) / t for t > 0.
For ReLU at 0 that is relu(w), which no matrix computes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.jacobian_chain_rule.networks import (
    DEEPER,
    IDENTITY,
    PRINTED,
    ROW,
    SOURCE,
    KindError,
    beside,
    data,
    linear,
    read,
)
from lipcheck.network import Affine, LeakyReLU, Network, ReLU
from lipcheck.readings.line import pieces
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import Term, positive_part, var
from lipcheck.words.verdict import Budget, Verdict


def directional(network: Network, x: Fraction, v: Fraction) -> tuple[Fraction, ...]:
    """The product of directional derivatives of a network with one input and (leaky) ReLU."""
    column = [v]
    values: tuple[Fraction, ...] = (x,)
    for layer in network.layers:
        match layer:
            case Affine(weight=weight):
                column = [sum((w * c for w, c in zip(row, column, strict=True)), Fraction(0)) for row in weight]
            case ReLU() | LeakyReLU():
                below = layer.slope if isinstance(layer, LeakyReLU) else Fraction(0)
                column = [c if (z or c) > 0 else below * c for z, c in zip(values, column, strict=True)]
            case _:
                raise KindError(f"{type(layer).__name__}: give affine layers, ReLU and LeakyReLU")
        values = evaluate(Network(len(values), (layer,)), values)
    return tuple(column)


def off_zero(variant: Variant) -> list[Forall]:
    """Steps u = t w with |u| <= |z| do not cross the kink: ReLU moves by u for z > 0 and by 0 for z < 0."""
    z, u = var("z"), var("u")

    def small(size: Term) -> dict[str, Formula]:
        near = variant.value("reach", 1) * size
        return {"small steps": conj(u <= near, -u <= near)} if variant.keeps("small steps") else {}

    return [
        Forall("along a ray, z > 0", {"z": z > 0, **small(z)}, equals(positive_part(z + u), positive_part(z) + u)),
        Forall("along a ray, z < 0", {"z": z < 0, **small(-z)}, equals(positive_part(z + u), positive_part(z))),
    ]


def at_zero() -> Forall:
    """relu(0 + t w) = t d for every t > 0, with d = w for w >= 0 and d = 0 for w <= 0."""
    w, t, d = var("w"), var("t"), var("d")
    rule = disj(conj(w >= 0, equals(d, w)), conj(w <= 0, equals(d, 0)))
    return Forall("along a ray, z = 0", {"step": t > 0, "rule": rule}, equals(positive_part(t * w), t * d))


def column() -> Forall:
    """A weighted sum of units that move by t d moves by t times the weighted sum of the d, one column more."""
    S, D, w, d, t = map(var, ("S", "D", "w", "d", "t"))
    return Forall("one more column along a ray", {"others": equals(S, t * D)}, equals(S + w * (t * d), t * (D + w * d)))


def gate() -> Forall:
    """max(a, b) = b + relu(a - b) and min(a, b) = a - relu(a - b): sorting and maxout are made of ReLU and sums."""
    a, b, high, low = map(var, ("a", "b", "high", "low"))
    largest = disj(conj(equals(high, a), equals(low, b), a >= b), conj(equals(high, b), equals(low, a), b >= a))
    ramp = positive_part(a - b)
    conclusion = conj(equals(high, b + ramp), equals(low, a - ramp))
    return Forall("a pair is sorted by ReLU", {"sorted": largest}, conclusion)


def at_kinks() -> Iterator[Any]:
    """Networks at their kinks and off them, to the right and to the left."""
    leaky = data([linear([2], [-1]), LeakyReLU(Fraction(1, 10)), linear([1, 3]), ReLU(), linear([-1], [2])])
    for found in (IDENTITY, DEEPER, leaky):
        for x in ("0", "1", "-1"):
            yield {**found, "x": x}


def holds(found: Any) -> bool:
    """Whether the product gives the slopes to the right and, along -1, to the left."""
    network, x, _ = read(found)
    left, right = beside(pieces(network), x)
    minus = tuple(-s for s in left.slopes)
    return (directional(network, x, Fraction(1)), directional(network, x, Fraction(-1))) == (right.slopes, minus)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One unit, one sum, a pair that is sorted, and networks."""
    text = "the product of directional derivatives is the slope on either side"
    steps: list[Obligation] = [*off_zero(variant), at_zero(), column()]
    if budget is Budget.SMOKE:
        return steps
    return [*steps, gate(), Exhaustive("networks at kinks", text, lambda: list(at_kinks()), holds)]


CLAIMS = (
    Claim(
        id=f"{ROW}.directional",
        source=SOURCE,
        printed=PRINTED,
        statement="For activations made of ReLU and affine maps (ReLU, leaky ReLU, absolute value, GroupSort, maxout), "
        "at every x and in every direction v, the network satisfies y(x + tv) = y(x) + t W_L φ'(z_{L-1}; ... φ'(z_1; "
        "W_1 v)) for all small t > 0, with the one-sided directional derivatives φ'(z; w).",
        reading="repaired for every input: directional derivatives in place of matrices",
        variant_of=f"{ROW}.everywhere",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all widths and depths, all inputs and directions, all piecewise linear activations of the paper",
        covers_all=True,
        hypotheses={"small steps": "t is so small that no pre-activation other than 0 changes its sign"},
        constants={"reach": Constant(Fraction(1), Fraction(101, 100), words="of |z|, which the step must not pass")},
        textbook=(
            Textbook(
                "any vector is sorted by a sequence of compare-exchanges that depends on its length alone",
                "Knuth, The Art of Computer Programming 3 (1998), sections 5.2.2 and 5.3.4",
            ),
        ),
        argument="proof.md#along-rays",
    ),
)
