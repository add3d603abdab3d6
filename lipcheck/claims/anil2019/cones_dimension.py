"""ICLR, appendix B.2: the dimension of the cones.

Plain reading: for laws on R^n the dual surface, the graph of f : R^n -> R, is "an n - 1 dimensional [cone], embedded in
n dimensions". A graph over R^n has dimension n, in R^{n+1}. Appendix G.1 counts like this: "2D" for f on R^2, and n.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.kr_duality.common import ICLR
from lipcheck.claims.anil2019.orthonormal_gnp.random_relu import rank
from lipcheck.exact import dot, vector
from lipcheck.norms import vector_norm
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.cones_dimension"


class PlaceError(LipcheckError, ValueError):
    """A point at which the cone has no tangent space, or none with rational coordinates."""


def tangent(x: Sequence[Fraction]) -> list[list[Fraction]]:
    """The tangent space of the graph of 1 - |x|: the images (e_j, -x_j / |x|) of the axes, one a row."""
    length = vector_norm(x, 2)
    if not dot(x, x) or length.lower != length.upper:
        raise PlaceError("Give a point of rational length, not the apex.")
    return [[*(Fraction(int(i == j)) for i in range(len(x))), -x[j] / length.lower] for j in range(len(x))]


def examine(data: Data, less: Fraction) -> Examination:
    """Whether the graph over R^n has dimension n - less at a point, in a space of n + 1 - less dimensions."""
    x = vector(data["point"], "point")
    rows = tangent(x)
    return Examination({}, rank(rows) == len(x) - less and len(rows[0]) == len(x) + 1 - less)


def at(*x: int | str) -> Any:
    """A point as data."""
    return {"point": [str(a) for a in x]}


POINTS = [at(1), at(3, 4), at(1, 2, 2), at(1, 1, 1, 1)]


def graphs(variant: Variant, default: int) -> Universal:
    """Points on cones."""
    less = variant.value("less", default)
    return Universal("tangent spaces", f"the cone over R^n has dimension n - {less}, in n + 1 - {less} dimensions",
                     lambda data: examine(data, less), lambda: POINTS, parameters=str(less))  # fmt: skip


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """As printed one less."""
    return [graphs(variant, 1)]


def independent() -> Forall:
    """A combination a of the rows (e_j, g_j) that vanishes has a_j = 0: entry j of the sum is a_j."""
    a, entry = var("a"), var("entry")
    given: dict[str, Formula] = {"entry": equals(entry, a), "sum": equals(entry, 0)}
    return Forall("the images of the axes are independent", given, equals(a, 0))


def dimensions(largest: int) -> Exhaustive:
    """One point of rational length in each dimension: (2, ..., 2, n - 2), of length n, or so."""

    def elements() -> Iterable[Data]:
        return (at(*([2] * (n - 1)), n - 2) for n in range(3, largest + 1))

    return Exhaustive(f"dimensions up to {largest}", "the tangent space has dimension n, in n + 1 dimensions", elements,
                      lambda data: examine(data, Fraction(0)).conclusion, largest)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Single points, and every n."""
    largest = (6,) if budget is Budget.SMOKE else (6, 9)
    return [graphs(variant, 0), independent(), *map(dimensions, largest)]


SNIPPET = """\
x = (3, 4)                                # n = 2: f(x) = 1 - |x| on the plane, |x| = 5
rows = [(1, 0, -x[0] / 5), (0, 1, -x[1] / 5)]  # the surface's tangent vectors over the two axes
minor = rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0]
print("two independent tangent vectors in", len(rows[0]), "dimensions, for n =", len(x))
assert minor != 0 and len(rows) == len(x) and len(rows[0]) == len(x) + 1
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=f"{ICLR}, appendix B.2",
        printed=(
            "we carefully pick two n dimensional probability distributions such that 1) The Wasserstein Distance "
            "between them is exactly 1 and 2) the optimal dual surface consists of an n − 1 dimensional cones with a "
            "gradient of 1 everywhere, embedded in n dimensions."
        ),
        statement=(
            "The dual surface of the example with laws on R^n, the graph of the cone 1 - |x|, is n - 1 dimensional, in "
            "n dimensions."
        ),
        short="the graph of a function on R^n has dimension n, in R^(n+1)",
        reading="the surface is the graph of the dual function, as in the figures",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="every n",
        covers_all=True,
        constants={"less": Constant(Fraction(1), sharp=Fraction(0), words="how much less than n, and n + 1")},
        repairs={"n dimensional, in n + 1 dimensions": Variant(constants={"less": Fraction(0)})},
        counterexamples={"tangent spaces": at(1)},
        near_misses=(
            NearMiss("tangent spaces", at(0), "the apex, without a tangent space"),
            NearMiss("tangent spaces", at(1, 1), "no rational tangent space"),
        ),
        minimality="n = 1: the graph of 1 - |x| is a curve in the plane, not a point on the line",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.graph",
        argument="proof.md#graphs",
        notes=(
            "What has dimension n - 1 in R^n are the level sets, spheres. The distance is exactly 1: see "
            "`wasserstein_examples.n_cone`; the gradient: see `wasserstein_examples.gradient`."
        ),
    ),
    Claim(
        id=f"{ROW}.graph",
        source=f"{ICLR}, appendix G.1",
        printed=(
            "Multiple 2D Circular Cones [...] n Dimensional Circular Cones: This is a simple extension of the absolute "
            "value case described above."
        ),
        statement="Off its apex the graph of the cone 1 - |x| over R^n is an n dimensional surface in R^{n+1}.",
        reading="the cone over R^n is called n dimensional, that over the plane 2D",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="every n",
        covers_all=True,
        constants={"less": Constant(Fraction(0), Fraction(1, 100), words="how much less than n, and n + 1")},
        textbook=(
            Textbook("a graph of a smooth function over an open set of R^n is an n dimensional manifold", "Lee, "
                     "Introduction to Smooth Manifolds, Example 1.30"),
        ),
        argument="proof.md#graphs",
    ),
)  # fmt: skip
