"""Table 1, hinge, in practice: "no guarantees on margin" for networks, "large margin classifier for big m" with a
Lipschitz constraint.

In units where L = 1: a margin m up to half the distance D of the classes is the margin that minimizers have. Beyond D a
heavier class wins, and with balanced classes and large m the loss is m + L_W: its minimizers are those of the
Wasserstein loss, as weak as Proposition 6 says.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.hinge_hkr import accuracy, any_margin
from lipcheck.claims.bethune2021.hinge_hkr._samples import read
from lipcheck.claims.bethune2021.proposition_5 import remarks
from lipcheck.claims.bethune2021.table_1._words import HINGE, LIPSCHITZ, ROW, UNCONSTRAINED, cell, source
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = source(HINGE, "in practice")
NO_GUARANTEES = cell(HINGE, "in practice", UNCONSTRAINED, "no guarantees on margin")
LARGE_MARGIN = cell(HINGE, "in practice", LIPSCHITZ, "large margin classifier for big m")
RIGHT = "every point is on its side"
CERTIFIED = "every point has a certificate"
UNITS = "bethune2021.reformulation.units"
m, S, f, g, d = map(var, ("m", "S", "f", "g", "d"))
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


def no_guarantee(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """An affine f of slope s with f = m at one input and zero at distance delta from it; what L would guarantee."""
    s, delta, L, r = map(var, ("s", "delta", "L", "r"))
    near: dict[str, Formula] = {"slope": equals(s * delta, m), "signs": conj(m > 0, delta > 0, s > 0)}
    if variant.keeps("near"):
        near["near"] = variant.value("part", 2) * delta <= d
    known: dict[str, Formula] = {"margin": conj(f >= m, g <= 0)}
    if variant.keeps("lipschitz"):
        known["lipschitz"] = f - g <= L * r
    return [
        Forall("the other input keeps its margin", near, s * (d - delta) >= m),
        Forall("with L the radius is at least m/L", known, L * r >= m),
        remarks.hinge(),
        remarks.knot(),
    ]


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
    u, D = var("u"), var("D")
    shift: dict[str, Formula] = {"range": conj(u >= -m, u + D <= m), "D": D > 0}
    loss = positive_part(m + u) + positive_part(m - (u + D))
    return [
        Forall("equal weights: every shift is a minimizer", shift, equals(loss, 2 * m - D)),
        Forall("equal weights: no loss is smaller", {"lipschitz": g - f <= D},
               positive_part(m + f) + positive_part(m - g) >= 2 * m - D),
    ]  # fmt: skip


def certificates(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equal weights: a minimizer that is 0 at a point, for every m from D on, as a shift by u = 0."""
    D = var("D")
    at_zero = Forall("the value 0 is within the range", {"m": conj(m >= D, D > 0)}, conj(-m <= 0, 0 + D <= m))
    return [minimizers(variant.repaired, certified=True), *equal_weights(), at_zero]


