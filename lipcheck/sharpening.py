"""The best value of a printed constant: a proof on one side, a counterexample on the other, as close as asked.

A claim's obligations are functions of its constants. Bisection between a value at which they are all proved and one at
which some are refuted closes in on the sharp value; at every step the trusted checker accepts what the engines found. A
value at which neither succeeds stays undecided, and the search goes on to both sides of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lipcheck.judge_constants import Progress, Side, Values
from lipcheck.words.claim import Claim, Constant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.rationals import simplest_between, spell
from lipcheck.words.verdict import Verdict

STEPS = 200


class SharpeningError(LipcheckError, ValueError):
    """A claim without a constant to sharpen, or one whose two ends are not what they should be."""


@dataclass
class Sharpened:
    """Where the sharp value of a constant lies: `holds` is proved, `fails` refuted, `undecided` lies between them.

    `claim` is the one that was asked about and `printed` its constant; `judged` names the claim whose obligations
    decided: the repair of a refuted claim, where that has the same constant. `expected` is the verdict on the claim as
    printed, `steps` the number of values tried. Where the deciding claim is only supported, `proved_for` says what of
    it is proved at `holds`.
    """

    claim: str
    expected: Verdict
    judged: str
    proved_for: str | None
    constant: str
    words: str
    printed: Fraction
    holds: Side
    fails: Side
    undecided: list[Fraction] = field(default_factory=list)
    steps: int = 0

    @property
    def gap(self) -> Fraction:
        """The distance between the two ends."""
        return abs(self.fails.value - self.holds.value)

    def to_json(self) -> dict[str, Any]:
        """All fields, exact numbers as strings."""
        return {
            "claim": self.claim,
            "expected": str(self.expected),
            "judged": self.judged,
            "proved_for": self.proved_for,
            "constant": self.constant,
            "words": self.words,
            "printed": spell(self.printed),
            "holds_at": spell(self.holds.value),
            "fails_at": spell(self.fails.value),
            "gap": spell(self.gap),
            "counterexample": self.fails.counterexample,
            "undecided": [spell(value) for value in self.undecided],
            "steps": self.steps,
        }


def constants(claims: Mapping[str, Claim], claim: Claim) -> list[str]:
    """The names of the constants that can be sharpened: those with a value on either side of the sharp one."""
    return [name for name in claim.constants if _ends(_decider(claims, claim, name), name) is not None]


def sharpen(
    claims: Mapping[str, Claim], claim: Claim, name: str, gap: Fraction | None = None, progress: Progress | None = None
) -> Iterator[Sharpened]:
    """Narrower and narrower brackets of the constant's sharp value; the last one is no wider than `gap`, if possible.

    `gap` is absolute, by default a thousandth of the constant's size (at least of one). `progress` is told each value
    and what was found there. Raises `SharpeningError` for a constant that the claim does not have or that has no second
    side, and where the ends that the claim declares are not proved and refuted.
    """
    if name not in claim.constants:
        known = ", ".join(claim.constants) or "none"
        raise SharpeningError(f"{claim.id} has no constant {name!r}: it has {known}")
    judged = _decider(claims, claim, name)
    ends = _ends(judged, name)
    if ends is None:
        raise SharpeningError(f"{claim.id} declares no value of {name} beyond its sharp one: nothing to bracket")
    wanted = max(abs(judged.constants[name].value), Fraction(1)) / 1000 if gap is None else gap
    if wanted <= 0:
        raise SharpeningError(f"a gap of {wanted} cannot be reached: give a positive one")
    prover = _prover(claims, judged, name)
    search = Values(judged, name, progress)
    proofs = search if prover is judged else Values(prover, name, progress)
    low, high = ends
    if search.fails(low) is not None or not proofs.holds(low):
        raise SharpeningError(f"{prover.id} is not proved at {name} = {spell(low)}, where its file says so")
    failing = search.fails(high)
    if failing is None:
        raise SharpeningError(f"{judged.id} is not refuted at {name} = {spell(high)}, where its file says so")
    printed = claim.constants[name]
    found = Sharpened(
        claim.id,
        claim.expected,
        prover.id,
        prover.proved_for,
        name,
        printed.words,
        printed.value,
        Side(low),
        failing,
        steps=search.steps,
    )
    yield found
    for _ in range(STEPS):
        value = _next(found, wanted)
        if value is None:
            return
        if (side := search.fails(value)) is not None:
            found.fails = side
        elif proofs.holds(value):
            found.holds = Side(value)
        else:
            found.undecided.append(value)
        low, high = sorted((found.holds.value, found.fails.value))
        found.undecided = sorted(v for v in found.undecided if low < v < high)
        found.steps = search.steps
        yield found


def _next(found: Sharpened, gap: Fraction) -> Fraction | None:
    """A simple value in the middle half of the widest stretch between an end and its nearest undecided value."""
    marks = sorted([found.holds.value, *found.undecided, found.fails.value])
    stretches = {(marks[0], marks[1]), (marks[-2], marks[-1])}
    left, right = max(stretches, key=lambda stretch: (stretch[1] - stretch[0], stretch))
    if right - left <= gap:
        return None
    quarter = (right - left) / 4
    return simplest_between(left + quarter, right - quarter)


def _decider(claims: Mapping[str, Claim], claim: Claim, name: str) -> Claim:
    """The claim whose obligations decide: for a refuted claim the repair, where that has the same constant."""
    repair = claims.get(claim.repaired_by or "")
    if claim.expected is not Verdict.REFUTED or repair is None or name not in repair.constants:
        return claim
    # One name can stand for two numbers: the repair must have the value that the refuted claim calls sharp.
    same = claim.constants[name].sharp in (None, repair.constants[name].value)
    return _decider(claims, repair, name) if same and _ends(repair, name) is not None else claim


def _prover(claims: Mapping[str, Claim], judged: Claim, name: str) -> Claim:
    """The claim that proves the side that holds: a refuted claim's repair, where that states its sharp value."""
    repair = claims.get(judged.repaired_by or "")
    stated = judged.expected is Verdict.REFUTED and repair is not None and name in repair.constants
    if stated and repair is not None and repair.constants[name].value == judged.constants[name].sharp:
        return repair
    return judged


def _ends(claim: Claim, name: str) -> tuple[Fraction, Fraction] | None:
    """(a value at which the claim holds, one at which it fails), as its file declares them."""
    constant: Constant = claim.constants[name]
    if claim.expected is Verdict.REFUTED:
        return None if constant.sharp is None else (constant.sharp, constant.value)
    if constant.mutated is not None:
        return constant.value, constant.mutated
    if constant.sharp is not None and constant.sharp != constant.value:
        past = constant.sharp + (constant.sharp - constant.value) / 100
        return constant.value, past
    return None
