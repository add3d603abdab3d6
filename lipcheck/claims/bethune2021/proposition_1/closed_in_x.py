"""Proposition 1 with pre-images that are closed in X only: the zeros of f can have positive measure.

C is what remains of [0, 1] when step m = 1, 2, ... removes the open middle q^m of each of the 2^(m-1) intervals left.
In every gap stands one point of A (at a third of it) and one of B (at two thirds), so that X, the union of A and B, is
discrete, both classes are closed in X, and every point of C is a limit of both. Every continuous f with sign(f)
= c is 0 on C.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.cantor import CantorError, measure, pieces
from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.proposition_1.existence import PRINTED, ROW, SOURCE
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

FAT = {"ratio": "1/4"}
STEPS = range(1, 7)

SNIPPET = """\
from fractions import Fraction as F
q, left, removed = F(1, 4), [(F(0), F(1))], F(0)
for m in range(1, 11):                                           # each gap gets a point of A and a point of B
    gaps = [((a + b - q**m) / 2, (a + b + q**m) / 2) for a, b in left]
    left = [piece for (a, b), (c, d) in zip(left, gaps) for piece in ((a, c), (d, b))]
    removed += sum(d - c for c, d in gaps)
print("removed", float(removed), "never reaches 1/2; longest interval left", float(max(b - a for a, b in left)))
assert removed == F(1, 2) - F(1, 2) ** 11 and all(b > a for a, b in left)
"""


def relatively_closed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The zeros that f is forced to have are a null set; and the first steps of the construction."""

    def examine(given: Any) -> Examination:
        if not isinstance(given, Mapping) or set(given) != {"ratio"}:
            raise CantorError("give the ratio of the gaps")
        size = measure(parse(given["ratio"]))
        # Points of C are limits of both classes and in neither, so that these are closed in X and not in R.
        hypotheses = {"closed in X": True} | ({"closed in R^n": False} if variant.repaired else {})
        return Examination(hypotheses, size == 0)

    def holds(steps: int) -> bool:
        left, gaps = pieces(Fraction(1, 4), steps)
        ends = {end for gap in gaps for end in gap} | {Fraction(0), Fraction(1)}
        length = sum(b - a for a, b in left)
        last = {end for gap in gaps[-(2 ** (steps - 1)) :] for end in gap}
        bordered = all({a, b} <= ends and {a, b} & last and b - a <= Fraction(1, 2**steps) for a, b in left)
        return bordered and length == Fraction(1, 2) + Fraction(1, 2 ** (steps + 1))

    total, ratio = var("total"), var("ratio")
    words = "C, where every continuous f with sign(f) = c on X must vanish, is a null set"
    text = "the intervals left border on a gap of step m, have lengths of at most 2^-m, and 1/2 + 2^-(m+1) in all"
    whole = Forall(
        "the measure of C",
        {"series": equals(total * (1 - 2 * ratio), ratio), "ratio": conj(ratio > 0, 3 * ratio < 1)},
        total < 1,
    )
    return [
        Universal("Cantor sets", words, examine, lambda: [FAT], parameters=[variant.repaired]),
        Exhaustive("ratio 1/4", text, lambda: list(STEPS), holds, [1, len(STEPS)]),
        whole,
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.closed_in_x",
        short="with pre-images closed only in X, |∇f| = 1 a.e. can fail: both classes may cluster on a fat Cantor set",
        source=SOURCE,
        printed=PRINTED,
        variant_of=ROW,
        reading="'closed' as in the topology of X, the domain of c",
        statement="For every c : X -> {-1, +1} whose pre-images are closed in X there is a 1-Lipschitz f : R -> R with "
        "sign(f) = c on X and |f'| = 1 almost everywhere.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=relatively_closed,
        scope="a family of discrete X in [0, 1]",
        covers_all=True,
        textbook=(lemmas.DENSITY, lemmas.RADEMACHER),
        repairs={"closed in R^n": Variant(repaired=True)},
        counterexamples={"Cantor sets": FAT},
        near_misses=(
            NearMiss("Cantor sets", {"ratio": "1/3"}, "Cantor's own set is a null set"),
            NearMiss("Cantor sets", {"ratio": "1/2"}, "the gaps do not fit"),
        ),
        minimality="n = 1; in the family every ratio below 1/3 does, 1/3 does not, and no larger one fits",
        snippet=SNIPPET,
        repaired_by=ROW,
        argument="proof.md#closed-in-x",
        notes="Without the gradient the reading holds: A misses the closure of B and B that of A, so that the height "
        "of definition 3 is 1-Lipschitz with the right signs.",
    ),
)
