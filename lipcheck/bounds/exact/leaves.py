"""What one leaf of a certificate proves (see `trees`), in whole numbers.

A matrix of whole numbers is proved positive semidefinite exactly, or, shortened to some 60 bits, by a Cholesky
factorisation in float64 with a proved margin (`zonotopes.factorised`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.bounds.differences import joined, split_number
from lipcheck.bounds.exact.rows import Walk, floats, two_power
from lipcheck.bounds.exact.trees import Cauchy, CertificateError, Entries, Leaf, Norm, Semidefinite, Tree

_BITS = 60


def leaf_bound(walk: Walk, p: Norm, leaf: Tree, target: Fraction) -> Fraction:
    """The bound on this region that the leaf proves, at least the target. Raises CertificateError."""
    match leaf:
        case Leaf():
            if not all(walk.signs):
                raise CertificateError("A leaf leaves gates open.")
            return max(target, jacobian_power(walk, p, target))
        case Entries():
            if p == 2:
                # The operator norm is at most the root of the sum of squares.
                return max(target, sum(a * a for row in entry_bounds(walk) for a in row) / walk.form.unit**2)
            return max(target, absolute_norm(entry_bounds(walk), p) / walk.form.unit)
        case Cauchy(power=power):
            proved = p == 2 and cauchy_holds(walk, leaf, target if power is None else power)
        case Semidefinite(power=power):
            proved = p == 2 and semidefinite_holds(walk, leaf, target if power is None else power)
        case _:
            proved = False
    if not proved:
        raise CertificateError(f"A leaf of kind {type(leaf).__name__} does not prove its bound.")
    assert isinstance(leaf, Cauchy | Semidefinite)
    return max(target, target if leaf.power is None else leaf.power)


def outputs(walk: Walk) -> list[list[int]]:
    """The slopes of the outputs in x, without the part of open gates."""
    return [list(row[1:]) for row in walk.rows[walk.form.gates :]]


def absolute_norm(matrix: Sequence[Sequence[int]], p: Norm) -> int:
    """The operator norm 1 or inf of a matrix in whole numbers."""
    lines: list[Sequence[int]] = list(zip(*matrix, strict=True)) if p == 1 else list(matrix)
    return max(sum(abs(a) for a in line) for line in lines)


def jacobian_power(walk: Walk, p: Norm, target: Fraction) -> Fraction:
    """The norm of the Jacobian (p = 2: its square, or for several outputs an upper bound of it)."""
    jacobian, unit = outputs(walk), walk.form.unit
    if p != 2:
        return absolute_norm(jacobian, p) / unit
    if len(jacobian) == 1:
        return sum(a * a for a in jacobian[0]) / unit**2
    from lipcheck.norms.bracket import root
    from lipcheck.norms.spectral import spectral_norm, spectral_norm_at_most

    exact = tuple(tuple(a / unit for a in row) for row in jacobian)
    if target > 0 and spectral_norm_at_most(exact, root(target, 2).lower):
        return target
    return spectral_norm(exact, Fraction(1, 10**12)).upper ** 2


def entry_bounds(walk: Walk) -> list[list[int]]:
    """Bounds on the absolute values of all entries of the Jacobian."""
    form = walk.form
    slopes: dict[int, list[int]] = {}
    for i, row in enumerate(walk.rows):
        if i >= form.gates or not walk.signs[i]:
            total = [abs(a) for a in row[1:]]
            for j, weight in form.links[i].items():
                if not walk.signs[j]:
                    total = [a + abs(weight) * b for a, b in zip(total, slopes[j], strict=True)]
            slopes[i] = total
    return [slopes[i] for i in range(form.gates, len(form.rows))]


def cauchy_holds(walk: Walk, leaf: Cauchy, power: Fraction) -> bool:
    """Whether power I - (sum d) sum q_i q_i' / d_i >= 0, with 1 / d_i rounded upwards."""
    import flint

    from lipcheck.norms.semidefinite import is_positive_semidefinite

    form = walk.form
    if len(form.rows) - form.gates != 1:
        return False
    links = form.links[form.gates]
    open_ = [i for i, sign in enumerate(walk.signs) if not sign]
    if any(walk.missing[i] for i in open_) or len(leaf.weights) != 1 + len(open_) or min(leaf.weights) <= 0:
        return False
    if floats_prove_cauchy(walk, leaf, open_, power):
        return True
    vectors = [outputs(walk)[0]] + [[links.get(i, 0) * a for a in walk.rows[i][1:]] for i in open_]
    precision = 1 << (max(leaf.weights).bit_length() + 40)
    total = sum(leaf.weights)
    left = flint.fmpz_mat(
        [[total * -(-precision // d) * a for a in q] for d, q in zip(leaf.weights, vectors, strict=True)]
    )
    moments = left.transpose() * flint.fmpz_mat(vectors)
    whole = power * form.unit**2 * precision
    entries = [[-whole.denominator * int(moments[i, j]) for j in range(form.inputs)] for i in range(form.inputs)]
    for i in range(form.inputs):
        entries[i][i] += whole.numerator
    return is_positive_semidefinite(entries)


def floats_prove_cauchy(walk: Walk, leaf: Cauchy, open_: list[int], power: Fraction) -> bool:
    """The same in float64, for weights near those of the leaf, by `zonotopes.proved_at`: False means nothing.

    In the units of `WholeForm.powers` a vector is a whole quotient, rounded once, times another: three roundings per
    entry, so six more per product q_i q_i' than `zonotopes` counts, of entries known exactly. Its slack covers them:
    what it asks for is gamma_(2k+4) and gamma_(n+1), what it takes off is 4 gamma_(k+n+16).
    """
    import numpy as np

    from lipcheck.bounds.exact.zonotopes import proved_at
    from lipcheck.norms.rounding import outward

    form, last = walk.form, walk.form.gates
    try:
        slopes = np.array([floats(walk.rows[i], form.powers[i]) for i in (last, *open_)])
        q = np.concatenate([slopes[:1], form.weights[last, open_, None] * slopes[1:]])
    except OverflowError:
        return False
    bound = outward(power * form.scale(2), up=False) if power > 0 else 0.0
    if not 1e-90 <= bound <= 1e90:
        return False
    sizes = [w >> max(0, max(leaf.weights).bit_length() - 60) for w in leaf.weights]
    d, longest = np.array(sizes, dtype=np.float64), float(np.linalg.norm(q, axis=1).max())
    # |q_i| <= 1e7 d_i and a small sum, as `zonotopes` asks for.
    d = np.maximum(d / d.max(), 1.01e-7) * longest + 1e-60
    moments = (q.T / d) @ q
    limit = float(np.sqrt(bound)) * (1 - 2.0**-50)
    return bool(proved_at(d[None].sum(1), moments[None], len(q), limit)[0])


def semidefinite_holds(walk: Walk, leaf: Semidefinite, power: Fraction) -> bool:
    """Whether the quadratic form of the leaf is nonnegative."""
    if floats_prove(walk, leaf, power):
        return True
    matrix = quadratic_form(walk, leaf, power)
    return matrix is not None and rounded_down_is_semidefinite(matrix)


def floats_prove(walk: Walk, leaf: Semidefinite, power: Fraction) -> bool:
    """The same by `lipcheck.bounds.definite`, where the numbers are in range: False means nothing.

    In the units of `WholeForm.powers` the form is that of diag(d) - K'K, d = (rho, l), K = (sqrt(l) D, G), columns
    scaled by powers of two to d near one. Entries of D and G are rounded once, square roots of l twice, their products
    once: each within 4 u, or 2^-1022 where the power of two makes it vanish.
    """
    import numpy as np

    from lipcheck.bounds.definite import is_definite
    from lipcheck.bounds.exact.proposals import part

    p, form = part(walk), walk.form
    if p is None or len(leaf.weights) != len(p.open) or min(leaf.weights, default=1) <= 0 or leaf.shift < 0:
        return False
    if power <= 0:
        return False
    shifts = [leaf.shift + 2 * (form.powers[-1] - form.powers[i]) for i in p.open]
    values = [power * form.scale(2), *(two_power(-k) * w for k, w in zip(shifts, leaf.weights, strict=True))]
    pairs = [split_number(value) for value in values]
    # value = 4^half (4 or 2) mantissa / 4: mantissas below one, halves of the exponents.
    halves = np.array([(e + 1) // 2 for _, e in pairs], dtype=np.int64)
    diagonal = np.array([m if e % 2 == 0 else m / 2 for m, e in pairs])
    columns = -np.concatenate([np.full(p.inputs, halves[0]), halves[1:]])
    weighted = joined(np.sqrt(diagonal[1:, None]) * p.gates, halves[1:, None] + columns)
    k = np.concatenate([weighted, joined(p.outputs, np.broadcast_to(columns, p.outputs.shape))])
    return is_definite(np.concatenate([np.full(p.inputs, diagonal[0]), diagonal[1:]]), k)


def quadratic_form(walk: Walk, leaf: Semidefinite, power: Fraction) -> list[list[int]] | None:
    """The matrix of the form in (u, t), times a positive number; None for weights that are no multipliers."""
    import flint

    form, n = walk.form, walk.form.inputs
    open_ = [i for i, sign in enumerate(walk.signs) if not sign]
    if len(leaf.weights) != len(open_) or any(w < 0 for w in leaf.weights) or leaf.shift < 0:
        return None
    order = n + len(open_)

    def line(i: int) -> list[int]:
        return [*walk.rows[i][1:], *(form.links[i].get(j, 0) for j in open_)]

    goal = power * form.unit**2
    one = goal.denominator << leaf.shift
    g = flint.fmpz_mat([line(i) for i in range(form.gates, len(form.rows))])
    total: Any = g.transpose() * g * one
    if open_:
        d = flint.fmpz_mat([line(i) for i in open_])
        weighted = [[w * goal.denominator * a for a in line(i)] for w, i in zip(leaf.weights, open_, strict=True)]
        total = total + d.transpose() * flint.fmpz_mat(weighted)
    entries = [[-int(total[i, j]) for j in range(order)] for i in range(order)]
    for i in range(n):
        entries[i][i] += goal.numerator << leaf.shift
    for k, w in enumerate(leaf.weights):
        entries[n + k][n + k] += w * goal.denominator
    return entries


def rounded_down_is_semidefinite(matrix: list[list[int]]) -> bool:
    """Whether x'Mx >= 0 for all x; False also where M is so near to the border that short numbers cannot tell.

    S M S = A + F with powers of two in S, A in whole numbers of some 60 bits and 0 <= F < 1 in each entry, symmetric:
    x'Fx >= -order |x|^2, so A - order I >= 0 suffices.
    """
    from lipcheck.norms.semidefinite import is_positive_semidefinite

    order = len(matrix)
    if any(matrix[i][i] < 0 for i in range(order)):
        return False
    shifts = [(matrix[i][i].bit_length() - _BITS) // 2 for i in range(order)]
    short = [
        [entry >> s + r if s + r >= 0 else entry << -s - r for entry, r in zip(row, shifts, strict=True)]
        for row, s in zip(matrix, shifts, strict=True)
    ]
    for i in range(order):
        short[i][i] -= order
    return _floats_prove(short) or is_positive_semidefinite(short)


def _floats_prove(matrix: list[list[int]]) -> bool:
    """Whether a Cholesky factorisation in float64 proves that the matrix is positive semidefinite.

    Rounding the entries changes them by 2^-53 |a_ij| at most, a matrix whose norm is at most its largest row sum. The
    factorisation is that of a matrix 4 gamma trace away at most (see `zonotopes`): both are taken off first.
    """
    import numpy as np

    from lipcheck.bounds.exact.zonotopes import factorised

    order = len(matrix)
    if any(abs(a) >> 1000 for row in matrix for a in row):
        return False
    floats = np.array([[float(a) for a in row] for row in matrix])
    gamma = (order + 8) * 2.0**-53
    error = float(np.abs(floats).sum(1).max()) * 2.0**-52
    slack = 4 * gamma * float(np.trace(floats)) + 2 * error
    floats[range(order), range(order)] -= slack
    return bool(factorised(floats[None])[0])
