"""Section 4.2.1: "With p = 1 around 15 iterations is typically sufficient to give a close approximation".

How far 15 iterations go is exact: B_1 increases on [0, 1], so everything in [1/200, 1] ends in [99/100, 1], and what
starts at 1/813 or below ends at 1/2 or below. Whether weights are typically in the first class is a matter of
experiment.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck import _steps
from lipcheck.claims.anil2019.bjorck._steps import ICML, ROW
from lipcheck.norms.bjorck import image, least_after
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.obligation import Exhaustive, Obligation
from lipcheck.words.rationals import parse, spell
from lipcheck.words.verdict import Budget, Verdict

BITS = 80


def most_after(value: Fraction, count: int) -> Fraction:
    """An upper bound on the singular value after so many first-order iterations from `value` in [0, 1]."""
    for _ in range(count):
        value = Fraction(-(-image(value).numerator * 2**BITS // image(value).denominator), 2**BITS)
    return value


def reaches(variant: Variant) -> Exhaustive:
    """From 1/200, 15 iterations lead to 99/100 at least."""
    start, count = variant.value("start", Fraction(1, 200)), int(variant.value("iterations", 15))

    def holds(data: Any) -> bool:
        return least_after(parse(data), count) >= Fraction(99, 100)

    text = f"{count} first-order iterations lead from {start} to at least 99/100"
    return Exhaustive("the least start", text, lambda: [spell(start)], holds, [str(start), count])


def falls_short() -> Exhaustive:
    """From 1/813, 15 iterations lead to 1/2 at most."""
    text = "15 first-order iterations lead from 1/813 to at most 1/2"
    return Exhaustive("too small a start", text, lambda: ["1/813"], lambda data: 2 * most_after(parse(data), 15) <= 1)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both ends, and that the map increases."""
    return [reaches(variant), falls_short(), _steps.map_derivative(), _steps.derivative_step()]


CLAIMS = (
    Claim(
        id=f"{ROW}.iterations",
        source=f"{ICML}, section 4.2.1",
        printed=(
            "With p = 1 around 15 iterations is typically sufficient to give a close approximation but this is "
            "computationally prohibitive for wide layers."
        ),
        statement=(
            "For typical weights, scaled to a norm of at most 1, 15 iterations of order 1 leave all singular values "
            "near 1."
        ),
        expected=Verdict.SUPPORTED,
        proved_for=(
            "weights of norm at most 1 whose least singular value is at least 1/200: after 15 iterations all singular "
            "values are in [99/100, 1]. Where it is 1/813 or less it ends at 1/2 or less"
        ),
        obligations=obligations,
        scope="p = 1, singular values in (0, 1]",
        covers_all=False,
        empirical=True,
        constants={"start": Constant(Fraction(1, 200), Fraction(1, 210), words="the least singular value")},
        mutants={"14 iterations": Variant(constants={"iterations": Fraction(14)})},
        textbook=(Textbook("mean value theorem", "Rudin, Principles of Mathematical Analysis, 5.10"),),
        depends_on=(f"{ROW}.guarantee",),
        argument="proof.md#iterations",
        notes=(
            "The weights of the experiments are not published. A square matrix of 1024 independent normal columns has "
            "a ratio of least to largest singular value of the order of 1/2000 (Edelman), below 1/813: as initialized, "
            "and scaled by the largest singular value, it would not get there in 15 iterations; by eq. 10-12 it starts "
            "lower."
        ),
    ),
)