def half(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """S = L D. The function L (d(x, Q) - d(x, P))/2, loss 0, the radius, and that no function has a larger margin."""
    to_q, to_p, at_q, at_p, z, w, c = map(var, ("to_q", "to_p", "at_q", "at_p", "z", "w", "c"))
    part = variant.value("part", Fraction(1, 2))
    close: dict[str, Formula] = {"distances": conj(to_q - at_q <= d, at_p - to_p <= d)}
    far: dict[str, Formula] = {"separated": to_q >= S, "on P": equals(to_p, 0), "m": m <= part * S}
    if not variant.keeps("half"):
        del far["m"]
    zero: dict[str, Formula] = {"loss": w * positive_part(m - z) <= 0, "weight": w > 0}
    radius: dict[str, Formula] = {"margin": conj(f >= m, g <= 0)}
    best: dict[str, Formula] = {"margins": conj(f >= c, -g >= c)}
    if variant.keeps("lipschitz"):
        radius["lipschitz"], best["lipschitz"] = f - g <= d, f - g <= S
    return [
        Forall("half the difference of distances", close, (to_q - to_p) / 2 - (at_q - at_p) / 2 <= d),
        Forall("its margin", far, (to_q - to_p) / 2 >= m),
        Forall("loss 0 means margins of m", zero, z >= m),
        Forall("radii of m", radius, d >= m),
        Forall("no larger least margin", best, 2 * c <= S),
    ]


def mean(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Clipped, the loss is m less the mean of y f; for balanced classes constants cancel, and the cap is no bound."""
    low, width, p, A, B, c = map(var, ("low", "width", "p", "A", "B", "c"))
    span: dict[str, Formula] = {"values": conj(f >= low, f <= low + width)}
    if variant.keeps("big"):
        span["big"] = width <= variant.value("caps", 2) * m
    balanced: dict[str, Formula] = {"balanced": equals(2 * p, 1)} if variant.keeps("balanced") else {}
    centred = f - low - width / 2
    return [
        *(o for o in accuracy.pointwise(variant) if o.name != "raising to the level"),
        Forall("a shift meets the cap", span, conj(centred <= m, -centred <= m)),
        Forall("constants cancel", balanced, equals(p * (A + c) - (1 - p) * (B + c), p * A - (1 - p) * B)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.hinge_practice_unconstrained",
        source=SOURCE,
        printed=NO_GUARANTEES,
        reading="margin: the distance of training points to the frontier, for minimizers of the hinge loss",
        statement="For two inputs at distance d with different labels, m > 0 and 0 < delta <= d/2 some affine f has "
        "hinge loss 0 and its frontier at distance delta from one of them. On every finite training set without "
        "contradictions, for every delta > 0, some ReLU network with one hidden layer has hinge loss 0 and a point of "
        "the other sign within delta of a training point. With Lipschitz constant L the distance is at least m/L.",
        expected=Verdict.PROVED,
        obligations=no_guarantee,
        scope="all n, m > 0 and delta > 0",
        covers_all=True,
        hypotheses={"near": "delta is at most half of d", "lipschitz": "the last sentence: f is L-Lipschitz"},
        constants={"part": Constant(Fraction(2), Fraction(199, 100), words="of delta, at most d")},
        textbook=(
            Textbook("some direction separates finitely many points of R^n", "a finite union of hyperplanes is no R^n"),
            Textbook("induction over the points", "Peano's axioms"),
        ),
        argument="proof.md#hinge-margins-of-networks",
        notes="So minimizers guarantee nothing, whatever m. What training prefers among them is another question.",
    ),
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
        "D on, (0, D) is a minimizer too.",
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
        grade=Grade.STATEMENT,
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
    Claim(
        id=f"{ROW}.hinge_practice_lipschitz_sharp",
        source=SOURCE,
        printed=LARGE_MARGIN,
        reading="repaired: the larger m, the larger the margin, up to half of L times the distance of the classes",
        statement="Let the classes be at distance D > 0, L > 0 and 0 < m <= L D/2. The least expected hinge loss over "
        "Lip_L is 0, every minimizer has y f >= m almost surely and robustness radii of at least m/L there; and no f "
        "in Lip_L has a least margin above L D/2.",
        expected=Verdict.PROVED,
        obligations=half,
        scope="all laws with supports at distance D, all L > 0",
        covers_all=True,
        hypotheses={
            "half": "m is at most L D/2",
            "lipschitz": "f is L-Lipschitz",
        },
        constants={"part": Constant(Fraction(1, 2), Fraction(101, 200), words="of L D, which m may reach")},
        textbook=(
            Textbook("the distance to a set is 1-Lipschitz", "Rudin, Principles, chapter 4, exercise 20"),
            Textbook("a nonnegative function with integral 0 vanishes almost everywhere", "Rudin, RCA, theorem 1.39"),
        ),
        depends_on=(UNITS,),
        argument="proof.md#hinge-margins-up-to-half-the-distance",
        notes="At m = L D/2 every minimizer is a classifier of the greatest margin that there is.",
    ),
    Claim(
        id=f"{ROW}.hinge_practice_lipschitz_mean",
        source=SOURCE,
        printed=LARGE_MARGIN,
        reading="what big m gives: the largest mean of y f, and the weak classifier of the row above",
        statement="For every law, m >= 0 and L >= 0 the least expected hinge loss over Lip_L(X, R) is m less the "
        "largest E[y f] over f in Lip_L(X, R) with |f| <= m; every minimizer, clipped to [-m, m], attains both. If "
        "both labels have probability 1/2 and 2 m >= L diam X, m > 0, then the clipped minimizers are minimizers of "
        "E[-y f] over Lip_L(X, R): for L = 1 and every epsilon > 0 there are such laws with finite supports, classes "
        "apart, where every hinge minimizer for every such m has an error above 1/2 - epsilon.",
        expected=Verdict.PROVED,
        obligations=mean,
        scope="all laws, m and L",
        covers_all=True,
        hypotheses={
            "big": "2 m is at least the diameter times L",
            "balanced": "both labels have probability 1/2",
        },
        constants={"caps": Constant(Fraction(2), Fraction(201, 100), words="of m, at least L diam X")},
        depends_on=("bethune2021.proposition_6", f"{ROW}.hinge_minimizer_lipschitz"),
        argument="proof.md#hinge-margins-for-big-m",
        notes="So 'large margin' is right of the mean of y f, for every m, and of nothing else.",
    ),
)
