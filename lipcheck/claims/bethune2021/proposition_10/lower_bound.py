"""Proposition 10 for fixed L and T: |dL_T/dy| >= T / (1 + r exp(T L D)) at every example and every minimizer.

a and b are the masses of the labels 1 and -1, r = max(a/b, b/a), D the diameter of the examples, u = exp(T f(x)). The
derivative of the loss in the logit is -T/(1 + u) at a label 1 and T u/(1 + u) at a label -1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.proposition_10"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix D, Proposition 10"
PRINTED = (
    "Let (x_i, y_i)_{1≤i≤p} be a non trivial training set (i.e with more than one class) such that x_i ∈ X, X a "
    "bounded subset of R^n. Then there exists a constant K > 0 such that, for every minimizer f_L^* of BCE [...] And "
    "such that for every 1 ≤ i ≤ p we have the following: |∂/∂y L_T(ỹ = f_L^*(x_i), y_i)| ≥ K (22)"
)
u, E, a, b, s, total, mass, w, rise = map(var, ("u", "E", "a", "b", "s", "total", "mass", "w", "rise"))


def stationary(variant: Variant) -> Forall:
    """f + c is L-Lipschitz. Its loss is at most that of f plus c slope + B c^2, 2 B a bound of the second derivative.

    So a slope other than 0 can be used: 2 B c = -slope makes the loss fall by slope^2 / (4 B).
    """
    slope, c, B, change = map(var, ("slope", "c", "B", "change"))
    given: dict[str, Formula] = {
        "step": conj(B > 0, equals(2 * B * c, -slope)),
        "change": change <= c * slope + B * c**2,
        "minimizer": change >= 0,
    }
    return Forall("constants are free", kept(variant, given, ["minimizer"]), equals(slope, 0))


def share(variant: Variant) -> list[Forall]:
    """c the greatest f(x_i), E = exp(T (c - L D)) <= u everywhere: one more example of mass w to either sum.

    s(1 + u) = 1: a label 1 contributes s <= 1/(1 + E), a label -1 contributes 1 - s >= E/(1 + E).
    """
    given: dict[str, Formula] = {
        "derivative": equals(s * (1 + u), 1),
        "u": conj(u > 0, E > 0),
        "lipschitz": u >= E,
    }
    given = kept(variant, given, ["lipschitz"])
    one = Forall("one example", given, conj(s * (1 + E) <= 1, (1 - s) * (1 + E) >= E))
    so_far: dict[str, Formula] = {"so far": total <= mass, "one example": conj(s <= 1, w >= 0)}
    return [one, Forall("one more example", so_far, total + w * s <= mass + w)]


def odds(variant: Variant) -> Forall:
    """The sums are equal: b E/(1 + E) <= a/(1 + E), so b E <= a; b >= q > 0 keeps E bounded."""
    up, down, q = map(var, ("up", "down", "q"))
    given: dict[str, Formula] = {
        "sums": conj(up * (1 + E) <= a, down * (1 + E) >= b * E, E > 0),
        "minimizer": equals(up, down),
        "both_classes": b >= q,
        "bound": q > 0,
    }
    return Forall("the odds", kept(variant, given, ["minimizer", "both_classes"]), q * E <= a)


def derivative(variant: Variant) -> Forall:
    """U = exp(T y f(x_i)) <= r exp(T L D), rise = r exp(T L D): g (1 + U) = T gives g (1 + rise) >= T."""
    g, T, U = map(var, ("g", "T", "U"))
    factor = variant.value("ratio", 1)
    given: dict[str, Formula] = {"derivative": equals(g * (1 + U), T), "signs": conj(T > 0, U > 0, g > 0)}
    given["logits"] = rise >= U
    return Forall("the derivative", given, g * (1 + factor * rise) >= T)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Constants are free, so the odds of the labels bound the logits, and these the derivative."""
    return [stationary(variant), *share(variant), odds(variant), derivative(variant)]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        reading="L and T > 0 are given; K is one number for all minimizers and all examples",
        statement="For every law of both labels on X of diameter D (such as a finite training set with equal weights), "
        "L >= 0 and T > 0, every minimizer f of the expected BCE over Lip_L(X, R) satisfies |dL_T/dy (f(x), y)| >= "
        "T / (1 + r exp(T L D)) for all x in X and both y, r the probability of the more frequent label over that of "
        "the rarer one. So there is one K for all examples and all minimizers.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all laws and training sets of both labels, all L and T",
        covers_all=True,
        hypotheses={
            "lipschitz": "f is L-Lipschitz",
            "minimizer": "f is a minimizer",
            "both_classes": "both labels occur",
        },
        constants={
            "ratio": Constant(Fraction(1), mutated=Fraction(99, 100), words="the factor of r exp(T L D) in the bound")
        },
        textbook=(
            Textbook("Taylor's theorem", "Rudin, Principles, theorem 5.15"),
            Textbook(
                "monotony of the integral, for laws with infinitely many points",
                "Rudin, Real and Complex Analysis, 1.24",
            ),
        ),
        argument="proof.md#the-lower-bound",
        notes="Attained for D = 0, at the examples of the more frequent label. (21) names the law "
        "P_XY and the proof the training set: both are covered; D and r are those of the law. For a training set X "
        "need not be bounded: D is the diameter of the x_i. Nothing is said of the gradients of "
        "parameters.",
    ),
)
