"""The printed proof bounds the derivative of L_T from below by 1/(1 + exp|f|), whatever T."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.proposition_10.constant import CandidateError
from lipcheck.claims.bethune2021.proposition_10.lower_bound import ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


def bound(variant: Variant) -> Universal:
    """Data {"T", "u"}: u = exp|f| >= 1. At y f = |f| the derivative has size T/(1 + u^T), T a natural number or u = 1.

    Asked for: at least 1/(1 + u); repaired: T/(1 + u^T).
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"T", "u"}:
            raise CandidateError("the data are T and u")
        T, u = parse(data["T"]), parse(data["u"])
        if T <= 0 or u < 1 or (T.denominator != 1 and u != 1) or T > 64:
            raise CandidateError("T > 0 is a natural number up to 64, or u is 1; u is at least 1")
        power = u ** int(T) if T.denominator == 1 else Fraction(1)
        size = T / (1 + power)
        return Examination({"temperature": T > 0}, size >= (size if variant.repaired else 1 / (1 + u)))

    text = "the derivative of L_T in the logit has a size of at least the printed bound"
    return Universal("the printed bound", text, examine, lambda: [HALF], parameters=variant.repaired)


def temperature_one() -> Forall:
    """T = 1: g(1 + v) = 1 with v = exp(y f) <= u = exp|f| gives g(1 + u) >= 1, so the printed bound is right."""
    g, u, v = map(var, ("g", "u", "v"))
    given: dict[str, Formula] = {"derivative": equals(g * (1 + v), 1), "size": conj(v > 0, g > 0, v <= u)}
    return Forall("minimal: T = 1", given, g * (1 + u) >= 1)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound, and T = 1."""
    return [bound(variant), temperature_one()]


HALF = {"T": "1/2", "u": "1"}
SNIPPET = """\
from fractions import Fraction
# f = 0: the derivative of -log sigma(y T z) in z at 0 is -y T / 2; at |f| = ln 3 and T = 2 it is T / (1 + 3^T)
size, printed = Fraction(1, 2) / 2, Fraction(1, 2)
large, printed_large = Fraction(2, 1 + 3**2), Fraction(1, 1 + 3)
print("T = 1/2:", size, "printed bound", printed, " T = 2:", large, "printed bound", printed_large)
assert size < printed and large < printed_large
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.proof",
        short="|∂L_T| ≥ 1/(1 + exp|f|) fails for every T ≠ 1; true: T/(1 + exp(T|f|))",
        source="Béthune et al. 2021, arXiv 2104.05097v2, appendix D, proof of Proposition 10",
        printed="Consequently |∂/∂y L_T(ỹ = f(x_i), y_i)| ≥ 1/(1 + exp(|f(x_i)|)) ≥ 1/(1 + exp(K′)) = K.",
        statement="For every T > 0 and every logit f: |dL_T/dy (f, y)| >= 1/(1 + exp|f|).",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=obligations,
        scope="all T > 0 and all logits",
        covers_all=True,
        counterexamples={"the printed bound": HALF},
        near_misses=(
            NearMiss("the printed bound", {"T": "1", "u": "3"}, "T = 1: the bound is attained"),
            NearMiss("the printed bound", {"T": "2", "u": "1"}, "T = 2 at f = 0: 1 against 1/2"),
            NearMiss("the printed bound", {"T": "1/2", "u": "2"}, "no rational derivative"),
        ),
        minimality="f = 0; for T = 1 the bound holds, for T < 1 it fails at f = 0, for T > 1 at large |f|",
        snippet=SNIPPET,
        repairs={"T/(1 + exp(T |f|))": Variant(repaired=True)},
        repaired_by=ROW,
        argument="proof.md#the-printed-proof",
        notes="A slip: with T in both places the argument is right. 'Not uniformly bounded' contradicts minimality for "
        "the reason given in the proof of Proposition 4, that constants of large size misclassify one label.",
    ),
)
