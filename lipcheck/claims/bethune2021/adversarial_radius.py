"""Béthune et al. 2021, Definition 2: "For any classifier c, any x in R^n, consider ... delta in argmin ||delta*|| over
c(x + delta*) != c(x) ... and ||delta|| is the robustness radius of x."

Plain reading: the minimum exists for every classifier and every x. It does not where c takes one value only, nor for
c = sign with c(0) = 1 at x = 1, where the attacks are delta < -1. The infimum always exists, in [0, infinity], and is
attained where the points of other classes form a closed set that is not empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.build.line_classifiers import Cells
from lipcheck.claims.bethune2021.corollary_3._line import cells
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.adversarial_radius"
SOURCE = "Béthune et al. 2021, arXiv version with appendices, section 3.2, Definition 2 and equation 1"
PRINTED = (
    "For any classifier c: X → Y, any x ∈ R^n, consider the following problem: δ ∈ arg min_{δ* ∈ R^n, c(x+δ*) ≠ c(x)} "
    "‖δ*‖ (1) δ is an adversarial attack, x̃ = x + δ is an adversarial example, and ‖δ‖ is the robustness radius of x."
)
ONE_CLASS = {"ends": [], "labels": [1], "x": "0"}
OPEN = {"ends": ["0"], "labels": [-1, 1, 1], "x": "1"}


def closed(it: Cells, x: Fraction) -> bool:
    """Whether the points of other classes than that of x form a closed set: each open cell with both of its ends."""
    other = [label != it.label(x) for label in it.labels]
    return all(other[i + d] for i in range(0, len(other), 2) if other[i] for d in (-1, 1) if 0 <= i + d < len(other))


def minimum(variant: Variant) -> Universal:
    """For every classifier on the line with finitely many changes the minimum exists."""

    def examine(data: Any) -> Examination:
        it, x = cells(data), parse(data["x"])
        radius, attained = it.radius(x)
        hypotheses = {"closed": closed(it, x), "two classes": radius is not None} if variant.repaired else {}
        return Examination(hypotheses, attained)

    text = "argmin of ||delta|| over c(x + delta) != c(x) is not empty" + variant.repaired * (
        ", where the points of other classes form a closed set with at least one point"
    )
    return Universal("minimum", text, examine, lambda: [ONE_CLASS, OPEN], variant.dropped, variant.repaired)


def another(variant: Variant) -> Universal:
    """The same for classifiers that take both values."""
    rule = minimum(variant)

    def examine(data: Any) -> Examination:
        found = rule.examine(data)
        both = len(set(cells(data).labels)) == 2
        return Examination({**found.hypotheses, "both values": both}, found.conclusion)

    text = f"{rule.text}, for classifiers that take two values"
    return Universal("minimum, two classes", text, examine, lambda: [OPEN], variant.dropped, variant.repaired)


def threshold(variant: Variant) -> Forall:
    """Below a lower bound of the sizes of all attacks the class is kept; c, c1: the classes at x and x + delta."""
    c, c1, size, radius = map(var, ("c", "c1", "size", "radius"))
    return Forall("below the radius", {"lower bound": disj(equals(c, c1), size >= radius), "small": size < radius},
                  equals(c, c1))  # fmt: skip


def enumerated(count: int, variant: Variant) -> Exhaustive:
    """All two-label classifiers that change at 0, 1, ..., count - 1 at most, at points x on and between the ends."""

    def elements() -> Iterator[list[Any]]:
        for labels in product((-1, 1), repeat=2 * count + 1):
            for twice in range(-2, 2 * count + 1):
                yield [list(labels), twice]

    def holds(element: list[Any]) -> bool:
        labels, twice = element
        it, x = Cells(tuple(map(Fraction, range(count))), tuple(labels)), Fraction(twice, 2)
        radius, attained = it.radius(x)
        if radius is None:
            return set(labels) == {it.label(x)}
        steps = [Fraction(k, 4) for k in range(4 * count + 5)]
        attacks = [s for s in steps for y in (x - s, x + s) if it.label(y) != it.label(x)]
        beyond = Fraction(1, 4)
        found = min(attacks) == radius if attained else radius < min(attacks) <= radius + beyond
        return found and (attained or not closed(it, x))

    text = f"changes at 0, ..., {count - 1}: the radius is the infimum, and attained if other classes are closed"
    return Exhaustive(f"{count} ends", text, elements, holds, parameters=count, size=count)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """As printed, for all classifiers and for those that take two values."""
    return [minimum(variant), another(variant)]


def infimum(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The threshold, and the decision on the line."""
    repaired = Variant(repaired=True, dropped=variant.dropped)
    sizes = (1,) if budget is Budget.SMOKE else (1, 2)
    return [minimum(repaired), threshold(variant), *(enumerated(n, variant) for n in sizes)]


SNIPPET = """\
from fractions import Fraction as F
def c(x): return 1 if x >= 0 else -1
x = F(1)
def shorter(delta): return (delta - 1) / 2      # between delta and -1
delta = F(-2)
for _ in range(20):
    assert c(x + delta) != c(x) and abs(shorter(delta)) < abs(delta)
    delta = shorter(delta)
print("attacks of size", abs(delta), "and less; -1 itself is none:", c(x - 1) == c(x))
assert c(x - 1) == c(x)
"""
HYPOTHESES = {"closed": "the points of other classes form a closed set", "two classes": "there is such a point"}

CLAIMS = (
    Claim(
        id=ROW,
        short="the minimum need not exist (one class; c(0) = 1 for sign at 1); the infimum does",
        source=SOURCE,
        printed=PRINTED,
        statement="For every classifier c on R^n and every x there is a delta of least norm with c(x + delta) != c(x).",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="all classifiers; the counterexamples are on R",
        covers_all=True,
        argument="proof.md#as-printed",
        counterexamples={"minimum": ONE_CLASS, "minimum, two classes": OPEN},
        minimality="dimension one; one class, or one change between two classes",
        near_misses=(
            NearMiss("minimum", {**OPEN, "x": "-1"}, "0 has the other class, so that delta = 1 is the least attack"),
            NearMiss("minimum, two classes", ONE_CLASS, "one class"),
        ),
        repairs={"closed and not empty": Variant(repaired=True)},
        repaired_by=f"{ROW}.infimum",
        snippet=SNIPPET,
        notes="Read as the definition of an infimum it asserts nothing that fails; Property 1 needs no more, while "
        "the attack of Corollary 3 needs the minimum. For c = sign o f with f continuous the points with f < 0 are "
        "open, so that argmin is empty wherever sign(0) counts as +1 and f(x) > 0. Where X is not R^n, c(x + delta*) "
        "has to be defined as well.",
    ),
    Claim(
        id=f"{ROW}.infimum",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: the infimum, infinite where no point has another class",
        statement="For every classifier c on a subset of R^n, every norm and every x in it the infimum r of ||delta|| "
        "over c(x + delta) != c(x) exists in [0, infinity]; every delta with ||delta|| < r keeps the class, and every "
        "number above r bounds the size of some attack. If the points of other classes form a closed set that is not "
        "empty, the infimum is attained.",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=infimum,
        scope="all classifiers, norms and dimensions",
        covers_all=True,
        hypotheses=HYPOTHESES,
        textbook=(
            Textbook("a set of nonnegative numbers has an infimum in [0, infinity]", "completeness of the reals"),
            Textbook("a closed set that is not empty has a point nearest to x in R^n", "Heine-Borel; extreme values"),
        ),
        argument="proof.md#the-infimum",
    ),
)
