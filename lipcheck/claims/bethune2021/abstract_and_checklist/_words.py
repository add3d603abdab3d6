"""Words of the row."""

from __future__ import annotations

from lipcheck.words.errors import LipcheckError

ROW = "bethune2021.abstract_and_checklist"
PAPER = "Béthune et al. 2021, arXiv 2104.05097v2"
PRINTED_FRONTIERS = (
    "First, we show they can fit arbitrarily difficult frontiers, making them as expressive as classical ones, in "
    "addition to provide robustness certificates."
)


class ExampleError(LipcheckError, ValueError):
    """Data that spell no example."""
