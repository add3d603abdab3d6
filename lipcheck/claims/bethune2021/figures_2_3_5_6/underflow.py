"""Caption of Figure 2a: inputs and labels -1 and +1, f(x) = W x. "Newton method diverges while the curve of SGD
flatten. On 32 bits floating point architecture the norm of the gradient quickly vanish".

The loss is log(1 + exp(-W)) with derivative -g(W), g(W) = 1/(1 + exp(W)). A number of size at most 2^-150 is rounded to
0 in binary32 (half of the least subnormal number 2^-149).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.figures_2_3_5_6._words import PAPER, ROW
from lipcheck.readings.ball import BallAlgebra, enclosure_rational
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Positive, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "Synthetic task with inputs {−1, +1} and labels {−1, +1} for X ⊂ R. Same setting as Example 2. Newton "
    "method diverges "
    "while the curve of SGD flatten. On 32 bits floating point architecture the norm of the gradient quickly vanish"
)
TINY = Fraction(1, 2**150)
EULER = Fraction(2718, 1000), Fraction(2719, 1000)
STALLED: Any = {"W": 15}


class WeightError(LipcheckError, ValueError):
    """Data that spell no weight."""


def gradient(W: Fraction, sign: int, name: str, text: str) -> Positive:
    """sign (g(W) - 2^-150) > 0."""

    def enclose(bits: int) -> tuple[Fraction, Fraction]:
        import flint

        algebra = BallAlgebra()
        with flint.ctx.workprec(bits):
            ball = algebra.apply("sigmoid", algebra.constant(-W)) - algebra.constant(TINY)
            return enclosure_rational(sign * ball)

    return Positive(name, text, enclose)


def newton(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Newton's step is g / (s (1 - s)), s = sigma(W), g = 1 - s; g falls in W and is rounded to 0 from 104 on."""
    s, g, step, W, t, x, y, g_x, g_y = map(var, ("s", "g", "step", "W", "t", "x", "y", "g_x", "g_y"))
    product = var("product")
    divided: dict[str, Formula] = {"g": g > 0, "newton": equals(product * g, g)}
    inside: dict[str, Formula] = {"s": conj(s > 0, s < 1)}
    if variant.keeps("newton"):
        inside["newton"] = equals(step * s, 1)
    # x = exp(W), y = exp(W') for W < W'
    falls: dict[str, Formula] = {
        "weights": conj(x > 0, y > x),
        "gradients": conj(g_x > 0, g_y > 0, equals(g_x * (1 + x), 1), equals(g_y * (1 + y), 1)),
    }
    zero = variant.value("zero", 104)
    return [
        Forall("step s = 1", divided, equals(product, 1)),
        Forall("Newton's step exceeds 1", inside, step > 1),
        Forall("after t + 1 steps", {"so far": t <= W, "step": step > 1}, W + step >= t + 1),
        Forall("the gradient falls", falls, g_y < g_x),
        gradient(Fraction(103), 1, "not yet 0", "the gradient at W = 103 is above 2^-150"),
        gradient(zero, -1, "rounded to 0", f"the gradient at W = {zero} is below 2^-150"),
    ]


def spacing(W: int) -> Fraction:
    """The distance of binary32 numbers from W >= 1 upwards."""
    return Fraction(2) ** (W.bit_length() - 1 - 23)


def bounds(W: int) -> tuple[Fraction, Fraction]:
    """g(W) = 1/(1 + e^W) from 2.718 < e < 2.719."""
    low, high = EULER
    return 1 / (1 + high**W), 1 / (1 + low**W)


