"""Highest mountain functions by brute force: fine grids, random classes of the plane, degenerate classes."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations

import pytest

from lipcheck.build.mountain import LineMountain, PlaneMountain
from lipcheck.claims.bethune2021.mountain_function import CLAIMS, _line, definition, highest, multiclass
from lipcheck.replay import refutes
from lipcheck.words.claim import Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Universal
from lipcheck.words.verdict import Budget

BY_ID = {claim.id: claim for claim in CLAIMS}
ROW = "bethune2021.mountain_function"


def random_classes(rng: random.Random, count: int) -> tuple[tuple[Fraction, ...], ...]:
    points = rng.sample(range(-12, 13), 2 * count)
    return tuple(tuple(Fraction(p, 3) for p in points[k::count]) for k in range(count))


def test_the_line_agrees_with_the_mountain_and_with_a_fine_grid() -> None:
    rng = random.Random(1)
    for _ in range(40):
        classes = random_classes(rng, rng.choice([2, 3]))
        mountain = LineMountain(classes)
        assert mountain.frontier == _line.frontier(classes)
        grid = [Fraction(k, 12) for k in range(-80, 81)]
        ties = {x for x in grid if len(_line.nearest(x, classes)) > 1}
        assert ties <= set(_line.frontier(classes))
        for x in grid[::7]:
            assert mountain.heights(x) == _line.heights(x, classes)
            if len(classes) == 2:
                assert mountain.height(x) == _line.height(x, classes)


def test_heights_in_the_plane_are_highest_and_have_the_maximum_margin() -> None:
    rng = random.Random(2)
    for _ in range(12):
        points = rng.sample([(x, y) for x in range(-3, 4) for y in range(-3, 4)], 5)
        a, b = points[:2], points[2:]
        mountain = PlaneMountain((a, b))
        heights = [abs(float(mountain.height(p))) for p in points]
        gap = min(((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2) ** 0.5 for p in a for q in b)
        assert min(heights) == pytest.approx(gap / 2)
        places = [(Fraction(rng.randint(-40, 40), 7), Fraction(rng.randint(-40, 40), 9)) for _ in range(12)]
        for x, y in combinations(places, 2):
            square = (x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2
            assert mountain.height(x).is_within(square, mountain.height(y))
        for x in places:
            to_a, to_b = (min(((x[0] - p[0]) ** 2 + (x[1] - p[1]) ** 2) for p in s) for s in (a, b))
            value = float(mountain.height(x))
            assert abs(float(to_b) ** 0.5 - float(to_a) ** 0.5) / 2 <= abs(value) + 1e-9
            assert (value > 0) == (to_a < to_b) and (value < 0) == (to_b < to_a)


def test_half_the_difference_of_distances_is_lower_somewhere() -> None:
    classes = ((Fraction(0),), (Fraction(2),))
    x = Fraction(-1)
    assert _line.height(x, classes) == 2 and (_line.distance(x, classes[1]) - _line.distance(x, classes[0])) / 2 == 1


@pytest.mark.parametrize("classes", [((), (Fraction(0),)), ((Fraction(0),), (Fraction(0), Fraction(1)))])
def test_degenerate_classes_have_no_height(classes: tuple[tuple[Fraction, ...], ...]) -> None:
    with pytest.raises(LipcheckError):
        _line.height(Fraction(0), classes)


def test_data_that_are_no_classes_are_refused() -> None:
    for bad in ({"A": ["0"]}, {"A": "0", "B": ["1"]}, [["0"], ["1"]], {"A": ["0"], "C": ["1"]}):
        with pytest.raises(LipcheckError):
            _line.read(bad)


def test_all_shapes_of_small_labellings_occur() -> None:
    assert len(list(_line.labelled(4, 2))) == 3**4 - 2 * 2**4 + 1
    assert len(list(_line.labelled(4, 3))) == 4**4 - 3 * 3**4 + 3 * 2**4 - 1


def test_a_swapped_definition_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = [o for o in definition.defined(Variant(), Budget.CI) if o.name == "classes in {0, 1, 2, 3}"]
    element = [["0"], ["3"]]
    assert checks[0].holds(element)
    right = _line.height
    monkeypatch.setattr(_line, "height", lambda x, classes: -right(x, classes))
    assert not checks[0].holds(element)


def test_the_printed_arg_min_depends_on_the_unit_of_length() -> None:
    (rule,) = multiclass.literal(Variant(), Budget.CI)
    for half in range(1, 9):
        assert refutes({"A": [str(-half)], "B": [str(half)]}, rule) == (half > 2)
    (repaired,) = multiclass.literal(Variant(repaired=True), Budget.CI)
    assert not refutes(multiclass.NONE_TIES, repaired)


def test_competitors_are_judged_by_the_signs() -> None:
    rule = highest.among_all(Variant(), Budget.CI)[0]
    assert isinstance(rule, Universal)
    for k in range(-4, 5):
        data = {"A": ["1"], "B": ["-1"], "slope": "1", "shift": str(Fraction(k, 4))}
        assert refutes(data, rule) == (0 < abs(k) < 4)
