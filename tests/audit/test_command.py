"""`lipcheck audit`: every option, exit statuses, the JSON document, and one clear sentence for what is wrong."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lipcheck.audit.words import shown
from lipcheck.cli import main
from lipcheck.schema import audit_schema

torch = pytest.importorskip("torch")

CODE = """
import torch
from torch import nn

class MaxMin(nn.Module):
    def forward(self, x):
        a, b = x.chunk(2, -1)
        return torch.cat([torch.maximum(a, b), torch.minimum(a, b)], -1)

class Wavy(nn.Module):
    def forward(self, x):
        return torch.special.i0(x)

def linear(rows, inputs):
    layer = nn.Linear(inputs, len(rows), dtype=torch.float64)
    layer.weight.data = torch.tensor(rows, dtype=torch.float64)
    layer.bias.data.zero_()
    return layer

turn = nn.Sequential(linear([[0.0, 1.0], [-1.0, 0.0]], 2), MaxMin(), linear([[0.0, 1.0], [1.0, 0.0]], 2))
half = nn.Sequential(linear([[0.5, 0.0], [0.0, 0.5]], 2), MaxMin())
logit = nn.Sequential(linear([[0.0, 1.0], [-1.0, 0.0]], 2), MaxMin(), linear([[1.0, 0.0]], 2))
flat = nn.Sequential(linear([[1.0, 0.0], [0.0, 0.0]], 2), MaxMin())
eighth = linear([[0.5 ** 0.5, 0.5 ** 0.5], [0.5 ** 0.5, -(0.5 ** 0.5)]], 2)
classes = nn.Sequential(linear([[0.0, 1.0], [-1.0, 0.0]], 2), MaxMin(), eighth)
above = linear([[0.0, 1 + 2.0**-23], [-1.0, 0.0]], 2)
rounded = nn.Sequential(above, MaxMin(), linear([[1.0, 0.0], [0.0, 1.0]], 2)).float()
wavy = nn.Sequential(linear([[0.5, 0.0], [0.0, 0.5]], 2), Wavy())
picture = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU())
sick = nn.Sequential(linear([[float("nan"), 0.0], [0.0, 1.0]], 2), MaxMin())
endless = nn.Sequential(linear([[float("inf"), 0.0], [0.0, 1.0]], 2), MaxMin())
empty = nn.Sequential()
number = 3
"""
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FIELDS = {
    "schema", "lipcheck", "target", "norm", "semantics", "claimed", "verdict", "excess", "rounding_scale", "lower",
    "upper", "exact", "layers", "gradient_norm", "certificates", "seconds",
}  # fmt: skip


class Ran(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


class Command:
    """Runs `lipcheck audit` in this process on what the test's file of networks holds."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        (folder / "networks.py").write_text(CODE, encoding="utf-8")

    def __call__(self, name: str, *options: object, shape: str | None = "2") -> Ran:
        target = name if "." in name or ":" in name else f"{self.folder / 'networks.py'}:{name}"
        size = ["--input-shape", shape] if shape else []
        quick = ["--budget", "1", "--no-state"]
        try:
            status = main(["audit", target, *size, *quick, *map(str, options)])
        except SystemExit as stop:
            assert isinstance(stop.code, int)
            status = stop.code
        return Ran(status, *self.capsys.readouterr())

    def json(self, name: str, *options: object, shape: str | None = "2") -> dict[str, Any]:
        document = self(name, *options, "--json", "-", shape=shape).document
        assert faults(document) == []
        return document

    def array(self, name: str, values: object) -> Path:
        path = self.folder / name
        np.save(path, np.asarray(values))
        return path


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, capsys)


def faults(document: object) -> list[str]:
    return [error.message for error in Draft202012Validator(audit_schema()).iter_errors(document)]


