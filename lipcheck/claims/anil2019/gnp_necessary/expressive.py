"""Section 1 and abstract: expressive architectures must have layers that preserve the gradient's norm.

Taken of architectures that approximate, the sentence fails: ReLU loses norm, and with enough layers its networks with
all ||W||_2 <= 1 are within every error of |x| (row relu_cannot_approximate), and of all that GroupSort approximates.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.relu_folding import relu_absolute_value
from lipcheck.claims.anil2019.gnp_necessary.approximate import preserved
from lipcheck.claims.anil2019.gnp_necessary.common import ICLR, ICML, ONE, ROW, norms_at_most
from lipcheck.claims.anil2019.relu_cannot_approximate import forms
from lipcheck.claims.anil2019.relu_cannot_approximate.common import look, on, plain
from lipcheck.network import Affine, MaxMin, ReLU
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Data, Examination, Exhaustive, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

half = Fraction(1, 2)
NEAR_FOLD = "ReLU networks within 1/10 of |x|"


def expressive(data: Data, error: Fraction) -> Examination:
    """A network within the error of |x|: does each layer preserve the gradient's norm?"""
    seen = look(data)
    hypotheses = {
        "norm": norms_at_most(seen.network, ONE),
        "ReLU": all(isinstance(layer, Affine | ReLU) for layer in seen.network.layers),
        "expressive": seen.radius == 1 and seen.distance() <= error,
    }
    return Examination(hypotheses, preserved(seen))


DEEP = on(relu_absolute_value(Fraction(4, 5)))


def architecture(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The sentence for ReLU and the error 1/10; the repair asks for the error 0."""
    error = Fraction(0) if variant.repaired else Fraction(1, 10)
    text = f"a ReLU network within {error} of |x| on [-1, 1] preserves the gradient's norm in each layer"
    fewest = Exhaustive("minimal: 7 hidden layers", "with fewer ones no ReLU network is within 1/10", lambda: range(7),
                        too_shallow)  # fmt: skip
    return [Universal(NEAR_FOLD, text, lambda data: expressive(data, error), lambda: [DEEP], parameters=str(error)),
            fewest]  # fmt: skip


def too_shallow(hidden: int) -> bool:
    """The chain of forms keeps the squared slope below (4/5)^2."""
    return hidden == 0 or forms.proves(hidden, Fraction(16, 25) - Fraction(1, 100))


DEEP_SNIPPET = """\
from fractions import Fraction as F
c, s = F(255, 257), F(32, 257)
assert c * c + s * s == 1  # so each of the 26 weights has 2-norm one
relu = lambda t: max(t, 0)
def f(x):  # ReLU is not norm preserving: the second unit is off for x > 0 and loses s * (what is left) in each layer
    a, b = F(x), F(0)
    for _ in range(25):
        a, b = relu(c * a + s * b + 2) - 2, relu(c * b - s * a)
    return a
print("f + 1/10 is within 1/10 of |x|; its gradient norm is", float(f(1)), "for x > 0, not 1")
assert F(4, 5) <= f(1) < 1 and -f(-1) <= -F(4, 5) and f(0) == 0
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.expressive",
        short="ReLU loses gradient norm, yet with ||W||_2 <= 1 approximates |x| by depth; true of exact representation",
        source=f"{ICML}, section 1 and abstract; {ICLR}, section 1 and abstract",
        printed=(
            "We first identify a simple property that expressive norm-constrained Lipschitz architectures must "
            "satisfy: gradient norm preservation. [Abstract: We identify a necessary property for such an "
            "architecture: each of the layers must preserve the gradient norm during backpropagation.]"
        ),
        statement=(
            "If networks of an architecture with all ||W||_2 <= 1 approximate |x| on [-1, 1] within every error, then "
            "its layers preserve the norm of the gradient; for ReLU: a network within 1/10 of |x| does so."
        ),
        reading="expressive means approximating what GroupSort represents, such as |x|",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=architecture,
        scope="ReLU, the error 1/10; every error by row relu_cannot_approximate",
        covers_all=True,
        counterexamples={NEAR_FOLD: DEEP},
        minimality="7 hidden layers are the fewest for 1/10: proved by the chains of quadratic forms",
        near_misses=(
            NearMiss(NEAR_FOLD, on(relu_absolute_value(half)), "|x| / 2 + 1/4 is 1/4 away"),
            NearMiss(
                NEAR_FOLD,
                plain([[half], [-half], [half], [-half]], MaxMin(), [[half, -half, half, -half]]),
                "|x| by MaxMin preserves the norm",
            ),
        ),
        repairs={"representing |x| exactly": Variant(repaired=True)},
        snippet=DEEP_SNIPPET,
        repaired_by=ROW,
        depends_on=("anil2019.relu_cannot_approximate.depth", "anil2019.relu_cannot_approximate.same_closure"),
        argument="proof.md#expressive-architectures",
        notes=(
            "True of exact representation, of the infinity norm, of any fixed depth. Under the 2-norm ReLU networks "
            "have the same closure as GroupSort networks, at the price of depth."
        ),
    ),
)
