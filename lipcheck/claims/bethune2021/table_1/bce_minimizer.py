"""Table 1, BCE, minimizer: "ill-defined, L_t -> oo (Proposition 3)" for networks, "attained (Proposition 4)" with a
Lipschitz constraint.

The first cell is right where the loss can be made arbitrarily small, as Proposition 3 supposes. The second needs both
labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lipcheck.claims.bethune2021._bce import CONVEX, EXP, INDUCTION, LawError
from lipcheck.claims.bethune2021.example_2.infimum import FINITE, not_null
from lipcheck.claims.bethune2021.proposition_3 import statement as proposition_3
from lipcheck.claims.bethune2021.proposition_4 import statement as proposition_4
from lipcheck.claims.bethune2021.proposition_4._laws import ONE_CLASS, TWO_CLASSES
from lipcheck.claims.bethune2021.table_1._words import BCE, LIPSCHITZ, ROW, UNCONSTRAINED, cell, source
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = source(BCE, "minimizer")
ILL_DEFINED = cell(BCE, "minimizer", UNCONSTRAINED, "ill-defined, L_t → ∞ (Proposition 3)")
ATTAINED = cell(BCE, "minimizer", LIPSCHITZ, "attained (Proposition 4)")
STATIONARY = "no affine function is best"
THREE: Any = {"points": [[-1, 1], [0, -1], [1, 1]], "z": "1/2", "r": "1"}


def ill_defined(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """No function has loss 0, and losses that tend to 0 make the Lipschitz constants diverge."""
    return [*not_null(variant), *proposition_3.obligations(variant, budget)]


def gradient(points: Sequence[tuple[int, int]], z: Fraction, r: Fraction) -> tuple[Fraction, Fraction]:
    """The derivatives in b and w of the summed BCE of w x + b, where u = e^-(w x + b) = z r^x at the input x."""
    slopes = [-u / (1 + u) if y == 1 else 1 / (1 + u) for x, y in points for u in [z * r**x]]
    return sum(slopes, Fraction(0)), sum((d * x for d, (x, _) in zip(slopes, points, strict=True)), Fraction(0))


def examine(data: Data, separable: bool) -> Examination:
    """Integer inputs with labels, z = e^-b and r = e^-w: a convex loss is least where its gradient vanishes."""
    if not isinstance(data, Mapping) or set(data) != {"points", "z", "r"}:
        raise LawError("give the points [input, label] and the numbers z and r")
    points = [(x, y) for x, y in data["points"]]
    if any(type(x) is not int or type(y) is not int or y not in (-1, 1) for x, y in points):
        raise LawError("inputs are integers and labels are 1 or -1")
    z, r = parse(data["z"]), parse(data["r"])
    if z <= 0 or r <= 0:
        raise LawError("exponentials are positive")
    labels = [y for _, y in sorted(points)]
    hypotheses = {
        "both labels": set(labels) == {-1, 1},
        "different inputs": len({x for x, _ in points}) == len(points),
    }
    if separable:
        hypotheses["separable"] = sum(a != b for a, b in pairwise(labels)) <= 1
    return Examination(hypotheses, gradient(points, z, r) != (Fraction(0), Fraction(0)))


def every(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Affine functions on the line, and why two inputs are no counterexample."""
    which = "separable by an affine function" if variant.repaired else "different inputs"
    text = f"no affine function minimizes the BCE of a training set with both labels: {which}"
    s, t, x1, x2 = map(var, ("s", "t", "x1", "x2"))
    two: dict[str, Formula] = {"slopes": conj(s > 0, t > 0), "inputs": x1 < x2, "in b": equals(s, t)}
    return [
        Universal(STATIONARY, text, lambda d: examine(d, variant.repaired), lambda: [THREE], parameters=which),
        Forall("minimal: two inputs", two, t * x2 - s * x1 > 0),
    ]


