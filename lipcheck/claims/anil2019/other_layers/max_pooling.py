"""Anil et al. 2019, appendix F.1 (ICLR): max-pooling "prevents norm preservation".

Section 3 preserves the norm of gradients during backpropagation. Max-pooling over windows that do not overlap, as in
LeNet-5 (2 x 2, stride 2), sends the gradient of each window to its largest entry: the norm is preserved, for every p,
wherever the gradient exists. Forward, values and tangents lose norm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.exact import vector
from lipcheck.layers import Select
from lipcheck.network import Maxout, Network
from lipcheck.readings.rational import is_smooth_at, jacobian
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, const, maximum, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.other_layers"
SOURCE = "Anil et al. 2019, appendix F.1 (ICLR 2019 submission)"
PRINTED = (
    "In these experiments [w]e are using a LeNet-5 architecture, with convolutions and max-pooling — the latter "
    "prevents norm preservation and thus may reduce the effectiveness of MaxMin substantially."
)


class WindowError(LipcheckError, ValueError):
    """Windows that do not fit the input."""


def pooling(inputs: int, size: int, stride: int) -> Network:
    """Max-pooling of a row of numbers: the maximum of each window of `size`, `stride` apart."""
    if size > inputs or stride < 1:
        raise WindowError(f"A window of {size}, {stride} apart, does not fit {inputs} numbers: give a smaller one.")
    starts = range(0, inputs - size + 1, stride)
    return Network(inputs, (Select(tuple(s + i for s in starts for i in range(size)), inputs), Maxout(size)))


def keeps_gradients(network: Network, x: Sequence[Fraction]) -> bool:
    """Whether |J'g|_p = |g|_p for all g and p: rows are unit vectors of a single one, no two the same."""
    rows = jacobian(network, x)
    units = all(sorted(row) == [0] * (len(row) - 1) + [1] for row in rows)
    return units and all(sum(column) <= 1 for column in zip(*rows, strict=True))


def keeps_tangents(network: Network, x: Sequence[Fraction]) -> bool:
    """Whether |J v|_2 = |v|_2 for all v: J'J = I."""
    columns = list(zip(*jacobian(network, x), strict=True))
    grams = [[sum(a * b for a, b in zip(p, q, strict=True)) for q in columns] for p in columns]
    return all(entry == (i == j) for i, row in enumerate(grams) for j, entry in enumerate(row))


def examine(data: Any, forward: bool) -> Examination:
    """Pooling of the row data["x"] with the window data["size"], data["stride"] apart: is some norm changed?"""
    x = vector(data["x"])
    network = pooling(len(x), data["size"], data["stride"])
    hypotheses = {
        "no overlap": data["stride"] >= data["size"],
        "two or more": data["size"] > 1,
        "no tie": is_smooth_at(network, x),
    }
    kept = keeps_tangents(network, x) if forward else keeps_gradients(network, x)
    return Examination(hypotheses, not kept)


LENET = {"x": ["1", "0"], "size": 2, "stride": 2}


