"""Equation 6 as printed, for an equal number of both labels: sign and factor.

Plain reading: the law of (X, Y) has P(Y = 1) = 1/2, P and Q have finite first moments, and the least expected loss is
W(P, Q). The zero function has the loss 0, so no value above 0 can be the minimum: the equation fails for every P != Q,
under every weighting of the classes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.kr_loss_value._pairs import PRINTED, ROW, SOURCE, Pair, read
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import conj, implies
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

UNIT: Any = {"p": "1/2", "P": [["1", "1", "1"]], "Q": [["0", "1", "0"]]}
EQUAL_LAWS: Any = {"p": "1/2", "P": [["0", "1", "0"]], "Q": [["0", "1", "0"]]}
WRONG_WAY: Any = {"p": "1/2", "P": [["1", "1", "0"]], "Q": [["0", "1", "1"]]}
STEEP: Any = {"p": "1/2", "P": [["1", "1", "0"]], "Q": [["0", "1", "2"]]}


def minimum_is(name: str, factor: Fraction, value: Callable[[Pair], Fraction], what: str) -> Universal:
    """The value of the loss at a minimizer is `factor` times W(P, Q), for balanced labels."""

    def examine(data: Data) -> Examination:
        pair = read(data)
        minimizer = pair.gain == pair.distance
        hypotheses = {"lipschitz": pair.lipschitz, "balanced": pair.p == Fraction(1, 2), "minimizer": minimizer}
        return Examination(hypotheses, value(pair) == factor * pair.distance)

    text = f"a 1-Lipschitz f with E_P f - E_Q f = W(P, Q) has {what} = {factor} W(P, Q)"
    return Universal(name, text, examine, lambda: [UNIT], parameters=str(factor))


def zero_function() -> Forall:
    """Whatever the weights, the minimum is at most the loss 0 of f = 0: it equals W only if W = 0."""
    least, distance = var("least"), var("distance")
    given = {"zero function": least <= 0, "distance": distance >= 0}
    return Forall("minimal: it fails exactly where W > 0", given, implies(conj(distance > 0), least < distance))


def mean(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The expected loss of equation 6."""
    return [minimum_is("minimum", variant.value("factor", 1), lambda pair: pair.loss, "E[-Y f]"), zero_function()]


def summed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The two class means added, as in equation 24."""
    factor = variant.value("factor", 1)
    return [minimum_is("minimum", factor, lambda pair: -pair.gain, "E_Q f - E_P f"), zero_function()]


MISSES = (
    NearMiss("minimum", EQUAL_LAWS, "P = Q: the distance and the minimum are both 0"),
    NearMiss("minimum", WRONG_WAY, "the loss is +W/2, of no minimizer"),
    NearMiss("minimum", STEEP, "not 1-Lipschitz"),
    NearMiss("minimum", {**UNIT, "p": "2/3"}, "unequal labels: there is no minimum"),
)
CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="If P(Y = 1) = 1/2 and P and Q have finite first moments, the least E[-Y f(X)] over 1-Lipschitz f is "
        "W(P, Q).",
        short="min E[-Y f] is W(P, Q) for no P != Q (f = 0 gives 0); it is -W(P, Q)/2 if both labels weigh 1/2",
        reading="as printed, with the balance and the moments that make the minimum exist",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=mean,
        scope="all laws with P != Q",
        covers_all=True,
        constants={"factor": Constant(Fraction(1), sharp=Fraction(-1, 2), words="of W(P, Q) in the minimum")},
        repairs={"factor -1/2": Variant(constants={"factor": Fraction(-1, 2)})},
        counterexamples={"minimum": UNIT},
        minimality="one atom each, on the line; it fails for every P != Q and holds for P = Q",
        near_misses=MISSES,
        snippet="""\
P, Q = {1: 1}, {0: 1}                              # W(P, Q) = 1
loss = lambda f: -sum(m * f(x) for x, m in P.items()) / 2 + sum(m * f(x) for x, m in Q.items()) / 2
print("f = 0:", loss(lambda x: 0), " f(x) = x:", loss(lambda x: x), " W(P, Q) = 1")
assert loss(lambda x: 0) < 1 and loss(lambda x: x) == -1 / 2
""",
        repaired_by=f"{ROW}.sharp",
        argument="proof.md#sign-and-factor",
        notes="A slip of sign and factor that Table 1 repeats; equation 6 is used for its minimizers, which are right.",
    ),
    Claim(
        id=f"{ROW}.summed",
        source=SOURCE,
        printed=PRINTED,
        statement="If P and Q have finite first moments, the least E_P[L_W(f, 1)] + E_Q[L_W(f, -1)] over 1-Lipschitz f "
        "is W(P, Q).",
        short="with the class means added the minimum is -W(P, Q), not W(P, Q)",
        reading="the two classes are added with weight one each, as in equation 24",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=summed,
        scope="all laws with P != Q",
        covers_all=True,
        constants={"factor": Constant(Fraction(1), sharp=Fraction(-1), words="of W(P, Q) in the minimum")},
        repairs={"factor -1": Variant(constants={"factor": Fraction(-1)})},
        counterexamples={"minimum": UNIT},
        minimality="one atom each, on the line; it fails for every P != Q and holds for P = Q",
        near_misses=MISSES[:3],
        snippet="""\
loss = lambda f: -f(1) + f(0)                       # P = one atom at 1, Q = one atom at 0, W(P, Q) = 1
print("f = 0:", loss(lambda x: 0), " f(x) = x:", loss(lambda x: x), " W(P, Q) = 1")
assert loss(lambda x: 0) < 1 and loss(lambda x: x) == -1
""",
        repaired_by=f"{ROW}.summed_sharp",
        argument="proof.md#sign-and-factor",
    ),
)
