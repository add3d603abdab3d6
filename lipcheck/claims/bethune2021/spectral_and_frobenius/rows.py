"""Section 2.2: "Normalizing the weights by their Frobenius norm [12]". Salimans and Kingma normalize the
weights of each unit, w = g v / |v|, so with g = 1 every row has length one.

Then ||W||_F = sqrt(m) for m units, and ||W||_2 can be as large: it is 1 at least, sqrt(m) for equal rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.norm_inequalities import _bounds as bounds
from lipcheck.claims.anil2019.spectral_normalization.common import SVD
from lipcheck.claims.bethune2021.feedforward_lipschitz.networks import CAUCHY
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.spectral_and_frobenius.frobenius import squared_frobenius
from lipcheck.claims.bethune2021.spectral_and_frobenius.spectral import PRINTED, ROW, SOURCE
from lipcheck.exact import dot
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

a, b, x, y, m, q = map(var, ("a", "b", "x", "y", "m", "q"))


def unit_rows(variant: Variant) -> Universal:
    """Matrices with rows of length one; repaired, with Frobenius norm one."""

    def examine(data: Any) -> Examination:
        weight = bounds.read(data)
        size = squared_frobenius(weight) == 1 if variant.repaired else all(dot(r, r) == 1 for r in weight)
        return Examination({"normalized": size}, bounds.square_at_most(weight, Fraction(1)))

    what = "||W||_F = 1" if variant.repaired else "rows of length one"
    return Universal("normalized weights", f"||W||_2 <= 1 for {what}", examine, lambda: [TWO_ROWS],
                     parameters=variant.repaired)  # fmt: skip


def one_row() -> Forall:
    """One row of two entries: (a x + b y)^2 + (a y - b x)^2 = (a^2 + b^2)(x^2 + y^2)."""
    given: dict[str, Formula] = {
        "row": equals(a**2 + b**2, 1),
        "square": conj(equals(q, (a**2 + b**2) * (x**2 + y**2) - (a * x + b * y) ** 2), equals(q, (a * y - b * x) ** 2),
                       q >= 0),
    }  # fmt: skip
    return Forall("minimal: one row of two entries", given, (a * x + b * y) ** 2 <= x**2 + y**2,
                  witness={"a": Fraction(1)} | dict.fromkeys("bxyq", Fraction(0)))  # fmt: skip


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Unit rows, and why one row is no counterexample."""
    return [unit_rows(variant), one_row()]


def another_row(variant: Variant) -> Forall:
    """One more row adds at most |x|^2 = d to |W x|^2, by Cauchy-Schwarz; the bound is `factor` m |x|^2."""
    moved, d, share = map(var, ("moved", "d", "share"))
    factor = variant.value("factor", 1)
    given: dict[str, Formula] = {"so far": conj(moved <= factor * (m * d), d >= 0, m >= 0), "unit rows": share <= d}
    return Forall("one more row", kept(variant, given, ["unit rows"]), moved + share <= factor * ((m + 1) * d))


def equal_rows(variant: Variant) -> Forall:
    """m equal rows r and x = r: |W x|^2 = m (r.r)^2 = m |r|^2 |x|^2."""
    r = var("r")
    factor = variant.value("factor", 1)
    return Forall("equal rows", {"row": equals(r, 1), "rows": m >= 1}, m * r**2 <= factor * m * r)


def own_direction() -> Forall:
    """x = a row of length one: |W x|^2 is at least (r.r)^2 = |x|^2."""
    r, others = map(var, ("r", "others"))
    return Forall("at least one", {"row": equals(r, 1), "others": others >= 0}, r**2 + others >= r)


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both bounds, and rows that attain the upper one."""
    return [another_row(variant), equal_rows(variant), own_direction()]


TWO_ROWS = bounds.given([["1"], ["1"]])

CLAIMS = (
    Claim(
        id=f"{ROW}.weight_normalization",
        short="[12] gives each row length one, not the matrix: ‖W‖ can be sqrt(m) for m units; ‖W‖_F = 1 gives ‖W‖ ≤ 1",
        source=SOURCE,
        printed=PRINTED,
        reading="what [12] does: each unit's weights are divided by their norm (w = g v/|v|, g = 1), and not W by "
        "||W||_F",
        variant_of=f"{ROW}.frobenius",
        statement="Every matrix whose rows have length one has a largest singular value of at most 1.",
        expected=Verdict.REFUTED,
        grade=Grade.CITATION,
        obligations=printed,
        scope="matrices of any size",
        covers_all=True,
        counterexamples={"normalized weights": TWO_ROWS},
        near_misses=(
            NearMiss("normalized weights", bounds.given([["1", "0"], ["0", "1"]]), "orthogonal rows"),
            NearMiss("normalized weights", bounds.given([["3/5", "4/5"]]), "one row"),
            NearMiss("normalized weights", bounds.given([["1"], ["1/2"]]), "a row that is not normalized"),
        ),
        minimality="two units, one input; with one unit the singular value is the length of the row",
        snippet="W = ((1,), (1,))                       # two units, one input, rows of length one\n"
        "x = (1,)\nsquare = sum(sum(w * v for w, v in zip(row, x)) ** 2 for row in W)\nprint('|W x|^2 =', square)\n"
        "assert square == 2 > sum(v * v for v in x)",
        repairs={"Frobenius norm one": Variant(repaired=True)},
        repaired_by=f"{ROW}.weight_normalization_sharp",
        argument="proof.md#weight-normalization",
        notes="For a single unit the two norms are the same, and [12] writes of vectors w.",
    ),
    Claim(
        id=f"{ROW}.weight_normalization_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: for m rows of length one the largest singular value is between 1 and sqrt(m)",
        variant_of=f"{ROW}.weight_normalization",
        statement="If W has m rows of length one, 1 <= ||W||_2 <= sqrt(m); equal rows attain the upper bound, "
        "orthogonal ones the lower.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="matrices of any size",
        covers_all=True,
        hypotheses={"unit rows": "every row has length at most one"},
        constants={"factor": Constant(Fraction(1), Fraction(99, 100), words="of m, the squared bound")},
        textbook=(CAUCHY, SVD),
        argument="proof.md#weight-normalization",
    ),
)
