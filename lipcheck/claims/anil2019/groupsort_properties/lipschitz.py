"""Anil et al. 2019, section 4.1: "GroupSort is a 1-Lipschitz operation."

Plain reading: for every p from 1 to infinity, all inputs x, y and every group size, the p-norm of GroupSort(x) -
GroupSort(y) is at most that of x - y, and no smaller constant will do. The ICLR submission says "Lipschitz", which is
weaker.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.groupsort_properties.common import ICML, ROW, TRANSPOSITIONS, minus, sort, within
from lipcheck.words.claim import Claim, Constant, Formal, Textbook, Variant
from lipcheck.words.formulas import conj, equals, same
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.search import Network, Sample, Search, Tensor, Vector
from lipcheck.words.terms import absolute, const, maximum, minimum, total, var, variables
from lipcheck.words.verdict import Budget, Verdict


def gate() -> Forall:
    """Differences after a compare-exchange are a convex combination of the differences before and their swap."""
    x, y = variables("x", 2), variables("y", 2)
    d, (u, v) = minus(x, y), minus(sort(x), sort(y))
    conclusion = conj(equals(u + v, d[0] + d[1]), u >= minimum(*d), u <= maximum(*d))
    return Forall("gate: convex combination of the differences and their swap", {}, conclusion, size=2)


def swap_invariant_norm(variant: Variant) -> Forall:
    """The pair in the norm |z1| + w |z2|, which exchanging the coordinates leaves alone exactly if w = 1."""
    symmetric = variant.keeps("symmetric norm")
    w, x, y = const(1) if symmetric else var("w"), variables("x", 2), variables("y", 2)
    d, e = minus(x, y), minus(sort(x), sort(y))
    bound = variant.value("K", 1)
    conclusion = absolute(e[0]) + w * absolute(e[1]) <= bound * (absolute(d[0]) + w * absolute(d[1]))
    return Forall("1-norm, pair", {} if symmetric else {"a norm": w > 0}, conclusion, size=2)


def squares(variant: Variant) -> Forall:
    """The pair in the 2-norm."""
    x, y = variables("x", 2), variables("y", 2)
    after, before = (total([t * t for t in z]) for z in (minus(sort(x), sort(y)), minus(x, y)))
    return Forall("2-norm, pair", {}, after <= variant.value("K", 1) ** 2 * before, size=2)


def supremum(n: int, variant: Variant) -> Forall:
    """A group of n in the infinity norm."""
    x, y, r = variables("x", n), variables("y", n), var("r")
    conclusion = within(minus(sort(x), sort(y)), variant.value("K", 1) * r)
    return Forall(f"infinity norm, group of {n}", {"distance": within(minus(x, y), r)}, conclusion, size=n)


def attained() -> Forall:
    """Moving the largest entry up moves the sorted vector by the same vector, so no constant below one will do."""
    t, zero = var("t"), const(0)
    return Forall("the constant is attained", {"step": t >= 0}, same(sort([zero, t]), [zero, t]), size=2)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The gate, which carries the proof for every n and p, and direct checks in three norms."""
    sizes = {Budget.SMOKE: (2,), Budget.CI: (2, 3), Budget.DEEP: (2, 3, 4)}[budget]
    groups = [supremum(n, variant) for n in sizes]
    return [gate(), attained(), swap_invariant_norm(variant), squares(variant), *groups]


def margin(sample: Sample) -> Tensor:
    """||x - y|| - ||f(x) - f(y)|| in the infinity norm."""
    return (sample.x - sample.y).abs().amax(-1) - (sample.fx - sample.fy).abs().amax(-1)


def exact_margin(network: Network, x: Vector, y: Vector) -> Fraction:
    """The same in rationals."""
    from lipcheck.readings.rational import evaluate

    fx, fy = evaluate(network, x), evaluate(network, y)
    before = max(abs(a - b) for a, b in zip(x, y, strict=True))
    return before - max(abs(a - b) for a, b in zip(fx, fy, strict=True))


CLAIMS = (
    Claim(
        id=f"{ROW}.lipschitz",
        source=ICML,
        printed="GroupSort is a 1-Lipschitz operation.",
        statement=(
            "For every group size, every order and every p from 1 to infinity, GroupSort is 1-Lipschitz from the "
            "p-norm to the p-norm, and 1 is the smallest such constant."
        ),
        reading="the same p-norm on both sides; 1-Lipschitz as in section 2.1: the smallest constant is 1",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every width, every group size, every p-norm (every norm that permutations leave alone)",
        covers_all=True,
        hypotheses={"symmetric norm": "the norm is a p-norm, so exchanging two coordinates does not change it"},
        constants={"K": Constant(Fraction(1), Fraction(99, 100), words="the Lipschitz constant")},
        textbook=(
            TRANSPOSITIONS,
            Textbook("the norm of a convex combination is at most the largest norm", "definition of a norm"),
            Textbook("a composition of 1-Lipschitz maps is 1-Lipschitz", "definition of a Lipschitz map"),
        ),
        formal=(
            Formal(
                "sorting.groupsort_lipschitz",
                says="p = infinity, ascending: GroupSort with groups of any size is 1-Lipschitz on vectors of any "
                "length.",
                leaves_out="The other p-norms, descending order and the Python code; a last group that is shorter is "
                "sorted too.",
            ),
            Formal(
                "sorting.sort_no_smaller_constant",
                says="p = infinity: for every length n > 0 no constant below 1 does, for one group of n.",
                leaves_out="The other p-norms and several groups.",
            ),
        ),
        argument="proof.md#lipschitz",
        search=Search(
            "networks with sorting layers and weights of infinity norm one are 1-Lipschitz in the infinity norm",
            activations=(
                {"kind": "fullsort", "order": "ascending"},
                {"kind": "groupsort", "size": 2, "order": "ascending"},
            ),
            norm="inf",
            margin=margin,
            exact_margin=exact_margin,
        ),
        notes="From a weighted norm to itself it fails: in |z1| + 2 |z2| the pair sort expands (0, 0), (1, 0) by 2.",
    ),
)
