"""Anil et al. 2019, section 4.1 (ICLR): GroupSort(k) and MaxMin reduce to each other, here on all of R^n.

GroupSort(k) by MaxMin: sort each group by a sorting network. MaxMin by GroupSort(k), without biases:
- even k, every p: k/2 copies of x and of y, with weights (2/k)^(1/p) into them and (2/k)^(1/p') out of them;
- every k, p = infinity: x, y and (x + y)/2 as often as needed, which is never outside; select the ends;
- every k, p = 2: with s = (x + y)/√2, d = (x - y)/√2, the units c s - b d, c s, ..., c s, c s + b d, k c^2 = 2 b^2 = 1,
  are sorted into c s - b |d|, c s, ..., c s + b |d|; the same weights read s and |d|, and the rotation back max, min;
- odd k = 2 h + 1, every p, in two layers: k copies of x and of y, in two groups with h + 1 of the one and h of the
  other, are sorted into h minima, x, h maxima, and the same with y; next, x and y join 2 h - 1 minima, the last minimum
  the 2 h maxima, which leaves k minima and k maxima.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.groupsort_other_activations.common import ONE, ROW, sort
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals, same
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, const, maximum, minimum, var, variables
from lipcheck.words.verdict import Budget, Verdict

PRINTED = (
    "GroupSort, MaxMin, and FullSort are equally expressive, i.e. they can all be reduced to each other, such that the "
    "reduction obeys the norm constraint on the weights (for any matrix p-norm)."
)
X, Y = variables("x", 2)
S, D = var("s"), var("d")


def copies(k: int, variant: Variant) -> Forall:
    """k/2 copies of each number, read with the mass 2/k each."""
    low, high = k // 2, k // 2
    image = sort([X] * low + [Y] * high, "ascending")
    mass = Fraction(2, k) * variant.value("copies add up to", 1)
    read = [mass * sum(image[:low], const(0)), mass * sum(image[low:], const(0))]
    return Forall(f"copies, groups of {k}", {}, same(read, [minimum(X, Y), maximum(X, Y)]), size=k)


def mean_inside(k: int, variant: Variant) -> Forall:
    """x, y and k - 2 units (x + y)/2, or 0 in a mutant: the ends of the sorted group."""
    middle = (X + Y) / 2 if variant.keeps("mean") else const(0)
    image = sort([X, *[middle] * (k - 2), Y], "ascending")
    return Forall(f"means, groups of {k}", {}, same([image[0], image[-1]], [minimum(X, Y), maximum(X, Y)]), size=k)


def symmetric(k: int) -> Forall:
    """s - d, s, ..., s, s + d sorted, here s for c s and d for b d."""
    image = sort([S - D, *[S] * (k - 2), S + D], "ascending")
    return Forall(f"symmetric units, groups of {k}", {},
                  same(image, [S - absolute(D), *[S] * (k - 2), S + absolute(D)]), size=k)  # fmt: skip


def first_layer(k: int) -> Forall:
    """Odd k = 2 h + 1: h + 1 copies of x and h of y are sorted into h minima, x, h maxima."""
    half = k // 2
    image = sort([X] * (half + 1) + [Y] * half, "ascending")
    found = [*[minimum(X, Y)] * half, X, *[maximum(X, Y)] * half]
    return Forall(f"first of two layers, groups of {k}", {}, same(image, found), size=k)


def second_layer(k: int, variant: Variant) -> Forall:
    """Odd k: k - 2 minima m with x and y are sorted into k - 1 minima and the maximum; a mutant has no second layer."""
    m = var("m")
    least: dict[str, Formula] = {"least": conj(m <= X, m <= Y)}
    group = [*[m] * (k - 2), X, Y]
    image = sort(group, "ascending") if variant.value("layers for odd k", 2) >= 2 else group
    found = [*[m] * (k - 2), minimum(X, Y), maximum(X, Y)]
    return Forall(f"second of two layers, groups of {k}", least, same(image, found), size=k)


def one_more_pair() -> Forall:
    """x and y go to the ends of a group between them, so one more pair is one more minimum and one more maximum."""
    u = var("u")
    inside: dict[str, Formula] = {"inside": conj(minimum(X, Y) <= u, u <= maximum(X, Y))}
    return Forall("one more pair in a group", inside,
                  same(sort([X, u, Y], "ascending"), [minimum(X, Y), u, maximum(X, Y)]), size=3)  # fmt: skip


def orthonormal() -> Forall:
    """|W (s, d)|^2 = k c^2 s^2 + 2 b^2 d^2 for the three kinds of rows; m = k - 2 counts the middle ones."""
    m, c, b = var("m"), var("c"), var("b")
    rows = (c * S - b * D) ** 2 + m * (c * S) ** 2 + (c * S + b * D) ** 2
    return Forall("orthonormal columns", {}, equals(rows, (m + 2) * c**2 * S**2 + 2 * b**2 * D**2), size=2)


def read_back() -> Forall:
    """Read by the same weights: c times the sum is k c^2 s, and -b, b at the ends give 2 b^2 |d|; e stands for |d|."""
    m, c, b, e = var("m"), var("c"), var("b"), var("e")
    low, high = c * S - b * e, c * S + b * e
    sums = conj(equals(c * (low + m * (c * S) + high), (m + 2) * c**2 * S), equals(b * (high - low), 2 * b**2 * e))
    return Forall("the same weights read s and |d|", {}, sums, size=2)


def rotate_back() -> Forall:
    """From S = x + y and |x - y| to the pair: (S ± |x - y|)/2."""
    gap = absolute(X - Y)
    return Forall("back to the pair", {}, same([(X + Y - gap) / 2, (X + Y + gap) / 2], [minimum(X, Y), maximum(X, Y)]),
                  size=2)  # fmt: skip


def one_more() -> Forall:
    """One more unit between the ends of a sorted group moves neither end."""
    low, mid, high = variables("u", 3)
    inside: dict[str, Formula] = {"inside": conj(low <= mid, mid <= high)}
    image = sort([low, mid, high], "ascending")
    return Forall("one more unit inside", inside, same(image, [low, mid, high]), size=3)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The algebra for every k, and small groups as they are."""
    algebra = [orthonormal(), read_back(), rotate_back(), copies(2, variant)]
    means, second = mean_inside(3, variant), second_layer(3, variant)
    if budget is Budget.SMOKE:
        # The slower ones where a mutant breaks them.
        slow = [] if variant.keeps("mean") else [means]
        return [*algebra, *slow, *([second] if variant.value("layers for odd k", 2) < 2 else [])]
    algebra += [means, first_layer(3), second, one_more(), one_more_pair()]
    return [*algebra, copies(4, variant), mean_inside(4, variant), symmetric(3), symmetric(4)]


