"""Lemma 1 on the line: B intervals with a threshold classifier each have VC dimension 2 B."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product

from lipcheck.claims.bethune2021.proposition_8._common import LEMMA, ROW
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

PRINTED = (
    "Lemma 1 (Piecewise affine function). Let H a class of classifiers that are piecewise affine, such that the "
    "pieces form a convex partition of R^n with B pieces (each piece of the partition is a convex set). Then we "
    "have: VC_dim(H) = O((n+1)B^2)"
)


def fewest(labels: Sequence[int]) -> int:
    """The least number of intervals with a threshold classifier each that realize the labels from left to right."""
    best = [0]
    for end in range(1, len(labels) + 1):
        starts = [s for s in range(end) if sum(a != b for a, b in pairwise(labels[s:end])) <= 1]
        best.append(1 + min(best[s] for s in starts))
    return best[-1]


def line(prefix: str) -> Exhaustive:
    """n = 1: B intervals realize every labelling of 2 B points, and not the alternating one of 2 B + 1 points."""

    def holds(b: int) -> bool:
        every = max(fewest(labels) for labels in product((1, -1), repeat=2 * b))
        return every == b and fewest([(-1) ** i for i in range(2 * b + 1)]) == b + 1

    return Exhaustive(
        f"{prefix}on the line VC = 2 B", "2 B points are shattered, 2 B + 1 are not", lambda: [1, 2, 3, 4], holds
    )


def change() -> Forall:
    """On the line: changes of sign so far <= 2 b - 1; one more interval adds one at its start and one inside."""
    c, b, more, cut = map(var, ("c", "b", "more", "cut"))
    hypotheses: dict[str, Formula] = {"so far": c <= 2 * b - 1, "inside": more <= 1, "at its start": cut <= 1}
    return Forall("sign changes, one more interval", hypotheses, c + more + cut <= 2 * (b + 1) - 1)


def on_the_line(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """n = 1: sign changes, and all labellings for small B."""
    bound = variant.value("points", 2)

    def holds(b: int) -> bool:
        k = int(bound * b)
        return (
            max(fewest(labels) for labels in product((1, -1), repeat=k))
            <= b
            < fewest([(-1) ** i for i in range(k + 1)])
        )

    return [
        change(),
        line(""),
        Exhaustive(
            "points times B", "so many points are shattered, and one more is not", lambda: [1, 2, 3], holds, str(bound)
        ),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.lemma_1_line",
        source=LEMMA,
        printed=PRINTED,
        reading="repaired: n = 1, with the exact value",
        variant_of=f"{ROW}.lemma_1",
        statement="For n = 1 and every B >= 1 the class of Lemma 1 has VC dimension 2 B.",
        expected=Verdict.PROVED,
        obligations=on_the_line,
        scope="all B",
        covers_all=True,
        mutants={"3 B": Variant(constants={"points": Fraction(3)}), "B": Variant(constants={"points": Fraction(1)})},
        textbook=(Textbook("induction over the intervals", "Peano's axioms"),),
        argument="proof.md#lemma-1",
    ),
)
