"""Bounds in floating point are above the exact values, and would not be without their margins."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from fractions import Fraction

import numpy as np

from lipcheck.bounds import abs_normal
from lipcheck.bounds.exact_certificate import rounded_down_is_semidefinite
from lipcheck.bounds.exact_proposals import part
from lipcheck.bounds.exact_rows import Walk, whole_form
from lipcheck.bounds.exact_suffixes import suffixes
from lipcheck.bounds.exact_zonotopes import proved_at, within
from lipcheck.network import Affine, MaxMin, Network


def network(seed: int, outputs: int) -> Network:
    rng = random.Random(seed)

    def affine(m: int, n: int) -> Affine:
        return Affine([[rng.gauss(0, 1) for _ in range(n)] for _ in range(m)], [rng.gauss(0, 1) for _ in range(m)])

    return Network(3, (affine(6, 3), MaxMin(), affine(6, 6), MaxMin(), affine(outputs, 6)))


def power(matrix: list[list[Fraction]], p: object) -> Fraction:
    if p == 2:
        return sum((a * a for row in matrix for a in row), Fraction(0))
    lines = zip(*matrix, strict=True) if p == 1 else matrix
    return max(sum((abs(a) for a in line), Fraction(0)) for line in lines)


def test_suffix_bounds_cover_the_exact_values_and_need_their_margin() -> None:
    below = 0
    for seed, outputs, p in itertools.product(range(4), (1, 2), (1, 2, "inf")):
        form = abs_normal(network(seed, outputs))
        walk = Walk(whole_form(form))
        found = suffixes(walk, p)
        assert found is not None
        assert len(found) == 8
        signs = [1, -1, 1]
        start = found.bounds
        for gate, sign in enumerate(signs):
            found = found.chosen(gate, sign)
        bare = replace(found, margin=0.0)
        for k, later in enumerate(found.signs):
            exact = form.piece([*signs, *map(int, later)])[1]
            truth = power([list(row[1:]) for row in exact], p)
            assert truth <= Fraction(found.bounds[k]) <= truth * (1 + Fraction(1, 10**9))
            assert Fraction(start[k]) >= truth
            below += Fraction(bare.bounds[k]) < truth
    assert below > 20


def test_a_list_keeps_what_exceeds_the_target() -> None:
    form = abs_normal(network(9, 1))
    walk = Walk(whole_form(form))
    found = suffixes(walk, 2)
    assert found is not None
    values = {
        signs: power([list(row[1:]) for row in form.piece(signs)[1]], 2)
        for signs in itertools.product((1, -1), repeat=6)
    }
    for target in sorted(values.values()):
        kept = {tuple(map(int, row)) for row in found.left(target * (1 - Fraction(1, 10**30))).signs}
        assert kept >= {signs[3:] for signs, value in values.items() if value >= target}
    assert not len(found.left(sorted(values.values())[-1] * 100))


def test_zonotopes_are_never_proved_below_their_reach() -> None:
    rng = np.random.default_rng(0)
    proved = 0
    for n, count in ((1, 4), (2, 5), (3, 6), (4, 4)):
        q = rng.integers(-9, 10, (20, count, n)).astype(float)
        y = np.broadcast_to(np.eye(n) / n, (20, n, n))
        signs = np.array(list(itertools.product((1, -1), repeat=count)))
        # Whole numbers this small are exact in float64.
        reach = ((signs @ q) ** 2).sum(2).max(1)
        for factor in (0.5, 1 - 1e-15, 1.0, 1.3, 2.0):
            limits = np.sqrt(reach) * factor
            for k in range(20):
                yes = bool(within(q[k : k + 1], y[k : k + 1], float(limits[k]))[0][0])
                assert not yes or Fraction(float(limits[k])) ** 2 >= Fraction(float(reach[k]))
                proved += yes
    assert proved > 50


def test_a_semidefinite_limit_is_not_proved_by_rounding() -> None:
    """limit^2 I - M with M = limit^2 I (1 + 2^-52): rounding in the factorisation could miss it, the slack does not."""
    eye = np.eye(5)[None]
    assert proved_at(np.array([1.0]), eye * (1 - 1e-12), 3, 1.0)[0]
    for excess in (0.0, 2.0**-52, 2.0**-40):
        assert not proved_at(np.array([1.0]), eye * (1 + excess), 3, 1.0)[0]
    assert not proved_at(np.array([1.0]), eye * np.nan, 3, 1.0)[0]


def test_rounding_whole_matrices_down_stays_below() -> None:
    big = 1 << 200
    assert rounded_down_is_semidefinite([[2 * big, big], [big, big]])
    assert not rounded_down_is_semidefinite([[big, big], [big, big - 1]])
    assert not rounded_down_is_semidefinite([[big, 0], [0, -1]])
    assert not rounded_down_is_semidefinite([[0, 1], [1, 0]])


def test_parts_are_the_pieces() -> None:
    form = abs_normal(network(5, 2))
    signs = [1, -1, 1, 1, -1, -1]
    found = part(form, signs)
    assert found.open == []
    exact = [[float(a) for a in row[1:]] for row in form.piece(signs)[1]]
    assert np.allclose(found.outputs, exact, rtol=1e-12)
