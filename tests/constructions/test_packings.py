from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from math import floor, gamma, isqrt, pi, sqrt
from random import Random

import pytest

from lipcheck.build import counts
from lipcheck.build.boxes import Box, BoxError
from lipcheck.build.counts import Window, minimal_vectors, shells
from lipcheck.build.packing_bounds import PackingBounds, packing_bounds, proposition_7_bounds, upper_bounds
from lipcheck.build.packings import Packing, separated_set
from lipcheck.build.root_lattices import (
    PackingError,
    PointLattice,
    checkerboard,
    cubic,
    e8,
    hexagonal,
    lattices,
)
from lipcheck.build.volumes import (
    Ball,
    Region,
    ball,
    circumradius_squared,
    cube,
    eroded,
    intrinsic_volumes,
    kappa,
    volume_ratio,
)  # fmt: skip
from lipcheck.exact import NetworkError, Vector
from lipcheck.norms import Bracket

half = Fraction(1, 2)
ALL = [cubic(1), cubic(2), cubic(3), hexagonal(), hexagonal(upright=True), checkerboard(3), checkerboard(4), e8()]
SMALL = ALL[:-1]


def dot(a: Vector, b: Vector) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def box(*sides: Fraction | int) -> Box:
    return Box([0] * len(sides), sides)


def divisors(n: int) -> list[int]:
    return [d for d in range(1, n + 1) if n % d == 0]


def in_e8(z: tuple[int, ...]) -> bool:
    return len({c % 2 for c in z}) == 1 and sum(z) % 4 == 0


MEMBERS: dict[str, Callable[[tuple[int, ...]], bool]] = {
    "Z": lambda z: True, "h": lambda z: sum(z) % 2 == 0, "D": lambda z: sum(z) % 2 == 0, "E": in_e8,
}  # fmt: skip


@pytest.mark.parametrize("lattice", ALL, ids=lambda lattice: lattice.name)
def test_the_table_is_the_definition_and_the_lattice_a_group(lattice: PointLattice) -> None:
    member = MEMBERS[lattice.name[0]]
    residues = list(product(range(lattice.modulus), repeat=lattice.dimension))
    inside = {z for z in residues if lattice.contains(z)}
    assert inside == set(filter(member, residues))
    some = Random(1).sample(sorted(inside), min(60, len(inside)))
    assert all(
        tuple((a - b) % lattice.modulus for a, b in zip(z, w, strict=True)) in inside for z in some for w in some
    )
    assert not lattice.contains((0,) * (lattice.dimension + 1))


@pytest.mark.parametrize(
    ("lattice", "minimum", "kissing"),
    [(cubic(3), 1, 6), (hexagonal(), 4, 6), (hexagonal(upright=True), 4, 6), (checkerboard(3), 2, 12),
     (checkerboard(4), 2, 24), (checkerboard(7), 2, 84), (e8(), 8, 240)],
    ids=lambda value: value.name if isinstance(value, PointLattice) else str(value),
)  # fmt: skip
def test_minimal_vectors(lattice: PointLattice, minimum: int, kissing: int) -> None:
    vectors = minimal_vectors(lattice)
    assert lattice.minimum == minimum and len(set(vectors)) == kissing
    assert {lattice.norm(v) for v in vectors} == {minimum} and all(map(lattice.contains, vectors))


def test_a_wrong_minimum_is_noticed() -> None:
    for wrong in (1, 3, 4):
        with pytest.raises(PackingError, match="minimal norm"):
            minimal_vectors(replace(checkerboard(4), minimum=wrong))


def test_theta_series() -> None:
    """Conway and Sloane, chapter 4: E_8 has 240 sigma_3(k) points of norm 2k, D_4 24 times the sum of odd divisors."""
    assert shells(e8(), 48) == {0: 1} | {8 * k: 240 * sum(d**3 for d in divisors(k)) for k in range(1, 7)}
    assert list(shells(e8(), 24).values()) == [1, 240, 2160, 6720]
    odd = {2 * k: 24 * sum(d for d in divisors(k) if d % 2) for k in range(1, 20)}
    assert shells(checkerboard(4), 38) == {0: 1} | odd and list(odd.values())[:3] == [24, 24, 96]
    assert shells(hexagonal(), 28) == {0: 1, 4: 6, 12: 6, 16: 6, 28: 12} == shells(hexagonal(upright=True), 28)
    squares = {k: 8 * sum(d for d in divisors(k) if d % 4) for k in range(1, 20)}
    assert shells(cubic(4), 19) == {0: 1} | squares


