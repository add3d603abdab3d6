"""Appendix A: "the spectral norm J_x f is equal to the norm of the gradient of the non zero row ... ||J_x f|| = 1
everywhere it is defined". True: off the frontier one row has norm 1, and on it f has no derivative."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.proposition_1.gradient import DANSKIN
from lipcheck.claims.bethune2021.proposition_2 import _steps as steps
from lipcheck.claims.bethune2021.proposition_2.any_p import SOURCE
from lipcheck.claims.bethune2021.proposition_2.existence import ROW
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def everywhere(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One row of norm 1; and for a point of the frontier the step that leaves no derivative."""
    r2, along, slope, left = map(var, ("r2", "s_b", "slope", "slope_left"))
    distinct = lemmas.kept(variant, disjoint=r2 - 2 * along + r2 > 0)
    # f_k >= 0 = f_k(v): its one-sided slopes at v along w and -w are not negative; a derivative makes them opposite
    least: dict[str, Formula] = {"least": conj(slope >= 0, left >= 0)}
    derivative = equals(slope, -left)
    return [
        lemmas.gradient(Variant(constants=variant.constants)),
        steps.rank_one(variant),
        Forall("at its least value f_k has derivative 0", {**least, "derivative": derivative}, equals(slope, 0)),
        Forall("a nearest point wins in its own direction", {"sphere": r2 > 0, **distinct}, along < r2),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.jacobian",
        source=SOURCE,
        printed="Each row of J_x f is either full of zeros, either the gradient of some f_k on which the reasoning of "
        "the case K = 2 applies (like in previous proof). In this case, the spectral norm J_x f is equal to the norm "
        "of the gradient of the non zero row. We conclude similarly that ∥J_x f∥ = 1 everywhere it is defined.",
        statement="For the f of definition 4, the 2-norm and K >= 2 non-empty classes: wherever f is differentiable, "
        "exactly one row of J_x f is not 0 and the spectral norm of J_x f is 1.",
        expected=Verdict.PROVED,
        obligations=everywhere,
        scope="all n, all K >= 2",
        covers_all=True,
        hypotheses={"disjoint": "no point is nearest in two classes at once"},
        constants={"gradient": Constant(Fraction(1), mutated=Fraction(101, 100), words="the square of the row's norm")},
        textbook=(lemmas.NEAREST, DANSKIN),
        argument="proof.md#the-jacobian",
        depends_on=("bethune2021.proposition_1.gradient_everywhere",),
        notes="Points of the frontier are no exception, which the print does not say: all rows would be 0 there.",
    ),
)
