"""Proposition 1: "For any binary classifier with closed pre-images there exists a 1-Lipschitz function f ..."

It holds for every classifier, constant ones included, and |grad f| = 1 almost everywhere, as frontiers are null sets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.proposition_1"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 3.1, Proposition 1"
PRINTED = (
    "For any binary classifier c : X → Y with closed pre-images (c^{−1}({y}) is a closed set for any y ∈ Y) there "
    "exists a 1-Lipschitz function f : R^n → R such that sign(f(x)) = c(x) on X. Moreover we have ∥∇_x f∥_2 = 1 almost "
    "everywhere (w.r.t Lebesgue measure). Note that the classifier c does not need to be defined everywhere on R^n, "
    "while f is."
)
TOUCHING = {"A": ["[", "0", "1", "]"], "B": ["(", "1", "2", "]"]}


class IntervalError(LipcheckError, ValueError):
    """Data that describe no bounded interval."""


def _interval(given: Any) -> tuple[Fraction, Fraction, bool, bool]:
    """(left, right, left end included, right end included)."""
    if not (isinstance(given, list) and len(given) == 4 and given[0] in ("[", "(") and given[3] in ("]", ")")):
        raise IntervalError('an interval is written ["[", "0", "1", ")"]')
    left, right = parse(given[1]), parse(given[2])
    if not left < right:
        raise IntervalError("an interval has two different ends, in order")
    return left, right, given[0] == "[", given[3] == "]"


def _meet(one: tuple[Fraction, Fraction, bool, bool], other: tuple[Fraction, Fraction, bool, bool]) -> bool:
    """Whether two intervals have a common point."""
    if max(one[0], other[0]) != min(one[1], other[1]):
        return max(one[0], other[0]) < min(one[1], other[1])
    return (one[3] and other[2]) if one[1] == other[0] else (other[3] and one[2])


def intervals(variant: Variant) -> Universal:
    """A and B are intervals. A continuous f > 0 on A is >= 0 on its closure, so that the closure must miss B."""

    def examine(given: Any) -> Examination:
        if not isinstance(given, Mapping) or set(given) != {"A", "B"}:
            raise IntervalError("give the intervals A and B")
        a, b = _interval(given["A"]), _interval(given["B"])
        closures = (*a[:2], True, True), (*b[:2], True, True)
        hypotheses = {"closed": all(a[2:]) and all(b[2:]), "c is a function": not _meet(a, b)}
        return Examination(hypotheses, not _meet(closures[0], b) and not _meet(a, closures[1]))

    text = "some continuous f is positive on A and negative on B"
    return Universal("intervals", text, examine, lambda: [TOUCHING], variant.dropped)


def one_class() -> Forall:
    """f = c (1 + d(x, Z^n)) for a constant classifier: the right sign, and |f(x) - f(y)| = |d(x) - d(y)|."""
    c, d_x, d_y, step = map(var, ("c", "d_x", "d_y", "step"))
    given: dict[str, Formula] = {
        "c": disj(equals(c, 1), equals(c, -1)),
        "d": conj(d_x >= 0, d_y >= 0, d_x - d_y <= step, d_y - d_x <= step),
    }
    f_x, f_y = c * (1 + d_x), c * (1 + d_y)
    return Forall("constant classifiers", given, conj(c * f_x > 0, absolute(f_x - f_y) <= step))


def exists(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Definition 3: signs, two points, the gradient off the frontier, the frontier; and constant classifiers."""
    return [
        intervals(variant),
        lemmas.on_the_classes(variant),
        lemmas.two_points(variant),
        lemmas.gradient(variant if not variant.dropped else Variant()),
        *lemmas.with_ci(
            budget,
            lemmas.sides(Variant()),
            lemmas.distances(),
            lemmas.segment(Variant()),
            lemmas.descent(),
            lemmas.null_set(Variant()),
            one_class(),
        ),
    ]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="For every X in R^n and every c : X -> {-1, +1} whose pre-images are closed in R^n there is a "
        "1-Lipschitz f : R^n -> R (2-norm) with sign(f(x)) = c(x) on X and |grad f(x)|_2 = 1 for almost every x.",
        expected=Verdict.PROVED,
        obligations=exists,
        scope="all n >= 1, all classifiers with closed pre-images, constant ones included",
        covers_all=True,
        hypotheses={"closed": "the pre-images are closed in R^n"},
        constants={
            "lipschitz": Constant(Fraction(1), mutated=Fraction(99, 100), words="the Lipschitz constant of f"),
            "gradient": Constant(Fraction(1), mutated=Fraction(101, 100), words="the square of |grad f|"),
        },
        textbook=(lemmas.NEAREST, lemmas.INTERMEDIATE, lemmas.RADEMACHER, lemmas.DENSITY),
        argument="proof.md#the-proposition",
        depends_on=("bethune2021.mountain_function",),
        notes="The printed proof leaves gaps that can be closed: see the claims named proof. For one class, where "
        "definition 3 defines nothing, f = c (1 + d(x, Z^n)) has the three properties.",
    ),
)
