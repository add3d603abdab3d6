"""What has to be shown: five kinds of closed statement, each with a decidable form of evidence.

- `Forall`: for all reals, the hypotheses imply the conclusion. Proof: a case tree whose leaves carry certificates;
  refutation: a rational point.
- `Exhaustive`: every element of a finite set passes an exact test. Proof: running through the set; refutation: an
  element.
- `Positive`: a real number is positive. Proof: a ball above zero; refutation: a ball that does not reach above zero.
- `Exists`: some object passes an exact test. Proof: the object.
- `Universal`: every object that meets the hypotheses passes. Search supports it; refutation: an object.

Objects are JSON data with exact numbers spelled "p/q".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from lipcheck.words.formulas import And, Formula, atoms, facts, negate, symbols
from lipcheck.words.terms import inside

Data: TypeAlias = Any


@dataclass(frozen=True)
class Hint:
    """A proposal for the multipliers that close leaves of a nonlinear proof: products of at most `degree` facts, and
    equations times monomials of at most `degree`."""

    degree: int = 2


@dataclass(frozen=True)
class Forall:
    """For all real values of the variables: if every hypothesis holds, so does the conclusion.

    `hypotheses` maps the names under which a mutant may drop them to formulas. `witness`, where given, is a point that
    satisfies them all; otherwise an engine finds one. `size` orders the obligations of a family.
    """

    name: str
    hypotheses: Mapping[str, Formula]
    conclusion: Formula
    size: int = 0
    hint: Hint = field(default=Hint(), compare=False)
    witness: Mapping[str, Fraction] | None = field(default=None, compare=False)

    @property
    def variables(self) -> list[str]:
        """Names of the real variables."""
        return symbols([*self.hypotheses.values(), self.conclusion])[0]

    def assumptions(self) -> list[Formula]:
        """The hypotheses in the order of their names, then the negated conclusion."""
        return [*(self.hypotheses[k] for k in sorted(self.hypotheses)), negate(self.conclusion)]

    @property
    def linear(self) -> bool:
        """Whether no polynomial in it has a degree above one, positive parts counting as variables."""
        return all(atom.term.degree <= 1 for formula in self.assumptions() for atom in atoms(formula))

    def facts(self) -> list[Any]:
        """The facts that a proof must lead to a contradiction."""
        return facts(self.assumptions())

    def admits(self, point: Mapping[str, Fraction]) -> bool:
        """Whether the point satisfies every hypothesis."""
        return And(tuple(self.hypotheses.values())).holds(point)

    def violated_at(self, point: Mapping[str, Fraction]) -> bool:
        """Whether the point satisfies every hypothesis and not the conclusion."""
        return self.admits(point) and not self.conclusion.holds(point)

    def to_json(self) -> Data:
        """The statement, with every positive part that it mentions spelled out."""
        parts = symbols(self.assumptions())[1]
        return {
            "kind": "forall",
            "name": self.name,
            "variables": self.variables,
            "positive_parts": {p: t.to_json() for p in parts if (t := inside(p)) is not None},
            "hypotheses": {k: v.to_json() for k, v in self.hypotheses.items()},
            "conclusion": self.conclusion.to_json(),
        }


@dataclass(frozen=True)
class Exhaustive:
    """Every element of a finite set passes an exact test. `parameters` says which set, for the statement's hash."""

    name: str
    text: str
    elements: Callable[[], Iterable[Data]]
    holds: Callable[[Data], bool]
    parameters: Data = None
    size: int = 0

    def to_json(self) -> Data:
        """The statement in words, with its parameters."""
        return {"kind": "exhaustive", "name": self.name, "text": self.text, "parameters": self.parameters}


@dataclass(frozen=True)
class Positive:
    """A real number is positive. `enclose(bits)` gives rational bounds below and above it, computed in Arb balls.

    Replay computes the enclosure again: this is the one kind of evidence that rests on Arb and not on rationals alone.
    """

    name: str
    text: str
    enclose: Callable[[int], tuple[Fraction, Fraction]]
    size: int = 0

    def to_json(self) -> Data:
        """The statement in words."""
        return {"kind": "positive", "name": self.name, "text": self.text}


@dataclass(frozen=True)
class Exists:
    """Some object passes an exact test; `witness` proposes one."""

    name: str
    text: str
    accepts: Callable[[Data], bool]
    witness: Callable[[], Data]
    size: int = 0

    def to_json(self) -> Data:
        """The statement in words."""
        return {"kind": "exists", "name": self.name, "text": self.text}


@dataclass(frozen=True)
class Examination:
    """What an exact look at one object found: which hypotheses it meets, and whether the conclusion holds for it."""

    hypotheses: Mapping[str, bool]
    conclusion: bool

    def violates(self, dropped: Iterable[str] = ()) -> bool:
        """Whether the object is a counterexample when the hypotheses in `dropped` are not asked for."""
        gone = frozenset(dropped)
        return all(v for k, v in self.hypotheses.items() if k not in gone) and not self.conclusion


@dataclass(frozen=True)
class Universal:
    """Every object that meets the hypotheses satisfies the conclusion.

    `examine` looks at one object in exact arithmetic and raises `LipcheckError` for malformed data. `candidates`
    proposes counterexamples. `dropped` names hypotheses that a mutant no longer asks for.
    """

    name: str
    text: str
    examine: Callable[[Data], Examination]
    candidates: Callable[[], Iterable[Data]]
    dropped: frozenset[str] = frozenset()
    parameters: Data = None
    size: int = 0

    def to_json(self) -> Data:
        """The statement in words, with its parameters."""
        return {"kind": "universal", "name": self.name, "text": self.text, "parameters": self.parameters,
                "dropped": sorted(self.dropped)}  # fmt: skip


Obligation: TypeAlias = Forall | Exhaustive | Positive | Exists | Universal
