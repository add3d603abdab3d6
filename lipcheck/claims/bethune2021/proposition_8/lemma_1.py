"""Lemma 1: classifiers that are affine on each of B convex pieces of R^n have VC dimension O((n + 1) B^2).

Known: at least (n + 1) B, and at most 2 (n + 1) D log2(3 D) with D = B(B + 1)/2; exactly 2 B on the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.claims.bethune2021.proposition_8._common import LEMMA, ROW
from lipcheck.claims.bethune2021.proposition_8.intervals import PRINTED, line
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Positive, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


class PartitionError(LipcheckError, ValueError):
    """Data that name no class of classifiers."""


def read(data: Data) -> tuple[str, int, int, int]:
    """(kind of pieces, n, B, number of points that are shattered)."""
    match data:
        case {"kind": "slabs", "dimension": int(n), "pieces": int(b), **rest} if not rest and n >= 1 and b >= 1:
            return "slabs", n, b, (n + 1) * b
        case {"kind": "any sets", "dimension": int(n), "pieces": int(b), "points": int(k), **rest}:
            if not rest and n >= 1 and b >= 2 and k >= 1:
                return "any sets", n, b, k
    raise PartitionError("The data are slabs with a dimension and pieces, or any sets, at least two, with points.")


def dichotomies(b: int) -> int:
    """D: B(B - 1)/2 hyperplanes between the pieces and B affine classifiers."""
    return b * (b + 1) // 2


def within(data: Data, factor: Fraction) -> Examination:
    """Whether k <= factor (n + 1) D log2(3 D), in integers: 2^(q k) <= (3 D)^(p (n + 1) D) for factor = p/q.

    Slabs {j <= x1 < j + 1} have n + 1 affinely independent points each, on which affine classifiers realize every
    labelling. Two sets of any kind, the points of either label, shatter every finite set.
    """
    kind, n, b, k = read(data)
    d = dichotomies(b)
    conclusion = 2 ** (factor.denominator * k) <= (3 * d) ** (factor.numerator * (n + 1) * d)
    return Examination({"convex": kind == "slabs"}, conclusion)


def slab_points(n: int, b: int) -> list[tuple[tuple[Fraction, ...], ...]]:
    """For each slab a corner and n points at 1/2 from it along the axes."""
    half = Fraction(1, 2)
    corners = [(Fraction(4 * j + 1, 4), *(Fraction(0) for _ in range(n - 1))) for j in range(b)]
    return [(c, *(tuple(v + half * (i == k) for i, v in enumerate(c)) for k in range(n))) for c in corners]


def slab_shattered(element: list[int]) -> bool:
    """Every labelling of one slab's points by the affine function with these values; every point in its slab."""
    n, b = element
    slabs = slab_points(n, b)
    if not all(j <= x[0] < j + 1 for j, points in enumerate(slabs) for x in points):
        return False
    for (corner, *others), labels in product(slabs, product((1, -1), repeat=n + 1)):
        slope = [2 * (label - labels[0]) for label in labels[1:]]
        values = [
            labels[0] + sum(s * (v - c) for s, v, c in zip(slope, x, corner, strict=True)) for x in (corner, *others)
        ]
        if values != list(labels):
            return False
    return True


def lower(prefix: str) -> Exhaustive:
    """(n + 1) B points that are shattered."""
    elements = [[n, b] for n in (1, 2, 3) for b in (1, 2, 3)]
    return Exhaustive(
        f"{prefix}(n + 1) B points of slabs",
        "each slab's n + 1 points have every labelling",
        lambda: elements,
        slab_shattered,
    )


def counting(prefix: str) -> list[Obligation]:
    """Growth <= Phi^D with D = B(B + 1)/2, and 2^N > (e N/(n + 1))^((n + 1) D) from N = 2 (n + 1) D log2(3 D) on."""
    D, B, G, P, F, Q = map(var, ("D", "B", "G", "P", "F", "Q"))
    sizes: dict[str, Formula] = {"so far": equals(2 * D, B * (B + 1))}
    product_: dict[str, Formula] = {"counts": conj(G >= 0, F >= 0, G <= P, F <= Q)}
    return [
        Forall(f"{prefix}one more piece: B hyperplanes, one classifier", sizes,
               equals(2 * (D + B + 1), (B + 1) * (B + 2)),
               witness={"B": Fraction(0), "D": Fraction(0)}),
        Forall(f"{prefix}one more dichotomy multiplies the growth", product_, G * F <= P * Q),
        _logarithm(f"{prefix}9 > 2 e log2 3", "2 e log2(3 k) < 9 k at k = 1", True),
        _logarithm(f"{prefix}9 > 2 e", "2 e (log2(3 k + 3) - log2(3 k)) <= 2 e < 9 for k >= 1", False),
    ]  # fmt: skip


