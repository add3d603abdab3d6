"""Anil et al. 2019, ICLR appendix D, read forward: the norm of maxout(x) against the norm of x.

In L_inf it is preserved exactly where each group's largest absolute value is that of its maximum, so for inputs without
negative entries, but not at (0, -1). In the 2-norm it is lost even there, at (1, 1). On inputs without negative entries
both printed sentences are right.
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.anil2019.maxout_norm.common import PRINTED, ROW, SOURCE
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, maximum, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

X = variables("x", 2)
VALUES = "one group of two in L_inf"
NONNEGATIVE: dict[str, Formula] = {"no negative entries": conj(X[0] >= 0, X[1] >= 0)}


def supremum(hypotheses: dict[str, Formula]) -> Forall:
    """|max(x1, x2)| = max(|x1|, |x2|)."""
    return Forall(VALUES, hypotheses, equals(absolute(maximum(*X)), maximum(absolute(X[0]), absolute(X[1]))), size=2)


def forward(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All inputs, or those without negative entries; equal entries are no counterexample."""
    x = X[0]
    tie = equals(absolute(maximum(x, x)), maximum(absolute(x), absolute(x)))
    return [
        supremum(NONNEGATIVE if variant.repaired else {}),
        Forall("minimal: equal entries are no counterexample", {}, tie, size=1),
    ]


def one_more(variant: Variant) -> Forall:
    """The maximum m of other entries, which is the largest of their absolute values, and one more entry x."""
    m, x = var("m"), var("x")
    hypotheses: dict[str, Formula] = {"others": m >= 0}
    if variant.keeps("no negative entries"):
        hypotheses["no negative entries"] = x >= 0
    kept = conj(equals(maximum(m, x), maximum(m, absolute(x))), maximum(m, x) >= 0)
    return Forall("L_inf, one more entry", hypotheses, kept, size=1)


def lost() -> Forall:
    """In the 2-norm a group with two positive entries loses."""
    positive: dict[str, Formula] = {"positive": conj(X[0] > 0, X[1] >= X[0])}
    return Forall("the 2-norm is lost", positive, conj(equals(maximum(*X), X[1]), X[1] ** 2 < X[0] ** 2 + X[1] ** 2),
                  size=2)  # fmt: skip


def nonnegative(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both sentences for inputs without negative entries."""
    return [one_more(variant), lost()]


SNIPPET = """\
from fractions import Fraction as F
x = [F(0), F(-1)]
image, norm = [max(x)], max(abs(t) for t in x)
print("maxout of", x, "is", image, ": L_inf norms", abs(image[0]), norm)
assert abs(image[0]) != norm
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.linf_values",
        source=SOURCE,
        printed=PRINTED,
        statement="||maxout(x)||_∞ = ||x||_∞ for all x.",
        reading="norm-preserving for values, forward",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=forward,
        scope="one group",
        covers_all=True,
        repairs={"no negative entries": Variant(repaired=True)},
        counterexamples={VALUES: {"x1": "0", "x2": "-1"}},
        near_misses=(
            NearMiss(VALUES, {"x1": "1", "x2": "-1"}, "the largest absolute value is that of the maximum, too"),
            NearMiss(VALUES, {"x1": "-2", "x2": "-2"}, "equal entries"),
        ),
        minimality="one group of two; a group of one is kept, and equal entries are no counterexample",
        short="maxout loses the L_∞ norm of values at (0, -1); without negative entries it keeps it",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.nonnegative",
        argument="proof.md#values",
        notes="GroupSort preserves every norm forward as well, since it only rearranges; maxout drops entries.",
    ),
    Claim(
        id=f"{ROW}.nonnegative",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "For all x without negative entries ||maxout(x)||_∞ = ||x||_∞; but ||maxout(x)||_2 < ||x||_2 as soon as a "
            "group has two positive entries."
        ),
        reading="values, forward, without negative entries: here both printed sentences are right",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=nonnegative,
        scope="all nonnegative reals, every group size and number of groups",
        covers_all=True,
        hypotheses={"no negative entries": "x >= 0"},
        textbook=(Textbook("induction over the entries of a group", "Peano's axioms"),),
        argument="proof.md#values",
    ),
)
