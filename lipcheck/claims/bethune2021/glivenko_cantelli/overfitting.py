"""The training loss as a proxy of the test loss: for what training returns, not for every function of the class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.glivenko_cantelli._classes import ROW, SECTION, bounded_functions
from lipcheck.claims.bethune2021.glivenko_cantelli.functions import SampleError
from lipcheck.claims.bethune2021.proposition_5 import _steps as steps
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "Said otherwise, as the size of the training set increases the training loss becomes a proxy for the test loss: "
    "1-Lipschitz neural networks will not overfit in the limit of (very) large sample size."
)


def truncation() -> Forall:
    """One class: cutting f off at M, k = exp(-T M), changes ln(1 + u), u <= k, to ln(1 + k): by ln(1 + k) at most.

    Indeed (1 + k) / (1 + u) <= 1 + k.
    """
    u, k = map(var, ("u", "k"))
    return Forall("cutting off large values", {"u": conj(u > 0, u <= k)}, 1 + k <= (1 + k) * (1 + u))


def returned(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """What is no worse than zero on the sample is bounded; on bounded functions the law is uniform."""
    return [
        steps.loss_bounds(),
        bounded_functions(variant),
        steps.other_class(variant),
        steps.sublevel(variant),
        steps.slope(variant),
        steps.rounding(),
        steps.brackets(),
        truncation(),
    ]


def gap(variant: Variant) -> Universal:
    """The constant f = c, one point, a law with P(y = 1) = pi and a sample: the losses differ by |pi_p - pi| T |c|.

    Indeed ln(1 + exp(-T c)) - ln(1 + exp(T c)) = -T c. Repaired, T |c| <= 1 is asked for.
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"positive", "negative", "pi", "T", "c"}:
            raise SampleError("the data are positive, negative, pi, T and c")
        counts = data["positive"], data["negative"]
        if not all(type(k) is int and k >= 0 for k in counts) or sum(counts) == 0:
            raise SampleError("the sample has natural numbers of positive and negative labels, not both 0")
        pi, T, c = (parse(data[k]) for k in ("pi", "T", "c"))
        difference = abs(Fraction(counts[0], sum(counts)) - pi) * T * abs(c)
        hypotheses = {
            "law": 0 <= pi <= 1 and T > 0 and (pi > 0 or counts[0] == 0) and (pi < 1 or counts[1] == 0),
            "bounded": T * abs(c) <= 1 or not variant.repaired,
        }
        return Examination(hypotheses, difference <= 1)

    text = "training and expected loss of a constant function differ by at most 1"
    return Universal("a uniform law for losses", text, examine, lambda: [ONE], parameters=variant.repaired)


def identity() -> Forall:
    """(1 + u)(1/u) = 1 + 1/u: the loss at -c exceeds that at c by ln(1/u) = T c, u = exp(-T c), v = 1/u."""
    u, v = map(var, ("u", "v"))
    given: dict[str, Formula] = {"inverse": conj(u * v >= 1, u * v <= 1, u > 0)}
    return Forall("losses of opposite constants", given, conj((1 + u) * v >= 1 + v, (1 + u) * v <= 1 + v))


def uniform(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Constants, and the identity behind their losses."""
    return [gap(variant), identity()]


ONE = {"positive": 1, "negative": 0, "pi": "1/2", "T": "1", "c": "3"}
SNIPPET = """\
from math import exp, log
# labels: a fair coin; 501 of 1000 in the sample are positive; the constants f = c are L-Lipschitz for every L
for c in (-1e2, -1e4, -1e6):
    plus, minus = (log(1 + exp(-abs(c))) + max(0, -y * c) for y in (1, -1))
    train, test = 0.501 * plus + 0.499 * minus, (plus + minus) / 2
    print(c, train - test)
    assert abs((train - test) + 0.001 * c) < 1e-6
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.overfitting",
        source=SECTION,
        printed=PRINTED,
        reading="of the loss, for functions that training returns: none with a training loss above that of f = 0",
        statement="For every law on X x Y with X bounded, L >= 0 and T > 0: almost surely, the supremum of |E_p(f) - "
        "E_infinity(f)| over all f in Lip_L(X, R) with E_p(f) <= ln 2 converges to 0. In particular the expected loss "
        "of every minimizer of the training loss converges to the least one.",
        expected=Verdict.PROVED,
        obligations=returned,
        scope="all laws on bounded sets, all L and T",
        covers_all=True,
        hypotheses={
            "lipschitz": "f is L-Lipschitz",
            "bounded": "X has diameter D",
            "both_classes": "both classes have positive probability; else large values are cut off",
        },
        constants={"slope": Constant(Fraction(1), Fraction(99, 100), words="Lipschitz constant of the BCE over T")},
        textbook=(steps.ASCOLI, steps.STRONG_LAW),
        argument="proof.md#overfitting",
        notes="Of the loss only: the training error of 1-Lipschitz functions says nothing in general (margin_choice). "
        "Instead of ln 2 any bound on the training loss would do.",
    ),
    Claim(
        id=f"{ROW}.uniform",
        short="constants c differ by |π_p − π| T|c|, without bound; true for f with E_p(f) ≤ ln 2, so for minimizers",
        source=SECTION,
        printed=PRINTED,
        reading="for every f in Lip_L(X, R) at once",
        variant_of=f"{ROW}.overfitting",
        statement="For every law on X x Y with X bounded, L >= 0 and T > 0: almost surely, the supremum over Lip_L(X, "
        "R) of |E_p(f) - E_infinity(f)| converges to 0.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=uniform,
        scope="constant functions",
        covers_all=True,
        counterexamples={"a uniform law for losses": ONE},
        near_misses=(
            NearMiss("a uniform law for losses", {**ONE, "c": "2"}, "a difference of 1 exactly"),
            NearMiss("a uniform law for losses", {**ONE, "negative": 1, "c": "100"}, "frequencies of the law"),
            NearMiss("a uniform law for losses", {**ONE, "pi": "0"}, "the law never gives this sample"),
        ),
        minimality="one example and constant functions; only samples with exactly the frequencies of the law do not do",
        snippet=SNIPPET,
        repairs={"T |c| <= 1": Variant(repaired=True)},
        repaired_by=f"{ROW}.overfitting",
        argument="proof.md#overfitting",
        notes="The same for hinge. The printed proof of Proposition 5 restricts itself to a bounded subset first, as "
        "is needed.",
    ),
)
