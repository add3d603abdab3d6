"""Convolutions of unusual shapes beside matrices of integers, in exact arithmetic; and a padding that stretches."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest

from lipcheck.bounds import convolution, convolution_pieces
from lipcheck.bounds.convolution import convolution_norm
from lipcheck.norms import NormError, spectral_norm_at_most

INF = math.inf
MODES = ("zeros", "reflect", "replicate", "circular")


def source(place: int, n: int, mode: str) -> int | None:
    """The pixel that a place of the padded axis copies, by the definition of each mode."""
    if 0 <= place < n:
        return place
    if mode == "zeros":
        return None
    if mode == "replicate":
        return 0 if place < 0 else n - 1
    return place % n if mode == "circular" else -place if place < 0 else 2 * (n - 1) - place


def matrix(weight: Any, image: tuple[int, int], stride: int, pad: int, dilation: int, groups: int, mode: str) -> Any:
    """The operator, entry by entry, in integers."""
    outputs, inputs, high, wide = weight.shape
    sizes = [(n + 2 * pad - dilation * (k - 1) - 1) // stride + 1 for n, k in zip(image, (high, wide), strict=True)]
    found = np.zeros((outputs, *sizes, inputs * groups, *image), dtype=object)
    for o, i, j, c, k, m in itertools.product(*map(range, (outputs, *sizes, inputs, high, wide))):
        row = source(i * stride + k * dilation - pad, image[0], mode)
        column = source(j * stride + m * dilation - pad, image[1], mode)
        if row is not None and column is not None:
            channel = c + inputs * (o // (outputs // groups))
            found[o, i, j, channel, row, column] += int(weight[o, c, k, m])
    return found.reshape(outputs * math.prod(sizes), -1)


SHAPES = {
    # name: weight, image, stride, padding, dilation, groups
    "one pixel": ((2, 2, 3, 3), (1, 1), 1, 1, 1, 1),
    "one pixel, one tap": ((2, 1, 1, 1), (1, 1), 1, 0, 1, 1),
    "kernel larger than the image": ((2, 1, 5, 5), (3, 3), 1, 2, 1, 1),
    "stride above the kernel": ((2, 2, 2, 2), (6, 5), 3, 0, 1, 1),
    "stride above the kernel, padded": ((2, 1, 1, 2), (4, 5), 3, 1, 1, 1),
    "dilated": ((1, 2, 3, 2), (5, 4), 1, 2, 2, 1),
    "one group a channel": ((3, 1, 3, 3), (3, 4), 1, 1, 1, 3),
    "one channel": ((1, 1, 3, 3), (4, 4), 1, 1, 1, 1),
    "one row": ((2, 1, 1, 3), (1, 6), 1, 0, 1, 1),
    "a dead filter": ((2, 1, 3, 3), (3, 3), 2, 1, 1, 1),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("dense", [True, False])
def test_unusual_shapes(name: str, mode: Any, dense: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    shape, image, stride, pad, dilation, groups = SHAPES[name]
    if (mode == "reflect" and pad >= min(image)) or (mode == "circular" and pad > min(image)):
        # torch refuses these, and so does lipcheck.
        with pytest.raises(NormError, match="too wide"):
            convolution_norm(np.ones(shape), image, padding=pad, groups=groups, dilation=dilation, mode=mode)
        return
    if not dense:
        monkeypatch.setattr(convolution, "_DENSE", 0)
        monkeypatch.setattr(convolution_pieces, "_LEAF", 2)
    weight = np.random.default_rng(len(name)).integers(-3, 4, shape)
    if name == "a dead filter":
        weight[1] = 0
    exact = matrix(weight, image, stride, pad, dilation, groups, mode)
    given = {"stride": stride, "padding": pad, "dilation": dilation, "groups": groups, "mode": mode}
    for p, axis in ((1, 0), (INF, 1)):
        bound = convolution_norm(weight.astype(float), image, p=p, **given)
        assert bound.lower == bound.upper == abs(exact).sum(axis).max()
    bound = convolution_norm(weight.astype(float), image, **given)
    rows = tuple(tuple(F(a) for a in row) for row in exact.tolist())
    assert spectral_norm_at_most(rows, F(bound.upper))
    below = F(bound.lower) * (1 - F(1, 10**15))
    assert not bound.lower or not spectral_norm_at_most(rows, below)
    assert bound.upper <= 1.05 * bound.lower


@pytest.mark.parametrize("groups", [1, 4])
@pytest.mark.parametrize("tap", [(1, 1), (0, 2), (2, 1)])
def test_shifts_have_norm_one_from_above_unless_padding_copies(tap: tuple[int, int], groups: int) -> None:
    """Identities and shifts with signs, channels permuted: K = 1 is a claim that the bound can settle."""
    random = np.random.default_rng(0)
    weight = np.zeros((4, 4 // groups, 3, 3))
    places = random.permutation(4) if groups == 1 else np.zeros(4, int)
    weight[np.arange(4), places, tap[0], tap[1]] = random.choice([-1, 1], 4)
    for mode in ("zeros", "circular"):
        assert convolution_norm(weight, (12, 12), padding=1, groups=groups, mode=mode).upper == 1.0  # type: ignore[arg-type]
    for mode in ("reflect", "replicate"):
        bound = convolution_norm(weight, (12, 12), padding=1, groups=groups, mode=mode)  # type: ignore[arg-type]
        copies = 2 ** sum(t != 1 for t in tap)
        assert F(bound.upper) ** 2 >= copies and (F(bound.lower) ** 2 > 1) == (copies > 1)
        assert bound.upper == 1.0 or copies > 1


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate"])
def test_a_padding_that_stretches_is_found(mode: str) -> None:
    """A shift has norm 1 with zero padding; where the border is copied, some pixel is read twice: sqrt(2)."""
    torch = pytest.importorskip("torch")
    from lipcheck.audit import audit

    layer = torch.nn.Conv2d(2, 2, 3, padding=1, padding_mode=mode, bias=False, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.zero_()
        layer.weight[0, 1, 1, 0] = layer.weight[1, 0, 1, 0] = 1
    network = torch.nn.Sequential(layer, torch.nn.ReLU())
    found = audit(network, claim=1, input_shape=(2, 3, 3), budget=2, state=False)
    assert found.verdict is not None
    if mode == "zeros":
        assert found.verdict.outcome == "holds"
    else:
        assert found.verdict.outcome == "violated" and found.lower is not None
        assert F(199, 100) < found.lower.lower**2 <= 2
