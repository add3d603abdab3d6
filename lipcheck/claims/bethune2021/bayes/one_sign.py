"""Section 3.1: "The hypothesis class contains a classifier with optimal accuracy", for a value of sign(0) that may be
chosen.

It is contained exactly if some Bayes classifier has an open or a closed class {b = 1}, up to a set of mass zero: where
densities are continuous {p >= q} is closed, so it is. f = -d(., S) has f >= 0 on the closed S alone, and f = d(., S)
has f > 0 on the complement alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.bayes.limits import ROW, SECTION
from lipcheck.claims.bethune2021.corollary_3.risk import one_more
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def one_sided(variant: Variant) -> list[Forall]:
    """g = factor d(., S), d = d(x, S), d1 at a point at distance `size`: -g >= 0 on S alone, g > 0 off S alone."""
    d, d1, size, factor = var("d"), var("d1"), var("size"), variant.value("factor", 1)
    inside, outside = equals(d, 0), d > 0 if variant.keeps("closed") else d >= 0
    near: dict[str, Formula] = {"distances": conj(d - d1 <= size, d1 - d <= size, size >= 0)}
    return [
        Forall("1-Lipschitz", near, conj(factor * (d - d1) <= size, factor * (d1 - d) <= size)),
        Forall("a closed class", {"x in S": inside}, -factor * d >= 0),
        Forall("the other class is open", {"x off S": outside}, -factor * d < 0),
        Forall("an open class", {"x off S": outside}, factor * d > 0),
        Forall("the other class is closed", {"x in S": inside}, factor * d <= 0),
    ]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """sign f = b, and b errs least, point by point."""
    return [*one_sided(variant), one_more(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.contains_sign",
        source=f"{SECTION} 3.1, after Corollary 2",
        printed="The hypothesis class contains a classifier with optimal accuracy, despite having hugely constrained "
        "Lipschitz constant.",
        reading="repaired: some Bayes classifier has an open or closed class {b = 1}, up to a set of mass zero; "
        "sign(0) may be chosen",
        variant_of=f"{ROW}.contains",
        statement="Some 1-Lipschitz f: R^n -> R has E(sign(f)) = E(b), sign(0) being 1 or -1, exactly if for some "
        "Bayes classifier b the set {b = 1} is closed or open up to a set of P_X-mass zero. So it is where P and Q "
        "have continuous densities.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, all distributions; functions",
        covers_all=True,
        hypotheses={"closed": "S, the class or its complement, is closed", "bayes": "b is a Bayes classifier"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of d(., S)")},
        textbook=(
            Textbook("d(., S) is 1-Lipschitz, and positive off S if S is closed", "metric spaces"),
            Textbook("integrals preserve inequalities and see no sets of mass zero", "measure theory"),
            Textbook("pre-images of closed sets under a continuous f are closed, of open sets open", "topology"),
        ),
        argument="proof.md#the-minimum-with-one-open-or-closed-class",
        notes="S empty or R^n: a constant f. Only one of the two classes has to be open or closed, so a frontier with "
        "mass on it is allowed. With every value of sign(0) at once: .contains_closed.",
    ),
)
