""" "if the classes are epsilon separable (epsilon > 0), choosing m = epsilon guarantees that maximal accuracy is
reachable": a classifier with margin m needs classes at distance 2m, so m = epsilon/2 is what is guaranteed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import kept, within
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.margin_choice"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 5, the paragraph after Proposition 7"
PRINTED = (
    "Interestingly if the classes are ϵ separable (ϵ > 0), choosing m = ϵ guarantees that maximal accuracy is "
    "reachable."
)
d, eps, k = map(var, ("d", "eps", "k"))


class ClassError(LipcheckError, ValueError):
    """Data that describe no two classes on the line."""


def reachable(name: str, factor: Fraction, dropped: frozenset[str] = frozenset()) -> Universal:
    """Data {"p", "q", "epsilon"}: finite supports on R. A 1-Lipschitz f with f >= m on P and f <= -m on Q exists iff
    the supports are 2m apart: f(p) - f(q) >= 2m is needed, and (d(x, Q) - d(x, P)) / 2 is one.
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"p", "q", "epsilon"} or not (data["p"] and data["q"]):
            raise ClassError("the data are the supports p and q, both with at least one point, and epsilon")
        p, q = ([parse(x) for x in data[side]] for side in "pq")
        epsilon = parse(data["epsilon"])
        distance = min(abs(a - b) for a in p for b in q)
        hypotheses = {"positive": epsilon > 0, "separated": distance > epsilon}
        return Examination(hypotheses, distance >= 2 * factor * epsilon)

    def candidates() -> list[Any]:
        distance = (1 + 2 * factor) / 2 if 2 * factor > 1 else Fraction(2)
        return [classes(0, distance), classes(0, 1)]

    text = f"for epsilon-separated classes some c_f^m with m = {factor} epsilon makes no error"
    return Universal(name, text, examine, candidates, dropped, [str(factor), sorted(dropped)])


def classes(p: Fraction | int, q: Fraction | int, epsilon: Fraction | int = 1) -> dict[str, Any]:
    """JSON data of one point of each class."""
    return {"p": [spell(Fraction(p))], "q": [spell(Fraction(q))], "epsilon": spell(Fraction(epsilon))}


def every_factor() -> Forall:
    """For every factor k > 1/2 the classes at distance (1/2 + k) epsilon are separated, and nearer than 2 k epsilon."""
    given: dict[str, Formula] = {"k": conj(2 * k > 1, eps > 0)}
    middle = (Fraction(1, 2) + k) * eps
    return Forall("minimal: every factor above 1/2 fails", given, conj(middle > eps, middle < 2 * (k * eps)))


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The margin epsilon; repaired, epsilon / 2."""
    factor = Fraction(1, 2) if variant.repaired else variant.value("margin_over_epsilon", 1)
    return [reachable("margin epsilon", factor), every_factor()]


def halved(variant: Variant) -> Sequence[Forall]:
    """f = (d(x, Q) - d(x, P)) / 2: 1-Lipschitz; on P it is d(x, Q) / 2 >= m, on Q it is at most -m."""
    to_q, to_p, at_q, at_p = map(var, ("to_q", "to_p", "at_q", "at_p"))
    given: dict[str, Formula] = {"distances are 1-Lipschitz": conj(within(to_q - at_q, d), within(to_p - at_p, d))}
    lipschitz = within((to_q - to_p) / 2 - (at_q - at_p) / 2, d)
    factor = variant.value("margin_over_epsilon", Fraction(1, 2))
    apart = kept(variant, {"epsilon": eps > 0, "separated": to_q > eps}, ["separated"])
    margin = conj((to_q - 0) / 2 >= factor * eps, (0 - to_q) / 2 <= -(factor * eps))
    return [Forall("half the difference of distances", given, lipschitz), Forall("its margin", apart, margin)]


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The function, its margin, and classes for which no greater one is guaranteed."""
    factor = variant.value("margin_over_epsilon", Fraction(1, 2))
    return [*halved(variant), every_factor(), reachable("classes on the line", factor, variant.dropped)]


ONE_AND_A_HALF = classes(0, Fraction(3, 2))
SNIPPET = """\
from fractions import Fraction
p, q, eps = Fraction(0), Fraction(3, 2), Fraction(1)     # supports at distance 3/2 > eps
m = eps
needed, allowed = m - -m, abs(p - q)       # f(p) >= m, f(q) <= -m; f is 1-Lipschitz
print("f(p) - f(q) must be at least", needed, "and at most", allowed)
assert abs(p - q) > eps and needed > allowed and 2 * (eps / 2) < allowed
"""

CLAIMS = (
    Claim(
        id=ROW,
        short="m = ε needs classes at distance 2ε; ε-separated classes guarantee m = ε/2",
        source=SOURCE,
        printed=PRINTED,
        reading="epsilon-separated as in Corollary 2: the supports are more than epsilon apart",
        statement="For all P and Q whose supports are more than epsilon > 0 apart, C^m with m = epsilon contains a "
        "classifier without errors.",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=printed,
        scope="all separated classes",
        covers_all=True,
        constants={"margin_over_epsilon": Constant(Fraction(1), sharp=Fraction(1, 2), words="m over epsilon")},
        counterexamples={"margin epsilon": ONE_AND_A_HALF},
        near_misses=(
            NearMiss("margin epsilon", classes(0, 2), "distance 2 epsilon is enough"),
            NearMiss("margin epsilon", classes(0, 1), "distance epsilon does not exceed epsilon"),
        ),
        minimality="one point of each class; every distance in (epsilon, 2 epsilon) will do, and every m > epsilon/2 "
        "fails for some classes",
        snippet=SNIPPET,
        repairs={"m = epsilon / 2": Variant(repaired=True)},
        repaired_by=f"{ROW}.half",
        argument="proof.md#the-margin-epsilon",
        notes="Right if epsilon is the distance of each class to the maximum margin frontier: see .frontier.",
    ),
    Claim(
        id=f"{ROW}.half",
        source=SOURCE,
        printed=PRINTED,
        reading="corrected: m = epsilon / 2",
        statement="For all P and Q whose supports are more than epsilon > 0 apart, C^m with m = epsilon/2 contains a "
        "classifier without errors; for no m > epsilon/2 is that so for all such P and Q.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all separated classes in R^n",
        covers_all=True,
        hypotheses={"separated": "the supports are more than epsilon apart"},
        constants={"margin_over_epsilon": Constant(Fraction(1, 2), mutated=Fraction(101, 200), words="m over epsilon")},
        textbook=(Textbook("the distance to a set is 1-Lipschitz", "Rudin, Principles, chapter 4, exercise 20"),),
        argument="proof.md#the-margin-epsilon",
        notes="Two supports at distance above epsilon have a distance at least epsilon between all pairs of points.",
    ),
)
