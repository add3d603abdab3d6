"""Formal theorems: what is stored is what the claims say, and every way to prove less than is pinned is refused."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import textwrap
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lipcheck import judge_formal, registry
from lipcheck.cli import formal as formal_command
from lipcheck.cli.show import sections, sheet
from lipcheck.engines import coq, formal
from lipcheck.engines.formal_scan import FormalError, Outline, outline
from lipcheck.judge import Settings, judge_one
from lipcheck.render_markdown import formal_theorems
from lipcheck.words.claim import Claim, ClaimError, Formal
from lipcheck.words.evidence import proofs_directory
from lipcheck.words.verdict import Budget, Verdict

CLAIMS = registry.load()
NAMED = {name: claim for name, claim in CLAIMS.items() if claim.formal}
LEMMA = NAMED["anil2019.lemma_1"]
ROOT = proofs_directory()
needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason=f"coqc is not installed: {coq.INSTALL}")

BASE = """(* Twice a number is even. *)
From Coq Require Import Arith.
Definition twice (n : nat) : nat := 2 * n.
Theorem even : forall n m, n = twice m -> Nat.Even n.
Proof.
  intros n m H. exists m. exact H.
Qed.
"""


def theories(folder: Path, source: str, name: str = "doubles") -> formal.Theories:
    (folder / f"{name}.v").write_text(source, encoding="ascii")
    return formal.read(folder, [name])


@pytest.fixture(scope="module")
def pins(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    stated = theories(tmp_path_factory.mktemp("pinned"), BASE)
    entry = {"demo.row": {"statement_sha256": "0" * 64, "theorems": ["doubles.even"]}}
    return formal.pin(stated, "doubles", formal.prove(stated), entry)


# What a theory may not hold, whatever Coq says of it.
SCANNED = {
    "Admitted": BASE.replace("Qed.", "Admitted."),
    "admit": BASE.replace("exists m. exact H.", "admit."),
    "give_up": BASE.replace("exists m. exact H.", "give_up."),
    "an axiom": BASE + "Axiom free : 0 = 1.\n",
    "a parameter": BASE + "Parameter free : 0 = 1.\n",
    "a conjecture": BASE + "Conjecture free : 0 = 1.\n",
    "a section with a false hypothesis": BASE.replace("Theorem", "Section S.\nHypothesis free : 0 = 1.\nTheorem", 1),
    "a variable": BASE.replace("Theorem", "Variable free : 0 = 1.\nTheorem", 1),
    "a context": BASE.replace("Theorem", "Context (free : 0 = 1).\nTheorem", 1),
    "a plugin": BASE.replace("Definition", 'Declare ML Module "coq-core.plugins.ltac".\nDefinition', 1),
    "a plugin without strings": BASE.replace("Definition", "Declare ML Module ltac.\nDefinition", 1),
    "a loaded file": BASE.replace("Definition", "Load other.\nDefinition", 1),
    "universes unchecked": BASE.replace("Definition", "Unset Universe Checking.\nDefinition", 1),
    "guards unchecked": BASE.replace("Definition", "Unset Guard Checking.\nDefinition", 1),
    "positivity unchecked": BASE.replace("Definition", "#[bypass_check(guard)] Definition", 1),
    "a notation": BASE.replace("Theorem", "Notation Nat := other.\nTheorem", 1),
    "a coercion": BASE.replace("Theorem", "Coercion INR : nat >-> R.\nTheorem", 1),
    "a library that admits": BASE.replace("Import Arith", "Import Arith AdmitAxiom"),
    "another library": BASE.replace("From Coq Require Import Arith", "From Other Require Import Arith"),
    "an import without From": BASE.replace("From Coq Require Import Arith.", "Require Import Arith."),
    "a definition without a body": BASE.replace(":= 2 * n.", "."),
    "a program": BASE.replace("Definition", "Program Definition", 1),
    "a proof that stays open": BASE.replace("Qed.\n", ""),
    "an aborted proof": BASE.replace("Qed.", "Abort."),
    "a proof within a proof": BASE.replace("  intros", "  Axiom free : 0 = 1.\n  intros", 1),
    "a flag within a proof": BASE.replace("  intros", "  Unset Guard Checking.\n  intros", 1),
    "a flag behind a bullet": BASE.replace("  intros", "  - Unset Guard Checking.\n  intros", 1),
    "a command behind a comment": BASE.replace("*)\n", "*) Axiom free : 0 = 1.\n", 1),
    "a comment that stays open": BASE + "(* Qed.\n",
    "two theorems of one name": BASE + BASE.partition("2 * n.\n")[2],
    "two dots": BASE.replace("exact H.", "exact H.. ", 1),
    "a letter that is no ASCII": BASE.replace("even", "évén"),
    "a printing command": BASE + "Print Assumptions even.\n",
    "something unknown": BASE + "Frobnicate even.\n",
}


def test_the_scan_passes_what_is_sound() -> None:
    found = outline(BASE, "doubles")
    assert found == Outline(["Arith"], [], [], ["twice"], ["even"])


@pytest.mark.parametrize("fault", SCANNED)
def test_the_scan_refuses(fault: str) -> None:
    assert SCANNED[fault] != BASE
    with pytest.raises(FormalError):
        outline(SCANNED[fault], "doubles")


# What the scan lets pass and the comparison with the pinned text refuses; the proofs are all correct.
PLANTED = {
    "a weaker conclusion": BASE.replace("Nat.Even n.", "True.").replace("exists m. exact H.", "exact I."),
    "a stronger hypothesis": BASE.replace("twice m ->", "twice m -> n < 10 ->").replace("n m H.", "n m H L."),
    "a vacuous hypothesis": BASE.replace("twice m ->", "twice m -> n < n ->").replace("n m H.", "n m H L."),
    "fewer cases": BASE.replace("forall n m,", "forall n m, m = 3 ->").replace("n m H.", "n m E H."),
    "a renamed theorem": BASE.replace("Theorem even", "Theorem evenness"),
    "a definition that means less": BASE.replace("2 * n", "2 * (2 * n)").replace("exists m", "exists (2 * m)"),
    "another definition in its place": BASE.replace("Theorem", "Definition other (n : nat) : nat := 0.\nTheorem", 1)
    .replace("= twice m", "= other m").replace("exists m", "exists 0"),
    "a name of the library for something else": BASE.replace("2 * n.", "2 * n.\nDefinition lt (n m : nat) := False.")
    .replace("twice m ->", "twice m -> lt n n ->").replace("n m H.", "n m H L."),
}  # fmt: skip


@needs_coq
@pytest.mark.parametrize("fault", PLANTED)
def test_what_is_not_pinned_is_refused(fault: str, pins: dict[str, Any], tmp_path: Path) -> None:
    changed = theories(tmp_path, PLANTED[fault])
    proved = formal.prove(changed)
    forged = pins | {"sources": changed.hashes("doubles")}
    with pytest.raises(FormalError, match=r"pinned|renamed"):
        formal.compare(forged, changed, proved)


@needs_coq
def test_what_is_pinned_passes_and_its_source_is_pinned_too(pins: dict[str, Any], tmp_path: Path) -> None:
    assert pins["theorems"] == {"doubles.even": "forall n m : nat, n = doubles.twice m -> Nat.Even n"}
    assert "2 * n" in pins["definitions"]["doubles.twice"] and pins["axioms"] == []
    same = theories(tmp_path, BASE)
    proved = formal.prove(same)
    formal.compare(pins, same, proved)
    with pytest.raises(FormalError, match="differs from the source"):
        formal.compare(pins, theories(tmp_path, BASE + "(* a comment *)\n"), proved)
    for key in ("axioms", "theorems", "definitions"):
        altered: Any = ["classic"] if key == "axioms" else {k: f"{text} " for k, text in pins[key].items()}
        with pytest.raises(FormalError, match="pinned"):
            formal.compare(pins | {key: altered}, same, proved)


def unscanned(source: str, theorem: str = "even") -> formal.Theories:
    """Theories as a scan that saw nothing would hand them on."""
    return formal.Theories({"doubles": source}, {"doubles": Outline(["Arith"], [], [], ["twice"], [theorem])})


@needs_coq
@pytest.mark.parametrize("fault", ["an axiom", "Admitted", "guard"])
def test_axioms_show_even_where_the_scan_saw_nothing(fault: str) -> None:
    source = {
        "an axiom": BASE.replace("Theorem", "Axiom free : forall n, Nat.Even n.\nTheorem").replace(
            "exists m. exact H.", "apply free."
        ),
        "Admitted": BASE.replace("Qed.", "Admitted."),
        "guard": BASE.replace(
            "Theorem", "Unset Guard Checking.\nFixpoint loop (n : nat) {struct n} : False := loop n.\nTheorem"
        ).replace("exists m.", "destruct (loop 0).").replace(" exact H.", ""),
    }[fault]  # fmt: skip
    with pytest.raises(FormalError, match="rests on"):
        formal.prove(unscanned(source))


@needs_coq
def test_a_false_section_hypothesis_leaves_no_axiom_but_is_in_the_text(pins: dict[str, Any]) -> None:
    source = BASE.replace("Theorem", "Section S.\nHypothesis free : 0 = 1.\nTheorem").replace(
        "exists m. exact H", "discriminate free"
    ) + "End S.\n"  # fmt: skip
    proved = formal.prove(unscanned(source))
    assert proved.axioms["doubles"] == () and proved.theorems["doubles.even"].startswith("0 = 1 ->")
    with pytest.raises(FormalError, match="not the one that is pinned"):
        formal.compare(pins, unscanned(source), proved)


@needs_coq
def test_a_wrong_proof_and_an_object_file_of_a_right_one_are_refused(tmp_path: Path) -> None:
    theories(tmp_path, BASE)
    coq._compile(tmp_path, "doubles", 60.0, "coqc")
    assert (tmp_path / "doubles.vo").is_file()
    stale = theories(tmp_path, BASE.replace("exists m", "exists (S m)"))
    os.utime(tmp_path / "doubles.vo", (time.time() + 100, time.time() + 100))
    with pytest.raises(FormalError, match="Coq refuses"):
        formal.prove(stale)


@needs_coq
def test_a_value_behind_a_proof_is_not_hidden(tmp_path: Path) -> None:
    source = BASE.replace("Definition twice (n : nat) : nat := 2 * n.", "Theorem two : nat.\nProof. exact 2. Qed.")
    source = source.replace("n = twice m -> Nat.Even n", "n = two * m -> n = two * m")
    hidden = theories(tmp_path, source.replace("exists m. exact H.", "exact H."))
    with pytest.raises(FormalError, match=r"speaks of doubles\.two"):
        formal.pin(hidden, "doubles", formal.prove(hidden), {"demo.row": {"theorems": ["doubles.even"]}})


def test_without_coq_the_command_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    monkeypatch.setattr("sys.argv", ["formal"])
    assert formal_command.main() == 2
    assert f"not checked here (coqc is not installed: {coq.INSTALL})" in capsys.readouterr().err


@needs_coq
def test_texts_of_another_version_are_not_compared(tmp_path: Path) -> None:
    root = copied(tmp_path)
    rewrite(root / "formal" / "layers.json", f'"coq": "{coq.version()}"', '"coq": "8.0.0"')
    words, evidence = judge_formal.look(NAMED["anil2019.composition"], root, Budget.CI)
    assert words is not None and words.startswith("not checked here (the texts are pinned as Coq 8.0.0 prints them")
    assert not any(piece.replayed for piece in evidence)


def test_the_table_names_every_theorem() -> None:
    lines = list(formal_theorems(list(NAMED.values())))
    assert len(lines) == 2 + sum(len(claim.formal) for claim in NAMED.values())


def test_a_process_that_hangs_is_killed(tmp_path: Path) -> None:
    command = tmp_path / "hanging"
    command.write_text("#!/bin/sh\nsleep 100\n", encoding="utf-8")
    command.chmod(0o755)
    start = time.monotonic()
    with pytest.raises(coq.NoCoq, match="no answer"):
        coq._run([str(command)], tmp_path, 0.3)
    assert time.monotonic() - start < 10


def test_theories_do_not_import_each_other_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.v").write_text("From Lipcheck Require Import b.\n", encoding="ascii")
    (tmp_path / "b.v").write_text("From Lipcheck Require Import a.\n", encoding="ascii")
    with pytest.raises(FormalError, match="circle"):
        formal.read(tmp_path, ["a"])


def test_at_least_twelve_claims_name_theorems_that_are_pinned_for_their_wording() -> None:
    assert len(NAMED) >= 12
    for claim in NAMED.values():
        words, evidence = judge_formal.look(claim, ROOT, Budget.SMOKE)
        assert words is not None and words.startswith("checked by Coq 8.")
        assert {piece.kind for piece in evidence} == {"formal"} and not any(piece.replayed for piece in evidence)
        stored = judge_formal.ledger(ROOT)[claim.id]["files"]
        assert {piece.path: piece.sha256 for piece in evidence}.items() <= stored.items()
        assert any(not path.startswith("formal/") for path in stored), f"{claim.id} rests on formal theorems alone"


def test_no_theorem_is_pinned_that_no_claim_names_and_every_theory_is_used() -> None:
    named = {theorem.name for claim in NAMED.values() for theorem in claim.formal}
    pins = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "formal").glob("*.json"))]
    assert {name for document in pins for name in document["theorems"]} == named
    used = {name for document in pins for name in document["sources"]}
    assert used == {path.stem for path in (ROOT / "formal").glob("*.v")}


def copied(tmp_path: Path) -> Path:
    """The proofs directory, as far as Lemma 1 needs it."""
    shutil.copytree(ROOT / "formal", tmp_path / "formal")
    shutil.copytree(ROOT / "anil2019" / "lemma_1", tmp_path / "anil2019" / "lemma_1")
    shutil.copy(ROOT / "ledger.json", tmp_path)
    return tmp_path


def judged(claim: Claim, root: Path, budget: Budget = Budget.SMOKE) -> Any:
    return judge_one(claim, Settings(budget=budget, evidence=root), {})


def test_the_record_says_what_coq_did(tmp_path: Path) -> None:
    record = judged(LEMMA, copied(tmp_path))
    assert record.verdict is Verdict.PROVED and record.formal.startswith("checked by Coq")
    assert [e.path for e in record.evidence if e.kind == "formal"] == [
        "formal/lattices.json", "formal/lattices.v", "formal/sorting.v"
    ]  # fmt: skip
    assert record.to_json()["formal"] == record.formal


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def renew(root: Path, names: Mapping[str, str]) -> None:
    """Put a file's own hash into the document beside it, as a forger would."""
    import hashlib

    for name, document in names.items():
        path = root / "formal" / document
        pins = json.loads(path.read_text(encoding="utf-8"))
        source = (root / "formal" / f"{name}.v").read_bytes()
        pins["sources"][name] = hashlib.sha256(source).hexdigest()
        path.write_text(json.dumps(pins), encoding="utf-8")


