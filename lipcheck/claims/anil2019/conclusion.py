"""Anil et al. 2019, section 8 and the abstract: what is said to be universal.

'By combining the GroupSort activation function and orthonormal weight matrices, we presented a class of networks which
are provably 1-Lipschitz and can approximate any 1-Lipschitz function arbitrarily well.' The first half is proved. The
second half is, for orthonormal weights, the question that section 6 leaves open; Theorem 3 speaks of another class. In
one dimension it is true, also with all singular values one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from lipcheck.build import strips, zigzags
from lipcheck.build.dilation import dilate
from lipcheck.claims.anil2019.open_question import dimension_one, unfolding
from lipcheck.claims.anil2019.theorem_3 import common, statement
from lipcheck.exact import dot, matrix
from lipcheck.network import Affine, GroupSort, Layer, LeakyReLU, Network, from_json, to_json
from lipcheck.norms import has_unit_singular_values, operator_norm
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import maximum, minimum, var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.conclusion"
SECTION = "Anil et al. 2019 (ICLR submission), section 8; the same in the ICML version"
PRINTED = (
    "By combining the GroupSort activation function and orthonormal weight matrices, we presented a class of neural "
    "networks which are provably 1-Lipschitz and can approximate any 1-Lipschitz function arbitrarily well."
)
CLASS = "orthonormal weights in the class of Theorem 3"
ONE = Fraction(1)


class ConclusionError(LipcheckError, ValueError):
    """Data that are no network or matrix to look at."""


def lipschitz(data: Data, variant: Variant) -> Examination:
    """A network from R with orthonormal weights and GroupSort: is it 1-Lipschitz between -1 and 0?"""
    network = from_json(data)
    if network.inputs != 1:
        raise ConclusionError("The examination needs one input.")
    affine = [layer for layer in network.layers if isinstance(layer, Affine)]
    scale = variant.value("singular value", 1)
    scaled = [[[w / scale for w in row] for row in layer.weight] for layer in affine]
    hypotheses = {
        "orthonormal": all(has_unit_singular_values(matrix(weight)) for weight in scaled),
        "GroupSort": all(isinstance(layer, Affine | GroupSort) for layer in network.layers),
    }
    before, after = evaluate(network, [0]), evaluate(network, [-1])
    step = [b - a for a, b in zip(before, after, strict=True)]
    return Examination(hypotheses, dot(step, step) <= 1)


def networks(variant: Variant) -> Universal:
    """Networks with one of the hypotheses broken."""
    unit = [[Fraction(3, 5)], [Fraction(4, 5)]]
    proposed: list[tuple[Layer, ...]] = [
        (Affine.linear(unit), GroupSort(2, order="ascending"), Affine.linear([[Fraction(3, 5), Fraction(4, 5)]])),
        (Affine.linear([[1]]), LeakyReLU(2), Affine.linear([[-1]])),
        (Affine.linear([[2]]),),
        (Affine.linear([[variant.value("singular value", 1)]]),),
    ]
    return Universal("networks with orthonormal weights", "1-Lipschitz", lambda data: lipschitz(data, variant),
                     lambda: [to_json(Network(1, layers)) for layers in proposed], variant.dropped)  # fmt: skip


def sorting() -> Forall:
    """A comparator does not take two pairs of numbers further apart; a sort is made of comparators."""
    a, b, c, d = var("a"), var("b"), var("c"), var("d")
    high, low = maximum(a, b) - maximum(c, d), minimum(a, b) - minimum(c, d)
    return Forall("comparators are 1-Lipschitz", {}, high**2 + low**2 <= (a - c) ** 2 + (b - d) ** 2)


def provably(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The first half."""
    return [networks(variant)] if budget is Budget.SMOKE else [networks(variant), sorting()]


