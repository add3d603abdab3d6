"""Row vanishing gradient: "depends of L and architecture", and "depends of L" for L-Lipschitz networks (L the loss).

Unconstrained: neither decides alone. Lipschitz: it does depend on the loss (BCE keeps a gradient at its minimizers,
hinge none, L_W always 1); that it depends on the loss alone is false, since 1-Lipschitz layers can shrink gradients.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.proposition_10.lower_bound import obligations as lower_bound
from lipcheck.claims.bethune2021.table_1._transport import INDUCTION, ROW, SOURCE, TrainingSetError
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "[Table 1, vanishing gradient, unconstrained NN:] depends of L and architecture [L is the loss]"
PRINTED_LIPSCHITZ = "[Table 1, vanishing gradient, L-Lipschitz NN:] depends of L [L is the loss]"
KEPT = "the gradient of L_W is kept"
DEAD: Any = {"activation": "relu", "weights": ["1", "1"], "biases": ["-1", "0"], "x": "0"}
G, s, w, U = map(var, ("G", "s", "w", "U"))


def depends(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Losses at one affine layer, and activations with slopes up to 1/4 or of size 1 for L_W."""
    after, D, epsilon, A, W, c = map(var, ("after", "D", "epsilon", "A", "W", "c"))
    logistic: dict[str, Formula] = {"s": conj(s >= 0, s <= 1), "a half": disj(2 * s >= 1, 2 * s <= 1)}
    # A and W are the squares of the slope and of the weight, G that of the gradient
    shrink: dict[str, Formula] = {"squares": conj(A >= 0, W >= 0), "activation": 16 * A <= 1, "weights": W <= 1}
    layer: dict[str, Formula] = {"factor": conj(16 * c <= 1, c >= 0), "gradient": conj(equals(after, c * G), G >= 0)}
    bce: dict[str, Formula] = {"derivative": equals(G * (1 + U), 1), "U": conj(U * epsilon >= 1, U > 0, epsilon > 0)}
    isometric: dict[str, Formula] = {"isometric": conj(equals(D**2, 1), equals(w**2, 1))}
    factor = variant.value("slopes", 4) ** 2
    return [
        Forall("the slope s (1 - s) of the logistic function", logistic,
               conj(4 * s * (1 - s) <= 1, s * (1 - s) >= 0)),
        Forall("one more logistic layer", kept(variant, shrink, ["weights", "activation"]), factor * A * W <= 1),
        Forall("squares of gradients, one more layer", layer, 16 * after <= G),
        Forall("one more layer of |x|, weight 1", isometric, equals((D * w * G) ** 2, G**2)),
        Forall("BCE at large margins", bce, epsilon > G),
        Forall("L_W, affine, at any margin", {"label": disj(equals(w, 1), equals(w, -1))}, equals((-w) ** 2, 1)),
    ]  # fmt: skip


