"""Re-checking the stored proofs of claims beside deriving them anew."""

from __future__ import annotations

from _timing import Measured, Row, Size, alone, medians

from lipcheck import judge_evidence, registry
from lipcheck.engines import derive
from lipcheck.words.claim import Variant
from lipcheck.words.evidence import proofs_directory
from lipcheck.words.obligation import Forall
from lipcheck.words.verdict import Budget

STEPS: dict[Size, tuple[int, Budget, int]] = {
    "tiny": (400, Budget.SMOKE, 1),
    "quick": (16, Budget.SMOKE, 1),
    "whole": (8, Budget.SMOKE, 1),
    "full": (1, Budget.CI, 3),
}
"""Every how many claims, which budget's statements, and rounds."""


def measure(size: Size = "whole") -> Measured:
    """All statements over the reals of the claims taken."""
    step, budget, rounds = STEPS[size]
    claims = list(registry.load().values())[::step]
    foralls = [o for c in claims for o in c.obligations(Variant(), budget) if isinstance(o, Forall)]
    found = medians(
        {
            "replay": lambda: [judge_evidence.read(c, proofs_directory()) for c in claims],
            "derive": lambda: [derive(o) for o in foralls],
        },
        rounds,
        warm=size == "full",
    )
    shape = f"{len(claims)} claims, {len(foralls)} statements"
    yield Row("replay of all files", shape, found["replay"], "deriving the proofs", found["derive"])


if __name__ == "__main__":
    alone(__file__)
