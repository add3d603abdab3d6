"""The printed cells of Table 1, which are the same in both versions."""

from __future__ import annotations

from fractions import Fraction

ROW = "anil2019.table_1"
ICML = "Anil, Lucas, Grosse 2019 (ICML), section 7.1.1"
ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission), section 7.1.1"
TABLE = "Anil, Lucas, Grosse 2019, Table 1 (both versions)"

DIMENSIONS, DEPTHS = (128, 256, 512), (3, 7)
NOT_GNP = ("ReLU", "Maxout")
ROUNDING = Fraction(5, 1000)
PRINTED = {
    "ReLU": ("0.51", "0.60", "0.50", "0.53", "0.46", "0.49"),
    "Maxout": ("0.66", "0.71", "0.60", "0.66", "0.52", "0.56"),
    "MaxMin": ("0.87", "0.95", "0.83", "0.93", "0.72", "0.88"),
    "FullSort": ("1.00", "1.00", "1.00", "1.00", "1.00", "1.00"),
}
COLUMNS = [(n, depth) for n in DIMENSIONS for depth in DEPTHS]
CELL = {
    (name, n, depth): Fraction(value)
    for name, row in PRINTED.items()
    for (n, depth), value in zip(COLUMNS, row, strict=True)
}
