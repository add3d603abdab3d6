"""In which direction is a function steepest at a point? Proposals in float64; nothing here is a bound.

At x the steepest direction maximises ||J d||_p / ||d||_p, J the Jacobian of the linear region. J' u is a pass backwards
and J d a pass backwards through that one (u -> J' u is linear, and its adjoint is J): once the values at x are known,
each costs one pass, and J itself one per row or column. With J: a singular vector for p = 2, the signs of the row of
largest 1-norm for p = inf, the column of largest 1-norm for p = 1. Without: Lanczos' method on J'J for p = 2, else the
power method for p-norms (Boyd, The power method for l^p norms, 1974): d becomes the vector that
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

    Maps = tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]

_WHOLE = 256
"""With at most so many inputs or outputs the whole Jacobian is cheap."""
_PASSES = 4
"""Rows of a Jacobian are taken in that many times the usual number: one point's values, so that less memory is read."""
_LANCZOS_STEPS = 40
_LOOK, _GROWTH = 5, 1e-9
"""Lanczos' method looks at its leading values every so many steps, and ends when none has grown by that share."""


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
    at: Callable[[Tensor], Maps] | None = None

    def maps(self, x: Tensor) -> Maps:
        """d -> J(x) d and u -> J(x)' u, row by row, for repeated use at the same points."""
        if self.at is not None:
            return self.at(x)
        return lambda d: self.push(x, d), lambda u: self.pull(x, u)


def field_of(graph: Graph) -> Field:
    """A graph as a field, with derivatives by automatic differentiation. GraphError for what is not understood."""
    import torch

    from lipcheck.graph.values import evaluator

    value = evaluator(graph)

    def push(x: Tensor, d: Tensor) -> Tensor:
        pushed: Tensor = torch.func.jvp(value, (x,), (d,))[1]
        return pushed

    return Field(graph.inputs, graph.outputs, batch_of(graph), value, push, puller(value), at=linearised(value))


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


def linearised(value: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Maps]:
    """x -> the maps d -> J(x) d and u -> J(x)' u; what does not depend on the input gives zero."""
    import torch

    def at(x: Tensor) -> Maps:
        with torch.enable_grad():
            point = x.detach().requires_grad_(True)
            result = value(point)
            if not result.requires_grad:
                return lambda d: torch.zeros_like(result), lambda u: torch.zeros_like(x)
            probe = torch.zeros_like(result, requires_grad=True)
            # Of sums: with weights for the outputs torch.autograd.grad loads symbolic shapes, which takes a second.
            (back,) = torch.autograd.grad((result * probe).sum(), point, create_graph=True, allow_unused=True)

        def push(d: Tensor) -> Tensor:
            if back is None or not back.requires_grad:
                return torch.zeros_like(probe)
            with torch.enable_grad():
                (found,) = torch.autograd.grad((back * d).sum(), probe, retain_graph=True, allow_unused=True)
            return torch.zeros_like(probe) if found is None else found

        def pull(u: Tensor) -> Tensor:
            with torch.enable_grad():
                (found,) = torch.autograd.grad((result * u).sum(), point, retain_graph=True, allow_unused=True)
            return torch.zeros_like(x) if found is None else found

        return push, pull

    return at


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

    push, pull = field.maps(x)
    d = torch.where(free, d, 0.0)
    for _ in range(steps):
        if late(deadline):
            break
        forces = pull(attaining(push(d), dual(p)))
        better = attaining(torch.where(free, forces, 0.0), p)
        d = torch.where(better.any(1, keepdim=True), better, d)
    return d, norms(push(d), p) / norms(d, p)


def finest(field: Field, x: Tensor, p: float, free: Tensor, d: Tensor, deadline: float | None = None) -> Tensor:
    """The steepest direction at each point, row by row, as exactly as floats give it; d are first proposals.

    After the deadline the best directions so far are returned, if need be those of d.
    """
    import torch

    if min(field.inputs, field.outputs) <= _WHOLE:
        found: list[Tensor] = []
        for point, proposed in zip(x, d, strict=True):
            whole = None if found and late(deadline) else jacobian_at(field, point, deadline)
            found.append(proposed if whole is None else _leading(torch.where(free, whole, 0.0), p))
        return torch.stack(found)
    if p == 2:
        push, pull = field.maps(x)
        return _lanczos(lambda v: torch.where(free, pull(push(v)), 0.0), d, deadline)
    return steepest(field, x, p, free, d, _LANCZOS_STEPS, deadline)[0]


def _leading(jacobian: Tensor, p: float) -> Tensor:
    import torch

    if p == math.inf:
        return torch.sign(jacobian[jacobian.abs().sum(1).argmax()])
    if p == 1:
        return torch.nn.functional.one_hot(jacobian.abs().sum(0).argmax(), jacobian.shape[1]).to(jacobian.dtype)
    leading: Tensor = torch.linalg.svd(jacobian, full_matrices=False).Vh[0]
    return leading


def jacobian_at(field: Field, x: Tensor, deadline: float | None = None) -> Tensor | None:
    """The Jacobian (outputs, inputs) at one point x (inputs,), in as many passes as it has rows, or columns.

    None if it is not complete at the deadline; one batch of passes is always done.
    """
    import torch

    rows = field.outputs <= field.inputs
    units = torch.eye(min(field.outputs, field.inputs), dtype=x.dtype)
    size = min(len(units), _PASSES * field.batch)
    push, pull = field.maps(x.repeat(size, 1))
    one = pull if rows else push
    parts: list[Tensor] = []
    for some in chunks(units, size):
        if parts and late(deadline):
            return None
        # The maps take as many rows as there are points: the last rows are filled up with zeros.
        parts.append(one(torch.nn.functional.pad(some, (0, 0, 0, size - len(some))))[: len(some)])
    found = torch.cat(parts)
    return found if rows else found.T


def _lanczos(product: Callable[[Tensor], Tensor], starts: Tensor, deadline: float | None) -> Tensor:
    """About the leading eigenvectors of symmetric maps, row by row, with all vectors of a row kept orthogonal.

    A row whose vectors span an invariant space goes on with zeros; the steps end when no leading value grows any more.
    """
    import torch

    basis = [attaining(starts, 2)]
    images: list[Tensor] = []
    before = torch.full((len(starts),), -math.inf, dtype=starts.dtype)
    for step in range(min(_LANCZOS_STEPS, starts.shape[1])):
        if images and late(deadline):
            break
        images.append(product(basis[-1]))
        rest = images[-1]
        known = torch.stack(basis, 1)
        for _ in range(2):
            rest = rest - torch.einsum("kjn,kj->kn", known, torch.einsum("kjn,kn->kj", known, rest))
        size = norms(rest, 2)
        open_rows = size > 1e-12 * norms(images[-1], 2)
        if step % _LOOK == _LOOK - 1:
            values = _small(basis, images)[0][:, -1]
            open_rows &= values > before * (1 + _GROWTH)
            before = values
        if not bool(open_rows.any()):
            break
        basis.append(torch.where(open_rows[:, None], rest / size.clamp(min=1e-300)[:, None], 0.0))
    vectors = _small(basis[: len(images)], images)[1][:, :, -1]
    return torch.einsum("kjn,kj->kn", torch.stack(basis[: len(images)], 1), vectors)


def _small(basis: list[Tensor], images: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Eigenvalues and eigenvectors of the maps on the spans of the vectors."""
    import torch

    small = torch.einsum("kin,kjn->kij", torch.stack(basis, 1), torch.stack(images, 1))
    values, vectors = torch.linalg.eigh((small + small.mT) / 2)
    return values, vectors
