"""The solvers' processes: agreement, hangs, lack of memory, crashes."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest

from lipcheck.engines.smt import Solver, ask, rational_point
from lipcheck.network import Affine, MaxMin, Network, Select
from lipcheck.readings.smt import evaluate
from lipcheck.words.formulas import conj, disj, equals
from lipcheck.words.obligation import Forall
from lipcheck.words.smtlib import query
from lipcheck.words.terms import maximum, var

x, y = var("x"), var("y")


@pytest.mark.parametrize("solver", ["z3", "cvc5"])
def test_both_solvers_read_every_kind_of_formula(solver: str) -> None:
    true = Forall("t", {"h": disj(x > 1, equals(y, 2))}, disj(maximum(x, y) > 1, x * x < 0))
    false = Forall("f", {"h": x >= y / 3}, x * x + 1 > 2 * x)
    assert ask(true, solver).status == "unsat"
    assert ask(false, solver).status == "sat"


def test_models_are_exact_and_complete() -> None:
    false = Forall("f", {"h": 3 * x >= 1}, disj(x > 2, y > 7))
    answer = ask(false)
    assert set(answer.model) == {"x", "y"} and false.violated_at(answer.model)


@pytest.mark.parametrize("solver", ["z3", "cvc5"])
def test_solvers_see_through_selections(solver: str) -> None:
    """Copies and selections before and behind MaxMin give max(x, y) for all reals; the other unit does not."""
    layers = Affine.linear([[0, 1], [1, 0], [1, 1]]), Select((1, 0, 0, 1), 3), MaxMin()
    values = [evaluate(Network(2, (*layers, Select((unit,), 4))), [x, y])[0] for unit in range(4)]
    for unit, value in enumerate(values):
        is_maximum = Forall("select", {}, equals(value, maximum(x, y)))
        assert ask(is_maximum, solver).status == ("sat" if unit % 2 else "unsat")


def test_query_names_the_logic() -> None:
    assert "QF_LRA" in query(Forall("l", {}, x >= 0)) and "QF_NRA" in query(Forall("n", {}, x * y >= 0))


def test_a_solver_that_hangs_is_killed_and_comes_back() -> None:
    hanging = Solver("z3", seconds=0.3, command=[sys.executable, "-c", "while True: pass"])
    answer = hanging.ask("(check-sat)")
    assert answer.status == "unknown" and "no answer within 0.3 s" in answer.reason
    assert hanging._process is None


def test_a_hard_query_runs_into_the_limit_and_the_next_one_is_answered() -> None:
    solver = Solver("z3", seconds=0.5)
    names = [f"v{i}" for i in range(40)]
    lines = ["(set-logic QF_NIA)", *(f"(declare-const {n} Int)" for n in names)]
    product = " ".join(names)
    lines += [f"(assert (> {n} 1))" for n in names] + [f"(assert (= (* {product}) {10**61 + 33}))", "(check-sat)"]
    assert solver.ask("\n".join(lines)).status == "unknown"
    solver.seconds = 60.0
    assert solver.ask("(declare-const p Real)(assert (> p 0))(check-sat)").status == "sat"
    solver.stop()


def test_a_solver_that_eats_memory_is_stopped() -> None:
    greedy = Solver("z3", memory_bytes=700 << 20, seconds=60)
    names = [f"b{i}" for i in range(700)]
    script = "".join(f"(declare-const {n} (_ BitVec 4096))" for n in names)
    script += "".join(f"(assert (= (bvmul {n} {m}) (bvurem {m} {n})))" for n, m in pairwise(names))
    answer = greedy.ask(script + "(check-sat)")
    assert answer.status == "unknown" and answer.reason
    greedy.stop()


def test_a_solver_that_dies_is_reported() -> None:
    dying = Solver("z3", command=[sys.executable, "-c", "import sys; sys.stdin.readline(); sys.exit(3)"])
    answer = dying.ask("(check-sat)")
    assert answer.status == "unknown" and "its process ended" in answer.reason


def test_nonsense_is_unknown_with_the_solvers_words() -> None:
    answer = Solver("z3").ask("(assert (frobnicate 1))")
    assert answer.status == "unknown" and "frobnicate" in answer.reason


def test_irrational_models_are_replaced_by_rational_ones() -> None:
    from lipcheck.engines.smt import rational_point

    unit = Forall("u", {"unit": equals(x * x + y * y, 1), "low": x > y / 3}, disj(x <= 0, y <= 0))
    point = rational_point(unit, ask(unit))
    assert point is not None and unit.violated_at(point)
    only_irrational = Forall("i", {"root": equals(x * x, 2)}, x <= 0)
    assert rational_point(only_irrational, ask(only_irrational)) is None
    true = Forall("t", {}, x * x >= 0)
    assert rational_point(true, ask(true)) is None


def test_a_model_with_z3s_own_division_keeps_its_numbers() -> None:
    big, small, a, b, c = map(var, ("K", "L", "a", "b", "c"))
    scaled, size = equals(big * b, small * a), conj(b <= c, b >= -c)
    hypotheses = {"signs": conj(big > 0, small > 0), "scaled": scaled, "size": size}
    false = Forall("scaling", hypotheses, a <= c)
    answer = ask(false)
    assert answer.status == "sat" and rational_point(false, answer) is not None
