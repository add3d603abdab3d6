from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import nextafter
from random import Random

import numpy as np
import pytest

from lipcheck.build.euclidean import SignedRoot
from lipcheck.build.koch import koch_snowflake
from lipcheck.build.polygons import Polygon, PolygonError
from lipcheck.build.regions import Region
from lipcheck.build.signed_distances import SignedDistance, signed_distance
from lipcheck.build.simple import _meet
from lipcheck.build.surds import SQRT3, Surd, surd

F = Fraction
SQUARE = Polygon(((0, 0), (1, 0), (1, 1), (0, 1)))
ELL = Polygon(((0, 0), (3, 0), (3, 1), (1, 1), (1, 2), (0, 2)))
COMB = Polygon(((-1, 0), (0, F(3, 2)), (F(1, 3), F(1, 7)), (F(2, 3), F(3, 2)), (1, 0), (F(1, 2), F(-1, 9))))
TRIANGLE = Polygon(((0, 0), (2, 0), (1, SQRT3)))
FLAT = Polygon(((-1, 0), (0, -1), (1, F(1, 2**60))))
ALL = {"square": SQUARE, "ell": ELL, "comb": COMB, "triangle": TRIANGLE, "flat": FLAT, "koch": koch_snowflake(3)}


def squared(polygon: Polygon, x: Surd, y: Surd) -> Surd:
    """The squared distance by cases, over all sides."""
    found = []
    for (ax, ay), (bx, by) in pairwise((*polygon.corners, polygon.corners[0])):
        dx, dy = bx - ax, by - ay
        if (x - ax) * dx + (y - ay) * dy <= 0:
            found.append((x - ax) * (x - ax) + (y - ay) * (y - ay))
        elif (x - bx) * dx + (y - by) * dy >= 0:
            found.append((x - bx) * (x - bx) + (y - by) * (y - by))
        else:
            cross = dx * (y - ay) - dy * (x - ax)
            found.append(cross * cross / (dx * dx + dy * dy))
    return min(found)


def winding(polygon: Polygon, x: Surd, y: Surd) -> int:
    """The winding number by a ray upwards, over all sides, for points off the frontier."""
    turns = 0
    for (ax, ay), (bx, by) in pairwise((*polygon.corners, polygon.corners[0])):
        if (ax <= x) != (bx <= x):
            height = ay + (by - ay) * (x - ax) / (bx - ax)
            if height > y:
                turns += -1 if ax <= x else 1
    return turns


