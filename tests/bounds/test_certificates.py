"""Certified radii: never too large, sharp where they can be, and wrong rules are caught by proved flips."""

from __future__ import annotations

import itertools
import math
import time
from fractions import Fraction

import numpy as np
import pytest

from lipcheck.bounds.attacks import confirm, within
from lipcheck.bounds.certificates import CertificateError, Certificates, certify, least, radius, slope
from lipcheck.bounds.domain import DomainError
from lipcheck.graph import Constant, Dense, Graph, Input, Node, Operation, Piecewise, Sort
from lipcheck.norms import operator_norm

# Networks whose constant is one and whose difference of logits is as steep as the rule allows.
SHARP = {
    1: np.array([[1.0, 0], [0, 1]]),
    2: np.array([[1.0, 0], [-1, 0]]) * float(np.nextafter(math.sqrt(0.5), 0)),
    math.inf: np.array([[1.0, 0], [-1, 0]]),
}


def chain(inputs: int, *operations: tuple[Operation, int]) -> Graph:
    nodes = [Node("x", Input(), (), (inputs,))]
    nodes += [Node(f"layer {i}", op, (i,), (size,)) for i, (op, size) in enumerate(operations)]
    return Graph(tuple(nodes), len(operations))


def linear(weight: np.ndarray) -> Graph:
    return chain(weight.shape[1], (Dense(weight), len(weight)))


@pytest.mark.parametrize("p", [1, 2, math.inf])
def test_the_rule_of_each_norm_is_sharp_and_a_larger_one_is_caught(p: float) -> None:
    graph, data = linear(SHARP[p]), np.array([[1.0, 0], [-2, 0], [0.25, 0]])
    sound = certify(graph, 1, "argmax", p, data)
    assert sound.radii == pytest.approx([1, 2, 0.25], rel=1e-12)
    assert sound.flips == ()
    assert sound.attacked == 3
    wrong = certify(graph, 1, "argmax", p, data, radius_factor=Fraction(1001, 1000))
    assert [flip.index for flip in wrong.flips] == [0, 1, 2]
    for flip in wrong.flips:
        assert flip.margin < 0
        steps = [Fraction(b) - Fraction(float(a)) for a, b in zip(data[flip.index], flip.y, strict=True)]
        assert within(steps, Fraction(wrong.radii[flip.index]), p)
        rows = [sum(Fraction(w) * Fraction(b) for w, b in zip(row, flip.y, strict=True)) for row in SHARP[p]]
        i, j, _ = flip.margin_of
        assert j is not None
        assert rows[i] - rows[j] < 0


@pytest.mark.parametrize("p", [1, 2, math.inf])
def test_true_constants_are_never_flipped_and_radii_never_too_large(p: float) -> None:
    rng = np.random.default_rng(0)
    for _ in range(12):
        weights = [rng.standard_normal((b, a)) for a, b in ((3, 6), (6, 3))]
        graph = chain(3, (Dense(weights[0], rng.standard_normal(6)), 6), (Sort(2, True), 6), (Dense(weights[1]), 3))
        bound = math.prod(
            operator_norm([[Fraction(a) for a in row] for row in w.tolist()], 2 if p == 2 else p).upper for w in weights
        )
        found = certify(graph, bound, "argmax", p, rng.standard_normal((6, 3)))
        assert found.flips == ()
        assert all(r > 0 for r in found.radii)


def test_gradient_norm_preserving_networks_reach_their_radius() -> None:
    rng = np.random.default_rng(1)
    w = [np.linalg.qr(rng.standard_normal((8, 8)))[0] for _ in range(2)]
    graph = chain(8, (Dense(w[0], rng.standard_normal(8)), 8), (Sort(2, True), 8), (Dense(w[1][:1]), 1))
    bound, data = 1 + Fraction(1, 10**12), rng.standard_normal((20, 8))
    assert certify(graph, bound, "sign", 2, data).flips == ()
    for factor in (Fraction(3, 2), math.sqrt(2)):
        assert len(certify(graph, bound, "sign", 2, data, radius_factor=factor).flips) >= 15
    # A claimed constant that is too small is the same mistake.
    assert certify(graph, Fraction(1, 2), "sign", 2, data).flips


def test_pairwise_constants_are_sharper() -> None:
    graph = linear(np.array([[1.0, 0], [0.5, 0], [0, 1]]))
    data, pairwise = np.array([[1.0, 0]]), {(0, 1): Fraction(1, 2), (2, 0): Fraction(3, 2)}
    assert certify(graph, 2, "argmax", 1, data).radii == pytest.approx([0.25])
    assert certify(graph, 2, "argmax", 1, data, pairwise=pairwise).radii == pytest.approx([2 / 3])
    assert certify(graph, 2, "sign", 1, data + 1, pairwise={(2, 2): Fraction(1)}).radii == pytest.approx([0.5])


