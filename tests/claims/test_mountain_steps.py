"""The steps over the reals speak of mountains: what they assume holds for real classes, points and nearest points."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.mountain_function import multiclass
from lipcheck.claims.bethune2021.proposition_2 import _steps as steps
from lipcheck.replay import refutes
from lipcheck.words.claim import Variant

PLAIN = Variant()
Numbers = list[Fraction]


def away(x: Fraction, points: Numbers) -> Fraction:
    return min(abs(x - p) for p in points)


def mountains() -> list[list[Numbers]]:
    """Two or three classes of integers, most of them with ties between integers or half-way."""
    rng = random.Random(11)
    return [[[Fraction(p) for p in rng.sample(range(-9, 10), 6)[k::count]] for k in range(count)]
            for count in (2, 3) for _ in range(30)]  # fmt: skip


def disjoint(classes: list[Numbers]) -> bool:
    points = [p for members in classes for p in members]
    return len(points) == len(set(points))


def heights(x: Fraction, classes: list[Numbers], ties: Numbers) -> list[Fraction]:
    to = [away(x, members) for members in classes]
    return [away(x, ties) if t == min(to) and to.count(t) == 1 else Fraction(0) for t in to]


def frontier(classes: list[Numbers]) -> Numbers:
    middles = {(p + q) / 2 for one, other in product(classes, classes) if one is not other for p in one for q in other}
    return [m for m in middles if sorted(away(m, c) for c in classes)[:2] == [min(away(m, c) for c in classes)] * 2]


def test_steps_admit_every_pair_of_points_on_the_line() -> None:
    two, change, sides, own = (
        lemmas.two_points(PLAIN), steps.sum_of_changes(PLAIN), lemmas.sides(PLAIN), lemmas.on_the_classes(PLAIN)
    )  # fmt: skip
    seen = 0
    for classes in filter(disjoint, mountains()):
        ties = frontier(classes)
        rng = random.Random(len(ties))
        places = [*ties, *(Fraction(rng.randint(-40, 40), 4) for _ in range(8))]
        for x, y in product(places, repeat=2):
            f, g = heights(x, classes, ties), heights(y, classes, ties)
            d = {"d_x": away(x, ties), "d_y": away(y, ties), "step": abs(x - y)}
            moved = sum((abs(v - w) for v, w in zip(f, g, strict=True)), Fraction(0))
            # the step names y as the point of the frontier; x is the same case
            order = d if sum(g) == d["d_y"] and d["d_x"] != 0 else {**d, "d_x": d["d_y"], "d_y": d["d_x"]}
            assert change.admits({**order, "change": moved})
            seen += 1
            if len(classes) == 2:
                assert two.admits({**d, "f_x": f[0] - f[1], "f_y": g[0] - g[1]})
                to_a, to_b = (away(x, c) for c in classes)
                assert sides.admits({"d_A": to_a, "d_B": to_b, "d": d["d_x"], "f": f[0] - f[1]})
        if len(classes) == 2:
            for c, members, others in ((1, *classes), (-1, *reversed(classes))):
                for x in members:
                    h = heights(x, classes, ties)
                    at_x = {"own": Fraction(0), "other": away(x, others), "d": away(x, ties), "f": h[0] - h[1]}
                    assert own.admits({**at_x, "c": Fraction(c)})
    assert seen > 1000


def test_crossing_segments_and_descents_are_admitted() -> None:
    crossing, fall = lemmas.segment(PLAIN), lemmas.descent()
    for classes in filter(disjoint, mountains()):
        ties = frontier(classes)
        for z in ties:
            for s, t in product((Fraction(1, 3), Fraction(5, 2), Fraction(-2)), (Fraction(1, 4), Fraction(2, 3))):
                x, y = z - t * s, z + (1 - t) * s
                d = {"d_x": away(x, ties), "d_y": away(y, ties), "to_x": abs(x - z), "to_y": abs(y - z)}
                assert crossing.admits({**d, "step": abs(s), "t": t})
        x = Fraction(37, 8)
        r = away(x, ties)
        u = 1 if away(x + r, ties) == 0 else -1
        for e in (Fraction(0), r / 3, r):
            point = {"r": r, "e": e, "there": away(x + u * e, ties)}
            assert fall.admits(point) and fall.conclusion.holds(point)


def test_empty_classes_beside_two_others_change_nothing() -> None:
    free = multiclass.two_occur(Variant(frozenset({"two_occur"})))
    for classes, fails in (
        ({"A": ["0"], "B": [], "C": ["1"]}, False),
        ({"A": [], "B": [], "C": ["1"]}, True),
        ({"A": [], "B": []}, True),
        (multiclass.ONE_OCCURS, True),
    ):
        assert refutes(classes, free) == fails and not refutes(classes, multiclass.two_occur(PLAIN))
