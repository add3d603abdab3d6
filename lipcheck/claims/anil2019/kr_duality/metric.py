"""Section 2.3 (ICLR): "Wasserstein-1 distance [...] is a principled distance metric".

Plain reading: on laws with finite first moments, W is finite, symmetric, zero for equal laws only, and satisfies the
triangle inequality.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import ICLR, KANTOROVICH, LINE, ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Exhaustive, Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def triangle(variant: Variant) -> Forall:
    """The gains of one f for (P, R), (P, Q) and (Q, R): the first is the sum of the others, each at most its W."""
    p, q, r, first, second = (var(name) for name in ("p", "q", "r", "first", "second"))
    given: dict[str, Formula] = {"distances": conj(p - q <= first, q - r <= second, first >= 0, second >= 0)}
    return Forall("the triangle inequality", given, p - r <= variant.value("factor", 1) * (first + second))


def symmetry() -> Forall:
    """-f gains for (Q, P) what f gains for (P, Q)."""
    p, q = var("p"), var("q")
    return Forall("symmetry", {}, equals((-q) - (-p), p - q))


def is_metric(case: Data, factor: Fraction) -> bool:
    """The axioms for three laws on the line."""
    p, q, r = (laws.read(laws.atoms(*places)) for places in case)
    sides = [laws.distance(p, q), laws.distance(q, r), laws.distance(p, r)]
    equal = (sides[0] == 0) == (sorted(case[0]) == sorted(case[1]))
    return equal and sides[0] == laws.distance(q, p) and sides[2] <= factor * (sides[0] + sides[1])


def triples(variant: Variant) -> Exhaustive:
    """All triples of laws of two equal atoms among three points."""
    factor = variant.value("factor", 1)

    def elements() -> Iterable[Data]:
        found = [list(places) for places in combinations_with_replacement(range(3), 2)]
        return (list(case) for case in product(found, repeat=3))

    return Exhaustive("laws on the line", f"W is symmetric, zero for equal laws only, W(P, R) <= {factor} (W(P, Q) + "
                      "W(Q, R))", elements, lambda case: is_metric(case, factor), str(factor))  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The axioms by duality, and for small laws."""
    return [triangle(variant), symmetry(), triples(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.metric",
        source=f"{ICLR}, section 2.3",
        printed=(
            "Wasserstein-1 distance (also called Earth Mover Distance) is a principled distance metric between two "
            "probability distributions"
        ),
        statement="W is a metric on the laws with finite first moments on a complete separable metric space.",
        reading="laws with finite first moments; for others W may be infinite",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all such laws and spaces",
        covers_all=True,
        constants={"factor": Constant(Fraction(1), Fraction(99, 100), words="in the triangle inequality")},
        textbook=(
            KANTOROVICH,
            LINE,
            Textbook("bounded Lipschitz functions determine a law", "Billingsley, Convergence of Probability Measures, "
                     "Theorem 1.2"),
        ),
        argument="proof.md#metric",
    ),
)  # fmt: skip
