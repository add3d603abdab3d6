"""Anil et al. 2019, section 4.1, on X = R^n: under the 2-norm, FullSort networks do not compute MaxMin for n >= 4.

MaxMin is an isometry on each chamber {±(x1 - x2) >= 0, ±(x3 - x4) >= 0}, so the first weight matrix W must be one,
and FullSort must not fold a chamber: no difference of two rows of W may change sign inside one. Such differences are
multiples of e1 - e2 only or of e3 - e4 only, so W has rank at most 2, and is no isometry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from lipcheck.build.sorting import to_fullsort
from lipcheck.claims.anil2019.fullsort_maxmin.common import EXPRESSIVE, ICML, ROW, sort
from lipcheck.network import Affine, Matrix, MaxMin, Network, NetworkError, Vector, from_json, to_json
from lipcheck.readings.rational import evaluate, jacobian
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import Term, absolute, total, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

NO_FOLD = "one first layer serves all chambers"


def strict_contraction(variant: Variant) -> Forall:
    """Sorting two pairs that are in opposite order brings them strictly closer."""
    x, y = variables("x", 2), variables("y", 2)
    opposite = (x[0] - x[1]) * (y[0] - y[1]) < 0
    before, after = (
        total([(a - b) ** 2 for a, b in zip(p, q, strict=True)]) for p, q in ((x, y), (sort(x, 2), sort(y, 2)))
    )
    kept: dict[str, Formula] = {"opposite order": opposite} if variant.keeps("opposite order") else {}
    return Forall("sorting contracts pairs in opposite order", kept, after < before, size=2)


def far_out() -> Forall:
    """Far out on two rays of a cone where l has opposite signs, so has l + c, whatever c."""
    a, b, c = variables("l", 3)
    hypotheses: dict[str, Formula] = {"far out": conj(a > absolute(c), -b > absolute(c))}
    return Forall("biases do not matter far out", hypotheses, conj(a + c > 0, b + c < 0), size=2)


def difference_of_rows(variant: Variant) -> Forall:
    """A linear form without a change of sign inside any chamber is a multiple of one of the two normals."""
    form = variables("l", 4)
    shift, other, d, e = (1, 1, 0, 0), (0, 0, 1, 1), (1, -1, 0, 0), (0, 0, 1, -1)
    hypotheses: dict[str, Formula] = {
        "shifts": conj(*(one_sign(at(form, v), -at(form, v)) for v in (shift, other))),
        "chamber ++": one_sign(at(form, d), at(form, e)),
        "chamber +-": one_sign(at(form, d), -at(form, e)),
    }
    first = conj(equals(form[0] + form[1], 0), equals(form[2], 0), equals(form[3], 0))
    second = conj(equals(form[2] + form[3], 0), equals(form[0], 0), equals(form[1], 0))
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    return Forall("differences of rows are multiples of one normal", kept, disj(first, second), size=4)


def three_rows(variant: Variant) -> Forall:
    """If each two of three rows differ along one normal, all three differ along the same one."""
    (p, q), (r, s) = variables("a", 2), variables("b", 2)
    hypotheses: dict[str, Formula] = {"each difference": conj(one_zero(p, q), one_zero(r, s))}
    if variant.keeps("third difference"):
        hypotheses["third difference"] = one_zero(p + r, q + s)
    conclusion = disj(conj(equals(p, 0), equals(r, 0)), conj(equals(q, 0), equals(s, 0)))
    return Forall("three rows differ along one normal", hypotheses, conclusion, size=3)


def one_sign(a: Term, b: Term) -> Formula:
    """The values a and b do not have opposite signs."""
    return disj(conj(a >= 0, b >= 0), conj(a <= 0, b <= 0))


def one_zero(a: Term, b: Term) -> Formula:
    """One of a and b is zero."""
    return disj(equals(a, 0), equals(b, 0))


def at(form: Sequence[Term], point: Sequence[int]) -> Term:
    """The linear form at the point."""
    return total([t * p for t, p in zip(form, point, strict=True)])


def theorem(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps of the proof, and its count of dimensions carried out at some widths."""
    widths = [4, 6, 8] if variant.keeps("four inputs") else [2, 4, 6, 8]
    ranks = Exhaustive("rows that fold no chamber have too small a rank", "rank at most 2 on R^n, less than n",
                       lambda: widths, lambda n: rank_allowed(n) < n, parameters=widths, size=4)  # fmt: skip
    return [strict_contraction(variant), far_out(), difference_of_rows(variant), three_rows(variant), ranks]


