"""Anil et al. 2019, section 2.2: "we may also define the mixed matrix norm, given by ||W||_{p,q} = sup over ||x||_p = 1
of ||Wx||_q".

Plain reading: for all p and q from 1 to infinity the supremum is finite and attained, it is the smallest c with
||Wx||_q <= c ||x||_p for all x, it is a norm on the m x n matrices, and it is the matrix p-norm where p = q. Products:
||VW||_{p,r} <= ||V||_{q,r} ||W||_{p,q}, with one norm in the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.operator_norms.common import ICML, P_NORMS, ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

size, image, at_unit, norm = map(var, ("size", "image", "at_unit", "norm"))
"""||x||_p, ||Wx||_q, ||Wu||_q for u = x / ||x||_p, and the supremum."""


def scaling(variant: Variant) -> Forall:
    """||Wx|| = ||x|| ||Wu|| <= norm ||x||: what holds on the sphere holds for every x other than 0."""
    hypotheses: dict[str, Formula] = {"positive": size > 0, "sphere": at_unit <= norm}
    hypotheses["homogeneous"] = equals(image, size * at_unit)
    return Forall("from the sphere to all x", hypotheses, image <= variant.value("factor", 1) * norm * size)


def smallest() -> Forall:
    """Every bound c for all x is one on the sphere, where the supremum is attained."""
    c = var("c")
    hypotheses: dict[str, Formula] = {"attained": equals(image, norm), "unit": equals(size, 1)}
    return Forall("no smaller constant", {**hypotheses, "bound": image <= c * size}, norm <= c)


def triangle() -> Forall:
    """||(V + W)u|| <= ||Vu|| + ||Wu|| <= A + B on the sphere."""
    v, w, both, A, B = map(var, ("v", "w", "both", "A", "B"))
    return Forall("triangle inequality", {"images": both <= v + w, "sphere": conj(v <= A, w <= B)}, both <= A + B)


def homogeneous() -> Forall:
    """||(tW)u|| = |t| ||Wu|| on the sphere: the bound |t| norm, attained where ||Wu|| is."""
    t, scaled = var("t"), var("scaled")
    hypotheses: dict[str, Formula] = {"image": equals(scaled, absolute(t) * at_unit), "sphere": at_unit <= norm}
    return Forall("homogeneous", {**hypotheses, "norm": norm >= 0}, scaled <= absolute(t) * norm)


def definite() -> Forall:
    """If some column w_j is not zero, the value ||W e_j|| at x = e_j is positive, and e_j has norm one."""
    return Forall("definite", {"column": at_unit > 0, "sphere": at_unit <= norm}, norm > 0)


def product(variant: Variant) -> Forall:
    """||V(Wx)||_r <= B ||Wx|| <= B A ||x||, if V and W measure the middle vector by one norm."""
    A, B, middle, other, last = map(var, ("A", "B", "middle", "other", "last"))
    hypotheses: dict[str, Formula] = {
        "signs": conj(A >= 0, B >= 0, size >= 0, middle >= 0, other >= 0),
        "W": middle <= A * size,
        "V": last <= B * other,
    }
    if variant.keeps("one middle norm"):
        hypotheses["one middle norm"] = equals(other, middle)
    return Forall("product", hypotheses, last <= B * A * size)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """From the sphere to all x, minimality, the laws of a norm, and the product."""
    return [scaling(variant), smallest(), triangle(), homogeneous(), definite(), product(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.mixed",
        source=ICML,
        printed="Similarly, we may also define the mixed matrix norm, given by ||W||_{p,q} = sup_{||x||_p=1} ||Wx||_q.",
        statement=(
            "For p, q from 1 to infinity and m, n >= 1, ||W||_{p,q} is finite and attained, it is the smallest c with "
            "||Wx||_q <= c ||x||_p for all x, it is a norm on the m x n matrices, ||W||_{p,p} is the matrix p-norm, "
            "and ||VW||_{p,r} <= ||V||_{q,r} ||W||_{p,q}."
        ),
        reading="that the definition makes sense and gives a norm, as its name says",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all shapes with at least one column, all p, q, r from 1 to infinity",
        covers_all=True,
        hypotheses={"one middle norm": "in a product, the norm of W's outputs is that of V's inputs"},
        constants={"factor": Constant(Fraction(1), Fraction(99, 100), words="of ||W||_{p,q} ||x||_p")},
        textbook=(
            P_NORMS,
            Textbook("a continuous function on a compact set attains its supremum", "Rudin, Principles, theorem 4.16"),
            Textbook(
                "every norm on R^n is continuous and its unit sphere is compact",
                "Horn, Johnson, Matrix Analysis, section 5.4",
            ),
        ),
        argument="proof.md#mixed-norms",
        notes="Without columns (n = 0) the sphere is empty and the supremum is over nothing.",
    ),
)
