"""Section 3.2: "The HMF(b) function ... is the one providing the largest certificate among the classifiers of maximum
accuracy", and Corollary 3: "There is no classifier with the same risk and better certificates."

Both fail: a frontier nearer to one class gives the other larger certificates, and HMF(b) is not even Pareto optimal.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.line_classifiers import CONVENTIONS, sign_cells, value
from lipcheck.claims.bethune2021.corollary_3._line import classes, line, lipschitz, mountain, networks
from lipcheck.claims.bethune2021.corollary_3.tight import ROW, SOURCE
from lipcheck.network import Abs, Affine, Network, to_json
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SHIFTED = {**classes([-1], [1]), "g": line(-1, "1/2")}
DOMINATES = {
    **classes([0, 6], [2]),
    "g": to_json(Network(1, (Affine([[1]], [-2]), Abs(), Affine([[1]], [-1])))),
}


def points(data: Any) -> list[Fraction]:
    """The points of A and B."""
    return [parse(x) for x in (*data["A"], *data["B"])]


def classifies(network: Network, data: Any) -> bool:
    """Whether g is positive on A and negative on B."""
    return all(value(network, parse(x)) > 0 for x in data["A"]) and all(value(network, parse(x)) < 0 for x in data["B"])


def radii(network: Network, data: Any, zero: int = 0) -> list[Fraction]:
    """The robustness radii of sign o g on A and B; g takes both signs."""
    found = sign_cells(network, zero)
    return [radius for x in points(data) if (radius := found.radius(x)[0]) is not None]


def against(name: str, text: str, better: Any, candidate: Any, variant: Variant) -> Universal:
    """No 1-Lipschitz g that is right on A and B is `better` than f = HMF, by certificates |g| and by radii as well."""

    def examine(data: Any) -> Examination:
        hmf, (g,) = mountain(data), networks(data, "g")
        certificates = [abs(value(g, x)) for x in points(data)]
        heights = [abs(hmf.height(x)) for x in points(data)]
        hypotheses = {"lipschitz": lipschitz(g), "right": classifies(g, data)}
        if not all(hypotheses.values()):
            return Examination(hypotheses, True)
        wins = better(certificates, heights) and all(better(radii(g, data, zero), heights) for zero in CONVENTIONS)
        return Examination(hypotheses, not wins)

    return Universal(name, text, examine, lambda: [candidate], parameters=variant.repaired)


def worst(g: Sequence[Fraction], f: Sequence[Fraction]) -> bool:
    """Larger at the worst point."""
    return min(g) > min(f)


def largest(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """At every point of X; repaired, at the worst point."""

    def somewhere(g: Sequence[Fraction], f: Sequence[Fraction]) -> bool:
        return any(a > b for a, b in zip(g, f, strict=True))

    where = "the worst point" if variant.repaired else "some point"
    return [against("larger", f"no g has a larger certificate at {where} of X than HMF(b)",
                    worst if variant.repaired else somewhere, SHIFTED, variant)]  # fmt: skip


def pareto(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Nowhere smaller and somewhere larger; repaired, at the worst point. Two points admit no such g."""

    def dominates(g: Sequence[Fraction], f: Sequence[Fraction]) -> bool:
        return all(a >= b for a, b in zip(g, f, strict=True)) and list(g) != list(f)

    at_a, at_b, distance = map(var, ("at_a", "at_b", "distance"))
    two = Forall(
        "minimal: two points",
        {"right": conj(at_a > 0, at_b < 0), "lipschitz": at_a - at_b <= distance,
         "nowhere smaller": conj(2 * at_a >= distance, -2 * at_b >= distance)},
        conj(equals(2 * at_a, distance), equals(-2 * at_b, distance)),
    )  # fmt: skip
    text = "a larger worst certificate" if variant.repaired else "certificates nowhere smaller and somewhere larger"
    return [against("better", f"no g has {text} on X than HMF(b)", worst if variant.repaired else dominates, DOMINATES,
                    variant), two]  # fmt: skip


