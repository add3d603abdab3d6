"""What `lipcheck.nn.convolutions` guarantees: the bound with dilation and groups, and for padding on both sides.

Plain reading: along one axis, k taps at distance d, stride s. A pixel q is read by tap t from the position P with s P +
d t = q + p, so t is fixed modulo s / gcd(s, d): at most ceil(k / (s / gcd(s, d))) taps. With circular padding of p
pixels on both sides, as libraries do it, that holds with 1 in place of s as long as 2 p <= d (k - 1), for then stride 1
gives at most as many outputs as pixels. Groups act on separate channels: the largest norm counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import gcd
from typing import Any

from lipcheck.claims.anil2019.convolution_bound.common import ICLR, ROW, ConvolutionError
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Hint, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

NAMES = ("taps", "stride", "dilation", "pixels", "pad", "padding")
LINES: list[dict[str, Any]] = [
    dict(zip(NAMES, values, strict=True))
    for values in (
        (3, 1, 1, 5, 1, "zero"), (3, 2, 2, 9, 2, "zero"), (5, 4, 2, 9, 4, "zero"), (3, 1, 1, 2, 1, "circular"),
        (5, 3, 1, 4, 2, "circular"), (2, 1, 1, 3, 1, "circular"),
    )
]  # fmt: skip


def reads(line: dict[str, Any]) -> Counter[int]:
    """How often each pixel is read along one axis, by all taps and outputs."""
    if not isinstance(line, dict) or set(line) != set(NAMES) or line["padding"] not in ("zero", "circular"):
        raise ConvolutionError(f"a line has exactly the entries {', '.join(NAMES)}, with zero or circular padding")
    k, s, d, n, p = (line[name] for name in NAMES[:5])
    if not all(isinstance(v, int) and not isinstance(v, bool) for v in (k, s, d, n, p)) or min(k, s, d, n) < 1 or p < 0:
        raise ConvolutionError("taps, stride, dilation and pixels are whole numbers of at least 1, pad of at least 0")
    starts = range(0, n + 2 * p - d * (k - 1), s)
    places = [start + d * t - p for start in starts for t in range(k)]
    if line["padding"] == "circular":
        return Counter(q % n for q in places)
    return Counter(q for q in places if 0 <= q < n)


def multiplicity(line: dict[str, Any]) -> int:
    """ceil(k / (s / gcd(s, d))), with s = 1 for circular padding."""
    step = line["stride"] // gcd(line["stride"], line["dilation"]) if line["padding"] == "zero" else 1
    return -(-int(line["taps"]) // step)


def narrow(line: dict[str, Any]) -> bool:
    """Whether circular padding is at most d (k - 1) / 2 on each side."""
    return bool(line["padding"] == "zero" or 2 * line["pad"] <= line["dilation"] * (line["taps"] - 1))


def examine(line: Any, factor: Fraction) -> Examination:
    """Whether no pixel is read more often than factor times the multiplicity."""
    most = max(reads(line).values(), default=0)
    return Examination({"narrow": narrow(line)}, most <= factor * multiplicity(line))


def lines(variant: Variant) -> Universal:
    """The statement along one axis."""
    factor = variant.value("square", 1)
    text = f"no pixel is read more than {factor} ceil(k / (s / gcd(s, d))) times"
    return Universal("lines", text, lambda line: examine(line, factor), lambda: LINES, variant.dropped, str(factor))


def counted(largest: int) -> Exhaustive:
    """Every shape up to a size."""
    sizes = range(1, largest + 1)
    every = [
        dict(zip(NAMES, v, strict=True))
        for v in product(sizes, sizes, sizes, sizes, range(largest), ("zero", "circular"))
    ]
    text = f"all sizes up to {largest}, narrow padding: no pixel is read more often"
    return Exhaustive(f"shapes up to {largest}", text, lambda: [line for line in every if narrow(line)],
                      lambda line: examine(line, Fraction(1)).conclusion, largest, size=largest)  # fmt: skip


def residues() -> Forall:
    """Taps in one class modulo m, the j-th at least (j - 1) m: with t <= k - 1, (j - 1) m <= k - 1."""
    first, last, k, m, j = map(var, ("first", "last", "k", "m", "j"))
    given: dict[str, Formula] = {"taps": conj(first >= 0, last <= k - 1), "apart": last - first >= (j - 1) * m}
    return Forall("taps of one residue class", given, (j - 1) * m <= k - 1)


def outputs() -> Forall:
    """Stride 1 and padding p give n + 2 p - d (k - 1) outputs: at most n for 2 p <= d (k - 1)."""
    n, p, e, out = map(var, ("n", "p", "e", "out"))
    given: dict[str, Formula] = {"outputs": equals(out, n + 2 * p - e), "narrow": 2 * p <= e}
    return Forall("as many outputs as pixels", given, out <= n)


def groups(variant: Variant) -> Forall:
    """Groups have separate inputs and outputs: Y <= c S X so far and y <= c r x, with r <= S, add up."""
    c, S, X, Y, x, y, r = map(var, ("c", "S", "X", "Y", "x", "y", "r"))
    given: dict[str, Formula] = {"so far": c * S * X >= Y, "group": c * r * x >= y, "sign": conj(c >= 0, x >= 0)}
    if variant.keeps("largest"):
        given["largest"] = r <= S
    scaled: dict[str, Formula] = {"product": c * r * x <= c * S * x} if variant.keeps("largest") else {}
    return Forall("one more group", {**given, **scaled}, c * S * (X + x) >= Y + y)


def order() -> Forall:
    """r <= S gives c r x <= c S x."""
    c, S, x, r = map(var, ("c", "S", "x", "r"))
    return Forall(
        "a smaller norm", {"sign": conj(c >= 0, x >= 0), "order": r <= S}, c * r * x <= c * S * x, hint=Hint(3)
    )


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Lines by example and by counting, and the steps for all sizes."""
    steps: list[Obligation] = [lines(variant), groups(variant), counted(2)]
    return steps if budget is Budget.SMOKE else [*steps, counted(4), residues(), outputs(), order()]


CLAIMS = (
    Claim(
        id=f"{ROW}.module",
        source=ICLR,
        printed="Up to constant rescaling, the spectral norm of the filter then bounds the spectral norm of the "
        "unfolded operation. We do not devote space to computing these constants [...]",
        statement=(
            "For every filter with taps k, strides s and dilations d along the axes, groups, channels and size of the "
            "image: ||T||_2 <= sqrt(c) max_g ||F_g||_2 with c the product of ceil(k / (s / gcd(s, d))), for zero "
            "padding of any width; with s = 1 in c for circular padding of p pixels on both sides, 2 p <= d (k - 1)."
        ),
        reading="with dilation and groups, and padding as libraries do it",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="filters, images, strides, dilations, groups and channels of any size, any number of axes",
        covers_all=True,
        variant_of=f"{ROW}.rescaled",
        hypotheses={
            "narrow": "circular padding is at most d (k - 1) / 2 on each side",
            "largest": "the bound is on every group's norm",
        },
        constants={"square": Constant(Fraction(1), Fraction(99, 100), words="of the number of reads")},
        textbook=(
            Textbook(
                "d t = a modulo s fixes t modulo s / gcd(s, d)", "Hardy and Wright, Theory of Numbers, theorem 57"
            ),
            Textbook("induction over axes, taps and groups", "Peano's axioms"),
        ),
        depends_on=(f"{ROW}.rescaled",),
        argument="proof.md#the-modules-constant",
        notes="That `convolution_bound` rounds up, and measures the floats that are returned, is tested.",
    ),
)
