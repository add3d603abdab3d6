"""Maxima of networks whose weights have spectral norm at most one: what is possible, and what is not.

Theorem 3 of Anil et al. 2019 stacks two networks, and in the 2-norm stacking fails (footnote 3 of the ICML version;
`lipcheck.build.stacking.stacked_norm`). Two facts about max(f, g) itself, by whatever construction:

**Two affine maps always have a maximum.** Let f(x) = w . x + b and g(x) = v . x + c with |w|, |v| <= 1. With
M = (f + g) / 2, whose gradient is m, and D = (f - g) / 2, whose gradient is d, max(f, g) = M + |D|. Sort the pairs
p_i M + q_i D, p_i M - q_i D by MaxMin and read them with the weights (s_i + t_i) / 2, (s_i - t_i) / 2: this gives
sum s_i p_i M + sum t_i q_i |D|. Choose S = |m|^2 + e and T = |d|^2 + e with S + T = 1, and

    sum p_i^2 = 1 / (2 S),  s_i = 2 S p_i,  sum q_i^2 = 1 / (2 T),  t_i = 2 T q_i.

The value is M + |D|; the last weight has the norm sqrt(S + T) = 1; the first one, W, has W'W = mm' / S + dd' / T, which
is at most I if and only if e^2 = (S - |m|^2) (T - |d|^2) >= (m . d)^2, that is if 2 - |w|^2 - |v|^2 is at least
the distance of |w|^2 from |v|^2: always. And p_i, q_i can be rational, for every positive rational number is a sum of
four squares (Lagrange). The same holds for two affine maps of one hidden layer.

**The class is no lattice.** `unclosed_pair` gives two such networks f, g on the line, and no network with spectral
norms at most one, of any width and depth, with sorts (MaxMin, GroupSort, FullSort) and absolute values as activations
equals N = max(f, g) on [-4, 4]. N rises to N(-1) = 1, falls to N(1) = -1 and rises again, with slopes 1, -1, 1. Proof:

1. Let r be the last weight and z(t) the last hidden layer. Wherever there are derivatives |N'| = 1 <= |r| |z'| <= 1,
   so that z' = N' r and z = c + N r, |r| = 1.
2. The activation makes z of a continuous y(t). If it sorts, z_i - z_j = c_i - c_j + (r_i - r_j) N >= 0 for z_i above
   z_j in a group. Over all N in [-2, 2] this is identically zero or positive on (-2, 2), and |N(t)| < 2 for |t| < 4. So
   the order of y never changes: y = a + N u, where u is r in another order. If it takes absolute values, then
   z_i = c_i + r_i N >= 0 in the same way, and no sign ever changes. In both cases |u| = 1.
3. The weight W before y turns the derivative x' of the layer before, |x'| <= 1, into N' u. So N' = u . W x' = W'u . x',
   hence x' = N' W'u with |W'u| = 1: that layer is a constant plus N times a unit vector, as in 1.
4. So it goes on down to the input: t = c + N(t) r. But N(-3) = N(1). QED

So no other construction of max(f, g) carries the proof of Theorem 3 over to the 2-norm. But density needs no exact
maxima. N is a limit of such networks (`lipcheck.build.strips`), and in one dimension they approximate every 1-Lipschitz
function on a compact set (`lipcheck.build.zigzags`). Whether they do for two inputs or more, the rest of the paper's
open question, stays open. The proof needs N to turn inside of its range: on [-3, 3], two folds compute N. Prach and
Lampert (2023, arXiv 2311.06103) show that such activations restrict what can be represented exactly, in one variable
already.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from lipcheck.build.squares import four_squares
from lipcheck.build.stacking import JoinError, sound
from lipcheck.exact import dot
from lipcheck.network import Affine, Layer, MaxMin, Network, Vector
from lipcheck.norms.bracket import root

_HALF = Fraction(1, 2)


def spectral_join(f: Network, g: Network) -> Network:
    """x -> max(f(x), g(x)), exactly, with spectral norms at most one, by a hidden layer of at most 8 MaxMin units.

    f and g end in an affine layer with one row of 2-norm at most one and agree in all layers before it, whose norms are
    not looked at; in particular two affine maps. The added weight has norm at most one, the last one norm exactly one;
    see the module for why. Two units are enough where 1 / (2 S) and 1 / (2 T) are squares of rational numbers.
    Raises JoinError for other networks and for different inputs.
    """
    return _joined(f, g, "max")


def spectral_meet(f: Network, g: Network) -> Network:
    """x -> min(f(x), g(x)): the network of `spectral_join` with M - |D|."""
    return _joined(f, g, "min")


def unclosed_pair() -> tuple[Network, Network]:
    """f(t) = min(t + 2, -t) and g(t) = t - 2, spectral norms one, whose maximum is no such network on [-4, 4]."""
    up, down, shifted = (Network(1, (Affine([[slope]], [b]),)) for slope, b in ((1, 2), (-1, 0), (1, -2)))
    return spectral_meet(up, down), shifted


def _joined(f: Network, g: Network, which: Literal["max", "min"]) -> Network:
    before, (w, v), (b, c) = _last_rows(f, g)
    mean = [(x + y) * _HALF for x, y in zip(w, v, strict=True)]
    half = [(x - y) * _HALF for x, y in zip(w, v, strict=True)]
    middle, offset = (b + c) * _HALF, (b - c) * _HALF
    sign = 1 if which == "max" else -1
    slack = (1 - dot(mean, mean) - dot(half, half)) * _HALF
    s, t = dot(mean, mean) + slack, dot(half, half) + slack
    # Where s or t is zero, M or D is a constant, which no weight of norm one can carry but a bias can.
    ps, qs = (_squares(1 / (2 * part)) if part else (Fraction(0),) * 4 for part in (s, t))
    constant = (Fraction(0) if s else middle) + (Fraction(0) if t else sign * abs(offset))
    rows: list[list[Fraction]] = []
    biases: list[Fraction] = []
    last: list[Fraction] = []
    for p, q in zip(ps, qs, strict=True):
        if p or q:
            for up in (q, -q):
                rows.append([p * x + up * y for x, y in zip(mean, half, strict=True)])
                biases.append(p * middle + up * offset)
                last.append(s * p + sign * t * up)
    return Network(f.inputs, (*before, Affine(rows, biases), MaxMin(), Affine([last], [constant])))


def _last_rows(f: Network, g: Network) -> tuple[tuple[Layer, ...], tuple[Vector, Vector], tuple[Fraction, Fraction]]:
    sound((f, g))
    a, b = f.layers[-1], g.layers[-1]
    if f.layers[:-1] != g.layers[:-1] or not (isinstance(a, Affine) and isinstance(b, Affine)):
        raise JoinError(
            "The networks do not end in affine layers behind equal layers: give two affine maps, or two of one hidden "
            "layer, or use join, which does not keep spectral norms."
        )
    for layer in (a, b):
        square = dot(layer.weight[0], layer.weight[0])
        if len(layer.weight) != 1 or square > 1:
            raise JoinError(
                f"An affine map has {len(layer.weight)} rows, the first of squared 2-norm {square}: "
                "give one row of 2-norm at most one."
            )
    return f.layers[:-1], (a.weight[0], b.weight[0]), (a.bias[0], b.bias[0])


def _squares(value: Fraction) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Four squares with this sum, three of them zero where one is enough."""
    single, zero = root(value, 2), Fraction(0)
    return (single.lower, zero, zero, zero) if single.exact else four_squares(value)
