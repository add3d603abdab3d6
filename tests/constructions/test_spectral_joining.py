"""Maxima with spectral norms at most one: two affine maps always have one, other networks need not."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

import pytest

from lipcheck.build.joining import join
from lipcheck.build.spectral_joining import spectral_join, spectral_meet, unclosed_pair
from lipcheck.build.stacking import JoinError, stacked_norm
from lipcheck.engines.smt import ask
from lipcheck.network import Affine, MaxMin, Network, Select
from lipcheck.norms import Bracket, is_orthonormal, operator_norm, operator_norm_at_most
from lipcheck.readings import line as along
from lipcheck.readings import smt
from lipcheck.readings.rational import evaluate, jacobian
from lipcheck.words import terms
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Forall

one = Bracket.point(Fraction(1))


def line(*row: object, bias: object = 0) -> Network:
    return Network(len(row), (Affine([row], [bias]),))


def linear(network: Network) -> list[Affine]:
    return [layer for layer in network.layers if isinstance(layer, Affine)]


def spectrally_bounded(network: Network) -> bool:
    return all(operator_norm_at_most(layer.weight, 1, 2) is True for layer in linear(network))


PAIRS = {
    "stacking fails": (line(1, 0), line("3/5", "4/5")),
    "stacking works": (line("3/5", "4/5"), line("-4/5", "3/5")),
    "with biases": (line(1, 0, bias=2), line("3/5", "4/5", bias="-1/3")),
    "equal": (line("3/5", "4/5"), line("3/5", "4/5")),
    "parallel": (line("3/5", "4/5", bias=3), line("3/5", "4/5", bias=-1)),
    "parallel, the lower one first": (line("3/5", "4/5", bias=-1), line("3/5", "4/5", bias=3)),
    "opposite": (line("3/5", "4/5", bias=3), line("-3/5", "-4/5", bias=-1)),
    "one is constant": (line(1, 0), line(0, 0, bias=1)),
    "both are constant": (line(0, 0, bias=4), line(0, 0, bias=1)),
    "short": (line("1/2", "1/3"), line("-1/7", "1/5", bias=1)),
    "short and parallel": (line("1/2", "1/3", bias=1), line("1/2", "1/3")),
}


@pytest.mark.parametrize(("f", "g"), PAIRS.values(), ids=PAIRS)
def test_two_affine_maps_have_a_maximum_for_all_reals(f: Network, g: Network) -> None:
    x = terms.variables("x", 2)
    (a,), (b,) = smt.evaluate(f, x), smt.evaluate(g, x)
    for build, choice in ((spectral_join, terms.maximum), (spectral_meet, terms.minimum)):
        h = build(f, g)
        assert ask(Forall("equal", {}, equals(smt.evaluate(h, x)[0], choice(a, b)))).status == "unsat"
        assert [type(layer) for layer in h.layers] == [Affine, MaxMin, Affine] and h.widths[0] <= 8
        first, last = linear(h)
        assert operator_norm_at_most(first.weight, 1, 2) is True
        assert operator_norm(last.weight, 2) == one


def test_random_affine_maps() -> None:
    rng = random.Random(4)
    tight = 0
    for _ in range(150):
        n = rng.randint(1, 4)
        rows = []
        while len(rows) < 2:
            row = [Fraction(rng.randint(-5, 5), rng.choice([2, 3, 5])) for _ in range(n)]
            if sum(w * w for w in row) <= 1:
                rows.append(row)
        f, g = (line(*row, bias=Fraction(rng.randint(-3, 3), 2)) for row in rows)
        for build, choice in ((spectral_join, max), (spectral_meet, min)):
            h = build(f, g)
            assert spectrally_bounded(h)
            tight += operator_norm_at_most(linear(h)[0].weight, Fraction(999, 1000), 2) is False
            for _ in range(5):
                x = [Fraction(rng.randint(-9, 9), rng.randint(1, 4)) for _ in range(n)]
                assert evaluate(h, x)[0] == choice(evaluate(f, x)[0], evaluate(g, x)[0])
    assert tight >= 10


def test_where_stacking_fails_the_maximum_exists_nevertheless() -> None:
    """max((4 x + 3 y) / 5, (3 x + 4 y) / 5) = (4 max(x, y) + 3 min(x, y)) / 5: orthonormal weights."""
    f, g = line("4/5", "3/5"), line("3/5", "4/5")
    h = spectral_join(f, g)
    assert h == Network(2, (Affine.linear([[1, 0], [0, 1]]), MaxMin(), Affine.linear([["4/5", "3/5"]])))
    assert stacked_norm(f, g) == (Bracket.point(Fraction(7, 5)),)


def test_unit_maps_give_orthonormal_columns_and_gradients_of_norm_one() -> None:
    h = spectral_join(line(1, 0), line("3/5", "4/5"))
    assert is_orthonormal(linear(h)[0].weight)
    for x in ([1, 0], [0, 1], [-2, 5], [-1, -1]):
        assert sum(w * w for w in jacobian(h, x)[0]) == 1


def test_two_maps_of_one_hidden_layer() -> None:
    hidden = (Affine([["3/5", "4/5"], ["4/5", "-3/5"]], [1, 0]), MaxMin())
    f, g = (Network(2, (*hidden, Affine([row], [0]))) for row in (["3/5", "4/5"], [0, -1]))
    h = spectral_join(f, g)
    assert spectrally_bounded(h)
    x = terms.variables("x", 2)
    values = [smt.evaluate(n, x)[0] for n in (h, f, g)]
    assert ask(Forall("equal", {}, equals(values[0], terms.maximum(*values[1:])))).status == "unsat"


def zigzag(t: Fraction) -> Fraction:
    return t + 2 if t <= -1 else -t if t <= 1 else t - 2


def test_the_pair_without_a_maximum() -> None:
    """The facts that the proof uses: both networks are in the class, and N turns at 1 and -1 between -2 and 2."""
    f, g = unclosed_pair()
    assert spectrally_bounded(f) and spectrally_bounded(g)
    h = join(f, g)
    found = along.pieces(h)
    slopes: list[Fraction] = []
    for piece in found:
        if not slopes or piece.slopes[0] != slopes[-1]:
            slopes.append(piece.slopes[0])
    assert slopes == [1, -1, 1]
    turns = [a.high for a, b in pairwise(found) if a.slopes != b.slopes]
    assert turns == [-1, 1]
    assert [evaluate(h, [t])[0] for t in (-4, -1, 1, 4)] == [-2, 1, -1, 2]
    assert all(evaluate(h, [Fraction(t, 8)])[0] == zigzag(Fraction(t, 8)) for t in range(-64, 65))
    assert stacked_norm(f, g)[0].power == 3


def test_the_order_never_changes_where_n_turns_inside_its_range() -> None:
    """The second step of the proof: c + r N >= 0 on [-2, 2], zero in between, vanishes; not so at an end."""
    c, r, n = terms.var("c"), terms.var("r"), terms.var("n")
    order = {"low": c - 2 * r >= 0, "high": c + 2 * r >= 0, "tie": equals(c + r * n, 0)}
    inside = order | {"below": n < 2, "above": n > -2}
    nothing = conj(equals(c, 0), equals(r, 0))
    assert ask(Forall("inside", inside, nothing)).status == "unsat"
    assert ask(Forall("inside", inside, nothing), negated=False).status == "sat"
    assert ask(Forall("ends", order | {"below": n <= 2, "above": n >= -2}, nothing)).status == "sat"


def test_on_a_shorter_interval_two_folds_compute_the_same_function() -> None:
    """||t + 1| - 2| - 1 = N(t) from t = -3 on, where N turns at an end of its range; not before."""
    fold = spectral_join(line(1, bias=1), line(-1, bias=-1))
    again = spectral_join(line(1, bias=-2), line(-1, bias=2))
    h = Network(1, (*fold.layers, *again.layers, Affine([[1]], [-1])))
    assert spectrally_bounded(h)
    for t in range(-24, 81):
        assert evaluate(h, [Fraction(t, 8)])[0] == zigzag(Fraction(t, 8))
    assert evaluate(h, [-4])[0] == 0 != zigzag(Fraction(-4))


FOLDED = Network(1, (Affine.linear([[1], [0]]), MaxMin(), Affine.linear([[1, 0]])))
REFUSED = [
    (line(1, 0), line("3/5", "4/5", 0), "One network takes 2 numbers and another one 3"),
    (line(1, 0), line(1, "1/100"), "of squared 2-norm 10001/10000: give one row of 2-norm at most one."),
    (line(1), FOLDED, "do not end in affine layers behind equal layers"),
    (line(1), Network(1, (Select((0,), 1),)), "do not end in affine layers behind equal layers"),
    (line(1), Network(1, (Affine([[1], [0]], [0, 0]),)), "An affine map has 2 rows"),
    (line(1), None, "None is no network"),
]


@pytest.mark.parametrize(("f", "g", "sentence"), REFUSED, ids=[sentence for *_, sentence in REFUSED])
def test_what_is_refused(f: Network, g: Network, sentence: str) -> None:
    for build in (spectral_join, spectral_meet):
        with pytest.raises(JoinError) as caught:
            build(f, g)
        assert sentence in str(caught.value)
