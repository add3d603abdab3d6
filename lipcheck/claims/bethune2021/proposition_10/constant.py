""" "Note that K only depends of the training set, not f_L^*." It depends on L and T too, and must."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lipcheck.claims.bethune2021.proposition_10.lower_bound import ROW, SOURCE
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "Note that K only depends of the training set, not f_L^*."


class CandidateError(LipcheckError, ValueError):
    """Data that name no constant."""


def serves(variant: Variant) -> Universal:
    """Data {"K", "k"}: examples (0, 1), (1, -1), T = 1, and L with exp(L/2) = 2^k.

    The minimizer has f(0) = -f(1) = L/2, both derivatives are 1/(1 + 2^k). A K that serves every L is at most that for
    every k. Repaired, K may depend on L, as 1/(1 + exp L).
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"K", "k"} or type(data["k"]) is not int or data["k"] < 0:
            raise CandidateError("the data are a number K and a natural number k")
        K, power = parse(data["K"]), 2 ** min(data["k"], 4096)
        allowed = not variant.repaired or K * (1 + power**2) <= 1
        return Examination({"positive": K > 0, "may depend on L": allowed}, K * (1 + power) <= 1)

    text = "the derivatives of both examples are at least K, for every L"
    candidates = [{"K": "1/4", "k": 2}]
    return Universal("one K for every L", text, examine, lambda: candidates, parameters=variant.repaired)


def every_constant() -> Forall:
    """For every K > 0, as soon as exp(L/2) = 1 + v with v >= L/2 and K (2 + L/2) > 1, the derivative is below K."""
    K, g, v, L = map(var, ("K", "g", "v", "L"))
    given: dict[str, Formula] = {
        "derivative": equals(g * (2 + v), 1),
        "exponential": conj(2 * v >= L, L >= 0),
        "L": conj(K > 0, K * (4 + L) > 2),
    }
    return Forall("minimal: every K fails", given, g < K)


def two_examples() -> list[Forall]:
    """Two examples: s = exp(-f(0)/2), t = exp(f(1)/2), s t >= w = exp(-L/2): (1 + s^2)(1 + t^2) >= (1 + w)^2.

    Equality only for s = t and s t = w, that is f(0) = -f(1) = L/2.
    """
    s, t, w = map(var, ("s", "t", "w"))
    given: dict[str, Formula] = {"lipschitz": s * t >= w, "positive": conj(s > 0, t > 0, w > 0)}
    square = equals((1 + s**2) * (1 + t**2), (1 + s * t) ** 2 + (s - t) ** 2)
    bound = Forall("the loss of two examples", given, (1 + s**2) * (1 + t**2) >= (1 + w) ** 2)
    strict = disj(conj(s - t >= 0, s - t <= 0), (s - t) ** 2 > 0)
    return [bound, Forall("their loss as squares", given, conj(square, strict))]


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One candidate, the same for every candidate, and the minimizer."""
    return [serves(variant), every_constant(), *two_examples()]


CANDIDATE = {"K": "1/4", "k": 2}
SNIPPET = """\
from math import exp, log
# examples (0, +1), (1, -1), T = 1: the best L-Lipschitz f has f(0) = L/2, f(1) = -L/2
def loss(L, shift):
    return log(1 + exp(-L / 2 - shift)) + log(1 + exp(-L / 2 + shift))
for L in (1, 10, 100):
    assert all(loss(L, 0) <= loss(L, s) for s in (-1, -0.1, 0.1, 1))
    print("L =", L, " derivative at both examples:", 1 / (1 + exp(L / 2)))
assert 1 / (1 + exp(50)) < 1e-20                        # no K > 0 is left
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.constant",
        short="K → 0 as L → ∞ for separable examples (or T → 0): K depends on L and T; T/(1 + r exp(TLD)) will do",
        source=SOURCE,
        printed=PRINTED,
        reading="K is chosen before L",
        statement="For every training set with both labels there is a K > 0 such that for every L >= 0, every "
        "minimizer f_L of the BCE over Lip_L(X, R) and every i, |dL_T/dy (f_L(x_i), y_i)| >= K.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="two examples at distance 1, T = 1",
        covers_all=True,
        counterexamples={"one K for every L": CANDIDATE},
        near_misses=(
            NearMiss("one K for every L", {"K": "1/4", "k": 1}, "exp(L/2) = 2: derivatives of 1/3"),
            NearMiss("one K for every L", {"K": "0", "k": 2}, "K is to be positive"),
        ),
        minimality="two examples, the least number with both labels; every K > 0 fails for L > 2/K",
        snippet=SNIPPET,
        repairs={"K = 1/(1 + exp L)": Variant(repaired=True)},
        repaired_by=ROW,
        argument="proof.md#what-k-depends-on",
        notes="That K does not depend on the minimizer is right. For examples that no L separates, such as two "
        "labels at one point, some derivatives stay away from 0 for all L.",
    ),
)
