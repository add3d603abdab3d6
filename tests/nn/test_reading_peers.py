"""Layers of deel-torchlip and orthogonium, where they are installed, are read with the weights that they compute."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lipcheck.graph.evaluate import values_and_errors

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from lipcheck.nn.reading import read_module  # noqa: E402


def agree(module: nn.Module, shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    x = torch.randn(3, *shape)
    with torch.no_grad():
        module.train()(x)
        graph = read_module(module, shape)
        wanted = module.eval()(x).double().numpy()
    assert not graph.unknown
    value, error = values_and_errors(graph, x.double().numpy(), 2.0**-24)[graph.output]  # type: ignore[misc]
    assert (np.abs(value - wanted) <= 2 * error).all()


def dense(tl: Any) -> nn.Module:
    layers = (tl.SpectralLinear(4, 6), tl.GroupSort2(), tl.FrobeniusLinear(6, 6), tl.FullSort(), tl.MaxMin())
    return tl.Sequential(*layers)  # type: ignore[no-any-return]


def images(tl: Any) -> nn.Module:
    layers = (tl.SpectralConv2d(2, 4, 3, padding=1), tl.GroupSort2(), tl.ScaledAvgPool2d(2), nn.Flatten())
    return tl.Sequential(*layers, tl.SpectralLinear(64, 2))  # type: ignore[no-any-return]


def test_deel_torchlip() -> None:
    tl = pytest.importorskip("deel.torchlip", reason="deel-torchlip is not installed")
    agree(dense(tl), (4,))
    agree(images(tl), (2, 8, 8))


def test_orthogonium() -> None:
    """Its parametrizations keep a state that each pass changes, so that the module is compared with one pass only."""
    layers = pytest.importorskip("orthogonium.layers", reason="orthogonium is not installed")
    for module, shape in [
        (nn.Sequential(layers.UnitNormLinear(4, 6), layers.MaxMin(axis=1)), (4,)),
        (nn.Sequential(layers.OrthoLinear(4, 6), layers.Abs()), (4,)),
        (nn.Sequential(layers.AdaptiveOrthoConv2d(2, 4, 3, padding=1), layers.MaxMin(axis=1)), (2, 6, 6)),
    ]:
        assert not read_module(module, shape).unknown
