"""Anil et al. 2019, section 4.1: MaxMin and FullSort (ICLR: and GroupSort) are equally expressive.

Plain reading, with the bounded domain of ICLR appendix A: every network with one of these activations equals, on the
domain, one with another of them, whose weights have p-norm at most 1 if the given ones have, for every p.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from random import Random
from typing import Any

from lipcheck.build.sorting import to_fullsort, to_groupsort, to_maxmin
from lipcheck.claims.anil2019.fullsort_maxmin.common import EXPRESSIVE, ICML, REARRANGEMENT, ROW, sort
from lipcheck.network import Affine, FullSort, GroupSort, Layer, Network, from_json, to_json
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, same
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import absolute, var, variables
from lipcheck.words.verdict import Budget, Verdict

WIDTH, POINTS, SEED = 4, 6, 2019


def weights(random: Random, rows: int) -> Affine:
    """Random multiples of 1/8 whose rows have absolute values that add up to 1."""
    weight = []
    for _ in range(rows):
        row = [Fraction(0)] * WIDTH
        for _ in range(8):
            row[random.randrange(WIDTH)] += Fraction(1, 8)
        weight.append([random.choice((-1, 1)) * w for w in row])
    return Affine(weight, [Fraction(random.randrange(-4, 5), 4) for _ in range(rows)])


def layer(kind: str) -> Layer:
    """The activation to be replaced."""
    return (
        FullSort("ascending")
        if kind == "fullsort"
        else GroupSort(2, order="descending" if kind == "maxmin" else "ascending")
    )


def cases(count: int, reach: int) -> Iterable[dict[str, Any]]:
    """Networks with the points at which they are compared: entries in [-reach, reach], two layers, seeded."""
    random = Random(SEED)
    identity = Affine.linear([[int(i == j) for j in range(WIDTH)] for i in range(WIDTH)])
    one, far = spell(reach), spell(-reach)
    plain = Network(WIDTH, (identity, layer("pairs")))
    yield {"network": to_json(plain), "to": "fullsort", "points": [[one, one, far, far]]}
    for _ in range(count):
        for kind, to in (
            ("fullsort", "maxmin"),
            ("pairs", "fullsort"),
            ("maxmin", "fullsort"),
            ("maxmin", "groupsort"),
        ):
            network = Network(WIDTH, (weights(random, WIDTH), layer(kind), weights(random, WIDTH), layer(kind)))
            points = [
                [spell(Fraction(reach * random.randrange(-8, 9), 8)) for _ in range(WIDTH)] for _ in range(POINTS)
            ]
            yield {"network": to_json(network), "to": to, "points": points}


def agrees(data: Any, factor: Fraction) -> bool:
    """Whether the translation for inputs in [-1, 1] agrees at the points and keeps weights within infinity norm one."""
    network = from_json(data["network"])
    if data["to"] == "maxmin":
        other = to_maxmin(network)
    elif data["to"] == "fullsort":
        other = to_fullsort(network, 1, factor=factor)
    else:
        other = to_groupsort(network, 3, 1)
    rows = [row for part in other.layers if isinstance(part, Affine) for row in part.weight]
    points = [[parse(t) for t in point] for point in data["points"]]
    return all(sum(map(abs, row)) <= 1 for row in rows) and all(
        evaluate(network, x) == evaluate(other, x) for x in points
    )


def stays_bounded(variant: Variant) -> Forall:
    """A unit with |w| <= 1 in the 1-norm and bias c sends the box of radius r into [-r - |c|, r + |c|]."""
    (v, w), x, c, r = variables("w", 2), variables("x", 2), var("c"), var("r")
    hypotheses: dict[str, Formula] = {"weight": absolute(v) + absolute(w) <= 1, "radius": r >= 0}
    if variant.keeps("bounded domain"):
        hypotheses["bounded domain"] = conj(*(absolute(t) <= r for t in x))
    return Forall(
        "pre-activations stay bounded", hypotheses, absolute(v * x[0] + w * x[1] + c) <= r + absolute(c), size=2
    )


def constants_stay(variant: Variant) -> Forall:
    """A constant at or above the radius stays at the end of its group, behind the sorted pair."""
    x, c, r = variables("x", 2), var("c"), var("r")
    hypotheses: dict[str, Formula] = {"at least the radius": c >= r}
    if variant.keeps("bounded domain"):
        hypotheses["bounded domain"] = conj(*(absolute(t) <= r for t in x))
    conclusion = same(sort([*x, c], 3), [*sort(x, 2), c])
    return Forall("constants stay at the end of a group", hypotheses, conclusion, size=3)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The translations at work; that they are right for all networks follows from the claims this one rests on."""
    counts = {Budget.SMOKE: (3,), Budget.CI: (3, 25), Budget.DEEP: (3, 25, 200)}[budget]
    return [stays_bounded(variant), constants_stay(variant), *(translations(count, variant) for count in counts)]


def translations(count: int, variant: Variant) -> Exhaustive:
    """The translations of random networks, `count` of each kind."""
    reach = 1 if variant.keeps("bounded domain") else 16
    factor = 2 * variant.value("half the gap", 1)
    return Exhaustive(
        f"translated networks, {count} of each kind",
        "FullSort to MaxMin, MaxMin to FullSort (both orders), MaxMin to GroupSort(3): equal outputs at the "
        "points, and no weight matrix of infinity norm above one",
        lambda: cases(count, reach),
        lambda data: agrees(data, factor),
        parameters={
            "seed": SEED,
            "count": count,
            "width": WIDTH,
            "points": POINTS,
            "reach": reach,
            "gap": spell(factor),
        },
        size=count,
    )


CLAIMS = (
    Claim(
        id=f"{ROW}.equally_expressive",
        source=ICML,
        printed=EXPRESSIVE,
        statement=(
            "On every bounded domain, each network with weights of p-norm at most 1 and FullSort, MaxMin or "
            "GroupSort(k), k >= 2, equals one with any other of these activations and weights of p-norm "
            "at most 1, for every p."
        ),
        reading="on a bounded domain, as in ICLR appendix A, with the sharp gap; GroupSort(k) as in the ICLR version",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all bounded domains, every depth and width, every p",
        covers_all=True,
        hypotheses={"bounded domain": "every entry of an input is at most the radius in absolute value"},
        constants={
            "half the gap": Constant(Fraction(1), Fraction(199, 200), words="half the bias gap over the radius")
        },
        textbook=(REARRANGEMENT, Textbook("induction over the layers of a network", "mathematical induction")),
        argument="proof.md#equally-expressive",
        depends_on=(
            f"{ROW}.chunked_biases_sharp",
            f"{ROW}.bubble_sort",
            f"{ROW}.bubble_sort_odd",
            "anil2019.groupsort_properties.norms",
        ),
        notes="FullSort by MaxMin needs no bounded domain. GroupSort(1) is the identity and is left out.",
    ),
)
