"""Derivations: the section of a proof.md that a claim names, as HTML.

The files are Markdown whose formulas are plain text, so "_" never means emphasis, and nothing in them is HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lipcheck.render_html.markup import tag, text
from lipcheck.render_html.typeset import typeset

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_UNDERSCORE = "\ue000"
"""Stands for "_" while Markdown is parsed."""


def introduction(path: Path) -> tuple[str, str]:
    """The title of a file, and what it says before its first section: the setting, the notation, the verdicts."""
    head = re.split(r"^## ", path.read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE)[0]
    found = re.match(r"# (.+)\n", head)
    return (found.group(1), head[found.end() :].strip()) if found else ("", head.strip())


def section(path: Path, anchor: str) -> str:
    """The section with this anchor down to the next heading of its rank or above it; the whole file for no anchor.

    Raises `KeyError` for an anchor that no heading has.
    """
    content = path.read_text(encoding="utf-8")
    if not anchor:
        return content
    headings = list(re.finditer(r"^(#+) +(.+)$", content, flags=re.MULTILINE))
    for i, heading in enumerate(headings):
        if slug(heading.group(2)) == anchor:
            rank = len(heading.group(1))
            ends = (later.start() for later in headings[i + 1 :] if len(later.group(1)) <= rank)
            return content[heading.start() : next(ends, len(content))].strip()
    raise KeyError(f"{path} has no heading {anchor!r}")


def slug(heading: str) -> str:
    """The anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def to_html(markdown: str) -> str:
    """The Markdown as HTML with its formulas typeset; headings become paragraphs, tables may scroll on their own."""
    return str(_markdown().render(markdown.replace("_", _UNDERSCORE))).replace(_UNDERSCORE, "_")


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "autolink", "image"])
    rules: Mapping[str, Any] = {
        "text": lambda tokens, i, options, env: typeset(_restored(tokens[i].content)),
        "code_block": lambda tokens, i, options, env: _formula(_restored(tokens[i].content)),
        "code_inline": lambda tokens, i, options, env: tag("code", text(_restored(tokens[i].content))),
        "heading_open": lambda tokens, i, options, env: '<p class="heading">',
        "heading_close": lambda tokens, i, options, env: "</p>\n",
        "table_open": lambda tokens, i, options, env: '<div class="scroll"><table>\n',
        "table_close": lambda tokens, i, options, env: "</table></div>\n",
    }
    made.renderer.rules.update(rules)  # type: ignore[attr-defined]
    return made


def _formula(content: str) -> str:
    """A displayed formula; the number in brackets at the end of a line keeps its distance from it."""
    lines = (re.sub(r" {3,}(?=\(\d+\)$)", "   ", line.rstrip()) for line in content.strip("\n").split("\n"))
    return tag("p", typeset("\n".join(lines)), class_="formula") + "\n"


def _restored(content: str) -> str:
    return content.replace(_UNDERSCORE, "_")
