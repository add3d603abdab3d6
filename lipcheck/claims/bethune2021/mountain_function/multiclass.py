"""Definition 4: "f_k(x) = d(x, frontier) if d(x, A_k) < d(x, A_l) for all l != k, 0 otherwise".

The print's frontier has "= argmin_m d(x, A_m)", which is a class and no distance; min is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.mountain_function import _line as line
from lipcheck.claims.bethune2021.mountain_function.definition import ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix A, Definition 4, equation 13"
PRINTED = (
    "Let c : X → {1, 2, ..., K} be any classifier with closed pre-images. Let Ā_k = c^{−1}({k}). Let ∂ = {x ∈ R^n | ∃k "
    "≠ l, d(x, Ā_k) = d(x, Ā_l) = arg min_m d(x, Ā_m)}. We define f : R^n → R^K as follow: f_k(x) = d(x, ∂) if d(x, "
    "Ā_k) < d(x, Ā_l) for all l ≠ k, 0 otherwise."
)
NONE_TIES = {"A": ["-3"], "B": ["3"]}
ONE_OCCURS: dict[str, list[str]] = {"A": ["0"], "B": []}

SNIPPET = """\
A = {1: [-3], 2: [3]}                                            # K = 2 classes of one point each
d = lambda x, k: min(abs(x - a) for a in A[k])
ties = [x for x in range(-9, 10) if d(x, 1) == d(x, 2)]          # only x = 0 is as far from -3 as from 3
arg_min = {k for k in A if d(0, k) == min(d(0, 1), d(0, 2))}
print("ties:", ties, " distance there:", d(0, 1), " arg min there:", arg_min)
assert ties == [0] and d(0, 1) not in arg_min                    # so no x is in the printed frontier
"""


def two_occur(variant: Variant) -> Universal:
    """K finite classes on the line, empty ones among them: is there a tie of two nearest ones?"""

    def examine(given: Any) -> Examination:
        occurring = tuple(members for members in line.read(given)[0] if members)
        hypotheses = {"two_occur": len(occurring) >= 2, "disjoint": line.disjoint(occurring)}
        if not hypotheses["disjoint"]:
            return Examination(hypotheses, False)
        return Examination(hypotheses, len(occurring) > 0 and bool(line.frontier(occurring)))

    text = "the frontier is not empty, so that d(x, frontier) has a value"
    return Universal("some tie", text, examine, lambda: [ONE_OCCURS], variant.dropped)


def defined(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Two classes k, l of any number: f_k and f_l are not both positive; all K on the line for small classes."""
    k, l, d, fk, fl = map(var, ("d_k", "d_l", "d", "f_k", "f_l"))  # noqa: E741
    strictly = variant.keeps("strict")
    rule = conj(
        disj(conj(k < l if strictly else k <= l, equals(fk, d)), equals(fk, 0)),
        disj(conj(l < k if strictly else l <= k, equals(fl, d)), equals(fl, 0)),
    )

    def holds(element: Sequence[Sequence[str]]) -> bool:
        found = line.classes_of(element)
        ties = line.frontier(found)
        place = [Fraction(j, 4) for j in range(-4, 17)]
        return bool(ties) and all(
            [v > 0 for v in line.heights(x, found)] == [line.nearest(x, found) == [j] for j in range(len(found))]
            and sum(line.heights(x, found)) == line.distance(x, ties)
            for x in place
        )

    text = "f_k > 0 where class k alone is nearest, f_k = 0 elsewhere, and the sum of all f_k is d(x, frontier)"
    return [
        Forall("at most one is positive", {"equation 13": rule, "d": d >= 0}, disj(equals(fk, 0), equals(fl, 0))),
        two_occur(variant),
        *lemmas.with_ci(
            budget,
            lemmas.distances(),
            Exhaustive("three classes in {0, 1, 2, 3}", text, lambda: line.labelled(4, 3), holds, [4, 3]),
            Exhaustive("two classes in {0, 1, 2}", text, lambda: line.labelled(3, 2), holds, [3, 2]),
        ),
    ]