@pytest.mark.parametrize("fault", ["theory", "imported theory", "pinned text", "theory and its hash", "missing"])
def test_tampered_files_are_an_error_at_smoke(fault: str, tmp_path: Path) -> None:
    root = copied(tmp_path)
    match fault:
        case "theory":
            rewrite(root / "formal" / "lattices.v", "0 < eps", "1 < eps")
        case "imported theory":
            rewrite(root / "formal" / "sorting.v", "Rmin a x", "Rmin x a")
        case "pinned text":
            rewrite(root / "formal" / "lattices.json", "0 < eps", "1 < eps")
        case "theory and its hash":
            rewrite(root / "formal" / "lattices.v", "0 < eps", "1 < eps")
            renew(root, {"lattices": "lattices.json"})
        case "missing":
            (root / "formal" / "lattices.json").unlink()
    record = judged(LEMMA, root)
    assert record.verdict is Verdict.ERROR and record.reason


@pytest.mark.parametrize("name", ["lattices.v", "lattices.json"])
def test_hashes_in_the_ledger_do_not_save_a_tampered_file(name: str, tmp_path: Path) -> None:
    """A forger who renews the ledger as well still has to make document and source agree."""
    root = copied(tmp_path)
    old, new = ("0 < eps", "1 < eps") if name.endswith(".v") else ('"statement_sha256": "', '"statement_sha256": "f')
    rewrite(root / "formal" / name, old, new)
    ledger = json.loads((root / "ledger.json").read_text(encoding="utf-8"))
    from lipcheck.words.evidence import sha256

    ledger["claims"][LEMMA.id]["files"][f"formal/{name}"] = sha256(root / "formal" / name)
    (root / "ledger.json").write_text(json.dumps(ledger), encoding="utf-8")
    assert judged(LEMMA, root).verdict is Verdict.ERROR


