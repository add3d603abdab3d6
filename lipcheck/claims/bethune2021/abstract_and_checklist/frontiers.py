"""Abstract: "they can fit arbitrarily difficult frontiers, making them as expressive as classical ones, in addition to
provide robustness certificates".

Two plain readings hold. Networks: every Lipschitz network f has the frontier of the 1-Lipschitz network f/L, whose size
is a certificate. Functions: every two disjoint closed sets are told apart by half the difference of the distances.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.abstract_and_checklist._words import PAPER, PRINTED_FRONTIERS, ROW
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals, implies
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def networks(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """g = f/L: values f = L g at two points at distance d; signs and certificate."""
    L, f_x, f_y, g_x, g_y, d = map(var, ("L", "f_x", "f_y", "g_x", "g_y", "d"))
    scaled = conj(L > 0, equals(f_x, L * g_x), equals(f_y, L * g_y))
    given: dict[str, Formula] = {"scaled": scaled}
    steep: dict[str, Formula] = {"lipschitz": g_x - g_y <= d} if variant.keeps("lipschitz") else {}
    if variant.keeps("lipschitz"):
        given["lipschitz"] = f_x - f_y <= L * d
    same = conj(implies(f_x > 0, g_x > 0), implies(f_x < 0, g_x < 0), implies(equals(f_x, 0), equals(g_x, 0)))
    change = {"change": conj(g_x > 0, g_y <= 0), **steep}
    return [
        Forall("f/L is 1-Lipschitz", given, g_x - g_y <= d),
        Forall("the same signs", {"scaled": scaled}, same),
        Forall("the certificate", change, variant.value("radius", 1) * g_x <= d),
    ]


def functions(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """c (d(x, B) - d(x, A)) with c = 1/2: 1-Lipschitz, positive on A and negative on B."""
    a_x, a_y, b_x, b_y, d = map(var, ("a_x", "a_y", "b_x", "b_y", "d"))
    half = variant.value("half", Fraction(1, 2))
    triangle = conj(b_x - b_y <= d, a_y - a_x <= d)
    on_a: dict[str, Formula] = {"in A": equals(a_x, 0)}
    on_b: dict[str, Formula] = {"in B": equals(b_x, 0)}
    if variant.keeps("closed"):
        on_a["closed"], on_b["closed"] = b_x > 0, a_x > 0
    return [
        Forall("1-Lipschitz", {"triangle inequality": triangle}, half * (b_x - a_x) - half * (b_y - a_y) <= d),
        Forall("positive on A", on_a, half * (b_x - a_x) > 0),
        Forall("negative on B", on_b, half * (b_x - a_x) < 0),
    ]


CLAIMS = (
    Claim(
        id=ROW,
        source=f"{PAPER}, abstract; conclusion: 'they provide robustness radius certificates by definition'",
        printed=PRINTED_FRONTIERS,
        reading="as expressive as unconstrained networks for classification, of which section 2.1 says that they are "
        "Lipschitz",
        statement="For every Lipschitz network f : R^n -> R there is a network g of the same architecture (its "
        "last layer "
        "scaled) that is 1-Lipschitz and has the sign of f everywhere; at every x no point nearer than |g(x)| has "
        "the other sign.",
        expected=Verdict.PROVED,
        obligations=networks,
        scope="all Lipschitz functions of R^n and all norms; all families that are closed under positive scaling",
        covers_all=True,
        hypotheses={"lipschitz": "f is L-Lipschitz (and g = f/L 1-Lipschitz)"},
        constants={"radius": Constant(Fraction(1), Fraction(101, 100), words="of |g(x)| in the certificate")},
        argument="proof.md#frontiers",
        notes="L = 0 is a constant f, which is 1-Lipschitz itself. The certificate of f/L can be tiny: 'as "
        "expressive' says "
        "nothing on its size. Networks with attention are not Lipschitz and not covered.",
    ),
    Claim(
        id=f"{ROW}.frontiers_functions",
        source=f"{PAPER}, abstract; introduction: '1-Lip NN are able to learn arbitrary complex decision frontiers'",
        printed=PRINTED_FRONTIERS,
        reading="1-Lipschitz functions instead of networks, any frontier",
        statement="For any disjoint nonempty closed sets A, B of a metric space f(x) = (d(x, B) - d(x, A))/2 is "
        "1-Lipschitz, "
        "positive on A and negative on B.",
        expected=Verdict.PROVED,
        obligations=functions,
        scope="all metric spaces, all such sets",
        covers_all=True,
        hypotheses={"closed": "A and B are closed and disjoint: points of one have a positive distance to the other"},
        constants={"half": Constant(Fraction(1, 2), Fraction(101, 200), words="before the difference of distances")},
        argument="proof.md#frontiers",
        notes="For networks this is a limit (Anil et al., theorem 3): on compact A, B a close enough network "
        "has the signs.",
    ),
)
