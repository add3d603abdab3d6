"""Table 1, hinge, in practice, for networks: "no guarantees on margin".

An affine function with the value m at an input and zero close to it has loss 0 on two inputs; so has a network that
fits one more point of the other label next to an input.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.proposition_5 import remarks
from lipcheck.claims.bethune2021.table_1._words import HINGE, ROW, UNCONSTRAINED, cell, source
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

SOURCE = source(HINGE, "in practice")
NO_GUARANTEES = cell(HINGE, "in practice", UNCONSTRAINED, "no guarantees on margin")
m, f, g, d = map(var, ("m", "f", "g", "d"))


def no_guarantee(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """An affine f of slope s with f = m at one input and zero at distance delta from it; what L would guarantee."""
    s, delta, L, r = map(var, ("s", "delta", "L", "r"))
    near: dict[str, Formula] = {"slope": equals(s * delta, m), "signs": conj(m > 0, delta > 0, s > 0)}
    if variant.keeps("near"):
        near["near"] = variant.value("part", 2) * delta <= d
    known: dict[str, Formula] = {"margin": conj(f >= m, g <= 0)}
    if variant.keeps("lipschitz"):
        known["lipschitz"] = f - g <= L * r
    return [
        Forall("the other input keeps its margin", near, s * (d - delta) >= m),
        Forall("with L the radius is at least m/L", known, L * r >= m),
        remarks.hinge(),
        remarks.knot(),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.hinge_practice_unconstrained",
        source=SOURCE,
        printed=NO_GUARANTEES,
        reading="margin: the distance of training points to the frontier, for minimizers of the hinge loss",
        statement="For two inputs at distance d with different labels, m > 0 and 0 < delta <= d/2 some affine f has "
        "hinge loss 0 and its frontier at distance delta from one of them. On every finite training set without "
        "contradictions, for every delta > 0, some ReLU network with one hidden layer has hinge loss 0 and a point of "
        "the other sign within delta of a training point. With Lipschitz constant L the distance is at least m/L.",
        expected=Verdict.PROVED,
        obligations=no_guarantee,
        scope="all n, m > 0 and delta > 0",
        covers_all=True,
        hypotheses={"near": "delta is at most half of d", "lipschitz": "the last sentence: f is L-Lipschitz"},
        constants={"part": Constant(Fraction(2), Fraction(199, 100), words="of delta, at most d")},
        textbook=(
            Textbook("some direction separates finitely many points of R^n", "a finite union of hyperplanes is no R^n"),
            Textbook("induction over the points", "Peano's axioms"),
        ),
        argument="proof.md#hinge-margins-of-networks",
        notes="So minimizers guarantee nothing, whatever m. What training prefers among them is another question.",
    ),
)
