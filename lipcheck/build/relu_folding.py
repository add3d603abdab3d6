"""Absolute values by ReLU under the 2-norm: the best slope for every depth, by exact rational weights.

Let f : [-r, r] -> R have h hidden ReLU layers and spectral norms at most one. The largest slope s for which s |x| is
such a network is k_h, where N = (h + 3) / 2 rounded up, M = (h + 3) / 2 rounded down and

    k_h^2 = (1 - 1/N) (1 - 1/M):  1/4, 1/3, 4/9, 1/2, 9/16, 3/5, 16/25, ...,  so that 1 - k_h is about 2/h.

So |x| is approximated as closely as one likes, by depth. No activation that acts on each unit by itself, increasing
and 1-Lipschitz, does better (proofs/anil2019/relu_cannot_approximate/proof.md, Depth). Under ||W||_inf <= 1 depth does
not help: 1/2 is the largest slope.

**Construction.** Write the hidden vector for x > 0 and for x < 0 as |x| (e + o) and |x| (e - o): an even and an odd
part, orthogonal to each other. At first all is odd; in the end all shall be even, and the last row reads it. A layer
has pairs of units (R, L), with R = even + odd and L = even - odd. If odd > even > 0, ReLU keeps R for x > 0 and L for
x < 0, and leaves (R / 2, R / 2) of both parts. It has further units that it does not change: odd ones, with a bias that
keeps them positive on [-r, r], or even and positive ones. A weight takes the two directions e and o to two others of
the same lengths, e' e^T / |e|^2 + o' o^T / |o|^2, so that all its singular values are 1 or 0.

With n + m = h, n = N - 1:
- layers i = 1, ..., n show all of the even part, odd : even = i + 1 : i - 1, and keep the rest of the odd part;
- layers j = m, ..., 1 show all of the odd part, odd : even = j + 2 : j, and keep the rest of the even part.
After the first n both parts have the square n / (2 (n + 1)); each layer j adds to that of the even part in proportion
to (j + 1)^2 - j^2. All entries are rational, since the squares of lengths are, and each is a sum of four squares.

With n = 1 and m = h - 1 no odd part has to pass, and no hidden layer has a bias: the squared slope is h / (2 (h + 1)),
the largest one for networks without biases, below 1/2 at every depth (proof.md, Without biases).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, pairwise

from lipcheck.build.dense import beside
from lipcheck.build.squares import four_squares
from lipcheck.exact import Vector, dot, exact, shown
from lipcheck.layers import Select
from lipcheck.network import Abs, Affine, Layer, Network, ReLU
from lipcheck.words.errors import LipcheckError

ZERO, ONE = Fraction(0), Fraction(1)
MOST_LAYERS = 4096


class ReluFoldingError(LipcheckError, ValueError):
    """A slope, a radius or a depth for which there is no such network."""


def best_slope_square(layers: int, biases: bool = True) -> Fraction:
    """k_h^2 for h hidden layers; 0 without one. Raises ReluFoldingError for no whole number from 0 to 4096.

    Without biases in the hidden layers it is h / (2 (h + 1)).
    """
    if not isinstance(layers, int) or isinstance(layers, bool) or not 0 <= layers <= MOST_LAYERS:
        raise ReluFoldingError(f"The depth is {shown(layers)}: give a whole number from 0 to {MOST_LAYERS}.")
    if not biases:
        return Fraction(layers, 2 * layers + 2)
    big, small = (layers + 4) // 2, (layers + 3) // 2
    return (1 - Fraction(1, big)) * (1 - Fraction(1, small)) if layers else ZERO


def layers_for(slope: object, biases: bool = True) -> int:
    """The least number of hidden layers with k_h >= slope; ReluFoldingError unless 0 <= slope < 1, or beyond 4096.

    Without biases the square of the slope must be below 1/2.
    """
    s = exact(slope, "slope")
    if not 0 <= s < 1 or s**2 > best_slope_square(MOST_LAYERS, biases):
        below = "slope < 1, up to 4096 layers; slope 1 has no depth" if biases else "slope^2 < 1/2 without biases"
        raise ReluFoldingError(f"The slope is {shown(s)}: give 0 <= {below}.")
    return next(h for h in count() if best_slope_square(h, biases) >= s**2)


def relu_absolute_value(
    slope: object, radius: object = 1, *, layers: int | None = None, biases: bool = True
) -> Network:
    """x -> slope |x| + radius (1 - slope) / 2 on [-radius, radius], spectral norms at most one; ReLU throughout.

    Its distance from |x| there is radius (1 - slope) / 2 exactly, the least that a network with this slope can have.
    `layers` defaults to the fewest, `layers_for(slope)`; at most 12 units each. With `biases=False` only the
    last layer has one. Raises ReluFoldingError unless 0 <= slope <= k_h, and for a negative radius.
    """
    s, r = exact(slope, "slope"), exact(radius, "radius")
    h = layers_for(s, biases) if layers is None else layers
    most = best_slope_square(h, biases)
    if not s >= 0 or s**2 > most:
        raise ReluFoldingError(f"The slope is {s}: with {h} hidden layers give 0 <= slope, its square at most {most}.")
    if r < 0:
        raise ReluFoldingError(f"The radius is {r}: give a number that is not negative.")
    offset = r * (1 - s) / 2
    if h == 0:
        return Network(1, (Affine([[ZERO]], [offset]),))
    steps = list(_steps((h + 1) // 2, h // 2) if biases else _steps(1, h - 1))
    bias = [r * b for b in steps[0].lift]
    layers_: list[Layer] = [Affine([[o] for o in steps[0].odd], bias), ReLU()]
    for before, after in pairwise(steps):
        weight = _turn(before, after)
        bias = [r * (b - dot(row, before.lift)) for row, b in zip(weight, after.lift, strict=True)]
        layers_ += [Affine(weight, bias), ReLU()]
    even = steps[-1].even_after
    row = [s / dot(even, even) * e for e in even]
    return Network(1, (*layers_, Affine([row], [offset - r * dot(row, steps[-1].lift)])))


def abs_by_relu(width: int, slope: object, radius: object) -> Network:
    """`relu_absolute_value` on each of `width` numbers: x_i -> slope |x_i| + radius (1 - slope) / 2, |x_i| <= radius.

    The weights are block diagonal, so their norms stay at most one. In the 2-norm it is within
    sqrt(width) radius (1 - slope) / 2 of the absolute values. Raises ReluFoldingError as `relu_absolute_value` does.
    """
    if not isinstance(width, int) or isinstance(width, bool) or width < 1:
        raise ReluFoldingError(f"The width is {shown(width)}: give a whole number of at least 1.")
    single = relu_absolute_value(slope, radius)
    blocks = (beside([a] * width) if isinstance(a, Affine | Select) else a for a in single.layers)
    return Network(width, tuple(blocks))


def with_relu(network: Network, slope: object, radius: object) -> Network:
    """The network with `abs_by_relu` in place of each Abs layer; norms at most one stay so, its outputs move little.

    As long as all numbers that enter the replaced layers are at most `radius` in size, the outputs move in the 2-norm
    by at most radius (1 - slope) / 2 times the sum of sqrt(width) over the Abs layers, for weights of norm at most one.
    """
    widths = (network.inputs, *network.widths)
    layers: list[Layer] = []
    for layer, width in zip(network.layers, widths, strict=False):
        layers += abs_by_relu(width, slope, radius).layers if isinstance(layer, Abs) else (layer,)
    return Network(network.inputs, tuple(layers))


@dataclass(frozen=True)
class _Step:
    """One layer: the even and the odd part before ReLU and after it, and the biases for radius one, which pass it."""

    even: Vector
    odd: Vector
    even_after: Vector
    odd_after: Vector
    lift: Vector


def _steps(n: int, m: int) -> Iterator[_Step]:
    base = _root(Fraction(1, 4 * n * (n + 1)))
    for i in range(1, n + 1):
        yield _step(base, i + 1, i - 1, odd=_root(1 - Fraction(i * (i + 1), n * (n + 1))))
    square = Fraction(n, 2 * (n + 1) * (m + 2) ** 2)
    base = _root(square / 2)
    for j in range(m, 0, -1):
        kept = square * ((m + 2) ** 2 + (m + 1) ** 2 - (j + 1) ** 2 - j**2)
        yield _step(base, j + 2, j, even=_root(kept))


def _step(base: Vector, odd_part: int, even_part: int, odd: Vector = (), even: Vector = ()) -> _Step:
    """Pairs with these multiples of the base vector, and units that keep the rest."""
    w, t = (tuple(k * b for b in base) for k in (odd_part, even_part))
    half = tuple(Fraction(odd_part + even_part, 2) * b for b in base)
    less, none_odd, none_even = (tuple(-b for b in w), (ZERO,) * len(odd), (ZERO,) * len(even))
    return _Step(
        even=(*t, *t, *none_odd, *even),
        odd=(*w, *less, *odd, *none_even),
        even_after=(*half, *half, *none_odd, *even),
        odd_after=(*half, *(-b for b in half), *odd, *none_even),
        lift=((ZERO,) * (2 * len(base)) + odd + none_even),
    )


def _turn(before: _Step, after: _Step) -> list[Vector]:
    """Takes the two directions behind one layer to those in front of the next one, and all others to 0."""
    e, o = (tuple(x / dot(v, v) for x in v) for v in (before.even_after, before.odd_after))
    return [
        tuple(new_e * x + new_o * y for x, y in zip(e, o, strict=True))
        for new_e, new_o in zip(after.even, after.odd, strict=True)
    ]


def _root(square: Fraction) -> Vector:
    """A rational vector without zeros of this squared length: up to four entries."""
    return tuple(entry for entry in four_squares(square) if entry)