@pytest.mark.parametrize("lattice", SMALL, ids=lambda lattice: lattice.name)
def test_counts_and_points_agree_with_trying_all_vectors(lattice: PointLattice) -> None:
    random, n = Random(lattice.name), lattice.dimension
    member = MEMBERS[lattice.name[0]]
    for _ in range(3):
        squares = lattice.scaled(Fraction(random.randint(2, 4), 2))
        offset = tuple(Fraction(random.randint(-4, 4), random.choice([1, 2, 3])) for _ in range(n))
        sides = tuple(Fraction(random.randint(0, 5), 2) for _ in range(n))
        radius = Fraction(random.randint(1, 4), 2)
        tried = [z for z in product(range(-8, 9), repeat=n) if member(z)] if n < 4 else None
        if tried is None:
            tried = [z for z in product(range(-5, 6), repeat=n) if member(z)]
            offset = tuple(t % 2 for t in offset)
        moved = {z: tuple(c + t for c, t in zip(z, offset, strict=True)) for z in tried}
        in_ball = [z for z, x in moved.items() if dot(squares, tuple(c * c for c in x)) <= radius**2]
        in_box = [
            z for z, x in moved.items()
            if all(c >= 0 and c * c * u <= a * a for c, u, a in zip(x, squares, sides, strict=True))
        ]  # fmt: skip
        for window, expected in (
            (Window.ball(lattice, squares, offset, radius**2), in_ball),
            (Window.box(lattice, squares, offset, sides), in_box),
        ):
            assert window.points() == tuple(sorted(expected))
            assert window.count() == len(expected) == sum(window.distribution().values())


def test_e8_in_a_box_agrees_with_trying_all_vectors() -> None:
    packing = separated_set(cube(8, 1), 1, lattice=e8(), offset=[0] * 8)
    expected = sorted(z for z in product(range(3), repeat=8) if in_e8(z))
    assert list(packing.integer_points()) == expected and packing.count == len(expected) == 129


def test_numbers_too_large_for_machine_integers() -> None:
    small = Window.ball(hexagonal(), hexagonal().scaled(Fraction(1)), (half, half), Fraction(16))
    stretch = Fraction(2**70 + 1, 2**70)
    squares = tuple(u * stretch**2 for u in hexagonal().scaled(Fraction(1)))
    scaled = Window.ball(hexagonal(), squares, (half, half), Fraction(16) * stretch**2)
    uneven = Window.ball(hexagonal(), (squares[0], squares[1] / stretch), (half, half), Fraction(16) * stretch**2)
    assert uneven.bound > 2**63
    assert small.points() == scaled.points() == uneven.points() and len(small.points()) == small.count() > 50


def regions(seed: int, count: int) -> list[Region]:
    random, found = Random(seed), []
    for _ in range(count):
        n = random.randint(1, 4)
        where = [Fraction(random.randint(-9, 9), 3) for _ in range(n)]
        if random.random() < 0.5:
            found.append(Ball(tuple(where), Fraction(random.randint(1, 8), 3)))
        else:
            found.append(Box(where, [c + Fraction(random.randint(0, 9), 2) for c in where]))
    return found


@pytest.mark.parametrize("region", regions(5, 24), ids=repr)
@pytest.mark.parametrize("inside", [False, True])
def test_separated_sets_are_separated_lie_inside_and_respect_the_upper_bounds(region: Region, inside: bool) -> None:
    s = Fraction(4, 3)
    bounds = packing_bounds(region, s, inside=inside)
    if inside and eroded(region, s / 2) is None:
        assert bounds.lower == bounds.upper == 0 and bounds.packing is None
        return
    for lattice in lattices(region.dimension):
        packing = separated_set(region, s, lattice=lattice, inside=inside, rational=True)
        points = packing.points()
        assert packing.count == len(set(points)) <= bounds.upper
        assert all(region.contains(x) for x in points)
        for x, y in combinations(points, 2):
            assert dot(d := tuple(a - b for a, b in zip(x, y, strict=True)), d) >= s * s
        for x in points if inside else ():
            if isinstance(region, Box):
                ends = zip(region.lower, x, region.upper, strict=True)
                assert all(low + s / 2 <= c <= high - s / 2 for low, c, high in ends)
            else:
                from_centre = tuple(a - b for a, b in zip(x, region.centre, strict=True))
                assert dot(from_centre, from_centre) <= (region.radius - s / 2) ** 2
        exact = separated_set(region, s, lattice=lattice, inside=inside)
        assert exact.count <= bounds.lower <= bounds.upper and bounds.packing is not None
        assert (exact.least_squared_distance() or s * s) >= s * s


