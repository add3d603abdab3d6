"""Being right on the sample is not enough for members of C^m: they may abstain everywhere else. Their sign learns.

[46] (Blumer et al. 1989) speaks of classifiers with two values and of every consistent hypothesis.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lipcheck.build.root_lattices import PackingError
from lipcheck.claims.bethune2021.proposition_7._common import PROOF, ROW, exactly
from lipcheck.claims.bethune2021.proposition_7.shattering import lipschitz
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


def abstaining(data: Data, sign_counts: bool) -> Examination:
    """X = [0, 1], all labels +1, uniform inputs: f, affine between its nodes, must err on at most half of X.

    An error is an input with f < m, or with `sign_counts` one that is m or more away from the sample and not positive.
    """
    given = exactly(data, "margin", "sample", "nodes")
    m, sample = parse(given["margin"]), [parse(x) for x in given["sample"]]
    nodes = [(parse(x), parse(y)) for x, y in given["nodes"]]
    rising = all(a < b for (a, _), (b, _) in pairwise(nodes))
    if m <= 0 or not rising or len(nodes) < 2 or nodes[0][0] != 0 or nodes[-1][0] != 1 or not sample:
        raise PackingError("Nodes rise from 0 to 1, the margin is positive, and the sample is not empty.")
    at = dict(nodes)
    if not all(x in at for x in sample):
        raise PackingError("Every point of the sample is a node.")
    hypotheses = {
        "lipschitz": all(abs(u - v) <= b - a for (a, u), (b, v) in pairwise(nodes)),
        "consistent": all(at[x] >= m for x in sample),
    }
    if sign_counts:
        return Examination(hypotheses, all(y > 0 or min(abs(x - s) for s in sample) >= m for x, y in nodes))
    return Examination(hypotheses, sum((_below(*leg, m) for leg in pairwise(nodes)), Fraction(0)) <= Fraction(1, 2))


def _below(start: tuple[Fraction, Fraction], end: tuple[Fraction, Fraction], m: Fraction) -> Fraction:
    """The length of the part of a leg where f < m."""
    (a, u), (b, v) = start, end
    if (u < m) == (v < m):
        return b - a if u < m or v < m else Fraction(0)
    crossing = (m - u) / (v - u) * (b - a)
    return crossing if u < m else (b - a) - crossing


def away(size: int, m: Fraction = Fraction(1)) -> dict[str, Any]:
    """f = m - (distance to the sample) for `size` points of a sample spread over [0, 1]."""
    sample = [Fraction(2 * i + 1, 2 * size) for i in range(size)]
    middle = [(a + b) / 2 for a, b in pairwise(sample)]
    places = sorted({Fraction(0), *sample, *middle, Fraction(1)})
    nodes = [[spell(x), spell(m - min(abs(x - s) for s in sample))] for x in places]
    return {"margin": spell(m), "sample": [spell(s) for s in sample], "nodes": nodes}


def tent(left: str, middle: str, right: str) -> dict[str, Any]:
    """f by its values at 0, 1/2 and 1, with the sample point 1/2 and margin 1."""
    return {"margin": "1", "sample": ["1/2"], "nodes": [["0", left], ["1/2", middle], ["1", right]]}


def between() -> Forall:
    """Between two points of any sample f = m - (distance to the sample) is below m, so it abstains there."""
    x, a, b, m, f = map(var, ("x", "a", "b", "m", "f"))
    hypotheses: dict[str, Formula] = {
        "between": conj(a < x, x < b),
        "nearest": disj(equals(f, m - (x - a)), equals(f, m - (b - x))),
    }
    return Forall("it abstains off the sample", hypotheses, f < m)


def consistent(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every consistent member of C^m errs on at most half of X; the repair counts the sign near the sample."""
    candidates = [away(1), away(2, Fraction(1, 4)), away(3)]

    def abstains(size: int) -> bool:
        found = abstaining(away(size), False)
        return all(found.hypotheses.values()) and not found.conclusion

    text = "a member of C^m that is right on this sample errs on at most half of X"
    return [
        Universal("consistent members", text, lambda data: abstaining(data, variant.repaired), lambda: candidates,
                  parameters=variant.repaired),
        between(),
        Exhaustive("samples of up to 12 points", "m - (distance to the sample) errs almost everywhere",
                   lambda: range(1, 13), abstains),
    ]  # fmt: skip


