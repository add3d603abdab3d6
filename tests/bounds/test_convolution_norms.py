"""Norms of convolutions beside the dense matrices of torch's own layers."""

from __future__ import annotations

import math
from fractions import Fraction as F
from typing import Any

import flint
import numpy as np
import pytest
import torch

from lipcheck.bounds import convolution, convolution_pieces, convolution_symbol, frontal
from lipcheck.bounds.convolution import convolution_norm
from lipcheck.bounds.convolution_pieces import cut, elimination, localised_norm
from lipcheck.bounds.convolution_symbol import Torus, plane_norm, symbol_norm
from lipcheck.bounds.convolution_taps import Taps, axis, leading
from lipcheck.norms import NormError

INF = math.inf


def dense(layer: torch.nn.Module, channels: int, image: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """The matrix of a linear layer without bias, column by column."""
    count = channels * math.prod(image)
    eye = torch.eye(count, dtype=torch.float64).reshape(count, channels, *image)
    with torch.no_grad():
        result: np.ndarray[Any, Any] = layer(eye).reshape(count, -1).T.numpy()
    return result


def norm(matrix: np.ndarray[Any, Any], p: float) -> float:
    return float(np.linalg.norm(matrix, p))


def layer_of(weight: np.ndarray[Any, Any], stride: int, padding: int, dilation: int, groups: int, mode: str) -> Any:
    kind = torch.nn.Conv2d if weight.ndim == 4 else torch.nn.Conv1d
    layer = kind(
        weight.shape[1] * groups, weight.shape[0], weight.shape[2:], stride, padding, dilation, groups, False, mode,
        dtype=torch.float64,
    )  # type: ignore[arg-type]  # fmt: skip
    layer.weight.data = torch.from_numpy(weight.astype(np.float64))
    return layer


CASES = [
    # image, (outputs, inputs / groups, taps...), stride, padding, dilation, groups
    ((7, 6), (3, 2, 3, 3), 1, 1, 1, 1),
    ((7, 6), (4, 2, 3, 2), 2, 1, 1, 2),
    ((8, 8), (2, 3, 3, 3), 2, 1, 1, 1),
    ((9, 7), (2, 1, 3, 3), 1, 2, 2, 2),
    ((5, 5), (2, 2, 1, 1), 1, 0, 1, 1),
    ((6, 6), (2, 2, 1, 1), 3, 0, 1, 1),
    ((4, 4), (2, 2, 5, 5), 1, 3, 1, 1),
    ((6, 6), (3, 3, 4, 3), 3, 2, 1, 1),
    ((11,), (3, 2, 3), 1, 1, 1, 1),
    ((12,), (4, 2, 5), 3, 2, 1, 2),
    ((1, 1), (3, 2, 1, 1), 1, 0, 1, 1),
]


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("route", ["dense", "structured"])
def test_ends_enclose_the_norm_of_the_dense_matrix(
    case: Any, mode: Any, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    image, shape, stride, padding, dilation, groups = case
    if route == "structured":
        monkeypatch.setattr(convolution, "_DENSE", 0)
        monkeypatch.setattr(convolution_pieces, "_LEAF", 4)
    weight = np.random.default_rng(len(str(case))).uniform(-1, 1, shape)
    matrix = dense(layer_of(weight, stride, padding, dilation, groups, mode), shape[1] * groups, image)
    arguments = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "mode": mode}
    for p in (1, INF) if route == "dense" else ():
        bound = convolution_norm(weight, image, p=p, **arguments)
        assert bound.upper <= math.nextafter(bound.lower, INF)
        assert bound.lower == pytest.approx(norm(matrix, p), rel=1e-13)
    bound = convolution_norm(weight, image, **arguments)
    truth = norm(matrix, 2)
    assert bound.lower <= truth * (1 + 1e-12) and truth <= bound.upper * (1 + 1e-12)
    assert bound.upper <= bound.lower * 1.05
    if route == "dense":
        assert bound.upper <= bound.lower * (1 + 1e-9)


def test_asymmetric_padding() -> None:
    weight = np.random.default_rng(3).standard_normal((2, 2, 2, 4))
    for mode in ("constant", "reflect", "replicate", "circular"):
        layer = layer_of(weight, 1, 0, 1, 1, "zeros")
        eye = torch.eye(60, dtype=torch.float64).reshape(60, 2, 5, 6)
        padded = torch.nn.functional.pad(eye, (1, 2, 0, 1), mode=mode)
        truth = norm(layer(padded).detach().reshape(60, -1).T.numpy(), 2)
        bound = convolution_norm(
            weight,
            (5, 6),
            padding=((0, 1), (1, 2)),
            mode="zeros" if mode == "constant" else mode,  # type: ignore[arg-type]
        )
        assert bound.lower == pytest.approx(truth, rel=1e-9) and bound.upper == pytest.approx(truth, rel=1e-9)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_a_budget_that_is_over_leaves_a_sound_bound(mode: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convolution, "_DENSE", 0)
    weight = np.random.default_rng(5).standard_normal((2, 2, 3, 3))
    truth = norm(dense(layer_of(weight, 1, 1, 1, 1, mode), 2, (8, 8)), 2)
    for seconds in (0.0, 1e-9, 1e-2, 10.0):
        bound = convolution_norm(weight, (8, 8), padding=1, mode=mode, seconds=seconds)
        assert bound.lower <= truth * (1 + 1e-12) and truth <= bound.upper * (1 + 1e-12)


@pytest.mark.parametrize("mode", ["reflect", "replicate"])
def test_large_images_by_pieces_and_patches(mode: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The method for large images, made to work on one that is small enough for a dense matrix."""
    for name, value in (("_DENSE", 0), ("_CHEAP_FLOPS", 0), ("_LARGE", 1), ("_SIDE", 14), ("_MOST_ORDER", 1)):
        monkeypatch.setattr(convolution, name, value)
    weight = np.random.default_rng(5).standard_normal((2, 2, 3, 3))
    truth = norm(dense(layer_of(weight, 1, 1, 1, 1, mode), 2, (26, 25)), 2)
    bound = convolution_norm(weight, (26, 25), padding=1, mode=mode)
    assert bound.method.startswith("corners")
    assert 0.95 * truth <= bound.lower <= truth * (1 + 1e-12) and truth <= bound.upper * (1 + 1e-12)
    assert bound.upper <= 1.1 * truth


def random_taps(mode: Any, n: int = 9, channels: int = 2, taps: int = 3) -> Taps:
    weight = np.random.default_rng(n).uniform(-1, 1, (taps, taps, channels, channels))
    one = axis(n, taps, 1, (taps // 2, taps // 2), 1, mode)
    return Taps(weight, one, one)


def matrix_of(taps: Taps) -> np.ndarray[Any, Any]:
    channels = taps.weights.shape[3]
    columns = [taps.apply(e.reshape(-1, channels)).reshape(-1) for e in np.eye(taps.shape[1])]
    return np.array(columns).T


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_fronts_reject_what_is_too_small_and_prove_what_is_not(mode: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convolution_pieces, "_LEAF", 8)
    taps = random_taps(mode)
    truth = norm(matrix_of(taps), 2)
    direct = elimination(taps)
    assert direct.root.below or mode == "circular"
    assert direct.square(truth**2 * (1 - 1e-9), None) is None
    square = direct.square(truth**2 * (1 + 1e-9), None)
    assert square is not None and F(truth) ** 2 <= square <= F(truth) ** 2 * (1 + F(1, 10**8))
    assert direct.square(truth**2 * 2, 0.0) is None


def test_fronts_measure_whatever_factor_they_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proposals may be anything: the bound stays above the truth for any factors, though the shift is far too small."""
    monkeypatch.setattr(convolution_pieces, "_LEAF", 8)
    taps = random_taps("reflect", 9)
    truth = norm(matrix_of(taps), 2)
    draw = np.random.default_rng(0)
    for factor in (
        lambda m: np.diag(np.sqrt(np.abs(np.diag(m)))),
        lambda m: np.eye(len(m)),
        lambda m: draw.standard_normal(m.shape),
    ):
        monkeypatch.setattr(frontal, "_factor", factor)
        square = elimination(taps).square(truth**2 / 4, None)
        assert square is not None and square >= F(truth) ** 2
    monkeypatch.setattr(frontal, "_residual", lambda matrix, factor: F(0))
    monkeypatch.setattr(frontal, "_factor", lambda m: np.diag(np.sqrt(np.abs(np.diag(m)) + 1e6)))
    monkeypatch.setattr(frontal, "frobenius", lambda x: F(0))
    square = elimination(taps).square(truth**2 / 4, None)
    assert square is not None and square < F(truth) ** 2, "Without what it measures the verification would accept this."


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate"])
@pytest.mark.parametrize("taps_along", [3, 5])
def test_pieces_bound_the_whole(mode: Any, taps_along: int) -> None:
    taps = random_taps(mode, 17, 2, taps_along)
    truth = norm(matrix_of(taps), 2)
    one = cut(taps.rows, 8, taps_along // 2, 1)
    assert one is not None
    bound = localised_norm(taps, (one, one), (1, 1), truth, None)
    assert bound is not None and F(truth) * (1 - F(1, 10**12)) <= bound
    assert bound <= F(truth) * (F(11, 10) if taps_along == 3 else F(14, 10))


def test_the_price_of_the_cut_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A constant filter has its leading vector spread over the image, so that each piece alone has a smaller norm."""
    one = axis(24, 3, 1, (1, 1), 1, "replicate")
    taps = Taps(np.full((3, 3, 1, 1), 0.5), one, one)
    truth = norm(matrix_of(taps), 2)
    both = cut(one, 6, 1, 1)
    assert both is not None
    monkeypatch.setattr(convolution_pieces, "plane_norm", lambda *_: F(0))
    monkeypatch.setattr(convolution_pieces, "_edge", lambda *_: iter(()))
    bound = localised_norm(taps, (both, both), (1, 1), truth * 0.985, None)
    assert bound is not None
    monkeypatch.setattr(convolution_pieces, "_loss", lambda *_: F(0))
    without = localised_norm(taps, (both, both), (1, 1), truth * 0.985, None)
    assert without is not None and without < bound and without < F(truth)


def test_a_wrapped_axis_is_not_cut_for_free() -> None:
    """Circular padding couples both ends: the defects say so, and the bound is poor but sound."""
    taps = random_taps("circular", 17)
    one = cut(taps.rows, 8, 1, 1)
    assert one is not None
    assert max(convolution_pieces.defects(taps.rows, one.vectors)) >= 1
    bound = localised_norm(taps, (one, one), (1, 1), norm(matrix_of(taps), 2), None)
    assert bound is None or bound >= F(norm(matrix_of(taps), 2))


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 3), (3, 1), (2, 3)])
def test_symbol_on_the_torus(stride: int, dilation: int) -> None:
    weight = np.random.default_rng(stride).uniform(-1, 1, (3, 2, 2, 3))
    rows, columns = (axis(12, k, stride, (0, dilation * (k - 1)), dilation, "circular") for k in (3, 2))
    truth = norm(matrix_of(Taps(weight, rows, columns)), 2)
    lower, upper = symbol_norm(weight, Torus(12, stride, dilation), Torus(12, stride, dilation))
    assert lower <= F(truth) * (1 + F(1, 10**13)) and F(truth) * (1 - F(1, 10**13)) <= upper
    assert upper <= lower * (1 + F(1, 10**9))


@pytest.mark.parametrize("seed", range(4))
def test_symbol_beside_balls_of_300_bits(seed: int) -> None:
    """One channel: the norm is the largest |sum_k w_k exp(2 pi i f k / N)|, here with much cancellation."""
    weight = np.random.default_rng(seed).uniform(0.5, 1, 4) * np.array([1, -1, 1, -1]) * 2.0 ** -np.arange(4)
    flint.ctx.prec = 300
    try:
        values = []
        for f in range(7):
            angles = [flint.fmpq(2 * f * k, 7) for k in range(4)]
            pairs = [(flint.arb(float(w)), flint.arb.sin_cos_pi_fmpq(a)) for w, a in zip(weight, angles, strict=True)]
            values.append(sum((w * c for w, (_, c) in pairs)) ** 2 + sum((w * s for w, (s, _) in pairs)) ** 2)
        largest = values[0]
        for value in values[1:]:
            largest = largest.max(value)
        lower, upper = symbol_norm(weight.reshape(1, 4, 1, 1), Torus(1, 1, 1), Torus(7, 1, 1))
        ends = [flint.arb(flint.fmpq(end.numerator, end.denominator)) ** 2 for end in (lower, upper)]
        assert ends[0] <= largest <= ends[1] and upper <= lower * (1 + F(1, 10**12))
    finally:
        flint.ctx.prec = 53


@pytest.mark.parametrize("taps", [1, 2, 3, 6])
def test_few_frequencies_bound_all(taps: int) -> None:
    weight = np.random.default_rng(taps).uniform(-1, 1, (taps, 2, 2, 3))
    rows, columns = Torus(400, 1, 3), Torus(70, 1, 1)
    lower, upper = symbol_norm(weight, rows, columns)
    bound = plane_norm(weight, rows, columns)
    assert lower <= bound <= upper * F(102, 100)


def test_few_frequencies_alone_are_too_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A symbol that peaks half way between two of them."""
    monkeypatch.setattr(convolution_symbol, "_SPACING", 3)
    weight = np.array([1.0, -1.0]).reshape(2, 1, 1, 1)
    assert (
        symbol_norm(weight, Torus(3, 1, 1), Torus(1, 1, 1))[1]
        < 2
        <= plane_norm(weight, Torus(400, 1, 1), Torus(1, 1, 1))
    )


def test_symbol_refuses_too_small_a_shift(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = np.random.default_rng(0).standard_normal((5, 8, 6))
    truth = max(np.linalg.norm(block, 2) for block in blocks) ** 2
    grams = np.matmul(blocks.transpose(0, 2, 1), blocks)
    for c in (0.0, truth / 2, truth):
        for factors in (np.zeros_like(grams), np.tile(np.eye(6), (5, 1, 1))):
            assert convolution_symbol.certified_square(blocks, grams, c, factors) >= F(truth) * (1 - F(1, 10**12))
    monkeypatch.setattr(convolution_symbol, "_estimates", lambda grams: np.full(len(grams), 1e-3))
    assert convolution_symbol._largest_square(blocks, 0.0)[0] >= F(truth) * (1 - F(1, 10**12))


def test_lower_ends_hold_for_any_vector() -> None:
    taps = random_taps("reflect", 6)
    truth = norm(matrix_of(taps), 2)
    assert F(truth) * F(999, 1000) <= taps.lower(leading(taps)) <= F(truth) * (1 + F(1, 10**13))
    assert taps.lower(np.ones((36, 2))) <= F(truth)
    assert taps.lower(np.zeros((36, 2))) == 0


@pytest.mark.parametrize("mode", ["zeros", "reflect", "circular"])
@pytest.mark.parametrize("scale", [5e-324, 1e-310, 1e-200, 1e-46, 1e200])
def test_subnormal_and_huge_weights_when_subnormals_are_flushed(mode: Any, scale: float) -> None:
    weight = np.ones((1, 1, 3, 3)) * scale
    truth = F(float(weight[0, 0, 0, 0])) * 3
    supported = torch.set_flush_denormal(True)
    try:
        bounds = [convolution_norm(weight, (6, 6), padding=1, mode=mode, p=p) for p in (1, 2, INF)]
    finally:
        torch.set_flush_denormal(False)
    assert supported and all(F(bound.upper) >= truth for bound in bounds)
    assert all(F(bound.upper) <= 6 * truth for bound in bounds)


def test_zero_filters_and_float16() -> None:
    for p in (1, 2, INF):
        bound = convolution_norm(np.zeros((2, 2, 3, 3)), (5, 5), padding=1, p=p)
        assert bound.lower == bound.upper == 0
    half = np.random.default_rng(0).standard_normal((2, 2, 3)).astype(np.float16)
    assert convolution_norm(half, (9,), padding=1) == convolution_norm(half.astype(np.float32), (9,), padding=1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"padding": 5, "mode": "reflect"}, "too wide for 5 pixels: give at most 4"),
        ({"padding": 6, "mode": "circular"}, "too wide for 5 pixels: give at most 5"),
        ({"mode": "mirror"}, "padding mode is 'mirror'"),
        ({"dilation": 3}, "does not fit 5 pixels"),
        ({"stride": (1, 2, 3)}, "3 numbers for 2 axes"),
        ({"padding": (1,)}, "1 paddings for 2 axes"),
        ({"groups": 2}, "2 groups"),
        ({"p": 3}, "exponent is 3"),
        ({"padding": -1}, "no negative padding"),
    ],
)
def test_refusals(arguments: Any, words: str) -> None:
    with pytest.raises(NormError, match=words):
        convolution_norm(np.ones((1, 1, 3, 3)), (5, 5), **arguments)
    with pytest.raises(NormError, match="is nan: replace it"):
        convolution_norm(np.full((1, 1, 3, 3), math.nan), (5, 5))


@pytest.mark.parametrize("mode", ["zeros", "circular", "reflect", "replicate"])
@pytest.mark.parametrize("kind", ["Gaussian", "near-orthogonal"])
def test_64_channels_on_32_by_32(mode: Any, kind: str, pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--lipcheck-budget") != "deep":
        pytest.skip("takes ten seconds of processor time: --lipcheck-budget=deep")
    weight = filters(kind, 64)
    bound = convolution_norm(weight, (32, 32), padding=1, mode=mode)
    assert bound.lower <= bound.upper <= 1.05 * bound.lower


def filters(kind: str, channels: int) -> np.ndarray[Any, Any]:
    draw = np.random.default_rng(0)
    if kind == "Gaussian":
        return draw.standard_normal((channels, channels, 3, 3)) / (9 * channels) ** 0.5
    q = np.linalg.qr(draw.standard_normal((channels, channels)))[0]
    weight = 0.1 * draw.standard_normal((channels, channels, 3, 3)) / (9 * channels) ** 0.5
    weight[:, :, 1, 1] += q
    return weight
