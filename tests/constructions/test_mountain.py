from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest

from lipcheck.build.euclidean import SignedRoot, Stretch
from lipcheck.build.frontiers import ClassesError
from lipcheck.build.mountain import LineMountain, PlaneMountain
from lipcheck.build.surds import Surd, SurdError
from lipcheck.engines.smt import ask
from lipcheck.network import Affine, MaxMin, Select
from lipcheck.readings import smt
from lipcheck.readings.rational import evaluate
from lipcheck.words.formulas import conj, disj, equals
from lipcheck.words.obligation import Forall
from lipcheck.words.terms import absolute, minimum, var

F = Fraction
half = F(1, 2)


def line_classes(seed: int, count: int = 2) -> tuple[tuple[Fraction, ...], ...]:
    random = Random(seed)
    numbers = random.sample([F(n, d) for n in range(-12, 13) for d in (1, 3) if n % d or d == 1], 4 + seed)
    cuts = sorted(random.sample(range(1, len(numbers)), count - 1))
    return tuple(tuple(numbers[a:b]) for a, b in pairwise((0, *cuts, len(numbers))))


def line_oracle(classes: tuple[tuple[Fraction, ...], ...], x: Fraction) -> list[Fraction]:
    """Definition 4 from the words: ties among midpoints of all pairs, distances by minima over everything."""

    def away(y: Fraction, k: int) -> Fraction:
        return min(abs(y - a) for a in classes[k])

    labels = range(len(classes))
    ties = {(a + b) / 2 for k in labels for m in range(k) for a in classes[k] for b in classes[m]}
    frontier = [y for y in ties if sorted(away(y, k) for k in labels)[0] == sorted(away(y, k) for k in labels)[1]]
    height = min(abs(x - y) for y in frontier)
    return [height if all(away(x, k) < away(x, m) for m in labels if m != k) else F(0) for k in labels]


GRID = [F(n, 6) for n in range(-100, 101)]


@pytest.mark.parametrize("seed", range(6))
def test_two_classes_on_the_line(seed: int) -> None:
    classes = line_classes(seed)
    mountain = LineMountain(classes)
    values = []
    for x in GRID:
        first, second = line_oracle(classes, x)
        values.append(first - second)
        assert mountain.height(x) == values[-1] and mountain.heights(x) == (first, second)
    assert mountain.lattice().values([(x,) for x in GRID]) == tuple(values)
    network = mountain.network()
    assert [evaluate(network, (x,)) for x in GRID[::7]] == [(v,) for v in values[::7]]
    assert all(mountain.height(x) > 0 for x in classes[0]) and all(mountain.height(x) < 0 for x in classes[1])


@pytest.mark.parametrize("seed", range(5))
def test_slopes_and_breakpoints_are_the_whole_function(seed: int) -> None:
    mountain = LineMountain(line_classes(seed))
    points, slopes = mountain.breakpoints, mountain.slopes
    assert len(slopes) == len(points) + 1 and all(a * b == -1 for a, b in pairwise(slopes))
    start = mountain.frontier[0]
    for x in GRID:
        # Integrates the slopes from the first frontier point, where the function is 0.
        low, high = sorted((x, start))
        ends = [low, *[p for p in points if low < p < high], high]
        total = sum(
            (b - a) * slopes[sum(p < (a + b) / 2 for p in points)] for a, b in pairwise(ends)
        )  # fmt: skip
        assert mountain.height(x) == (total if x >= start else -total)


@pytest.mark.parametrize(("seed", "count"), [(1, 3), (3, 3), (5, 4), (6, 5), (4, 2)])
def test_several_classes_on_the_line(seed: int, count: int) -> None:
    classes = line_classes(seed, count)
    mountain = LineMountain(classes)
    network = mountain.networks()
    assert network.outputs == count and {type(layer) for layer in network.layers} == {Affine, MaxMin, Select}
    for x in GRID[::2]:
        expected = tuple(line_oracle(classes, x))
        assert mountain.heights(x) == expected
        assert tuple(f.value((x,)) for f in mountain.lattices()) == expected
        assert evaluate(network, (x,)) == expected
    for k, members in enumerate(classes):
        assert all(max(range(count), key=mountain.heights(x).__getitem__) == k for x in members)


