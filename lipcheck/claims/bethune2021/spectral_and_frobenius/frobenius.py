"""Section 2.2: "Normalizing the weights by their Frobenius norm [12] leads to a tighter upper singular value".

Plain reading: after W / ||W||_F the largest singular value is at most 1, with equality exactly for rank one, and at
least 1 / sqrt(rank W); and the bound ||W||_2 <= ||W||_F is at least as tight as the one by the largest entry, sqrt(m n)
max |w_ij|, which is what clipping gives. With the singular values s_i, ||W||_F^2 = sum of s_i^2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.norm_inequalities import _bounds as bounds
from lipcheck.claims.anil2019.spectral_normalization.common import SVD
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.spectral_and_frobenius.spectral import PRINTED, ROW, SOURCE
from lipcheck.exact import Matrix, dot
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

s, F, R, q, rank, t = map(var, ("s", "F", "R", "q", "rank", "t"))
"""s is the largest squared singular value, R the sum of the others, F their sum, q the square after normalization."""


def squared_frobenius(weight: Matrix) -> Fraction:
    """||W||_F^2."""
    return sum((dot(row, row) for row in weight), Fraction(0))


def at_most(variant: Variant) -> Forall:
    """q = s / F <= 1, with equality exactly if all other singular values vanish."""
    given: dict[str, Formula] = {
        "values": conj(equals(F, s + R), s >= 0, R >= 0, q >= 0, disj(s > 0, equals(R, 0))),
        "quotient": equals(q * F, s),
        "nonzero": F > 0,
    }
    exact = disj(conj(equals(q, 1), equals(R, 0)), conj(q < 1, R > 0))
    witness = {"s": Fraction(1), "R": Fraction(0), "F": Fraction(1), "q": Fraction(1)}
    bound = variant.value("square", 1)
    return Forall("the largest singular value", kept(variant, given, ["nonzero"]), conj(q <= bound, exact),
                  witness=witness)  # fmt: skip


def another_value() -> Forall:
    """F <= rank s: one more singular value that is at most the largest."""
    given: dict[str, Formula] = {"so far": rank * s >= F, "largest": t <= s}
    return Forall("one more singular value", given, F + t <= (rank + 1) * s)


def at_least() -> Forall:
    """F <= rank s gives q >= 1 / rank."""
    given: dict[str, Formula] = {"values": conj(rank * s >= F, F > 0, rank > 0), "quotient": equals(q * F, s)}
    witness = dict.fromkeys(("F", "rank", "s", "q"), Fraction(1))
    return Forall("at least one over the rank", given, q * rank >= 1, witness=witness)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Singular values, entries, and exact matrices."""
    factor = variant.value("square", 1)
    cases = [bounds.ones(2, 2), bounds.given([["1", "0"], ["0", "1"]]), bounds.given([["3", "1"], ["0", "0"]])]
    law = bounds.law(f"||W||_2^2 <= {factor} ||W||_F^2", lambda weight: factor * squared_frobenius(weight), cases,
                     str(factor))  # fmt: skip
    return [law, at_most(variant), another_value(), at_least(), bounds.another_entry()]


CLAIMS = (
    Claim(
        id=f"{ROW}.frobenius",
        source=SOURCE,
        printed=PRINTED,
        reading="the weight is divided by its Frobenius norm, as the sentence says; tighter than by clipping, the "
        "sentence before",
        statement="For every m x n matrix W != 0 of rank r: ||W||_2 <= ||W||_F <= sqrt(m n) max |w_ij|; the largest "
        "singular value of W / ||W||_F lies in [1/sqrt(r), 1], and is 1 exactly for r = 1.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="matrices of any size",
        covers_all=True,
        hypotheses={"nonzero": "W is not the zero matrix"},
        constants={"square": Constant(Fraction(1), Fraction(99, 100), words="the square of the bound")},
        textbook=(SVD,),
        argument="proof.md#frobenius-normalization",
        notes="Looser than spectral normalization: by up to sqrt(min(m, n)), at an orthogonal matrix. That [12] "
        "divides by this norm is another matter: .weight_normalization.",
    ),
)
