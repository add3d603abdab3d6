"""Whether fast forms may be used that write into views, or whose work depends on the numbers."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def is_eager(x: Tensor) -> bool:
    """Whether x is plain numbers on the CPU: not traced, compiled, batched, fake, or with a forward gradient."""
    return (
        type(x) in (Tensor, nn.Parameter)
        and x.device.type == "cpu"
        and not torch.compiler.is_compiling()
        and not torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call]
        and not torch._C._functorch.is_functorch_wrapped_tensor(x)
        and torch.autograd.forward_ad.unpack_dual(x).tangent is None  # type: ignore[no-untyped-call]
    )


def is_recorded(x: Tensor) -> bool:
    """Whether autograd records what is done to x."""
    return x.requires_grad and torch.is_grad_enabled()
