"""Row exploding gradient: "depends of L and architecture" (L the loss), and "no (Proposition 9 in Appendix D)".

Unconstrained: neither the loss nor the architecture decides alone. Under the constraint, the parameters of layers that
are 1-Lipschitz each have gradients that grow at most linearly with depth; that the network is L-Lipschitz as a function
is not enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.proposition_9.exploding import linear
from lipcheck.claims.bethune2021.table_1._transport import INDUCTION, ROW, SOURCE, TrainingSetError
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "[Table 1, exploding gradient, unconstrained NN:] depends of L and architecture [L is the loss]"
PRINTED_LIPSCHITZ = "[Table 1, exploding gradient, L-Lipschitz NN:] no (Proposition 9 in Appendix D)"
BIASES = "gradients of the biases"
HALF_TWO: Any = {"weights": ["1/2", "2"]}
loss, x, w, G, B = map(var, ("loss", "x", "w", "G", "B"))


def depends(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Affine f = w x + b with a bounded and with an unbounded derivative of the loss; more layers with a bounded one.

    `loss` is the derivative of the loss in the logit, G the gradient in the bias of the first of the layers.
    """
    v, u, after = map(var, ("v", "u", "after"))
    # squares of the derivative of the loss and of x
    A, X = map(var, ("A", "X"))
    slope: dict[str, Formula] = {"squares": conj(A >= 0, X >= 0), "bounded_derivative": A <= 1}
    square: dict[str, Formula] = {"square loss": equals(loss, 2 * (w - u)), "w": 2 * (w - u) > B}
    two: dict[str, Formula] = {"L_W, label -1": equals(loss, 1), "v": v > B}
    layer: dict[str, Formula] = {"chain rule": equals(after, 2 * G), "positive": G > 0}
    return [
        Forall("affine, bounded derivative", kept(variant, slope, ["bounded_derivative"]), A * X <= X),
        Forall("affine, square loss, x = 1", square, loss * 1 > B),
        Forall("v w x with L_W, x = 1", two, loss * v * 1 > B),
        Forall("one more layer of weight 2", layer, conj(after >= variant.value("base", 2) * G, after > 0)),
    ]


def scaled(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Proposition 9 with a last factor L, which the gradient of the loss passes first."""
    L, after, before = map(var, ("L", "after", "before"))
    dilation: dict[str, Formula] = {"dilation": conj(L >= 0, before >= 0, equals(after, L * before))}
    return [*linear(variant, budget), Forall("the dilation by L", dilation, conj(after <= L * before, after >= 0))]


def function(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Data {"weights"}: scalar layers w_i z + b_i, loss L = z. The gradient of b_i is the product of the w_j, j > i.

    The network is 1-Lipschitz if the product of all |w_i| is at most 1; repaired, if each |w_i| is.
    """

    def examine(data: Data) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"weights"} or not data["weights"]:
            raise TrainingSetError("give weights, one at least")
        weights = [abs(parse(t)) for t in data["weights"]]
        one = Fraction(1)
        hypotheses = {"1-Lipschitz": prod(weights, start=one) <= 1}
        if variant.repaired:
            hypotheses["every layer is"] = max(weights) <= 1
        gradients = [prod(weights[i + 1 :], start=one) for i in range(len(weights))]
        return Examination(hypotheses, max(gradients) <= 1)

    who = "every layer is" if variant.repaired else "the network is"
    text = f"{who} 1-Lipschitz: the gradients of all biases are at most that of the loss"
    return [Universal(BIASES, text, examine, lambda: [HALF_TWO], parameters=variant.repaired), one_layer(), any_size()]


def one_layer() -> Forall:
    """One layer w x + b: moving b by t moves the output by t."""
    b, t = var("b"), var("t")
    return Forall("minimal: one layer", {}, equals((w * x + b + t) - (w * x + b), t))


def any_size() -> Forall:
    """Layers of weight 1/B, then B: 1-Lipschitz as a whole, and the first bias has the gradient B, for every B > 1."""
    first = var("first")
    given: dict[str, Formula] = {"layers": conj(equals(first * B, 1), B > 1)}
    return Forall("every size occurs", given, conj(absolute(first * B) <= 1, B > 1))


