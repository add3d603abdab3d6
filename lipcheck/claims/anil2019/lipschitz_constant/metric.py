"""Anil et al. 2019, section 2.1, Definition 1: "Given a metric space (X, d_X) ... we write C_L(X, R) to denote the
space of all 1-Lipschitz functions mapping X to R (with respect to the Lp metric)"; and what a constant is good for
(section 1).

Two metrics are named: d_X and the Lp metric. Plain reading: both define the same functions. They do if d_X is the Lp
metric; in general they do not, and the Lp metrics differ among themselves: a smaller p gives more functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.lipschitz_constant.common import ICML, ROW
from lipcheck.exact import exact
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

DEFINITION = (
    "Definition 1. Given a metric space (X, dX) where dX denotes the metric on X, we write CL(X,R) to denote the space "
    "of all 1-Lipschitz functions mapping X to R (with respect to the Lp metric)."
)


class DistanceError(LipcheckError, ValueError):
    """A distance of different points that is not positive."""


def as_printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """X = {0, 1} in R: its own metric against |x - y|, which is the Lp metric for every p."""

    def examine(data: Any) -> Examination:
        distance, rise = exact(data["distance"], "distance"), abs(exact(data["rise"], "rise"))
        if distance <= 0:
            raise DistanceError("give a positive distance of the points 0 and 1")
        hypotheses = {"Lp": distance == 1} if variant.repaired else {}
        return Examination(hypotheses, (rise <= distance) == (rise <= 1))

    text = "f on {0, 1} with f(1) - f(0) = rise is 1-Lipschitz for d_X if and only if it is for |x - y|"
    text += ", where d_X is |x - y|" if variant.repaired else ""
    constant = [{"distance": d, "rise": "0"} for d in ("1/2", "1", "2")]
    return [
        Universal("two points", text, examine, lambda: [STRETCHED], parameters=variant.repaired),
        Exhaustive(
            "minimal: constant functions",
            "constant functions are 1-Lipschitz for every metric",
            lambda: constant,
            lambda d: examine(d).conclusion,
        ),
    ]


STRETCHED = {"distance": "2", "rise": "2"}


def order(variant: Variant) -> Forall:
    """A function that is 1-Lipschitz for the smaller distance is so for the larger one."""
    change, small, large = map(var, ("change", "small", "large"))
    hypotheses: dict[str, Formula] = {"smaller": change <= variant.value("factor", 1) * small, "metric": small >= 0}
    if variant.keeps("p <= q"):
        hypotheses["p <= q"] = small <= large
    return Forall("smaller distances are harder", hypotheses, change <= large)


def norms() -> list[Forall]:
    """||z||_inf <= ||z||_2 <= ||z||_1 for one more coordinate; `square` is the square of the 2-norm so far."""
    z, largest, square, total_size = variables("z", 1)[0], var("largest"), var("square"), var("sum")
    so_far: dict[str, Formula] = {
        "largest": conj(largest >= 0, largest * largest <= square),
        "sum": conj(total_size >= 0, square <= total_size * total_size),
    }
    size = absolute(z)
    return [
        Forall("infinity norm and 2-norm", so_far, conj(largest * largest <= square + z * z, z * z <= square + z * z)),
        Forall("2-norm and 1-norm", so_far, square + size * size <= (total_size + size) * (total_size + size)),
    ]


def strict() -> Forall:
    """f = x1 + x2 between (0, 0) and (1, 1): 1-Lipschitz for p = 1, and not for p = 2, where 2^2 > 1^2 + 1^2."""
    f, one, two = var("f"), var("one"), var("two")
    values: dict[str, Formula] = {"values": conj(equals(f, 2), equals(one, 2), equals(two, 2))}
    return Forall("the inclusion is strict", values, conj(f <= one, f * f > two))


def ordered(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The order of the classes, that of the norms 1, 2 and infinity, and an example."""
    return [order(variant), *norms(), strict()]


