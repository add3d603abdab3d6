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
from lipcheck.words.terms import minimum, var
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


def kept_entry(variant: Variant) -> Forall:
    """Where p = w - t > 0: (w - p)(q - p) <= t (Q - p) for q <= Q. Where p < 0, the same with all signs turned."""
    w, q, t, p, Q = map(var, ("w", "q", "t", "p", "Q"))
    given: dict[str, Formula] = {"shrunk": conj(equals(p, w - t), p > 0), "length": q <= Q}
    if variant.keeps("threshold"):
        given["threshold"] = t >= 0
    return Forall("an entry that is kept", given, (w - p) * (q - p) <= t * (Q - p))


def vanishing_entry() -> Forall:
    """Where p = 0, |w| <= t: w q <= t |q|, with any size >= |q|."""
    w, q, t, size = map(var, ("w", "q", "t", "size"))
    given: dict[str, Formula] = {"shrunk": conj(w <= t, -w <= t), "length": conj(q <= size, -q <= size)}
    return Forall("an entry that vanishes", given, w * q <= t * size)


def length() -> Forall:
    """size = |p| is max(0, |w| - t): at least 0, w - t and -w - t, and one of them."""
    w, p, size, t = map(var, ("w", "p", "size", "t"))
    above, below = conj(w >= t, equals(p, w - t), equals(size, p)), conj(w <= -t, equals(p, w + t), equals(size, -p))
    given: dict[str, Formula] = {
        "shrunk": disj(above, below, conj(w <= t, w >= -t, equals(p, 0), equals(size, 0))),
        "threshold": t >= 0,
    }
    largest = disj(equals(size, 0), equals(size, w - t), equals(size, -w - t))
    return Forall("the length of one entry", given, conj(size >= 0, size >= w - t, size >= -w - t, largest))


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
    """Inequalities add up over entries and rows; min(1, .) increases, so it takes the largest norm to the largest."""
    a, b, c, d, m, n = map(var, ("a", "b", "c", "d", "m", "n"))
    given: dict[str, Formula] = {"so far": a <= b, "next": c <= d, "order": m <= n}
    return Forall("one more entry, one more row", given, conj(a + c <= b + d, minimum(m, 1) <= minimum(n, 1)))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Rows by example; then one entry, all entries, and all rows for all real numbers."""
    steps: list[Obligation] = [vectors(variant), kept_entry(variant), nearest(variant)]
    return steps if budget is Budget.SMOKE else [*steps, vanishing_entry(), length(), sums(), one_more()]


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
