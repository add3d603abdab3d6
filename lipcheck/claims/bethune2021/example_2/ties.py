"""Example 2: is accuracy 100 % enough for the ray (lambda W, lambda b) to minimize the loss?

Not if sign(0) counts as +1: a point of label +1 on the frontier is right, and its loss stays log 2 along the ray.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lipcheck.claims.bethune2021._bce import LawError
from lipcheck.claims.bethune2021.example_2.infimum import ROW, SOURCE
from lipcheck.exact import dot, vector
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Examination, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

NAME = "the loss tends to 0 along the ray"
ON_THE_FRONTIER = {"inputs": [["0"], ["-1"]], "labels": [1, -1], "direction": ["1", "0"]}


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Along lambda (W, b) the loss tends to 0 exactly if all margins of (W, b) are positive."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"inputs", "labels", "direction"}:
            raise LawError("a classifier has the entries inputs, labels and direction, that is W and b")
        inputs, direction = [vector([*x, 1]) for x in data["inputs"]], vector(data["direction"])
        if len(inputs) != len(data["labels"]) or not all(len(x) == len(direction) for x in inputs):
            raise LawError("every input has one label and one entry less than the direction")
        logits = [dot(direction, x) for x in inputs]
        labelled = list(zip(logits, data["labels"], strict=True))
        hypotheses = {
            "two classes": set(data["labels"]) == {-1, 1},
            "accuracy 100 %": all(y == (1 if f >= 0 else -1) for f, y in labelled),
        }
        if variant.repaired:
            hypotheses["no ties"] = all(logits)
        return Examination(hypotheses, all(y * f > 0 for f, y in labelled))

    text = "if (W, b) classifies all points right, sign(0) counting as +1, the loss of lambda (W, b) tends to 0"
    return [Universal(NAME, text, examine, lambda: [ON_THE_FRONTIER], parameters=variant.repaired)]


CLAIMS = (
    Claim(
        id=f"{ROW}.ray",
        variant_of=f"{ROW}.diverging",
        short="a point of label +1 with W x + b = 0 is right, but its loss stays log 2; margins must be positive",
        source=SOURCE,
        printed="Since the classes are linearly separable it exists W̄, b̄ such that f achieves 100% accuracy. [...] "
        "The loss can be minimized only with the diverging sequence of parameters (λW̄, λb̄) as λ → ∞.",
        statement="If f(x) = W x + b has accuracy 100 % on the training set, the loss of (lambda W, lambda b) tends to "
        "its infimum 0.",
        reading="accuracy counts sign(0) as +1",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="training sets with both labels",
        covers_all=True,
        repairs={"no point on the frontier": Variant(repaired=True)},
        counterexamples={NAME: ON_THE_FRONTIER},
        near_misses=(
            NearMiss(NAME, {**ON_THE_FRONTIER, "direction": ["2", "1"]}, "strictly right"),
            NearMiss(NAME, {**ON_THE_FRONTIER, "labels": [-1, 1]}, "wrong at both points"),
            NearMiss(NAME, {**ON_THE_FRONTIER, "direction": ["-1", "0"]}, "the point -1 is wrong"),
        ),
        minimality="two points on R, one of each label; entries 0 and 1 in size",
        snippet=(
            "from math import exp, log\n"
            "def loss(W, b): return (log(1 + exp(-b)) + log(1 + exp(-W + b))) / 2  # 0 has label +1, -1 has label -1\n"
            "print([loss(t, 0) for t in (1, 10, 100)])\n"
            "assert loss(700, 0) > log(2) / 2 - 1e-12 and loss(40, 20) < 1e-8"
        ),
        repaired_by=f"{ROW}.diverging",
        argument="proof.md#the-infimum",
        notes="If ties count as errors, accuracy 100 % means positive margins, and the statement holds.",
    ),
)
