"""What is true in place of "an optimal dual solution always has this property": some has it, for finite supports.

Plain reading: let f be an optimal dual and s_1, ..., s_k the points of both supports. F(x) = max_i (f(s_i) - |x - s_i|)
is 1-Lipschitz and equals f on the supports (McShane), so it is optimal. Where F is differentiable and x is no s_i, F
touches from above the cone of an i that attains the maximum, and has its gradient, of norm one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import KANTOROVICH, LINE
from lipcheck.claims.anil2019.optimal_dual_gradient import beads
from lipcheck.claims.anil2019.optimal_dual_gradient.common import PRINTED, RADEMACHER, ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import maximum, var
from lipcheck.words.verdict import Budget, Verdict


def cones(values: dict[Fraction, Fraction], x: Fraction) -> Fraction:
    """F(x) on the line."""
    return max(v - abs(x - s) for s, v in values.items())


def examine(data: Data, slope: Fraction) -> Examination:
    """Laws with finite supports on the line and values there: whether F is optimal. Or beads: whether any dual can be.

    On the line F has slope 1 or -1 off finitely many points, being a maximum of finitely many -|x - s| + c.
    """
    if "beads" in data:
        return Examination({"finite": data["levels"] != "all", "lipschitz": True, "optimal": True},
                           not beads.forced(data))  # fmt: skip
    first, second = laws.read(data["first"]), laws.read(data["second"])
    values = {parse(s): parse(v) for s, v in data["values"]}
    supports = {p.low for p in (*first.parts, *second.parts)}
    least = laws.distance(first, second)

    def gain(f: Callable[[Fraction], Fraction]) -> Fraction:
        return sum((sign * p.mass * f(p.low) for sign, law in ((1, first), (-1, second)) for p in law.parts), zero)

    hypotheses = {
        "finite": all(p.low == p.high for p in (*first.parts, *second.parts)) and set(values) == supports,
        "lipschitz": all(abs(values[s] - values[t]) <= slope * abs(s - t) for s in values for t in values),
        "optimal": gain(values.__getitem__) == least,
    }
    return Examination(hypotheses, gain(lambda x: cones(values, x)) == least)


zero = Fraction(0)
FIRST, SECOND = laws.atoms(0), laws.atoms(-1, 1)
CANDIDATES: list[Any] = [
    {"first": FIRST, "second": SECOND, "values": [["-1", "-1"], ["0", "0"], ["1", "-1"]]},
    {"first": FIRST, "second": SECOND, "values": [["-1", "0"], ["0", "0"], ["1", "-2"]]},
    {"first": FIRST, "second": SECOND, "values": [["-1", "0"], ["0", "0"], ["1", "0"]]},
    {"first": FIRST, "second": SECOND, "values": [["-1", "-99/100"], ["0", "0"], ["1", "-101/100"]]},
    beads.BEADS,
]


def laws_and_values(variant: Variant) -> Universal:
    """The construction on the line."""
    slope = variant.value("lipschitz", 1)
    return Universal("cones over the supports", "the maximum of the cones attains W(P1, P2)",
                     lambda data: examine(data, slope), lambda: CANDIDATES, variant.dropped, str(slope))  # fmt: skip


def keeps_values(variant: Variant) -> Forall:
    """One more cone, over a point t at distance d from s, leaves the value at s alone."""
    fs, ft, d, so_far = var("fs"), var("ft"), var("d"), var("so_far")
    hypotheses: dict[str, Formula] = {"others": equals(so_far, fs)}
    if variant.keeps("lipschitz"):
        hypotheses["lipschitz"] = ft - fs <= variant.value("lipschitz", 1) * d
    return Forall("one more cone keeps the values", {**hypotheses, "distance": d >= 0},
                  equals(maximum(so_far, ft - d), fs))  # fmt: skip


def stays_lipschitz() -> Forall:
    """The maximum of two 1-Lipschitz functions, values a, b at x and c, e at y, rises by at most d = |x - y|."""
    a, b, c, e, d = (var(name) for name in ("a", "b", "c", "e", "d"))
    given = conj(a - c <= d, b - e <= d)
    return Forall("one more cone keeps the constant", {"lipschitz": given}, maximum(a, b) - maximum(c, e) <= d)


def touching() -> Forall:
    """The difference F - cone is least, 0, at x: its derivative D along h has D >= 0 and -D >= 0."""
    D = var("D")
    return Forall("touching graphs have one gradient", {"both ways": conj(D >= 0, -D >= 0)}, equals(D, 0))


def unit_gradient() -> Forall:
    """The cone over s has gradient -w (x - s), w r = 1, off its apex; with S = |x - s|^2 = r^2, its square is 1."""
    r, w, S, q = var("r"), var("w"), var("S"), var("q")
    distance = conj(equals(S, r * r), equals(w * r, 1))
    hypotheses: dict[str, Formula] = {"distance": distance, "gradient": equals(q, w * w * S)}
    return Forall("a cone has gradient norm one", hypotheses, equals(q, 1),
                  witness=dict.fromkeys(("r", "w", "S", "q"), Fraction(1)))  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The construction where a hypothesis is missing, and the steps for any number of points in R^n."""
    return [laws_and_values(variant), keeps_values(variant), stays_lipschitz(), touching(), unit_gradient()]


CLAIMS = (
    Claim(
        id=f"{ROW}.finite_supports",
        source=f"{SOURCE}, corrected",
        printed=PRINTED,
        statement=(
            "For all laws P1, P2 with finite supports in R^n, some 1-Lipschitz f that attains W(P1, P2) has "
            "||grad f||_2 = 1 almost everywhere: the maximum of the cones over the supports of any optimal f."
        ),
        reading="repaired: some optimal dual, and finite supports",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all finite supports in R^n, every n",
        covers_all=True,
        hypotheses={
            "finite": "P1 and P2 have finite supports",
            "lipschitz": "the optimal f from which the values are taken is 1-Lipschitz on the supports",
            "optimal": "that f attains W(P1, P2)",
        },
        constants={"lipschitz": Constant(Fraction(1), Fraction(101, 100), words="the Lipschitz constant of f")},
        textbook=(RADEMACHER, KANTOROVICH, LINE),
        argument="proof.md#finite-supports",
        notes=(
            "The same holds for any p-metric with the dual norm of the gradient. One finite support suffices: see "
            "`null_support`. Countable ones do not: see `some`. This f is not unique, and other optimal duals lack the "
            "property."
        ),
    ),
)
