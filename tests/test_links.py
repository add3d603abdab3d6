"""Every relative link of the README, the documentation, the derivations and the notebooks leads somewhere.

A link leads somewhere if its file is there and, after a #, if that file has the heading, spelled as code hosts spell
the anchors of headings. Addresses in the network are not asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("README.md", "docs/*.md", "notebooks/*.md", "notebooks/*/*.ipynb", "proofs/**/*.md")
PAGES = sorted(page for place in PLACES for page in ROOT.glob(place))
FENCED = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^()\s<>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)


def text(page: Path) -> str:
    """The Markdown of a page; of a notebook, that of its cells."""
    written = page.read_text(encoding="utf-8")
    if page.suffix != ".ipynb":
        return written
    cells = json.loads(written)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def targets(written: str) -> list[str]:
    """What the links and pictures of this Markdown point at; brackets in code and formulas are none."""
    for hidden in (FENCED, CODE, FORMULA):
        written = hidden.sub("", written)
    return LINK.findall(written)


def anchor(heading: str) -> str:
    """The anchor of a heading: its words in small letters, joined by hyphens, without punctuation."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors of a page; a heading that comes again has a number after its words."""
    found: list[str] = []
    for heading in HEADING.findall(FENCED.sub("", text(page))):
        plain = anchor(heading)
        before = sum(re.fullmatch(re.escape(plain) + r"(-\d+)?", other) is not None for other in found)
        found.append(f"{plain}-{before}" if before else plain)
    return frozenset(found)


def broken(page: Path, written: str) -> Iterator[str]:
    """The relative links of this page that lead nowhere."""
    for target in targets(written):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = unquote(target).partition("#")
        there = (page.parent / name).resolve() if name else page
        inside = there.is_relative_to(ROOT) and there.exists()
        if not inside or (fragment and (there.suffix not in (".md", ".ipynb") or fragment not in anchors(there))):
            yield target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    assert list(broken(page, text(page))) == []


def test_links_are_found_at_all() -> None:
    found = {page.name: targets(text(page)) for page in PAGES if page.parent in (ROOT, ROOT / "notebooks")}
    assert "docs/ledger.md" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(found["README.md"]) >= 20


@pytest.mark.parametrize(
    "written",
    ["[a](docs/nowhere.md)", "![a](docs/nowhere.png)", "[a](#no-such-heading)", "[a](docs/ledger.md#no-such-heading)",
     "[a](../outside.md)", "[two](README.md#gpu) [a]( docs/nowhere.md 'x')".replace("'", '"')],
)  # fmt: skip
def test_a_broken_link_is_caught(written: str) -> None:
    assert len(list(broken(ROOT / "README.md", written))) == 1


@pytest.mark.parametrize(
    "written",
    ["[a](docs/peers.md)", "[a](#gpu)", "[a](docs/peers.md#reproductions-without-lipcheck)", "`[a](nowhere)`",
     "$f[a](x)$", "```\n[a](nowhere)\n```", "[a](https://example.org/nowhere)"],
)  # fmt: skip
def test_what_leads_somewhere_or_is_no_link_passes(written: str) -> None:
    assert list(broken(ROOT / "README.md", written)) == []
