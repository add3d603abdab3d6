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

PAIRS = replace(maximum("inf"), activations=(MAXMIN,))


def starve(sample: object) -> object:
    """A margin for which there is no memory."""
    raise MemoryError


CLAIMS = (
    replace(TRUE, id="swept.true", search=maximum("inf")),
    replace(TRUE, id="swept.pairs", search=PAIRS),
    replace(TRUE, id="swept.false", search=lipschitz(Fraction(99, 100), MAXMIN)),
    replace(FALSE, id="swept.refuted", search=lipschitz(Fraction(99, 100), MAXMIN)),
    replace(TRUE, id="swept.lawless"),
    replace(TRUE, id="swept.failing", search=replace(PAIRS, margin=lambda sample: sample.nothing)),
    replace(TRUE, id="swept.leaving", search=replace(PAIRS, margin=lambda sample: sys.exit(0))),
    replace(TRUE, id="swept.starving", search=replace(PAIRS, margin=starve)),
    replace(TRUE, id="swept.unsure", search=replace(PAIRS, exact_margin=lambda network, x, y: sys.exit(0))),
    replace(TRUE, id="swept.numberless", search=replace(PAIRS, margin=lambda sample: sample.fx[..., 0] * float("nan"))),
    replace(TRUE, id="swept.vacuous", search=replace(PAIRS, admits=lambda network: False)),
)
