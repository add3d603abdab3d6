"""Section 5: "The combination L_λ(f(x), y) = L_W(f(x), y) + λ L_m(f(x), y) is still a regularized OT problem [32]."

Plain reading: the least expected loss is minus the value of a transport problem whose marginals may be increased, by a
factor of at most 1 + lambda, against a reward of m per unit of mass.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.kr_duality.common import KANTOROVICH, one_more_pair
from lipcheck.claims.bethune2021.hinge_hkr._samples import ROW, SOURCE, read
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Verdict

PRINTED = "The combination L_λ(f(x), y) = L_W(f(x), y) + λL_m(f(x), y) is still a regularized OT problem [32]."
z, m, mu, strength = map(var, ("z", "m", "mu", "strength"))


def sample(points: list[list[Any]], strength: int, f: list[str], masses: list[str], plan: list[list[Any]]) -> Any:
    """A sample with the margin 1."""
    loss = {"m": "1", "kr": "1", "lambda": str(strength)}
    return {"points": points, **loss, "f": f, "masses": masses, "plan": plan}


SAMPLES = [
    sample([["0", -1, "1/2"], ["3", 1, "1/2"]], 2, ["-3/2", "3/2"], ["1/2", "1/2"], [[1, 0, "1/2"]]),
    sample([["0", -1, "1/2"], ["1", 1, "1/2"]], 2, ["-1/2", "1/2"], ["3/2", "3/2"], [[1, 0, "3/2"]]),
    sample([["0", -1, "1/3"], ["3", 1, "2/3"]], 2, ["-1", "2"], ["2/3", "2/3"], [[1, 0, "2/3"]]),
    sample(
        [["0", 1, "1/4"], ["1", -1, "1/2"], ["4", 1, "1/4"]],
        1,
        ["0", "-1", "2"],
        ["1/2", "3/4", "1/4"],
        [[0, 1, "1/2"], [2, 1, "1/4"]],
    ),
]


def multipliers(variant: Variant) -> list[Forall]:
    """-z + mu (m - z) with 0 <= mu <= lambda is at most the loss at the score z = y f(x), and attains it."""
    given: dict[str, Formula] = {"strength": conj(strength >= 0, mu >= 0)}
    if variant.keeps("bounds"):
        given["bounds"] = mu <= variant.value("bound", 1) * strength
    hinge = positive_part(m - z)
    return [
        Forall("a multiplier below lambda", given, mu * (m - z) - z <= strength * hinge - z),
        Forall("attained by lambda below m", {"z": z <= m}, equals(hinge, m - z)),
        Forall("attained by 0 above m", {"z": z >= m}, equals(hinge, 0)),
    ]


def masses() -> list[Forall]:
    """One more point of weight w: the multipliers turn weights into masses w (1 + mu) and give m per unit added."""
    w, f, total, reward, gain = map(var, ("w", "f", "total", "reward", "gain"))
    before: dict[str, Formula] = {"so far": equals(total, m * reward - gain)}
    mass = w * (1 + mu)
    up = equals(total + w * (mu * (m - f) - f), m * (reward + mass - w) - (gain + mass * f))
    down = equals(total + w * (mu * (m + f) + f), m * (reward + mass - w) - (gain - mass * f))
    t, first, second, bound = map(var, ("t", "first", "second", "bound"))
    unequal = {"constant": t * (first - second) >= bound}
    return [
        Forall("one more point of label +1", before, up),
        Forall("one more point of label -1", before, down),
        Forall("a constant for unequal masses", unequal, -t * first + t * second <= -bound),
    ]


def solved() -> Exhaustive:
    """Four samples with a minimizer and a plan of equal value."""
    text = "a 1-Lipschitz function and a plan with masses between the weights and 1 + lambda times them, of equal value"
    return Exhaustive("four solved samples", text, lambda: SAMPLES, lambda d: read(d).minimizer, SAMPLES)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Multipliers, masses, weak duality pair by pair, and samples in which both sides are computed."""
    return [*multipliers(variant), *masses(), one_more_pair(variant), solved()]


CLAIMS = (
    Claim(
        id=f"{ROW}.regularized_transport",
        source=SOURCE,
        printed=PRINTED,
        statement="Let P, Q be the parts of the law of X with label +1 and -1, with finite first moments, lambda >= 0, "
        "m > 0. The infimum of E[L_lambda] over 1-Lipschitz f is minus the least W(P', Q') - m (|P'| - |P|) - m "
        "(|Q'| - "
        "|Q|) over measures of equal mass with P <= P' <= (1 + lambda) P and Q <= Q' <= (1 + lambda) Q (minus infinity "
        "if there are none).",
        reading="a transport problem with a regularization of the marginals",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all such laws on R^n, all weights of the labels",
        covers_all=True,
        hypotheses={
            "bounds": "P' <= (1 + lambda) P and Q' <= (1 + lambda) Q",
            "lipschitz": "f is 1-Lipschitz",
            "mass": "a plan has no negative mass",
        },
        constants={
            "bound": Constant(Fraction(1), Fraction(101, 100), words="of lambda, the largest relative increase")
        },
        textbook=(
            KANTOROVICH,
            Textbook("minimax theorem for a compact convex set and a convex set", "Fan, PNAS 39 (1953), theorem 2"),
            Textbook("weak-* compactness of {0 <= mu <= lambda} in L-infinity", "Rudin, Functional Analysis, 3.15"),
            Textbook("induction over points and pairs; linearity of the integral", "Rudin, RCA, 1.32"),
        ),
        argument="proof.md#transport",
        notes="Reference [32] has a dual of this kind for m = 1. lambda = 0 is equation 6; for large lambda mass "
        "near the other class "
        "is moved more often. It is 'regularized' in the marginals, not in the plan.",
    ),
)
