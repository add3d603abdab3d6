"""Lemma 1 in the plane: VC = O(B log B), since disjoint convex sets in the plane need few sides to be told apart.

B >= 3 disjoint compact convex sets lie in convex polygons with disjoint interiors and at most 6 B - 9 sides in all. So
6 B - 9 + B = 7 B - 9 dichotomies by affine classifiers decide the labels of finitely many points, together with the
number of sides of each polygon: at most 2^(7 B - 9) choices, which Cover's number of dichotomies makes up for.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from math import comb
from typing import Any

from lipcheck.claims.bethune2021.proposition_8._common import LEMMA, ROW
from lipcheck.claims.bethune2021.proposition_8.intervals import PRINTED
from lipcheck.claims.bethune2021.proposition_8.lemma_1 import SAUER, counting, read
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Positive, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

CUBE_OF_E = 20
"""Below e^3 = 20.08..."""


def within(data: Data, factor: Fraction) -> Examination:
    """Whether k <= factor B log2(21 B), in integers: 2^(q k) <= (21 B)^(p B) for factor = p/q."""
    kind, n, b, k = read(data)
    conclusion = 2 ** (factor.denominator * k) <= (21 * b) ** (factor.numerator * b)
    return Examination({"convex": kind == "slabs", "plane": n == 2, "B": b >= 3}, conclusion)


def dichotomies() -> list[Obligation]:
    """6 B - 9 sides and B classifiers are at most 7 B dichotomies, each of them with a factor 2 to spare.

    B numbers of sides with the sum at most 6 B - 9 are C(7 B - 9, B) <= 2^(7 B - 9) choices. N points have at most
    N^2 - N + 2 dichotomies by lines, and 2 (N^2 - N + 2) <= 20/27 N^3 <= (e N/3)^3 for N >= 3.
    """
    b, N = var("b"), var("N")

    def choices(pieces: int) -> bool:
        total = 6 * pieces - 9
        ways = [1] + [0] * total
        for _ in range(pieces):
            ways = list(accumulate(ways))
        return sum(ways) == comb(7 * pieces - 9, pieces) and comb(7 * pieces - 9, pieces) <= 1 << (7 * pieces - 9)

    return [
        Forall("sides and classifiers", {"B": b >= 3}, 6 * b - 9 + b <= 7 * b),
        Exhaustive("numbers of sides", "C(7 B - 9, B) choices of B numbers of sides", lambda: range(3, 9), choices),
        Forall("twice Cover's number", {"N": N >= 3}, 27 * 2 * (N * N - N + 2) <= CUBE_OF_E * N * N * N),
        _cube_of_e(),
    ]


def _cube_of_e() -> Positive:
    def enclose(bits: int) -> tuple[Fraction, Fraction]:
        import flint

        from lipcheck.readings.ball import enclosure_rational

        with flint.ctx.workprec(bits):
            return enclosure_rational(flint.arb(3).exp() - CUBE_OF_E)

    return Positive(f"e^3 > {CUBE_OF_E}", f"{CUBE_OF_E}/27 N^3 <= (e N/3)^3", enclose)


def squares() -> list[Obligation]:
    """21 B <= 4^B = q from B = 3 on, so log2(21 B) <= 2 B and 42 B log2(21 B) <= 28 (n + 1) B^2 with n = 2."""
    b, q, log = var("b"), var("q"), var("log")
    step: dict[str, Formula] = {"so far": 21 * b <= q, "B": b >= 1}
    bound: dict[str, Formula] = {"logarithm": log <= 2 * b, "B": b >= 3}
    return [
        Exhaustive("21 B <= 4^B at B = 3", "63 <= 64", lambda: [3], lambda k: 21 * k <= 4**k),
        Forall("21 B <= 4^B, one more piece", step, 21 * (b + 1) <= 4 * q),
        Forall("B log B against B^2", bound, 42 * b * log <= 28 * 3 * b * b),
    ]


def in_the_plane(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The count with 7 B dichotomies, VC <= 2 (n + 1) 7 B log2(21 B), and classes of slabs."""
    factor = variant.value("factor", 42)
    examples: list[dict[str, Any]] = [{"kind": "slabs", "dimension": 2, "pieces": b} for b in (3, 4, 12)]
    examples.append({"kind": "any sets", "dimension": 2, "pieces": 3, "points": 800})
    text = "the class shatters at most factor B log2(21 B) points"
    classes = Universal(
        "classes", text, lambda data: within(data, factor), lambda: examples, variant.dropped, str(factor)
    )
    return [*counting("")[1:], *dichotomies(), *squares(), classes]


CLAIMS = (
    Claim(
        id=f"{ROW}.lemma_1_plane",
        source=LEMMA,
        printed=PRINTED,
        reading="repaired: n = 2, with the order B log B",
        variant_of=f"{ROW}.lemma_1",
        statement="For n = 2 and B >= 3 the class of Lemma 1 has VC dimension at most 42 B log2(21 B), which is at "
        "most 28 (n + 1) B^2.",
        expected=Verdict.PROVED,
        obligations=in_the_plane,
        scope="n = 2, all B >= 3; for B = 1, 2 see the bound with a logarithm",
        covers_all=True,
        hypotheses={"convex": "the pieces are convex"},
        mutants={"a quarter of B log2(21 B)": Variant(constants={"factor": Fraction(1, 4)})},
        textbook=(
            SAUER,
            Textbook(
                "N points of the plane have at most 2 sum over i <= 2 of C(N - 1, i) = N^2 - N + 2 dichotomies by "
                "lines",
                "Cover (1965)",
            ),
            Textbook(
                "B >= 3 disjoint compact convex sets in the plane lie in non-overlapping convex polygons with at "
                "most 6 B - 9 sides in all",
                "Edelsbrunner, Robison, Shen, Covering convex sets with non-overlapping polygons, Discrete Math. 81 "
                "(1990)",
            ),
        ),
        argument="proof.md#lemma-1-in-the-plane",
    ),
)
