"""Anil et al. 2019, section 4.1: what MaxMin networks fold, which absolute values alone cannot.

With r = 1/√2: the pair (r h, -r h) of the height h = u.x - t becomes (r |h|, -r |h|), read by (r, -r) as |h|; every
other coordinate q is carried as the pair (r q, r q), which MaxMin leaves, and read by (r, r). So one MaxMin layer
between a 2n x n matrix with orthonormal columns and an n x 2n matrix with orthonormal rows is the fold on all of R^n.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.build.folding import fold
from lipcheck.claims.anil2019.maxmin_abs.common import HALF, ICML, ROW, maxmin, scales, weights
from lipcheck.claims.anil2019.maxmin_abs.folding import formula
from lipcheck.exact import exact, vector
from lipcheck.norms import is_orthonormal
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.rationals import spell
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

HYPERPLANES = ((["1"], "1"), (["1", "1"], "0"), (["1", "-2"], "1/2"), (["1", "1", "1"], "-1"))


def height(square: Fraction) -> Forall:
    """The pair of the height: k (max(h, -h) - min(h, -h)) = |h| with k = r^2."""
    h = var("h")
    first, second = maxmin(h, -h)
    return Forall("the pair of the height", {}, equals(square * (first - second), absolute(h)), size=1)


def copies(square: Fraction) -> Forall:
    """A coordinate as two copies: k (q + q) = q."""
    q = var("q")
    first, second = maxmin(q, q)
    return Forall("the copies of the other coordinates", {}, equals(square * (first + second), q), size=1)


def norm(square: Fraction) -> Forall:
    """One more coordinate keeps |W x|^2 = |x|^2: its two units have squares k q^2 each."""
    q, a, b = var("q"), var("a"), var("b")
    return Forall("the columns are orthonormal, one more coordinate", {"others": equals(a, b)},
                  equals(a + 2 * square * q**2, b + q**2), size=1)  # fmt: skip


def built(count: int, variant: Variant) -> Exhaustive:
    """The rational networks of `fold` against the definition of a fold, far out as well."""
    radius = 1000

    def elements() -> Iterable[Any]:
        for normal, offset in HYPERPLANES[:count]:
            for x in product((-radius, 0, 1), repeat=len(normal)):
                yield {"normal": normal, "offset": offset, "x": [spell(t) for t in x]}

    def holds(data: Any) -> bool:
        normal, offset, x = vector(data["normal"]), exact(data["offset"]), vector(data["x"])
        network = fold(normal, offset)
        kept = formula(normal, offset if variant.keeps("same hyperplane") else offset + 1, x)
        return all(is_orthonormal(w.weight) for w in weights(network)) and evaluate(network, x) == kept

    return Exhaustive(
        f"networks for {count} hyperplanes",
        "one MaxMin layer between rational matrices with orthonormal columns and rows equals the fold",
        elements,
        holds,
        parameters={"hyperplanes": [list(h) for h in HYPERPLANES[:count]], "reach": radius},
        size=count,
    )


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The algebra for every n, and networks in one, two and three dimensions."""
    square = variant.value("square of the weights", HALF)
    counts = (2,) if budget is Budget.SMOKE else (2, 4)
    algebra = [height(square), copies(square), norm(square)]
    return [*algebra, *scales(budget), *(built(count, variant) for count in counts)]


CLAIMS = (
    Claim(
        id=f"{ROW}.fold_by_maxmin",
        source=ICML,
        printed="This gives an interesting interpretation of how MaxMin networks can represent certain functions by "
        "implementing absolute value, as shown in Figure 2.",
        statement=(
            "For every hyperplane of R^n, the fold along it equals, on all of R^n, one MaxMin layer of 2n units "
            "between a weight with orthonormal columns and one with orthonormal rows, with biases."
        ),
        reading="what MaxMin does that absolute values alone do not: folds of all of R^n",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="every n, every hyperplane, all of R^n",
        covers_all=True,
        hypotheses={"same hyperplane": "the fold is the one along the given hyperplane"},
        constants={"square of the weights": Constant(HALF, Fraction(101, 200), words="r^2, the square of the factor")},
        textbook=(
            Textbook("every unit vector is the first row of an orthogonal matrix", "Horn and Johnson, section 2.1"),
            Textbook("induction over the coordinates", "Peano's axioms"),
        ),
        argument="proof.md#folding-by-maxmin",
        depends_on=(f"{ROW}.eq_7",),
    ),
)
