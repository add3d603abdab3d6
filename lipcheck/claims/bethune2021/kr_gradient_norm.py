"""Section 2.2: "the optimal solution f of the Kantorovich-Rubinstein dual transport problem verifies ||grad f|| = 1
almost everywhere".

Plain reading: every 1-Lipschitz f with E_P f - E_Q f = W(P, Q) has gradient norm one almost everywhere in R^n. That is
the sentence of [8] again (anil2019.optimal_dual_gradient): it fails where no mass has to pass. [6], Corollary 1, speaks
of almost everywhere under P and Q, and assumes that all mass moves and that f is differentiable. Nor is there one
optimal solution. The derivations are in proofs/bethune2021/kr_gradient_norm/proof.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.optimal_dual_gradient import always
from lipcheck.claims.anil2019.optimal_dual_gradient.always import DATA_SNIPPET, DOWN, HINGE, SHARED, SHIFT, SNIPPET, UP
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.kr_gradient_norm"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 2.2"
PRINTED = (
    "In [6], authors shows that the optimal solution f of the Kantorovich-Rubinstein dual transport problem verifies "
    "||∇_x f(x)|| = 1 almost everywhere."
)
DUALS, ON_DATA, PAIRS = "optimal duals on the line", "optimal duals on the data", "two optimal duals on the line"
TWO: Any = {"first": laws.atoms(0), "second": laws.atoms(1), "networks": [DOWN, always.CLAMP]}


class PairError(LipcheckError, ValueError):
    """Data that spell no two laws with two networks."""


def unique(data: Data, repaired: bool) -> Examination:
    """Whether two optimal duals differ by a constant; repaired, where the distribution functions differ: do they have
    the same slope there?"""
    if not isinstance(data, dict) or set(data) != {"first", "second", "networks"} or len(data["networks"]) != 2:
        raise PairError("Give {'first': law, 'second': law, 'networks': [f, g]}.")
    first, second = laws.read(data["first"]), laws.read(data["second"])
    f, g = (laws.function(network) for network in data["networks"])
    best = laws.distance(first, second)
    hypotheses = {
        "lipschitz": all(laws.slope(parts) <= 1 for parts in (f, g)),
        "optimal": all(laws.objective(parts, first, second) == best for parts in (f, g)),
    }
    kinks = sorted({end for parts in (f, g) for p in parts for end in (p.low, p.high) if end is not None})
    if repaired:
        for low, high in laws.differing(first, second):
            inside = [low, *(k for k in kinks if low < k < high), high]
            gaps = {laws.value(f, t) - laws.value(g, t) for t in inside}
            if len(gaps) > 1:
                return Examination(hypotheses, False)
        return Examination(hypotheses, True)
    places = [*(kinks or [laws.zero]), (kinks or [laws.zero])[0] - 1, (kinks or [laws.zero])[-1] + 1]
    return Examination(hypotheses, len({laws.value(f, t) - laws.value(g, t) for t in places}) == 1)


def everywhere(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Optimal networks on the line, as in the row of [8]."""
    return always.by_lebesgue(variant, budget)


