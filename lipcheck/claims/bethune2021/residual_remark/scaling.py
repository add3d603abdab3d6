"""Section 2.2: "appropriate scaling can yields Lipschitz bounds but no necessarily gradient preservation".

Plain reading: for 1-Lipschitz f and g between the same spaces, (f + g)/2 is 1-Lipschitz, in every norm and for vectors
as well; with f(x) = x this is a scaled residual connection. Its gradient may vanish: g(x) = -x.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.mountain_function._lemmas import kept
from lipcheck.claims.bethune2021.residual_remark.averages import ROW
from lipcheck.exact import vector
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.obligation import Data, Exists, Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def bound(variant: Variant) -> Forall:
    """a, b, m: the norms of the changes of f, g and their mean over a distance d; 2 m <= a + b."""
    a, b, m, d = map(var, ("a", "b", "m", "d"))
    given = kept(variant, f=a <= d, g=b <= d)
    return Forall("the mean is 1-Lipschitz", {"triangle": 2 * m <= a + b, "distance": d >= 0, **given},
                  m <= variant.value("lipschitz", 1) * d)  # fmt: skip


def vanishes(slopes: Data) -> bool:
    """Slopes of two linear functions of one variable, of size one, whose mean is flat."""
    f, g = vector(slopes, "slopes")
    return abs(f) == abs(g) == 1 and f + g == 0


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound, and a mean that is constant."""
    text = "x and g of gradient norm one whose mean has gradient zero"
    return [bound(variant), Exists("the gradient is lost", text, vanishes, lambda: ["1", "-1"])]


CLAIMS = (
    Claim(
        id=f"{ROW}.scaling",
        source="Béthune et al. 2021, arXiv 2104.05097v2, section 2.2",
        printed="Even on residual connections, appropriate scaling can yields Lipschitz bounds but no necessarily "
        "gradient preservation (Appendix D, remark D).",
        statement="If f and g are 1-Lipschitz in some norms, so is (f + g)/2; and for f(x) = x, g(x) = -x of gradient "
        "norm one the gradient of (f + g)/2 is zero everywhere.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all normed spaces, scalar or vector values",
        covers_all=True,
        hypotheses={"f": "f is 1-Lipschitz", "g": "g is 1-Lipschitz"},
        constants={"lipschitz": Constant(Fraction(1), Fraction(99, 100), words="the constant of the mean")},
        textbook=(Textbook("triangle inequality", "definition of a norm"),),
        argument="proof.md#scaling",
        notes="The constant 1 is attained by f = g. The remark has no number in appendix D: 'remark D'.",
    ),
)
