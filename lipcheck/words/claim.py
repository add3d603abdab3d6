"""A claim: the paper's words, what they mean exactly, and what has to be shown for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Obligation
from lipcheck.words.rationals import digest, spell
from lipcheck.words.verdict import Budget, Grade, Verdict

if TYPE_CHECKING:
    from lipcheck.words.search import Search


_ID = re.compile(r"[\w-]+(\.[\w-]+){1,2}")
_THEOREM = re.compile(r"[A-Za-z]\w*\.[A-Za-z][\w']*")


class ClaimError(LipcheckError, ValueError):
    """A claim whose file contradicts itself."""


@dataclass(frozen=True)
class Constant:
    """A constant of the statement. `value` stands in it; `mutated` lies past the sharp value, by at most one percent.

    For a refuted claim `mutated` is None and `sharp` the value that makes the statement true.
    """

    value: Fraction
    mutated: Fraction | None = None
    sharp: Fraction | None = None
    words: str = ""


@dataclass(frozen=True)
class Variant:
    """The statement itself (no arguments), or a mutant of it."""

    dropped: frozenset[str] = frozenset()
    constants: Mapping[str, Fraction] = field(default_factory=dict)
    repaired: bool = False

    def keeps(self, hypothesis: str) -> bool:
        """Whether this hypothesis still stands."""
        return hypothesis not in self.dropped

    def value(self, name: str, default: Fraction | int) -> Fraction:
        """The constant of this name, or its printed value where it was not moved."""
        return Fraction(self.constants.get(name, default))


@dataclass(frozen=True)
class Textbook:
    """A named theorem that a derivation rests on, with where to find it."""

    name: str
    source: str


@dataclass(frozen=True)
class Formal:
    """A theorem of a theory under proofs/formal/, by its name "theory.theorem".

    `says` names the part of the claim that it covers for all sizes, `leaves_out` what its model does not speak of.
    """

    name: str
    says: str
    leaves_out: str


@dataclass(frozen=True)
class NearMiss:
    """Data that look like a counterexample to an obligation and are none: replay must reject them."""

    obligation: str
    data: Any
    why: str


@dataclass(frozen=True)
class Claim:
    """One checkable statement. The fields down to `obligations` are the statement; the rest says how it is judged.

    `obligations(variant, budget)` gives what has to be shown: together with the `textbook` theorems it implies the
    statement (`covers_all`), or the part of it that `proved_for` names. The derivation stands in proofs/<paper>/<row>/
    proof.md under the heading `argument`. `hypotheses` maps each name that a mutant can drop to its words. `mutants`
    adds variants beyond the systematic ones, each of which must come out refuted; for a refuted claim `repairs` are the
    variants without the defect, and `counterexamples` maps obligations to the data that evidence is to hold (else the
    first counterexample that an engine finds). An obligation whose name starts with "minimal: " says that nothing
    smaller is a counterexample, and must be proved. A claim that is expected to stay open says why in `open_because`;
    its obligations whose names start with "known: " are what is known on either side, and must be proved too.
    `formal` names theorems that a proof assistant checks, a second kind of evidence, on which no verdict rests.
    `empirical` marks what a paper reports of an experiment; `short` says of a refuted claim in one line what fails and
    what is true.
    """

    id: str
    source: str
    printed: str
    statement: str
    expected: Verdict
    obligations: Callable[[Variant, Budget], Sequence[Obligation]]
    scope: str
    covers_all: bool
    short: str | None = None
    reading: str = "as printed"
    variant_of: str | None = None
    grade: Grade | None = None
    semantics: str = "reals"
    empirical: bool = False
    open_because: str | None = None
    proved_for: str | None = None
    hypotheses: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Constant] = field(default_factory=dict)
    textbook: tuple[Textbook, ...] = ()
    formal: tuple[Formal, ...] = ()
    argument: str | None = None
    mutants: Mapping[str, Variant] = field(default_factory=dict)
    repairs: Mapping[str, Variant] = field(default_factory=dict)
    near_misses: tuple[NearMiss, ...] = ()
    counterexamples: Mapping[str, Any] = field(default_factory=dict)
    minimality: str | None = None
    snippet: str | None = None
    repaired_by: str | None = None
    depends_on: tuple[str, ...] = ()
    search: Search | None = None
    notes: str = ""

    def __post_init__(self) -> None:
        refuted = self.expected is Verdict.REFUTED
        problems = {
            "an id is 'paper.row' or 'paper.row.sub'": bool(_ID.fullmatch(self.id)),
            "a refuted claim has a grade, the others have none": refuted == (self.grade is not None),
            "a refuted claim has a snippet, a minimality and a near miss":
                not refuted or bool(self.snippet and self.minimality and self.near_misses),
            "a refuted claim has a repair: a variant without the defect": not refuted or bool(self.repairs),
            "a claim that holds has a mutant": not self.expected.holds or any(True for _ in self.mutations()),
            "a proved claim covers everything that its statement quantifies over":
                self.expected is not Verdict.PROVED or self.covers_all,
            "a formal theorem is called 'theory.theorem', once":
                all(_THEOREM.fullmatch(t.name) for t in self.formal)
                and len({t.name for t in self.formal}) == len(self.formal),
            "a supported claim says what it is proved for":
                self.expected is not Verdict.SUPPORTED or bool(self.proved_for),
            "a claim says why it is open exactly if it is expected to be":
                (self.expected is Verdict.UNKNOWN) == bool(self.open_because),
        }  # fmt: skip
        for rule, kept in problems.items():
            if not kept:
                raise ClaimError(f"{self.id}: {rule}")

    @property
    def paper(self) -> str:
        """The paper's key, for example anil2019."""
        return self.id.split(".")[0]

    @property
    def row(self) -> str:
        """The row of the paper's table of claims."""
        return self.id.split(".")[1]

    def mutations(self) -> Iterable[tuple[str, Variant]]:
        """Every mutant by name: for a claim that holds, those that must be refuted; for a refuted one, its repairs."""
        if self.expected is Verdict.REFUTED:
            yield from self.repairs.items()
            return
        for name in self.hypotheses:
            yield f"without {name}", Variant(dropped=frozenset({name}))
        for name, constant in self.constants.items():
            if constant.mutated is not None:
                label = f"{name} = {spell(constant.mutated)} instead of {spell(constant.value)}"
                yield label, Variant(constants={name: constant.mutated})
        yield from self.mutants.items()

    def named(self, variant: Variant, budget: Budget) -> dict[str, Obligation]:
        """The obligations by name; raises `ClaimError` where one name stands for two, or changes with the budget.

        Evidence speaks of obligations by their names, so a name means the same at every budget.
        """
        made = self.obligations(variant, budget)
        found = {o.name: o for o in made}
        if len(found) < len(made):
            twice = next(o.name for i, o in enumerate(made) if o.name in {p.name for p in made[:i]})
            raise ClaimError(f"{self.id}: two obligations are called {twice!r}: give each its own name")
        if budget is not Budget.CI:
            full = {o.name: o for o in self.obligations(variant, Budget.CI)}
            for name in found.keys() & full.keys():
                if found[name].to_json() != full[name].to_json():
                    raise ClaimError(f"{self.id}: {name!r} says different things at budgets {budget} and ci")
        return found

    def to_json(self) -> dict[str, Any]:
        """The statement: words, reading, hypotheses, constants and the obligations at every size of budget `ci`."""
        return {
            "id": self.id,
            "printed": self.printed,
            "statement": self.statement,
            "reading": self.reading,
            "hypotheses": dict(self.hypotheses),
            "constants": {k: spell(c.value) for k, c in self.constants.items()},
            "obligations": [o.to_json() for o in self.named(Variant(), Budget.CI).values()],
        }

    def statement_sha256(self) -> str:
        """The hash that ties evidence to exactly this statement."""
        return digest(self.to_json())
