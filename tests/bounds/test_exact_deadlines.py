"""A search that is stopped anywhere, by the clock or by Ctrl-C, leaves sound bounds and stands where it stood."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from fractions import Fraction

import pytest
from clocks import Clock

from lipcheck.bounds import AbsNormal, abs_normal
from lipcheck.bounds import clock as bounds_clock
from lipcheck.bounds.enumeration import enumerate_constant
from lipcheck.bounds.exact import cells, certificate, constant, exact_constant, proposals, search, suffixes
from lipcheck.bounds.exact.certificate import verify
from lipcheck.bounds.exact.plain import holds
from lipcheck.bounds.exact.position import Position
from lipcheck.network import Affine, MaxMin, Network


def form_of(seed: int, n: int = 3, width: int = 8) -> AbsNormal:
    rng = random.Random(seed)

    def affine(m: int, k: int) -> Affine:
        return Affine([[rng.gauss(0, 1) for _ in range(k)] for _ in range(m)], [rng.gauss(0, 1) for _ in range(m)])

    return abs_normal(Network(n, (affine(width, n), MaxMin(), affine(width, width), MaxMin(), affine(1, width))))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in (bounds_clock, cells, certificate, constant, search):
        monkeypatch.setattr(module, "time", found)
    return found


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> None:
    """No lists of signs; sweeps begin below some branches, so that there are several."""
    monkeypatch.setattr(suffixes, "MOST_OUTER", 0)
    monkeypatch.setattr(cells, "CELLS", 4)


@pytest.mark.parametrize("lists", [True, False], ids=["lists", "sweeps"])
def test_every_deadline_leaves_sound_bounds(lists: bool, clock: Clock, request: pytest.FixtureRequest) -> None:
    if not lists:
        request.getfixturevalue("swept")
    form = form_of(1)
    truth = enumerate_constant(form, 2)
    assert truth.power is not None
    gaps = []
    for seconds in (0, 3, 10, 25, 50, 90, 150, 300, 600, 1200, 10000):
        begun = clock.now
        found = exact_constant(form, 2, deadline=seconds)
        assert clock.now - begun <= seconds + 60
        assert found.lower <= truth.upper and truth.lower <= found.upper
        bound = verify(form, 2, found.certificate)
        assert bound >= truth.power and holds(form, 2, found.certificate.tree, bound)
        gaps.append(found.upper / found.lower - 1)
    assert gaps[0] > 1e-3 and gaps[-1] < 1e-9
    rounded = [round(float(gap), 6) for gap in gaps]
    assert lists or rounded == sorted(rounded, reverse=True)


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_a_check_that_is_late_keeps_more_than_the_first_bound(seed: int, swept: None) -> None:
    """Coarse certificates of more nodes have lower bounds, all of them true, and none waits for a sweep."""
    form = form_of(seed)
    truth = enumerate_constant(form, 2).power
    assert truth is not None
    work = search.Search(form, 2, None)
    work.run()
    assert verify(form, 2, work.certificate()) == truth
    bounds = []
    for most in (1, 2, 3, 5, 8, 100):
        coarse = work.certificate(most)
        bounds.append(verify(form, 2, coarse))
        assert bounds[-1] >= truth and holds(form, 2, coarse.tree, bounds[-1])
        assert endings(coarse.tree) <= 3 * most
    assert all(b <= a * (1 + Fraction(1, 10**6)) for a, b in itertools.pairwise(bounds))
    assert bounds[-1] < bounds[0]


def endings(tree: object) -> int:
    """How many nodes end with a bound of their own."""
    if isinstance(tree, certificate.Branch):
        return endings(tree.plus) + endings(tree.minus)
    if isinstance(tree, certificate.Forced):
        return endings(tree.rest)
    return not isinstance(tree, certificate.Empty)


def test_bounds_of_other_norms_need_no_whole_check_where_time_is_up() -> None:
    form = form_of(4)
    for p in (1, "inf"):
        work = search.Search(form, p, None)  # type: ignore[arg-type]
        work.run()
        coarse = work.certificate(1)
        assert endings(coarse.tree) == 1 < endings(work.certificate().tree)
        assert verify(form, p, coarse) >= verify(form, p, work.certificate())  # type: ignore[arg-type]


def stops(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C at this step."""
    count: Iterator[int] = itertools.count()
    step = Position.step

    def interrupted(self: Position, gate: int, sign: int) -> None:
        if next(count) == steps:
            raise KeyboardInterrupt
        step(self, gate, sign)

    monkeypatch.setattr(Position, "step", interrupted)


def test_ctrl_c_at_any_step_of_a_sweep_leaves_everything_as_it_was(
    swept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the sweep handed a region to the general search: floats see no cone here and there."""
    form, draw = form_of(2, 2, 12), random.Random(0)
    truth = enumerate_constant(form, 2).power
    assert truth is not None
    cut = cells.Cone.cut
    monkeypatch.setattr(cells.Cone, "cut", lambda *args: None if draw.random() < 0.03 else cut(*args))
    monkeypatch.setattr(proposals, "part", lambda walk: None)
    interrupted, finished = 0, False
    for steps in (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 10**9):
        work = search.Search(form, 2, None)
        work.at.move(((0, 1), (1, -1)))
        before = (list(work.at.path), list(work.walk.rows), list(work.walk.constraints), list(work.walk.signs))
        outside = (work._stack, work._queue, work.splits)
        with monkeypatch.context() as patch:
            stops(steps, patch)
            try:
                finished = cells.Sweep(work, float("inf")).close() is not None
            except KeyboardInterrupt:
                interrupted += 1
        assert before == (work.at.path, work.walk.rows, work.walk.constraints, work.walk.signs)
        assert outside == (work._stack, work._queue, work.splits)
        assert work.best <= truth
        work.run()
        assert verify(form, 2, work.certificate()) == truth
    assert interrupted > 7 and finished


def test_no_bound_exceeds_that_of_the_node_above(swept: None) -> None:
    """Else more time would make the result of a search that is stopped worse."""
    work = search.Search(form_of(0), 2, None)
    work.run()
    pairs, todo = 0, [work.root]
    while todo:
        spot = todo.pop()
        for child in spot.children.values():
            todo.append(child)
            if spot.start is not None and child.start is not None:
                assert child.start.rho <= spot.start.rho
                pairs += 1
    assert pairs > 5
