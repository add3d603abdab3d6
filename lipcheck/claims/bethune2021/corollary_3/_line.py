"""The JSON data of claims about the line: classifiers, networks with one input, and the classes +1 and -1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.line_classifiers import Cells, ClassifierError
from lipcheck.build.mountain import LineMountain
from lipcheck.network import Affine, Network, from_json, to_json
from lipcheck.readings.line import pieces
from lipcheck.words.rationals import parse, spell


def cells(data: Any) -> Cells:
    """The classifier that {"ends": [...], "labels": [...]} describes; `LipcheckError` for anything else."""
    if not isinstance(data, Mapping) or not {"ends", "labels"} <= set(data):
        raise ClassifierError("a classifier has the entries ends and labels")
    labels = data["labels"]
    if not all(label in (-1, 0, 1) and not isinstance(label, bool) for label in labels):
        raise ClassifierError("labels are -1, 0 and 1")
    return Cells(tuple(map(parse, data["ends"])), tuple(labels))


def lipschitz(network: Network) -> bool:
    """Whether a piecewise linear network with one input and one output is 1-Lipschitz."""
    return network.outputs == 1 and all(abs(part.slopes[0]) <= 1 for part in pieces(network))


def line(slope: Any, offset: Any) -> dict[str, Any]:
    """JSON data of x -> slope x + offset."""
    return to_json(Network(1, (Affine([[slope]], [offset]),)))


def networks(data: Any, *names: str) -> list[Network]:
    """The networks with one input that stand under these names."""
    found = [from_json(data[name]) for name in names]
    if any(network.inputs != 1 or network.outputs != 1 for network in found):
        raise ClassifierError("a function on the line is a network with one input and one output")
    return found


def classes(*members: Sequence[Any]) -> dict[str, list[str]]:
    """JSON data of the pre-images A of +1 and B of -1."""
    a, b = ([spell(Fraction(x)) for x in part] for part in members)
    return {"A": a, "B": b}


def mountain(data: Any) -> LineMountain:
    """HMF for finite pre-images A of +1 and B of -1 on the line."""
    return LineMountain(tuple(tuple(parse(x) for x in data[name]) for name in ("A", "B")))
