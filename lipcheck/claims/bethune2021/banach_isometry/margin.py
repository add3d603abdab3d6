"""Section 2.2, "linear large margin classifiers": the margin in the Banach space is min |f(x_i)| / Lip(f).

A point b of B with T(b) = -t lies on the hyperplane of the classifier sign(T + t). The distance of δ_x - δ_o to it is
|T(x) + t| / ||T|| = |f(x)| / Lip(f) for f = T + t on X.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.banach_isometry.functionals import PRINTED, ROW, SOURCE
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

f, L, size, slope, s = map(var, ("f", "L", "size", "slope", "s"))


def apart(variant: Variant) -> Forall:
    """|f(x)| = |T(b) - T(x)| <= L ||b - x|| for b on the hyperplane."""
    given: dict[str, Formula] = {
        "functional": conj(f <= L * size, -f <= L * size),
        "positive": conj(L > 0, size >= 0),
    }
    bound = variant.value("margin", 1) * absolute(f)
    return Forall("no point of the hyperplane is nearer", kept(variant, given, ["functional"]), L * size >= bound)


def reached() -> Forall:
    """Steps of length s along a unit vector of value `slope` > 0 change T by s slope: s slope = |f| is enough.

    So the distance is at most |f| / slope, and slope is as near to L as one likes.
    """
    value = var("value")
    given: dict[str, Formula] = {"step": equals(s * slope, value), "slope": slope > 0, "value": value >= 0}
    witness = dict.fromkeys(("s", "slope", "value"), Fraction(1))
    return Forall("the hyperplane is reached", given, conj(equals(value - s * slope, 0), s >= 0), hint=Hint(2),
                  witness=witness)  # fmt: skip


def normalized() -> Forall:
    """y f(x) >= 1 for all data makes the margin at least 1 / L: L size >= |f| >= 1."""
    given: dict[str, Formula] = {"margin": L * size >= absolute(f), "data": absolute(f) >= 1}
    return Forall("canonical scale", given, L * size >= 1)


def largest(variant: Variant) -> Forall:
    """f with least |f(x_i)| = mu >= 1 has the margin of f / mu, which is 1 / q for the constant q of f / mu.

    f / mu meets y_i f(x_i) >= 1 too, so q is at least the smallest constant `least`: no margin exceeds 1 / least.
    """
    margin, q, least = map(var, ("margin", "q", "least"))
    given: dict[str, Formula] = {"scaled": conj(equals(margin * q, 1), q > 0, margin >= 0), "smallest": q >= least}
    witness = dict.fromkeys(("margin", "q", "least"), Fraction(1))
    return Forall("the largest margin", kept(variant, given, ["smallest"]), margin * least <= 1, hint=Hint(2),
                  witness=witness)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The distance from below and from above, and which classifier has the largest margin."""
    return [apart(variant), reached(), normalized(), largest(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.margin",
        source=SOURCE,
        printed=PRINTED,
        reading="large margin: the distance of the embedded data to the hyperplane of the classifier",
        statement="Let f be Lipschitz and not constant on X, o a base point, T the functional of f - f(o). The "
        "distance of the image of x to the hyperplane {T + f(o) = 0} in B is |f(x)| / Lip(f). So for finitely "
        "many data, both labels among them, an f of the smallest constant among those with y_i f(x_i) >= 1 has the "
        "largest margin of all classifiers without error, min |f(x_i)| / Lip(f) = 1 / Lip(f).",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all metric spaces, all Lipschitz functions that are not constant",
        covers_all=True,
        hypotheses={
            "functional": "|T(b) - T(x)| <= Lip(f) ||b - x||",
            "smallest": "f has the smallest constant among those with y_i f(x_i) >= 1",
        },
        constants={"margin": Constant(Fraction(1), Fraction(101, 100), words="of |f(x)| / Lip(f)")},
        textbook=(Textbook("||T|| is the supremum of T over unit vectors", "Rudin, Functional Analysis, 4.1"),),
        argument="proof.md#the-margin",
        depends_on=(ROW,),
        notes="The distance in X to {f = 0} is at least as large, and may be larger: property_1. With f constant there "
        "is no hyperplane.",
    ),
)
