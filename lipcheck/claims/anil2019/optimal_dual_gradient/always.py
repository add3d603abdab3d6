"""Sections 3 and 7.2: "an optimal dual solution always has" gradient norm one almost everywhere.

Plain reading: every 1-Lipschitz f that attains sup E_P1 f - E_P2 f has ||grad f|| = 1 almost everywhere. "Almost
everywhere" is read in the sense of Lebesgue, as in Theorem 1, for which the sentence is printed; and, as by Gulrajani
et al., in the sense of P1 and P2. Both fail: nothing is asked of f where no mass has to pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.lower_bound import line
from lipcheck.claims.anil2019.optimal_dual_gradient.common import PRINTED, ROW, SOURCE
from lipcheck.network import Affine, MaxMin
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Data, Examination, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict


def hypotheses(data: Data) -> dict[str, bool]:
    """Whether the network is 1-Lipschitz, and attains the distance of the two laws."""
    parts = laws.function(data["network"])
    first, second = laws.read(data["first"]), laws.read(data["second"])
    return {
        "lipschitz": laws.slope(parts) <= 1,
        "optimal": laws.objective(parts, first, second) == laws.distance(first, second),
    }


def everywhere(data: Data, repaired: bool) -> Examination:
    """Slopes ±1 on the line; repaired, where the distribution functions differ."""
    parts = laws.function(data["network"])
    if repaired:
        where = laws.differing(laws.read(data["first"]), laws.read(data["second"]))
        return Examination(hypotheses(data), all(laws.steep(parts, a, b) for a, b in where))
    return Examination(hypotheses(data), all(abs(p.slopes[0]) == 1 for p in parts))


def on_the_data(data: Data, repaired: bool) -> Examination:
    """Slopes ±1 where the laws have mass; repaired, for two uniform mixtures that have no interval in common."""
    first, second = laws.read(data["first"]), laws.read(data["second"])
    found = hypotheses(data)
    found["no atoms"] = all(p.low < p.high for p in (*first.parts, *second.parts))
    if repaired:
        found["disjoint"] = all(p.high <= q.low or q.high <= p.low for p in first.parts for q in second.parts)
    parts, where = laws.function(data["network"]), (*first.parts, *second.parts)
    return Examination(found, all(laws.steep(parts, p.low, p.high) for p in where if p.low < p.high))


# x -> -min(max(x, 0), 1), by two layers of MaxMin with weights of norm 1; x -> -max(x - 1, 0); x -> -x; x -> x.
CLAMP = line([[1], [0]], MaxMin(), Affine([[1, 0], [0, 0]], [0, 1]), MaxMin(), [[0, -1]])
HINGE = line(Affine([[1], [0]], [-1, 0]), MaxMin(), [[-1, 0]])
DOWN, UP = line([[-1]]), line([[1]])

SHIFT: Any = {"first": laws.atoms(0), "second": laws.atoms(1), "network": CLAMP}
SHARED: Any = {
    "first": [["0", "2", "1"]],
    "second": [["0", "1", "1/2"], ["2", "3", "1/2"]],
    "network": HINGE,
}


def by_lebesgue(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Optimal networks on the line."""
    where = "where the distribution functions differ" if variant.repaired else "almost everywhere"
    return [Universal("optimal duals on the line", f"an optimal dual network has slope 1 or -1 {where}",
                      lambda data: everywhere(data, variant.repaired), lambda: [SHIFT, SHARED],
                      parameters=variant.repaired)]  # fmt: skip


