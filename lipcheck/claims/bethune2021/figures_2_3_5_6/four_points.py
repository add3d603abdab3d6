"""Caption of Figure 2b: inputs -2, -1, 1, 2, weights 0.9, 0.1, 0.1, 0.9, labels +1, -1, +1, -1. "For L high enough an
inflexion point appears, whereas for small L the small weights examples are treated as noise."

By symmetry the minimizer is odd; its values are L + b, b, -b, -L - b. Put B = exp(b), Z = exp(L): the loss falls in b
exactly if B (1 + B Z) < 9 (1 + B). So b = L, a straight line, while Z (1 + Z^2) <= 9 (1 + Z), and b < 0 if and only if
Z > 17.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.figures_2_3_5_6._words import PAPER, ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The sign of the slope in b, the straight line, and the threshold for b < 0."""
    B, Z, light, heavy, x, y = map(var, ("B", "Z", "light", "heavy", "x", "y"))
    # light = sigma(b) = B/x with x = 1 + B, heavy = sigma(-(b + L)) = 1/y with y = 1 + B Z
    sigmas: dict[str, Formula] = {"light": equals(light * x, B), "heavy": equals(heavy * y, 1)}
    bz, bbz, bzz, s = map(var, ("bz", "bbz", "bzz", "s"))
    up_to: dict[str, Formula] = {"B": conj(B > 0, B <= Z), "split": disj(s <= 0, s >= 0)}
    if variant.keeps("small L"):
        up_to["small L"] = Z * s <= 9
    threshold = variant.value("threshold", 17)
    return [
        Forall("ten times the slope in b", sigmas, equals((light - 9 * heavy) * x * y, B * y - 9 * x)),
        Forall("B^2 Z <= B Z^2", {"bz": bz > 0, "B": B <= Z}, bz * B <= bz * Z),
        Forall("B (Z^2 - 8) <= 9", up_to, B * s <= 9),
        Forall("a straight line for small L", {"both": conj(bbz <= bzz, bzz - 8 * B <= 9)}, B + bbz <= 9 * (1 + B)),
        Forall("rising at b = 0 for large L", {"large L": threshold < Z}, 1 + Z > 18),
        Forall("falling at b = 0 up to log 17", {"L": Z <= 17}, 1 + Z <= 18),
        Forall("never b = -L", {"B": B > 0, "bz": equals(bz, 1)}, B * (1 + bz) < 9 * (1 + B)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.figure_2b",
        source=f"{PAPER}, caption of Figure 2b; data of Example 3",
        printed="L-Lipschitz functions minimizing BCE of Example 3. [...] For L high enough an inflexion point "
        "appears, "
        "whereas for small L the small weights examples are treated as noise.",
        reading="exact minimizers; noise: the light points are not on the side of their labels; inflexion: the "
        "function "
        "is not monotone",
        statement="Let Z = exp(L). If Z + Z^3 <= 9 + 9 Z (L up to about 1.187) the minimizer is -L x on the four "
        "points and "
        "misclassifies both light ones; they stay on the wrong side or at 0 up to L = log 17, and for L > log 17 the "
        "minimizer classifies all four points, rising between the light points and falling outside.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=obligations,
        scope="the four points of Example 3, every L > 0",
        covers_all=True,
        hypotheses={"small L": "Z + Z^3 <= 9 + 9 Z, for the straight line"},
        constants={
            "threshold": Constant(Fraction(17), Fraction(1683, 100), words="of exp(L), from which all are right")
        },
        textbook=(
            Textbook(
                "a convex problem with a symmetry has a symmetric minimizer; strictly convex: no other",
                "Boyd, Vandenberghe, Convex Optimization, exercise 4.4",
            ),
            Textbook(
                "a differentiable convex function is least where its slope changes sign", "Rudin, Principles, 5.11"
            ),
        ),
        argument="proof.md#four-points",
        notes="log 17 is near 2.83. Trained networks show the same picture at finitely many L.",
    ),
)
