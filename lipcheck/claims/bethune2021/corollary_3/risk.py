"""Corollary 3: "The risk is the smallest possible", and its proof: "The risk R(sign(f)) is minimal since f is buil[t]
from the optimal Bayes classifier."

Plain reading: b has closed pre-images A and B, neither empty, and P_X lives on X, their union. Then sign o HMF(b) = b
on X, and no classifier has a smaller error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.build.line_classifiers import CONVENTIONS, ClassifierError, sign
from lipcheck.claims.bethune2021.corollary_3._line import mountain
from lipcheck.claims.bethune2021.corollary_3.tight import NEAREST, ROW, SOURCE
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import minimum, var
from lipcheck.words.verdict import Budget, Verdict

NOT_BAYES = {"A": ["0"], "B": ["1"], "plus": {"0": "0", "1": "1/2"}, "minus": {"0": "1/2", "1": "0"}}


def height(variant: Variant) -> Forall:
    """At x in A, at distance dB from B, every frontier point z is at a distance of at least dB / 2, which is positive.

    `e` is the distance of z to A, at most |x - z|, and to B.
    """
    dB, far, e = map(var, ("dB", "far", "e"))
    hypotheses: dict[str, Formula] = {"A": conj(e >= 0, e <= far), "B": far + e >= dB, "norm": dB >= 0}
    if variant.keeps("closed"):
        hypotheses["closed"] = dB > 0
    return Forall("f is positive on A", hypotheses, conj(2 * far >= dB, far > 0))


def one_more(variant: Variant) -> Forall:
    """One more point, of mass p with label +1 and q with label -1, where b errs on e and c on g."""
    p, q, e, g, of_b, of_c = map(var, ("p", "q", "e", "g", "of_b", "of_c"))
    hypotheses: dict[str, Formula] = {"so far": of_b <= of_c, "c": disj(equals(g, p), equals(g, q))}
    if variant.keeps("bayes"):
        hypotheses["bayes"] = equals(e, minimum(p, q))
    return Forall("one more point", hypotheses, of_b + e <= of_c + g)


def error(plus: Mapping[str, Fraction], minus: Mapping[str, Fraction], label: Mapping[str, int]) -> Fraction:
    """The mass on which labels are wrong; a third value is wrong for both classes."""
    points = sorted({*plus, *minus})
    zero = Fraction(0)
    return sum(((plus.get(x, zero) if label[x] != 1 else zero) + (minus.get(x, zero) if label[x] != -1 else zero)
                for x in points), zero)  # fmt: skip


def smallest(data: Any, zero: int) -> tuple[bool, bool]:
    """(whether A and B are a Bayes classifier; whether sign o HMF has the least error of all labellings)."""
    plus, minus = ({x: parse(m) for x, m in data[k].items()} for k in ("plus", "minus"))
    points = data["A"] + data["B"]
    if not set(points) >= {*plus, *minus}:
        raise ClassifierError("X is the union of A and B and carries all mass")
    hmf = mountain(data)
    mine = error(plus, minus, {x: sign(hmf.height(parse(x)), zero) for x in points})
    all_errors = [error(plus, minus, dict(zip(points, c, strict=True))) for c in product((-1, 1), repeat=len(points))]
    bayes = error(plus, minus, {x: 1 if x in data["A"] else -1 for x in points}) == min(all_errors)
    return bayes, mine == min(all_errors)


def on_the_line(variant: Variant) -> Universal:
    """Finite distributions on the line, sign(0) = 0."""

    def examine(data: Any) -> Examination:
        bayes, least = smallest(data, 0)
        return Examination({"bayes": bayes}, least)

    return Universal("on the line", "sign o HMF(b) has the least error", examine, lambda: [NOT_BAYES], variant.dropped)


def decided(points: int) -> Exhaustive:
    """Masses 0, 1, 2 for the labels of 0, 1, ..., divided by their sum, and every Bayes classifier with two classes."""

    def elements() -> Iterator[Any]:
        for masses in product(((0, 1), (1, 0), (1, 2), (1, 1)), repeat=points):
            total = sum(map(sum, masses))
            at = [{str(x): str(Fraction(m[k], total)) for x, m in enumerate(masses)} for k in (0, 1)]
            free = [(1,) if p > q else (-1,) if q > p else (1, -1) for p, q in masses]
            for b in product(*free):
                if len(set(b)) == 2:
                    sides = {k: [str(x) for x in range(points) if b[x] == s] for k, s in (("A", 1), ("B", -1))}
                    yield {**sides, "plus": at[0], "minus": at[1]}

    return Exhaustive(
        f"{points} points",
        "sign o HMF(b) has the least error of all labellings",
        elements,
        lambda data: all(smallest(data, zero) == (True, True) for zero in CONVENTIONS),
        points,
        points,
    )


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """sign f = b on X, and b errs least at each point."""
    sizes = (2,) if budget is Budget.SMOKE else (2, 3)
    return [height(variant), one_more(variant), on_the_line(variant), *map(decided, sizes)]


CLAIMS = (
    Claim(
        id=f"{ROW}.risk",
        source=f"{SOURCE}, and its proof in appendix A",
        printed="The risk is the smallest possible. [Proof:] The risk R(sign(f)) is minimal since f is buil[t] from "
        "the optimal Bayes classifier.",
        reading="as printed, b a Bayes classifier on X with closed pre-images, both labels occurring",
        statement="Let b: X -> {-1, +1} be a Bayes classifier of P_XY whose pre-images A and B are closed in R^n and "
        "not empty. Then sign(HMF(b)) = b on X, for every value of sign(0), and no classifier on X has a smaller "
        "error.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, all distributions on X with such a b",
        covers_all=True,
        hypotheses={"closed": "A and B are closed and disjoint", "bayes": "b is a Bayes classifier"},
        textbook=(NEAREST, Textbook("an integral preserves inequalities; P(y | x) exists on R^n", "measure theory")),
        argument="proof.md#the-risk",
        notes="A Bayes classifier on a connected X that takes both values has no closed pre-images, so X has gaps. "
        "Without closedness the least error can be out of reach: bayes.contains.",
    ),
)
