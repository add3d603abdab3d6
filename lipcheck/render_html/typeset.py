"""Formulas as the project's files write them, in ASCII and Unicode, typeset as HTML: "||W_l||_p <= 1" becomes
‖<var>W</var><sub><var>l</var></sub>‖<sub><var>p</var></sub> ≤ 1.

Only the looks change: what is read aloud, copied or searched is the same text, up to `SIGNS` and the marks of scripts
(`plain` is that text; a test compares it with the page). Words are left alone: a single letter is a variable unless it
can be a word of the sentence, and "_" makes a subscript only behind what can carry one, so that names of files and
claims keep theirs.
"""

from __future__ import annotations

import re
from html import escape

SIGNS = {"<->": "↔", "<=>": "⇔", "<=": "≤", ">=": "≥", "!=": "≠", "->": "→", "=>": "⇒", "||": "‖"}
"""Each sign as it is typed and as it is set."""

CARRIERS = frozenset(
    re.findall(
        r"\w+",
        "alpha beta gamma delta eps epsilon eta theta kappa lambda lam mu nu xi pi rho sigma tau phi psi omega "
        "sup inf max min sum prod lim conv det Lip",
    )
)
_TOKEN = re.compile(
    r"(?P<word>[A-Za-zÀ-ÖØ-öø-ɏ]+)|(?P<sign><->|<=>|<=|>=|!=|->|=>|\|\|)|(?P<script>[_^])"
    r"|(?P<prime>')|(?P<minus>-)|(?P<other>.)",
    re.DOTALL,
)
_GROUP = re.compile(r"[-−+]?\d+|[A-Za-z]+|[∞*⊥+]|[^\W\d_]", re.ASCII | re.DOTALL)
_RADICAND = re.compile(r" ?(?=[\w(])")
_CLOSERS = ")]}|‖′'´ᵀ°"
_AFTER = "=<>≤≥+^_/)]|‖,′'.;"
_RELATIONS = "=<>≤≥≠+^_/√·×→"


def typeset(source: str) -> str:
    """The text as HTML, escaped, its formulas typeset."""
    out: list[str] = []
    at = 0
    carries = primes = False
    while at < len(source):
        found = _TOKEN.match(source, at)
        assert found is not None
        kind, token, end = found.lastgroup, found.group(), found.end()
        if kind == "script" and carries and (group := _group(source, end, token)):
            inside, end = group
            name = "sub" if token == "_" else "sup"
            out.append(f"<{name}>{typeset(inside)}</{name}>")
            primes = True
        elif kind == "prime" and primes and not re.match(r"(s|t|re|ll)\b", source[end:]):
            out.append('<span class="prime">′</span>')
        elif kind == "word" and token == "sqrt" and (radicand := _RADICAND.match(source, end)):
            out.append("√")
            end, carries = radicand.end(), False
        elif kind == "word":
            out.append(_word(source, at, token))
            carries = len(token) == 1 or token in CARRIERS or (len(token) <= 3 and token.isupper())
            primes = len(token) == 1 and source[at - 1 : at] != "'"
        elif kind == "sign":
            out.append(SIGNS[token])
            carries, primes = token == "||", False
        else:
            minus = kind == "minus" and _is_minus(source, at)
            out.append("−" if minus else escape(token))
            carries = token in _CLOSERS or token.isdigit() or (not token.isascii() and token not in "–—…“”‘’−")
            primes = False
        at = end
    return "".join(out)


def plain(source: str) -> str:
    """What typesetting keeps of a text: each sign in one spelling; spaces, marks of scripts and brackets, some of which
    only hold a script together, left out."""
    for typed, sign in (*SIGNS.items(), ("−", "-"), ("′", "'"), ("sqrt", "√")):
        source = source.replace(typed, sign)
    return re.sub(r"[\s_^{}()]", "", re.sub(r"(?<=\d) x (?=\d)", "×", source))


def _group(source: str, at: int, mark: str) -> tuple[str, int] | None:
    """The text of the script that starts here, without its brackets, and where it ends."""
    opening = source[at : at + 1]
    if opening == "{" or (opening == "(" and mark == "^"):
        end = _closing(source, at)
        return (source[at + 1 : end], end + 1) if end else None
    found = _GROUP.match(source, at)
    return (found.group(), found.end()) if found else None


def _closing(source: str, at: int) -> int | None:
    """Where the bracket that opens here is closed."""
    depth = 0
    for i in range(at, len(source)):
        depth += (source[i] in "({") - (source[i] in ")}")
        if depth == 0:
            return i
    return None


def _word(source: str, at: int, word: str) -> str:
    """A word as it is, a variable in italics, the sign of "3 x 2" as a sign."""
    if word == "x" and re.search(r"\d $", source[:at]) and re.match(r" \d", source[at + 1 :]):
        return "×"
    return f"<var>{word}</var>" if len(word) == 1 and _is_variable(source, at) else escape(word)


def _is_variable(source: str, at: int) -> bool:
    before, after = source[:at], source[at + 1 :]
    possessive = source[at] in "st" and re.search(r"[^\W\d_]['’]$", before)
    if possessive or re.search(r"[^\W\d_]{2}['’]$|[^\W\d_]\.$|([Aa]ppendix|[Ss]ection|[Pp]art) $", before[-9:]):
        return False
    if re.match(r"\.\w|['’](s|t|re|ll)\b", after) and source[at] in "eigsd":
        return False
    match source[at]:
        case "A" | "I":  # words only where a sentence begins
            return re.search(r"(^|[.:;!?\"'“(]|\A)\s*$", before) is None or _among_signs(before, after)
        case "a":
            return _among_signs(before, after)
    return re.match(r"\.\w", after) is None


def _among_signs(before: str, after: str) -> bool:
    near = after.lstrip(" ")[:1]
    alone = not before.strip() and not after.strip()
    behind = before.rstrip(" ")[-1:]
    return (
        alone or (near != "" and near in _AFTER) or after[:2] in (" -", " −") or (behind != "" and behind in _RELATIONS)
    )


def _is_minus(source: str, at: int) -> bool:
    before, after = source[:at], source[at + 1 : at + 2]
    if before[-1:] in (" ", "\n", ""):
        return after == " " or after.isalnum() or after in tuple("(|‖")
    if before[-1] in "([{,=|^/<>≤≥_‖":
        return after.isalnum() or after in tuple("(|‖")
    return (
        after.isdigit()
        and re.search(r"(?<![A-Za-z])[A-Za-z]$|\)$", before[-2:]) is not None
        and (re.match(r"\d+(?![\w-])", source[at + 1 :]) is not None)
    )
