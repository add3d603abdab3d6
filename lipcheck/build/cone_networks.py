"""How near a network comes to the cone |x| on the unit sphere: explicit networks, and exact means over the sphere.

Let u be uniform on the unit sphere of R^n and G a standard normal vector. The dual objective of Anil et al. 2019, Table
1, is V(f) = E f(u) - f(0), up to its sign. For a positively homogeneous f it is E f(G) / E |G|, since G / |G| is
uniform and independent of |G|, and E |G| = sqrt 2 Gamma((n+1)/2) / Gamma(n/2) < sqrt n.

- `cross_polytope`: one hidden layer, |x|_1 / sqrt n = max over signs s of (s / sqrt n) . x, with V = sqrt n E |u_1|.
- `turned_cross_polytope`: the same function, turned, by two MaxMin layers of n units with orthogonal weights. A MaxMin
  layer of n units folds n / 2 directions and keeps the other n / 2; the second layer folds those.
- `sorted_cone`: one FullSort layer of 2n units, v . sort |x|.

With X_(1) <= ... <= X_(n) the order statistics of |G_1|, ..., |G_n| and w_r(k) the discrete Legendre polynomial of
degree r in the rank k, E sum_k w_r(k) X_(k) = n lambda_{r+1}, where lambda_{r+1} is the L-moment E |g| P_r(F(|g|)), P_r
the shifted Legendre polynomial and F the distribution function of |g| (Hosking 1990). The w_r are orthogonal, so that
the best v of degree at most R in the rank has

    (E v . sort |G|)^2 = n sum_{r <= R} (2r + 1) lambda_{r+1}^2 prod_{j <= r} (n - j) / (n + j).

All balls are Arb balls at flint's current precision.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from math import comb, isqrt, prod
from typing import Any, TypeAlias

from lipcheck.network import Abs, Affine, FullSort, Layer, MaxMin, Maxout, Network, ReLU
from lipcheck.readings.ball import enclosure_rational
from lipcheck.words.errors import LipcheckError

Ball: TypeAlias = Any
HALF = Fraction(1, 2)
FAR = 16
"""Where the integrals over normal densities are cut off; what lies beyond is bounded and added."""


class ConeError(LipcheckError, ValueError):
    """A dimension or a degree for which there is no such network."""


def enclosure(bits: int, value: Callable[[], Ball]) -> tuple[Fraction, Fraction]:
    """Rational bounds below and above the value, computed with this many bits."""
    import flint

    with flint.ctx.workprec(bits):
        return enclosure_rational(value())


def ball(number: Fraction | int) -> Ball:
    """The smallest ball around a rational number."""
    import flint

    return flint.arb(flint.fmpq(Fraction(number).numerator, Fraction(number).denominator))


def mean_norm(n: int) -> Ball:
    """E |G| in R^n: sqrt 2 Gamma((n+1)/2) / Gamma(n/2)."""
    if n < 1:
        raise ConeError(f"there is no sphere in R^{n}: give a dimension of at least 1")
    return ball(2).sqrt() * ball(Fraction(n + 1, 2)).gamma() / ball(Fraction(n, 2)).gamma()


def mean_coordinate(n: int) -> Ball:
    """E |u_1| on the sphere of R^n: E |g| / E |G|."""
    import flint

    return (2 / flint.arb.pi()).sqrt() / mean_norm(n)


def one_layer_limit(n: int) -> Ball:
    """sqrt n E |u_1|, the value of |x|_1 / sqrt n: what one hidden layer of Abs or MaxMin reaches at most."""
    return ball(n).sqrt() * mean_coordinate(n)


def depth_limit(layers: int) -> Ball:
    """sqrt(1 - (1 - 2/pi)^h), which h hidden layers of MaxMin exceed or approach in every dimension."""
    import flint

    return (1 - (1 - 2 / flint.arb.pi()) ** layers).sqrt()


def l_moment(r: int) -> Ball:
    """lambda_{r+1} of |g|, g standard normal: the integral of x P_r(F(x)) over its density, F(x) = erf(x / sqrt 2)."""
    import flint

    if r < 0:
        raise ConeError(f"there is no L-moment of order {r + 1}: orders start at 1")
    return _l_moment(r, flint.ctx.prec)


@cache
def _l_moment(r: int, bits: int) -> Ball:
    import flint

    legendre = [(-1) ** (r - j) * comb(r, j) * comb(r + j, j) for j in range(r + 1)]

    def integrand(x: Any, analytic: bool) -> Any:
        below, value = (x / root).erf(), flint.acb(0)
        for coefficient in reversed(legendre):
            value = value * below + coefficient
        return x * value * (-x * x / 2).exp()

    with flint.ctx.workprec(bits):
        root = flint.acb(2).sqrt()
        beyond = (ball(-FAR * FAR) / 2).exp()  # |P_r| <= 1 on [0, 1], and x exp(-x^2/2) integrates to this
        inner = flint.acb.integral(integrand, flint.acb(0), flint.acb(FAR)).real
        return (2 / flint.arb.pi()).sqrt() * (inner + beyond * flint.arb(0, 1))


def sorted_energy(n: int, degree: int) -> Ball:
    """(E v . sort |G|)^2 / n for the best unit v that is a polynomial of at most this degree in the rank."""
    if not 0 <= degree < n:
        raise ConeError(f"{n} ranks carry polynomials of degree 0 to {n - 1}, not {degree}")
    shrink = [prod((Fraction(n - j, n + j) for j in range(1, r + 1)), start=Fraction(1)) for r in range(degree + 1)]
    return sum((ball((2 * r + 1) * shrink[r]) * l_moment(r) ** 2 for r in range(degree + 1)), ball(0))


def sorted_limit(n: int, degree: int) -> Ball:
    """The value of one FullSort layer of 2n units whose last row is the best one of this degree in the rank."""
    return (n * sorted_energy(n, degree)).sqrt() / mean_norm(n)


def legendre_ranks(n: int, r: int) -> list[Fraction]:
    """w_r(1), ..., w_r(n): sum_j (-1)^(r-j) C(r, j) C(r+j, j) C(k-1, j) / C(n-1, j)."""
    factors = [Fraction((-1) ** (r - j) * comb(r, j) * comb(r + j, j), comb(n - 1, j)) for j in range(r + 1)]
    return [sum((f * comb(k, j) for j, f in enumerate(factors)), Fraction(0)) for k in range(n)]


def cross_polytope(n: int, activation: str = "Abs") -> Network:
    """|x|_1 / sqrt n by a layer of Abs or MaxMin, less by sqrt 2 by Maxout of pairs, sum max(x_i, 0) / sqrt n by ReLU.

    So that the weights are rational, n is a square, for Maxout twice a square. All weights have orthonormal columns or
    rows. MaxMin and Maxout get x_i/2 and -x_i/2, twice.
    """
    square = 2 * n if activation == "Maxout" else n
    if n < 1 or isqrt(square) ** 2 != square:
        raise ConeError(f"sqrt {square} is not rational: give a square, or twice a square for Maxout")
    entry = Fraction(1, isqrt(square))
    pairs = [[HALF * s * c for c in line] for line in _identity(n) for s in (1, -1, 1, -1)]
    layers: tuple[Layer, ...]
    match activation:
        case "Abs":
            layers = (Affine.linear(_identity(n)), Abs(), Affine.linear([[entry] * n]))
        case "ReLU":
            layers = (Affine.linear(_identity(n)), ReLU(), Affine.linear([[entry] * n]))
        case "MaxMin":
            layers = (Affine.linear(pairs), MaxMin(), Affine.linear([[entry / 2, -entry / 2] * (2 * n)]))
        case "Maxout":
            layers = (Affine.linear(pairs), Maxout(2), Affine.linear([[entry] * (2 * n)]))
        case _:
            raise ConeError(f"there is no such network with {activation!r}: give Abs, MaxMin, Maxout or ReLU")
    return Network(n, layers)


def turned_cross_polytope(n: int) -> Network:
    """(sum over pairs of |x - y| + |x + y|) / sqrt(2n), by two MaxMin layers of n units; n is twice a square, n >= 8.

    All weights have orthonormal rows. A layer takes the greater number of a pair first.
    """
    if n < 8 or n % 4 or isqrt(n // 2) ** 2 * 2 != n:
        raise ConeError(f"the weights for n = {n} are not rational: give twice an even square, such as 8, 32, 128, 512")
    block = [[HALF * sign for sign in row] for row in ((1, 1, 1, -1), (-1, -1, 1, -1), (1, -1, 1, 1), (1, -1, -1, -1))]
    second = [[Fraction(0)] * n for _ in range(n)]
    for start in range(0, n, 4):
        for i, row in enumerate(block):
            second[start + i][start : start + 4] = row
    last = [Fraction(1 - i % 2, isqrt(n // 2)) for i in range(n)]
    layers = (Affine.linear(_identity(n)), MaxMin(), Affine.linear(second), MaxMin(), Affine.linear([last]))
    return Network(n, layers)


def sorted_cone(row: list[Fraction]) -> Network:
    """v . sort |x| with v = `row`, by one FullSort layer of 4n units; |v| should be at most 1.

    sort(x/2, x/2, -x/2, -x/2) is -|x|/2 in falling order and |x|/2 in rising order, each number twice.
    """
    n = len(row)
    first = [[c * s for s in line] for c in (HALF, HALF, -HALF, -HALF) for line in _identity(n)]
    up = [HALF * v for v in row for _ in range(2)]
    last = [*(-v for v in reversed(up)), *up]
    return Network(n, (Affine.linear(first), FullSort("ascending"), Affine.linear([last])))


def _identity(n: int) -> list[list[Fraction]]:
    return [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]
