"""The proof of the Observation: Lemma 1 'to each of the components independently'.

With the separation property for vectors (|a - b|_inf <= d(x, y) in R^m) the lemma holds for coordinatewise max and min.
With the property for each component by itself it does not: the maps (h, h) are a lattice, each component takes any two
admissible values, and (t, 0) is not a limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.lemma_1 import statement as lemma
from lipcheck.claims.anil2019.vector_observation import statement
from lipcheck.claims.anil2019.vector_observation.statement import ICLR, ROW
from lipcheck.exact import matrix
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Data, Examination, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

NAME = "subspaces of maps on two points"
PROOF = (
    "We can apply the Stone-Weierstrass theorem (Lemma 1) to each of the components independently, such that if "
    "the same conditions apply (trivially extended to R^m) the Lattice is dense."
)
SPAN = [["1", "1"]]


class SpanError(LipcheckError, ValueError):
    """Data that describe no family of maps."""


def examine(data: Data, repaired: bool) -> Examination:
    """The maps h(t) = h_1(t) r_1 + ... on {0, 1} with rows r_k of 0 and 1 on different coordinates, h_k 1-Lipschitz.

    Such maps are a lattice under coordinatewise max and min. Component by component they take all admissible values if
    every coordinate belongs to a row. Vectors are all taken, and the maps dense, if every row has one coordinate.
    """
    rows = matrix(data, "rows")
    owners = [[k for k, row in enumerate(rows) if row[i]] for i in range(len(rows[0]))]
    if any(v not in (0, 1) for row in rows for v in row) or any(len(own) > 1 for own in owners):
        raise SpanError("Give rows of 0 and 1, no two of them with a 1 at the same place.")
    covered = all(owners)
    free = covered and all(sum(row) == 1 for row in rows)
    return Examination({"separation": free if repaired else covered}, free)


def each(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Separation component by component."""
    return [Universal(NAME, "a lattice of maps that separates in every component is dense", lambda data: examine(data,
                      variant.repaired), lambda: [SPAN])]  # fmt: skip


def whole(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Separation by vectors: the proof of Lemma 1, coordinate by coordinate on one net."""

    def look(data: Data) -> Examination:
        found = examine(data, True)
        return Examination({"vectors": found.hypotheses["separation"]}, found.conclusion)

    spans = Universal(NAME, "a lattice of maps that takes all vectors is dense", look, lambda: [SPAN], variant.dropped)
    small: list[Obligation] = [spans, lemma.prescribed(variant), lemma.near_a_net(variant)]
    if budget is Budget.SMOKE:
        return small
    return [*small, lemma.one_more_minimum(), lemma.one_more_maximum(), statement.coordinates(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.proof",
        source=f"{ICLR}, proof of the Observation",
        printed=PROOF,
        statement=(
            "Let L be a set of 1-Lipschitz maps from a compact X with two points or more to R^m with the maximum norm, "
            "closed under coordinatewise max and min, such that for x != y and |a − b|_∞ ≤ d(x, y) some f in L has "
            "f(x) = a and f(y) = b, vectors in R^m. Then L is dense in all such maps."
        ),
        reading="the conditions of Lemma 1 for vectors",
        expected=Verdict.PROVED,
        obligations=whole,
        scope="all compact X and all m",
        covers_all=True,
        hypotheses={
            "vectors": "all admissible pairs of vectors are taken",
            "compact": "X is compact",
            "in C_L": "the maps of L are 1-Lipschitz",
        },
        constants={"separation": Constant(Fraction(1), Fraction(99, 100), words="|a − b|_∞ ≤ 1 d(x, y)")},
        textbook=(lemma.NETS, Textbook("induction over maps and coordinates", "Peano's axioms")),
        argument="proof.md#component-by-component",
        depends_on=("anil2019.lemma_1",),
    ),
    Claim(
        id=f"{ROW}.components",
        short=(
            "The maps (h, h) separate in each component and stay 1/2 away from (t, 0); vectors must be "
            "taken, not components."
        ),
        source=f"{ICLR}, proof of the Observation",
        printed=PROOF,
        statement=(
            "Let L be a lattice of 1-Lipschitz maps to R^m such that for each component i, x != y and |a − b| ≤ "
            "d(x, y) some f in L has f_i(x) = a and f_i(y) = b. Then L is dense."
        ),
        reading="the conditions of Lemma 1 for each component by itself, 'independently'",
        variant_of=f"{ROW}.proof",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=each,
        scope="m = 2, X = {0, 1}",
        covers_all=True,
        repairs={"separation by vectors": Variant(repaired=True)},
        counterexamples={NAME: SPAN},
        near_misses=(
            NearMiss(NAME, [["1", "0"], ["0", "1"]], "independent components: all maps"),
            NearMiss(NAME, [["1", "0"]], "the second component takes the value 0 only"),
        ),
        minimality="two components and two points; with one component it is Lemma 1",
        snippet=(
            "grid = [k / 4 for k in range(-4, 9)]\n"
            "L = [((a, a), (b, b)) for a in grid for b in grid if abs(a - b) <= 1]  # (h(0), h(0)), (h(1), h(1))\n"
            "g = ((0, 0), (1, 0))  # g(t) = (t, 0) on {0, 1}\n"
            "best = min(max(abs(u - v) for p, q in zip(f, g) for u, v in zip(p, q)) for f in L)\n"
            "print('distance of g from the maps (h, h):', best)\n"
            "assert best == 1 / 2"
        ),
        repaired_by=f"{ROW}.proof",
        argument="proof.md#component-by-component",
        notes="For the networks themselves nothing is lost: they take all admissible vectors.",
    ),
)