def by_the_laws(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Optimal networks on the line, looked at where the laws live."""
    text = "an optimal dual network has slope 1 or -1 almost everywhere in the sense of both laws"
    text += ", if these have disjoint supports" if variant.repaired else ""
    return [Universal("optimal duals on the data", text, lambda data: on_the_data(data, variant.repaired),
                      lambda: [SHARED], parameters=variant.repaired)]  # fmt: skip


SNIPPET = """\
from fractions import Fraction
def f(x): return -min(max(x, 0), 1)                  # 1-Lipschitz
gain = f(0) - f(1)                                   # P1 = delta_0, P2 = delta_1: W(P1, P2) = 1
x, h = Fraction(5), Fraction(1, 2)
print("dual value", gain, " slope at 5:", (f(x + h) - f(x - h)) / (2 * h))
assert gain == 1 and f(x + h) == f(x - h)            # optimal, and flat outside of [0, 1]
"""
DATA_SNIPPET = """\
from fractions import Fraction as F
def f(x): return -max(x - 1, 0)                      # 1-Lipschitz, flat on [0, 1]
def mean(a, b): return (f(F(a)) + f(F(b))) / 2       # of the uniform law on [a, b], f being affine there
first = F(1, 2) * mean(0, 1) + F(1, 2) * mean(1, 2)  # P1 uniform on [0, 2]
second = F(1, 2) * mean(0, 1) + F(1, 2) * mean(2, 3) # P2: half of it on [0, 1], half on [2, 3]
W = F(1, 2) * 1                                      # half of the mass moves by 1
print("dual value", first - second, "W", W, "slope of f on [0, 1]:", f(1) - f(0))
assert first - second == W and f(1) == f(0)
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="Every 1-Lipschitz f that attains W(P1, P2) has ||grad f||_2 = 1 almost everywhere on R^n.",
        short="where no mass has to pass an optimal dual may be flat; slope 1 is forced along transport rays",
        reading="almost everywhere in the sense of Lebesgue, as in Theorem 1",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=by_lebesgue,
        scope="laws and networks on the line",
        covers_all=True,
        repairs={"where the distribution functions differ": Variant(repaired=True)},
        counterexamples={"optimal duals on the line": SHIFT},
        near_misses=(
            NearMiss("optimal duals on the line", {**SHIFT, "network": DOWN}, "-x is optimal and has slope -1"),
            NearMiss("optimal duals on the line", {**SHIFT, "network": HINGE}, "this network is not optimal"),
            NearMiss("optimal duals on the line", {**SHIFT, "network": UP}, "x gains -1, not 1"),
        ),
        minimality=("one input and one atom on each side, with P1 != P2; for P1 = P2 even the constants are optimal"),
        snippet=SNIPPET,
        repaired_by=f"{ROW}.null_support",
        argument="proof.md#always",
        notes=(
            "ICML section 3 says 'an optimal dual solution has this property', without 'always'; see the reading "
            "'some'. The counterexample is a MaxMin network whose weights have norm 1."
        ),
    ),
    Claim(
        id=f"{ROW}.on_the_data",
        source=SOURCE,
        printed=PRINTED,
        statement="Every 1-Lipschitz f that attains W(P1, P2) has ||grad f||_2 = 1 almost everywhere under P1 and P2.",
        short="mass that stays in place forces no slope; true where all mass has to move",
        reading="almost everywhere in the sense of P1 and P2, as in Gulrajani et al., Corollary 1",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=by_the_laws,
        scope="mixtures of uniform laws, and networks, on the line",
        covers_all=True,
        repairs={"disjoint supports": Variant(repaired=True)},
        counterexamples={"optimal duals on the data": SHARED},
        near_misses=(
            NearMiss("optimal duals on the data", {**SHARED, "network": DOWN}, "-x is optimal and has slope -1"),
            NearMiss(
                "optimal duals on the data",
                {**SHARED, "first": [["1", "2", "1"]], "second": [["2", "3", "1"]]},
                "without the shared half the slope is -1 on both supports",
            ),
            NearMiss("optimal duals on the data", SHIFT, "atoms, where f need not be differentiable"),
        ),
        minimality="one input; three intervals: one that the laws share, one from which and one to which mass moves",
        snippet=DATA_SNIPPET,
        repaired_by=f"{ROW}.rays",
        argument="proof.md#on-the-data",
        notes=(
            "Gulrajani et al. assume in their Proposition 1 that f is differentiable and that the optimal coupling "
            "moves almost all mass, pi(x = y) = 0. Under this the reading is true."
        ),
    ),
)
