"""Under the 2-norm, ReLU, absolute values, MaxMin, GroupSort, FullSort and maxout approximate the same functions.

Plain reading: on a compact set the uniform closures of these six classes of networks with all ||W||_2 <= 1 agree. The
sorts are MaxMin networks (row fullsort_maxmin), MaxMin is two absolute values on bounded sets, an absolute value is the
limit of ReLU networks (`depth`), and ReLU is a part of MaxMin and of maxout. An error made in one layer is carried to
the output without growing, since all later layers are 1-Lipschitz.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from lipcheck.build.activations import maxmin_by_abs, relu_by_maxmin
from lipcheck.build.relu_folding import with_relu
from lipcheck.claims.anil2019.relu_cannot_approximate.common import ICML, ROW
from lipcheck.network import Affine, MaxMin, Network, ReLU
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings import smt
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.rationals import parse
from lipcheck.words.terms import maximum, minimum, positive_part, var
from lipcheck.words.verdict import Budget, Verdict

ONE = Fraction(1)


def pair(variant: Variant) -> Forall:
    """The Abs network of `maxmin_by_abs` is (max, min) on [-1, 1]^2."""
    x, y = var("x"), var("y")
    high, low = smt.evaluate(maxmin_by_abs(2, 1), (x, y))
    bounded = {"bounded": conj(x >= -1, x <= 1, y >= -1, y <= 1)} if variant.keeps("bounded") else {}
    return Forall("MaxMin by absolute values", bounded, conj(equals(high, maximum(x, y)), equals(low, minimum(x, y))))


def relu() -> Forall:
    """ReLU is a unit of MaxMin(x, 0), and of maxout(x, 0)."""
    x = var("x")
    (unit,) = smt.evaluate(relu_by_maxmin(1), (x,))
    return Forall("ReLU by MaxMin", {}, conj(equals(unit, positive_part(x)), equals(maximum(x, 0), positive_part(x))))


def carried(variant: Variant) -> Forall:
    """A layer with Lipschitz constant L carries an error e on as L e at most and adds its own, t."""
    e, after, t, total = map(var, ("e", "after", "t", "total"))
    hypotheses: dict[str, Formula] = {"so far": conj(e >= 0, t >= 0, e <= total)}
    L = var("L")
    hypotheses["layer"] = after <= L * e + t
    hypotheses["gain"] = conj(L >= 0, L <= 1) if variant.keeps("norm") else L >= 0
    return Forall("errors add up", hypotheses, after <= total + t,
                  witness={"e": ONE, "after": ONE, "t": ONE, "total": ONE, "L": ONE})  # fmt: skip


def replaced(slope: str) -> bool:
    """MaxMin on [-1, 1]^2 by ReLU: norms at most one, and within sqrt(4) 2 (1 - s) / 2 of (max, min) on a grid."""
    s = parse(slope)
    network = with_relu(maxmin_by_abs(2, 1), s, 2)
    grid = [Fraction(k, 2) for k in range(-2, 3)]
    near = all(
        sum((a - b) ** 2 for a, b in zip(evaluate(network, [x, y]), (max(x, y), min(x, y)), strict=True))
        <= (2 * (1 - s)) ** 2
        for x, y in product(grid, repeat=2)
    )
    kinds = all(isinstance(layer, Affine | ReLU) for layer in network.layers)
    norms = all(spectral_norm_at_most(layer.weight, ONE) for layer in network.layers if isinstance(layer, Affine))
    return near and kinds and norms


def networks(slopes: tuple[str, ...]) -> Exhaustive:
    """Networks of several depths in place of one MaxMin pair."""
    return Exhaustive(f"a pair by ReLU with slope {slopes[-1]}", "ReLU networks of norm one near MaxMin",
                      lambda: slopes, replaced, parameters=list(slopes))  # fmt: skip


def padded() -> Exhaustive:
    """A pair inside a larger sort: with constants below the bound, GroupSort(k) sorts (x, y) as MaxMin does."""

    def as_maxmin(k: int) -> bool:
        from lipcheck.network import GroupSort, Select

        rows = [[int(i == j) for j in range(2)] for i in range(k)]
        bias = [0, 0] + [-2] * (k - 2)
        wide = Network(2, (Affine(rows, bias), GroupSort(k, order="descending"), Select((0, 1), k)))
        pair_ = Network(2, (MaxMin(),))
        corners = list(product((-1, Fraction(-1, 2), 0, 1), repeat=2))
        return spectral_norm_at_most(wide.layers[0].weight, ONE) and all(  # type: ignore[union-attr]
            evaluate(wide, x) == evaluate(pair_, x) for x in corners
        )

    return Exhaustive("MaxMin by larger sorts", "constants -2 in a group do not mix with numbers from -1 to 1",
                      lambda: range(2, 6), as_maxmin)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Each inclusion, and how errors add up."""
    built = [networks(("1/2", "2/3"))]
    if budget is not Budget.SMOKE:
        built.append(networks(("3/4",)))
    return [pair(variant), relu(), carried(variant), padded(), *built]


CLAIMS = (
    Claim(
        id=f"{ROW}.same_closure",
        source=f"{ICML}, section 5",
        printed=(
            "In this work we also show that many activations, including ReLU, are not sufficient with 2-norm "
            "constraints. We prove that Lipschitz functions can be universally approximated if the correct activation "
            "function is used."
        ),
        statement=(
            "For every compact K in R^n the networks from R^n to R^m with all ||W||_2 <= 1 and one of the activations "
            "ReLU, absolute value, MaxMin, GroupSort(k), FullSort, Maxout(k), k >= 2, have the same closure in the "
            "uniform norm on K."
        ),
        reading="what the two sentences come to under the 2-norm: ReLU is as sufficient as GroupSort",
        variant_of=f"{ROW}.not_sufficient",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all compact sets, all widths; depth is not bounded",
        covers_all=True,
        hypotheses={
            "bounded": "inputs are confined to a compact set",
            "norm": "every weight has ||W||_2 <= 1",
        },
        textbook=(
            Textbook("a continuous function is bounded on a compact set", "Rudin, Principles, 4.15"),
            Textbook("a composition of 1-Lipschitz maps is 1-Lipschitz", "definition of a Lipschitz map"),
            Textbook("induction over layers", "Peano's axioms"),
        ),
        depends_on=(
            f"{ROW}.depth",
            "anil2019.fullsort_maxmin.equally_expressive",
            "anil2019.fullsort_maxmin.bubble_sort",
            "anil2019.fullsort_maxmin.bubble_sort_odd",
        ),
        argument="proof.md#same-closure",
        notes=(
            "So 2-norm ReLU networks are universal if and only if 2-norm GroupSort networks are: the paper leaves it "
            "open. An error e costs about R sqrt(m) / e layers for one Abs layer of width m, numbers up to R."
        ),
    ),
)
