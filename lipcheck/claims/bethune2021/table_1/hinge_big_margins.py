"""Table 1, hinge, in practice, with a Lipschitz constraint: "large margin classifier for big m".

In units where L = 1: from the distance D of the classes on, a heavier class wins, and with equal weights minimizers can
be 0 at a training point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.claims.bethune2021.hinge_hkr import any_margin
from lipcheck.claims.bethune2021.hinge_hkr._samples import read
from lipcheck.claims.bethune2021.table_1._words import HINGE, LIPSCHITZ, ROW, cell
from lipcheck.claims.bethune2021.table_1.hinge_practice import SOURCE
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

LARGE_MARGIN = cell(HINGE, "in practice", LIPSCHITZ, "large margin classifier for big m")
RIGHT = "every point is on its side"
CERTIFIED = "every point has a certificate"
m, f, g, D, u = map(var, ("m", "f", "g", "D", "u"))
SHIFTED: Any = {
    "points": [["0", -1, "1/2"], ["1", 1, "1/2"]],
    "m": "2",
    "kr": "0",
    "lambda": "1",
    "f": ["1", "2"],
    "masses": ["1/2", "1/2"],
    "plan": [[1, 0, "1/2"]],
}


AT_ZERO: Any = {**SHIFTED, "f": ["0", "1"]}


def minimizers(repaired: bool, certified: bool = False) -> Universal:
    """Minimizers of the hinge loss with m at least the distance of the classes (repaired: at most half of it) put every
    point on its side, or have a certificate abs(f) > 0 at every point.
    """

    def examine(data: Data) -> Examination:
        sample = read(data)
        hypotheses = {
            "hinge": sample.kr == 0 and sample.strength == 1,
            "separable": sample.separation > 0,
            "minimizer": sample.minimizer,
            "m": 2 * sample.m <= sample.separation if repaired else sample.m >= sample.separation,
        }
        return Examination(hypotheses, all(sample.f) if certified else sample.right)

    limit = "m at most half the distance" if repaired else "m at least the distance"
    what = "have nonzero values at all points" if certified else "separate the classes of the training set"
    text = f"minimizers of the hinge loss over Lip_1 {what}: {limit}"
    candidates = [AT_ZERO] if certified else [any_margin.TWO, SHIFTED]
    return Universal(CERTIFIED if certified else RIGHT, text, examine, lambda: candidates, parameters=limit)


def large(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Unequal weights: no minimizer is right, for every m from D on. Equal weights: some are not."""
    return [minimizers(variant.repaired), *any_margin.two_points(), *equal_weights()]


def equal_weights() -> list[Forall]:
    """Two points at distance D with different labels: the least loss 2 m - D belongs to every shift within the cap."""
    shift: dict[str, Formula] = {"range": conj(u >= -m, u + D <= m), "D": D > 0}
    loss = positive_part(m + u) + positive_part(m - (u + D))
    return [
        Forall("equal weights: every shift is a minimizer", shift, equals(loss, 2 * m - D)),
        Forall("equal weights: no loss is smaller", {"lipschitz": g - f <= D},
               positive_part(m + f) + positive_part(m - g) >= 2 * m - D),
    ]  # fmt: skip