def test_equal_to_the_definition_for_all_reals() -> None:
    classes = ((F(0), F(7), F(8)), (F(2), F(5)), (F(-3),))
    two = LineMountain(classes[:2])
    assert two.frontier == (1, 6) and two.breakpoints == (F(7, 2),) and two.slopes == (-1, 1)
    x = var("x")
    (got,) = smt.evaluate(two.network(), [x])
    away = minimum(absolute(x - 1), absolute(x - 6))
    inside = conj(x > 1, x < 6)
    definition = disj(conj(inside, equals(got, -away)), conj(disj(x <= 1, x >= 6), equals(got, away)))
    assert ask(Forall("two", {}, definition)).status == "unsat"
    three = LineMountain(classes)
    assert three.frontier == (F(-3, 2), 1, 6)
    away = minimum(minimum(absolute(x - 1), absolute(x - 6)), absolute(x + F(3, 2)))
    heights = smt.evaluate(three.networks(), [x])
    cells = [
        (disj(conj(x >= F(-3, 2), x <= 1), x >= 6), (away, 0, 0)),
        (conj(x >= 1, x <= 6), (0, away, 0)),
        (x <= F(-3, 2), (0, 0, away)),
    ]
    for where, values in cells:
        wanted = conj(*(equals(h, v) for h, v in zip(heights, values, strict=True)))
        assert ask(Forall("three", {"where": where}, wanted)).status == "unsat"
        elsewhere = ask(Forall("three", {"where": where}, equals(heights[0], away))).status
        assert elsewhere == ("unsat" if values[0] else "sat")


def test_first_weights_are_signs_and_the_rest_selects() -> None:
    for network in (LineMountain(line_classes(5)).network(), LineMountain(line_classes(5, 4)).networks()):
        first, *rest = network.layers
        assert isinstance(first, Affine) and {abs(w) for row in first.weight for w in row} <= {0, 1}
        assert all(isinstance(layer, MaxMin | Select) for layer in rest)


def test_one_point_each() -> None:
    mountain = LineMountain(((3,), (-1,)))  # type: ignore[arg-type]
    assert mountain.frontier == (1,) and mountain.breakpoints == () and mountain.slopes == (1,)
    assert mountain.height(5) == 4 and evaluate(mountain.network(), (-7,)) == (-8,)
    assert mountain.lattice().norm.upper == 1
    plane = PlaneMountain((((0, 0),), ((2, 0),)))  # type: ignore[arg-type]
    assert plane.frontier == (Stretch((F(1), F(0)), (F(0), F(2)), None, None),)
    assert plane.height((-3, 17)) == SignedRoot(1, F(16)) and plane.height((1, 5)) == SignedRoot(0, F(0))
    assert plane.heights((4, 1)) == (SignedRoot(0, F(0)), SignedRoot(1, F(9)))


def test_crosswise_classes() -> None:
    mountain = PlaneMountain((((1, 0), (-1, 0)), ((0, 1), (0, -1))))  # type: ignore[arg-type]
    # The diagonals, as four rays.
    assert len(mountain.frontier) == 4
    assert mountain.height((1, 0)) == SignedRoot(1, half) and mountain.height((0, -3)) == SignedRoot(-1, F(9, 2))
    assert mountain.height((2, 2)).sign == 0 and mountain.nearest((2, 2)) is None and mountain.nearest((2, 1)) == 0


def test_a_ring_around_a_point() -> None:
    ring = tuple((x, y) for x in (-2, 0, 2) for y in (-2, 0, 2) if x or y)
    mountain = PlaneMountain((((0, 0),), ring))  # type: ignore[arg-type]
    assert len(mountain.frontier) == 4 and all(s.start is not None and s.end is not None for s in mountain.frontier)
    assert mountain.height((0, 0)) == SignedRoot(1, F(1))
    assert mountain.height((3, 3)) == SignedRoot(-1, F(8)) and mountain.height((3, 0)) == SignedRoot(-1, F(4))


def test_three_classes_meet_at_the_circumcentre() -> None:
    mountain = PlaneMountain((((0, 0),), ((2, 0),), ((1, 2),)))  # type: ignore[arg-type]
    assert len(mountain.frontier) == 3 and all((s.start is None) != (s.end is None) for s in mountain.frontier)
    centre = (F(1), F(3, 4))
    assert all(s.squared_distance(centre) == 0 for s in mountain.frontier)
    assert mountain.nearest(centre) is None and mountain.heights(centre) == (SignedRoot(0, F(0)),) * 3
    # Below the centre classes 0 and 1 tie as nearest; above it they tie, but class 2 is nearer.
    assert mountain.heights((1, 0)) == (SignedRoot(0, F(0)),) * 3
    assert mountain.heights((1, 2))[2].sign == 1
    with pytest.raises(ClassesError, match="There are 3 classes"):
        mountain.height((1, 1))


