"""Table 1, BCE and hinge, consistent estimator, for networks: "no" needs labels that are noisy.

If the label is a function c of the input, networks with one hidden layer come as near to c as one likes in the mean,
and t times such a network has a loss near that of t c. So the least expected loss is 0, as the least training loss is.
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.bethune2021._bce import EXP
from lipcheck.claims.bethune2021.proposition_5 import remarks
from lipcheck.claims.bethune2021.table_1._words import BCE, HINGE, ROW, UNCONSTRAINED, cell, source
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Verdict

LINE = "consistent estimator"
DENSE = Textbook(
    "networks with one hidden layer of a bounded activation that is not constant are dense in L^1 of a finite measure",
    "Hornik, Approximation capabilities of multilayer feedforward networks, Neural Networks 4 (1991), theorem 1",
)


def noiseless(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Losses of t g, where v = y g and k = y c at one input and a = |g - c| there; and the fit of a training set.

    w = e^-t, and X = e^(t - z) for a margin z <= t: w X = e^-z.
    """
    t, v, k, a, w, X = map(var, ("t", "v", "k", "a", "w", "X"))
    given: dict[str, Formula] = {"near": conj(v - k <= a, k - v <= a), "t": t >= 0}
    if variant.keeps("noiseless"):
        given["noiseless"] = equals(k, 1)
    return [
        Forall("the hinge loss of t g for m = t", given, positive_part(t - t * v) <= t * a),
        Forall("the BCE exceeds that of t by the hinge loss at most", {"exponentials": conj(w > 0, X >= 1)},
               1 + w * X <= (1 + w) * X),
        remarks.hinge(),
        remarks.knot(),
    ]  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.consistency_unconstrained_noiseless",
        source=f"{source(BCE, LINE)}, and row {HINGE}",
        printed=cell(f"{BCE}; {HINGE}", LINE, UNCONSTRAINED, "no"),
        reading="repaired: not 'no' but 'yes' where the label is a function of the input",
        statement="Let y = c(x) for a Borel function c of R^n to {-1, 1}, and x have any law on R^n. Almost surely, "
        "for every p, the infimum of the training BCE and that of the expected BCE over ReLU networks with one hidden "
        "layer of any width are both 0; and so are those of the hinge loss, for every m >= 0.",
        expected=Verdict.PROVED,
        obligations=noiseless,
        scope="all n, all laws whose label is a function of the input; one hidden ReLU layer of any width",
        covers_all=True,
        hypotheses={"noiseless": "the label is a function of the input"},
        textbook=(
            EXP,
            DENSE,
            Textbook("some direction separates finitely many points of R^n", "a finite union of hyperplanes is no R^n"),
            Textbook("induction over the points", "Peano's axioms"),
        ),
        argument="proof.md#consistency-without-noise",
        notes="So the law that shows 'no' must have contradictory labels. The least losses agree; the training loss of "
        "one network that fits a sample still says nothing of its expected loss.",
    ),
)
