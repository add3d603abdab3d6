"""Section 3: "In this section, we show that 1-Lipschitz functions are as powerful as any other classifier".

Plain reading: every classifier c: R^n -> {-1, +1} is sign o f for a 1-Lipschitz f. Then {c = 1} is {f >= 0}, which is
closed, or {f > 0}, which is open. The half-open interval (0, 1] is neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from lipcheck.build.line_classifiers import Cells
from lipcheck.claims.bethune2021.corollary_1.scaling import ROW
from lipcheck.claims.bethune2021.corollary_3._line import cells
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

HALF_OPEN = {"ends": ["0", "1"], "labels": [-1, -1, 1, 1, -1]}


def closed(it: Cells, label: int) -> bool:
    """Whether the points of this label form a closed set: each of its open cells comes with its ends."""
    mine = [found == label for found in it.labels]
    return all(mine[i + d] for i in range(0, len(mine), 2) if mine[i] for d in (-1, 1) if 0 <= i + d < len(mine))


def signs(variant: Variant) -> Universal:
    """Two-label classifiers on the line with finitely many changes."""

    def examine(data: Any) -> Examination:
        it = cells(data)
        hypotheses = {"labels": set(it.labels) <= {-1, 1}}
        if variant.repaired:
            hypotheses["closed"] = closed(it, 1)
        return Examination(hypotheses, closed(it, 1) or closed(it, -1))

    text = "c is sign o f for a continuous f and a value of sign(0): one of its classes is closed"
    return Universal("every classifier", text, examine, lambda: [HALF_OPEN], parameters=variant.repaired)


def limit() -> Forall:
    """f(x) <= 0 if 1-Lipschitz f has f(x) <= t for arbitrarily small t > 0: for t = f(x) / 2."""
    f, t = map(var, ("f", "t"))
    return Forall("limits", {"close": f <= t, "t": disj(f <= 0, equals(2 * t, f))}, f <= 0)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The classifiers, the limits of signs, and that one change is not enough."""

    def elements() -> Iterator[list[int]]:
        yield from (list(labels) for labels in product((-1, 1), repeat=3))

    def holds(labels: list[int]) -> bool:
        it = cells({"ends": ["0"], "labels": labels})
        return closed(it, 1) or closed(it, -1)

    return [signs(variant), limit(),
            Exhaustive("minimal: one end", "all classifiers with changes at 0 alone", elements, holds)]  # fmt: skip


SNIPPET = """\
def c(x): return 1 if 0 < x <= 1 else -1
small = [2.0 ** -k for k in range(1, 40)]
assert all(c(t) == 1 for t in small) and c(0) == -1              # f(0) >= 0 and f(0) <= 0: sign(0) = -1
assert all(c(1 + t) == -1 for t in small) and c(1) == 1          # f(1) <= 0 and f(1) >= 0: sign(0) = 1
print("c(0), c(1) =", c(0), c(1), "where a continuous f with the sign of c has to vanish")
assert c(0) != c(1)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.any_classifier",
        short="(0, 1] is neither open nor closed: no continuous f has its sign; closed disjoint classes are matched",
        source="Béthune et al. 2021, arXiv version with appendices, section 3, first sentence",
        printed="In this section, we show that 1-Lipschitz functions are as powerful as any other classifier, like "
        "their unconstrained counterpart.",
        reading="as printed: any classifier is sign o f of a 1-Lipschitz function f",
        statement="For every c: R^n -> {-1, +1} there are a 1-Lipschitz f and a value of sign(0) with sign(f(x)) = "
        "c(x) for all x.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="classifiers on R with finitely many changes; all continuous f",
        covers_all=True,
        argument="proof.md#any-classifier",
        counterexamples={"every classifier": HALF_OPEN},
        minimality="dimension one, two changes: with changes at one place one of the classes is closed (all eight "
        "checked)",
        near_misses=(
            NearMiss("every classifier", {"ends": ["0", "1"], "labels": [-1, 1, 1, 1, -1]}, "[0, 1]: sign(0) = 1"),
            NearMiss("every classifier", {"ends": ["0", "1"], "labels": [-1, -1, 1, -1, -1]}, "(0, 1): sign(0) = -1"),
        ),
        repairs={"a closed class": Variant(repaired=True)},
        repaired_by="bethune2021.corollary_2.functions",
        snippet=SNIPPET,
        notes="A sentence that announces the section: Proposition 1, which follows, asks for closed pre-images, and "
        "'like their unconstrained counterpart' read as 'no less than it' is Corollary 1, which holds.",
    ),
)
