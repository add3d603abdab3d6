"""The four functions of the sentence, unit by unit or group by group, in every p-norm: constants 1, 1/4, 1 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import const, maximum, positive_part, var, variables
from lipcheck.words.verdict import Budget, Verdict

ROW = "anil2019.activations_lipschitz"
ICLR = "Anil et al. 2019 (ICLR submission), section 2.2, 1-Lipschitz Activation Functions"


PRINTED = (
    "Most commonly used activation functions (such as ReLU (Krizhevsky et al., 2012), sigmoid, tanh, maxout "
    "(Goodfellow et al., 2013)) are 1-Lipschitz, if they are scaled appropriately."
)
SIGMOID = Fraction(1, 4)


def relu(variant: Variant) -> Forall:
    """0 <= relu(a) - relu(b) <= a - b for a >= b."""
    a, b = variables("x", 2)
    rise = positive_part(a) - positive_part(b)
    return Forall("ReLU", {"order": a >= b}, conj(rise >= 0, rise <= variant.value("relu", 1) * (a - b)))


def sigmoid(variant: Variant) -> Forall:
    """0 <= s (1 - s) <= 1/4, the slope at the value s = (1 + t) / 2, where 1 - s = (1 - t) / 2."""
    t = var("t")
    slope = ((1 + t) / 2) * ((1 - t) / 2)
    conclusion = conj(slope >= 0, slope <= variant.value("sigmoid", SIGMOID))
    return Forall("sigmoid", {"value": conj(t > -1, t < 1)}, conclusion)


def tanh(variant: Variant) -> Forall:
    """0 <= 1 - t^2 <= 1, the slope at the value t."""
    t = var("t")
    slope = 1 - t * t
    return Forall("tanh", {"value": conj(t > -1, t < 1)}, conj(slope >= 0, slope <= variant.value("tanh", 1)))


def maxout(variant: Variant) -> Forall:
    """The maximum of one more number moves by at most r if both parts do."""
    (m, n, a, b), r = variables("x", 4), var("r")
    hypotheses: dict[str, Formula] = {"others": conj(m - n <= r, n - m <= r), "one more": conj(a - b <= r, b - a <= r)}
    change, bound = maximum(m, a) - maximum(n, b), variant.value("maxout", 1) * r
    return Forall("maxout, one more number", hypotheses, conj(change <= bound, -change <= bound))


def units(variant: Variant) -> Forall:
    """u1^2 <= v1^2 and u2^2 <= v2^2 for the moves of two units after and before: the 2-norm does not grow.

    Without the hypothesis the norm is any with square z1^2 + z2^2 - 2 c z1 z2, |c| < 1; it is a p-norm for c = 0.
    """
    p_norm = variant.keeps("p-norm")
    c = const(0) if p_norm else var("c")
    (u, U), (v, V) = variables("u", 2), variables("v", 2)
    after, before = (x * x + y * y - 2 * c * x * y for x, y in ((u, U), (v, V)))
    hypotheses: dict[str, Formula] = {"units": conj(u * u <= v * v, U * U <= V * V)}
    if not p_norm:
        hypotheses["a norm"] = conj(c > -1, c < 1)
    return Forall("two units in the 2-norm", hypotheses, after <= before)


def scaled() -> Forall:
    """A function of constant K, times c >= 0 with c K <= 1, is 1-Lipschitz."""
    c, K, change, distance = map(var, ("c", "K", "change", "distance"))
    hypotheses: dict[str, Formula] = {"scale": conj(c >= 0, c * K <= 1), "function": change <= K * distance}
    return Forall("scaled appropriately", {**hypotheses, "metric": distance >= 0}, c * change <= distance)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The four activations on one unit or group, two units at once, and the scale."""
    return [relu(variant), sigmoid(variant), tanh(variant), maxout(variant), units(variant), scaled()]


CLAIMS = (
    Claim(
        id=ROW,
        source=ICLR,
        printed=PRINTED,
        statement="For every p from 1 to infinity: ReLU, sigmoid and tanh, applied to each unit, and the maximum of "
        "each group of units (maxout) are Lipschitz from the p-norm to the p-norm, with the smallest constants 1, 1/4, "
        "1 and 1; so each, times any c with 0 < c <= 1, is 1-Lipschitz, sigmoid also times 4.",
        reading="the four named functions; maxout as a function of its pre-activations",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, all widths and group sizes, every p-norm",
        covers_all=True,
        hypotheses={"p-norm": "the norm is a p-norm: it depends on, and grows with, the sizes of the entries alone"},
        constants={
            "relu": Constant(Fraction(1), Fraction(99, 100), words="the constant of ReLU"),
            "sigmoid": Constant(SIGMOID, Fraction(99, 400), words="the constant of sigmoid"),
            "tanh": Constant(Fraction(1), Fraction(99, 100), words="the constant of tanh"),
            "maxout": Constant(Fraction(1), Fraction(99, 100), words="the constant of maxout"),
        },
        textbook=(
            Textbook("sigma' = sigma (1 - sigma), 0 < sigma < 1; tanh' = 1 - tanh^2, -1 < tanh < 1", "NIST DLMF 4.34"),
            Textbook("mean value theorem", "Rudin, Principles, theorem 5.10"),
            Textbook(
                "||u||_p <= ||v||_p if |u_i| <= |v_i| for all i", "Horn, Johnson, Matrix Analysis, theorem 5.4.19"
            ),
        ),
        argument="proof.md#the-four-functions",
        notes="The ICML version leaves sigmoid out. 'Most' is not judged.",
    ),
)
