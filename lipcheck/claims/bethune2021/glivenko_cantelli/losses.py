"""BCE, hinge and Huber loss: nonnegative, Lipschitz and at least linear on the wrong side, and so consistent."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.glivenko_cantelli._classes import APPENDIX, ROW, SECTION
from lipcheck.claims.bethune2021.proposition_5 import _steps as steps
from lipcheck.claims.bethune2021.proposition_5.consistency import unbounded
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import Term, absolute, maximum, minimum, positive_part, var
from lipcheck.words.verdict import Budget, Verdict

z, v, m, delta, r = map(var, ("z", "v", "m", "delta", "r"))


def hinge(variant: Variant) -> Forall:
    """max(0, m - z), z = y f(x), is at least 0 and at least -z, zero for z >= m, and 1-Lipschitz in z."""
    given: dict[str, Formula] = {"margin": m >= 0}
    at, other = positive_part(m - z), positive_part(m - v)
    limit = variant.value("hinge", 1)
    return Forall("hinge", given, conj(at >= 0, at >= -z, at - other <= limit * absolute(z - v)))


def clipped(t: Term) -> Term:
    """t brought into [-delta, delta]: the derivative of the Huber loss."""
    return minimum(maximum(t, -delta), delta)


def huber(variant: Variant) -> Sequence[Forall]:
    """H(r) = r^2 / 2 for |r| <= delta, else delta |r| - delta^2 / 2, which is r^2 / 2 - max(|r| - delta, 0)^2 / 2.

    For s = |r|: H >= 0, H >= delta s - delta^2 / 2; its derivative, r clipped, has a size of at most delta.
    """
    s, limit = var("s"), variant.value("huber", 1)
    twice = s**2 - positive_part(s - delta) ** 2
    given: dict[str, Formula] = {"size": conj(s >= 0, delta >= 0)}
    bounds = conj(twice >= 0, twice >= 2 * (delta * s) - delta**2)
    return [
        Forall("Huber, from below", given, bounds),
        Forall("Huber, derivative", {"delta": delta >= 0}, steps.within(clipped(r), limit * delta)),
    ]


def zero_function() -> Forall:
    """Huber loss of y - f with y = 1 or -1: |y - f| >= -y f - 1, so it too is at least linear on the wrong side."""
    return Forall("labels and residuals", {"z": z <= 0}, absolute(1 - z) >= -z - 1)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bounds for each loss, and the steps of Proposition 5, which use nothing else of a loss."""
    return [
        steps.loss_bounds(),
        steps.slope(variant),
        hinge(variant),
        *huber(variant),
        zero_function(),
        steps.other_class(variant),
        steps.sublevel(variant),
        steps.rounding(),
        steps.brackets(),
        steps.infima(variant),
        unbounded(),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.losses",
        source=f"{SECTION}; appendix B, 'Results of Table 1': 'If we replace BCE with hinge, the resulting class is "
        "still Glivenko-Cantelli, so the theorem apply. Hence, hinge is a consistent estimator'",
        printed="BCE is a consistent estimator, as well as other Lipschitz losses like Hinge or Hubert [Huber].",
        reading="consistent: the infimum of the training loss over Lip_L(X, R) converges to that of the expected loss",
        statement="For every law on X x Y, X in R^n, every L >= 0: for BCE with T > 0, hinge with m >= 0 and the Huber "
        "loss of y - f with delta > 0, the infimum over Lip_L(X, R) of the training loss converges almost surely to "
        "that of the expected loss.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all laws on R^n, all L, T, m and delta",
        covers_all=True,
        hypotheses={
            "lipschitz": "f is L-Lipschitz",
            "both_classes": "both classes have positive probability, else both infima are 0",
            "uniform": "mean and expectation are near each other on the whole sublevel set",
        },
        constants={
            "slope": Constant(Fraction(1), Fraction(99, 100), words="Lipschitz constant of the BCE over T"),
            "hinge": Constant(Fraction(1), Fraction(99, 100), words="Lipschitz constant of the hinge loss"),
            "huber": Constant(Fraction(1), Fraction(99, 100), words="Lipschitz constant of the Huber loss over delta"),
        },
        textbook=(steps.ASCOLI, steps.MCSHANE, steps.STRONG_LAW),
        argument="proof.md#bce-hinge-and-huber",
        notes=f"'Hubert' is read as Huber. Of a loss only this is used: nonnegative, Lipschitz, at least linear on the "
        f"wrong side, infimum 0 for one class. Being Lipschitz alone is not enough: see .wasserstein ({APPENDIX}).",
    ),
)
