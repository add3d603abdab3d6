from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest

from lipcheck.build.surds import SQRT3, Surd, SurdError, surd

F = Fraction


def numbers(seed: int, count: int) -> list[Surd]:
    random = Random(seed)

    def part() -> Fraction:
        return F(random.randint(-40, 40), random.randint(1, 12))

    return [Surd(part(), part()) for _ in range(count)]


def ball_sign(x: Surd) -> int:
    """The sign by intervals, independent of `Surd.sign`: sqrt(3) between two decimals of 60 digits."""
    root = math.isqrt(3 * 10**120)
    low, high = sorted((x.rational + x.irrational * F(root, 10**60), x.rational + x.irrational * F(root + 1, 10**60)))
    assert low > 0 or high < 0 or low == high == 0
    return (low > 0) - (high < 0)


def test_the_square_of_the_root_is_three() -> None:
    assert SQRT3 * SQRT3 == 3 and 3 / SQRT3 == SQRT3 and SQRT3 > 0
    assert (1 + SQRT3) * (1 - SQRT3) == -2
    assert 1 / (2 + SQRT3) == 2 - SQRT3


def test_field_laws_at_random_numbers() -> None:
    xs = numbers(1, 60)
    for x, y, z in zip(xs, xs[1:], xs[2:], strict=False):
        assert x * (y + z) == x * y + x * z and (x * y) * z == x * (y * z)
        assert x - y == x + -y and x - y == -(y - x)
        if y:
            assert x / y * y == x and (x / y) * (y / y) == x / y
        assert (x * y).conjugate == x.conjugate * y.conjugate and (x * y).norm == x.norm * y.norm
        assert F(2, 3) - x == -(x - F(2, 3)) and 5 * x == x + x + x + x + x and 2 / (x + 7) * (x + 7) == 2


def test_order_agrees_with_decimals() -> None:
    xs = numbers(2, 80)
    for x, y in pairwise(xs):
        assert x.sign == ball_sign(x)
        expected = ball_sign(x - y)
        assert ((x > y) - (x < y)) == expected and (x >= y) == (expected >= 0) and (x <= y) == (expected <= 0)
        assert abs(x).sign == abs(x.sign) and abs(x) in (x, -x)
        assert x <= x + 0 and x >= x + 0 and not x < x + 0 and not x > x + 0


@pytest.mark.parametrize("k", range(1, 40))
def test_convergents_of_the_root_are_told_apart(k: int) -> None:
    # (2 + sqrt 3)^k = p + q sqrt 3 has p^2 - 3 q^2 = 1: p/q lies above sqrt 3, 3 q/p below, both ever closer.
    power = Surd(F(1))
    for _ in range(k):
        power *= 2 + SQRT3
    p, q = power.rational, power.irrational
    assert p * p - 3 * q * q == 1
    assert p / q > SQRT3 > 3 * q / p and not p / q <= SQRT3 and not 3 * q / p >= SQRT3
    assert (power.conjugate).sign == 1 and power.conjugate * power == 1


def test_hash_and_equality_across_types() -> None:
    assert Surd(F(1, 2)) == F(1, 2) and hash(Surd(F(1, 2))) == hash(F(1, 2)) and Surd(F(3)) == 3
    assert {Surd(F(3)), 3, F(3)} == {3} and Surd(F(0), F(1)) != 0 and Surd(F(1), F(1)) != 1
    assert hash(Surd(F(1), F(2))) == hash(Surd(F(2, 2), F(4, 2)))
    assert Surd(F(1, 2)) != 0.5


def test_floats_are_nearest() -> None:
    assert float(SQRT3) == math.sqrt(3) and float(Surd(F(1, 3))) == 1 / 3
    for x in [*numbers(3, 100), (2 + SQRT3).conjugate / 10**6, SQRT3 - F(math.sqrt(3))]:
        value = float(x)
        gap = abs(x - F(value))
        assert all(gap <= abs(x - F(math.nextafter(value, end))) for end in (-math.inf, math.inf))


def test_cancellation_does_not_spoil_the_float() -> None:
    tiny = Surd(F(1))
    for _ in range(60):
        tiny *= 2 - SQRT3
    assert float(tiny) == pytest.approx((2 + math.sqrt(3)) ** -60, rel=1e-13)


def test_enclosures_and_balls_contain_the_number() -> None:
    import flint

    for x in numbers(4, 30):
        low, high = x.enclosure(80)
        assert low <= x <= high and high - low == abs(x.irrational) / 2**80
        with flint.ctx.workprec(200):
            ball = x.to_ball()
            assert (ball - x.rational.numerator / flint.arb(x.rational.denominator)
                    - flint.arb(3).sqrt() * x.irrational.numerator / x.irrational.denominator).contains(0)  # fmt: skip
            assert float(ball) == pytest.approx(float(x), rel=1e-14) and float(ball.rad()) < 1e-50


def test_what_is_no_number() -> None:
    for value in (True, float("nan"), float("inf"), None, "sqrt"):
        with pytest.raises(SurdError, match="value is"):
            surd(value)
    assert surd(0.5) == F(1, 2) and surd("2/3") == F(2, 3) and surd(SQRT3) is SQRT3
    with pytest.raises(TypeError):
        SQRT3 + 0.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        _ = SQRT3 < 1.8  # type: ignore[operator]
    with pytest.raises(ZeroDivisionError):
        SQRT3 / Surd(F(0))
    with pytest.raises(SurdError, match="bits is 0"):
        SQRT3.enclosure(0)


def test_it_reads_as_a_formula() -> None:
    assert str(Surd(F(1, 2), F(-3))) == "1/2 - 3 sqrt(3)" and str(Surd(F(2))) == "2" and str(SQRT3) == "0 + 1 sqrt(3)"


def test_the_parts_are_exact() -> None:
    assert type(Surd(2, 3).irrational) is F and Surd(0.5) == F(1, 2)  # type: ignore[arg-type]
    for part in (float("nan"), True, None, "x"):
        with pytest.raises(SurdError, match="irrational is"):
            Surd(F(1), part)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        1.5 / SQRT3  # type: ignore[operator]
    assert 3 / SQRT3 == SQRT3
    with pytest.raises(SurdError, match="up to 1048576"):
        SQRT3.enclosure(10**9)
