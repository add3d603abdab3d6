"""Constants between a proof and a counterexample: brackets close, and nothing is called proved that was not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import planted
import pytest

from lipcheck import registry
from lipcheck.cli import main
from lipcheck.schema import sharpen_schema
from lipcheck.sharpening import Sharpened, SharpeningError, constants, sharpen
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import simplest_between
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

CLAIMS = registry.load()


def last(claim: Claim, name: str, gap: str | None = None, claims: dict[str, Claim] = CLAIMS) -> Sharpened:
    *_, found = sharpen(claims, claim, name, None if gap is None else Fraction(gap))
    return found


def test_the_simplest_number_in_an_interval() -> None:
    assert simplest_between(Fraction(1, 3), Fraction(1, 2)) == Fraction(1, 2)
    assert simplest_between(Fraction(-7, 2), Fraction(-10, 3)) == Fraction(-7, 2)
    assert simplest_between(Fraction(-1, 9), Fraction(5)) == 0
    assert simplest_between(Fraction(311, 100), Fraction(315, 100)) == Fraction(22, 7)
    random = Random(1)
    for _ in range(200):
        low, high = sorted(Fraction(random.randint(-400, 400), random.randint(1, 90)) for _ in range(2))
        found = simplest_between(low, high)
        assert low <= found <= high
        smaller = (Fraction(n, d) for d in range(1, found.denominator) for n in range(-401 * d, 401 * d))
        assert found.denominator > 12 or not any(low <= value <= high for value in smaller)


def test_a_constant_of_a_claim_that_holds_is_closed_in_on_from_the_failing_side() -> None:
    found = last(planted.TRUE, "factor", "1/10000", {})
    assert found.holds.value == found.printed == 1 and 0 < found.gap <= Fraction(1, 10000)
    assert found.fails.value < 1 and found.undecided == []
    assert found.fails.counterexample is not None and found.fails.counterexample["obligation"] == "norm"


def test_the_repair_decides_for_a_refuted_claim() -> None:
    found = last(CLAIMS["anil2019.margin_certificate"], "factor")
    assert (found.printed, found.holds.value, found.judged) == (
        Fraction(1, 2), 2, "anil2019.margin_certificate.linf_sharp",
    )  # fmt: skip
    assert Fraction(1998, 1000) <= found.fails.value < 2


def slack(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """|x| <= c for |x| <= 1, where the file says 3 and the sharp value is 1."""
    x = var("x")
    return [Forall("bound", {"unit": absolute(x) <= 1}, x <= variant.value("c", 3))]


def test_a_constant_that_is_not_sharp_is_moved_to_the_sharp_value() -> None:
    claim = replace(
        planted.TRUE,
        obligations=slack,
        hypotheses={},
        mutants={"c = 0": Variant(constants={"c": Fraction(0)})},
        constants={"c": Constant(Fraction(3), sharp=Fraction(1))},
    )
    found = last(claim, "c", "1/500", {})
    assert (found.printed, found.holds.value > found.fails.value) == (3, True)
    assert found.fails.value < 1 <= found.holds.value and found.gap <= Fraction(1, 500)


def hidden(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The constant stands in no formula, only in a test that fails from 101/100 on."""
    c, x = variant.value("c", 1), var("x")
    test = Universal("test", "c", lambda data: Examination({}, c < Fraction(101, 100)), lambda: [0])
    return [Forall("square", {}, x * x >= 0), test]


def test_values_that_no_proof_speaks_of_stay_undecided() -> None:
    claim = replace(
        planted.TRUE,
        obligations=hidden,
        hypotheses={},
        constants={"c": Constant(Fraction(1), mutated=Fraction(101, 100))},
    )
    found = last(claim, "c", "1/1000", {})
    assert (found.holds.value, found.fails.value) == (1, Fraction(101, 100))
    assert len(found.undecided) > 3
    marks = [found.holds.value, *found.undecided, found.fails.value]
    assert marks[1] - marks[0] <= Fraction(1, 1000) and marks[-1] - marks[-2] <= Fraction(1, 1000)


def test_ends_that_are_not_what_the_file_says_are_named() -> None:
    wrong = replace(planted.TRUE, constants={"factor": Constant(Fraction(1), mutated=Fraction(101, 100))})
    with pytest.raises(SharpeningError, match="not refuted at factor = 101/100"):
        last(wrong, "factor", claims={})
    wrong = replace(planted.TRUE, constants={"factor": Constant(Fraction(1, 2), mutated=Fraction(49, 100))})
    with pytest.raises(SharpeningError, match="not proved at factor = 1/2"):
        last(wrong, "factor", claims={})
    with pytest.raises(SharpeningError, match="no constant 'size': it has factor"):
        last(planted.TRUE, "size", claims={})
    with pytest.raises(SharpeningError, match="give a positive one"):
        last(planted.TRUE, "factor", "0", {})


def test_a_printed_constant_that_fails_has_a_repair_that_can_be_sharpened() -> None:
    for claim in CLAIMS.values():
        if claim.expected is Verdict.REFUTED and claim.constants:
            assert constants(CLAIMS, claim), f"{claim.id} prints a constant, and nothing says how far it is off"