def samples(polygon: Polygon, count: int, seed: int) -> list[tuple[float, float]]:
    """Floats all over [-2, 2]^2, and others as near to corners and sides as floats can be."""
    random = Random(seed)
    points = [(random.uniform(-2, 2), random.uniform(-2, 2)) for _ in range(count)]
    corners = polygon.corners
    for i in range(0, len(corners), max(1, len(corners) // count)):
        a, b = corners[i], corners[(i + 1) % len(corners)]
        t = F(random.randint(0, 64), 64)
        x, y = (float(p + (q - p) * t) for p, q in zip(a, b, strict=True))
        points += [(x, y), (nextafter(x, 9), y), (x, nextafter(y, -9)), (float(a[0]), float(a[1]))]
        points.append((random.uniform(-2, 2), float(a[1])))  # level with a corner
    return [p for p in points if max(map(abs, p)) <= 2]


@pytest.mark.parametrize("name", ALL)
def test_exact_values_agree_with_brute_force(name: str) -> None:
    polygon = ALL[name]
    for point in samples(polygon, 25 if len(polygon.corners) < 50 else 6, 1):
        x, y = surd(point[0]), surd(point[1])
        square = squared(polygon, x, y)
        assert polygon.squared_distance(point) == square
        turns = winding(polygon, x, y)
        assert turns in (0, 1) or not square
        assert polygon.side(point) == (0 if not square else 1 if turns else -1)
        assert polygon.signed_distance(point) == SignedRoot(polygon.side(point), square)


@pytest.mark.parametrize("name", ALL)
def test_floats_keep_their_bound(name: str) -> None:
    polygon = ALL[name]
    f = SignedDistance(polygon)
    bound = polygon.segments.error(F(2))  # for points that are floats
    assert bound < f.error < F(1, 10**13)
    points = samples(polygon, 60, 2)
    values = f.batch(points).tolist()
    worst, nearby = 0.0, 0
    for point, value in zip(points, values, strict=True):
        exact = polygon.signed_distance(point)
        got = SignedRoot((value > 0) - (value < 0), surd(value) * surd(value))
        assert exact.is_within(surd(bound * bound), got)
        if abs(F(value)) > bound:
            assert (value > 0) == (exact.sign > 0)
        nearby += abs(F(value)) <= bound
        worst = max(worst, abs(value - float(exact)))
    assert nearby >= 10 and worst > 0  # the points tell something about the bound


def test_tiles_leave_nothing_out() -> None:
    polygon = ALL["koch"]
    axis = np.linspace(-1.3, 1.2, 70)
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    segments = polygon.segments
    plain = segments.distances(points).min(axis=1) * np.where(segments.crossings(points) % 2, 1, -1)
    assert np.array_equal(SignedDistance(polygon).batch(points), plain)
    assert (plain > 0).any() and (plain < 0).any()
    for i in range(0, len(points), 97):
        assert float(polygon.signed_distance(points[i])) == pytest.approx(plain[i], abs=1e-13)


@pytest.mark.parametrize("name", ["ell", "comb", "triangle", "koch"])
def test_one_lipschitz_exactly(name: str) -> None:
    polygon, random = ALL[name], Random(3)
    values = []
    for _ in range(40):
        point = (F(random.randint(-30, 60), 20), F(random.randint(-30, 60), 20))
        values.append((point, polygon.signed_distance(point)))
    tight = 0
    for (p, u), (q, v) in pairwise(values):
        square = surd((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2)
        assert u.is_within(square, v)
        tight += not u.is_within(square / 4, v)
    assert tight


def test_distances_by_hand() -> None:
    assert ELL.signed_distance((F(1, 2), F(1, 2))) == SignedRoot(1, Surd(F(1, 4)))
    assert ELL.signed_distance((2, 2)) == SignedRoot(-1, Surd(F(1)))
    assert ELL.signed_distance((F(3, 4), F(3, 4))) == SignedRoot(1, Surd(F(1, 8)))  # the reflex corner (1, 1)
    assert ELL.signed_distance((4, 2)) == SignedRoot(-1, Surd(F(2)))
    assert SQUARE.signed_distance((10**40, F(1, 2))) == SignedRoot(-1, Surd((F(10) ** 40 - 1) ** 2))
    assert TRIANGLE.signed_distance((1, SQRT3 / 3)) == SignedRoot(1, Surd(F(1, 3)))
    assert TRIANGLE.area == SQRT3 and ELL.area == 4 and SQUARE.side((1, F(1, 3))) == 0


def test_clockwise_corners_are_turned_round() -> None:
    turned = Polygon(tuple(reversed(ELL.corners)))
    assert turned.corners[0] == ELL.corners[-1] and turned.area == 4 and set(turned.corners) == set(ELL.corners)
    assert turned.side((F(1, 2), F(1, 2))) == 1


def test_a_side_that_is_level_but_for_the_least_float() -> None:
    least = F(1, 2**1074)
    polygon = Polygon(((0, 0), (F(1, 2**50), least), (F(1, 2), -1)))
    # Products with the side's height underflow, so that comparisons must tell what lies beside it.
    for x in (-0.25, 0.25):
        assert polygon.side((x, 0)) == -1
        assert SignedDistance(polygon)((x, 0.0)) == pytest.approx(-0.25, rel=0.2)


def test_floats_that_are_nearly_equal_do_not_decide() -> None:
    random, tiny = Random(9), F(1, 10**30)
    for _ in range(40):
        a, b = F(random.randint(1, 99), 97), F(random.randint(100, 199), 97)
        slab = Polygon(((-a, -5), (b, -5), (b, 5), (-a, 5)))
        for shift, distance in ((tiny, (a + b) / 2 - tiny), (-tiny, (a + b) / 2 - tiny)):
            assert slab.squared_distance(((b - a) / 2 + shift, F(1, 7))) == distance**2


def test_corners_on_sides_are_found_whatever_the_floats_say() -> None:
    random = Random(10)
    for _ in range(40):
        a, b = (
            (F(random.randint(-99, -50), 97), F(random.randint(1, 99), 89)),
            (F(random.randint(50, 99), 97), F(2, 89)),
        )
        t = F(random.randint(1, 82), 83)
        on = (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]))
        for shift, simple in ((0, False), (F(1, 10**25), True), (F(-1, 10**25), False)):
            corners = (b, a, (-2, -3), (on[0], on[1] - shift), (2, -3))
            if simple:
                assert Polygon(corners).area > 0  # type: ignore[arg-type]
            else:
                with pytest.raises(PolygonError, match="meet"):
                    Polygon(corners)  # type: ignore[arg-type]


def test_segments_on_one_line() -> None:
    a, b, c, d = ((surd(k), surd(2 * k)) for k in range(4))
    assert _meet(a, c, b, d) and _meet(a, d, b, c) and _meet(a, b, b, c) and _meet(d, b, a, c)
    assert not _meet(a, b, c, d) and not _meet(d, c, a, b)
    a, b, c, d = ((surd(k), surd(0)) for k in range(4))
    assert _meet(a, c, b, d) and not _meet(a, b, c, d)


def test_exact_questions_at_points_that_are_no_floats() -> None:
    third = F(1, 3)
    thin = Polygon(((0, 0), (1, 0), (1, third), (0, third)))
    assert thin.side((F(1, 2), third)) == 0
    assert thin.side((F(1, 2), third - F(1, 10**40))) == 1 and thin.side((F(1, 2), third + F(1, 10**40))) == -1
    assert TRIANGLE.side((F(1, 2), SQRT3 / 2)) == 0 and TRIANGLE.side((F(1, 2), SQRT3 / 2 + F(1, 10**40))) == -1


def test_the_callable_and_the_function() -> None:
    f = SignedDistance(ELL, reach=3)
    assert f((0.5, 0.5)) == 0.5 and f((F(1, 2), F(1, 2))) == 0.5 and f((3.0, 3.0)) == -2.0
    assert f.error > SignedDistance(ELL).error
    rounded = abs(F(5, 3) - F(5 / 3)) + abs(F(1, 3) - F(1 / 3))
    assert SignedDistance(ELL).error >= ELL.segments.error(F(2)) + rounded > ELL.segments.error(F(2))
    assert signed_distance(ELL, [(0.5, 0.5), (7.0, 0.0)]).tolist() == [0.5, -4.0]
    assert signed_distance(ELL, np.empty((0, 2))).shape == (0,)


@pytest.mark.parametrize(
    ("corners", "message"),
    [
        (((0, 0), (1, 0)), "2 corners bound no polygon"),
        (((0, 0), (1, 0), (0, 1), (1, 0)), r"\(1, 0\) is there twice"),
        (((0, 0), (1, 1), (2, 2)), "area zero"),
        (((0, 0), (2, 2), (2, 0), (0, 2)), "area zero"),
        (((0, 0), (3, 3), (3, 0), (0, 2)), r"The sides \(0, 2\) to \(3, 0\) and \(3, 3\) to \(0, 0\) meet"),
        (((0, 0), (3, 0), (3, 1), (1, 0), (0, 1)), "meet"),  # a corner on a side
        (((0, 0), (4, 0), (2, 0), (2, 1)), r"The sides \(0, 0\) to \(4, 0\) and \(4, 0\) to \(2, 0\) meet"),  # a fold
        (((0, 0), (4, 0), (4, 2), (3, 0), (1, 0), (0, 2)), "meet"),  # sides that overlap
        (((0, 0), (1, 0), (0, float("nan"))), "not finite"),
        (((0, 0), (1, 0), (0, True)), "boolean"),
        (((0, 0), (1, 0), (0, 1, 2)), "two coordinates"),
        ("corners", "not a sequence"),
        (((0, 0), (2**101, 0), (0, 1)), "larger than 2"),
        (((0, 0), (F(1, 2**101), 0), (0, 1)), "shorter than 2"),
    ],
)
def test_what_is_no_simple_polygon(corners: object, message: str) -> None:
    with pytest.raises(PolygonError, match=message):
        Polygon(corners)  # type: ignore[arg-type]


def test_nearly_touching_is_decided_exactly() -> None:
    gap = F(1, 10**30)
    bow = [(0, 0), (2, 0), (2, 1), (1, gap), (0, 1)]
    assert Polygon(bow).side((1, gap / 2)) == 1  # type: ignore[arg-type]
    for height in (0, -gap):
        bow[3] = (1, height)
        with pytest.raises(PolygonError, match="meet"):
            Polygon(bow)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "points", [[(0.0, 2.5)], [(0.0, float("nan"))], [(0.0, 1.0, 2.0)], [0.0, 1.0], [("a", "b")], [(float("inf"), 0.0)]]
)
def test_points_that_have_no_value(points: list[object]) -> None:
    with pytest.raises(PolygonError, match="point"):
        SignedDistance(SQUARE).batch(points)  # type: ignore[arg-type]


