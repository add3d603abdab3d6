"""Second opinions on consistency, margins and gradients: laws and samples are looked at one example at a time."""

from __future__ import annotations

import cmath
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import log, log1p
from typing import Any

from oracles import oracle


def numbers(data: Any) -> list[Fraction]:
    return [Fraction(v) for v in data]


def logistic(z: float) -> float:
    return max(0.0, -z) + log1p(2.718281828459045 ** -abs(z))


def length(inside: Callable[[Fraction], bool], breaks: list[Fraction]) -> Fraction:
    """The length of a union of intervals of [0, 1] with end points among `breaks`: midpoints decide."""
    ends = sorted({Fraction(0), Fraction(1), *(b for b in breaks if 0 < b < 1)})
    return sum((b - a for a, b in pairwise(ends) if inside((a + b) / 2)), Fraction(0))


def missed(sample: list[Fraction], radius: Fraction) -> Fraction:
    """The probability, x uniform on [0, 1], of radius - d(x, sample) < 0."""
    ends = [x + s * radius for x in sample for s in (1, -1)]
    return 1 - length(lambda t: min(abs(t - x) for x in sample) <= radius, ends)


@oracle("bethune2021.proposition_5: the minimum exists")
def one_label(data: Any) -> bool:
    """Moving f by 1 in the direction of the labels lowers every loss."""
    T, atoms = float(Fraction(data["T"])), data["atoms"]
    directions = [c for c in (1, -1) if all(logistic(T * y * (y + c)) < logistic(T) for _, y, _ in atoms)]
    return T > 0 and bool(directions) and sum(Fraction(mass) for _, _, mass in atoms) == 1


@oracle("bethune2021.proposition_5.proof: the subspace")
def zero_is_not_best(data: Any) -> bool:
    """At one point, of diameter 0, the printed subspace is {0}; a small constant is better."""
    plus, minus = data["positive"], data["negative"]

    def loss(f: float) -> float:
        return float(plus * logistic(f) + minus * logistic(-f))

    return plus > 0 and minus > 0 and min(loss(1e-3), loss(-1e-3)) < loss(0.0)


@oracle("bethune2021.glivenko_cantelli.classifiers: a uniform law for signs")
def sign_of_a_small_set(data: Any) -> bool:
    return missed(numbers(data["sample"]), Fraction(data["radius"])) > Fraction(1, 2)


@oracle("bethune2021.margin_choice.positive: a uniform law for errors")
def right_near_the_sample(data: Any) -> bool:
    sample, radius, margin = numbers(data["sample"]), Fraction(data["radius"]), Fraction(data["m"])
    right = all(margin + radius - min(abs(x - s) for s in sample) >= margin for x in sample)
    return margin > 0 and right and missed(sample, radius) > Fraction(1, 2)


@oracle("bethune2021.glivenko_cantelli.hkr: consistency")
def flat_in_one_direction(data: Any) -> bool:
    """Constants: one sign costs nothing on average, the other something, and any other frequency of labels tips it."""
    lam, pi = Fraction(data["lam"]), Fraction(data["pi"])

    def loss(share: Fraction, c: int) -> Fraction:
        return share * (-c + lam * max(0, -c)) + (1 - share) * (c + lam * max(0, c))

    least = min((1, -1), key=lambda c: loss(pi, c))
    tipped = min(loss(pi + e, least) for e in (Fraction(1, 10**9), -Fraction(1, 10**9)))
    return lam > 0 and 0 < pi < 1 and loss(pi, least) == 0 <= loss(pi, -least) and tipped < 0


@oracle("bethune2021.glivenko_cantelli.uniform: a uniform law for losses")
def losses_differ(data: Any) -> bool:
    pi, T, c = (float(Fraction(data[k])) for k in ("pi", "T", "c"))
    plus, minus = data["positive"], data["negative"]
    possible = 0 <= pi <= 1 and (pi > 0 or not plus) and (pi < 1 or not minus) and plus + minus > 0
    train = (plus * logistic(T * c) + minus * logistic(-T * c)) / (plus + minus)
    return possible and T > 0 and abs(train - pi * logistic(T * c) - (1 - pi) * logistic(-T * c)) > 1 + 1e-9


@oracle("bethune2021.glivenko_cantelli.wasserstein: the infimum is finite")
def constants_do_not_cancel(data: Any) -> bool:
    labels = [1] * data["positive"] + [-1] * data["negative"]
    return min(sum(-y * c for y in labels) for c in (10, -10)) < 0


@oracle("bethune2021.error_continuity.prevents: discontinuity prevents consistency")
def few_classifiers(data: Any) -> bool:
    atoms = [(Fraction(x), y, Fraction(mass), count) for x, y, mass, count in data["atoms"]]
    points, size = sorted({x for x, *_ in atoms}), sum(count for *_, count in atoms)
    errors = {}
    for signs in product((1, -1), repeat=len(points)):
        c = dict(zip(points, signs, strict=True))
        wrong = [(mass, Fraction(count, size)) for x, y, mass, count in atoms if c[x] != y]
        errors[signs] = sum((m for m, _ in wrong), Fraction(0)), sum((s for _, s in wrong), Fraction(0))
    bound = sum((abs(mass - Fraction(count, size)) for *_, mass, count in atoms), Fraction(0))
    jumps = any(
        errors[s][0] != errors[t][0]
        for s, t in combinations(errors, 2)
        if sum(a != b for a, b in zip(s, t, strict=True)) == 1
    )
    return sum(mass for *_, mass, _ in atoms) == 1 and jumps and all(abs(e - t) <= bound for e, t in errors.values())


