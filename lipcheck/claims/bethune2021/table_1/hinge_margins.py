"""Table 1, hinge, in practice: the margin that minimizers over Lip_L do have, and what a big m gives instead.

S = L D, D the distance of the classes. Up to m = S/2 the margin is m. For balanced classes and large m the loss is m +
L_W: its minimizers are those of the Wasserstein loss, as weak as Proposition 6 says.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.hinge_hkr import accuracy
from lipcheck.claims.bethune2021.table_1._words import ROW
from lipcheck.claims.bethune2021.table_1.hinge_big_margins import LARGE_MARGIN
from lipcheck.claims.bethune2021.table_1.hinge_practice import SOURCE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Verdict

UNITS = "bethune2021.reformulation.units"
m, S, f, g, d = map(var, ("m", "S", "f", "g", "d"))


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
    low, width, p, A, B, c, M = map(var, ("low", "width", "p", "A", "B", "c", "M"))
    span: dict[str, Formula] = {"values": conj(f >= low, f <= low + width)}
    if variant.keeps("big"):
        span["big"] = width <= variant.value("caps", 2) * m
    balanced: dict[str, Formula] = {"balanced": equals(2 * p, 1)} if variant.keeps("balanced") else {}
    centred = f - low - width / 2
    return [
        *(o for o in accuracy.pointwise(variant) if o.name != "raising to the level"),
        Forall("a larger cap allows more", {"cap": conj(f <= m, -f <= m), "larger": m <= M}, conj(f <= M, -f <= M)),
        Forall("a shift meets the cap", span, conj(centred <= m, -centred <= m)),
        Forall("constants cancel", balanced, equals(p * (A + c) - (1 - p) * (B + c), p * A - (1 - p) * B)),
    ]


CLAIMS = (
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
        "largest E[y f] over f in Lip_L(X, R) with |f| <= m, a number that does not fall as m grows; every minimizer, "
        "clipped to [-m, m], attains both. If both labels have probability 1/2 and 2 m >= L diam X, m > 0, then the "
        "clipped minimizers are minimizers of E[-y f] over Lip_L(X, R): for L = 1 and every epsilon > 0 there are such "
        "laws with finite supports, classes apart, where every hinge minimizer for every such m has an error above 1/2 "
        "- epsilon.",
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
