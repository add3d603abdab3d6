"""The steps by which infima over L-Lipschitz functions converge, each for all real numbers.

Throughout u = exp(-T y f(x)), so that the loss is ln(1 + u); A is the expected loss and A_p the training loss.
"""

from __future__ import annotations

from collections.abc import Iterable

from lipcheck.words.claim import Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Forall
from lipcheck.words.terms import Term, var

u, T, q, w, t, z, loss, so_far, floor, bound = map(
    var, ("u", "T", "q", "w", "t", "z", "loss", "so_far", "floor", "bound")
)
ASCOLI = Textbook(
    "Arzelà-Ascoli: bounded sets of L-Lipschitz functions on a bounded subset of R^n are totally bounded in the "
    "uniform norm",
    "Rudin, Principles, theorem 7.25",
)
MCSHANE = Textbook("an L-Lipschitz function on a subset extends to R^n", "McShane, Bull. AMS 40 (1934)")
STRONG_LAW = Textbook("the strong law of large numbers", "Kallenberg, Foundations of Modern Probability, theorem 4.23")


def within(difference: Term, width: Term) -> Formula:
    """|difference| <= width."""
    return conj(difference <= width, -difference <= width)


def kept(variant: Variant, given: dict[str, Formula], names: Iterable[str]) -> dict[str, Formula]:
    """The hypotheses without those of `names` that the variant drops."""
    return {k: v for k, v in given.items() if k not in set(names) or variant.keeps(k)}


def loss_bounds() -> Forall:
    """ln(1 + u) >= 0 and ln(1 + u) >= ln u = -T y f(x), by monotony of the logarithm."""
    return Forall("the loss lies above zero and above its argument", {"u": u > 0}, conj(1 + u > 1, 1 + u > u))


def slope(variant: Variant) -> Forall:
    """The derivative of ln(1 + exp(-T z)) in z is -T u / (1 + u): of size at most T."""
    limit = variant.value("slope", 1)
    return Forall("the loss is T-Lipschitz", {"u": conj(u > 0, T > 0)}, T * u <= limit * (T * (1 + u)))


def other_class(variant: Variant) -> Forall:
    """If T f >= t at every point of class -1, their share of the loss is at least t times their mass.

    One more point of mass w: t stands for T (f(x0) - L D), which the Lipschitz condition puts below T f on X.
    """
    given: dict[str, Formula] = {
        "so far": so_far >= q * t,
        "the loss of the point": loss >= z,
        "mass": w >= 0,
        "lipschitz": z >= t,
    }
    name = "one more point of the other class"
    return Forall(name, kept(variant, given, ["lipschitz"]), so_far + w * loss >= (q + w) * t)


def sublevel(variant: Variant) -> Forall:
    """Loss at most that of the zero function, mass of the other class at least `floor` > 0: t <= bound / floor."""
    given: dict[str, Formula] = {
        "no worse than zero": conj(q * t <= bound, bound >= 0, q >= 0, floor > 0),
        "both_classes": q >= floor,
    }
    return Forall("sublevel sets are bounded", kept(variant, given, ["both_classes"]), floor * t <= bound)


def rounding() -> Forall:
    """A value v at a node a within s of f(a) is within r + s of f(x), if |x - a| <= h and r = L h."""
    f, g, v, r, s = map(var, ("f", "g", "v", "r", "s"))
    return Forall("a finite net", {"lipschitz": within(f - g, r), "node": within(g - v, s)}, within(f - v, r + s))


def brackets() -> Forall:
    """A function within w of one for which mean and expectation differ by s: they differ by at most s + 2 w."""
    s, mean, expected, centre_mean, centre = map(var, ("s", "mean", "expected", "centre_mean", "centre"))
    given: dict[str, Formula] = {
        "centre": within(centre_mean - centre, s),
        "near": conj(within(mean - centre_mean, w), within(expected - centre, w)),
    }
    return Forall("finitely many centres are enough", given, within(mean - expected, s + 2 * w))


def infima(variant: Variant) -> Forall:
    """If A_p and A differ by at most s at nearly optimal f and g, their infima a and b differ by at most s + e."""
    a, b, s, e = map(var, ("a", "b", "s", "e"))
    at_f, expected_f, at_g, expected_g = map(var, ("at_f", "expected_f", "at_g", "expected_g"))
    given: dict[str, Formula] = {
        "infima": conj(a <= at_f, b <= expected_g),
        "nearly optimal": conj(expected_f <= b + e, at_g <= a + e),
        "uniform": conj(within(at_f - expected_f, s), within(at_g - expected_g, s)),
    }
    return Forall("from functions to infima", kept(variant, given, ["uniform"]), within(a - b, s + e))


def one_class() -> Forall:
    """One class only: a larger constant lowers every loss, ln(1 + k u) < ln(1 + u) for 0 < k < 1."""
    k, sum_before, sum_after, before, after = map(var, ("k", "sum_before", "sum_after", "before", "after"))
    given: dict[str, Formula] = {
        "u": conj(u > 0, k > 0, k < 1),
        "others": conj(sum_after <= sum_before, w > 0),
        "monotone": (after < before),
    }
    conclusion = conj(1 + k * u < 1 + u, sum_after + w * after < sum_before + w * before)
    return Forall("a larger constant is better for one class", given, conclusion)
