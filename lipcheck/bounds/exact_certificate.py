"""Certificates that no Jacobian of a region exceeds a bound, and the checker, in whole numbers only.

A certificate is a tree. Its branches choose the sign of one gate, either way; so its leaves cover all regions. A leaf
says why its regions do no harm:

- Empty: Gordan multipliers prove that the chosen signs leave no interior, so no Jacobian is taken there.
- Leaf: all signs are chosen; the norm of the one Jacobian is computed.
- Suffix: every choice of signs of the later gates stays below the bound, whatever the earlier open gates do.
- Entries: each entry of the Jacobian lies within a sum of absolute values over the open gates.
- Cauchy (one output, norm 2): |q_0 + sum eps_i q_i|^2 <= (sum d_i) sum (u q_i)^2 / d_i for the unit direction u of the
  gradient, whatever the signs of the open gates; bound I - (sum d) sum q_i q_i' / d_i is positive semidefinite.
- Semidefinite (norm 2): with slopes t_i = eps_i D_i (u, t) of the open gates along u and the output slopes G (u, t),
  bound |u|^2 - |G (u, t)|^2 - sum l_i ((D_i (u, t))^2 - t_i^2) >= 0 for all u and t, with l_i >= 0; the last sum is
  zero along every piece, so |J u|^2 <= bound |u|^2 (after Fazlyab et al., NeurIPS 2019, on what signs are left).

Gates that are constant on the region take their own sign; where they vanish, either sign gives the same Jacobian.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.exact_rows import Box, Walk, WholeForm, whole_form
from lipcheck.bounds.exact_suffixes import Suffixes, suffixes
from lipcheck.bounds.regions import Multipliers, is_empty
from lipcheck.exact import NetworkError

Norm = Literal[1, 2, "inf"]


class CertificateError(NetworkError):
    """A certificate that does not prove what it says."""


@dataclass(frozen=True, slots=True)
class Branch:
    """The gate is positive, or it is negative."""

    gate: int
    plus: Tree
    minus: Tree


@dataclass(frozen=True, slots=True)
class Forced:
    """The gate is constant on the region."""

    gate: int
    rest: Tree


@dataclass(frozen=True, slots=True)
class Empty:
    """The region has no interior: `multipliers` of its constraints, those of the box first, then one per sign."""

    multipliers: Multipliers


@dataclass(frozen=True, slots=True)
class Leaf:
    """All signs are chosen."""


@dataclass(frozen=True, slots=True)
class Suffix:
    """No signs of the later gates are left in the list (see `exact_suffixes`), or none above `power`."""

    power: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """Entry by entry."""


@dataclass(frozen=True, slots=True)
class Cauchy:
    """Positive weights d, of the chosen part and of each open gate. `power` replaces the target of the certificate."""

    weights: tuple[int, ...]
    power: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Semidefinite:
    """l_i = weights[i] / 2^shift for the open gates as `whole_form` scales them."""

    weights: tuple[int, ...]
    shift: int
    power: Fraction | None = None


Tree: TypeAlias = "Branch | Forced | Empty | Leaf | Suffix | Entries | Cauchy | Semidefinite"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The tree, and the target that its leaves stay below: a norm, or the square of a norm where p = 2."""

    target: Fraction
    tree: Tree


def verify(form: AbsNormal, p: Norm, certificate: Certificate, box: Box | None = None) -> Fraction:
    """The bound on the norms (p = 2: their squares) of all Jacobians that the certificate proves.

    That is the target, unless single leaves name or have larger values. Raises CertificateError where a step fails.
    """
    whole = whole_form(form)
    walk = Walk(whole, box)
    target = bound = certificate.target
    lists = [first_list(walk, p, target)]
    todo: list[tuple[Tree | None, int, int]] = [(certificate.tree, -1, 0)]
    while todo:
        tree, gate, sign = todo.pop()
        if tree is None:
            walk.take_back()
            lists.pop()
            continue
        if gate >= 0:
            if not walk.ready(gate):
                raise CertificateError(f"Gate {gate} is chosen twice or before the gates that it reads.")
            walk.choose(gate, sign)
            before = lists[-1]
            lists.append(before.chosen(gate, sign).left(target) if before is not None else first_list(walk, p, target))
            todo.append((None, -1, 0))
        match tree:
            case Branch(gate=next_, plus=plus, minus=minus):
                _in_range(whole, next_)
                todo += [(plus, next_, 1), (minus, next_, -1)]
            case Forced(gate=next_, rest=rest):
                _in_range(whole, next_)
                if not walk.ready(next_) or not (forced := walk.forced(next_)):
                    raise CertificateError(f"Gate {next_} is said to be constant on a region where it is not.")
                todo.append((rest, next_, forced))
            case Empty(multipliers=multipliers):
                if not is_empty(walk.constraints, multipliers):
                    raise CertificateError("The multipliers of an empty region do not cancel.")
            case Suffix(power=power):
                left, allowed = lists[-1], target if power is None else power
                if left is None or len(left.above(allowed)):
                    raise CertificateError("Some signs of later gates are left that may exceed the bound.")
                bound = max(bound, allowed)
            case _:
                bound = max(bound, leaf_bound(walk, p, tree, target))
    return bound


def first_list(walk: Walk, p: Norm, target: Fraction) -> Suffixes | None:
    """The list of the signs of later gates, where it can be made, without those that stay below the target."""
    found = suffixes(walk, p)
    return None if found is None else found.left(target)


def _in_range(whole: WholeForm, gate: int) -> None:
    if not 0 <= gate < whole.gates:
        raise CertificateError(f"There is no gate {gate} among {whole.gates}.")


def leaf_bound(walk: Walk, p: Norm, leaf: Tree, target: Fraction) -> Fraction:
    """The bound on this region that the leaf proves, at least the target. Raises CertificateError."""
    match leaf:
        case Leaf():
            if not all(walk.signs):
                raise CertificateError("A leaf leaves gates open.")
            return max(target, jacobian_power(walk, p, target))
        case Entries():
            if p == 2:
                raise CertificateError("Bounds by entries are for the norms 1 and inf.")
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


def semidefinite_holds(walk: Walk, leaf: Semidefinite, power: Fraction) -> bool:
    """Whether the quadratic form of the leaf is nonnegative."""
    matrix = quadratic_form(walk, leaf, power)
    return matrix is not None and rounded_down_is_semidefinite(matrix)


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
    factorisation is that of a matrix 4 gamma trace away at most (see `exact_zonotopes`): both are taken off first.
    """
    import numpy as np

    from lipcheck.bounds.exact_zonotopes import factorised

    order = len(matrix)
    floats = np.array([[float(a) for a in row] for row in matrix])
    gamma = (order + 8) * 2.0**-53
    error = float(np.abs(floats).sum(1).max()) * 2.0**-52
    slack = 4 * gamma * float(np.trace(floats)) + 2 * error
    floats[range(order), range(order)] -= slack
    return bool(factorised(floats[None])[0])


_BITS = 60
