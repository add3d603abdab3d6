"""The projection onto the l1 ball by other means: bisection, faces of the ball, and brute force over supports."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest

from lipcheck.claims.anil2019.linf_projection import (
    common,
    forward_pass,
    module,
    other_readings,
    projection,
    rows_and_simplex,
)


def random_row(random: Random) -> list[Fraction]:
    return [Fraction(random.randint(-9, 9), random.randint(1, 5)) for _ in range(random.randint(1, 4))]


def by_faces(w: list[Fraction]) -> tuple[Fraction, ...]:
    """The nearest point of the ball: w inside, else the nearest of its projections to the affine hulls of the faces."""
    if sum(map(abs, w)) <= 1:
        return tuple(w)
    found = []
    for size in range(1, len(w) + 1):
        for support in combinations(range(len(w)), size):
            for signs in product((1, -1), repeat=size):
                shift = (sum(s * w[i] for s, i in zip(signs, support, strict=True)) - 1) / size
                p = [Fraction(0)] * len(w)
                for s, i in zip(signs, support, strict=True):
                    p[i] = w[i] - s * shift
                if sum(map(abs, p)) <= 1:
                    found.append((common.squared_distance(w, p), tuple(p)))
    return min(found)[1]


def test_the_projection_is_the_nearest_point_of_all_faces() -> None:
    random = Random(0)
    for _ in range(150):
        w = random_row(random)
        assert common.project(w) == by_faces(w)


def test_the_threshold_is_condats() -> None:
    """K = max{k : (S_k - 1) / k < u_k}, as the paper cited writes it."""
    random = Random(1)
    for _ in range(200):
        w = random_row(random)
        u = sorted(map(abs, w), reverse=True)
        sums = [sum(u[: k + 1]) for k in range(len(u))]
        K = max(k for k in range(1, len(u) + 1) if (sums[k - 1] - 1) / k < u[k - 1])
        assert common.threshold(w) == (sums[K - 1] - 1) / K


@pytest.mark.parametrize("w", [["0"], ["0", "0"], ["1"], ["1/2", "1/2"], ["3"], ["2", "-2", "0"], ["1/4", "0"]])
def test_degenerate_rows(w: list[str]) -> None:
    row = [Fraction(a) for a in w]
    assert common.l1(common.project(row)) == min(1, common.l1(row))
    for q in (["1"] + ["0"] * (len(w) - 1), ["0"] * len(w)):
        assert not projection.examine({"w": w, "q": q}, Fraction(1)).violates()


def test_algorithm_1_alone() -> None:
    assert common.algorithm_1([Fraction(1, 2)]) == (1,)
    assert common.algorithm_1([Fraction(1, 4), Fraction(0)]) == (Fraction(5, 8), 0)
    assert common.algorithm_1([Fraction(1, 4), Fraction(-1, 4)]) == (Fraction(1, 2), Fraction(-1, 2))
    random = Random(2)
    for _ in range(100):
        w = random_row(random)
        if common.l1(w) >= 1:
            assert common.algorithm_1(w) == common.project(w)
        elif all(w):
            assert common.l1(common.algorithm_1(w)) == 1 and common.algorithm_1(w) != common.project(w)


def test_algorithm_1_ends_with_norm_one_if_zeros_count_as_positive() -> None:
    """By bisection for the threshold instead of sorting."""
    random = Random(6)
    for _ in range(100):
        w = [float(a) * random.choice([0, 1, 1]) for a in random_row(random)]
        low, high = min(map(abs, w)) - 2.0, max(map(abs, w))
        for _ in range(80):
            t = (low + high) / 2
            low, high = (t, high) if sum(max(abs(a) - t, 0) for a in w) > 1 else (low, t)
        exact = [Fraction(a) for a in w]
        assert abs(float(common.threshold(exact)) - low) < 1e-9
        assert rows_and_simplex.alone(exact, True) == 1
        assert rows_and_simplex.alone(exact, False) == common.l1(common.algorithm_1(exact)) <= 1


def test_rows_are_what_has_to_be_projected() -> None:
    assert other_readings.clip((Fraction(5), Fraction(-5), Fraction(1, 2))) == (1, -1, Fraction(1, 2))
    random = Random(7)
    failed = 0
    for _ in range(60):
        weight = [[str(random.randint(-4, 4)) for _ in range(3)] for _ in range(2)]
        assert rows_and_simplex.bounded(weight, True).conclusion
        failed += not rows_and_simplex.bounded(weight, False).conclusion
    assert failed > 10


def test_creases_are_where_the_slopes_differ() -> None:
    random = Random(3)
    for _ in range(200):
        w = tuple(random_row(random))
        d = tuple(Fraction(random.randint(-2, 2)) for _ in w)
        found = forward_pass.examine({"w": list(map(str, w)), "q": list(map(str, d))}, repaired=True)
        assert not found.violates()
    assert not forward_pass.examine(forward_pass.KINK, repaired=False).conclusion


def test_rounding_inward_ends_inside_and_near() -> None:
    random = Random(4)
    for _ in range(300):
        p = common.project(random_row(random))
        bits = random.randint(1, 6)
        steps = module.inward(p, bits)
        assert sum(steps) <= 2**bits
        assert all(k >= 0 and abs(k - abs(a) * 2**bits) < 1 for k, a in zip(steps, p, strict=True))


def test_malformed_data_are_refused() -> None:
    for data in ({"w": ["1"]}, {"w": ["1"], "q": []}, {"w": [], "q": []}):
        with pytest.raises(common.ProjectionError):
            common.pair(data)
    with pytest.raises(common.ProjectionError):
        common.threshold([])
    with pytest.raises(common.ProjectionError):
        module.examine({"p": ["1"], "bits": 0}, Fraction(1))
