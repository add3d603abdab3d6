"""Appendix B.2 and ICML 4.2.1, 5: spectral normalization "doesn't guarantee gradient norm preservation and can
therefore under-use Lipschitz capacity".

Plain reading: there are normalized weights W, and gradients g that the step back through the layer shortens, |W'g| <
|g|. In coordinates along the left singular vectors |W'g|^2 = sum t_i^2 g_i^2 with t_1 = 1 >= t_i, so a gradient keeps
its norm exactly if it lies in the space of the singular values one; for m rows on n >= m columns all do exactly if W W'
= I.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.spectral_normalization import common
from lipcheck.claims.anil2019.spectral_normalization.common import ICLR, ICML, ROW, SVD
from lipcheck.exact import dot, vector
from lipcheck.norms import spectral_norm_at_most
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Exists, Forall, Hint, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ONE = Fraction(1)
LOSS = {"W": [["1", "0"], ["0", "1/2"]], "g": ["0", "1"]}
TWO_LAYERS = {"W": [[["1", "0"], ["0", "1/100"]], [["1/100", "0"], ["0", "1"]]]}


def norm_one(weight: Any) -> bool:
    """Whether ||W||_2 = 1, exactly: at most 1, and the unit vector of some column shows at least 1."""
    rows = common.rows(weight)
    columns = common.transposed(rows)
    return spectral_norm_at_most(rows, ONE) and max(dot(c, c) for c in columns) >= 1


def loses(data: Any) -> bool:
    """Whether the layer has norm one and shortens the gradient g on its way back."""
    weight, g = common.entries(data, ("W", "g"))
    back = common.apply(common.transposed(common.rows(weight)), vector(g, "g"))
    return norm_one(weight) and dot(back, back) < dot(vector(g, "g"), vector(g, "g"))


def shortened(variant: Variant) -> Forall:
    """A component g_i along a singular value t < 1 makes sum t_i^2 g_i^2 less than sum g_i^2; R, r are the others."""
    t, g, R, r = map(var, ("t", "g", "R", "r"))
    hypotheses: dict[str, Formula] = {"others": r <= R, "value": t >= 0}
    if variant.keeps("below one"):
        hypotheses["below one"] = t < 1
    if variant.keeps("component"):
        hypotheses["component"] = g * g > 0
    return Forall("a smaller singular value shortens", hypotheses, r + t * t * g * g < R + g * g, hint=Hint(3))


def kept() -> Forall:
    """One more component along a singular value one keeps the norm."""
    t, g, R, r = map(var, ("t", "g", "R", "r"))
    return Forall("singular values one keep", {"others": equals(r, R), "one": equals(t, 1)},
                  equals(r + t * t * g * g, R + g * g))  # fmt: skip


def preservation(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """When gradients are shortened, and one that is."""
    text = "some layer of norm exactly one shortens some gradient"
    steps: list[Obligation] = [shortened(variant), Exists("a shortened gradient", text, loses, lambda: LOSS)]
    return steps if budget is Budget.SMOKE else [*steps, kept()]


def under_used(data: Any) -> bool:
    """Whether two layers have norm one each and their product a norm of at most 1/100."""
    (layers,) = common.entries(data, ("W",))
    first, second = map(common.rows, layers)
    product = [[dot(row, column) for column in common.transposed(first)] for row in second]
    return all(map(norm_one, layers)) and spectral_norm_at_most(common.rows(product), Fraction(1, 100))


def product(variant: Variant) -> Forall:
    """diag(1, e) and diag(e, 1) compose to e I: a vector of squared length X comes out with e^2 X < X."""
    e, a, b = map(var, ("e", "a", "b"))
    hypotheses: dict[str, Formula] = {"vector": a * a + b * b > 0, "value": e >= 0}
    if variant.keeps("unequal"):
        hypotheses["unequal"] = e < 1
    out = (e * (1 * a)) ** 2 + (1 * (e * b)) ** 2
    return Forall("two layers compose to e I", hypotheses,
                  conj(equals(out, e * e * (a * a + b * b)), out < a * a + b * b), hint=Hint(3))  # fmt: skip


def under_use(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Two normalized layers whose composition has any constant from 0 to 1."""
    text = "two layers of norm exactly one compose to a map of norm at most 1/100"
    return [product(variant), Exists("a hundredth of the capacity", text, under_used, lambda: TWO_LAYERS)]


CLAIMS = (
    Claim(
        id=f"{ROW}.not_preserving",
        source=f"{ICLR}, appendix B.2; {ICML}, sections 4.2.1 and 5",
        printed="Hence, enforcing the 1-Lipschitz constraint via spectral normalization doesn't guarantee gradient "
        "norm preservation.",
        statement=(
            "Some W with ||W||_2 = 1 and some g have |W'g| < |g|. For W with ||W||_2 = 1 and m <= n, |W'g| = |g| holds "
            "exactly for those g whose components along left singular vectors of singular values below 1 vanish; for "
            "all g, exactly if all singular values are 1."
        ),
        expected=Verdict.PROVED,
        obligations=preservation,
        scope="matrices of any size",
        covers_all=True,
        hypotheses={
            "below one": "a singular value is below 1",
            "component": "the gradient has a component along its left singular vector",
        },
        textbook=(SVD,),
        argument="proof.md#gradient-norm",
        notes=(
            "With the estimate of power iteration in place of the norm, gradients can also grow: .at_least_one. A "
            "layer with more outputs than inputs shortens some gradients whatever its singular values are."
        ),
    ),
    Claim(
        id=f"{ROW}.under_use",
        source=f"{ICML}, section 5",
        printed="Although efficient, spectral normalization doesn't guarantee gradient norm preservation and can "
        "therefore under-use Lipschitz capacity, as discussed in Appendix B.2.",
        statement=(
            "For every e in [0, 1) two layers of norm exactly 1 compose to a map with Lipschitz constant e, where the "
            "product of the norms is 1. Two square layers whose singular values are all 1 compose to a map of norm 1."
        ),
        expected=Verdict.PROVED,
        obligations=under_use,
        scope="two square linear layers, with or without an activation in between that is the identity on the range",
        covers_all=True,
        hypotheses={"unequal": "e < 1: the singular values of each layer differ"},
        textbook=(SVD,),
        argument="proof.md#gradient-norm",
        notes=(
            "The cause is that singular values differ, in layers that do not narrow: (1, 0)' followed by (0, 1) has "
            "all singular values 1 and composes to 0."
        ),
    ),
)
