"""Formulas over piecewise polynomial terms, and the list of facts that a proof starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias, get_args

from lipcheck.words.terms import Number, Term, inside, lift

Relation: TypeAlias = Literal[">=", ">", "="]
NO_TRUTH = "a formula has no truth value: write conj(0 <= x, x <= 1) for 0 <= x <= 1, conj for and, disj for or"


@dataclass(frozen=True)
class Atom:
    """term >= 0, term > 0 or term = 0."""

    term: Term
    relation: Relation

    def __post_init__(self) -> None:
        if self.relation not in get_args(Relation):
            raise ValueError(f"{self.relation!r} is not a relation of an atom: use '>=', '>' or '='")

    def __bool__(self) -> bool:
        raise TypeError(NO_TRUTH)

    def holds(self, point: Mapping[str, Fraction]) -> bool:
        """The truth value at a point that names every variable."""
        value = self.term.value(point)
        return value > 0 if self.relation == ">" else value >= 0 if self.relation == ">=" else value == 0

    def to_json(self) -> list[Any]:
        """[relation, term]."""
        return [self.relation, self.term.to_json()]


@dataclass(frozen=True)
class And:
    """Every part holds; true without parts."""

    parts: tuple[Formula, ...]

    def __bool__(self) -> bool:
        raise TypeError(NO_TRUTH)

    def holds(self, point: Mapping[str, Fraction]) -> bool:
        """The truth value at a point that names every variable."""
        return all(part.holds(point) for part in self.parts)

    def to_json(self) -> list[Any]:
        """["and", part, ...]."""
        return ["and", *(p.to_json() for p in self.parts)]


@dataclass(frozen=True)
class Or:
    """Some part holds; false without parts."""

    parts: tuple[Formula, ...]

    def __bool__(self) -> bool:
        raise TypeError(NO_TRUTH)

    def holds(self, point: Mapping[str, Fraction]) -> bool:
        """The truth value at a point that names every variable."""
        return any(part.holds(point) for part in self.parts)

    def to_json(self) -> list[Any]:
        """["or", part, ...]."""
        return ["or", *(p.to_json() for p in self.parts)]


Formula: TypeAlias = Atom | And | Or


def equals(a: Term | Number, b: Term | Number) -> Atom:
    """a = b."""
    return Atom(lift(a) - lift(b), "=")


def same(left: Sequence[Term], right: Sequence[Term]) -> And:
    """Equality of two vectors of the same length, entry by entry."""
    return And(tuple(equals(a, b) for a, b in zip(left, right, strict=True)))


def conj(*parts: Formula) -> And:
    """All of the parts."""
    return And(parts)


def disj(*parts: Formula) -> Or:
    """At least one of the parts."""
    return Or(parts)


def implies(premise: Formula, conclusion: Formula) -> Or:
    """If the premise holds, so does the conclusion."""
    return Or((negate(premise), conclusion))


def negate(formula: Formula) -> Formula:
    """The negation, pushed down to the atoms."""
    match formula:
        case And(parts):
            return Or(tuple(map(negate, parts)))
        case Or(parts):
            return And(tuple(map(negate, parts)))
        case Atom(term, ">="):
            return Atom(-term, ">")
        case Atom(term, ">"):
            return Atom(-term, ">=")
        case Atom(term, _):
            return Or((Atom(term, ">"), Atom(-term, ">")))


def atoms(formula: Formula) -> Iterable[Atom]:
    """Every atom, from left to right."""
    if isinstance(formula, Atom):
        yield formula
    else:
        for part in formula.parts:
            yield from atoms(part)


def symbols(formulas: Iterable[Formula]) -> tuple[list[str], list[str]]:
    """(variables, positive parts) that the formulas rest on, the latter with inner ones first."""
    free: set[str] = set()
    parts: dict[str, None] = {}

    def visit(term: Term) -> None:
        for name in sorted(term.symbols):
            content = inside(name)
            if content is None:
                free.add(name)
            elif name not in parts:
                visit(content)
                parts[name] = None

    for formula in formulas:
        for atom in atoms(formula):
            visit(atom.term)
    return sorted(free), list(parts)


def definition(symbol: str) -> Formula:
    """What makes `symbol` the positive part of its term t: s >= 0, s >= t, and either s = 0, t <= 0 or s = t, t >=
    0."""
    content = inside(symbol)
    if content is None:
        raise ValueError(f"{symbol!r} is a variable, not a positive part")
    s = Term({((symbol, 1),): Fraction(1)})
    off, on = conj(equals(s, 0), content <= 0), conj(equals(s, content), content >= 0)
    return conj(s >= 0, s >= content, disj(off, on))


def expand(formula: Formula) -> list[Atom | Or]:
    """The conjuncts of a formula: conjunctions are opened, disjunctions of one part too."""
    if isinstance(formula, And):
        return [fact for part in formula.parts for fact in expand(part)]
    if isinstance(formula, Or) and len(formula.parts) == 1:
        return expand(formula.parts[0])
    return [formula]


def facts(assumptions: Sequence[Formula]) -> list[Atom | Or]:
    """The assumptions' conjuncts, then the definitions of all positive parts in them: where every proof starts."""
    _, parts = symbols(assumptions)
    return [fact for formula in [*assumptions, *map(definition, parts)] for fact in expand(formula)]
