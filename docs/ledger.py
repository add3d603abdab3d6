"""Write what README.md and docs/ledger.md say of the ledger, and README.md of other libraries: python docs/ledger.py"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import dropwhile, takewhile
from pathlib import Path

from lipcheck import registry
from lipcheck.render_markdown import counts, everything, open_claims, refuted_folded
from lipcheck.words.verdict import Verdict

ROOT = Path(__file__).resolve().parents[1]
HEAD = """# The ledger

Every claim with its verdict. `lipcheck show CLAIM` prints its words in the paper, its hypotheses and its derivation,
`lipcheck check CLAIM` judges it. This file is written by `docs/ledger.py`.
"""
TABLES = {"ledger": counts, "refuted": refuted_folded, "open": open_claims}


def peers() -> list[str]:
    """The table of audited networks of other libraries, the first of docs/peers.md."""
    lines = (ROOT / "docs" / "peers.md").read_text(encoding="utf-8").splitlines()
    below = dropwhile(lambda line: not line.startswith("|"), lines)
    return list(takewhile(lambda line: line.startswith("|"), below))


def pages() -> Iterator[tuple[Path, str]]:
    """Each file with the text that it should have."""
    ledger = json.loads((ROOT / "proofs" / "ledger.json").read_text(encoding="utf-8"))["claims"]
    claims = [claim for claim in registry.load().values() if claim.id in ledger]
    verdicts = {name: Verdict(entry["verdict"]) for name, entry in ledger.items()}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    written = {name: list(lines(claims, verdicts)) for name, lines in TABLES.items()}
    written["peers"] = peers()
    for name, lines in written.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        assert readme.count(start) == readme.count(end) == 1, f"README.md has no one place for {name}"
        before, after = readme.split(start)[0], readme.split(end)[1]
        readme = before + "\n".join([start, *lines, end]) + after
    yield ROOT / "README.md", readme
    yield ROOT / "docs" / "ledger.md", "\n".join([HEAD, *everything(claims, verdicts)]).rstrip() + "\n"


if __name__ == "__main__":
    for path, text in pages():
        path.write_text(text, encoding="utf-8")