def test_accuracy_curve_labels_and_ties() -> None:
    graph, data = linear(np.array([[1.0]])), np.array([[1.0], [-2], [3], [0]])
    found = certify(graph, 1, "sign", 2, data, [1, -1, -1, 1])
    assert found.radii[3] == 0
    assert found.radii[:3] == pytest.approx((1, 2, 3))
    assert found.correct == (True, True, False, False)
    assert [found.accuracy(r) for r in (0, 0.5, 1.5, 2.5)] == [Fraction(1, 2), Fraction(1, 2), Fraction(1, 4), 0]
    assert [value for _, value in found.curve] == sorted((value for _, value in found.curve), reverse=True)
    assert certify(graph, 1, "sign", 2, data, [1, 0, 0, 1]).correct == found.correct
    two = linear(np.eye(2))
    tied = certify(two, 1, "argmax", math.inf, np.array([[1.0, 1], [2, 1]]), [0, 1])
    assert tied.radii == (0.0, pytest.approx(0.5))
    assert tied.correct == (True, False)
    still = Graph((Node("x", Input(), (), (2,)), Node("c", Constant(np.array([1.0, 0])), (), (2,))), 1)
    assert certify(still, 0, "argmax", 2, np.zeros((1, 2))).radii == (math.inf,)


@pytest.mark.parametrize("p", [1, 2, math.inf])
def test_the_width_of_a_difference_by_brute_force(p: float) -> None:
    best = max(
        abs(a - b) / np.linalg.norm([a, b], p) for a, b in itertools.product(range(-5, 6), repeat=2) if (a, b) != (0, 0)
    )
    found = slope((0, 1, 1), Fraction(1), p, None)
    assert float(found) == pytest.approx(best)
    assert p != 2 or found**2 > 2


def test_forged_flips_are_rejected() -> None:
    graph = linear(np.array([[1.0, 0], [-1, 0]]))
    margin = (0, 1, 1)
    assert confirm(graph, [1, 0], [-0.5, 0], margin, Fraction(3, 2), 2) is not None
    assert confirm(graph, [1, 0], [-0.5, 0], margin, Fraction(3, 2) - Fraction(1, 10**30), 2) is None
    assert confirm(graph, [1, 0], [0.5, 0], margin, Fraction(2), 2) is None
    assert confirm(graph, [1, 0], [0.0, 0], margin, Fraction(2), 2) is None
    # The two logits cancel to less than the values' error bars: nothing is proved.
    third = linear(np.array([[0.1, 0.2], [0.3, 0.0]]))
    assert confirm(third, [1.0, 2], [1.0, 1.0 - 2.0**-53], margin, Fraction(5), 2) is None


def test_margins_count_errors() -> None:
    assert least((0, 1, 1), [3.0, 1.0], [0.5, 0.25]) == Fraction(5, 4)
    assert least((0, None, -1), [-3.0], [0.5]) == Fraction(5, 2)
    assert radius(Fraction(-1), Fraction(1)) == 0
    assert radius(Fraction(1), Fraction(2)) == Fraction(1, 2)


def test_deadlines_and_seeds() -> None:
    graph, data = linear(np.eye(2)), np.array([[1.0, 0], [0, 2]])
    lines: list[str] = []
    found: Certificates = certify(graph, 1, "argmax", 2, data, deadline=time.monotonic(), progress=lines.append)
    assert found.attacked == 0
    assert found.radii == pytest.approx([math.sqrt(0.5)]), "one radius at least, and no more when it is late"
    wrong = [certify(graph, 1, "argmax", 2, data, radius_factor=2, seed=1, progress=lines.append) for _ in range(2)]
    assert wrong[0] == wrong[1]
    assert len(wrong[0].flips) == 2
    assert sum(line.startswith("attacks") for line in lines) == 2


def test_refusals() -> None:
    graph = linear(np.eye(2))
    one = np.zeros((1, 2))
    with pytest.raises(DomainError, match="no example"):
        certify(graph, 1, "argmax", 2, np.zeros((0, 2)))
    with pytest.raises(DomainError, match="finite"):
        certify(graph, 1, "argmax", 2, np.array([[math.nan, 0]]))
    with pytest.raises(CertificateError, match="one logit"):
        certify(
            chain(2, (Dense(np.ones((1, 2))), 1), (Piecewise(np.array(0.0), np.array(1.0)), 1)), 1, "argmax", 2, one
        )
    with pytest.raises(CertificateError, match="sign or argmax"):
        certify(graph, 1, "softmax", 2, one)  # type: ignore[arg-type]
    with pytest.raises(CertificateError, match="negative"):
        certify(graph, -1, "argmax", 2, one)
    with pytest.raises(CertificateError, match="classes from 0 to 1"):
        certify(graph, 1, "argmax", 2, one, [2])
    with pytest.raises(CertificateError, match="one per prediction"):
        certify(graph, 1, "argmax", 2, one, [0, 1])
    with pytest.raises(CertificateError, match="-1 and 1"):
        certify(graph, 1, "sign", 2, one, [[2, 1]])
