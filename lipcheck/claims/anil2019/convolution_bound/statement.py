"""ICML 4.2.1: "Convolutions can be unfolded to be represented as linear transformations and bounding the spectral norm
of the filters bound the spectral norm of the unfolded operation."

Two readings: a bound on the filters gives some bound on the operation, which is true, by `.rescaled`; or the bound is
the same, ||T||_2 <= ||F||_2 for the filter as a matrix F with one row per output channel. That is false: the filter
(3/5, 4/5) has norm one and a convolution of norm 7/5. The ICLR submission says "Up to constant rescaling".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.convolution_bound import common, rescaled
from lipcheck.claims.anil2019.convolution_bound.common import ICML, ROW, plain
from lipcheck.norms import is_orthonormal
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import spell
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

TWO_TAPS = plain([[[["3/5", "4/5"]]]], (1, 2))
ONE_TAP = plain([[[["3/5"]], [["4/5"]]]], (1, 2))
APART = plain([[[["3/5", "4/5"]]]], (1, 2), stride=(1, 2))
CANDIDATES: list[Mapping[str, Any]] = [
    {"convolution": TWO_TAPS, "square": "1"},
    {"convolution": plain([[[["1", "1"]]]], (1, 3)), "square": "2"},
    {"convolution": ONE_TAP, "square": "1"},
    {"convolution": APART, "square": "1"},
]


def examine(data: Any, variant: Variant) -> Examination:
    """Whether ||F||_2^2 <= square, and ||T||_2^2 <= constant times square."""
    if not isinstance(data, Mapping) or set(data) != {"convolution", "square"}:
        raise common.ConvolutionError("the data have exactly the entries convolution and square")
    it, square = common.read(data["convolution"]), common.number(data["square"])
    two = {"two taps": it.taps[0] * it.taps[1] <= 2} if variant.constants else {}
    return Examination({"filter": it.filter_at_most(square), **two},
                       it.norm_at_most(variant.value("square", 1) * square))  # fmt: skip


def one_tap() -> Forall:
    """With one tap pixels do not mix: outputs Y <= s X so far, one more pixel y <= s x."""
    X, Y, x, y, s = map(var, ("X", "Y", "x", "y", "s"))
    given: dict[str, Formula] = {"pixels": s * X >= Y, "pixel": s * x >= y}
    return Forall("minimal: one tap", given, s * (X + x) >= Y + y)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The statement for convolutions, and why one tap is no counterexample."""
    constant = spell(variant.value("square", 1))
    text = f"||T||_2^2 <= {constant} ||F||_2^2"
    rule = Universal("convolutions", text, lambda data: examine(data, variant), lambda: CANDIDATES, parameters=constant)
    return [rule] if budget is Budget.SMOKE else [rule, one_tap()]


def orthonormal(data: Any, repaired: bool) -> Examination:
    """Whether a filter with orthonormal rows or columns has a convolution of norm at most one."""
    it = common.read(data)
    apart = it.taps == it.stride and it.padding == "circular"
    return Examination({"orthonormal": is_orthonormal(it.filter), **({"apart": apart} if repaired else {})},
                       it.norm_at_most(Fraction(1)))  # fmt: skip


