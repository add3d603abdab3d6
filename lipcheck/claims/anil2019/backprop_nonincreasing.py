"""Anil et al. 2019, section 3: "When backpropagating through a norm-constrained 1-Lipschitz network, the gradient norm
is non-increasing as it is processed by each layer."

Plain reading: with ||W_l||_p <= 1 for every layer, and activations that are 1-Lipschitz in the p-norm, the gradient g_l
with respect to the outputs of layer l satisfies ||g_{l-1}|| <= ||g_l||. That holds in the dual norm: the 2-norm for p =
2, the 1-norm for p = infinity. In the infinity norm itself, the gradient of an infinity-norm-constrained network can
grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import dot, matrix, vector
from lipcheck.norms import operator_norm_at_most
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.backprop_nonincreasing"
SOURCE = "Anil et al. 2019 (ICML and ICLR submission), section 3, first sentence"
PRINTED = (
    "When backpropagating through a norm-constrained 1-Lipschitz network, the gradient norm is non-increasing as it is "
    "processed by each layer."
)


class ShapeError(LipcheckError, ValueError):
    """A gradient that does not fit the outputs of its layer."""


def adjoint() -> Forall:
    """(W'g)'v = g'(Wv), one more entry of W at a time."""
    S, T, w, g, v = map(var, ("S", "T", "w", "g", "v"))
    return Forall("adjoint, one more entry", {"others": equals(S, T)}, equals(S + (w * g) * v, T + g * (w * v)))


def weights(variant: Variant) -> Forall:
    """a = (W'g)'v for some v of norm one; = g'(Wv) <= b c with b = ||g|| in the dual norm and c = ||Wv|| <= 1."""
    a, pairing, b, c = map(var, ("a", "pairing", "b", "c"))
    hypotheses: dict[str, Formula] = {
        "dual norm attained": equals(a, pairing),
        "Hölder": pairing <= b * c,
        "norms": conj(b >= 0, c >= 0),
    }
    if variant.keeps("weights"):
        hypotheses["weights"] = c <= variant.value("weights", 1)
    return Forall("through a weight", hypotheses, a <= b)


def shrunk(name: str, label: str, hypotheses: dict[str, Formula]) -> Forall:
    """|d g| <= |g| = size for a slope or weight d."""
    d, g, size = map(var, ("d", "g", "size"))
    given = {**hypotheses, "size": conj(size >= 0, disj(equals(g, size), equals(g, -size)))}
    return Forall(f"{label}{name}", given, conj(d * g <= size, -(d * g) <= size))


def activations(variant: Variant) -> Forall:
    """A slope of at most one in size: every entry of the gradient shrinks, and with them every p-norm."""
    d, bound = var("d"), variant.value("activations", 1)
    hypotheses: dict[str, Formula] = {}
    if variant.keeps("activations"):
        hypotheses["activations"] = conj(d <= bound, d >= -bound)
    return shrunk("through an element-wise activation", "", hypotheses)


def jacobians() -> Forall:
    """A 1-Lipschitz activation that is differentiable: ||J v|| <= ||v|| + e for every e > 0, so that J counts as a
    weight.
    """
    image, size, e = map(var, ("image", "size", "e"))
    hypotheses: dict[str, Formula] = {"grows": image > size, "choice": equals(2 * e, image - size)}
    return Forall("Jacobians of 1-Lipschitz activations", hypotheses, conj(e > 0, image > size + e))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One weight and one activation."""
    return [adjoint(), weights(variant), activations(variant), jacobians()]


def grown(data: Any, constraint: int | float, measured: str) -> Examination:
    """||W'g|| <= ||g|| for ||W|| <= 1, the gradient measured in the 1-norm, the 2-norm or the infinity norm."""
    weight, g = matrix(data["W"], "W"), vector(data["g"], "g")
    if len(g) != len(weight):
        raise ShapeError(f"the layer has {len(weight)} outputs and the gradient {len(g)} entries")
    back = [dot(column, g) for column in zip(*weight, strict=True)]
    before, after = (_size(v, measured) for v in (g, back))
    return Examination({"weights": operator_norm_at_most(weight, 1, constraint) is True}, after <= before)


def _size(values: Sequence[Fraction], norm: str) -> Fraction:
    """The norm, or its square for "2"."""
    if norm == "2":
        return dot(values, values)
    sizes = [abs(v) for v in values]
    return max(sizes) if norm == "inf" else sum(sizes, Fraction(0))


def same_norm(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """An infinity-norm constraint, and the gradient in the infinity norm or the 2-norm; repaired, in the 1-norm."""

    def claim(norm: str) -> Universal:
        measured = "1" if variant.repaired else norm
        text = f"||W||_inf <= 1 implies ||W'g|| <= ||g|| in the {measured}-norm"
        name = f"{norm}-norm of the gradient"
        return Universal(name, text, lambda d: grown(d, float("inf"), measured), lambda: [BOTH], parameters=measured)

    one = shrunk("one output", "minimal: ", {"weight": conj(var("d") <= 1, var("d") >= -1)})
    return [claim("inf"), claim("2"), one, squares()]


def squares() -> Forall:
    """A single output: the sum of w_j^2 is at most the square of the sum of |w_j|, one more weight at a time."""
    square, total, w = map(var, ("square", "total", "w"))
    so_far = conj(total >= 0, square <= total * total)
    conclusion = square + w * w <= (total + absolute(w)) ** 2
    return Forall("minimal: one output in the 2-norm", {"so far": so_far}, conclusion)


BOTH = {"W": [["1"], ["1"]], "g": ["1", "1"]}


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="Let 1 <= p <= infinity and 1/p + 1/q = 1. If ||W_l||_p <= 1 for every layer and the activations are "
        "1-Lipschitz in the p-norm, then backpropagation, g -> W_l'g through a weight and g -> D'g through an "
        "activation with Jacobian D, does not increase the q-norm of the gradient. For p = 2 that is the 2-norm.",
        reading="norm-constrained: each layer; the gradient is measured in the norm dual to that of the constraint",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all widths and depths, every p; at kinks with any slopes of size at most one",
        covers_all=True,
        hypotheses={
            "weights": "every weight has matrix p-norm at most one",
            "activations": "every slope of an activation is at most one in size",
        },
        constants={
            "weights": Constant(Fraction(1), Fraction(101, 100), words="the bound on the weights"),
            "activations": Constant(Fraction(1), Fraction(101, 100), words="the bound on the slopes"),
        },
        textbook=(
            Textbook(
                "Hölder's inequality |g'u| <= ||g||_q ||u||_p, with equality for some u of norm one",
                "Horn, Johnson, Matrix Analysis, 5.4.13-5.4.15",
            ),
            Textbook(
                "||u||_p <= ||v||_p if |u_i| <= |v_i| for all i", "Horn, Johnson, Matrix Analysis, theorem 5.4.19"
            ),
        ),
        depends_on=("anil2019.jacobian_chain_rule",),
        argument="proof.md#the-dual-norm",
        notes="The constraint is on each layer: 2x followed by x/2 is 1-Lipschitz and its gradient grows on the way. "
        "Biases play no part.",
    ),
    Claim(
        id=f"{ROW}.same_norm",
        source=SOURCE,
        printed=PRINTED,
        statement="If every weight has matrix infinity norm at most one, the infinity norm of the gradient, or else "
        "its 2-norm, does not increase.",
        short="||W||_∞ <= 1 lets the ∞-norm and the 2-norm of the gradient grow; its 1-norm, the dual one, does not",
        reading="for the infinity-norm constraint of section 4, with the gradient in that norm or in the 2-norm",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=same_norm,
        scope="one layer",
        covers_all=True,
        argument="proof.md#the-same-norm",
        counterexamples={"inf-norm of the gradient": BOTH, "2-norm of the gradient": BOTH},
        minimality="one input and two outputs: with one output no gradient grows",
        near_misses=(
            NearMiss("inf-norm of the gradient", {**BOTH, "g": ["1", "-1"]}, "the two parts cancel"),
            NearMiss("inf-norm of the gradient", {"W": [["2"]], "g": ["1"]}, "the weight violates the constraint"),
            NearMiss("2-norm of the gradient", {**BOTH, "g": ["1", "0"]}, "only one output is read"),
        ),
        repairs={"the 1-norm": Variant(repaired=True)},
        repaired_by=ROW,
        snippet="W = [[1], [1]]  # two rows with sum of sizes 1: infinity norm one\ng = [1, 1]\n"
        "back = [sum(W[i][j] * g[i] for i in range(2)) for j in range(1)]\nprint('gradient', g, 'becomes', back)\n"
        "assert max(map(abs, back)) == 2 * max(map(abs, g)) and sum(b * b for b in back) > sum(a * a for a in g)",
        notes="A layer with m outputs multiplies the infinity norm by up to m, the 2-norm by up to sqrt(m).",
    ),
)
