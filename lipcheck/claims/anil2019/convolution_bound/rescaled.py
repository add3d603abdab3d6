"""ICLR 4.2.1: "Convolutions can be unfolded and represented as a linear transformation. Up to constant rescaling, the
spectral norm of the filter then bounds the spectral norm of the unfolded operation. We do not devote space to
computing these constants".

The constant, for taps k1 x k2 and strides s1, s2, is sqrt(ceil(k1/s1) ceil(k2/s2)): no pixel is read more often. It is
the best one: for stride 1 with circular padding the constant filter attains it on images of every size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from lipcheck.claims.anil2019.convolution_bound import common
from lipcheck.claims.anil2019.convolution_bound.common import ICLR, ROW, Convolution, plain
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import spell
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ONES = [[[["1", "1"], ["1", "1"]]]]
LAYERS: list[Mapping[str, Any]] = [
    {"convolution": plain([[[["1", "1"]]]], (1, 2)), "square": "2"},
    {"convolution": plain(ONES, (2, 3)), "square": "4"},
    {"convolution": plain([[[["1", "-2"]], [["0", "3"]]], [[["1", "1"]], [["1", "0"]]]], (1, 4)), "square": "16"},
    {"convolution": plain([[[["1", "0", "1"]]]], (1, 4), stride=(1, 2)), "square": "2"},
    {"convolution": plain([[[["1", "1", "1"]]]], (1, 3), padding="zero", pad=(0, 1)), "square": "3"},
    {"convolution": plain([[[["1", "1"]]]], (1, 2)), "square": "1"},
    {"convolution": plain([[[["1"] * 5]]], (1, 3), padding="replicate", pad=(0, 2)), "square": "5"},
]


def multiplicity(it: Convolution) -> int:
    """ceil(k1 / s1) ceil(k2 / s2)."""
    return prod(-(-k // s) for k, s in zip(it.taps, it.stride, strict=True))


def examine(data: Any, variant: Variant) -> Examination:
    """Whether ||F||^2 <= square, with circular or zero padding, and ||T||^2 <= multiplicity times square."""
    if not isinstance(data, Mapping) or set(data) != {"convolution", "square"}:
        raise common.ConvolutionError("the data have exactly the entries convolution and square")
    it, square = common.read(data["convolution"]), common.number(data["square"])
    hypotheses = {"filter": it.filter_at_most(square), "padding": it.padding != "replicate"}
    return Examination(hypotheses, it.norm_at_most(variant.value("square", 1) * multiplicity(it) * square))


def layers(variant: Variant) -> Universal:
    """The statement for convolutions."""
    factor = spell(variant.value("square", 1))
    text = f"||T||^2 <= {factor} ceil(k1/s1) ceil(k2/s2) ||F||^2"
    return Universal("convolutions", text, lambda data: examine(data, variant), lambda: LAYERS, variant.dropped, factor)


def covered(data: Any) -> bool:
    """Whether no pixel is read more often than ceil(k1/s1) ceil(k2/s2) times."""
    (n, m), k, s, padding = data
    taps = [[[["1"] * k[1] for _ in range(k[0])]]]
    pad = (0, 0) if padding == "circular" else (k[0] - 1, k[1] - 1)
    it = common.read(plain(taps, (n, m), tuple(s), padding, pad))
    return it.most_covered() <= multiplicity(it)


def shapes(largest: int) -> list[Any]:
    """Images, taps and strides up to a size, along one axis and along both."""
    sizes, both = range(1, largest + 1), ("circular", "zero")
    lines: list[Any] = [[(1, m), (1, k), (1, s), p] for m, k, s, p in product(sizes, sizes, sizes, both)]
    squares: list[Any] = [[(n, m), (2, 3), (s, 1), p] for n, m, s, p in product((2, 4), (1, 3), (1, 2), both)]
    return [shape for shape in lines + squares if shape[3] == "zero" or shape[0][1] % shape[2][1] == 0]


def coverage(largest: int) -> Exhaustive:
    """Counting, for all small shapes."""
    text = f"with sizes up to {largest}, no pixel is read more often than ceil(k1/s1) ceil(k2/s2) times"
    return Exhaustive(f"coverage up to size {largest}", text, lambda: shapes(largest), covered, largest, size=largest)


def taps_of_one_pixel() -> Forall:
    """Taps 0 <= t <= k - 1 that read one pixel differ by multiples of s: j of them need (j - 1) s <= k - 1."""
    first, last, k, s, j = map(var, ("first", "last", "k", "s", "j"))
    given: dict[str, Formula] = {"taps": conj(first >= 0, last <= k - 1), "apart": last - first >= (j - 1) * s}
    return Forall("taps that read one pixel", given, (j - 1) * s <= k - 1)


def one_more_patch() -> Forall:
    """|F p|^2 <= S |p|^2 adds up over patches p: Y <= S P so far."""
    S, P, Y, p, y = map(var, ("S", "P", "Y", "p", "y"))
    return Forall("one more patch", {"patches": S * P >= Y, "patch": S * p >= y}, S * (P + p) >= Y + y)


def one_more_pixel() -> Forall:
    """A pixel x that n <= c patches read adds n x^2 to the patches: P <= c X so far."""
    c, X, P, x, n = map(var, ("c", "X", "P", "x", "n"))
    given: dict[str, Formula] = {"pixels": c * X >= P, "read": n <= c, "square": x >= 0}
    return Forall("one more pixel", given, c * (X + x) >= P + n * x)


def total(variant: Variant) -> Forall:
    """Y <= S P and P <= c X give Y <= c S X."""
    S, P, Y, X, c = map(var, ("S", "P", "Y", "X", "c"))
    given: dict[str, Formula] = {"sign": conj(S >= 0, X >= 0, P >= 0, c >= 0)}
    if variant.keeps("filter"):
        given["filter"] = Y <= S * P
    if variant.keeps("padding"):
        given["padding"] = c * X >= P
    return Forall("all patches", given, c * S * X >= Y)


def attained() -> Forall:
    """The constant filter of k taps 1 has F F' = k, and takes the image 1 to k: k^2 = c k with c = k."""
    k, n, F, X, Y = map(var, ("k", "n", "F", "X", "Y"))
    given: dict[str, Formula] = {"filter": equals(F, k), "image": equals(X, n), "result": equals(Y, k * k * n)}
    return Forall("attained by the constant filter", given, equals(Y, k * F * X))


