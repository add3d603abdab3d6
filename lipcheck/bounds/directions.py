"""In which direction is a function steepest at a point? Proposals in float64; nothing here is a bound.

At x the steepest direction maximises ||J d||_p / ||d||_p, J the Jacobian of the linear region. J times d and J' times u
are two passes through the network, and J itself is one pass per row or column. With J: a singular vector for p = 2, the
signs of the row of largest 1-norm for p = inf, the column of largest 1-norm for p = 1. Without: Lanczos' method on J'J
for p = 2, else the power method for p-norms (Boyd, The power method for l^p norms, 1974): d becomes the vector that
attains the dual norm of J' psi(J d), psi the gradient of the p-norm, and the quotient never falls.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lipcheck.bounds.clock import late
from lipcheck.norms import dual_exponent

if TYPE_CHECKING:
    from torch import Tensor

    from lipcheck.graph import Graph

_WHOLE = 256
"""With at most so many inputs or outputs the whole Jacobian is cheap."""
_LANCZOS_STEPS = 40


@dataclass(frozen=True, eq=False)
class Field:
    """A function on batches (count, inputs) -> (count, outputs), with J(x) d and J(x)' u row by row.

    `batch` is how many rows are good to handle at once; `noise` a guess at the rounding of values, relative to them,
    on which only rankings depend.
    """

    inputs: int
    outputs: int
    batch: int
    value: Callable[[Tensor], Tensor]
    push: Callable[[Tensor, Tensor], Tensor]
    pull: Callable[[Tensor, Tensor], Tensor]
    differentiable: bool = True
    noise: float = 2.0**-46


def field_of(graph: Graph) -> Field:
    """A graph as a field, with derivatives by automatic differentiation. GraphError for what is not understood."""
    import torch

    from lipcheck.graph.values import evaluator

    value = evaluator(graph)

    def push(x: Tensor, d: Tensor) -> Tensor:
        pushed: Tensor = torch.func.jvp(value, (x,), (d,))[1]
        return pushed

    return Field(graph.inputs, graph.outputs, batch_of(graph), value, push, puller(value))


def batch_of(graph: Graph) -> int:
    """So many examples that all their arrays stay in some tens of megabytes, and a pass in some tenths of a second."""
    numbers = sum(
        array.size for node in graph.nodes for array in vars(node.operation).values() if hasattr(array, "size")
    )
    return int(max(4, min(2048, 2_000_000 // (sum(node.size for node in graph.nodes) + numbers // 64))))


def puller(value: Callable[[Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    """(x, u) -> J(x)' u by backpropagation; zero where the output does not depend on the input."""
    import torch

    def pull(x: Tensor, u: Tensor) -> Tensor:
        with torch.enable_grad():
            x = x.detach().requires_grad_(True)
            total = (value(x) * u).sum()
            if not total.requires_grad:
                return torch.zeros_like(x)
            (found,) = torch.autograd.grad(total, x, allow_unused=True)
        return torch.zeros_like(x) if found is None else found

    return pull


def chunks(rows: Tensor, size: int) -> tuple[Tensor, ...]:
    """The rows in parts of at most that size."""
    return tuple(rows[i : i + size] for i in range(0, len(rows), size))


def norms(rows: Tensor, p: float) -> Tensor:
    """The p-norm of each row."""
    import torch

    found: Tensor = torch.linalg.vector_norm(rows, p, dim=1)
    return found


def dual(p: float) -> float:
    """The dual exponent of 1, 2 or inf."""
    return float(dual_exponent(p))


def attaining(rows: Tensor, p: float) -> Tensor:
    """For each row z a vector of p-norm one with the largest product with z; zero for zero."""
    import torch

    if p == math.inf:
        return torch.sign(rows)
    if p == 1:
        places = rows.abs().argmax(1, keepdim=True)
        return torch.zeros_like(rows).scatter(1, places, torch.sign(rows.gather(1, places)))
    # Scaled first: the squares of tiny or huge entries leave the range of float64.
    top = rows.abs().amax(1, keepdim=True)
    scaled = rows / torch.where(top > 0, top, 1.0)
    size = norms(scaled, 2)[:, None]
    unit: Tensor = scaled / torch.where(size > 0, size, 1.0)
    return unit


