"""Definition 3: "Let c be any classifier with closed pre-images ... f(x) = d(x, frontier) if d(x, B) >= d(x, A) ..."

With both classes present this defines a function on R^n with the right signs. With one class alone it defines nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.mountain_function import _line as line
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.mountain_function"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix A, Definition 3, equation 10"
PRINTED = (
    "Let c : X → {−1, +1} be any classifier with closed pre-images. Let Ā = {x ∈ R^n | c(x) = +1} and B̄ = {x ∈ R^n | "
    "c(x) = −1} = X \\ Ā. Let d(x, y) = ∥x − y∥ and d(x, S) = min_{y∈S} d(x, y) the distance to a closed set S. Let ∂ "
    "= {x ∈ R^n | d(x, Ā) = d(x, B̄)}. We define f : R^n → R as follow: f(x) = d(x, ∂) if d(x, B̄) ≥ d(x, Ā), −d(x, ∂) "
    "if d(x, B̄) < d(x, Ā)."
)
HYPOTHESES = {
    "both_occur": "neither class is empty",
    "disjoint": "c has one value at every point of X",
    "closed": "both pre-images are closed in R^n",
}
ALONE = {"A": ["0"], "B": []}
COMMON = {"A": ["0"], "B": ["0"]}

SNIPPET = """\
A, B = [0], []                                                   # X = {0}, c(0) = +1: closed pre-images
def d(x, S):
    return min(abs(x - s) for s in S)                            # "min over y in S"
try:
    print(d(0, A), d(0, B))
    defined = True
except ValueError as problem:
    defined = False
    print("d(0, B) has no value:", problem)
assert not defined
"""


def classes(name: str, variant: Variant) -> Universal:
    """Definition 3 for finite classes on the line: f has a value on X, and the sign of the class there."""

    def examine(given: Any) -> Examination:
        found, _ = line.read(given)
        one, other = found
        hypotheses = {"disjoint": line.disjoint(found), "both_occur": bool(one) and bool(other)}
        try:
            right = all(line.height(x, found) > 0 for x in one) and all(line.height(x, found) < 0 for x in other)
        except line.LineError:
            right = False
        return Examination(hypotheses, right)

    text = "definition 3 gives f a value at every point of X, positive on A and negative on B"
    return Universal(name, text, examine, lambda: [ALONE, COMMON], variant.dropped)


def small_classes() -> Exhaustive:
    """Every pair of disjoint non-empty classes in {0, 1, 2, 3}: signs, zeros and slopes at all multiples of 1/4."""

    def holds(element: Sequence[Sequence[str]]) -> bool:
        found = line.classes_of(element)
        one, other = found
        place = [Fraction(k, 4) for k in range(-4, 17)]
        f = [line.height(x, found) for x in place]
        nearer = [line.distance(x, other) - line.distance(x, one) for x in place]
        signs = all((v > 0, v < 0) == (t > 0, t < 0) for v, t in zip(f, nearer, strict=True))
        return signs and all(abs(v - w) <= Fraction(1, 4) for v, w in pairwise(f))

    text = "f has the sign of the nearer class, is 0 on ties alone, and has slopes of size at most 1"
    return Exhaustive("classes in {0, 1, 2, 3}", text, lambda: line.labelled(4, 2), holds, [4, 2])


def defined(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps for all closed sets, and finite classes on the line from the definition alone."""
    to_a, to_b = var("d_A"), var("d_B")
    apart = lemmas.kept(variant, disjoint=to_a + to_b > 0)
    off = {"distances": conj(to_a >= 0, to_b >= 0), "frontier": equals(to_a, to_b), **apart}
    return [
        Forall("the frontier misses both classes", off, conj(to_a > 0, to_b > 0)),
        classes("classes on the line", variant),
        lemmas.on_the_classes(variant),
        *lemmas.with_ci(
            budget,
            lemmas.distances(),
            lemmas.sides(Variant()),
            small_classes(),
        ),
    ]


def any_classifier(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """As printed, with no word about empty classes; and that for X = R^n no value of d(x, empty set) helps."""
    to_a, missing = var("d_A"), var("missing")
    tie_or_not = disj(conj(equals(missing, 0), equals(to_a, missing)), to_a < missing)
    return [
        classes("classes on the line", Variant() if variant.repaired else Variant(frozenset({"both_occur"}))),
        Forall("all of R^n ties or none of it", {"X": equals(to_a, 0), "convention": missing >= 0}, tie_or_not),
    ]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        reading="both classes occur, as being equidistant to both supposes",
        statement="For disjoint closed non-empty A, B in R^n the minima exist, the set of ties is closed, not empty "
        "and misses A and B, and equation 10 defines f on R^n: positive exactly where A is nearer, negative exactly "
        "where B is, zero exactly on ties. So f > 0 on A and f < 0 on B.",
        expected=Verdict.PROVED,
        obligations=defined,
        scope="all n >= 1, all disjoint closed non-empty A and B in R^n",
        covers_all=True,
        hypotheses=HYPOTHESES,
        textbook=(lemmas.NEAREST, lemmas.INTERMEDIATE),
        argument="proof.md#definition-3",
        notes="B = X \\ A is meant inside X. The set of ties is a level set of a continuous function, hence closed.",
    ),
    Claim(
        id=f"{ROW}.constant_classifier",
        short="Definition 3 defines nothing for a classifier with one class; both classes must occur",
        source=SOURCE,
        printed=PRINTED,
        variant_of=ROW,
        reading="'any classifier with closed pre-images', constant ones included (the empty set is closed)",
        statement="For every classifier with closed pre-images on a non-empty X, equation 10 gives f a real value at "
        "every point of X, with sign(f) = c.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=any_classifier,
        scope="all finite X on the line",
        covers_all=True,
        repairs={"both classes occur": Variant(repaired=True)},
        counterexamples={"classes on the line": ALONE},
        near_misses=(
            NearMiss("classes on the line", {"A": ["0"], "B": ["1"]}, "both classes occur"),
            NearMiss("classes on the line", COMMON, "no classifier: 0 has two labels"),
        ),
        minimality="one point, the fewest of a non-empty X",
        snippet=SNIPPET,
        repaired_by=ROW,
        argument="proof.md#a-constant-classifier",
        notes="With d(x, empty set) = infinity no point ties, and d(x, frontier) has no value again. If X = R^n, no "
        "other convention helps: all points tie or none. Proposition 1 itself stays true: take f = c (1 + d(x, Z^n)).",
    ),
)
