"""Equation 8: (1/m)^n vol(X)/vol(B) <= VC <= (2/m)^n vol(X + m/2 B)/vol(B). The left half asks for density one.

With M(X, s) the largest number of points of X at pairwise distances of at least s, VC = M(X, 2m). The printed bounds
are those of M(X, m). With 2m in place of m: (1/2m)^n vol(X)/vol(B) <= VC <= (1/m)^n vol(X + m B)/vol(B).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lipcheck.build.packing_bounds import packing_bounds
from lipcheck.build.volumes import volume_ratio
from lipcheck.claims.bethune2021.proposition_7._common import MEASURE, PROOF, ROW, SOURCE, read, region, scaled
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "Consider a binary classification task with bounded support X. Let m > 0 the margin. [...] Then the VC "
    "dimension of C^m is finite: (1/m)^n A ≤ VC_dim(C^m(X)) ≤ (2/m)^n B with A = vol(X)/vol(B(·, 1)) and B = vol(X "
    "+ m/2 B(·, 1))/vol(B(·, 1))."
)
SMALLEST = region("ball", 5, "23/20")
POINT = region("ball", 1, 0)
REGIONS = [
    POINT,
    region("ball", 3, 0, 5),
    region("cube", 1, 1),
    region("cube", 1, "99/10", "3/2"),
    region("cube", 2, 3),
    region("ball", 2, "7/2"),
    region("cube", 3, 4),
    region("ball", 4, "3/2", "1/2"),
    SMALLEST,
]


@dataclass(frozen=True)
class Sides:
    """(lower/m)^n vol(X)/vol(B) <= M(X, separation m) <= (upper/m)^n vol(X + thickness m B)/vol(B)."""

    lower: Fraction | None
    upper: Fraction | None
    thickness: Fraction
    separation: int = 2
    inside: bool = False

    def holds(self, data: Data) -> bool:
        """Whether nothing is known against the inequalities at this region; False is a proof that one fails."""
        room, m = read(data)
        found = packing_bounds(room, self.separation * m, inside=self.inside)
        n, holds = room.dimension, True
        if self.lower is not None:
            below = scaled(volume_ratio(room, Fraction(0), m * m), self.lower**n)
            holds = below.at_most(found.upper) is not False
        if self.upper is not None:
            above = scaled(volume_ratio(room, (self.thickness * m) ** 2, m * m), self.upper**n)
            holds = holds and above.upper >= found.lower
        return holds

    def everywhere(self, name: str, text: str, candidates: Iterable[Data], dropped: frozenset[str]) -> Universal:
        """The inequalities for every ball and cube."""
        listed = list(candidates)
        parameters = [str(v) for v in (self.lower, self.upper, self.thickness, self.separation, self.inside)]
        return Universal(
            name, text, lambda data: Examination({}, self.holds(data)), lambda: listed, dropped, parameters
        )


def covering() -> Forall:
    """One more ball of volume v about a centre: the centres so far cover at most k v. So vol(X) <= M v for a net."""
    covered, k, v, more = map(var, ("covered", "k", "v", "more"))
    return Forall(
        "one more ball of a net", {"so far": covered <= k * v, "ball": more <= v}, covered + more <= (k + 1) * v
    )


def maximal() -> Forall:
    """A point that cannot be added to a separated set is closer than the separation to one of its points."""
    d, s, added = var("d"), var("s"), var("added")
    hypotheses: dict[str, Formula] = {"addable if far": added >= d - s, "not added": added < 0}
    return Forall("a largest separated set is a net", hypotheses, d < s)


def disjoint(variant: Variant) -> Forall:
    """Two of the disjoint balls: a common point z of open balls of radius s/2 would make |x - y| < s."""
    d, a, b, s = map(var, ("d", "a", "b", "s"))
    hypotheses: dict[str, Formula] = {"triangle": d <= a + b, "common point": conj(2 * a < s, 2 * b < s)}
    return Forall("balls of half the separation are disjoint", hypotheses, d < s)


def monotone(variant: Variant) -> Forall:
    """2m-separated sets are m-separated, if m >= 0."""
    d, m = var("d"), var("m")
    hypotheses: dict[str, Formula] = {"separated": d >= 2 * m}
    if variant.keeps("margin"):
        hypotheses["margin"] = m >= 0
    return Forall("2m-separated sets are m-separated", hypotheses, d >= m)


def rankin() -> Exhaustive:
    """Three points at pairwise distances of at least 2 in a ball of radius R have R^2 >= 4/3: VC = 2 below that.

    So with VC = 2 and margin 1 balls give R^n < (4/3)^(n/2), which exceeds 2 only for n >= 5.
    """
    return Exhaustive(
        "minimal: with VC = 2 no ball of dimension below 5 fails",
        "(4/3)^n <= 2^2 for this dimension n",
        lambda: range(1, 5),
        lambda n: Fraction(4, 3) ** n <= 4,
    )


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equation 8; the repair puts 1/2 in place of 1 on the left."""
    sides = Sides(variant.value("lower", 1), Fraction(2), Fraction(1, 2))
    return [sides.everywhere("equation 8", "equation 8 holds at this region", REGIONS, variant.dropped), rankin()]


