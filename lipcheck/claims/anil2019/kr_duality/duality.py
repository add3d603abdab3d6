"""Equation 2 (ICML: equation 1): W(P1, P2) = sup over 1-Lipschitz f of E_P1 f - E_P2 f.

Plain reading: W is the least cost of a coupling, X a complete separable metric space. The formula holds, and the
supremum is attained, when both laws have a finite first moment. Without that the differences need not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, permutations, product
from typing import Any

from lipcheck.claims.anil2019.kr_duality.common import ICLR, ICML, KANTOROVICH, ROW, one_more_pair
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Data, Examination, Exhaustive, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{ICLR}, section 2.3, equation 2; {ICML}, section 2.3, equation 1"
PRINTED = (
    "Using Kantorovich-Rubinstein duality (Villani, 2008), one can recast the Wasserstein distance estimation problem "
    "as a concave maximization problem, defined over 1-Lipschitz functions: W(P1, P2) = sup_{f∈C_L(X,R)} "
    "(E_{x∼P1}[f(x)] − E_{x∼P2}[f(x)])"
)


class SeriesError(LipcheckError, ValueError):
    """Data that spell no geometric law."""


def metrics(points: int, longest: int) -> Iterable[list[int]]:
    """Every metric on this many points with distances 1, ..., longest, as the list of distances of the pairs."""
    pairs = list(combinations(range(points), 2))
    for lengths in product(range(1, longest + 1), repeat=len(pairs)):
        d = dict(zip(pairs, lengths, strict=True))
        if all(
            d[i, k] <= d[min(i, j), max(i, j)] + d[min(j, k), max(j, k)]
            for i, k in pairs
            for j in range(points)
            if j not in (i, k)
        ):
            yield list(lengths)


def cases(points: int, longest: int, units: int) -> Iterable[Data]:
    """Every metric, with every two laws of `units` atoms of equal mass."""
    laws = [list(places) for places in combinations_with_replacement(range(points), units)]
    return ([d, p, q] for d in metrics(points, longest) for p in laws for q in laws)


def dual_equals_primal(points: int, case: Data) -> bool:
    """Whether the cheapest assignment costs what the best 1-Lipschitz integer function with f(0) = 0 gains.

    Couplings of equal atoms are mixtures of assignments (Birkhoff); the dual constraints are differences with integer
    bounds, so that integer functions suffice. Agreement of the two proves both optimal in any case.
    """
    lengths, first, second = case
    d = {pair: n for pair, n in zip(combinations(range(points), 2), lengths, strict=True)}
    cost = min(
        sum(d[min(i, j), max(i, j)] for i, j in zip(first, order, strict=True) if i != j)
        for order in permutations(second)
    )
    functions = ((0, *rest) for rest in product(*(range(-d[0, i], d[0, i] + 1) for i in range(1, points))))
    gain = max(
        sum(f[i] for i in first) - sum(f[j] for j in second)
        for f in functions
        if all(abs(f[i] - f[j]) <= n for (i, j), n in d.items())
    )
    return bool(cost == gain)


def strong_duality(points: int, longest: int, units: int) -> Exhaustive:
    """Both sides by brute force."""
    return Exhaustive(
        f"{points} points, distances up to {longest}, {units} atoms each",
        "the least cost of an assignment equals the largest gain of a 1-Lipschitz function",
        lambda: cases(points, longest, units),
        lambda case: dual_equals_primal(points, case),
        [points, longest, units],
        size=points,
    )


def examine(data: Data, ask: bool) -> Examination:
    """P1 = P2, with mass (1 - w) w^(k - 1) at r^k for k = 1, 2, ...: whether E f exists for the 1-Lipschitz f(x) = x.

    The terms of E |x| form a geometric series of ratio w |r|. The coupling that moves nothing shows W = 0.
    """
    try:
        w, r = parse(data["weight"]), parse(data["base"])
    except (KeyError, TypeError, ValueError) as problem:
        raise SeriesError(f"a geometric law has the entries weight and base: {problem}") from problem
    if not 0 < w < 1 or set(data) != {"weight", "base"}:
        raise SeriesError("a geometric law has the entries weight, between 0 and 1, and base, and no others")
    exists = w * abs(r) < 1
    return Examination({"first moment": _moment_is_finite(w, r)} if ask else {}, exists)


def _moment_is_finite(w: Fraction, r: Fraction) -> bool:
    """Whether E d(x, 0) is finite, by the ratio test on two neighbouring terms of the series of distances to 0."""
    terms = [(1 - w) * w ** (k - 1) * abs(r**k - 0) for k in (1, 2)]
    return terms[0] == 0 or terms[1] / terms[0] < 1


def series(ask: bool, dropped: frozenset[str]) -> Universal:
    """Both expectations exist for every 1-Lipschitz function: looked at in geometric laws."""
    text = "E_P1 f - E_P2 f is defined for f(x) = x" + (", if E |x| is finite" if ask else "")
    return Universal("expectations exist", text, lambda data: examine(data, ask),
                     lambda: [PETERSBURG, SHORT], dropped)  # fmt: skip


PETERSBURG: Any = {"weight": "1/2", "base": "2"}
SHORT: Any = {"weight": "1/2", "base": "199/100"}


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Weak duality for any coupling, then equality by brute force on small spaces; the theorem does the rest."""
    small = strong_duality(3, 2, 2)
    more = [] if budget is Budget.SMOKE else [strong_duality(3, 3, 2), strong_duality(2, 3, 4)]
    return [one_more_pair(variant), series(True, variant.dropped), small, *more]


