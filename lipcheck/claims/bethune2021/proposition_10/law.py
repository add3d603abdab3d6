"""Equation 21 to the letter: the minimizers are those of the expected loss, and K is to depend on the training set.

A training set does not tell its law: on one point with P(y = 1) = pi, T = 1, the minimizer has exp f = pi / (1 - pi),
and the derivative at the label 1 is 1 - pi, which has no lower bound above 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lipcheck.claims.bethune2021.proposition_10.constant import PRINTED, CandidateError
from lipcheck.claims.bethune2021.proposition_10.lower_bound import ROW, SOURCE
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


def serves(variant: Variant) -> Universal:
    """Data {"K", "pi"}: the training set (0, 1), (0, -1) and P(y = 1) = pi; the derivatives are 1 - pi and pi.

    Repaired, K may depend on the law, as 1/(1 + r) with r the odds of its labels.
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"K", "pi"}:
            raise CandidateError("the data are K and pi")
        K, pi = parse(data["K"]), parse(data["pi"])
        if not 0 < pi < 1:
            raise CandidateError("both labels have positive probability")
        odds = max(pi / (1 - pi), (1 - pi) / pi)
        allowed = not variant.repaired or K * (1 + odds) <= 1
        return Examination({"positive": K > 0, "may depend on the law": allowed}, min(pi, 1 - pi) >= K)

    text = "the derivatives at both examples are at least K, for every law of the training set"
    candidates = [{"K": "1/4", "pi": "4/5"}]
    return Universal("one K for every law", text, examine, lambda: candidates, parameters=variant.repaired)


def minimizer() -> Forall:
    """u = exp f: the slope -pi/(1 + u) + (1 - pi) u/(1 + u) vanishes only for (1 - pi) u = pi.

    Then 1/(1 + u) = 1 - pi.
    """
    u, pi, slope, s = map(var, ("u", "pi", "slope", "s"))
    given: dict[str, Formula] = {
        "positive": conj(u > 0, pi > 0, pi < 1),
        "derivative": equals(s * (1 + u), 1),
        "slope": conj(equals(slope * (1 + u), (1 - pi) * u - pi), equals(slope, 0)),
    }
    return Forall("known: the minimizer on one point", given, equals(s, 1 - pi))


def every_constant() -> Forall:
    """For every K > 0 each law with 1 - pi < K is a counterexample: pi = 1 - K/2 for K < 2, else any."""
    K, rarer = var("K"), var("rarer")
    given: dict[str, Formula] = {"K": K > 0, "law": conj(rarer > 0, 2 * rarer <= K)}
    return Forall("minimal: every K fails", given, rarer < K)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One candidate, the same for every candidate, and the minimizer."""
    return [serves(variant), every_constant(), minimizer()]


CANDIDATE = {"K": "1/4", "pi": "4/5"}
SNIPPET = """\
from fractions import Fraction
# X = {0}, T = 1, training set (0, +1), (0, -1); the law has P(y = 1) = pi; the minimizer has exp f(0) = pi/(1 - pi)
for pi in (Fraction(1, 2), Fraction(4, 5), Fraction(999, 1000)):
    u = pi / (1 - pi)
    assert -pi / (1 + u) + (1 - pi) * u / (1 + u) == 0       # the expected derivative vanishes
    print("P(y = 1) =", pi, " derivative at the example of label 1:", 1 / (1 + u))
assert 1 / (1 + u) == Fraction(1, 1000)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.law",
        short="the minimizers of (21) depend on P_XY, and K with them: 1 − π on one point; K from the odds of the law",
        source=f"{SOURCE}, equation 21",
        printed=PRINTED,
        reading="the expectation in (21) is over P_XY, as printed, not over the training set",
        variant_of=f"{ROW}.constant",
        statement="For every training set with both labels there is a K > 0 such that for every law P_XY that can give "
        "it, every minimizer f of the expected BCE over Lip_L(X, R), L = T = 1, and every i, |dL_T/dy (f(x_i), y_i)| "
        ">= K.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="two examples at one point",
        covers_all=True,
        counterexamples={"one K for every law": CANDIDATE},
        near_misses=(
            NearMiss("one K for every law", {"K": "1/4", "pi": "3/4"}, "derivatives 1/4 and 3/4"),
            NearMiss("one K for every law", {"K": "0", "pi": "4/5"}, "K is to be positive"),
            NearMiss("one K for every law", {"K": "1/4", "pi": "1"}, "one label: no minimizer"),
        ),
        minimality="two examples, the least number with both labels, and a law on one point",
        snippet=SNIPPET,
        repairs={"K = 1/(1 + r)": Variant(repaired=True)},
        repaired_by=ROW,
        argument="proof.md#what-k-depends-on",
        notes="If the expectation is over the training set, as the proof has it, K depends on L and T alone besides.",
    ),
)