def losses(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """BCE (Proposition 10), hinge at margins above m, L_W; at 1-Lipschitz minimizers of separable classes."""
    z, m, t, y, a, b, far, e = map(var, ("z", "m", "t", "y", "a", "b", "far", "e"))
    reached: dict[str, Formula] = {"margin": z >= m + e, "t": conj(t <= e, t >= -e, e > 0)}
    reached = kept(variant, reached, ["margin"])
    room: dict[str, Formula] = {"f": equals(2 * z, a - b), "distances": conj(a >= far, b <= 0), "far": far > 2 * m}
    return [
        *lower_bound(variant, budget),
        Forall("the hinge is flat above m", reached, equals(positive_part(m - z - t), 0)),
        Forall("margins above m exist", room, z > m),
        Forall("L_W has the slope -y", {"label": equals(y**2, 1)}, equals((-y) ** 2, 1)),
    ]


def alone(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Data {"activation", "weights", "biases", "x"}: scalar 1-Lipschitz layers, L_W: the gradient in the first bias.

    Repaired: every layer preserves gradients, |w| = 1 and the activation |x|.
    """

    def examine(data: Data) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"activation", "weights", "biases", "x"}:
            raise TrainingSetError("give activation, weights, biases and x")
        weights, biases = ([parse(t) for t in data[key]] for key in ("weights", "biases"))
        if data["activation"] not in ("relu", "abs") or not weights or len(weights) != len(biases):
            raise TrainingSetError("the activation is relu or abs, and every layer has a weight and a bias")
        state, gradient, smooth = parse(data["x"]), Fraction(1), True
        for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            gradient *= weight if i else 1
            state = weight * state + bias
            if i < len(weights) - 1:
                smooth = smooth and state != 0
                slope = Fraction(1 if state > 0 else 0 if data["activation"] == "relu" else -1)
                gradient, state = gradient * slope, state * slope
        hypotheses = {"1-Lipschitz layers": max(map(abs, weights)) <= 1, "differentiable": smooth}
        if variant.repaired:
            hypotheses["gradient preserving"] = data["activation"] == "abs" and {abs(t) for t in weights} == {1}
        return Examination(hypotheses, abs(gradient) == 1)

    who = "gradient preserving layers" if variant.repaired else "1-Lipschitz layers"
    text = f"the gradient of L_W in the bias of the first layer has the size 1: {who}"
    return [Universal(KEPT, text, examine, lambda: [DEAD], parameters=variant.repaired), single()]


def single() -> Forall:
    """Without a hidden layer the gradient in the bias is that in the logit."""
    x, b, t = var("x"), var("b"), var("t")
    return Forall("minimal: one layer", {}, equals((w * x + b + t) - (w * x + b), t))


CLAIMS = (
    Claim(
        id=f"{ROW}.vanishing_unconstrained",
        source=SOURCE,
        printed=PRINTED,
        reading="whether gradients become arbitrarily small, at large margins or with depth",
        statement="Neither the loss nor the architecture decides alone. For f = w x + b the derivative in b is -y for "
        "L_W at every margin, and below epsilon in size for BCE at margins z with e^z >= 1/epsilon. With L_W and "
        "weights of size 1, every logistic layer shrinks gradients to a quarter or less, 4^-M after M layers, while "
        "layers with |x| keep their size at all depths.",
        expected=Verdict.PROVED,
        obligations=depends,
        scope="the named losses and architectures, all depths, one unit per layer",
        covers_all=True,
        hypotheses={
            "weights": "the weights have size at most 1, for the logistic layers",
            "activation": "the slope of the activation is at most 1/4",
        },
        constants={"slopes": Constant(Fraction(4), Fraction(404, 100), words="factor lost by a logistic layer")},
        textbook=(
            INDUCTION,
            Textbook("the derivative of the logistic function s is s (1 - s); exp", "Rudin, Principles, 8.6"),
        ),
        argument="proof_transport.md#vanishing-gradients",
    ),
    Claim(
        id=f"{ROW}.vanishing_lipschitz",
        source=f"{SOURCE}; appendix D, Proposition 10",
        printed=PRINTED_LIPSCHITZ,
        reading="the derivative in the logit, at L-Lipschitz minimizers on training sets with both labels",
        statement="It depends on the loss. BCE: at every minimizer over Lip_L and every example the derivative has the "
        "size T/(1 + r exp(T L D)) at least. L_W: it is -y. Hinge: if the classes are more than 2 m/L apart, some "
        "minimizer over Lip_L has margins above m, and its derivative is 0 at every example.",
        expected=Verdict.PROVED,
        obligations=losses,
        scope="all training sets with both labels, all L, T, m > 0",
        covers_all=True,
        hypotheses={
            "minimizer": "f minimizes the BCE over Lip_L",
            "both_classes": "both labels occur",
            "lipschitz": "f is L-Lipschitz",
            "margin": "the margin is above m, for the hinge loss",
        },
        constants={"ratio": Constant(Fraction(1), Fraction(99, 100), words="of r exp(T L D) in the bound for BCE")},
        textbook=(INDUCTION,),
        depends_on=("bethune2021.proposition_10",),
        argument="proof_transport.md#vanishing-gradients",
        notes="A derivative in the logit reaches the layers in full only if these preserve gradients. The letter in "
        "the table is that of the loss; the "
        "bound for BCE depends on the Lipschitz constant too (proposition_10.constant).",
    ),
    Claim(
        id=f"{ROW}.vanishing_lipschitz_only",
        source=SOURCE,
        printed=PRINTED_LIPSCHITZ,
        short="a 1-Lipschitz ReLU unit that is off has gradient 0 for L_W; layers must preserve gradients",
        reading="on the loss and not, as in the other column, on the architecture",
        variant_of=f"{ROW}.vanishing_lipschitz",
        statement="For L_W the gradient in the bias of the first layer has the size 1 for every network of 1-Lipschitz "
        "layers at every point where it is differentiable.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=alone,
        scope="networks of scalar layers with ReLU or |x|",
        covers_all=True,
        counterexamples={KEPT: DEAD},
        near_misses=(
            NearMiss(KEPT, {**DEAD, "activation": "abs"}, "the absolute value keeps the gradient"),
            NearMiss(KEPT, {**DEAD, "biases": ["0", "0"]}, "at the kink"),
            NearMiss(KEPT, {**DEAD, "weights": ["1", "2"]}, "not 1-Lipschitz"),
        ),
        minimality="one hidden unit; without a hidden layer the gradient in the bias is that in the logit",
        snippet="""\
relu = lambda t: max(t, 0)
f = lambda b: relu(1 * 0 + b)                     # one 1-Lipschitz unit at x = 0, bias b; L_W = -f for label +1
gradient = (-f(-1 + 1e-3) + f(-1 - 1e-3)) / 2e-3
print("ReLU:", gradient, " layers x/2, M = 20:", 2.0**-20)
assert gradient == 0
g = lambda b: abs(1 * 0 + b)                      # gradient preserving
assert abs((-g(-1 + 1e-3) + g(-1 - 1e-3)) / 2e-3 - 1) < 1e-9
""",
        repairs={"gradient preserving layers": Variant(repaired=True)},
        repaired_by=f"{ROW}.vanishing_lipschitz",
        argument="proof_transport.md#vanishing-gradients",
        notes="Sections 2.2 and 4 say so: spectral normalization leads to vanishing gradients, and gradient preserving "
        "layers are what prevents them.",
    ),
)