@pytest.mark.parametrize("claim", [c for c in CLAIMS.values() if constants(CLAIMS, c)], ids=lambda c: c.id)
def test_the_declared_ends_are_proved_and_refuted(claim: Claim) -> None:
    for name in constants(CLAIMS, claim):
        first = next(sharpen(CLAIMS, claim, name))
        assert first.holds.value != first.fails.value and first.fails.counterexample is not None


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    out = tmp_path / "out.json"
    command = ["sharpen", "anil2019.margin_certificate.kappa", "--gap", "1/100", "--json", str(out)]
    assert main(command) == 0
    shown = capsys.readouterr()
    assert "proved at   1/2 (0.5)" in shown.out and "radius = 101/200: refuted" in shown.err
    document = json.loads(out.read_text(encoding="utf-8"))
    jsonschema.validate(document, sharpen_schema())
    (found,) = document["sharpened"]
    assert (found["holds_at"], found["fails_at"], found["expected"]) == ("1/2", "101/200", "proved")
    assert main(["sharpen", "anil2019.theorem_1.linear"]) == 2
    assert "no constant with values on both sides" in capsys.readouterr().err


def test_an_interrupted_command_keeps_what_is_reached(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from lipcheck.cli import sharpen as command

    def stopped(*arguments: object) -> object:
        yield next(sharpen(*arguments))  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "sharpen", stopped)
    assert main(["sharpen", "anil2019.margin_certificate.kappa", "--quiet"]) == 130
    shown = capsys.readouterr()
    assert "refuted at  101/200" in shown.out and "interrupted; 1 constant above" in shown.err


def test_no_refuted_value_is_called_proved() -> None:
    for claim in CLAIMS.values():
        for name in constants(CLAIMS, claim) if claim.expected is Verdict.REFUTED else ():
            found = next(sharpen(CLAIMS, claim, name))
            assert found.holds.value != claim.constants[name].value, f"{claim.id} is proved where it is refuted"


def test_a_name_that_stands_for_two_numbers_is_not_mixed_up() -> None:
    refuted = CLAIMS["anil2019.margin_certificate.kappa_tolerance"]
    other = replace(CLAIMS["anil2019.margin_certificate.kappa"], id="x.y", constants={"radius": Constant(Fraction(1))})
    mixed = {"x.y": other, refuted.id: replace(refuted, repaired_by="x.y")}
    with pytest.raises(SharpeningError, match="kappa_tolerance is not proved at radius = 1/2"):
        next(sharpen(mixed, mixed[refuted.id], "radius"))


MINE = """
from fractions import Fraction
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import conj
from lipcheck.words.obligation import Forall
from lipcheck.words.terms import var
from lipcheck.words.verdict import Verdict

def obligations(variant, budget):
    x, c = var("x"), variant.value("c", 3)
    if c.denominator == 7:
        raise ZeroDivisionError("seven")
    return [Forall("bound", {"unit": conj(x <= 2, x >= -2)}, x <= c)]

def claim(name, **constant):
    return Claim(id=f"mine.{name}", source="nowhere", printed="words", statement="x <= c", expected=Verdict.PROVED,
                 obligations=obligations, scope="all", covers_all=True, constants={"c": Constant(**constant)},
                 mutants={"c = 1": Variant(constants={"c": Fraction(1)})})

CLAIMS = (
    claim("wrong", value=Fraction(3), mutated=Fraction(297, 100)),
    claim("seven", value=Fraction(3), mutated=Fraction(13, 7)),
    claim("right", value=Fraction(3), sharp=Fraction(2)),
)
"""


def test_one_constant_that_cannot_be_sharpened_stops_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    out = tmp_path / "out.json"
    command = ["sharpen", "mine", "--claims", str(tmp_path / "mine.py"), "--quiet", "--json", str(out)]
    assert main(command) == 1
    shown = capsys.readouterr()
    assert "mine.wrong is not refuted at c = 297/100" in shown.err
    assert "mine.seven cannot be stated at c = 13/7 (ZeroDivisionError: seven)" in shown.err
    (found,) = json.loads(out.read_text(encoding="utf-8"))["sharpened"]
    assert found["claim"] == "mine.right" and Fraction(found["fails_at"]) < 2 <= Fraction(found["holds_at"])


def test_bad_arguments_are_named_before_any_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sharpen", "anil2019.margin_certificate.kappa", "--json", str(tmp_path)]) == 2
    assert "is no regular file: name a file with --json" in capsys.readouterr().err
    assert main(["sharpen", "anil2019.table_1.fullsort", "--constant", "degree"]) == 2
    assert "declares no value of degree past its sharp one" in capsys.readouterr().err
    kappa = ["sharpen", "anil2019.margin_certificate.kappa", "--quiet", "--gap", "1e-80"]
    assert main(kappa) == 0
    assert "was not reached" in capsys.readouterr().out


def test_an_interrupted_run_that_reached_nothing_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lipcheck.cli import sharpen as command

    def stopped(*arguments: object) -> object:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(command, "sharpen", stopped)
    old = tmp_path / "old.json"
    old.write_text("{}", encoding="utf-8")
    assert main(["sharpen", "anil2019.margin_certificate.kappa", "--quiet", "--json", str(old)]) == 130
    assert old.read_text(encoding="utf-8") == "{}"
