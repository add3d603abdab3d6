"""Second opinions on the counterexamples about transport: duals, samples, cones."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from oracles import oracle
from oracles_line import F, distance, function, gain, lipschitz, optimal, parts, pieces


@oracle("anil2019.kr_duality.any_distributions: expectations exist")
def diverges(data: Any) -> bool:
    """The terms of the series of E |x| do not shrink."""
    w, r = F(data["weight"]), F(data["base"])
    terms = [(1 - w) * w ** (k - 1) * abs(r) ** k for k in (1, 2, 3)]
    return 0 < w < 1 and 0 < terms[0] <= terms[1] <= terms[2]


@oracle("anil2019.kr_duality.sampled_bound: samples")
def beats_the_distance(data: Any) -> bool:
    f = function(data["network"])
    draws = [data["sample of first"], data["sample of second"]]
    seen = [[[x, x, Fraction(1, len(places))] for x in places] for places in draws]
    drawn = all(
        {F(x) for x, *_ in sample} <= {low for low, high, _ in parts(data[name]) if low == high}
        for sample, name in zip(seen, ("first", "second"), strict=True)
    )
    return drawn and lipschitz(f) and gain(f, seen[0], seen[1]) > distance(data["first"], data["second"])


@oracle("anil2019.optimal_dual_gradient: optimal duals on the line")
def flat_somewhere(data: Any) -> bool:
    f = function(data["network"])
    return optimal(f, data["first"], data["second"]) and any(abs(slope) < 1 for *_, slope in pieces(f))


@oracle("anil2019.optimal_dual_gradient.on_the_data: optimal duals on the data")
def flat_on_the_data(data: Any) -> bool:
    f = function(data["network"])
    intervals = [*parts(data["first"]), *parts(data["second"])]
    flat = any(abs(slope) < 1 for a, b, _ in intervals for *_, slope in pieces(f, a, b))
    return all(a < b for a, b, _ in intervals) and optimal(f, data["first"], data["second"]) and flat


@oracle("anil2019.wasserstein_examples.absolute_value: the dual function")
def absolute_value_is_not_optimal(data: Any) -> bool:
    f = function(data["network"])
    same = all(f(F(k, 7)) == abs(F(k, 7)) for k in range(-50, 51))
    example = parts(data["first"]) == [[0, 0, 1]] and parts(data["second"]) == [[-1, -1, F(1, 2)], [1, 1, F(1, 2)]]
    return same and example and gain(f, data["first"], data["second"]) < distance(data["first"], data["second"])


@oracle("anil2019.wasserstein_examples.as_low: values at -1 and 1")
def lower(network: Any) -> bool:
    f = function(network)
    return lipschitz(f) and f(F(0)) == 0 and min(f(F(-1)), f(F(1))) < 1


@oracle("anil2019.wasserstein_examples.unique: two optimal duals")
def two_duals(data: Any) -> bool:
    f, g = map(function, data["networks"])
    both = all(optimal(h, data["first"], data["second"]) for h in (f, g))
    return both and len({f(F(k)) - g(F(k)) for k in (*range(-9, 10), -100, 100)}) > 1


@oracle("anil2019.wasserstein_examples.gradient_everywhere: points")
def kinked(data: Any) -> bool:
    """At a centre, or at equal distances from two nearest centres."""
    x = [F(a) for a in data["point"]]
    away = sorted(sum((a - F(b)) ** 2 for a, b in zip(x, c, strict=True)) for c in data["centres"])
    return away[0] == 0 or (len(away) > 1 and away[0] == away[1])


@oracle("anil2019.cones_dimension: tangent spaces")
def off_the_apex(data: Any) -> bool:
    return any(F(a) != 0 for a in data["point"])


def means(data: Any) -> list[tuple[Fraction, Fraction, Fraction]]:
    """(probability, W(G, P_N), W(G, P)) over all samples, G copying its data with a given probability."""
    share, law = F(data["copied"]), parts(data["law"])
    assert 0 <= share <= 1
    assert parts(data["drawn from"]) == law
    assert all(low == high for low, high, _ in law)
    found = []
    for draws in product(law, repeat=data["size"]):
        sample = [[x, x, F(1, len(draws))] for x, *_ in draws]
        mixture = ((1 - share, parts(data["generator"])), (share, sample))
        made = [[a, b, factor * m] for factor, law_of in mixture for a, b, m in law_of if factor > 0]
        found.append((prod(m for *_, m in draws), distance(made, sample), distance(made, law)))
    return found


@oracle("anil2019.empirical_wasserstein.probability: samples")
def unlikely(data: Any) -> bool:
    return F(data["copied"]) == 0 and sum(p for p, sample, true in means(data) if sample >= true) < F(1, 2)


@oracle("anil2019.empirical_wasserstein.trained: generators")
def nearer_to_the_sample(data: Any) -> bool:
    return sum(p * (sample - true) for p, sample, true in means(data)) < 0
