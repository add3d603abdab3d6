"""The sentence on ReLU and dynamical isometry in the setting of Pennington et al.: random weights.

Plain reading: square layers, no biases, rows whose joint law does not change when any of them changes its sign
(Gaussian entries, Haar-distributed orthogonal matrices). At any x != 0 each unit of the first layer is inactive with
probability 1/2, independently; the Jacobian then has a singular value 0. So it is singular with probability 1 - 2^-n
at least.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.claims.anil2019.orthonormal_gnp.common import ISOMETRY, ROW, half
from lipcheck.claims.anil2019.orthonormal_gnp.relu import PRINTED
from lipcheck.exact import dot, matrix, vector
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


class DrawError(LipcheckError, ValueError):
    """Data that spell no random layer."""


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """The rank, by elimination."""
    left, found = [list(row) for row in rows if any(row)], 0
    while left:
        pivot = left.pop()
        j = next(i for i, entry in enumerate(pivot) if entry)
        left = [[a - row[j] / pivot[j] * b for a, b in zip(row, pivot, strict=True)] for row in left]
        left = [row for row in left if any(row)]
        found += 1
    return found


def singular_share(weight: Sequence[Sequence[Fraction]], x: Sequence[Fraction], flips: bool, relu: bool) -> Fraction:
    """The share of the sign patterns of the rows for which D W has a kernel, D the slopes at x."""
    patterns = list(product((1, -1), repeat=len(weight))) if flips else [(1,) * len(weight)]
    singular = 0
    for signs in patterns:
        rows = [[s * entry for entry in row] for s, row in zip(signs, weight, strict=True)]
        active = [row for row in rows if not relu or dot(row, x) > 0]
        singular += rank(active) < len(x)
    return Fraction(singular, len(patterns))


def examine(data: Data, base: Fraction) -> Examination:
    """One layer {"weight", "point", "flips", "relu"}: whether D W is singular as often as is said."""
    weight, x = matrix(data["weight"], "weight"), vector(data["point"], "point")
    if any(dot(row, x) == 0 for row in weight) or not {data["flips"], data["relu"]} <= {True, False}:
        raise DrawError("no row may be orthogonal to the point; flips and relu are booleans")
    hypotheses = {
        "square": len(weight) == len(x),
        "symmetric signs": data["flips"],
        "relu": data["relu"],
    }
    share = singular_share(weight, x, data["flips"], data["relu"])
    return Examination(hypotheses, share >= 1 - base ** len(x))


def drawn(weight: Any, point: Any, flips: bool = True, relu: bool = True) -> Data:
    """The data of one layer."""
    return {"weight": weight, "point": point, "flips": flips, "relu": relu}


TURN = [["3/5", "4/5"], ["-4/5", "3/5"]]
CANDIDATES = [
    drawn(TURN, ["1", "1"]),
    drawn([["1"]], ["1"]),
    drawn([["1"], ["2"], ["3"]], ["1"]),
    drawn([["1"]], ["1"], flips=False),
    drawn([["1"]], ["1"], relu=False),
]


def layers(variant: Variant) -> Universal:
    """Single layers with their rows' signs drawn at random."""
    base = variant.value("base", half)
    return Universal("layers", f"D W is singular with probability 1 - {base}^n at least",
                     lambda data: examine(data, base), lambda: CANDIDATES, variant.dropped, str(base))  # fmt: skip


def counted(n: int) -> bool:
    """Among the 2^n patterns of active units one has no inactive unit, and units are inactive n/2 times on average."""
    patterns = list(product((0, 1), repeat=n))
    inactive = sum(n - sum(p) for p in patterns)
    return sum(all(p) for p in patterns) == 1 and Fraction(inactive, len(patterns)) == Fraction(n, 2)


def one_more_unit(variant: Variant) -> Forall:
    """All of n units are active with probability q = base^n; one more, independent, is active with probability 1/2."""
    q, share = var("q"), var("share")
    given: dict[str, Formula] = {"unit": equals(2 * share, q)}
    return Forall("one more unit", given, equals(variant.value("base", half) * q, share))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Layers, and the count of the patterns."""
    count = Exhaustive("patterns of up to 8 units", "one of 2^n patterns is all active, n/2 are inactive on average",
                       lambda: list(range(1, 9)), counted)  # fmt: skip
    return [layers(variant), count, one_more_unit(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.relu_random",
        source=ISOMETRY,
        printed=PRINTED,
        statement=(
            "In a ReLU network with square layers of width n, without biases in the first, whose first weight has a "
            "law that is invariant under the sign of each row and rows that are almost surely not orthogonal to x, and "
            "which is almost surely differentiable at x, the Jacobian at x has the singular value 0 with probability "
            "1 - 2^-n at least, n/2 times or more on average."
        ),
        reading="random weights, as in Pennington et al.",
        variant_of=f"{ROW}.relu",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, depths, scales of the weights, and laws of the later layers",
        covers_all=True,
        hypotheses={
            "square": "the first layer is square",
            "symmetric signs": "the law of the first weight does not change with the signs of its rows",
            "relu": "the activation is ReLU",
        },
        constants={"base": Constant(half, Fraction(49, 100), words="the probability that a unit is active")},
        textbook=(
            Textbook("rank(A B) <= min(rank A, rank B)", "Horn and Johnson, Matrix Analysis, 0.4"),
            Textbook("linearity of the expectation; induction over the units", "Peano's axioms"),
        ),
        argument="proof.md#relu-with-random-weights",
        notes="Gaussian entries and Haar-distributed orthogonal weights qualify. Wide first layers need not lose rank.",
    ),
)