@oracle("bethune2021.margin_choice: margin epsilon")
def greatest_function_falls_short(data: Any) -> bool:
    """The greatest 1-Lipschitz f with f <= -epsilon on Q is below epsilon somewhere on P."""
    p, q, epsilon = numbers(data["p"]), numbers(data["q"]), Fraction(data["epsilon"])
    apart = all(abs(a - b) > epsilon for a in p for b in q)
    return epsilon > 0 and apart and any(min(-epsilon + abs(a - b) for b in q) < epsilon for a in p)


@oracle("bethune2021.margin_choice.zero_finite: infinite dimension")
def too_few_points(data: Any) -> bool:
    return data["points"] is not None and 0 < len(set(numbers(data["points"]))) < data["d"]


def convolution_gradients(data: Any) -> tuple[Fraction, Fraction]:
    """Squares of the gradients of kernel and bias: the loss sum g_i z_i is affine, so differences are derivatives."""
    kernel, x, g = (numbers(data[k]) for k in ("kernel", "x", "g"))

    def loss(weights: list[Fraction], bias: int) -> Fraction:
        z = [sum((k * x[(i + j) % len(x)] for j, k in enumerate(weights)), Fraction(bias)) for i in range(len(x))]
        return sum((a * b for a, b in zip(g, z, strict=True)), Fraction(0))

    moved = [[k + (i == j) for i, k in enumerate(kernel)] for j in range(len(kernel))]
    start = loss(kernel, 0)
    return sum(((loss(m, 0) - start) ** 2 for m in moved), Fraction(0)), (loss(kernel, 1) - start) ** 2


def short_waves(data: Any) -> bool:
    """No frequency is amplified: the singular values of a circulant matrix."""
    kernel, n = numbers(data["kernel"]), len(data["x"])
    waves = [sum(float(k) * cmath.exp(2j * cmath.pi * f * j / n) for j, k in enumerate(kernel)) for f in range(n)]
    return len(data["g"]) == n >= len(kernel) and max(map(abs, waves)) <= 1 + 1e-9


@oracle("bethune2021.proposition_9.convolution: shared kernel")
def kernel_sums_over_positions(data: Any) -> bool:
    bound = sum(a * a for a in numbers(data["g"])) * sum(a * a for a in numbers(data["x"]))
    return short_waves(data) and convolution_gradients(data)[0] > bound


@oracle("bethune2021.proposition_9.convolution: shared bias")
def bias_sums_over_positions(data: Any) -> bool:
    return short_waves(data) and convolution_gradients(data)[1] > sum(a * a for a in numbers(data["g"]))


@oracle("bethune2021.proposition_9.no_exploding_bound: bounded by the input")
def shifted_state(data: Any) -> bool:
    state = x = Fraction(data["x"])
    for bias in numbers(data["biases"])[:-1]:
        state += bias
    return state * state > x * x


@oracle("bethune2021.proposition_9.trained: normalised rows")
def steep_direction(data: Any) -> bool:
    """|h|^2 |V|^2 - (Vh)^2 as a sum of squares of minors (Lagrange)."""
    V, h = numbers(data["V"]), numbers(data["h"])
    size = sum(v * v for v in V)
    minors = sum((V[i] * h[j] - V[j] * h[i]) ** 2 for i, j in combinations(range(len(V)), 2))
    return size > 0 and minors > sum(v * v for v in h) * size**2


@oracle("bethune2021.proposition_10.constant: one K for every L")
def smaller_derivative(data: Any) -> bool:
    u = Fraction(1, 2 ** data["k"])
    return data["k"] >= 0 and Fraction(data["K"]) > 0 and u < Fraction(data["K"]) * (1 + u)


@oracle("bethune2021.proposition_10.law: one K for every law")
def unlikely_label(data: Any) -> bool:
    """The logit ln(pi / (1 - pi)) is best among its neighbours, and a label there has a derivative below K."""
    pi, K = float(Fraction(data["pi"])), float(Fraction(data["K"]))
    f = log(pi / (1 - pi))
    losses = [pi * logistic(f + h) + (1 - pi) * logistic(-f - h) for h in (-1e-2, 0.0, 1e-2)]
    slopes = [(logistic(s * f - 1e-6) - logistic(s * f + 1e-6)) / 2e-6 for s in (1, -1)]
    return K > 0 and 0 < pi < 1 and losses[1] == min(losses) and min(slopes) < K - 1e-6


@oracle("bethune2021.proposition_10.network: through the layers")
def shrinking_chain(data: Any) -> bool:
    """The output of a chain of slopes is affine in its first bias."""
    slopes = numbers(data["slopes"])

    def output(first_bias: int) -> Fraction:
        z = Fraction(first_bias)
        for w in slopes[1:]:
            z = w * z
        return z

    return all(-1 <= w <= 1 for w in slopes) and abs(output(1) - output(0)) < 1


@oracle("bethune2021.proposition_10.sum_parameters: the null vector")
def falls_in_the_weight(data: Any) -> bool:
    """Beyond the constraint w <= L the loss of the two examples goes on falling."""
    u = Fraction(data["u"])
    w = log(float(u)) if u >= 1 else 0.0
    return u >= 1 and 2 * logistic(w + 1e-3) < 2 * logistic(w)
