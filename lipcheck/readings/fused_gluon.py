"""A Gluon kernel (Triton's lower level): all layers of one network at a tile of points, products in IEEE arithmetic.

Importing this module imports triton, which has to be 3.6: Gluon's names change from version to version.
`lipcheck.readings.fused` does so when it is asked for it and explains the layout.

The weight matrix of a layer and the activations lie in shared memory, the sums in registers. A product runs through
slices of SLICE columns, so that each thread holds a few rows of one operand and a few columns of the other, and every
number that it fetches serves several multiply-adds. The order of the sums is that of the columns.
"""

# mypy: ignore-errors
# Kernels are a language of their own, with Python's syntax.
from __future__ import annotations

from triton.experimental import gluon
from triton.experimental.gluon import language as gl
from triton.experimental.gluon.language.nvidia.ampere import async_copy


@gluon.jit
def _fetch(
    slices, weight, DOWN: gl.constexpr, ACROSS: gl.constexpr, COPY: gl.constexpr, STEP: gl.constexpr,
    WIDTH: gl.constexpr,
):  # fmt: skip
    """Start copying a weight matrix (WIDTH, WIDTH) from device memory, cut into slices of DOWN rows, ACROSS columns."""
    down = gl.arange(0, DOWN, layout=gl.SliceLayout(1, COPY))
    across = gl.arange(0, ACROSS, layout=gl.SliceLayout(0, COPY))
    for i in gl.static_range(WIDTH * WIDTH // (DOWN * ACROSS)):
        here = weight + i * STEP + down[:, None] * WIDTH + across[None, :]
        async_copy.async_copy_global_to_shared(slices.index(i), here)
    async_copy.commit_group()


@gluon.jit
def _forth(matrix, units, first, second, HALF: gl.constexpr, SLICE: gl.constexpr, SPREAD: gl.constexpr):
    """Add matrix times units to (first, second), the upper and the lower half of the rows."""
    left: gl.constexpr = gl.DotOperandLayout(0, SPREAD, 0)
    right: gl.constexpr = gl.DotOperandLayout(1, SPREAD, 0)
    for i in range(0, 2 * HALF // SLICE):
        part, columns = units.index(i).load(right), matrix.index(i)
        first = gl.dot_fma(columns.slice(0, HALF, 0).load(left), part, first)
        second = gl.dot_fma(columns.slice(HALF, HALF, 0).load(left), part, second)
    return first, second


@gluon.jit
def _back(matrix, units, first, second, HALF: gl.constexpr, SLICE: gl.constexpr, SPREAD: gl.constexpr):
    """Add the transposed matrix times units to (first, second)."""
    left: gl.constexpr = gl.DotOperandLayout(0, SPREAD, 0)
    right: gl.constexpr = gl.DotOperandLayout(1, SPREAD, 0)
    for i in range(0, 2 * HALF // SLICE):
        part, columns = units.index(i).load(right), matrix.index(i).permute([1, 0])
        first = gl.dot_fma(columns.slice(0, HALF, 0).load(left), part, first)
        second = gl.dot_fma(columns.slice(HALF, HALF, 0).load(left), part, second)
    return first, second


@gluon.jit(do_not_specialize=["points", "outputs", "layers"])
def population(
    x, weights, biases, head, head_bias, values, jacobians, doubtful, points, outputs, layers,
    HALF: gl.constexpr, TILE: gl.constexpr, KIND: gl.constexpr, JACOBIAN: gl.constexpr, SLICE: gl.constexpr,
    LANES: gl.constexpr, num_warps: gl.constexpr,
):  # fmt: skip
    """Values (and Jacobian rows) of one network at TILE points; KIND is "max", "min", "abs" or "relu"."""
    WIDTH: gl.constexpr = 2 * HALF
    dtype: gl.constexpr = x.dtype.element_ty
    # Forth, a thread owns rows that lie apart and reads contiguous pieces of them. Back, the matrix is read transposed:
    # there a thread owns neighbouring rows, and the warps share them out as far as they go.
    DOWN: gl.constexpr = min(num_warps, HALF * LANES // 128)
    FORTH: gl.constexpr = gl.BlockedLayout([1, 4], [32 // LANES, LANES], [DOWN, num_warps // DOWN], [1, 0])
    BACK: gl.constexpr = gl.BlockedLayout([4, 4], [32 // LANES, LANES], [DOWN, num_warps // DOWN], [1, 0])
    COPY: gl.constexpr = gl.BlockedLayout([1, 4], [128 // SLICE, SLICE // 4], [num_warps, 1], [1, 0])
    COPY_BACK: gl.constexpr = gl.BlockedLayout([1, 4], [128 // WIDTH, WIDTH // 4], [num_warps, 1], [1, 0])
    # Points are rows in device memory and columns here; the swizzle lets 32 units of one point be stored together.
    ACROSS: gl.constexpr = gl.BlockedLayout([1, 1], [32, 1], [1, num_warps], [0, 1])
    plain: gl.constexpr = gl.SwizzledSharedLayout(1, 1, 1, [1, 0])
    swizzled: gl.constexpr = gl.SwizzledSharedLayout(4, 1, 8, [1, 0])
    matrix = gl.allocate_shared_memory(dtype, [WIDTH // SLICE, WIDTH, SLICE], plain)
    rows = matrix._reinterpret(dtype, [WIDTH // SLICE, SLICE, WIDTH], plain)
    units = gl.allocate_shared_memory(dtype, [WIDTH // SLICE, SLICE, TILE], swizzled)
    halves = units._reinterpret(dtype, [2, HALF, TILE], swizzled)
    whole = units._reinterpret(dtype, [1, WIDTH, TILE], swizzled).index(0)
    network = gl.program_id(0).to(gl.int64)
    start = gl.program_id(1) * TILE
    weights += network * layers * (WIDTH * WIDTH)
    biases += network * layers * WIDTH
    head += network * outputs * WIDTH
    head_bias += network * outputs
    _fetch(matrix, weights, WIDTH, SLICE, COPY, SLICE, WIDTH)
    unit = gl.arange(0, WIDTH, layout=gl.SliceLayout(1, ACROSS))
    column = gl.arange(0, TILE, layout=gl.SliceLayout(0, ACROSS))
    here = column[None, :] * WIDTH + unit[:, None]
    given = gl.load(x + (network * points + start) * WIDTH + here)
    whole.store(given)
    # 0 as long as all numbers are finite, NaN from the first one on that is not.
    doubt = gl.sum(gl.sum(given * 0.0, 1), 0)
    row = gl.arange(0, HALF, layout=gl.SliceLayout(1, FORTH))
    place = gl.arange(0, TILE, layout=gl.SliceLayout(0, FORTH))
    bits = gl.zeros([HALF, TILE], gl.int32, FORTH)
    more_bits = gl.zeros([HALF, TILE], gl.int32, FORTH)
    upper = gl.zeros([HALF, TILE], dtype, FORTH)
    lower = gl.zeros([HALF, TILE], dtype, FORTH)
    for layer in range(layers):
        bias = biases + layer * WIDTH
        first = gl.load(bias + row)[:, None] + gl.zeros([HALF, TILE], dtype, FORTH)
        second = gl.load(bias + row + HALF)[:, None] + gl.zeros([HALF, TILE], dtype, FORTH)
        async_copy.wait_group(0)
        gl.thread_barrier()
        first, second = _forth(matrix, units, first, second, HALF, SLICE, FORTH)
        gl.thread_barrier()
        if layer + 1 < layers:
            _fetch(matrix, weights + (layer + 1) * (WIDTH * WIDTH), WIDTH, SLICE, COPY, SLICE, WIDTH)
        if KIND == "abs":
            bits |= (first < 0).to(gl.int32) << layer
            more_bits |= (second < 0).to(gl.int32) << layer
            upper, lower = gl.abs(first), gl.abs(second)
        elif KIND == "relu":
            bits |= (first > 0).to(gl.int32) << layer
            more_bits |= (second > 0).to(gl.int32) << layer
            upper, lower = gl.where(first < 0, 0.0, first), gl.where(second < 0, 0.0, second)
        else:
            swapped = first < second if KIND == "max" else first > second
            bits |= swapped.to(gl.int32) << layer
            upper, lower = gl.where(swapped, second, first), gl.where(swapped, first, second)
        if layer + 1 < layers:
            halves.index(0).store(upper)
            halves.index(1).store(lower)
    for output in range(outputs):
        slope = head + output * WIDTH
        value = gl.load(slope + row)[:, None] * upper + gl.load(slope + row + HALF)[:, None] * lower
        value = gl.sum(value, 0) + gl.load(head_bias + output)
        doubt += gl.sum(value * 0.0, 0)
        gl.store(values + (network * outputs + output) * points + start + place, value)
    if JACOBIAN:
        bits = gl.convert_layout(bits, BACK)
        more_bits = gl.convert_layout(more_bits, BACK)
        back_row = gl.arange(0, HALF, layout=gl.SliceLayout(1, BACK))
        for output in range(outputs):
            slope = head + output * WIDTH
            onto = gl.load(slope + back_row)[:, None] + gl.zeros([HALF, TILE], dtype, BACK)
            beside = gl.load(slope + back_row + HALF)[:, None] + gl.zeros([HALF, TILE], dtype, BACK)
            for step in range(layers):
                layer = layers - 1 - step
                bit = ((bits >> layer) & 1) != 0
                if KIND == "abs":
                    first = gl.where(bit, -onto, onto)
                    second = gl.where(((more_bits >> layer) & 1) != 0, -beside, beside)
                elif KIND == "relu":
                    first = gl.where(bit, onto, 0.0)
                    second = gl.where(((more_bits >> layer) & 1) != 0, beside, 0.0)
                else:
                    first, second = gl.where(bit, beside, onto), gl.where(bit, onto, beside)
                gl.thread_barrier()
                _fetch(rows, weights + layer * (WIDTH * WIDTH), SLICE, WIDTH, COPY_BACK, SLICE * WIDTH, WIDTH)
                halves.index(0).store(first)
                halves.index(1).store(second)
                async_copy.wait_group(0)
                gl.thread_barrier()
                onto = gl.zeros([HALF, TILE], dtype, BACK)
                beside = gl.zeros([HALF, TILE], dtype, BACK)
                onto, beside = _back(rows, units, onto, beside, HALF, SLICE, BACK)
            doubt += gl.sum(gl.sum(onto * 0.0 + beside * 0.0, 1), 0)
            gl.thread_barrier()
            halves.index(0).store(onto)
            halves.index(1).store(beside)
            gl.thread_barrier()
            gl.store(jacobians + ((network * outputs + output) * points + start) * WIDTH + here, whole.load(ACROSS))
    gl.store(doubtful, 1, mask=doubt != doubt)
