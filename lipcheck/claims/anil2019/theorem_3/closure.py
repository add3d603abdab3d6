"""The lattice operations of Theorem 3: stacked and block diagonal weights keep their norms, and MaxMin does the rest.

Plain reading: for f and g in LN_p, of any depths, max(f, g) and min(f, g) are networks of LN_p, equal to them on all of
R^n. `lipcheck.build.joining` is the construction; a shallower network passes the further layers as two equal units, or
behind its own last MaxMin by the identity.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from lipcheck.build.joining import join, meet
from lipcheck.claims.anil2019.theorem_3 import common
from lipcheck.claims.anil2019.theorem_3.common import FORMAL, ROW
from lipcheck.exact import matrix
from lipcheck.network import Affine, MaxMin, Network, from_json, to_json
from lipcheck.norms import operator_norm
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import maximum, minimum, total, var, variables
from lipcheck.words.verdict import Budget, Verdict

ONE = Fraction(1)


def networks() -> dict[str, Network]:
    """Networks of LN_p, for every p, of one, two and three weights on R^2."""
    rows = Affine([[1, 0], [0, 1], [0, -1], [Fraction(1, 2), 0]], [0, 1, 0, 2])
    row = [Fraction(1, 4), Fraction(-1, 4), 0, Fraction(1, 2)]
    mixed = Affine([[Fraction(1, 2), 0, Fraction(-1, 2), 0], [0, 1, 0, 0]], [0, -1])
    return {
        "affine": Network(2, (Affine([[0, -1]], [3]),)),
        "two weights": Network(2, (rows, MaxMin(), Affine([row], [1]))),
        "three weights": Network(2, (rows, MaxMin(), mixed, MaxMin(), Affine.linear([[0, 1]]))),
        "doubled": Network(2, (Affine.linear([[2, 0]]),)),
    }


def examine(data: Data) -> Examination:
    """Whether two networks are in the class, and whether their join and meet are and have the right values.

    The values are compared at nine points of a grid; that they agree everywhere is what the other obligations show.
    """
    match data:
        case {"p": text, "f": first, "g": second, **rest} if not rest:
            f, g, p = from_json(first), from_json(second), common.exponent(text)
        case _:
            raise common.DataError("Give {'p': ..., 'f': ..., 'g': ...}.")
    high, low = join(f, g), meet(f, g)
    kept = common.in_class(high, p) and common.in_class(low, p)
    right = all(
        (evaluate(high, x), evaluate(low, x)) == ((max(u, v),), (min(u, v),))
        for x in product((-2, 0, 3), repeat=f.inputs)
        for u, v in [(*evaluate(f, x), *evaluate(g, x))]
    )
    return Examination({"in the class": common.in_class(f, p) and common.in_class(g, p)}, kept and right)


def pairs() -> list[Data]:
    """Pairs of the networks: equal and different depths, the norms for p = 1, 2 and infinity in turn."""
    spelled = [to_json(network) for network in networks().values()]
    chosen = [(0, 0), (0, 1), (2, 0), (1, 2), (2, 2), (3, 0)]
    exponents = 2 * list(common.EXPONENTS)
    return [{"p": p, "f": spelled[i], "g": spelled[j]} for (i, j), p in zip(chosen, exponents, strict=True)]


def joined(variant: Variant) -> Universal:
    """Join and meet of networks of the class."""
    return Universal("joins and meets", "max(f, g) and min(f, g) are networks of LN_p", examine, pairs, variant.dropped)


def selection() -> Forall:
    """[1, 0] and [0, 1] on MaxMin(u, v), each of norm one, give max(u, v) and min(u, v)."""
    u, v = var("u"), var("v")
    high, low = maximum(u, v), minimum(u, v)
    right = conj(disj(equals(high, u), equals(high, v)), high >= u, high >= v, disj(equals(low, u), equals(low, v)),
                 low <= u, low <= v)  # fmt: skip
    return Forall("[1, 0] and [0, 1]", {}, right)


def largest_row() -> Forall:
    """The largest norm of rows, of f's with maximum 1 and g's with maximum 1, is 1: 'necessarily'."""
    r, s, other = var("r"), var("s"), var("other")
    given: dict[str, Formula] = {"f": equals(r, 1), "g": equals(s, 1), "others": other <= 1}
    return Forall("stacked rows", given, equals(maximum(maximum(r, s), other), 1))


def padding_steps() -> list[Forall]:
    """Sorting again changes nothing, and equal numbers pass a sort."""
    a, b = var("a"), var("b")
    high, low = maximum(a, b), minimum(a, b)
    again = conj(equals(maximum(high, low), high), equals(minimum(high, low), low))
    return [Forall("sorted twice", {}, again), Forall("equal units pass", {"equal": equals(a, b)},
            conj(equals(high, a), equals(low, a)))]  # fmt: skip


def blocks(variant: Variant) -> Exhaustive:
    """||[A; B]||_{p, inf} and ||diag(A, B)||_inf for small matrices A and B of norm one (for p = 1, 2 and inf)."""
    rows = [["1", "0"], ["-1", "0"], ["0", "1"], ["0", "1/2"], ["0", "0"]]
    found = [[a, b] for a, b in product(rows, repeat=2)]

    def holds(element: Data) -> bool:
        a, b = (matrix([row]) for row in element)
        zero = (Fraction(0),) * 2
        stacked, diagonal = (*a, *b), ((*a[0], *zero), (*zero, *b[0]))
        for p in common.EXPONENTS.values():
            one, two = (operator_norm(m, p, math.inf).lower for m in (a, b))
            if operator_norm(stacked, p, math.inf).lower != max(one, two):
                return False
        return operator_norm(diagonal, math.inf).lower == max(operator_norm(m, math.inf).lower for m in (a, b))

    return Exhaustive("norms of stacked and block diagonal matrices", "the larger of the two norms", lambda: found,
                      holds, parameters=found)  # fmt: skip


def zero_blocks(variant: Variant) -> Forall:
    """A row of a block diagonal matrix has the absolute sum of the block's row: zeros add nothing."""
    w, z = variables("w", 2), variables("z", 2)
    given: dict[str, Formula] = {"zeros": conj(*(equals(v, 0) for v in z)), "signs": conj(*(v >= 0 for v in w))}
    return Forall("rows of block diagonal matrices", given, equals(total([*w, *z]), total(w)))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Norms, padding, selection, and the construction on pairs of networks."""
    small: list[Obligation] = [joined(variant), largest_row()]
    if budget is Budget.SMOKE:
        return small
    return [*small, selection(), *padding_steps(), blocks(variant), zero_blocks(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.lattice",
        source=f"{FORMAL}; the sketch in section 6 of both versions",
        printed=(
            "We take the first weight matrix of h to be W_1^h = [W_1^f W_1^g]^T, that is the weight matrices of f "
            "and g stacked vertically. This matrix necessarily satisfies ||W^h||_{p,∞} = 1. [...] This matrix also "
            "has ∞-norm equal to 1. [...] We can then take MaxMin of this final layer and take the inner product "
            "with [1, 0] to recover the max or [0, 1] for the min."
        ),
        statement=(
            "For every p in [1, ∞] and f, g in LN_p of any widths and depths there are networks of LN_p that equal "
            "max(f, g) and min(f, g) on all of R^n."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, p, widths and depths, equal or different",
        covers_all=True,
        hypotheses={"in the class": "f and g are in LN_p"},
        textbook=(common.LAYERS,),
        argument="proof.md#closed-under-max-and-min",
        notes=(
            "Different depths: the printed padding (see padding) is replaced by two equal units where a network has no "
            "MaxMin of its own. [W^f W^g]^T is meant as [W^f; W^g], as the words after it say."
        ),
    ),
    Claim(
        id=f"{ROW}.same_constraint",
        source=f"{common.ICLR}, after Theorem 3",
        printed=(
            "One special case of Theorem 3 is for 1-Lipschitz functions in L_∞ norm, where all matrices now "
            "satisfy the same constraint: ||W||_∞ = 1."
        ),
        statement="For p = ∞ the norms ||W_1||_{p,∞} and ||W_1||_∞ are the same number, for every matrix.",
        expected=Verdict.PROVED,
        obligations=lambda variant, budget: [same_norm(variant)],
        scope="all matrices; by definition of the mixed norm",
        covers_all=True,
        constants={"norm": Constant(ONE, Fraction(101, 100), words="||W||_∞ over the largest absolute sum of a row")},
        argument="proof.md#the-special-case-of-the-maximum-norm",
        depends_on=(ROW,),
    ),
)


def same_norm(variant: Variant) -> Exhaustive:
    """||W||_{inf -> inf}, found by running through all sign vectors, is the largest absolute sum of a row."""
    entries = ("-1", "0", "1/2", "2")
    found = [[list(row), ["1", "-1/2"]] for row in product(entries, repeat=2)]

    def holds(element: Data) -> bool:
        weight = matrix(element)
        corners = product((-1, 1), repeat=2)
        reached = max(abs(row[0] * s + row[1] * t) for s, t in corners for row in weight)
        largest = max(sum(map(abs, row)) for row in weight)
        both = operator_norm(weight, math.inf, math.inf).lower == operator_norm(weight, math.inf).lower == reached
        return both and reached == variant.value("norm", 1) * largest

    return Exhaustive("both norms", "max |W x|_inf over sign vectors x is the largest absolute sum of a row",
                      lambda: found, holds, parameters=[*found, str(variant.value("norm", 1))])  # fmt: skip
