"""The other meaning that "epsilon separable" can have: both classes at least epsilon from the maximum margin frontier.

Then m = epsilon is right, as the two classes are 2 epsilon apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.margin_choice.epsilon import PRINTED, ROW, SOURCE
from lipcheck.claims.bethune2021.proposition_5._steps import kept, within
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

eps, d = var("eps"), var("d")


def crossing(variant: Variant) -> Forall:
    """A segment from x in P to q in Q meets the frontier at z: |x - q| = |x - z| + |z - q| >= 2 epsilon."""
    whole, first, second = map(var, ("whole", "first", "second"))
    given: dict[str, Formula] = {
        "segment": equals(whole, first + second),
        "positive": conj(eps > 0, first >= 0, second >= 0),
        "frontier": conj(first >= eps, second >= eps),
    }
    return Forall("across the frontier", kept(variant, given, ["frontier"]), whole >= 2 * eps)


def margin(variant: Variant) -> Sequence[Forall]:
    """f = (d(x, Q) - d(x, P)) / 2 is 1-Lipschitz, at least epsilon on P and at most -epsilon on Q."""
    to_q, to_p, at_q, at_p = map(var, ("to_q", "to_p", "at_q", "at_p"))
    distances: dict[str, Formula] = {"distances": conj(within(to_q - at_q, d), within(to_p - at_p, d))}
    factor = variant.value("margin_over_epsilon", 1)
    apart: dict[str, Formula] = {"apart": to_q >= 2 * eps, "epsilon": eps > 0}
    return [
        Forall("half the difference of distances", distances, within((to_q - to_p) / 2 - (at_q - at_p) / 2, d)),
        Forall("its margin", apart, conj(to_q / 2 >= factor * eps, -to_q / 2 <= -(factor * eps))),
    ]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The distance of the classes, and the function."""
    return [crossing(variant), *margin(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.frontier",
        source=SOURCE,
        printed=PRINTED,
        reading="epsilon separable: the supports are at least epsilon away from the maximum margin frontier of "
        "Definition 1, the set of points equidistant to both",
        variant_of=ROW,
        statement="For all P and Q whose supports have distance at least epsilon > 0 from the points equidistant "
        "to both, C^m with m = epsilon contains a classifier without errors.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all such classes in R^n",
        covers_all=True,
        hypotheses={"frontier": "both supports are at least epsilon away from the frontier"},
        constants={
            "margin_over_epsilon": Constant(Fraction(1), mutated=Fraction(101, 100), words="m over epsilon"),
        },
        textbook=(
            Textbook("the intermediate value theorem", "Rudin, Principles, theorem 4.23"),
            Textbook("the distance to a set is 1-Lipschitz", "Rudin, Principles, chapter 4, exercise 20"),
        ),
        argument="proof.md#the-margin-epsilon",
        notes="Corollary 2 defines epsilon-separated by the distance of the supports: see the main claim.",
    ),
)
