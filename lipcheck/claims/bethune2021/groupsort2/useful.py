"""Section 2.2: "Afterward GroupSort [17] revealed to be as useful as sorting".

Plain reading: networks with GroupSort and with full sorts compute the same functions. On bounded domains this is so,
for weights of p-norm at most one: the obligations are those of the same statement in [8].
"""

from __future__ import annotations

from dataclasses import replace

from lipcheck.claims.anil2019.fullsort_maxmin.equally_expressive import CLAIMS as EQUALLY_EXPRESSIVE
from lipcheck.claims.bethune2021.groupsort2.definition import ROW

(ORIGINAL,) = EQUALLY_EXPRESSIVE
CLAIMS = (
    replace(
        ORIGINAL,
        id=f"{ROW}.as_useful",
        source="Béthune et al. 2021, arXiv 2104.05097v2, section 2.2",
        printed="Afterward GroupSort [17] revealed to be as useful as sorting.",
        reading="'as useful': the same functions, on a bounded domain; what training makes of them is not judged",
        argument="proof.md#as-useful-as-sorting",
        depends_on=(*ORIGINAL.depends_on, ORIGINAL.id),
        notes="On all of R^n GroupSort2 does what full sorts do (bubble sort), and in the 2-norm more: "
        "anil2019.fullsort_maxmin.no_fullsort_network. GroupSort was introduced in [8] itself.",
    ),
)
