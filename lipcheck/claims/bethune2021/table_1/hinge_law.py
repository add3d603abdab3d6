"""Table 1, hinge, minimizer, for laws instead of training sets: classes that touch have no minimizer, and L_t -> oo.

The label is the sign of x, uniform on [-1, 1]. The ramps m max(-1, min(1, t x)) have expected losses m/(2 t) -> 0. Loss
0 needs f >= m on the right of 0 and f <= -m on the left, which no Lipschitz function meets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lipcheck.claims.bethune2021.table_1._words import ROW
from lipcheck.claims.bethune2021.table_1.hinge_architecture import NetworkError
from lipcheck.claims.bethune2021.table_1.hinge_minimizer import ATTAINED, SOURCE
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

EXISTS = "the minimum is attained"
TOUCHING: Any = {"gap": "0", "m": "1"}


def examine(data: Data, apart: bool) -> Examination:
    """Labels -1 on [-1 - gap, -gap] and +1 on [gap, 1 + gap]: a Lipschitz f has loss 0 exactly if gap > 0 or m = 0."""
    if not isinstance(data, Mapping) or set(data) != {"gap", "m"}:
        raise NetworkError("give the gap, half the distance of the classes, and the margin m")
    gap, m = parse(data["gap"]), parse(data["m"])
    hypotheses = {"law": gap >= 0, "margin": m > 0}
    if apart:
        hypotheses["apart"] = gap > 0
    return Examination(hypotheses, gap > 0 or m == 0)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The claim; every Lipschitz constant fails near 0; the loss of a ramp; the function for a gap."""
    f, g, x, L, m, t, gap, u, area = map(var, ("f", "g", "x", "L", "m", "t", "gap", "u", "area"))
    zero: dict[str, Formula] = {"loss 0": conj(f >= m, -g >= m), "lipschitz": f - g <= L * (2 * x)}
    ramp: dict[str, Formula] = {"ramp": conj(t * x <= 1, t > 0, x >= 0, m > 0)}
    beyond: dict[str, Formula] = {"beyond": t * x >= 1, "m": m > 0}
    triangle: dict[str, Formula] = {"foot": conj(equals(t * u, 1), t > 0), "area": equals(2 * area, m * u)}
    apart: dict[str, Formula] = {"slope": equals(t * gap, m), "gap": conj(gap > 0, t > 0), "right": x >= gap}
    which = "classes apart" if variant.repaired else "all laws"
    text = f"some Lipschitz function has the infimum 0 of the hinge loss: {which}"
    return [
        Universal(EXISTS, text, lambda d: examine(d, variant.repaired), lambda: [TOUCHING], parameters=which),
        Forall("loss 0 makes L at least m/x for every x", zero, L * x >= m),
        Forall("the loss on the ramp", ramp, equals(positive_part(m - m * (t * x)), m - m * (t * x))),
        Forall("no loss beyond it", beyond, m - m * (t * x) <= 0),
        Forall("a triangle of area m/(2 t)", triangle, equals(2 * (t * area), m)),
        Forall("minimal: a gap allows loss 0", apart, t * x >= m),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.hinge_minimizer_unconstrained_law",
        short="touching classes: the infimum 0 of the expected hinge loss is not attained, L_t → ∞; on samples it is",
        source=SOURCE,
        printed=ATTAINED,
        reading="of the expected loss, for every law (as Proposition 4 and the columns on consistency take it)",
        variant_of=f"{ROW}.hinge_minimizer_unconstrained",
        statement="For every law on R of two separate classes and every m > 0 some network (some Lipschitz function) "
        "minimizes the expected hinge loss over all networks.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="uniform laws of the labels -1 and +1 on two intervals; all Lipschitz functions",
        covers_all=True,
        repairs={"a gap between the classes": Variant(repaired=True)},
        counterexamples={EXISTS: TOUCHING},
        near_misses=(
            NearMiss(EXISTS, {"gap": "1/9", "m": "1"}, "a gap: attained"),
            NearMiss(EXISTS, {"gap": "0", "m": "0"}, "m = 0: every right function has loss 0"),
            NearMiss(EXISTS, {"gap": "-1", "m": "1"}, "no law"),
        ),
        minimality="one dimension, two uniform laws; with a gap the minimum is attained",
        snippet=(
            "from fractions import Fraction as F\n"
            "m = 1  # label sign(x), x uniform on [-1, 1]; ramps f = m max(-1, min(1, t x)) have slope m t\n"
            "loss = [F(m, 2 * t) for t in (1, 10, 100, 1000)]  # triangles over [0, 1/t], twice, density 1/2\n"
            "least_slope = [F(m) / x for x in (F(1), F(1, 10), F(1, 100))]  # f(x) >= m and f(-x) <= -m\n"
            "print(*map(str, loss), '|', *map(str, least_slope))\n"
            "assert loss == sorted(loss, reverse=True) and least_slope[-1] == 100"
        ),
        textbook=(Textbook("a nonnegative function with integral 0 vanishes almost everywhere", "Rudin, RCA, 1.39"),),
        repaired_by=f"{ROW}.hinge_minimizer_unconstrained",
        argument="proof.md#hinge-minimizer-laws",
        notes="So 'ill-defined, L_t → ∞', which the table says of the BCE, holds for the expected hinge loss of such "
        "laws too. On training sets the two losses do differ.",
    ),
)
