"""A convolution as the operator it is on images of a given size: which input each tap of each output reads.

Along one axis, tap k of output o reads input index[k, o], or nothing where that is -1: padding, stride and dilation are
in the index. In two axes the index is a product, and with weights W_k (outputs x inputs, one matrix a tap)

    (Tx)_o = sum_k W_k x[index[k, o]],      T = (1 (x) W) P,   P'P diagonal:  how often each pixel is read.

So ||T||_2 <= sqrt(most reads) ||(W_1, ..., W_K)||_2, and | |T| | is at most the root of the largest row sum and the
largest column sum of its entries' sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from lipcheck.bounds.one_thread import product
from lipcheck.norms import NormError
from lipcheck.norms.rounding import TINY, gamma, square_root, square_sum

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lipcheck.norms.rounding import Floats

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]


@dataclass(frozen=True)
class Axis:
    """index[k, o]: the input that tap k of output o reads, or -1."""

    index: NDArray[np.int64]
    inputs: int

    @property
    def taps(self) -> int:
        """How many taps the kernel has."""
        return int(self.index.shape[0])

    @property
    def outputs(self) -> int:
        """How many outputs there are."""
        return int(self.index.shape[1])

    @cached_property
    def reads(self) -> NDArray[np.int64]:
        """reads[k, i]: how often tap k reads input i."""
        import numpy as np

        counts = [np.bincount(row[row >= 0], minlength=self.inputs) for row in self.index]
        return np.array(counts).astype(np.int64)


def axis(
    image: int, kernel: int, stride: int, padding: tuple[int, int], dilation: int, mode: PaddingMode = "zeros"
) -> Axis:
    """The reads along one axis. Raises NormError where torch would refuse: no output left, or too wide a padding."""
    import numpy as np

    before, after = padding
    if min(image, kernel, stride, dilation) < 1 or min(padding) < 0:
        raise NormError(
            f"An axis of {image} pixels has kernel {kernel}, stride {stride}, padding {padding}, dilation {dilation}: "
            "give positive numbers, and no negative padding."
        )
    widest = {"zeros": None, "replicate": None, "reflect": image - 1, "circular": image}
    if mode not in widest:
        raise NormError(f"The padding mode is {mode!r}: give one of {', '.join(widest)}.")
    limit = widest[mode]
    if limit is not None and max(padding) > limit:
        raise NormError(f"The {mode} padding {padding} is too wide for {image} pixels: give at most {limit}.")
    count = (image + before + after - dilation * (kernel - 1) - 1) // stride + 1
    if count < 1:
        raise NormError(f"A kernel of {kernel} taps, dilation {dilation}, does not fit {image} pixels: pad more.")
    places = np.arange(image)
    if mode == "zeros":
        padded = np.pad(places, padding, constant_values=-1)
    elif mode == "replicate":
        padded = np.pad(places, padding, mode="edge")
    else:
        padded = np.pad(places, padding, mode="reflect" if mode == "reflect" else "wrap")
    first = np.arange(count) * stride
    return Axis(padded[np.arange(kernel)[:, None] * dilation + first], image)


@dataclass(frozen=True)
class Taps:
    """The operator T: weights[k1, k2] are matrices (outputs x inputs) of float64, of entries at most 1 in size."""

    weights: Floats
    rows: Axis
    columns: Axis

    @property
    def shape(self) -> tuple[int, int]:
        """(outputs, inputs) of the operator."""
        channels_out, channels_in = self.weights.shape[2:]
        pixels = self.rows.outputs * self.columns.outputs, self.rows.inputs * self.columns.inputs
        return pixels[0] * channels_out, pixels[1] * channels_in

    @cached_property
    def filter(self) -> Floats:
        """(outputs, taps * inputs): all taps side by side."""
        outputs, inputs = self.weights.shape[2:]
        flat = self.weights.reshape(-1, outputs, inputs)
        result: Floats = flat.transpose(1, 0, 2).reshape(outputs, -1).copy()
        return result

    @cached_property
    def index(self) -> NDArray[np.int64]:
        """index[o, k] over pixels and taps in row-major order, -1 for none."""
        import numpy as np

        rows, columns = self.rows.index.T, self.columns.index.T
        both = rows[:, None, :, None] * self.columns.inputs + columns[None, :, None, :]
        none = (rows < 0)[:, None, :, None] | (columns < 0)[None, :, None, :]
        return np.where(none, -1, both).reshape(self.rows.outputs * self.columns.outputs, -1)

    @cached_property
    def most_reads(self) -> int:
        """How often a pixel is read at most."""
        return int(self.rows.reads.sum(0).max() * self.columns.reads.sum(0).max())

    def apply(self, x: Floats) -> Floats:
        """T x for x of shape (pixels, channels). One inner product an entry, of at most taps * inputs terms."""
        import numpy as np

        read = np.vstack([x, np.zeros((1, x.shape[1]))])[self.index]
        return product(read.reshape(len(self.index), -1), self.filter.T)

    def adjoint(self, y: Floats) -> Floats:
        """About T'y."""
        spread = product(y, self.filter).reshape(self.index.size, -1)
        result: Floats = self._scatter @ spread
        return result

    @cached_property
    def _scatter(self) -> Any:
        import numpy as np
        from scipy.sparse import csr_array

        flat = self.index.reshape(-1)
        used = np.flatnonzero(flat >= 0)
        shape = (self.rows.inputs * self.columns.inputs, flat.size)
        return csr_array((np.ones(used.size), (flat[used], used)), shape=shape)

    @cached_property
    def absolute_square(self) -> Fraction:
        """An upper bound on || |T| ||_2^2, |T| with the sizes of all taps added up."""
        import numpy as np

        sizes = np.abs(self.weights)
        row = Fraction(float(sizes.sum((0, 1, 3)).max()))
        reads = np.multiply.outer(self.rows.reads.max(1), self.columns.reads.max(1)).astype(np.float64)
        column = Fraction(float(np.tensordot(reads, sizes.sum(2), 2).max()))
        count = int(sizes.size) + 4
        lost = 16 * count * self.most_reads * TINY
        rounding: Fraction = 1 - gamma(count)
        square: Fraction = (row / rounding + lost) * (column / rounding + lost)
        return square

    def lower(self, x: Floats) -> Fraction:
        """A lower bound on ||T||_2: ||Tx|| / ||x|| less what rounding can do, for x of entries at most 1 in size."""
        length = square_root(square_sum(x), up=True)
        if not length:
            return Fraction(0)
        outputs, terms = (int(size) for size in self.filter.shape)
        image = square_root(square_sum(self.apply(x), up=False), up=False)
        lost = square_root(Fraction(outputs * len(self.index)), up=True) * 5 * terms * TINY
        error = gamma(terms + 1) * square_root(self.absolute_square, up=True)
        return max(Fraction(0), (image - lost) / length - error)

    def scaling_loss(self) -> Fraction:
        """The norm of an operator of the same reads whose weights are at most t: what reading the weights can lose."""
        outputs, inputs = self.weights.shape[2:]
        taps = self.rows.taps * self.columns.taps
        return square_root(Fraction(taps * inputs * self.most_reads * outputs), up=True) * TINY


