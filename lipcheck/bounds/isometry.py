"""How far a linear layer is from keeping lengths: a proved bound on ||W'W - I|| or ||WW' - I||.

With at least as many inputs as outputs WW' = I is the case to ask for: gradients pass backwards as W'u, with
||W'u||^2 = u'WW'u. With more outputs W'W = I keeps the lengths of changes, and gradients only inside the range of W.
All squared singular values (of the smaller side) lie within `deviation` of one.

Dense: G is the computed product, within gamma_{k+1} ||W||_F^2 of the true one in 2-norm (k terms; | |W||W|' | has at
most this norm), and ||G - I|| is enclosed by `verified_spectral_norm`; of large matrices whose entries show that it is
not small, by its largest row sum. Other layers are sparse: ||S||_2 <= ||S||_inf for the symmetric S = G - I, and the
rounding of G is at most gamma |W||W|', whose rows are summed. gamma counts the terms of an inner product, those of
entries that coincide, and the rounding of each entry, three times over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lipcheck.bounds.enclosure import TINY, UNIT
from lipcheck.graph import Convolution, Dense, Node
from lipcheck.graph.matrices import matrix_of
from lipcheck.graph.operations import Shape
from lipcheck.norms.verified import verified_spectral_norm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_ENTRIES = 4_000_000
_MANY, _FAR = 256, 0.1
"""With more rows than that, an entry of WW' - I above this size ends the question: bounds that are cheap will do."""
WHOLE = 2048
"""A sparse layer of at most so many inputs and outputs is also looked at as a whole, for its singular values."""


@dataclass(frozen=True)
class Isometry:
    """`deviation` is proved, None for a layer that is too large; the least and largest singular values are about right.

    `backward`: WW' was compared with I, else W'W.
    """

    backward: bool
    deviation: float | None
    least: float | None
    largest: float | None


def isometry(node: Node, image: Shape) -> Isometry:
    """The verdict on a linear node with one input of shape `image`. GraphError for other nodes."""
    backward = node.size <= math.prod(image)
    if isinstance(node.operation, Dense):
        weight = _floats(node.operation.weight)
        backward = weight.shape[0] <= weight.shape[1]
        return Isometry(backward, *_dense(weight if backward else weight.T))
    if isinstance(node.operation, Convolution):
        entries = max(node.size, math.prod(image)) * math.prod(node.operation.weight.shape[1:])
        if entries > _ENTRIES:
            return Isometry(backward, None, None, None)
    return _sparse(node, image, backward)


def _floats(array: Any) -> Floats:
    import numpy as np

    return np.ascontiguousarray(array, dtype=np.float64)


def _dense(rows: Floats) -> tuple[float, float | None, float | None]:
    """||RR' - I|| for rows R, and the least and largest singular values of R.

    Far from isometries the singular values come from the eigenvalues of RR', and the deviation from ||S|| <= ||S||_inf
    only where the verified norm takes long.
    """
    import numpy as np

    rows = np.ascontiguousarray(rows)
    gram = rows @ rows.T
    gap = gram - np.eye(len(rows))
    if not np.isfinite(gap).all():
        return math.inf, *_singular(rows)
    terms = rows.shape[1]
    squares = float((rows * rows).sum()) * (1 + 4 * rows.size * UNIT)
    # u ||gap||_F pays for the subtraction, and three times gamma for entries that were rounded to floats.
    lost = 3 * (terms + 4) * UNIT * squares + 2 * UNIT * float(np.linalg.norm(gap)) + rows.size * len(rows) * TINY
    far = len(rows) > _MANY and float(np.abs(gap).max(initial=0.0)) > _FAR
    largest = float(np.abs(gap).sum(1).max()) * (1 + 2 * len(rows) * UNIT) if far else verified_spectral_norm(gap)[1]
    deviation = math.nextafter((largest + lost) * (1 + 8 * UNIT), math.inf)
    if not far or max(rows.shape) > 2 * WHOLE:
        return deviation, *_singular(rows)
    squared = np.maximum(np.linalg.eigvalsh(gram), 0.0)
    return deviation, float(np.sqrt(squared[0])), float(np.sqrt(squared[-1]))


def _sparse(node: Node, image: Shape, backward: bool) -> Isometry:
    import numpy as np
    from scipy.sparse import coo_array, eye_array

    found = matrix_of(node, image)
    values = _floats(found.values)
    if found.divisors is not None:
        values = values / found.divisors[found.rows]
    weight = coo_array((values, (found.rows, found.columns)), shape=found.shape).tocsr()
    rows = weight if backward else weight.T.tocsr()
    places = found.rows if backward else found.columns
    terms = int(np.bincount(places, minlength=1).max(initial=1))
    size = abs(coo_array((np.abs(values), (found.rows, found.columns)), shape=found.shape).tocsr())
    size = size if backward else size.T
    gap = abs(rows @ rows.T - eye_array(rows.shape[0]))
    with np.errstate(over="ignore"):
        sums = gap.sum(axis=1) + 3 * (2 * terms + 8) * UNIT * (size @ (size.T @ np.ones(size.shape[0])) + 1)
    deviation = float(np.max(sums, initial=0.0)) * (1 + 8 * (rows.shape[0] + terms) * UNIT)
    singular = _singular(weight.toarray()) if max(weight.shape) <= WHOLE else (None, None)
    return Isometry(backward, math.nextafter(deviation, math.inf), *singular)


def _singular(weight: Floats) -> tuple[float | None, float | None]:
    import numpy as np

    if max(weight.shape) > 2 * WHOLE:
        return None, None
    values = np.linalg.svd(weight, compute_uv=False)
    return float(values[-1]), float(values[0])
