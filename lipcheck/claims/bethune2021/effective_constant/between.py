"""Section 2.2, repaired: normalized layers compose to every constant from 0 to 1, at every depth of two or more.

diag(1, e), ReLU and diag(e, 1) give e relu(x) on each of two units; k such pairs give e^k relu(x).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

from lipcheck.claims.anil2019.activations_lipschitz.functions import relu
from lipcheck.claims.bethune2021.effective_constant.every import PRINTED, ROW, norm_one
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.spectral_and_frobenius.spectral import SOURCE
from lipcheck.network import Affine, Network, ReLU
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Exhaustive, Forall, Obligation
from lipcheck.words.rationals import parse
from lipcheck.words.terms import const, positive_part, var
from lipcheck.words.verdict import Budget, Verdict

a, b, k = map(var, ("a", "b", "k"))


def norm(variant: Variant) -> Forall:
    """|diag(1, e) x|^2 <= |x|^2 for 0 <= e <= 1, with equality at (1, 0): norm exactly one, and so for diag(e, 1).

    E stands for e^2, and A, B for the squares of the entries of x.
    """
    E, A, B = map(var, ("E", "A", "B"))
    given: dict[str, Formula] = {"squares": conj(E >= 0, A >= 0, B >= 0), "e": E <= 1}
    return Forall("norm one", kept(variant, given, ["e"]), A + E * B <= A + B)


def constant() -> Forall:
    """k relu(x), k >= 0, is k-Lipschitz: the move of relu, between 0 and that of x, times k."""
    move = var("move")
    given: dict[str, Formula] = {"relu": conj(move >= 0, move <= a - b), "factor": k >= 0}
    return Forall("constant at most e^k", given, k * move <= k * (a - b))


def attained() -> Forall:
    """Between 1 and 2 it moves by k; with e^k = 0 not at all."""
    return Forall("constant at least e^k", {}, equals(k * positive_part(const(2)) - k * positive_part(const(1)), k))


def pairs(value: Fraction, count: int) -> Network:
    """`count` pairs of layers diag(1, value) and diag(value, 1), ReLU after each."""
    first, second = Affine([[1, 0], [0, value]], [0, 0]), Affine([[value, 0], [0, 1]], [0, 0])
    return Network(2, (first, ReLU(), second, ReLU()) * count)


def instances() -> Exhaustive:
    """The networks compute e^k relu(x), and their weights have norm one."""

    def elements() -> Iterator[list[Data]]:
        for value, count in product(("0", "1/2", "3/4", "1"), (1, 2, 3)):
            yield from ([value, count, x, y] for x, y in product(("-1", "2"), repeat=2))

    def holds(element: Data) -> bool:
        value, count, point = parse(element[0]), element[1], [parse(v) for v in element[2:]]
        network = pairs(value, count)
        weights = [layer.weight for layer in network.layers if isinstance(layer, Affine)]
        expected = tuple(value**count * max(v, Fraction(0)) for v in point)
        return all(map(norm_one, weights[:2])) and evaluate(network, point) == expected

    return Exhaustive("pairs of layers", "e = 0, 1/2, 3/4, 1 and one to three pairs", elements, holds)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Norm one, the constant, and networks."""
    return [norm(variant), relu(Variant()), constant(), attained(), instances()]


CLAIMS = (
    Claim(
        id=f"{ROW}.can_be",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: can result in, with a constant that may decrease exponentially in the depth",
        variant_of=f"{ROW}.every",
        statement="For every depth d >= 2 and every number in [0, 1] some network with ReLU and weights of spectral "
        "norm one has this Lipschitz constant; for e in [0, 1] some network of 2k such layers has the constant e^k.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all depths of two or more, all values from 0 to 1",
        covers_all=True,
        hypotheses={"e": "e is at most 1"},
        textbook=(Textbook("relu(e x) = e relu(x) for e >= 0; relu(relu(x)) = relu(x)", "definition of relu"),),
        argument="proof.md#every-value",
        depends_on=("anil2019.scaling.relu_nonnegative",),
        notes="No value above 1 occurs: bethune2021.feedforward_lipschitz.product_bound.",
    ),
)
