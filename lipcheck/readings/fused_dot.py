"""A Triton kernel: all layers of one network at one tile of points in one program, by Triton's own matrix product.

Importing this module imports triton; `lipcheck.readings.fused` does so when it is asked for it and explains the layout.

Unit i and its partner lie in two tiles of registers, so that an activation works on the tiles entry by entry. They
never leave the program: device memory gives the points and each weight once (once more for the Jacobians, mostly from
the cache) and takes the results. One bit per layer remembers which of two pieces holds at a point; the Jacobian rows
return through these bits, so that ties are those of the forward pass. PRECISION is "ieee", or "tf32x3": three products
of the tensor cores for one, not correctly rounded, for proposals only.
"""

# mypy: ignore-errors
# Kernels are a language of their own, with Python's syntax.
from __future__ import annotations

import triton
import triton.language as tl


@triton.jit(do_not_specialize=["points", "outputs", "layers"])
def population(
    x, weights, biases, head, head_bias, values, jacobians, doubtful, points, outputs, layers,
    HALF: tl.constexpr, TILE: tl.constexpr, KIND: tl.constexpr, JACOBIAN: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    """Values (and Jacobian rows) of one network at TILE points; KIND is "max", "min", "abs" or "relu"."""
    WIDTH: tl.constexpr = 2 * HALF
    network = tl.program_id(0).to(tl.int64)
    start = tl.program_id(1) * TILE
    column, row = tl.arange(0, TILE), tl.arange(0, HALF)
    here = column[None, :] * WIDTH + row[:, None]
    x += (network * points + start) * WIDTH
    weights += network * layers * (WIDTH * WIDTH)
    biases += network * layers * WIDTH
    head += network * outputs * WIDTH
    upper, lower = tl.load(x + here), tl.load(x + HALF + here)
    # 0 as long as all numbers are finite, NaN from the first one on that is not.
    doubt = tl.sum(tl.sum(upper * 0.0 + lower * 0.0, 1), 0)
    block = row[:, None] * WIDTH + row[None, :]
    bits = tl.zeros((HALF, TILE), tl.int32)
    more_bits = tl.zeros((HALF, TILE), tl.int32)
    for layer in range(layers):
        weight, bias = weights + layer * (WIDTH * WIDTH), biases + layer * WIDTH
        first = tl.broadcast_to(tl.load(bias + row)[:, None], (HALF, TILE))
        second = tl.broadcast_to(tl.load(bias + HALF + row)[:, None], (HALF, TILE))
        first = tl.dot(tl.load(weight + block), upper, first, input_precision=PRECISION)
        second = tl.dot(tl.load(weight + HALF * WIDTH + block), upper, second, input_precision=PRECISION)
        first = tl.dot(tl.load(weight + HALF + block), lower, first, input_precision=PRECISION)
        second = tl.dot(tl.load(weight + HALF * WIDTH + HALF + block), lower, second, input_precision=PRECISION)
        if KIND == "abs":
            bits |= (first < 0).to(tl.int32) << layer
            more_bits |= (second < 0).to(tl.int32) << layer
            upper, lower = tl.abs(first), tl.abs(second)
        elif KIND == "relu":
            bits |= (first > 0).to(tl.int32) << layer
            more_bits |= (second > 0).to(tl.int32) << layer
            upper, lower = tl.where(first < 0, 0.0, first), tl.where(second < 0, 0.0, second)
        else:
            swapped = first < second if KIND == "max" else first > second
            bits |= swapped.to(tl.int32) << layer
            upper, lower = tl.where(swapped, second, first), tl.where(swapped, first, second)
    for output in range(outputs):
        slope = head + output * WIDTH
        onto, beside = tl.load(slope + row)[:, None], tl.load(slope + HALF + row)[:, None]
        value = tl.sum(onto * upper + beside * lower, 0) + tl.load(head_bias + network * outputs + output)
        doubt += tl.sum(value * 0.0, 0)
        tl.store(values + (network * outputs + output) * points + start + column, value)
        if JACOBIAN:
            onto, beside = tl.broadcast_to(onto, (HALF, TILE)), tl.broadcast_to(beside, (HALF, TILE))
            transposed = row[:, None] + row[None, :] * WIDTH
            for step in range(layers):
                layer = layers - 1 - step
                weight = weights + layer * (WIDTH * WIDTH)
                bit, more = ((bits >> layer) & 1) != 0, ((more_bits >> layer) & 1) != 0
                if KIND == "abs":
                    first, second = tl.where(bit, -onto, onto), tl.where(more, -beside, beside)
                elif KIND == "relu":
                    first, second = tl.where(bit, onto, 0.0), tl.where(more, beside, 0.0)
                else:
                    first, second = tl.where(bit, beside, onto), tl.where(bit, onto, beside)
                onto = tl.dot(tl.load(weight + transposed), first, input_precision=PRECISION)
                beside = tl.dot(tl.load(weight + HALF + transposed), first, input_precision=PRECISION)
                weight += HALF * WIDTH
                onto = tl.dot(tl.load(weight + transposed), second, onto, input_precision=PRECISION)
                beside = tl.dot(tl.load(weight + HALF + transposed), second, beside, input_precision=PRECISION)
            there = jacobians + ((network * outputs + output) * points + start) * WIDTH + here
            tl.store(there, onto)
            tl.store(there + HALF, beside)
            doubt += tl.sum(tl.sum(onto * 0.0 + beside * 0.0, 1), 0)
    tl.store(doubtful, 1, mask=doubt != doubt)
