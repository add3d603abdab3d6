"""Abstract: "We prove that when minimizing cross entropy loss the optimization problem under Lipschitz constraint is
well posed". (Listing of v2: "is well posed and have a minimum".)

With one class alone it is not: raising all logits always helps. With both classes the minimum is attained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.abstract_and_checklist._words import PAPER, ROW, ExampleError
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "We prove that when minimizing cross entropy loss the optimization problem under Lipschitz constraint is "
    "well posed "
    "and its solution generalizes well in the limit of big datasets, whereas regular neural networks can "
    "diverge even on "
    "remarkably simple situations."
)
ONE_CLASS: Any = {"labels": [1]}


def examine(data: Data, both: bool) -> Examination:
    """Whether the logistic loss of the constants t grows for t -> infinity and for t -> -infinity."""
    if not isinstance(data, Mapping) or set(data) != {"labels"}:
        raise ExampleError("give the labels of a sample")
    labels = data["labels"]
    if not labels or any(y not in (1, -1) or isinstance(y, bool) for y in labels):
        raise ExampleError("labels are 1 or -1, at least one of them")
    hypotheses = {"both classes": set(labels) == {1, -1}} if both else {}
    return Examination(hypotheses, all(any(y * t < 0 for y in labels) for t in (1, -1)))


def attained(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A loss that is attained has no direction t in which all logits can be raised without a growing loss."""
    e, r = var("e"), var("r")
    which = "both classes" if variant.repaired else "any sample"
    text = f"constants cannot lower the loss for ever: {which}"
    lower: dict[str, Formula] = {"e": e > 0, "r": conj(r > 0, r < 1)}
    return [
        Universal("no escape", text, lambda d: examine(d, variant.repaired), lambda: [ONE_CLASS], parameters=which),
        # e = exp(-f): adding a constant to f multiplies e by r < 1, and log is increasing
        Forall("one class: raising the logits lowers every term", lower, 1 + r * e < 1 + e),
    ]


def coercive(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Logits v at a point of +1, u at a point of -1, of weight w at least: functions of loss at most C are bounded.

    log(1 + exp(-z)) >= max(0, -z) bounds the loss from below.
    """
    u, v, w, loss, C, spread = map(var, ("u", "v", "w", "loss", "C", "spread"))
    given: dict[str, Formula] = {"weights": w > 0, "+1": loss >= w * positive_part(-v), "level": loss <= C}
    if variant.keeps("both classes"):
        given["both classes"] = loss >= w * positive_part(u)
    if variant.keeps("lipschitz"):
        given["lipschitz"] = conj(v - u <= spread, u - v <= spread)
    room = C + variant.value("spread", 1) * (w * spread)
    return [
        Forall("logits of +1 are bounded", given, conj(w * v >= -C, w * v <= room)),
        Forall("logits of -1 are bounded", given, conj(w * u <= C, w * u >= -room)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.well_posed",
        source=f"{PAPER}, abstract; also Proposition 4",
        printed=PRINTED,
        statement="For every L > 0 and every finite sample the mean binary cross-entropy has a minimum over "
        "L-Lipschitz "
        "functions.",
        reading="every sample, one class included, as no condition is printed",
        variant_of=f"{ROW}.well_posed_sharp",
        short="with one class alone the infimum 0 is not attained; with both classes the minimum exists",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=attained,
        scope="samples of one class",
        covers_all=True,
        repairs={"both classes": Variant(repaired=True)},
        counterexamples={"no escape": ONE_CLASS},
        near_misses=(
            NearMiss("no escape", {"labels": [1, -1]}, "both classes: constants lose without bound on either side"),
            NearMiss("no escape", {"labels": []}, "no sample"),
        ),
        minimality="one point; samples with both classes are no counterexample (well_posed_sharp)",
        snippet="""\
from math import exp, log1p
loss = lambda t: log1p(exp(-t))                      # one point with label +1, constant logit t: L = 0
print([loss(t) for t in (0, 1, 10, 30)])
assert loss(0) > loss(1) > loss(10) > loss(30) > 0   # the infimum 0 is not attained
""",
        repaired_by=f"{ROW}.well_posed_sharp",
        argument="proof.md#well-posed",
        notes="The abstract is a summary, and its readers think of both classes. Proposition 3 asks for a "
        "non trivial training set (more than one class); Proposition 4 and the abstract do "
        "not, and the proof of Proposition 4 uses it ('one of the two classes y is misclassified').",
    ),
    Claim(
        id=f"{ROW}.well_posed_sharp",
        source=f"{PAPER}, abstract; listing of v2: 'is well posed and have a minimum'",
        printed=PRINTED,
        reading="a classification problem has points of both classes; existence, and uniqueness at the sample",
        statement="For L > 0 and every finite weighted sample with both classes, in any metric space, the mean binary "
        "cross-entropy has a minimum over L-Lipschitz functions, and all minimizers agree at the points of the sample.",
        expected=Verdict.PROVED,
        obligations=coercive,
        scope="all finite samples with both classes, all L > 0",
        covers_all=True,
        hypotheses={"both classes": "both labels occur", "lipschitz": "f is L-Lipschitz"},
        constants={
            "spread": Constant(Fraction(1), Fraction(99, 100), words="of L times the distance of the two points")
        },
        textbook=(
            Textbook("log(1 + exp(-z)) >= max(0, -z)", "Boyd, Vandenberghe, Convex Optimization, 3.1.5"),
            Textbook("a continuous function on a compact set has a minimum", "Rudin, Principles, theorem 4.16"),
            Textbook(
                "strictly convex functions have one minimizer on a convex set", "Rockafellar, Convex Analysis, 27"
            ),
            Textbook("extension of L-Lipschitz functions from a subset", "McShane, Bull. AMS 40 (1934)"),
        ),
        argument="proof.md#well-posed",
        notes="Off the sample minimizers differ, so it is well posed for the predictions at the data only. "
        "'Generalizes "
        "well' is Proposition 5 (loss, not accuracy), which has a row of its own.",
    ),
)
