"""What a Coq theory may contain: a few commands that are known to add no assumption, and tactics.

The scan allows and does not search for faults: `Definition` and `Fixpoint` with a body, `Lemma` and `Theorem` with
`Proof.` and `Qed.`, imports from a list of modules of the standard library and from theories of the project, and the
opening of a few scopes. There is no `Section`, so that no `Variable` or `Hypothesis` is behind a theorem. It refuses
strings, attributes, non-ASCII letters and dots in a row, which keeps the division into sentences as simple as Coq's.
What passes is compiled by Coq, whose kernel decides; the scan alone proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lipcheck.words.errors import LipcheckError

LIBRARIES = frozenset({"Arith", "Classical", "Lia", "List", "Lra", "Permutation", "Psatz", "Reals", "Sorted", "ZArith"})
SCOPES = frozenset({"R_scope", "nat_scope", "list_scope", "Z_scope"})
REFUSED_TACTICS = frozenset({"admit", "give_up", "native_compute", "native_cast_no_check", "vm_cast_no_check",
                             "exact_no_check", "change_no_check", "convert_concl_no_check"})  # fmt: skip
NAME = r"[A-Za-z_][A-Za-z0-9_']*"
OPENED = re.compile(rf"(Lemma|Theorem)\s+({NAME})\b.*", re.DOTALL)
DEFINED = re.compile(rf"(Definition|Fixpoint)\s+({NAME})\b.*:=.*", re.DOTALL)
REQUIRED = re.compile(rf"From\s+(Coq|Lipcheck)\s+Require\s+Import((?:\s+{NAME})+)")
OPENED_SCOPE = re.compile(rf"Open\s+Scope\s+({NAME})")


class FormalError(LipcheckError, ValueError):
    """A theory, or what is stored of it, that shows nothing."""


@dataclass
class Outline:
    """What one theory imports, opens, defines and proves, in order."""

    libraries: list[str] = field(default_factory=list)
    theories: list[str] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)
    theorems: list[str] = field(default_factory=list)


def outline(source: str, name: str) -> Outline:
    """The outline of a theory; raises `FormalError` for everything that is not allowed."""
    found = Outline()
    proving: str | None = None
    for sentence in sentences(source, name):
        bare = re.sub(r"^(?:[-+*{}]\s*|\d+:\s*(?={))+", "", sentence) if proving else sentence
        if proving and bare in ("Proof", "Qed", ""):
            proving = None if bare == "Qed" else proving
        elif proving:
            _tactic(bare, f"{name}.{proving}")
        else:
            proving = _command(sentence, found, name)
    if proving:
        raise FormalError(f"{name}: the proof of {proving} does not end in Qed: complete it")
    known = [*found.definitions, *found.theorems]
    if twice := sorted({n for n in known if known.count(n) > 1}):
        raise FormalError(f"{name}: two things are called {twice[0]}: give each its own name")
    return found


def _tactic(sentence: str, where: str) -> None:
    if not re.match(r"[a-z]|\(|\[", sentence):
        raise FormalError(f"{where}: {_shown(sentence)} is no tactic: a proof holds tactics up to its Qed")
    if refused := sorted(REFUSED_TACTICS & set(re.findall(NAME, sentence))):
        raise FormalError(f"{where}: the tactic {refused[0]} checks nothing: prove the goal")


def _command(sentence: str, found: Outline, name: str) -> str | None:
    """Note one command outside of proofs; the name of the theorem whose proof it opens, if it opens one."""
    if match := OPENED.fullmatch(sentence):
        found.theorems.append(match[2])
        return match[2]
    if match := DEFINED.fullmatch(sentence):
        found.definitions.append(match[2])
        return None
    if match := REQUIRED.fullmatch(sentence):
        modules = match[2].split()
        if match[1] == "Coq" and (strange := sorted(set(modules) - LIBRARIES)):
            raise FormalError(f"{name}: {strange[0]} is not among the modules that a theory may import: {_list()}")
        (found.libraries if match[1] == "Coq" else found.theories).extend(modules)
        return None
    if (match := OPENED_SCOPE.fullmatch(sentence)) and match[1] in SCOPES:
        found.scopes.append(match[1])
        return None
    raise FormalError(f"{name}: {_shown(sentence)} is not a command that a theory may use")


def sentences(source: str, name: str) -> Iterator[str]:
    """The sentences without comments and without their final dots."""
    if not source.isascii() or '"' in source:
        raise FormalError(f"{name}: a theory is plain ASCII without strings")
    text = _uncommented(source, name)
    if ".." in text:
        raise FormalError(f"{name}: two dots in a row are not read here: write the tactic out")
    *whole, rest = re.split(r"\.(?=\s|\Z)", text)
    if rest.strip():
        raise FormalError(f"{name}: {_shown(rest.strip())} does not end in a dot")
    yield from (sentence.strip() for sentence in whole)


def _uncommented(source: str, name: str) -> str:
    depth, kept = 0, []
    for piece in re.split(r"(\(\*|\*\))", source):
        if piece == "(*":
            depth += 1
        elif piece == "*)" and depth:
            depth -= 1
            kept.append(" ")
        elif depth == 0:
            kept.append(piece)
    if depth:
        raise FormalError(f"{name}: a comment is not closed")
    return "".join(kept)


def _shown(sentence: str) -> str:
    return repr(" ".join(sentence.split())[:60])


def _list() -> str:
    return ", ".join(sorted(LIBRARIES))
