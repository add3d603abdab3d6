"""The open question: are 2-norm constrained GroupSort networks universal? For n >= 2 inputs nothing here decides it.

Known for it: the maximum of any two affine maps is such a network; in one dimension the networks are universal.
Known against the obvious proof: stacking breaks the norm, and the class is no lattice, by whatever construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from lipcheck.build import strips
from lipcheck.claims.anil2019.open_question import dimension_one, no_lattice, unfolding
from lipcheck.claims.anil2019.open_question.dimension_one import ICLR, PRINTED, ROW
from lipcheck.exact import dot, vector
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.verdict import Budget, Verdict


def examine(data: Data) -> Examination:
    """A maximum of two affine maps: is it 1-Lipschitz, and a 2-norm constrained network?"""
    match data:
        case {"w": w, "v": v, "b": _, "c": _, **rest} if not rest:
            rows = vector(w, "w"), vector(v, "v")
        case _:
            raise strips.StripError("Give {'w': [...], 'b': ..., 'v': [...], 'c': ...}.")
    lipschitz = all(dot(row, row) <= 1 for row in rows)
    return Examination({"1-Lipschitz": lipschitz}, lipschitz and no_lattice.joined(data, Fraction(1)))


def known(obligation: Forall | Exhaustive) -> Obligation:
    """The same obligation, as a fact that is known on one of the two sides."""
    return replace(obligation, name=f"known: {obligation.name}")


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The question itself, looked at for maxima of two affine maps, and what is known."""
    question = Universal(
        "the question", "every 1-Lipschitz function on a compact X in R^n is a limit of 2-norm constrained GroupSort "
        "networks", examine, no_lattice.affine_pairs)  # fmt: skip
    line, pair = dimension_one, no_lattice
    built = [line.three_branches(variant, 1), unfolding.compositions(variant, 4)]
    for_it: list[Forall | Exhaustive] = [line.one_round(), *built]
    against: list[Forall | Exhaustive] = [pair.aligned(variant), pair.order(variant), pair.at_the_input(variant)]
    if budget is Budget.SMOKE:
        return [question, known(built[0]), known(pair.at_the_input(variant))]
    return [question, *(known(fact) for fact in [*for_it, *against])]


CLAIMS = (
    Claim(
        id=ROW,
        source=ICLR,
        printed=PRINTED,
        statement=(
            "For every n ≥ 1, compact X in R^n, g : X → R that is 1-Lipschitz for the Euclidean norm, and eps > 0 some "
            "GroupSort network whose weights have spectral norm at most one is within eps of g on X."
        ),
        expected=Verdict.UNKNOWN,
        obligations=obligations,
        scope="n ≥ 2 is open; n = 1 is proved in dimension_one",
        covers_all=False,
        open_because=(
            "For n = 1 the answer is yes (dimension_one). For n ≥ 2 no proof and no counterexample is known here. "
            "The class is no lattice (no_lattice), so Lemma 1 does not apply; but exact maxima are not needed for "
            "density, and the maximum that is not attained is a limit. A function on R^2 with a positive distance "
            "from all such networks, at every depth, would refute it; so would a limit argument for max(f, g) prove it."
        ),
        argument="proof.md#the-question",
        depends_on=(f"{ROW}.dimension_one", f"{ROW}.no_lattice", f"{ROW}.two_affine_maps"),
        notes="Section 8 states the open half as a result: see anil2019.conclusion.",
    ),
)
