"""Branch and bound and enumeration agree, and no forged certificate is accepted."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from math import comb

import pytest
from clocks import Clock

from lipcheck.bounds import AbsNormal, abs_normal
from lipcheck.bounds import clock as bounds_clock
from lipcheck.bounds.abs_normal import Folder
from lipcheck.bounds.enumeration import enumerate_constant, patterns
from lipcheck.bounds.exact import ExactConstant, cells, certificate, constant, exact_constant, search
from lipcheck.bounds.exact.certificate import verify
from lipcheck.bounds.exact.plain import holds
from lipcheck.bounds.exact.rows import Box
from lipcheck.bounds.exact.trees import (
    Branch,
    Cauchy,
    Certificate,
    CertificateError,
    Empty,
    Entries,
    Forced,
    Leaf,
    Norm,
    Semidefinite,
    Suffix,
    Tree,
)
from lipcheck.bounds.regions import Nothing, by_rationals, is_empty, positive_at
from lipcheck.network import Abs, Affine, FullSort, GroupSort, Layer, LeakyReLU, MaxMin, Network, NetworkError, ReLU

NORMS: tuple[Norm, ...] = (1, 2, "inf")
BUILDS: dict[str, tuple[Layer, ...]] = {
    "maxmin": (MaxMin(), MaxMin()),
    "relu": (ReLU(), ReLU()),
    "abs": (Abs(), Abs()),
    "leaky": (LeakyReLU(Fraction(1, 3)), LeakyReLU(Fraction(1, 3))),
    "groupsort": (GroupSort(3, order="ascending"), GroupSort(2, order="ascending")),
    "fullsort": (FullSort("descending"), Abs()),
    "deep": (MaxMin(), Abs(), MaxMin()),
}


def number(rng: random.Random, integers: bool) -> Fraction:
    return Fraction(rng.randint(-2, 2)) if integers else Fraction(rng.gauss(0, 1))


def affine(rng: random.Random, outputs: int, inputs: int, integers: bool) -> Affine:
    rows = [[number(rng, integers) for _ in range(inputs)] for _ in range(outputs)]
    return Affine(rows, [number(rng, integers) for _ in range(outputs)])


def network(rng: random.Random, kind: str, n: int, m: int, integers: bool) -> Network:
    layers: list[Layer] = []
    width, hidden = n, 3 if kind == "fullsort" else (6 if kind == "groupsort" else 4)
    for activation in BUILDS[kind]:
        layers += [affine(rng, hidden, width, integers), activation]
        width = hidden
    return Network(n, (*layers, affine(rng, m, width, integers)))


def residual(rng: random.Random, n: int, integers: bool) -> AbsNormal:
    """x -> a (h + |W h|) with h = x + relu(V x + v): sums of what came earlier."""
    folder = Folder(n)
    rows = folder.variables()
    for block in range(2):
        layer = affine(rng, n, n, integers)
        inner = folder.affine(layer.weight, layer.bias, rows)
        bent = [folder.leaky(r, Fraction(0)) if block else folder.absolute(r) for r in inner]
        rows = [folder.combine([(1, a), (1, b)]) for a, b in zip(rows, bent, strict=True)]
    last = affine(rng, 1, n, integers)
    return folder.close(folder.affine(last.weight, last.bias, rows))


def same(found: ExactConstant, form: AbsNormal, p: Norm, box: Box | None = None) -> None:
    truth = enumerate_constant(form, p, box)
    bound = verify(form, p, found.certificate, box)
    assert bound <= (found.upper**2 if p == 2 else found.upper)
    assert holds(form, p, found.certificate.tree, bound, box)
    if truth.power is not None:
        assert found.power == truth.power
        assert not holds(form, p, found.certificate.tree, bound * (1 - Fraction(1, 10**40)), box) or not bound
    assert found.lower <= truth.upper
    assert truth.lower <= found.upper
    assert found.complete
    assert tuple(row[1:] for row in form.piece(found.signs)[1]) in truth.jacobians


@pytest.mark.parametrize("integers", [False, True], ids=["reals", "ties"])
@pytest.mark.parametrize("kind", BUILDS)
def test_branch_and_bound_is_enumeration(kind: str, integers: bool) -> None:
    rng = random.Random(f"{kind} {integers}")
    for m in (1, 2):
        form = abs_normal(network(rng, kind, 2, m, integers))
        for p in NORMS:
            same(exact_constant(form, p), form, p)  # type: ignore[arg-type]


@pytest.mark.parametrize("integers", [False, True], ids=["reals", "ties"])
def test_residual_sums_and_boxes(integers: bool) -> None:
    rng = random.Random(f"residual {integers}")
    box = ((Fraction(0), Fraction(1, 2)), (Fraction(-1, 3), Fraction(0)), (Fraction(0), Fraction(1)))
    smaller = 0
    for _ in range(3):
        form = residual(rng, 3, integers)
        whole, part = exact_constant(form, 2), exact_constant(form, 2, box)
        same(whole, form, 2)
        same(part, form, 2, box)
        smaller += part.upper < whole.lower
        assert all(low < x < high for x, (low, high) in zip(part.witness, box, strict=True))
    assert smaller


def test_regions_are_counted_by_zaslavsky() -> None:
    rng = random.Random("zaslavsky")
    for n, s in ((1, 5), (2, 6), (3, 5), (4, 5)):
        form = abs_normal(Network(n, (affine(rng, s, n, False), Abs(), affine(rng, 1, s, False))))
        assert len(form.gates) == s
        assert len(list(patterns(form, None, s, [0]))) == sum(comb(s, k) for k in range(n + 1))


def test_regions_without_interior_do_not_count() -> None:
    """|x| - |x| + |x - 1| ... written so that x = 0 alone would have slope 3: the gates x and x + 0 |z| are ties."""
    one, zero = Fraction(1), Fraction(0)
    # z_0 = x, z_1 = x + |x - 0| - |x| is z_0 again, as rows that Folder would merge.
    form = AbsNormal(
        1, ((zero, one, zero, zero), (zero, 2 * one, zero, zero)), ((zero, one, one, -one / 2),)
    )  # y = x + |x| - |2 x| / 2 = x
    truth = enumerate_constant(form, 2)
    assert (truth.power, truth.regions) == (1, 2)
    found = exact_constant(form, 2)
    assert found.power == 1
    # Signs (+, -) have slope 3 and only the point x = 0.
    assert form.piece((1, -1))[1][0][1] == 3
    assert isinstance(by_rationals([(0, 1), (0, -2)]), Nothing)


def test_gates_that_vanish_or_are_constant_on_a_region() -> None:
    """relu(x) has |x - |x|| = 0 on one side: z_1 = x - |x|."""
    one, zero = Fraction(1), Fraction(0)
    gates = ((zero, one, zero, zero, zero), (zero, one, -one, zero, zero), (one, one, -one, one, zero))
    form = AbsNormal(1, gates, ((zero, one, one, one, one),))
    for p in NORMS:
        same(exact_constant(form, p), form, p)  # type: ignore[arg-type]
    constant = AbsNormal(2, (), ((one, zero, zero),))
    assert exact_constant(constant, 2).power == 0


def leaves(tree: Tree) -> set[type]:
    match tree:
        case Branch(plus=plus, minus=minus):
            return leaves(plus) | leaves(minus)
        case Forced(rest=rest):
            return leaves(rest)
    return {type(tree)}


def example(seed: int = 3) -> tuple[AbsNormal, ExactConstant]:
    form = abs_normal(network(random.Random(seed), "maxmin", 2, 1, False))
    return form, exact_constant(form, 2)


def test_a_target_below_the_truth_is_refused() -> None:
    form, found = example()
    target, tree = found.certificate.target, found.certificate.tree
    assert verify(form, 2, found.certificate) == target
    assert found.power == target
    low = Certificate(target * (1 - Fraction(1, 10**15)), tree)
    with suppress(CertificateError):
        assert verify(form, 2, low) >= target


def cut(tree: Tree, by: Tree) -> list[Tree]:
    """The tree with one subtree replaced, at every place in turn."""
    found: list[Tree] = [by]
    match tree:
        case Branch(gate=gate, plus=plus, minus=minus):
            found += [Branch(gate, t, minus) for t in cut(plus, by)] + [Branch(gate, plus, t) for t in cut(minus, by)]
        case Forced(rest=rest):
            found += [replace(tree, rest=t) for t in cut(rest, by)]
    return found


FORGED: list[Tree] = [
    Empty(()), Empty(((0, 1),)), Empty(((0, 1), (1, 1))), Leaf(), Suffix(), Cauchy((1, 1, 1)), Cauchy(()),
    Semidefinite((), 0), Semidefinite((1, 1, 1, 1), 0), Entries(), Forced(0, Suffix()), Branch(0, Leaf(), Leaf()),
]  # fmt: skip


def test_forged_subtrees_prove_nothing_false() -> None:
    """Whatever is put into a certificate, in whatever place: it is refused, or the bound is still true."""
    refused = 0
    for seed in range(3):
        form, found = example(seed)
        truth = enumerate_constant(form, 2).power
        assert truth is not None
        for target in (found.certificate.target, Fraction(0), truth / 2, truth * (1 - Fraction(1, 10**18))):
            for by in FORGED:
                for tree in cut(found.certificate.tree, by):
                    try:
                        bound = verify(form, 2, Certificate(target, tree))
                        assert bound >= truth
                        assert holds(form, 2, tree, bound)
                    except CertificateError:
                        refused += 1
    assert refused > 100


def pair() -> AbsNormal:
    """y = |x_0| + |x_1|: the constant is sqrt 2, exactly."""
    return abs_normal(Network(2, (Abs(), Affine.linear([[1, 1]]))))


def test_multipliers_with_a_free_sign_and_small_weights_are_refused() -> None:
    form, two = pair(), Fraction(2)
    assert verify(form, 2, Certificate(two * (1 + Fraction(1, 10**9)), Semidefinite(((2 << 40) + 128,) * 2, 40))) > two
    assert verify(form, 2, Certificate(two, Cauchy((1, 1 << 60, 1 << 60), two * (1 + Fraction(1, 10**9))))) > two
    below = two * (1 - Fraction(1, 10**12))
    for weights in ((2, 2), (1, 1), (3, -1), (-2, -2), (0, 0), (2,), (4, 4), (2, 3)):
        with pytest.raises(CertificateError):
            verify(form, 2, Certificate(below, Semidefinite(weights, 0)))
    for weights in ((1, 1, 1), (0, 1, 1), (1, 1, -1), (1, 5, 5), (1, 10**9, 10**9), (1, 1)):
        with pytest.raises(CertificateError):
            verify(form, 2, Certificate(below, Cauchy(weights)))
    with pytest.raises(CertificateError, match="twice"):
        verify(form, 2, Certificate(two, Branch(0, Leaf(), Branch(0, Leaf(), Leaf()))))
    with pytest.raises(CertificateError, match="no gate"):
        verify(form, 2, Certificate(two, Branch(7, Leaf(), Leaf())))


def test_empty_regions_need_multipliers_that_cancel() -> None:
    rows = [(-1, 1, 0), (0, -1, 0), (3, 0, 1)]
    assert is_empty(rows, ((0, 1), (1, 1)))
    for wrong in ((), ((0, 1),), ((0, 1), (1, 2)), ((0, -1), (1, -1)), ((0, 1), (1, 1), (2, 1)), ((0, 1), (9, 1))):
        assert not is_empty(rows, wrong)
    assert is_empty([(0, 1), (0, -1)], ((0, 1), (1, 1)))
    assert not is_empty([(Fraction(1, 10**30), 1), (0, -1)], ((0, 1), (1, 1)))  # type: ignore[list-item]
    assert positive_at([(1, 1), (1, -1)], (Fraction(0),))
    assert not positive_at([(1, 1), (1, -1)], (Fraction(1),))


def test_every_kind_of_leaf_is_used() -> None:
    rng = random.Random("leaves")
    used: set[type] = set()
    for m, kind in ((1, "maxmin"), (1, "deep"), (2, "maxmin")):
        form = abs_normal(network(rng, kind, 3, m, False))
        for p in NORMS:
            used |= leaves(exact_constant(form, p).certificate.tree)  # type: ignore[arg-type]
    assert used >= {Empty, Leaf, Suffix}


def test_a_deadline_leaves_sound_bounds() -> None:
    rng = random.Random("deadline")
    for m in (1, 2):
        form = abs_normal(network(rng, "maxmin", 2, m, False))
        truth = enumerate_constant(form, 2)
        early = exact_constant(form, 2, deadline=0.0)
        assert early.lower <= truth.upper
        assert truth.lower <= early.upper
        assert early.lower > 0


@pytest.mark.parametrize("seconds", [0.0, 0.3, 1.0, 4.0])
def test_the_deadline_holds_with_the_check_included(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random("clock")
    layers = [affine(rng, 12, 4, False), MaxMin(), affine(rng, 12, 12, False), MaxMin(), affine(rng, 2, 12, False)]
    form = abs_normal(Network(4, tuple(layers)))
    clock = Clock(0.01)
    for module in (bounds_clock, cells, certificate, constant, search):
        monkeypatch.setattr(module, "time", clock)
    found = exact_constant(form, 2, deadline=seconds)
    assert clock.now <= seconds + 0.2
    assert 0 < found.lower <= found.upper
    whole = exact_constant(form, 2)
    assert whole.lower <= found.upper
    assert found.lower <= whole.upper
    assert found.complete or seconds < 4


def test_a_check_that_takes_too_long_stops_and_a_coarse_certificate_is_left() -> None:
    form, found = example()
    with pytest.raises(TimeoutError, match="more seconds"):
        verify(form, 2, found.certificate, until=0.0)
    for p in NORMS:
        truth = enumerate_constant(form, p)
        work = search.Search(form, p, None)
        work.run(0.0)
        coarse = work.certificate(1)
        assert verify(form, p, coarse) >= (truth.power or 0)
        assert holds(form, p, coarse.tree, verify(form, p, coarse))


def test_refusals() -> None:
    form = pair()
    with pytest.raises(NetworkError, match="norm is 3"):
        exact_constant(form, 3)  # type: ignore[arg-type]
    with pytest.raises(NetworkError, match="no interior: coordinate 1"):
        exact_constant(form, 2, ((0, 1), (1, 1)))
    with pytest.raises(NetworkError, match="takes 2 inputs"):
        exact_constant(form, 2, ((0, 1),))
    with pytest.raises(NetworkError, match="no interior"):
        enumerate_constant(form, 2, ((Fraction(0), Fraction(1)), (Fraction(1), Fraction(1))))
