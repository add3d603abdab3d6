"""The Bayes error by enumeration, and continuous functions on converging atoms."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

from lipcheck.claims.bethune2021.bayes import CLAIMS
from lipcheck.claims.bethune2021.bayes.limits import TWICE
from lipcheck.replay import refutes
from lipcheck.words.claim import Variant
from lipcheck.words.obligation import Forall
from lipcheck.words.verdict import Budget

F = Fraction
BY_ID = {claim.id.removeprefix("bethune2021.bayes").removeprefix("."): claim for claim in CLAIMS}


def test_the_risk_is_at_most_the_mass_of_disagreement() -> None:
    rng, equal = random.Random(0), 0
    for _ in range(300):
        masses = [(F(rng.randint(0, 4)), F(rng.randint(0, 4))) for _ in range(4)]
        b = [1 if p >= q else -1 for p, q in masses]
        c = [rng.choice((-1, 0, 1)) for _ in masses]

        def error(labels: list[int], masses: list[tuple[F, F]] = masses) -> F:
            wrong = [
                (p if y != 1 else F(0)) + (q if y != -1 else F(0)) for y, (p, q) in zip(labels, masses, strict=True)
            ]
            return sum(wrong, F(0))

        apart = sum((p + q for (p, q), s, t in zip(masses, b, c, strict=True) if s != t), F(0))
        assert 0 <= error(c) - error(b) <= apart
        equal += error(c) - error(b) == apart > 0
    assert equal > 5


def test_all_pairs_of_limits() -> None:
    rule = BY_ID["contains"].obligations(Variant(), Budget.SMOKE)[0]
    for y0, s0, y3, s3 in product((-1, 1), repeat=4):
        needed = {y for y, s in ((y0, s0), (y3, s3)) if y != s}
        assert refutes([["0", y0, s0], ["3", y3, s3]], rule) == (len(needed) == 2)


def test_more_limits_do_not_help() -> None:
    rule = BY_ID["contains"].obligations(Variant(), Budget.SMOKE)[0]
    assert refutes([*TWICE, ["6", 1, 1]], rule)
    assert not refutes([["0", 1, 1], ["3", -1, -1]], rule)


def test_forall_steps_on_a_lattice() -> None:
    rng, met = random.Random(2), 0
    values = [F(v) for v in ("-1", "0", "1/2", "1", "2")]
    for claim in CLAIMS:
        for obligation in claim.obligations(Variant(), Budget.CI):
            if isinstance(obligation, Forall):
                for _ in range(400):
                    point = {name: rng.choice(values) for name in obligation.variables}
                    assert not obligation.violated_at(point)
                    met += obligation.admits(point)
    assert met > 300


def test_one_sided_distances_have_the_sign_of_an_overlapping_bayes_classifier() -> None:
    """Triangles of density on [-2, 1] and [-1, 2] on a grid: {p >= q} is closed, and its distance errs least."""
    grid = [F(k, 8) for k in range(-24, 25)]
    p, q = ([max(F(0), F(3, 2) - abs(x - m)) for x in grid] for m in (F(-1, 2), F(1, 2)))
    closed = [x for x, a, b in zip(grid, p, q, strict=True) if a >= b]
    f = {x: -min(abs(x - s) for s in closed) for x in grid}
    error = sum((b if f[x] >= 0 else a for x, a, b in zip(grid, p, q, strict=True)), F(0))
    assert error == sum((min(a, b) for a, b in zip(p, q, strict=True)), F(0)) > 0
    wrong = sum((b if f[x] > 0 else a for x, a, b in zip(grid, p, q, strict=True)), F(0))
    assert wrong > error
