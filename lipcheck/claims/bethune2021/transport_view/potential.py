"""Appendix E: "Hence, binary cross-entropy minimization is similar to the computation of a transportation plan between
P_theta and Q_theta."

An exact form: over L-Lipschitz functions, f minimizes the summed BCE if and only if it is an optimal Kantorovich
potential (for the distance L ||x - y||) between its own P_f and Q_f, and these have equal mass before normalization.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.transport_view._words import ATOMS, ROW, SOURCE, UNDER_INTEGRAL
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

PRINTED = (
    "Hence, binary cross-entropy minimization is similar to the computation of a transportation plan between "
    "P_θ and Q_θ."
)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Tangents, one more atom, optimality both ways. `gap` is loss(h) - loss(f)."""
    w, s, more, change, gap, rise, t, curvature, bump, first, second = map(
        var, ("w", "s", "more", "change", "gap", "rise", "t", "curvature", "bump", "first", "second")
    )
    so_far: dict[str, Formula] = {"so far": gap >= -rise, "weights": w > 0}
    at_p, at_q = dict(so_far), dict(so_far)
    factor = variant.value("factor", 1)
    if variant.keeps("convex"):
        at_p["convex"] = more >= -(1 - s) * change
        at_q["convex"] = more >= s * change
    enough: dict[str, Formula] = {"tangent": gap >= -rise}
    if variant.keeps("potential"):
        enough["potential"] = rise <= 0
    better: dict[str, Formula] = {
        "rise": rise > 0,
        "t": conj(t > 0, t * curvature < rise),
        "bound": bump <= t * t * curvature,
    }
    masses: dict[str, Formula] = {"constants": conj(first - second <= 0, second - first <= 0)}
    return [
        Forall("one more atom of P", at_p, gap + w * more >= -(rise + factor * w * (1 - s) * change)),
        Forall("one more atom of Q", at_q, gap + w * more >= -(rise - w * s * change)),
        Forall("a potential is a minimizer", enough, gap >= 0),
        Forall("otherwise a small step is better", better, -t * rise + bump < 0),
        Forall("constants: the masses are equal", masses, equals(first, second)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.potential",
        source=f"{SOURCE}, below equation 25",
        printed=PRINTED,
        reading="exact form: the minimizers are the potentials of a transport problem that depends on them",
        statement="Let P, Q have bounded supports, L > 0, dP_f = (1 - sigma(f)) dP, dQ_f = sigma(f) dQ. An "
        "L-Lipschitz f "
        "minimizes E_P[L(f, 1)] + E_Q[L(f, -1)] among L-Lipschitz functions if and only if P_f and Q_f have equal mass "
        "and f maximizes the integral of h dP_f - h dQ_f among L-Lipschitz h, that is, f is an optimal potential.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all laws with bounded supports, all L > 0; all convex sets of functions that contain f + constants",
        covers_all=True,
        hypotheses={
            "convex": "u -> L(u, y) lies above its tangents, of slope -(1 - sigma(u)) and sigma(u)",
            "potential": "f maximizes the dual objective",
        },
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of g^q dP in the dual objective")},
        textbook=(
            ATOMS,
            UNDER_INTEGRAL,
            Textbook(
                "a differentiable function with rising derivative lies above its tangents", "Rudin, Principles, 5.10"
            ),
            Textbook("Taylor's theorem; the second derivative sigma (1 - sigma) is at most 1/4", "Rudin, 5.15"),
        ),
        argument="proof.md#the-potential",
        notes="So 'similar' is exact at the optimum: a 1-Lipschitz BCE minimizer solves the dual problem "
        "between its own "
        "soft errors. It is a potential, not a plan; and no method of fixed-point iteration is implied.",
    ),
)
