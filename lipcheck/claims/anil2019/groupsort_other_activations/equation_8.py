"""Anil et al. 2019, ICLR appendix A, equation 8: MaxMin([x; 0]) = [ReLU(x); -ReLU(-x)], and concatenated ReLU from it.

Here MaxMin puts the maximum first. With the ascending order of section 4.1 the two entries are exchanged. Concatenated
ReLU of n numbers is (ReLU(x), ReLU(-x)): the n pairs (x_i, 0), then a signed permutation.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.activations import concatenated_relu_by_maxmin, relu_by_maxmin
from lipcheck.claims.anil2019.groupsort_other_activations.common import (
    APPENDIX,
    ASCENDING,
    EQUATION_8,
    ONE,
    ROW,
    UNITS,
    ZERO_ELEMENTS,
    relu,
    sort,
)
from lipcheck.network import Affine, Network, from_json, to_json
from lipcheck.readings.smt import evaluate
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import equals, same
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import Term, const, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

X = var("x")
PAIR = "MaxMin of (x, 0)"


def pair(order_holds: bool, added: Fraction = ONE - ONE) -> Forall:
    """The sorted pair (x, added) against (ReLU(x), -ReLU(-x))."""
    image = sort([X, const(added)], "descending" if order_holds else "ascending")
    return Forall(PAIR, {}, same(image, [relu(X), -relu(-X)]), size=1)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equation 8."""
    return [pair(variant.keeps("maximum first"), variant.value("the number added", 0))]


def ascending(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equation 8 in the order of section 4.1."""
    tie = Forall("minimal: x = 0 is no counterexample", {"zero": equals(X, 0)},
                 same(sort([X, const(0)], "ascending"), [relu(X), -relu(-X)]), size=1)  # fmt: skip
    return [pair(variant.repaired), tie]


def concatenated(x: Sequence[Term]) -> list[Term]:
    """(ReLU(x_1), ..., ReLU(x_n), ReLU(-x_1), ..., ReLU(-x_n))."""
    return [*map(relu, x), *(relu(-t) for t in x)]


def networks(n: int) -> Forall:
    """The networks of n pairs."""
    x = variables("x", n)
    images = [*evaluate(relu_by_maxmin(n), x), *evaluate(concatenated_relu_by_maxmin(n), x)]
    return Forall(f"networks for {n} numbers", {}, same(images, [*map(relu, x), *concatenated(x)]), size=n)


def linear_forms(variant: Variant) -> Forall:
    """From the pair: the first entry, and (first, -second); a mutant forgets the sign."""
    first, second = sort([X, const(0)], "descending")
    sign = -1 if variant.keeps("sign") else 1
    return Forall("linear maps of the pair", {}, same([first, first, sign * second], [relu(X), relu(X), relu(-X)]),
                  size=1)  # fmt: skip


def signed(data: Any) -> bool:
    """Whether every row and column of the weight holds at most one entry, 1 or -1."""
    (layer,) = from_json(data).layers
    assert isinstance(layer, Affine)
    lines = [*layer.weight, *zip(*layer.weight, strict=True)]
    return all(sum(map(abs, line)) <= 1 and set(line) <= {-1, 0, 1} for line in lines) and not any(layer.bias)


def all_weights(n: int) -> Exhaustive:
    """Weights of both networks: signed permutations with rows or columns left out, of norm one in every p-norm."""
    affine = [w for net in (relu_by_maxmin(n), concatenated_relu_by_maxmin(n)) for w in net.layers]
    elements = [to_json(Network(len(w.weight[0]), (w,))) for w in affine if isinstance(w, Affine)]
    return Exhaustive(f"weights for {n} numbers", "signed permutation matrices without some rows or columns",
                      lambda: elements, signed, size=n)  # fmt: skip


def outputs(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One number for the proof, networks of some widths."""
    sizes = (1,) if budget is Budget.SMOKE else (1, 2, 3)
    return [linear_forms(variant), *map(networks, sizes), *map(all_weights, sizes)]


SNIPPET = """\
from fractions import Fraction as F
relu = lambda t: max(t, F(0))
x = F(1)
image = sorted([x, F(0)])  # "sorts each group into ascending order"
print("GroupSort(x, 0) =", image, " equation 8 says", [relu(x), -relu(-x)])
assert image != [relu(x), -relu(-x)] and image[::-1] == [relu(x), -relu(-x)]
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.equation_8",
        source=f"{APPENDIX}, equation 8",
        printed=EQUATION_8,
        statement="For every real x, MaxMin(x, 0) = (ReLU(x), -ReLU(-x)), where MaxMin = (max, min).",
        reading="MaxMin puts the maximum first",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals",
        covers_all=True,
        hypotheses={"maximum first": "MaxMin(x, y) = (max(x, y), min(x, y))"},
        constants={"the number added": Constant(ONE - ONE, Fraction(1, 100), words="the second entry of the pair")},
        argument="proof.md#equation-8",
    ),
    Claim(
        id=f"{ROW}.equation_8_ascending",
        source=f"{APPENDIX}, equation 8, with section 4.1",
        printed=f"{EQUATION_8} {ASCENDING}",
        statement="For every real x, GroupSort(x, 0) = (ReLU(x), -ReLU(-x)) for one ascending pair.",
        reading="MaxMin as section 4.1 defines it: GroupSort with groups of 2, ascending",
        variant_of=f"{ROW}.equation_8",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=ascending,
        scope="all reals x but 0",
        covers_all=True,
        repairs={"the maximum first": Variant(repaired=True)},
        counterexamples={PAIR: {"x": "1"}},
        near_misses=(NearMiss(PAIR, {"x": "0"}, "at 0 both entries are 0"),),
        minimality="one pair is the least width; only x = 0 is no counterexample",
        short="ascending, as in section 4.1, equation 8 has its entries exchanged; with the maximum first it holds",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.equation_8",
        argument="proof.md#equation-8",
        notes="The name MaxMin says maximum first, section 4.1 ascending; either serves, with the columns of the next "
        "weight exchanged.",
    ),
    Claim(
        id=f"{ROW}.concatenated_relu",
        source=APPENDIX,
        printed=ZERO_ELEMENTS,
        statement=(
            "For every n, ReLU and concatenated ReLU of n numbers are linear maps of MaxMin(x_1, 0, ..., x_n, 0), on "
            "all of R^n, with weights of p-norm 1 for every p."
        ),
        expected=Verdict.PROVED,
        obligations=outputs,
        scope="all reals, every n, every p",
        covers_all=True,
        hypotheses={"sign": "the second outputs are taken with a minus sign"},
        textbook=(UNITS,),
        argument="proof.md#equation-8",
        depends_on=(f"{ROW}.equation_8",),
        notes="The section says 'without norm constraints'; none is violated here.",
    ),
)
