"""Section 7.2, footnote 4: the distance to the empirical distribution as an upper bound.

Plain reading: G is the generator's law, P the data's, P_N the empirical law of N data points. On average W(G, P_N) is
at least W(G, P): for an f that is optimal for G and P, W(G, P_N) >= E_G f - E_{P_N} f, whose mean is W(G, P). But
W(G, P_N) >= W(G, P) need not be likely: the probability can be as small as one likes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import prod
from typing import Any

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import ICML, KANTOROVICH, LINE
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.empirical_wasserstein"
SOURCE = f"{ICML}, section 7.2, footnote 4"
PRINTED = (
    "The Wasserstein distance to the empirical data distribution is likely to be a loose upper bound on the "
    "Wasserstein distance to the data generating distribution, but this task still tests the ability to estimate "
    "Wasserstein distance in high-dimensional spaces."
)
half = Fraction(1, 2)


def mean(generator: laws.Law, drawn: laws.Law, size: int, of: Callable[[Fraction], Fraction]) -> Fraction:
    """The mean of a function of W(G, P_N) over all N-tuples of independent draws from a law of atoms."""
    if any(part.low < part.high for part in drawn.parts) or not 1 <= size <= 4:
        raise laws.LawError("draw 1 to 4 points from a law of atoms")
    total = Fraction(0)
    for draws in product(drawn.parts, repeat=size):
        empirical = laws.read(laws.atoms(*(str(part.low) for part in draws)))
        total += prod((part.mass for part in draws), start=Fraction(1)) * of(laws.distance(generator, empirical))
    return total


def examine(data: Data, factor: Fraction) -> Examination:
    """Whether the mean of W(G, P_N) is at least W(G, P)."""
    generator, law, drawn = (laws.read(data[name]) for name in ("generator", "law", "drawn from"))
    hypotheses = {"drawn": drawn == law}
    found = mean(generator, drawn, data["size"], lambda w: w)
    return Examination(hypotheses, found >= factor * laws.distance(generator, law))


def case(generator: Data, law: Data, size: int, drawn: Data | None = None) -> Any:
    """The data of one case."""
    return {"generator": generator, "law": law, "size": size, "drawn from": law if drawn is None else drawn}


ZERO, ONE = laws.atoms(0), laws.atoms(1)
RARE: Data = [["0", "0", "2/3"], ["1", "1", "1/3"]]


def on_the_line(variant: Variant) -> Universal:
    """Laws of atoms on the line."""
    factor = variant.value("factor", 1)
    found = [case(ZERO, RARE, 2), case(ZERO, ONE, 1), case(ZERO, ONE, 1, drawn=ZERO)]
    return Universal("laws on the line", f"the mean of W(G, P_N) is at least {factor} W(G, P)",
                     lambda data: examine(data, factor), lambda: found, variant.dropped, str(factor))  # fmt: skip


def one_more_sample() -> Forall:
    """A sample of probability p: its distance w is at least the gain g of one fixed f; all others so far."""
    p, w, g, W, G = var("p"), var("w"), var("g"), var("W"), var("G")
    given: dict[str, Formula] = {"others": W >= G, "probability": p >= 0, "duality": w >= g}
    return Forall("one more sample", given, W + p * w >= G + p * g)


def enumerated(places: int, units: int, size: int) -> Exhaustive:
    """All pairs of laws of `units` equal atoms on `places` points, and samples of this size."""
    def elements() -> Iterable[Data]:
        found = [list(c) for c in combinations_with_replacement(range(places), units)]
        return ([g, p] for g in found for p in found)

    def holds(pair: Data) -> bool:
        return examine(case(laws.atoms(*pair[0]), merged(pair[1]), size), Fraction(1)).conclusion

    return Exhaustive(f"{places} points, {units} atoms, samples of {size}", "the mean of W(G, P_N) is at least W(G, P)",
                      elements, holds, [places, units, size], size=size)  # fmt: skip


def merged(places: Sequence[int]) -> Data:
    """Equal atoms at these places, with atoms at the same place put together."""
    return [[str(x), str(x), str(Fraction(places.count(x), len(places)))] for x in sorted(set(places))]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The mean of an inequality, and all small cases."""
    sizes = [(3, 2, 2)] if budget is Budget.SMOKE else [(3, 2, 2), (3, 3, 3)]
    return [on_the_line(variant), one_more_sample(), *(enumerated(*s) for s in sizes)]


def likely(data: Data, repaired: bool) -> Examination:
    """Whether W(G, P_N) >= W(G, P) with probability at least 1/2; repaired, on average."""
    generator, law = laws.read(data["generator"]), laws.read(data["law"])
    target = laws.distance(generator, law)
    if repaired:
        return examine(data, Fraction(1))
    chance = mean(generator, law, data["size"], lambda w: Fraction(int(w >= target)))
    return Examination({"drawn": data["drawn from"] == data["law"]}, chance >= half)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
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
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="E W(G, P_N) >= W(G, P) for all laws G, P with finite first moments on R^n and all N >= 1.",
        reading="an upper bound on average over the draws of the data",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all laws with finite first moments on R^n, all sizes; draws need not be independent",
        covers_all=True,
        hypotheses={"drawn": "each data point is drawn from P"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of W(G, P)")},
        textbook=(
            KANTOROVICH,
            LINE,
            Textbook("linearity and monotonicity of the expectation", "Rudin, Real and Complex Analysis, 1.24, 1.32"),
        ),
        argument="proof.md#on-average",
        notes=(
            "Loose or not depends on the laws: for G = delta_0 and P = delta_1 the bound is an equality for every "
            "sample. For the paper's images it is loose if W(P, P_N) is large beside W(G, P), which nobody measured."
        ),
    ),
    Claim(
        id=f"{ROW}.probability",
        source=SOURCE,
        printed=PRINTED,
        statement="For all laws G, P and all N, W(G, P_N) >= W(G, P) with probability at least 1/2.",
        reading="likely: with probability at least 1/2, whatever the laws",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="laws of atoms on the line",
        covers_all=True,
        repairs={"on average": Variant(repaired=True)},
        counterexamples={"samples": case(ZERO, RARE, 1)},
        near_misses=(
            NearMiss("samples", case(ZERO, laws.atoms(0, 1), 1), "a fair coin: the probability is 1/2"),
            NearMiss("samples", case(ONE, RARE, 1), "from the other side the probability is 2/3"),
            NearMiss("samples", case(ZERO, RARE, 1, drawn=ZERO), "not drawn from P"),
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
)  # fmt: skip
