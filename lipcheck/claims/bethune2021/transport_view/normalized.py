"""Appendix E, equation 24, with P_theta and Q_theta as the probability laws that the text says they are.

The laws proportional to g^q dP and g^p dQ give the gradient with the factors E_P[g^q] and E_Q[g^p]. The printed factors
are E_P[g^p] and E_Q[g^q].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lipcheck.claims.bethune2021.transport_view._words import ROW, SOURCE
from lipcheck.claims.bethune2021.transport_view.distribution import LawError
from lipcheck.claims.bethune2021.transport_view.gradient import PRINTED
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SURE: Any = {"P": ["3/4", "1"], "Q": ["1/2", "0"]}


def examine(data: Data, repaired: bool) -> Examination:
    """One atom each, [g^p, derivative of f in theta]; P_theta = P and Q_theta = Q whatever theta is."""
    if not isinstance(data, Mapping) or set(data) != {"P", "Q"} or any(len(data[k]) != 2 for k in ("P", "Q")):
        raise LawError("give one atom [predicted probability of +1, derivative of f] of P and one of Q")
    (s, up), (t, down) = ([parse(v) for v in data[k]] for k in ("P", "Q"))
    if not (0 < s < 1 and 0 < t < 1):
        raise LawError("probabilities lie strictly between 0 and 1")
    factor_p, factor_q = (1 - s, t) if repaired else (s, 1 - t)
    return Examination({}, (1 - s) * up - t * down == factor_p * up - factor_q * down)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The identity for one atom each; where it fails."""
    which = "E_P[g^q], E_Q[g^p]" if variant.repaired else "E_P[g^p], E_Q[g^q]"
    text = f"equation 24 for one atom each, with probability laws and the factors {which}"
    s, up = var("s"), var("up")
    given: dict[str, Formula] = {"moves": disj(up > 0, up < 0), "equal": equals((1 - s) * up, s * up)}
    return [
        Universal("one atom each", text, lambda d: examine(d, variant.repaired), lambda: [SURE], parameters=which),
        Forall("minimal: one atom agrees only at 1/2", given, conj(2 * s <= 1, 2 * s >= 1)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.normalized_gradient",
        source=f"{SOURCE}, equation 24",
        printed=PRINTED,
        statement="With the probability laws P_theta proportional to g^q dP, Q_theta to g^p dQ, and the "
        "printed Z^p = E_P[g^p], Z^q = E_Q[g^q], equation 24 holds.",
        reading="P_theta and Q_theta are probability laws, as the text says",
        short="with normalized laws the factors are E_P[g^q] and E_Q[g^p], not the printed E_P[g^p] and E_Q[g^q]",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=obligations,
        scope="one atom each",
        covers_all=True,
        repairs={"factors E_P[g^q] and E_Q[g^p]": Variant(repaired=True)},
        counterexamples={"one atom each": SURE},
        near_misses=(
            NearMiss("one atom each", {**SURE, "P": ["1/2", "1"]}, "g^p = 1/2: both factors are 1/2"),
            NearMiss("one atom each", {**SURE, "P": ["3/4", "0"]}, "f does not move"),
        ),
        minimality="one atom each, f moves at one of them; with g^p = 1/2 there the factors agree",
        snippet="""\
from math import exp, log
loss = lambda f_p, f_q: log(1 + exp(-f_p)) + log(1 + exp(f_q))   # one atom of each class
f_p, h = log(3), 1e-6                                # g^p = 3/4 at the atom of P, which moves with theta
slope = -(loss(f_p + h, 0) - loss(f_p - h, 0)) / (2 * h)
print("minus the gradient:", round(slope, 6), " printed Z^p:", 0.75, " E_P[g^q]:", 0.25)
assert abs(slope - 0.25) < 1e-6
""",
        repaired_by=ROW,
        argument="proof.md#the-gradient",
        notes="Equation 23 as printed and equation 24 as printed agree; the word 'probability' between them does not.",
    ),
)