def certificates(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equal weights: a minimizer that is 0 at a point, for every m from D on, as a shift by u = 0."""
    at_zero = Forall("the value 0 is within the range", {"m": conj(m >= D, D > 0)}, conj(m >= 0, m >= D))
    return [minimizers(variant.repaired, certified=True), *equal_weights(), at_zero]


CLAIMS = (
    Claim(
        id=f"{ROW}.hinge_practice_lipschitz",
        short="from m = L D on minimizers can put a whole class on the wrong side; the margin is large for m = L D/2",
        source=SOURCE,
        printed=LARGE_MARGIN,
        reading="a large margin classifier separates the classes of the training set, with a large margin",
        statement="For every separable training set and all m that are big enough, every minimizer of the hinge loss "
        "over Lip_1 classifies the training set right.",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=large,
        scope="two points; all m from their distance on",
        covers_all=True,
        repairs={"m at most half the distance of the classes": Variant(repaired=True)},
        counterexamples={RIGHT: any_margin.TWO},
        near_misses=(
            NearMiss(RIGHT, any_margin.EVEN, "m is below the distance"),
            NearMiss(RIGHT, {**SHIFTED, "f": ["-1/2", "1/2"]}, "equal weights: this minimizer is right"),
            NearMiss(RIGHT, {**SHIFTED, "f": ["3/2", "5/2"]}, "beyond m: no minimizer"),
        ),
        minimality="two points; with unequal weights no minimizer is right for any m from the distance on, with equal "
        "weights some are not",
        snippet="""\
from fractions import Fraction as F
D, grid = 1, [F(k, 4) for k in range(-60, 61)]       # label -1 (weight 1/4) at 0, label +1 (weight 3/4) at 1
for m in (2, 4, 8):
    loss = lambda u, v: max(0, m + u) / 4 + 3 * max(0, m - v) / 4
    best = min((loss(u, v), u, v) for u in grid for v in grid if abs(u - v) <= D)
    print("m =", m, "f(0), f(1):", *map(str, best[1:]))
    assert best[1:] == (m - D, m)                    # f(0) > 0: the point at 0 is on the wrong side
""",
        repaired_by=f"{ROW}.hinge_practice_lipschitz_sharp",
        argument="proof.md#hinge-margins-for-big-m",
        notes="Big m does make |f| large in this example: (m - D, m). With equal weights it need not: for every m from "
        "D on, (0, D) is a minimizer too. Large margins of most points, with some errors, are not what big m gives "
        "either: for balanced laws it gives the minimizers that the table calls weak one row above, and only the mean "
        "of y f is large (.hinge_practice_lipschitz_mean).",
    ),
    Claim(
        id=f"{ROW}.hinge_practice_lipschitz_certificates",
        short="two balanced points: (0, D) is a minimizer for every m ≥ L D, with certificate 0; m ≤ L D/2 gives m/L",
        source=SOURCE,
        printed=LARGE_MARGIN,
        reading="large margins are certificates |f|, whether or not the classes are separated",
        variant_of=f"{ROW}.hinge_practice_lipschitz",
        statement="For every separable training set and all m that are big enough, every minimizer of the hinge loss "
        "over Lip_1 has a certificate |f| > 0 at every training point.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=certificates,
        scope="two points of equal weight; all m from their distance on",
        covers_all=True,
        repairs={"m at most half the distance of the classes": Variant(repaired=True)},
        counterexamples={CERTIFIED: AT_ZERO},
        near_misses=(
            NearMiss(CERTIFIED, SHIFTED, "another minimizer, with certificates 1 and 2"),
            NearMiss(CERTIFIED, {**AT_ZERO, "m": "1/2"}, "no minimizer for m = 1/2, half the distance"),
            NearMiss(CERTIFIED, {**AT_ZERO, "f": ["0", "2"]}, "not 1-Lipschitz"),
        ),
        minimality="two points; with unequal weights the minimizer (m - D, m) has large certificates for big m",
        snippet="""\
from fractions import Fraction as F
grid = [F(k, 4) for k in range(-40, 41)]             # labels -1 at 0 and +1 at 1, equal weights
for m in (2, 4, 8):
    loss = lambda u, v: F(max(0, m + u) + max(0, m - v), 2)
    least = min(loss(u, v) for u in grid for v in grid if abs(u - v) <= 1)
    print("m =", m, "least loss", least, "loss of (0, 1)", loss(0, 1))
    assert loss(0, 1) == least
""",
        repaired_by=f"{ROW}.hinge_practice_lipschitz_sharp",
        argument="proof.md#hinge-margins-for-big-m",
        notes="Other minimizers of the same loss have large certificates. What is large for all is the mean of y f: "
        ".hinge_practice_lipschitz_mean.",
    ),
)
