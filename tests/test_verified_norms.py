"""The verified spectral norm against the worst arithmetic that its model allows, and against odd arrays.

Every computed product is off by nearly the whole of what `lipcheck.norms.rounding` allows, in the direction that hides
a large norm; so a bound that leaves a term out is caught, which random rounding would not do.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest

from lipcheck.norms import NormError, cholesky, leading, spectral_norm, spectral_norm_at_most, verified
from lipcheck.norms.verified import verified_spectral_norm

Array = np.ndarray[Any, Any]


def exact(array: Array) -> tuple[tuple[F, ...], ...]:
    return tuple(tuple(F(float(a)) for a in row) for row in array)


def encloses(array: Array) -> bool:
    lower, upper = verified_spectral_norm(array)
    rows = exact(array)
    return spectral_norm_at_most(rows, F(upper)) and F(lower) <= spectral_norm(rows, F(1, 10**25)).upper


def pulled(sign: Callable[[int, int], int]) -> Callable[[Array, Array], Array]:
    """Products that are off by 0.999 gamma_{k+1} |x|'|y|, rounded towards the truth, in these directions."""

    def product(a: Array, b: Array) -> Array:
        left, right, k = exact(a), exact(b.T), a.shape[1]
        u = F(k + 1, 2**53)
        allowed = F(999, 1000) * u / (1 - u)
        out = np.empty((len(left), len(right)))
        for i, x in enumerate(left):
            for j, y in enumerate(right):
                terms = [p * q for p, q in zip(x, y, strict=True)]
                true = sum(terms, F(0))
                moved = true + sign(i, j) * allowed * sum(map(abs, terms), F(0))
                near = float(moved)
                if not min(true, moved) <= F(near) <= max(true, moved):
                    near = math.nextafter(near, math.inf if moved < true else -math.inf)
                out[i, j] = near
        return out

    return product


def families(draw: np.random.Generator, n: int) -> dict[str, Array]:
    m = n + 2
    q = np.linalg.qr(draw.standard_normal((m, n)))[0]
    return {
        "Gaussian": draw.standard_normal((m, n)),
        "ones": 1 + draw.integers(-3, 4, (m, n)) * 2.0**-52,
        "cluster at the top": q * (1 + draw.integers(-2, 3, n) * 2.0**-50),
        "rank one": np.outer(draw.standard_normal(m), draw.standard_normal(n)),
        "just below powers of two": np.ldexp(1 - 2.0**-53 * draw.integers(0, 3, (m, n)), draw.integers(-3, 4, (m, n))),
        "all scales": np.ldexp(draw.standard_normal((m, n)), draw.integers(-1070, 1000, (m, n))),
        "subnormal": np.ldexp(draw.standard_normal((m, n)), draw.integers(-1074, -1060, (m, n))),
    }


@pytest.mark.parametrize("panel", [1, 2, 64])
def test_the_worst_arithmetic_of_the_model_is_covered(panel: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gram matrices and LL' hide the leading direction, images of vectors are too long; the factor is off as well."""
    monkeypatch.setattr(cholesky, "_PANEL", panel)
    honest, draw = cholesky._proposal, np.random.default_rng(panel)
    for n in (1, 2, 3, 4):
        for array in families(draw, n).values():
            largest = np.abs(array).max()
            unit = array / largest if largest > 2.0**-1000 else np.ldexp(array, 1000)
            v = np.linalg.svd(unit)[2][0]

            def hide(i: int, j: int, v: Array = v, n: int = n) -> int:
                return -1 if v[i % n] * v[j % n] >= 0 else 1

            for off in (0.0, 1e-9):
                monkeypatch.setattr(cholesky, "_proposal", lambda rest, off=off: honest(rest) * (1 + off))
                monkeypatch.setattr(verified, "_product", pulled(hide))
                monkeypatch.setattr(cholesky, "_product", pulled(hide))
                assert encloses(array)
                monkeypatch.setattr(verified, "_product", pulled(lambda i, j: 1))
                assert encloses(array)


def test_without_the_error_of_the_gram_matrix_the_worst_arithmetic_is_not_covered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verified, "_product", pulled(lambda i, j: -1))
    array = np.ones((60, 2)) / 3
    assert encloses(array)
    monkeypatch.setattr(verified, "_gram_error", lambda b, square: F(0))
    assert not encloses(array)


