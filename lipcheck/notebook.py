"""For notebooks: records as pages, values of networks, and pictures in colours that everyone can tell apart.

from lipcheck.notebook import record, style, values
style()
record("anil2019.theorem_2")
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lipcheck.render_refutation import exact_numbers, repaired
from lipcheck.render_text import evidence, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from lipcheck.network import Network
    from lipcheck.words.claim import Claim
    from lipcheck.words.record import Record

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito: blue, vermilion, green, purple, orange, sky blue, black."""


@dataclass(frozen=True)
class Page:
    """Records of claims as Markdown, which Jupyter shows."""

    records: tuple[Record, ...]
    claims: Mapping[str, Claim]

    def _repr_markdown_(self) -> str:
        return "\n\n---\n\n".join("\n\n".join(_paragraphs(r, self.claims)) for r in self.records)

    def __repr__(self) -> str:
        """One line per record, for terminals."""
        return "\n".join(f"{r.claim}: {verdict(r)}" for r in self.records)


def record(*ids: str, budget: str = "smoke") -> Page:
    """Judge these claims, or all of a row or paper that is no claim itself, and show them.

    Raises `lipcheck.registry.UnknownClaim` for an id that fits none.
    """
    from lipcheck import check
    from lipcheck.registry import load, select

    claims = load()
    wanted = [i for name in ids for i in ([name] if name in claims else (c.id for c in select(claims, [name])))]
    found = {r.claim: r for r in check(*ids, budget=budget)}
    return Page(tuple(found[i] for i in wanted), claims)


def values(network: Network, points: ArrayLike) -> NDArray[np.float64]:
    """The network in float64: points (..., inputs) to values (..., outputs), for example on a grid of the plane.

    Raises `lipcheck.network.NetworkError` for points that do not fit, NaN and infinities.
    """
    import numpy as np
    import torch

    from lipcheck.network import NetworkError
    from lipcheck.readings.tensor import TensorNetwork

    x = np.asarray(points, dtype=np.float64)
    if x.shape[-1:] != (network.inputs,):
        raise NetworkError(f"The points have the shape {x.shape}: give (..., {network.inputs}), one number an input.")
    rows = torch.tensor(x.reshape(-1, network.inputs))
    found: NDArray[np.float64] = TensorNetwork.from_network(network).forward(rows)[0].numpy()
    return found.reshape(*x.shape[:-1], network.widths[-1])


def style() -> None:
    """Sizes, grid and colours for every figure that follows."""
    from cycler import cycler
    from matplotlib import rcParams

    rcParams.update(
        {
            "axes.prop_cycle": cycler(color=COLOURS),
            "axes.grid": True,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "figure.constrained_layout.use": True,
            "figure.dpi": 110,
            "figure.figsize": (6.4, 4.0),
            "font.size": 10,
            "grid.alpha": 0.3,
            "image.cmap": "cividis",
            "legend.frameon": False,
        }
    )


def _paragraphs(found: Record, claims: Mapping[str, Claim]) -> Iterator[str]:
    yield f"**`{found.claim}`: {verdict(found)}** ({found.source})"
    if found.short:
        yield f"*{found.short}*"
    yield f"> {found.printed}"
    yield f"Read as: {found.statement}"
    if found.reading != "as printed":
        yield f"Reading: {found.reading}."
    if found.proved_for:
        yield f"Proved for {found.proved_for}."
    if found.counterexample is not None:
        yield f"Counterexample, in exact numbers: `{exact_numbers(found.counterexample)}`"
        if found.minimality:
            yield f"Minimal: {found.minimality}"
        yield f"Instead: {repaired(found, claims)}"
    right = sum(m.right for m in found.mutants)
    checks = found.counts.get("checks", 0)
    yield f"Evidence: {evidence(found.evidence)}; {checks} exact checks; {right} of {len(found.mutants)} mutants right."
    if not found.as_expected:
        yield f"**Not as expected: {found.reason or 'a mutant was judged wrong'}**"
