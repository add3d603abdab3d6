"""A network is data: what goes in comes out exactly, and what cannot be a network says so in one sentence."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipcheck.network import (
    ELEMENTWISE,
    Abs,
    Affine,
    Elementwise,
    FullSort,
    GroupSort,
    LeakyReLU,
    MaxMin,
    Maxout,
    Network,
    NetworkError,
    ReLU,
    Select,
    comparators,
    digest,
    from_json,
    to_json,
)
from lipcheck.words.errors import LipcheckError

rationals = st.fractions(max_denominator=10**6)
ACTIVATIONS = st.one_of(
    st.sampled_from([Abs(), ReLU(), MaxMin(), FullSort("ascending"), FullSort("descending"), Maxout(2)]),
    st.builds(LeakyReLU, rationals),
    st.builds(Select, st.lists(st.integers(0, 3), min_size=1, max_size=6), st.just(4)),
    st.builds(Elementwise, st.sampled_from(ELEMENTWISE)),
    st.builds(
        lambda size, order: GroupSort(size, order=order),
        st.sampled_from([1, 2, 4]),
        st.sampled_from(["ascending", "descending"]),
    ),
)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    inputs = width = draw(st.integers(1, 3))
    layers = []
    for _ in range(draw(st.integers(1, 3))):
        rows = draw(st.lists(st.lists(rationals, min_size=width, max_size=width), min_size=4, max_size=4))
        layers.append(Affine(rows, draw(st.lists(rationals, min_size=4, max_size=4))))
        layers.append(draw(ACTIVATIONS))
        width = layers[-1].outputs(4)
    return Network(inputs, tuple(layers))


@given(networks())
def test_json_is_lossless_and_the_digest_follows_the_data(network: Network) -> None:
    text = json.dumps(to_json(network), allow_nan=False)
    again = from_json(json.loads(text))
    assert again == network
    assert hash(again) == hash(network)
    assert digest(again) == digest(network)
    first = network.layers[0]
    moved = Affine(first.weight, (first.bias[0] + Fraction(1, 10**30), *first.bias[1:]))
    assert digest(Network(network.inputs, (moved, *network.layers[1:]))) != digest(network)


@given(networks())
def test_widths_chain_through_then_and_compose(network: Network) -> None:
    assert network.widths == network.then(Abs()).widths[:-1]
    head = Network(network.outputs, (Affine.linear([[1] * network.outputs]),))
    composed = head.compose(network)
    assert composed == network.then(head.layers[0])
    assert (composed.inputs, composed.outputs) == (network.inputs, 1)
    assert composed.parameters == network.parameters + network.outputs + 1


def test_the_schema_of_the_documentation() -> None:
    network = Network(
        2,
        (
            Affine([["1/2", 0], [1, -1]], [0, 0.25]),
            GroupSort(2, order="ascending"),
            MaxMin(),
            LeakyReLU("1/3"),
            Select((1, 1), 2),
        ),
    )
    assert to_json(network) == {
        "inputs": 2,
        "layers": [
            {"kind": "affine", "weight": [["1/2", "0"], ["1", "-1"]], "bias": ["0", "1/4"]},
            {"kind": "groupsort", "size": 2, "order": "ascending"},
            {"kind": "maxmin"},
            {"kind": "leakyrelu", "slope": "1/3"},
            {"kind": "select", "indices": [1, 1], "width": 2},
        ],
    }
    assert network.parameters == 6


def test_numbers_of_every_kind_come_in_exactly() -> None:
    import numpy as np
    import torch

    tenth = Fraction(0.1)
    assert Affine([[0.1, "1/10", "0.1", Fraction(1, 10), 1]], [2]).weight == (
        (tenth, Fraction(1, 10), Fraction(1, 10), Fraction(1, 10), Fraction(1)),
    )
    assert Affine(np.array([[0.1]]), np.array([1])).weight == ((tenth,),)
    assert Affine([[np.float32(0.1)]], [np.int64(3)]) == Affine([[float(np.float32(0.1))]], [3])
    assert Affine(torch.tensor([[0.1]], dtype=torch.float64, requires_grad=True), torch.zeros(1)).weight == ((tenth,),)


@pytest.mark.parametrize("size", range(1, 11))
def test_the_comparators_sort(size: int) -> None:
    """The zero-one principle (Knuth, The Art of Computer Programming 3, theorem 5.3.4Z): zeros and ones suffice.

    The last pair is needed.
    """

    def sorts(pairs: tuple[tuple[int, int], ...]) -> bool:
        for bits in product((0, 1), repeat=size):
            values = list(bits)
            for i, j in pairs:
                values[i], values[j] = min(values[i], values[j]), max(values[i], values[j])
            if values != sorted(bits):
                return False
        return True

    pairs = comparators(size)
    assert sorts(pairs)
    assert size == 1 or not sorts(pairs[:-1])


def test_a_selection_is_a_matrix_with_a_single_one_in_every_row() -> None:
    select = Select([2, 0, 2, 1], 4)
    assert select.indices == (2, 0, 2, 1) and select == Select((2, 0, 2, 1), 4) != Select((2, 0, 2, 1), 5)
    assert select.affine() == Affine.linear([[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0]])
    network = Network(4, (select, Select((3, 3), 4)))
    assert network.widths == (4, 2) and network.parameters == 0


EYE2, ZERO2 = [[1, 0], [0, 1]], [0, 0]
BAD = [
    (lambda: Affine([[math.nan]], [0]), "Affine weight[0][0] is nan, which is not finite: use an int"),
    (lambda: Affine([[1, 0], [0, math.inf]], ZERO2), "Affine weight[1][1] is inf, which is not finite"),
    (lambda: Affine(EYE2, [0, -math.inf]), "Affine bias[1] is -inf, which is not finite"),
    (lambda: Affine([[None]], [0]), "Affine weight[0][0] is None, not a rational number"),
    (lambda: Affine([[True]], [0]), "Affine weight[0][0] is the boolean True, not a number"),
    (lambda: Affine([["1/0"]], [0]), "Affine weight[0][0] is '1/0', not a rational number"),
    (lambda: Affine([["nan"]], [0]), "Affine weight[0][0] is 'nan', not a rational number"),
    (lambda: Affine([["1e9"]], [0]), "Affine weight[0][0] is '1e9', not a rational number"),
    (lambda: Affine([["9" * 5000]], [0]), "not a rational number"),
    (lambda: Affine([[1j]], [0]), "Affine weight[0][0] is 1j, not a rational number"),
    (lambda: Affine([[1, 2], [3]], ZERO2), "Affine weight is ragged: row 1 has 1 entries but row 0 has 2"),
    (lambda: Affine([], []), "Affine weight is empty: give at least one row and one column."),
    (lambda: Affine([[]], [0]), "Affine weight is empty"),
    (lambda: Affine([1, 2], [0]), "Affine weight[0] is 1, not a sequence: give a list"),
    (lambda: Affine("12", [0]), "Affine weight is '12', not a sequence"),
    (lambda: Affine(EYE2, None), "Affine bias is None, not a sequence"),
    (lambda: Affine(EYE2, [0]), "Affine bias has 1 entries but weight has 2 rows: give one bias per row."),
    (lambda: LeakyReLU(math.nan), "LeakyReLU slope is nan, which is not finite"),
    (lambda: GroupSort(0, order="ascending"), "GroupSort size is 0: give a whole number of at least 1."),
    (lambda: GroupSort(2.0, order="ascending"), "GroupSort size is 2.0: give a whole number"),
    (lambda: GroupSort(True, order="ascending"), "GroupSort size is True: give a whole number"),
    (lambda: GroupSort(2, order="up"), "GroupSort order is 'up': say 'ascending' or 'descending'."),
    (lambda: FullSort(None), "FullSort order is None: say 'ascending' or 'descending'."),
    (lambda: Maxout(-1), "Maxout size is -1: give a whole number"),
    (lambda: Elementwise("relu6"), "Elementwise name is 'relu6': choose one of tanh"),
    (lambda: Select((), 2), "Select has no indices: name at least one of its inputs."),
    (lambda: Select((0, 2), 2), "Select index 2 names none of 2 inputs: count them from 0."),
    (lambda: Select((-1,), 2), "Select index -1 names none of 2 inputs"),
    (lambda: Select((True,), 2), "Select index True names none of 2 inputs"),
    (lambda: Select((1.0,), 2), "Select index 1.0 names none of 2 inputs"),
    (lambda: Select((0,), 0), "Select width is 0: give a whole number of at least 1."),
    (lambda: Select(0, 2), "Select indices is 0, not a sequence"),
    (lambda: Network(3, (Select((0,), 2),)), "Layer 0: Select takes 2 numbers but receives 3: change its width"),
    (lambda: from_json({"inputs": 1, "layers": [{"kind": "select", "indices": ["0"], "width": 1}]}), "index '0'"),
    (lambda: from_json({"inputs": 1, "layers": [{"kind": "select", "indices": [0]}]}), "exactly ['indices', 'width']"),
    (lambda: Network(2, ()), "Network has no layers: give at least one"),
    (lambda: Network(0, (Abs(),)), "Network inputs is 0: give a whole number of at least 1."),
    (lambda: Network("2", (Abs(),)), "Network inputs is '2'"),
    (lambda: Network(True, (Abs(),)), "Network inputs is True"),
    (lambda: Network(2, Abs()), "Network layers is Abs(), not a sequence"),
    (lambda: Network(2, (Abs, ReLU())), "Layer 0 is <class 'lipcheck.layers.Abs'>: use one of abs"),
    (lambda: Network(3, (Affine(EYE2, ZERO2),)), "Layer 0: Affine weight has 2 columns but receives 3 numbers"),
    (lambda: Network(3, (Abs(), MaxMin())), "Layer 1: MaxMin needs a width divisible by 2 but receives 3: change"),
    (lambda: Network(4, (GroupSort(3, order="ascending"),)), "Layer 0: GroupSort needs a width divisible by 3"),
    (lambda: Network(5, (Maxout(2),)), "Layer 0: Maxout needs a width divisible by 2 but receives 5"),
    (lambda: Network(2, (Abs(),)).compose(Network(3, (Abs(),))), "The inner network gives 3 numbers but the outer one"),
    (lambda: from_json([]), "[] is not a network: give an object with 'inputs' and a list 'layers'."),
    (lambda: from_json({"inputs": 1, "layers": [], "x": 0}), "is not a network"),
    (lambda: from_json({"inputs": 1, "layers": [{"kind": "swish"}]}), "Layer 0 is {'kind': 'swish'}: give an object"),
    (lambda: from_json({"inputs": 1, "layers": [{"kind": ["abs"]}]}), "Layer 0 is {'kind': ['abs']}"),
    (lambda: from_json({"inputs": 1, "layers": [{"kind": "abs", "y": 1}]}), "Layer 0 (abs) has the fields ['y']: give"),
    (lambda: from_json({"inputs": 2, "layers": [{"kind": "groupsort", "size": 2}]}), "give exactly ['order', 'size']"),
    (lambda: from_json({"inputs": 2, "layers": [{"kind": "maxout", "size": "2"}]}), "Maxout size is '2'"),
]


@pytest.mark.parametrize(("build", "sentence"), BAD, ids=[sentence[:40] for _, sentence in BAD])
def test_bad_input_is_named_with_its_remedy(build, sentence) -> None:
    with pytest.raises(NetworkError) as caught:
        build()
    assert sentence in str(caught.value)
    assert isinstance(caught.value, LipcheckError)
    assert isinstance(caught.value, ValueError)


def test_the_order_of_a_group_sort_has_no_default() -> None:
    with pytest.raises(TypeError):
        GroupSort(2)
    with pytest.raises(TypeError):
        GroupSort(2, "ascending")


def test_a_network_needs_no_library() -> None:
    code = (
        "import sys; import lipcheck.network, lipcheck.readings.rational, lipcheck.readings.ball, "
        "lipcheck.readings.symbolic, lipcheck.readings.smt; "
        "print(sorted({'torch', 'numpy', 'flint', 'sympy', 'z3', 'cvc5', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_refusals_survive_endless_numbers() -> None:
    with pytest.raises(NetworkError, match="too many digits to print"):
        Network(1, (Select((0,), -(10**5000)),))
