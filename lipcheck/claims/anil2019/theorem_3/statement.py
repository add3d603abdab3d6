"""Theorem 3 itself, and the part of it that its networks are 1-Lipschitz.

Plain reading: for every p in [1, inf], every n >= 1, every bounded X in R^n, every g on X that is 1-Lipschitz for
||.||_p and every eps > 0 there is a network f of LN_p, which is 1-Lipschitz on all of R^n, with |f - g| < eps on X.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from lipcheck.claims.anil2019.lemma_1 import statement as lemma
from lipcheck.claims.anil2019.theorem_3 import common
from lipcheck.claims.anil2019.theorem_3.common import ICLR, PRINTED, ROW
from lipcheck.exact import vector
from lipcheck.network import Affine, LeakyReLU, MaxMin, Network, from_json, to_json
from lipcheck.norms import vector_norm
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, maximum, minimum, var
from lipcheck.words.verdict import Budget, Verdict

ONE, ACCURACY = Fraction(1), Fraction(1, 3)


def examine(data: Data, variant: Variant) -> Examination:
    """Which hypotheses a network meets, and whether it is 1-Lipschitz at a pair of points."""
    match data:
        case {"p": text, "network": spelled, "x": x, "y": y, **rest} if not rest:
            network, p = from_json(spelled), common.exponent(text)
        case _:
            raise common.DataError("Give {'p': ..., 'network': ..., 'x': [...], 'y': [...]}.")
    start, end = vector(x, "x"), vector(y, "y")
    hypotheses = {
        "first norm": common.first_norm(network, p, variant.value("norm", 1)),
        "other norms": common.other_norms(network, ONE),
        "MaxMin": common.alternate(network),
    }
    (before,), (after,) = evaluate(network, start), evaluate(network, end)
    distance = vector_norm([b - a for a, b in zip(start, end, strict=True)], p)
    return Examination(hypotheses, distance.at_least(abs(after - before)) is True)


def candidates(norm: Fraction) -> list[Data]:
    """A network that breaks one hypothesis each, and is not 1-Lipschitz; the last one has this norm."""
    selected = Affine.linear([[1, 0]])
    networks = [
        (Affine.linear([[2]]),),
        (Affine.linear([[1], [1]]), MaxMin(), Affine.linear([[1, 1]])),
        (Affine.linear([[1], [1]]), LeakyReLU(2), selected),
        (Affine.linear([[norm], [0]]), MaxMin(), selected),
    ]
    return [{"p": "2", "network": to_json(Network(1, layers)), "x": ["-1"], "y": ["0"]} for layers in networks[:3]] + [
        {"p": "2", "network": to_json(Network(1, networks[3])), "x": ["0"], "y": ["1"]}
    ]


def networks(variant: Variant) -> Universal:
    """Networks of the class are 1-Lipschitz."""
    return Universal("networks of the class", "a network of LN_p is 1-Lipschitz for ||.||_p",
                     lambda data: examine(data, variant), lambda: candidates(variant.value("norm", 1)),
                     variant.dropped)  # fmt: skip


def row_step() -> Forall:
    """One more unit: |S| <= A d for the other units and |u| <= d give |S + w u| <= (A + |w|) d, for positive w or "
    "-w."""
    S, A, w, u, d = var("S"), var("A"), var("w"), var("u"), var("d")
    others, unit = conj(A * d >= S, A * d >= -S), conj(d >= u, d >= -u)
    hypotheses: dict[str, Formula] = {"others": others, "unit": unit, "sign": w >= 0}
    total = (A + w) * d
    return Forall("rows of the later weights", hypotheses, conj(total >= S + w * u, total >= -S - w * u))


def sorted_pairs() -> Forall:
    """|max(a, b) - max(a', b')| and |min(a, b) - min(a', b')| are at most the larger of |a - a'| and |b - b'|."""
    a, b, a2, b2, d = var("a"), var("b"), var("a2"), var("b2"), var("d")
    near: dict[str, Formula] = {"units": conj(absolute(a - a2) <= d, absolute(b - b2) <= d)}
    high, low = maximum(a, b) - maximum(a2, b2), minimum(a, b) - minimum(a2, b2)
    return Forall("MaxMin is 1-Lipschitz", near, conj(absolute(high) <= d, absolute(low) <= d))


def functional() -> Forall:
    """w = t u with u . d = D = ||d||_p and t D = c takes the value c, and |t| <= 1 where |c| <= D."""
    t, c, D = var("t"), var("c"), var("D")
    hypotheses: dict[str, Formula] = {"value": equals(t * D, c), "Lipschitz": conj(c <= D, -c <= D), "apart": D > 0}
    witness = {"t": ONE, "c": ONE, "D": ONE}
    return Forall("an affine map through two points", hypotheses, conj(t <= 1, t >= -1), witness=witness)


def equal_units() -> Forall:
    """MaxMin changes no pair of equal numbers, so that an affine map passes it when it is there twice."""
    u = var("u")
    return Forall("equal units", {}, conj(equals(maximum(u, u), u), equals(minimum(u, u), u)))