@pytest.mark.parametrize(
    ("name", "options", "status", "verdict"),
    [
        ("turn", ["--claim", "1"], 0, "holds"),
        ("turn", ["--claim", "1.5"], 0, "holds"),
        ("turn", ["--claim", "999/1000"], 1, "violated"),
        ("turn", [], 0, None),
        ("wavy", ["--claim", "1"], 3, "unknown"),
        ("wavy", [], 3, None),
        ("rounded", ["--claim", "1"], 1, "violated"),
        ("rounded", ["--claim", "1", "--rounding"], 0, "holds"),
    ],
)
def test_exit_status_is_the_verdict(
    run: Command, name: str, options: list[str], status: int, verdict: str | None
) -> None:
    ran = run(name, *options, "--json", "-")
    assert ran.status == status, ran
    assert ran.document["verdict"] == verdict
    words = run(name, *options)
    assert words.status == status
    assert (verdict or "none") in words.out


def test_document(run: Command) -> None:
    found = run.json("turn", "--claim", "3/4", "--norm", "2")
    assert set(found) >= FIELDS
    assert (found["schema"], found["norm"], found["claimed"], found["verdict"]) == (1, "2", 0.75, "violated")
    assert found["target"].endswith("networks.py:turn")
    lower, upper = found["lower"], found["upper"]
    assert set(lower) == {"value", "x", "y"} and set(upper) == {"value", "method", "rigorous"}
    assert upper["rigorous"] is True and lower["value"] <= 1 <= upper["value"] == pytest.approx(1)
    assert found["excess"] == pytest.approx(1 / 3) and found["excess"] <= Fraction(1, 3)
    distance = np.subtract(lower["x"], lower["y"])
    assert len(distance) == 2 and np.linalg.norm(distance) > 0
    for layer in found["layers"]:
        assert set(layer) >= {"name", "kind", "lower", "upper", "method"}
    assert [layer["kind"] for layer in found["layers"]].count("Dense") == 2
    assert found["gradient_norm"]["preserved"] is True
    assert found["exact"]["lower"] <= 1 <= found["exact"]["upper"]


def test_document_in_a_file_and_words_on_stdout(run: Command) -> None:
    path = run.folder / "audit.json"
    ran = run("turn", "--claim", "1", "--json", path)
    assert "holds" in ran.out and faults(json.loads(path.read_text(encoding="utf-8"))) == []
    assert run("turn", "--json", run.folder).status == 2


def test_schema_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "audit"]) == 0
    assert json.loads(capsys.readouterr().out) == audit_schema()
    Draft202012Validator.check_schema(audit_schema())


def test_schema_refuses_what_is_missing_strange_or_soft(run: Command) -> None:
    document = run.json("turn", "--claim", "1")
    for name in document:
        assert faults({key: value for key, value in document.items() if key != name}), name
    wrong: list[dict[str, Any]] = [
        {"stranger": 1}, {"verdict": "maybe"}, {"norm": 2}, {"upper": document["upper"] | {"rigorous": False}},
        {"lower": {"value": 1.0}}, {"layers": [{}]}, {"seconds": -1}, {"exact": 1.0}, {"gradient_norm": {}},
        {"required": {"gnp": "yes"}}, {"state": [{"name": "train"}]}, {"certificates": {"hold": True}},
    ]  # fmt: skip
    for change in wrong:
        assert faults(document | change), change


@pytest.mark.parametrize(("norm", "constant"), [("1", 2**0.5), ("2", 1), ("inf", 2**0.5)])
def test_norms(run: Command, norm: str, constant: float) -> None:
    """A turn of the plane by an eighth, with a reflection."""
    found = run.json("eighth", "--norm", norm)
    assert found["norm"] == norm
    assert found["lower"]["value"] == pytest.approx(constant) == found["upper"]["value"]


def test_box(run: Command) -> None:
    """A kink far outside of the box does not count."""
    code = "\nkink = nn.Sequential(linear([[1.0], [1.0]], 1), nn.ReLU(), linear([[1.0, 1.0]], 2))\n"
    code += "kink[0].bias.data = torch.tensor([0.0, -10.0], dtype=torch.float64)\n"
    (run.folder / "networks.py").write_text(CODE + code, encoding="utf-8")
    assert run.json("kink", "--claim", "1", shape="1")["verdict"] == "violated"
    inside = run.json("kink", "--claim", "1", "--box=-1,1", shape="1")
    assert inside["verdict"] == "holds"
    assert all(-1 <= a <= 1 for a in inside["lower"]["x"] + inside["lower"]["y"])


