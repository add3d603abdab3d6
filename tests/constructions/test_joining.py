"""Maxima and minima of networks: equal to max and min for all reals, in the weights and the norms of Theorem 3."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from math import inf

import pytest

from lipcheck.build.joining import (
    JoinError,
    join,
    join_vector,
    maximum,
    maxout_maximum,
    maxout_minimum,
    meet,
    meet_vector,
    minimum,
    stack,
)
from lipcheck.engines.smt import ask
from lipcheck.network import (
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
    ReLU,
    Select,
)
from lipcheck.norms import Bracket, operator_norm
from lipcheck.readings import ball, smt
from lipcheck.readings.rational import evaluate
from lipcheck.words import terms
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Forall

half = Fraction(1, 2)
ONE = Bracket.point(Fraction(1))

LINE = Network(2, (Affine([[half, -half]], [half]),))
PLAIN = Network(2, (Select((1,), 2),))
SHALLOW = Network(2, (Affine([[1, 0], [half, half]], [0, 1]), MaxMin(), Affine([[half, -half]], [half])))
SELECTED = Network(2, (Affine([[0, 1], [-half, half]], [-1, 0]), MaxMin(), Select((1,), 2)))
DEEP = Network(
    2,
    (
        Affine([[1, 0], [0, -1], [half, half], [half, -half]], [0, 1, -1, 0]), MaxMin(),
        Affine([[half, 0, half, 0], [0, 1, 0, 0]], [0, half]), MaxMin(),
        Affine([[1, 0], [half, -half]], [0, 1]), MaxMin(), Affine([[-half, half]], [0]),
    ),
)  # fmt: skip
SMALL = {"line": LINE, "plain": PLAIN, "shallow": SHALLOW, "selected": SELECTED, "deep": DEEP}


def linear(network: Network) -> list[Affine]:
    return [
        layer.affine() if isinstance(layer, Select) else layer
        for layer in network.layers
        if isinstance(layer, Affine | Select)
    ]


def depth(network: Network) -> int:
    return sum(not isinstance(layer, Affine | Select) for layer in network.layers)


def hidden(network: Network) -> list[int]:
    return [w for layer, w in zip(network.layers, network.widths, strict=True) if isinstance(layer, MaxMin)]


def point(rng: random.Random, inputs: int) -> list[Fraction]:
    return [Fraction(rng.randint(-12, 12), rng.randint(1, 5)) for _ in range(inputs)]


def unit_rows(rng: random.Random, rows: int, columns: int) -> list[list[Fraction]]:
    """Rows of 1-norm one, so that ||W||_inf = 1."""
    found = []
    for _ in range(rows):
        row = [rng.choice([-3, -2, -1, 0, 0, 0, 1, 2, 3]) for _ in range(columns)]
        row[rng.randrange(columns)] = rng.choice([-1, 2])
        found.append([Fraction(w, sum(map(abs, row))) for w in row])
    return found


def unit_layer(rng: random.Random, rows: int, columns: int) -> Affine:
    return Affine(unit_rows(rng, rows, columns), [Fraction(rng.randint(-6, 6), rng.randint(1, 3)) for _ in range(rows)])


def unit_network(rng: random.Random, inputs: int, layers: int, outputs: int = 1) -> Network:
    """A network of the class of Theorem 3 for p = inf with `layers` MaxMin layers of random widths."""
    found: list[Layer] = []
    width = inputs
    for _ in range(layers):
        units = rng.choice([2, 4, 6])
        found += [unit_layer(rng, units, width), MaxMin()]
        width = units
    return Network(inputs, (*found, unit_layer(rng, outputs, width)))


def identical(network: Network, given: Sequence[Network], choice: Callable[..., terms.Term]) -> Forall:
    """For all reals, every output of the network is the choice of those of the given networks."""
    x = terms.variables("x", network.inputs)
    columns = zip(*(smt.evaluate(f, x) for f in given), strict=True)
    found = smt.evaluate(network, x)
    return Forall("identical", {}, conj(*(equals(h, choice(*c)) for h, c in zip(found, columns, strict=True))))


@pytest.mark.parametrize(("f", "g"), list(product(SMALL.values(), repeat=2)), ids=lambda f: str(depth(f)))
def test_join_and_meet_are_maximum_and_minimum_for_all_reals(f: Network, g: Network) -> None:
    assert ask(identical(join(f, g), [f, g], terms.maximum)).status == "unsat"
    assert ask(identical(meet(f, g), [f, g], terms.minimum)).status == "unsat"
    if f is not g:
        assert ask(identical(meet(f, g), [f, g], terms.maximum)).status == "sat"


def test_a_second_solver_agrees() -> None:
    assert ask(identical(join(LINE, DEEP), [LINE, DEEP], terms.maximum), "cvc5").status == "unsat"
    assert ask(identical(maximum([LINE, SHALLOW, DEEP]), [LINE, SHALLOW, DEEP], largest), "cvc5").status == "unsat"


def largest(*values: terms.Term) -> terms.Term:
    return values[0] if len(values) == 1 else terms.maximum(values[0], largest(*values[1:]))


def smallest(*values: terms.Term) -> terms.Term:
    return values[0] if len(values) == 1 else terms.minimum(values[0], smallest(*values[1:]))


MANY = [[LINE, PLAIN, SELECTED], [DEEP, LINE, PLAIN], [SHALLOW, LINE, PLAIN, SELECTED, LINE]]


@pytest.mark.parametrize("given", MANY, ids=lambda given: f"{len(given)} of depth {depth(given[0])}")
def test_many_networks_for_all_reals(given: list[Network]) -> None:
    assert ask(identical(maximum(given), given, largest)).status == "unsat"
    assert ask(identical(minimum(given), given, smallest)).status == "unsat"
    assert ask(identical(maxout_maximum(given), given, largest)).status == "unsat"
    assert ask(identical(maxout_minimum(given), given, smallest)).status == "unsat"


def test_the_weights_are_those_of_the_theorem() -> None:
    f = Network(3, (Affine([[1, 2, 3], [4, 5, 6]], [1, 2]), MaxMin(), Affine([[7, 8]], [3])))
    g = Network(3, (Affine([[-1, -2, -3], [-4, -5, -6]], [-1, -2]), MaxMin(), Affine([[-7, -8]], [-3])))
    first = Affine([[1, 2, 3], [4, 5, 6], [-1, -2, -3], [-4, -5, -6]], [1, 2, -1, -2])
    second = Affine([[7, 8, 0, 0], [0, 0, -7, -8]], [3, -3])
    assert join(f, g) == Network(3, (first, MaxMin(), second, MaxMin(), Select((0,), 2)))
    assert meet(f, g) == Network(3, (first, MaxMin(), second, MaxMin(), Select((1,), 2)))


def test_the_shallower_network_is_padded_by_identities_behind_its_last_maxmin() -> None:
    h = join(SHALLOW, DEEP)
    blocks = [[[*row[:2]] for row in layer.weight[:2]] for layer in linear(h)[1:3]]
    assert blocks == [[[1, 0], [0, 1]]] * 2
    assert all(not any(layer.bias[:2]) for layer in linear(h)[1:3])
    assert linear(h)[3].weight[0] == (half, -half, 0, 0)


def test_an_affine_map_is_padded_by_two_equal_units() -> None:
    h = join(LINE, SHALLOW)
    first, second = linear(h)[:2]
    assert first.weight[0] == first.weight[1] == (half, -half) and first.bias[:2] == (half, half)
    assert second.weight[0] == (1, 0, 0, 0)
    assert hidden(h) == [4, 2]


@pytest.mark.parametrize(("a", "b"), list(product(range(4), repeat=2)))
def test_depth_width_and_norms_for_every_difference_of_depth(a: int, b: int) -> None:
    rng = random.Random(f"{a} {b}")
    for operation, choice in ((join, max), (meet, min)):
        f, g = unit_network(rng, 3, a), unit_network(rng, 3, b)
        h = operation(f, g)
        pads = [[*hidden(n), *[(hidden(n) or [2])[-1]] * (max(a, b) - depth(n))] for n in (f, g)]
        assert hidden(h) == [u + v for u, v in zip(*pads, strict=True)] + [2]
        assert depth(h) == max(a, b) + 1
        assert [type(layer) is MaxMin for layer in h.layers] == [False, True] * depth(h) + [False]
        assert all(operator_norm(layer.weight, inf) == ONE for layer in linear(h))
        for _ in range(1000 // 32 + 1):
            x = point(rng, 3)
            assert evaluate(h, x)[0] == choice(evaluate(f, x)[0], evaluate(g, x)[0])


@pytest.mark.parametrize(("p", "power", "degree"), [(1, 3, 1), (inf, 6, 1), (2, 18, 2), (Fraction(3, 2), 54, 3)])
def test_the_norm_of_the_first_weight_is_the_larger_one(p: Fraction, power: int, degree: int) -> None:
    """||W||_{p, inf} is the largest p*-norm of a row, here that of (-3, 3)."""
    f, g = (Network(2, (Affine.linear(w), MaxMin(), Select((0,), 2))) for w in ([[2, -1], [0, 1]], [[-3, 3], [0, 1]]))
    for h in (join(f, g), join(g, f)):
        found = operator_norm(h.layers[0].weight, p, inf)
        assert found.lower**degree <= power <= found.upper**degree
        assert found == operator_norm(g.layers[0].weight, p, inf)
    unit = Network(2, (Affine.linear([["3/5", "4/5"], ["-5/13", "12/13"]]), MaxMin(), Select((0,), 2)))
    assert operator_norm(join(unit, PLAIN).layers[0].weight, 2, inf) == ONE


def test_norms_below_and_above_one_are_kept_as_they_are() -> None:
    f = Network(2, (Affine.linear([[3, 0], [0, half]]), MaxMin(), Affine.linear([[half, 0]])))
    g = Network(2, (Affine.linear([[half, 0], [0, half]]), MaxMin(), Affine.linear([[0, Fraction(1, 3)]])))
    norms = [operator_norm(layer.weight, inf).upper for layer in linear(join(f, g))]
    assert norms == [3, half, 1]
    assert [operator_norm(layer.weight, inf).upper for layer in linear(join(f, LINE))] == [3, 1, 1]


@pytest.mark.parametrize("count", range(1, 10))
def test_a_balanced_tree(count: int) -> None:
    rng = random.Random(count)
    given = [unit_network(rng, 2, rng.randint(0, 2)) for _ in range(count)]
    rounds = (count - 1).bit_length()
    for operation, choice in ((maximum, max), (minimum, min)):
        h = operation(given)
        assert depth(h) == max(map(depth, given)) + rounds
        tail = [2 * -(-count // 2**r) for r in range(1, rounds + 1)]
        assert hidden(h)[depth(h) - rounds :] == tail
        assert all(operator_norm(layer.weight, inf) == ONE for layer in linear(h))
        for _ in range(12):
            x = point(rng, 2)
            assert evaluate(h, x)[0] == choice(evaluate(f, x)[0] for f in given)


def test_the_tree_is_made_of_selections() -> None:
    lines = [Network(2, (Affine([[Fraction(k, 64), 1 - Fraction(k, 64)]], [k * k]),)) for k in range(64)]
    h = maximum(lines)
    assert [type(layer) for layer in h.layers] == [Affine, *[MaxMin, Select] * 6]
    assert h.parameters == 64 * 3
    odd = maximum(lines[:3]).layers
    assert odd[0].weight == tuple(lines[i].layers[0].weight[0] for i in (0, 1, 2, 2))


@pytest.mark.parametrize(("a", "b"), [(0, 0), (0, 2), (1, 1), (3, 1)])
def test_vectors_coordinate_by_coordinate(a: int, b: int) -> None:
    rng = random.Random(f"vectors {a} {b}")
    f, g = unit_network(rng, 3, a, 3), unit_network(rng, 3, b, 3)
    for operation, choice in ((join_vector, max), (meet_vector, min)):
        h = operation(f, g)
        assert depth(h) == max(a, b) + 1 and hidden(h)[-1] == 6 and h.outputs == 3
        assert all(operator_norm(layer.weight, inf) == ONE for layer in linear(h))
        for _ in range(60):
            x = point(rng, 3)
            assert evaluate(h, x) == tuple(map(choice, evaluate(f, x), evaluate(g, x)))


def test_vectors_for_all_reals() -> None:
    f = Network(2, (Affine([[half, half], [1, 0]], [0, 1]),))
    g = Network(2, (*SHALLOW.layers[:2], Affine([[0, 1], [half, -half]], [1, 0])))
    assert ask(identical(join_vector(f, g), [f, g], terms.maximum)).status == "unsat"
    assert ask(identical(meet_vector(f, g), [f, g], terms.minimum)).status == "unsat"
    three = [f, g, Network(2, (MaxMin(),))]
    assert ask(identical(maximum(three), three, largest)).status == "unsat"
    assert ask(identical(maxout_minimum(three), three, smallest)).status == "unsat"


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_maxout_in_the_place_of_maxmin(count: int) -> None:
    rng = random.Random(f"maxout {count}")
    given = [unit_network(rng, 2, rng.randint(0, 2), 2) for _ in range(count)]
    for operation, choice in ((maxout_maximum, max), (maxout_minimum, min)):
        h = operation(given)
        assert depth(h) == max(map(depth, given)) + 1
        assert Maxout(count) in h.layers[-2:] and h.outputs == 2
        assert all(operator_norm(layer.weight, inf) == ONE for layer in linear(h))
        for _ in range(30):
            x = point(rng, 2)
            assert evaluate(h, x) == tuple(map(choice, zip(*(evaluate(f, x) for f in given), strict=True)))


def activated(*activations: Layer, width: int = 6, seed: int = 0) -> Network:
    rng = random.Random(seed)
    layers: list[Layer] = []
    here = 2
    for activation in activations:
        layers += [unit_layer(rng, width, here), activation]
        here = activation.outputs(width)
    return Network(2, (*layers, unit_layer(rng, 1, here)))


ascending = GroupSort(3, order="ascending")
PAIRS = [
    ((ascending,), (ascending,)),
    ((ascending,), (ascending, ascending)),
    ((), (ascending, ascending)),
    ((MaxMin(),), (GroupSort(2, order="descending"), ascending)),
    ((ReLU(),), (ReLU(), ReLU())),
    ((ReLU(),), (ReLU(), ReLU(), MaxMin())),
    ((Abs(), MaxMin()), (Abs(), MaxMin(), Maxout(3), Maxout(2))),
    ((Abs(),), (Abs(), Abs())),
    ((LeakyReLU("1/10"),), (LeakyReLU("1/10"), MaxMin())),
    ((), (Maxout(2), Maxout(3))),
    ((Maxout(2),), (Maxout(2), MaxMin())),
    ((FullSort("ascending"),), (FullSort("ascending"), FullSort("ascending"))),
    ((), (FullSort("descending"),)),
]


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=str)
def test_other_activations(one: tuple[Layer, ...], other: tuple[Layer, ...]) -> None:
    f, g = activated(*one, seed=1), activated(*other, seed=2)
    rng = random.Random(5)
    for a, b in ((f, g), (g, f)):
        h = join(a, b)
        assert all(operator_norm(layer.weight, inf) == ONE for layer in linear(h))
        for _ in range(40):
            x = point(rng, 2)
            assert evaluate(h, x)[0] == max(evaluate(f, x)[0], evaluate(g, x)[0])
            assert evaluate(meet(a, b), x)[0] == min(evaluate(f, x)[0], evaluate(g, x)[0])


def test_smooth_activations_at_the_same_place() -> None:
    f, g = activated(Elementwise("tanh"), seed=1), activated(Elementwise("tanh"), seed=2)
    h = join(f, g)
    assert [type(layer) for layer in h.layers] == [Affine, Elementwise, Affine, MaxMin, Select]
    rng = random.Random(3)
    for _ in range(20):
        x = point(rng, 2)
        (value,), (a,), (b,) = (ball.evaluate(n, x) for n in (h, f, g))
        assert value.overlaps(a.max(b))


def test_a_network_may_begin_or_end_with_any_layer_or_hold_two_maps_in_a_row() -> None:
    rng = random.Random(2)
    turn = Select((1, 0, 3, 2), 4)
    sort = (MaxMin(), Maxout(4))
    twice = (Affine(unit_rows(rng, 2, 4), [1, 2]), Affine([[half, half]], [0]), Abs())
    fold = (Abs(), Select((3,), 4), Affine([[1]], [-1]), Abs())
    for layers, steps in ((sort, 2), (twice, 3 + 1), (fold, 1 + 2 + 1)):
        f, g = Network(4, layers), Network(4, (turn, *layers))
        assert len(linear(join(f, f))) == len(linear(f)) + 1 + (f.layers[0] in (MaxMin(), Abs()))
        assert len(linear(join(f, g))) == steps
        for _ in range(25):
            x = point(rng, 4)
            assert evaluate(join(f, g), x)[0] == max(evaluate(f, x)[0], evaluate(g, x)[0])
            assert evaluate(join(f, f), x) == evaluate(f, x)


def test_one_network_is_its_own_maximum() -> None:
    assert maximum([DEEP]) == minimum([DEEP]) == stack([DEEP]) == DEEP


TWO = Network(2, (MaxMin(),))
REFUSED = [
    (lambda: join(LINE, Network(3, (Select((0,), 3),))), "takes 2 numbers and another one 3: give networks with the"),
    (lambda: join(LINE, TWO), "One network gives 1 numbers and another one 2"),
    (lambda: join(TWO, TWO), "The networks give 2 numbers each: use join_vector or meet_vector."),
    (lambda: meet(TWO, TWO), "The networks give 2 numbers each: use join_vector or meet_vector."),
    (lambda: maximum([LINE, TWO]), "One network gives 1 numbers and another one 2"),
    (lambda: maxout_minimum([TWO, LINE]), "One network gives 2 numbers and another one 1"),
    (lambda: maximum([]), "There are no networks: give at least one."),
    (lambda: maximum([LINE, None]), "None is no network: give networks"),
    (lambda: join(LINE, "x"), "'x' is no network"),
    (lambda: join(activated(Elementwise("tanh")), LINE), "cannot pass through Elementwise(name='tanh')"),
    (lambda: join(LINE, activated(ReLU())), "cannot pass through ReLU(), which changes its numbers"),
    (lambda: join(activated(MaxMin()), activated(MaxMin(), Abs())), "cannot pass through Abs()"),
    (
        lambda: join(activated(LeakyReLU("1/10")), activated(*[LeakyReLU("1/10")] * 2)),
        "cannot pass through LeakyReLU(slope=Fraction(1, 10))",
    ),
    (lambda: join(activated(Abs()), activated(ReLU())), "Activation 0 is ReLU() in one network and Abs() in another"),
    (
        lambda: join(activated(LeakyReLU("1/10")), activated(LeakyReLU("1/5"))),
        "Activation 0 is LeakyReLU(slope=Fraction(1, 5)) in one",
    ),
    (
        lambda: join(activated(FullSort("ascending"), width=4), activated(FullSort("ascending"))),
        "Activation 0 is GroupSort(size=6, order='ascending') in one network and GroupSort(size=4",
    ),
]


@pytest.mark.parametrize(("build", "sentence"), REFUSED, ids=[sentence[:40] for _, sentence in REFUSED])
def test_what_is_refused(build: Callable[[], Network], sentence: str) -> None:
    with pytest.raises(JoinError) as caught:
        build()
    assert sentence in str(caught.value)
