"""The words that the remarks after Proposition 8 share."""

from __future__ import annotations

from typing import Any

ROW = "bethune2021.proposition_8_remarks"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 5, after Proposition 8"
PRINTED = (
    "Note that most results on VC dimension of neural network uses the hypothesis that the activation function is "
    "applied element-wise (such as in [44]) and get asymptotically tighter lower bounds for ReLU case. Such "
    "hypothesis does not apply anymore here, however we believe that the preliminary result can be strengthened."
)
COMMON: dict[str, Any] = {"source": SOURCE, "printed": PRINTED, "covers_all": True}
