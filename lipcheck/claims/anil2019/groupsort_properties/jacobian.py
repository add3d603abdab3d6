"""Anil et al. 2019, section 4.1: "its Jacobian is a permutation matrix".

Plain reading: wherever the Jacobian exists, it is a permutation matrix; it exists exactly where no group has a tie.
Read as a statement about every input, it fails at the first tie.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.claims.anil2019.groupsort_properties.common import (
    ICML,
    REARRANGEMENT,
    ROW,
    minus,
    sort,
    within,
)
from lipcheck.network import Matrix, vector
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals, same
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.search import Network, Sample, Search, Tensor, Vector
from lipcheck.words.terms import absolute, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "its Jacobian is a permutation matrix"


def one_permutation(variant: Variant) -> Forall:
    """Near a pair (a, b) without a tie, one permutation serves two arbitrary small steps g, h."""
    (a, b), r = variables("x", 2), var("r")
    g, h = variables("g", 2), variables("h", 2)
    hypotheses: dict[str, Formula] = {"radius": r > 0, "small steps": within([*g, *h], r)}
    if variant.keeps("no tie"):
        hypotheses["no tie"] = absolute(a - b) >= variant.value("gap", 2) * r
    moved = [minus(sort([a + s[0], b + s[1]]), sort([a, b])) for s in (g, h)]
    kept = conj(same(moved[0], g), same(moved[1], h))
    swapped = conj(same(moved[0], [g[1], g[0]]), same(moved[1], [h[1], h[0]]))
    return Forall("pair: one permutation for all small steps", hypotheses, disj(kept, swapped), size=2)


def order_is_stable(variant: Variant) -> Forall:
    """Two entries of any group keep their order under small steps."""
    (a, b), (g, h), r = variables("x", 2), variables("h", 2), var("r")
    hypotheses: dict[str, Formula] = {"radius": r > 0, "small steps": within([g, h], r)}
    if variant.keeps("no tie"):
        hypotheses["no tie"] = b - a >= variant.value("gap", 2) * r
    return Forall("two entries keep their order", hypotheses, b + h >= a + g, size=2)


def tie() -> Forall:
    """The smallest of the tied entries of a group: its one-sided partial derivatives are 0 and 1."""
    a, t = variables("x", 1)[0], var("t")
    right, left = sort([a + t, a])[0] - a, sort([a - t, a])[0] - a
    return Forall("no partial derivative at a tie", {"step": t > 0}, conj(equals(right, 0), equals(left, -t)), size=2)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Away from ties the order is stable; at ties there is no Jacobian."""
    lemmas = [order_is_stable(variant), tie()]
    return lemmas if budget is Budget.SMOKE else [*lemmas, one_permutation(variant)]


def directional(x: Sequence[Fraction], h: Sequence[Fraction]) -> list[Fraction]:
    """The one-sided directional derivative of sorting at x along h: ties are sorted by h."""
    return [step for _, step in sorted(zip(x, h, strict=True))]


def has_jacobian(x: Sequence[Fraction]) -> bool:
    """Whether all partial derivatives of sorting at x exist: those from the left and from the right agree."""
    for i in range(len(x)):
        h = [Fraction(int(i == j)) for j in range(len(x))]
        if directional(x, h) != [-d for d in directional(x, [-c for c in h])]:
            return False
    return True


def examine(data: Any, without_ties: bool) -> Examination:
    """Whether sorting the vector data["x"] as one group has a Jacobian there."""
    x = vector(data["x"], "x")
    return Examination({"no tie": len(set(x)) == len(x)} if without_ties else {}, has_jacobian(x))


def small_vectors(sizes: Iterable[int]) -> Iterable[dict[str, list[str]]]:
    """Vectors with entries 0 and 1, the shortest first."""
    return ({"x": list(entries)} for n in sizes for entries in product("01", repeat=n))


