"""Sections 3 and 4.1: "common activation functions such as ReLU are not gradient norm preserving"; sorts are.

Plain reading: an activation is gradient norm preserving if its Jacobian J satisfies ||v J||_2 = ||v||_2 for all rows v
wherever it is smooth. ReLU, leaky ReLU, sigmoid and tanh are not; GroupSort, MaxMin, FullSort and the absolute value
are. Maxout is as well, though the paper counts it among the others: J has one 1 in each row, in different columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.norm_preserving_activations.common import (
    ICLR,
    ICML,
    ONE,
    ROW,
    counted_among_the_others,
    of,
    preserves_backward,
    preserves_forward,
    read,
)
from lipcheck.network import Abs, FullSort, GroupSort, LeakyReLU, MaxMin, Maxout, ReLU
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

NOT_COUNTED = "norm preserving activations are counted as such"
half = Fraction(1, 2)


def preserving() -> list[Data]:
    """Sorts and absolute values of small widths."""
    return [of(MaxMin(), 2), of(GroupSort(3, order="ascending"), 3), of(Abs(), 2),
            of(FullSort(order="descending"), 3), of(GroupSort(1, order="ascending"), 1)]  # fmt: skip


def losing() -> list[Data]:
    """ReLU and leaky ReLU."""
    return [of(ReLU(), 1), of(ReLU(), 2), of(LeakyReLU(half), 1), of(LeakyReLU(Fraction(99, 100)), 2)]


def both_ways() -> Exhaustive:
    """Sorts and absolute values have orthogonal Jacobians."""
    return Exhaustive("these preserve norms", "the Jacobian is orthogonal wherever it exists", preserving,
                      lambda data: preserves_backward(read(data)) and preserves_forward(read(data)))  # fmt: skip


def neither() -> Exhaustive:
    """ReLU and leaky ReLU lose norm in both directions."""
    return Exhaustive("these lose norm", "at some point the Jacobian shortens some vector, in both directions", losing,
                      lambda data: not preserves_backward(read(data)) and not preserves_forward(read(data)),
                      )  # fmt: skip


def elementwise(variant: Variant) -> Forall:
    """A unit with squared slope p and squared entry v > 0 keeps v only if p is 1."""
    p, v = var("p"), var("v")
    hypotheses: dict[str, Formula] = {"preserved": equals(p * v, v), "squares": conj(p >= 0, v >= 0)}
    if variant.keeps("entry"):
        hypotheses["entry"] = v > 0
    return Forall("a unit keeps its entry only with slope ±1", hypotheses, equals(p, 1), witness={"p": ONE, "v": ONE})


def tanh(variant: Variant) -> Forall:
    """At the value t ≠ 0 tanh has the slope 1 - t^2 between 0 and 1."""
    t = var("t")
    inside: dict[str, Formula] = {"value": conj(t > -1, t < 1)}
    if variant.keeps("away from 0"):
        inside["away from 0"] = disj(t > 0, t < 0)
    return Forall("tanh loses norm away from 0", inside, conj(1 - t * t < 1, 1 - t * t > 0))


def sigmoid(variant: Variant) -> Forall:
    """At the value (1 + t) / 2 the sigmoid has the slope (1 + t) (1 - t) / 4, at most 1/4."""
    t = var("t")
    return Forall("sigmoid loses norm", {"value": conj(t > -1, t < 1)},
                  (1 + t) * (1 - t) / 4 <= variant.value("slope of sigmoid", Fraction(1, 4)))  # fmt: skip


def classes(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both lists, and the smooth activations by their slopes."""
    return [both_ways(), neither(), elementwise(variant), tanh(variant), sigmoid(variant)]


def examine(data: Data, both: bool) -> Examination:
    """An activation that preserves norms backward (in the repair: both ways): is it counted so by the paper?"""
    network = read(data)
    hypotheses = {"preserves norms": preserves_backward(network) and (not both or preserves_forward(network))}
    return Examination(hypotheses, not counted_among_the_others(network))