def prevents(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The printed sentence for gradients; the repair speaks of tangents, J v."""
    kind = "tangent" if variant.repaired else "gradient"
    text = f"max-pooling without overlap changes the norm of some {kind} at inputs without ties"
    g = var("g")
    kept = conj(equals(maximum(absolute(g), const(0)), absolute(g)), equals(g**2 + const(0) ** 2, g**2))
    return [
        Universal("norms", text, lambda data: examine(data, variant.repaired), lambda: [LENET], size=2),
        Forall("minimal: no gradient of a window is changed", {}, kept, size=2),
    ]


def every_input(size: int, stride: int) -> Exhaustive:
    """All rows of 2 size numbers 0, 1, 2 without a tie in a window."""
    network = pooling(2 * size, size, stride)

    def elements() -> Iterable[list[int]]:
        return (list(x) for x in product(range(3), repeat=2 * size) if is_smooth_at(network, x))

    return Exhaustive(f"windows of {size}, {stride} apart", "the Jacobian sends gradients to different entries",
                      elements, lambda x: keeps_gradients(network, vector(x)), parameters=[size, stride],
                      size=size)  # fmt: skip


def window(variant: Variant) -> Forall:
    """Near a window whose first entry leads, its maximum moves with that entry alone."""
    x, h, r = variables("x", 2), variables("h", 2), var("r")
    hypotheses: dict[str, Formula] = {"radius": r > 0, "small steps": conj(*(absolute(t) <= r for t in h))}
    if variant.keeps("no tie"):
        hypotheses["no tie"] = x[0] - x[1] >= 2 * r
    return Forall("the largest entry alone counts", hypotheses, equals(maximum(x[0] + h[0], x[1] + h[1]), x[0] + h[0]),
                  size=2)  # fmt: skip


def backward(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Windows side by side; a mutant lets them overlap."""
    sizes = (2,) if budget is Budget.SMOKE else (2, 3)
    return [window(variant), *(every_input(k, k if variant.keeps("no overlap") else 1) for k in sizes)]


def forward(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A window of two or more: moving a smaller entry moves no output; values lose norm at (1, 1)."""
    x, y, t, r = var("x"), var("y"), var("t"), var("r")
    lead: dict[str, Formula] = {"lead": x - y >= r, "radius": r > 0, "step": absolute(t) <= r}
    moved = maximum(x, y + t) if variant.keeps("two or more") else y + t
    before = maximum(x, y) if variant.keeps("two or more") else y
    positive: dict[str, Formula] = {"positive": conj(x > 0, y > 0)}
    return [
        Forall("smaller entries move nothing", lead, equals(moved - before, 0), size=2),
        Forall("values lose 2-norm", positive, maximum(x, y) ** 2 < x**2 + y**2, size=2),
    ]


SNIPPET = """\
from fractions import Fraction as F
x, g = [F(1), F(0), F(2), F(5)], [F(3), F(-4)]  # two windows of two, gradients 3 and -4 at their outputs
back = [F(0)] * 4
for k, gradient in enumerate(g):
    window = x[2 * k : 2 * k + 2]
    back[2 * k + window.index(max(window))] += gradient
print("J'g =", back, ": squared norms", sum(t * t for t in back), sum(t * t for t in g))
assert sum(t * t for t in back) == sum(t * t for t in g)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.max_pooling",
        source=SOURCE,
        printed=PRINTED,
        statement="Max-pooling without overlap changes the norm of some back-propagated gradient where no tie is.",
        reading="norm preservation as in section 3: of gradients, during backpropagation; windows as in LeNet-5",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=prevents,
        scope="every input without ties, every gradient",
        covers_all=True,
        repairs={"tangents instead of gradients": Variant(repaired=True)},
        counterexamples={"norms": LENET},
        near_misses=(
            NearMiss("norms", {"x": ["1", "1"], "size": 2, "stride": 2}, "at a tie there is no gradient"),
            NearMiss("norms", {"x": ["0", "1", "0"], "size": 2, "stride": 1}, "windows that overlap"),
        ),
        minimality="one window of two; every input without ties is a counterexample",
        short="max-pooling without overlap keeps the norm of back-propagated gradients; tangents and values lose it",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.max_pooling_gradients",
        argument="proof.md#max-pooling",
        notes="Forward the sentence is right (max_pooling_forward): values and tangents lose norm, whatever p is. Nor "
        "does pooling keep a network from gradient norm one: max(x1, x2) has it almost everywhere.",
    ),
    Claim(
        id=f"{ROW}.max_pooling_gradients",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "Where no window has a tie for its maximum, max-pooling without overlap preserves every p-norm of every "
            "back-propagated gradient: ||J'g||_p = ||g||_p."
        ),
        reading="what holds instead for gradients",
        variant_of=f"{ROW}.max_pooling",
        expected=Verdict.PROVED,
        obligations=backward,
        scope="all reals, every window, stride at least the window, in one or more dimensions, every p",
        covers_all=True,
        hypotheses={"no overlap": "no entry lies in two windows", "no tie": "the maximum of a window is attained once"},
        textbook=(
            Textbook(
                "a p-norm depends on the multiset of the nonzero absolute values only", "definition of the p-norm"
            ),
        ),
        argument="proof.md#max-pooling",
        depends_on=("anil2019.maxout_norm",),
        notes="A window is a group of maxout, so this is the same statement; larger strides leave entries out.",
    ),
    Claim(
        id=f"{ROW}.max_pooling_forward",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "Max-pooling without overlap, with a window of two or more entries, has, where its Jacobian exists, a v "
            "other than 0 with J v = 0; and ||pool(x)||_2 < ||x||_2 where a window has two positive entries."
        ),
        reading="norm preservation forward, of tangents and of values: here the sentence is right",
        variant_of=f"{ROW}.max_pooling",
        expected=Verdict.PROVED,
        obligations=forward,
        scope="windows that do not overlap, all reals",
        covers_all=True,
        hypotheses={"two or more": "a window has at least two entries"},
        argument="proof.md#max-pooling",
    ),
)
