"""Tables 2 to 6 as printed. None marks a cell that the scan does not show; such cells decide nothing.

Table 2 differs between the versions; Tables 3 to 6 are those of the ICLR submission. Tables 3 to 5 print errors in
percent, Table 6 accuracies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

Cell: TypeAlias = Fraction | None

ROW = "anil2019.tables_and_figures"
ICML = "Anil, Lucas, Grosse 2019 (ICML)"
ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission)"
GNP = ("MaxMin", "GroupSort(4)", "GroupSort(9)")
NOT_GNP = ("ReLU", "Maxout")


def _row(names: Sequence[str], cells: str) -> dict[str, Cell]:
    values = [None if cell == "?" else Fraction(cell) for cell in cells.split()]
    return dict(zip(names, values, strict=True))


def number(value: Cell) -> Fraction:
    """The value of a legible cell."""
    if value is None:
        raise ValueError("this cell is not legible, and decides nothing")
    return value


_FIVE = ("ReLU", "Maxout", "MaxMin", "GroupSort(4)", "GroupSort(9)")
TABLE_2_ICML: Mapping[tuple[str, str], Mapping[str, Cell]] = {
    ("Spectral", "MNIST"): _row(_FIVE, "0.95 1.20 1.36 1.64 1.70"),
    ("Spectral", "CIFAR10"): _row(_FIVE, "1.12 1.40 1.62 1.63 1.41"),
    ("Bjorck", "MNIST"): _row(_FIVE, "1.40 1.95 2.16 2.31 2.31"),
    ("Bjorck", "CIFAR10"): _row(_FIVE, "1.39 1.76 2.08 2.17 2.23"),
}
TABLE_2_DEVIATIONS: Mapping[tuple[str, str], Mapping[str, Cell]] = {
    ("Spectral", "MNIST"): _row(_FIVE, "0.01 0.03 0.07 0.02 0.02"),
    ("Spectral", "CIFAR10"): _row(_FIVE, "0.02 0.01 0.04 0.03 0.04"),
    ("Bjorck", "MNIST"): _row(_FIVE, "0.01 0.01 0.01 0.01 0.01"),
    ("Bjorck", "CIFAR10"): _row(_FIVE, "0.01 0.02 0.02 0.02 0.02"),
}
TABLE_2_ICLR: Mapping[str, Mapping[str, Cell]] = {
    "MNIST": _row(_FIVE, "1.65 2.32 ? 2.73 2.69"),
    "CIFAR-10": _row(_FIVE, "3.00 4.02 4.38 4.54 4.59"),
}

ATTACKS = ("FGS 0.1", "FGS 0.3", "PGD 0.1", "PGD 0.3")
_THREE = ("clean", *ATTACKS)
TABLE_3: Mapping[str, Mapping[str, Cell]] = {
    "Standard ReLU": _row(_THREE, "? ? ? ? ?"),
    "Standard MaxMin": _row(_THREE, "1.47 79.60 99.81 99.91 100.0"),
    "Margin-0.1 ReLU": _row(_THREE, "5.48 48.54 99.52 76.07 100.0"),
    "Margin-0.1 MaxMin": _row(_THREE, "1.92 22.85 99.61 40.23 98.93"),
    "Margin-0.3 ReLU": _row(_THREE, "15.20 46.49 98.28 61.33 100.0"),
    "Margin-0.3 MaxMin": _row(_THREE, "5.02 14.16 51.57 15.14 59.67"),
}

_FOUR = ("ReLU", "MaxMin", "GroupSort-4", "FullSort", "Maxout")
TABLE_4: Mapping[str, Mapping[str, Cell]] = {
    "Standard": _row(_FOUR, "1.61 ? ? ? ?"),
    "Dropout": _row(_FOUR, "1.27 1.37 1.29 3.62 1.27"),
    "Bjorck": _row(_FOUR, "1.54 1.25 1.43 2.06 1.43"),
    "Spectral Norm": _row(_FOUR, "1.54 1.26 1.32 2.94 1.26"),
    "Spectral Jac": _row(_FOUR, "1.05 1.09 1.24 1.93 1.02"),
    "Parseval": _row(_FOUR, "1.43 1.40 1.44 3.36 1.35"),
    "L_inf": _row(_FOUR, "2.25 2.28 2.22 4.88 1.98"),
}

SIZES = (100, 500, 1000, 5000, 10000)
TABLE_5: Mapping[tuple[str, str], Mapping[int, Cell]] = {
    (scheme, activation): dict(zip(SIZES, _row(tuple(map(str, SIZES)), cells).values(), strict=True))
    for scheme, activation, cells in (
        ("Standard", "ReLU", "12.40 8.57 5.95 2.54 1.77"),
        ("Standard", "MaxMin", "? 9.13 6.23 2.51 1.76"),
        ("Dropout", "ReLU", "7.30 5.54 3.70 1.84 1.26"),
        ("Dropout", "MaxMin", "? 6.15 4.58 2.15 1.70"),
        ("Weight Decay", "ReLU", "11.06 7.33 5.14 2.31 1.58"),
        ("Weight Decay", "MaxMin", "? 7.50 6.05 2.55 1.57"),
        ("Bjorck", "ReLU", "8.12 5.96 4.45 2.23 1.66"),
        ("Bjorck", "MaxMin", "? 6.98 4.54 2.31 1.64"),
    )
}

TABLE_6: Mapping[str, Mapping[str, Cell]] = {
    "Standard": _row(("ReLU", "MaxMin"), "95.29 94.57"),
    "Parseval": _row(("ReLU", "MaxMin"), "95.45 94.83"),
    "Spec Jac Regularization": _row(("ReLU", "MaxMin"), "95.44 94.62"),
}
