"""Corollary 1: "For any neural network f: R^n -> R there exists 1-Lipschitz neural network f~: R^n -> R such that
sign(f(x)) = sign(f~(x))", and its proof: f is L-Lipschitz for some L, and f / L will do.

Plain reading: a 1-Lipschitz neural network is a neural network, any widths and activations, whose function is
1-Lipschitz. Every L > 0 that bounds the constant will do, so that constant functions (of constant 0) are included.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.corollary_1"
SOURCE = "Béthune et al. 2021, arXiv version with appendices, section 3.1, Corollary 1"
PRINTED = (
    "For any neural network f: R^n → R there exists 1-Lipschitz neural network f̃: R^n → R such that sign(f(x)) = "
    "sign(f̃(x)). Proof. Indeed, every unconstrained neural network is L-Lipschitz for some (generally unknown) L. If "
    "g: R^n → R is L-Lipschitz neural network, then (1/L) g is a 1-Lipschitz neural network with the same decision "
    "frontier."
)


def scaled(variant: Variant) -> list[Forall]:
    """f = L g, at x and at y, with f L-Lipschitz: g is 1-Lipschitz and has the signs of f.

    `factor` stands before L; d is the distance of x and y.
    """
    f, f1, g, g1, d, L = map(var, ("f", "f1", "g", "g1", "d", "L"))
    factor = variant.value("factor", 1)
    quotient: dict[str, Formula] = {"quotient": conj(equals(f, factor * L * g), equals(f1, factor * L * g1))}
    if variant.keeps("positive"):
        quotient["positive"] = L > 0
    norm = {**quotient, "norm": conj(d >= 0, L >= 0)}
    if variant.keeps("lipschitz"):
        norm["lipschitz"] = conj(f - f1 <= L * d, f1 - f <= L * d)
    point: dict[str, Formula] = {**quotient, "quotient": equals(f, factor * L * g)}
    return [
        Forall("f / L is 1-Lipschitz", {**norm, "order": g >= g1}, g - g1 <= d),
        Forall("positive where f is", {**point, "f": f > 0}, g > 0),
        Forall("negative where f is", {**point, "f": f < 0}, g < 0),
        Forall("zero where f is", {**point, "f": equals(f, 0)}, equals(g, 0)),
    ]


def network() -> list[Forall]:
    """Every network has an L, layer by layer; f / L is a network, as the last affine layer is divided, unit by unit."""
    before, inner, after, P, M = map(var, ("before", "inner", "after", "P", "M"))
    s, w, h, v, u, L = map(var, ("s", "w", "h", "v", "u", "L"))
    return [
        Forall("one more layer", {"signs": conj(before >= 0, P >= 0, M >= 0), "so far": inner <= P * before,
                                  "layer": after <= M * inner}, after <= M * P * before),
        Forall("one more unit", {"so far": equals(s, L * v), "weight": equals(w, L * u)},
               equals(s + w * h, L * (v + u * h))),
    ]  # fmt: skip


def bound() -> Forall:
    """A positive L above any bound of the constant."""
    K, L, d, change = map(var, ("K", "L", "d", "change"))
    given: dict[str, Formula] = {"constant": change <= K * d, "L": conj(L > 0, L >= K), "norm": d >= 0}
    return Forall("a larger constant", given, change <= L * d)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The scaling, and what makes it a network."""
    return [*scaled(variant), bound(), *network()]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        reading="as printed: a neural network whose function is 1-Lipschitz",
        statement="For every network f: R^n -> R of affine layers and Lipschitz activations there are L > 0 and a "
        "network of the same shape, with the last layer divided by L, that is 1-Lipschitz and has the sign of f at "
        "every x.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all networks, norms, dimensions; every value of sign(0)",
        covers_all=True,
        hypotheses={"lipschitz": "f is L-Lipschitz", "positive": "L > 0"},
        constants={"factor": Constant(Fraction(1), Fraction(99, 100), words="of L in the divisor")},
        textbook=(
            Textbook("linear maps between R^n and R^m have a finite operator norm", "Rudin, Principles, theorem 9.7"),
            Textbook("induction over the layers, and over the units of a layer", "Peano's fifth axiom"),
        ),
        argument="proof.md#scaling",
        notes="Section 2.1 makes L the smallest constant; for a constant f that is 0 and f / L has no value, but f is "
        "1-Lipschitz itself. 'The same decision frontier' and the same robustness radii.",
    ),
)