def maxmin_network(n: int) -> dict[str, Any]:
    """MaxMin on R^n as a network with the identity for weights."""
    identity = Affine.linear([[int(i == j) for j in range(n)] for i in range(n)])
    return to_json(Network(n, (identity, MaxMin(), identity)))


def chambers(n: int) -> Iterable[list[Vector]]:
    """For every chamber of MaxMin on R^n vectors that span it as a cone."""
    for signs in product((1, -1), repeat=n // 2):
        yield [tuple(Fraction(c) for c in _unit(n, k, *pair)) for k, s in enumerate(signs)
               for pair in ((1, 1), (-1, -1), (s, -s))]  # fmt: skip


def _unit(n: int, k: int, a: int, b: int) -> list[int]:
    return [0] * (2 * k) + [a, b] + [0] * (n - 2 * k - 2)


def folds(form: Sequence[Fraction], n: int) -> bool:
    """Whether the linear form takes both signs inside some chamber."""
    values = ([sum(a * b for a, b in zip(form, ray, strict=True)) for ray in rays] for rays in chambers(n))
    return any(min(v) < 0 < max(v) for v in values)


def rank_allowed(n: int) -> int:
    """The largest rank of a matrix whose rows differ by linear forms that do not fold a chamber of MaxMin on R^n."""
    normals = [[Fraction(c) for c in _unit(n, k, 1, -1)] for k in range(n // 2)]

    def together(group: Sequence[int]) -> bool:
        return not any(folds([p + s * q for p, q in zip(normals[j], normals[k], strict=True)], n)
                       for j, k in combinations(group, 2) for s in (1, -1))  # fmt: skip

    sizes = (len(g) for size in range(len(normals) + 1) for g in combinations(range(len(normals)), size) if together(g))
    return 1 + max(sizes)


def orthonormal(weight: Matrix) -> bool:
    """Whether the columns are orthonormal."""
    columns = list(zip(*weight, strict=True))
    gram = [[sum(a * b for a, b in zip(c, d, strict=True)) for d in columns] for c in columns]
    return gram == [[int(i == j) for j in range(len(columns))] for i in range(len(columns))]


def isometric(network: Network) -> bool:
    """Whether the Jacobian is orthogonal at a point inside every chamber."""
    inside = ([Fraction(sum(column)) for column in zip(*rays, strict=True)] for rays in chambers(network.inputs))
    return all(orthonormal(jacobian(network, x)) for x in inside)


def examine(data: Any, bounded: bool) -> Examination:
    """A network MaxMin with orthonormal weights on R^n: can a FullSort network under the 2-norm compute it?"""
    network = from_json(data)
    n = network.inputs
    match network.layers:
        case (Affine() as first, MaxMin(), Affine() as last):
            pass
        case _:
            raise NetworkError("This is no single MaxMin layer between two affine layers: give such a network.")
    identity = first.weight == last.weight == tuple(tuple(Fraction(i == j) for j in range(n)) for i in range(n))
    hypotheses = {"the function is MaxMin": identity and not any((*first.bias, *last.bias)),
                  "weights of 2-norm one": orthonormal(first.weight) and orthonormal(last.weight),
                  "isometric on every chamber": isometric(network)}  # fmt: skip
    if bounded:
        other = to_fullsort(network, 1)
        corners = product((-1, 0, 1), repeat=n)
        return Examination(hypotheses, all(evaluate(network, x) == evaluate(other, x) for x in corners))
    return Examination(hypotheses, rank_allowed(n) >= n)


def reading(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The obstruction computed for MaxMin on R^2 and R^4."""
    ending = ", on the box of radius 1" if variant.repaired else ": rows that fold no chamber can have rank n"
    text = f"MaxMin on R^n is computed by a FullSort network with weights of 2-norm at most one{ending}"
    return [
        Universal(NO_FOLD, text, lambda data: examine(data, variant.repaired), lambda: map(maxmin_network, (2, 4)),
                  size=4),
        Exhaustive("minimal: n = 2", "on R^2 there is no obstruction, for FullSort is MaxMin",
                   lambda: [maxmin_network(2)], lambda data: examine(data, False).conclusion, size=2),
    ]  # fmt: skip


SNIPPET = """\
from itertools import product
d, e = (1, -1, 0, 0), (0, 0, 1, -1)  # the normals of MaxMin's chambers on R^4
dot = lambda u, v: sum(a * b for a, b in zip(u, v))
for s in (1, -1):  # a difference of rows along both normals changes sign inside a chamber
    form, x, y = [a + s * b for a, b in zip(d, e)], d, [-s * b for b in e]
    print("row difference", form, "is", dot(form, x), "at", x, "and", dot(form, y), "at", y)
    assert dot(form, x) > 0 > dot(form, y) and all(dot(n, x) * dot(n, y) >= 0 for n in (d, e))
print("so all rows of the first weight matrix lie on one line, its rank is at most 2 < 4, and it is no isometry")
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.no_fullsort_network",
        source=ICML,
        printed=EXPRESSIVE,
        statement=(
            "For even n >= 4, no network of affine layers with weights of 2-norm at most 1 and FullSort activations, "
            "of any depth and width, equals MaxMin on all of R^n."
        ),
        reading="what holds instead on X = R^n, in the 2-norm",
        variant_of=f"{ROW}.equally_expressive",
        expected=Verdict.PROVED,
        obligations=theorem,
        scope="all reals, every even n >= 4, every depth and width, the 2-norm",
        covers_all=True,
        hypotheses={
            "four inputs": "n >= 4",
            "opposite order": "two points of a chamber whose images under the first layer are ordered differently",
            "shifts": "the chambers contain all multiples of (1, 1, 0, 0) and (0, 0, 1, 1)",
            "chamber ++": "a chamber in which both pairs are in the same order",
            "chamber +-": "a chamber in which the pairs are in opposite orders",
            "third difference": "the condition holds for every two rows",
        },
        textbook=(
            Textbook("two linear equations in four unknowns have a nonzero solution", "any text on linear algebra"),
            Textbook("a composition of 1-Lipschitz maps is 1-Lipschitz", "definition of a Lipschitz map"),
        ),
        argument="proof.md#no-fullsort-network-on-all-of-space",
        depends_on=("anil2019.groupsort_properties.lipschitz", "anil2019.groupsort_properties.norms"),
    ),
    Claim(
        id=f"{ROW}.equally_expressive_unbounded",
        short="on R^n, n >= 4, no FullSort network under the 2-norm is MaxMin; on bounded domains some are",
        source=ICML,
        printed=EXPRESSIVE,
        statement="On R^n, every MaxMin network with weights of 2-norm at most 1 equals such a FullSort network.",
        reading="on X = R^n, which section 2.1 takes unless otherwise specified, in the 2-norm",
        variant_of=f"{ROW}.equally_expressive",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=reading,
        scope="MaxMin on R^4; every even n >= 4 in the text",
        covers_all=True,
        argument="proof.md#no-fullsort-network-on-all-of-space",
        depends_on=(f"{ROW}.no_fullsort_network",),
        counterexamples={NO_FOLD: maxmin_network(4)},
        minimality="the fewest inputs: on R^2 FullSort is MaxMin, and n is even",
        near_misses=(NearMiss(NO_FOLD, maxmin_network(2), "on R^2 FullSort is MaxMin itself"),),
        repairs={"on the box of radius 1": Variant(repaired=True)},
        repaired_by=f"{ROW}.equally_expressive",
        snippet=SNIPPET,
        notes="The examination computes the obstruction; that it is one is proved in no_fullsort_network. "
        "GroupSort(k) with fixed k >= 2 has no such obstruction. Other norms than the 2-norm are open here.",
    ),
)
