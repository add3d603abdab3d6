"""Appendix E: "one can recover forward-mode from reverse mode by constructing Vector-Jacobian products and utilizing
the transpose operator (Townsend, 2017)", and Algorithm 1, h = (v' dg/du)' = (df/dx) v.

Plain reading: g(u) = J'u is linear in u, so the derivative of v'g(u) in u is J v. In Algorithm 1 it does not even
matter whether v = g / |g| is held constant: v'g = |g|, and the derivative of |J'u| in u is J v as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.jacobian_regularization.common import ALGORITHM_1, ROW, SOURCE
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import Term, total, var, variables
from lipcheck.words.verdict import Budget, Verdict

_ENTRIES = tuple(f"{name}{i}" for name in ("g", "dg", "v") for i in (1, 2))


def one_more_entry() -> Forall:
    """v'J'(u + t d) - v'J'u = t d'J v passes to one more entry J_ij = a of J."""
    a, u, v, d, t, S, R = map(var, ("a", "u", "v", "d", "t", "S", "R"))
    given: dict[str, Formula] = {"so far": equals(S, t * R)}
    step = S + v * a * (u + t * d) - v * a * u
    return Forall("one more entry of the Jacobian", given, equals(step, t * (R + d * a * v)))


def two_by_three(variant: Variant) -> Forall:
    """For J in R^(2 x 3): the difference quotient of v'J'u along the first unit vector is (J v)_1, exactly."""
    a, b, u, v, t = variables("a", 3), variables("b", 3), variables("u", 2), variables("v", 3), var("t")

    def product(first: Term) -> Term:
        return total(y * (p * first + q * u[1]) for y, p, q in zip(v, a, b, strict=True))

    image = total(p * y for p, y in zip(a if variant.value("row", 1) == 1 else b, v, strict=True))
    return Forall("2 x 3 Jacobians", {}, equals(product(u[0] + t) - product(u[0]), t * image), size=2)


def forward(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All sizes by induction over the entries, and one size at once."""
    return [two_by_three(variant), one_more_entry()]


def length() -> Forall:
    """n = |g|, n^2 = g.g; along d, n dn = g.dg and g = n v: dn = v.dg, for two entries."""
    n, dn = var("n"), var("dn")
    g, dg, v = variables("g", 2), variables("dg", 2), variables("v", 2)
    given: dict[str, Formula] = {
        "derivative": equals(n * dn, total(a * b for a, b in zip(g, dg, strict=True))),
        **{f"direction {i}": equals(n * y, a) for i, (y, a) in enumerate(zip(v, g, strict=True), start=1)},
        "nonzero": n > 0,
    }
    point = {name: Fraction(name in ("n", "dn", "g1", "v1", "dg1")) for name in ("n", "dn", *_ENTRIES)}
    conclusion = equals(dn, total(y * b for y, b in zip(v, dg, strict=True)))
    return Forall("the derivative of the length", given, conclusion, witness=point)


def one_more_product() -> Forall:
    """n P = Q for the sums P = v.dg, Q = g.dg passes to one more entry with n v = g."""
    n, P, Q, v, g, b = map(var, ("n", "P", "Q", "v", "g", "b"))
    return Forall("one more entry of g", {"so far": equals(n * P, Q), "direction": equals(n * v, g)},
                  equals(n * (P + v * b), Q + g * b))  # fmt: skip


def cancel(variant: Variant) -> Forall:
    """n dn = Q = n P and n > 0 give dn = P."""
    n, dn, P = map(var, ("n", "dn", "P"))
    given: dict[str, Formula] = {"derivative": equals(n * (dn - P), 0)}
    if variant.keeps("nonzero"):
        given["nonzero"] = n > 0
    return Forall("division by the length", given, equals(dn, P))


def through(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All sizes by induction over the entries, and two entries at once."""
    return [cancel(variant)] if budget is Budget.SMOKE else [cancel(variant), length(), one_more_product()]


CLAIMS = (
    Claim(
        id=f"{ROW}.forward_mode",
        source=f"{SOURCE} and Algorithm 1",
        printed=(
            "Fortunately, one can recover forward-mode from reverse mode by constructing Vector-Jacobian products and "
            "utilizing the transpose operator [...] Compute h = (vᵀ ∂g/∂u)ᵀ = ∂f/∂x v using reverse mode"
        ),
        statement=(
            "For every f that is differentiable at x, with J = df/dx and g(u) = J'u: for constant v the derivative of "
            "v'g(u) with respect to u is J v, at every u."
        ),
        expected=Verdict.PROVED,
        obligations=forward,
        scope="Jacobians of any size",
        covers_all=True,
        mutants={"another row of J": Variant(constants={"row": Fraction(2)})},
        textbook=(Textbook("induction over the entries of J", "Peano's axioms"),),
        argument="proof.md#forward-mode-from-reverse-mode",
        notes="u is any vector, also 0: g is linear in u, so that its value there does not matter.",
    ),
    Claim(
        id=f"{ROW}.through_v",
        source=ALGORITHM_1,
        printed="Set v = g/||g||_2; Compute h = (vᵀ ∂g/∂u)ᵀ = ∂f/∂x v using reverse mode",
        statement=(
            "If g = J'u != 0, the derivative of v'g with respect to u is J v whether v = g / |g| is held constant or "
            "differentiated as well: then v'g = |J'u|."
        ),
        reading="Algorithm 1 with v as a function of u",
        variant_of=f"{ROW}.forward_mode",
        expected=Verdict.PROVED,
        obligations=through,
        scope="Jacobians of any size",
        covers_all=True,
        hypotheses={"nonzero": "g = J'u is not zero"},
        textbook=(
            Textbook("induction over the entries", "Peano's axioms"),
            Textbook("chain rule", "Rudin, Principles, 9.15"),
        ),
        argument="proof.md#forward-mode-from-reverse-mode",
    ),
)