def everywhere(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The reading for every input, in one group."""
    text = "sorting one group has a Jacobian at every input" + (" without ties" if variant.repaired else "")
    return [
        Universal(
            "Jacobian exists", text, lambda d: examine(d, variant.repaired), lambda: small_vectors((1, 2)), size=2
        ),
        Exhaustive(
            "minimal: groups of one number have a Jacobian",
            "sorting one number is the identity, whose Jacobian exists; the check does not depend on the number",
            lambda: small_vectors((1,)),
            lambda d: examine(d, False).conclusion,
            size=1,
        ),
    ]


def margin(sample: Sample) -> Tensor:
    """-||det J(x)| - |det J(y)||."""
    return -(sample.jacobian.det().abs() - sample.jacobian_y.det().abs()).abs()


def exact_margin(network: Network, x: Vector, y: Vector) -> Fraction:
    """The same in rationals."""
    from lipcheck.readings.rational import jacobian

    return -abs(abs(determinant(jacobian(network, x))) - abs(determinant(jacobian(network, y))))


def determinant(matrix: Matrix) -> Fraction:
    """The determinant up to its sign, by elimination."""
    rows, product = [list(row) for row in matrix], Fraction(1)
    while rows:
        top = max(rows, key=lambda row: abs(row[0]))
        rows.remove(top)
        product *= top[0]
        if not product:
            return product
        rows = [[b - row[0] / top[0] * a for a, b in zip(top[1:], row[1:], strict=True)] for row in rows]
    return product


def square(network: Network) -> bool:
    """Whether every layer has as many outputs as inputs."""
    return {network.inputs, *network.widths} == {network.inputs}


SNIPPET = """\
from fractions import Fraction as F
t = F(1, 1000)
right = (min(0 + t, F(0)) - 0) / t
left = (0 - min(0 - t, F(0))) / t
print("d min(x1, x2) / d x1 at (0, 0):", right, "from the right,", left, "from the left")
assert right != left
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.jacobian",
        source=ICML,
        printed=PRINTED,
        statement=(
            "GroupSort has a Jacobian exactly at the inputs without a tie inside a group, and there it is "
            "differentiable and the Jacobian is a permutation matrix."
        ),
        reading="wherever the Jacobian exists",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every width, every group size",
        covers_all=True,
        hypotheses={"no tie": "no two entries of a group are equal"},
        mutants={"steps beyond half the gap": Variant(constants={"gap": Fraction(199, 100)})},
        textbook=(REARRANGEMENT,),
        argument="proof.md#jacobian",
        search=Search(
            "In a network of sorting layers and square weights, the Jacobian J has the same |det J| at all inputs, for "
            "permutation matrices have determinant 1 or -1. (Weights have 2-norm at most one, which scales det J.)",
            activations=({"kind": "maxmin"}, {"kind": "fullsort", "order": "ascending"}),
            norm="2",
            margin=margin,
            exact_margin=exact_margin,
            admits=square,
        ),
    ),
    Claim(
        id=f"{ROW}.jacobian_everywhere",
        short="at a tie there is no Jacobian; elsewhere it is a permutation matrix",
        source=ICML,
        printed=PRINTED,
        statement="At every input the Jacobian of GroupSort exists and is a permutation matrix.",
        reading="at every input, ties included",
        variant_of=f"{ROW}.jacobian",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=everywhere,
        scope="one group of two numbers",
        covers_all=True,
        argument="proof.md#jacobian",
        counterexamples={"Jacobian exists": {"x": ["0", "0"]}},
        minimality="the fewest entries: a group of one number has no tie and a Jacobian everywhere",
        near_misses=(NearMiss("Jacobian exists", {"x": ["0", "1/1000000"]}, "the two entries differ, by 1/1000000"),),
        repairs={"inputs without ties": Variant(repaired=True)},
        repaired_by=f"{ROW}.jacobian",
        snippet=SNIPPET,
        notes="The inputs with ties are a null set, so the sentence holds almost everywhere; only ties break it.",
    ),
)