def proportional(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """||f(x) - f(y)|| <= K ||x - y||, and at most e where ||x - y|| <= e / K."""
    change, distance, K, e = map(var, ("change", "distance", "K", "e"))
    hypotheses: dict[str, Formula] = {"small": K * distance <= e}
    if variant.keeps("lipschitz"):
        hypotheses["lipschitz"] = change <= variant.value("factor", 1) * K * distance
    signs = conj(K > 0, distance >= 0)
    return [Forall("small changes stay small", {**hypotheses, "signs": signs}, change <= e)]


CLAIMS = (
    Claim(
        id=f"{ROW}.definition_1",
        source=f"{ICML}, Definition 1",
        printed=DEFINITION,
        statement="For every metric d_X on a subset X of R^n, the functions that are 1-Lipschitz for d_X are those "
        "that are 1-Lipschitz for the Lp metric.",
        short="d_X and the Lp metric can define different classes; they agree where d_X is the Lp metric",
        reading="literal: for the given metric, and with respect to the Lp metric",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=as_printed,
        scope="two points of R",
        covers_all=True,
        argument="proof.md#definition-1",
        counterexamples={"two points": STRETCHED},
        minimality="two points are the least on which metrics differ, and constant functions are no counterexample",
        near_misses=(
            NearMiss("two points", {"distance": "2", "rise": "1"}, "the function is 1-Lipschitz for both"),
            NearMiss("two points", {"distance": "1", "rise": "2"}, "the function is 1-Lipschitz for neither"),
        ),
        repairs={"d_X is the Lp metric": Variant(repaired=True)},
        repaired_by=f"{ROW}.lp_order",
        snippet="d_X, d_p = 2, 1  # two metrics on {0, 1}\nrise = 2  # f(0) = 0, f(1) = 2\n"
        "print('for d_X:', rise <= d_X, ' for |x - y|:', rise <= d_p)\nassert rise <= d_X and not rise <= d_p",
        notes="Meant is surely: d_X, for example an Lp metric. Theorem 3 endows X with the Lp metric. 'Space' stands "
        "for 'set': with x it does not contain 2x.",
    ),
    Claim(
        id=f"{ROW}.lp_order",
        source=f"{ICML}, Definition 1",
        printed=DEFINITION,
        statement="With d_X the Lp metric the two are the same; and for 1 <= p <= q <= infinity every function on a "
        "subset of R^n that is 1-Lipschitz for the Lq metric is 1-Lipschitz for the Lp metric, but not conversely (on "
        "R^n, n >= 2, p < q).",
        reading="repaired: d_X is the Lp metric, for one p that is fixed",
        variant_of=f"{ROW}.definition_1",
        expected=Verdict.PROVED,
        obligations=ordered,
        scope="all subsets of R^n, all p <= q",
        covers_all=True,
        hypotheses={"p <= q": "the Lq distance is at most the Lp distance"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of the smaller distance")},
        textbook=(
            Textbook("||z||_q <= ||z||_p for p <= q", "Hardy, Littlewood, Polya, Inequalities, theorem 19"),
            Textbook("Hölder's inequality: |x1 + x2| <= 2^(1 - 1/p) ||x||_p", "Rudin, Real and Complex Analysis, 3.5"),
            Textbook("2^(1/p) decreases strictly in p", "Rudin, Principles, chapter 8"),
        ),
        argument="proof.md#definition-1",
    ),
    Claim(
        id=f"{ROW}.proportional",
        source="Anil et al. 2019 (ICML and ICLR submission), section 1",
        printed="Constraining the Lipschitz constant of a neural network puts a bound on how much its output can "
        "change in proportion to a change in its input. [ICLR: ensures that a small change to the input can produce "
        "only a small change to the output.]",
        statement="If f is K-Lipschitz, K > 0, then ||f(x) - f(y)|| <= K ||x - y||; so it is at most e wherever ||x - "
        "y|| <= e / K.",
        expected=Verdict.PROVED,
        obligations=proportional,
        scope="all metric spaces, all K > 0",
        covers_all=True,
        hypotheses={"lipschitz": "f is K-Lipschitz"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of K")},
        argument="proof.md#small-changes",
        notes="How small depends on K: for 'only a small change' K must be moderate.",
    ),
)