def fits(data: Data) -> bool:
    """Whether the network of `common.through` is in the class and takes the values."""
    points, values, p = common.read_sample(data)
    network = common.through(points, values, p)
    taken = all(evaluate(network, x) == (v,) for x, v in zip(points, values, strict=True))
    return taken and common.in_class(network, p)


def constructed() -> Exhaustive:
    """The construction on samples of dimension one to three."""
    found = common.samples()
    return Exhaustive("networks through given values", "the constructed network is in LN_p and takes the values",
                      lambda: found, fits, parameters=found)  # fmt: skip


def zigzag(data: Data) -> Examination:
    """A function that is linear between integers, repeated for ever or not: is it within 1/3 of a network?

    On an interval the network through its values at multiples of 1/3 is off by at most 1/3, since both functions are
    1-Lipschitz. If the function goes on for ever, every network is affine far out, and is off by half the difference of
    the largest and the smallest value, or by any amount.
    """
    match data:
        case {"values": values, "repeated": bool(repeated), **rest} if not rest:
            v = vector(values, "values")
        case _:
            raise common.DataError("Give {'values': [...], 'repeated': true or false}.")
    if len(v) < 2 or (repeated and v[0] != v[-1]):
        raise common.DataError("Give two values at least, the first one again at the end where they are repeated.")
    hypotheses = {"bounded": not repeated, "Lipschitz": all(abs(b - a) <= 1 for a, b in pairwise(v))}
    if repeated or not hypotheses["Lipschitz"]:
        return Examination(hypotheses, (max(v) - min(v)) / 2 <= ACCURACY)

    def g(t: Fraction) -> Fraction:
        k = min(int(t), len(v) - 2)
        return v[k] + (t - k) * (v[k + 1] - v[k])

    grid = [i * ACCURACY for i in range(3 * len(v) - 2)]
    network = common.through([(t,) for t in grid], [g(t) for t in grid], common.EXPONENTS["2"])
    taken = all(evaluate(network, [t]) == (g(t),) for t in grid)
    return Examination(hypotheses, common.in_class(network, common.EXPONENTS["2"]) and taken)


def domains(variant: Variant) -> Universal:
    """Functions on intervals and on the whole line."""
    found = [{"values": ["0", "1", "0"], "repeated": repeated} for repeated in (False, True)]
    return Universal("zigzags", "a 1-Lipschitz zigzag is within 1/3 of a network of LN_2", zigzag, lambda: found,
                     variant.dropped)  # fmt: skip


def membership(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Networks of the class, and the steps of the proof that they are 1-Lipschitz."""
    return [networks(variant)] if budget is Budget.SMOKE else [networks(variant), row_step(), sorted_pairs()]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Membership, separation, the lattice operations, the net, and the construction itself."""
    net = lemma.near_a_net(Variant(dropped=frozenset() if variant.keeps("bounded") else frozenset({"compact"})))
    small: list[Obligation] = [*membership(variant, budget), net, domains(variant)]
    if budget is Budget.SMOKE:
        return small
    steps = [functional(), equal_units(), lemma.one_more_minimum(), lemma.one_more_maximum()]
    return [*small, *steps, constructed()]


NORMS = {
    "first norm": "||W_1||_{p, ∞} = 1",
    "other norms": "||W||_∞ = 1 for all other weights",
    "MaxMin": "the activations are MaxMin",
}
NORM = {"norm": Constant(ONE, Fraction(101, 100), words="||W_1||_{p, ∞}")}

CLAIMS = (
    Claim(
        id=ROW,
        source=f"{ICLR}, Theorem 3; ICML version: 'GroupSort activations have a group size of 2'",
        printed=PRINTED,
        statement=(
            "For every n >= 1, p in [1, ∞], closed and bounded X in R^n, every g on X that is 1-Lipschitz for ||.||_p "
            "and every eps > 0 some network f of LN_p, restricted to X, is in C_L(X, R) and has |f − g| < eps on X."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, p and eps; X may be any bounded set; networks of any width and depth",
        covers_all=True,
        hypotheses={"bounded": "X is bounded", **NORMS},
        constants=NORM,
        textbook=(common.HOELDER, common.BOUNDED, common.LAYERS),
        argument="proof.md#statement",
        depends_on=("anil2019.lemma_1.totally_bounded", f"{ROW}.lattice"),
        notes=(
            "'The closure of LN_p is dense' says no more than that LN_p is dense. The theorem holds for n = 1 and "
            "for a single point as well, where the printed proof does not (see single_layer); closed is not needed."
        ),
    ),
    Claim(
        id=f"{ROW}.membership",
        source=f"{ICLR}, proof (sketch) of Theorem 3",
        printed="Observe first that LN_p ⊂ C_L(X, R).",
        statement="Every network of LN_p, of any width and depth, is 1-Lipschitz on R^n for ||.||_p, p in [1, ∞].",
        expected=Verdict.PROVED,
        obligations=membership,
        scope="all n, p, widths and depths",
        covers_all=True,
        hypotheses=NORMS,
        constants=NORM,
        textbook=(common.HOELDER, common.LAYERS),
        argument="proof.md#membership",
        notes="Norms of at most one are enough.",
    ),
)
