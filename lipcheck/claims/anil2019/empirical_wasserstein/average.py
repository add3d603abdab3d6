"""Section 7.2, footnote 4: an upper bound on average, for a generator that is chosen without looking at the data.

Plain reading: G is the generator's law, P the data's, P_N the empirical law of N data points. E W(G, P_N) >= W(G, P):
for an f that is optimal for G and P, W(G, P_N) >= E_G f - E_{P_N} f, whose mean is W(G, P).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement

from lipcheck.claims.anil2019.empirical_wasserstein.common import (
    COIN,
    ONE,
    PRINTED,
    RARE,
    ROW,
    SOURCE,
    ZERO,
    case,
    merged,
    on_average,
)
from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import KANTOROVICH, LINE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Data, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def on_the_line(variant: Variant) -> Universal:
    """Laws of atoms on the line."""
    factor = variant.value("factor", 1)
    found = [case(ZERO, ONE, 1), case(ZERO, RARE, 2), case(ZERO, ONE, 1, drawn=ZERO), case(ZERO, COIN, 1, copied="1")]
    return Universal("laws on the line", f"the mean of W(G, P_N) is at least {factor} W(G, P)",
                     lambda data: on_average(data, factor), lambda: found, variant.dropped, str(factor))  # fmt: skip


def one_more_sample() -> Forall:
    """A sample of probability p: its distance w is at least the gain g of one fixed f; all others so far."""
    p, w, g, W, G = var("p"), var("w"), var("g"), var("W"), var("G")
    given: dict[str, Formula] = {"others": W >= G, "probability": p >= 0, "duality": w >= g}
    return Forall("one more sample", given, W + p * w >= G + p * g)


def one_more_draw() -> Forall:
    """N draws, each of mean m: the sum S of their means is N m; one more draw from P, then N + 1 for N."""
    S, N, m, more = var("S"), var("N"), var("m"), var("more")
    given: dict[str, Formula] = {"others": equals(S, N * m), "drawn": equals(more, m)}
    return Forall("one more draw", given, equals(S + more, (N + 1) * m))


def enumerated(places: int, units: int, size: int) -> Exhaustive:
    """All pairs of laws of `units` equal atoms on `places` points, and samples of this size."""

    def elements() -> Iterable[Data]:
        found = [list(c) for c in combinations_with_replacement(range(places), units)]
        return ([g, p] for g in found for p in found)

    def holds(pair: Data) -> bool:
        return on_average(case(laws.atoms(*pair[0]), merged(pair[1]), size), Fraction(1)).conclusion

    return Exhaustive(f"{places} points, {units} atoms, samples of {size}", "the mean of W(G, P_N) is at least W(G, P)",
                      elements, holds, [places, units, size], size=size)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The mean of an inequality, and all small cases."""
    sizes = [(3, 2, 1)] if budget is Budget.SMOKE else [(3, 2, 1), (3, 2, 2), (3, 3, 3)]
    return [on_the_line(variant), one_more_sample(), one_more_draw(), *(enumerated(*s) for s in sizes)]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "For all laws G, P with finite first moments on R^n and all N >= 1: if G is fixed before the N data points "
            "are drawn from P, then E W(G, P_N) >= W(G, P)."
        ),
        reading="an upper bound on average over the draws of the data, for a fixed generator",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all laws with finite first moments on R^n, all sizes; draws need not be independent of each other",
        covers_all=True,
        hypotheses={
            "drawn": "each data point is drawn from P",
            "fixed": "the law G does not depend on the data points",
        },
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of W(G, P)")},
        textbook=(
            KANTOROVICH,
            LINE,
            Textbook("linearity and monotonicity of the expectation", "Rudin, Real and Complex Analysis, 1.24, 1.32"),
            Textbook("induction over the draws", "Peano's axioms"),
        ),
        argument="proof.md#on-average",
        notes=(
            "The paper's generators were trained on the data points: see `trained`. Loose or not depends on the laws: "
            "for G = delta_0 and P = delta_1 the bound is an equality for every sample."
        ),
    ),
)
