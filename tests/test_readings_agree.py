"""One network, many readings: they agree on 1,000 random rational networks of each kind, ties included.

Half of the networks have small integer weights and are read at small integer points, so that sorting meets ties and the
other activations meet their kinks; the others have weights with denominators up to 7, which no float holds.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise

import flint
import pytest
import sympy
import torch
import z3

from lipcheck.network import (
    ELEMENTWISE,
    Abs,
    Affine,
    Elementwise,
    FullSort,
    GroupSort,
    Layer,
    LeakyReLU,
    MaxMin,
    Maxout,
    Network,
    NetworkError,
    ReLU,
    Select,
    comparators,
)
from lipcheck.readings import ball, line, rational, rounding, smt, symbolic
from lipcheck.readings.tensor import TensorNetwork
from lipcheck.words import terms

NETWORKS, SHAPES = 1000, 20
SLOW = NETWORKS if os.environ.get("LIPCHECK_BUDGET") == "deep" else 50
ACTIVATIONS: dict[str, list[Layer]] = {
    "affine": [],
    "abs": [Abs()],
    "relu": [ReLU()],
    "leakyrelu": [LeakyReLU("1/10"), LeakyReLU(-2), LeakyReLU("7/3")],
    "maxmin": [MaxMin()],
    "groupsort": [GroupSort(size, order=order) for size in (2, 3, 4) for order in ("ascending", "descending")],
    "fullsort": [FullSort("ascending"), FullSort("descending")],
    "maxout": [Maxout(2), Maxout(3)],
    "select": [Select((2, 0, 2, 1), 3), Select((3, 1), 4), Select((1, 1, 0, 2), 3), Select((0, 2, 4, 1, 3, 4), 5)],
}
KINDS = list(ACTIVATIONS)
DEVICES = [
    "cpu",
    pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no cuda device")),
]


def random_layers(rng: random.Random, kind: str) -> tuple[int, tuple[Layer | int, ...]]:
    """A number of inputs and layers, where an affine layer is given by its number of outputs."""
    layers: list[Layer | int] = []
    for _ in range(rng.randint(1, 3)):
        activation = rng.choice(ACTIVATIONS[kind] or [None])
        if isinstance(activation, Select):
            layers += [activation.width, activation, MaxMin()]
            continue
        step = getattr(activation, "size", 1)
        layers += [rng.choice([w for w in range(2, 7) if w % step == 0])] + ([activation] if activation else [])
    return rng.randint(2, 6), (*layers, rng.randint(1, 3))


def fill(rng: random.Random, shape: tuple[int, tuple[Layer | int, ...]], integers: bool) -> Network:
    def number() -> Fraction:
        return (
            Fraction(rng.choice([-1, 0, 0, 1, 1, 2])) if integers else Fraction(rng.randint(-9, 9), rng.randint(1, 7))
        )

    width, layers = shape[0], []
    for layer in shape[1]:
        if isinstance(layer, int):
            layer = Affine([[number() for _ in range(width)] for _ in range(layer)], [number() for _ in range(layer)])
        layers.append(layer)
        width = layer.outputs(width)
    return Network(shape[0], tuple(layers))


@cache
def populations(kind: str) -> list[tuple[list[Network], list[list[Fraction]]]]:
    """SHAPES populations of one architecture each, with one point of dyadic numbers per network."""
    rng = random.Random(f"readings agree: {kind}")
    found = []
    for i in range(SHAPES):
        shape = random_layers(rng, kind)
        networks = [fill(rng, shape, integers=i % 2 == 0) for _ in range(NETWORKS // SHAPES)]
        scale = 1 if i % 2 == 0 else 64
        points = [[Fraction(rng.randint(-2 * scale, 2 * scale), scale) for _ in range(shape[0])] for _ in networks]
        found.append((networks, points))
    return found


def cases(kind: str, limit: int = NETWORKS) -> Iterator[tuple[Network, list[Fraction]]]:
    """`limit` networks with their points, spread over all shapes."""
    for networks, points in populations(kind):
        yield from zip(networks[: limit // SHAPES + 1], points[: limit // SHAPES + 1], strict=True)


def tensors(points: list[list[Fraction]], dtype: torch.dtype, device: str = "cpu") -> torch.Tensor:
    """(population, 1, inputs); the conversion is exact because the points are dyadic."""
    x = torch.tensor([[[float(a) for a in point]] for point in points], dtype=dtype, device=device)
    assert [[Fraction(a) for a in row[0]] for row in x.tolist()] == points
    return x


def ratios(kind: str, dtype: torch.dtype, device: str = "cpu") -> list[Fraction]:
    """|float result - exact result| / bound for every output of every network."""
    found = []
    for networks, points in populations(kind):
        values, bounds = TensorNetwork.stack(networks, dtype, device).forward_with_bound(tensors(points, dtype, device))
        for network, point, value, bound in zip(networks, points, values.tolist(), bounds.tolist(), strict=True):
            exact = rational.evaluate(network, point)
            found += [abs(Fraction(v) - e) / Fraction(b) for v, b, e in zip(value[0], bound[0], exact, strict=True)]
    assert len(found) >= NETWORKS
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_ties_and_kinks_occur(kind: str) -> None:
    tied = sum(not rational.is_smooth_at(network, point) for network, point in cases(kind))
    assert sum(1 for _ in cases(kind)) == NETWORKS
    if kind == "affine":
        assert tied == 0
    else:
        assert tied >= 100


@pytest.mark.parametrize("kind", KINDS)
def test_balls_contain_the_exact_values(kind: str) -> None:
    for network, point in cases(kind):
        for enclosure, exact in zip(ball.evaluate(network, point), rational.evaluate(network, point), strict=True):
            low, high = ball.enclosure_rational(enclosure)
            assert low <= exact <= high
            assert high - low <= abs(exact) / 2**90 + Fraction(1, 2**90)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("kind", KINDS)
def test_floats_stay_within_the_derived_bound(kind: str, dtype: torch.dtype, device: str) -> None:
    worst = max(ratios(kind, dtype, device))
    assert worst <= 1
    # A bound a thousand times smaller is false, and so is one twenty times smaller: it is not idle.
    assert worst > Fraction(1, 20)


@pytest.mark.parametrize("kind", KINDS)
def test_symbols_agree(kind: str) -> None:
    for network, point in cases(kind, SLOW):
        symbols = sympy.symbols(f"x:{network.inputs}", real=True)
        numbers = {s: sympy.Rational(a.numerator, a.denominator) for s, a in zip(symbols, point, strict=True)}
        # An expression is a tree: nested sorts repeat their parts. Beyond 12 exchanges, read at numbers.
        expressions = symbolic.evaluate(network, symbols if exchanges(network) <= 12 else [numbers[s] for s in symbols])
        assert [Fraction(str(e.xreplace(numbers))) for e in expressions] == list(rational.evaluate(network, point))


def exchanges(network: Network) -> int:
    """How many compare-exchanges the sorting layers of three and more take."""
    total = 0
    for layer, width in zip(network.layers, network.widths, strict=True):
        if isinstance(layer, GroupSort | FullSort) and layer.group(width) > 2:
            total += width // layer.group(width) * len(comparators(layer.group(width)))
    return total


@pytest.mark.parametrize("kind", KINDS)
def test_smt_terms_agree(kind: str) -> None:
    for network, point in cases(kind, SLOW):
        exact = rational.evaluate(network, point)
        outputs = smt.evaluate(network, terms.variables("x", network.inputs))
        at = {f"x{i}": a for i, a in enumerate(point, 1)}
        assert tuple(t.value(at) for t in outputs) == exact
        solver, known = z3.Solver(), {name: z3.Q(a.numerator, a.denominator) for name, a in at.items()}
        solver.add(
            z3.Or([to_z3(t, known) != z3.Q(e.numerator, e.denominator) for t, e in zip(outputs, exact, strict=True)])
        )
        assert solver.check() == z3.unsat


def to_z3(term: terms.Term, known: dict[str, z3.ExprRef]) -> z3.ExprRef:
    total = z3.RealVal(0)
    for monomial, coefficient in term.coefficients.items():
        product = z3.Q(coefficient.numerator, coefficient.denominator)
        for name, exponent in monomial:
            if name not in known:
                inside = to_z3(terms.inside(name), known)
                known[name] = z3.If(inside > 0, inside, z3.RealVal(0))
            product = product * known[name] ** exponent if exponent > 1 else product * known[name]
        total = total + product
    return total


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("affine", "leakyrelu")])
def test_another_activation_is_noticed(kind: str) -> None:
    """The comparison can fail: with the activation replaced, some exact value leaves its ball and its float bound."""
    other = {GroupSort: Abs(), MaxMin: GroupSort(2, order="ascending"), FullSort: Abs(), Abs: ReLU(), ReLU: Abs()}
    noticed = 0
    for network, point in cases(kind, SLOW):
        layers = [other.get(type(layer), layer) for layer in network.layers]
        if kind == "maxout":
            layers = [
                Affine(layer.weight, [-b for b in layer.bias]) if isinstance(layer, Affine) else layer
                for layer in layers
            ]
        if kind == "select":
            layers = [turned(layer) for layer in network.layers]
        exact = rational.evaluate(Network(network.inputs, tuple(layers)), point)
        noticed += any(
            not b.contains(flint.fmpq(e.numerator, e.denominator))
            for b, e in zip(ball.evaluate(network, point), exact, strict=True)
        )
    assert noticed >= 10


def turned(layer: Layer) -> Layer:
    return Select(layer.indices[::-1], layer.width) if isinstance(layer, Select) else layer


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", KINDS)
def test_jacobians_are_equal_for_dyadic_data(kind: str, device: str) -> None:
    """Integer weights: no rounding, so values, ties and Jacobians must be the same, bit for bit."""
    checked = 0
    for networks, points in populations(kind)[::2]:
        if any(isinstance(layer, LeakyReLU) for layer in networks[0].layers):
            networks = [Network(n.inputs, tuple(dyadic(layer) for layer in n.layers)) for n in networks]
        values, jacobians = TensorNetwork.stack(networks, device=device).jacobian(
            tensors(points, torch.float64, device)
        )
        for network, point, value, rows in zip(networks, points, values.tolist(), jacobians.tolist(), strict=True):
            assert tuple(map(Fraction, value[0])) == rational.evaluate(network, point)
            assert tuple(tuple(map(Fraction, row)) for row in rows[0]) == rational.jacobian(network, point)
            checked += 1
    assert checked == NETWORKS // 2


def dyadic(layer: Layer) -> Layer:
    return LeakyReLU(Fraction(round(8 * layer.slope), 8)) if isinstance(layer, LeakyReLU) else layer


@pytest.mark.parametrize("kind", KINDS)
def test_jacobians_are_the_finite_differences_at_smooth_points(kind: str) -> None:
    """Around a smooth point the network is affine, so small differences, taken exactly, give the Jacobian exactly."""
    checked = 0
    for network, point in cases(kind, 200):
        if not rational.is_smooth_at(network, point):
            continue
        rows, here = rational.jacobian(network, point), rational.evaluate(network, point)
        # Values have denominators below 64 (420 * 30)^4 < 10^19, so gaps are larger than 10^-19, while this step moves
        # them by less than (6 * 9 * 3)^4 10^-40 < 10^-31.
        step = Fraction(1, 10**40)
        for i in range(network.inputs):
            there = rational.evaluate(network, [a + step * (j == i) for j, a in enumerate(point)])
            assert tuple((b - a) / step for a, b in zip(here, there, strict=True)) == tuple(row[i] for row in rows)
        checked += 1
    assert checked >= 50


@pytest.mark.parametrize("kind", KINDS)
def test_affine_pieces_along_a_line_are_the_network(kind: str) -> None:
    rng = random.Random(f"lines: {kind}")
    broken = 0
    for network, point in cases(kind, 20):
        direction = [Fraction(rng.randint(-3, 3)) for _ in point]
        pieces = line.pieces(line.along(network, tuple(point), tuple(direction)))
        assert pieces[0].low is None and pieces[-1].high is None
        assert all(a.high == b.low for a, b in pairwise(pieces))
        for piece in pieces:
            for t in filter(lambda end: end is not None, (piece.low, piece.inside, piece.high)):
                there = [a + t * d for a, d in zip(point, direction, strict=True)]
                assert piece.at(t) == rational.evaluate(network, there)
        broken += len({piece.slopes for piece in pieces}) > 1
    assert broken == 0 if kind == "affine" else broken >= 10


def test_ties_are_decided_alike_in_every_reading() -> None:
    """At (1, 1, 0): sorting keeps tied places, Maxout takes the first, ReLU' = 0, LeakyReLU' = slope, Abs' = 1 at 0."""
    one, zero, identity = Fraction(1), Fraction(0), [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    expected = {
        FullSort("descending"): identity,
        FullSort("ascending"): [[0, 0, 1], [1, 0, 0], [0, 1, 0]],
        Maxout(3): [[1, 0, 0]],
        ReLU(): [[1, 0, 0], [0, 1, 0], [0, 0, 0]],
        LeakyReLU("1/2"): [[1, 0, 0], [0, 1, 0], [0, 0, Fraction(1, 2)]],
        Abs(): identity,
    }
    for layer, rows in expected.items():
        network = Network(3, (Affine.linear(identity), layer))
        assert rational.jacobian(network, [one, one, zero]) == tuple(map(tuple, rows))
        x = torch.tensor([[1, 1, -0.0]], dtype=torch.float64)
        assert TensorNetwork.from_network(network).jacobian(x)[1].tolist() == [[[[float(a) for a in r] for r in rows]]]
    copies = Network(3, (Affine.linear(identity), Select((1, 1, 2, 0), 3), MaxMin()))
    x = torch.tensor([[1, 1, 0]], dtype=torch.float64)
    rows = [[0, 1, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert rational.jacobian(copies, [one, one, zero]) == tuple(map(tuple, rows))
    assert TensorNetwork.from_network(copies).jacobian(x)[1].tolist() == [[[[float(a) for a in r] for r in rows]]]
    assert rational.pattern(copies, [1, 1, 0]) == ((), (), (0, 1, 3, 2))
    pair = Network(2, (Affine.linear([[1, 0], [0, 1]]), MaxMin()))
    assert rational.pattern(pair, [3, 3]) == ((), (0, 1))
    assert rational.pattern(pair, [2, 3]) == ((), (1, 0))


def test_the_affine_piece_of_a_pattern_is_the_network_there() -> None:
    for kind in KINDS:
        for network, point in cases(kind, 100):
            rows, offset = rational.affine_piece(network, rational.pattern(network, point))
            values = tuple(
                sum(w * a for w, a in zip(r, point, strict=True)) + c for r, c in zip(rows, offset, strict=True)
            )
            assert values == rational.evaluate(network, point)


def test_tensors_can_begin_with_a_selection() -> None:
    kinds = (Select((2, 0, 2), 4), "affine", Select((1, 1), 2))
    weight = torch.tensor([[[1.0, -1.0, 2.0], [0.5, 0.25, 0.0]]], dtype=torch.float64)
    population = TensorNetwork.from_tensors(kinds, [weight], [torch.zeros(1, 2, dtype=torch.float64)])
    assert (population.inputs, population.outputs) == (4, 2)
    values, jacobians = population.jacobian(torch.tensor([[1.0, 2.0, 3.0, 7.0]], dtype=torch.float64))
    assert values.tolist() == [[[1.75, 1.75]]]
    assert jacobians.tolist() == [[[[0.25, 0, 0.5, 0]] * 2]]
    assert population.forward_with_bound(torch.tensor([[1.0, 2.0, 3.0, 7.0]], dtype=torch.float64))[0].tolist() == [
        [[1.75, 1.75]]
    ]


def test_populations_share_points_or_have_their_own() -> None:
    networks, _ = populations("groupsort")[1]
    population = TensorNetwork.stack(networks)
    shared = torch.linspace(-2, 2, 7 * population.inputs, dtype=torch.float64).reshape(7, -1)
    own = shared.expand(len(networks), -1, -1).clone()
    values, jacobians = population.jacobian(shared)
    assert values.shape == (len(networks), 7, population.outputs)
    assert jacobians.shape == (len(networks), 7, population.outputs, population.inputs)
    assert torch.equal(values, population.forward(own))
    assert torch.equal(jacobians, population.jacobian(own)[1])
    for i in (0, len(networks) - 1):
        alone = TensorNetwork.from_network(population.member(i))
        exact = [rational.evaluate(population.member(i), row) for row in shared.tolist()]
        value, bound = alone.forward_with_bound(shared)
        assert all(
            abs(Fraction(v) - e) <= Fraction(b)
            for vs, bs, es in zip(value[0].tolist(), bound[0].tolist(), exact, strict=True)
            for v, b, e in zip(vs, bs, es, strict=True)
        )


def test_tensors_can_begin_with_any_layer() -> None:
    kinds = (Maxout(2), "affine", FullSort("ascending"))
    weight = torch.tensor([[[1.0, -1.0], [0.5, 0.25]]], dtype=torch.float64)
    population = TensorNetwork.from_tensors(kinds, [weight], [torch.zeros(1, 2, dtype=torch.float64)])
    assert (population.inputs, population.outputs) == (4, 2)
    values, jacobians = population.jacobian(torch.tensor([[1.0, 2.0, 3.0, 3.0]], dtype=torch.float64))
    assert values.tolist() == [[[-1.0, 1.75]]]
    assert jacobians.tolist() == [[[[0, 1, -1, 0], [0, 0.5, 0.25, 0]]]]


def test_the_bound_covers_slopes_that_no_float_holds() -> None:
    """Twenty slopes of 10/3 in a row: their common error exceeds what the affine layer allows."""
    network = Network(1, (Affine.linear([[1]]), *[LeakyReLU("10/3")] * 20))
    exact = rational.evaluate(network, [-1])[0]
    value, bound = TensorNetwork.from_network(network).forward_with_bound(-torch.ones(1, 1, dtype=torch.float64))
    error = abs(Fraction(value.item()) - exact) / abs(exact)
    assert rounding.gamma(3, rounding.unit_roundoff(torch.float64)) < error <= Fraction(bound.item()) / abs(exact)


def test_the_bound_covers_flushed_subnormal_numbers() -> None:
    network = Network(1, (Affine([["1" + "/1" + "0" * 310]], [0]),))
    exact = rational.evaluate(network, [1])[0]
    if not torch.set_flush_denormal(True):
        pytest.skip("this processor does not flush subnormal numbers")
    try:
        value, bound = TensorNetwork.from_network(network).forward_with_bound(torch.ones(1, 1, dtype=torch.float64))
    finally:
        torch.set_flush_denormal(False)
    assert value.item() == 0
    assert exact <= Fraction(bound.item())
    assert exact > rounding.gamma(10, rounding.unit_roundoff(torch.float64)) * exact


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_smooth_functions_agree_in_balls_symbols_and_floats(name: str) -> None:
    rng = random.Random(f"smooth: {name}")
    for _ in range(20):
        network = fill(rng, (2, (3, Elementwise(name), 1)), integers=False)
        point = [Fraction(rng.randint(-64, 64), 64) for _ in range(2)]
        enclosure = ball.evaluate(network, point, precision=100)[0]
        low, high = ball.enclosure_rational(enclosure)
        numbers = [sympy.Rational(a.numerator, a.denominator) for a in point]
        # 60 digits lie far inside a ball of 100 bits: its radius is the larger error.
        symbol = Fraction(str(symbolic.evaluate(network, numbers)[0].evalf(60)))
        assert low <= symbol <= high
        assert low < high
        x = torch.tensor([[float(a) for a in point]], dtype=torch.float64, requires_grad=True)
        population = TensorNetwork.from_network(network)
        value, (_, jacobian) = population.forward(x), population.jacobian(x.detach())
        (gradient,) = torch.autograd.grad(value.sum(), x)
        # |f| <= 63, weights <= 9: the sums of absolute terms stay below 2^12; each is good to a few of 2^-53.
        assert abs(Fraction(value.detach().item()) - symbol) <= Fraction(64 * 2**12, 2**53)
        assert float((gradient - jacobian[0, :, 0]).abs().max()) <= 64 * 2**12 / 2**53


def test_balls_as_inputs_enclose_the_image_of_a_box() -> None:
    rng = random.Random("boxes")
    for network, point in cases("groupsort", 100):
        box = [flint.arb(float(a), 0.25) for a in point]
        enclosures = [ball.enclosure_rational(b) for b in ball.evaluate(network, box)]
        inner = rational.evaluate(network, [a + Fraction(rng.randint(-16, 16), 64) for a in point])
        assert all(low <= value <= high for value, (low, high) in zip(inner, enclosures, strict=True))
    before = flint.ctx.prec
    ball.evaluate(network, point, precision=777)
    assert flint.ctx.prec == before


NET = Network(2, (Affine.linear([[1, 0], [0, 1]]), MaxMin()))
SMOOTH = NET.then(Elementwise("tanh"))


def floats(*rows: list[float], dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.tensor(rows, dtype=dtype)


BAD = [
    (lambda: rational.evaluate(NET, [1]), "The input has 1 numbers but the network takes 2: give 2."),
    (lambda: rational.evaluate(NET, [1, float("nan")]), "input[1] is nan, which is not finite"),
    (lambda: rational.evaluate(SMOOTH, [1, 2]), "tanh has no exact rational value: use the ball reading"),
    (lambda: rational.is_smooth_at(SMOOTH, [1, 2]), "tanh has no exact rational value: use the ball reading"),
    (lambda: smt.evaluate(SMOOTH, terms.variables("x", 2)), "tanh is no piecewise polynomial: use the ball reading"),
    (lambda: smt.evaluate(NET, terms.variables("x", 3)), "The input has 3 numbers but the network takes 2"),
    (lambda: symbolic.evaluate(NET, sympy.symbols("a b c")), "The input has 3 numbers but the network takes 2"),
    (lambda: ball.evaluate(NET, [1, None]), "input[1] is None, not a rational number"),
    (lambda: ball.evaluate(NET, [1, flint.arb("nan")]), "input[1] is the ball nan, which is not finite"),
    (lambda: ball.evaluate(NET, [1, 2], precision=0), "The precision is 0 bits: give a whole number of at least 2."),
    (lambda: ball.enclosure_rational(flint.arb("inf")), "is not finite: raise the precision or give smaller inputs."),
    (lambda: TensorNetwork.stack([]), "The population is empty: give at least one network."),
    (lambda: TensorNetwork.stack([NET, SMOOTH]), "Network 1 has another architecture than network 0"),
    (lambda: TensorNetwork.from_network(Network(2, (MaxMin(),))), "0 affine layers come with 0 weights and 0 biases"),
    (lambda: TensorNetwork.from_network(NET, torch.bfloat16), "Layer 0 holds torch.bfloat16: use float64 or float32"),
    (lambda: TensorNetwork.from_network(Network(1, (Affine([[10**400]], [0]),))), "exceeds the range of float64"),
    (
        lambda: TensorNetwork.from_network(Network(1, (Affine([[10**40]], [0]),)), torch.float32),
        "holds NaN or infinity",
    ),
    (
        lambda: TensorNetwork.from_network(NET).forward(floats([1, 2, 3])),
        "The input has shape (1, 3): give (points, 2)",
    ),
    (lambda: TensorNetwork.from_network(NET).forward(floats([1, float("nan")])), "The input holds NaN or infinity"),
    (
        lambda: TensorNetwork.from_network(NET).forward(floats([1, 2], dtype=torch.float32)),
        "The input is torch.float32 on cpu: convert it to torch.float64 on cpu.",
    ),
    (
        lambda: TensorNetwork.from_network(Network(1, (Affine([[10**300]], [0]),))).forward(floats([1e300])),
        "The result overflowed torch.float64: scale the network down",
    ),
    (
        lambda: TensorNetwork.from_network(Network(1, (Affine([[-(10**300)]], [0]), ReLU()))).forward_with_bound(
            floats([1e300])
        ),
        "The result overflowed torch.float64: scale the network down",
    ),
    (
        lambda: TensorNetwork.from_network(SMOOTH).forward_with_bound(floats([1, 2])),
        "tanh has no derived rounding bound: use the ball reading",
    ),
    (
        lambda: TensorNetwork.from_tensors(["affine"], [torch.ones(1, 2, 2)], [torch.ones(1, 3)]),
        "Weight 0 has shape (1, 2, 2) and bias 0 (1, 3)",
    ),
    (
        lambda: TensorNetwork.from_tensors(
            ["affine", "affine"], [torch.ones(1, 2, 2), torch.ones(1, 2, 3)], [torch.ones(1, 2)] * 2
        ),
        "Layer 1 receives 2 numbers but its weight has 3 columns",
    ),
    (lambda: rounding.gamma(2**22, rounding.unit_roundoff(torch.float32)), "too large for a rounding bound"),
]


@pytest.mark.parametrize(("attempt", "sentence"), BAD, ids=[sentence[:40] for _, sentence in BAD])
def test_bad_input_is_named_with_its_remedy(attempt, sentence) -> None:
    with pytest.raises(NetworkError) as caught:
        attempt()
    assert sentence in str(caught.value)


def test_reduced_precision_is_refused() -> None:
    network, x = TensorNetwork.from_network(NET, torch.float32), floats([1, 2], dtype=torch.float32)
    network.forward(x)
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("high")
    try:
        with pytest.raises(NetworkError, match=r"reduced precision .*precision\('highest'\)"):
            network.forward_with_bound(x)
        TensorNetwork.from_network(NET).forward_with_bound(floats([1, 2]))
    finally:
        torch.set_float32_matmul_precision(before)
    network.forward(x)


def test_autocast_changes_nothing() -> None:
    networks, points = populations("maxmin")[1]
    population, x = TensorNetwork.stack(networks, torch.float32), tensors(points, torch.float32)
    plain, rows = population.jacobian(x)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(population.forward(x), plain)
        assert torch.equal(population.jacobian(x)[1], rows)
