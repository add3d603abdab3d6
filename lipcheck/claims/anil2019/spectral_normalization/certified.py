"""What can be had instead: divide by an upper bound, which `lipcheck.norms.verified_spectral_norm` gives for floats.

Plain reading: for c >= ||W||_2, c > 0, ||W / c||_2 <= 1; if c <= (1 + e) ||W||_2 as well, the norm is at least
1 / (1 + e). Dividing by max(1, c) changes nothing where c <= 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.spectral_normalization import common
from lipcheck.claims.anil2019.spectral_normalization.common import ICLR, ROW, SVD
from lipcheck.exact import vector
from lipcheck.norms import spectral_norm_at_most
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

CASES = [
    {"W": [["3", "4"], ["0", "0"]], "c": "5"},
    {"W": [["3", "4"], ["0", "0"]], "c": "499/100"},
    {"W": [["1", "1"], ["0", "1"]], "c": "2"},
    {"W": [["1/2"]], "c": "1/2"},
]


def examine(data: Any, bound: Fraction) -> Examination:
    """Whether c is an upper bound, and whether ||W / c||_2 <= bound."""
    weight, c = common.entries(data, ("W", "c"))
    rows, (c,) = common.rows(weight), vector([c], "c")
    if c <= 0:
        raise common.IterationError("c is not positive")
    return Examination({"upper": spectral_norm_at_most(rows, c)}, spectral_norm_at_most(rows, c * bound))


def quotient(variant: Variant) -> Forall:
    """s <= c <= (1 + e) s gives 1 / (1 + e) <= s / c <= 1."""
    s, c, t, e = map(var, ("s", "c", "t", "e"))
    hypotheses: dict[str, Formula] = {"positive": conj(c > 0, s >= 0, e >= 0), "quotient": conj(t * c <= s, t * c >= s)}
    if variant.keeps("upper"):
        hypotheses["upper"] = s <= c
    near = c <= (1 + e) * s
    bound = variant.value("bound", 1)
    if variant.keeps("near"):
        hypotheses["near"] = near
    return Forall("dividing by an upper bound", hypotheses, conj(t <= bound, t * (1 + e) >= 1))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The quotient, and matrices."""
    bound = variant.value("bound", 1)
    text = f"||W / c||_2 <= {bound} for c >= ||W||_2"
    rule = Universal("matrices", text, lambda data: examine(data, bound), lambda: CASES, variant.dropped, str(bound))
    return [rule, quotient(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.certified",
        source=f"{ICLR}, appendix B.2",
        printed="[...] enforces the largest singular value of each weight matrix to be less than 1 [...]",
        reading="repaired: divided by an upper bound on the norm instead of an estimate",
        statement=("For every c > 0 with ||W||_2 <= c <= (1 + e) ||W||_2, 1 / (1 + e) <= ||W / c||_2 <= 1."),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="matrices of any size",
        covers_all=True,
        variant_of=ROW,
        hypotheses={
            "upper": "c is an upper bound on the norm",
            "near": "c exceeds the norm by a factor of at most 1 + e",
        },
        constants={"bound": Constant(Fraction(1), Fraction(99, 100), words="the norm that is reached")},
        textbook=(SVD,),
        argument="proof.md#certified-normalization",
        notes=(
            "lipcheck.nn.spectral_normalization divides floats by the upper end of verified_spectral_norm and "
            "measures the quotient again, since division rounds: what it returns has norm at most 1 exactly, as a "
            "matrix of floats."
        ),
    ),
)