def test_the_separation_is_attained_and_no_axis_may_be_shorter() -> None:
    for lattice in ALL:
        packing = separated_set(ball(lattice.dimension, 1), 1, lattice=lattice, offset=[0] * lattice.dimension)
        assert packing.least_squared_distance() == 1
        assert packing.count == 1 + len(minimal_vectors(lattice))
        shorter = (packing.squares[0] * Fraction(999999, 10**6), *packing.squares[1:])
        with pytest.raises(PackingError, match="too short"):
            Packing(packing.region, packing.separation, lattice, packing.offset, shorter)


def test_coordinates() -> None:
    packing = separated_set(Box((5, 7), (7, 9)), 1, lattice=hexagonal(), offset=[0, 0])
    z = packing.integer_points()
    assert packing.count == 3 + 2 + 3 == len(z)
    assert packing.floats()[z.index((1, 1))] == pytest.approx((5.5, 7 + sqrt(3) / 2))
    with pytest.raises(PackingError, match="rational=True"):
        packing.points()
    rounded = separated_set(Box((5, 7), (7, 9)), 1, lattice=hexagonal(), offset=[0, 0], rational=True)
    x, y = rounded.points()[z.index((1, 1))]
    assert x == Fraction(11, 2) and y > 7 and 4 * (y - 7) ** 2 > 3 and y - 7 == pytest.approx(sqrt(3) / 2, abs=1e-9)
    assert separated_set(cube(2, 1), 1).points() == ((0, 0), (0, 1), (1, 0), (1, 1))


def test_an_irrational_boundary_is_decided_exactly() -> None:
    """sqrt(3) k <= a if and only if 3 k^2 <= a^2, where no float can tell: convergents of sqrt(3) from both sides."""
    a, b = 2, 1
    for step in range(40):
        a, b = 2 * a + 3 * b, a + 2 * b
        for numerator in (a, a - 1):
            sides = (Fraction(0), Fraction(numerator, b))
            rows = Window.box(hexagonal(), (Fraction(1), Fraction(3, 4)), (Fraction(0),) * 2, sides).count()
            assert rows == (2 if numerator == a else 1), step


def test_which_lattice_wins() -> None:
    assert separated_set(cube(2, 1), 1).lattice == cubic(2)
    assert separated_set(cube(2, 10), 1).lattice.name.startswith("hexagonal")
    assert separated_set(cube(3, 1), 1).lattice == cubic(3)
    assert separated_set(ball(3, 1), 1).lattice == checkerboard(3)
    large = separated_set(cube(8, 2), 1)
    assert large.lattice == e8() and large.count == 6562 > separated_set(cube(8, 2), 1, lattice=cubic(8)).count == 3**8
    assert {lattice.name for lattice in lattices(8)} == {"Z^8", "D_8", "E_8"}


def test_volumes_of_unit_balls() -> None:
    for n in range(1, 30):
        c, k = kappa(n)
        assert float(c) * pi**k == pytest.approx(pi ** (n / 2) / gamma(n / 2 + 1), rel=1e-12)
    assert kappa(1) == (2, 0) and kappa(2) == (1, 1) and kappa(3) == (Fraction(4, 3), 1)


