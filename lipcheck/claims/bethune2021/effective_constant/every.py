"""Section 2.2: "spectral normalization results in neural networks with effective Lipschitz constant far smaller than
1", read literally, of every normalized network.

Width one, weights 1 and ReLU is relu(x), of constant 1 at every depth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.claims.anil2019.spectral_normalization import common
from lipcheck.claims.bethune2021.spectral_and_frobenius.spectral import ONE, SOURCE
from lipcheck.claims.bethune2021.spectral_and_frobenius.spectral import ROW as NORMALIZATION
from lipcheck.claims.bethune2021.spectral_and_frobenius.with_activation import squared_constant
from lipcheck.exact import Matrix
from lipcheck.network import Abs, Affine, Network, ReLU, from_json, to_json
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.effective_constant"
PRINTED = (
    "However, spectral normalization results in neural networks with effective Lipschitz constant far smaller than 1, "
    "leading to vanishing gradient."
)


def norm_one(weight: Matrix) -> bool:
    """Whether ||W||_2 = 1."""
    return common.norm_at_most(weight, ONE) and common.norm_at_least(weight, ONE)


def normalized(network: Network) -> bool:
    """Whether every affine layer has spectral norm one, and the others are 1-Lipschitz on each unit."""
    plain = all(isinstance(layer, Affine | ReLU | Abs) for layer in network.layers)
    return plain and all(norm_one(layer.weight) for layer in network.layers if isinstance(layer, Affine))


def below(variant: Variant) -> Universal:
    """Data: a network with one input. Its constant is below 1; repaired, at most 1."""

    def examine(data: Any) -> Examination:
        network = from_json(data)
        square = squared_constant(network)
        return Examination({"normalized": normalized(network)}, square <= 1 if variant.repaired else square < 1)

    what = "at most 1" if variant.repaired else "below 1"
    return Universal("normalized networks", f"a normalized network with one input has a Lipschitz constant {what}",
                     examine, lambda: [CHAIN], parameters=variant.repaired)  # fmt: skip


def deeper() -> Forall:
    """One more layer z -> relu(1 z) keeps positive values, so that inputs 1 and 2 stay at distance one."""
    u, v = var("u"), var("v")
    given: dict[str, Formula] = {"so far": conj(equals(u, 1), equals(v, 2))}
    after = conj(equals(positive_part(1 * u), 1), equals(positive_part(1 * v), 2))
    return Forall("every depth", given, after)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A constant below one, and deep networks of constant one."""
    return [below(variant), deeper()]


def network(*layers: Any) -> Any:
    """JSON data of a network with one input, biases zero: matrices, and None for ReLU."""
    made = [ReLU() if w is None else Affine(w, [0] * len(w)) for w in layers]
    return to_json(Network(1, tuple(made)))


CHAIN = network([[1]], None, [[1]])

CLAIMS = (
    Claim(
        id=f"{ROW}.every",
        short="relu(x), of weights 1, has constant 1 at every depth; every value in [0, 1] occurs",
        source=SOURCE,
        printed=PRINTED,
        reading="literal: every network with weights of spectral norm one and ReLU; far smaller than 1 is less than 1",
        variant_of=ROW,
        statement="Every network with ReLU whose weights have spectral norm one has a Lipschitz constant below 1.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=obligations,
        scope="networks with one input",
        covers_all=True,
        counterexamples={"normalized networks": CHAIN},
        near_misses=(
            NearMiss("normalized networks", network([["3/5"], ["-4/5"]], None, [["3/5", "-4/5"]]), "constant 16/25"),
            NearMiss("normalized networks", network([[1]], None, [[-1]], None, [[1]]), "the zero function"),
            NearMiss("normalized networks", network([[2]], None, [[1]]), "norm two"),
        ),
        minimality="one hidden unit, one input; without hidden units every network is a counterexample",
        snippet="def f(x, depth=100):\n    for _ in range(depth):\n        x = max(1 * x, 0)\n    return x\n"
        "print(f(2) - f(1))\nassert f(2) - f(1) == 1",
        repairs={"at most 1": Variant(repaired=True)},
        repaired_by=f"{ROW}.can_be",
        argument="proof.md#every-network",
        depends_on=(NORMALIZATION,),
        notes="Of typical weights the sentence is right: the row's claim.",
    ),
)  # fmt: skip