def leading(taps: Taps, steps: int = 40) -> Floats:
    """About the leading right singular vector, by Lanczos' method with full orthogonalisation; a proposal only."""
    import numpy as np
    from scipy.linalg import eigh_tridiagonal

    pixels = taps.rows.inputs * taps.columns.inputs
    channels = taps.weights.shape[3]
    steps = min(steps, pixels * channels)
    basis = np.zeros((steps, pixels * channels))
    start = np.random.default_rng(0).standard_normal(pixels * channels)
    basis[0] = start / np.linalg.norm(start)
    diagonal: list[float] = []
    off: list[float] = []
    for j in range(steps):
        image = taps.adjoint(taps.apply(basis[j].reshape(pixels, channels))).reshape(-1)
        diagonal.append(float(product(basis[j], image)))
        for _ in range(2):
            known = basis[: j + 1]
            image -= product(known.T, product(known, image))
        length = float(np.linalg.norm(image))
        if j + 1 == steps or length <= 1e-12 * max(diagonal):
            break
        off.append(length)
        basis[j + 1] = image / length
    _, vectors = eigh_tridiagonal(np.array(diagonal), np.array(off[: len(diagonal) - 1]))
    found = vectors[:, -1] @ basis[: len(diagonal)]
    largest = float(np.abs(found).max())
    result: Floats = (found / largest if largest else found).reshape(pixels, channels)
    return result
