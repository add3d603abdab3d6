"""Appendix E, equation 24: -grad (E_P L(f, +1) + E_Q L(f, -1)) = Z^p E_{P_theta} grad f - Z^q E_{Q_theta} grad f.

Plain reading: integrals against dP_theta and dQ_theta of equation 23. The factors Z^p and 1/Z^p cancel, so the identity
holds for the printed normalization too, although P_theta is no probability law there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.transport_view._words import ATOMS, ROW, SOURCE, UNDER_INTEGRAL
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

PRINTED = (
    "With these notations the full expression of the gradient takes a simple form. Behold the minus sign: it is a "
    "gradient descent and not a gradient ascent. −∇_θ(E_{x∼P}[L(f_θ(x), +1)] + E_{x∼Q}[L(f_θ(x), −1)]) = "
    "Z_θ^p E_{x∼P_θ}[∇_θ f_θ(x)] − Z_θ^q E_{x∼Q_θ}[∇_θ f_θ(x)] (24)"
)
s, slope, w, rise, left, right, Z, inverse = map(var, ("s", "slope", "w", "rise", "left", "right", "Z", "inverse"))


def derivatives() -> list[Forall]:
    """From s' = s (1 - s): the derivative of log s is 1 - s, that of log(1 - s) is -s."""
    inside = conj(s > 0, s < 1)
    return [
        Forall("log sigma(f)", {"s": inside, "chain rule": equals(slope * s, s * (1 - s))}, equals(slope, 1 - s)),
        Forall("log sigma(-f)", {"s": inside, "chain rule": equals(slope * (1 - s), -s * (1 - s))}, equals(slope, -s)),
    ]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The derivatives, then one more atom of each class: the normalizing constant cancels."""
    given: dict[str, Formula] = {"so far": equals(left, right)}
    if variant.keeps("normalizer"):
        given["normalizer"] = equals(Z * inverse, 1)
    factor = variant.value("factor", 1)
    wrong = factor * Z * (inverse * (1 - s) * w * rise)
    alarm = factor * Z * (inverse * s * w * rise)
    return [
        *derivatives(),
        Forall("one more atom of P", given, equals(left + w * (1 - s) * rise, right + wrong)),
        Forall("one more atom of Q", given, equals(left - w * s * rise, right - alarm)),
    ]


CLAIMS = (
    Claim(
        id=ROW,
        source=f"{SOURCE}, equation 24",
        printed=PRINTED,
        reading="E over P_theta and Q_theta are integrals against dP_theta and dQ_theta as equation 23 defines them",
        statement="If theta -> f_theta(x) is differentiable with locally integrable bounds on its gradient, "
        "equation 24 "
        "holds, for the printed Z^p = E_P[g^p], Z^q = E_Q[g^q] and for any other nonzero numbers.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all laws P and Q, all such parametrizations",
        covers_all=True,
        hypotheses={"normalizer": "the Z that multiplies is the one that equation 23 divides by, and is not 0"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="before Z in equation 24")},
        textbook=(
            ATOMS,
            UNDER_INTEGRAL,
            Textbook("the derivative of the logistic function is s (1 - s)", "Bishop, Pattern Recognition, 4.88"),
        ),
        argument="proof.md#the-gradient",
        notes="The slip in Z (valid_distribution) does no harm here. The class means are added, so P and Q "
        "count alike.",
    ),
)
