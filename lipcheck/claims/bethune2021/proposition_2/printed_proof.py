"""Appendix A, proof of Proposition 2: two cases, "f_k(x) = f_k(y) != 0" and "f_k(x) > 0, f_l(y) > 0 and k != l".

They leave out points of the frontier, where f = 0; taken literally the first one also leaves out different heights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.claims.bethune2021.mountain_function import _line as line
from lipcheck.claims.bethune2021.proposition_2.any_p import SOURCE
from lipcheck.claims.bethune2021.proposition_2.existence import ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Examination, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

ON = {"A": ["1"], "B": ["-1"], "x": "0", "y": "1"}
HEIGHTS = {"A": ["1"], "B": ["-1"], "x": "1/2", "y": "1"}

SNIPPET = """\
f = lambda x: (max(x, 0), max(-x, 0))                            # A_1 = {1}, A_2 = {-1}, the frontier is {0}
x, y = 0, 1
same = any(a != 0 and b != 0 for a, b in zip(f(x), f(y)))        # the first case, as it is meant
different = any(f(x)[k] > 0 and f(y)[l] > 0 for k in (0, 1) for l in (0, 1) if k != l)
print("f(x) =", f(x), " f(y) =", f(y), " first case:", same, " second case:", different)
assert not same and not different
"""


def cases(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Finite classes on the line and two points: one of the cases applies (repaired: or f is 0 at one of them)."""

    def examine(given: Any, literal: bool) -> Examination:
        found, more = line.read(given, "x", "y")
        hypotheses = {"both classes": all(found), "disjoint": line.disjoint(found)}
        if not all(hypotheses.values()):
            return Examination(hypotheses, False)
        one, other = (line.heights(more[k], found) for k in ("x", "y"))
        pairs = list(zip(one, other, strict=True))
        same = any(v == w != 0 if literal and not variant.repaired else v != 0 != w for v, w in pairs)
        different = any(v > 0 and w > 0 for k, v in enumerate(one) for j, w in enumerate(other) if k != j)
        zero = variant.repaired and not (any(one) and any(other))
        return Examination(hypotheses, same or different or zero)

    extra = ", or f(x) = 0 or f(y) = 0" if variant.repaired else ""
    return [
        Universal(f"cases {name}", f"f_k(x), f_k(y) {first} 0 for some k, or f_k(x), f_l(y) > 0 with k != l{extra}",
                  lambda given, z=z: examine(given, z), lambda: [ON, HEIGHTS],  # type: ignore[misc]
                  parameters=[variant.repaired])
        for name, first, z in (("as meant", "!=", False), ("as printed", "equal and !=", True))
    ]  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.proof",
        short="the two printed cases leave out f(x) = 0, the frontier; a third case closes the gap",
        source=SOURCE,
        printed="First, consider the case f_k(x) = f_k(y) ≠ 0. ... Now, consider the case f_k(x) > 0, f_l(y) > 0 and k "
        "≠ l.",
        variant_of=f"{ROW}.any_p",
        reading="both readings of the first case, 'equal' and 'both not 0'",
        statement="For all x and y the f of definition 4 has f_k(x), f_k(y) != 0 (in the other reading: equal and not "
        "0) for some k, or f_k(x) > 0 and f_l(y) > 0 for some k != l.",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=cases,
        scope="finite classes on the line",
        covers_all=True,
        repairs={"a third case, f = 0 at one of the points": Variant(repaired=True)},
        counterexamples={"cases as meant": ON, "cases as printed": HEIGHTS},
        near_misses=(
            NearMiss("cases as meant", HEIGHTS, "both heights are positive, of one class"),
            NearMiss("cases as printed", {**ON, "x": "-1"}, "two classes"),
            NearMiss("cases as meant", {**ON, "B": []}, "one class"),
        ),
        minimality="two classes of one point",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.any_p",
        argument="proof.md#the-printed-cases",
    ),
)
