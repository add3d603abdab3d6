"""Tables 2 to 6 as scanned, the comparisons counted again, and the exact side claims by brute force."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from lipcheck.claims.anil2019.tables_and_figures import (
    _tables,
    accuracy,
    compact,
    figures,
    outperform,
    parseval_figures,
    regularizers,
    robustness,
    wasserstein,
)
from lipcheck.network import Affine, MaxMin, Network
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Variant
from lipcheck.words.formulas import atoms
from lipcheck.words.verdict import Budget

# The lines of the scanned texts, tabs as spaces; names of rows stand first.
ICML_TABLE_2 = """
ReLU Spectral 0.95± 0.01 1.12± 0.02
Maxout Spectral 1.20± 0.03 1.40± 0.01
MaxMin Spectral 1.36± 0.07 1.62± 0.04
GroupSort(4) Spectral 1.64± 0.02 1.63± 0.03
GroupSort(9) Spectral 1.70± 0.02 1.41± 0.04
ReLU Björck 1.40± 0.01 1.39± 0.01
Maxout Björck 1.95± 0.01 1.76± 0.02
MaxMin Björck 2.16± 0.01 2.08± 0.02
GroupSort(4) Björck 2.31± 0.01 2.17± 0.02
GroupSort(9) Björck 2.31± 0.01 2.23± 0.02
"""
ICLR_TABLE_2 = """
MNIST- 1.65 2.32 "T57 2.73 2.69
CIFAR-10 3.00 4.02 4.38 4.54 4.59
"""
TABLE_3 = """
Standard ReLU -iɪ -78.91 -9834^ -998T- -iæɪ
Standard MaXMin 1.47 79.60 99.81 99.91 100.0
Margin-0.1 ReLU 5.48 48.54 99.52 76.07 100.0
Margin-0.1 MaxMin 1.92 22.85 99.61 40.23 98.93
Margin-0.3 ReLU 15.20 46.49 98.28 61.33 100.0
Margin-0.3 MaxMin 5.02 14.16 51.57 15.14 59.67
"""
TABLE_4 = """
Standard 1.61 !ɪ !ɪ 333- iɪ
Dropout 1.27 1.37 1.29 3.62 1.27
BjOrck 1.54 1.25 1.43 2.06 1.43
Spectral Norm 1.54 1.26 1.32 2.94 1.26
Spectral Jac 1.05 1.09 1.24 1.93 1.02
Parseval 1.43 1.40 1.44 3.36 1.35
L∞ 2.25 2.28 2.22 4.88 1.98
"""
TABLE_5 = """
100 12.40 nɪ 7.30 roɪ 11.06 10:8r 8.12 78Γ
500 8.57 9.13 5.54 6.15 7.33 7.50 5.96 6.98
1000 5.95 6.23 3.70 4.58 5.14 6.05 4.45 4.54
5000 2.54 2.51 1.84 2.15 2.31 2.55 2.23 2.31
10000 1.77 1.76 1.26 1.70 1.58 1.57 1.66 1.64
"""
TABLE_6 = "CIFAR-10 95.29 94.57 95.45 94.83 95.44 94.62~"


def scanned(text: str, cells: int) -> list[list[Fraction | None]]:
    """The last cells of each line; what is no plain number is not legible."""
    lines = [line.split()[-cells:] for line in text.strip().splitlines()]
    plain = [[re.fullmatch(r"(\d+\.\d+)~?", cell) for cell in line] for line in lines]
    return [[Fraction(found.group(1)) if found else None for found in line] for line in plain]


def test_table_2_is_the_scanned_one() -> None:
    for line in ICML_TABLE_2.strip().splitlines():
        name, constraint, *cells = line.replace("±", "").replace("Björck", "Bjorck").split()
        for data, value, spread in (("MNIST", *cells[:2]), ("CIFAR10", *cells[2:])):
            assert _tables.TABLE_2_ICML[constraint, data][name] == Fraction(value)
            assert _tables.TABLE_2_DEVIATIONS[constraint, data][name] == Fraction(spread)
    assert [list(row.values()) for row in _tables.TABLE_2_ICLR.values()] == scanned(ICLR_TABLE_2, 5)


@pytest.mark.parametrize(("table", "text"), [(_tables.TABLE_3, TABLE_3), (_tables.TABLE_4, TABLE_4)])
def test_tables_3_and_4_are_the_scanned_ones(table: Mapping[str, Mapping[str, Fraction]], text: str) -> None:
    assert [list(row.values()) for row in table.values()] == scanned(text, 5)


def test_the_order_of_rows_and_columns() -> None:
    schemes = ["Standard", "Dropout", "Bjorck", "Spectral Norm", "Spectral Jac", "Parseval", "L_inf"]
    assert list(_tables.TABLE_4) == schemes
    assert all(list(row) == ["ReLU", "MaxMin", "GroupSort-4", "FullSort", "Maxout"] for row in _tables.TABLE_4.values())
    rows = [f"{kind} {name}" for kind in ("Standard", "Margin-0.1", "Margin-0.3") for name in ("ReLU", "MaxMin")]
    assert list(_tables.TABLE_3) == rows
    assert all(list(row) == ["clean", *_tables.ATTACKS] for row in _tables.TABLE_3.values())
    assert _tables.ATTACKS == ("FGS 0.1", "FGS 0.3", "PGD 0.1", "PGD 0.3")


def test_tables_5_and_6_are_the_scanned_ones() -> None:
    heads = [(scheme, a) for scheme in ("Standard", "Dropout", "Weight Decay", "Bjorck") for a in ("ReLU", "MaxMin")]
    for size, row in zip((100, 500, 1000, 5000, 10000), scanned(TABLE_5, 8), strict=True):
        assert [_tables.TABLE_5[head][size] for head in heads] == row
    assert [cell for row in _tables.TABLE_6.values() for cell in row.values()] == scanned(TABLE_6, 6)[0]


def test_a_cell_that_is_not_legible_decides_nothing() -> None:
    with pytest.raises(ValueError, match="not legible"):
        _tables.number(_tables.TABLE_4["Standard"]["MaxMin"])
    assert sum(v is None for row in _tables.TABLE_4.values() for v in row.values()) == 4


def test_relu_is_ahead_in_five_of_forty_six_comparisons() -> None:
    objectives, errors = outperform.objectives(), outperform.errors()
    worse = [e[0] for e in objectives if Fraction(e[2]) <= Fraction(e[1])]
    worse += [e[0] for e in errors if Fraction(e[2]) >= Fraction(e[1])]
    assert len(objectives) + len(errors) == 46 and len({e[0] for e in objectives + errors}) == 46
    assert sorted(worse) == [
        "Table 3, margin 0.1, FGS 0.3",
        "Table 4, L_inf",
        *(f"Table 5, Bjorck, {size}" for size in (1000, 500, 5000)),
    ]
    assert sorted(worse) == sorted(outperform.AHEAD)
    assert min(Fraction(e[2]) / Fraction(e[1]) for e in objectives) == Fraction(141, 112)


def test_the_only_intervals_that_meet() -> None:
    meeting = []
    for key, row in _tables.TABLE_2_ICML.items():
        spread = _tables.TABLE_2_DEVIATIONS[key]
        for gnp in _tables.GNP:
            for other in _tables.NOT_GNP:
                low = _tables.number(row[gnp]) - _tables.number(spread[gnp])
                if low <= _tables.number(row[other]) + _tables.number(spread[other]):
                    meeting.append([*key, gnp, other])
    assert meeting == [wasserstein.OVERLAP]
    assert wasserstein.interval("Spectral", "MNIST", "MaxMin") == (Fraction("1.29"), Fraction("1.43"))


def test_leads_under_attack() -> None:
    means = [sum(robustness.lead(m, a) for a in _tables.ATTACKS) / 4 for m in robustness.MARGINS]
    assert means == [Fraction("15.6275"), Fraction("41.39")]
    lost = [[m, a] for m in robustness.MARGINS for a in _tables.ATTACKS if robustness.lead(m, a) <= 0]
    assert lost == [robustness.EXCEPTION]


def test_errors_with_the_constraint() -> None:
    (obligation,) = accuracy.enforced(Variant(), Budget.CI)
    failing = [e[:2] for e in obligation.elements() if not obligation.holds(e)]  # type: ignore[union-attr]
    assert {name for constraint, name in failing if constraint == "L_inf"} == set(accuracy.SORTING)
    assert [e for e in failing if e[0] != "L_inf"] == [["Bjorck", "GroupSort-4"], ["Spectral Norm", "GroupSort-4"]]
    for name in _tables.TABLE_4["L_inf"]:
        legible = [row[name] for row in _tables.TABLE_4.values() if row[name] is not None]
        assert _tables.TABLE_4["L_inf"][name] == max(legible)  # type: ignore[type-var]


def test_where_dropout_is_beaten() -> None:
    assert [c for c in regularizers.columns() if not regularizers.dropout_leads(c)] == regularizers.AHEAD
    gains = [1 - Fraction(b) / Fraction(s) for s, b in (("1.77", "1.66"), ("1.76", "1.64"))]
    assert [round(float(g), 3) for g in gains] == [0.062, 0.068]


def test_fifty_iterations_of_the_parseval_step() -> None:
    beta = float(parseval_figures.BETA)
    rng = np.random.default_rng(0)
    u, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    v, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    start = np.array([0.95, 0.577, 0.5, 0.0])
    w = u[:, :4] * start @ v.T
    for _ in range(parseval_figures.STEPS):
        w = (1 + beta) * w - beta * w @ w.T @ w
    end = np.linalg.svd(w, compute_uv=False)
    rise = end - start
    assert (rise[:3] > 0).all() and rise.max() <= 0.0058 and rise[1] > 0.0057 and abs(end[3]) < 1e-12
    assert end[2] < 0.5058 and np.linalg.norm(w.T @ w - np.eye(4), 2) > 0.744
    s, steps = 0.5, 0
    while s < 0.995:
        s, steps = s + beta * (s - s**3), steps + 1
    assert 9400 < steps < 9600


def test_the_peak_of_one_step() -> None:
    peak = max(s - s**3 for s in np.linspace(0, 1, 100001))
    assert peak == pytest.approx(2 / (3 * 3**0.5)) and peak < float(parseval_figures.PEAK)


def test_the_step_is_the_cubic_one() -> None:
    """From 1/2 it stays below 1 for beta = 1.33, where 1/2 + 3 beta / 8 < 1, and not for beta = 1.34."""
    half = {"s": Fraction(1, 2)}
    assert parseval_figures.stays(Fraction("1.33")).conclusion.holds(half)
    assert not parseval_figures.stays(Fraction("1.34")).conclusion.holds(half)


def test_the_bound_on_the_odd_part_is_tight() -> None:
    least = [min(a.term.value({"t": t, "b": Fraction(1)}) for a in atoms(compact.one_layer()[1].conclusion))
             for t in (Fraction(2), Fraction(-2), Fraction(1, 2))]  # fmt: skip
    assert least == [0, 0, 1]


def test_two_maxmin_layers_compute_the_maximum_of_three() -> None:
    half = Fraction(1, 2)
    spread = Affine.linear([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]])
    middle = Affine.linear([[1, 0, 0, 0], [0, 0, half, half]])
    network = Network(3, (spread, MaxMin(), middle, MaxMin(), Affine.linear([[1, 0]])))
    for x in ([1, 2, 3], [3, 1, 2], [2, 3, 1], [-1, -1, -5], [0, 0, 0]):
        assert evaluate(network, x) == (max(x),)


def test_the_odd_part_of_one_layer_is_linear_up_to_its_biases() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        w, b, v = rng.integers(-3, 4, (6, 3)), rng.integers(-2, 3, 6), rng.integers(-3, 4, 6)

        def odd(x: np.ndarray, w: np.ndarray = w, b: np.ndarray = b, v: np.ndarray = v) -> float:
            def f(y: np.ndarray) -> float:
                z = (w @ y + b).reshape(3, 2)
                return float(v @ np.stack([z.max(1), z.min(1)], 1).reshape(-1))

            return f(x) - f(-x)

        far = 1000.0 * np.eye(3)
        assert abs(sum(odd(e) for e in far) - odd(far.sum(0))) <= 8 * np.abs(v).sum() * np.abs(b).sum()
    assert compact.defect(Variant()).holds(3) and not compact.defect(Variant()).holds(2)


def test_the_network_that_loses_its_gradient() -> None:
    network = figures.losing()
    values = [evaluate(network, [x])[0] for x in (-2, -1, 0, 1, 2)]
    assert values[2:] == [0, 0, 0] and values[0] != 0
    assert all(abs(a - b) <= 1 for a, b in pairwise(values))


def test_a_relu_network_with_the_whole_slope() -> None:
    values = [evaluate(figures.full_slope(), [x])[0] for x in (-2, -1, 0, 1, 2)]
    assert values == [0, 0, 0, 1, 2]


def test_fullsort_has_the_highest_error_of_each_legible_row() -> None:
    rows = [[cell for cell in row if cell is not None] for row in scanned(TABLE_4, 5)]
    assert [row[3] == max(row) for row in rows if len(row) == 5] == [True] * 6
    assert max(row[3] for row in rows if len(row) == 5) == Fraction("4.88")


def test_no_record_of_an_experiment_is_accepted() -> None:
    (_, observed) = figures.undead(Variant(), Budget.CI)
    with pytest.raises(figures.UnpublishedError):
        observed.examine({"units": 10, "always active": 1})  # type: ignore[union-attr]
