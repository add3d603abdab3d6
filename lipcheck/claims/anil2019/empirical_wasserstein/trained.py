"""Section 7.2 and its footnote 4: the generator was trained on the data points whose empirical law it is compared with.

Plain reading: E W(G, P_N) >= E W(G, P) also where G is chosen after the data points were seen. A generator that gives
them back has W(G, P_N) = 0, and W(G, P) > 0 whenever P_N != P.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.empirical_wasserstein.common import (
    COIN,
    ONE,
    PRINTED,
    ROW,
    SOURCE,
    ZERO,
    case,
    on_average,
)
from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Data, Examination, Exhaustive, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

COPY = case(ZERO, COIN, 1, copied="1")


def examine(data: Data, repaired: bool) -> Examination:
    """Whether the mean of W(G, P_N) is at least that of W(G, P); repaired, only for a fixed G."""
    found = on_average(data, Fraction(1))
    asked = ("drawn", "fixed") if repaired else ("drawn",)
    return Examination({name: found.hypotheses[name] for name in asked}, found.conclusion)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Generators that copy data points; nothing smaller: one atom."""
    text = "the mean of W(G, P_N) is at least that of W(G, P), G " + (
        "being fixed before the data are drawn" if variant.repaired else "depending on the data or not"
    )
    places = [[g, p] for g in range(3) for p in range(3)]

    def one_atom(pair: Data) -> bool:
        return examine(case(laws.atoms(pair[0]), laws.atoms(pair[1]), 1, copied="1"), False).conclusion

    return [
        Universal("generators", text, lambda data: examine(data, variant.repaired), lambda: [COPY],
                  parameters=variant.repaired),
        Exhaustive("minimal: one atom", "a sample from a Dirac measure is that measure, and the bound an equality",
                   lambda: places, one_atom),
    ]  # fmt: skip


SNIPPET = """\
from fractions import Fraction
for x in (0, 1):                                     # the data: one toss of a fair coin; the generator gives it back
    to_sample = abs(x - x)                           # W(delta_x, delta_x)
    to_law = Fraction(abs(x - 0) + abs(x - 1), 2)    # W(delta_x, coin)
    print("data", x, ": distance to the data", to_sample, ", to the law of the data", to_law)
    assert to_sample < to_law
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.trained",
        source=f"{SOURCE}, and the sentence to which it belongs",
        printed=(
            "We now consider the more challenging task of computing the Wasserstein distance between the generator "
            "distribution of a GAN and the empirical distribution of the data it was trained on. [footnote 4:] "
            f"{PRINTED}"
        ),
        statement="E W(G, P_N) >= E W(G, P) also where G is chosen with knowledge of the N data points.",
        short="a generator that repeats its training data is at distance 0 from them; true for one chosen without them",
        reading="an upper bound on average, for a generator that was trained on the same data points",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="laws of atoms on the line, generators that copy a share of the data",
        covers_all=True,
        repairs={"a generator that is fixed before the data are drawn": Variant(repaired=True)},
        counterexamples={"generators": COPY},
        near_misses=(
            NearMiss("generators", case(ZERO, COIN, 1), "a fixed generator: both means are 1/2"),
            NearMiss("generators", case(ZERO, COIN, 1, copied="1/2"), "half copied: both means are 1/4"),
            NearMiss("generators", case(ONE, ONE, 1, copied="1"), "one atom: the sample is the law"),
            NearMiss("generators", case(ZERO, COIN, 1, drawn=ZERO, copied="1"), "not drawn from P"),
        ),
        minimality="one input, one draw, two atoms; for one atom the bound is an equality",
        snippet=SNIPPET,
        repaired_by=ROW,
        argument="proof.md#trained",
        notes=(
            "For every sample, not on average only: W(G, P_N) = 0 < W(G, P) = 1/2. What always holds is W(G, P) <= "
            "W(G, P_N) + W(P_N, P). Data that were held out from the training give a fixed G again."
        ),
    ),
)
