"""Section 4.2.1: "A larger choice of p adds more computation but gives a closer approximation for each iteration."

True for every p under the condition of appendix B.3, singular values s in (0, sqrt 2), and false beyond: from s = 3/2,
first and second order converge both, and the first comes closer. With w = s^2 - 1 and I_p(s) the integral of (t^2 -
1)^p from 1 to s, |B_p(s) - 1| = (2p+1) c_p I_p, and the excess of the error of order p over that of order p + 1 is
(2p+1) c_p (2 I_p - s w^(p+1) / (2p+2)). The bound I_p >= s w^(p+1) / ((2p+2)(1 + g w)), g = (2p+3)/(2p+4), decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Any

from lipcheck.claims.anil2019.bjorck import _steps
from lipcheck.claims.anil2019.bjorck._matrices import BjorckError, as_order, scalar_limit
from lipcheck.claims.anil2019.bjorck._steps import ICML, ROW, c1, p, x
from lipcheck.norms.bjorck import image
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Hint, Obligation, Universal
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{ICML}, section 4.2.1; ICLR submission, the same"
PRINTED = "A larger choice of p adds more computation but gives a closer approximation for each iteration."
HIGH = 1000


def read(data: Any) -> tuple[Fraction, int]:
    """A singular value and the smaller of two orders in turn."""
    if not isinstance(data, dict) or set(data) != {"singular_value", "order"}:
        raise BjorckError("the data have exactly the entries singular_value and order")
    return parse(data["singular_value"]), as_order(parse(data["order"]))


def singular_values(variant: Variant) -> Universal:
    """|B_{p+1}(s) - 1| < |B_p(s) - 1| for s > 0, s != 1; under the condition: s^2 < square."""
    square = variant.value("square", 2)

    def examine(data: Any) -> Examination:
        value, order = read(data)
        closer = abs(image(value, order + 1) - 1) < abs(image(value, order) - 1)
        return Examination({"positive": value > 0, "not one": value != 1, "near": value * value < square}, closer)

    top = Fraction(isqrt(int(square * 10**8) - 1), 10**4)
    starts = (Fraction(3, 2), top)
    # Order p fails for s^2 - 1 a little above (2p + 4)/(2p + 3).
    orders = (1, 20, 60, min(HIGH, int(1 / (square - 2)) + 1 if square > 2 else 1))
    candidates = [{"singular_value": spell(s), "order": str(n)} for s in starts for n in orders]
    candidates += [{"singular_value": value, "order": "1"} for value in ("0", "1")]
    text = f"one iteration of order p + 1 comes closer to 1 than one of order p, for s > 0, s != 1, s^2 < {square}"
    return Universal("singular values", text, examine, lambda: candidates, variant.dropped, [str(square)])


def anywhere(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The statement for every s > 0, s != 1, from which both orders tend to 1; repaired: and s^2 < 2."""

    def examine(data: Any) -> Examination:
        value, order = read(data)
        hypotheses = {"positive": value > 0, "not one": value != 1}
        if variant.repaired:
            hypotheses["near"] = value * value < 2
        if all(hypotheses.values()):
            hypotheses["both"] = scalar_limit(value, order) == scalar_limit(value, order + 1) == 1
        return Examination(hypotheses, abs(image(value, order + 1) - 1) < abs(image(value, order) - 1))

    text = "where both orders tend to 1, an iteration of order p + 1 comes closer than one of order p"
    listed = [{"singular_value": "3/2", "order": "1"}]
    return [Universal("singular values", text, examine, lambda: listed, variant.dropped, [variant.repaired])]


def below_one() -> Forall:
    """0 < q <= 1: the sum P grows by c_{p+1} q^(p+1) > 0, and s P stays at most one."""
    P, y, s = var("P"), var("y"), var("s")
    given: dict[str, Formula] = {"term": conj(c1 > 0, y > 0), "P": P > 0, "s": s > 0, "bound": s * (P + c1 * y) <= 1}
    return Forall(
        "singular values below one", given, conj(1 - s * (P + c1 * y) >= 0, s * P < s * (P + c1 * y)), hint=Hint(3)
    )


def recurrence() -> Forall:
    """d/dt [t w^(p+1)] = (2p+3) w^(p+1) + (2p+2) w^p at w = t^2 - 1; x stands for w^p."""
    t, w = var("t"), var("w")
    given = {"w": equals(w, t * t - 1)}
    return Forall(
        "recurrence of the integrals",
        given,
        equals(w * x + t * (p + 1) * x * 2 * t, (2 * p + 3) * w * x + (2 * p + 2) * x),
    )


def lower_bound() -> Forall:
    """The derivative of I_p - s w^(p+1)/((2p+2)(1 + g w)), times (2p+2)(1 + g w)^2 / w^p, is 2 g w^2 / (2p+4).

    With g = top/bottom and both sides times bottom^2.
    """
    w = var("w")
    bottom, top = 2 * p + 4, 2 * p + 3
    shifted = bottom + top * w
    slope = (2 * p + 2) * shifted**2 - (top * w + 2 * p + 2) * shifted * bottom + 2 * top * bottom * (1 + w) * w
    return Forall("bound on the integral", {}, equals(slope, 2 * top * w * w))


