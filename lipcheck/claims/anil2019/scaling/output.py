"""Anil et al. 2019, section 4: "If we can learn any 1-Lipschitz function with a neural network then we can trivially
extend this to K-Lipschitz functions by scaling the output by K."

Plain reading: for K > 0 the K-Lipschitz functions are K times the 1-Lipschitz ones, and an approximation of g / K with
error e becomes one of g with error K e. For K = 0 the scaled functions are 0 alone, the 0-Lipschitz ones all constants.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import exact
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.scaling"
ICML = "Anil et al. 2019 (ICML and ICLR submission), section 4, first paragraph"
PRINTED = (
    "If we can learn any 1-Lipschitz function with a neural network then we can trivially extend this to K-Lipschitz "
    "functions by scaling the output by K."
)

K, distance, f_change, g_change = map(var, ("K", "distance", "f_change", "g_change"))
"""f_change and g_change are ||f(x) - f(y)|| and ||g(x) - g(y)|| with g = K f, so g_change = K f_change."""


def given(variant: Variant) -> dict[str, Formula]:
    """K > 0, a distance, and g = K f."""
    found: dict[str, Formula] = {"distance": distance >= 0, "scaled": equals(g_change, K * f_change)}
    found["constant"] = K > 0 if variant.keeps("positive") else K >= 0
    return found


def up(variant: Variant) -> Forall:
    """f 1-Lipschitz: K f is K-Lipschitz."""
    factor = variant.value("factor", 1)
    return Forall(
        "K f is K-Lipschitz", {**given(variant), "f": f_change <= factor * distance}, g_change <= K * distance
    )


def down(variant: Variant) -> Forall:
    """g K-Lipschitz: f = g / K is 1-Lipschitz."""
    return Forall("g / K is 1-Lipschitz", {**given(variant), "g": g_change <= K * distance}, f_change <= distance)


def error(variant: Variant) -> Forall:
    """|f - g/K| <= e gives |K f - g| <= K e."""
    f, target, e = map(var, ("f", "target", "e"))
    hypotheses: dict[str, Formula] = {"constant": K > 0, "close": conj(f - target <= e, target - f <= e)}
    return Forall("errors are scaled", hypotheses, conj(K * f - K * target <= K * e, K * target - K * f <= K * e))


def last_layer() -> Forall:
    """Scaling the last weight and bias scales the output, one more column at a time."""
    s, w, h, b = map(var, ("s", "w", "h", "b"))
    scaled = var("scaled")
    return Forall("the last layer takes the scale", {"others": equals(scaled, K * s)},
                  equals(scaled + (K * w) * h + K * b, K * (s + w * h + b)))  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both inclusions, the error, and the network."""
    return [up(variant), down(variant), error(variant), last_layer()]


def zero(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every K >= 0: a K-Lipschitz function on two points is K times a 1-Lipschitz one."""

    def examine(data: Any) -> Examination:
        constant, (at_0, at_1) = exact(data["K"], "K"), (exact(v, "value") for v in data["values"])
        hypotheses = {"K": constant > 0 if variant.repaired else constant >= 0}
        hypotheses["lipschitz"] = abs(at_1 - at_0) <= constant
        # K f = g has the one solution g / K for K > 0; for K = 0 any f will do, but only if g = 0
        if constant > 0:
            return Examination(hypotheses, abs(at_1 / constant - at_0 / constant) <= 1)
        return Examination(hypotheses, at_0 == at_1 == 0)

    text = f"every K-Lipschitz g on {{0, 1}} is K f with f 1-Lipschitz, K {'>' if variant.repaired else '>='} 0"
    return [
        Universal("two points", text, examine, lambda: [CONSTANT], parameters=variant.repaired),
        Exhaustive("minimal: the function zero", "0 = K 0 for K = 0", lambda: [{"K": "0", "values": ["0", "0"]}],
                   lambda d: examine(d).conclusion),
    ]  # fmt: skip


CONSTANT = {"K": "0", "values": ["1", "1"]}

CLAIMS = (
    Claim(
        id=ROW,
        source=ICML,
        printed=PRINTED,
        statement="For K > 0, g is K-Lipschitz if and only if g = K f for a 1-Lipschitz f; if f is computed by a "
        "network, K f is computed by the network whose last weight and bias are multiplied by K; and |f - g/K| <= e "
        "gives |K f - g| <= K e.",
        reading="K > 0; 1-Lipschitz: distances do not grow; learning a function: approximating it",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all K > 0, all metric spaces X, maps to R^m with any norm",
        covers_all=True,
        hypotheses={"positive": "K > 0"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="the constant of f")},
        textbook=(Textbook("||K v|| = K ||v|| for K >= 0", "definition of a norm"),),
        argument="proof.md#scaling-the-output",
        notes="An approximation error e becomes K e: to learn g to e, f must be learnt to e / K.",
    ),
    Claim(
        id=f"{ROW}.zero",
        source=ICML,
        printed=PRINTED,
        statement="For every K >= 0, every K-Lipschitz function is K times a 1-Lipschitz one.",
        short="0 times a function is 0, but every constant is 0-Lipschitz; right for K > 0",
        reading="K = 0 included, as section 2.1 allows (K ∈ R)",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=zero,
        scope="two points",
        covers_all=True,
        argument="proof.md#constant-zero",
        counterexamples={"two points": CONSTANT},
        minimality="K = 0 is the only failing constant, and the constant one the smallest whole number that is not 0 f",
        near_misses=(
            NearMiss("two points", {"K": "1", "values": ["0", "1"]}, "K is positive"),
            NearMiss("two points", {"K": "0", "values": ["0", "1"]}, "the function is not 0-Lipschitz"),
        ),
        repairs={"K > 0": Variant(repaired=True)},
        repaired_by=ROW,
        snippet="def g(x): return 1  # constant, so |g(x) - g(y)| <= 0 |x - y|\n"
        "scaled = [0 * f for f in (-2, -1, 0, 1, 2)]\n"
        "print('0 f takes the values', set(scaled))\nassert g(0) not in scaled and abs(g(0) - g(1)) <= 0",
    ),
)
