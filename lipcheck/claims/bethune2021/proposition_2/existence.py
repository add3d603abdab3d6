"""Proposition 2: "For any multiclass classifier with closed pre-images there exists a 1-Lipschitz f ..."."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.proposition_2 import _steps as steps
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import conj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.proposition_2"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 3.1, Proposition 2"
PRINTED = (
    "For any multiclass classifier c : X → Y with closed pre-images there exists a 1-Lipschitz function f : R^n → R^K "
    "such that arg max_k f_k(x) = c(x) on X. Moreover ∥J_x f∥ = 1 almost everywhere (w.r.t Lebesgue measure)."
)


def exists(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Definition 4: arg max on X, changes, the gradient of one row, the frontier; and constant classifiers."""
    d_x, d_y, step = map(var, ("d_x", "d_y", "step"))
    alone = Forall(
        "constant classifiers",
        {"d": conj(d_x >= 0, d_y >= 0, d_x - d_y <= step, d_y - d_x <= step)},
        conj(1 + d_x > 0, absolute((1 + d_x) - (1 + d_y)) <= step),
    )
    return [
        steps.on_the_classes(variant),
        steps.sum_of_changes(variant),
        lemmas.gradient(variant if not variant.dropped else Variant()),
        *lemmas.with_ci(
            budget,
            lemmas.distances(),
            lemmas.segment(Variant()),
            lemmas.descent(),
            lemmas.null_set(Variant()),
            alone,
            steps.three_classes(),
        ),
    ]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="For every X in R^n, K >= 1 and c : X -> {1, ..., K} with pre-images closed in R^n there is f : R^n "
        "-> R^K, 1-Lipschitz from the 2-norm to the 2-norm (to every p-norm, p >= 1), whose only largest entry at x in "
        "X is number c(x), with a Jacobian of spectral norm 1 almost everywhere.",
        expected=Verdict.PROVED,
        obligations=exists,
        scope="all n, all K, all classifiers with closed pre-images, empty classes included",
        covers_all=True,
        hypotheses={"closed": "the pre-images are closed in R^n"},
        constants={
            "lipschitz": Constant(Fraction(1), mutated=Fraction(99, 100), words="the Lipschitz constant of f"),
            "gradient": Constant(Fraction(1), mutated=Fraction(101, 100), words="the square of the norm of the row"),
        },
        textbook=(lemmas.NEAREST, lemmas.CONNECTED, lemmas.RADEMACHER, lemmas.DENSITY),
        argument="proof.md#the-proposition",
        depends_on=("bethune2021.mountain_function.multiclass", f"{ROW}.any_p"),
        notes="Where one class alone occurs, definition 4 defines nothing, and f_c = 1 + d(x, Z^n), f_l = 0 will do.",
    ),
)
