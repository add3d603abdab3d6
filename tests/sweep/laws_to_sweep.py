"""Claims with laws of known fates, as a file for `--claims`: a true one, a false one, one that is known to be false."""

from __future__ import annotations

import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

for folder in (Path(__file__).resolve().parents[1], Path(__file__).resolve().parents[2]):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))

from laws import MAXMIN, lipschitz, maximum  # noqa: E402
from planted import FALSE, TRUE  # noqa: E402

CLAIMS = (
    replace(TRUE, id="swept.true", search=maximum("inf")),
    replace(TRUE, id="swept.false", search=lipschitz(Fraction(99, 100), MAXMIN)),
    replace(FALSE, id="swept.refuted", search=lipschitz(Fraction(99, 100), MAXMIN)),
    replace(TRUE, id="swept.lawless"),
    replace(TRUE, id="swept.failing", search=replace(maximum("inf"), margin=lambda sample: sample.nothing)),
)
