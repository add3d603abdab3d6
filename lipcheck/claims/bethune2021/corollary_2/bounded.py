"""Corollary 2 repaired: bounded supports at a positive distance are told apart by a sorting network with norms of 1.

Cover supp P and supp Q by finite nets in the infinity norm. d(., net of Q) - d(., net of P) is piecewise linear.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from lipcheck.build.point_classifiers import separating
from lipcheck.build.rescaling import norms_at_most_one
from lipcheck.claims.bethune2021.corollary_2.unbounded import PRINTED, ROW, SOURCE, periodic
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def nets(variant: Variant) -> list[Forall]:
    """x in supp P: `near` is its distance to the net of P, `far` that to the net of Q, a subset of supp Q.

    And |z|_2^2 <= n |z|_inf^2, one more coordinate: the supports are apart in the infinity norm, too.
    """
    near, far, gap, mesh, total, k, m, z = map(var, ("near", "far", "gap", "mesh", "total", "k", "m", "z"))
    hypotheses: dict[str, Formula] = {"net": conj(near <= mesh, 2 * mesh <= variant.value("mesh", 1) * gap)}
    hypotheses["norm"] = conj(near >= 0, far >= 0, gap >= 0)
    if variant.keeps("separated"):
        hypotheses["separated"] = conj(far >= gap, gap > 0)
    return [
        Forall("right on supp P", hypotheses, 2 * (far - near) >= gap if variant.keeps("separated") else far > near),
        Forall("one more coordinate", {"so far": total <= k * m * m, "coordinate": z * z <= m * m},
               total + z * z <= (k + 1) * m * m),
    ]  # fmt: skip


def constructed(name: str, side: int, n: int) -> Exhaustive:
    """Every two disjoint sets of at most two points of {0, ..., side - 1}^n, up to which of them comes first."""

    def elements() -> Iterator[list[Any]]:
        grid = [list(map(str, p)) for p in product(range(side), repeat=n)]
        sets = [list(s) for size in (1, 2) for s in combinations(grid, size)]
        for a, b in combinations(sets, 2):
            if not any(point in b for point in a):
                yield [a, b]

    def holds(element: list[Any]) -> bool:
        a, b = ([tuple(map(Fraction, point)) for point in points] for points in element)
        network = separating(a, b)
        right = all(evaluate(network, p)[0] > 0 for p in a) and all(evaluate(network, q)[0] < 0 for q in b)
        return norms_at_most_one(network) and right

    text = f"sets of one or two points of {{0, ..., {side - 1}}}^{n}: the network is right, its norms are at most one"
    return Exhaustive(name, text, elements, holds, parameters=[side, n], size=n)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The nets, unbounded supports where "bounded" is dropped, and small networks."""
    found: list[Obligation] = [*nets(variant), constructed("points on the line", 3, 1)]
    if not variant.keeps("bounded"):
        found.append(periodic(Variant()))
    if budget is not Budget.SMOKE:
        found.append(constructed("points of the plane", 2, 2))
    return found


CLAIMS = (
    Claim(
        id=f"{ROW}.bounded",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: bounded supports",
        variant_of=ROW,
        statement="If supp P and supp Q are bounded and their distance is positive, some MaxMin network with all "
        "spectral norms at most one is positive on supp P and negative on supp Q.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, all bounded supports at a positive distance",
        covers_all=True,
        hypotheses={"separated": "the distance of the supports is positive", "bounded": "the supports are bounded"},
        constants={"mesh": Constant(Fraction(1), Fraction(101, 100), words="twice the mesh of the nets over the gap")},
        textbook=(
            Textbook("bounded sets of R^n have finite nets of every mesh", "total boundedness"),
            Textbook(
                "minima, maxima and differences of affine functions have a MaxMin network",
                "Anil et al. 2019, section 6",
            ),
        ),
        argument="proof.md#bounded-supports",
        depends_on=("bethune2021.corollary_1.piecewise_linear",),
        notes="No theorem of universal approximation is needed. The logits may be small: only the sign is claimed.",
    ),
)
