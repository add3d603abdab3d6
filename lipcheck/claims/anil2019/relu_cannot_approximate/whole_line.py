"""On the whole line: no network under the 2-norm or the infinity norm has a bounded distance from |x|.

Plain reading: with element-wise, increasing, 1-Lipschitz activations, f(-r) - 2 f(0) + f(r) <= 2 k r for all r with one
k < 1 (k = k_h under the 2-norm, 1/2 under the infinity norm), so the distance is at least r (1 - k) / 2 for every r.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.relu_cannot_approximate.common import ICML, INTRODUCTION, ROW, look, plain, two_units
from lipcheck.network import Abs, LeakyReLU, MaxMin, ReLU
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ONE, half = Fraction(1), Fraction(1, 2)


def examine(data: Data, variant: Variant) -> Examination:
    """Whether the slope at one of the two ends of the line is not that of |x|: then the distance is infinite."""
    seen = look(data)
    from lipcheck.readings.line import pieces

    parts = pieces(seen.network)
    bound = variant.value("norm", 1)
    hypotheses = {"norm": seen.norms_at_most(bound, "2") or seen.norms_at_most(bound, "inf"), **seen.activations()}
    return Examination(hypotheses, (parts[0].slopes[0], parts[-1].slopes[0]) != (-ONE, ONE))


def candidates() -> list[Data]:
    """|x| with one hypothesis less: a norm of sqrt 2, MaxMin, Abs, LeakyReLU of slope 4."""
    return [
        two_units(ReLU(), ONE, ONE),
        plain([[half], [-half], [half], [-half]], MaxMin(), [[half, -half, half, -half]]),
        plain([[1]], Abs(), [[1]]),
        two_units(LeakyReLU(4), Fraction(3, 5), Fraction(-5, 9)),
    ]


def networks(variant: Variant) -> Universal:
    """Piecewise linear networks: the slopes at the two ends."""
    return Universal("slopes at the two ends", "a network that meets the hypotheses has other slopes than -1 and 1",
                     lambda data: examine(data, variant), candidates, variant.dropped)  # fmt: skip


def beyond() -> Forall:
    """For c = (1 - k) / 2 > 0 and any e, the distance c r at r = (e + 1) / c is above e."""
    c, e, r = map(var, "cer")
    hypotheses: dict[str, Formula] = {"share": c > 0, "radius": equals(c * r, e + 1)}
    return Forall("a large interval", hypotheses, c * r > e, witness={"c": ONE, "e": ONE - 1, "r": ONE})


def share() -> Forall:
    """k_h^2 = (1 - 1/N) (1 - 1/M) is below one."""
    N, M, k = map(var, ("N", "M", "k"))
    hypotheses: dict[str, Formula] = {"depth": conj(N >= 1, M >= 1), "k": equals(k * N * M, (N - 1) * (M - 1))}
    return Forall("k is below one", hypotheses, k * N * M < N * M, witness={"N": ONE, "M": ONE, "k": ONE - 1})


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """What is added to the laws on bounded intervals."""
    return [networks(variant), beyond(), share()]


CLAIMS = (
    Claim(
        id=f"{ROW}.whole_line",
        source=f"{ICML}, section 1",
        printed=INTRODUCTION,
        statement=(
            "A network from R to R with all ||W||_2 <= 1, or with all ||W||_inf <= 1, and element-wise, increasing, "
            "1-Lipschitz activations has unbounded | f(x) - |x| | on R."
        ),
        reading="uniform approximation on the whole line",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every width and depth",
        covers_all=True,
        hypotheses={
            "norm": "every weight has ||W||_2 <= 1, or every weight has ||W||_inf <= 1",
            "element-wise": "every activation acts on each unit by itself",
            "increasing": "every activation is increasing (or decreasing)",
            "1-Lipschitz": "every activation is 1-Lipschitz",
        },
        textbook=(Textbook("a sup over R is at least that over every interval", "definition of the supremum"),),
        depends_on=(f"{ROW}.depth", f"{ROW}.impossible"),
        argument="proof.md#whole-line",
        notes="In this reading MaxMin does approximate: it represents |x| on R exactly.",
    ),
)