def literal(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The printed frontier is not empty for non-empty classes on the line: a tie whose distance is a nearest class."""

    def examine(given: Any) -> Examination:
        found, _ = line.read(given)
        hypotheses = {"non-empty": all(found), "disjoint": line.disjoint(found)}
        if not all(hypotheses.values()):
            return Examination(hypotheses, False)
        if variant.repaired:
            return Examination(hypotheses, bool(line.frontier(found)))
        return Examination(hypotheses, any(_ties(x, found) for x in _middles(found)))

    word = "min" if variant.repaired else "arg min"
    text = f"some x has d(x, A_k) = d(x, A_l) = {word}_m d(x, A_m) with k != l, so that d(x, frontier) has a value"
    return [Universal("the frontier", text, examine, lambda: [NONE_TIES], parameters=[variant.repaired])]


def _middles(found: line.Classes) -> set[Fraction]:
    """Where two classes are equally far at all: between two points of different classes, half-way."""
    return {(a + b) / 2 for one, other in combinations(found, 2) for a in one for b in other}


def _ties(x: Fraction, found: line.Classes) -> bool:
    """Whether two classes are as far as the number of a nearest class, which is what the print says."""
    away = [line.distance(x, members) for members in found]
    numbers = {Fraction(k + 1) for k in line.nearest(x, found)}
    return any(a == b and a in numbers for a, b in combinations(away, 2))


def two_classes(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """K = 2: f_1 - f_2 is equation 10."""
    a, b, d, one, other, f = map(var, ("d_A", "d_B", "d", "f_1", "f_2", "f"))
    rule = disj(conj(b >= a, equals(f, d)), conj(b < a, equals(f, -d)))
    pair = conj(
        disj(conj(a < b, equals(one, d)), conj(a >= b, equals(one, 0))),
        disj(conj(b < a, equals(other, d)), conj(b >= a, equals(other, 0))),
    )
    ties = lemmas.kept(variant, frontier=disj(a < b, b < a, equals(d, 0)))

    def holds(element: Sequence[Sequence[str]]) -> bool:
        found = line.classes_of(element)
        place = [Fraction(j, 4) for j in range(-4, 17)]
        pairs = [(line.heights(x, found), line.height(x, found)) for x in place]
        return all(v[0] - v[1] == h for v, h in pairs)

    text = "f_1 - f_2 = f at all multiples of 1/4"
    return [
        Forall("the difference", {"equation 10": rule, "equation 13": pair, **ties}, equals(one - other, f)),
        *lemmas.with_ci(
            budget, Exhaustive("classes in {0, 1, 2, 3}", text, lambda: line.labelled(4, 2), holds, [4, 2])
        ),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.multiclass",
        source=SOURCE,
        printed=PRINTED,
        reading="min for the print's arg min; at least two classes, none of them empty",
        statement="For K >= 2 disjoint closed non-empty classes the frontier is closed and not empty, and equation 13 "
        "defines f : R^n -> R^K with f_k(x) = d(x, frontier) > 0 where class k alone is nearest, and f_k(x) = 0 "
        "elsewhere; so at most one f_k(x) is not 0, and all are exactly on the frontier.",
        expected=Verdict.PROVED,
        obligations=defined,
        scope="all n, all K >= 2, all disjoint closed non-empty classes",
        covers_all=True,
        hypotheses={
            "strict": "class k alone is nearest where f_k is d(x, frontier)",
            "two_occur": "two classes at least are not empty",
        },
        textbook=(lemmas.NEAREST, lemmas.CONNECTED),
        argument="proof.md#definition-4",
        depends_on=(ROW,),
    ),
    Claim(
        id=f"{ROW}.argmin",
        short="Definition 4 equates distances with an arg min, a class; min is meant",
        source=SOURCE,
        printed=PRINTED,
        variant_of=f"{ROW}.multiclass",
        reading="as printed: a distance equals arg min_m d(x, A_m), the number of a nearest class",
        statement="For disjoint non-empty classes some x has d(x, A_k) = d(x, A_l) in arg min_m d(x, A_m) with k != l, "
        "so that d(x, frontier) has a value.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=literal,
        scope="finite classes on the line",
        covers_all=True,
        repairs={"min": Variant(repaired=True)},
        counterexamples={"the frontier": NONE_TIES},
        near_misses=(
            NearMiss("the frontier", {"A": ["-1"], "B": ["1"]}, "the distance 1 of the tie is the number of a class"),
            NearMiss("the frontier", {"A": ["-3"], "B": []}, "an empty class"),
        ),
        minimality="two classes of one point each",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.multiclass",
        argument="proof.md#arg-min-for-min",
    ),
    Claim(
        id=f"{ROW}.two_classes",
        source="Béthune et al. 2021, arXiv 2104.05097v2, appendix A, sentence before Definition 4",
        printed="For the case K > 2 we must slightly change the definition to prove Proposition 2.",
        reading="how slight: for K = 2 the two definitions carry the same numbers",
        statement="For K = 2 classes A and B the two functions of definition 4 differ by the one of definition 3: f_1 "
        "- f_2 = f, f_1 = max(f, 0), f_2 = max(-f, 0).",
        expected=Verdict.PROVED,
        obligations=two_classes,
        scope="all n, all disjoint closed non-empty A and B",
        covers_all=True,
        hypotheses={"frontier": "d(x, frontier) = 0 where the two distances are equal"},
        argument="proof.md#two-classes",
        depends_on=(ROW, f"{ROW}.multiclass"),
    ),
)
