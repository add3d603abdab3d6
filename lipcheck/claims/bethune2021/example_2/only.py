"""Example 2: "The loss can be minimized only with the diverging sequence of parameters (lambda W, lambda b)".

Other sequences do it as well: (lambda, 1) on the points -1 and 1. What every one has is a diverging W.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lipcheck.claims.bethune2021._bce import EXP, INDUCTION, TANGENT, LawError
from lipcheck.claims.bethune2021.example_2.infimum import ROW, SEPARABLE, SOURCE, ray
from lipcheck.claims.bethune2021.proposition_3 import statement as proposition_3
from lipcheck.exact import dot, vector
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.obligation import Examination, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "The loss can be minimized only with the diverging sequence of parameters (λW̄, λb̄) as λ → ∞."
NAME = "minimizing sequences lie on a ray"


def sequence(inputs: Any, labels: Any, direction: Any, offset: Any) -> dict[str, Any]:
    """JSON data of the parameters lambda direction + offset, each (W, b), on a training set."""
    return {"inputs": inputs, "labels": labels, "direction": direction, "offset": offset}


SHIFTED = sequence([["-1"], ["1"]], [-1, 1], ["1", "0"], ["0", "1"])


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """If the loss tends to 0 along lambda d + o as lambda grows, this is a ray; repaired: W diverges."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"inputs", "labels", "direction", "offset"}:
            raise LawError("a sequence has the entries inputs, labels, direction and offset")
        inputs = [(*vector(x), vector([1])[0]) for x in data["inputs"]]
        direction, offset = vector(data["direction"]), vector(data["offset"])
        labels = data["labels"]
        if not all(len(x) == len(direction) == len(offset) for x in inputs) or len(inputs) != len(labels):
            raise LawError("every input has one label and one entry less than direction and offset")
        hypotheses = {
            "two classes": set(labels) == {-1, 1},
            "the loss tends to 0": all(y * dot(direction, x) > 0 for x, y in zip(inputs, labels, strict=True)),
        }
        pairs = [(i, j) for i in range(len(offset)) for j in range(i)]
        on_a_ray = all(direction[i] * offset[j] == direction[j] * offset[i] for i, j in pairs)
        return Examination(hypotheses, any(direction[:-1]) if variant.repaired else on_a_ray)

    text = "parameters lambda d + o whose loss tends to 0 as lambda grows " + (
        "have a W that diverges" if variant.repaired else "are multiples of one pair"
    )
    return [Universal(NAME, text, examine, lambda: [SHIFTED], parameters=variant.repaired)]


def diverging(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Proposition 3 for affine functions, whose Lipschitz constant is ||W||, and the ray."""
    return [*proposition_3.obligations(variant, budget), *ray(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.only",
        short="(λ, 1) minimizes as well on the points ±1; what must diverge is ||W||",
        source=SOURCE,
        printed=PRINTED,
        statement="If the loss of (W_t, b_t) tends to its infimum 0, then (W_t, b_t) = lambda_t (W, b) for one pair "
        "(W, b) and lambda_t -> infinity.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="separable training sets with both labels",
        covers_all=True,
        repairs={"W diverges": Variant(repaired=True)},
        counterexamples={NAME: SHIFTED},
        near_misses=(
            NearMiss(NAME, {**SHIFTED, "offset": ["1", "0"]}, "lambda (1, 0) + (1, 0) stays on the ray"),
            NearMiss(NAME, {**SHIFTED, "direction": ["0", "1"]}, "the point -1 is on the wrong side"),
            NearMiss(NAME, {**SHIFTED, "direction": ["1", "1"]}, "the point -1 has margin 0: its loss stays log 2"),
        ),
        minimality="two points on R, the fewest with two classes; all entries are 0 and 1 in size",
        snippet=(
            "from math import exp, log\n"
            "def loss(W, b): return (log(1 + exp(-(W + b))) + log(1 + exp(-(W - b)))) / 2  # x = 1, -1\n"
            "losses = [loss(t, 1) for t in range(1, 30)]  # (t, 1) are multiples of no single pair\n"
            "print(losses[0], losses[-1])\n"
            "assert losses == sorted(losses, reverse=True) and losses[-1] < 1e-12"
        ),
        repaired_by=f"{ROW}.diverging",
        argument="proof.md#only-the-ray",
        notes="So do (lambda, sqrt(lambda)), whose direction still converges, and (lambda, sin(lambda)). The section "
        "of Bishop cited there speaks of a continuum of solutions itself.",
    ),
    Claim(
        id=f"{ROW}.diverging",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: only with sequences whose W diverges, as the rays do",
        statement="For a finite separable training set with both labels, ||W_t|| -> infinity along every sequence of "
        "affine functions whose loss tends to 0; and (lambda W, lambda b) is such a sequence if (W, b) has positive "
        "margins.",
        expected=Verdict.PROVED,
        obligations=diverging,
        scope="all n, all finite separable training sets with both labels",
        covers_all=True,
        hypotheses={**proposition_3.HYPOTHESES, **SEPARABLE},
        textbook=(
            EXP,
            TANGENT,
            INDUCTION,
            Textbook("Cauchy and Schwarz: W (x - x') <= ||W|| ||x - x'||", "Rudin, Principles, 1.35"),
        ),
        depends_on=(proposition_3.ROW,),
        argument="proof.md#only-the-ray",
    ),
)
