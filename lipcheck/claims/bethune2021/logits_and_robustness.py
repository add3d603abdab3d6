"""Béthune et al. 2021, sections 3.2 and 5: robustness and the size of the logits.

"a robust 1-Lipschitz classifier must certainly aim[] to maximize |f(x)| for each x in the training set, in order to
achieve maximum robustness"; "under 1-Lipschitz constraints maximizing the robustness is equivalent to maximize the
logits |f(x)|".

|f(x)| is a lower bound of the radius, and f / 2 has the radii of f. The least logit, with its label, can be maximized.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from lipcheck.build.line_classifiers import CONVENTIONS, value
from lipcheck.claims.bethune2021.corollary_3._line import classes, line, lipschitz, mountain, networks
from lipcheck.claims.bethune2021.corollary_3.certificates import classifies, points, radii
from lipcheck.claims.bethune2021.corollary_3.tight import cells_of, pairs
from lipcheck.claims.bethune2021.corollary_3.value import distance, least
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import minimum, var
from lipcheck.words.verdict import Budget, Grade, Verdict

Values: TypeAlias = list[Fraction]
ROW = "bethune2021.logits_and_robustness"
SECTION = "Béthune et al. 2021, arXiv version with appendices, section"
SMALL = {**classes([1], [-1]), "f": line("1/2", 0), "g": line(1, 0)}
LARGER = {**classes([4], [-4]), "f": line("1/4", 0), "g": line(1, -1)}


def read(data: Any) -> tuple[dict[str, bool], Values, Values, list[Values], list[Values]]:
    """(hypotheses; logit sizes of f and of g; radii of f and of g for each value of sign(0)) at the training points."""
    f, g = networks(data, "f", "g")
    hypotheses = {"lipschitz": lipschitz(f) and lipschitz(g), "right": classifies(f, data) and classifies(g, data)}
    if not all(hypotheses.values()):
        return hypotheses, [], [], [], []
    sizes = [[abs(value(h, x)) for x in points(data)] for h in (f, g)]
    both = [[radii(h, data, zero) for zero in CONVENTIONS] for h in (f, g)]
    return hypotheses, sizes[0], sizes[1], both[0], both[1]


def optimal(radius: Sequence[Fraction], data: Any) -> bool:
    """Whether the least radius is half the distance of the classes, the most that any classifier has."""
    return min(radius) == distance(data) / 2


def necessary(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f of maximal robustness has logits as large as any g; repaired, some f of maximal robustness has the largest."""

    def examine(data: Any) -> Examination:
        hypotheses, of_f, of_g, radii_f, _ = read(data)
        if not all(hypotheses.values()):
            return Examination(hypotheses, True)
        hypotheses["maximum robustness"] = all(optimal(r, data) for r in radii_f)
        if variant.repaired:
            return Examination(hypotheses, min(of_g) <= distance(data) / 2)
        return Examination(hypotheses, all(a >= b for a, b in zip(of_f, of_g, strict=True)))

    text = "f of maximum robustness, right as g is: |f(x)| >= |g(x)| at all training points"
    if variant.repaired:
        text = "no right g has a least |g(x)| above half the distance of the classes, which is maximum robustness"
    return [Universal("maximal logits", text, examine, lambda: [SMALL], parameters=variant.repaired), same_radii()]


def same_radii() -> Forall:
    """c f, c > 0, is positive where f is, and so, with -f, has the same signs and radii."""
    c, f = map(var, ("c", "f"))
    return Forall("factors keep the radii", {"c": c > 0, "f": f > 0}, c * f > 0)


