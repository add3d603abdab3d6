"""Equation 2 repaired: its value is half the distance of the classes, and HMF(b) attains it.

X is the union of A and B, the closed pre-images of b, and every classifier of least risk has the labels of b on X.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.line_classifiers import CONVENTIONS, Cells
from lipcheck.claims.bethune2021.corollary_3._line import cells, mountain
from lipcheck.claims.bethune2021.corollary_3.max_min import PRINTED
from lipcheck.claims.bethune2021.corollary_3.tight import BOLZANO, NEAREST, ROW, SOURCE, cells_of, pairs
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import minimum, var
from lipcheck.words.verdict import Budget, Verdict

WRONG = {"A": ["-1"], "B": ["1"], "ends": [], "labels": [1]}


def upper(variant: Variant) -> list[Forall]:
    """A classifier that tells a from b, at distance d, changes at a place t of the segment; then over all pairs."""
    half = variant.value("half", Fraction(1, 2))
    at_a, at_b, d, t, v, gap, more = map(var, ("at_a", "at_b", "d", "t", "v", "gap", "more"))
    hypotheses: dict[str, Formula] = {"d": d >= 0}
    if variant.keeps("risk"):
        hypotheses["change"] = conj(at_a <= t, at_b <= d - t)
    close = disj(v <= half * gap, conj(d <= gap + more, 2 * more <= v / half - gap))
    return [
        Forall("a pair of points", hypotheses, minimum(at_a, at_b) <= half * d),
        Forall("all pairs", {"pair": v <= half * d, "close pair": close}, v <= half * gap),
    ]


def lower(variant: Variant) -> Forall:
    """HMF(b): x in A and a frontier point z, at distance e from A and from B; the classes are `gap` apart."""
    half = variant.value("half", Fraction(1, 2))
    far, e, gap = map(var, ("far", "e", "gap"))
    hypotheses: dict[str, Formula] = {"e": conj(e >= 0, e <= far), "norm": gap >= 0}
    if variant.keeps("classes"):
        hypotheses["classes"] = far + e >= gap
    return Forall("every frontier point is far", hypotheses, far >= half * gap)


def distance(data: Any) -> Fraction:
    """The distance of A and B on the line."""
    return min(abs(parse(a) - parse(b)) for a in data["A"] for b in data["B"])


def least(found: Cells, data: Any) -> Fraction | None:
    """The least radius over A and B, None where no point has another class."""
    radii = [found.radius(parse(x))[0] for x in (*data["A"], *data["B"])]
    finite = [r for r in radii if r is not None]
    return min(finite) if finite else None


def on_the_line(variant: Variant) -> Universal:
    """Any classifier on the line with finitely many changes."""
    half = variant.value("half", Fraction(1, 2))

    def examine(data: Any) -> Examination:
        it = cells(data)
        right = all(it.label(parse(x)) == s for k, s in (("A", 1), ("B", -1)) for x in data[k])
        value = least(it, data)
        return Examination({"risk": right}, value is not None and value <= half * distance(data))

    text = f"the least radius over A and B is at most {half} times their distance"
    middle = {"A": ["-1"], "B": ["1"], "ends": ["0"], "labels": [1, 0, -1]}
    return Universal("on the line", text, examine, lambda: [WRONG, middle], variant.dropped, str(half))


def decided(points: int, variant: Variant) -> Exhaustive:
    """HMF of finite classes on the line, and no single shift of a frontier point is better."""
    half = variant.value("half", Fraction(1, 2))

    def elements() -> Iterator[Any]:
        yield from pairs(points)

    def holds(data: Any) -> bool:
        hmf = mountain(data)
        if any(least(cells_of(hmf, zero), data) != half * distance(data) for zero in CONVENTIONS):
            return False
        best = cells_of(hmf, 0)
        for i, end in enumerate(best.ends):
            for shift in (Fraction(1, 8), Fraction(-1, 8)):
                moved = Cells((*best.ends[:i], end + shift, *best.ends[i + 1 :]), best.labels)
                value = least(moved, data)
                if value is None or value > half * distance(data):
                    return False
        return True

    return Exhaustive(f"{points} points", f"classes among 0, 1, ...: HMF has the value {half} times the distance",
                      elements, holds, parameters=[points, str(half)], size=points)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Upper bound, lower bound, the decision on the line."""
    sizes = (3,) if budget is Budget.SMOKE else (3, 4)
    return [*upper(variant), lower(variant), on_the_line(variant), *(decided(n, variant) for n in sizes)]


CLAIMS = (
    Claim(
        id=f"{ROW}.max_min_value",
        source=f"{SOURCE}, equation 2",
        printed=PRINTED,
        reading="repaired: a solution, X the union of the classes, no ties; minima over x and delta are infima",
        statement="Let A and B be closed, disjoint and not empty, X their union, s the infimum of |a - b|. Over all "
        "classifiers on R^n with the label +1 on A and -1 on B the greatest value of inf over X of the robustness "
        "radius is s / 2, and HMF(b) attains it.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, all disjoint closed classes, all classifiers; Euclidean norm",
        covers_all=True,
        hypotheses={
            "risk": "the competing classifier has the labels of b on X",
            "classes": "A and B are s apart",
        },
        constants={"half": Constant(Fraction(1, 2), Fraction(99, 200), words="of the distance of the classes")},
        textbook=(
            NEAREST,
            BOLZANO,
            Textbook("the supremum of an interval of equal labels", "completeness of the reals"),
        ),
        argument="proof.md#the-value-of-equation-2",
        depends_on=(ROW, f"{ROW}.risk"),
        notes="P_X carries X and P(y | x) != 1/2 almost everywhere; every point of A and B lies in the support or P_X "
        "gives it mass, so that labels of least risk are those of b. The maximum is over all classifiers, 1-Lipschitz "
        "or not.",
    ),
)