def sign(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f(s) >= m at a point s of the sample gives f > 0 closer than m; the mass of unseen cells is small."""
    u, v, d, m, p, N = map(var, ("fs", "fx", "d", "m", "p", "N"))
    near: dict[str, Formula] = {"near": conj(d >= 0, d < variant.value("diameter", 1) * m)}
    if variant.keeps("consistent"):
        near["consistent"] = u >= m
    if variant.keeps("lipschitz"):
        near["lipschitz"] = lipschitz(u, v, d)
    q = var("q")
    unseen: dict[str, Formula] = {
        "probability": conj(p >= 0, p <= 1, N >= 0),
        "unseen after N": conj(q >= 0, q * (1 + N * p) <= 1),
    }
    candidates = [away(1), away(3, Fraction(1, 4))]
    zero, one = Fraction(0), Fraction(1)
    return [
        Forall("the sign is right near the sample", near, v > 0),
        Forall("an unseen cell, after N examples", unseen, N * p * q <= 1, witness={"p": zero, "N": one, "q": one}),
        Universal("consistent members", "their sign is right near the sample", lambda data: abstaining(data, True),
                  lambda: candidates, variant.dropped),
    ]  # fmt: skip


BERNOULLI = Textbook(
    "(1 - p)^N (1 + N p) <= (1 - p)^N (1 + p)^N <= 1 for 0 <= p <= 1",
    "Bernoulli's inequality; Hardy, Littlewood, Polya, Inequalities, theorem 42",
)
PRINTED = "The implication “finite VC dimension” ⟹ “PAC learnable” is a classical result from [46]."
SNIPPET = """\
from fractions import Fraction as F
m, sample, N = F(1), [F(1, 4), F(3, 4)], 1000       # X = [0, 1], uniform, every label is +1
f = lambda x: m - min(abs(x - s) for s in sample)   # 1-Lipschitz
assert all(f(s) >= m for s in sample)               # right on the sample
undecided = sum(f(F(k, N)) < m for k in range(N + 1))
print("undecided at", undecided, "of", N + 1, "points")
assert undecided == N + 1 - len(sample)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.pac_consistent",
        short="[46] knows no ⊥: m − d(x, sample) is right on the sample, undecided elsewhere; sign f learns",
        source=PROOF,
        printed=PRINTED,
        reading="the theorem of [46] as stated there, for every consistent hypothesis, applied to C^m",
        variant_of=f"{ROW}.pac",
        statement="For some sample size, on every distribution that a member of C^m classifies without error, every "
        "member of C^m that is right on the sample errs on at most half of the inputs, with probability at least "
        "1/2.",
        expected=Verdict.REFUTED,
        grade=Grade.CITATION,
        obligations=consistent,
        scope="X = [0, 1]; an undecided answer counts as an error",
        covers_all=True,
        repairs={"the sign of f, near the sample": Variant(repaired=True)},
        counterexamples={"consistent members": away(1)},
        near_misses=(
            NearMiss("consistent members", tent("1", "1", "1"), "f = m everywhere has no error"),
            NearMiss("consistent members", tent("1/2", "3/4", "1/2"), "f is below the margin at the sample"),
            NearMiss("consistent members", tent("0", "1", "0"), "f is too steep"),
        ),
        minimality="one point of the sample; the same function works for every sample, so no sample size helps",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.consistent_sign",
        argument="proof.md#what-46-does-not-give",
        notes="The conclusion 'PAC learnable' is true all the same, see .pac. The sets {f >= m} alone have infinite "
        "VC dimension: only the demand that both labels occur with margin makes the shattered sets small.",
    ),
    Claim(
        id=f"{ROW}.consistent_sign",
        source=PROOF,
        printed=PRINTED,
        reading="repaired: trained with the margin, used with the sign of f",
        variant_of=f"{ROW}.pac_consistent",
        statement="Let X be bounded, covered by k cells of diameter below m, and let the labels be those of a "
        "member of C^m. For every f in Lip_1 that is right with margin m on a sample of N inputs, the expected "
        "error of sign f is at most k/N.",
        expected=Verdict.PROVED,
        obligations=sign,
        scope="all n, all bounded measurable X, all m > 0, every rule that returns such an f",
        covers_all=True,
        hypotheses={"lipschitz": "f is 1-Lipschitz", "consistent": "f is right with margin m on the sample"},
        constants={
            "diameter": Constant(Fraction(1), mutated=Fraction(101, 100), words="times m, the diameter of a cell")
        },
        textbook=(BERNOULLI, Textbook("Markov's inequality", "Billingsley, Probability and Measure, equation 21.12")),
        argument="proof.md#the-sign-learns",
        notes="By Markov's inequality N >= k/(eps delta) examples make the error at most eps with probability 1 - "
        "delta.",
    ),
)
