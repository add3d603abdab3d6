"""Proposition 4: "Let X be a compact and L > 0. Then the minimum of Equation 4 is attained."

With one class the constants t push the loss to 0, which no function attains. With two classes the minimum is attained,
for every X and every L >= 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.claims.bethune2021._bce import EXP, PAPER
from lipcheck.claims.bethune2021.proposition_4._laws import ONE_CLASS, TWO_CLASSES, read
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.proposition_4"
ATTAINED = "the minimum is attained"
PRINTED = "Let X ⊂ R^n be a compact and L > 0. Then the minimum of Equation 4 is attained."
UNCONSTRAINED = {**TWO_CLASSES, "L": None}
TWO = {"two_classes": "both labels have positive probability"}
ASCOLI = (
    Textbook("Arzelà and Ascoli, on an increasing sequence of compact sets", "Rudin, Principles, theorem 7.25"),
    Textbook("Fatou's lemma", "Rudin, Real and Complex Analysis, lemma 1.28"),
)


def attained(dropped: frozenset[str], two_classes: bool) -> Universal:
    """Laws on finite sets of inputs: compact, and with the decision of `Law.attained`; L = 0 for two classes only."""

    def examine(data: Any) -> Examination:
        law = read(data)
        hypotheses = {"law": law.proper, "lipschitz": law.L is not None and law.L > 0}
        if two_classes:
            hypotheses["lipschitz"] = law.L is not None and law.L >= 0
            hypotheses["two_classes"] = law.two_classes
        return Examination(hypotheses, law.attained)

    text = "for a law on finitely many inputs, some L-Lipschitz function has the least expected loss"
    candidates = [ONE_CLASS, UNCONSTRAINED]
    return Universal(ATTAINED, text, examine, lambda: candidates, dropped, parameters=two_classes)


def coercive() -> list[Forall]:
    """With two classes the loss grows with |f|, and depends continuously on f."""
    f0, f1, M, c, z, r, m, loss, E = map(var, ("f0", "f1", "M", "c", "z", "r", "m", "loss", "E"))
    return [
        Forall("far from zero all over a bounded set", {"one value": f0 >= M + c, "lipschitz": f0 - f1 <= M}, f1 >= c),
        Forall("a misclassified point", {"exponential": z > 0}, 1 + z > z),
        Forall("a misclassified class", {"share": conj(m > 0, c > 0), "loss": conj(loss >= c, m * loss <= E)},
               m * c <= E),
        Forall("the loss is 1-Lipschitz", {"exponentials": conj(z > 0, r >= 1)}, 1 + r * z <= r * (1 + z)),
    ]  # fmt: skip


def shift() -> Forall:
    """With one class, adding log(1/r) > 0 to all margins lowers every loss."""
    z, r = var("z"), var("r")
    return Forall("one class: a shift lowers the loss", {"shift": conj(z > 0, r > 0, r < 1)}, 1 + r * z < 1 + z)


def two_classes(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Coercivity, continuity, the converse, and the decision for finite sets of inputs."""
    return [*coercive(), shift(), attained(variant.dropped, two_classes=True)]


CLAIMS = (
    Claim(
        id=ROW,
        short="with one class constants t → ∞ push the loss to 0, never attained; it takes two classes",
        source=f"{PAPER}, section 4, Proposition 4 and equation 4",
        printed=f"{PRINTED} f_L^* ∈ arg min_{{f ∈ Lip_L(X, R)}} E_{{(x,y) ∼ P_XY}} [L(f(x), y)] (4)",
        statement="For every compact X, L > 0 and law of (x, y) on X x {-1, 1}, some f in Lip_L(X, R) minimizes the "
        "expected loss.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=lambda variant, budget: [attained(frozenset(), variant.repaired)],
        scope="all compact X, L > 0 and laws",
        covers_all=True,
        repairs={"both labels have positive probability": Variant(repaired=True)},
        counterexamples={ATTAINED: ONE_CLASS},
        near_misses=(
            NearMiss(ATTAINED, TWO_CLASSES, "two classes: attained"),
            NearMiss(ATTAINED, UNCONSTRAINED, "no Lipschitz constraint"),
            NearMiss(ATTAINED, {**ONE_CLASS, "weights": ["0"]}, "no law: the weights sum to 0"),
        ),
        minimality="one input with one label; every law with two labels has a minimizer",
        snippet=(
            "from math import exp, log\n"
            "losses = [log(1 + exp(-t)) for t in range(30)]  # X = {0}, label +1, f = t: the infimum is 0\n"
            "print(losses[0], losses[-1])\n"
            "assert all(a > b > 0 for a, b in zip(losses, losses[1:])) and losses[-1] < 1e-12"
        ),
        repaired_by=f"{ROW}.two_classes",
        argument="proof.md#one-class",
        notes="Proposition 3 asks for a non trivial training set (with more than one class), Proposition 4 does not. "
        "Section 2 admits every law of (x, y), but calls P and Q the input distributions of the labels +1 and -1, "
        "which suggests that both occur. A sample of p points has one class only with positive probability, so "
        "Proposition 5 meets this case even then.",
    ),
    Claim(
        id=f"{ROW}.two_classes",
        source=f"{PAPER}, section 4, Proposition 4",
        printed=PRINTED,
        reading="repaired: both classes have positive probability; X need not be compact, and L = 0 is allowed",
        statement="For every nonempty X in R^n, L >= 0 and law on X x {-1, 1} with 0 < P(y = 1) < 1, some f in "
        "Lip_L(X, R) minimizes the expected loss; with P(y = 1) in {0, 1} none does.",
        expected=Verdict.PROVED,
        obligations=two_classes,
        scope="all nonempty X, L >= 0 and Borel laws",
        covers_all=True,
        hypotheses={**TWO, "lipschitz": "f ranges over L-Lipschitz functions"},
        textbook=(EXP, *ASCOLI),
        argument="proof.md#two-classes",
    ),
)