def constant_filter(data: Any) -> bool:
    """Whether T, for taps 1 and circular padding, takes the image 1 to k1 k2 everywhere, and F F' = k1 k2."""
    image, k = data
    it = common.read(plain([[[["1"] * k[1] for _ in range(k[0])]]], tuple(image)))
    return all(sum(row) == prod(k) for row in it.unfolded()) and sum(w * w for w in it.filter[0]) == prod(k)


def constant_filters() -> Exhaustive:
    """Images that hold the filter, and smaller ones."""
    sides = [(1, 1), (1, 2), (2, 3), (3, 1)]
    return Exhaustive("constant filters", "images and taps of sizes 1 x 1, 1 x 2, 2 x 3, 3 x 1",
                      lambda: [[a, b] for a, b in product(sides, sides)], constant_filter)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Convolutions by example, counting, and the steps for all sizes."""
    if budget is Budget.SMOKE:
        return [layers(variant), total(variant), coverage(2)]
    return [layers(variant), total(variant), coverage(2), coverage(5), taps_of_one_pixel(), one_more_patch(),
            one_more_pixel(), attained(), constant_filters()]  # fmt: skip


HYPOTHESES = {
    "filter": "the square of the filter's spectral norm is at most the bound",
    "padding": "the padding is circular or zero",
}
CONSTANTS = {"square": Constant(Fraction(1), Fraction(99, 100), words="of ceil(k1/s1) ceil(k2/s2), in squares")}
TEXTBOOK = (Textbook("induction over patches and pixels", "Peano's axioms"),)

CLAIMS = (
    Claim(
        id=f"{ROW}.rescaled",
        source=ICLR,
        printed=(
            "Convolutions can be unfolded and represented as a linear transformation. Up to constant rescaling, the "
            "spectral norm of the filter then bounds the spectral norm of the unfolded operation."
        ),
        statement=(
            "For every filter with k1 x k2 taps, stride (s1, s2), number of channels and size of the image, with "
            "circular padding (the strides dividing the sizes) or zeros: ||T||_2 <= sqrt(ceil(k1/s1) ceil(k2/s2)) "
            "||F||_2, F the filter as a matrix of one row per output channel. For stride 1 the constant is sqrt(k1 k2) "
            "and the best one: with circular padding it is attained on images of every size."
        ),
        reading="with the constant computed",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="filters, images, strides and channels of any size",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants=CONSTANTS,
        textbook=TEXTBOOK,
        argument="proof.md#the-constant",
        notes=(
            "Padding that repeats the border reads border pixels more often: (1, 1, 1, 1, 1) on three pixels exceeds "
            "sqrt 5 times its norm; so does circular padding that gives more outputs than pixels. With zero padding of "
            "k - 1 pixels the constant is attained by k outputs that read one tap each."
        ),
    ),
)
