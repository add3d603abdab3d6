"""The kit for authors of layers: what is sound passes every check, what is not fails those that it has to fail."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from torch import Tensor, nn  # noqa: E402
from torch.nn.utils import parametrizations  # noqa: E402

from lipcheck import nn as layers  # noqa: E402
from lipcheck import testing_checks  # noqa: E402
from lipcheck.audit import AuditError, audit  # noqa: E402
from lipcheck.testing import check_network, parametrize_with_checks  # noqa: E402
from lipcheck.testing_checks import STRESSES, Check, checks_of, stress_, width  # noqa: E402

pytest_plugins = ["pytester"]
SETTINGS = {"norm": 2, "rounding": True, "budget": 1, "state": False}


class Frobenius(nn.Linear):
    """k W / ||W||_F, so that every constant is at most k; zero weights stay zero unless `careless`."""

    def __init__(self, k: float, dtype: torch.dtype, careless: bool = False) -> None:
        super().__init__(6, 4, dtype=dtype)
        self.k, self.careless = k, careless

    def forward(self, input: Tensor) -> Tensor:
        weight = self.weight.double()
        largest = weight.abs().max() + (0 if self.careless else (weight == 0).all())
        scaled = weight / largest
        length = scaled.norm() + (0 if self.careless else (weight == 0).all())
        return nn.functional.linear(input, (self.k * scaled / length).to(input.dtype), self.bias)


def frobenius(k: float, dtype: torch.dtype) -> nn.Module:
    return Frobenius(k, dtype)


def careless(k: float, dtype: torch.dtype) -> nn.Module:
    return Frobenius(k, dtype, careless=True)


def forgetful(k: float, dtype: torch.dtype) -> nn.Module:
    """Promises k and gives one."""
    return Frobenius(1, dtype)


def power(k: float, dtype: torch.dtype) -> nn.Module:
    return nn.Sequential(parametrizations.spectral_norm(nn.Linear(6, 6, dtype=dtype)))


ZERO = {
    f"careless-at_most_{k}_with_zero_weights_in_{dtype}": "zero divided by zero"
    for k in ("1", "0.5", "2")
    for dtype in ("float32", "float64", "bfloat16")
}


@parametrize_with_checks([frobenius, careless], (6,), count=162, expected=ZERO, budget=1)
def test_layers(check: Check) -> None:
    found = check()
    assert found.verdict.outcome in ("holds", "unknown")


def failing(source: object, stress: str, k: float = 1.0, dtype: str = "float64") -> str:
    (check,) = checks_of({"layer": source}, (6,), [k], [dtype], [stress], 1, SETTINGS)
    with pytest.raises(AssertionError) as caught:
        check()
    return str(caught.value)


def test_a_constant_that_is_forgotten_fails_below_one() -> None:
    words = failing(forgetful, "rank_deficient", k=0.5)
    assert "verdict: violated" in words and "two inputs" in words
    (above,) = checks_of([forgetful], (6,), [2.0], ["float64"], ["gaussian"], 1, SETTINGS)
    assert above().verdict.outcome == "holds"


def test_power_iteration_fails_after_one_step() -> None:
    for stress in ("gaussian", "dead_filter", "huge"):
        assert "verdict: violated" in failing(power, stress)
    assert "nan" in failing(power, "zero")


def test_every_stress_is_what_it_is_called() -> None:
    found = {}
    for name in STRESSES:
        layer = nn.Linear(6, 8, dtype=torch.float64)
        bias = layer.bias.detach().clone()
        stress_(layer, name)
        assert torch.equal(layer.bias, bias)
        found[name] = layer.weight.detach()
    values = {name: torch.linalg.svdvals(weight) for name, weight in found.items()}
    assert values["ill_conditioned"][0] / values["ill_conditioned"][-1] == pytest.approx(1e6)
    assert (values["rank_deficient"] > 1e-12).sum() == (values["equal"] > 1e-12).sum() == 1
    assert (found["zero"] == 0).all() and (found["dead_filter"][0] == 0).all() and found["dead_filter"][1:].all()
    assert 0 < (found["tiny"].abs().max().float() ** 2) < torch.finfo(torch.float32).tiny
    assert torch.isfinite(found["huge"].float()).all() and found["huge"].abs().max() > 2.0**56
    assert (found["spike"].abs() > 1).sum() == 1


def test_stress_reaches_below_parametrizations() -> None:
    module = power(1, torch.float64)
    stress_(module, "equal")
    assert (module[0].parametrizations.weight.original == 1).all()  # type: ignore[index]


def test_a_module_is_checked_as_it_is_and_stays_so() -> None:
    module = nn.Linear(3, 3)
    before = module.weight.detach().clone()
    (check,) = checks_of({"plain": module}, (3,), [1.0], ["bfloat16"], ["equal"], 1, SETTINGS)
    assert check.id == "plain-at_most_1_with_equal_weights_in_bfloat16"
    with pytest.raises(AssertionError, match="violated"):
        check()
    assert torch.equal(module.weight, before) and module.weight.dtype == torch.float32


def test_lists_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="There are 81 checks and not 80"):
        parametrize_with_checks([frobenius], (6,), count=80)
    with pytest.raises(ValueError, match=r"'frobenius-at_most_3.*' is the id of no check"):
        parametrize_with_checks([frobenius], (6,), count=81, expected={"frobenius-at_most_3": "none"})
    with pytest.raises(ValueError, match="'rotten' is not known"):
        parametrize_with_checks([frobenius], (6,), count=1, stresses=["rotten"])
    with pytest.raises(ValueError, match="give a dict"):
        parametrize_with_checks([frobenius, frobenius], (6,), count=162)


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "no shape": ({"input_shape": None}, "The input shape is None"),
    "a shape with a zero": ({"input_shape": (3, 0)}, r"The input shape is \(3, 0\)"),
    "a shape in words": ({"input_shape": "6"}, "The input shape is '6'"),
    "k that is nan": ({"claims": [float("nan")]}, "The claim nan is no positive number"),
    "k in words": ({"claims": ["1"]}, "The claim '1' is no positive number"),
    "k of zero": ({"claims": [0]}, "The claim 0 is no positive number"),
    "a dtype": ({"dtypes": ["int8"]}, "The dtype 'int8' is not known"),
    "passes": ({"passes": -1}, "passes is -1"),
    "a module for a list": ({"factories": nn.Sequential(nn.ReLU())}, "The layers are a Sequential"),
    "a function for a list": ({"factories": frobenius}, "The layers are a function"),
    "a number for a layer": ({"factories": [3]}, "3 is no layer"),
    "a number by name": ({"factories": {"three": 3}}, "3 is no layer"),
    "one class twice": ({"factories": [nn.ReLU(), nn.ReLU()]}, "Two factories are called ReLU"),
    "no name": ({"factories": [lambda k, dtype: nn.ReLU()]}, "Two factories are called <lambda>"),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_wrong_use_is_one_clear_sentence(name: str) -> None:
    change, words = WRONG[name]
    with pytest.raises(ValueError, match=words) as caught:
        parametrize_with_checks(**{"factories": [frobenius], "input_shape": (6,), "count": 81} | change)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def test_a_factory_that_gives_no_module_is_named() -> None:
    (check,) = checks_of({"layer": lambda k, dtype: k}, (6,), [1.0], ["float64"], ["gaussian"], 1, SETTINGS)
    with pytest.raises(ValueError, match="The factory layer gives a float: return"):
        check()


def test_modules_may_come_from_a_generator() -> None:
    mark = parametrize_with_checks((part for part in (nn.ReLU(), nn.Tanh())), (3,), count=54)  # type: ignore[arg-type]
    assert callable(mark)


def test_bounds_that_are_too_wide_to_decide_do_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = nn.Linear(6, 6, bias=False, dtype=torch.float64)
    upper = float(torch.linalg.matrix_norm(layer.weight.detach(), 2)) * (1 + 1e-12)
    settings = SETTINGS | {"rounding": False}
    check = Check("layer", Plain(layer.weight.detach()), upper * (1 - 1e-7), "float64", "gaussian", (6,), settings, 0)
    monkeypatch.setattr(testing_checks, "checked", lambda module, *given, **named: wide(*given, **named))

    def wide(shape: object, claim: Fraction, **named: object) -> object:
        named.pop("allow_unknown")
        found = audit(Plain(layer.weight.detach()), input_shape=(6,), claim=claim, **named)  # type: ignore[arg-type]
        cut = [replace(one, own=one.own and replace(one.own, lower=one.own.lower / 2)) for one in found.layers]
        return replace(found, layers=tuple(cut))

    with pytest.raises(pytest.skip.Exception, match="not decided"):
        check()


def test_an_expected_failure_that_passes_fails(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from torch import nn
        from lipcheck.testing import parametrize_with_checks

        def relu(k, dtype):
            return nn.Sequential(nn.ReLU())

        wrong = {"relu-at_most_1_with_zero_weights_in_float32": "none"}
        options = dict(claims=[1], dtypes=["float32"], stresses=["zero", "tiny"], budget=1)

        @parametrize_with_checks([relu], (3,), count=2, expected=wrong, **options)
        def test_layer(check):
            check()
        """
    )
    done = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["*XPASS(strict)*none*"])


