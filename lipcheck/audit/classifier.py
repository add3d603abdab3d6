"""Certified radii in an audit: the sharp rule for the norms and the head, attacks, and the certified accuracy."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from typing import Any

from lipcheck.audit.report import finite
from lipcheck.audit.request import Request
from lipcheck.bounds.attacks import Flip
from lipcheck.bounds.certificates import Certificates, certify
from lipcheck.bounds.product import NodeBound
from lipcheck.bounds.witness import norm_end
from lipcheck.exact import exact
from lipcheck.graph import Dense, Graph
from lipcheck.norms import dual_exponent
from lipcheck.norms.rounding import outward

_NUMBERS = 400_000
_CURVE = 200
_SHOWN = 20


def certificates(
    graph: Graph,
    upper: Fraction,
    layers: tuple[NodeBound, ...],
    constants: list[float | None] | None,
    asked: Request,
    deadline: float,
    report: Callable[[str], None],
) -> tuple[dict[str, Any], str | None]:
    """Radii, certified accuracy and proved flips as JSON, and what the budget's end left out.

    `hold` is True where the radii are proved, False for a flip, None where a factor above one enlarges the radii beyond
    what is proved and no attack refuted them. `constants` are the nodes' 2-norms, where they are known.
    """
    assert asked.head is not None and asked.data is not None
    found = certify(
        graph,
        upper,
        asked.head,  # type: ignore[arg-type]
        asked.norm,
        asked.data,
        asked.labels,
        pairwise=pairwise(graph, layers, asked.norm) if asked.head == "argmax" else None,
        constants=constants,
        radius_factor=asked.radius_factor,
        seed=asked.seed,
        deadline=deadline,
        progress=report,
    )
    given, done = len(asked.data), len(found.radii)
    cut = f"{done} of {given} examples have a radius, {found.attacked} were attacked"
    return _json(found, upper), cut if found.attacked < given else None


def pairwise(graph: Graph, layers: tuple[NodeBound, ...], p: float) -> dict[tuple[int, int], Fraction] | None:
    """Constants of f_i - f_j from the last layer's rows: ||w_i - w_j||_q times the constant of what feeds it.

    q is the dual exponent of p. None where the output is not a dense layer, or too large.
    """
    last = graph.nodes[graph.output]
    if not isinstance(last.operation, Dense) or len(last.shape) != 1:
        return None
    weight, before = last.operation.weight, layers[last.inputs[0]].upper
    if before is None or weight.shape[0] * weight.size > _NUMBERS:
        return None
    rows = [[exact(a) for a in row] for row in weight]
    return {
        (i, j): norm_end([a - b for a, b in zip(rows[i], rows[j], strict=True)], dual_exponent(p), up=True) * before
        for i, j in combinations(range(len(rows)), 2)
    }


def _json(found: Certificates, upper: Fraction) -> dict[str, Any]:
    proved = found.factor <= 1
    ordered = sorted(found.radii)
    curve = found.curve
    step = max(1, math.ceil(len(curve) / _CURVE))
    return {
        "head": found.head,
        "rule": found.rule,
        "constant": finite(outward(upper, up=True)),
        "factor": str(found.factor),
        "hold": False if found.flips else True if proved else None,
        "examples": len(found.radii),
        "accuracy": None if found.correct is None else float(Fraction(sum(found.correct), len(found.correct))),
        "least_radius": finite(ordered[0]),
        "median_radius": finite(ordered[(len(ordered) - 1) // 2]),
        "largest_radius": finite(ordered[-1]),
        "attacked": found.attacked,
        "flipped": len(found.flips),
        "flips": [_flip(flip) for flip in found.flips[:_SHOWN]],
        "curve": [[radius, float(share)] for radius, share in curve[::step] if math.isfinite(radius)],
    }


def _flip(flip: Flip) -> dict[str, Any]:
    return {"example": flip.index, "y": list(flip.y), "distance": outward(flip.distance, up=True)}
