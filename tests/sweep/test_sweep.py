"""A sweep is the single search, cut in chunks that are kept: nothing more is found, and nothing less."""

from __future__ import annotations

import errno
import json
import os
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
from lipcheck.engines.population import Evaluated, search_population  # noqa: E402
from lipcheck.schema import sweep_schema  # noqa: E402
from lipcheck.sweep import Asked, SweepError, Swept, arithmetic, memory, plan, sweep  # noqa: E402
from lipcheck.sweep.plan import chunks, known  # noqa: E402
from lipcheck.sweep.store import Store, write  # noqa: E402
from lipcheck.sweep.text import code, law_files  # noqa: E402
from lipcheck.words.errors import LipcheckError  # noqa: E402
from lipcheck.words.search import Search  # noqa: E402

ASKED = Asked("swept.pairs", 700, points=20, files=(str(LAWS),))


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


@pytest.mark.parametrize(
    ("claim", "dtype"),
    [("swept.true", "float32"), ("swept.pairs", "float64"), ("swept.false", "float32"), ("swept.false", "float64")],
)
def test_the_outcome_is_that_of_the_single_search(claim: str, dtype: str, tmp_path: Path) -> None:
    asked = replace(ASKED, claim=claim, dtype=dtype, seed=5)
    found = run(tmp_path, asked).record["search"]
    alone = search_population(asked.law(), networks=700, points=20, seed=5, dtype=dtype)
    assert found == json.loads(json.dumps(alone.to_json()))
    assert found["violations"] > 0 and (found["confirmed"] > 0) == (claim == "swept.false")
    if claim == "swept.false":
        assert recheck(asked.law(), found["counterexample"]) < 0


def test_the_kernels_of_all_chunks_are_told_as_by_the_single_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, int]] = []

    def kernels(device: str, obstacles: dict[str, int]) -> dict[str, str]:
        told.append(dict(obstacles))
        return {"fused kernel": device}

    monkeypatch.setattr("lipcheck.engines.population.kernels", kernels)
    found = run(tmp_path).record["search"]
    search_population(ASKED.law(), networks=ASKED.networks, points=ASKED.points, seed=ASKED.seed)
    assert found["settings"]["fused kernel"] == "cpu"
    assert told[0] == told[1] and sum(told[0].values()) == found["networks"]


def test_chunks_hold_every_network_once_and_follow_from_the_question() -> None:
    found = list(chunks(ASKED))
    assert len(found) > 5 and [chunk.number for chunk in found] == list(range(len(found)))
    assert sum(chunk.networks for chunk in found) == 700
    assert list(chunks(ASKED)) == found != list(chunks(replace(ASKED, seed=1)))
    seeds = [block.seed for chunk in found for block in chunk.blocks]
    assert len(set(seeds)) == len(seeds)


def test_memory_changes_the_size_of_a_piece_and_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    real = Evaluated.__init__
    counted = lambda own, network, x, y: sizes.append(len(x)) or real(own, network, x, y)  # noqa: E731
    monkeypatch.setattr(Evaluated, "__init__", counted)
    asked = replace(ASKED, claim="swept.true")
    wide = run(tmp_path / "wide", asked)
    assert sum(sizes) == 700 and max(sizes) > 1
    least = int(memory.base() / memory.MIB) + 240
    assert memory.activations(asked, least) < memory.activations(asked, None)
    monkeypatch.setattr("lipcheck.sweep.chunk.activations", lambda asked, limit: 1)
    sizes.clear()
    narrow = run(tmp_path / "narrow", asked, memory=least)
    assert sizes == [1] * 700, "pieces of one network each"
    assert narrow.record == wide.record and narrow.run["memory_mib"] == least
    monkeypatch.setattr("lipcheck.sweep.chunk.activations", memory.activations)
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