def test_check_network() -> None:
    layer = nn.Linear(2, 2, dtype=torch.float64)
    layer.weight.data = torch.tensor([[0.0, 1.0], [-1.0, 0.0]], dtype=torch.float64)
    assert check_network(layer, (2,), claim=1, budget=1).verdict.outcome == "holds"
    with pytest.raises(AssertionError, match="verdict: violated"):
        check_network(layer, (2,), claim=0.99, budget=1)
    assert check_network(layer, (2,), norm="inf", require=(), budget=1).status == 0
    layer.weight.data[1] = 0
    with pytest.raises(AssertionError, match="required: gnp: no"):
        check_network(layer, (2,), require=("gnp",), budget=1)
    layer.weight.data[1] = torch.nan
    with pytest.raises(AssertionError, match="nan"):
        check_network(layer, (2,), budget=1)
    with pytest.raises(AuditError, match="The norm is 3"):
        check_network(layer, (2,), norm=3)


class Bessel(nn.Module):
    def forward(self, input: Tensor) -> Tensor:
        return torch.special.i0(input)


def test_what_is_not_known_fails_unless_it_is_allowed() -> None:
    with pytest.raises(AssertionError, match="verdict: unknown"):
        check_network(Bessel(), (2,), claim=10**6, budget=1)
    found = check_network(Bessel(), (2,), claim=10**6, budget=1, allow_unknown=True)
    assert found.verdict.outcome == "unknown"
    assert "at most: unknown" in failing(lambda k, dtype: Bessel(), "zero")


