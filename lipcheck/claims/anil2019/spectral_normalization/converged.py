"""Appendix B.2 in the charitable reading: the power iteration has converged, so that the estimate is the norm.

Plain reading: for W != 0, ||W / ||W||_2||_2 = 1, which is at most 1; and with the estimates of a start that overlaps,
||W / sigma_k||_2 decreases to 1: its square is at most 1 / (1 - T / (4 k A)).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.spectral_normalization.common import ROW, SVD
from lipcheck.claims.anil2019.spectral_normalization.largest import PRINTED, SOURCE
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def exact(variant: Variant) -> Forall:
    """s > 0 divided by itself is t <= 1, and t >= 1."""
    s, t = var("s"), var("t")
    given: dict[str, Formula] = {"quotient": conj(t * s <= s, t * s >= s), "sign": s >= 0}
    if variant.keeps("nonzero"):
        given["nonzero"] = s > 0
    return Forall("the exact value", given, conj(t <= variant.value("norm", 1), t >= 1))


def tends(variant: Variant) -> Forall:
    """N = (sigma_k / sigma)^2 <= 1 with 1 - N <= e < 1 gives 1 <= q <= 1 / (1 - e) for q = 1 / N."""
    N, q, e = map(var, ("N", "q", "e"))
    given: dict[str, Formula] = {
        "estimate": conj(N > 0, N <= 1),
        "quotient": equals(q * N, 1),
        "error": conj(e >= 0, e < 1),
    }
    if variant.keeps("overlap"):
        given["overlap"] = e >= 1 - N
    return Forall(
        "the estimates", given, conj(q >= 1, q * (1 - e) <= 1), witness=dict.fromkeys("Nq", ONE) | {"e": 0 * ONE}
    )


ONE = Fraction(1)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The limit, and the way there."""
    return [exact(variant), tends(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.converged",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "For every W != 0 the largest singular value of W / ||W||_2 is 1, so at most 1. With the estimates of a "
            "start that overlaps (A > 0), ||W / sigma_k||_2 >= 1 tends to 1, and ||W / sigma_k||_2^2 <= 1 / (1 - e) "
            "for e = T / (4 k A) < 1."
        ),
        reading="the iteration has converged: 'less than 1' means at most 1, and the estimate is the norm",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="matrices of any size",
        covers_all=True,
        hypotheses={"nonzero": "W is not the zero matrix", "overlap": "the error of the estimate is at most e"},
        constants={"norm": Constant(ONE, Fraction(99, 100), words="the norm that is reached")},
        textbook=(SVD,),
        depends_on=(f"{ROW}.estimate",),
        argument="proof.md#largest-singular-value",
    ),
)