def attained_sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Proposition 4 with two classes, and L times a 1-Lipschitz network."""
    L, rise, d = var("L"), var("rise"), var("d")
    scaled: dict[str, Formula] = {"L": L >= 0, "1-Lipschitz": conj(rise <= d, -rise <= d)}
    return [
        *proposition_4.two_classes(variant, budget),
        Forall("L times a 1-Lipschitz function", scaled, conj(L * rise <= L * d, -(L * rise) <= L * d)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.bce_minimizer_unconstrained",
        source=SOURCE,
        printed=ILL_DEFINED,
        reading="under the hypotheses of Proposition 3, which the cell cites",
        statement="For a finite training set with both labels on which networks f_t have mean losses that tend to 0, "
        "the infimum 0 is attained by no function, and the Lipschitz constants L_t tend to infinity along every such "
        "sequence.",
        expected=Verdict.PROVED,
        obligations=ill_defined,
        scope="all n, all training sets, all functions (networks or not)",
        covers_all=True,
        hypotheses={**FINITE, **proposition_3.HYPOTHESES},
        textbook=(EXP, INDUCTION),
        depends_on=("bethune2021.proposition_3",),
        argument="proof.md#bce-minimizer-unconstrained",
        notes="Such networks exist for every training set without contradictory labels (one hidden layer, as many "
        "units as inputs). Without that hypothesis the cell is wrong: .bce_minimizer_unconstrained_every.",
    ),
    Claim(
        id=f"{ROW}.bce_minimizer_unconstrained_every",
        short="an affine network on labels +, −, + has a minimizer with L = 0; it takes losses that tend to 0",
        source=SOURCE,
        printed=ILL_DEFINED,
        reading="for every network of Section 2.1 and every training set of different inputs with both labels",
        variant_of=f"{ROW}.bce_minimizer_unconstrained",
        statement="For every training set of different inputs with both labels and every architecture the BCE has no "
        "minimizer.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=every,
        scope="affine functions on the line (the one-layer network of Example 2)",
        covers_all=True,
        repairs={"the architecture separates the classes": Variant(repaired=True)},
        counterexamples={STATIONARY: THREE},
        near_misses=(
            NearMiss(STATIONARY, {**THREE, "z": "1"}, "the constant 0 is not best"),
            NearMiss(STATIONARY, {"points": [[-1, -1], [1, 1]], "z": "1", "r": "1/2"}, "separable"),
            NearMiss(STATIONARY, {"points": [[0, 1], [0, -1]], "z": "1", "r": "1"}, "one input with both labels"),
        ),
        minimality="three inputs on the line: two with different labels are separated by an affine function",
        snippet=(
            "from fractions import Fraction as F\n"
            "u = F(1, 2)  # e^-f for the constant f = log 2; inputs -1, 0, 1 with labels +, -, +\n"
            "d = [(-1, -u / (1 + u)), (0, 1 / (1 + u)), (1, -u / (1 + u))]\n"
            "db, dw = sum(s for _, s in d), sum(x * s for x, s in d)\n"
            "print('gradient of the convex loss:', db, dw)\n"
            "assert db == dw == 0  # so f = log 2 is a minimizer, with Lipschitz constant 0"
        ),
        textbook=(CONVEX,),
        repaired_by=f"{ROW}.bce_minimizer_unconstrained",
        argument="proof.md#bce-minimizer-unconstrained",
        notes="One input with both labels is a counterexample for every architecture: see "
        "bethune2021.proposition_3.saturation.",
    ),
    Claim(
        id=f"{ROW}.bce_minimizer_lipschitz",
        short="with one class constants t → ∞ push the loss to 0, never attained; with both classes it is attained",
        source=SOURCE,
        printed=ATTAINED,
        statement="For every L > 0 and every law on finitely many inputs some L-Lipschitz function minimizes the "
        "expected BCE.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=lambda variant, budget: [proposition_4.attained(frozenset(), variant.repaired)],
        scope="all L > 0 and laws on finitely many inputs (a compact set)",
        covers_all=True,
        repairs={"both labels have positive probability": Variant(repaired=True)},
        counterexamples={proposition_4.ATTAINED: ONE_CLASS},
        near_misses=(
            NearMiss(proposition_4.ATTAINED, TWO_CLASSES, "two classes: attained"),
            NearMiss(proposition_4.ATTAINED, proposition_4.UNCONSTRAINED, "no Lipschitz constraint"),
        ),
        minimality="one input with one label; every law with both labels has a minimizer",
        snippet=(
            "from math import exp, log\n"
            "losses = [log(1 + exp(-t)) for t in range(30)]  # one input, label +1, f = t, 0-Lipschitz\n"
            "print(losses[0], losses[-1])\n"
            "assert all(a > b > 0 for a, b in zip(losses, losses[1:])) and losses[-1] < 1e-12"
        ),
        repaired_by=f"{ROW}.bce_minimizer_lipschitz_sharp",
        argument="proof.md#bce-minimizer-lipschitz",
        notes="As bethune2021.proposition_4, which the cell cites. Proposition 3 asks for two classes, Proposition 4 "
        "does not.",
    ),
    Claim(
        id=f"{ROW}.bce_minimizer_lipschitz_sharp",
        source=SOURCE,
        printed=ATTAINED,
        reading="repaired: both labels; on finite training sets by a network",
        statement="For every nonempty X in R^n, L >= 0 and law on X x {-1, 1} with both labels some f in Lip_L(X, R) "
        "minimizes the expected BCE; if the law has finitely many inputs, so does L times a MaxMin network that is "
        "1-Lipschitz on R^n.",
        expected=Verdict.PROVED,
        obligations=attained_sharp,
        scope="all X, L >= 0 and Borel laws with both labels",
        covers_all=True,
        hypotheses={**proposition_4.TWO, "lipschitz": "f ranges over L-Lipschitz functions"},
        textbook=(EXP, *proposition_4.ASCOLI),
        depends_on=("bethune2021.proposition_4.two_classes", "bethune2021.koch_snowflake.network"),
        argument="proof.md#bce-minimizer-lipschitz",
        notes="For laws with infinitely many inputs the minimizer need not be a network: for the odds (2 + x)/(2 - x) "
        "on [-1, 1] and L = 4/3 it is the logarithm of the odds, which no piecewise linear network equals.",
    ),
)
