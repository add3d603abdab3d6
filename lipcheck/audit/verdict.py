"""The verdict on a claimed constant: about the stored weights read as exact reals, and never softened."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["holds", "violated", "unknown"]


@dataclass(frozen=True)
class Verdict:
    """`outcome` for the claim that the constant is at most `asked`; None without a claim.

    `excess` is lower / claimed - 1, at or below the true excess; `rounding` says that a violation is no larger than
    what rounding the weights can add.
    """

    claimed: Fraction | None
    asked: Fraction | None
    outcome: Outcome | None
    excess: Fraction | None
    rounding: bool


def judge(
    lower: Fraction, upper: Fraction | None, claimed: Fraction | None, scale: Fraction, allow_rounding: bool
) -> Verdict:
    """Compare lower <= constant <= upper (None: no bound) with the claim, times 1 + scale if rounding is allowed."""
    if claimed is None:
        return Verdict(None, None, None, None, False)
    asked = claimed * (1 + scale) if allow_rounding else claimed
    outcome: Outcome = "unknown"
    if lower > asked:
        outcome = "violated"
    elif upper is not None and upper <= asked:
        outcome = "holds"
    excess = lower / claimed - 1 if claimed else None
    return Verdict(claimed, asked, outcome, excess, outcome == "violated" and lower <= claimed * (1 + scale))
