"""The spectral norm of the Jacobian as a regularizer (Anil, Lucas and Grosse 2019, Algorithm 1), by reverse mode alone.

With J = df/dx at an example and u from the batches before: g = J'u, v = g / |g|, h = J v, and the term is u'h for the
next u = h / |h|, that is |J v|. J v is the derivative of v'g in u, since g is linear in u (Townsend's double backward
trick).

What it guarantees: 0 <= term <= sigma(J(x)) <= Lip(f), a lower bound at this x; nothing about other x. It is
sigma(J(x)) itself for one output (or J of rank one, unless J'u = 0), and tends to it when the iteration is repeated on
one batch, for almost every start (anil2019.jacobian_regularization). Where J'u = 0 the term is 0, with gradient 0, and
nothing is divided. u and v are constants in the backward pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn

from lipcheck.nn.losses import LossError


class JacobianRegularizer(nn.Module):
    """The term of a batch, to be added to the loss: `loss + weight * regularizer(network, x)`.

    One direction u is kept between batches, that of the example with the largest term; it is drawn at random first.
    Examples must not influence each other (no batch normalization in training mode). `iterations` is the number of
    steps in each call. `reduction` is "mean", "max" or "none", over examples.
    """

    def __init__(self, outputs: int, *, iterations: int = 1, reduction: Literal["mean", "max", "none"] = "mean",
                 generator: torch.Generator | None = None) -> None:  # fmt: skip
        super().__init__()
        if outputs < 1 or iterations < 1:
            raise LossError(f"There are {outputs} outputs and {iterations} iterations: give at least one of each.")
        if reduction not in ("mean", "max", "none"):
            raise LossError(f"The reduction is {reduction!r}: say 'mean', 'max' or 'none'.")
        self.iterations, self.reduction = iterations, reduction
        start = torch.randn(outputs, generator=generator, dtype=torch.float64)
        self.u: Tensor
        self.register_buffer("u", start / start.norm())

    def forward(self, network: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
        """The term at the examples x, (N, ...) -> scalar, or (N,) for "none"; differentiable in the parameters.

        Raises LossError for integers, an empty batch, and outputs of another shape.
        """
        if not x.ndim or not len(x) or not x.is_floating_point():
            raise LossError(f"The examples are {x.dtype} of shape {tuple(x.shape)}: give a batch of floats, not empty.")
        with torch.enable_grad():
            return self._term(network, x.detach().requires_grad_())

    def _term(self, network: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
        y = network(x)
        if y.shape != (len(x), len(self.u)):
            raise LossError(f"The network gives {tuple(y.shape)}: it should be {(len(x), len(self.u))}.")
        u = self.u.to(y).expand_as(y)
        for _ in range(self.iterations):
            direction = u.detach().clone().requires_grad_()
            g = _derivative(y, x, direction)
            h = _derivative(g, direction, _unit(g.detach()))
            u = _unit(h.detach())
        terms = (u * h).sum(-1)
        largest = int(terms.detach().argmax())
        if bool(terms[largest] > 0):
            self.u = u[largest].to(self.u).clone()
        return terms if self.reduction == "none" else terms.mean() if self.reduction == "mean" else terms.amax()


def _derivative(output: Tensor, of: Tensor, direction: Tensor) -> Tensor:
    """The product of the direction and the output's derivative; zero where the output is constant."""
    if not output.requires_grad:
        return torch.zeros_like(of)
    (found,) = torch.autograd.grad(output, of, direction, create_graph=True, allow_unused=True, materialize_grads=True)
    return found


def _unit(vectors: Tensor) -> Tensor:
    """Each example's vector divided by its length, zero where that is zero."""
    flat = vectors.flatten(1)
    largest = flat.abs().amax(1, keepdim=True)
    scaled = flat / torch.where(largest > 0, largest, 1)
    lengths = scaled.norm(dim=1, keepdim=True)
    return (scaled / torch.where(lengths > 0, lengths, 1)).reshape(vectors.shape)