def test_importing_the_kit_is_light() -> None:
    code = "import sys, lipcheck.testing; sys.exit(bool({'torch', 'numpy'} & set(sys.modules)))"
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_the_room_of_a_check_is_the_width_of_the_verified_norms() -> None:
    """One layer of norm one, off by more than its verified ends are apart, fails; by less it passes."""
    torch.manual_seed(0)
    layer = nn.Linear(6, 6, bias=False, dtype=torch.float64)
    found = audit(layer, input_shape=(6,), budget=1, state=False)
    own = next(entry.own for entry in found.layers if entry.own is not None)
    assert width(found) == Fraction(own.upper) / Fraction(own.lower) > 1
    assert width(found) < 1 + Fraction(1, 10**9)
    for k, healthy in ((own.upper, True), (own.lower * (1 - 1e-9), False)):
        check = Check(
            "layer", Plain(layer.weight.detach()), k, "float64", "gaussian", (6,), SETTINGS | {"rounding": False}, 0
        )
        if healthy:
            assert check().upper is not None
        else:
            with pytest.raises(AssertionError):
                check()


class Plain(nn.Module):
    """A fixed matrix, which no stress overwrites."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight)

    def forward(self, input: Tensor) -> Tensor:
        return input @ self.weight.T  # type: ignore[operator, no-any-return]


def cayley(k: float, dtype: torch.dtype) -> nn.Module:
    return nn.Sequential(parametrizations.orthogonal(nn.Linear(6, 6, dtype=dtype), orthogonal_map="cayley"))


def householder(k: float, dtype: torch.dtype) -> nn.Module:
    return nn.Sequential(parametrizations.orthogonal(nn.Linear(6, 4, dtype=dtype), orthogonal_map="householder"))


def bjorck(k: float, dtype: torch.dtype) -> nn.Module:
    return nn.Sequential(layers.BjorckLinear(6, 6, iterations=30).to(dtype), layers.MaxMin())


SOUND = {"stresses": ("gaussian", "dead_filter"), "claims": (1.0,), "dtypes": ("float32", "float64"), "budget": 1}


@parametrize_with_checks([cayley, householder, bjorck], (6,), count=12, **SOUND)
def test_layers_of_torch_and_of_this_package_pass(check: Check) -> None:
    assert check().verdict.outcome in ("holds", "unknown")
