"""Björck's iteration towards the nearest orthonormal matrix beside a singular value decomposition and peers' layers.

The SVD gives the polar factor U V' exactly, up to rounding; notes say how far a result is from orthonormal, as the
largest |singular value - 1|. Weights have condition 3. Peers do what their linear layers do to a weight at each step of
training, and their power iterations go on from step to step: deel-torchlip's SpectralLinear, orthogonium's OrthoLinear.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from functools import partial

import torch
from _timing import Measured, Omitted, Row, Size, alone, medians
from torch import Tensor, nn

from lipcheck.nn.bjorck import bjorck

SIDES: dict[Size, tuple[int, ...]] = {"tiny": (8,), "quick": (64, 256), "whole": (64, 256, 1024), "full": (256, 1024)}
CONDITION = 3.0
ORDERS = {"order 1, 15 iterations": (1, 15), "order 2, 8 iterations": (2, 8)}


def drawn(n: int) -> Tensor:
    """A square float32 matrix with singular values spread evenly from 1 / 3 to 1."""
    draw = torch.Generator().manual_seed(n)
    left, right = (torch.linalg.qr(torch.randn(n, n, generator=draw, dtype=torch.float64))[0] for _ in range(2))
    weight: Tensor = left * torch.linspace(1 / CONDITION, 1, n, dtype=torch.float64) @ right
    return weight.float()


def polar(weight: Tensor) -> Tensor:
    """U V' of the singular value decomposition U S V'."""
    left, _, right = torch.linalg.svd(weight, full_matrices=False)
    factor: Tensor = left @ right
    return factor


def defect(weight: Tensor) -> str:
    """The largest |singular value - 1|."""
    return f"off by {float((torch.linalg.svdvals(weight.double()) - 1).abs().max()):.0e}"


def peers(weight: Tensor) -> Iterator[tuple[str, Callable[[], Tensor]] | Omitted]:
    """Layers of other libraries with this weight, as functions that compute their constrained weight in training."""
    n = len(weight)
    if importlib.util.find_spec("deel") is None:
        yield Omitted("deel-torchlip", "it is not installed (pip install lipcheck[peers])")
    else:
        from deel import torchlip  # type: ignore[import-not-found, import-untyped, unused-ignore]

        yield "deel-torchlip, SpectralLinear", _computed(torchlip.SpectralLinear(n, n), weight)
    if importlib.util.find_spec("orthogonium") is None:
        yield Omitted("orthogonium", "it is not installed (pip install lipcheck[peers])")
    else:
        from orthogonium.layers.linear import OrthoLinear  # type: ignore[import-not-found, import-untyped, unused-ignore]

        yield "orthogonium, OrthoLinear", _computed(OrthoLinear(n, n), weight)


def _computed(layer: nn.Linear, weight: Tensor) -> Callable[[], Tensor]:
    layer.train()
    layer.parametrizations.weight.original.data.copy_(weight)  # type: ignore[union-attr, operator]
    return lambda: layer.weight


@torch.no_grad()
def measure(size: Size = "whole") -> Measured:
    """Ours beside each, the same weights."""
    for n in SIDES[size]:
        weight = drawn(n)
        rivals: dict[str, Callable[[], Tensor]] = {"polar factor by SVD": partial(polar, weight)}
        for each in peers(weight):
            if not isinstance(each, Omitted):
                rivals[each[0]] = each[1]
            elif n == SIDES[size][0]:
                yield each
        ours = {name: partial(bjorck, weight, order=p, iterations=k) for name, (p, k) in ORDERS.items()}
        found = medians({**rivals, **ours}, rounds=51 if n <= 128 else 5)
        for name, run in ours.items():
            for rival, other in rivals.items():
                note = f"{defect(run())}; the other {defect(other())}"
                yield Row(f"bjorck, {name}", f"{n} x {n}, float32", found[name], rival, found[rival], None, note)


if __name__ == "__main__":
    alone(__file__)