def plane_classes(seed: int, count: int = 2) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
    random = Random(seed)
    grid = [(F(x, 2), F(y, 2)) for x in range(-4, 5) for y in range(-4, 5)]
    points = random.sample(grid, 7)
    cuts = sorted(random.sample(range(1, 7), count - 1))
    return tuple(tuple(points[a:b]) for a, b in pairwise((0, *cuts, 7)))


def square(x: tuple[Fraction, ...], y: tuple[Fraction, ...]) -> Fraction:
    return sum(((a - b) ** 2 for a, b in zip(x, y, strict=True)), F(0))


CASES = [(1, 2), (2, 2), (3, 2), (4, 3), (5, 4), (6, 3)]


@pytest.mark.parametrize(("seed", "count"), CASES)
def test_the_frontier_is_where_classes_tie_as_nearest(seed: int, count: int) -> None:
    classes = plane_classes(seed, count)
    mountain = PlaneMountain(classes)
    on, off = 0, 0
    for k in range(count):
        for m in range(k):
            for a in classes[k]:
                for b in classes[m]:
                    ticks = [F(t, 8) for t in range(-24, 25, 3)]
                    for s in mountain.frontier:
                        # The ends of the pieces and points just beyond them.
                        ticks += [e + d for e in (s.start, s.end) if e is not None for d in (0, F(1, 999), F(-1, 999))]
                    for t in ticks:
                        x = ((a[0] + b[0]) / 2 + t * (a[1] - b[1]), (a[1] + b[1]) / 2 + t * (b[0] - a[0]))
                        distances = sorted(min(square(x, c) for c in members) for members in classes)
                        tie = distances[0] == distances[1]
                        assert (mountain.nearest(x) is None) == tie
                        assert any(s.squared_distance(x) == 0 for s in mountain.frontier) == tie
                        on, off = on + tie, off + (not tie)
    assert on > 10 and off > 10


@pytest.mark.parametrize(("seed", "count"), CASES)
def test_the_distance_is_reached_and_no_tie_is_nearer(seed: int, count: int) -> None:
    classes, random = plane_classes(seed, count), Random(seed)
    mountain = PlaneMountain(classes)
    for _ in range(12):
        x = (F(random.randint(-60, 60), 20), F(random.randint(-60, 60), 20))
        label = mountain.nearest(x)
        if label is None:
            continue
        height = mountain.heights(x)[label].square
        # Within the open disc all points have the label of the centre: tried on rational points of its circle, nearly.
        low = mountain.heights(x)[label].enclosure()[0]
        for t in (F(n, 7) for n in range(-14, 15)):
            for r in (low * F(999, 1000), low / 2):
                step = (r * (1 - t * t) / (1 + t * t), r * 2 * t / (1 + t * t))
                assert mountain.nearest((x[0] + step[0], x[1] + step[1])) == label
                assert mountain.nearest((x[0] - step[0], x[1] - step[1])) == label
        # A rational point at that distance ties: the foot on one of the pieces.
        feet = []
        for s in mountain.frontier:
            (ox, oy), (dx, dy) = s.origin, s.direction
            t = ((x[0] - ox) * dx + (x[1] - oy) * dy) / (dx * dx + dy * dy)
            t = t if s.start is None or t > s.start else s.start
            t = t if s.end is None or t < s.end else s.end
            feet.append((ox + t * dx, oy + t * dy))
        assert any(square(foot, x) == height and mountain.nearest(foot) is None for foot in feet)


@pytest.mark.parametrize(("seed", "count"), CASES)
def test_one_lipschitz_exactly_and_right_at_the_data(seed: int, count: int) -> None:
    classes, random = plane_classes(seed, count), Random(seed)
    mountain = PlaneMountain(classes)
    for k, members in enumerate(classes):
        assert all(mountain.heights(x)[k].sign == 1 == sum(h.sign for h in mountain.heights(x)) for x in members)
        if count == 2:
            assert all(mountain.height(x).sign == 1 - 2 * k for x in members)
    points = [(F(random.randint(-80, 80), 20), F(random.randint(-80, 80), 20)) for _ in range(40)]
    crossed = 0
    for x, y in pairwise(points):
        j, k = mountain.nearest(x), mountain.nearest(y)
        if j is None or k is None:
            continue
        u, v = mountain.heights(x)[j], mountain.heights(y)[k]
        # The 1-norm of f(x) - f(y), the largest: |u - v| for one label, u + v for two.
        other = v if j == k else SignedRoot(-v.sign, v.square)
        assert u.is_within(square(x, y), other)
        crossed += j != k
        if count == 2:
            assert mountain.height(x).is_within(square(x, y), mountain.height(y))
    assert crossed > 3


