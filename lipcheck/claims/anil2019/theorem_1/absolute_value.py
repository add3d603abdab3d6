"""What Theorem 1 is used for: norm-constrained networks with ReLU, sigmoid or tanh cannot represent |x|.

Plain reading: no network from R to R with all ||W||_2 <= 1 and activations ReLU, sigmoid or tanh computes |x|, at any
width and depth: these are increasing and 1-Lipschitz, |x| has slope ±1 and is not affine, so Theorem 1 applies.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.theorem_1 import common
from lipcheck.claims.anil2019.theorem_1.common import ICML, ROW
from lipcheck.readings.line import pieces
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, positive_part, var
from lipcheck.words.verdict import Budget, Verdict


def examine(data: Data, variant: Variant) -> Examination:
    """Whether a network meets the hypotheses, and whether it is anything but |x|."""
    network = common.read(data)
    increasing = common.elementwise(network) and common.monotonic(network)
    hypotheses = {
        "norm": common.norms_at_most(network, variant.value("norm", 1)),
        "activations": increasing and common.lipschitz(network, Fraction(1)),
    }
    values = {(p.slopes[0], p.offsets[0], p.inside > 0) for p in pieces(network)}
    return Examination(hypotheses, values != {(Fraction(1), Fraction(0), True), (Fraction(-1), Fraction(0), False)})


def networks(variant: Variant) -> Universal:
    """The statement for piecewise linear networks."""
    text = "a piecewise linear network from R to R that meets the hypotheses is not |x|"
    return Universal("networks on the line", text, lambda data: examine(data, variant), lambda: common.beyond(variant),
                     variant.dropped)  # fmt: skip


def relu() -> Forall:
    """0 <= relu(a) - relu(b) <= a - b for a >= b."""
    a, b = var("a"), var("b")
    rise = positive_part(a) - positive_part(b)
    return Forall("ReLU is increasing and 1-Lipschitz", {"order": a >= b}, conj(rise >= 0, rise <= a - b))


def sigmoid() -> Forall:
    """Its slope s (1 - s) at the value s lies between 0 and 1."""
    s = var("s")
    slope = s * (1 - s)
    return Forall("sigmoid has slopes in (0, 1]", {"value": conj(s > 0, s < 1)}, conj(slope > 0, slope <= 1))


def tanh() -> Forall:
    """Its slope 1 - t^2 at the value t lies between 0 and 1."""
    t = var("t")
    slope = 1 - t * t
    return Forall("tanh has slopes in (0, 1]", {"value": conj(t > -1, t < 1)}, conj(slope > 0, slope <= 1))


def gradient_one() -> Forall:
    """| |x| - |y| | = |x - y| on either side of 0."""
    x, y = var("x"), var("y")
    side = disj(conj(x >= 0, y >= 0), conj(x <= 0, y <= 0))
    change = absolute(x) - absolute(y)
    conclusion = disj(equals(change, x - y), equals(change, y - x))
    return Forall("|x| has slope ±1 away from 0", {"one side": side}, conclusion)


def not_affine() -> Forall:
    """No p x + q equals |x| at -1, 0 and 1."""
    p, q = var("p"), var("q")
    apart = [term for difference in (q - p - 1, q, q + p - 1) for term in (difference > 0, difference < 0)]
    return Forall("|x| is not affine", {}, disj(*apart))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The activations and |x| satisfy what Theorem 1 asks for."""
    return [networks(variant), relu(), sigmoid(), tanh(), gradient_one(), not_affine()]


CLAIMS = (
    Claim(
        id=f"{ROW}.absolute_value",
        source=f"{ICML}, after Theorem 1",
        printed=(
            "As a special case, Theorem 1 shows that 2-norm-constrained networks with ReLU (or sigmoid, tanh, etc.) "
            "activations cannot represent the absolute value function."
        ),
        statement=(
            "No network from R to R with all ||W||_2 <= 1 and activations among ReLU, sigmoid and tanh, at any width "
            "and depth, equals |x|."
        ),
        reading="'etc.' stands for other increasing 1-Lipschitz activations",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all widths and depths; every increasing 1-Lipschitz element-wise activation",
        covers_all=True,
        hypotheses={
            "norm": "every weight has ||W||_2 <= 1",
            "activations": "activations are element-wise, increasing and 1-Lipschitz",
        },
        constants={"norm": Constant(Fraction(1), Fraction(101, 100), words="the bound on the weights")},
        textbook=(
            Textbook("sigma' = sigma (1 - sigma), 0 < sigma < 1; tanh' = 1 - tanh^2, -1 < tanh < 1", "NIST DLMF 4.34"),
            Textbook("mean value theorem", "Rudin, Principles of Mathematical Analysis, 5.10"),
        ),
        depends_on=(ROW,),
        argument="proof.md#absolute-value",
        notes=(
            "The bound 1 is sharp over all depths: with norms up to c > 1, a ReLU network of L >= 2 weights represents "
            "|x| as soon as c^L >= 2. Nor is |x| represented on an open interval around 0: the theorem holds there."
        ),
    ),
)
