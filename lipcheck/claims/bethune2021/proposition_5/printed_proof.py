"""Appendix B, "Proof of Theorem 5": two of its lines are false, and one of them carries the argument."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.proposition_5.minimum import ROW, LawError
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "We restrict ourselves to a subset of Lip_L(X, R) on which ‖f‖_∞ ≤ 2L diam X because the minimum lies in this "
    "subspace. [...] Let g_y(x) = L(f(x), y) = −log(1 + exp −yf(x))."
)


def subspace(variant: Variant) -> Universal:
    """Data {"positive", "negative"}: numbers of labels at one point x = 0, T = 1, X = {0}, so that diam X = 0.

    The minimizer has exp f(0) = positive / negative, as `stationary` shows; it lies in the printed subspace iff that is
    1. The true bound |f| <= L diam X + ln r / T, r the greater number over the smaller, always holds.
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, dict) or set(data) != {"positive", "negative"}:
            raise LawError("the data are the numbers of positive and of negative labels")
        counts = [data["positive"], data["negative"]]
        if not all(type(c) is int and c > 0 for c in counts):
            raise LawError("both numbers are positive integers: with one class no minimum exists")
        odds = Fraction(*counts)
        limit = Fraction(max(counts), min(counts)) if variant.repaired else Fraction(1)
        return Examination({"two classes": True}, max(odds, 1 / odds) <= limit)

    text = "exp |f(0)| of the minimizer is at most exp of the bound"
    candidates = [{"positive": 2, "negative": 1}]
    return Universal("the subspace", text, examine, lambda: candidates, parameters=variant.repaired)


def stationary() -> Forall:
    """a positive and b negative labels at one point: the derivative a (-1/(1 + v)) + b v/(1 + v) in f vanishes iff
    v = exp f = a/b, and it has the sign of v - a/b, so this is the only minimizer."""
    a, b, v = map(var, ("a", "b", "v"))
    given: dict[str, Formula] = {"counts": conj(a > 0, b > 0, v > 0), "stationary": equals((b * v - a) * (1 + v), 0)}
    return Forall("the minimizer at one point", given, equals(b * v, a))


def balanced() -> Forall:
    """Two examples of different classes: the best f has f(x1) = -f(x2), within the printed bound.

    f - g <= d, d = L |x1 - x2|: the loss is least for f = -g = d/2, since uv >= k^2 gives (1+u)(1+v) >= (1+k)^2; here
    u = exp(-f), v = exp(g), k = exp(-d/2), and equality only for u = v.
    """
    x, y, k = map(var, ("u", "v", "k"))
    given: dict[str, Formula] = {"lipschitz": x * y >= k * k, "positive": conj(x > 0, y > 0, k > 0)}
    return Forall("minimal: two examples", given, (1 + x) * (1 + y) >= (1 + k) ** 2)


def sign(variant: Variant) -> Forall:
    """The loss is nonnegative; the printed g, with the sign -1, is negative: e stands for ln(1 + exp(-y f)) > 0."""
    e, g = var("e"), var("g")
    factor = 1 if variant.repaired else -1
    return Forall("the sign of the loss", {"e": e > 0, "g": equals(g, factor * e)}, equals(g, e))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The subspace, the sign, and what they rest on."""
    return [subspace(variant), sign(variant), stationary(), balanced()]


SNIPPET = """\
from fractions import Fraction
# X = {0}, L = 1, T = 1, labels +1, +1, -1 at x = 0: diam X = 0, so the printed subspace holds f = 0 alone
def cube(v):                     # exp of three times the training loss at exp f(0) = v
    return (1 + 1 / v) ** 2 * (1 + v)
best = min((Fraction(k, 100) for k in range(1, 500)), key=cube)
print("exp f(0) of the minimizer:", best, " loss there and at f = 0:", cube(best), cube(Fraction(1)))
assert best == 2 and cube(best) < cube(Fraction(1))
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.proof",
        short="minimizers leave ‖f‖ ≤ 2L diam X (diam 0, labels ++−: f = ln 2); true: L diam X + ln(r)/T",
        source="Béthune et al. 2021, arXiv 2104.05097v2, appendix B, 'Proof of Theorem 5'",
        printed=PRINTED,
        statement="For every training set of two classes the minimizers of the BCE (T = 1) over Lip_L(X, R) satisfy "
        "||f||_infinity <= 2 L diam X; and the loss is -ln(1 + exp(-y f)).",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=obligations,
        scope="all training sets of two classes",
        covers_all=True,
        counterexamples={"the subspace": {"positive": 2, "negative": 1}, "the sign of the loss": {"e": "1", "g": "-1"}},
        near_misses=(
            NearMiss("the subspace", {"positive": 3, "negative": 3}, "balanced: the minimizer is zero"),
            NearMiss("the subspace", {"positive": 2, "negative": 0}, "one class: there is no minimizer"),
            NearMiss("the sign of the loss", {"e": "1", "g": "1"}, "the loss with its true sign"),
        ),
        minimality="three examples at one point; with one example there is no minimizer, with two it obeys the bound",
        snippet=SNIPPET,
        repairs={"the bound with the odds, and the other sign": Variant(repaired=True)},
        repaired_by=f"{ROW}.infimum",
        argument="proof.md#the-printed-proof",
        notes="The bound also fails on X = [-1/8, 1/8] with L = 1: ln 2 > 1/2. Any bound that does not depend on f "
        "would do for the rest of the proof. Its first step, 'the minimum is attained', fails for one class; "
        "bracketing entropies are finite as said.",
    ),
)
