"""Definition 1: "We define the binary Highest Mountain Function (HMF) as f(x) = c(x) d(x, frontier) on X"."""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.mountain_function import _line as line
from lipcheck.claims.bethune2021.mountain_function.definition import ROW
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.formulas import conj, disj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 3.1, Definition 1"
PRINTED = (
    "Let ∂ the maximum margin frontier: the set of points equidistant to c^{−1}({−1}) and c^{−1}({+1}). We define the "
    "binary Highest Mountain Function (HMF) as f(x) = c(x) d(x, ∂) on X, which implicitly depends of c."
)


def agree(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """At x in X: equation 10 gives c d. A tie is no exception, as d = 0 there."""
    own, other, d, c, f = map(var, ("own", "other", "d", "c", "f"))
    rule = disj(
        conj(equals(c, 1), other >= own, equals(f, d)),
        conj(equals(c, -1), own >= other, equals(f, d)),
        conj(equals(c, -1), own < other, equals(f, -d)),
    )
    given = lemmas.kept(variant, frontier=disj(own < other, conj(equals(own, other), equals(d, 0))))

    def holds(element: Sequence[Sequence[str]]) -> bool:
        found = line.classes_of(element)
        return all(
            line.height(x, found) == c * line.distance(x, line.frontier(found))
            for c, members in zip((1, -1), found, strict=True)
            for x in members
        )

    values = "f(x) = c(x) d(x, frontier) at every point of the two classes"
    return [
        Forall("on X", {"x": conj(equals(own, 0), other >= 0), "equation 10": rule, **given}, equals(f, c * d)),
        *lemmas.with_ci(
            budget, Exhaustive("classes in {0, 1, 2, 3}", values, lambda: line.labelled(4, 2), holds, [4, 2])
        ),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.definition_1",
        source=SOURCE,
        printed=PRINTED,
        statement="For disjoint closed non-empty classes definition 1 is the restriction of definition 3 to X: "
        "equation 10 gives f(x) = c(x) d(x, frontier) at every x in X.",
        expected=Verdict.PROVED,
        obligations=agree,
        scope="all n, all classifiers with closed non-empty pre-images",
        covers_all=True,
        hypotheses={"frontier": "the frontier is the set of ties, so that x in X is nearer to its class or d = 0"},
        argument="proof.md#definition-1",
        depends_on=(ROW,),
        notes="On X the two definitions agree even for classes that are not closed: there a tie has d = 0.",
    ),
)
