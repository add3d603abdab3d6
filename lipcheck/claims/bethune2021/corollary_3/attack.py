"""Corollary 3: "In particular delta = -f(x) grad f(x) is guaranteed to be an adversarial attack."

f(x + delta) = 0, so x + delta has the class that sign(0) happens to be. It fails at points of X where f has no
gradient, for every sign(0); for a label as sign(0), at every point of one of the classes; and a longer step along the
same ray may stay in the class of x.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.euclidean import squared_distance
from lipcheck.build.line_classifiers import CONVENTIONS, ClassifierError, sign
from lipcheck.build.mountain import LineMountain, PlaneMountain
from lipcheck.claims.bethune2021.corollary_3._line import classes, mountain
from lipcheck.claims.bethune2021.corollary_3.tight import ROW, SOURCE, pairs
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Examination, Exhaustive, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "In particular δ = −f(x)∇_x f(x) is guaranteed to be an adversarial attack."
KINK = {**classes([0], [-2, 2]), "x": "0", "zero": 0}
LABEL = {**classes([-1], [1]), "x": "-1", "zero": 1}
RAY: dict[str, Any] = {
    "A": [["-5", "0"], ["3", "4"], ["5", "0"]],
    "B": [["4", "3"]],
    "x": ["-5", "0"],
    "delta": ["5", "0"],
    "t": "2",
}


def slope(hmf: LineMountain, x: Fraction) -> int | None:
    """f'(x), None where f turns."""
    if x in hmf.breakpoints:
        return None
    return hmf.slopes[sum(turn < x for turn in hmf.breakpoints)]


def changes(hmf: LineMountain, x: Fraction, zero: int) -> bool:
    """Whether x - f(x) f'(x) has another sign than x."""
    gradient = slope(hmf, x)
    return gradient is not None and sign(hmf.height(x - hmf.height(x) * gradient), zero) != sign(hmf.height(x), zero)


def reaches(hmf: LineMountain, x: Fraction, zero: int) -> bool:
    """Whether f vanishes at x - f(x) f'(x), a change of sign on the line."""
    gradient = slope(hmf, x)
    return gradient is not None and hmf.height(x - hmf.height(x) * gradient) == 0


def rule(name: str, labels: Sequence[int], gradient: bool, conclusion: Callable[[LineMountain, Fraction, int], bool],
         candidate: Any, variant: Variant) -> Universal:  # fmt: skip
    """At points of finite classes on the line, sign(0) one of `labels`; where `gradient`, only if f has one there."""

    def examine(data: Any) -> Examination:
        hmf, x, zero = mountain(data), parse(data["x"]), data["zero"]
        if zero not in CONVENTIONS or isinstance(zero, bool):
            raise ClassifierError(f"sign(0) is {zero!r}: give -1, 0 or 1")
        hypotheses = {
            "x in A or B": data["x"] in data["A"] + data["B"],
            "sign(0)": zero in labels,
            "gradient": not gradient or slope(hmf, x) is not None,
        }
        return Examination(hypotheses, conclusion(hmf, x, zero))

    text = f"x - f(x) f'(x) {'lies on the frontier' if conclusion is reaches else 'has another class'}; {name}"
    return Universal(name, text, examine, lambda: [candidate], parameters=[list(labels), gradient, variant.repaired])


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All x in X; then, for a label as sign(0), the x that have a gradient. Repaired: the frontier is reached."""
    goal, gradient = (reaches, True) if variant.repaired else (changes, False)

    def single() -> list[list[int]]:
        return [[a, b, x] for a in range(-3, 4) for b in range(-3, 4) if a != b for x in (a, b)]

    def holds(element: list[int]) -> bool:
        a, b, x = element
        return changes(mountain(classes([a], [b])), Fraction(x), 0)

    return [
        rule("sign(0) of any value", CONVENTIONS, gradient, goal, KINK, variant),
        rule("sign(0) a label, gradient", (-1, 1), True, goal, LABEL, variant),
        Exhaustive("minimal: two points, sign(0) a third value", "the printed attack works for |A| = |B| = 1", single,
                   holds),
    ]  # fmt: skip


def ray(variant: Variant) -> Universal:
    """In the plane: for small s > 0 the step (1 + s) delta, delta = -f(x) grad f(x), leads to another class."""

    def examine(data: Any) -> Examination:
        a, b = ([tuple(map(parse, point)) for point in data[k]] for k in ("A", "B"))
        hmf = PlaneMountain((tuple(a), tuple(b)))
        x, delta = (tuple(map(parse, data[k])) for k in ("x", "delta"))
        at = [tuple(p + t * d for p, d in zip(x, delta, strict=True)) for t in (Fraction(1), parse(data["t"]))]
        least = min(s.squared_distance((x[0], x[1])) for s in hmf.frontier)
        closest = [s for s in hmf.frontier if s.squared_distance((x[0], x[1])) == least]
        only = all(s.squared_distance((at[0][0], at[0][1])) == 0 for s in closest)
        own, other = (a, b) if hmf.nearest(x) == 0 else (b, a)
        stays = any(
            all(squared_distance(at[0], p) <= squared_distance(at[0], q) for q in other)
            and all(squared_distance(at[1], p) < squared_distance(at[1], q) for q in other)
            for p in own
        )
        hypotheses = {
            "x in A or B": x in a + b,
            "delta": least > 0 and only and sum(d * d for d in delta) == least,
            "farther": parse(data["t"]) > 1,
        }
        return Examination(hypotheses, (hmf.nearest(at[0]) is None) if variant.repaired else not stays)

    ends = "ends on the frontier" if variant.repaired else "leads to another class for small s"
    return Universal("ray", f"(1 + s) delta {ends}", examine, lambda: [RAY], parameters=variant.repaired)


def beyond(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The ray in the plane; on the line it crosses the frontier."""

    def elements() -> Iterator[list[Any]]:
        for pair in pairs(4):
            for x in pair["A"] + pair["B"]:
                if slope(mountain(pair), parse(x)) is not None:
                    yield [pair, x]

    def holds(element: list[Any]) -> bool:
        hmf, x = mountain(element[0]), parse(element[1])
        step = -hmf.height(x) * (slope(hmf, x) or 0)
        return hmf.height(x + Fraction(101, 100) * step) * hmf.height(x) < 0

    text = "classes among 0, ..., 3: a step 1 % longer than delta changes the class"
    return [ray(variant), Exhaustive("minimal: the line", text, elements, holds)]