def test_the_slope_one_is_reached() -> None:
    mountain = PlaneMountain((((0, 0),), ((2, 0),)))  # type: ignore[arg-type]
    u, v = mountain.height((-3, 0)), mountain.height((5, 0))
    assert u.is_within(F(64), v) and not u.is_within(F(64) - F(1, 10**30), v)
    u, v = mountain.height((-3, 0)), mountain.height((-1, 0))
    assert u.is_within(F(4), v) and not u.is_within(F(4) - F(1, 10**30), v)


def test_signed_roots() -> None:
    root = SignedRoot(-1, F(2))
    low, high = root.enclosure(200)
    assert low < high < 0 and high**2 <= 2 <= low**2 and (high - low) * 2**200 <= -low
    assert float(root) == -math.sqrt(2) and SignedRoot(1, F(9, 4)).enclosure() == (F(3, 2), F(3, 2))
    assert SignedRoot(0, F(0)).enclosure() == (0, 0)
    assert root.is_within(F(8), SignedRoot(1, F(2))) and not root.is_within(F(8) - F(1, 10**40), SignedRoot(1, F(2)))
    assert root.is_within(F(0), root) and not root.is_within(F(1), SignedRoot(1, F(2)))
    for sign, square in ((1, F(0)), (0, F(1)), (2, F(1)), (1, F(-1)), (1, Surd(F(0))), (1, 2.0), ("1", F(1))):
        with pytest.raises(SurdError, match="make no root"):
            SignedRoot(sign, square)  # type: ignore[arg-type, type-var]
    with pytest.raises(SurdError, match="bits is -1"):
        root.enclosure(-1)


def test_floats_of_the_plane_keep_their_bound() -> None:
    mountain, random = PlaneMountain(plane_classes(3)), Random(8)
    assert F(1, 2**52) < mountain.error < F(1, 10**14)
    for _ in range(30):
        point = (random.uniform(-2, 2), random.uniform(-2, 2))
        value, exact = mountain(point), mountain.height(point)
        assert exact.is_within(mountain.error**2, SignedRoot((value > 0) - (value < 0), F(value) ** 2))


def test_floats_of_the_line_keep_their_bound() -> None:
    mountain, random = LineMountain(((F(1, 3), -1), (F(5, 7),))), Random(8)  # type: ignore[arg-type]
    off = [abs(F(mountain((x,))) - mountain.height(x)) for x in (random.uniform(-2, 2) for _ in range(60))]
    assert 0 < max(off) <= mountain.error < F(1, 10**15)


@pytest.mark.parametrize("make", [LineMountain, PlaneMountain])
@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ((((0, 0),), ()), "Class 1 is empty"),
        ((((0, 0),),), "there are 1"),
        ((), "there are 0"),
        (5, "not a sequence"),
        (((0, 0), 5), "class 1 is 5"),
    ],
)
def test_classes_with_no_frontier(make: type[LineMountain], classes: object, message: str) -> None:
    flat = classes
    if make is LineMountain and isinstance(classes, tuple) and all(isinstance(c, tuple) for c in classes):
        flat = tuple(tuple(point[0] for point in c) for c in classes)
    if make is PlaneMountain and message == "class 1 is 5":
        flat = (((0, 0),), 5)
    with pytest.raises(ClassesError, match=message):
        make(flat)  # type: ignore[arg-type]


def test_points_that_are_refused() -> None:
    for classes, message in [
        (((1, 2), (3, 1)), "in class 0 and again in class 1"),
        (((1, 1), (3,)), "in class 0 and again in class 0"),
        (((1, float("nan")), (3,)), "not finite"),
        (((True,), (3,)), "boolean"),
        (((1,), ((3, 4),)), "2 coordinates: give 1"),
    ]:
        with pytest.raises(ClassesError, match=message):
            LineMountain(classes)  # type: ignore[arg-type]
    with pytest.raises(ClassesError, match=r"\(1, 2\) is in class 0 and again in class 1"):
        PlaneMountain((((1, 2),), ((F(2, 2), 2.0),)))  # type: ignore[arg-type]
    with pytest.raises(ClassesError, match="give 2"):
        PlaneMountain((((1, 2, 3),), ((1, 2),)))  # type: ignore[arg-type]
    with pytest.raises(ClassesError, match="There are 3 classes"):
        LineMountain(((1,), (2,), (3,))).lattice()  # type: ignore[arg-type]
