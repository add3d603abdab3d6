"""Table 1, MaxMin with h hidden layers: in every dimension, sqrt(1 - (1 - 2/pi)^h) is reached or approached.

    h                  1        2        3        4        5        6
    value at least  0.7978   0.9316   0.9756   0.9912   0.9968   0.9988

Split the square of the norm of the hidden vector of a random input into that of its mean, M, and the rest. The next
layer keeps the mean, turns the rest by an orthogonal matrix so that every coordinate is nearly Gaussian, and folds it:
the mean of |s g| is sqrt(2/pi) s. So 1 - M shrinks by the factor 1 - 2/pi in each layer, and the last row reads M.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.cone_networks import ball, depth_limit, enclosure
from lipcheck.claims.anil2019.table_1._table import CELL, DIMENSIONS, ICML, ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Exhaustive, Forall, Obligation, Positive
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

NEAR_ONE = Fraction(199, 200)


def one_layer(variant: Variant) -> Forall:
    """M' = M + q V for the mean M and the rest V = 1 - M gives 1 - M' = (1 - q)(1 - M)."""
    M, V, after, q = map(var, ("M", "V", "after", "q"))
    given: dict[str, Formula] = {"folded": equals(after, M + q * V), "gain": conj(q > 0, q < 1)}
    if variant.keeps("weights"):
        given["weights"] = equals(M + V, 1)
    return Forall("one more layer", given, equals(1 - after, (1 - q) * (1 - M)))


def copies() -> Forall:
    """N copies of a coordinate of mean m and variance s: N m^2 + (N - 1) q s is N (m^2 + q s) less q s."""
    N, m, s, q = map(var, ("N", "m", "s", "q"))
    given: dict[str, Formula] = {"copies": N >= 1}
    return Forall("copies of a coordinate", given, equals(N * m * m + (N - 1) * q * s + q * s, N * (m * m + q * s)))


def enough(variant: Variant) -> Positive:
    """Five layers suffice for 0.995, which is printed as 1.00."""
    layers, value = int(variant.value("layers", 5)), variant.value("value", NEAR_ONE)

    def enclose(bits: int) -> tuple[Fraction, Fraction]:
        return enclosure(bits, lambda: depth_limit(layers) - ball(value))

    return Positive("five layers", f"sqrt(1 - (1 - 2/pi)^{layers}) > {value}", enclose)


def above_printed() -> Exhaustive:
    """The printed MaxMin cells, read with depth - 1 hidden layers, lie below what is reached in every dimension."""

    def holds(element: Data) -> bool:
        n, depth = element
        return CELL["MaxMin", n, depth] < enclosure(64, lambda: depth_limit(depth - 1))[0]

    cells = [[n, depth] for n in DIMENSIONS for depth in (3, 7)]
    return Exhaustive("printed cells", "a MaxMin network of that depth exceeds the cell", lambda: cells, holds, cells)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The recursion, and its numbers."""
    return [one_layer(variant), copies(), enough(variant), above_printed()]


CLAIMS = (
    Claim(
        id=f"{ROW}.maxmin_depth",
        source=ICML,
        printed="We also observed that while the MaxMin activation performs significantly better, it also needs large "
        "depth to learn the optimal solution.",
        reading="what depth is needed, over all MaxMin networks of that depth",
        statement="For all n and h >= 1 the supremum of |E f(u) - f(0)| over MaxMin networks with h hidden layers and "
        "all ||W||_2 <= 1 is at least sqrt(1 - (1 - 2/pi)^h). Hence five hidden layers suffice for more than 0.995 in "
        "every dimension, and every printed MaxMin value lies below what is reached with depth - 1 hidden layers.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n and h; widths are not bounded, biases are zero",
        covers_all=True,
        hypotheses={"weights": "orthogonal weights: the mean and the rest of the hidden vector have squares that add "
                    "up to one"},
        constants={
            "layers": Constant(Fraction(5), words="hidden layers"),
            "value": Constant(NEAR_ONE, mutated=Fraction(997, 1000), words="what five layers exceed"),
        },
        mutants={"four hidden layers": Variant(constants={"layers": Fraction(4)})},
        textbook=(
            Textbook("Lindeberg's central limit theorem, with uniform integrability", "Billingsley, Probability and "
                     "Measure, theorem 27.2 and section 25"),
            Textbook("E |g| = sqrt(2/pi) for a standard normal g", "NIST DLMF 5.9.1"),
        ),
        argument="proof.md#maxmin-with-h-hidden-layers",
        notes="One hidden layer never exceeds sqrt n E |u_1| (claim one_hidden_layer), so that for n >= 2 depth is "
        "needed; but the depth does not grow with n. What the experiment shows is a limit of training, or of the "
        "widths used, which are not printed. How far below 1 the supremum is for h >= 2 is open.",
    ),
)  # fmt: skip
