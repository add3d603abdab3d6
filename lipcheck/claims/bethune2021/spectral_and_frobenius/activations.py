"""Section 2.2: "Most activation function are 1-Lipschitz, the popular including ReLU, sigmoid, tanh, softplus".

Plain reading: the four, on each unit, in every p-norm. Their smallest constants are 1, 1/4, 1 and 1; the slope of
softplus, log(1 + e^x), is the sigmoid s of x, 0 < s < 1, which comes as near to 1 as one likes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.activations_lipschitz.functions import SIGMOID, relu, sigmoid, tanh, units
from lipcheck.claims.bethune2021.spectral_and_frobenius.spectral import ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import conj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def softplus(variant: Variant) -> Forall:
    """0 <= s <= 1 for the slope s, which takes all values between 0 and 1."""
    s = var("s")
    return Forall("softplus", {"value": conj(s > 0, s < 1)}, conj(s >= 0, s <= variant.value("softplus", 1)))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The four on one unit, and two units at once."""
    return [relu(variant), sigmoid(variant), tanh(variant), softplus(variant), units(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.activations",
        source=SOURCE,
        printed="Most activation function are 1-Lipschitz, the popular including ReLU, sigmoid, tanh, softplus, and "
        "others.",
        reading="the four named functions",
        statement="For every p from 1 to infinity: ReLU, sigmoid, tanh and softplus, applied to each unit, are "
        "Lipschitz in the p-norm, with the smallest constants 1, 1/4, 1 and 1.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, all widths, every p-norm",
        covers_all=True,
        hypotheses={"p-norm": "the norm is a p-norm: it depends on, and grows with, the sizes of the entries alone"},
        constants={
            "relu": Constant(Fraction(1), Fraction(99, 100), words="the constant of ReLU"),
            "sigmoid": Constant(SIGMOID, Fraction(99, 400), words="the constant of sigmoid"),
            "tanh": Constant(Fraction(1), Fraction(99, 100), words="the constant of tanh"),
            "softplus": Constant(Fraction(1), Fraction(99, 100), words="the constant of softplus"),
        },
        textbook=(
            Textbook("sigma' = sigma (1 - sigma), 0 < sigma < 1; tanh' = 1 - tanh^2, -1 < tanh < 1", "NIST DLMF 4.34"),
            Textbook("log(1 + e^x) has the derivative sigma(x), whose values are all of (0, 1)", "NIST DLMF 4.2"),
            Textbook("mean value theorem", "Rudin, Principles, theorem 5.10"),
            Textbook(
                "||u||_p <= ||v||_p if |u_i| <= |v_i| for all i", "Horn, Johnson, Matrix Analysis, theorem 5.4.19"
            ),
        ),
        argument="proof.md#activations",
        depends_on=("anil2019.activations_lipschitz",),
        notes="'Most', and 'others', are not judged: GELU, SiLU and SELU, popular too, have the constants 1.13, 1.10 "
        "and 1.76.",
    ),
)