def equivalent(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Larger logits at every training point mean no smaller least radius; repaired, no radius below the logits."""

    def examine(data: Any) -> Examination:
        hypotheses, of_f, of_g, radii_f, radii_g = read(data)
        if not all(hypotheses.values()):
            return Examination(hypotheses, True)
        if variant.repaired:
            return Examination(hypotheses, all(r >= v for found in radii_g for r, v in zip(found, of_g, strict=True)))
        hypotheses["larger logits"] = all(a < b for a, b in zip(of_f, of_g, strict=True))
        return Examination(hypotheses, any(min(a) <= min(b) for a, b in zip(radii_f, radii_g, strict=True)))

    text = "larger logits |g(x)| > |f(x)| at all training points give no smaller least radius"
    if variant.repaired:
        text = "every radius is at least the logit"
    return [Universal("order", text, examine, lambda: [LARGER], parameters=variant.repaired)]


def bounds(variant: Variant) -> list[Forall]:
    """f(a) >= m and -f(b) >= m for 1-Lipschitz f make m at most half the distance d of a and b; radii are between."""
    at_a, at_b, d, m, radius, gap = map(var, ("at_a", "at_b", "d", "m", "radius", "gap"))
    half = variant.value("half", Fraction(1, 2))
    pair: dict[str, Formula] = {"worst logit": conj(at_a >= m, -at_b >= m)}
    if variant.keeps("lipschitz"):
        pair["lipschitz"] = at_a - at_b <= d
    between: dict[str, Formula] = {"certificate": radius >= m, "no classifier has more": 2 * radius <= gap}
    if variant.keeps("maximal"):
        between["maximal"] = m >= half * gap
    return [
        Forall("a pair of points", pair, m <= half * d),
        Forall("maximal logits, maximal radius", between, 2 * radius >= gap),
        Forall("the minimum is at most both", {}, conj(minimum(at_a, -at_b) <= at_a, minimum(at_a, -at_b) <= -at_b)),
    ]


def decided(points_: int) -> Exhaustive:
    """HMF of finite classes on the line has the least logit and the least radius s / 2."""

    def elements() -> Iterator[Any]:
        yield from pairs(points_)

    def holds(data: Any) -> bool:
        hmf = mountain(data)
        logits = min(abs(hmf.height(x)) for x in points(data))
        return logits == distance(data) / 2 == least(cells_of(hmf, 0), data)

    return Exhaustive(f"{points_} points", "HMF: the least logit and the least radius are half the distance", elements,
                      holds, parameters=points_, size=points_)  # fmt: skip


def worst_case(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Bounds for pairs of points, and HMF, which attains them."""
    return [*bounds(variant), *map(decided, (3,) if budget is Budget.SMOKE else (3, 4))]


SMALL_SNIPPET = """\
def f(x): return x / 2
def g(x): return x                                   # both have their frontier at 0: every radius is |x|
grid = [k / 16 for k in range(-64, 65)]
assert all((f(x) > 0) == (g(x) > 0) and (f(x) < 0) == (g(x) < 0) for x in grid)
print("training points -1 and 1: radius 1, half of their distance 2; logits", abs(f(1)), "and", abs(g(1)))
assert abs(f(1)) < abs(g(1))
"""
LARGER_SNIPPET = """\
def f(x): return x / 4                               # frontier 0
def g(x): return x - 1                               # frontier 1, 1-Lipschitz
train = {4: 1, -4: -1}
assert all(y * f(x) > 0 and y * g(x) > 0 for x, y in train.items())
logits = [(abs(f(x)), abs(g(x))) for x in train]
radii = [(abs(x - 0), abs(x - 1)) for x in train]
print("logits (f, g):", logits, "radii (f, g):", radii)
assert all(a < b for a, b in logits) and min(a for a, _ in radii) > min(b for _, b in radii)
"""

CLAIMS = (
    Claim(
        id=ROW,
        short="f/2 has the radii of f with half the logits: large logits are not needed; they suffice in the worst "
        "case",
        source=f"{SECTION} 3.2, after Corollary 3",
        printed="We deduce that a robust 1-Lipschitz classifier must certainly aim[] to maximize |f(x)| for each x in "
        "the training set, in order to achieve maximum robustness.",
        reading="as printed: necessary for maximum robustness, of the worst training point",
        statement="If a 1-Lipschitz f is right on the training set and no right classifier has a larger least "
        "robustness radius, then |f(x)| >= |g(x)| at every training point for every right 1-Lipschitz g.",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=necessary,
        scope="all training sets; the counterexample has two points of R",
        covers_all=True,
        argument="proof.md#large-logits-are-not-necessary",
        counterexamples={"maximal logits": SMALL},
        minimality="dimension one, one point in each class, affine f and g",
        near_misses=(
            NearMiss("maximal logits", {**SMALL, "f": line(1, 0)}, "the same logits"),
            NearMiss("maximal logits", {**SMALL, "f": line("1/2", "1/4")}, "the least radius is 1/2"),
            NearMiss("maximal logits", {**SMALL, "g": line(2, 0)}, "not 1-Lipschitz"),
        ),
        repairs={"the least logit suffices": Variant(repaired=True)},
        repaired_by=f"{ROW}.worst_case",
        snippet=SMALL_SNIPPET,
        notes="No f maximizes |f(x)| at each x at once: see corollary_3.largest. What large logits give is a larger "
        "certificate |f(x)|; the robustness itself does not depend on them.",
    ),
    Claim(
        id=f"{ROW}.equivalent",
        short="x - 1 has larger logits at 4 and -4 than x/4 and a smaller least radius; logits are lower bounds only",
        source=f"{SECTION} 5, before equation 6",
        printed="According to Section 3.2, under 1-Lipschitz constraints maximizing the robustness is equivalent to "
        "maximize the logits |f(x)|, so the loss L_W(f(x), y) = −yf(x) might seem to be a good pick at first sight.",
        reading="larger logits at all training points mean no less robustness",
        statement="If 1-Lipschitz f and g are right on the training set and |g(x)| > |f(x)| at every point of it, the "
        "least robustness radius of sign(g) over it is at least that of sign(f).",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=equivalent,
        scope="all training sets; the counterexample has two points of R",
        covers_all=True,
        argument="proof.md#larger-logits-smaller-radius",
        counterexamples={"order": LARGER},
        minimality="dimension one, one point in each class, affine f and g",
        near_misses=(
            NearMiss("order", {**LARGER, "g": line(1, 0)}, "the same frontier"),
            NearMiss("order", {**LARGER, "f": line(1, "1/2")}, "the logits at 4 are not smaller"),
            NearMiss("order", {**LARGER, "g": line(2, -2)}, "not 1-Lipschitz"),
        ),
        repairs={"the logit is a lower bound": Variant(repaired=True)},
        repaired_by=f"{ROW}.worst_case",
        snippet=LARGER_SNIPPET,
        notes="The other direction fails in .logits_and_robustness: maximal radii without maximal logits. Maximizing "
        "the sum of y f(x) gives the minimizers of equation 6, of which proposition_6 shows that they misclassify.",
    ),
    Claim(
        id=f"{ROW}.worst_case",
        source=f"{SECTION}s 3.2 and 5",
        printed="We deduce that a robust 1-Lipschitz classifier must certainly aim[] to maximize |f(x)| for each x in "
        "the training set, in order to achieve maximum robustness.",
        reading="repaired: the least y f(x) over the training set; sufficient, not necessary",
        statement="Let both classes A and B of the training set be closed, disjoint and not empty, s their distance. "
        "The greatest inf of y f(x) over it, for 1-Lipschitz f, is s / 2, attained by HMF; and every f that attains it "
        "has the greatest least robustness radius, s / 2.",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=worst_case,
        scope="all n, all closed disjoint classes; Euclidean norm",
        covers_all=True,
        hypotheses={"lipschitz": "f is 1-Lipschitz", "maximal": "f attains the greatest least logit"},
        constants={"half": Constant(Fraction(1, 2), Fraction(99, 200), words="of the distance of the classes")},
        textbook=(Textbook("the infimum over pairs of half their distances is s / 2", "definition of the distance"),),
        argument="proof.md#the-worst-case",
        depends_on=("bethune2021.property_1", "bethune2021.corollary_3.max_min_value"),
    ),
)
