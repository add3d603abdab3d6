"""Appendix B.1: "By subtracting this gradient from the weight matrices they push them closer to the Stiefel manifold."

Only where b s (s + 1) < 2 for every singular value s: [3] goes to [-9] at b = 1/2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.parseval._update import (
    B1,
    ROW,
    ParsevalError,
    eigenvector,
    factorization,
    moved,
    z,
)
from lipcheck.claims.anil2019.parseval.gradient import PRINTED
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Hint, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


def nearer(variant: Variant) -> Universal:
    """| |f(s)| - 1 | < |s - 1| for s > 0, s != 1, b > 0; repaired: where b s (s + 1) < 2."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, dict) or set(data) != {"singular_value", "beta"}:
            raise ParsevalError("the data have exactly the entries singular_value and beta")
        value, beta = parse(data["singular_value"]), parse(data["beta"])
        hypotheses = {"positive": value > 0 and beta > 0, "not one": value != 1}
        if variant.repaired:
            hypotheses["small step"] = beta * value * (value + 1) < 2
        return Examination(hypotheses, abs(abs(moved(value, beta)) - 1) < abs(value - 1))

    text = "the update brings every positive singular value but 1 closer to 1"
    candidates = [{"singular_value": "3", "beta": "1/2"}]
    return Universal("closer", text, examine, lambda: candidates, variant.dropped, [variant.repaired])


def closer_step(variant: Variant) -> Forall:
    """|(1 - z) d| < |d| for d != 0 and 0 < z < 2."""
    d = var("d")
    hypotheses: dict[str, Formula] = {"apart": disj(d > 0, d < 0), "positive": z > 0}
    if variant.keeps("small step"):
        hypotheses["small step"] = z < variant.value("bound", 2)
    return Forall("contraction", hypotheses, ((1 - z) * d) ** 2 < d * d, hint=Hint(4))


def reflect() -> Forall:
    """| |f| - 1 | <= |f - 1|."""
    f, a = var("f"), var("a")
    size = disj(conj(equals(a, f), f >= 0), conj(equals(a, -f), f <= 0))
    return Forall("sizes", {"size": size}, disj(equals(a, f), conj(a - 1 <= 1 - f, a - 1 >= f - 1)))


def closer(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Singular values, and the two factorizations."""
    return [
        factorization(),
        eigenvector(),
        closer_step(variant),
        reflect(),
        nearer(Variant(variant.dropped, repaired=True)),
    ]


FAR = {"singular_value": "3", "beta": "1/2"}

CLAIMS = (
    Claim(
        id=f"{ROW}.closer",
        short="a step that is too large leads away: [3] goes to [-9] at b = 1/2; closer where b s (s + 1) < 2",
        source=B1,
        printed=PRINTED,
        statement="For every b > 0, the update brings every singular value s > 0, s != 1, closer to 1.",
        reading="'push them closer to the Stiefel manifold', for every W and b",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=lambda variant, budget: [nearer(variant)],
        scope="all singular values, all beta > 0",
        covers_all=True,
        repairs={"b s (s + 1) < 2": Variant(repaired=True)},
        counterexamples={"closer": FAR},
        near_misses=(
            NearMiss("closer", {"singular_value": "2", "beta": "1/2"}, "2 goes to -1, whose size is 1"),
            NearMiss("closer", {"singular_value": "1", "beta": "1/2"}, "on the manifold"),
            NearMiss("closer", {"singular_value": "3", "beta": "1/10000"}, "a small step"),
        ),
        minimality="one row, one column; 3 is the least natural number that fails for beta = 1/2",
        snippet=(
            "from fractions import Fraction as F\n"
            "b, s = F(1, 2), F(3)             # the matrix [3]\n"
            "after = s * (1 + b) - b * s ** 3\n"
            "print(s, '->', after)\n"
            "assert abs(abs(after) - 1) > abs(s - 1)"
        ),
        repaired_by=f"{ROW}.closer_small_step",
        argument="proof.md#closer",
    ),
    Claim(
        id=f"{ROW}.closer_small_step",
        source=B1,
        printed=PRINTED,
        reading="repaired: small steps",
        statement=(
            "If b > 0, s > 0, s != 1 and b s (s + 1) < 2, then | |f(s)| - 1 | < |s - 1|: the update brings the "
            "singular value closer to 1. With the bound c > 2 in place of 2 it need not bring f(s) closer."
        ),
        expected=Verdict.PROVED,
        obligations=closer,
        scope="all singular values and beta that meet the condition, all shapes",
        covers_all=True,
        hypotheses={"small step": "b s (s + 1) < 2"},
        constants={"bound": Constant(Fraction(2), Fraction(101, 50), words="the bound on b s (s + 1)")},
        argument="proof.md#closer",
    ),
)
