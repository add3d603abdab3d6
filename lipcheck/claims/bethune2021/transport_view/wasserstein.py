"""Appendix E: "This is the gradient for the computation of Wasserstein metric W between P_theta and Q_theta".

Plain reading: with both laws held fixed it is, up to the positive factor Z, the gradient of the dual objective E_P f -
E_Q f. It is not the gradient of the number W(P_theta, Q_theta) in theta.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.kr_duality.common import KANTOROVICH
from lipcheck.claims.bethune2021.transport_view._words import ATOMS, ROW, SOURCE, UNDER_INTEGRAL
from lipcheck.claims.bethune2021.transport_view.distribution import LawError
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "This is the gradient for the computation of Wasserstein metric W between P_θ and Q_θ, using "
    "Rubinstein-Kantorovich "
    "dual formulation. [...] Note that P_θ and Q_θ depend of the current classifier f_θ − T, so the problem is not "
    "stationary."
)
MOVING: Any = {"P": ["0", "3/4", "0"], "Q": ["3", "1/4", "-3"]}


def frozen(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One more atom of mass m = g^q dP / Z: its term changes by m (f(theta + h) - f(theta)) = m rise."""
    m, f, later, rise, before, after, gain, Z, inverse, raw = map(
        var, ("m", "f", "later", "rise", "before", "after", "gain", "Z", "inverse", "raw")
    )
    step: dict[str, Formula] = {"so far": equals(after - before, gain), "rise": equals(later, f + rise)}
    mass = variant.value("factor", 1) * m
    scaled: dict[str, Formula] = {"weights": equals(m, raw * inverse)}
    if variant.keeps("normalizer"):
        scaled["normalizer"] = equals(Z * inverse, 1)
    return [
        Forall("one more atom of P", step, equals((after + mass * later) - (before + m * f), gain + m * rise)),
        Forall("one more atom of Q", step, equals((after - m * later) - (before - m * f), gain - m * rise)),
        Forall("the factor Z", scaled, equals(Z * m, raw)),
    ]


def examine(data: Data, fixed: bool) -> Examination:
    """One atom each, [place, g^p, derivative of f in theta]: W(P_theta, Q_theta) is their distance for every theta."""
    if not isinstance(data, Mapping) or set(data) != {"P", "Q"} or any(len(data[k]) != 3 for k in ("P", "Q")):
        raise LawError("give one atom [place, predicted probability of +1, derivative of f] of P and one of Q")
    (x, s, up), (y, t, down) = ([parse(v) for v in data[k]] for k in ("P", "Q"))
    if not (0 < s < 1 and 0 < t < 1):
        raise LawError("probabilities lie strictly between 0 and 1")
    direction = (1 - s) * (up - down)
    wanted = up - down if fixed else Fraction(0)
    # f differs by log(odds) between the atoms; 1 + d + d^2/2 + d^3/6 < exp(d) keeps it below their distance d
    odds, d = s * (1 - t) / ((1 - s) * t), abs(x - y)
    lipschitz = max(odds, 1 / odds) <= 1 + d + d**2 / 2 + d**3 / 6
    return Examination({"bias": 1 - s == t, "1-Lipschitz": lipschitz}, direction == (1 - s) * wanted)


def total(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equation 25 against Z times the derivative of W(P_theta, Q_theta), or (repaired) of the objective."""
    what = "the dual objective with fixed laws" if variant.repaired else "W(P_theta, Q_theta)"
    text = f"for one atom each, equation 25 is Z times the derivative of {what}"
    return [Universal("one atom each", text, lambda d: examine(d, variant.repaired), lambda: [MOVING], parameters=what)]


CLAIMS = (
    Claim(
        id=f"{ROW}.wasserstein_gradient",
        source=f"{SOURCE}, below equation 25",
        printed=PRINTED,
        reading="the gradient that an ascent on the dual objective uses: P_theta and Q_theta are held fixed; up "
        "to Z > 0",
        statement="Equation 25 is Z times the gradient at theta of t -> E_{P_theta} f_t - E_{Q_theta} f_t, "
        "whose supremum "
        "over 1-Lipschitz functions is W(P_theta, Q_theta), with the repaired normalization.",
        expected=Verdict.PROVED,
        obligations=frozen,
        scope="all laws with finite first moments, all differentiable parametrizations",
        covers_all=True,
        hypotheses={"normalizer": "Z is the constant that makes P_theta and Q_theta probability laws, not 0"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of the mass of an atom")},
        textbook=(ATOMS, UNDER_INTEGRAL, KANTOROVICH),
        argument="proof.md#the-wasserstein-gradient",
        notes="First moments of P_theta are finite because g^q <= 1. Adam and sign-like methods ignore the factor Z.",
    ),
    Claim(
        id=f"{ROW}.total_gradient",
        source=f"{SOURCE}, below equation 25",
        printed=PRINTED,
        reading="literally: the gradient of the metric W(P_theta, Q_theta) as a function of theta",
        variant_of=f"{ROW}.wasserstein_gradient",
        statement="Equation 25 is Z times the gradient of theta -> W(P_theta, Q_theta).",
        short="for one atom each W(P_t, Q_t) is constant in theta, equation 25 is not 0; the laws must be held fixed",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=total,
        scope="one atom each",
        covers_all=True,
        repairs={"fixed laws": Variant(repaired=True)},
        counterexamples={"one atom each": MOVING},
        near_misses=(
            NearMiss("one atom each", {**MOVING, "Q": ["3", "1/4", "0"]}, "f moves alike at both: both sides are 0"),
            NearMiss("one atom each", {**MOVING, "Q": ["3", "3/4", "-3"]}, "T does not make Z^p and Z^q equal"),
            NearMiss("one atom each", {**MOVING, "Q": ["1", "1/4", "-1"]}, "f falls by log 9 > 1: not 1-Lipschitz"),
        ),
        minimality="one atom each; any f whose derivatives differ at the two places",
        snippet="""\
from fractions import Fraction as F
# P = atom at 0, Q = atom at 3, f(x) = -theta x - T: P_theta = P and Q_theta = Q, so W = 3 for every theta
# theta = log(9)/3 < 1 and T = -log 3: sigma(f(0)) = 3/4 and sigma(f(3)) = 1/4, so Z = 1/4
Z, gradient_at_0, gradient_at_3 = F(1, 4), 0, -3
print("equation 25:", Z * (gradient_at_0 - gradient_at_3), "  derivative of W: 0")
assert Z * (gradient_at_0 - gradient_at_3) != 0
""",
        repaired_by=f"{ROW}.wasserstein_gradient",
        argument="proof.md#the-wasserstein-gradient",
        notes="The paper's own remark that the problem is not stationary points to the other reading.",
    ),
)