CLAIMS = (
    Claim(
        id=f"{ROW}.exploding_unconstrained",
        source=SOURCE,
        printed=PRINTED,
        reading="whether the gradients of the parameters are bounded, or grow exponentially with depth",
        statement="Neither the loss nor the architecture decides alone. For f = w x + b the gradient in w is at most "
        "|x| for losses with a derivative of size at most 1 (L_W, hinge, BCE), and unbounded in w for the square loss. "
        "With L_W the gradient is bounded for f = w x + b, unbounded in v for f = v w x, and for M layers of one unit "
        "and weight 2 the gradient in the first bias is 2^(M-1).",
        expected=Verdict.PROVED,
        obligations=depends,
        scope="the named losses and architectures, all depths M",
        covers_all=True,
        hypotheses={"bounded_derivative": "the derivative of the loss in the logit is at most 1 in size"},
        constants={"base": Constant(Fraction(2), Fraction(202, 100), words="factor per layer of weight 2")},
        textbook=(INDUCTION,),
        argument="proof_transport.md#exploding-gradients",
        notes="It depends on the parameters too, which the constraint is about. With two or more layers of free "
        "weights every loss that is not flat has unbounded gradients: f = v w x + b at w = 0, v -> infinity.",
    ),
    Claim(
        id=f"{ROW}.exploding_lipschitz",
        source=f"{SOURCE}; appendix D, Proposition 9",
        printed=PRINTED_LIPSCHITZ,
        reading="as in Proposition 9 every layer is 1-Lipschitz, here followed by a factor L; exploding means "
        "exponentially with depth",
        statement="Let f = L h^M ∘ ... ∘ h^1, every affine map and every activation being a 1-Lipschitz layer, "
        "||h^j(0)|| <= beta, and G the norm of the gradient of the loss in f(x). Then the gradient in W^i is at most "
        "L G (||x|| + (i - 1) beta) and that in B^i at most L G: at most linear growth with depth, none without "
        "biases.",
        expected=Verdict.PROVED,
        obligations=scaled,
        scope="all depths, widths and losses; W^i the full matrices of the layers",
        covers_all=True,
        hypotheses={"layers": "every layer is 1-Lipschitz", "biases": "||h^j(0)|| <= beta"},
        constants={"layer": Constant(Fraction(1), Fraction(101, 100), words="Lipschitz constant of a layer")},
        textbook=(INDUCTION,),
        depends_on=("bethune2021.proposition_9", "bethune2021.proposition_9.no_exploding"),
        argument="proof_transport.md#exploding-gradients",
        notes="Not bounded by ||x|| alone (proposition_9.no_exploding_bound), nor for the V of W = V/||V|| "
        "(proposition_9.trained).",
    ),
    Claim(
        id=f"{ROW}.exploding_lipschitz_function",
        source=SOURCE,
        printed=PRINTED_LIPSCHITZ,
        short="layers x/2, then 2x: 1-Lipschitz, but the first bias has the gradient 2; each layer must be 1-Lipschitz",
        reading="the network is 1-Lipschitz as a function, as the column says",
        variant_of=f"{ROW}.exploding_lipschitz",
        statement="For every network that is 1-Lipschitz the gradient of the loss in every bias is at most that in "
        "the output.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=function,
        scope="networks of scalar affine layers",
        covers_all=True,
        counterexamples={BIASES: HALF_TWO},
        near_misses=(
            NearMiss(BIASES, {"weights": ["2", "1/2"]}, "the other order: the gradient is 1/2"),
            NearMiss(BIASES, {"weights": ["1", "2"]}, "not 1-Lipschitz"),
            NearMiss(BIASES, {"weights": ["1/2"]}, "one layer"),
        ),
        minimality="two layers of width one; one layer has the gradient 1, and two have any gradient",
        snippet="""\
for M in (1, 5, 20):                                     # M layers z/2, then M layers 2z: together the identity
    f = lambda x, b: (x / 2**M + b) * 2**M               # b is the bias of layer M
    gradient = (f(0, 0.5) - f(0, 0)) / 0.5
    print(2 * M, "layers: gradient of a bias", gradient, " slope of f:", f(1, 0) - f(0, 0))
    assert gradient == 2**M and f(1, 0) - f(0, 0) == 1
""",
        repairs={"every layer is 1-Lipschitz": Variant(repaired=True)},
        repaired_by=f"{ROW}.exploding_lipschitz",
        argument="proof_transport.md#exploding-gradients",
        notes="Proposition 9, which the cell cites, asks for 1-Lipschitz layers; the column of the table does not.",
    ),
)
