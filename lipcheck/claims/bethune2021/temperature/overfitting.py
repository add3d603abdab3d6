"""Section 4: "Bigger Lipschitz constant might ultimately lead to overfitting".

True inputs 0 and 1 have the label +1 with probability 1/2 each; the sample is (0, +1), (1, -1). The minimizer for L is
(L/2, -L/2): its training loss tends to 0 and its expected loss to infinity.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021._bce import CONVEX, EXP, PAPER
from lipcheck.claims.bethune2021.temperature.scaling import ROW
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """h = e^(L/2): training loss log(1 + 1/h), expected loss the mean of log(1 + 1/h) and log(1 + h)."""
    f, g, L, s, h, k, z, x, eps = map(var, ("f", "g", "L", "s", "h", "k", "z", "x", "eps"))
    towards = -s * (f - L / 2) + s * (g + L / 2)
    lipschitz: dict[str, Formula] = {"pull": s > 0, "lipschitz": f - g <= L}
    inverse = conj(equals(z * h, 1), equals(x * k, 1), z > 0, x > 0)
    grows: dict[str, Formula] = {"exponentials": inverse, "range": h >= 1}
    if variant.keeps("larger"):
        grows["larger"] = k > h
    witness = {"h": Fraction(1), "k": Fraction(2), "z": Fraction(1), "x": Fraction(1, 2)}
    far = {"h": Fraction(2), "z": Fraction(1, 2), "eps": Fraction(1)}
    return [
        Forall("the minimizer", lipschitz, towards >= 0),
        Forall("training loss falls", grows, 1 + x < 1 + z, hint=Hint(3), witness=witness),
        Forall("training loss tends to 0", {"exponentials": conj(equals(z * h, 1), z > 0, eps > 0), "far": h * eps > 1},
               z < eps, witness=far),
        Forall("inverses", grows, z * x < 1, hint=Hint(3), witness=witness),
        Forall("expected loss grows", {**grows, "inverses": z * x < 1}, (1 + x) * (1 + k) > (1 + z) * (1 + h),
               witness=witness),
        Forall("expected loss is unbounded", {"exponentials": conj(z > 0, h > 0)}, (1 + z) * (1 + h) > h),
    ]  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.overfitting",
        source=f"{PAPER}, section 4, after Example 3",
        printed="Bigger Lipschitz constant might ultimately lead to overfitting",
        statement="For labels that are +1 with probability 1/2 at both inputs 0 and 1, and the sample (0, +1), (1, "
        "-1), the training loss of the minimizer over Lip_L falls to 0 as L grows, while its expected loss grows "
        "without bound, from log 2.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="one law and one sample, all L >= 0",
        covers_all=True,
        hypotheses={"larger": "L grows"},
        textbook=(EXP, CONVEX),
        argument="proof.md#overfitting",
    ),
)