def test_certificates_and_the_radius_factor(run: Command) -> None:
    data = run.array("x.npy", [[1.0, 0.0], [0.0, 3.0], [-2.0, -1.0]])
    labels = run.array("y.npy", [0, 1, 0])
    asked = ["--head", "argmax", "--data", data, "--labels", labels, "--require", "certificates"]
    healthy = run.json("classes", "--claim", "1.000000001", *asked)
    assert healthy["certificates"]["hold"] is True and healthy["required"] == {"certificates": True}
    assert healthy["certificates"]["examples"] == 3 and healthy["certificates"]["accuracy"] is not None
    wrong = run("classes", "--claim", "1.000000001", *asked, "--radius-factor", "2", "--json", "-")
    assert wrong.status == 1 and wrong.document["verdict"] == "holds"
    assert wrong.document["certificates"]["hold"] is False and wrong.document["certificates"]["flips"]
    assert faults(wrong.document) == []
    sign = run.json("logit", "--head", "sign", "--data", data, "--require", "certificates,gnp")
    assert sign["certificates"]["head"] == "sign" and set(sign["required"]) == {"certificates", "gnp"}


def test_gradient_norm_is_required(run: Command) -> None:
    assert run("turn", "--claim", "1", "--require", "gnp").status == 0
    lost = run("flat", "--claim", "1", "--require", "gnp", "--json", "-")
    assert lost.status == 1 and lost.document["verdict"] == "holds" and lost.document["required"] == {"gnp": False}


def test_pair_is_saved(run: Command) -> None:
    path = run.folder / "pair.npy"
    found = run.json("turn", "--pair", path)
    pair = np.load(path, allow_pickle=False)
    assert pair.tolist() == [found["lower"]["x"], found["lower"]["y"]]


def test_state_is_reported_unless_it_is_skipped(run: Command) -> None:
    assert run.json("turn")["state"] == []
    assert main(["audit", f"{run.folder / 'networks.py'}:half", "--input-shape", "2", "--json", "-", "--quiet"]) == 0
    document = json.loads(run.capsys.readouterr().out)
    assert faults(document) == []
    assert {report["name"] for report in document["state"]} >= {"train", "export", "save and load", "stale weights"}


def test_seed_repeats_the_search(run: Command) -> None:
    # With time to spare: a search that the clock ends is not repeated by its seed.
    first, second = (run.json("half", "--seed", "3", "--budget", "120")["lower"] for _ in range(2))
    assert first == second


def test_files_that_hold_networks(run: Command) -> None:
    from lipcheck.network import Affine, MaxMin, Network
    from lipcheck.nn import save

    network = Network(2, (Affine(((0, 1), (-1, 0)), (0, 0)), MaxMin()))
    for ending in (".json", ".safetensors"):
        path = run.folder / f"net{ending}"
        save(network, path)
        assert run(str(path), "--claim", "1", shape=None).status == 0, ending
    assert run("torch.nn:ReLU", "--claim", "1").status == 0


@pytest.mark.parametrize(
    ("name", "shape", "options", "words"),
    [
        ("sick", "2", [], ["nan"]),
        ("endless", "2", [], ["inf"]),
        ("empty", "2", [], ["no layers"]),
        ("number", "2", [], ["int", "torch.nn.Module"]),
        ("missing", "2", [], ["missing", "turn"]),
        ("turn", "3", [], ["3"]),
        ("turn", None, [], ["shape"]),
        ("picture", "1,2,3,4", [], ["1, 2, 3, 4"]),
        ("turn", "two", [], ["'two'", "3,32,32"]),
        ("turn", "0", [], ["'0'"]),
        ("turn", "2", ["--claim", "-1"], ["negative"]),
        ("turn", "2", ["--claim", "nan"], ["nan"]),
        ("turn", "2", ["--box", "1,0"], ["LO below HI"]),
        ("turn", "2", ["--box", "1"], ["LO,HI"]),
        ("turn", "2", ["--norm", "3"], ["3"]),
        ("turn", "2", ["--require", "speed"], ["speed", "gnp"]),
        ("turn", "2", ["--require", "certificates"], ["--data", "--head"]),
        ("turn", "2", ["--head", "sign"], ["--data"]),
        ("turn", "2", ["--require", "gnp", "--norm", "1"], ["2-norm"]),
        ("turn", "2", ["--budget", "0"], ["'0'", "seconds"]),
        ("turn", "2", ["--radius-factor", "x"], ["'x'"]),
        ("turn", "2", ["--data", "none.npy"], ["none.npy"]),
    ],
)
def test_wrong_use_is_one_clear_sentence(
    run: Command, name: str, shape: str | None, options: Sequence[str], words: Sequence[str]
) -> None:
    ran = run(name, *options, shape=shape)
    assert ran.status == 2, ran
    assert ran.out == "" and "Traceback" not in ran.err
    last = ran.err.strip().splitlines()[-1]
    assert last.startswith("lipcheck") and all(word in last for word in words), last


