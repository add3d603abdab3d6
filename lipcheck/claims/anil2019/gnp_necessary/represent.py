"""Sections 1 and 3: to represent a function with gradient norm one, each layer must preserve the gradient's norm.

Plain reading: if ||grad f(x)||_2 = 1 at a point x, then the gradient has norm one in front of every layer on its way
back from the output, whatever the 1-Lipschitz activations are. The norm of *this* gradient is preserved; a layer may
shorten other vectors, so weights need not be orthonormal.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.gnp_necessary.common import (
    ICLR,
    ICML,
    ONE,
    ROW,
    at,
    lipschitz,
    norms_at_most,
    read,
    squares,
)
from lipcheck.claims.anil2019.relu_cannot_approximate.common import beyond_one
from lipcheck.network import LeakyReLU, MaxMin, ReLU
from lipcheck.norms import has_unit_singular_values
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Exists, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

PRINTED = (
    "in order to represent a function with slope 1 almost everywhere, each layer must preserve the norm of the "
    "gradient during backpropagation."
)
TEXTBOOK = (
    Textbook("||u W||_2 <= ||W||_2 ||u||_2 for rows u", "Horn and Johnson, Matrix Analysis, 5.6"),
    Textbook("the Jacobian of a 1-Lipschitz map has norm at most one", "Rudin, Principles, 9.19"),
    Textbook("chain rule", "Rudin, Principles, 9.15"),
)


def examine(data: Data, variant: Variant) -> Examination:
    """Which hypotheses hold at the point, and whether every layer preserves the norm there."""
    network, point = read(data)
    found = squares(network, point)
    hypotheses = {
        "norm": norms_at_most(network, variant.value("norm", 1)),
        "1-Lipschitz": lipschitz(network),
        "slope": variant.value("slope", 1) ** 2 <= found[-1] <= 1,
    }
    return Examination(hypotheses, all(square == 1 for square in found))


def candidates(variant: Variant) -> list[Data]:
    """Norms 2 and 1/2; LeakyReLU(2) after 1/2; x / 2; norms N and 1 / N; s x; a MaxMin network that is x."""
    gain, least = beyond_one(variant), variant.value("slope", 1)
    return [
        at([[[2]], [[Fraction(1, 2)]]], [1]),
        at([[[Fraction(1, 2)]], LeakyReLU(2), [[1]]], [-1]),
        at([[[Fraction(1, 2)]]], [1]),
        at([[[gain]], [[1 / gain]]], [1]),
        at([[[least if least < 1 else Fraction(99, 100)]]], [1]),
        at([[[Fraction(3, 5)], [Fraction(4, 5)]], MaxMin(), [[Fraction(4, 5), Fraction(3, 5)]]], [1]),
    ]


def networks(variant: Variant) -> Universal:
    """The statement for piecewise linear networks at a point where they are smooth."""
    return Universal("networks", "if the gradient has norm one at the point, it has norm one in front of every layer",
                     lambda data: examine(data, variant), lambda: candidates(variant), variant.dropped)  # fmt: skip


def layer(variant: Variant) -> Forall:
    """behind: the layers behind make 1 to v; this layer makes v to u; those in front make u to g."""
    v, u, g = map(var, "vug")
    hypotheses: dict[str, Formula] = {"layers": conj(v <= 1, u <= v, g <= u)}
    if variant.keeps("slope"):
        hypotheses["slope"] = g >= variant.value("slope", 1)
    return Forall("any one layer", hypotheses, conj(equals(v, 1), equals(u, 1)))


def not_every_vector() -> Exists:
    """A network with gradient norm one whose weights are not orthonormal."""
    witness = at([[[1, 0], [0, Fraction(1, 2)]], ReLU(), [[1, 0]]], [1, 1])

    def accepts(data: Data) -> bool:
        network, _ = read(data)
        weight = network.layers[0].weight  # type: ignore[union-attr]
        seen = examine(data, Variant())
        return all(seen.hypotheses.values()) and seen.conclusion and not has_unit_singular_values(weight)

    return Exists("weights need not be orthonormal", "gradient norm one with a singular value 1/2", accepts,
                  lambda: witness)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One layer among all others, and that no more is preserved."""
    return [networks(variant), layer(variant), not_every_vector()]


