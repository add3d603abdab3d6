""" "even when a Lipschitz classifier badly overfit, we might detect it since BCE can remain high"."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.margin_choice.epsilon import ROW
from lipcheck.claims.bethune2021.margin_choice.zero import SOURCE
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

u, v, w = map(var, ("u", "v", "w"))


def pair(variant: Variant) -> Forall:
    """u = exp(-T f(x)), v = exp(T f(x')), w = exp(-T L d / 2): u v >= w^2, so (1 + u)(1 + v) >= (1 + w)^2."""
    factor = variant.value("factor", 1)
    given: dict[str, Formula] = {"positive": conj(u > 0, v > 0, w > 0), "lipschitz": u * v >= w * w}
    return Forall("two examples", kept(variant, given, ["lipschitz"]), (1 + u) * (1 + v) >= factor * (1 + w) ** 2)


def chord() -> Forall:
    """ln(1 + exp(-t)) >= ln 2 - t/2, which for c = exp(-t) says (1 + c)^2 >= 4c; the difference is a square."""
    c = var("c")
    return Forall("the tangent at zero", {"c": c > 0}, equals((1 + c) ** 2 - 4 * c, (1 - c) ** 2))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The loss of two examples, and its first-order bound."""
    return [pair(variant), chord()]


CLAIMS = (
    Claim(
        id=f"{ROW}.overfit",
        source=SOURCE,
        printed="Practically, it means that even when a Lipschitz classifier badly overfit, we might detect it since "
        "BCE can remain high",
        reading="classifiers that separate examples of different labels at a small distance have a high training loss",
        statement="For every L-Lipschitz f and examples (x, 1), (x', -1) at distance d the mean of their losses is at "
        "least ln(1 + exp(-T L d/2)) >= ln 2 - T L d/4, with equality in the first for f(x) = -f(x') = L d/2.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all f, all T and L, all pairs",
        covers_all=True,
        hypotheses={"lipschitz": "f is L-Lipschitz"},
        constants={"factor": Constant(Fraction(1), mutated=Fraction(101, 100), words="(1 + u)(1 + v) over (1 + w)^2")},
        textbook=(Textbook("monotony of exp and ln", "Rudin, Principles, theorem 8.6"),),
        argument="proof.md#overfitting-shows-in-the-loss",
        notes="'Can': where examples of different labels are far apart the training loss can be small and the error "
        "large. The memorising f of .zero have y f = 1/(8p) and so a loss near ln 2, unless T is of the order of p.",
    ),
)