def test_data_that_do_not_fit(run: Command) -> None:
    for values, word in [
        ([[1.0, 2.0, 3.0]], "shape"), ([[float("nan"), 0.0]], "nan"), (["text"], "dtype"), ([], "shape"),
    ]:  # fmt: skip
        ran = run("turn", "--data", run.array("x.npy", values), "--head", "argmax")
        assert ran.status == 2 and word in ran.err, (values, ran)
    data = run.array("x.npy", [[1.0, 2.0]])
    for classes, word in [([0, 1], "2 labels"), ([0.5], "whole"), ([7], "7")]:
        ran = run("turn", "--data", data, "--labels", run.array("y.npy", classes), "--head", "argmax")
        assert ran.status == 2 and word in ran.err, (classes, ran)


class Bomb:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return (exec, ("raise SystemExit('a pickle was loaded')",))


@pytest.mark.parametrize("ending", [".pt", ".pth", ".ckpt", ".bin", ".pkl", ".joblib"])
def test_pickles_are_refused(run: Command, ending: str) -> None:
    path = run.folder / f"model{ending}"
    path.write_bytes(pickle.dumps(Bomb()))
    ran = run(str(path))
    assert ran.status == 2 and "pickled" in ran.err and ".safetensors" in ran.err


def test_pickled_arrays_are_refused(run: Command) -> None:
    path = run.folder / "x.npy"
    np.save(path, np.array([Bomb()], dtype=object), allow_pickle=True)
    ran = run("turn", "--data", path, "--head", "argmax")
    assert ran.status == 2 and "numpy.save" in ran.err
    other = run.folder / "y.npy"
    other.write_bytes(pickle.dumps(Bomb()))
    assert run("turn", "--data", other, "--head", "argmax").status == 2


def exactly(text: str) -> Fraction:
    return Fraction(text)


@UNHURRIED
@given(st.fractions(), st.booleans(), st.integers(1, 18))
@example(Fraction(0), True, 1)
@example(Fraction(10**400), True, 10)
@example(Fraction(10**400) - 1, True, 10)
@example(-Fraction(10**400) + 1, False, 10)
@example(Fraction(1, 10**400), False, 10)
@example(Fraction(1, 10**400) + Fraction(1, 10**900), True, 10)
@example(1 - Fraction(1, 10**30), True, 10)
@example(1 + Fraction(1, 10**30), False, 10)
@example(Fraction(10**10) - Fraction(1, 3), True, 10)
@example(Fraction(999999999999), True, 10)
@example(Fraction(9, 10**6), True, 10)
def test_printed_numbers_are_rounded_outward(value: Fraction, up: bool, digits: int) -> None:
    printed = exactly(shown(value, up=up, digits=digits))
    assert printed >= value if up else printed <= value
    assert abs(printed - value) <= abs(value) * Fraction(10) ** (2 - digits)


@UNHURRIED
@given(st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_printed_floats_are_rounded_outward(value: float, up: bool) -> None:
    printed = exactly(shown(Fraction(value), up=up))
    assert printed >= Fraction(value) if up else printed <= Fraction(value)


@UNHURRIED
@given(st.integers(-400, 400), st.integers(-3, 3), st.booleans(), st.booleans())
def test_printed_numbers_next_to_powers_of_ten(power: int, step: int, negative: bool, up: bool) -> None:
    value = Fraction(10) ** power * (1 + Fraction(step, 10**25)) * (-1 if negative else 1)
    printed = exactly(shown(value, up=up))
    assert printed >= value if up else printed <= value
