"""The mean and the probability by simulation and by the binomial law; generators that copy their data."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from random import Random

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from lipcheck.claims.anil2019.empirical_wasserstein import average, common, probability, trained
from lipcheck.claims.anil2019.kr_duality import laws


def mean(data: object) -> Fraction:
    assert isinstance(data, dict)
    return sum((p * sample for p, sample, _ in common.distances(data)), Fraction(0))


def test_means_by_simulation() -> None:
    rng = np.random.default_rng(0)
    law: list[list[str]] = [["0", "0", "1/2"], ["1", "1", "1/4"], ["3", "3", "1/4"]]
    for size in (1, 2, 3):
        exact = mean(common.case(laws.atoms(0, 2), law, size))
        draws = rng.choice([0, 1, 3], p=[0.5, 0.25, 0.25], size=(4000, size))
        found = np.mean([wasserstein_distance([0, 2], row) for row in draws])
        assert float(exact) == pytest.approx(found, abs=0.05)


@pytest.mark.parametrize("rare", [Fraction(1, 3), Fraction(1, 5), Fraction(1, 10)])
def test_the_probability_is_as_small_as_one_likes(rare: Fraction) -> None:
    law = [["0", "0", str(1 - rare)], ["1", "1", str(rare)]]
    for size in (1, 2, 3):
        data = common.case(common.ZERO, law, size)
        found = common.distances(data)
        assert {true for *_, true in found} == {rare}
        chance = sum(p for p, sample, true in found if sample >= true)
        binomial = sum(comb(size, k) * rare**k * (1 - rare) ** (size - k) for k in range(size + 1) if k >= size * rare)
        assert chance == binomial
        assert probability.likely(data, False).conclusion == (binomial >= Fraction(1, 2))
        assert mean(data) == rare


def test_random_laws_on_average() -> None:
    random = Random(1)
    for _ in range(25):
        generator = laws.atoms(*(random.randint(-2, 2) for _ in range(2)))
        places = [random.randint(-2, 2) for _ in range(3)]
        found = common.on_average(common.case(generator, common.merged(places), 2), Fraction(1))
        assert all(found.hypotheses.values()) and found.conclusion


def test_generators_that_copy_the_data_are_nearer_to_them_than_to_the_law() -> None:
    random = Random(2)
    for _ in range(15):
        places = [random.randint(-2, 2) for _ in range(3)]
        law = common.merged(places)
        data = common.case(common.ZERO, law, 2, copied="1")
        assert {sample for _, sample, _ in common.distances(data)} == {0}
        assert trained.examine(data, False).violates() == (len(set(places)) > 1)
        assert not trained.examine(data, True).violates()
        third = common.distances(common.case(common.ZERO, law, 2, copied="1/3"))
        fixed = common.distances(common.case(common.ZERO, law, 2))
        assert [3 * sample for _, sample, _ in third] == [2 * sample for _, sample, _ in fixed]


def test_mixed_laws_by_another_package() -> None:
    random = Random(3)
    for _ in range(10):
        a, b = ([random.randint(-3, 3) for _ in range(2)] for _ in range(2))
        share = Fraction(random.randint(0, 4), 4)
        made = common.mixed(laws.read(laws.atoms(*a)), laws.read(laws.atoms(*b)), share)
        weights = [float((1 - share) / 2)] * 2 + [float(share / 2)] * 2
        found = wasserstein_distance([*a, *b], [0], weights, [1])
        assert float(laws.distance(made, laws.read(laws.atoms(0)))) == pytest.approx(found)


def test_each_candidate_on_average_misses_one_hypothesis() -> None:
    data = [common.case(common.ZERO, common.ONE, 1, drawn=common.ZERO), trained.COPY]
    missing = [[k for k, kept in common.on_average(d, Fraction(1)).hypotheses.items() if not kept] for d in data]
    assert missing == [["drawn"], ["fixed"]]
    assert not any(common.on_average(d, Fraction(1)).conclusion for d in data)
    assert average.CLAIMS[0].hypotheses.keys() == {"drawn", "fixed"}


def test_merged_laws_are_the_same_laws() -> None:
    assert common.merged([1, 0, 1]) == [["0", "0", "1/3"], ["1", "1", "2/3"]]
    assert laws.distance(laws.read(common.merged([1, 0, 1])), laws.read(laws.atoms(1, 0, 1))) == 0


def test_intervals_sizes_and_shares_out_of_range_are_refused() -> None:
    for data in (
        common.case(common.ZERO, [["0", "1", "1"]], 1),
        common.case(common.ZERO, common.ZERO, 0),
        common.case(common.ZERO, common.ZERO, 5),
        common.case(common.ZERO, common.ZERO, 1, copied="2"),
        common.case(common.ZERO, common.ZERO, 1, copied="-1/2"),
    ):
        with pytest.raises(laws.LawError):
            common.distances(data)
