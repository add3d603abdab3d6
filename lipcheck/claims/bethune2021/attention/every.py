"""Section 2.2, "Attention [is] not even Lipschitz", read of every attention layer, whatever its weights and tokens.

One token is mapped to V x, and A = 0 gives V times the mean of the tokens: linear maps. These are the only exceptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.attention.unbounded import PRINTED, ROW, SOURCE
from lipcheck.exact import NetworkError, matrix
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


def read(data: Any) -> tuple[int, bool, bool]:
    """The number of tokens, and whether A != 0 and V != 0."""
    if not isinstance(data, Mapping) or set(data) != {"tokens", "A", "V"}:
        raise NetworkError("the data are a number of tokens and the matrices A and V")
    count, first, second = data["tokens"], matrix(data["A"], "A"), matrix(data["V"], "V")
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise NetworkError("there is at least one token")
    if not len(first) == len(first[0]) == len(second[0]):
        raise NetworkError("A is square, and V has as many columns")
    return count, any(map(any, first)), any(map(any, second))


def layers(variant: Variant) -> Universal:
    """One token, A = 0 or V = 0 make the layer linear; all others are not Lipschitz, by the row's claim."""

    def examine(data: Any) -> Examination:
        count, logits, values = read(data)
        hypotheses = {"two tokens": count >= 2, "A": logits, "V": values} if variant.repaired else {}
        return Examination(hypotheses, count > 1 and logits and values)

    text = "a layer of dot-product self-attention is not Lipschitz"
    return Universal("attention layers", text, examine, lambda: [ONE_TOKEN, MEAN], parameters=variant.repaired)


def one_token() -> Forall:
    """Softmax over one logit is p = 1, so that one token of part x along a direction goes to v x: linear."""
    p, e, v, x = map(var, ("p", "e", "v", "x"))
    given: dict[str, Formula] = {"softmax": conj(equals(p * e, e), e > 0)}
    return Forall("one token", given, equals(v * (p * x), v * x), witness=dict.fromkeys("pevx", Fraction(1)))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Layers, and why one token is mapped linearly."""
    return [layers(variant), one_token()]


MEAN = {"tokens": 2, "A": [["0"]], "V": [["1"]]}
ONE_TOKEN = {"tokens": 1, "A": [["1"]], "V": [["1"]]}

CLAIMS = (
    Claim(
        id=f"{ROW}.every",
        short="one token goes to Vx, and A = 0 gives a mean: Lipschitz; with two tokens, A ≠ 0 and V ≠ 0 it is not",
        source=SOURCE,
        printed=PRINTED,
        reading="every layer of dot-product self-attention, whatever its weights and number of tokens",
        variant_of=ROW,
        statement="For every number of tokens and all A and V the layer is not Lipschitz.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=obligations,
        scope="all layers of dot-product self-attention",
        covers_all=True,
        counterexamples={"attention layers": ONE_TOKEN},
        near_misses=(
            NearMiss("attention layers", {**ONE_TOKEN, "tokens": 2}, "two tokens"),
            NearMiss("attention layers", {"tokens": 3, "A": [["0", "1"], ["0", "0"]], "V": [["1", "0"]]}, "rank one"),
            NearMiss("attention layers", {**ONE_TOKEN, "tokens": 0}, "no token"),
        ),
        minimality="one token in dimension one",
        snippet="from math import exp\ndef attention(x):  # D = 1, A = V = 1\n    rows = []\n    for a in x:\n"
        "        weights = [exp(a * b) for b in x]\n"
        "        rows.append(sum(p * b for p, b in zip(weights, x)) / sum(weights))\n    return rows\n"
        "for x in (0.0, 1.0, 2.0):\n    print(x, attention([x]))\n    assert abs(attention([x])[0] - x) < 1e-12",
        repairs={"two tokens, A and V other than zero": Variant(repaired=True)},
        repaired_by=ROW,
        argument="proof.md#every-layer",
        notes="Other attentions are Lipschitz: [14] itself gives one with -|x_i - x_j|^2 as logits and tied weights.",
    ),
)