def counted(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The printed classification, and that the smallest counterexample is the smallest."""
    text = "an activation whose Jacobian keeps the norm of every gradient row is not counted as non-GNP"
    smallest = Exhaustive("minimal: one group of two", "Maxout(1) is the identity, which loses nothing either way",
                          lambda: [of(Maxout(1), 1)], lambda data: preserves_forward(read(data)))  # fmt: skip
    return [
        Universal(NOT_COUNTED, text, lambda data: examine(data, variant.repaired),
                  lambda: [*losing(), of(Maxout(2), 2), of(Maxout(3), 3)],
                  parameters=variant.repaired),
        smallest,
    ]  # fmt: skip


SNIPPET = """\
def backward(x, v):  # through maxout of pairs: v_i goes to the larger of x[2 i], x[2 i + 1], the other one gets 0
    row = [0] * len(x)
    for i, entry in enumerate(v):
        row[2 * i + (x[2 * i + 1] > x[2 * i])] = entry
    return row
for x in ((1, 2, 4, 3), (2, 1, 3, 4)):
    v = (3, 4)
    print(v, "becomes", backward(x, v), "with the same norm")
    assert sum(a * a for a in backward(x, v)) == sum(a * a for a in v)
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=f"{ICML}, section 4.1; {ICLR}, section 4.1",
        printed=(
            "As discussed in Section 3, common activation functions such as ReLU are not gradient norm preserving. To "
            "achieve norm preservation, we use a general purpose 1-Lipschitz activation we call GroupSort. [Section 1: "
            "GroupSort is both Lipschitz and gradient norm preserving.]"
        ),
        statement=(
            "The Jacobians of GroupSort, MaxMin, FullSort and the absolute value are orthogonal wherever they exist. "
            "Those of ReLU, leaky ReLU of slope in (-1, 1), sigmoid and tanh shorten vectors on open sets, whichever "
            "side they are multiplied from; an element-wise activation preserves norms only where its slopes are ±1."
        ),
        expected=Verdict.PROVED,
        obligations=classes,
        scope="every width and group size",
        covers_all=True,
        hypotheses={
            "entry": "the unit's entry of the gradient is not 0",
            "away from 0": "the preactivation of tanh is not 0",
        },
        constants={"slope of sigmoid": Constant(Fraction(1, 4), Fraction(99, 400), words="the largest slope")},
        textbook=(
            Textbook("sigma' = sigma (1 - sigma), tanh' = 1 - tanh^2", "NIST DLMF 4.34"),
            Textbook("a sort is a permutation matrix on each cone of one order", "definition of sorting"),
        ),
        depends_on=("anil2019.groupsort_properties.norms", "anil2019.groupsort_properties.jacobian"),
        argument="proof.md#classes",
        notes="At the single point 0 tanh preserves norms; scaled to slope one, so does the sigmoid.",
    ),
    Claim(
        id=f"{ROW}.maxout",
        short="maxout keeps the norm of each gradient on its way back, J J' = I; it shortens vectors going forward",
        source=f"{ICML}, section 7.1.1 with Table 1; {ICLR}, section 7.1.1 with Table 1",
        printed=(
            "It can be seen that non-GNP activation functions are incapable of approximating this rather trivial "
            "Lipschitz function. While we observed that increasing the network depth helps ReLU and MaxOut activations "
            "(Table 1), the representational bottleneck [...] [Table 1: ReLU, Maxout, MaxMin, FullSort]"
        ),
        statement="Maxout, like ReLU, does not preserve the norm of the gradient during backpropagation.",
        reading="ReLU and maxout are the non-GNP activations of Table 1; GNP as section 1 explains it",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=counted,
        scope="Maxout of every group size and width, at every point without ties",
        covers_all=True,
        counterexamples={NOT_COUNTED: of(Maxout(2), 2)},
        minimality="one group of two numbers: with groups of one maxout is the identity",
        near_misses=(
            NearMiss(NOT_COUNTED, of(ReLU(), 2), "ReLU does lose norm"),
            NearMiss(NOT_COUNTED, of(MaxMin(), 2), "MaxMin preserves norms and is counted so"),
        ),
        repairs={"forward and backward": Variant(repaired=True)},
        snippet=SNIPPET,
        repaired_by=f"{ROW}.maxout_one_way",
        argument="proof.md#maxout",
        notes=(
            "What maxout lacks is that its Jacobian is square: it shortens vectors on the way forward. The inference "
            "'gradient norm preserved at every layer, so expressive' does not cover it."
        ),
    ),
    Claim(
        id=f"{ROW}.maxout_one_way",
        source=f"{ICML}, section 7.1.1",
        printed="While we observed that increasing the network depth helps ReLU and MaxOut activations (Table 1), ...",
        statement=(
            "Maxout of groups of k >= 2 preserves the norm of every gradient on its way back, and shortens some vector "
            "on its way forward, at every point without ties."
        ),
        reading="repaired: maxout preserves norms one way only",
        variant_of=f"{ROW}.maxout",
        expected=Verdict.PROVED,
        obligations=lambda variant, budget: one_way(variant),
        scope="every width and group size k >= 2",
        covers_all=True,
        hypotheses={"groups": "the groups have at least two numbers"},
        textbook=(Textbook("rows that are distinct unit vectors are orthonormal", "definition"),),
        argument="proof.md#maxout",
    ),
)


def one_way(variant: Variant) -> list[Obligation]:
    """One group of k numbers; larger widths are groups side by side."""
    sizes = [2, 3] if variant.keeps("groups") else [1, 2, 3]
    w, v = var("w"), var("v")
    one_winner = equals(w * (1 - w), 0)
    winner = Forall("the winner gets the entry", {"one winner": one_winner},
                    equals((w * v) ** 2 + ((1 - w) * v) ** 2, v * v), witness={"w": ONE, "v": ONE})  # fmt: skip
    return [
        Exhaustive(
            "backward, not forward",
            "J J' = I and J'J ≠ I",
            lambda: [of(Maxout(k), k) for k in sizes],
            lambda data: preserves_backward(read(data)) and not preserves_forward(read(data)),
            parameters=sizes,
        ),
        winner,
    ]
