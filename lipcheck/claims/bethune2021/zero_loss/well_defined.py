"""Before Proposition 4: "Yet the minimizer of BCE is well defined."

For two classes a minimizer exists and its values on the support of the inputs are unique; elsewhere they are not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lipcheck.claims.bethune2021._bce import EXP, PAPER, LawError
from lipcheck.claims.bethune2021.proposition_4 import statement as proposition_4
from lipcheck.claims.bethune2021.proposition_4._laws import ONE_CLASS, TWO_CLASSES
from lipcheck.claims.bethune2021.zero_loss.reach import MEASURE, ROW
from lipcheck.exact import vector
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{PAPER}, section 4, before Proposition 4"
PRINTED = "Yet the minimizer of BCE is well defined."
UNIQUE = "two minimizers are equal"
OFF_THE_SUPPORT = {"inputs": ["0", "1"], "weights": ["1", "0"], "f": ["0", "0"], "g": ["0", "1"]}


def unique(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Existence; and uniqueness where +1 and -1 are equally likely everywhere: minimizers are 0 on the support."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"inputs", "weights", "f", "g"}:
            raise LawError("two functions have the entries inputs, weights, f and g")
        x, weights = list(map(parse, data["inputs"])), list(map(parse, data["weights"]))
        f, g = vector(data["f"]), vector(data["g"])
        if not len(x) == len(weights) == len(f) == len(g):
            raise LawError("every input has a weight and a value of f and of g")
        pairs = [(i, j) for i in range(len(x)) for j in range(i)]
        hypotheses = {
            "law": min(weights) >= 0 and sum(weights) == 1,
            "1-Lipschitz": all(abs(h[i] - h[j]) <= abs(x[i] - x[j]) for h in (f, g) for i, j in pairs),
            "minimizers": all(h[i] == 0 for h in (f, g) for i, w in enumerate(weights) if w > 0),
        }
        agree = all(a == b for a, b, w in zip(f, g, weights, strict=True) if w > 0 or not variant.repaired)
        return Examination(hypotheses, agree)

    where = "on the support" if variant.repaired else "on all inputs"
    text = f"with labels +1 and -1 equally likely at every input, any two minimizers agree {where}"
    candidates = [OFF_THE_SUPPORT]
    return [
        proposition_4.attained(frozenset(), variant.repaired),
        Universal(UNIQUE, text, examine, lambda: candidates, parameters=variant.repaired),
    ]


def strictly_convex() -> Forall:
    """Between two different margins the loss lies below the mean: u^2 = e^-a, v^2 = e^-b."""
    u, v = var("u"), var("v")
    different: dict[str, Formula] = {"exponentials": conj(u > 0, v > 0), "different": disj(u > v, v > u)}
    return Forall("the loss is strictly convex", different, (1 + u * v) ** 2 < (1 + u * u) * (1 + v * v))


def on_the_support(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Existence by Proposition 4 with two classes, uniqueness by strict convexity."""
    return [*proposition_4.two_classes(variant, budget), strictly_convex(), halfway()]


def halfway() -> Forall:
    """The mean of two L-Lipschitz functions is L-Lipschitz."""
    a, b, D = var("a"), var("b"), var("D")
    both = conj(a <= D, -a <= D, b <= D, -b <= D)
    return Forall("the mean is Lipschitz", {"lipschitz": both}, conj(a + b <= 2 * D, -(a + b) <= 2 * D))


CLAIMS = (
    Claim(
        id=f"{ROW}.well_defined",
        short="unique only on the support of P_X: off it minimizers differ; and it takes two classes",
        source=SOURCE,
        printed=PRINTED,
        statement="There is exactly one function on X that minimizes the expected loss over Lip_1(X, R).",
        reading="well defined: exists and is one function; either half fails",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=unique,
        scope="all compact X and laws",
        covers_all=True,
        repairs={"two classes, on the support of the inputs": Variant(repaired=True)},
        counterexamples={UNIQUE: OFF_THE_SUPPORT, proposition_4.ATTAINED: ONE_CLASS},
        near_misses=(
            NearMiss(UNIQUE, {**OFF_THE_SUPPORT, "g": ["0", "2"]}, "2-Lipschitz only"),
            NearMiss(UNIQUE, {**OFF_THE_SUPPORT, "weights": ["1/2", "1/2"]}, "g is no minimizer"),
            NearMiss(UNIQUE, {**OFF_THE_SUPPORT, "g": ["0", "0"]}, "the same function twice"),
            NearMiss(proposition_4.ATTAINED, TWO_CLASSES, "two classes: a minimizer exists"),
        ),
        minimality="two inputs, one of them outside the support: with one input the minimizer is unique",
        snippet=(
            "from math import exp, log\n"
            "def loss(f): return (log(1 + exp(-f[0])) + log(1 + exp(f[0]))) / 2  # both labels at x = 0; X = {0, 1}\n"
            "f, g = (0, 0), (0, 1)  # values at 0 and 1, both 1-Lipschitz, both minimal: log 2\n"
            "print(loss(f), loss(g))\n"
            "assert f != g and loss(f) == loss(g) == min(loss((k / 100, 0)) for k in range(-100, 101))"
        ),
        repaired_by=f"{ROW}.well_defined_support",
        argument="proof.md#well-defined",
        notes="Existence fails with one class only, as for bethune2021.proposition_4. Values off the support matter "
        "where the classifier is attacked or generalizes. Minimizers are functions; whether networks of a kind contain "
        "one is another question.",
    ),
    Claim(
        id=f"{ROW}.well_defined_support",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: for two classes, on the support of the inputs",
        statement="For a law with both labels of positive probability, a minimizer of the expected loss over Lip_L(X, "
        "R) exists, and any two agree on the support of the inputs in X.",
        expected=Verdict.PROVED,
        obligations=on_the_support,
        scope="all nonempty X, L >= 0 and Borel laws with two classes",
        covers_all=True,
        hypotheses={**proposition_4.TWO, "lipschitz": "f ranges over L-Lipschitz functions"},
        textbook=(
            EXP,
            *proposition_4.ASCOLI,
            MEASURE,
            Textbook(
                "continuous functions equal almost everywhere are equal on the support", "definition of the support"
            ),
        ),
        argument="proof.md#well-defined",
    ),
)