def descent(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """W + g(W) is rounded to W only where g(W) itself is rounded to 0; repaired, for W >= 104."""

    def examine(data: Data) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"W"} or type(data["W"]) is not int or data["W"] not in RANGE:
            raise WeightError("give a whole number W from 1 to 200")
        W = data["W"]
        least, most = bounds(W)
        hypotheses = {"absorbed": most < spacing(W) / 2}
        if variant.repaired:
            hypotheses["far"] = W >= 104
        return Examination(hypotheses, not least > TINY)

    where = "for W >= 104" if variant.repaired else "for every W"
    text = f"if W + g(W) is rounded to W, g(W) is rounded to 0, {where}"
    moving: Callable[[int], bool] = lambda W: bounds(W)[0] > spacing(W) / 2  # noqa: E731
    return [
        Universal("a stalled descent", text, examine, lambda: [STALLED, {"W": 104}], parameters=where),
        Exhaustive("minimal: W <= 14", "g(W) still moves W", lambda: range(1, 15), moving, 14),
    ]


RANGE = range(1, 201)

CLAIMS = (
    Claim(
        id=f"{ROW}.figure_2a",
        source=f"{PAPER}, caption of Figure 2a",
        printed=PRINTED,
        reading="the gradient as a binary32 number, along Newton's method",
        statement="For f(x) = W x on the points 1, -1 with labels 1, -1, Newton's method from W = 0 raises W by "
        "more than 1 "
        "in every step, so that it diverges; the gradient g(W) = 1/(1 + exp(W)) falls in W, is rounded to 0 in "
        "binary32 "
        "for W >= 104 and not for W <= 103. After 104 steps it has vanished.",
        expected=Verdict.PROVED,
        empirical=True,
        obligations=newton,
        scope="exact iterates, the gradient rounded to nearest with subnormal numbers",
        covers_all=True,
        hypotheses={"newton": "the step is the gradient divided by the second derivative s (1 - s)"},
        constants={"zero": Constant(Fraction(104), Fraction(103), words="from which the gradient is rounded to 0")},
        textbook=(
            Textbook("exp is increasing; the derivative of s is s (1 - s)", "Rudin, Principles, theorem 8.6"),
            Textbook("induction over the steps", "Peano's fifth axiom"),
        ),
        argument="proof.md#underflow",
        notes="The exact threshold is log(2^150 - 1), near 103.97. Code that computes exp(W) in binary32 "
        "overflows from 88.8 "
        "on and gives 0 earlier.",
    ),
    Claim(
        id=f"{ROW}.figure_2a_descent",
        source=f"{PAPER}, caption of Figure 2a",
        printed=PRINTED,
        reading="gradient descent with rate 1 flattens because the gradient vanishes in binary32",
        variant_of=f"{ROW}.figure_2a",
        statement="If W + g(W) is rounded to W in binary32, W >= 1, then g(W) is rounded to 0.",
        short="at rate 1 descent stalls near W = 14.6 with gradient near 2^-21, absorbed by rounding; it is 0 "
        "from 104 on",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        empirical=True,
        obligations=descent,
        scope="whole numbers W from 1 to 200",
        covers_all=True,
        repairs={"W >= 104": Variant(repaired=True)},
        counterexamples={"a stalled descent": STALLED},
        near_misses=(
            NearMiss("a stalled descent", {"W": 14}, "the step still moves W"),
            NearMiss("a stalled descent", {"W": 104}, "the gradient is rounded to 0"),
        ),
        minimality="15 is the least whole number at which the step is absorbed",
        snippet="""\
from struct import pack, unpack
from math import exp
single = lambda x: unpack("f", pack("f", x))[0]      # round to binary32
W, g = 15.0, single(1 / (1 + exp(15)))
print("gradient", g, " W + gradient rounds to", single(W + g))
assert single(W + g) == W and g > 0
""",
        repaired_by=f"{ROW}.figure_2a",
        argument="proof.md#underflow",
        notes="Computed as 1 - sigma(W) in binary32 the gradient is 0 from 25 log 2, near 17.33, on: that too lies "
        "beyond the stall. 'The norm of the gradient quickly vanish' is loose: as a function of W it falls "
        "exponentially, along descent "
        "like 1/t (W_t is near log t), and in binary32 it does not reach 0 at all at this rate.",
    ),
)
