""" "On 1-Lipschitz neural networks we can guarantee the absence of exploding gradient."

(17) leaves ||H^{i-1}(x)||. Without biases that is at most ||x||; biases of norm beta add (i - 1) beta: linear growth
with depth, not exponential, but no bound by the input and the loss alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.proposition_9.bounds import ROW, SOURCE
from lipcheck.exact import vector
from lipcheck.network import Affine, Network
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "On 1-Lipschitz neural networks we can guarantee the absence of exploding gradient. [No exploding gradients]"
INTRODUCTION = f"{SOURCE}, its title, and the sentence before it"


class NetworkDataError(LipcheckError, ValueError):
    """Data that describe no chain of shifts."""


def state(variant: Variant) -> Forall:
    """||h(z)|| <= c ||z|| + ||h(0)||: one more layer adds at most beta to ||H^i(x)|| <= ||x|| + i beta."""
    after, before, x, i, beta, zero, c = map(var, ("after", "before", "x", "i", "beta", "zero", "c"))
    given: dict[str, Formula] = {
        "layer": after <= c * before + zero,
        "so far": conj(before <= x + i * beta, before >= 0, c >= 0),
        "layers": c <= variant.value("layer", 1),
        "biases": zero <= beta,
    }
    given = kept(variant, given, ["layers", "biases"])
    return Forall("one more layer forwards", given, after <= x + (i + 1) * beta)


def linear(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The growth of the hidden states, which (17) turns into that of the gradients."""
    gradient, loss, H, x, i, beta = map(var, ("gradient", "loss", "H", "x", "i", "beta"))
    given: dict[str, Formula] = {
        "equation 17": gradient <= loss * H,
        "states": conj(x + i * beta >= H, loss >= 0),
    }
    return [state(variant), Forall("the gradients", given, gradient <= loss * (x + i * beta))]


def shifts(variant: Variant) -> Universal:
    """Data {"x", "biases"}: scalar layers z + b_i and the loss L(z, y) = z. The gradient of the last W is H^{M-1}(x).

    Asked for: at most ||grad L|| times ||x||. Repaired: for biases zero.
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"x", "biases"}:
            raise NetworkDataError("the data are an input x and biases")
        biases, (x,) = vector(data["biases"], "biases"), vector([data["x"]], "x")
        if not biases:
            raise NetworkDataError("the network has at least one layer")
        before = Network(1, tuple(Affine([[1]], [b]) for b in biases[:-1])) if len(biases) > 1 else None
        gradient = evaluate(before, [x])[0] if before else x
        return Examination({"biases": not any(biases) or not variant.repaired}, abs(gradient) <= abs(x))

    text = "the gradient of the last weight is at most that of the loss times the norm of the input"
    return Universal("bounded by the input", text, examine, lambda: [SHIFT], parameters=variant.repaired)


def first_layer() -> Forall:
    """One layer: the gradient of its weight is g x, whose square is that of g times that of x."""
    g, x = var("g"), var("x")
    return Forall("minimal: one layer", {}, equals((g * x) ** 2, g**2 * x**2))


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Chains of shifts."""
    return [shifts(variant), first_layer()]


SHIFT = {"x": "0", "biases": ["1", "0"]}
SNIPPET = """\
# layers z + 1 with W = 1: 1-Lipschitz; loss L = z, so its gradient is 1; input x = 0
for depth in (2, 3, 101):
    hidden = 0
    for _ in range(depth - 1):
        hidden = 1 * hidden + 1
    gradient_of_last_weight = 1 * hidden          # dL/dW = (dL/dz) * hidden
    print(depth, gradient_of_last_weight)
    assert gradient_of_last_weight == depth - 1 > 0
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.no_exploding",
        source=INTRODUCTION,
        printed=PRINTED,
        reading="exploding means growing exponentially with depth",
        statement="If every layer is 1-Lipschitz and ||h^j(0)|| <= beta for all j, then ||grad of W^i|| <= ||grad L|| "
        "(||x|| + (i - 1) beta), ||grad of B^i|| <= ||grad L||, and the gradients with respect to x and to every "
        "hidden state are at most ||grad L||: at most linear growth with depth, none without biases.",
        expected=Verdict.PROVED,
        obligations=linear,
        scope="all depths and widths",
        covers_all=True,
        hypotheses={"layers": "every layer is 1-Lipschitz", "biases": "||h^j(0)|| <= beta"},
        constants={"layer": Constant(Fraction(1), Fraction(101, 100), words="Lipschitz constant of a layer")},
        textbook=(Textbook("induction over the layers", "Peano"),),
        depends_on=(ROW,),
        argument="proof.md#no-exploding-gradients",
        notes="For the losses of Table 1 with T or lambda fixed, ||grad L|| is bounded by a constant.",
    ),
    Claim(
        id=f"{ROW}.no_exploding_bound",
        short="biases β let weight gradients grow like ‖x‖ + (i − 1)β; a bound by ‖∇L‖ ‖x‖ holds without biases",
        source=INTRODUCTION,
        printed=PRINTED,
        reading="the gradients are bounded by the input and the gradient of the loss, whatever depth and parameters",
        variant_of=f"{ROW}.no_exploding",
        statement="For every network of 1-Lipschitz affine layers, ||grad of W^i|| <= ||grad L|| ||x||.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="chains of shifts",
        covers_all=True,
        counterexamples={"bounded by the input": SHIFT},
        near_misses=(
            NearMiss("bounded by the input", {"x": "1", "biases": ["0", "5"]}, "the last bias is not seen"),
            NearMiss("bounded by the input", {"x": "0", "biases": ["1"]}, "one layer"),
            NearMiss("bounded by the input", {"x": "2", "biases": ["-1", "0"]}, "a bias that shrinks the state"),
        ),
        minimality="two layers of width one and x = 0; with one layer the bound holds",
        snippet=SNIPPET,
        repairs={"no biases": Variant(repaired=True)},
        repaired_by=f"{ROW}.no_exploding",
        argument="proof.md#no-exploding-gradients",
        notes="Equation 17 keeps ||H^{i-1}(x)|| and is right. "
        "Nothing bounds the biases of a 1-Lipschitz network, so the gradients are unbounded over its parameters.",
    ),
)
