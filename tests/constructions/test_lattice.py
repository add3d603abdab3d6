"""Lattices: exact values, the MaxMin network that equals them for all reals, float enclosures, refusals."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, inf, log2, nextafter, ulp
from random import Random
from typing import Any

import numpy as np
import pytest

from lipcheck.build.joining import join, meet
from lipcheck.build.lattice import Lattice, LatticeError, constant_shift, negative
from lipcheck.build.pieces import Piece, nearest
from lipcheck.engines.smt import ask
from lipcheck.exact import NetworkError, Vector
from lipcheck.network import Affine, MaxMin, Select
from lipcheck.norms import NormError, operator_norm, operator_norm_at_most
from lipcheck.readings import smt
from lipcheck.readings.rational import evaluate, is_smooth_at, jacobian
from lipcheck.words import terms
from lipcheck.words.formulas import equals
from lipcheck.words.obligation import Forall

ONE = Fraction(1)
SHAPES: list[tuple[int, ...]] = [(1,), (2,), (3,), (9,), (1, 1), (1,) * 7, (5, 1), (3, 1, 2), (4, 4, 4),
                                 (9, 1, 1, 6, 5), (2, 8, 3, 1, 1, 1), (1, 2, 3, 4, 5, 6, 7)]  # fmt: skip


def fraction(random: Random) -> Fraction:
    return Fraction(random.randint(-60, 60), random.randint(1, 12))


def rows(random: Random, n: int) -> Vector:
    return tuple(fraction(random) for _ in range(n))


def lattice(sizes: tuple[int, ...], n: int, outer: str, seed: object = 0) -> Lattice:
    random = Random(f"{seed} {sizes} {n} {outer}")
    groups = tuple(tuple(Piece(rows(random, n), fraction(random)) for _ in range(size)) for size in sizes)
    return Lattice(groups, 2, outer)  # type: ignore[arg-type]


def naive(f: Lattice, x: Vector) -> Fraction:
    """The definition."""
    inner, outer = (min, max) if f.outer == "max" else (max, min)
    return outer(
        inner(sum((w * c for w, c in zip(p.weight, x, strict=True)), p.bias) for p in group) for group in f.groups
    )


@pytest.mark.parametrize("outer", ["max", "min"])
@pytest.mark.parametrize("sizes", SHAPES, ids=str)
def test_values_network_and_definition_agree(sizes: tuple[int, ...], outer: str) -> None:
    random = Random(f"agree {sizes} {outer}")
    for n in (1, 3):
        f = lattice(sizes, n, outer)
        points = [rows(random, n) for _ in range(22)]
        network = f.network()
        wanted = [naive(f, x) for x in points]
        assert list(f.values(points)) == wanted
        assert [evaluate(network, x)[0] for x in points] == wanted
        assert network.outputs == 1 and network.inputs == f.inputs == n


def term(f: Lattice, x: tuple[terms.Term, ...]) -> terms.Term:
    """The definition, as a term: the pieces by their networks, folded one after the other."""
    inner, outer = (terms.minimum, terms.maximum) if f.outer == "max" else (terms.maximum, terms.minimum)
    groups = []
    for group in f.groups:
        values = [smt.evaluate(Lattice(((piece,),), f.p).network(), x)[0] for piece in group]
        groups.append(_folded(inner, values))
    return _folded(outer, groups)


def _folded(operation: Callable[[terms.Term, terms.Term], terms.Term], values: list[terms.Term]) -> terms.Term:
    found = values[0]
    for value in values[1:]:
        found = operation(found, value)
    return found


@pytest.mark.parametrize("outer", ["max", "min"])
@pytest.mark.parametrize("sizes", [(3,), (1, 1, 1), (2, 1), (3, 2), (1, 2, 2)], ids=str)
def test_the_network_is_the_lattice_for_all_reals(sizes: tuple[int, ...], outer: str) -> None:
    f = lattice(sizes, 2, outer)
    x = terms.variables("x", 2)
    found = smt.evaluate(f.network(), x)[0]
    assert ask(Forall("network", {}, equals(found, term(f, x)))).status == "unsat"
    shifted = constant_shift(f, Fraction(1, 10**9))
    assert ask(Forall("shifted", {}, equals(found, term(shifted, x)))).status == "sat"


@pytest.mark.parametrize("outer", ["max", "min"])
@pytest.mark.parametrize("sizes", SHAPES, ids=str)
def test_depth_units_and_parameters_are_those_of_the_network(sizes: tuple[int, ...], outer: str) -> None:
    f = lattice(sizes, 2, outer)
    network = f.network()
    maps = [layer for layer in network.layers if isinstance(layer, Affine | Select)]
    hidden = [network.widths[i] for i, layer in enumerate(network.layers) if isinstance(layer, MaxMin)]
    assert f.depth == len(maps) == 1 + ceil(log2(max(sizes))) + ceil(log2(len(sizes)))
    assert f.units == sum(hidden) and len(hidden) == f.depth - 1
    first = network.layers[0]
    assert isinstance(first, Affine) and not any(isinstance(layer, Affine) for layer in network.layers[1:])
    # A group of odd size above one repeats its last piece; so does a lone group's partner.
    assert f.parameters == 3 * len(f.pieces) <= network.parameters == 3 * len(first.weight)
    assert set(zip(first.weight, first.bias, strict=True)) == {(piece.weight, piece.bias) for piece in f.pieces}
    assert len(first.weight) <= len(f.pieces) + len(sizes)
    assert f.sizes == sizes and f.pieces == tuple(piece for group in f.groups for piece in group)


@pytest.mark.parametrize("sizes", [(1,), (3, 2, 5), (1, 1, 1)], ids=str)
def test_later_layers_have_norm_one(sizes: tuple[int, ...]) -> None:
    for layer in lattice(sizes, 2, "max").network().dense().layers[1:]:
        if isinstance(layer, Affine):
            bracket = operator_norm(layer.weight, inf)
            assert bracket.lower == bracket.upper == 1 and not any(layer.bias)


def test_the_norm_is_that_of_the_first_layer() -> None:
    weights = [(Fraction(3, 5), Fraction(-4, 5)), (Fraction(1, 2), Fraction(1, 2))]
    pieces = tuple(Piece(w, Fraction(0)) for w in weights)
    assert Lattice((pieces,), 2).norm.at_most(1) is True and Lattice((pieces,), 2).norm.at_least(1) is True
    assert Lattice((pieces,), inf).norm.lower == Fraction(7, 5)
    assert Lattice((pieces,), 1).norm.upper == Fraction(4, 5)
    first = Lattice((pieces,), 2).network().layers[0]
    assert isinstance(first, Affine)
    assert operator_norm_at_most(first.weight, 1, 2, inf) is True
    assert operator_norm_at_most(first.weight, Fraction(99999, 100000), 2, inf) is False


def enclosed(f: Lattice, points: list[Vector]) -> tuple[list[Fraction], list[tuple[float, float]]]:
    lower, upper = f.enclosures(np.array([[nearest(c) for c in x] for x in points]))
    return [naive(f, x) for x in points], list(zip(lower.tolist(), upper.tolist(), strict=True))


@pytest.mark.parametrize("outer", ["max", "min"])
@pytest.mark.parametrize("scale", [0, -200, 200, 290, -310, -323])
def test_enclosures_contain_the_exact_values(scale: int, outer: str) -> None:
    random = Random(f"enclosures {scale} {outer}")
    f = lattice((3, 1, 4), 3, outer)
    unit = Fraction(10) ** scale
    f = Lattice(tuple(tuple(Piece(p.weight, p.bias * unit) for p in g) for g in f.groups), 2, f.outer)
    points = [tuple(fraction(random) * unit for _ in range(3)) for _ in range(60)]
    values, ends = enclosed(f, points)
    for x, value, (low, high) in zip(points, values, ends, strict=True):
        assert low <= value <= high
        size = sum(map(abs, x), Fraction(0)) * 60 + 60 * unit
        assert Fraction(high) - Fraction(low) <= size / 10**13 + Fraction(2) ** -970
    assert f.values(points) == tuple(values)


def test_one_rounding_after_another_stays_within_the_bound() -> None:
    # n = 1: w and x are a little less than half a unit from floats, so that all errors point one way.
    worst, random = Fraction(0), Random("roundings")
    u = Fraction(1, 2**53)
    for _ in range(60):
        w, x = (1 + (2 * random.getrandbits(47) + 1 - Fraction(1, 1000)) * u for _ in range(2))
        f = Lattice(((Piece((w,), Fraction(0)),),), 2)
        (value,), ((low, high),) = enclosed(f, [(x,)])
        assert low <= value <= high
        worst = max(worst, abs(value - Fraction(nearest(w) * nearest(x))) / value)
    assert worst > Fraction(5, 2) * u


def test_enclosures_beyond_floats_are_infinite_and_values_exact() -> None:
    huge = Fraction(10) ** 400
    f = Lattice(((Piece((ONE, ONE), huge), Piece((-ONE, ONE), huge)), (Piece((ONE, ONE), -huge),)), inf)
    points = [(huge, -huge), (Fraction(1e308), Fraction(1e308)), (1 / huge, 2 / huge), (-3 * huge, Fraction(1, 7))]
    values, ends = enclosed(f, points)
    assert all(low <= value <= high for value, (low, high) in zip(values, ends, strict=True))
    assert f.values(points) == tuple(values)
    flat = Lattice(((Piece((Fraction(1e300),), Fraction(0)),), (Piece((Fraction(-1e300),), Fraction(1)),)), 2)
    tiny = [(Fraction(1, 10**330),), (Fraction(-1, 10**330),), (Fraction(1, 10**299),)]
    values, ends = enclosed(flat, tiny)
    assert all(low <= value <= high for value, (low, high) in zip(values, ends, strict=True))


def test_values_that_floats_cannot_tell_apart() -> None:
    step = Fraction(1, 10**40)
    third = Fraction(1, 3)
    f = Lattice(tuple((Piece((third,), k * step), Piece((third,), (k + 1) * step)) for k in range(5)), 2)
    assert f.value([third]) == Fraction(1, 9) + 4 * step and f.showing([[third]]) == (8,)
    assert negative(f).value([third]) == -Fraction(1, 9) - 4 * step
    g = Lattice(f.groups, 2, "min")
    assert g.value(["1/3"]) == Fraction(1, 9) + step and g.showing([[third]]) == (1,)
    big = Fraction(2) ** 60
    h = Lattice(((Piece((ONE, -ONE), Fraction(0)),), (Piece((-ONE, ONE), Fraction(0)),)), 2)
    assert h.value([big + Fraction(1, 3), big]) == Fraction(1, 3)


def test_the_first_of_tied_pieces_shows() -> None:
    up, down, flat = (Piece((Fraction(s),), Fraction(0)) for s in (1, -1, 0))
    assert Lattice(((up, down), (flat,)), 2).showing([[0], [1], [-1]]) == (0, 2, 2)
    assert Lattice(((down, up), (flat, flat)), 2, "min").showing([[0], [1], [-1]]) == (0, 2, 2)
    assert Lattice(((up,), (up,), (down,)), 2).showing([[3], [-3]]) == (0, 2)


@pytest.mark.parametrize("outer", ["max", "min"])
@pytest.mark.parametrize("sizes", [(3,), (1, 1, 1, 1), (4, 2, 3)], ids=str)
def test_the_gradient_is_the_jacobian_of_the_network(sizes: tuple[int, ...], outer: str) -> None:
    random = Random(f"gradient {sizes} {outer}")
    f = lattice(sizes, 3, outer, "gradient")
    network = f.network()
    smooth = 0
    for _ in range(25):
        x = rows(random, 3)
        (slope,) = jacobian(network, x)
        values = [piece.at(x) for piece in f.pieces]
        if values.count(f.value(x)) == 1:
            smooth += 1
            assert f.gradient(x) == slope
            assert f.pieces[f.showing([x])[0]].at(x) == f.value(x)
    assert smooth > 20
    # Odd partners tie with themselves, so the network is seldom smooth; where it is, nothing differs.
    assert Lattice(f.groups[:1] * 2, 2).gradient(x) == f.groups[0][0].weight or not is_smooth_at(network, x)


@pytest.mark.parametrize("operation", [(join, max), (meet, min)], ids=["join", "meet"])
def test_joins_of_networks_are_maxima_of_lattices(operation: tuple[Any, Any]) -> None:
    joined, choice = operation
    random = Random("join")
    for shapes in (((3, 2), (1,)), ((1,), (1,)), ((5,), (2, 2, 1))):
        f, g = (lattice(sizes, 2, outer, "join") for sizes, outer in zip(shapes, ("max", "min"), strict=True))
        network = joined(f.network(), g.network())
        for _ in range(15):
            x = rows(random, 2)
            assert evaluate(network, x) == (choice(f.value(x), g.value(x)),)
    same = lattice((2, 3), 2, "max", "join"), lattice((4, 1), 2, "max", "other")
    both = Lattice(same[0].groups + same[1].groups, 2)
    for _ in range(15):
        x = rows(random, 2)
        assert evaluate(join(*(f.network() for f in same)), x) == (both.value(x),)


def test_shift_and_negation() -> None:
    random = Random("shift")
    for outer in ("max", "min"):
        f = lattice((2, 3), 2, outer)
        for _ in range(10):
            x = rows(random, 2)
            assert constant_shift(f, Fraction(5, 7)).value(x) == f.value(x) + Fraction(5, 7)
            assert negative(f).value(x) == -f.value(x)
        assert negative(negative(f)) == f


def test_pieces() -> None:
    piece = Piece.through((ONE, Fraction(2)), Fraction(3), (Fraction(1, 2), Fraction(-1)))
    assert piece.at((ONE, Fraction(2))) == 3 and piece.bias == Fraction(9, 2)
    assert (-piece).at((ONE, ONE)) == -piece.at((ONE, ONE)) and piece.shifted(ONE).bias == Fraction(11, 2)
    # Floats stand for their binary value: nothing is rounded on the way.
    given = Piece((0.1, "1/3"), 0.2)  # type: ignore[arg-type]
    assert given == Piece((Fraction(0.1), Fraction(1, 3)), Fraction(0.2)) and type(given.at((ONE, ONE))) is Fraction


def test_points_of_many_kinds() -> None:
    torch = pytest.importorskip("torch")
    f = lattice((2, 1), 2, "max")
    wanted = f.values([(Fraction(1, 2), Fraction(-3)), (Fraction(2), Fraction(0))])
    array = np.array([[0.5, -3.0], [2.0, 0.0]])
    strided = np.array([[0.5, 9.0, -3.0], [2.0, 9.0, 0.0]])[:, ::2]
    for points in ([[0.5, -3], [2, 0]], (("1/2", "-3"), ["2", "0"]), array, strided, array.astype(np.float32),
                   [np.array([0.5, -3]), (2, 0)], torch.tensor(array), np.asfortranarray(array)):  # fmt: skip
        assert f.values(points) == wanted  # type: ignore[arg-type]
    assert f.values([]) == () and f.showing([]) == ()
    assert f.enclosures(array.astype(np.float32))[0].dtype == np.float64


BAD_POINTS = [None, 5, [5], [[1]], [[1, 2, 3]], [[1, float("nan")]], [[1, inf]], [[1, None]], [[True, 1]], [["a", 1]],
              [[]], "ab", [[[1], [2]]]]  # fmt: skip


@pytest.mark.parametrize("points", BAD_POINTS, ids=str)
def test_points_that_are_none(points: Any) -> None:
    f = lattice((2, 1), 2, "max")
    with pytest.raises((LatticeError, NetworkError), match=r"[Pp]oint"):
        f.values(points)
    if isinstance(points, list) and len(points) == 1:
        with pytest.raises((LatticeError, NetworkError)):
            f.value(points[0])
        with pytest.raises((LatticeError, NetworkError)):
            f.gradient(points[0])


@pytest.mark.parametrize("groups", [5, None, (5,), ((5,),), ((None,),), "ab"], ids=str)
def test_groups_that_are_none(groups: Any) -> None:
    with pytest.raises((LatticeError, NetworkError), match=r"groups|Piece"):
        Lattice(groups, 2)


def test_lattices_that_are_none() -> None:
    piece, other = Piece((ONE,), ONE), Piece((ONE, ONE), ONE)
    for groups in ((), ((),), ((piece,), ())):
        with pytest.raises(LatticeError, match="no pieces, or with an empty group"):
            Lattice(groups, 2)
    for pieces in ((piece, other), (Piece((), ONE),)):
        with pytest.raises(LatticeError, match="different lengths, or of none"):
            Lattice((pieces,), 2)
    with pytest.raises(LatticeError, match="'middle': say 'max' or 'min'"):
        Lattice(((piece,),), 2, "middle")  # type: ignore[arg-type]
    for p in (Fraction(1, 2), float("nan"), True, "2", None):
        with pytest.raises(NormError, match="exponent p"):
            Lattice(((piece,),), p)  # type: ignore[arg-type]
    for weight, bias in ((None, 1), (("x",), 1), ((1,), float("nan")), ((inf,), 0), ((True,), 0)):
        with pytest.raises(NetworkError, match=r"weight|bias"):
            Piece(weight, bias)  # type: ignore[arg-type]
    for shape in ((3,), (3, 3), (3, 2, 1)):
        with pytest.raises(LatticeError, match="have the shape"):
            lattice((2,), 2, "max").enclosures(np.zeros(shape))


def test_nearest_floats() -> None:
    assert nearest(Fraction(10) ** 400) == inf and nearest(-(Fraction(10) ** 400)) == -inf
    assert nearest(Fraction(1, 10**400)) == 0 and nearest(1 + Fraction(ulp(1.0)) * Fraction(51, 100)) == nextafter(1, 2)


def test_one_lattice_of_many_pieces_is_read_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random("blocks")
    f = lattice((3, 4, 2), 2, "max")
    points = [rows(random, 2) for _ in range(50)]
    array = np.array(points, dtype=float)
    values, ends = f.values(points), f.enclosures(array)
    monkeypatch.setattr("lipcheck.build.lattice._CHUNK", 30)
    assert f.values(points) == values
    assert all((a == b).all() for a, b in zip(f.enclosures(array), ends, strict=True))
