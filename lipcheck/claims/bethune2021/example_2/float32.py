"""Figure 2a: "On 32 bits floating point architecture the norm of the gradient quickly vanish".

The least positive binary32 number is 2^-149, and reals below 2^-150 round to 0. Along Newton's iterates from 0 the
gradient's norm sigma(-w_k) is below that from step 103 on; along gradient descent it takes about 2^150 steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021._bce import EXP, INDUCTION, PAPER, Ball, Exactly, positive
from lipcheck.claims.bethune2021.example_2.infimum import ROW
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "On 32 bits floating point architecture the norm of the gradient quickly vanish"
ROUNDED_TO_ZERO = Fraction(1, 2**150)
MILLION = 10**6
DESCENT = "the norm rounds to zero"


def gradient_norm(steps: int, exactly: Exactly) -> Ball:
    """sigma(-w) after this many steps w -> w + 1 + e^-w from w = 0, which is the norm of the gradient at (w, 0)."""
    w = exactly(0)
    for _ in range(steps):
        w = w + 1 + (-w).exp()
    return 1 / (1 + w.exp())


def newton(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Below 2^-150 after this many steps, and smaller with every further step: p = 1/(1 + u), u = e^-w, q the next."""
    steps = int(variant.value("steps", 103))
    u, v, p, q = map(var, ("u", "v", "p", "q"))
    falls = {"sigmoids": conj(equals(p * (1 + u), 1), equals(q * (1 + v), 1)), "longer": conj(v < u, v > 0, p > 0)}
    text = f"the norm of the gradient is below 2^-150 after {steps} Newton steps from W = b = 0"
    return [
        positive(f"{steps} steps", text,
                 lambda exactly: exactly(ROUNDED_TO_ZERO) - gradient_norm(steps, exactly)),
        positive("not 102 steps", "the norm of the gradient is above 2^-150 after 102 Newton steps from W = b = 0",
                 lambda exactly: gradient_norm(102, exactly) - exactly(ROUNDED_TO_ZERO)),
        Forall("it falls with every step", falls, 1 - q < 1 - p),
    ]  # fmt: skip


def descent(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """After t steps with eta = 1 from W = b = 0, E = e^w lies in [1 + t/2, 1 + t] and the norm is g = 1/(1 + E)."""
    t, E, g = var("t"), var("E"), var("g")
    steps = 2 * (1 << 150) if variant.repaired else MILLION
    given: dict[str, Formula] = {
        "steps": equals(t, steps),
        "growth": conj(2 + t <= 2 * E, 1 + t >= E),
        "gradient": equals(g * (1 + E), 1),
    }
    return [Forall(DESCENT, given, g < ROUNDED_TO_ZERO)]


CLAIMS = (
    Claim(
        id=f"{ROW}.float32",
        source=f"{PAPER}, Figure 2a",
        printed=PRINTED,
        reading="along Newton's iterates",
        statement="On the two points of Figure 2a, from W = b = 0, the norm of the gradient of the mean loss is below "
        "2^-150, so that it rounds to 0 in binary32, exactly from Newton step 103 on.",
        expected=Verdict.PROVED,
        obligations=newton,
        scope="the start W = b = 0; the exact norm, rounded once",
        covers_all=True,
        constants={"steps": Constant(Fraction(103), mutated=Fraction(102), words="Newton steps")},
        textbook=(EXP, INDUCTION),
        depends_on=(f"{ROW}.newton",),
        argument="proof.md#thirty-two-bits",
        notes="From margins of at least -m, m >= 0, it takes at most 104 + m steps, since margins grow by more than 1 "
        "per step. Computed as 1 - sigma(w) with sigma rounded to binary32, it is 0 from step 17 on.",
    ),
    Claim(
        id=f"{ROW}.float32_descent",
        variant_of=f"{ROW}.float32",
        short="along gradient descent it is about 10^-6 after a million steps; to vanish takes about 2^150 steps",
        source=f"{PAPER}, Figure 2a",
        printed=PRINTED,
        reading="along gradient descent as well; quickly: within a million steps, generously",
        statement="After a million steps of gradient descent with step size 1 from W = b = 0 the norm of the gradient "
        "is below 2^-150.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=descent,
        scope="step size 1, the start W = b = 0",
        covers_all=True,
        repairs={"2^151 steps": Variant(repaired=True)},
        counterexamples={DESCENT: {"t": "1000000", "E": "1000001", "g": "1/1000002"}},
        near_misses=(
            NearMiss(DESCENT, {"t": "1000000", "E": "1000002", "g": "1/1000003"}, "e^w grows by at most 1 per step"),
            NearMiss(DESCENT, {"t": "2000000", "E": "2000001", "g": "1/2000002"}, "another number of steps"),
        ),
        minimality="at any step t the norm is at least 1/(2 + t), so that t >= 2^150 - 2 is needed",
        snippet=(
            "from math import exp\n"
            "w = 0.0\n"
            "for step in range(20000):\n"
            "    w += 1 / (1 + exp(w))\n"
            "print(1 / (1 + exp(w)))\n"
            "assert 1 / (1 + exp(w)) > 1 / 20003"
        ),
        repaired_by=f"{ROW}.float32",
        depends_on=(f"{ROW}.gradient_descent",),
        argument="proof.md#thirty-two-bits",
        notes="In binary32 w itself stops where eta times the gradient is below half a unit in the last place of w: "
        "the curve flattens for good while the gradient is still about 5e-7, at w = 14.6.",
    ),
)
