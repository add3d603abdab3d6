"""Section 2.2, "isometrically isomorphic", of all Lipschitz functions with their constant: constant functions are lost.

An isometry onto linear functionals would turn f = 1, of constant 0, into a functional of norm 0. With bounded X the
norm max(Lip(f), sup |f| / c) repairs that: it is the constant of f on X with one more point o at distance c from all,
f(o) = 0. That is a metric exactly for 2 c >= diam X.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.banach_isometry.functionals import PRINTED, ROW, SOURCE
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.exact import NetworkError, vector
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


def seminorm(variant: Variant) -> Universal:
    """Data {"points", "values"}: f on points of the line. Lip(f) = 0 only for f = 0; repaired, f(first) = 0."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"points", "values"}:
            raise NetworkError("the data are points and values")
        points, values = vector(data["points"], "points"), vector(data["values"], "values")
        if not points or len(set(points)) < len(points) or len(values) != len(points):
            raise NetworkError("give distinct points, and a value for each")
        pairs = list(zip(points, values, strict=True))
        constant = max((abs(v - w) / abs(x - y) for x, v in pairs for y, w in pairs if x != y), default=Fraction(0))
        hypotheses = {"base point": values[0] == 0} if variant.repaired else {}
        return Examination(hypotheses, constant > 0 or not any(values))

    who = "functions that vanish at the first point" if variant.repaired else "all functions"
    return Universal("a norm", f"the Lipschitz constant is a norm on {who}", examine, lambda: [ONE],
                     parameters=variant.repaired)  # fmt: skip


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A function of constant zero."""
    return [seminorm(variant)]


def metric(variant: Variant) -> Forall:
    """The triangle x, y, o with sides c, c and d(x, y) <= D <= 2 c."""
    c, d, D = map(var, ("c", "d", "D"))
    given: dict[str, Formula] = {
        "diameter": d <= D,
        "distance": variant.value("ratio", 2) * c >= D,
        "signs": conj(c > 0, d >= 0),
    }
    return Forall("one more point", kept(variant, given, ["distance"]), conj(d <= c + c, c <= d + c))


def largest(variant: Variant) -> Forall:
    """L is a constant on X with o exactly if it is one on X and |f(x) - 0| <= L c: so L >= max(Lip(f), sup |f| / c)."""
    f, c, L, M = map(var, ("f", "c", "L", "M"))
    given: dict[str, Formula] = {"supremum": conj(f <= M, -f <= M), "norm": L * c >= M}
    return Forall("the base point's slopes", kept(variant, given, ["norm"]), conj(f - 0 <= L * c, 0 - f <= L * c))


def converse() -> Forall:
    """A constant L on X with o bounds |f| / c."""
    f, c, L = map(var, ("f", "c", "L"))
    given: dict[str, Formula] = {"constant": conj(f - 0 <= L * c, 0 - f <= L * c)}
    return Forall("and conversely", given, conj(f <= L * c, -f <= L * c))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The metric, and the constant with the base point."""
    return [metric(variant), largest(variant), converse()]


ONE = {"points": ["0"], "values": ["1"]}

CLAIMS = (
    Claim(
        id=f"{ROW}.constants",
        short="constants have Lipschitz constant 0, so it is no norm; it is one for f(o) = 0, a threshold kept apart",
        source=SOURCE,
        printed=PRINTED,
        reading="all Lipschitz functions, with the Lipschitz constant as norm",
        variant_of=ROW,
        statement="For every metric space the Lipschitz constant is a norm on its Lipschitz functions, as is needed "
        "for an isometric isomorphism onto linear functionals.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="finite subsets of the line",
        covers_all=True,
        counterexamples={"a norm": ONE},
        near_misses=(
            NearMiss("a norm", {"points": ["0"], "values": ["0"]}, "f = 0"),
            NearMiss("a norm", {"points": ["0", "1"], "values": ["1", "2"]}, "constant 1"),
        ),
        minimality="one point; on every metric space with a point f = 1 is a counterexample",
        snippet="f = {0: 1, 1: 1, 2: 1}  # a constant function on three points of the line\n"
        "constant = max(abs(f[x] - f[y]) / abs(x - y) for x in f for y in f if x != y)\n"
        "print(constant, f)\nassert constant == 0 and any(f.values())",
        repairs={"functions with f(o) = 0": Variant(repaired=True)},
        repaired_by=ROW,
        argument="proof.md#constants",
        notes="[33] says so itself, and adds a base point: .base_point.",
    ),
    Claim(
        id=f"{ROW}.base_point",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: all Lipschitz functions on a bounded space, with another norm",
        variant_of=f"{ROW}.constants",
        statement="If X has diameter at most D and 2 c >= D, c > 0, then X with one more point o at distance c from "
        "all points is a metric space, and extension by f(o) = 0 is an isometric isomorphism of the Lipschitz "
        "functions on X with the norm max(Lip(f), sup |f| / c) onto Lip_0, so onto the dual of the Banach space "
        "of the row's claim.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all bounded metric spaces",
        covers_all=True,
        hypotheses={"distance": "2 c >= D", "norm": "sup |f| <= L c"},
        constants={"ratio": Constant(Fraction(2), Fraction(101, 50), words="of c, at least the diameter")},
        argument="proof.md#constants",
        depends_on=(ROW,),
    ),
)
