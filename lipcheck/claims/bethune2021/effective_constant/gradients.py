"""Section 2.2: "effective Lipschitz constant far smaller than 1, leading to vanishing gradient".

Plain reading, of the input: the gradient of the loss with respect to x is at most Lip(f) times that in the logits. Of
the weights it is false: (0, 1) after (1, 0)' is the zero function, and its weights have gradients of norm one. They
are bounded by the constants of the layers that come after, each times the state before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.spectral_normalization import common
from lipcheck.claims.bethune2021.effective_constant.every import PRINTED, ROW, norm_one
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.spectral_and_frobenius.spectral import SOURCE
from lipcheck.exact import NetworkError, dot, matrix, vector
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

CHAIN_RULE = Textbook("chain rule", "Rudin, Principles, theorem 9.15")


def small(variant: Variant) -> Forall:
    """||grad_x L|| <= ||grad L|| ||J||, and ||J|| <= e: at most `factor` e ||grad L||."""
    gradient, loss, J, e = map(var, ("gradient", "loss", "J", "e"))
    given: dict[str, Formula] = {"chain rule": conj(gradient <= loss * J, loss >= 0), "constant": e >= J}
    bound = variant.value("factor", 1) * (loss * e)
    return Forall("the gradient of the input", kept(variant, given, ["constant"]), gradient <= bound)


def inputs(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The step from the constant to the gradient."""
    return [small(variant)]


def two_layers(variant: Variant) -> Universal:
    """Data {"first", "second", "x"}: f = W_2 W_1 x with one output, L = f. The gradients are W_1 x and W_2' x'.

    Asked for: at most Lip(f) = |W_2 W_1|. Repaired: at most the constants of the layers after, 1 and |W_2|.
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"first", "second", "x"}:
            raise NetworkError("the data are two weights and an input")
        first, second, x = matrix(data["first"]), matrix(data["second"]), vector(data["x"], "x")
        if len(second) != 1 or len(second[0]) != len(first) or len(first[0]) != len(x):
            raise NetworkError("the weights and the input fit each other, and the second has one row")
        row = common.apply(common.transposed(first), second[0])
        state = common.apply(first, x)
        last, before = dot(state, state), dot(second[0], second[0]) * dot(x, x)
        bounds = (Fraction(1), dot(second[0], second[0])) if variant.repaired else (dot(row, row),) * 2
        hypotheses = {"normalized": norm_one(first) and norm_one(second), "input": dot(x, x) <= 1}
        return Examination(hypotheses, last <= bounds[0] and before <= bounds[1])

    what = "the constants of the layers after it" if variant.repaired else "the constant of the network"
    return Universal("gradients of the weights", f"for |x| <= 1 the gradient of each weight is at most {what}",
                     examine, lambda: [ORTHOGONAL], parameters=variant.repaired)  # fmt: skip


def one_unit() -> Forall:
    """One hidden unit: |W_1|^2 = N = 1, W_2 = w, w^2 = 1; Lip(f)^2 = w^2 N, X = |x|^2 <= 1, h = W_1 x."""
    N, w, X, h = map(var, ("N", "w", "X", "h"))
    given: dict[str, Formula] = {
        "normalized": conj(equals(N, 1), equals(w**2, 1)),
        "input": conj(X >= 0, X <= 1),
        "Cauchy-Schwarz": h**2 <= N * X,
    }
    witness = {"N": Fraction(1), "w": Fraction(1), "X": Fraction(1), "h": Fraction(1)}
    return Forall("minimal: one hidden unit", given, conj(h**2 <= w**2 * N, w**2 * X <= w**2 * N), witness=witness)


def weights(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Two layers, and why one hidden unit is no counterexample."""
    return [two_layers(variant), one_unit()]


def after(variant: Variant) -> Forall:
    """The gradient of W_i is g h' with |g| <= C ||grad L||, C the constant of the layers after i."""
    gradient, g, h, C, loss = map(var, ("gradient", "g", "h", "C", "loss"))
    given: dict[str, Formula] = {
        "outer product": conj(gradient <= g * h, h >= 0, loss >= 0),
        "layers after": g <= C * loss,
    }
    bound = variant.value("factor", 1) * (C * loss * h)
    return Forall("the gradient of a weight", kept(variant, given, ["layers after"]), gradient <= bound)