def dilated(variant: Variant, most: int) -> Exhaustive:
    """Networks of spectral norms at most one near some functions, dilated: all singular values one, the same values."""
    cases = [[1, 1], [2, 1, 2], [3, 2, 3, 1]][:most]

    def holds(lengths: Data) -> bool:
        zigzag = zigzags.read(lengths)
        narrow = zigzags.network(zigzag, 1)
        wide = dilate(narrow)
        weights = [layer.weight for layer in wide.layers if isinstance(layer, Affine)]
        places = [Fraction(0), Fraction(1, 2), zigzag.total]
        same = strips.values(narrow, places) == strips.values(wide, places)
        goal = variant.value("singular value", 1)
        return same and all(has_unit_singular_values(matrix([[w / goal for w in row] for row in m])) for m in weights)

    return Exhaustive(f"dilations of {most} networks", "the same function by weights with all singular values one",
                      lambda: cases, holds, parameters=[cases, str(variant.value("singular value", 1))],
                      size=most)  # fmt: skip


def on_the_line(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Dimension one, dilated."""
    small: list[Obligation] = [dimension_one.factor(variant), dimension_one.waves(variant), dilated(variant, 1)]
    if budget is Budget.SMOKE:
        return small
    steps = [dimension_one.one_round(), unfolding.dense(), unfolding.composed()]
    return [*small, *steps, dilated(variant, 2)]


def in_class(data: Data, repaired: bool) -> Examination:
    """An orthonormal matrix: has it ||W||_inf = 1, or (`repaired`) spectral norm one?"""
    weight = matrix(data, "matrix")
    norm = operator_norm(weight, Fraction(2)) if repaired else operator_norm(weight, math.inf)
    return Examination({"orthonormal": has_unit_singular_values(weight)}, norm.at_most(1) is True)


def same_class(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Is every orthonormal matrix a weight of Theorem 3? For 1 x 1 matrices, yes."""
    single = [[["1"]], [["-1"]]]
    return [
        Universal(CLASS, "a matrix with all singular values one has ||W||_inf = 1", lambda data: in_class(data,
                  variant.repaired), lambda: [ROTATION, [["3/5", "4/5"]]]),
        Exhaustive("minimal: 1 x 1", "matrices of one entry with singular value one have ||W||_inf = 1", lambda: single,
                   lambda data: not in_class(data, False).violates(), parameters=single, size=1),
    ]  # fmt: skip


def abstract(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The abstract's sentence is Theorem 3."""
    return statement.obligations(variant, budget)


def open_half(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The second half, looked at on the line, and what is known."""

    def examine(data: Data) -> Examination:
        zigzag = zigzags.read(data)
        made = zigzags.network(zigzag, 3)
        places = [Fraction(k, 2) for k in range(int(2 * zigzag.total) + 1)]
        off = max(abs(v - zigzag.of(t)) for t, v in zip(places, strips.values(made, places), strict=True))
        return Examination({"1-Lipschitz": True}, dimension_one.norms(made, ONE) and off <= Fraction(1, 4))

    question = Universal("the second half", "every 1-Lipschitz function on a compact X in R^n is a limit of GroupSort "
                         "networks with orthonormal weights", examine, lambda: [[1, 1], [3, 2, 3]])  # fmt: skip
    facts: list[Forall | Exhaustive] = [dilated(variant, 1)]
    if budget is not Budget.SMOKE:
        facts += [sorting(), dimension_one.one_round()]
    return [question, *(replace(fact, name=f"known: {fact.name}") for fact in facts)]


ROTATION = [["3/5", "4/5"], ["-4/5", "3/5"]]

CLAIMS = (
    Claim(
        id=ROW,
        source=SECTION,
        printed=PRINTED,
        statement=(
            "For every n, compact X in R^n, 1-Lipschitz g : X → R (Euclidean norm) and eps > 0 some GroupSort network "
            "whose weights have all singular values one is 1-Lipschitz and within eps of g on X."
        ),
        expected=Verdict.UNKNOWN,
        obligations=open_half,
        scope="n ≥ 2; for n = 1 it is true (one_dimension)",
        covers_all=False,
        open_because=(
            "That these networks are 1-Lipschitz is proved (lipschitz). That they approximate every 1-Lipschitz "
            "function is what section 6 of the same paper calls an open question; Theorem 3 is about other weights "
            "(theorem_3_class). For n = 1 it is true (one_dimension); for n ≥ 2 no proof and no counterexample is "
            "known here."
        ),
        argument="proof.md#the-second-half",
        depends_on=(f"{ROW}.lipschitz", f"{ROW}.one_dimension"),
        notes="The paper contradicts itself on what it shows: 'it remains an open question whether 2-norm constrained "
        "GroupSort networks are also universal' (section 6).",
    ),
    Claim(
        id=f"{ROW}.lipschitz",
        source=SECTION,
        printed=PRINTED,
        statement="Every GroupSort network whose weights have all singular values one is 1-Lipschitz, Euclidean norm.",
        reading="the first half of the sentence",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=provably,
        scope="all widths, depths and group sizes",
        covers_all=True,
        hypotheses={"orthonormal": "all singular values are one", "GroupSort": "the activations are GroupSort"},
        constants={"singular value": Constant(ONE, Fraction(101, 100), words="the largest singular value")},
        textbook=(
            Textbook("a composition of 1-Lipschitz maps is 1-Lipschitz", "definition of a Lipschitz map"),
            Textbook("sorting networks: a sort is a composition of comparators", "Knuth 3, section 5.3.4"),
        ),
        argument="proof.md#the-first-half",
    ),
    Claim(
        id=f"{ROW}.one_dimension",
        source=SECTION,
        printed=PRINTED,
        statement=(
            "For every compact X in R, 1-Lipschitz g : X → R and eps > 0 some MaxMin network whose weights have all "
            "singular values one is within eps of g on X."
        ),
        reading="the second half for one input",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=on_the_line,
        scope="n = 1",
        covers_all=True,
        hypotheses={"bounded": "X is bounded"},
        constants={"singular value": Constant(ONE, Fraction(99, 100), words="all singular values")},
        mutants={"rounds from a straight strip": Variant(dropped=frozenset({"bent"}))},
        argument="proof.md#one-dimension",
        depends_on=("anil2019.open_question.dimension_one", "anil2019.theorem_2.dilation"),
    ),
    Claim(
        id=f"{ROW}.theorem_3_class",
        short=(
            "Orthonormal rows such as (3/5, 4/5) break ||W||_∞ = 1: Theorem 3 is about another class, "
            "that of mixed norms."
        ),
        source=SECTION,
        printed=PRINTED,
        statement="Orthonormal weights satisfy the constraints of Theorem 3, so that the theorem speaks of this class.",
        reading="'we presented a class': the class that section 6 proves to be universal",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.CITATION,
        obligations=same_class,
        scope="hidden and last weights; ||W||_∞ = 1 is asked for",
        covers_all=True,
        repairs={"spectral norm one": Variant(repaired=True)},
        counterexamples={CLASS: [["3/5", "4/5"]]},
        near_misses=(
            NearMiss(CLASS, [["1", "0"], ["0", "-1"]], "signs and permutations satisfy both constraints"),
            NearMiss(CLASS, [["1", "1"]], "this row has singular value sqrt 2"),
        ),
        minimality="two entries; a matrix of one entry satisfies both constraints or none",
        snippet=(
            "from fractions import Fraction as F\n"
            "w = (F(3, 5), F(4, 5))\n"
            "print('singular value squared:', sum(v * v for v in w), ' infinity norm:', sum(map(abs, w)))\n"
            "assert sum(v * v for v in w) == 1 and sum(map(abs, w)) == F(7, 5)"
        ),
        repaired_by=f"{ROW}.abstract",
        argument="proof.md#another-class",
        notes="Nor are the weights of Theorem 3 orthonormal: [1; 1] has ||W||_∞ = 1 and singular value sqrt 2.",
    ),
    Claim(
        id=f"{ROW}.abstract",
        source="Anil et al. 2019, abstract and section 1 of both versions",
        printed="We show that norm-constrained GroupSort architectures are universal Lipschitz function approximators.",
        statement=(
            "With ||W_1||_{p,∞} = 1 and ||W||_∞ = 1 for the other weights, GroupSort networks of group size two "
            "are dense in the 1-Lipschitz functions on every bounded X in R^n, for every p in [1, ∞]."
        ),
        reading="the norms of Theorem 3; K-Lipschitz functions after scaling by K",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=abstract,
        scope="the mixed and the infinity norms; not the 2-norm, which the experiments mostly use",
        covers_all=True,
        hypotheses={"bounded": "X is bounded", **statement.NORMS},
        constants=statement.NORM,
        textbook=(common.HOELDER, common.BOUNDED, common.LAYERS),
        argument="proof.md#the-abstract",
        depends_on=("anil2019.theorem_3",),
    ),
)