CLAIMS = (
    Claim(
        id=f"{ROW}.equally_expressive",
        source="Anil et al. 2019, section 4.1, Varying the Grouping Size (ICLR 2019 submission)",
        printed=PRINTED,
        statement=(
            "On all of R^n and for every k >= 2: GroupSort(k) equals MaxMin layers between weights of p-norm at most "
            "1, for every p; and MaxMin equals GroupSort(k) layers between such weights, without biases, for every p: "
            "one layer if k is even, or p = 2, or p = infinity; two layers if k is odd."
        ),
        reading="GroupSort(k) with fixed k and MaxMin, without a bound on the domain",
        variant_of="anil2019.fullsort_maxmin.equally_expressive",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every k >= 2, every width, every p from 1 to infinity",
        covers_all=True,
        hypotheses={"mean": "the further units of a group are means of its two numbers"},
        constants={
            "copies add up to": Constant(ONE, Fraction(99, 100), words="what the weights of the copies add up to"),
            "layers for odd k": Constant(Fraction(2), words="the number of layers for odd k and any p"),
        },
        mutants={"one layer for odd k, as built": Variant(constants={"layers for odd k": ONE})},
        textbook=(
            Textbook("Hoelder's inequality", "Hardy, Littlewood, Polya, Inequalities, section 2.7"),
            Textbook("a sorted vector with one more entry between its ends", "definition of sorting"),
        ),
        argument="proof.md#groups-of-k-and-pairs",
        depends_on=("anil2019.fullsort_maxmin.bubble_sort", "anil2019.fullsort_maxmin.bubble_sort_odd"),
        notes="FullSort, whose groups grow with n, is not among them: no_fullsort_network. For odd k and 1 < p < "
        "infinity, p other than 2, one layer is not enough (see the derivation).",
    ),
)