def steepest(
    field: Field, x: Tensor, p: float, free: Tensor, d: Tensor, steps: int, deadline: float | None = None
) -> tuple[Tensor, Tensor]:
    """(directions, slopes) for each row of x: the power method from the directions d, along the coordinates `free`."""
    import torch

    d = torch.where(free, d, 0.0)
    for _ in range(steps):
        if late(deadline):
            break
        forces = field.pull(x, attaining(field.push(x, d), dual(p)))
        better = attaining(torch.where(free, forces, 0.0), p)
        d = torch.where(better.any(1, keepdim=True), better, d)
    return d, norms(field.push(x, d), p) / norms(d, p)


def finest(field: Field, x: Tensor, p: float, free: Tensor, d: Tensor, deadline: float | None = None) -> Tensor:
    """The steepest direction at one point x (inputs,), as exactly as floats give it; d is a first proposal.

    After the deadline the best direction so far is returned, if need be d.
    """
    import torch

    if min(field.inputs, field.outputs) <= _WHOLE:
        whole = jacobian_at(field, x, deadline)
        if whole is None:
            return d
        jacobian = torch.where(free, whole, 0.0)
        if p == math.inf:
            return torch.sign(jacobian[jacobian.abs().sum(1).argmax()])
        if p == 1:
            return torch.nn.functional.one_hot(jacobian.abs().sum(0).argmax(), field.inputs).to(x.dtype)
        leading: Tensor = torch.linalg.svd(jacobian, full_matrices=False).Vh[0]
        return leading
    if p == 2:

        def product(v: Tensor) -> Tensor:
            return torch.where(free, field.pull(x[None], field.push(x[None], v[None]))[0], 0.0)

        return _lanczos(product, d, deadline)
    return steepest(field, x[None], p, free, d[None], _LANCZOS_STEPS, deadline)[0][0]


def jacobian_at(field: Field, x: Tensor, deadline: float | None = None) -> Tensor | None:
    """The Jacobian (outputs, inputs) at one point x (inputs,), in as many passes as it has rows, or columns.

    None if it is not complete at the deadline; one batch of passes is always done.
    """
    import torch

    rows = field.outputs <= field.inputs
    units = torch.eye(min(field.outputs, field.inputs), dtype=x.dtype)
    one = field.pull if rows else field.push
    parts: list[Tensor] = []
    for some in chunks(units, field.batch):
        if parts and late(deadline):
            return None
        parts.append(one(x.repeat(len(some), 1), some))
    found = torch.cat(parts)
    return found if rows else found.T


def _lanczos(product: Callable[[Tensor], Tensor], start: Tensor, deadline: float | None) -> Tensor:
    """About the leading eigenvector of a symmetric map, with all vectors kept orthogonal."""
    import torch

    basis = [start / torch.linalg.vector_norm(start)]
    images: list[Tensor] = []
    for _ in range(min(_LANCZOS_STEPS, len(start))):
        if images and late(deadline):
            basis = basis[: len(images)]
            break
        images.append(product(basis[-1]))
        rest = images[-1]
        for _ in range(2):
            known = torch.stack(basis)
            rest = rest - known.T @ (known @ rest)
        size = torch.linalg.vector_norm(rest)
        if size <= 1e-12 * torch.linalg.vector_norm(images[-1]):
            break
        basis.append(rest / size)
    known = torch.stack(basis[: len(images)])
    small = known @ torch.stack(images).T
    found: Tensor = known.T @ torch.linalg.eigh((small + small.T) / 2).eigenvectors[:, -1]
    return found
