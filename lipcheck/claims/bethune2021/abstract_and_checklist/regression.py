"""Conclusion: "they provide robustness radius certificates by definition and do not restrict the expressive power".

For classification this is the main claim. As functions they are restricted: 2x is no 1-Lipschitz function, as the
introduction itself says ("obviously less expressive than their unconstrained counterpart for regression tasks").
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.abstract_and_checklist._words import PAPER, ROW, ExampleError
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

STEEP: Any = {"slope": "2"}


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """x -> slope x is 1-Lipschitz; repaired, up to the factor by which it is divided."""

    def examine(data: Data) -> Examination:
        if not isinstance(data, dict) or set(data) != {"slope"}:
            raise ExampleError("give the slope of a linear function")
        slope = abs(parse(data["slope"]))
        scale = max(slope, Fraction(1)) if variant.repaired else Fraction(1)
        return Examination({}, slope / scale <= 1)

    what = "some positive multiple of x -> slope x" if variant.repaired else "x -> slope x"
    slope, size = var("slope"), var("size")
    given: dict[str, Formula] = {"slope": slope >= -1, "bound": slope <= 1, "size": equals(size, slope * slope)}
    return [
        Universal("linear functions", f"{what} is 1-Lipschitz", examine, lambda: [STEEP], parameters=what),
        Forall("minimal: slopes up to 1 are no counterexample", given, size <= 1),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.expressive_power",
        source=f"{PAPER}, section 6",
        printed="We proved that 1-Lip NN exhibit numerous attractive properties: they provide robustness radius "
        "certificates by definition and do not restrict the expressive power.",
        reading="expressive power in the usual sense: which functions can be computed",
        variant_of=ROW,
        statement="Every function that an unconstrained network computes is computed by a 1-Lipschitz network.",
        short="2x is not 1-Lipschitz; only the decision frontiers are unrestricted (f/L has the sign of f)",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=obligations,
        scope="linear functions of the line",
        covers_all=True,
        repairs={"up to a positive factor": Variant(repaired=True)},
        counterexamples={"linear functions": STEEP},
        near_misses=(
            NearMiss("linear functions", {"slope": "1"}, "1-Lipschitz"),
            NearMiss("linear functions", {"slope": "-1"}, "1-Lipschitz"),
        ),
        minimality="one input, one affine layer; slopes up to 1 in size are no counterexample",
        snippet="""\
f = lambda x: 2 * x                                  # one affine layer, unconstrained
print("f rises by", f(1) - f(0), "over a distance of 1")
assert abs(f(1) - f(0)) > 1
""",
        repaired_by=ROW,
        argument="proof.md#frontiers",
        notes="The introduction restricts the claim to classification, so the conclusion is loose rather than wrong.",
    ),
)
