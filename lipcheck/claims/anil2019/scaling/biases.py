"""Scaling layers and biases: equal to scaling the output if biases are scaled along, so that, over all biases, the
same functions are computed; the bound holds in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.scaling.homogeneous import ICLR
from lipcheck.claims.anil2019.scaling.layers import PRINTED, networks
from lipcheck.claims.anil2019.scaling.output import ROW
from lipcheck.network import LeakyReLU, Network, ReLU
from lipcheck.readings.smt import evaluate as on_terms
from lipcheck.words.claim import Claim, Formal, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import Term, var, variables
from lipcheck.words.verdict import Budget, Verdict


def column(variant: Variant) -> Forall:
    """Pre-activations, one more column: with h' = A h so far, a (s' + w h' + A b) = a A (s + w h + b)."""
    s, S, w, h, H, b, A, a = map(var, ("s", "S", "w", "h", "H", "b", "A", "a"))
    hypotheses: dict[str, Formula] = {"others": equals(S, A * s), "activation": equals(H, A * h)}
    carried = A * b if variant.keeps("scaled biases") else b
    return Forall(
        "one more column, and the bias", hypotheses, equals(a * (S + w * H + carried), a * A * (s + w * h + b))
    )


def activation(name: str, layer: Any, variant: Variant) -> Forall:
    """phi(c z) = c phi(z) for a scale c that is not negative."""
    c, z = var("c"), variables("z", 1)
    left = on_terms(Network(1, (layer,)), [c * t for t in z])
    right: list[Term] = [c * t for t in on_terms(Network(1, (layer,)), z)]
    hypotheses: dict[str, Formula] = {"nonnegative scales": c >= 0} if variant.keeps("nonnegative scales") else {}
    return Forall(f"{name} commutes with the scale", hypotheses,
                  conj(*(equals(p, q) for p, q in zip(left, right, strict=True))))  # fmt: skip


