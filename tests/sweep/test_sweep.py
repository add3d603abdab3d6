"""A sweep is the single search, cut in chunks that are kept: nothing more is found, and nothing less."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("joblib")

from jsonschema import Draft202012Validator  # noqa: E402
from laws import recheck  # noqa: E402
from processes import LAWS  # noqa: E402

from lipcheck import registry  # noqa: E402
from lipcheck.cli import main  # noqa: E402
from lipcheck.cli.sweep import progress  # noqa: E402
from lipcheck.engines.population import search_population  # noqa: E402
from lipcheck.schema import sweep_schema  # noqa: E402
from lipcheck.sweep import Asked, SweepError, Swept, arithmetic, memory, plan, sweep  # noqa: E402
from lipcheck.sweep.plan import chunks, known  # noqa: E402
from lipcheck.sweep.store import Store, write  # noqa: E402
from lipcheck.words.errors import LipcheckError  # noqa: E402
from lipcheck.words.search import Search  # noqa: E402

ASKED = Asked("swept.true", 700, points=20, files=(str(LAWS),))


@pytest.fixture(autouse=True)
def small_chunks_of_planted_claims(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(registry, "_package_modules", list)
    monkeypatch.setattr(registry, "_plugin_modules", list)
    monkeypatch.setattr(plan, "WORK", 150_000)
    known.cache_clear()
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)
    known.cache_clear()


def run(folder: Path, asked: Asked = ASKED, **options: Any) -> Swept:
    return sweep(asked, folder, **{"workers": 1, **options})


def chunk_files(folder: Path) -> list[Path]:
    return sorted((folder / ASKED.claim / "chunks").iterdir())


@pytest.mark.parametrize("claim", ["swept.true", "swept.false"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_outcome_is_that_of_the_single_search(claim: str, dtype: str, tmp_path: Path) -> None:
    asked = replace(ASKED, claim=claim, dtype=dtype, seed=5)
    found = run(tmp_path, asked).record["search"]
    alone = search_population(asked.law(), networks=700, points=20, seed=5, dtype=dtype)
    assert found == json.loads(json.dumps(alone.to_json()))
    assert found["violations"] > 0 and (found["confirmed"] > 0) == (claim == "swept.false")
    if claim == "swept.false":
        assert recheck(asked.law(), found["counterexample"]) < 0


def test_chunks_hold_every_network_once_and_follow_from_the_question() -> None:
    found = list(chunks(ASKED))
    assert len(found) > 5 and [chunk.number for chunk in found] == list(range(len(found)))
    assert sum(chunk.networks for chunk in found) == 700
    assert list(chunks(ASKED)) == found != list(chunks(replace(ASKED, seed=1)))
    seeds = [block.seed for chunk in found for block in chunk.blocks]
    assert len(set(seeds)) == len(seeds)


def test_memory_changes_the_size_of_a_piece_and_no_byte(tmp_path: Path) -> None:
    wide = run(tmp_path / "wide")
    least = int(memory.base() / memory.MIB) + 40
    assert memory.activations(ASKED, least) < memory.activations(ASKED, None)
    narrow = run(tmp_path / "narrow", memory=least + 200)
    assert narrow.record == wide.record and narrow.run["memory_mib"] == least + 200
    with pytest.raises(SweepError, match=r"--memory 1 MiB is too little for a worker: give at least \d+ here"):
        run(tmp_path / "none", memory=1)


def test_a_resumed_sweep_does_only_what_is_missing(tmp_path: Path) -> None:
    first = run(tmp_path)
    files = chunk_files(tmp_path)
    files[1].unlink()
    files[3].unlink()
    seen: list[tuple[int, int]] = []
    again = run(tmp_path, resume=True, progress=lambda done, total: seen.append((done, total)))
    assert again.record == first.record
    assert (again.run["chunks"], again.run["resumed"]) == (len(files), len(files) - 2)
    assert len(seen) == 3 and seen[0][0] + again.run["networks"] == seen[-1][0] == 700


@pytest.mark.parametrize("how", ["torn", "empty", "altered", "renamed", "not JSON at all"])
def test_a_spoiled_chunk_is_done_again(how: str, tmp_path: Path) -> None:
    first = run(tmp_path)
    files = chunk_files(tmp_path)
    content = files[2].read_text()
    spoiled = {
        "torn": content[: len(content) // 2], "empty": "", "not JSON at all": "[1]",
        "altered": content.replace('"violations":', '"violations":1', 1), "renamed": files[1].read_text(),
    }[how]  # fmt: skip
    files[2].write_text(spoiled)
    said: list[str] = []
    again = run(tmp_path, resume=True, tell=said.append)
    assert again.record == first.record and files[2].read_text() != spoiled
    assert again.run["done_again"] == 1 and "was torn or altered; its chunk is done again" in said[0]


def test_a_forged_chunk_is_not_believed_for_the_networks_it_lacks(tmp_path: Path) -> None:
    run(tmp_path)
    store = Store(tmp_path / ASKED.claim, arithmetic.plan_of(ASKED))
    body, where = store.read(0) or ({}, {})
    store.keep(0, body | {"drawn": 1}, where)
    with pytest.raises(SweepError, match="networks were drawn where 700 were asked for"):
        run(tmp_path, resume=True)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"networks": 800}, "networks 700, not 800"), ({"seed": 1}, "seed 0, not 1"), ({"points": 9}, "points 20, not 9")],
)
def test_another_plan_is_refused(change: dict[str, Any], words: str, tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(SweepError, match=f"holds another sweep .*{words}.*: ask for the same, or name another folder"):
        run(tmp_path, replace(ASKED, **change), resume=True)


def test_a_chunk_of_another_plan_is_refused(tmp_path: Path) -> None:
    run(tmp_path / "a")
    run(tmp_path / "b", replace(ASKED, seed=1))
    shutil.copy(chunk_files(tmp_path / "b")[0], chunk_files(tmp_path / "a")[0])
    with pytest.raises(SweepError, match="is a chunk of another sweep: remove it"):
        run(tmp_path / "a", resume=True)


def test_another_text_of_the_law_is_another_plan(tmp_path: Path) -> None:
    laws = tmp_path / "laws_to_sweep.py"
    text = LAWS.read_text().replace("Path(__file__).resolve()", f"Path({str(LAWS)!r})")
    laws.write_text(text)
    asked = replace(ASKED, files=(str(laws),))
    before = arithmetic.plan_of(asked)
    run(tmp_path, asked)
    laws.write_text(text + "\n# a law may have changed\n")
    arithmetic.code.cache_clear()
    with pytest.raises(SweepError, match=r"holds another sweep \(code"):
        run(tmp_path, asked, resume=True)
    with pytest.raises(SweepError, match="has another lipcheck or another text of the claim: install the same there"):
        arithmetic.require_same(before)


def test_a_worker_that_rounds_differently_is_refused() -> None:
    here = arithmetic.plan_of(ASKED)
    arithmetic.require_same(here)
    with pytest.raises(SweepError, match=r"rounds differently .*: use workers with the same processor"):
        arithmetic.require_same(replace(here, arithmetic=here.arithmetic | {"probe": "0" * 64}))


def test_a_folder_in_use_or_not_asked_for_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / ASKED.claim, arithmetic.plan_of(ASKED))
    store.open(resume=False)
    with pytest.raises(SweepError, match="another sweep is at work in"):
        run(tmp_path, resume=True)
    store.close()
    with pytest.raises(SweepError, match="holds a sweep already: go on with --resume"):
        run(tmp_path)
    write(store.folder / "plan.json", {"claim": "swept.true"})
    with pytest.raises(SweepError, match="is no plan of a sweep"):
        run(tmp_path, resume=True)


@pytest.mark.parametrize(
    ("asked", "options", "words"),
    [
        ({"networks": 0}, {}, "0 networks were asked for"),
        ({"points": 0}, {}, "0 points were asked for"),
        ({"seed": -1}, {}, "the seed -1 is negative"),
        ({"claim": "swept.lawless"}, {}, "swept.lawless: no law on networks to sweep; these have one: swept.failing,"),
        ({"claim": "swept.stranger"}, {}, "no claim is called 'swept.stranger'"),
        ({"claim": "swept.failing"}, {}, "swept.failing: its law fails on a chunk .*AttributeError.*: mend it"),
        ({"device": "cuda"}, {"memory": 300}, "--memory 300 bounds workers on a CPU, not on cuda"),
        ({"device": "abacus"}, {}, "'abacus' is not a device"),
        ({"dtype": "float16"}, {}, "'float16' is not a dtype"),
        ({}, {"engine": "spark"}, "'spark' is not an engine: use local"),
        ({}, {"engine": "dask"}, "'dask' is not an engine: use local"),
        ({}, {"engine": "dask:tcp://x", "workers": 2}, "a dask cluster has its own workers"),
        ({}, {"workers": 0}, "0 workers were asked for"),
    ],
)
def test_what_makes_no_sense_is_refused(
    asked: dict[str, Any], options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(LipcheckError, match=words):
        run(tmp_path, replace(ASKED, **asked), **options)


def test_a_missing_engine_is_named_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lipcheck.sweep.engine.find_spec", lambda name: None)
    with pytest.raises(SweepError, match=r"needs joblib and dask and distributed: pip install 'lipcheck\[sweep\]'"):
        run(tmp_path, engine="dask:tcp://127.0.0.1:1", workers=None)


def sweep_command(folder: Path, *arguments: str) -> int:
    options = ["--networks", "300", "--points", "9", "--workers", "1", "--claims", str(LAWS)]
    return main(["sweep", *arguments, *options, "--resume", str(folder)])


def test_a_violation_is_status_1_unless_it_is_expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep_command(tmp_path, "swept.true", "--quiet") == 0
    assert capsys.readouterr().err == ""
    assert sweep_command(tmp_path, "swept.refuted", "--quiet") == 0
    assert "as expected: margin -" in capsys.readouterr().out
    assert sweep_command(tmp_path, "swept.false") == 1
    out, err = capsys.readouterr()
    assert "not expected: margin -" in out and "swept.false: 300 of 300 networks" in err and "left" in err


def test_without_a_terminal_progress_is_a_line_for_every_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("swept.true", quiet=False) as told:
        for done in range(200, 1001):
            told and told(done, 1000)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 9 and lines[0] == "swept.true: 200 of 1,000 networks, 200 resumed"
    assert re.fullmatch(r"swept.true: 1,000 of 1,000 networks, [\d,]+/s, 0:00:00 left", lines[-1])


def test_the_document_fits_its_schema_and_is_the_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep_command(tmp_path, "swept.true", "swept.refuted", "--json", "-") == 0
    document = json.loads(capsys.readouterr().out)
    assert [e.message for e in Draft202012Validator(sweep_schema()).iter_errors(document)] == []
    assert [entry["record"]["claim"] for entry in document["sweeps"]] == ["swept.refuted", "swept.true"]
    for entry in document["sweeps"]:
        folder = tmp_path / entry["record"]["claim"]
        assert json.loads((folder / "result.json").read_text()) == entry["record"]
        assert json.loads((folder / "run.json").read_text()) == entry["run"]
    del document["sweeps"][0]["run"]["seconds"]
    assert list(Draft202012Validator(sweep_schema()).iter_errors(document))


def test_claims_without_a_law_are_left_out_of_a_row_and_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sweep_command(tmp_path, "swept.lawless") == 2
    assert "swept.lawless: no law on networks to sweep; these have one: swept.failing," in capsys.readouterr().err
    assert sweep_command(tmp_path, "swept.strange") == 2
    assert "no claim is called 'swept.strange'" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["sweep", "swept.true", "--networks", "1.5"])
    assert "'1.5' is not a whole number of at least 1: write 1000000 or 1e6" in capsys.readouterr().err


def test_a_worst_case_that_is_a_candidate_is_decided_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lipcheck.engines import examination

    seen: list[Any] = []
    real = examination.Examined.look
    monkeypatch.setattr(examination.Examined, "look", lambda self, case: seen.append(case) or real(self, case))
    found = run(tmp_path).record["search"]
    assert len(seen) == found["overruled"] > 1 and all(case not in seen[i + 1 :] for i, case in enumerate(seen))
    assert Fraction(found["worst_exact"]) >= 0 and isinstance(ASKED.law(), Search)
