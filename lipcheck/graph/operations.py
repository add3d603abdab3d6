"""Operations on the arrays of one example, without a batch axis. "Flat" is the C order of the elements.

Numbers are floats read as exact reals, or Fractions; arrays are numpy arrays that nobody writes to.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Shape: TypeAlias = tuple[int, ...]
Number: TypeAlias = float | Fraction
PaddingMode: TypeAlias = Literal["zeros", "reflect", "replicate", "circular"]


@dataclass(frozen=True)
class Input:
    """The example itself."""


@dataclass(frozen=True, eq=False)
class Constant:
    """An array that does not depend on the example."""

    value: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Dense:
    """y = W x + b along the last axis; `weight` (outputs, inputs), `bias` (outputs,)."""

    weight: NDArray[Any]
    bias: NDArray[Any] | None = None


@dataclass(frozen=True, eq=False)
class Convolution:
    """Cross-correlation over the last one or two axes of (channels, *image), as `torch.nn.Conv1d` and `Conv2d` do it.

    `weight` (outputs, inputs / groups, *kernel); `padding` holds (before, after) per axis, filled as `mode` says;
    negative padding cuts. `transposed`: the adjoint of the convolution with this weight (inputs, outputs / groups,
    *kernel), as `torch.nn.ConvTranspose1d`; its image is the node's shape.
    """

    weight: NDArray[Any]
    bias: NDArray[Any] | None
    stride: Shape
    padding: tuple[tuple[int, int], ...]
    dilation: Shape
    groups: int = 1
    mode: PaddingMode = "zeros"
    transposed: bool = False


@dataclass(frozen=True, eq=False)
class AveragePool:
    """y_i = sum of x over `windows[i]` / `divisors[i]`, flat; -1 in a window is absent. Exact: no 1/9 is rounded."""

    windows: NDArray[np.int64]
    divisors: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Gather:
    """y_i = x[indices[i]], flat; -1 is the number zero. Reshaping, permuting, slicing, padding, repeating."""

    indices: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Diagonal:
    """y = factor x + shift, element by element; `factor` and `shift` broadcast to the shape. Normalisation in eval."""

    factor: NDArray[Any]
    shift: NDArray[Any] | None = None


@dataclass(frozen=True)
class Sum:
    """y = sum of coefficient x over the inputs, all of one shape: skip connections."""

    coefficients: tuple[Number, ...]


@dataclass(frozen=True)
class Join:
    """The inputs one after the other, flat. A Gather behind it puts them where they belong."""


@dataclass(frozen=True, eq=False)
class Piecewise:
    """y = negative x where x < 0, positive x elsewhere; slopes broadcast to the shape. ReLU, leaky ReLU, PReLU, abs."""

    negative: NDArray[Any]
    positive: NDArray[Any]


@dataclass(frozen=True)
class Clamp:
    """y = min(max(x, lower), upper); None is no bound. ReLU6, hardtanh."""

    lower: Number | None
    upper: Number | None


@dataclass(frozen=True)
class Smooth:
    """y = f(x) element by element for a named f whose derivative lies in [lower, upper], both proved bounds.

    The names are those of `lipcheck.graph.smooth`; `parameters` are what the name takes there.
    """

    name: str
    lower: Fraction
    upper: Fraction
    parameters: tuple[Number, ...] = ()


@dataclass(frozen=True)
class Sort:
    """Sorts consecutive groups of `size` elements, flat. max and min of two arrays are groups of two."""

    size: int
    descending: bool


@dataclass(frozen=True)
class Softmax:
    """exp(x_i) / sum of exp(x_j) over consecutive groups of `size` elements, flat."""

    size: int


@dataclass(frozen=True)
class Standardize:
    """z / sqrt(mean of z^2 + epsilon) over consecutive groups of `size` elements, flat.

    z = x less its mean if `centred` (layer normalisation without factors), else x (root mean square normalisation).
    """

    size: int
    epsilon: Number
    centred: bool = True


@dataclass(frozen=True, eq=False)
class Max:
    """y_i = max of x over `windows[i]`, flat; -1 in a window is absent. Max-pooling, maxout."""

    windows: NDArray[np.int64]


@dataclass(frozen=True)
class Unknown:
    """An operation that is not understood: the network has no upper bound through it."""

    kind: str
    reason: str


Operation: TypeAlias = (
    Input
    | Constant
    | Dense
    | Convolution
    | AveragePool
    | Gather
    | Diagonal
    | Sum
    | Join
    | Piecewise
    | Clamp
    | Smooth
    | Sort
    | Softmax
    | Standardize
    | Max
    | Unknown
)
LINEAR = (Constant, Dense, Convolution, AveragePool, Gather, Diagonal, Sum, Join)
"""Operations that are affine maps of their inputs."""
