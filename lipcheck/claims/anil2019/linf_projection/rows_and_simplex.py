"""Appendix G.4, "we applied the projection to each row in the weight matrices", and the heading "ENFORCING ||W||_inf =
1" for Algorithm 1 of Condat by itself.

Plain reading: with z = W h the rows are the right thing to project, for ||W||_inf is the largest |row|_1. Algorithm 1
alone, applied to |w| with the signs put back and + for zeros, ends with |w|_1 = 1 for every w: its threshold t = max
over k of (S_k - 1) / k, of any sign, has sum of max(|w_i| - t, 0) = 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.linf_projection import common
from lipcheck.claims.anil2019.linf_projection.common import ICLR, ICML, ONE, ROW, ZERO
from lipcheck.claims.anil2019.linf_projection.projection import sums
from lipcheck.exact import Matrix, Vector, vector
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

WEIGHTS: list[Any] = [[["3", "-1"], ["0", "1/2"]], [["1"], ["1"]], [["2", "2"], ["2", "2"]]]
ROWS: list[Any] = [["1/2"], ["0", "0"], ["1/4", "0"], ["3", "-1", "1/2"], ["-1/8", "1/8", "0", "1/2"]]


def columns(weight: Matrix) -> Matrix:
    """W'."""
    return tuple(zip(*weight, strict=True))


def bounded(data: Any, by_rows: bool) -> Examination:
    """Whether ||W||_inf <= 1 after the projection of each row, or of each column."""
    weight = common.rows(data)
    parts = weight if by_rows else columns(weight)
    projected = tuple(map(common.project, parts))
    return Examination({}, common.infinity_norm(projected if by_rows else columns(projected)) <= 1)


def one_more_entry() -> Forall:
    """|(W h)_i| <= S M for a row of |.|_1 = S and |h|_inf = M passes to one more entry w of size a."""
    z, S, M, w, a, h, q = map(var, ("z", "S", "M", "w", "a", "h", "q"))
    given: dict[str, Formula] = {
        "so far": conj(z <= S * M, -z <= S * M),
        "entry": conj(w <= a, -w <= a, h <= M, -h <= M),
        "product": conj(equals(q, w * h), q <= a * M, -q <= a * M),
    }
    return Forall("one more entry", given, conj(z + q <= (S + a) * M, -(z + q) <= (S + a) * M))


def product() -> Forall:
    """|w| <= a and |h| <= M give |w h| <= a M."""
    w, a, h, M = map(var, ("w", "a", "h", "M"))
    given: dict[str, Formula] = {"entry": conj(w <= a, -w <= a), "input": conj(h <= M, -h <= M)}
    return Forall("one product", given, conj(w * h <= a * M, -(w * h) <= a * M))


def each_row(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Matrices by example, and why row sums bound z = W h."""
    by_rows = variant.keeps("rows")
    text = f"each {'row' if by_rows else 'column'} of W projected onto the l1 ball: ||W||_inf <= 1"
    rule = Universal("weights", text, lambda data: bounded(data, by_rows), lambda: WEIGHTS, parameters=by_rows)
    return [rule] if budget is Budget.SMOKE else [rule, product(), one_more_entry()]


def alone(w: Vector, plus: bool) -> Fraction:
    """|.|_1 of what Algorithm 1 makes of the row; zeros keep the sign 0 unless `plus`."""
    t = common.threshold(w)
    return sum((max(abs(a) - t, ZERO) for a in w if a or plus), ZERO)


def entry() -> Forall:
    """size = max(a - t, 0) is at least 0 and a - t, and one of them: so the sizes add up to the largest S_k - k t."""
    a, t, size = map(var, ("a", "t", "size"))
    given: dict[str, Formula] = {
        "entry": a >= 0,
        "shrunk": disj(conj(a >= t, equals(size, a - t)), conj(a <= t, equals(size, 0))),
    }
    return Forall("one entry", given, conj(size >= 0, size >= a - t, disj(equals(size, 0), equals(size, a - t))))


def norm_one(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Rows by example; the sums."""
    value, plus = variant.value("norm", 1), variant.keeps("signs")
    rule = Universal("rows", f"Algorithm 1 alone ends with |.|_1 = {value}, zeros {'+' if plus else 'kept'}",
                     lambda data: Examination({}, alone(vector(data, "w"), plus) == value), lambda: ROWS,
                     parameters=[str(value), plus])  # fmt: skip
    return [rule, entry()] if budget is Budget.SMOKE else [rule, entry(), sums()]


CLAIMS = (
    Claim(
        id=f"{ROW}.each_row",
        source=f"{ICLR}, appendix G.4",
        printed="We applied the projection to each row in the weight matrices after each gradient update [...]",
        statement=(
            "For z = W h, as section 2 prints the layer, projecting each row of W onto the l1 ball gives "
            "|W h|_inf <= |h|_inf for every h; projecting each column need not."
        ),
        reading="rows are those of the W in z = W h, whatever shape section 2 prints for W",
        expected=Verdict.PROVED,
        obligations=each_row,
        scope="matrices of any size",
        covers_all=True,
        hypotheses={"rows": "rows are projected, and not columns"},
        textbook=(Textbook("induction over the entries of a row", "Peano's axioms"),),
        depends_on=(ROW,),
        argument="proof.md#the-norm-that-is-enforced",
        notes=(
            "Section 2 prints W in R^(n_(l-1) x n_l), for which z = W h is not defined unless the widths agree; for "
            "h -> W'h it is the columns that have to be projected."
        ),
    ),
    Claim(
        id=f"{ROW}.norm_one",
        source=f"{ICLR}, section 4.2.2; {ICML}, section 4.2.2",
        printed="ENFORCING ||W||∞ = 1 [...] we use Algorithm 1 from Condat (2016)",
        statement=(
            "Algorithm 1 applied to |w| for every row w of W, with the signs put back and + for zeros, ends with "
            "|w|_1 = 1 in every row, so with ||W||_inf = 1."
        ),
        reading="Algorithm 1 alone, a projection onto the simplex, without the test for interior points",
        variant_of=f"{ROW}.enforces",
        expected=Verdict.PROVED,
        obligations=norm_one,
        scope="matrices of any size",
        covers_all=True,
        hypotheses={"signs": "zeros count as positive"},
        constants={"norm": Constant(ONE, Fraction(99, 100), words="the norm that is reached")},
        textbook=(Textbook("induction over the entries of a row", "Peano's axioms"),),
        argument="proof.md#the-norm-that-is-enforced",
        notes="So the heading is right of Algorithm 1, and then the map is no projection onto the ball: .algorithm_1.",
    ),
)
