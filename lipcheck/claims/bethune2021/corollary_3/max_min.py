"""Corollary 3: "Said otherwise the HMF(b) is the solution to: max over f in Lip_1(R^n, R) of min over x in X of min
||delta|| over sign(f(x + delta)) != sign(f(x)), under the constraint R(sign(f)) minimal."

It is a solution where X is the union of the closed classes of a b without ties, never the only one; and where the
label of a point does not matter to the risk, b may choose it such that HMF(b) is no solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.build.line_classifiers import CONVENTIONS, sign_cells, value
from lipcheck.claims.bethune2021.corollary_3._line import classes, line, lipschitz, mountain, networks
from lipcheck.claims.bethune2021.corollary_3.certificates import classifies, radii
from lipcheck.claims.bethune2021.corollary_3.tight import ROW, SOURCE, cells_of
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Examination, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "Said otherwise the HMF(b) is the solution to: max_{f ∈ Lip_1(R^n, R)} min_{x ∈ X} min_{δ ∈ R^n, sign(f(x+δ)) ≠ "
    "sign(f(x))} ‖δ‖ (2) under the constraint R(sign(f)) minimal"
)
HALF = {**classes([-1], [1]), "g": line("-1/2", 0), "x": "1"}
TIE = {**classes([0, 3], [4]), "ties": ["3"], "g": line(-1, "3/2")}


def only(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every solution is HMF(b); repaired, no g has a larger value."""

    def examine(data: Any) -> Examination:
        hmf, (g,), x = mountain(data), networks(data, "g"), parse(data["x"])
        hypotheses = {"lipschitz": lipschitz(g), "risk": classifies(g, data)}
        if not all(hypotheses.values()):
            return Examination(hypotheses, True)
        least = min(abs(hmf.height(parse(p))) for p in (*data["A"], *data["B"]))
        values = [min(radii(g, data, zero)) for zero in CONVENTIONS]
        if variant.repaired:
            return Examination(hypotheses, all(v <= least for v in values))
        solution = all(v >= least for v in values)
        return Examination({**hypotheses, "solution": solution}, value(g, x) == hmf.height(x))

    text = "no g has a larger value than HMF(b)" if variant.repaired else "a g with the value of HMF(b) equals it"
    return [Universal("the solution", text, examine, lambda: [HALF], parameters=variant.repaired)]


def ties(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """HMF(b) is a solution where b may label `ties`, points of P(y | x) = 1/2, either way; repaired, without ties."""

    def examine(data: Any) -> Examination:
        hmf, (g,) = mountain(data), networks(data, "g")
        plain = {k: [x for x in data[k] if x not in data["ties"]] for k in ("A", "B")}
        hypotheses = {"lipschitz": lipschitz(g), "risk": classifies(g, plain)}
        hypotheses["ties in X"] = set(data["ties"]) <= {*data["A"], *data["B"]}
        if variant.repaired:
            hypotheses["no ties"] = not data["ties"]
        everywhere = [parse(x) for x in (*data["A"], *data["B"])]
        better = all(
            min(r for x in everywhere if (r := sign_cells(g, zero).radius(x)[0]) is not None)
            > min(r for x in everywhere if (r := cells_of(hmf, zero).radius(x)[0]) is not None)
            for zero in CONVENTIONS
        )
        return Examination(hypotheses, not better)

    text = "no g of least risk has a larger value of (2) than HMF(b)" + ", without ties" * variant.repaired
    return [Universal("a solution", text, examine, lambda: [TIE], parameters=variant.repaired)]


SNIPPET = """\
A, B = -1, 1
def f(x): return -x           # HMF
def g(x): return -x / 2       # 1-Lipschitz, the same signs everywhere, so the same radii
grid = [k / 8 for k in range(-40, 41)]
assert all((f(x) > 0) == (g(x) > 0) and (f(x) < 0) == (g(x) < 0) for x in grid)
print("f(1) =", f(1), "and g(1) =", g(1), "have the value 1 of equation 2")
assert f(1) != g(1)
"""
TIE_SNIPPET = """\
X = [0, 3, 4]                 # labels: +1 at 0, -1 at 4, and at 3 either with probability 1/2
def value(frontier): return min(abs(x - frontier) for x in X)
hmf = 3.5                     # b(3) = +1 is as good as -1; HMF(b) has its frontier between 3 and 4
other = 1.5                   # sign(3/2 - x) has the same risk
print("least radius:", value(hmf), "for HMF(b),", value(other), "for 3/2 - x")
assert value(other) > value(hmf)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.max_min",
        short="HMF(b)/2 solves (2) as well; HMF(b) is a solution, not the solution",
        source=f"{SOURCE}, equation 2",
        printed=PRINTED,
        reading="as printed: the solution, so the only one",
        statement="HMF(b) is the only solution of equation 2.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=only,
        scope="all classes; the counterexample has two points of R",
        covers_all=True,
        argument="proof.md#the-solution",
        counterexamples={"the solution": HALF},
        minimality="dimension one, one point in each class, an affine solution",
        near_misses=(
            NearMiss("the solution", {**HALF, "x": "0"}, "both vanish at 0"),
            NearMiss("the solution", {**HALF, "g": line(-1, "1/2")}, "the value at 1 is 1/2"),
            NearMiss("the solution", {**HALF, "g": line(-1, 0)}, "HMF itself"),
        ),
        repairs={"a solution": Variant(repaired=True)},
        repaired_by=f"{ROW}.max_min_value",
        snippet=SNIPPET,
        notes="Nor is the classifier unique: |x - 2| - 1 for {0, 6} and {2}, of .no_better, has other signs off the "
        "data and the same value 1.",
    ),
    Claim(
        id=f"{ROW}.max_min_ties",
        short="where P(y|x) = 1/2, b may label x such that HMF(b) has a smaller least radius than 3/2 - x",
        source=f"{SOURCE}, equation 2",
        printed=PRINTED,
        reading="a solution, for every Bayes classifier b",
        variant_of=f"{ROW}.max_min",
        statement="For every P_XY and every Bayes classifier b with closed pre-images, both not empty, HMF(b) attains "
        "the maximum of equation 2.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=ties,
        scope="finite distributions on R",
        covers_all=True,
        argument="proof.md#ties",
        counterexamples={"a solution": TIE},
        minimality="three points, one of them a tie: without ties HMF(b) is a solution, and with one point in each "
        "class, one of them a tie, some risk-minimal classifier is constant and (2) has no finite value",
        near_misses=(
            NearMiss("a solution", {**classes([0], [3, 4]), "ties": ["3"], "g": TIE["g"]}, "b(3) = -1"),
            NearMiss("a solution", {**TIE, "ties": []}, "3 has the label +1, and g is wrong there"),
        ),
        repairs={"no ties": Variant(repaired=True)},
        repaired_by=f"{ROW}.max_min_value",
        snippet=TIE_SNIPPET,
        notes="All three points are in supp P_X. Points of X outside of the support act in the same way: b is free "
        "there.",
    ),
)
