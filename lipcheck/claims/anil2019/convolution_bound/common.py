"""Convolutions unfolded into matrices, exactly.

A filter is K[o][i][a][b]: outputs o, inputs i, taps (a, b); as a matrix F it has one row per output and one column per
input and tap. The layer is y[o][P] = sum over i, (a, b) of K[o][i][a][b] x[i][s P + (a, b)], s the stride, and T its
matrix. Padding says what lies outside of the image: "circular" wraps around, "zero" is zero, "replicate" repeats the
border. With circular padding the image starts at tap (0, 0) and the stride divides its size; with the others the image
is padded on each side by `pad` pixels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.exact import Matrix, dot, exact, matrix
from lipcheck.norms import spectral_norm_at_most
from lipcheck.words.errors import LipcheckError

ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission), section 4.2.1"
ICML = "Anil, Lucas, Grosse 2019 (ICML), section 4.2.1"
ROW = "anil2019.convolution_bound"
PADDINGS = ("circular", "zero", "replicate")


class ConvolutionError(LipcheckError, ValueError):
    """Data that describe no convolution."""


@dataclass(frozen=True)
class Convolution:
    """A filter on images of one size."""

    taps: tuple[int, int]
    inputs: int
    filter: Matrix
    image: tuple[int, int]
    stride: tuple[int, int]
    padding: str
    pad: tuple[int, int]

    @property
    def pixels(self) -> list[tuple[int, int]]:
        """The image's pixels."""
        return list(product(range(self.image[0]), range(self.image[1])))

    def reads(self) -> Iterator[list[tuple[int, int] | None]]:
        """For every output position the pixel that each tap reads, None for zeros outside."""
        ranges = []
        for size, k, s, pad in zip(self.image, self.taps, self.stride, self.pad, strict=True):
            last = size - 1 if self.padding == "circular" else size + 2 * pad - k
            ranges.append(range(-pad, last - pad + 1, s))
        for corner in product(*ranges):
            yield [self._pixel(corner, tap) for tap in product(*map(range, self.taps))]

    def _pixel(self, corner: tuple[int, ...], tap: tuple[int, ...]) -> tuple[int, int] | None:
        found = []
        for c, t, size in zip(corner, tap, self.image, strict=True):
            place = (c + t) % size if self.padding == "circular" else c + t
            if self.padding == "replicate":
                place = min(max(place, 0), size - 1)
            if not 0 <= place < size:
                return None
            found.append(place)
        return found[0], found[1]

    def most_covered(self) -> int:
        """The largest number of (position, tap) that read one pixel."""
        return max(Counter(p for patch in self.reads() for p in patch if p is not None).values(), default=0)

    def unfolded(self) -> Matrix:
        """The matrix T of the layer."""
        column = {p: n for n, p in enumerate(self.pixels)}
        count, taps = len(column), self.taps[0] * self.taps[1]
        rows = []
        for row in self.filter:
            for patch in self.reads():
                line = [Fraction(0)] * (self.inputs * count)
                for i in range(self.inputs):
                    for t, place in enumerate(patch):
                        if place is not None:
                            line[i * count + column[place]] += row[i * taps + t]
                rows.append(tuple(line))
        if not rows:
            raise ConvolutionError("the filter is larger than the padded image: there is no output")
        return tuple(rows)

    def norm_at_most(self, square: Fraction) -> bool:
        """Whether ||T||_2^2 <= square."""
        return squared_norm_at_most(self.unfolded(), square)

    def filter_at_most(self, square: Fraction) -> bool:
        """Whether ||F||_2^2 <= square."""
        return squared_norm_at_most(self.filter, square)


def squared_norm_at_most(weight: Matrix, square: Fraction) -> bool:
    """Whether ||W||_2^2 <= square, by the smaller Gram matrix."""
    rows = weight if len(weight) <= len(weight[0]) else tuple(zip(*weight, strict=True))
    return spectral_norm_at_most(tuple(tuple(dot(a, b) for b in rows) for a in rows), square)


def read(data: Any) -> Convolution:
    """The convolution that the JSON data describe."""
    names = {"filter", "image", "stride", "padding", "pad"}
    if not isinstance(data, Mapping) or set(data) != names:
        raise ConvolutionError(f"a convolution has exactly the entries {', '.join(sorted(names))}")
    flat = [[matrix(channel, "filter") for channel in output] for output in data["filter"]]
    shapes = {(len(output), len(c), len(c[0])) for output in flat for c in output}
    if len(shapes) != 1:
        raise ConvolutionError("all outputs have the same inputs, and all channels the same taps")
    ((inputs, *taps),) = shapes
    image, stride, pad = (_sizes(data[name], least) for name, least in (("image", 1), ("stride", 1), ("pad", 0)))
    if data["padding"] not in PADDINGS:
        raise ConvolutionError(f"padding is one of {', '.join(PADDINGS)}")
    if data["padding"] == "circular" and (any(n % s for n, s in zip(image, stride, strict=True)) or any(pad)):
        raise ConvolutionError("with circular padding the stride divides the image, and pad is 0")
    rows = tuple(tuple(w for channel in output for row in channel for w in row) for output in flat)
    return Convolution((taps[0], taps[1]), inputs, rows, image, stride, data["padding"], pad)


def number(value: Any) -> Fraction:
    """The rational number that the data spell."""
    return exact(value, "square")


def plain(filter_: Any, image: tuple[int, int], stride: tuple[int, int] = (1, 1), padding: str = "circular",
          pad: tuple[int, int] = (0, 0)) -> dict[str, Any]:  # fmt: skip
    """JSON data of a convolution."""
    return {"filter": filter_, "image": list(image), "stride": list(stride), "padding": padding, "pad": list(pad)}


def _sizes(values: Any, least: int) -> tuple[int, int]:
    if not isinstance(values, list) or len(values) != 2:
        raise ConvolutionError("sizes are two whole numbers")
    if not all(isinstance(v, int) and not isinstance(v, bool) and v >= least for v in values):
        raise ConvolutionError(f"sizes are whole numbers of at least {least}")
    return values[0], values[1]