@pytest.mark.filterwarnings("error")
def test_points_one_subnormal_number_apart() -> None:
    points = np.zeros((2000, 2))
    points[::2, 0] = 5e-324
    distance = SignedDistance(SQUARE)
    assert set(distance.batch(points).tolist()) == {distance(points[0]), distance(points[1])}


def test_floats_refuse_what_is_no_number_and_what_is_no_shape() -> None:
    distance = SignedDistance(SQUARE)
    assert distance((F(1, 3), SQRT3 / 3)) == distance((1 / 3, float(SQRT3 / 3)))
    for points in ([(True, False)], [(None, 0)], [(1j, 0)], [("1e-1", 0)]):
        with pytest.raises(PolygonError, match="points are no pairs"):
            distance.batch(points)  # type: ignore[arg-type]
    with pytest.raises(PolygonError, match="has no frontier"):
        SignedDistance(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("reach", [0, -1, float("inf"), 2**101, True])
def test_reaches_that_are_refused(reach: object) -> None:
    with pytest.raises(PolygonError, match="reach"):
        SignedDistance(SQUARE, reach)


def test_a_point_has_two_coordinates() -> None:
    for point in ((1, 2, 3), 5, (0, None)):
        with pytest.raises(PolygonError, match="point"):
            SQUARE.side(point)


RING = Region((Polygon(((-2, -2), (2, -2), (2, 2), (-2, 2))), SQUARE, Polygon(((0, -1), (1, -1), (F(1, 2), F(-1, 2))))))


def test_a_region_between_frontiers() -> None:
    assert RING.signed_distance((F(1, 2), F(1, 2))) == SignedRoot(-1, Surd(F(1, 4)))
    assert RING.signed_distance((F(3, 2), F(1, 2))) == SignedRoot(1, Surd(F(1, 4)))
    assert RING.signed_distance((3, 0)) == SignedRoot(-1, Surd(F(1)))
    assert RING.side((F(1, 2), F(-3, 4))) == -1 and RING.side((F(1, 2), F(-1, 4))) == 1
    assert RING.side((1, F(1, 2))) == 0 == RING.side((2, 0))


def test_floats_of_a_region_keep_their_bound() -> None:
    nested = Region((koch_snowflake(2), koch_snowflake(0).scaled(F(1, 3))))
    for region in (RING, nested):
        f = SignedDistance(region)
        points = [q for polygon in region.polygons for q in samples(polygon, 30, 5)]
        for point, value in zip(points, f.batch(points).tolist(), strict=True):
            got = SignedRoot((value > 0) - (value < 0), surd(value) * surd(value))
            assert region.signed_distance(point).is_within(surd(f.error * f.error), got)
            if abs(F(value)) > f.error:
                assert (value > 0) == (region.side(point) > 0)
    assert nested.side((0, 0)) == -1 and nested.side((0, F(1, 2))) == 1


@pytest.mark.parametrize(
    ("polygons", "message"),
    [
        ((), "at least one"),
        ((SQUARE, ELL), "disjoint"),
        ((SQUARE, SQUARE), "disjoint"),
        ((SQUARE, Polygon(((1, 1), (2, 1), (2, 2)))), "disjoint"),  # a common corner
        ((SQUARE, 5), "no polygon"),
        (7, "not a sequence"),
    ],
)
def test_what_is_no_region(polygons: object, message: str) -> None:
    with pytest.raises(PolygonError, match=message):
        Region(polygons)  # type: ignore[arg-type]


def test_scaled_polygons() -> None:
    assert (
        ELL.scaled(3).corners[1] == (9, 0)
        and ELL.scaled(F(1, 2)).area == 1
        and TRIANGLE.scaled(SQRT3).area == 3 * SQRT3
    )
    for factor in (0, -1, float("nan"), SQRT3 - 2):
        with pytest.raises(PolygonError, match="factor"):
            ELL.scaled(factor)
