"""How far the filter's norm is from the operation's: never above it, so normalizing the filter gives norms from 1 to
sqrt(k1 k2).

Plain reading: for an image that is at least as large as the filter, ||T||_2 >= ||F||_2 (the patch at the first position
is arbitrary, and F is the block of T that acts on it). For smaller images with circular padding taps coincide and may
cancel.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from lipcheck.claims.anil2019.convolution_bound import common
from lipcheck.claims.anil2019.convolution_bound.common import ICLR, ROW, plain
from lipcheck.claims.anil2019.spectral_normalization.common import norm_at_least
from lipcheck.exact import dot
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

LAYERS = [plain([[[["1", "-1"]]]], (1, 1)), plain([[[["1", "2"]]]], (1, 2)), plain([[[["1"]]]], (1, 1))]


def examine(data: Any) -> Examination:
    """Whether the image holds the filter, and ||T||^2 is at least the largest squared row of F: for one output channel
    that is ||F||^2."""
    it = common.read(data)
    largest = max(dot(row, row) for row in it.filter)
    inside = all(k <= n for k, n in zip(it.taps, it.image, strict=True))
    return Examination({"image": inside}, norm_at_least(it.unfolded(), largest))


def contains(data: Any) -> bool:
    """Whether T, cut to the first output position and the pixels of its patch, is F, entries being distinct numbers."""
    (outputs, inputs), taps, image = data
    numbers = iter(range(1, 10**6))
    filter_ = [[[[str(next(numbers)) for _ in range(taps[1])] for _ in range(taps[0])] for _ in range(inputs)]
               for _ in range(outputs)]  # fmt: skip
    it = common.read(plain(filter_, tuple(image)))
    unfolded, count = it.unfolded(), image[0] * image[1]
    patch = [p[0] * image[1] + p[1] for p in next(it.reads()) if p is not None]
    block = [[row[i * count + p] for i in range(inputs) for p in patch] for row in unfolded[::count]]
    return tuple(map(tuple, block)) == it.filter


def blocks(budget: Budget) -> Exhaustive:
    """Small shapes."""
    return Exhaustive(
        "the filter is a block of the unfolded matrix",
        "channels 1 and 2, taps up to 2 x 3, images up to 2 x 4 that hold them",
        lambda: [[c, (a, b), (n, m)] for c, a, b, n, m in
                 product([(1, 1), (2, 1), (1, 2)], (1, 2), (1, 3), (2,), (3, 4))],
        contains,
    )  # fmt: skip


def block(variant: Variant) -> Forall:
    """With x zero off the patch p, |x| = |p|, and |T x|^2 = |F p|^2 + the rest: c^2 |p|^2 >= |T x|^2 bounds |F p|^2."""
    fp, rest, p, c = map(var, ("fp", "rest", "p", "c"))
    given: dict[str, Formula] = {"norm": c * p >= fp + rest, "rest": rest >= 0}
    return Forall("a block has no larger norm", given, conj(c * p >= fp))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Layers by example; the block."""
    text = "||T||_2 >= ||F||_2, one output channel, circular padding, stride 1"
    rule = Universal("convolutions", text, examine, lambda: LAYERS, variant.dropped)
    return [rule, block(variant)] if budget is Budget.SMOKE else [rule, block(variant), blocks(budget)]


CLAIMS = (
    Claim(
        id=f"{ROW}.lower",
        source=ICLR,
        printed="Up to constant rescaling, the spectral norm of the filter then bounds the spectral norm of the "
        "unfolded operation.",
        statement=(
            "With circular padding, stride 1 and an image that has at least as many rows and columns as the filter, "
            "||F||_2 <= ||T||_2. So dividing a filter by its norm leaves an operation of norm 1 to sqrt(k1 k2)."
        ),
        reading="the other side of the bound",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="filters, images and channels of any size",
        covers_all=True,
        variant_of=f"{ROW}.rescaled",
        depends_on=(f"{ROW}.rescaled",),
        hypotheses={"image": "the image is at least as large as the filter"},
        textbook=(
            Textbook("the norm of a block is at most that of the matrix", "Horn and Johnson, Matrix Analysis, 5.6"),
        ),
        argument="proof.md#the-other-side",
    ),
)
