"""Appendix A: "The reasoning applies more broadly to arbitrary Banach space". It does, with infima for minima.

The printed reasoning takes a nearest point of the frontier, "guaranteed to exist since [it] is closed". In infinite
dimension it need not exist: in l_2 let A = {0} and B = {2 r_k e_k : k >= 1}. x ties if x_k <= r_k for all k, once with
equality, so that 0 is at distance inf r_k from the frontier. With r_k = 1 + 1/k no tie is that near.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.proposition_1.existence import ROW
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix A, proof of Proposition 1"
FALLING = {"limit": "1", "excess": "1"}

SNIPPET = """\
from fractions import Fraction as F
r = lambda k: 1 + F(1, k)                                        # A = {0}, B = {2 r(k) e_k}, k = 1, 2, ..., in l_2
ties = [r(k) for k in range(1, 2000)]                            # r(k) e_k ties, at this distance from 0
print("distances of ties:", [str(t) for t in ties[:4]], "... and 1 in the limit")
assert all(s > t > 1 for s, t in zip(ties, ties[1:]))            # no tie is nearest: each has a nearer one
"""


class SequenceError(LipcheckError, ValueError):
    """Numbers that describe no sequence of positive radii."""


def any_space(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps with infima, and the segment."""
    return [*lemmas.with_ci(budget, lemmas.distances()), lemmas.segment(variant), lemmas.two_points(variant)]


def nearest(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """r_k = limit + excess/k: is inf r_k attained? And the steps that make it the distance of 0 from the ties."""

    def examine(given: Any) -> Examination:
        if not isinstance(given, Mapping) or set(given) != {"limit", "excess"}:
            raise SequenceError("give the limit and the excess of r_k = limit + excess/k")
        limit, excess = parse(given["limit"]), parse(given["excess"])
        if limit <= 0 or limit + excess <= 0:
            raise SequenceError("the radii must be positive and keep away from 0")
        hypotheses = {"finite dimension": False} if variant.repaired else {}
        return Examination({"closed": True, **hypotheses}, excess <= 0)

    here, after, square, along, r = map(var, ("inverse", "inverse_after", "square", "along", "r"))
    # 1/k = s and 1/(k + 1) = t are positive with t (1 + s) = s
    inverses = conj(here > 0, after > 0, equals(after * (1 + here), here))
    text = "some x in the frontier of A = {0} and B = {2 r_k e_k : k >= 1} in l_2 is nearest to 0"
    return [
        Universal("nearest tie", text, examine, lambda: [FALLING], parameters=[variant.repaired]),
        Forall("radii fall and stay above 1", {"1/k, 1/(k + 1)": inverses}, conj(after < here, 1 + after > 1)),
        # |x|^2 = |x - 2 r e_k|^2 = |x|^2 - 4 r x_k + 4 r^2
        Forall("a tie with 2 r e_k has x_k = r",
               {"tie": equals(square, square - 4 * r * along + 4 * r * r), "r": r > 0}, equals(along, r)),
        Forall("no tie is nearer than r", {"x_k": equals(along, r), "norm": square >= along * along}, square >= r * r),
    ]  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.banach",
        source=SOURCE,
        printed="We start by proving that f is 1-Lipschitz. The reasoning applies more broadly to arbitrary Banach "
        "space (topological normed vector space), not only (R^n, ∥·∥_2).",
        reading="what is said of f: it is 1-Lipschitz, with d(x, S) as an infimum",
        statement="In every real normed space, complete or not, and for disjoint closed non-empty A and B, the "
        "function of equation 10 is defined and 1-Lipschitz.",
        expected=Verdict.PROVED,
        obligations=any_space,
        scope="all real normed spaces",
        covers_all=True,
        hypotheses={"segment": "the segment from x to y carries a point of the frontier, at t and 1 - t of ||x - y||"},
        constants={"lipschitz": Constant(Fraction(1), mutated=Fraction(99, 100), words="the Lipschitz constant of f")},
        textbook=(lemmas.INTERMEDIATE,),
        argument="proof.md#any-norm-any-dimension",
        notes="Segments are what it takes: the two-point metric space has no ties at all.",
    ),
    Claim(
        id=f"{ROW}.banach_nearest",
        short="in a Banach space a closed frontier need not have a nearest point; infima serve instead",
        source=SOURCE,
        printed="Let z ∈ ∂ such that d(y, ∂) = d(y, z) (guaranteed to exist since ∂ is closed).",
        variant_of=f"{ROW}.banach",
        reading="in arbitrary Banach spaces, to which the reasoning is said to apply",
        statement="In every Banach space the frontier of two disjoint closed non-empty classes has a point nearest to "
        "y, for every y.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=nearest,
        scope="a family of classes in l_2",
        covers_all=True,
        repairs={"finite dimension": Variant(repaired=True)},
        counterexamples={"nearest tie": FALLING},
        near_misses=(
            NearMiss("nearest tie", {"limit": "1", "excess": "0"}, "all r_k are 1: every r_k e_k is nearest"),
            NearMiss("nearest tie", {"limit": "1", "excess": "-1/2"}, "r_1 = 1/2 is the least"),
            NearMiss("nearest tie", {"limit": "0", "excess": "1"}, "B would come arbitrarily near to A"),
        ),
        minimality="one point in A; B must be infinite: in l_2 finitely many points leave a nearest tie",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.banach",
        argument="proof.md#no-nearest-point",
        notes="So 'd(x, S) = min' of definition 3 has to be an infimum. The step itself survives: take z within e.",
    ),
)
