"""What is highest about the highest mountain function: no 1-Lipschitz function with these zeros is larger anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.mountain_function import _line as line
from lipcheck.claims.bethune2021.mountain_function.definition import ROW
from lipcheck.claims.bethune2021.mountain_function.definition_1 import PRINTED, SOURCE
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

HYPOTHESES = {"lipschitz": "g is 1-Lipschitz", "vanishes": "g is 0 on the frontier"}
HIGHER = {"A": ["1"], "B": ["-1"], "slope": "1", "shift": "1/2"}
HIGHEST_WEAKEST = {"A": ["1"], "B": ["-1"], "slope": "1", "shift": "-1/2"}

SNIPPET = """\
from fractions import Fraction as F
A, B = [1], [-1]                                                 # the frontier is {0}, and f(x) = x
f = lambda x: x
g = lambda x: x + F(1, 2)                                        # 1-Lipschitz, positive on A, negative on B
assert g(1) > 0 > g(-1) and f(1) > 0 > f(-1)
print("f(1) =", f(1), " g(1) =", g(1))
assert g(1) > f(1)
"""


def none_higher(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """z in the frontier is within e of the nearest: |g(x)| = |g(x) - g(z)| <= ||x - z|| <= d(x) + e, for every e."""
    g, at_z, step, d, e = map(var, ("g_x", "g_z", "step", "d", "e"))
    slope = variant.value("slope", 1)
    given = lemmas.kept(
        variant, lipschitz=conj(g - at_z <= slope * step, at_z - g <= slope * step), vanishes=equals(at_z, 0)
    )
    near: dict[str, Formula] = {"z": conj(step >= 0, step <= d + e), "e": e > 0}
    a, b, a_z, b_z, h = map(var, ("a_x", "b_x", "a_z", "b_z", "h"))
    ties = conj(a - a_z <= step, a_z - a <= step, b - b_z <= step, b_z - b <= step, equals(a_z, b_z))
    return [
        Forall("no higher one", {**near, **given}, absolute(g) <= d + e),
        *lemmas.with_ci(
            budget,
            Forall("half the difference of distances", {"z": ties, "h": equals(2 * h, b - a)}, absolute(h) <= step),
            lemmas.two_points(Variant()),
        ),
    ]


def among_all(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """g(x) = slope x + shift against f on X; repaired: the least heights over X."""

    def examine(given: Any) -> Examination:
        found, more = line.read(given, "slope", "shift")
        one, other = found
        g = {x: more["slope"] * x + more["shift"] for x in (*one, *other)}
        f = {x: abs(line.height(x, found)) for x in g}
        right = all(g[x] > 0 for x in one) and all(g[x] < 0 for x in other)
        hypotheses = {"lipschitz": abs(more["slope"]) <= 1, "signs": right}
        least = min(abs(v) for v in g.values()) <= min(f.values())
        return Examination(hypotheses, least if variant.repaired else all(abs(g[x]) <= f[x] for x in g))

    text = "no 1-Lipschitz g with the signs of c on X is higher than f at a point of X"
    smallest = text if not variant.repaired else "the least |g| over X is at most the least |f|"
    competitors = [HIGHER, HIGHEST_WEAKEST]
    return [Universal("competitors", smallest, examine, lambda: competitors, parameters=[variant.repaired])]


CLAIMS = (
    Claim(
        id=f"{ROW}.highest",
        source=SOURCE,
        printed=PRINTED,
        reading="'highest': among the 1-Lipschitz functions that vanish on the frontier",
        statement="If g : R^n -> R is 1-Lipschitz and vanishes on the frontier, then |g(x)| <= d(x, frontier) = |f(x)| "
        "for every x. One such g is (d(x, B) - d(x, A))/2, and f itself is another.",
        expected=Verdict.PROVED,
        obligations=none_higher,
        scope="all normed spaces, all disjoint closed non-empty classes",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants={"slope": Constant(Fraction(1), mutated=Fraction(101, 100), words="the Lipschitz constant of g")},
        argument="proof.md#highest",
        notes="f and (d(x, B) - d(x, A))/2 differ in general: for A = {0}, B = {2} at x = -1 they are 2 and 1.",
    ),
    Claim(
        id=f"{ROW}.highest_fit",
        short="a 1-Lipschitz g with the signs of c can be higher than the HMF on X; only min |f| is largest",
        source=SOURCE,
        printed=PRINTED,
        variant_of=f"{ROW}.highest",
        reading="'highest': among all 1-Lipschitz functions with sign(g) = c on X",
        statement="If g is 1-Lipschitz and sign(g) = c on X, then |g(x)| <= |f(x)| for every x in X.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=among_all,
        scope="finite classes on the line, affine g",
        covers_all=True,
        repairs={"the least height over X": Variant(repaired=True)},
        counterexamples={"competitors": HIGHER},
        near_misses=(
            NearMiss("competitors", {**HIGHER, "shift": "0"}, "g = f"),
            NearMiss("competitors", {**HIGHER, "shift": "1"}, "g(-1) = 0 has no sign"),
            NearMiss("competitors", {**HIGHER, "slope": "3/2"}, "g is not 1-Lipschitz"),
        ),
        minimality="two points, one of each class: with fewer there is no frontier",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.maximum_margin",
        argument="proof.md#highest",
        notes="The print gives the name without saying among which functions; the reading that vanishes on the "
        "frontier holds (highest).",
    ),
)
