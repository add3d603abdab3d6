"""Anil et al. 2019, section 4.1: absolute value folds space on each of the coordinate axes.

Plain reading: x -> (|x_1|, ..., |x_n|) is the composition, in any order, of the folds along {x_i = 0}, i = 1, ..., n,
each of which keeps x_i >= 0 and reflects the other side. For n = 2 these hyperplanes are the axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from lipcheck.claims.anil2019.maxmin_abs.common import ICML, ROW
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import conj, disj, equals, same
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import Term, absolute, var, variables
from lipcheck.words.verdict import Budget, Verdict


def fold_axis(x: Sequence[Term], i: int) -> list[Term]:
    """The fold along {x_i = 0}: x + (|x_i| - x_i) e_i."""
    return [t + (absolute(t) - t if j == i else 0) for j, t in enumerate(x)]


def composition(n: int, order: Sequence[int], variant: Variant) -> Forall:
    """The folds in this order, all of them or all but the last."""
    x = variables("x", n)
    image: Sequence[Term] = x
    for i in order if variant.keeps("each axis") else order[:-1]:
        image = fold_axis(image, i)
    name = "folds in the order " + ", ".join(str(i + 1) for i in order)
    return Forall(name, {}, same(image, [absolute(t) for t in x]), size=n)


def reflection() -> Forall:
    """Each fold is the identity on one side of the hyperplane and the reflection on the other."""
    x, y = var("x"), var("y")
    image = fold_axis([x, y], 0)
    sides = disj(conj(x >= 0, same(image, [x, y])), conj(x <= 0, same(image, [-x, y])))
    return Forall("identity on one side, reflection on the other", {}, sides, size=2)


def one_more(variant: Variant) -> Forall:
    """A fold along one more axis changes its own coordinate alone, to |x_i|, whatever the others have become."""
    x, y = var("x"), var("y")
    image = fold_axis([x, y], 0) if variant.keeps("each axis") else [x, y]
    return Forall("one more fold", {}, conj(equals(image[0], absolute(x)), equals(image[1], y)), size=2)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The step from n to n + 1, and all orders for n = 2 and 3."""
    sizes = (2,) if budget is Budget.SMOKE else (2, 3)
    orders = [(n, order) for n in sizes for order in permutations(range(n))]
    return [reflection(), one_more(variant), *(composition(n, order, variant) for n, order in orders)]


CLAIMS = (
    Claim(
        id=f"{ROW}.axes",
        source=ICML,
        printed="Applying absolute value to the activations has the effect of folding the space on each of the "
        "coordinate axes.",
        statement=(
            "For every n, x -> (|x_1|, ..., |x_n|) is the composition of the folds along the hyperplanes {x_i = 0}, "
            "i = 1, ..., n, in any order."
        ),
        reading="axes stands for coordinate hyperplanes, which are the axes for n = 2",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every n, every order",
        covers_all=True,
        hypotheses={"each axis": "space is folded along every one of the n hyperplanes"},
        textbook=(Textbook("induction over the coordinates", "Peano's axioms"),),
        argument="proof.md#folding-on-the-axes",
        notes="For n > 2 an axis is a line and folding reflects in hyperplanes, so the hyperplanes are meant.",
    ),
)
