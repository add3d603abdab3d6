"""Norms of layers that are no convolutions: matrices, pooling, and copies of entries.

Lipschitz constants of linear layers are operator norms ||W||_{p->p}, p in {1, 2, inf}. A layer that hands on entries,
or maxima of entries, obeys ||f(x) - f(y)||_p^p <= the sum over outputs of the largest |x_i - y_i|^p among those it
reads, at most m ||x - y||_p^p if no entry is read by more than m outputs; and 1 in the infinity norm. For copies this
is attained by the entry that is copied most, for max pooling by raising that entry far above all others."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.bounds.absolute_sums import largest_row_sum
from lipcheck.bounds.layer_bound import LayerBound
from lipcheck.exact import shown
from lipcheck.norms import NormError, verified_spectral_norm
from lipcheck.norms.rounding import checked, outward, square_root

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SUMS = "sqrt(1-norm x infinity-norm), exact sums"


def exponent(p: object) -> float:
    """p as a float. Raises NormError for anything but 1, 2 and infinity."""
    if isinstance(p, int | float) and not isinstance(p, bool) and p in (1, 2, math.inf):
        return float(p)
    raise NormError(f"The exponent is {shown(p)}: give 1, 2 or infinity.")


def widened(array: NDArray[Any], axes: int) -> NDArray[Any]:
    """The array in float64 or float32, float16 exactly in float32. Raises NormError as `norms.rounding.checked`."""
    import numpy as np

    if isinstance(array, np.ndarray) and array.dtype == np.float16:
        array = array.astype(np.float32)
    return checked(array, axes)


def enclosed(lower: Fraction, upper: Fraction, method: str) -> LayerBound:
    """The bound whose floats enclose two rationals."""
    return LayerBound(outward(lower, up=False), outward(upper, up=True), method)


def dense_norm(weight: NDArray[Any], p: float) -> LayerBound:
    """||W||_{p->p} for a matrix of shape (outputs, inputs).

    Exact for p = 1 and infinity (the largest column or row sum of sizes, rounded outwards);
    `lipcheck.norms.verified_spectral_norm` and `gram_bound` for p = 2. Raises NormError for other exponents, dtypes and
    shapes, NaN and infinities.
    """
    p = exponent(p)
    w = widened(weight, 2)
    if p == 2:
        lower, upper = verified_spectral_norm(w)
        least = gram_bound(w)
        if least < upper:
            return LayerBound(min(lower, least), least, "exact Gram matrix")
        if _sums_may_help(w, upper):
            least = outward(sums_bound(largest_row_sum(w.T), largest_row_sum(w)), up=True)
            if least < upper:
                return LayerBound(min(lower, least), least, SUMS)
        return LayerBound(lower, upper, "verified Cholesky factorisation")
    value = largest_row_sum(w if p == math.inf else w.T)
    return enclosed(value, value, "exact sums of absolute values")


def sums_bound(one: Fraction, infinite: Fraction) -> Fraction:
    """sqrt(||A||_1 ||A||_inf) >= ||A||_2: exact where it is rational, as for signed permutations, shifts and means.

    Schur's test: A'A x = ||A||_2^2 x gives ||A||_2^2 |x|_1 <= ||A'||_1 ||A||_1 |x|_1, and ||A'||_1 = ||A||_inf.
    """
    return square_root(one * infinite, up=True)


def _sums_may_help(w: NDArray[Any], upper: float) -> bool:
    """Whether the sums of sizes come near `upper`, so that it pays to add them exactly; a proposal only."""
    import numpy as np

    sizes = np.abs(w)
    with np.errstate(over="ignore"):
        found = np.sqrt(sizes.sum(0, np.float64).max()) * np.sqrt(sizes.sum(1, np.float64).max())
    return bool(found <= upper * (1 + 1e-6))


def rough_dense_norm(weight: NDArray[Any]) -> LayerBound:
    """||W||_2 from its largest entry and from two sums of absolute values, for when there is no time."""
    import numpy as np

    w = widened(weight, 2)
    largest = Fraction(float(np.abs(w).max()))
    upper = sums_bound(largest_row_sum(w.T), largest_row_sum(w))
    return enclosed(largest, max(largest, upper), "row sums times column sums")


def gram_bound(weight: NDArray[Any]) -> float:
    """At least ||W||_2, from ||W||_2^2 <= the largest row sum of |WW'|; inf where WW' is not exact in float64.

    Attained by matrices with orthogonal rows of one length, as permutations and Hadamard's matrices are: no rounding of
    a factorisation stands between such a layer and its constant.
    """
    import numpy as np

    single = weight.dtype == np.float32
    words: NDArray[Any] = np.ascontiguousarray(weight).view(np.int32 if single else np.int64)
    bits = words & (2**31 - 1 if single else 2**63 - 1)
    if ((bits > 0) & (bits < (2**23 if single else 2**52))).any():
        # Arithmetic may take subnormal numbers for zero.
        return math.inf
    w = np.asarray(weight, np.float64)
    w = w if len(w) <= w.shape[1] else w.T
    mantissas, exponents = np.frexp(w[w != 0])
    whole = (mantissas * 2.0**53).astype(np.int64)
    if not whole.size:
        return 0.0
    # The lowest bit that is set anywhere: in units of it all entries are whole numbers.
    lowest = np.log2((whole & -whole).astype(np.float64)).astype(np.int64) + exponents - 53
    unit = int(lowest.min())
    if int(exponents.max()) - unit > 26:
        return math.inf
    numbers = np.ldexp(w, -unit)
    # Sums of products of whole numbers stay below 2^53, and are exact in any order.
    if Fraction(float(np.abs(numbers).max())) ** 2 * w.shape[1] >= 2**53 or len(w) >= 512:
        return math.inf
    gram = np.abs(numbers @ numbers.T).astype(np.int64)
    return outward(square_root(Fraction(int(gram.sum(1).max())) * Fraction(4) ** unit, up=True), up=True)


def gather_norm(indices: NDArray[np.int64], inputs: int, p: float) -> LayerBound:
    """The norm of y_j = x[indices[j]], where -1 stands for a constant: m^(1/p), m the number of the most copies."""
    import numpy as np

    p = exponent(p)
    flat = np.asarray(indices).reshape(-1)
    if flat.size and (flat.dtype.kind not in "iu" or flat.min() < -1 or flat.max() >= inputs):
        raise NormError(f"The indices run from {flat.min()} to {flat.max()}: give integers from -1 to {inputs - 1}.")
    used = flat[flat >= 0].astype(np.int64)
    return multiplicity_norm(int(np.bincount(used).max()) if used.size else 0, p, "number of copies")


def multiplicity_norm(most: int, p: float, method: str) -> LayerBound:
    """The bound most^(1/p), where no entry is read by more than `most` outputs; 1 for p = infinity, 0 for no reads."""
    if p == 2:
        value = Fraction(most)
        return enclosed(square_root(value, up=False), square_root(value, up=True), method)
    return LayerBound(float(most if p == 1 else min(most, 1)), float(most if p == 1 else min(most, 1)), method)
