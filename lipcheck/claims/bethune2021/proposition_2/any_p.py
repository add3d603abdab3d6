"""Appendix A: "We need to prove that ||f(x) - f(y)||_p <= ||x - y|| for any p-norm on R^K with p >= 1."

It holds, the 1-norm being the strongest. The case f(x) = 0, which the print leaves out, is the easiest one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.proposition_2 import _steps as steps
from lipcheck.claims.bethune2021.proposition_2.existence import ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.obligation import Obligation
from lipcheck.words.verdict import Budget, Verdict

SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix A, proof of Proposition 2"


def every_p(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The 1-norm of the change is at most ||x - y||, and the p-norm is at most the 1-norm."""
    return [
        steps.sum_of_changes(variant),
        steps.power_sum(variant),
        *lemmas.with_ci(budget, lemmas.distances(), lemmas.segment(Variant())),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.any_p",
        source=SOURCE,
        printed="We need to prove that ∥f(x) − f(y)∥_p ≤ ∥x − y∥ for any p-norm on R^K with p ≥ 1.",
        statement="For the f of definition 4, K >= 2 non-empty classes, every norm on R^n and 1 <= p <= infinity: "
        "||f(x) - f(y)||_p <= ||x - y|| for all x, y.",
        expected=Verdict.PROVED,
        obligations=every_p,
        scope="all normed spaces of finite dimension, all K >= 2, all real p >= 1 and infinity",
        covers_all=True,
        hypotheses={"p_at_least_1": "p >= 1, so that s^p <= s for 0 <= s <= 1"},
        constants={"lipschitz": Constant(Fraction(1), mutated=Fraction(99, 100), words="the Lipschitz constant of f")},
        textbook=(
            lemmas.CONNECTED,
            Textbook("s^p = exp(p log s) does not increase in p, for 0 < s <= 1", "Rudin, Principles, theorem 8.6"),
        ),
        argument="proof.md#every-p-norm",
        depends_on=("bethune2021.mountain_function.multiclass",),
        notes="For p < 1 it fails: d(x) = d(y) = 1/2 in two cells at distance 1 give (2 (1/2)^p)^(1/p) > 1.",
    ),
)
