"""Ratios on a logarithmic axis, grouped by theme, with marks where goals are."""

from __future__ import annotations

from pathlib import Path

from _results import Results
from _timing import ALLOWED

from lipcheck.notebook import COLOURS

INCHES_PER_ROW = 0.19


def plot(results: Results, path: Path) -> None:
    """Draw to a PNG, SVG or PDF by the path's ending; the same bytes for the same results."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.ticker import FuncFormatter

    themes = [theme for theme in results.themes if theme.rows]
    if not themes:
        raise ValueError("There is no ratio to draw: no theme has a row.")
    count = sum(len(theme.rows) for theme in themes) + 2 * len(themes)
    with rc_context({"svg.hashsalt": "benchmarks", "svg.fonttype": "none", "font.size": 8}):
        figure = Figure(figsize=(11, 1.6 + INCHES_PER_ROW * count), layout="constrained")
        axes = figure.subplots()
        ticks: list[tuple[float, str, bool]] = []
        y = 0
        for i, theme in enumerate(themes):
            ticks.append((y, theme.name, True))
            for row in theme.rows:
                y += 1
                colour = COLOURS[i % len(COLOURS)]
                axes.plot([1, row.ratio], [y, y], color=colour, linewidth=1.2, alpha=0.6)
                face = "white" if row.reference == ALLOWED else colour
                axes.plot(row.ratio, y, "o", color=colour, markersize=4.5, markerfacecolor=face)
                if row.goal is not None:
                    axes.plot(row.goal, y, "|", color="black", markersize=9, markeredgewidth=2.2)
                    if not row.met:
                        axes.plot(row.ratio, y, "x", color="black", markersize=7)
                ticks.append((y, f"{row.name}, {row.shape}, beside {row.reference}", False))
            y += 2
        axes.axvline(1, color="black", linewidth=0.8)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.set_ylim(y - 1, -1)
        axes.set_yticks([at for at, _, _ in ticks], [text for _, text, _ in ticks])
        for label, (_, _, bold) in zip(axes.get_yticklabels(), ticks, strict=True):
            label.set_fontweight("bold" if bold else "normal")
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", which="major", alpha=0.4)
        axes.spines[["left", "right", "top"]].set_visible(False)
        axes.set_xlabel("reference's median time / ours (no unit; right of 1: faster than the reference)")
        threads = f", threads: {results.machine.threads}" if results.machine.threads else ""
        axes.set_title(f"How many times as fast as the reference\n{results.machine.device}{threads}")
        marks = [
            Line2D([], [], color="grey", marker="o", markersize=4.5, label="beside another run"),
            Line2D([], [], color="grey", marker="o", markersize=4.5, mfc="white", label="beside a time allowed"),
            Line2D([], [], color="black", marker="|", linestyle="", markeredgewidth=2.2, markersize=9, label="goal"),
            Line2D([], [], color="black", marker="x", linestyle="", markersize=7, label="goal missed"),
        ]
        figure.legend(handles=marks, loc="outside lower center", ncols=4, frameon=False)
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)