def two_sided(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equation 8 with the separation 2m in place of m."""
    sides = Sides(variant.value("lower", Fraction(1, 2)), variant.value("upper", 1), Fraction(1))
    text = "the two bounds hold at this region"
    return [covering(), maximal(), disjoint(variant), sides.everywhere("regions", text, REGIONS, variant.dropped)]


def upper(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The right half of equation 8."""
    sides = Sides(None, variant.value("upper", 2), Fraction(1, 2))
    regions = sides.everywhere("regions", "the upper bound holds at this region", REGIONS, variant.dropped)
    return [monotone(variant), disjoint(variant), regions]


def separation(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The printed bounds for m-separated sets, that is for the margin m/2."""
    sides = Sides(variant.value("lower", 1), variant.value("upper", 2), Fraction(1, 2), separation=1)
    text = "the printed bounds hold for m-separated sets in this region"
    return [covering(), maximal(), disjoint(variant), sides.everywhere("regions", text, REGIONS, variant.dropped)]


SNIPPET = """\
from fractions import Fraction as F
R, n, m = F(23, 20), 5, 1           # X: the ball of radius R in R^5
# k points at distances >= 2m about the mean c: sum |x - c|^2 >= (k - 1)/2 (2m)^2, and it is at most k R^2
most = max(k for k in range(1, 50) if F(k - 1, 2) * (2 * m) ** 2 <= k * R**2)
lower = (R / m) ** n                # (1/m)^n vol(X) / vol(B)
print("VC =", most, "< printed lower bound", lower)
assert most == 2 and 2 * R >= 2 * m and lower > most
"""
NET = Textbook(
    "a bounded set has a largest separated set", "finitely many cells of small diameter cover it: see the claim finite"
)
COMMON: dict[str, Any] = {"covers_all": True, "depends_on": (f"{ROW}.shattering", f"{ROW}.finite")}

CLAIMS = (
    Claim(
        id=ROW,
        short="a ball of R^5 with VC = 2 < (1/m)^n A: the left side needs 1/(2m); for n ≥ 2 it fails for all small m",
        source=f"{SOURCE}, equation 8",
        printed=PRINTED,
        statement="For all n, all bounded measurable X in R^n and all m > 0: (1/m)^n vol(X)/vol(B) <= VC <= (2/m)^n "
        "vol(X + (m/2) B)/vol(B), and VC is finite.",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=printed,
        scope="all n, X, m; Euclidean norm",
        constants={"lower": Constant(Fraction(1), sharp=Fraction(1, 2), words="over m, to the power n, times A")},
        repairs={"1/(2m) instead of 1/m": Variant(constants={"lower": Fraction(1, 2)})},
        counterexamples={"equation 8": SMALLEST},
        near_misses=(
            NearMiss("equation 8", region("ball", 5, "57/50"), "(57/50)^5 is below 2"),
            NearMiss("equation 8", region("ball", 5, "6/5"), "beyond 2/sqrt 3 three points fit, and more"),
            NearMiss("equation 8", region("ball", 4, "23/20"), "in R^4 the printed bound is below 2"),
            NearMiss("equation 8", region("cube", 1, 7), "on the line the bound holds"),
        ),
        minimality="VC = 2 is the least possible: with VC = 1 the diameter is at most 2m, and the isodiametric "
        "inequality gives vol(X) <= vol(m B). With VC = 2, a ball needs n >= 5. On the line the bound holds.",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.two_sided",
        argument="proof.md#the-lower-bound",
        notes="The right half and the finiteness are true: see .upper and .finite. X may be any set here; for every "
        "convex body in R^n, n >= 2, the left half fails once m is small: see .lower_fails. Norms whose balls tile, "
        "such as the maximum norm, have no such counterexample: see .lower_tiles.",
        **COMMON,
    ),
    Claim(
        id=f"{ROW}.two_sided",
        source=f"{SOURCE}, equation 8",
        printed=PRINTED,
        reading="repaired: separation 2m in place of m, on both sides",
        variant_of=ROW,
        statement="For all n, all bounded measurable X in R^n and all m > 0: (1/(2m))^n vol(X)/vol(B) <= VC <= "
        "(1/m)^n vol(X + m B)/vol(B). The constant on the right cannot be lowered.",
        expected=Verdict.PROVED,
        obligations=two_sided,
        scope="all n, X, m, every norm with its own unit ball B",
        constants={
            "lower": Constant(Fraction(1, 2), words="over m, to the power n, times A"),
            "upper": Constant(Fraction(1), mutated=Fraction(99, 100), words="over m, to the power n"),
        },
        mutants={"1/m on the left": Variant(constants={"lower": Fraction(1)})},
        textbook=(MEASURE, NET),
        argument="proof.md#two-sided-bounds",
        notes="For convex X the upper bound is at most the printed one: vol(X + m B) <= vol(2 X + m B), which is "
        "the printed numerator. It is attained by intervals whose length is a multiple of 2m. The left constant is "
        "the best known to first order: one for all n lies between 1/2 and 0.661 (Kabatiansky and Levenshtein).",
        **COMMON,
    ),
    Claim(
        id=f"{ROW}.upper",
        source=f"{SOURCE}, equation 8",
        printed="VC_dim(C^m(X)) ≤ (2/m)^n B with B = vol(X + m/2 B(·, 1))/vol(B(·, 1))",
        statement="For all n, all bounded measurable X in R^n and all m > 0: VC <= (2/m)^n vol(X + (m/2) B)/vol(B).",
        expected=Verdict.PROVED,
        obligations=upper,
        scope="all n, X, m, every norm",
        hypotheses={"margin": "m >= 0"},
        constants={"upper": Constant(Fraction(2), mutated=Fraction(199, 100), words="over m, to the power n")},
        textbook=(MEASURE,),
        argument="proof.md#upper-bound",
        notes="The constant 2 is sharp for a single point only. It counts m-separated sets, and shattered sets are "
        "2m-separated: for large X the bound loses the factor 2^n.",
        **COMMON,
    ),
    Claim(
        id=f"{ROW}.separation",
        source=PROOF,
        printed="The bounds on the packing number are a direct application of [43] (Lemma 1).",
        reading="the packing number of m-separated sets, so that the printed bounds are those of C^(m/2)",
        statement="For all n, bounded measurable X and m > 0, the largest number M(X, m) of points of X at pairwise "
        "distances of at least m satisfies (1/m)^n vol(X)/vol(B) <= M(X, m) <= (2/m)^n vol(X + (m/2) B)/vol(B).",
        expected=Verdict.PROVED,
        obligations=separation,
        scope="all n, X, m, every norm",
        constants={
            "lower": Constant(Fraction(1), words="over m, to the power n"),
            "upper": Constant(Fraction(2), mutated=Fraction(199, 100), words="over m, to the power n"),
        },
        textbook=(MEASURE, NET),
        argument="proof.md#where-the-factor-2-was-lost",
        notes="This is where equation 8 comes from: the bounds for separation m were used for balls of radius m.",
        **COMMON,
    ),
)
