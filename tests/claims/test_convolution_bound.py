"""Convolutions by other means: numpy loops, Fourier transforms and singular values."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import ceil
from random import Random

import numpy as np
import pytest

from lipcheck.claims.anil2019.convolution_bound import common, lower, module, rescaled, statement
from lipcheck.claims.anil2019.convolution_bound.common import plain


def response(data: dict, x: np.ndarray) -> np.ndarray:
    """The layer by four loops; x has shape (inputs, rows, columns)."""
    K = np.array(data["filter"], dtype=float)
    (n, m), (s, t), (p, q) = data["image"], data["stride"], data["pad"]
    mode = {"circular": "wrap", "zero": "constant", "replicate": "edge"}[data["padding"]]
    if mode == "wrap":
        padded = np.pad(x, ((0, 0), (0, K.shape[2] - 1), (0, K.shape[3] - 1)), mode="wrap")
        starts = product(range(0, n, s), range(0, m, t))
    else:
        padded = np.pad(x, ((0, 0), (p, p), (q, q)), mode=mode)
        starts = product(range(0, n + 2 * p - K.shape[2] + 1, s), range(0, m + 2 * q - K.shape[3] + 1, t))
    patches = [padded[:, a : a + K.shape[2], b : b + K.shape[3]] for a, b in starts]
    return np.array([[(k * patch).sum() for patch in patches] for k in K])


def random_layers(count: int) -> list[dict]:
    random, found = Random(0), []
    while len(found) < count:
        k, n = (random.randint(1, 2), random.randint(1, 3)), (random.randint(1, 3), random.randint(1, 4))
        s = (1, random.choice([1, 2]))
        shape = (random.randint(1, 2), random.randint(1, 2), *k)
        values = np.array([random.randint(-3, 3) for _ in range(int(np.prod(shape)))]).reshape(shape)
        padding = random.choice(common.PADDINGS)
        pad = (0, 0) if padding == "circular" else (k[0] - 1, k[1] - 1)
        if padding != "circular" or n[1] % s[1] == 0:
            found.append(plain(values.astype(str).tolist(), n, s, padding, pad))
    return found


@pytest.mark.parametrize("data", random_layers(25))
def test_unfolded_matrices_are_those_of_four_loops(data: dict) -> None:
    it = common.read(data)
    T = np.array(it.unfolded(), dtype=float)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((it.inputs, *it.image))
    assert np.allclose(T @ x.reshape(-1), response(data, x).reshape(-1))
    F = np.array(data["filter"], dtype=float).reshape(len(data["filter"]), -1)
    c = ceil(it.taps[0] / it.stride[0]) * ceil(it.taps[1] / it.stride[1])
    assert c == rescaled.multiplicity(it)
    if data["padding"] != "replicate":
        assert np.linalg.norm(T, 2) <= np.sqrt(c) * np.linalg.norm(F, 2) + 1e-9
    square = Fraction(np.linalg.norm(T, 2) ** 2 + 1e-6)
    assert it.norm_at_most(square) and not it.norm_at_most(square - Fraction(1, 10**4))


def test_circular_norms_are_maxima_of_fourier_transforms() -> None:
    for taps, n in (([1, 2, -1], 5), ([3, 4], 2), ([1, 1, 1], 4)):
        T = np.array(common.read(plain([[[list(map(str, taps))]]], (1, n))).unfolded(), dtype=float)
        assert np.linalg.norm(T, 2) == pytest.approx(np.abs(np.fft.fft(taps, n)).max())


def test_the_counterexample_and_its_repair() -> None:
    it = common.read(statement.TWO_TAPS)
    assert it.filter_at_most(Fraction(1)) and it.norm_at_most(Fraction(49, 25))
    assert not it.norm_at_most(Fraction(48, 25))


def test_every_sharp_candidate_is_attained() -> None:
    for entry in (rescaled.LAYERS[0], rescaled.LAYERS[1], rescaled.LAYERS[3]):
        it, square = common.read(entry["convolution"]), Fraction(entry["square"])
        whole = rescaled.multiplicity(it) * square
        assert it.norm_at_most(whole) and not it.norm_at_most(whole * Fraction(9999, 10000))


def test_one_tap_outputs_attain_the_constant_with_full_zero_padding() -> None:
    data = plain([[[["1", "0"]]], [[["0", "1"]]]], (1, 3), padding="zero", pad=(0, 1))
    it = common.read(data)
    assert it.filter_at_most(Fraction(1)) and it.norm_at_most(Fraction(2)) and not it.norm_at_most(Fraction(199, 100))


def test_blocks_and_small_images() -> None:
    assert lower.contains([(2, 2), (2, 2), (2, 3)])
    assert not lower.examine(lower.LAYERS[0]).hypotheses["image"] and not lower.examine(lower.LAYERS[0]).conclusion


CHANGES = [{"image": [0, 1]}, {"stride": [1]}, {"padding": "reflect"}, {"pad": [0, 1]}, {"stride": [1, 2]}]


@pytest.mark.parametrize("change", [*CHANGES, {"pad": [True, 0]}])
def test_malformed_convolutions_are_refused(change: dict) -> None:
    with pytest.raises(common.ConvolutionError):
        common.read({**plain([[[["1", "1"]]]], (1, 3)), **change})


def test_filters_beyond_the_image_and_ragged_ones() -> None:
    with pytest.raises(common.ConvolutionError):
        common.read(plain([[[["1", "1"]]]], (1, 1), padding="zero")).unfolded()
    with pytest.raises(common.ConvolutionError):
        common.read({**plain([[[["1"]]], [[["1", "1"]]]], (1, 2))})


def line(*values: object) -> dict:
    return dict(zip(module.NAMES, values, strict=True))


def toeplitz(k: np.ndarray, of: dict) -> np.ndarray:
    """The matrix of one channel along one axis: pad, then slide, for every unit image."""
    s, d, n, p = (of[name] for name in ("stride", "dilation", "pixels", "pad"))
    columns = []
    for unit in np.eye(n):
        padded = np.pad(unit, p, mode="wrap" if of["padding"] == "circular" else "constant")
        starts = range(0, len(padded) - d * (len(k) - 1), s)
        columns.append([float(k @ padded[a : a + d * (len(k) - 1) + 1 : d]) for a in starts])
    return np.array(columns).T


def test_the_modules_constant_bounds_the_norm_along_one_axis() -> None:
    rng, met = np.random.default_rng(1), 0
    for k, s, d, n, p in product((1, 2, 3, 5), (1, 2, 3, 4), (1, 2, 3), (1, 3, 4, 6), (0, 1, 2, 4)):
        for padding in ("zero", "circular"):
            of = line(k, s, d, n, p, padding)
            if n + 2 * p < d * (k - 1) + 1 or (padding == "circular" and p > n):
                continue
            counts = (toeplitz(np.ones(k), of)).sum(axis=0)
            assert counts.max() == max(module.reads(of).values(), default=0)
            if not module.narrow(of):
                continue
            for taps in (np.ones(k), rng.standard_normal(k)):
                norm = np.linalg.norm(toeplitz(taps, of), 2)
                assert norm <= np.sqrt(module.multiplicity(of)) * np.linalg.norm(taps) + 1e-9
                met += 1
    assert met > 500


def test_what_breaks_the_modules_constant() -> None:
    wide = line(2, 1, 1, 3, 1, "circular")
    assert not module.narrow(wide) and not module.examine(wide, Fraction(1)).conclusion
    strided = line(5, 3, 1, 4, 2, "circular")
    assert max(module.reads(strided).values()) == 3 > ceil(5 / 3)
    assert module.examine(strided, Fraction(1)).conclusion
    for bad in (line(0, 1, 1, 1, 0, "zero"), line(1, 1, 1, 1, -1, "zero"), line(1, 1, 1, 1, 0, "reflect"), {"taps": 1}):
        with pytest.raises(common.ConvolutionError):
            module.reads(bad)


def test_constant_filters_take_the_constant_image_to_the_number_of_taps() -> None:
    assert all(map(rescaled.constant_filter, rescaled.constant_filters().elements()))
    for n, k in product(range(1, 5), range(1, 6)):
        T = np.array(common.read(plain([[[["1"] * k]]], (1, n))).unfolded(), dtype=float)
        assert np.linalg.norm(T, 2) == pytest.approx(k)