def test_steiner_formula() -> None:
    a, b, c, r = 2.0, 3.0, 5.0, 0.75
    square = Fraction(9, 16)
    flat = volume_ratio(box(2, 3), square, Fraction(1))
    assert float(flat.lower) == pytest.approx((a * b + 2 * (a + b) * r + pi * r * r) / pi)
    solid = volume_ratio(box(2, 3, 5), square, Fraction(4))
    edges = (a + b + c) * pi * r * r
    expected = (a * b * c + 2 * (a * b + b * c + a * c) * r + edges + 4 / 3 * pi * r**3) / (4 / 3 * pi * 8)
    assert float(solid.lower) == pytest.approx(expected) and solid.width < Fraction(1, 10**60)
    assert volume_ratio(ball(7, 2), square, Fraction(4)).lower == Fraction(11, 8) ** 7
    assert volume_ratio(cube(1, 5), square, Fraction(1)).exact
    irrational = volume_ratio(ball(3, 2), Fraction(2), Fraction(1))
    assert irrational.lower < irrational.upper and float(irrational.lower) == pytest.approx((2 + sqrt(2)) ** 3)


def test_parallel_volumes_of_balls_come_from_their_intrinsic_volumes() -> None:
    for n in range(1, 8):
        region = ball(n, 3)
        total = 0.0
        for j, (value, power) in enumerate(intrinsic_volumes(region)):
            c, k = kappa(n - j)
            total += float(value) * pi**power * float(c) * pi**k * 0.5 ** (n - j)
        c, k = kappa(n)
        assert total == pytest.approx(float(c) * pi**k * 3.5**n)
    assert [v for v, _ in intrinsic_volumes(ball(2, 1))] == [1, 1, 1]


def test_the_line_is_exact() -> None:
    for a in range(0, 60):
        for s in (1, 3, 7):
            for region in (box(Fraction(a, 4)), ball(1, Fraction(a, 8))):
                bounds = packing_bounds(region, Fraction(s, 2))
                assert bounds.lower == bounds.upper == a * 2 // (4 * s) + 1


@pytest.mark.parametrize(
    ("region", "s", "number"),
    [
        (cube(2, 1), 1, 4),  # a square of side s, Rankin: 2 R^2 = s^2
        (ball(2, 1), 1, 7),  # a disc of radius s: the hexagon and its centre, Groemer
        (ball(5, Fraction(23, 20)), 2, 2),  # three points need the radius s / sqrt(3)
        (ball(9, Fraction(9, 10)), 2, 1),
        (box(3, 1, 0), Fraction(7, 2), 1),
        (box(0, 0), 1, 1),
        (box(10, 0, 0), 1, 11),
    ],
    ids=repr,
)
def test_known_numbers(region: Region, s: Fraction, number: int) -> None:
    bounds = packing_bounds(region, s)
    if number == 2:
        assert separated_set(region, s).count <= 2
    assert bounds.upper == number and bounds.lower == number


