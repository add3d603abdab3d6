"""Pictures of lattices: the function, its error, the certificate's gap, the wiring. Made by matplotlib, off screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from lipcheck.build.approximation import Approximation
from lipcheck.build.boxes import Box
from lipcheck.build.lattice import Lattice
from lipcheck.build.pieces import nearest
from lipcheck.exact import Vector
from lipcheck.render_text import many
from lipcheck.render_wiring import LARGEST, draw_network, drawable
from lipcheck.words.errors import LipcheckError

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

ENDINGS = (".png", ".svg", ".pdf")
_SIDE = 240
_LEAST, _LARGEST = Fraction(1, 10**100), Fraction(10**100)
_LINE, _DATA, _ERROR, _BOUND = "#1f6fb4", "#222222", "#c8553d", "#6a8f3c"


class PlotError(LipcheckError, ValueError):
    """A picture that cannot be made or written."""


def plot_data(
    lattice: Lattice, points: Sequence[Vector], given: Sequence[Fraction], taken: Sequence[Fraction], path: Path
) -> None:
    """The lattice with its data, the error taken - given at every point, and the wiring where it can be read.

    `taken` are the values that the lattice (or its exported network) has at the points. In more than two dimensions the
    function is not drawn but its values against the given ones.
    """
    from matplotlib.ticker import MaxNLocator

    if max(map(abs, (*given, *taken, *(c for point in points for c in point)))) > _LARGEST:
        raise PlotError(f"The data hold numbers beyond {float(_LARGEST):g}, too large for a picture: scale them down.")
    figure, axes = _figure(3 if _has_wiring(lattice) else 2, path)
    box = _around(points)
    if lattice.inputs == 1:
        _curve(lattice, box, axes[0])
        axes[0].plot(_column(points, 0), _floats(given), "o", ms=4, color=_DATA, label="data", zorder=3)
        axes[0].legend(fontsize=8)
    elif lattice.inputs == 2:
        _surface(lambda x: lattice.enclosures(x)[0], box, axes[0], figure, "f")
        axes[0].plot(_column(points, 0), _column(points, 1), "o", ms=3, mfc="white", mec=_DATA, mew=0.8)
        axes[0].set_title("lattice, and the points of the data", fontsize=10)
    else:
        axes[0].plot(_floats(given), _floats(taken), "o", ms=3, color=_LINE)
        axes[0].set(xlabel="given value", ylabel="value of the lattice")
        axes[0].set_title(f"values in {lattice.inputs} dimensions", fontsize=10)
    errors = [float(t - g) for t, g in zip(taken, given, strict=True)]
    axes[1].axhline(0, color=_DATA, lw=0.6)
    axes[1].vlines(range(len(errors)), 0, errors, color=_ERROR, lw=1)
    axes[1].plot(range(len(errors)), errors, ".", color=_ERROR)
    largest = max(map(abs, errors))
    axes[1].set(xlabel="row of the data", ylabel="lattice − given value")
    axes[1].xaxis.set_major_locator(MaxNLocator(integer=True))
    words = f"error at the points: at most {largest:.3g}" if largest else "exact at every point"
    axes[1].set_title(words, fontsize=10)
    _finish(lattice, figure, axes[2:], path)


def plot_approximation(
    found: Approximation, g: Callable[[tuple[float, ...]], object], path: Path, title: str = ""
) -> None:
    """The lattice, its difference from g, and the certificate: errors at the samples below what the proof allows."""
    lattice, box = found.lattice, found.domain if isinstance(found.domain, Box) else _around(found.domain)
    figure, axes = _figure(4 if _has_wiring(lattice) else 3, path)
    if title:
        figure.suptitle(title, fontsize=11)
    if lattice.inputs == 1:
        x = _curve(lattice, box, axes[0])
        target = _evaluated(g, x[:, None])
        axes[0].plot(x, target, "--", lw=1, color=_DATA, label="g")
        axes[0].legend(fontsize=8)
        axes[1].plot(x, lattice.enclosures(x[:, None])[0] - target, color=_ERROR, lw=1)
        for sign in (1, -1):
            axes[1].axhline(sign * float(found.bound), color=_BOUND, lw=1, ls="--")
        axes[1].set(xlabel="$x$", ylabel="f − g")
        axes[1].set_title(f"difference; proved: at most {_rounded_up(found.bound)}", fontsize=10)
    elif lattice.inputs == 2:
        _surface(lambda x: lattice.enclosures(x)[0], box, axes[0], figure, "f")
        axes[0].set_title(f"lattice: {_pieces(lattice)}", fontsize=10)
        limit = float(found.bound)
        _surface(lambda x: lattice.enclosures(x)[0] - _evaluated(g, x), box, axes[1], figure, "f − g", limit)
        axes[1].set_title(f"difference; proved: at most {_rounded_up(found.bound)}", fontsize=10)
    else:
        axes[0].plot(_floats(found.values), _floats(lattice.values(found.samples)), ".", color=_LINE)
        axes[0].set(xlabel="g at the samples", ylabel="lattice")
        axes[1].set_axis_off()
    _certificate(found, axes[2])
    _finish(lattice, figure, axes[3:], path)


def _certificate(found: Approximation, axes: Axes) -> None:
    """The sorted errors at the samples, and on top what the proof adds for the points between them."""
    errors = sorted((float(e) for e in found.errors), reverse=True)
    between = 2 * float(found.radius)
    axes.fill_between(range(len(errors)), errors, color=_LINE, lw=0, label="error at a sample")
    above = [e + between for e in errors]
    axes.fill_between(range(len(errors)), errors, above, color=_LINE, alpha=0.25, lw=0, label="2 radii around it")
    axes.axhline(float(found.bound), color=_BOUND, lw=1.2, ls="--", label=f"proved bound {_rounded_up(found.bound)}")
    axes.axhline(float(found.eps), color=_DATA, lw=0.8, ls=":", label=f"eps {float(found.eps):.6g}")
    axes.set(xlabel="samples, the worst first", ylabel="|f − g|", ylim=(0, None))
    axes.set_title(f"certificate: {len(errors):,} samples", fontsize=10)
    axes.legend(fontsize=7, loc="center left")


def _figure(panels: int, path: Path) -> tuple[Figure, list[Axes]]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if path.suffix not in ENDINGS:
        raise PlotError(f"{path} is no picture that can be written: end its name in {', '.join(ENDINGS)}.")
    figure = Figure(figsize=(4.6 * panels, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, list(figure.subplots(1, panels, squeeze=False)[0])


def _finish(lattice: Lattice, figure: Figure, spare: Sequence[Axes], path: Path) -> None:
    if spare:
        draw_network(lattice.network(), spare[0])
        spare[0].set_title(f"wiring: {_pieces(lattice)}", fontsize=10)
    from matplotlib import rc_context

    # Without versions, dates and random names, the same picture has the same bytes.
    silent = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None, "Creator": None}}
    try:
        with rc_context({"svg.hashsalt": "lipcheck"}):
            figure.savefig(path, dpi=130, metadata=silent[path.suffix])
    except OSError as problem:
        raise PlotError(f"{path} cannot be written ({problem.strerror or problem}): name another file.") from problem


def _has_wiring(lattice: Lattice) -> bool:
    return len(lattice.pieces) <= LARGEST and drawable(lattice.network())


def _pieces(lattice: Lattice) -> str:
    return f"{many(len(lattice.pieces), 'piece')} in {many(len(lattice.groups), 'group')}"


def _curve(lattice: Lattice, box: Box, axes: Axes) -> Floats:
    import numpy as np

    x = np.linspace(float(box.lower[0]), float(box.upper[0]), 8 * _SIDE)
    axes.plot(x, lattice.enclosures(x[:, None])[0], color=_LINE, lw=1.4, label="lattice")
    axes.set(xlabel="$x$")
    axes.set_title(f"lattice: {_pieces(lattice)}", fontsize=10)
    return x


def _surface(
    function: Callable[[Floats], Floats], box: Box, axes: Axes, figure: Figure, label: str, limit: float | None = None
) -> None:
    import numpy as np

    sides = [np.linspace(float(a), float(b), _SIDE) for a, b in zip(box.lower, box.upper, strict=True)]
    x, y = np.meshgrid(*sides)
    values = function(np.column_stack([x.ravel(), y.ravel()])).reshape(x.shape)
    extent = (sides[0][0], sides[0][-1], sides[1][0], sides[1][-1])
    low, high = (-limit, limit) if limit is not None else (None, None)
    image = axes.imshow(values, origin="lower", extent=extent, cmap="viridis" if limit is None else "RdBu_r", vmin=low,
                        vmax=high, aspect="equal", interpolation="bilinear")  # fmt: skip
    if limit is None:
        axes.contour(x, y, values, levels=12, colors="white", linewidths=0.4, alpha=0.7)
    figure.colorbar(image, ax=axes, shrink=0.82, label=label)
    axes.set(xlabel="$x_1$", ylabel="$x_2$")


def _around(points: Sequence[Vector]) -> Box:
    """The bounding box of the points, wider by a tenth of its longest side, and by what float64 can tell apart."""
    columns = list(zip(*points, strict=True))
    longest = max(max(c) - min(c) for c in columns) or Fraction(2)
    margins = [max(longest / 10, max(map(abs, c)) / 2**40, _LEAST) for c in columns]
    lower = [min(c) - margin for c, margin in zip(columns, margins, strict=True)]
    return Box(lower, [max(c) + margin for c, margin in zip(columns, margins, strict=True)])


def _evaluated(g: Callable[[tuple[float, ...]], object], points: Floats) -> Floats:
    """The function at the points, all at once where it can do that by `g.batch`."""
    import numpy as np

    batch = getattr(g, "batch", None)
    if batch is not None:
        return np.asarray(batch(points), dtype=np.float64)
    return np.array([float(g(tuple(point))) for point in points.tolist()])  # type: ignore[arg-type]


def _column(points: Sequence[Vector], i: int) -> list[float]:
    return [nearest(point[i]) for point in points]


def _floats(values: Sequence[Fraction]) -> list[float]:
    return [nearest(value) for value in values]


def _rounded_up(value: Fraction) -> str:
    return f"{-(-value * 10**5 // 1) / 10**5:.5f}"
