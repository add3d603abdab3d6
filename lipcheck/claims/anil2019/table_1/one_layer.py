"""Table 1 with one hidden layer: the exact suprema over all widths, weights and biases.

                                               n = 128   n = 256   n = 512   as n grows
    MaxMin, Abs     sqrt n E |u_1|             0.7994    0.7987    0.7983    0.7979 = sqrt(2/pi)
    Maxout, pairs   sqrt n E |u_1| / sqrt 2    0.5653    0.5647    0.5645    0.5642
    ReLU            sqrt n E |u_1| / 2         0.3997    0.3993    0.3991    0.3989

A unit |w.u + b| counts E|w.u + b| - |b| <= |w| E|u_1|, and sum v_i |w_i| <= |v| ||W||_F <= sqrt n. MaxMin is a rotation
of (sum, |difference|) of a pair, Maxout half of sum + |difference|, ReLU half of t + |t|; the linear parts count zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from lipcheck.build.cone_networks import ball, cross_polytope, enclosure, one_layer_limit
from lipcheck.claims.anil2019.table_1._table import DIMENSIONS, PRINTED, ROW, TABLE
from lipcheck.network import Affine
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Exhaustive, Forall, Hint, Obligation, Positive
from lipcheck.words.terms import absolute, maximum, minimum, positive_part, var
from lipcheck.words.verdict import Budget, Verdict

Made: TypeAlias = Callable[[Variant, Budget], Sequence[Obligation]]
LEAST = {"MaxMin": Fraction(7978, 10000), "Maxout": Fraction(5641, 10000), "ReLU": Fraction(3989, 10000)}


def bias() -> Forall:
    """A bias does not help: | |t + b| - |b| | <= |t|."""
    t, b = var("t"), var("b")
    rise = absolute(t + b) - absolute(b)
    return Forall("biases do not help", {}, conj(rise <= absolute(t), rise >= -absolute(t)))


def one_more_unit() -> Forall:
    """2 s S <= n P + Q for S = sum v e, P = sum v^2, Q = sum e^2, s^2 = n: one more unit, by (s v - e)^2 >= 0."""
    s, n, S, P, Q, v, e = map(var, ("s", "n", "S", "P", "Q", "v", "e"))
    given: dict[str, Formula] = {
        "others": 2 * s * S <= n * P + Q,
        "root": equals(s * s, n),
        "sign": disj(s * v >= e, s * v <= e),
    }
    return Forall("one more unit", given, 2 * s * (S + v * e) <= n * (P + v * v) + (Q + e * e), hint=Hint(2))


def columns() -> Forall:
    """||W||_F^2 <= n: one more column, of norm at most one."""
    Q, n, column = var("Q"), var("n"), var("column")
    given: dict[str, Formula] = {"others": n >= Q, "column": conj(column * column <= 1, column >= 0)}
    return Forall("one more column", given, Q + column * column <= n + 1)


def greatest(variant: Variant) -> Forall:
    """S <= s = sqrt n, from the units, the last row and the weights."""
    s, n, S, P, Q = map(var, ("s", "n", "S", "P", "Q"))
    hypotheses: dict[str, Formula] = {
        "units": 2 * s * S <= n * P + Q,
        "root": conj(s > 0, n > 0, equals(s * s, n)),
    }
    if variant.keeps("head"):
        hypotheses["head"] = P <= 1
    if variant.keeps("weights"):
        hypotheses["weights"] = n >= Q
    one = Fraction(1)
    witness = {"s": one, "n": one, "S": one, "P": one, "Q": one}
    return Forall("the sum over the units", hypotheses, s >= S, witness=witness)


def squared(variant: Variant, square: Fraction) -> Forall:
    """V^2 = square S^2 <= factor^2 n, in units of E |u_1|."""
    s, S = var("s"), var("S")
    bound = variant.value("factor_squared", square)
    return Forall("the supremum", {"sum": s >= S, "signs": conj(S >= 0, s > 0)}, square * S * S <= bound * s * s)


def maxmin_pair() -> Forall:
    """v max(a, b) + w min(a, b) = (v + w)(a + b)/2 + (v - w)|a - b|/2, and (v - w)^2 <= 2 (v^2 + w^2)."""
    v, w, a, b = map(var, ("v", "w", "a", "b"))
    sides = equals(v * maximum(a, b) + w * minimum(a, b), (v + w) * (a + b) / 2 + (v - w) * absolute(a - b) / 2)
    return Forall("a MaxMin pair is a sum and an absolute value", {}, conj(sides, (v - w) ** 2 <= 2 * (v * v + w * w)))


def maxout_pair() -> Forall:
    """max(a, b) = (a + b)/2 + |a - b|/2, and entries of the difference: (x - y)^2 <= 2 (x^2 + y^2)."""
    a, b, x, y = map(var, ("a", "b", "x", "y"))
    sides = equals(maximum(a, b), (a + b) / 2 + absolute(a - b) / 2)
    return Forall("a Maxout pair is a sum and an absolute value", {}, conj(sides, (x - y) ** 2 <= 2 * (x * x + y * y)))


def relu_unit() -> Forall:
    """max(t, 0) = t/2 + |t|/2."""
    t = var("t")
    return Forall("a ReLU unit is half of t + |t|", {}, equals(positive_part(t), t / 2 + absolute(t) / 2))


def attained(name: str, square: Fraction) -> Exhaustive:
    """The network that attains it, for n = 4 (Maxout n = 2): its values, and its norms of one."""
    n = 2 if name == "Maxout" else 4
    network = cross_polytope(n, name)

    def holds(x: Data) -> bool:
        weights = [layer.weight for layer in network.layers if isinstance(layer, Affine)]
        sides = sum((max(t, 0) if name == "ReLU" else abs(t) for t in x), 0)
        scale = square if name == "Maxout" else Fraction(1)
        (value,) = evaluate(network, x)
        return all(spectral_norm_at_most(w, Fraction(1)) for w in weights) and value**2 == scale * sides**2 / n

    points = [list(x) for x in product((-1, 0, 2), repeat=n)]
    return Exhaustive("attained", f"the network for n = {n} has the stated values", lambda: points, holds, points)


def values(name: str, square: Fraction) -> list[Positive]:
    """The supremum in the dimensions of the table lies above this rational."""

    def one(n: int) -> Positive:
        def enclose(bits: int) -> tuple[Fraction, Fraction]:
            return enclosure(bits, lambda: ball(square).sqrt() * one_layer_limit(n) - ball(LEAST[name]))

        return Positive(f"n = {n}", f"the supremum for {name} and n = {n} is above {LEAST[name]}", enclose, size=n)

    return [one(n) for n in DIMENSIONS]


def obligations(name: str, square: Fraction, unit: Callable[[], Forall]) -> Made:
    """Upper bound, unit by unit, and the values."""

    def made(variant: Variant, budget: Budget) -> Sequence[Obligation]:
        first: list[Obligation] = [greatest(variant), squared(variant, square), columns(), attained(name, square)]
        rest: list[Obligation] = [bias(), one_more_unit(), unit(), *values(name, square)]
        return first if budget is Budget.SMOKE else [*first, *rest]

    return made


def claim(name: str, row: str, value: str, attained: str, square: Fraction, unit: Callable[[], Forall]) -> Claim:
    """The supremum for one activation."""
    return Claim(
        id=f"{ROW}.{row}",
        source=f"{TABLE}, the row {name}",
        printed=" ".join([name, *PRINTED[name]]),
        reading="the exact limit with one hidden layer",
        statement=f"For every n >= 1 the supremum of |E f(u) - f(0)| over networks of one hidden {name} layer, of any "
        f"width and with any biases, ||W||_2 <= 1 and |v|_2 <= 1, is {value}, attained by {attained}. For n = 128, 256 "
        f"and 512 it is above {float(LEAST[name])}.",
        expected=Verdict.PROVED,
        obligations=obligations(name, square, unit),
        scope="all n, all widths, weights and biases",
        covers_all=True,
        hypotheses={"head": "the last row has norm at most one", "weights": "||W||_2 <= 1, so ||W||_F^2 <= n"},
        constants={
            "factor_squared": Constant(
                square, mutated=square * Fraction(99, 100), words="the square of the factor before sqrt n E |u_1|"
            )
        },
        textbook=(
            Textbook("E |u_1| = Gamma(n/2) / (sqrt pi Gamma((n+1)/2)) on the sphere", "Vershynin, High-Dimensional "
                     "Probability, section 3.3; Beta integral, NIST DLMF 5.12"),
            Textbook("induction over units and columns", "Peano's fifth axiom"),
        ),
        argument="proof.md#one-hidden-layer",
    )  # fmt: skip


CLAIMS = (
    claim("MaxMin", "one_hidden_layer", "sqrt n E |u_1|", "|x|_1 / sqrt n", Fraction(1), maxmin_pair),
    claim("Maxout", "maxout_one_layer", "sqrt(n/2) E |u_1| (groups of two)", "|x|_1 / sqrt(2n)", Fraction(1, 2),
          maxout_pair),
    claim("ReLU", "relu_one_layer", "sqrt n E |u_1| / 2", "the sum of max(x_i, 0) / sqrt n", Fraction(1, 4), relu_unit),
)  # fmt: skip
