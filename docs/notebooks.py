"""Execute notebooks and keep them with their outputs: python docs/notebooks.py [--all] [NAME ...]

The sources are notebooks/*/*.py in the percent format, which Jupyter opens through jupytext. Each is rendered to the
.ipynb beside it where its source, or the ledger's entry of a claim that it names, has changed; with --all, always.
Ctrl-C keeps those that are rendered, and the next run goes on with the others.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from lipcheck.words.evidence import write_atomically

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
CLAIM = re.compile(r"\b(?<!claims\.)(?:anil2019|bethune2021)\.[a-z0-9_]+(?:\.[a-z0-9_]+)?")
SECONDS = 300


def sources() -> list[Path]:
    """All notebooks, in the order in which they are read."""
    return sorted(NOTEBOOKS.glob("*/*.py"))


def stamp(source: Path) -> str:
    """A hash of what a rendered notebook depends on: its source, and what the ledger says of the claims in it."""
    text = source.read_text(encoding="utf-8")
    ledger = json.loads((ROOT / "proofs" / "ledger.json").read_text(encoding="utf-8"))["claims"]
    names = sorted(set(CLAIM.findall(text)))
    named = {i: entry for i, entry in ledger.items() if any(i == name or i.startswith(f"{name}.") for name in names)}
    return hashlib.sha256(json.dumps([text, named], sort_keys=True).encode()).hexdigest()


def rendered(source: Path) -> Path:
    """Where the outputs of a notebook are kept."""
    return source.with_suffix(".ipynb")


def is_current(source: Path) -> bool:
    """Whether the rendered notebook is the one of this source and this ledger."""
    path = rendered(source)
    if not path.is_file():
        return False
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found["metadata"].get("lipcheck") == stamp(source)


def execute(source: Path) -> Any:
    """The notebook with its outputs; nbclient.exceptions.CellExecutionError where a cell fails."""
    import jupytext
    from nbclient import NotebookClient

    notebook = jupytext.read(source)
    client = NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": ROOT}})
    client.execute()
    return notebook


def write(source: Path, notebook: Any) -> None:
    """Keep the notebook without what differs from run to run or from machine to machine."""
    import nbformat

    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell["metadata"] = {}
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "lipcheck": stamp(source),
    }
    write_atomically(rendered(source), nbformat.writes(notebook) + "\n")


def chosen(names: list[str], everything: bool) -> list[Path]:
    """The notebooks whose names have one of these parts, or all that are not up to date; with `everything`, all."""
    wanted = [source for source in sources() if not names or any(name in str(source) for name in names)]
    return [source for source in wanted if everything or names or not is_current(source)]


def render(todo: list[Path]) -> int:
    """How many are rendered: all, or those before one that fails.

    Each has a process and a session of its own, which Ctrl-C in a terminal does not reach.
    """
    for number, source in enumerate(todo):
        process = subprocess.Popen([sys.executable, __file__, "--here", str(source)], start_new_session=True)
        try:
            print(f"{number + 1}/{len(todo)} {source.relative_to(ROOT)}", flush=True)
            if process.wait():
                return number
        finally:
            process.kill()  # where Ctrl-C came; its kernel sees that it is gone, and ends
            process.wait()
    return len(todo)


def main() -> int:
    """Render what is asked for; each notebook is kept as soon as it is done. 1 after a failure, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(description="Execute notebooks and keep them with their outputs.")
    parser.add_argument("names", nargs="*", help="parts of file names; default: every notebook")
    parser.add_argument("--all", action="store_true", help="also those that are up to date")
    parser.add_argument("--here", type=Path, metavar="FILE", help="this one notebook, in this process")
    options = parser.parse_args()
    if options.here is not None:
        write(options.here, execute(options.here))
        return 0
    try:
        todo = chosen(options.names, options.all)
        return int(render(todo) < len(todo))
    except KeyboardInterrupt:
        print("interrupted; what is rendered is kept, and the next run goes on with the others", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
