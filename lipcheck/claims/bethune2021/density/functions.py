"""Section 2.2: "such functions are dense in the set of 1-Lipschitz functions w.r.t uniform convergence".

Plain reading: every 1-Lipschitz g on a set X in R^n is a uniform limit of 1-Lipschitz functions on R^n whose gradient
has norm one almost everywhere. True for all X, bounded or not: f(x) = sup over s of g(s) - |x - s|, s in a fine grid,
lies between g - 2 r and g, where r bounds the distance to the grid, and off the grid its gradients have norm one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.optimal_dual_gradient.finite_supports import touching
from lipcheck.claims.anil2019.optimal_dual_gradient.null_support import below, cones, supremum
from lipcheck.claims.bethune2021.mountain_function._lemmas import RADEMACHER, kept
from lipcheck.exact import vector
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Exhaustive, Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.density"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 2.2"
PRINTED = "[8] proved that such functions are dense in the set of 1-Lipschitz functions w.r.t uniform convergence."
MCSHANE = Textbook("a 1-Lipschitz function on a subset extends to R^n (McShane)",
                   "Evans and Gariepy, Measure Theory and Fine Properties of Functions, 3.1.1")  # fmt: skip


def above(variant: Variant) -> Forall:
    """A grid point s at distance d <= r from x: g(s) - d is at least g(x) - 2 r."""
    at_x, at_s, d, r = map(var, ("g_x", "g_s", "d", "r"))
    given = kept(variant, lipschitz=at_x - at_s <= variant.value("lipschitz", 1) * d, net=d <= r)
    return Forall("cones reach up", {"distance": conj(d >= 0, r >= 0), **given},
                  at_s - d >= at_x - variant.value("error", 2) * r)  # fmt: skip


def chord() -> Forall:
    """a = |x - s|, q = |x + h - s|, D = u.h for u = (x - s)/a, H = |h|^2: 2 a (q - a - D) = H - (q - a)^2."""
    a, q, D, H, square = map(var, ("a", "q", "D", "H", "square"))
    given: dict[str, Formula] = {
        "moved": equals(q * q, a * a + 2 * a * D + H),
        "square": conj(equals(square, (q - a) ** 2), square >= 0),
    }
    return Forall("a chord of a cone", given, 2 * a * (q - a - D) <= H)


def bend() -> Forall:
    """With a >= e > 0 the excess w = q - a - D is at most H / (2 e)."""
    a, e, w, H = map(var, ("a", "e", "w", "H"))
    given: dict[str, Formula] = {"distance": conj(e > 0, a >= e, H >= 0), "chord": 2 * a * w <= H}
    return Forall("a cone bends little", given, disj(w <= 0, 2 * e * w <= H))


def grid() -> Forall:
    """A coordinate t between two neighbours 0 and q of the grid is within q / 2 of one of them."""
    t, q = var("t"), var("q")
    return Forall("a coordinate", {"between": conj(t >= 0, t <= q)}, disj(2 * t <= q, 2 * (q - t) <= q))


def coordinates() -> Forall:
    """The squared distance S to the grid point, with one more coordinate that is off by at most q / 2."""
    S, n, q, t = map(var, ("S", "n", "q", "t"))
    off: dict[str, Formula] = {"off": q * q >= 4 * t * t, "others": n * q * q >= 4 * S}
    return Forall("one more coordinate", off, (n + 1) * q * q >= 4 * (S + t * t))


def on_the_line(data: Data, error: Fraction) -> bool:
    """g has these values at 0, 1, 2, ...; the cones over the multiples of 1/m have slopes 1 and -1 and are near it."""
    m, heights = int(data[0]), vector(data[1], "values")

    def g(x: Fraction) -> Fraction:
        k = min(floor(x), len(heights) - 2)
        return heights[k] + (x - k) * (heights[k + 1] - heights[k])

    places = [Fraction(k, m) for k in range(m * (len(heights) - 1) + 1)]
    parts = laws.function(cones({s: g(s) for s in places}))
    kinks = {p.low for p in parts if p.low is not None} | set(map(Fraction, range(len(heights))))
    inside = [t for t in kinks if 0 <= t <= len(heights) - 1]
    low = all(0 <= g(t) - laws.value(parts, t) <= error / (2 * m) for t in inside)
    return low and all(abs(p.slopes[0]) == 1 for p in parts)


def line(variant: Variant, size: int) -> Exhaustive:
    """The construction on the line."""
    found = [[1, ["0", "1", "0"]], [2, ["0", "1/2", "1/2", "-1/2"]]]
    if size > 1:
        found = [[m, values] for m in (1, 2, 3) for _, values in [*found, [1, ["0", "0"]]]]
    error = variant.value("error", 2)
    return Exhaustive(f"cones on the line, {len(found)} cases", "slopes 1 and -1, within 2 r below g", lambda: found,
                      lambda data: on_the_line(data, error), [found, str(error)], size=size)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Between g - 2 r and g; 1-Lipschitz; gradients of norm one; how fine the grid is."""
    small: list[Obligation] = [above(variant), below(variant), line(variant, 1)]
    steps = [supremum(), chord(), bend(), touching(), grid(), coordinates()]
    return small if budget is Budget.SMOKE else [*small, *steps, line(variant, 2)]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        reading="'such functions': 1-Lipschitz functions, networks or not, with ||∇f||_2 = 1 almost everywhere",
        statement="For every n >= 1, X in R^n, 1-Lipschitz g : X → R and eps > 0 there is a 1-Lipschitz f : R^n → R "
        "with ||∇f||_2 = 1 almost everywhere and |f - g| <= eps on all of X, bounded or not.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, all X, all 1-Lipschitz g",
        covers_all=True,
        hypotheses={"lipschitz": "g is 1-Lipschitz", "net": "every point is within r of the grid"},
        constants={
            "lipschitz": Constant(Fraction(1), Fraction(101, 100), words="the Lipschitz constant of g"),
            "error": Constant(Fraction(2), Fraction(199, 100), words="the error over r"),
        },
        textbook=(
            MCSHANE,
            RADEMACHER,
            Textbook("a countable set is a null set; the unit sphere is compact", "Rudin, Principles, 2.41"),
            Textbook("induction over the coordinates", "Peano's axioms"),
        ),
        argument="proof.md#functions-of-gradient-norm-one",
        notes="[8] states density of networks, for other norms of the weights: see density.cited. Its maxima and "
        "minima of affine maps of norm exactly one show the sentence for n >= 2 and bounded X.",
    ),
)
