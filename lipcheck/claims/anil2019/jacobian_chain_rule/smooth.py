"""Equation 1 where every activation is differentiable at its pre-activations: the chain rule, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.anil2019.jacobian_chain_rule.networks import IDENTITY, PRINTED, ROW, SOURCE, formula
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def remainder() -> Forall:
    """With z - z0 = g + b and φ(z) - φ(z0) = d (z - z0) + a: w φ changes by w d g + w (a + d b), one column more."""
    s, S, w, g, b, d, a = map(var, ("s", "S", "w", "g", "b", "d", "a"))
    changed = d * (g + b) + a
    return Forall("one more column", {"others": equals(S, s)}, equals(S + w * changed - w * (a + d * b), s + w * d * g))


def small() -> Forall:
    """|a| <= e |z - z0|, |z - z0| <= (J + e) t and |b| <= e t: the remainder a + d b is at most e (J + e + D) t."""
    a, c, z, J, D, e, t = map(var, ("a", "c", "z", "J", "D", "e", "t"))
    hypotheses: dict[str, Formula] = {
        "signs": conj(z >= 0, J >= 0, D >= 0, e >= 0, t >= 0),
        "activation": conj(a <= e * z, -a <= e * z),
        "pre-activation": z <= J * t + e * t,
        "product": conj(c <= D * e * t, -c <= D * e * t),
    }
    bound = e * J * t + e * e * t + D * e * t
    return Forall("the remainder is small", hypotheses, conj(a + c <= bound, -(a + c) <= bound))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One more layer, with what remains; and networks."""
    text = "where no pre-activation is 0, a ReLU network has the derivative W_L φ'(z_{L-1}) ... W_1"
    networks = formula("networks", text, "differentiable activations", variant, [IDENTITY])
    return [remainder(), small(), networks]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="For every network and every x at which each φ is differentiable at its pre-activations, y is "
        "differentiable at x and its Jacobian, one row per output, is W_L D_{L-1} W_{L-1} ... D_1 W_1, where D_l is "
        "the Jacobian of the activation at z_l: for an element-wise one, the diagonal matrix of the φ'(z_{l,i}).",
        reading="wherever the factors exist; W_l of shape n_l x n_{l-1}",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all widths, depths and differentiable activations",
        covers_all=True,
        hypotheses={"differentiable activations": "every activation is differentiable at its pre-activations"},
        textbook=(
            Textbook("chain rule in several variables", "Rudin, Principles, theorem 9.15"),
            Textbook("sums of terms that vanish faster than t do so too", "Rudin, Principles, 9.11"),
        ),
        argument="proof.md#where-the-factors-exist",
        notes="The factors multiply from the right, in the order printed. With the printed shapes n_{l-1} x n_l they "
        "fit only in the opposite order, transposed: see notation.",
    ),
)
