"""Second opinions on counterexamples to Table 1 of Béthune et al. 2021: transport losses, certificates, gradients."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from oracles import evaluate, oracle
from oracles_consistency import constants_do_not_cancel, flat_in_one_direction
from oracles_losses import below_the_bound, laws, mean, transport

ROW = "bethune2021.table_1"
TINY = Fraction(1, 10**12)

oracle(f"{ROW}.wasserstein_minimizer_lipschitz_any: bounded below")(below_the_bound)
oracle(f"{ROW}.wasserstein_consistency_lipschitz: the infimum is finite")(constants_do_not_cancel)
oracle(f"{ROW}.hkr_consistency_lipschitz_any: consistency")(flat_in_one_direction)


def examples(data: Any) -> list[tuple[Fraction, int]]:
    """The examples, which must have both labels."""
    found = [(Fraction(x), y) for x, y in data["points"]]
    assert {y for _, y in found} == {1, -1}
    return found


def hkr(data: Any, points: list[tuple[Fraction, int]], value: Callable[[Fraction], Fraction]) -> Fraction:
    """The summed loss; the Wasserstein loss where no lambda is given."""
    lam, m = Fraction(data.get("lambda", 0)), Fraction(data.get("m", 0))
    scores = [y * value(x) for x, y in points]
    return sum((lam * max(Fraction(0), m - z) - z for z in scores), Fraction(0))


def positive(data: Any) -> bool:
    return "lambda" not in data or (Fraction(data["lambda"]) > 0 and Fraction(data["m"]) > 0)


@oracle(
    f"{ROW}.wasserstein_minimizer_unconstrained_any: no minimum",
    f"{ROW}.hkr_minimizer_unconstrained_any: no minimum",
)
def best_near_zero(data: Any) -> bool:
    """At every input no value far out is better than the best of many near zero: the loss is convex."""
    points = examples(data)
    m = max(Fraction(data.get("m", 1)), Fraction(1, 1000))
    for x in {x for x, _ in points}:
        here = [p for p in points if p[0] == x]
        near = min(hkr(data, here, lambda _, t=k * m / 8: t) for k in range(-8, 9))
        if any(hkr(data, here, lambda _, t=s * k * m: t) < near for s in (1, -1) for k in (2, 50, 1000)):
            return False
    return positive(data)


@oracle(
    f"{ROW}.wasserstein_minimizer_unconstrained_any: Lipschitz constants diverge",
    f"{ROW}.hkr_minimizer_unconstrained_any: Lipschitz constants diverge",
)
def constants_fall(data: Any) -> bool:
    points = examples(data)
    (value,) = {Fraction(v) for v in data["f"]}
    losses = [hkr(data, points, lambda _, c=c: c * value) for c in (10**4, 10**5, 10**6)]
    return positive(data) and losses[0] > losses[1] > losses[2]


@oracle(f"{ROW}.wasserstein_minimizer_lipschitz: minimum")
def optimal_and_below(data: Any) -> bool:
    """An L-Lipschitz function with the gain L W > 0 or the value 0 < W: its loss is not W."""
    p, q = laws(data)
    L, atoms = Fraction(data["L"]), [(x, f) for x, _, f in p + q]
    lipschitz = all(abs(f - g) <= L * abs(x - y) for x, f in atoms for y, g in atoms)
    return L >= 0 and Fraction(data["p"]) * 2 == 1 and lipschitz and mean(p) - mean(q) == L * transport(p, q) >= 0 and (
        -(mean(p) - mean(q)) / 2 < transport(p, q)
    )  # fmt: skip


@oracle(f"{ROW}.wasserstein_practice_unconstrained_always: the parameters move")
def stationary(data: Any) -> bool:
    """Central differences of the loss in each parameter, exact away from the kink."""
    points = examples(data)
    start = [Fraction(data[k]) for k in "vwb"]
    assert sum(y for _, y in points) == 0
    assert any(sum(z for t, z in points if t == x) for x, _ in points)
    assert all(start[1] * x + start[2] != 0 for x, _ in points)

    def loss(v: Fraction, w: Fraction, b: Fraction) -> Fraction:
        return -sum((y * v * max(Fraction(0), w * x + b) for x, y in points), Fraction(0))

    moved = [[[s + d * (i == j) for j, s in enumerate(start)] for d in (TINY, -TINY)] for i in range(3)]
    return all(loss(*up) == loss(*down) for up, down in moved)


@oracle(f"{ROW}.wasserstein_practice_lipschitz_always: some atom is misclassified")
def right_and_optimal(data: Any) -> bool:
    p, q = laws(data)
    atoms = [(x, f) for x, _, f in p + q]
    lipschitz = all(abs(f - g) <= abs(x - y) for x, f in atoms for y, g in atoms)
    best = mean(p) - mean(q) == transport(p, q) > 0
    return 2 * Fraction(data["p"]) == 1 and lipschitz and best and min(f for *_, f in p) > 0 > max(f for *_, f in q)


@oracle(f"{ROW}.hkr_minimizer_lipschitz_any: constants do not fall for ever")
def odds_beyond(data: Any) -> bool:
    lam, p = Fraction(data["lambda"]), Fraction(data["p"])
    return 0 < p < 1 and lam > 0 and max(p, 1 - p) > (1 + lam) * min(p, 1 - p)


@oracle(f"{ROW}.certificates_unconstrained: logit 1, radius 1/1000")
def steep(data: Any) -> bool:
    at = [evaluate(data["network"], [s * (Fraction(1, 1000) + TINY)])[0] for s in (1, -1)]
    return evaluate(data["network"], [0]) == [1] and min(at) < 0


def layers(data: Any, b: Fraction, first: int = 0, kind: str = "relu") -> Fraction:
    """The output of scalar layers with `b` added to the bias of one of them."""
    weights, biases = data["weights"], data.get("biases", ["0"] * len(data["weights"]))
    z = Fraction(data.get("x", 0))
    for i, (w, c) in enumerate(zip(weights, biases, strict=True)):
        z = Fraction(w) * z + Fraction(c) + (b if i == first else 0)
        if i < len(weights) - 1 and kind != "none":
            z = abs(z) if kind == "abs" else max(z, Fraction(0))
    return z


@oracle(f"{ROW}.certificates_unconstrained_literal: the weights give no certificate")
def certified(data: Any) -> bool:
    """No change of sign on a fine grid within the radius."""
    value, bound = layers(data, Fraction(0)), Fraction(1)
    for w in data["weights"]:
        bound *= abs(Fraction(w))
    radius, x = abs(value) / bound, Fraction(data["x"])
    near = [layers({**data, "x": x + radius * k / 500}, Fraction(0)) for k in range(-499, 500)]
    return value != 0 and all(v * value > 0 for v in near)


@oracle(f"{ROW}.exploding_lipschitz_function: gradients of the biases")
def bias_counts_more(data: Any) -> bool:
    zero, one = Fraction(0), Fraction(1)
    slope = layers({**data, "x": 1}, zero, kind="none") - layers({**data, "x": 0}, zero, kind="none")
    gradients = [layers(data, one, i, "none") - layers(data, zero, i, "none") for i in range(len(data["weights"]))]
    return abs(slope) <= 1 and max(map(abs, gradients)) > 1


@oracle(f"{ROW}.vanishing_lipschitz_only: the gradient of L_W is kept")
def not_kept(data: Any) -> bool:
    up, here, down = (layers(data, b, kind=data["activation"]) for b in (TINY, Fraction(0), -TINY))
    smooth = up - here == here - down
    return smooth and max(abs(Fraction(w)) for w in data["weights"]) <= 1 and abs(up - down) != 2 * TINY
