"""The hinge sentence for every margin: from m = D on, minimizers can sacrifice a light point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.claims.bethune2021.hinge_hkr._samples import ROW, SOURCE, read
from lipcheck.claims.bethune2021.hinge_hkr.accuracy import PRINTED
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

TWO: Any = {
    "points": [["0", -1, "1/4"], ["1", 1, "3/4"]],
    "m": "3/2",
    "kr": "0",
    "lambda": "1",
    "f": ["1/2", "3/2"],
    "masses": ["1/4", "1/4"],
    "plan": [[1, 0, "1/4"]],
}
AT_D: Any = {**TWO, "m": "1", "f": ["0", "1"]}
EVEN: Any = {**TWO, "m": "3/4", "f": ["-1/4", "3/4"]}


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Minimizers of the hinge loss put every point of separable data on its side; fine below m = D."""

    def examine(data: Data) -> Examination:
        sample = read(data)
        hypotheses = {
            "hinge": sample.kr == 0 and sample.strength == 1,
            "separable": sample.separation > 0,
            "minimizer": sample.minimizer,
        }
        if variant.repaired:
            hypotheses["margin"] = sample.m < sample.separation
        return Examination(hypotheses, sample.right)

    limit = "below the distance of the classes" if variant.repaired else "any margin"
    text = f"every minimizer of the hinge loss classifies separable data without error, {limit}"
    return [
        Universal("no error", text, examine, lambda: [AT_D, TWO], parameters=limit),
        *two_points(),
    ]


def two_points() -> list[Forall]:
    """Two points at distance D with the weights w > 1/2 (label +1) and 1 - w: the minimizer, for every m."""
    u, v, w, m, D = map(var, ("u", "v", "w", "m", "D"))
    law = conj(2 * w > 1, w < 1, m > 0, D > 0)
    loss = w * positive_part(m - v) + (1 - w) * positive_part(m + u)
    wrong: dict[str, Formula] = {"law": law, "margin": m >= D, "lipschitz": v - u <= D, "right": u < 0}
    return [
        Forall("from m = D on, no minimizer is right", wrong, loss > (1 - w) * (2 * m - D)),
        Forall("the value of (m, m - D)", {"law": law, "margin": m >= D}, m + (m - D) >= 0),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.any_margin",
        source=SOURCE,
        printed=PRINTED,
        statement="For separable classes and every margin m > 0, every minimizer of the expected hinge loss over "
        "1-Lipschitz f classifies without error.",
        short="from m = D (the distance of the classes) on, hinge minimizers can err; below D they have the "
        "Bayes error",
        reading="every margin, as no condition on m is printed",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="separable classes",
        covers_all=True,
        repairs={"margin below the distance": Variant(repaired=True)},
        counterexamples={"no error": TWO},
        near_misses=(
            NearMiss("no error", EVEN, "m < D: both points are right"),
            NearMiss("no error", {**TWO, "f": ["1", "2"]}, "the loss is not the least"),
            NearMiss(
                "no error", {**TWO, "masses": ["3/4", "3/4"], "plan": [[1, 0, "3/4"]]}, "masses above the weights"
            ),
            NearMiss("no error", {**TWO, "points": [["0", 1, "1/4"], ["1", 1, "3/4"]]}, "one class only"),
        ),
        minimality="two points; m >= D is needed (the main claim), and for m >= D every w > 1/2 fails",
        snippet="""\
from fractions import Fraction as F
m = F(3, 2)                                          # label -1 (weight 1/4) at 0, label +1 (weight 3/4) at 1
hinge = lambda u, v: F(1, 4) * max(0, m + u) + F(3, 4) * max(0, m - v)
grid = [F(k, 8) for k in range(-24, 25)]
best = min((hinge(u, v), u, v) for u in grid for v in grid if abs(u - v) <= 1)
print("least loss, f(0), f(1):", *map(str, best))
assert best == (F(1, 2), F(1, 2), F(3, 2))           # f(0) > 0: the point at 0 is misclassified
""",
        repaired_by=ROW,
        argument="proof.md#every-margin",
        notes="At m = D the light point has f = 0: whatever sign 0 is, one of the two labellings is an error. "
        "'In principle' leaves room for the condition; Table 1 has it ('for margin m small enough').",
    ),
)
