"""Lattices of affine pieces as a torch module: the same function as the MaxMin network, without its trees.

Evaluation is one product and two reductions. Groups of equal size are put together and cut into blocks of about 16 KiB
of biases. A block times a chunk of points is multiplied into a buffer that stays in the cache, and is reduced at once:
over the pieces of each group, then over the groups, with the points contiguous in memory. In blocks of groups of up to
four pieces the first pieces of all groups come first, then the second ones, so that whole slices are compared. Where
there is one reduction only, for groups of one piece and for parts of groups larger than a block, the pieces are
contiguous, which is faster. No group is padded: memory is linear in the pieces, and in the points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Literal, TypeAlias

import torch
from torch import Tensor, nn

from lipcheck.exact import NetworkError, shown
from lipcheck.nn.rounding import inward_row, nearest
from lipcheck.norms import Exponent, dual_exponent
from lipcheck.norms.arguments import as_exponent
from lipcheck.readings import rounding
from lipcheck.words.errors import LipcheckError

if TYPE_CHECKING:
    from lipcheck.build.lattice import Lattice

Outer: TypeAlias = Literal["max", "min"]
_Chunks: TypeAlias = list[tuple[Tensor, Tensor]]
"""Points (count, inputs), and the same transposed."""

_BLOCK_BYTES = 16 << 10
_SHORT = 4
_CHUNK = {"cpu": 384}
_CHUNK_ELSEWHERE = 16_384


class LatticeModuleError(LipcheckError, ValueError):
    """Weights, biases and sizes that make no lattice."""


@dataclass(frozen=True)
class _Block:
    """Pieces start:stop: whole groups of `size` pieces, or a part of one group where `size` is 0."""

    start: int
    stop: int
    size: int


@dataclass(frozen=True)
class _Plan:
    """`order` sorts the pieces by the size of their group, short groups slice by slice, None where nothing moves.

    A run of several blocks is one group.
    """

    order: Tensor | None
    runs: tuple[tuple[_Block, ...], ...]


class LatticeModule(nn.Module):
    """x -> outer over groups of inner over a group's pieces of weight . x + bias; outer "max" means max of min.

    `weight` (m, n) and `bias` (m,) are parameters, group after group; `sizes` are the group sizes; `p` is the input
    norm for which the pieces are meant to be 1-Lipschitz, kept as data: `to_lattice().norm` tells whether they are. At
    ties autograd shares the derivative among the pieces. Raises LatticeModuleError for shapes, dtypes and sizes that do
    not fit, NaN and infinities.
    """

    def __init__(
        self,
        weight: Tensor,
        bias: Tensor,
        sizes: Sequence[int],
        outer: Outer = "max",
        *,
        p: Exponent | int | None = None,
    ) -> None:
        super().__init__()
        _check(weight, bias, sizes, outer)
        self.weight = nn.Parameter(weight.detach().clone())
        self.bias = nn.Parameter(bias.detach().clone())
        self.sizes = tuple(sizes)
        self.outer: Outer = outer
        self.p = None if p is None else as_exponent(p)
        self._plans: dict[tuple[int, torch.device], _Plan] = {}

    @classmethod
    def from_lattice(cls, lattice: Lattice, dtype: torch.dtype = torch.float64) -> LatticeModule:
        """The lattice in floats: biases nearest, weights inward, so that their dual norms are at most one exactly.

        Raises RoundingError for a weight whose dual norm exceeds one, and beyond the range of dtype.
        """
        q = dual_exponent(lattice.p)
        rows = {w: inward_row(w, q, dtype) for w in dict.fromkeys(piece.weight for piece in lattice.pieces)}
        weight = [[float(w) for w in rows[piece.weight]] for piece in lattice.pieces]
        bias = [float(nearest(piece.bias, dtype)) for piece in lattice.pieces]
        rows_and_biases = [torch.tensor(data, dtype=torch.float64).to(dtype) for data in (weight, bias)]
        return cls(rows_and_biases[0], rows_and_biases[1], lattice.sizes, lattice.outer, p=lattice.p)

    def to_lattice(self, p: Exponent | int | None = None) -> Lattice:
        """The exact lattice that the module's floats are; `p` where the module has none. LatticeModuleError without."""
        from lipcheck.build.lattice import Lattice
        from lipcheck.build.pieces import Piece
        from lipcheck.exact import matrix, vector

        p = self.p if p is None else as_exponent(p)
        if p is None:
            raise LatticeModuleError("The module has no input norm: give to_lattice an exponent p.")
        rows, biases = matrix(self.weight.detach(), "weight"), vector(self.bias.detach(), "bias")
        pieces = iter([Piece(w, b) for w, b in zip(rows, biases, strict=True)])
        groups = tuple(tuple(next(pieces) for _ in range(size)) for size in self.sizes)
        return Lattice(groups, p, self.outer)

    @property
    def inputs(self) -> int:
        """The dimension."""
        return self.weight.shape[1]

    def forward(self, x: Tensor) -> Tensor:
        """Values (..., 1) at x, (..., inputs). Under `torch.no_grad` only one product is held at a time."""
        points = self._points(x)
        plan = self._plan()
        weight: Tensor = self.weight
        bias: Tensor = self.bias
        if plan.order is not None:
            weight, bias = weight[plan.order], bias[plan.order]
        inner, outer = (torch.minimum, torch.maximum) if self.outer == "max" else (torch.maximum, torch.minimum)
        buffer = None if torch.is_grad_enabled() else _Buffer(weight)
        step = _CHUNK.get(weight.device.type, _CHUNK_ELSEWHERE)
        chunks = [(chunk, chunk.T.contiguous()) for chunk in torch.split(points, step)]
        with torch.autocast(weight.device.type, enabled=False):
            runs = (reduce(inner, (self._block(b, chunks, weight, bias, buffer) for b in run)) for run in plan.runs)
            return reduce(outer, runs).reshape(*x.shape[:-1], 1)

    @torch.no_grad()
    def error_bound(self, x: Tensor) -> Tensor:
        """Upper bounds (..., 1) in float64 on |forward(x) - exact value at the floats x|, the module's floats exact.

        The largest of the pieces' bounds, each at most gamma_{n+1} (|w| . |x| + |b|) and underflow (see
        `lipcheck.readings.rounding`): maxima and minima add nothing. Raises NetworkError where torch may multiply in
        reduced precision, for NaN and infinities, and where a piece might overflow.
        """
        rounding.refuse_reduced_precision(self.weight.dtype)
        columns = self._points(x).T[None]
        zero = torch.zeros((), dtype=torch.float64, device=x.device).expand(columns.shape)
        worst = torch.zeros(columns.shape[2], dtype=torch.float64, device=x.device)
        for rows, biases in zip(torch.split(self.weight, 256), torch.split(self.bias, 256), strict=True):
            bound = rounding.affine_bound(columns, zero, rows[None], biases[None], None, None)
            worst = torch.maximum(worst, bound[0].amax(0))
        # A bound is at least (n + 1) u (|w| . |x| + |b|), so that no sum overflows below this limit; NaN fails, too.
        info = torch.finfo(self.weight.dtype)
        if not bool((worst <= (self.inputs + 1) * info.eps * (info.max / 4)).all()):
            raise NetworkError(f"The values may overflow {self.weight.dtype}, or the input holds NaN: scale it down.")
        return worst.reshape(*x.shape[:-1], 1)

    def extra_repr(self) -> str:
        """Sizes, as printed inside the module's parentheses."""
        numbers = f"inputs={self.inputs}, pieces={len(self.bias)}, groups={len(self.sizes)}"
        return f"{numbers}, outer={self.outer!r}, p={self.p}"

    def _points(self, x: Tensor) -> Tensor:
        if not x.ndim or x.shape[-1] != self.inputs:
            raise NetworkError(f"The input has shape {tuple(x.shape)} but the lattice takes {self.inputs} numbers.")
        if x.dtype != self.weight.dtype:
            raise NetworkError(f"The input is {x.dtype} but the lattice {self.weight.dtype}: convert one of them.")
        return x.reshape(-1, self.inputs)

    def _plan(self) -> _Plan:
        key = (_BLOCK_BYTES // self.weight.element_size(), self.weight.device)
        if key not in self._plans:
            # A tensor made in inference mode could not be used in training afterwards.
            with torch.inference_mode(False):
                self._plans[key] = _cut(self.sizes, *key)
        return self._plans[key]

    def _block(self, block: _Block, chunks: _Chunks, weight: Tensor, bias: Tensor, buffer: _Buffer | None) -> Tensor:
        """The values (points,) of one block: outer over its groups, or inner over the part of a group that it is."""
        inner, outer = (torch.amin, torch.amax) if self.outer == "max" else (torch.amax, torch.amin)
        rows, offsets = weight[block.start : block.stop], bias[block.start : block.stop]
        found = []
        for chunk, columns in chunks:
            if block.size < 2:
                out = None if buffer is None else buffer.product(len(chunk), len(rows))
                found.append((outer if block.size else inner)(torch.addmm(offsets, chunk, rows.T, out=out), 1))
                continue
            out = None if buffer is None else buffer.product(len(rows), len(chunk))
            product = torch.addmm(offsets[:, None], rows, columns, out=out)
            if block.size <= _SHORT:
                found.append(outer(self._slices(torch.unflatten(product, 0, (block.size, -1)), buffer is not None), 0))
                continue
            grouped = torch.unflatten(product, 0, (-1, block.size))
            out = None if buffer is None else buffer.groups(len(grouped), len(chunk))
            found.append(outer(inner(grouped, 1, out=out), 0))
        return torch.cat(found)

    def _slices(self, slices: Tensor, in_place: bool) -> Tensor:
        """(size, groups, points) -> (groups, points), in the first slice's memory where that is allowed."""
        pair = torch.minimum if self.outer == "max" else torch.maximum
        first, *others = slices.unbind(0)
        for other in others:
            first = pair(first, other, out=first if in_place else None)
        return first


class _Buffer:
    """Memory for one product and its groups, used again and again."""

    def __init__(self, like: Tensor) -> None:
        self._like = like
        self._product = self._groups = like.new_empty(0)

    def product(self, rows: int, columns: int) -> Tensor:
        """Memory (rows, columns)."""
        if self._product.numel() < rows * columns:
            self._product = self._like.new_empty(rows * columns)
        return self._product[: rows * columns].view(rows, columns)

    def groups(self, rows: int, columns: int) -> Tensor:
        """Other memory (rows, columns)."""
        if self._groups.numel() < rows * columns:
            self._groups = self._like.new_empty(rows * columns)
        return self._groups[: rows * columns].view(rows, columns)


def _cut(sizes: tuple[int, ...], width: int, device: torch.device) -> _Plan:
    """Blocks of at most `width` pieces where groups allow it."""
    counts = dict(sorted(Counter(sizes).items()))
    of_piece = torch.tensor(sizes).repeat_interleave(torch.tensor(sizes))
    order = of_piece.argsort(stable=True)
    runs: list[tuple[_Block, ...]] = []
    at = 0
    for size, count in counts.items():
        end = at + size * count
        if size > width:
            for start in range(at, end, size):
                cuts = range(start, start + size, width)
                runs.append(tuple(_Block(i, min(i + width, start + size), 0) for i in cuts))
        else:
            cuts = range(at, end, width // size * size)
            runs += [(_Block(i, min(i + width // size * size, end), size),) for i in cuts]
        at = end
    for run in runs:
        for block in run:
            if 1 < block.size <= _SHORT:
                part = order[block.start : block.stop]
                order[block.start : block.stop] = part.view(-1, block.size).T.reshape(-1).clone()
    moves = not torch.equal(order, torch.arange(len(order)))
    return _Plan(order.to(device) if moves else None, tuple(runs))


def _check(weight: Tensor, bias: Tensor, sizes: Sequence[int], outer: object) -> None:
    if outer not in ("max", "min"):
        raise LatticeModuleError(f"The outer operation is {shown(outer)}: say 'max' or 'min'.")
    if weight.ndim != 2 or not weight.numel() or bias.shape != weight.shape[:1]:
        raise LatticeModuleError(
            f"The weight has shape {tuple(weight.shape)} and the bias {tuple(bias.shape)}: give (m, n) and (m,)."
        )
    if weight.dtype not in (torch.float64, torch.float32) or bias.dtype != weight.dtype:
        raise LatticeModuleError(f"The weight is {weight.dtype}, the bias {bias.dtype}: use float64 or float32.")
    if bias.device != weight.device:
        raise LatticeModuleError(f"The weight is on {weight.device}, the bias on {bias.device}: use one device.")
    if not all(isinstance(size, int) and not isinstance(size, bool) and size > 0 for size in sizes):
        raise LatticeModuleError("A group size is not a whole number of at least 1: give the number of its pieces.")
    if sum(sizes) != len(weight):
        raise LatticeModuleError(f"The sizes sum up to {sum(sizes)} but there are {len(weight)} pieces.")
    if not (bool(torch.isfinite(weight).all()) and bool(torch.isfinite(bias).all())):
        raise LatticeModuleError("The weight or the bias holds NaN or infinity: give finite numbers.")
