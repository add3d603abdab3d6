"""Section 2.2: "Afterward GroupSort [17] revealed to be as useful as sorting".

Plain reading: networks with GroupSort and with full sorts compute the same functions. On bounded domains this is so,
for weights of p-norm at most one: the statement, its steps and its derivation are those of the same sentence in [8].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lipcheck.claims.anil2019.fullsort_maxmin import equally_expressive
from lipcheck.claims.bethune2021.groupsort2.definition import ROW
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Obligation
from lipcheck.words.verdict import Budget

(ORIGINAL,) = equally_expressive.CLAIMS


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The two steps; networks are translated in the claim of [8]."""
    return [equally_expressive.stays_bounded(variant), equally_expressive.constants_stay(variant)]


CLAIMS = (
    replace(
        ORIGINAL,
        id=f"{ROW}.as_useful",
        source="Béthune et al. 2021, arXiv 2104.05097v2, section 2.2",
        printed="Afterward GroupSort [17] revealed to be as useful as sorting.",
        reading="'as useful': the same functions, on a bounded domain; what training makes of them is not judged",
        obligations=obligations,
        constants={},
        argument="proof.md#as-useful-as-sorting",
        depends_on=(*ORIGINAL.depends_on, ORIGINAL.id),
        notes="On all of R^n GroupSort2 does what full sorts do (bubble sort), and in the 2-norm more: "
        "anil2019.fullsort_maxmin.no_fullsort_network. GroupSort was introduced in [8] itself.",
    ),
)