SNIPPET = """\
def d(x, S): return min(abs(x - s) for s in S)
A, B, frontier = [0], [-2, 2], [-1, 1]
def f(x): return (1 if d(x, B) >= d(x, A) else -1) * d(x, frontier)
h = 2 ** -20
left, right = (f(0) - f(-h)) / h, (f(h) - f(0)) / h
print("f(0) =", f(0), "with slopes", left, right)
assert 0 in A and (left, right) == (1, -1)    # no gradient at a point of A
A, B, frontier = [-1], [1], [0]
assert f(-1 - f(-1) * -1) == 0                # on the frontier, which equation 10 counts to the class of x = -1
"""
RAY_SNIPPET = """\
A, B, x = [(-5, 0), (3, 4), (5, 0)], [(4, 3)], (-5, 0)
def d2(p, S): return min((p[0] - s[0]) ** 2 + (p[1] - s[1]) ** 2 for s in S)
assert d2((0, 0), A) == d2((0, 0), B) == 25       # the frontier point nearest to x, so delta = (5, 0)
assert all(d2((px, py), A) < d2((px, py), B)      # nothing of the frontier, nor of B's side, is nearer to x
           for px in range(-9, 0) for py in range(-4, 5) if (px + 5) ** 2 + py ** 2 < 25)
for k in range(1, 101):                           # beyond delta, up to twice its length, all is A's
    assert d2((k / 20, 0), A) < d2((k / 20, 0), B)
print("x + 2 delta =", (5, 0), "is a point of A")
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.attack",
        short="no gradient at some points of X; else f(x + δ) = 0, an attack exactly if sign(0) is not sign(f(x))",
        source=SOURCE,
        printed=PRINTED,
        statement="For f = HMF(b) and every x in X, f has a gradient at x and sign(f(x - f(x) grad f(x))) != "
        "sign(f(x)).",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="all values of sign(0); the counterexamples are on R",
        covers_all=True,
        argument="proof.md#the-attack",
        counterexamples={"sign(0) of any value": KINK, "sign(0) a label, gradient": LABEL},
        minimality="three points on the line; with two, and sign(0) a third value, the attack works (checked for "
        "integers up to 3). With sign(0) a label two points are enough.",
        near_misses=(
            NearMiss("sign(0) of any value", {**KINK, "x": "1"}, "1 is no point of A or B"),
            NearMiss("sign(0) of any value", {**LABEL, "zero": 0}, "0 differs from the sign of f(x)"),
            NearMiss("sign(0) a label, gradient", {**LABEL, "zero": -1}, "the frontier is on the other side"),
        ),
        repairs={"x + delta lies on the frontier": Variant(repaired=True)},
        repaired_by=f"{ROW}.attack_limit",
        snippet=SNIPPET,
        notes="Equation 10 gives the frontier to the class +1. With the mathematical sign, sign(0) = 0, and a gradient "
        "at x, the sentence is right in the sense of equation 2, though 0 is no label: .attack_limit.",
    ),
    Claim(
        id=f"{ROW}.attack_beyond",
        short="a longer step along δ can stay in x's class for ever; near x + δ the other class exists",
        source=SOURCE,
        printed=PRINTED,
        reading="a step slightly longer than delta: the direction of delta leads into the other class",
        variant_of=f"{ROW}.attack",
        statement="For f = HMF(b), every x in X with f(x) != 0 where f has a gradient, and every small s > 0, the step "
        "-(1 + s) f(x) grad f(x) changes the sign of f.",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=beyond,
        scope="the plane; on the line it is true",
        covers_all=True,
        argument="proof.md#beyond-the-frontier",
        counterexamples={"ray": RAY},
        minimality="dimension two: on the line a step beyond a frontier point crosses (checked for classes among 0 to "
        "3)",
        near_misses=(
            NearMiss("ray", {**RAY, "B": [["4", "3"], ["5", "0"]], "A": RAY["A"][:2]}, "(5, 0) in B: the ray crosses"),
            NearMiss("ray", {**RAY, "delta": ["4", "0"]}, "(-1, 0) is not on the frontier"),
            NearMiss("ray", {**RAY, "t": "1"}, "no step beyond"),
            NearMiss(
                "ray",
                {**RAY, "A": [["-5", "0"], ["4", "3"], ["3", "-4"]], "B": [["4", "-3"]]},
                "the ray runs along the frontier",
            ),
        ),
        repairs={"x + delta lies on the frontier": Variant(repaired=True)},
        repaired_by=f"{ROW}.attack_limit",
        snippet=RAY_SNIPPET,
        notes="x + 2 delta = (5, 0) is itself a point of A. So with sign(0) = 1 no multiple of the gradient up to "
        "twice delta is an attack on x.",
    ),
)
