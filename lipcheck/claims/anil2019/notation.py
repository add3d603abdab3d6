"""Anil et al. 2019, section 2, Notation: "W_l in R^{n_{l-1} x n_l} and b_l in R^{n_l} the weight matrix and the bias of
the lth layer ... z_l = W_l h_{l-1} + b_l".

Plain reading: W_l has n_{l-1} rows and n_l columns, h_{l-1} is a column of n_{l-1} numbers, and W_l h_{l-1} + b_l is
defined. That needs n_l = n_{l-1}. The shapes that fit are n_l x n_{l-1}, or the printed ones with the transpose of W_l.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from lipcheck.exact import NetworkError
from lipcheck.network import Affine, Network
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Examination, Exhaustive, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.notation"
SOURCE = "Anil et al. 2019 (ICML and ICLR submission), section 2, Notation"
PRINTED = (
    "We will use [...] W_l ∈ R^{n_{l−1}×n_l} and b_l ∈ R^{n_l} the weight matrix and the bias of the lth layer. [...] "
    "The computation performed by layer l will be: z_l = W_l h_{l−1} + b_l"
)


class ShapeError(LipcheckError, ValueError):
    """Widths that are no whole numbers of at least one."""


def widths(data: Any) -> tuple[int, int]:
    """(n_{l-1}, n_l)."""
    found = (data["before"], data["after"])
    if not all(isinstance(n, int) and not isinstance(n, bool) and n >= 1 for n in found):
        raise ShapeError(f"the widths are {found}: give whole numbers of at least 1")
    return found


def defined(rows: int, columns: int, before: int, after: int) -> bool:
    """Whether W h + b exists for W with these rows and columns, h of length `before` and b of length `after`."""
    try:
        layer = Affine([[0] * columns for _ in range(rows)], [0] * after)
        return Network(before, (layer,)).outputs == after
    except NetworkError:
        return False


def layers(variant: Variant) -> Universal:
    """The layer for all widths; repaired, the matrix has the transposed shape."""

    def examine(data: Any) -> Examination:
        before, after = widths(data)
        shape = (after, before) if variant.repaired else (before, after)
        return Examination({}, defined(*shape, before, after))

    shape = "n_l x n_{l-1}" if variant.repaired else "n_{l-1} x n_l"
    text = f"W_l h_{{l-1}} + b_l is defined for W_l of shape {shape} and all widths"
    return Universal("layer", text, examine, lambda: [{"before": 1, "after": 2}], parameters=variant.repaired)


def as_printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The printed shape; widths of one are no counterexample."""
    text = "with one unit before and after, the printed shape fits"
    return [
        layers(variant),
        Exhaustive("minimal: one unit", text, lambda: [[1, 1]], lambda n: defined(n[0], n[1], n[0], n[1]), size=1),
    ]


def shapes(largest: int, variant: Variant) -> Exhaustive:
    """A matrix of any small shape fits a layer exactly if it has n_l rows and n_{l-1} columns."""

    def holds(element: list[int]) -> bool:
        rows, columns, before, after = element
        fits = columns == before and (rows == after or not variant.keeps("rows"))
        if not variant.keeps("columns"):
            fits = rows == after
        return defined(rows, columns, before, after) is fits

    text = f"shapes and widths up to {largest}: W h + b is defined if and only if W has the shape n_l x n_(l-1)"
    return Exhaustive(
        f"shapes up to {largest}",
        text,
        lambda: [list(e) for e in product(range(1, largest + 1), repeat=4)],
        holds,
        parameters=sorted(variant.dropped),
        size=largest,
    )


def repaired(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All shapes up to two, or three."""
    return [shapes(n, variant) for n in ((2,) if budget is Budget.SMOKE else (2, 3))]


SNIPPET = """\
before, after = 1, 2  # n_{l-1} = 1 unit, then n_l = 2 units
W = [[0] * after for _ in range(before)]  # R^{n_{l-1} x n_l}, as printed
h, b = [0] * before, [0] * after
print("W has", len(W[0]), "columns, h has", len(h), "entries")
assert len(W[0]) != len(h) and len(W) != len(b)
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="For all widths n_{l-1}, n_l >= 1, every W in R^{n_{l-1} x n_l}, h in R^{n_{l-1}} and b in R^{n_l}, "
        "the vector W h + b is defined and lies in R^{n_l}.",
        short="W_l of shape n_{l-1} x n_l does not fit W_l h_{l-1} + b_l; n_l x n_{l-1} does",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=as_printed,
        scope="all widths; right for n_{l-1} = n_l",
        covers_all=True,
        argument="proof.md#as-printed",
        counterexamples={"layer": {"before": 1, "after": 2}},
        minimality="the fewest units: with one before and one after, the shape fits",
        near_misses=(NearMiss("layer", {"before": 2, "after": 2}, "equal widths"),),
        repairs={"W_l has n_l rows and n_{l-1} columns": Variant(repaired=True)},
        repaired_by=f"{ROW}.shapes",
        snippet=SNIPPET,
        notes="The printed shape is that of z_l = W_l' h_{l-1} + b_l. Equation 1, W_L φ'(z_{L-1}) ... W_1, and the "
        "proof of Theorem 1, which has W_L in R^{1 x n_{L-1}}, use the other one.",
    ),
    Claim(
        id=f"{ROW}.shapes",
        source=SOURCE,
        printed=PRINTED,
        statement="W h + b is defined for h in R^{n_{l-1}} and b in R^{n_l} if and only if W has n_l rows and n_{l-1} "
        "columns; the result lies in R^{n_l}.",
        reading="repaired: W_l ∈ R^{n_l×n_{l−1}}",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=repaired,
        scope="all widths",
        covers_all=True,
        hypotheses={"rows": "W has n_l rows", "columns": "W has n_{l-1} columns"},
        textbook=(
            Textbook(
                "a matrix times a column is defined for as many columns as entries, and has one entry for each "
                "row; sums are of vectors of one length",
                "Horn, Johnson, Matrix Analysis, section 0.2",
            ),
        ),
        argument="proof.md#repaired",
    ),
)