def test_another_wording_or_another_theorem_is_refused() -> None:
    changed = dataclasses.replace(LEMMA, statement=LEMMA.statement + " Also for eps = 0.")
    with pytest.raises(FormalError, match="another wording"):
        judge_formal.look(changed, ROOT, Budget.SMOKE)
    other = dataclasses.replace(LEMMA, formal=(Formal("lattices.interpolation", "something", "nothing"),))
    with pytest.raises(FormalError, match="other theorems"):
        judge_formal.look(other, ROOT, Budget.SMOKE)


def test_without_coq_the_record_says_so_and_the_verdict_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    words, evidence = judge_formal.look(LEMMA, copied(tmp_path), Budget.CI)
    assert words == f"not checked here (coqc is not installed: {coq.INSTALL})"
    assert evidence and not any(piece.replayed for piece in evidence)
    record = judged(LEMMA, tmp_path, Budget.CI)
    assert record.verdict is Verdict.PROVED and record.formal == words


def test_a_name_is_theory_and_theorem_once() -> None:
    for names in (["interpolation"], ["a.b", "a.b"], ["a.b."]):
        with pytest.raises(ClaimError, match="formal theorem"):
            dataclasses.replace(LEMMA, formal=tuple(Formal(name, "all", "nothing") for name in names))