def under_the_laws(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Optimal networks looked at where the laws live."""
    return always.by_the_laws(variant, budget)


def one_solution(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Pairs of optimal networks; and that the value does not see a constant."""
    text = "two optimal duals " + (
        "differ by a constant on each interval where the distribution functions differ" if variant.repaired else
        "differ by a constant"
    )  # fmt: skip
    return [Universal(PAIRS, text, lambda data: unique(data, variant.repaired), lambda: [TWO],
                      parameters=variant.repaired), constants()]  # fmt: skip


def constants() -> Forall:
    """E_P(f + c) - E_Q(f + c) = E_P f - E_Q f: with one solution, all its translates are solutions, so they are left
    out of the comparison."""
    p, q, c, best = var("p"), var("q"), var("c"), var("best")
    given: dict[str, Formula] = {"optimal": equals(p - q, best)}
    return Forall("constants cancel", given, conj(equals((p + c) - (q + c), best)))


CLAIMS = (
    Claim(
        id=ROW,
        short="where no mass has to pass an optimal dual may be flat; slope 1 is forced along transport rays",
        source=SOURCE,
        printed=PRINTED,
        statement="Every 1-Lipschitz f that attains W(P, Q) has ||∇f||_2 = 1 almost everywhere on R^n.",
        reading="almost everywhere in the sense of Lebesgue, as in the rest of the paper (Proposition 1)",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=everywhere,
        scope="laws and networks on the line",
        covers_all=True,
        repairs={"where the distribution functions differ": Variant(repaired=True)},
        counterexamples={DUALS: SHIFT},
        near_misses=(
            NearMiss(DUALS, {**SHIFT, "network": DOWN}, "-x is optimal and has slope -1"),
            NearMiss(DUALS, {**SHIFT, "network": HINGE}, "this network is not optimal"),
            NearMiss(DUALS, {**SHIFT, "network": UP}, "x gains -1, not 1"),
        ),
        minimality="one input and one atom on each side, with P != Q; for P = Q even the constants are optimal",
        snippet=SNIPPET,
        repaired_by="anil2019.optimal_dual_gradient.null_support",
        argument="proof.md#the-printed-sentence",
        notes="Some optimal f has the property if one of the laws lives on a closed null set, such as a sample; not "
        "for all laws: anil2019.optimal_dual_gradient.some.",
    ),
    Claim(
        id=f"{ROW}.under_the_laws",
        short="mass that stays in place forces no slope; [6] assumes that all mass moves, and then it is true",
        source=SOURCE,
        printed=PRINTED,
        reading="almost everywhere under P and Q, as in Corollary 1 of [6], without the assumptions made there",
        variant_of=ROW,
        statement="Every 1-Lipschitz f that attains W(P, Q) has ||∇f||_2 = 1 almost everywhere under P and Q.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=under_the_laws,
        scope="mixtures of uniform laws, and networks, on the line",
        covers_all=True,
        repairs={"disjoint supports": Variant(repaired=True)},
        counterexamples={ON_DATA: SHARED},
        near_misses=(
            NearMiss(ON_DATA, {**SHARED, "network": DOWN}, "-x is optimal and has slope -1"),
            NearMiss(
                ON_DATA,
                {**SHARED, "first": [["1", "2", "1"]], "second": [["2", "3", "1"]]},
                "without the shared half the slope is -1 on both supports",
            ),
            NearMiss(ON_DATA, SHIFT, "atoms, where f need not be differentiable"),
        ),
        minimality="one input; three intervals: one that the laws share, one from which and one to which mass moves",
        snippet=DATA_SNIPPET,
        repaired_by="anil2019.optimal_dual_gradient.rays",
        argument="proof.md#under-the-laws",
        notes="For P and Q with disjoint supports, as for separable classes, all mass moves, and the sentence holds "
        "where f is differentiable: almost everywhere for laws with densities.",
    ),
    Claim(
        id=f"{ROW}.unique",
        short="-x and -min(max(x, 0), 1) are both optimal for two atoms; slopes are fixed only where mass passes",
        source=SOURCE,
        printed=PRINTED,
        reading="'the optimal solution': there is one, up to a constant",
        variant_of=ROW,
        statement="Any two 1-Lipschitz f, g that attain W(P, Q) differ by a constant.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=one_solution,
        scope="laws and networks on the line",
        covers_all=True,
        repairs={"where the distribution functions differ": Variant(repaired=True)},
        counterexamples={PAIRS: TWO},
        near_misses=(
            NearMiss(PAIRS, {**TWO, "networks": [DOWN, DOWN]}, "the same function"),
            NearMiss(PAIRS, {**TWO, "networks": [DOWN, UP]}, "x is not optimal"),
            NearMiss(PAIRS, {**TWO, "networks": [DOWN, HINGE]}, "this network is not optimal"),
        ),
        minimality="one input and one atom on each side; with P = Q all 1-Lipschitz functions are optimal",
        snippet="""\
f = lambda x: -x
g = lambda x: -min(max(x, 0), 1)
for h in (f, g):
    print("gain", h(0) - h(1))             # P = one atom at 0, Q = one atom at 1, W(P, Q) = 1
assert f(0) - f(1) == g(0) - g(1) == 1 and f(5) - g(5) != f(0) - g(0)
""",
        repaired_by="anil2019.optimal_dual_gradient.on_the_line",
        argument="proof.md#one-solution",
        notes="'The' may be loose wording for 'an'. On the line the slope of an optimal f is determined exactly where "
        "the distribution functions differ, up to null sets.",
    ),
)  # fmt: skip