def _logarithm(name: str, text: str, first: bool) -> Positive:
    def enclose(bits: int) -> tuple[Fraction, Fraction]:
        import flint

        from lipcheck.readings.ball import enclosure_rational

        with flint.ctx.workprec(bits):
            e = flint.arb(1).exp()
            factor = flint.arb(3).log() / flint.arb(2).log() if first else flint.arb(1)
            return enclosure_rational(9 - 2 * e * factor)

    return Positive(name, text, enclose)


def with_logarithm(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The count, and the classes of slabs, where a factor below 0.63 fails."""
    factor = variant.value("factor", 2)
    examples: list[dict[str, Any]] = [{"kind": "slabs", "dimension": n, "pieces": b} for n in (1, 3) for b in (1, 2, 5)]
    examples.append({"kind": "any sets", "dimension": 1, "pieces": 2, "points": 60})
    text = "the class shatters at most factor (n + 1) D log2(3 D) points"
    return [
        *counting(""),
        Universal("classes", text, lambda data: within(data, factor), lambda: examples, variant.dropped, str(factor)),
    ]


def as_printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """What is known on either side, and the statement, with 8 for the unnamed constant, at classes of slabs."""
    examples: list[dict[str, Any]] = [
        {"kind": "slabs", "dimension": n, "pieces": b} for n in (1, 2, 5) for b in (1, 2, 9)
    ]

    def examine(data: Data) -> Examination:
        kind, n, b, k = read(data)
        return Examination({"convex": kind == "slabs"}, k <= 8 * (n + 1) * b * b)

    return [
        Universal("classes", "the class shatters at most 8 (n + 1) B^2 points", examine, lambda: examples),
        lower("known: "),
        line("known: "),
        *counting("known: "),
    ]


SAUER = Textbook(
    "a class of VC dimension d has growth at most (e N/d)^d for N >= d; affine classifiers of R^n have d = n + 1",
    "Sauer (1972), Shelah (1972); Shalev-Shwartz and Ben-David, Understanding Machine Learning, lemma 6.10",
)
SEPARATION = Textbook(
    "two finite sets with disjoint convex hulls are strictly separated by a hyperplane",
    "Rockafellar, Convex Analysis, corollary 11.4.2",
)

CLAIMS = (
    Claim(
        id=f"{ROW}.lemma_1",
        source=LEMMA,
        printed=PRINTED,
        statement="There is a constant C such that for all n and B the class of all classifiers of R^n that are "
        "affine on each piece of some partition of R^n into B convex sets has VC dimension at most C (n + 1) B^2.",
        expected=Verdict.UNKNOWN,
        obligations=as_printed,
        scope="all n and B; partitions may be chosen freely",
        covers_all=False,
        open_because="the printed count gives O((n + 1) B^2 log B), and no example is known above the order n B log B "
        "(so many for n >= 4, from intersections of half-spaces). It holds on the line (2 B) and in the plane "
        "(O(B log B)). For n >= 3 a bound o(B^2/log B) on the degrees of freedom of convex partitions that are not "
        "regular (no power diagrams) would settle it.",
        textbook=(SAUER, SEPARATION),
        argument="proof.md#lemma-1",
        depends_on=(f"{ROW}.polytopes_interior",),
        notes="The printed proof does not prove it: see .lemma_1_proof. Proposition 8 does not need it: see the "
        "main claim.",
    ),
    Claim(
        id=f"{ROW}.lemma_1_log",
        source=LEMMA,
        printed=PRINTED,
        reading="repaired: with the logarithm that the printed count gives",
        variant_of=f"{ROW}.lemma_1",
        statement="For all n and B the class of Lemma 1 has VC dimension at most 2 (n + 1) D log2(3 D), D = B(B + "
        "1)/2: O((n + 1) B^2 log(B + 1)).",
        expected=Verdict.PROVED,
        obligations=with_logarithm,
        scope="all n and B; partitions may be chosen freely, boundaries too",
        covers_all=True,
        hypotheses={"convex": "the pieces are convex"},
        mutants={"a quarter of it": Variant(constants={"factor": Fraction(1, 2)})},
        textbook=(SAUER, SEPARATION),
        argument="proof.md#lemma-1-with-a-logarithm",
    ),
)
