"""The mean and the probability by simulation and by the binomial law."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from random import Random

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from lipcheck.claims.anil2019 import empirical_wasserstein as claims
from lipcheck.claims.anil2019.kr_duality import laws


def test_means_by_simulation() -> None:
    rng = np.random.default_rng(0)
    law: list[list[str]] = [["0", "0", "1/2"], ["1", "1", "1/4"], ["3", "3", "1/4"]]
    generator = laws.atoms(0, 2)
    for size in (1, 2, 3):
        exact = claims.mean(laws.read(generator), laws.read(law), size, lambda w: w)
        draws = rng.choice([0, 1, 3], p=[0.5, 0.25, 0.25], size=(4000, size))
        found = np.mean([wasserstein_distance([0, 2], row) for row in draws])
        assert float(exact) == pytest.approx(found, abs=0.05)


@pytest.mark.parametrize("rare", [Fraction(1, 3), Fraction(1, 5), Fraction(1, 10)])
def test_the_probability_is_as_small_as_one_likes(rare: Fraction) -> None:
    law = laws.read([["0", "0", str(1 - rare)], ["1", "1", str(rare)]])
    for size in (1, 2, 3):
        target = rare
        chance = claims.mean(laws.read(claims.ZERO), law, size, lambda w, t=target: Fraction(int(w >= t)))
        binomial = sum(comb(size, k) * rare**k * (1 - rare) ** (size - k) for k in range(size + 1) if k >= size * rare)
        assert chance == binomial
    mean = claims.mean(laws.read(claims.ZERO), law, 2, lambda w: w)
    assert mean == rare


def test_random_laws_on_average() -> None:
    random = Random(1)
    for _ in range(25):
        generator = laws.atoms(*(random.randint(-2, 2) for _ in range(2)))
        places = [random.randint(-2, 2) for _ in range(3)]
        found = claims.examine(claims.case(generator, claims.merged(places), 2), Fraction(1))
        assert found.hypotheses["drawn"] and found.conclusion


def test_merged_laws_are_the_same_laws() -> None:
    assert claims.merged([1, 0, 1]) == [["0", "0", "1/3"], ["1", "1", "2/3"]]
    assert laws.distance(laws.read(claims.merged([1, 0, 1])), laws.read(laws.atoms(1, 0, 1))) == 0


def test_a_law_with_intervals_is_refused() -> None:
    with pytest.raises(laws.LawError):
        claims.mean(laws.read(claims.ZERO), laws.read([["0", "1", "1"]]), 1, lambda w: w)
    with pytest.raises(laws.LawError):
        claims.mean(laws.read(claims.ZERO), laws.read(claims.ZERO), 0, lambda w: w)