def test_upper_bounds_admit_known_configurations() -> None:
    """Sets larger than those of the lattices at hand: no bound may fall below them."""
    assert upper_bounds(cube(2, 1), Fraction(103, 100))["Groemer"] >= 3  # sqrt(6) - sqrt(2) = 1.035...
    assert min(upper_bounds(cube(3, 1), Fraction(141, 100)).values()) >= 4  # a tetrahedron
    assert min(upper_bounds(cube(4, 1), Fraction(2)).values()) >= 2
    assert min(upper_bounds(cube(8, 1), Fraction(2)).values()) == 16  # the extended Hamming code, Rankin
    assert min(upper_bounds(cube(7, 1), Fraction(173, 100)).values()) >= 16  # the Hamming code, distance sqrt(3)
    assert min(upper_bounds(ball(24, 2), Fraction(2)).values()) >= 196561  # the Leech lattice
    for n in range(2, 9):  # a simplex has the circumradius s sqrt(n / (2n + 2))
        below, above = (Fraction(isqrt(n * 10**12 // (2 * n + 2)) + k, 10**6) for k in (0, 1))
        rankin = [upper_bounds(ball(n, radius), 1)["Rankin"] for radius in (below, above)]
        assert rankin == [n, n + 1]


def test_named_bounds_have_their_formulas() -> None:
    bounds = upper_bounds(cube(2, 10), 1)
    assert bounds["volume"] == floor(4 / pi * (100 + 4 * 10 / 2 + pi / 4))
    assert bounds["cells"] == (isqrt(200) + 1) ** 2
    assert bounds["Groemer"] == floor(2 / sqrt(3) * 100 + 20 + 1)
    assert upper_bounds(ball(2, 10), 1)["Groemer"] == floor(2 / sqrt(3) * 100 * pi + 10 * pi + 1)
    r = 1 / sqrt(2)
    assert upper_bounds(ball(3, 10), 1)["Blichfeldt"] == floor(2.5 * ((10 + r) / r) ** 3)
    assert "Groemer" not in upper_bounds(cube(3, 10), 1) and "Rankin" not in upper_bounds(cube(3, 10), 1)


def test_proposition_7_holds_on_the_line_and_its_upper_bound_everywhere() -> None:
    for a in range(1, 80):
        assert proposition_7_bounds(cube(1, Fraction(a, 7)), half).printed_lower_holds is True
    for region in regions(9, 20):
        found = proposition_7_bounds(region, Fraction(2, 3))
        assert found.lower.at_most(found.packing.upper) and found.upper.at_least(found.packing.lower)
        assert found.printed_upper.at_least(found.packing.lower)
        assert found.lower.lower <= found.upper.upper <= found.printed_upper.upper


def test_the_printed_numbers() -> None:
    found = proposition_7_bounds(cube(2, 3), half)
    assert float(found.printed_lower.lower) == pytest.approx(4 * 9 / pi)
    assert float(found.printed_upper.lower) == pytest.approx(16 * (9 + 12 / 4 + pi / 16) / pi)
    assert float(found.lower.lower) == pytest.approx(9 / pi)
    assert float(found.upper.lower) == pytest.approx(4 * (9 + 12 / 2 + pi / 4) / pi)


COUNTEREXAMPLES = [
    (ball(2, Fraction(16882, 1000)), 285, 285.001924),
    (ball(3, Fraction(3367, 100)), 38170, 38170.631863),
    (ball(4, Fraction(1897, 100)), 129490, 129499.867),
    (ball(5, Fraction(23, 20)), 2, 2.0113571875),
    (ball(9, Fraction(217, 200)), 2, 2.08385570),
    (cube(2, Fraction(341, 10)), 370, 370.1339),
    (cube(3, 67), 71771, 71801.877),
]


@pytest.mark.parametrize(("region", "upper", "printed"), COUNTEREXAMPLES, ids=repr)
def test_the_printed_lower_bound_fails_from_dimension_two_on(region: Region, upper: int, printed: float) -> None:
    found = proposition_7_bounds(region, 1)
    assert found.packing.upper == upper < found.printed_lower.lower
    assert float(found.printed_lower.lower) == pytest.approx(printed)
    assert found.printed_lower_holds is False
    assert found.packing.lower <= upper


def test_where_the_bounds_cannot_tell_and_where_the_printed_bound_holds() -> None:
    assert proposition_7_bounds(ball(2, 16), 1).printed_lower_holds is None
    found = proposition_7_bounds(ball(5, Fraction(11, 10)), 1)
    assert found.printed_lower_holds is True
    for ends, holds in (((1, 2), True), ((2, 3), None), ((3, 4), None), ((2, 4), None), ((4, 5), False)):
        printed, packing = Bracket(*map(Fraction, ends)), PackingBounds(2, 3, None, "Rankin")
        assert replace(found, printed_lower=printed, packing=packing).printed_lower_holds is holds


def test_balls_inside_the_region() -> None:
    """The other reading: then the printed lower bound is an upper bound, and fails on the line as well."""
    found = proposition_7_bounds(cube(1, 3), 1, inside=True)
    assert found.packing.lower == found.packing.upper == 1 and found.printed_lower.lower == Fraction(3, 2)
    assert found.printed_lower_holds is False
    nothing = proposition_7_bounds(cube(3, 1), 1, inside=True)
    assert nothing.packing.upper == 0 and nothing.printed_lower_holds is False
    assert proposition_7_bounds(cube(1, 6), 1, inside=True).printed_lower_holds is True
    assert proposition_7_bounds(ball(3, 1), 1, inside=True).printed_lower_holds is True
    for region in regions(11, 20):
        other = proposition_7_bounds(region, half, inside=True)
        assert other.packing.upper <= other.printed_lower.upper


def test_regions() -> None:
    rectangle, disc = Box((1, 1), (3, 4)), Ball((1, 1), 2)
    assert disc.contains((Fraction(3), Fraction(1))) and not disc.contains((Fraction(3), Fraction(2)))
    assert eroded(rectangle, Fraction(1)) == Box((2, 2), (2, 3)) and eroded(rectangle, Fraction(101, 100)) is None
    assert eroded(disc, Fraction(2)) == Ball((1, 1), 0) and eroded(disc, Fraction(3)) is None
    assert circumradius_squared(rectangle) == Fraction(13, 4) and circumradius_squared(disc) == 4


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: cubic(0), "Z\\^n has no dimension 0"),
        (lambda: cubic(True), "no dimension True"),
        (lambda: checkerboard(2), "D_n has no dimension 2"),
        (lambda: cube(0, 1), "A cube has no dimension"),
        (lambda: ball(True, 1), "A ball has no dimension"),
        (lambda: Ball((), 1), "make no ball"),
        (lambda: Ball((0,), -1), "make no ball"),
        (lambda: separated_set(cube(2, 1), 0), "separation is 0"),
        (lambda: packing_bounds(cube(2, 1), -1), "separation is -1"),
        (lambda: upper_bounds(cube(2, 1), "0"), "separation is 0"),
        (lambda: proposition_7_bounds(cube(2, 1), 0), "margin is 0"),
        (lambda: separated_set(cube(2, 1), 2, inside=True), "No ball of radius 1 fits"),
        (lambda: separated_set(cube(3, 1), 1, lattice=hexagonal()), "do not fit dimension 3"),
        (lambda: separated_set(cube(2, 1), 1, offset=[0]), "do not fit dimension 2"),
        (lambda: separated_set(cube(2, 100), 1).integer_points(50), "more than the limit of 50"),
        (lambda: shells(replace(cubic(2), squares=(2, 2)), 3), "common factor"),
        (lambda: shells(cubic(2), -1), "largest norm is -1"),
        (lambda: shells(cubic(2), 10**30), "more than 2000000 integers"),
        (lambda: minimal_vectors("E_8"), "is no lattice"),  # type: ignore[arg-type]
        (lambda: separated_set(cube(1, 10**8), 1), "more than 2000000 integers"),
        (lambda: separated_set(ball(1, 10**40), 1), "more than 2000000 integers"),
        (lambda: separated_set(cube(2, 3), 1, lattice="E_8"), "is no lattice"),  # type: ignore[arg-type]
        (lambda: separated_set(cube(2, 3), 1, offset=[10**30, 0]).integer_points(), "more than 62 bits"),
        (lambda: separated_set((0, 1), 1), "is no region"),  # type: ignore[arg-type]
        (lambda: packing_bounds(None, 1, inside=True), "is no region"),  # type: ignore[arg-type]
        (lambda: upper_bounds(None, 1), "is no region"),  # type: ignore[arg-type]
        (lambda: proposition_7_bounds(None, 1), "is no region"),  # type: ignore[arg-type]
        (lambda: cube(10**9, 1), "up to 1000"),
        (lambda: kappa(-2), "no dimension -2"),
        (lambda: volume_ratio(cube(1, 1), Fraction(1), Fraction(0)), "one > 0"),
        (lambda: volume_ratio(cube(1, 1), Fraction(-1), Fraction(1)), "one >= 0"),
    ],
)
def test_what_cannot_be(make: Callable[[], object], message: str) -> None:
    with pytest.raises(PackingError, match=message):
        make()


def test_the_limit_is_the_number_of_points() -> None:
    packing = separated_set(cube(2, 3), 1)
    assert len(packing.integer_points(packing.count)) == packing.count
    with pytest.raises(PackingError, match=f"holds {packing.count} points"):
        packing.integer_points(packing.count - 1)


def test_no_cube_has_a_negative_side() -> None:
    with pytest.raises(BoxError):
        cube(2, -1)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, None, "1e3"])
def test_numbers_that_are_none(value: object) -> None:
    for make in (
        lambda: cube(2, value),
        lambda: Ball((0, value), 1),  # type: ignore[arg-type]
        lambda: separated_set(cube(2, 1), value),
        lambda: proposition_7_bounds(cube(2, 1), value),
    ):
        with pytest.raises(NetworkError):
            make()


def test_counts_that_take_too_long_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "STEPS", 1000)
    with pytest.raises(PackingError, match="takes more than 1000 steps"):
        separated_set(ball(8, 3), 1)