def test_the_diagonal_of_the_shifted_matrix_is_rounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """c = 4 and ones with 1 + 2^-52 on the diagonal: 3 - 2^-52 is rounded to 3, and 4 I - G seems semidefinite."""
    monkeypatch.setattr(verified, "factor_error", lambda shifted: F(0))
    gram = np.ones((4, 4)) + 2.0**-52 * np.eye(4)
    truth = 4 + F(1, 2**52)
    # The margin above the estimate is 16 u times that.
    estimate = 4 * (1 - 16 * 2.0**-53)
    assert estimate + 16 * 2.0**-53 * estimate == 4.0
    assert verified._upper_square(gram, estimate, 0.0) >= truth
    monkeypatch.setattr(verified, "UNIT", F(0))
    assert verified._upper_square(gram, estimate + 16 * 2.0**-53 * estimate, 0.0) < truth


def test_only_the_lower_triangle_of_the_computed_product_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A product that is wildly wrong above the diagonal: the mirror image of what is below is what is proved."""

    def lopsided(a: Array, b: Array) -> Array:
        found: Array = a @ b
        return np.tril(found) + 100 * np.triu(found, 1) if found.shape[1] > 1 else found

    monkeypatch.setattr(verified, "_product", lopsided)
    monkeypatch.setattr(verified, "leading", lambda gram, tolerance, careful=False: leading.leading(
        np.tril(gram) + np.tril(gram, -1).T, tolerance, careful
    ))  # fmt: skip
    for n in (3, 70, 130):
        array = np.random.default_rng(n).standard_normal((n + 1, n))
        lower, upper = verified_spectral_norm(array)
        truth = float(np.linalg.norm(array, 2))
        assert lower <= truth * (1 + 1e-14) and truth * (1 - 1e-14) <= upper <= truth * (1 + 1e-9)


class Halved(np.ndarray[Any, Any]):
    """An array whose products are half of what they should be."""

    def __matmul__(self, other: Any) -> Any:
        return np.asarray(self) @ np.asarray(other) / 2


def test_subclasses_are_read_as_plain_arrays() -> None:
    plain = np.random.default_rng(0).standard_normal((128, 64))
    truth = verified_spectral_norm(plain)
    assert verified_spectral_norm(plain.view(Halved)) == truth
    with pytest.warns(PendingDeprecationWarning):
        table = np.matrix(plain)
    assert verified_spectral_norm(table) == truth
    with pytest.raises(NormError, match="masked array: give its numbers with `filled`"):
        verified_spectral_norm(np.ma.masked_array(plain, plain > 1))


@pytest.mark.parametrize("scale", [0, -1070, 1000])
def test_layouts_in_memory_do_not_matter(scale: int) -> None:
    """Fortran order, negative and wide strides, read-only and unaligned memory, repeated entries."""
    array = np.ldexp(np.random.default_rng(1).integers(-9, 10, (5, 3)).astype(float), scale)
    lower, upper = verified_spectral_norm(array)
    wide = np.full((10, 6), np.nan)
    wide[::2, ::2] = array
    unaligned = np.frombuffer(b"x" + array.tobytes(), dtype=np.uint8)[1:].view(np.float64).reshape(5, 3)
    for other in (np.asfortranarray(array), array[::-1, ::-1], wide[::2, ::2], unaligned, array.astype(">f8"), array.T):
        assert encloses(other)
        assert verified_spectral_norm(other)[0] <= upper and lower <= verified_spectral_norm(other)[1]
    assert encloses(np.broadcast_to(array[:1], (4, 3)))
    assert not unaligned.flags.aligned and not unaligned.flags.writeable


@pytest.mark.parametrize("seed", range(4))
def test_where_subnormal_numbers_are_flushed(seed: int) -> None:
    torch = pytest.importorskip("torch")
    draw = np.random.default_rng(seed)
    arrays = [np.ldexp(draw.standard_normal((4, 3)), e) for e in (-1072, -1040, -1022, -1000, -540, -511, 0)]
    arrays += [np.ldexp(draw.standard_normal((3, 3)), draw.integers(-1074, spread, (3, 3))) for spread in (-1000, 0)]
    arrays += [np.ldexp(draw.standard_normal((3, 3)), -140).astype(np.float32)]
    if not torch.set_flush_denormal(True):
        pytest.skip("This processor cannot flush subnormal numbers.")
    try:
        flushed = float(np.float64(2.0**-1022) * 0.5) == 0.0
        found = [verified_spectral_norm(array) for array in arrays]
    finally:
        torch.set_flush_denormal(False)
    assert flushed
    for array, (lower, upper) in zip(arrays, found, strict=True):
        assert spectral_norm_at_most(exact(array), F(upper))
        assert F(lower) <= spectral_norm(exact(array), F(1, 10**25)).upper
        assert lower > 0