SNIPPET = """\
A, B = -1, 1
def f(x): return -x               # HMF: the frontier is 0
def g(x): return 0.5 - x          # slope -1, the same labels, frontier 1/2
assert f(A) > 0 > f(B) and g(A) > 0 > g(B)
print("certificates at -1:", abs(f(A)), "for HMF,", abs(g(A)), "for g")
assert abs(g(A)) > abs(f(A))
"""
PARETO_SNIPPET = """\
A, B, frontier = [0, 6], [2], [1, 4]
def f(x): return (-1 if x in B else 1) * min(abs(x - z) for z in frontier)     # HMF on the data
def g(x): return abs(x - 2) - 1                                                # 1-Lipschitz, zeros 1 and 3
assert all(f(x) > 0 < g(x) for x in A) and all(f(x) < 0 > g(x) for x in B)
pairs = [(abs(f(x)), abs(g(x))) for x in A + B]
print("certificates (HMF, g) at 0, 6, 2:", pairs)
assert all(b >= a for a, b in pairs) and any(b > a for a, b in pairs)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.largest",
        short="a shifted frontier gives one class larger certificates; only the worst certificate is the largest",
        source="Béthune et al. 2021, arXiv version with appendices, section 3.2, before Corollary 3",
        printed="The HMF(b) function associated to the Bayes classifier b is the one providing the largest certificate "
        "among the classifiers of maximum accuracy.",
        reading="as printed, the certificate at each point of X",
        statement="For every 1-Lipschitz g of maximum accuracy and every x in X, |g(x)| <= |HMF(b)(x)|.",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=largest,
        scope="all classes; the counterexample has two points of R",
        covers_all=True,
        argument="proof.md#larger-certificates",
        counterexamples={"larger": SHIFTED},
        minimality="dimension one, one point in each class, an affine g; HMF(b) needs both classes",
        near_misses=(
            NearMiss("larger", {**SHIFTED, "g": line(-1, 0)}, "HMF itself"),
            NearMiss("larger", {**SHIFTED, "g": line(-2, 0)}, "not 1-Lipschitz"),
            NearMiss("larger", {**SHIFTED, "g": line(-1, 2)}, "wrong at 1"),
        ),
        repairs={"the worst certificate": Variant(repaired=True)},
        repaired_by=f"{ROW}.max_min_value",
        snippet=SNIPPET,
        notes="The robustness radii of sign o g are larger at -1 in the same way, for every value of sign(0).",
    ),
    Claim(
        id=f"{ROW}.no_better",
        short="|x - 2| - 1 beats HMF of {0, 6} and {2} at 6 and ties at 0 and 2; only the worst case is best",
        source=SOURCE,
        printed="There is no classifier with the same risk and better certificates.",
        reading="as printed; better: nowhere on X smaller and somewhere larger",
        statement="No 1-Lipschitz g with the risk of sign(HMF(b)) has |g(x)| >= |HMF(b)(x)| for all x in X and > for "
        "some.",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=pareto,
        scope="all classes; the counterexample has three points of R",
        covers_all=True,
        argument="proof.md#better-certificates",
        counterexamples={"better": DOMINATES},
        minimality="three points; with two points every g that is nowhere worse has the same certificates "
        "(machine-checked)",
        near_misses=(
            NearMiss("better", {**classes([0, 4], [2]), "g": DOMINATES["g"]}, "the same certificates"),
            NearMiss("better", {**DOMINATES, "g": line(-1, 1)}, "wrong at 6"),
            NearMiss("better", SHIFTED, "larger at -1, smaller at 1"),
        ),
        repairs={"the worst certificate": Variant(repaired=True)},
        repaired_by=f"{ROW}.max_min_value",
        snippet=PARETO_SNIPPET,
        notes="g is a network with norms one, its frontier is {1, 3}, and its radii dominate those of HMF as well. "
        "Here 'better' has its weakest sense; .largest is the pointwise sense. In the sense "
        "of equation 2 and as 'larger everywhere' the sentence holds: .max_min_value, .no_better_everywhere.",
    ),
)
