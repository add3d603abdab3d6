"""PAC learnability: true for a learner that may return any function.

Cells of diameter below 2m carry one sign of every member of C^m, so that finitely many histograms dominate the class.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.proposition_7._common import ROW, SOURCE
from lipcheck.claims.bethune2021.proposition_7.packing import INTERVALS, cells, in_an_interval, one_point
from lipcheck.claims.bethune2021.proposition_7.shattering import lipschitz
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj
from lipcheck.words.obligation import Forall, Obligation, Universal
from lipcheck.words.terms import maximum, var
from lipcheck.words.verdict import Budget, Verdict


def one_sign(variant: Variant) -> Forall:
    """In a cell of diameter below 2m no f in Lip_1 has f(x) >= m and f(y) <= -m."""
    u, v, d, m = map(var, ("fx", "fy", "d", "m"))
    hypotheses: dict[str, Formula] = {
        "cell": conj(d >= 0, d < variant.value("diameter", 2) * m),
        "positive at x": u >= m,
    }
    if variant.keeps("lipschitz"):
        hypotheses["lipschitz"] = lipschitz(u, v, d)
    return Forall("one sign in each cell", hypotheses, v > -m)


def dominated() -> list[Forall]:
    """p, q: the probabilities of +1 and -1 in a cell; what h has right there is at most one of them, so at most the
    majority; and sums over cells keep this."""
    right, p, q, so_far, best = map(var, ("right", "p", "q", "so_far", "best"))
    return [
        Forall("the majority dominates in a cell", {"one sign": disj(right <= p, right <= q)}, right <= maximum(p, q)),
        Forall("the majority dominates, one more cell", {"so far": so_far <= best, "cell": right <= maximum(p, q)},
               so_far + right <= best + maximum(p, q)),
    ]  # fmt: skip


def pac(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Finitely many cells, one sign in each, and the majority vote; without a hypothesis VC is infinite."""
    text = "a shattered set of points of this interval has at most length/(2m) + 1 points"
    intervals = Universal("intervals", text, in_an_interval, lambda: INTERVALS, variant.dropped)
    return [cells(), one_point(), one_sign(variant), *dominated(), intervals]


FINITE_CLASSES = Textbook(
    "finite classes are agnostically PAC learnable by minimizing the empirical error",
    "Shalev-Shwartz and Ben-David, Understanding Machine Learning (2014), corollary 4.6",
)

CLAIMS = (
    Claim(
        id=f"{ROW}.pac",
        source=f"{SOURCE}, its title and the sentence before it",
        printed="1-Lipschitz Functions with margin are PAC learnable. [...] In this setting, we fall back to PAC "
        "learnability [42].",
        reading="the learner may return any classifier; an undecided answer counts as an error",
        statement="For bounded X in R^n and m > 0 there is a learner such that for all eps, delta > 0, all large "
        "sample sizes and every distribution on X x {-1, +1}, with probability at least 1 - delta its classifier "
        "errs at most eps more often than any member of C^m(X).",
        expected=Verdict.PROVED,
        obligations=pac,
        scope="all n, all bounded measurable X, all m > 0, all distributions (agnostic learning)",
        covers_all=True,
        hypotheses={"lipschitz": "f is 1-Lipschitz", "bounded": "X is bounded", "margin": "m > 0"},
        constants={
            "diameter": Constant(Fraction(2), mutated=Fraction(201, 100), words="times m, the diameter of a cell")
        },
        textbook=(
            FINITE_CLASSES,
            Textbook(
                "no free lunch: a class that shatters sets of every size is not PAC learnable",
                "Shalev-Shwartz and Ben-David, Understanding Machine Learning (2014), theorem 6.6",
            ),
        ),
        depends_on=(f"{ROW}.finite",),
        argument="proof.md#pac-learnability",
        notes="Direct proof, not through [46]: majority votes on cells of diameter below 2m dominate every member "
        "of C^m. The learner returns a function with two values that is in general no member of C^m: see "
        ".pac_proper. In general, for classes that may abstain, finite VC dimension implies PAC learnability by "
        "Alon, Hanneke, Holzman and Moran (2021), after this paper.",
    ),
)