def test_the_page_shows_theorem_definitions_and_what_is_left_out() -> None:
    data = sheet(LEMMA, {}, judge_formal.sheets(LEMMA, ROOT))
    text = "\n".join(f"{heading}: {words}" for heading, words in sections(data, CLAIMS))
    assert "formal theorem: lattices.restricted_stone_weierstrass" in text
    assert "forall (g : X -> R) (eps : R)," in text and "lattices.separates =" in text
    assert f"leaves out: {LEMMA.formal[0].leaves_out}" in text


@pytest.mark.parametrize("claim", NAMED.values(), ids=lambda c: c.id)
def test_the_derivation_names_the_theorems(claim: Claim) -> None:
    text = (ROOT / claim.paper / claim.row / "proof.md").read_text(encoding="utf-8")
    for theorem in claim.formal:
        assert f"`{theorem.name}`" in text and " ".join(claim.printed.split())[:40] in " ".join(text.split())
        pins = judge_formal.read_pins(ROOT / "formal", theorem.name.split(".")[0])
        stated = textwrap.indent(pins["theorems"][theorem.name], "    ")
        assert stated in text, f"proof.md does not show what is pinned of {theorem.name}:\n{stated}"


@needs_coq
def test_every_theorem_is_proved_as_pinned(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--lipcheck-budget") == "smoke":
        pytest.skip("Coq takes half a minute: `make coq`, or budget ci")
    assert judge_formal.check(CLAIMS, ROOT)
