"""Anil et al. 2019, section 2.2: "Ensuring that each linear map is 1-Lipschitz is equivalent to ensuring that ||Wx||_p
<= ||x||_p for any x; this is equivalent to constraining the matrix p-norm ... to be at most 1."

Plain reading: for x -> Wx, and for x -> Wx + b, the three conditions are equivalent, for every p from 1 to infinity.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.operator_norms.common import ICML, P_NORMS, ROW, apply, vertices
from lipcheck.exact import matrix
from lipcheck.norms import operator_norm_at_most
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def difference() -> Forall:
    """(Wx + b) - (Wy + b) = W(x - y), one more column at a time: s, t, d are the sums so far, e the bias."""
    s, t, d, w, x, y, e = map(var, ("s", "t", "d", "w", "x", "y", "e"))
    left = (s + w * x + e) - (t + w * y + e)
    return Forall("differences of an affine map", {"others": equals(s - t, d)}, equals(left, d + w * (x - y)))


def to_all(variant: Variant) -> Forall:
    """A norm of at most one gives ||Wx|| = ||x|| ||Wu|| <= ||x||, with u = x / ||x||."""
    size, image, at_unit = map(var, ("size", "image", "at_unit"))
    hypotheses: dict[str, Formula] = {"positive": size > 0, "homogeneous": equals(image, size * at_unit)}
    if variant.keeps("norm"):
        hypotheses["norm"] = at_unit <= variant.value("bound", 1)
    return Forall("norm at most one: no vector grows", hypotheses, image <= size)


def to_norm(variant: Variant) -> Forall:
    """If no vector grows, none on the sphere exceeds one."""
    size, image = map(var, ("size", "image"))
    hypotheses = {"unit": equals(size, 1), "no growth": image <= size}
    return Forall("no vector grows: norm at most one", hypotheses, image <= variant.value("bound", 1))


def grows(weight: Sequence[Sequence[Fraction]], p: str) -> bool:
    """Whether W makes some vector longer: at a vertex of the unit ball, for p = 1 or infinity."""
    columns = len(weight[0])
    if p == "inf":
        return any(abs(v) > 1 for x in vertices(columns) for v in apply(tuple(map(tuple, weight)), x))
    return any(sum((abs(row[j]) for row in weight), Fraction(0)) > 1 for j in range(columns))


def maps(variant: Variant) -> Universal:
    """For matrices and p = 1 or infinity: no vector grows exactly if the matrix norm is at most one."""
    bound = variant.value("bound", 1)

    def examine(data: Any) -> Examination:
        weight = matrix(data["W"], "W")
        small = operator_norm_at_most(weight, bound, 1 if data["p"] == "1" else float("inf"))
        return Examination({}, small is not grows(weight, data["p"]))

    text = f"W makes no vector longer in the 1-norm or the infinity norm if and only if its norm is at most {bound}"
    candidates = [{"W": [[w]], "p": p} for w in ("1", "101/100", "0") for p in ("inf", "1")]
    return Universal("matrices", text, examine, lambda: candidates, parameters=str(bound))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Lipschitz: differences are images of differences; then both directions between the ball and the sphere."""
    return [difference(), to_all(variant), to_norm(variant), zero(), maps(variant)]


def zero() -> Forall:
    """If the map is 1-Lipschitz then ||Wx - W0|| <= ||x - 0||, which says that x does not grow."""
    image, at_zero, size, distance = map(var, ("image", "at_zero", "size", "distance"))
    hypotheses: dict[str, Formula] = {
        "zero": conj(equals(at_zero, 0), equals(distance, size)),
        "lipschitz": image - at_zero <= distance,
    }
    return Forall("1-Lipschitz: no vector grows", hypotheses, image <= size)


CLAIMS = (
    Claim(
        id=f"{ROW}.lipschitz_iff",
        source=ICML,
        printed=(
            "Ensuring that each linear map is 1-Lipschitz is equivalent to ensuring that ||Wx||_p ≤ ||x||_p for any x; "
            "this is equivalent to constraining the matrix p-norm, ||W||_p = sup_{||x||_p=1} ||Wx||_p, to be at most 1."
        ),
        statement=(
            "For every p from 1 to infinity, all m, n >= 1, all W and b: x -> Wx + b satisfies ||f(x) - f(y)||_p <= "
            "||x - y||_p for all x, y, if and only if ||Wx||_p <= ||x||_p for all x, if and only if ||W||_p <= 1."
        ),
        reading="1-Lipschitz: distances do not grow (not: the smallest constant is one)",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all shapes, all p, linear and affine maps",
        covers_all=True,
        hypotheses={"norm": "the matrix norm is at most one"},
        constants={"bound": Constant(Fraction(1), Fraction(101, 100), words="the bound on the norm")},
        mutants={"a bound below one": Variant(constants={"bound": Fraction(99, 100)})},
        textbook=(P_NORMS,),
        depends_on=(f"{ROW}.mixed",),
        argument="proof.md#1-lipschitz-linear-maps",
        notes="The ICLR submission writes 'i.e.' for 'this is equivalent to'.",
    ),
)
