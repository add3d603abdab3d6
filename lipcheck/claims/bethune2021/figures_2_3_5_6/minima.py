"""Captions of Figures 3 and 5 in terms of the least training loss, which is exact where a training curve is not.

3a: "Higher L ensures better fitting of the training set." 3b: "Small margins makes the training easier." 5b: "The
margin have few consequences on accuracy" for unconstrained networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.figures_2_3_5_6._words import PAPER, ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals, implies
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Verdict

INDUCTION = Textbook("induction over the training points", "Peano's fifth axiom")
m, n, z, low, high, near, e, w = map(var, ("m", "n", "z", "low", "high", "near", "e", "w"))


def infima() -> Forall:
    """If each function has, in the second problem, no larger loss, the second infimum is no larger."""
    return Forall("infima", {"near": near <= high + e, "no larger": low <= near}, low <= high + e)


def constants(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """An L-Lipschitz function is K-Lipschitz for K >= L; f = L g is K ((L/K) g)."""
    rise, d, small, large, ratio, g = map(var, ("rise", "d", "small", "large", "ratio", "g"))
    given: dict[str, Formula] = {"lipschitz": rise <= small * d, "d": d >= 0}
    scaled: dict[str, Formula] = {"ratio": equals(ratio * large, small), "signs": conj(large > 0, small >= 0)}
    if variant.keeps("larger"):
        given["larger"] = scaled["larger"] = small <= variant.value("one", 1) * large
    return [
        Forall("a larger class", given, rise <= large * d),
        Forall("dilated networks", scaled, conj(ratio <= 1, equals(large * (ratio * g), small * g))),
        infima(),
    ]


def margins(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The hinge loss of each score grows with the margin, by no more than the margin does."""
    given: dict[str, Formula] = {"larger": m <= variant.value("one", 1) * n} if variant.keeps("larger") else {}
    small, large = positive_part(m - z), positive_part(n - z)
    step = {"so far": low <= high, "point": small <= large, "weight": w >= 0}
    return [
        Forall("one score", {"signs": conj(m >= 0, n >= 0), **given}, small <= large),
        Forall("one more point", step, low + w * small <= high + w * large),
        infima(),
    ]


def cones(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Scores z at margin 1 and m z at margin m: losses are proportional, signs the same."""
    given: dict[str, Formula] = {"positive margin": m > 0} if variant.keeps("positive margin") else {}
    factor = variant.value("factor", 1)
    unit = positive_part(1 - z)
    u = var("u")
    at_m = {**given, "scaled": equals(u, m * z)}
    scaled = conj(implies(z <= 1, equals(m - u, m * (1 - z))), implies(z >= 1, u >= factor * m))
    signs = conj(implies(z > 0, u > 0), implies(z < 0, u < 0), implies(equals(z, 0), equals(u, 0)))
    return [
        Forall("hinge losses are proportional", at_m, scaled),
        Forall("the unit hinge", {}, conj(unit >= 0, unit >= 1 - z)),
        Forall("the same signs", at_m, signs),
        Forall("the same order", {**given, "order": low <= high}, m * low <= m * high),
    ]


CLAIMS = (
    Claim(
        id=ROW,
        source=f"{PAPER}, caption of Figure 3a",
        printed="L-Lipschitz neural network with BCE loss. Higher L ensures better fitting of the training set.",
        reading="better fitting: the least training loss is not larger",
        statement="For every loss and every training set the infimum over L-Lipschitz functions does not grow "
        "with L; nor "
        "does it over L N for a set N of functions that contains s g for g in N and 0 <= s <= 1.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=constants,
        scope="all losses, all training sets, all L",
        covers_all=True,
        hypotheses={"larger": "the second constant is at least as large"},
        constants={"one": Constant(Fraction(1), Fraction(101, 100), words="of the larger constant")},
        argument="proof.md#least-losses",
        notes="For networks whose gradient has norm 1 exactly, N is closed under s <= 1 only in the limit (they "
        "are dense "
        "in the 1-Lipschitz functions). That trained networks reach these minima is what the figure shows. "
        "Nothing is said on the training error of minimizers, which need not follow the loss (figure_2b).",
    ),
    Claim(
        id=f"{ROW}.figure_3b",
        source=f"{PAPER}, caption of Figure 3b",
        printed="1-Lipschitz neural network with Hinge loss. Small margins makes the training easier.",
        reading="easier: the least training loss is not larger",
        statement="For every training set and every set of functions the least mean hinge loss does not fall when the "
        "margin m >= 0 grows.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=margins,
        scope="all training sets, all classes of functions, all margins m >= 0",
        covers_all=True,
        hypotheses={"larger": "the second margin is at least as large"},
        constants={"one": Constant(Fraction(1), Fraction(101, 100), words="of the larger margin")},
        textbook=(INDUCTION,),
        argument="proof.md#least-losses",
        notes="For 1-Lipschitz functions on separable data it is 0 exactly up to half the distance of the "
        "classes, and the "
        "error of every minimizer is 0 below the distance (hinge_hkr). How fast training gets there is not decided.",
    ),
    Claim(
        id=f"{ROW}.figure_5b",
        source=f"{PAPER}, caption of Figure 5b",
        printed="Unconstrained neural network with Hinge loss. The margin have few consequences on accuracy.",
        reading="exact minimizers; unconstrained networks form a cone, as the last layer can be scaled",
        statement="Over a set of functions that is closed under positive factors the minimizers of the mean hinge loss "
        "with margin m > 0 are m times those with margin 1, and have the same signs: m has no consequence on accuracy.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=cones,
        scope="all cones of functions, all training sets, all m > 0",
        covers_all=True,
        hypotheses={"positive margin": "m > 0"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of m, where the loss vanishes")},
        textbook=(INDUCTION,),
        argument="proof.md#least-losses",
        notes="'Few' is none, for minimizers; what remains in the figure is optimization (initialization, step "
        "sizes). By "
        "the same argument the temperature of BCE has no consequence for unconstrained networks (Figure 5a).",
    ),
)
