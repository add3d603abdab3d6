"""Notebooks run, are kept as they run, and every numbered statement has one."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from lipcheck import registry
from lipcheck.network import Affine, MaxMin, Network, NetworkError
from lipcheck.notebook import values
from lipcheck.readings.rational import evaluate

ROOT = Path(__file__).resolve().parents[1]
NUMBERED = re.compile(r"theorem_\d+|lemma_\d+|proposition_\d+|corollary_\d+|property_\d+|example_\d+|koch_snowflake")


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebooks_tool", ROOT / "docs" / "notebooks.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


TOOL = tool()
SOURCES: list[Path] = TOOL.sources()


def names(source: Path) -> str:
    return str(source.relative_to(ROOT / "notebooks"))


def test_there_are_notebooks() -> None:
    assert SOURCES


def test_the_list_of_notebooks_names_each_with_its_title() -> None:
    lines = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8").splitlines()
    for source in SOURCES:
        name = names(source).removesuffix(".py")
        title = re.search(r"^# # (.+)$", source.read_text(encoding="utf-8"), re.MULTILINE)
        assert title is not None, f"{name} has no title"
        words = title[1].replace("|", "\\|")
        assert f"| [{name}]({name}.ipynb) | {words} |" in lines, f"notebooks/README.md does not list {name}: {words}"


@pytest.mark.parametrize("source", SOURCES, ids=names)
def test_the_kept_notebook_is_the_one_of_this_source_and_ledger(source: Path) -> None:
    assert TOOL.is_current(source), "stale: python docs/notebooks.py"


@pytest.mark.parametrize("source", SOURCES, ids=names)
def test_the_kept_notebook_has_the_cells_of_the_source(source: Path) -> None:
    """One cell for each line `# %%` or `# %% [markdown]`, of its kind, and no cell shows such a line as text."""
    marks = re.findall(r"^# %%(?: \[(markdown)\])?$", source.read_text(encoding="utf-8"), re.MULTILINE)
    cells = json.loads(TOOL.rendered(source).read_text(encoding="utf-8"))["cells"]
    assert [cell["cell_type"] for cell in cells] == [mark or "code" for mark in marks]
    assert not [cell for cell in cells if "%%" in "".join(cell["source"])]


@pytest.mark.parametrize("source", SOURCES, ids=names)
def test_every_claim_that_a_notebook_names_exists(source: Path) -> None:
    claims = registry.load()
    rows = {f"{claim.paper}.{claim.row}" for claim in claims.values()}
    for name in TOOL.CLAIM.findall(source.read_text(encoding="utf-8")):
        assert name in claims or name in rows, f"{name} is no claim"


@pytest.mark.parametrize("source", SOURCES, ids=names)
def test_every_picture_says_what_it_shows(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    assert text.count("plt.show()") >= 1, "a notebook without a picture"
    assert text.count("title") >= text.count("plt.show()"), "a picture without a title"


@pytest.mark.parametrize("source", SOURCES, ids=names)
def test_it_runs(source: Path) -> None:
    for name in ("jupytext", "nbclient", "ipykernel", "matplotlib", "torch"):
        pytest.importorskip(name, reason=f"{name} is missing: pip install 'lipcheck[notebooks]'")
    fresh, kept = TOOL.execute(source), json.loads(TOOL.rendered(source).read_text(encoding="utf-8"))
    assert [cell["cell_type"] for cell in fresh.cells] == [cell["cell_type"] for cell in kept["cells"]]
    for number, (now, then) in enumerate(zip(fresh.cells, kept["cells"], strict=True)):
        assert verdicts(now) == verdicts(then), f"cell {number} shows other records than the kept notebook"


def test_values_are_those_of_the_exact_network() -> None:
    pytest.importorskip("torch", reason="torch is missing: pip install 'lipcheck[torch]'")
    network = Network(2, (Affine([["1/2", "-1/2"], ["1/2", "1/2"]], ["1/4", "0"]), MaxMin()))
    grid = np.stack(np.meshgrid([-1.0, 0.5, 2.0], [0.0, 1.0]), axis=-1)
    found = values(network, grid)
    assert found.shape == (2, 3, 2) and found.dtype == np.float64
    assert [Fraction(v) for v in found.ravel()] == [v for x in grid.reshape(-1, 2) for v in evaluate(network, x)]
    assert values(network, [0, 1]).tolist() == [0.5, -0.25]
    assert values(network, np.empty((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("points", [[0.0], 0.0, [[0.0, float("nan")]]])
def test_values_refuse_points_that_do_not_fit(points: Any) -> None:
    pytest.importorskip("torch", reason="torch is missing: pip install 'lipcheck[torch]'")
    with pytest.raises(NetworkError):
        values(Network(2, (Affine.linear([[1, 0]]),)), points)


def verdicts(cell: Any) -> list[str]:
    pages = [str(output.get("data", {}).get("text/markdown", "")) for output in cell.get("outputs", [])]
    return re.findall(r"\*\*`(\S+)`: (\w+)", " ".join(pages))
