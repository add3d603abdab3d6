"""Networks from R to R, their slopes at points and their Lipschitz constants, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import Matrix, Vector, matrix, vector
from lipcheck.network import Affine, LeakyReLU, Network, ReLU, from_json, to_json
from lipcheck.readings.line import Piece, pieces
from lipcheck.readings.rational import is_smooth_at, jacobian
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Data

SOURCE = "Anil, Lucas, Grosse 2019 (ICLR submission), appendix E"
ALGORITHM_1 = "Anil, Lucas, Grosse 2019 (ICLR submission), appendix E, Algorithm 1"
SECTION_5 = "Anil, Lucas, Grosse 2019, section 5, in both versions"
ROW = "anil2019.jacobian_regularization"


class RegularizerError(LipcheckError, ValueError):
    """Data that describe no network from R to R with points, or no iteration."""


def entries(data: Any, names: Sequence[str]) -> list[Any]:
    """The values under exactly these names; RegularizerError for other data."""
    if not isinstance(data, Mapping) or set(data) != set(names):
        raise RegularizerError(f"the data have exactly the entries {', '.join(names)}")
    return [data[name] for name in names]


def read(data: Any) -> Network:
    """The network from R to R that the data spell."""
    network = from_json(data).dense()
    if (network.inputs, network.outputs) != (1, 1):
        raise RegularizerError("the network is not from R to R")
    return network


def slope(network: Network, x: Fraction) -> Fraction:
    """f'(x); RegularizerError at a kink of a unit."""
    if not is_smooth_at(network, [x]):
        raise RegularizerError(f"a unit has its kink at {x}")
    return jacobian(network, [x])[0][0]


def constant(network: Network) -> Fraction:
    """The Lipschitz constant: the largest size of a slope."""
    return max(abs(piece.slopes[0]) for piece in pieces(network))


def meets(piece: Piece, x: Fraction) -> bool:
    """Whether x lies inside the piece."""
    return (piece.low is None or piece.low < x) and (piece.high is None or x < piece.high)


def leaky(flat: Fraction | int | str) -> Data:
    """max(x, 0) + flat min(x, 0)."""
    return to_json(Network(1, (LeakyReLU(flat),)))


def line(w: Fraction | int | str) -> Data:
    """w x."""
    return to_json(Network(1, (Affine([[w]], [0]),)))


def relu() -> Data:
    """max(x, 0)."""
    return to_json(Network(1, (ReLU(),)))


def jacobian_and_start(data: Any) -> tuple[Matrix, Vector]:
    """The matrix J and the start u, one entry per row."""
    J, u = entries(data, ("J", "u"))
    rows, start = matrix(J, "J"), vector(u, "u")
    if len(rows) != len(start):
        raise RegularizerError("u has one entry for each row of J")
    return rows, start