def layers(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One layer."""
    return [after(variant)]


ORTHOGONAL = {"first": [["1"], ["0"]], "second": [["0", "1"]], "x": ["1"]}
FACTOR = {"factor": Constant(Fraction(1), Fraction(99, 100), words="of the bound")}

CLAIMS = (
    Claim(
        id=f"{ROW}.vanishing",
        source=SOURCE,
        printed=PRINTED,
        reading="the second half, of the gradient with respect to the input",
        statement="If Lip(f) <= e, then ||grad_x L(f(x))|| <= e ||grad L|| at every x where both are differentiable; "
        "for f(x) = e x and L(z) = z no less.",
        expected=Verdict.PROVED,
        obligations=inputs,
        scope="all networks and losses",
        covers_all=True,
        hypotheses={"constant": "the Jacobian has norm at most e"},
        constants=FACTOR,
        textbook=(CHAIN_RULE, Textbook("||J(x)|| <= Lip(f) where f is differentiable", "Federer, Geometric Measure "
                                       "Theory, 3.1.1")),
        argument="proof.md#gradients",
        depends_on=("anil2019.lipschitz_constant.jacobian",),
    ),
    Claim(
        id=f"{ROW}.vanishing_weights",
        short="(0, 1) after (1, 0)' is zero, and its weights have gradients of norm 1; the layers after W_i bound its "
        "gradient",
        source=SOURCE,
        printed=PRINTED,
        reading="the second half, of the gradients with respect to the weights",
        variant_of=f"{ROW}.vanishing",
        statement="In every network of normalized weights, at inputs of norm at most one, the gradient of each weight "
        "is at most Lip(f) times that of the loss.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=weights,
        scope="two linear layers",
        covers_all=True,
        counterexamples={"gradients of the weights": ORTHOGONAL},
        near_misses=(
            NearMiss("gradients of the weights", {**ORTHOGONAL, "second": [["1", "0"]]}, "aligned: Lip(f) = 1"),
            NearMiss("gradients of the weights", {**ORTHOGONAL, "x": ["0"]}, "the input is zero"),
            NearMiss("gradients of the weights", {**ORTHOGONAL, "first": [["2"], ["0"]]}, "not normalized"),
        ),
        minimality="one input, two hidden units; with one hidden unit Lip(f) = 1",
        snippet="def f(a, b, c, d, x): return c * (a * x) + d * (b * x)   # second (c, d), first (a, b)'\n"
        "assert all(f(1, 0, 0, 1, x) == 0 for x in range(-5, 6))  # the zero function, at (1, 0), (0, 1)\n"
        "slope = f(1, 0, 1, 1, 1) - f(1, 0, 0, 1, 1)              # along c, at x = 1; f is linear in c\n"
        "print(slope)\nassert slope == 1",
        repairs={"the constants of the layers after": Variant(repaired=True)},
        repaired_by=f"{ROW}.vanishing_layers",
        argument="proof.md#gradients",
        notes="A gradient step on these weights makes f different from zero.",
    ),
    Claim(
        id=f"{ROW}.vanishing_layers",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: of the weights of layer i, where the layers after it have a small constant",
        variant_of=f"{ROW}.vanishing_weights",
        statement="If the layers after layer i are C-Lipschitz together, ||grad of W_i|| <= C ||grad L|| "
        "||H_{i-1}(x)||, where all are differentiable.",
        expected=Verdict.PROVED,
        obligations=layers,
        scope="all networks and losses",
        covers_all=True,
        hypotheses={"layers after": "the layers after layer i are C-Lipschitz together"},
        constants=FACTOR,
        textbook=(CHAIN_RULE, Textbook("||g h'||_F = |g| |h|", "Horn and Johnson, Matrix Analysis, 5.6")),
        argument="proof.md#gradients",
        depends_on=("bethune2021.proposition_9",),
    ),
)  # fmt: skip
