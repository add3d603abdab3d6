"""Words of the row."""

from __future__ import annotations

ROW = "bethune2021.figures_2_3_5_6"
PAPER = "Béthune et al. 2021, arXiv 2104.05097v2"
