"""Section 7.1 and appendix G.1: cones over centres, and spheres around them.

Plain reading: P1 uniform on finitely many centres of R^n, at distances of at least 2 from each other, P2 the mean of
the uniform laws on the spheres of radius 1 around them. W(P1, P2) = 1, and f(x) = max over centres of 1 - |x - c| is an
optimal dual. For n = 1 and one centre it is 1 - |x|; with P1 and P2 exchanged, |x| is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import LINE
from lipcheck.claims.anil2019.optimal_dual_gradient.finite_supports import stays_lipschitz
from lipcheck.claims.anil2019.wasserstein_examples.common import G1, RADIUS, ROW, S71, gain, spheres
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, maximum, var
from lipcheck.words.verdict import Budget, Verdict

THREE: Any = {"centres": ["-2", "0", "2"]}
SINGLE: Any = {"centres": ["0"]}
CLOSE: Any = {"centres": ["0", "1"]}
NEARLY: Any = {"centres": ["0", "199/100"]}
CAUCHY = Textbook("Cauchy-Schwarz inequality, triangle inequality", "Horn and Johnson, Matrix Analysis, 5.1")


def examine(data: Data, radius: Fraction, separation: Fraction) -> Examination:
    """Whether the distance is 1, and the cones are an optimal dual, for centres on the line."""
    centres, first, second = spheres(data, radius)
    apart = all(abs(a - b) >= separation for i, a in enumerate(centres) for b in centres[:i])
    heights = [Fraction(1) for _ in centres]
    gained = gain(centres, heights, first, second)
    exact = laws.distance(first, second) == 1
    return Examination({"apart": apart}, gained == 1 and exact)


def on_the_line(variant: Variant) -> Universal:
    """Centres on the line, where spheres are pairs of points."""
    radius, separation = variant.value("radius", 1), variant.value("separation", 2)
    return Universal("centres on the line", "the distance is 1 and the cones attain it",
                     lambda data: examine(data, radius, separation), lambda: [THREE, SINGLE, CLOSE, NEARLY],
                     variant.dropped, [str(radius), str(separation)])  # fmt: skip


def others_are_no_nearer(variant: Variant) -> Forall:
    """y on the sphere of a centre c, D = |c - c'|^2, e = (y - c).(c - c'): |y - c'|^2 = r^2 + 2 e + D >= 1."""
    e, apart = var("e"), var("D")
    r, s = variant.value("radius", 1), variant.value("separation", 2)
    given: dict[str, Formula] = {"Cauchy and Schwarz": e * e <= r**2 * apart}
    if variant.keeps("apart"):
        given["apart"] = apart >= s**2
    witness = {"e": Fraction(0), "D": max(s, Fraction(2)) ** 2}
    return Forall("other centres are no nearer", given, r**2 + 2 * e + apart >= 1, witness=witness)


def own_sphere(variant: Variant) -> Forall:
    """Moving a centre to its own sphere costs 1 everywhere."""
    d = var("d")
    given: dict[str, Formula] = {"sphere": conj(d >= 0, equals(d * d, variant.value("radius", 1) ** 2))}
    witness = {"d": variant.value("radius", 1)}
    return Forall("the way to the own sphere is 1", given, equals(d, 1), witness=witness)


def one_cone() -> Forall:
    """|x - c| - |y - c| lies between -|x - y| and |x - y|."""
    a, b, d = var("a"), var("b"), var("d")
    given: dict[str, Formula] = {"triangles": conj(a <= b + d, b <= a + d)}
    return Forall("a cone is 1-Lipschitz", given, absolute((1 - a) - (1 - b)) <= d)


def values() -> Forall:
    """A centre c at distance 0 from itself, y at distance 1 from its own centre; other centres at 1 or more."""
    other = var("other")
    given: dict[str, Formula] = {"other centres": other >= 1}
    at_centre, on_sphere = maximum(1, 1 - other), maximum(0, 1 - other)
    return Forall("1 at a centre, 0 on a sphere", given, conj(equals(at_centre, 1), equals(on_sphere, 0)))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """W <= 1 by the coupling with the own sphere; W >= 1 by the cones: any number of centres in any dimension."""
    return [on_the_line(variant), own_sphere(variant), others_are_no_nearer(variant), one_cone(), stays_lipschitz(),
            values()]  # fmt: skip


def on_the_segment() -> Forall:
    """f(c) - f(y) = 1 for y on the sphere; z between them at distances t and 1 - t: f(z) = f(c) - t."""
    c, z, y, t = var("c"), var("z"), var("y"), var("t")
    given: dict[str, Formula] = {
        "lipschitz": conj(c - z <= t, z - y <= 1 - t),
        "optimal": equals(c - y, 1),
    }
    return Forall("an optimal dual is a cone in the ball", given, equals(z, c - t))


def cone(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One centre; and every optimal dual."""
    return [on_the_line(variant), own_sphere(variant), on_the_segment()]


CLAIMS = (
    Claim(
        id=ROW,
        source=f"{S71}; {G1}",
        printed=(
            "Appendix H.1 describes how pairs of probability distributions can be picked which have these optimal dual "
            "surfaces, and a Wasserstein distance of precisely 1."
        ),
        statement=(
            "For |x|, for three circular cones and for the circular cone in R^n, every n, there are laws P1, P2 with "
            "W(P1, P2) = 1 of which this is an optimal dual: centres at mutual distances of at least 2, and unit "
            "spheres."
        ),
        reading="some pair of laws, in a suitable order; the function is an optimal dual, not the only one",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="finitely many centres in R^n, every n",
        covers_all=True,
        hypotheses={"apart": "the centres are at distances of at least 2 from each other"},
        constants={**RADIUS, "separation": Constant(Fraction(2), Fraction(199, 100), words="of the centres")},
        textbook=(LINE, CAUCHY),
        argument="proof.md#the-pairs",
    ),
    Claim(
        id=f"{ROW}.n_cone",
        source=G1,
        printed=(
            "We pick p1 as the Dirac delta function located at the origin, and sample from p2 by uniformly selecting a "
            "point from high dimensional spherical shell with radius 1, centered at the origin. [...] it can be shown "
            "that the optimal dual function is a single high dimensional circular cone and the Wasserstein distance is "
            "also equal to unity."
        ),
        statement=(
            "For P1 = the Dirac measure at 0 in R^n, n >= 1, and P2 uniform on the unit sphere, W(P1, P2) = 1; the "
            "cone 1 - |x| is optimal, and every optimal dual equals it on the unit ball up to a constant."
        ),
        reading="the dual function on the ball",
        expected=Verdict.PROVED,
        obligations=cone,
        scope="every n",
        covers_all=True,
        constants=RADIUS,
        textbook=(
            LINE,
            CAUCHY,
            Textbook("a continuous function that is 1 almost everywhere on a sphere is 1 on it", "Rudin, Real and "
                     "Complex Analysis, 1.39"),
        ),
        depends_on=(ROW,),
        argument="proof.md#one-cone",
        notes="n = 1 is the example of |x|. Outside of the ball optimal duals are free: see `unique`.",
    ),
)  # fmt: skip
