"""Pictures: what is drawn, where, and what is refused."""

from __future__ import annotations

import warnings
from fractions import Fraction
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from lipcheck.build import Box, Lattice, Piece, approximate, interpolate
from lipcheck.network import Abs, Affine, GroupSort, MaxMin, Maxout, Network, Select
from lipcheck.render_plots import PlotError, plot_approximation, plot_data
from lipcheck.render_wiring import LARGEST, draw_network, drawable

ONE, HALF = Fraction(1), Fraction(1, 2)
TENT = Lattice(((Piece((ONE,), ONE), Piece((-ONE,), ONE)),), 2)


def size_of_png(path: Path) -> tuple[int, int]:
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def drawn(network: Network) -> tuple[int, int, list[str]]:
    """The numbers of units and of lines, and the texts."""
    axes = Figure().subplots()
    draw_network(network, axes)
    units = [line for line in axes.lines if line.get_marker() == "o"]
    return len(units), len(axes.lines) - len(units), [text.get_text() for text in axes.texts]


def test_every_unit_and_every_weight_is_drawn() -> None:
    network = Network(2, (Affine([[1, 0], [HALF, -HALF]], [0, 1]), MaxMin(), Select((1,), 2)))
    units, lines, texts = drawn(network)
    assert units == 2 + 2 + 2 + 1
    assert lines == 3 + 4 + 1
    assert {"$x_{1}$", "$x_{2}$", "$f$", "affine\n2×2", "MaxMin", "select\n1"} == set(texts)


def test_other_layers_are_drawn() -> None:
    network = Network(4, (GroupSort(4, order="ascending"), Abs(), Maxout(2), Affine.linear([[1, 0], [0, 1], [1, 1]])))
    units, lines, texts = drawn(network)
    assert (units, lines) == (4 + 4 + 4 + 2 + 3, 16 + 4 + 4 + 4)
    assert {"$f_{1}$", "$f_{3}$", "GroupSort", "Abs", "Maxout"} <= set(texts)


def test_unread_units_are_pale() -> None:
    network = Network(1, (Affine.linear([[1], [1]]), MaxMin(), Select((0,), 2)))
    axes = Figure().subplots()
    draw_network(network, axes)
    faces = [line.get_markerfacecolor() for line in axes.lines if line.get_marker() == "o"]
    # x, the two units before MaxMin, its maximum and its minimum, f: only the minimum is unread.
    assert faces == ["white", "white", "white", "white", "#dddddd", "white"]


def test_only_small_networks_are_drawn() -> None:
    wide = Network(1, (Affine.linear([[1]] * (LARGEST + 1)),))
    assert not drawable(wide)
    assert drawable(TENT.network())


@pytest.mark.parametrize(("inputs", "panels"), [(1, 3), (2, 3), (3, 3)])
def test_data_are_drawn_in_every_dimension(inputs: int, panels: int, tmp_path: Path) -> None:
    points = [[Fraction(i * (k + 1) % 5, 2) for k in range(inputs)] for i in range(6)]
    values = [max(point) for point in points]
    found = interpolate(points, values, p=float("inf"))
    path = tmp_path / "data.png"
    taken = found.lattice.values(found.data.points)
    plot_data(found.lattice, found.data.points, found.data.values, taken, path)
    width, height = size_of_png(path)
    assert (width, height) == (round(4.6 * panels * 130), round(4.2 * 130))


def test_the_same_picture_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.png", "b.png", "a.svg", "b.svg", "a.pdf", "b.pdf"):
        plot_data(TENT, [(ONE,), (HALF,)], [ONE, ONE], [ONE, ONE], tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    for ending in ("svg", "pdf"):
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_one_point_is_drawn(tmp_path: Path) -> None:
    plot_data(TENT, [(ONE,)], [ONE], [ONE], tmp_path / "one.png")
    assert size_of_png(tmp_path / "one.png")[0] > 0


def test_an_approximation_on_the_line_is_drawn(tmp_path: Path) -> None:
    found = approximate(lambda x: abs(x[0]), Box([-1], [1]), Fraction(1, 10), 2)
    plot_approximation(found, lambda x: abs(x[0]), tmp_path / "line.png", "|x|")
    assert size_of_png(tmp_path / "line.png") == (round(4.6 * 4 * 130), round(4.2 * 130))


def test_other_endings_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PlotError, match=r"end its name in \.png, \.svg, \.pdf"):
        plot_data(TENT, [(ONE,)], [ONE], [ONE], tmp_path / "net.gif")
    with pytest.raises(PlotError, match="cannot be written"):
        plot_data(TENT, [(ONE,)], [ONE], [ONE], tmp_path / "no" / "net.png")


@pytest.mark.parametrize(
    "points",
    [
        [(Fraction(0), Fraction(10**17)), (ONE, Fraction(10**17))],
        [(Fraction(0), Fraction(0)), (Fraction(1, 10**320), Fraction(0))],
        [(Fraction(10**99), ONE), (Fraction(10**99 + 1), Fraction(2))],
        [(Fraction(10**17),), (Fraction(10**17 + 1),)],
    ],
)
def test_points_that_float64_hardly_tells_apart_are_drawn(points: list[tuple[Fraction, ...]], tmp_path: Path) -> None:
    plane = Lattice(((Piece((ONE,) * len(points[0]), ONE),),), 1)
    values = plane.values(points)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plot_data(plane, points, values, values, tmp_path / "far.png")
    assert size_of_png(tmp_path / "far.png")[0] > 0


def test_huge_numbers_are_refused(tmp_path: Path) -> None:
    for point, value in ((Fraction(10) ** 101, ONE), (ONE, Fraction(-(10**400)))):
        with pytest.raises(PlotError, match="too large for a picture"):
            plot_data(TENT, [(point,)], [value], [ONE], tmp_path / "huge.png")