def repaired(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One more layer: the affine part and the activation."""
    gates = [activation("ReLU", ReLU(), variant)]
    if budget is not Budget.SMOKE:
        gates.append(activation("LeakyReLU(1/10)", LeakyReLU(Fraction(1, 10)), variant))
    return [column(variant), *gates, networks(variant, along=True)]


def any_bias(variant: Variant) -> Forall:
    """Every bias c of the scaled network is A b with b = c / A: it computes a A times the network with bias b.

    For A = 0, which the hypothesis excludes, the output of the network counts 0 times, whatever b is.
    """
    s, S, w, h, H, b, c, A, a = map(var, ("s", "S", "w", "h", "H", "b", "c", "A", "a"))
    hypotheses: dict[str, Formula] = {
        "others": equals(S, A * s),
        "activation": equals(H, A * h),
        "bias": disj(equals(A * b, c), conj(equals(A, 0), equals(b, 0))),
        "scales": conj(A > 0, a > 0) if variant.keeps("positive scales") else conj(A >= 0, a >= 0),
    }
    return Forall("one more column, and any bias", hypotheses, equals(a * (S + w * H + c), a * A * (s + w * h + b)))


def product() -> Forall:
    """Positive scales have a positive product, one more scale at a time."""
    A, a = var("A"), var("a")
    return Forall("the product of the scales", {"scales": conj(A > 0, a > 0)}, a * A > 0)


def classes(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both inclusions: biases scaled along, and biases divided by the scales before them."""
    return [column(Variant()), activation("ReLU", ReLU(), Variant()), any_bias(variant), product()]


def bound(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A layer that is 1-Lipschitz, scaled by a >= 0, multiplies the constant so far by a, whatever its bias."""
    a, P, before, middle, out = map(var, ("a", "P", "before", "middle", "out"))
    hypotheses: dict[str, Formula] = {
        "signs": conj(before >= 0, middle >= 0, P >= 0),
        "so far": middle <= P * before,
        "scaled": equals(var("after"), a * out),
    }
    if variant.keeps("1-Lipschitz layers"):
        hypotheses["1-Lipschitz layers"] = conj(out >= 0, out <= middle)
    if variant.keeps("nonnegative scales"):
        hypotheses["nonnegative scales"] = a >= 0
    else:
        hypotheses["size"] = out >= 0
    conclusion = conj(var("after") <= a * P * before, var("after") >= 0)
    return [Forall("one more scaled layer", hypotheses, conclusion)]


CLAIMS = (
    Claim(
        id=f"{ROW}.layers_with_biases",
        source=ICLR,
        printed=PRINTED,
        statement="For activations with φ(cz) = c φ(z) for c >= 0, scales a_1, ..., a_L >= 0, and every bias b_l "
        "multiplied by a_1 ... a_{l-1} as well (nothing to do where there are no biases), the scaled network computes "
        "a_1 ... a_L times the network.",
        reading="repaired: biases are scaled along, or absent",
        variant_of=f"{ROW}.layers",
        expected=Verdict.PROVED,
        obligations=repaired,
        scope="all widths and depths, ReLU, LeakyReLU, GroupSort and every other positively homogeneous activation",
        covers_all=True,
        hypotheses={
            "scaled biases": "b_l is multiplied by the scales of the layers before",
            "nonnegative scales": "no scale is negative",
        },
        textbook=(Textbook("induction over the layers and over the columns", "Peano"),),
        depends_on=("anil2019.groupsort_properties.homogeneous_nonnegative",),
        argument="proof.md#biases-scaled-along",
    ),
    Claim(
        id=f"{ROW}.layers_class",
        source=ICLR,
        printed=PRINTED,
        statement="For widths, weights and activations with φ(cz) = c φ(z) for c >= 0, and scales a_1, ..., a_L > 0: "
        "the functions that the network with scaling layers computes, over all biases, are a_1 ... a_L times those "
        "that it computes without them.",
        reading="as architectures: the biases are trained and not constrained",
        variant_of=f"{ROW}.layers",
        expected=Verdict.PROVED,
        obligations=classes,
        scope="all widths and depths, every positively homogeneous activation",
        covers_all=True,
        hypotheses={"positive scales": "every scale is positive"},
        textbook=(Textbook("induction over the layers and over the columns", "Peano"),),
        depends_on=(f"{ROW}.layers_with_biases", "anil2019.groupsort_properties.homogeneous_nonnegative"),
        argument="proof.md#biases-scaled-along",
        notes="So the scaling layers cost and gain nothing in expressive power; training starts elsewhere.",
    ),
    Claim(
        id=f"{ROW}.layers_bound",
        source=ICLR,
        printed="[...] such that the product of the constant scale parameters is equal to the Lipschitz constant.",
        statement="If every affine layer and activation is 1-Lipschitz, with biases or without, and the l-th affine "
        "layer is multiplied by a_l >= 0, the network is a_1 ... a_L-Lipschitz.",
        reading="'the Lipschitz constant' is the guaranteed one, as in 'networks with a guaranteed Lipschitz constant'",
        variant_of=f"{ROW}.layers",
        expected=Verdict.PROVED,
        obligations=bound,
        scope="all widths and depths, all biases",
        covers_all=True,
        hypotheses={
            "1-Lipschitz layers": "every layer is 1-Lipschitz before it is scaled",
            "nonnegative scales": "no scale is negative",
        },
        textbook=(Textbook("induction over the layers", "Peano"),),
        depends_on=("anil2019.composition",),
        formal=(
            Formal(
                "layers.composition",
                says="The whole statement: layer l has the constant a_l, as a 1-Lipschitz map times a_l; any number "
                "of layers.",
                leaves_out="That a_l times a 1-Lipschitz map is a_l-Lipschitz; the Python code.",
            ),
        ),
        argument="proof.md#the-bound-survives",
        notes="The smallest constant can be less than the product, and depend on the scales in other ways: see the "
        "proof.",
    ),
)