def literal(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Any two laws; repaired, laws with a finite first moment."""
    return [series(variant.repaired, frozenset())]


SNIPPET = """\
from fractions import Fraction
# P1 = P2: mass 2^-k at 2^k, k = 1, 2, ...  The distance is 0; f(x) = x is 1-Lipschitz.
terms = [Fraction(1, 2**k) * 2**k for k in range(1, 1001)]
print("the first 1000 terms of E f add up to", sum(terms))
assert set(terms) == {1}  # every term is 1: E f is infinite, and E f - E f is not defined
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "For laws P1, P2 with finite first moments on a complete separable metric space, the least cost of a "
            "coupling equals the supremum, which is attained, of E_P1 f - E_P2 f over 1-Lipschitz f."
        ),
        reading="laws with finite first moments, on which the Wasserstein-1 distance is a distance",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all such laws and spaces, R^n with any p-metric among them",
        covers_all=True,
        hypotheses={
            "lipschitz": "f is 1-Lipschitz",
            "mass": "a coupling has no negative mass",
            "first moment": "E d(x, x0) is finite under both laws",
        },
        constants={"lipschitz": Constant(Fraction(1), Fraction(101, 100), words="the Lipschitz constant of f")},
        textbook=(KANTOROVICH, Textbook("induction over the pairs of a coupling", "Peano's axioms")),
        argument="proof.md#duality",
        notes=(
            "Over bounded (or integrable) 1-Lipschitz f the formula holds for all laws, with infinity on both sides "
            "allowed: Villani, Topics in Optimal Transportation, Theorem 1.14."
        ),
    ),
    Claim(
        id=f"{ROW}.any_distributions",
        source=SOURCE,
        printed=PRINTED,
        statement="For any two probability laws on R, W(P1, P2) = sup over all 1-Lipschitz f of E_P1 f - E_P2 f.",
        short="for P1 = P2 without a first moment the differences are undefined; true with first moments",
        reading="any two distributions, as printed: no moments are asked for",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=literal,
        scope="geometric laws on the line",
        covers_all=True,
        repairs={"finite first moments": Variant(repaired=True)},
        counterexamples={"expectations exist": PETERSBURG},
        near_misses=(
            NearMiss("expectations exist", SHORT, "the series has ratio 199/200 and converges"),
            NearMiss("expectations exist", {"weight": "1/2", "base": "1"}, "a Dirac measure"),
            NearMiss("expectations exist", {"weight": "1", "base": "2"}, "no probability law"),
        ),
        minimality="one input and P1 = P2; the base 2 is the least at which the series for weight 1/2 diverges",
        snippet=SNIPPET,
        repaired_by=ROW,
        argument="proof.md#without-moments",
        notes="Every author means laws for which the terms exist; the hypothesis is nowhere stated.",
    ),
)
