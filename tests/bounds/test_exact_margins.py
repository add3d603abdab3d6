"""Bounds in floating point are above the exact values, and would not be without their margins."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from lipcheck.bounds import AbsNormal, abs_normal
from lipcheck.bounds.exact import proposals, zonotopes
from lipcheck.bounds.exact.leaves import floats_prove_cauchy, rounded_down_is_semidefinite
from lipcheck.bounds.exact.proposals import part
from lipcheck.bounds.exact.rows import Walk, whole_form
from lipcheck.bounds.exact.suffixes import suffixes
from lipcheck.bounds.exact.trees import Cauchy
from lipcheck.bounds.exact.zonotopes import proved_at, within
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
            assert truth <= Fraction(found.bounds[k]) / found.scale <= truth * (1 + Fraction(1, 10**9))
            assert Fraction(start[k]) / found.scale >= truth
            below += Fraction(bare.bounds[k]) / found.scale < truth
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
    walk = Walk(whole_form(form))
    for gate, sign in enumerate(signs):
        walk.choose(gate, sign)
    found = part(walk)
    assert found is not None
    assert found.open == []
    exact = [[float(a * walk.form.scale(1)) for a in row[1:]] for row in form.piece(signs)[1]]
    assert np.allclose(found.outputs, exact, rtol=1e-15)


NUMBERS: dict[str, Callable[[random.Random], Fraction]] = {
    "ties": lambda rng: Fraction(rng.randint(-3, 3)),
    "single precision": lambda rng: Fraction(float(np.float32(rng.gauss(0, 1)))),
    "many scales": lambda rng: Fraction(rng.gauss(0, 1)) * Fraction(2) ** rng.randint(-120, 120),
    "long fractions": lambda rng: Fraction(rng.randint(-(10**30), 10**30), rng.randint(1, 10**30)),
    "near one": lambda rng: 1 + Fraction(rng.randint(-3, 3), 2**53),
    "cancellation": lambda rng: rng.choice([Fraction(1), Fraction(-1), 1 + Fraction(1, 2**60), Fraction(0)]),
}


@pytest.mark.parametrize("numbers", NUMBERS)
def test_floats_prove_no_cauchy_bound_below_the_largest_jacobian(numbers: str) -> None:
    """|q_0 + sum eps_i q_i|^2 over all signs, in fractions, against powers at, just below and above it."""
    rng, draw = random.Random(numbers), NUMBERS[numbers]
    close = 0
    for _ in range(60):
        n, first, gates = rng.randint(1, 3), rng.randint(0, 2), rng.randint(2, 6)
        rows = [
            tuple(
                [draw(rng) for _ in range(1 + n)] + [draw(rng) if j < first <= i else Fraction(0) for j in range(gates)]
            )
            for i in range(gates)
        ]
        output = tuple(draw(rng) if rng.random() < 0.9 else Fraction(0) for _ in range(1 + n + gates))
        walk = Walk(whole_form(AbsNormal(n, tuple(rows), (output,))))
        for gate in range(first):
            walk.choose(gate, rng.choice([1, -1]))
        open_ = list(range(first, gates))
        links = walk.form.links[gates]
        q = [list(walk.rows[gates][1:])] + [[links.get(i, 0) * a for a in walk.rows[i][1:]] for i in open_]
        sums = (
            [sum(e * a for e, a in zip((1, *signs), column, strict=True)) for column in zip(*q, strict=True)]
            for signs in itertools.product((1, -1), repeat=len(open_))
        )
        truth = max(sum(a * a for a in total) for total in sums) / walk.form.unit**2
        largest = max(1, *(abs(a) for row in q for a in row))
        d = proposals.cauchy(np.array([[float(Fraction(a) / largest) for a in row] for row in q]), 0.0)[1]
        leaf = Cauchy(tuple(int(2**50 * float(a) / float(d.max())) + 1 for a in d))
        for below in (0, Fraction(1, 2**200), Fraction(1, 2**60), Fraction(1, 2**53), Fraction(1, 2**48), 1, 2):
            assert not floats_prove_cauchy(walk, leaf, open_, truth * (1 - below))
        close += floats_prove_cauchy(walk, leaf, open_, truth * (1 + Fraction(1, 10**6)))
        other = Cauchy(tuple(1 << rng.randint(0, 300) for _ in q))
        assert not floats_prove_cauchy(walk, other, open_, truth)
    assert close > 3


def test_cauchy_bounds_in_floats_need_their_margins(monkeypatch: pytest.MonkeyPatch) -> None:
    """One input, 1 + 40 times x with weights that float64 rounds: without margins floats prove less than the truth."""

    def bare(total: np.ndarray, moments: np.ndarray, vectors: int, limit: float) -> np.ndarray:
        return np.asarray(total * moments[:, 0, 0] <= (limit * (1 + 2.0**-50)) ** 2)

    wrong = 0
    for seed in range(40):
        rng = random.Random(seed)
        gates, zero = 40, Fraction(0)
        size = [Fraction(rng.uniform(0.1, 1)) for _ in range(gates)]
        rows = tuple((zero, size[i], *[zero] * gates) for i in range(gates))
        walk = Walk(whole_form(AbsNormal(1, rows, ((zero, Fraction(1), *[Fraction(1)] * gates),))))
        truth = (1 + sum(size)) ** 2
        leaf = Cauchy((2**50, *(int(2**50 * a) for a in size)))
        below = truth * (1 - Fraction(1, 2**54))
        assert not floats_prove_cauchy(walk, leaf, list(range(gates)), below)
        with monkeypatch.context() as patch:
            patch.setattr(zonotopes, "proved_at", bare)
            wrong += floats_prove_cauchy(walk, leaf, list(range(gates)), below)
    assert wrong > 3
