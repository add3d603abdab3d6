"""Section 5: "Hinge loss L_m(f(x), y) = max(0, m - y f(x)) allows, in principle, to reach maximum accuracy".

Plain reading: for a margin below the distance D of the two Bayes regions, every minimizer of the expected hinge loss
over 1-Lipschitz functions has the Bayes error. Noise in the labels is allowed; only the regions must be apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.hinge_hkr._samples import ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import Term, maximum, minimum, positive_part, var
from lipcheck.words.verdict import Budget, Verdict

PRINTED = "Hinge loss L_m(f(x), y) = max(0, m − yf(x)) allows, in principle, to reach maximum accuracy, as used in [2]."
eta, v, m, c, D = map(var, ("eta", "v", "m", "c", "D"))


def risk(value: Term) -> Term:
    """The expected hinge loss of a value in [-m, m] at a point where the label is +1 with probability eta."""
    return eta * (m - value) + (1 - eta) * (m + value)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Clipping, raising on the region of +1, and the level min(m, D - m) that is reached."""
    return [*pointwise(variant), *raising(variant)]


def pointwise(variant: Variant) -> list[Forall]:
    """Clipping to [-m, m] costs nothing for either label; within [-m, m] the hinge losses are m - v and m + v, and
    below the level c a value on the region of +1 is worse than c."""
    up, down = positive_part(m - v), positive_part(m + v)
    below: dict[str, Formula] = {"range": v < c}
    if variant.keeps("bayes"):
        below["bayes"] = 2 * eta > 1
    return [
        Forall("clipping to m", {"margin": m > 0, "above": v >= m}, conj(up >= 0, down >= 2 * m)),
        Forall("clipping to -m", {"margin": m > 0, "below": v <= -m}, conj(up >= 2 * m, down >= 0)),
        Forall("within [-m, m]", {"range": conj(v >= -m, v <= m)}, conj(equals(up, m - v), equals(down, m + v))),
        Forall("raising to the level", below, risk(c) < risk(v)),
    ]


def raising(variant: Variant) -> list[Forall]:
    """g = max(f, c - distance to the region of +1): 1-Lipschitz, f on the region of -1, max(f, c) on that of +1."""
    f, g, far, near, d = map(var, ("f", "g", "far", "near", "d"))
    level = minimum(m, D - m)
    given: dict[str, Formula] = {"margin": m > 0}
    if variant.keeps("separated"):
        given["separated"] = m < variant.value("ratio", 1) * D
    lipschitz: dict[str, Formula] = {"distances": conj(far - near <= d, near - far <= d), "d": d >= 0}
    if variant.keeps("lipschitz"):
        lipschitz["lipschitz"] = conj(f - g <= d, g - f <= d)
    other: dict[str, Formula] = {"clipped": f >= -m, "other region": far >= D, "level": c <= level}
    return [
        Forall("the level is positive", given, conj(level > 0, level <= m)),
        Forall("the raised function is 1-Lipschitz", lipschitz, maximum(f, c - far) - maximum(g, c - near) <= d),
        Forall("it is f on the other region", other, equals(maximum(f, c - far), f)),
    ]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        reading="in principle: for a margin that is small enough for the law",
        statement="Let eta(x) = P(Y = 1 | x), A = {eta > 1/2}, B = {eta < 1/2}, D = dist(A, B) > 0 and 0 < m < D. The "
        "expected hinge loss has a minimizer over 1-Lipschitz f, and every minimizer has f >= min(m, D - m) almost "
        "everywhere on A and f <= -min(m, D - m) almost everywhere on B, so that sign f has the Bayes error.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all laws on R^n, all margins below the distance of the Bayes regions (infinite if one is empty)",
        covers_all=True,
        hypotheses={
            "separated": "m is smaller than the distance of the two Bayes regions",
            "bayes": "the region of +1 is where +1 is the likelier label",
            "lipschitz": "f is 1-Lipschitz",
        },
        constants={"ratio": Constant(Fraction(1), Fraction(101, 100), words="of D, which m must stay below")},
        textbook=(
            Textbook("a nonnegative function with integral 0 vanishes almost everywhere", "Rudin, RCA, theorem 1.39"),
            Textbook("Arzelà-Ascoli and dominated convergence, for existence", "Rudin, RCA, 1.34 and 11.28"),
        ),
        argument="proof.md#maximum-accuracy",
        notes="Sharp: at m = D two points already fail (any_margin). The loss itself is 0 for separable classes "
        "exactly "
        "if 2 m <= D. Where eta = 1/2 every answer has the Bayes error.",
    ),
)