def directly(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Orthonormal filters; repaired: patches that do not overlap."""
    text = "a convolution whose filter is orthonormal as a matrix is 1-Lipschitz"
    return [Universal("orthonormal filters", text, lambda data: orthonormal(data, variant.repaired),
                      lambda: [TWO_TAPS, ONE_TAP, APART], parameters=variant.repaired)]  # fmt: skip


SNIPPET = """\
from fractions import Fraction as F
k = (F(3, 5), F(4, 5))  # one channel, two taps: the filter's norm is 1
x = (F(1), F(1))
y = [k[0] * x[p] + k[1] * x[(p + 1) % 2] for p in range(2)]  # circular convolution on two pixels
print("|x|^2 =", sum(a * a for a in x), " |y|^2 =", sum(a * a for a in y))
assert sum(a * a for a in k) == 1 and sum(a * a for a in y) > sum(a * a for a in x)
"""

PRINTED = (
    "Convolutions can be unfolded to be represented as linear transformations and bounding the spectral norm of the "
    "filters bound the spectral norm of the unfolded operation"
)
CLAIMS = (
    Claim(
        id=ROW,
        source=ICML,
        printed=PRINTED,
        statement=(
            "For every number of taps there is a constant such that for every filter with so many taps, stride, number "
            "of channels and size of the image, with circular (the stride dividing the size) or zero padding, "
            "||F||_2 <= b implies ||T||_2 <= constant b. The constant sqrt(k1 k2) will do."
        ),
        reading="a bound on the filters, as matrices of one row per output channel, gives a bound on the operation",
        expected=Verdict.PROVED,
        obligations=rescaled.obligations,
        scope="filters, images, strides and channels of any size",
        covers_all=True,
        hypotheses=rescaled.HYPOTHESES,
        constants=rescaled.CONSTANTS,
        textbook=rescaled.TEXTBOOK,
        depends_on=(f"{ROW}.rescaled",),
        argument="proof.md#the-printed-sentence",
        notes=(
            "ceil(k / s) <= k: the constant of .rescaled is at most this one. With the same bound on both sides the "
            "sentence is false: .same_bound. As the section is about norms of at most one, the constant matters."
        ),
    ),
    Claim(
        id=f"{ROW}.same_bound",
        short="The filter (3/5, 4/5) has norm 1 and a convolution of norm 7/5; true with sqrt(taps) as factor.",
        source=ICML,
        printed=PRINTED,
        variant_of=ROW,
        statement=(
            "For every filter, every image and stride, with circular or zero padding: if ||F||_2 <= b for the filter "
            "as a matrix F of one row per output channel, then ||T||_2 <= b for the layer's matrix T."
        ),
        reading="the bound on the filter is the bound on the operation, as norms of at most one would need it",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=obligations,
        scope="filters of any size",
        covers_all=True,
        counterexamples={"convolutions": {"convolution": TWO_TAPS, "square": "1"}},
        minimality="one channel, two taps, two pixels: with one tap the norms are equal",
        near_misses=(
            NearMiss("convolutions", {"convolution": ONE_TAP, "square": "1"}, "one tap"),
            NearMiss("convolutions", {"convolution": APART, "square": "1"}, "stride 2: patches do not overlap"),
            NearMiss("convolutions", {"convolution": TWO_TAPS, "square": "99/100"}, "the filter's norm is 1"),
        ),
        repairs={"sqrt 2 for two taps": Variant(constants={"square": Fraction(2)})},
        repaired_by=f"{ROW}.rescaled",
        snippet=SNIPPET,
        argument="proof.md#the-printed-sentence",
        notes=("In the weaker reading the sentence is true, and the ICLR submission says 'Up to constant rescaling'."),
    ),
    Claim(
        id=f"{ROW}.directly_applied",
        short="An orthonormal filter can have a convolution of norm above 1; divided by sqrt of the number of taps it "
        "has not.",
        source="Anil, Lucas, Grosse 2019, section 1, in both versions",
        printed=(
            "While we focus our attention, both theoretically and empirically, on fully connected networks, the same "
            "general principles hold for convolutional networks where the techniques we introduce could be directly "
            "applied."
        ),
        statement="A convolution whose filter, as a matrix of one row per output channel, is orthonormal has norm at "
        "most 1.",
        reading="the technique is orthonormalization, applied to the filter as a matrix without rescaling",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=directly,
        scope="filters of any size, circular padding",
        covers_all=True,
        counterexamples={"orthonormal filters": TWO_TAPS},
        minimality="one channel, two taps, two pixels: with one tap the norms are equal",
        near_misses=(
            NearMiss("orthonormal filters", ONE_TAP, "one tap"),
            NearMiss("orthonormal filters", plain([[[["1/2", "1/2"]]]], (1, 2)), "norm one, but not orthonormal"),
        ),
        repairs={"patches that do not overlap": Variant(repaired=True)},
        repaired_by=f"{ROW}.rescaled",
        snippet=SNIPPET,
        argument="proof.md#the-printed-sentence",
        notes=(
            "Divided by sqrt(k1 k2), as section 4.2.1 of the ICLR submission suggests, it is 1-Lipschitz: .rescaled. "
            "Orthonormalization of the unfolded matrix is sound as well: the orthonormal factor of a "
            "circular convolution is one again, with as many taps as the image has pixels."
        ),
    ),
)
