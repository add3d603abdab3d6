"""Section 7.2, footnote 4: "likely to be a [...] upper bound", read as an event of probability at least 1/2.

W(G, P_N) >= W(G, P) need not be likely: the probability can be as small as one likes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.empirical_wasserstein.common import (
    COIN,
    ONE,
    PRINTED,
    RARE,
    ROW,
    SOURCE,
    ZERO,
    case,
    distances,
    on_average,
)
from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Data, Examination, Exhaustive, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict


def likely(data: Data, repaired: bool) -> Examination:
    """Whether W(G, P_N) >= W(G, P) with probability at least 1/2; repaired, on average."""
    found = on_average(data, Fraction(1))
    if repaired:
        return found
    chance = sum(p for p, sample, true in distances(data) if sample >= true)
    return Examination(found.hypotheses, chance >= Fraction(1, 2))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All laws and sizes; nothing smaller: one atom."""
    text = "on average W(G, P_N) >= W(G, P)" if variant.repaired else "W(G, P_N) >= W(G, P) has probability >= 1/2"
    return [
        Universal("samples", text, lambda data: likely(data, variant.repaired), lambda: [case(ZERO, RARE, 1)],
                  parameters=variant.repaired),
        Exhaustive("minimal: one atom", "a sample from a Dirac measure is that measure, and the bound an equality",
                   lambda: [[g, p] for g in range(3) for p in range(3)],
                   lambda pair: likely(case(laws.atoms(pair[0]), laws.atoms(pair[1]), 1), False).conclusion),
    ]  # fmt: skip


SNIPPET = """\
from fractions import Fraction
P = {0: Fraction(2, 3), 1: Fraction(1, 3)}           # the data's law; the generator always gives 0
W = sum(mass * x for x, mass in P.items())           # W(delta_0, P) = 1/3
chance = sum(mass for x, mass in P.items() if x >= W)  # one draw x: W(delta_0, delta_x) = x
print("W =", W, " P(W(G, P_1) >= W) =", chance, " mean of W(G, P_1) =", sum(m * x for x, m in P.items()))
assert chance < Fraction(1, 2)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.probability",
        source=SOURCE,
        printed=PRINTED,
        statement="For all laws G, P and all N, W(G, P_N) >= W(G, P) with probability at least 1/2.",
        short="the probability can be as small as one likes; for a fixed generator the bound holds on average",
        reading="likely: with probability at least 1/2, whatever the laws, for a fixed generator",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="laws of atoms on the line",
        covers_all=True,
        repairs={"on average": Variant(repaired=True)},
        counterexamples={"samples": case(ZERO, RARE, 1)},
        near_misses=(
            NearMiss("samples", case(ZERO, COIN, 1), "a fair coin: the probability is 1/2"),
            NearMiss("samples", case(ONE, RARE, 1), "from the other side the probability is 2/3"),
            NearMiss("samples", case(ZERO, RARE, 1, drawn=ZERO), "not drawn from P"),
            NearMiss("samples", case(ZERO, COIN, 1, copied="1"), "a generator that looks at the data"),
        ),
        minimality="one input, one draw, two atoms; for one atom the bound is an equality",
        snippet=SNIPPET,
        repaired_by=ROW,
        argument="proof.md#likely",
        notes=(
            "With mass e at 1 instead of 1/3 the probability is 1 - (1 - e)^N for N e < 1: as small as one likes. The "
            "footnote speaks of images, where the reading may well be right; it does not follow from the set-up."
        ),
    ),
)
