""" "L_T(m, y) = ln(2) - Tm/2 + o(m^2)": the next term is T^2 m^2 / 8, so the remainder is O(m^2) and no better."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.margin_choice.epsilon import ROW
from lipcheck.claims.bethune2021.margin_choice.zero import SOURCE
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Exhaustive, Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "L_T(m, y) = ln(2) − Tm/2 + o(m²)."
EIGHTH = Fraction(1, 8)


def coefficients(order: int) -> list[Fraction]:
    """Taylor coefficients of ln(1 + exp(-t)) - ln 2 at 0 up to t^order, exactly.

    Its derivative is s - 1 with s = 1/(1 + exp(-t)), s(0) = 1/2, s' = s - s^2.
    """
    s = [Fraction(1, 2)]
    for k in range(order):
        square = sum((s[i] * s[k - i] for i in range(k + 1)), Fraction(0))
        s.append((s[k] - square) / (k + 1))
    slopes = [s[0] - 1, *s[1:]]
    return [Fraction(0), *(slopes[k] / (k + 1) for k in range(order))]


def taylor(second: Fraction, T: Fraction = Fraction(1)) -> Exhaustive:
    """The coefficients of m and of m^2 in L_T(m, 1)."""
    given = {1: -T / 2, 2: second * T**2}

    def holds(order: Data) -> bool:
        return bool(coefficients(2)[order] * T**order == given[order])

    text = f"the coefficient of m is -1/2 and that of m^2 is {second}, for T = 1"
    return Exhaustive("coefficients", text, lambda: [1, 2], holds, [str(second), str(T)])


def above() -> Forall:
    """z = t/2 <= 1/2, w = z^2/2: ln cosh z >= ln(1 + w) >= w - w^2/2 >= (4/9) z^2: the remainder is no o(t^2)."""
    square, w = var("square"), var("w")
    given: dict[str, Formula] = {"z": conj(square >= 0, 4 * square <= 1), "w": conj(2 * w >= square, 2 * w <= square)}
    return Forall("minimal: the remainder is at least m^2/9 for 0 < m <= 1", given, 9 * (w - w**2 / 2) >= 4 * square)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """o(m^2) says that the coefficient of m^2 is 0; repaired, it is 1/8."""
    second = EIGHTH if variant.repaired else variant.value("second", 0)
    return [taylor(second), above()]


def hyperbolic(variant: Variant) -> Sequence[Forall]:
    """s = tanh z, z >= 0: the slopes of z - s and s - z + z^3/3 are s^2 and z^2 - s^2, nonnegative for s <= z."""
    z, s = map(var, ("z", "s"))
    given: dict[str, Formula] = {"s": conj(s >= 0, s <= 1), "below": s <= z}
    return [
        Forall("tanh z <= z", {"z": z >= 0}, 1 - (1 - s**2) >= 0),
        Forall("tanh z >= z - z^3/3", kept(variant, given, ["below"]), (1 - s**2) - 1 + z**2 >= 0),
    ]


def remainder(variant: Variant) -> Forall:
    """r = ln cosh(t/2) between z^2/2 - z^4/12 and z^2/2, z = t/2, gives 0 <= t^2/8 - r <= t^4/192."""
    r, t = map(var, ("r", "t"))
    z = t / 2
    given: dict[str, Formula] = {"bounds": conj(2 * r <= z**2, 12 * r >= 6 * z**2 - z**4)}
    second, fourth = variant.value("second", EIGHTH), variant.value("fourth", Fraction(1, 192))
    return Forall("the remainder", given, conj(second * t**2 - r >= 0, second * t**2 - r <= fourth * t**4))


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The coefficients, and bounds for every m and T."""
    return [taylor(variant.value("second", EIGHTH)), *hyperbolic(variant), remainder(variant)]


SNIPPET = """\
from math import log1p, exp, log
for m in (1e-1, 1e-2, 1e-3):
    remainder = log1p(exp(-m)) - (log(2) - m / 2)      # T = 1, y = +1
    print(m, remainder / m**2)                         # tends to 1/8, not to 0
    assert abs(remainder / m**2 - 1 / 8) < 1e-3
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.expansion",
        short="the m² term is T²m²/8: the remainder is O(m²), not o(m²)",
        source=SOURCE,
        printed=PRINTED,
        reading="for the label y = 1, as m -> 0 with T > 0 fixed; for y = -1 the sign of Tm/2 changes too",
        statement="L_T(m, 1) = ln(1 + exp(-Tm)) = ln 2 - Tm/2 + o(m^2) as m -> 0.",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=printed,
        scope="all T > 0",
        covers_all=True,
        constants={"second": Constant(Fraction(0), sharp=EIGHTH, words="coefficient of T^2 m^2")},
        counterexamples={"coefficients": 2},
        near_misses=(NearMiss("coefficients", 1, "the coefficient of m is right"),),
        minimality="the order 2; the remainder is at least m^2/9 for T = 1 and all 0 < m <= 1",
        snippet=SNIPPET,
        repairs={"T^2 m^2 / 8": Variant(repaired=True)},
        repaired_by=f"{ROW}.expansion_sharp",
        textbook=(Textbook("uniqueness of Taylor coefficients", "Rudin, Principles, theorem 5.15"),),
        argument="proof.md#the-expansion",
        notes="o(m) would be right as well. The expansion is that of a right prediction; for y = -1 and f = m the loss "
        "is ln 2 + Tm/2 + O(m^2).",
    ),
    Claim(
        id=f"{ROW}.expansion_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="corrected: with the next term",
        statement="For all real m and T: L_T(m, 1) = ln 2 - Tm/2 + T^2 m^2/8 - R with 0 <= R <= T^4 m^4 / 192.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all m and T",
        covers_all=True,
        hypotheses={"below": "tanh z <= z"},
        constants={
            "second": Constant(EIGHTH, mutated=Fraction(101, 800), words="coefficient of T^2 m^2"),
            "fourth": Constant(Fraction(1, 192), mutated=Fraction(99, 19200), words="bound on the next coefficient"),
        },
        textbook=(
            Textbook("a function with nonnegative derivative does not decrease", "Rudin, Principles, theorem 5.11"),
        ),
        argument="proof.md#the-expansion",
    ),
)