def decision() -> Forall:
    """(2p+2) J (1 + g w) >= s y and g w < 1: then 2 (2p+2) J > s y, with J = I_p and y = w^(p+1)."""
    J, y, w, g, s = map(var, ("J", "y", "w", "g", "s"))
    z = var("z")
    given: dict[str, Formula] = {
        "z": equals(z, g * w),
        "small": conj(z < 1, z >= 0),
        "bound": (2 * p + 2) * J * (1 + z) >= s * y,
        "positive": conj(s * y > 0, (2 * p + 2) * J > 0),
    }
    return Forall("errors above one", given, 2 * (2 * p + 2) * J > s * y)


def factor() -> Forall:
    """w <= 1 implies g w < 1 for g = (2p+3)/(2p+4)."""
    w, g = var("w"), var("g")
    given: dict[str, Formula] = {"g": equals((2 * p + 4) * g, 2 * p + 3), "w": conj(w >= 0, w <= 1), "order": p >= 0}
    return Forall("the factor is below one", given, conj(g * w < 1, g > 0))


def difference() -> Forall:
    """c_p (2p+1) J - c_{p+1} (2p+3) K = d (2p+1) (2 (2p+2) J - s y), where (2p+3) K = s y - (2p+2) J by the recurrence.

    d = c_p/(2p+2), so that c_{p+1} = d (2p+1); J = I_p, K = I_{p+1}, y = w^(p+1).
    """
    J, y, s, d = map(var, ("J", "y", "s", "d"))
    left = d * (2 * p + 2) * (2 * p + 1) * J - d * (2 * p + 1) * (s * y - (2 * p + 2) * J)
    return Forall("difference of the errors", {}, equals(left, d * (2 * p + 1) * (2 * (2 * p + 2) * J - s * y)))


def grid() -> Exhaustive:
    """Orders 1 to 12, s = 1/20, 2/20, ... below sqrt 2."""
    values = [spell(Fraction(n, 20)) for n in range(1, 29) if n != 20]

    def holds(data: Any) -> bool:
        errors = [abs(image(parse(data), order) - 1) for order in _steps.ORDERS]
        return all(a > b for a, b in pairwise(errors))

    return Exhaustive("samples: 27 singular values", "the errors of the orders 1 to 12 decrease", lambda: values, holds)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Below one by positive terms, above one by integrals; and the samples."""
    steps = [below_one(), recurrence(), lower_bound(), factor(), difference(), decision()]
    if budget is Budget.SMOKE:
        return [singular_values(variant), lower_bound(), difference(), grid()]
    return [singular_values(variant), *_steps.general(budget, *steps), _steps.orders(), grid()]


SNIPPET = """\
from fractions import Fraction as F
s = F(3, 2)                                  # the matrix [3/2]; first and second order both converge from it
q = 1 - s * s
first, second = s * (1 + q / 2), s * (1 + q / 2 + F(3, 8) * q * q)
print("after one iteration:", first, second, "errors", float(abs(first - 1)), float(abs(second - 1)))
assert abs(second - 1) > abs(first - 1) and first > 0 and 1 < second < s
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.larger_p",
        source=SOURCE,
        printed=PRINTED,
        reading="for matrices that meet the condition for convergence, ||A'A - I||_2 < 1",
        statement=(
            "For all p >= 1 and every singular value s in (0, sqrt 2), s != 1: one iteration of order p + 1 leaves it "
            "strictly nearer to 1 than one of order p."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all orders p >= 1; all singular values inside the condition",
        covers_all=True,
        hypotheses={
            "near": "s^2 < 2, which ||A'A - I||_2 < 1 implies",
            "positive": "s > 0, for the same reason",
            "not one": "s != 1, where all orders are exact",
        },
        constants={"square": Constant(Fraction(2), Fraction(101, 50), words="the bound on s^2")},
        textbook=(Textbook("fundamental theorem of calculus", "Rudin, Principles of Mathematical Analysis, 6.21"),),
        argument="proof.md#larger-orders",
        notes=(
            "Per product of matrices larger orders do not pay: an iteration costs p + 1 products, and both the growth "
            "of small singular values, P_p(1)^(1/(p+1)) = 1.22, 1.23, 1.22, ..., and the order of convergence, "
            "(p+1)^(1/(p+1)) = 1.41, 1.44, 1.41, ..., are best for p = 2."
        ),
    ),
    Claim(
        id=f"{ROW}.larger_p_anywhere",
        short="from s = 3/2 order 1 comes closer than order 2, and both converge; true for s^2 < 2",
        source=SOURCE,
        printed=PRINTED,
        reading="for every matrix from which both orders converge",
        statement=(
            "For all p >= 1 and every s > 0, s != 1, from which the iterations of the orders p and p + 1 both tend to "
            "1: one of order p + 1 comes strictly closer to 1 than one of order p."
        ),
        variant_of=f"{ROW}.larger_p",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=anywhere,
        scope="all orders, all singular values",
        covers_all=True,
        repairs={"s^2 < 2": Variant(repaired=True)},
        counterexamples={"singular values": {"singular_value": "3/2", "order": "1"}},
        near_misses=(
            NearMiss("singular values", {"singular_value": "7/5", "order": "1"}, "inside the condition"),
            NearMiss("singular values", {"singular_value": "1", "order": "1"}, "already orthonormal"),
            NearMiss("singular values", {"singular_value": "0", "order": "1"}, "singular"),
        ),
        minimality=(
            "one row, one column, the orders 1 and 2; 3/2 has the least denominator inside both regions, s^2 < 7/3"
        ),
        snippet=SNIPPET,
        repaired_by=f"{ROW}.larger_p",
        argument="proof.md#larger-orders",
    ),
)