def positive_unit(variant: Variant) -> Forall:
    """A unit with v^2 = u and slope s, the others' sums a, b <= a: nothing is lost only if u = 0 or s = 1."""
    u, s, a, b, z = map(var, "usabz")
    hypotheses: dict[str, Formula] = {"row": u >= 0, "others": b <= a}
    if variant.keeps("ReLU"):
        hypotheses["ReLU"] = disj(conj(z > 0, equals(s, 1)), conj(z <= 0, equals(s, 0)))
    if variant.keeps("preserved"):
        hypotheses["preserved"] = u * s + b >= u + a
    return Forall("units that are read are positive", hypotheses, disj(equals(u, 0), z > 0),
                  witness={"u": ONE, "s": ONE, "a": ONE, "b": ONE, "z": ONE})  # fmt: skip


def others() -> Forall:
    """The sum over the other units does not grow: one more of them."""
    a, b, u, s = map(var, "abus")
    hypotheses: dict[str, Formula] = {"before": b <= a, "row": u >= 0, "slope": conj(s >= 0, s <= 1)}
    return Forall("the other units", hypotheses, b + u * s <= a + u)


def only_positive(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One unit against the others."""
    return [positive_unit(variant), others()]


CLAIMS = (
    Claim(
        id=ROW,
        source=f"{ICML}, section 1; {ICLR}, sections 1 and 3",
        printed=f"Specifically, {PRINTED} [ICLR, section 3: To ensure the input-output gradient norm is 1, the "
        "gradient norm must be preserved by each layer in the network during backpropagation.]",
        statement=(
            "Let f : R^n → R be a network with all ||W||_2 <= 1 and 1-Lipschitz activations, differentiable layer by "
            "layer at x, with ||grad f(x)||_2 = 1. Then the gradient that is propagated back from the output to x has "
            "norm one behind and in front of every layer."
        ),
        reading="the norm of this gradient is preserved, at almost every x",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all networks, also with sorts; every depth and width; the same proof for every p-norm and its dual",
        covers_all=True,
        hypotheses={
            "norm": "every weight has ||W||_2 <= 1",
            "1-Lipschitz": "every activation is 1-Lipschitz in the 2-norm",
            "slope": "||grad f(x)||_2 = 1",
        },
        constants={
            "norm": Constant(ONE, Fraction(101, 100), words="the bound on the weights"),
            "slope": Constant(ONE, Fraction(99, 100), words="the norm of the gradient"),
        },
        textbook=TEXTBOOK,
        argument="proof.md#to-represent",
        notes="That every vector is preserved is not necessary: weights may have singular values below one.",
    ),
    Claim(
        id=f"{ROW}.positive",
        source=f"{ICML}, section 1; {ICLR}, section 1",
        printed=f"{PRINTED} ReLU architectures satisfy this only when the activations are positive;",
        statement=(
            "A ReLU layer preserves the 2-norm of a gradient row v, ||v D||_2 = ||v||_2, only if every unit with "
            "v_i ≠ 0 has a positive preactivation (the slope at 0 being 0)."
        ),
        expected=Verdict.PROVED,
        obligations=only_positive,
        scope="all reals, every width",
        covers_all=True,
        hypotheses={"ReLU": "the activation is ReLU", "preserved": "the norm of the row is preserved"},
        textbook=(Textbook("induction over units", "Peano's axioms"),),
        argument="proof.md#only-when-positive",
        notes="Units that are not read (v_i = 0) are free. With slope 1 at the kink z = 0 is allowed as well.",
    ),
)
