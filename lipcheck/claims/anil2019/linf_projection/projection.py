"""Section 4.2.2: Condat's algorithm projects the weight matrices onto the L_inf ball.

Plain reading: the ball is {W : ||W||_inf <= 1}, whose rows are the vectors with |w|_1 <= 1; its projection in the
Frobenius norm treats each row w alone: w itself inside, else sign(w_i) max(|w_i| - t, 0) with t = max over k of
(S_k - 1) / k, S_k the sum of the k largest |w_i|. The result is the only nearest matrix, and its norm is
min(1, ||W||_inf).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.linf_projection import common
from lipcheck.claims.anil2019.linf_projection.common import ICLR, ICML, ONE, PRINTED, ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Hint, Obligation, Universal
from lipcheck.words.terms import absolute, maximum, positive_part, var
from lipcheck.words.verdict import Budget, Verdict

PAIRS = [
    {"w": ["1"], "q": ["1/2"]},
    {"w": ["2", "-1"], "q": ["1", "0"]},
    {"w": ["2", "0", "1/3"], "q": ["2", "0", "0"]},
    {"w": ["2", "2"], "q": ["101/200", "101/200"]},
    {"w": ["3", "-3", "1"], "q": ["1/2", "-1/2", "0"]},
    {"w": ["1/2", "1/4"], "q": ["0", "1"]},
]


def examine(data: Any, radius: Fraction) -> Examination:
    """Whether q lies in the ball of that radius, and whether it is farther from w than the projection p of w.

    Farther by at least |p - q|^2 in squares, which makes p the only nearest point.
    """
    w, q = common.pair(data)
    p = common.project(w)
    farther = common.squared_distance(w, q) >= common.squared_distance(w, p) + common.squared_distance(p, q)
    return Examination({"ball": common.l1(q) <= radius}, farther and common.l1(p) == min(ONE, common.l1(w)))


def vectors(variant: Variant) -> Universal:
    """The statement for one row."""
    radius = variant.value("radius", 1)
    text = f"|w - q|^2 >= |w - p|^2 + |p - q|^2 for the projection p of w and |q|_1 <= {radius}; |p|_1 = min(1, |w|_1)"
    return Universal("rows", text, lambda data: examine(data, radius), lambda: PAIRS, variant.dropped, str(radius))


def one_entry(variant: Variant) -> Forall:
    """(w - p)(q - p) <= t (Q - P) for p = sign(w) max(|w| - t, 0), t >= 0, |q| <= Q and P = |p|."""
    w, q, t, p, Q, P = map(var, ("w", "q", "t", "p", "Q", "P"))
    above, below = conj(w >= t, equals(p, w - t), equals(P, p)), conj(w <= -t, equals(p, w + t), equals(P, -p))
    hypotheses: dict[str, Formula] = {
        "shrunk": disj(above, below, conj(w <= t, w >= -t, equals(p, 0), equals(P, 0))),
        "length": conj(q <= Q, -q <= Q),
    }
    if variant.keeps("threshold"):
        hypotheses["threshold"] = t >= 0
    return Forall("one entry", hypotheses, (w - p) * (q - p) <= t * (Q - P))


def length() -> Forall:
    """|p| = max(|w| - t, 0): an entry adds |w| - t to |p|_1 if it is above the threshold, else 0, and never less."""
    w, t = var("w"), var("t")
    p = positive_part(w - t) - positive_part(-w - t)
    above = positive_part(absolute(w) - t)
    return Forall("the length of one entry", {"threshold": t >= 0},
                  conj(equals(absolute(p), above), above >= absolute(w) - t, above >= 0))  # fmt: skip


def sums() -> Forall:
    """With k t >= S - 1 the k largest entries add at most S - k t <= 1; with k t = S - 1, exactly 1."""
    S, k, t, R, r = map(var, ("S", "k", "t", "R", "r"))
    hypotheses: dict[str, Formula] = {
        "at least": k * t >= S - 1,
        "attained": equals(r * t, R - 1),
    }
    return Forall("sums above the threshold", hypotheses, conj(S - k * t <= 1, equals(R - r * t, 1)), hint=Hint(2))


def nearest(variant: Variant) -> Forall:
    """With c = (w - p).(q - p) <= t (|q|_1 - |p|_1), |q|_1 <= 1 and t (1 - |p|_1) = 0: c <= 0, so w is nearest to p.

    X = |w - q|^2 = |w - p|^2 - 2 c + |p - q|^2.
    """
    c, t, Q, P, X, D, E = map(var, ("c", "t", "Q", "P", "X", "D", "E"))
    hypotheses: dict[str, Formula] = {
        "entries": c <= t * (Q - P),
        "complementary": conj(t >= 0, equals(t * (1 - P), 0)),
        "square": equals(X, D - 2 * c + E),
    }
    if variant.keeps("ball"):
        hypotheses["ball"] = variant.value("radius", 1) >= Q
    return Forall("the nearest point", hypotheses, X >= D + E)


def one_more() -> Forall:
    """Inequalities add up over entries and over rows; the largest of the rows' norms is min(1, .) of the largest."""
    a, b, c, d, m, n = map(var, ("a", "b", "c", "d", "m", "n"))
    small, other = 1 - positive_part(1 - m), 1 - positive_part(1 - n)
    both = 1 - positive_part(1 - maximum(m, n))
    return Forall("one more entry, one more row", {"so far": a <= b, "next": c <= d},
                  conj(a + c <= b + d, equals(maximum(small, other), both)))  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Rows by example; then one entry, all entries, and all rows for all real numbers."""
    steps: list[Obligation] = [vectors(variant), one_entry(variant), nearest(variant)]
    return steps if budget is Budget.SMOKE else [*steps, length(), sums(), one_more()]


CLAIMS = (
    Claim(
        id=ROW,
        source=f"{ICLR}, section 4.2.2 and appendix G.4; {ICML}, section 4.2.2",
        printed=PRINTED,
        statement=(
            "The map that takes each row w of W to w if |w|_1 <= 1, and else to (sign(w_i) max(|w_i| - t, 0)) with "
            "t = max over k of (S_k - 1) / k, S_k the sum of the k largest |w_i|, sends W to the only matrix with "
            "||.||_inf <= 1 that is nearest to W in the Frobenius norm. Its norm is min(1, ||W||_inf)."
        ),
        reading="the ball is that of the operator norm; the algorithm is used as its paper says for the l1 ball",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="matrices of any size",
        covers_all=True,
        hypotheses={
            "ball": "the matrices compared with have ||.||_inf <= 1",
            "threshold": "the threshold t is not negative",
        },
        constants={"radius": Constant(ONE, Fraction(101, 100), words="the radius of the ball of the others")},
        textbook=(
            Textbook("||W||_inf is the largest absolute row sum", "Horn and Johnson, Matrix Analysis, 5.6.5"),
            Textbook("induction over entries and rows", "Peano's axioms"),
        ),
        argument="proof.md#projection",
    ),
)
