"""Activations from each other by exact rational weights of norm one (Anil et al. 2019, ICLR version, appendix A).

A network here takes `width` numbers, acts on each (or on each pair, or group), and says in its docstring where it is
equal to the named activation and in which p-norms all of its weights have norm one. MaxMin puts the maximum first.

Equation 7, |x| from one MaxMin of two units [a x, b x] read by [c, d]: the slopes 1 and -1 force |a - b| |c - d| = 2,
with or without biases, while norms of at most one give |a - b| <= 2^(1 - 1/p) and |c - d| <= 2^(1/p). So both are
equal, and |a| = |b| = 2^(-1/p) for 1 < p < inf: irrational for every rational such p. With 2^r units of weights
2^(-s) and -2^(-s) all is rational for p = r/s. With two MaxMin layers the weights are signed permutations, of norm one
for every p at once.

Equation 6, MaxMin from absolute values, needs what the paper gives it, a bounded domain and p = 2:
- bounded: along a line, every unit of a network of Abs layers, after the first of them, has opposite slopes at the two
  ends (each Abs makes it so and affine maps keep it), while max(x, y) has slope 1 at both ends of x = y.
- p = 2: with ||W||_inf <= 1, Abs gives max(x, y) near a tie at no depth and no width. Its gradient e_1 on one side is
  extreme in the ball of the 1-norm, so each unit that is read has gradient e_1 or -e_1 there and, likewise, e_2 or -e_2
  on the other side; so had one in the layer before it, down to an affine function of (x, y), whose gradient is the
  same on both sides. For every other p < inf but 2 weights of norm one do not give the pair (max, min) near a tie: its
  Jacobian is an isometry, hence so is that of each layer's units, and isometries of the p-norm keep disjoint supports
  disjoint (Lamperti 1958), so that each unit depends on x alone or on y alone, and none turns at x = y. (For p = 1 the
  maximum alone is possible: the weights of `maxmin_by_abs` without its copies, read by [1, 1].)
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.sorting import COPIES, MOST_WEIGHTS, comparator_network, copies_for
from lipcheck.build.squares import four_squares
from lipcheck.exact import exact, shown
from lipcheck.layers import Select
from lipcheck.network import Abs, Affine, GroupSort, Layer, MaxMin, Network, Vector
from lipcheck.norms.arguments import Exponent, as_exponent
from lipcheck.words.errors import LipcheckError

ZERO, HALF, ONE = Fraction(0), Fraction(1, 2), Fraction(1)
MOST_UNITS = 1 << 20
"""The largest width, group size and number of groups; matrices have at most `sorting.MOST_WEIGHTS` entries."""


class ActivationError(LipcheckError, ValueError):
    """A width, a slope, a norm or a radius for which the construction does not exist."""


def abs_by_maxmin(width: int) -> Network:
    """|x_i| by two MaxMin layers, (x, 0) -> (ReLU(x), -ReLU(-x)) -> (ReLU(-x), ReLU(x)) -> (|x|, 0); for all inputs.

    2 width units. The weights are signed permutations with rows or columns left out: norm one in every p-norm.
    """
    return _blocks(width, [[ONE], [ZERO]], [[ZERO, -ONE], [ONE, ZERO]], [[ONE, ZERO]])


def abs_by_one_maxmin(width: int, p: Exponent | int) -> Network:
    """|x_i| by one MaxMin layer (equation 7), for all inputs; the weights have norm one in the given p-norm.

    2^r width units for p = r/s in lowest terms, two for p = inf: rows x -> +-2^(-s) x, read with +-2^(-(r - s)).
    Raises NormError for p < 1, NetworkError for r > 12.
    """
    into, back, units = copies_for(p)
    signs = [ONE, -ONE] * (units // 2)
    return _blocks(width, [[sign * into] for sign in signs], [[sign * back for sign in signs]])


def maxmin_by_abs(width: int, radius: object) -> Network:
    """MaxMin by one Abs layer (equation 6), where x_{2i} + x_{2i+1} >= -2 radius, as for entries in [-radius, radius].

    A pair (x, y) becomes (x + y)/2 + radius and (x - y)/2, each twice. 2 width units; the weights have orthonormal
    columns, then rows: norm one for p = 2. No rational orthogonal weights of width 2 do it: every line along which such
    a network folds has a rational unit normal, and x = y has none. Neither p = 1, p = inf nor an unbounded domain is
    possible, see above.
    Raises ActivationError for an odd width and for a negative radius.
    """
    bound = exact(radius, "radius")
    if bound < 0:
        raise ActivationError(f"The radius is {bound}: give a number that is not negative.")
    if _width(width) % 2:
        raise ActivationError(f"MaxMin needs pairs but the width is {width}: give an even number.")
    into = _diagonal(width // 2, [[HALF, HALF], [HALF, HALF], [HALF, -HALF], [HALF, -HALF]])
    back = _diagonal(width // 2, [[HALF, HALF, HALF, HALF], [HALF, HALF, -HALF, -HALF]])
    shift = [bound, bound, ZERO, ZERO] * (width // 2)
    return Network(width, (Affine(into, shift), Abs(), Affine(back, [-bound] * width)))


def relu_by_maxmin(width: int) -> Network:
    """max(x_i, 0) as the first unit of MaxMin(x_i, 0) (equation 8), for all inputs; norm one in every p-norm."""
    return _blocks(width, [[ONE], [ZERO]], [[ONE, ZERO]])


def concatenated_relu_by_maxmin(width: int) -> Network:
    """(ReLU(x_1), ..., ReLU(x_n), ReLU(-x_1), ..., ReLU(-x_n)) (Shang et al. 2016), for all inputs; n = `width`.

    The two units of MaxMin(x, 0) and a signed permutation: norm one in every p-norm.
    """
    if 4 * _width(width) ** 2 > MOST_WEIGHTS:
        raise _too_many(width)
    rows = [[ZERO] * (2 * width) for _ in range(2 * width)]
    for i in range(width):
        rows[i][2 * i], rows[width + i][2 * i + 1] = ONE, -ONE
    return Network(width, (Affine.linear(_diagonal(width, [[ONE], [ZERO]])), MaxMin(), Affine.linear(rows)))


def leaky_relu_by_maxmin(width: int, slope: object, p: Exponent | int) -> Network:
    """x_i where x_i > 0, slope x_i elsewhere, by one MaxMin layer, for all inputs; norm one for p = 1, 2 or inf.

    From units (c x, d x), c >= d, MaxMin gives (c x, d x) for x > 0 and (d x, c x) for x < 0.
    p = inf: c = 1, d = slope, read by [1, 0]: the maximum that the paper selects. p = 1: c = 1, d = 0, read by
    [1, slope]. p = 2: up to four pairs, read by the same weights, where the (c + d)^2 have the sum 1 + slope and the
    (c - d)^2 the sum 1 - slope, four rational squares each; then the c^2 + d^2 have the sum 1, the 2 c d the sum slope.

    Raises ActivationError for other p, and unless -1 <= slope <= 1. Beyond, the function has the Lipschitz constant
    |slope|, so that no weights of norm one give it: it is -slope times the leaky ReLU of slope 1 / slope at -x. For
    slope > 1 it is min(x, slope x), not the maximum.
    """
    a, p = exact(slope, "slope"), as_exponent(p)
    if not -1 <= a <= 1:
        raise ActivationError(
            f"A leaky ReLU of slope {a} has the Lipschitz constant {abs(a)}: "
            "give a slope from -1 to 1 and scale the result."
        )
    if not isinstance(p, Fraction):
        return _blocks(width, [[ONE], [a]], [[ONE, ZERO]])
    if p == 1:
        return _blocks(width, [[ONE], [ZERO]], [[ONE, a]])
    if p != 2:
        raise ActivationError(f"A leaky ReLU is built for p = 1, 2 and inf, not for p = {p}: give one of these.")
    units = [unit for pair in zip(four_squares(1 + a), four_squares(1 - a), strict=True) for unit in _pair(*pair)]
    return _blocks(width, [[unit] for unit in units], [units])


def maxout_by_groupsort(size: int, groups: int) -> Network:
    """The maximum of each group of `size` numbers: GroupSort(size), then its first units; norm one in every p-norm."""
    _width(size, "size")
    _width(groups, "number of groups")
    select = Select(tuple(range(0, size * groups, size)), size * groups)
    return Network(size * groups, (GroupSort(size, order="descending"), select))


def maxout_by_maxmin(size: int, groups: int, *, p: Exponent | int | None = None) -> Network:
    """The maximum of each group of `size` numbers by a tournament of ceil(lg size) MaxMin layers, for all inputs.

    Each round compares the numbers that have not lost; one that is left over meets a loser of its own group. For an
    even size, or size 1, the weights are permutations and a selection: norm one in every p-norm. For odd sizes a
    group has no loser in the first round, and an idle number in each: it is carried as copies, of norm one for `p`.
    Raises ActivationError for an odd size above 1 without p.
    """
    _width(groups, "number of groups")
    if _width(size, "size") % 2 and size > 1 and p is None:
        raise ActivationError(
            f"Groups of {size} leave a number idle: name the p-norm in which it is carried as copies."
        )
    rounds = [[(i + k, j + k) for k in range(0, size * groups, size) for i, j in pairs] for pairs in _tournament(size)]
    copies = COPIES["inf"] if p is None else copies_for(p)
    network = comparator_network(size * groups, rounds, copies=copies)
    *layers, last = network.layers
    assert isinstance(last, Affine)
    return Network(network.inputs, (*layers, Affine.linear(last.weight[size - 1 :: size])))


def _tournament(size: int) -> list[list[tuple[int, int]]]:
    """Comparators (loser, winner) such that the maximum of all wires ends on the last one."""
    alive, lost = list(range(size)), list[int]()
    rounds: list[list[tuple[int, int]]] = []
    while len(alive) > 1:
        # From the top, so that the last wire plays and wins every round and the lowest one is left over.
        played = list(zip(alive[-2::-2], alive[::-2], strict=False))
        waiting = lost + alive[: len(alive) % 2]
        rounds.append([*played, *zip(waiting[-2::-2], waiting[::-2], strict=False)])
        lost = lost + [loser for loser, _ in played]
        alive = sorted(set(alive) - set(lost))
    return rounds


def _pair(total: Fraction, difference: Fraction) -> Sequence[Fraction]:
    """(c, d) with c + d = total and c - d = difference; nothing for zeros."""
    return ((total + difference) / 2, (total - difference) / 2) if total or difference else ()


def _blocks(width: int, *blocks: Sequence[Sequence[Fraction]]) -> Network:
    """The blocks repeated along the diagonal `width` times, with MaxMin between them."""
    first, *others = (Affine.linear(_diagonal(_width(width), block)) for block in blocks)
    layers: list[Layer] = [first]
    for affine in others:
        layers += [MaxMin(), affine]
    return Network(width, tuple(layers))


def _diagonal(copies: int, block: Sequence[Sequence[Fraction]]) -> list[Vector]:
    columns = len(block[0])
    if copies * columns * copies * len(block) > MOST_WEIGHTS:
        raise _too_many(copies)
    return [
        (ZERO,) * (k * columns) + tuple(row) + (ZERO,) * ((copies - 1 - k) * columns)
        for k in range(copies)
        for row in block
    ]


def _width(width: int, name: str = "width") -> int:
    if not isinstance(width, int) or isinstance(width, bool) or not 1 <= width <= MOST_UNITS:
        raise ActivationError(f"The {name} is {shown(width)}: give a whole number of at least 1, up to {MOST_UNITS}.")
    return width


def _too_many(copies: int) -> ActivationError:
    return ActivationError(f"{copies} copies side by side have more than {MOST_WEIGHTS} weights: give a smaller width.")
