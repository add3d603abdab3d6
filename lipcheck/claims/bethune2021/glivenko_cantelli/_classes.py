"""Steps that several claims of the row share, and the exact measure of neighbourhoods on the unit interval."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from lipcheck.claims.bethune2021.proposition_5._steps import kept, within
from lipcheck.words.claim import Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall
from lipcheck.words.terms import var

ROW = "bethune2021.glivenko_cantelli"
SECTION = "Béthune et al. 2021, arXiv 2104.05097v2, section 4, the sentences before Proposition 5"
APPENDIX = "Béthune et al. 2021, arXiv 2104.05097v2, appendix B, 'Results of Table 1'"
GLIVENKO = "the class of Lipschitz classifiers enjoys another remarkable property since it is a Glivenko-Cantelli class"


def constants_cancel(variant: Variant) -> Forall:
    """f + c has the same difference of mean and expectation as f: both are means, of total mass one."""
    mean, expected, c, mass_p, mass = map(var, ("mean", "expected", "c", "mass_p", "mass"))
    given: dict[str, Formula] = {"probability": conj(equals(mass_p, 1), equals(mass, 1))}
    shifted = (mean + c * mass_p) - (expected + c * mass)
    return Forall("constants cancel", kept(variant, given, ["probability"]), equals(shifted, mean - expected))


def bounded_functions(variant: Variant) -> Forall:
    """|f(x) - f(x0)| <= L d(x, x0) <= L D on a set of diameter D."""
    f, base, L, d, D = map(var, ("f", "base", "L", "d", "D"))
    given: dict[str, Formula] = {
        "lipschitz": within(f - base, L * d),
        "constant": conj(L >= 0, d >= 0),
        "bounded": d <= D,
    }
    return Forall("bounded functions", kept(variant, given, ["lipschitz", "bounded"]), within(f - base, L * D))


def near(points: Sequence[Fraction], radius: Fraction) -> Fraction:
    """The length of the part of [0, 1] within this distance of the points."""
    covered, end = Fraction(0), Fraction(0)
    for point in sorted(points):
        low, high = max(point - radius, end), min(point + radius, Fraction(1))
        if high > low:
            covered, end = covered + high - low, high
    return covered


def mean_distance(points: Sequence[Fraction]) -> Fraction:
    """The integral of d(x, points) over [0, 1]: g^2 / 2 for gaps g at the ends, g^2 / 4 for those between points."""
    inner = sorted(points)
    ends = inner[0] ** 2 + (1 - inner[-1]) ** 2
    return ends / 2 + sum(((b - a) ** 2 for a, b in pairwise(inner)), Fraction(0)) / 4


def few_points() -> Forall:
    """p intervals of length 2 r cover at most 2 p r: one more interval."""
    covered, p, r, more = map(var, ("covered", "p", "r", "more"))
    given: dict[str, Formula] = {"so far": covered <= 2 * (p * r), "interval": more <= 2 * r}
    return Forall("one more interval", given, covered + more <= 2 * ((p + 1) * r))
