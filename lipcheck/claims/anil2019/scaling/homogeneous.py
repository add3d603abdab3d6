"""Anil et al. 2019 (ICLR submission), G.3: "the activation functions are homogeneous, e.g. ReLU(ax) = aReLU(x)".

Plain reading: for all real a and x. It holds exactly for a >= 0, or x = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from lipcheck.claims.anil2019.scaling.output import ROW
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

ICLR = "Anil et al. 2019 (ICLR submission), appendix G.3, second paragraph"
PRINTED = "As the activation functions are homogeneous, e.g. ReLU(ax) = aReLU(x), [...]"


def relu(hypotheses: dict[str, Formula]) -> Forall:
    """ReLU(a x) = a ReLU(x)."""
    a, x = var("a"), var("x")
    return Forall("ReLU commutes with the scale", hypotheses, equals(positive_part(a * x), a * positive_part(x)))


def as_printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All real scales; no counterexample among smaller integers."""
    return [
        relu({"nonnegative": var("a") >= 0} if variant.repaired else {}),
        Exhaustive(
            "minimal: integers with |a| + |x| <= 1",
            "ReLU(a x) = a ReLU(x) for these",
            lambda: [list(e) for e in product((-1, 0, 1), repeat=2) if sum(map(abs, e)) <= 1],
            lambda e: max(e[0] * e[1], 0) == e[0] * max(e[1], 0),
            size=1,
        ),
    ]


def nonnegative(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Scales from the least one on."""
    kept = variant.keeps("nonnegative scale")
    return [relu({"nonnegative scale": var("a") >= variant.value("least scale", 0)} if kept else {})]


CLAIMS = (
    Claim(
        id=f"{ROW}.relu",
        source=ICLR,
        printed=PRINTED,
        statement="ReLU(ax) = a ReLU(x) for all real a and x.",
        short="ReLU(ax) = a ReLU(x) fails for a < 0; it holds for a >= 0",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=as_printed,
        scope="all real a, x",
        covers_all=True,
        argument="proof.md#homogeneous",
        counterexamples={"ReLU commutes with the scale": {"a": "-1", "x": "1"}},
        minimality="the smallest integers: |a| + |x| <= 1 holds none",
        near_misses=(
            NearMiss("ReLU commutes with the scale", {"a": "-1", "x": "0"}, "x is zero"),
            NearMiss("ReLU commutes with the scale", {"a": "2", "x": "-1"}, "the scale is positive"),
        ),
        repairs={"a >= 0": Variant(repaired=True)},
        repaired_by=f"{ROW}.relu_nonnegative",
        snippet="def relu(t): return max(t, 0)\na, x = -1, 1\nprint(relu(a * x), a * relu(x))\n"
        "assert relu(a * x) != a * relu(x)",
        notes="The scales of the section multiply to a Lipschitz constant of 0.1 to 100, so positive ones are meant.",
    ),
    Claim(
        id=f"{ROW}.relu_nonnegative",
        source=ICLR,
        printed=PRINTED,
        statement="ReLU(ax) = a ReLU(x) for all a >= 0 and all real x.",
        reading="repaired: a >= 0",
        variant_of=f"{ROW}.relu",
        expected=Verdict.PROVED,
        obligations=nonnegative,
        scope="all reals x, all a >= 0",
        covers_all=True,
        hypotheses={"nonnegative scale": "a >= 0"},
        constants={"least scale": Constant(Fraction(0), Fraction(-1, 100), words="the smallest a that is allowed")},
        argument="proof.md#homogeneous",
        notes="For GroupSort see groupsort_properties.homogeneous.",
    ),
)