def test_spoiled_chunks_are_done_again(tmp_path: Path) -> None:
    first = run(tmp_path)
    files = chunk_files(tmp_path)
    texts = [path.read_text() for path in files]
    spoiled = {
        0: texts[0][: len(texts[0]) // 2], 1: "", 2: texts[2].replace('"violations":', '"violations":1', 1),
        3: texts[4], 4: "[1]", 5: texts[5].replace('"number":5', '"number":5.0'),
    }  # fmt: skip
    for number, text in spoiled.items():
        assert text != texts[number]
        files[number].write_text(text)
    said: list[str] = []
    again = run(tmp_path, resume=True, tell=said.append)
    assert again.record == first.record and again.run["done_again"] == len(spoiled) == len(said)
    assert again.run["resumed"] == len(files) - len(spoiled)
    assert all("was torn or altered; its chunk is done again" in words for words in said)
    bodies = [json.loads(path.read_text())["body"] for path in chunk_files(tmp_path)]
    assert bodies == [json.loads(text)["body"] for text in texts]


def test_a_forged_chunk_is_not_believed_for_the_networks_it_lacks(tmp_path: Path) -> None:
    run(tmp_path)
    store = Store(tmp_path / ASKED.claim, arithmetic.plan_of(ASKED))
    body, where = store.read(0) or ({}, {})
    store.keep(0, body | {"drawn": 1}, where)
    with pytest.raises(SweepError, match="networks were drawn where 700 were asked for"):
        run(tmp_path, resume=True)


def test_another_plan_is_refused_and_the_folder_let_go(tmp_path: Path) -> None:
    first = run(tmp_path)
    changes = {"networks": (800, "networks 700, not 800"), "seed": (1, "seed 0, not 1"), "points": (9, "20, not 9")}
    for name, (value, words) in changes.items():
        with pytest.raises(SweepError, match=f"holds another sweep .*{words}.*: ask for the same, or name another"):
            run(tmp_path, replace(ASKED, **{name: value}), resume=True)
    assert run(tmp_path, resume=True).record == first.record


def test_a_full_disk_is_told_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(SweepError, match=r"plan.json cannot be written \(No space left on device\): make room"):
            run(tmp_path)
    assert not list(tmp_path.rglob("*.json"))
    run(tmp_path, resume=True)
    assert not list(tmp_path.rglob("*.part"))


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
    code.cache_clear()
    with pytest.raises(SweepError, match=r"holds another sweep \(code"):
        run(tmp_path, asked, resume=True)
    with pytest.raises(SweepError, match="has another lipcheck or another text of the claim: install the same there"):
        arithmetic.require_same(before)


def test_the_hash_follows_what_a_law_uses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A helper that the file imports, one that this imports, and a function behind `partial`; no other file."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(LAWS.parent)
    parts = {
        "swept_far": "SIZE = 1.0",
        "swept_near": "import swept_far\ndef margin(size, sample): return 0 * sample.x[..., 0] + swept_far.SIZE",
        "swept_apart": "SIZE = 2",
        "swept_claims": "from dataclasses import replace\nfrom functools import partial\nimport swept_near\n"
        "from laws_to_sweep import PAIRS, TRUE\n"
        "CLAIM = replace(TRUE, id='swept.helped', search=replace(PAIRS, margin=partial(swept_near.margin, 1)))",
    }
    for name, text in parts.items():
        (tmp_path / f"{name}.py").write_text(text)
    asked = Asked("swept.helped", 1, files=(str(tmp_path / "swept_claims.py"),))
    used = {tmp_path / f"{name}.py" for name in parts if name != "swept_apart"}
    assert law_files(asked) == used | {LAWS, LAWS.parents[1] / "laws.py", LAWS.parents[1] / "planted.py"}
    before = code(asked)
    for name in parts:
        with (tmp_path / f"{name}.py").open("a") as stream:
            stream.write("  # altered")
        code.cache_clear()
        assert (code(asked) == before) == (name == "swept_apart"), name
        before = code(asked)


def test_a_sweep_leaves_the_threads_of_torch_alone(tmp_path: Path) -> None:
    torch.set_num_threads(2)
    seen: list[int] = []
    run(tmp_path, replace(ASKED, networks=150), progress=lambda done, total: seen.append(torch.get_num_threads()))
    assert set(seen) == {2} == {torch.get_num_threads()}


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
        ({"networks": 10**30}, {}, r"1.00e\+30 networks x 20 pairs of points are too much .*--networks 15625000000 at"),
        ({"points": 10**13}, {}, r"are too much for one sweep: ask for fewer points"),
        ({"claim": "swept.leaving"}, {}, r"swept.leaving: its law fails on a chunk \(SystemExit: 0\): mend it"),
        ({"claim": "swept.starving"}, {}, r"no memory is left for \d+ networks with 20 pairs of points: give --memory"),
        ({"claim": "swept.unsure"}, {}, r"cannot be decided exactly at .*SystemExit"),
        ({"claim": "swept.numberless"}, {}, "not one margin of swept.numberless is a number: mend its law"),
        ({"claim": "swept.vacuous"}, {}, "the law of swept.vacuous admits none of 700 networks drawn: widen"),
        ({"claim": "swept.failing"}, {}, "swept.failing: its law fails on a chunk .*AttributeError.*: mend it"),
        ({"device": "cuda"}, {"memory": 300}, "--memory 300 bounds workers on a CPU, not on cuda"),
        ({"device": "abacus"}, {}, "'abacus' is not a device"),
        ({"dtype": "float16"}, {}, "'float16' is not a dtype"),
        ({}, {"engine": "spark"}, "'spark' is not an engine: use local"),
        ({}, {"engine": "dask"}, "'dask' is not an engine: use local"),
        ({}, {"engine": "dask:tcp://x", "workers": 2}, "a dask cluster has its own workers"),
        (
            {},
            {"engine": "dask:nonsense", "workers": None},
            "no dask scheduler answers at nonsense .*: give its address",
        ),
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
