"""Formal theorems: Coq proves them afresh, and what it proved is compared, word for word, with what is pinned.

A theory lies in proofs/formal/NAME.v, and beside it NAME.json pins, for every theorem that a claim names, the statement
as Coq prints it, the definitions of the project that it speaks of, the axioms behind the proofs, and the hashes of the
sources. A theorem counts if the theory holds only what `formal_scan` allows, Coq compiles it in a fresh folder, its
axioms are among those of the standard library's real numbers or the excluded middle, and everything pinned is what Coq
prints. So a theorem that was renamed or weakened, a hypothesis that was added, and a definition that came to mean less
are refused. What Coq proves is mathematics; that the Python code computes it is not shown.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from lipcheck.engines import coq
from lipcheck.engines.formal_scan import FormalError, Outline, outline

FOLDER = "formal"
SCHEMA = 1
QUALIFIED = re.compile(r"[A-Za-z_][\w']*\.[A-Za-z_][\w']*")
AXIOMS = frozenset({
    "ClassicalDedekindReals.sig_not_dec : forall P : Prop, {~ ~ P} + {~ P}",
    "ClassicalDedekindReals.sig_forall_dec : forall P : nat -> Prop, (forall n : nat, {P n} + {~ P n}) -> "
    "{n : nat | ~ P n} + {forall n : nat, P n}",
    "FunctionalExtensionality.functional_extensionality_dep : forall (A : Type) (B : A -> Type) "
    "(f g : forall x : A, B x), (forall x : A, f x = g x) -> f = g",
    "classic : forall P : Prop, P \\/ ~ P",
})  # fmt: skip


@dataclass(frozen=True)
class Proved:
    """What Coq proved and printed: statements of theorems and texts of definitions by name, axioms by theory."""

    theorems: Mapping[str, str]
    definitions: Mapping[str, str]
    axioms: Mapping[str, tuple[str, ...]]

    def spoken_of(self, names: Sequence[str]) -> dict[str, str]:
        """The definitions that these theorems' statements speak of.

        Raises `FormalError` for a statement that speaks of a theorem, whose proof is a value that is not printed.
        """
        found = mentioned("\n".join(self.theorems[name] for name in names), self.definitions)
        texts = [*(self.theorems[name] for name in names), *found.values()]
        if hidden := sorted(set(QUALIFIED.findall("\n".join(texts))) & self.theorems.keys()):
            raise FormalError(f"a statement speaks of {hidden[0]}, whose value no text shows: make it a definition")
        return found


def mentioned(text: str, definitions: Mapping[str, str]) -> dict[str, str]:
    """The definitions that a text speaks of, and those that they speak of in turn."""
    found: dict[str, str] = {}
    queue = [text]
    while queue:
        for name in QUALIFIED.findall(queue.pop()):
            if name in definitions and name not in found:
                found[name] = definitions[name]
                queue.append(found[name])
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Theories:
    """The sources of some theories, each after those that it imports, with their outlines."""

    sources: Mapping[str, str]
    outlines: Mapping[str, Outline]

    def sha256(self, theory: str) -> str:
        """SHA-256 of a source."""
        return hashlib.sha256(self.sources[theory].encode("ascii")).hexdigest()

    def hashes(self, theory: str) -> dict[str, str]:
        """The hashes of a theory and of all that it imports, directly or not."""
        found = {theory: self.sha256(theory)}
        for name in self.outlines[theory].theories:
            found |= self.hashes(name)
        return dict(sorted(found.items()))


def read(folder: Path, wanted: Iterable[str]) -> Theories:
    """The wanted theories of a folder and those that they import; raises `FormalError` for what is not allowed."""
    sources: dict[str, str] = {}
    outlines: dict[str, Outline] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise FormalError(f"theories import each other in a circle: {' -> '.join([*path, name])}")
        if name in sources:
            return
        try:
            source = (folder / f"{name}.v").read_bytes().decode("ascii")
        except OSError as error:
            raise FormalError(f"{folder / name}.v cannot be read ({error.strerror}): restore it") from error
        except UnicodeDecodeError as error:
            raise FormalError(f"{name}: a theory is plain ASCII without strings") from error
        found = outline(source, name)
        for other in found.theories:
            visit(other, (*path, name))
        sources[name], outlines[name] = source, found

    for name in wanted:
        visit(name, ())
    return Theories(sources, outlines)


def prove(theories: Theories, seconds: float = coq.SECONDS) -> Proved:
    """Every theorem of the theories, proved afresh; raises `FormalError` for an axiom that is not allowed."""
    printed = coq.printed(theories.sources, theories.outlines, seconds)
    for name, part in printed.items():
        if strange := [axiom for axiom in part.axioms if axiom not in AXIOMS]:
            raise FormalError(f"{name} rests on {strange[0][:100]}, which is neither an axiom of the reals nor classic")
    return Proved(
        {name: text for part in printed.values() for name, text in part.statements.items()},
        {name: text for part in printed.values() for name, text in part.definitions.items()},
        {theory: part.axioms for theory, part in printed.items()},
    )


def pin(theories: Theories, theory: str, proved: Proved, claims: Mapping[str, Any]) -> dict[str, Any]:
    """The document that pins the theorems that the claims name: claim -> {"statement_sha256", "theorems"}."""
    names = sorted({name for entry in claims.values() for name in entry["theorems"]})
    if missing := [name for name in names if name not in proved.theorems]:
        raise FormalError(f"{missing[0]} is no theorem of {theory}: correct the claim's `formal`")
    return {
        "schema": SCHEMA,
        "theory": theory,
        "coq": coq.version(),
        "sources": theories.hashes(theory),
        "axioms": list(proved.axioms[theory]),
        "theorems": {name: proved.theorems[name] for name in names},
        "definitions": proved.spoken_of(names),
        "claims": dict(claims),
    }


def compare(pins: Mapping[str, Any], theories: Theories, proved: Proved) -> None:
    """Raise `FormalError` unless the statements, definitions, axioms and sources are exactly those pinned."""
    names = list(pins["theorems"])
    if missing := [name for name in names if name not in proved.theorems]:
        raise FormalError(f"Coq knows no theorem {missing[0]}: it was renamed or removed")
    stated = {name: proved.theorems[name] for name in names}
    for kind, found in (("theorem", stated), ("definition", proved.spoken_of(names))):
        pinned = pins[f"{kind}s"]
        for name in sorted(pinned.keys() | found.keys()):
            if pinned.get(name) != found.get(name):
                raise FormalError(f"the {kind} {name} is not the one that is pinned: "
                                  f"{_difference(pinned.get(name, ''), found.get(name, ''))}")  # fmt: skip
    if pins["axioms"] != list(proved.axioms[pins["theory"]]):
        raise FormalError(f"{pins['theory']} does not rest on the axioms that are pinned")
    require_sources(pins, theories)


def require_sources(pins: Mapping[str, Any], theories: Theories) -> None:
    """Raise `FormalError` unless the sources are those that were checked."""
    hashes = theories.hashes(pins["theory"])
    if wrong := sorted(k for k in hashes.keys() | pins["sources"].keys() if hashes.get(k) != pins["sources"].get(k)):
        raise FormalError(f"{wrong[0]}.v differs from the source that was checked: restore it, or check the theories "
                          "anew with `make coq UPDATE=--update`")  # fmt: skip


def _difference(pinned: str, found: str) -> str:
    for first, second in zip_longest(pinned.splitlines(), found.splitlines(), fillvalue=""):
        if first != second:
            return f"{first.strip()[:80]!r} became {second.strip()[:80]!r}"
    return "their ends of lines differ"
