"""After Example 2: "Without l1 or l2 regularization the minimizer can not be attained." With it, it is.

A penalty mu R(W, b) bounds the parameters along minimizing sequences. A penalty on W alone does so too, for two
classes: a large b misclassifies one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.bethune2021._bce import EXP, PAPER
from lipcheck.claims.bethune2021.example_2.infimum import ROW
from lipcheck.claims.bethune2021.proposition_4.statement import TWO
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """E: the loss; size: the penalty; the sum is at most 1, as at 0 it is log 2; r bounds the inputs, m the classes."""
    E, size, mu, goal, b, w, r, m, loss = map(var, ("E", "size", "mu", "goal", "b", "w", "r", "m", "loss"))
    good: dict[str, Formula] = {"objective": E + mu * size <= 1, "loss": E >= 0, "goal": goal * mu >= 1}
    good["penalty"] = mu > 0 if variant.keeps("penalty") else mu >= 0
    if not variant.keeps("penalty"):
        del good["goal"]
    wrong: dict[str, Formula] = {
        "misclassified": loss >= b - w * r,
        "objective": conj(m * loss <= E, E <= 1),
        "inputs": conj(w >= 0, r >= 0),
    }
    inner, logit = var("inner"), var("logit")
    far = {"inputs": absolute(inner) <= w * r, "logit": equals(logit, inner + b), "its loss": loss >= logit}
    wrong["two_classes"] = conj(m > 0, goal * m >= 1) if variant.keeps("two_classes") else m >= 0
    return [
        Forall("bounded by the penalty", good, size <= goal),
        Forall("a point of label -1", far, loss >= b - w * r),
        Forall("b is bounded by the loss", wrong, b <= w * r + goal),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.regularized",
        source=f"{PAPER}, section 4, after Example 2",
        printed="Without l1 or l2 regularization the minimizer can not be attained.",
        reading="the other half: with such a regularization it is attained",
        statement="For a finite training set and mu > 0, mean loss + mu R attains its minimum over all (W, b), where R "
        "is the l1 norm or the squared l2 norm of (W, b), or of W alone if both labels occur.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, all finite training sets, all mu > 0",
        covers_all=True,
        hypotheses={"penalty": "mu > 0", **TWO},
        textbook=(
            EXP,
            Textbook("a continuous function on a compact set attains its minimum", "Rudin, Principles, theorem 4.16"),
        ),
        argument="proof.md#regularization",
        notes="The half as printed is the main claim of the row. Other remedies exist, a bound on ||W|| among them.",
    ),
)
