"""Attempts to make the audit say too much: boxes, flushed numbers, exact constants, modules that hide things."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lipcheck.audit import AuditError, audit, bounds
from lipcheck.audit.subnormal import flushing
from lipcheck.audit.words import sections
from lipcheck.bounds.witness import Witness


@pytest.fixture
def flushed() -> Iterator[None]:
    if not torch.set_flush_denormal(True):
        pytest.skip("this processor does not flush subnormal numbers")
    yield
    torch.set_flush_denormal(False)


class Function(nn.Module):
    def __init__(self, function: object) -> None:
        super().__init__()
        self.linear, self.function = nn.Linear(6, 6), function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self.linear, x)  # type: ignore[operator, no-any-return]


def relu_net() -> nn.Module:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 3)).double()


@pytest.mark.parametrize("norm", [1, 2, math.inf])
def test_certificates_do_not_use_a_constant_of_the_box(norm: float) -> None:
    x = np.random.default_rng(0).uniform(0, 1, (10, 2))
    found = audit(relu_net(), norm=norm, box=(0, 0.3), data=x, head="argmax", input_shape=(2,), budget=3, state=False)
    everywhere = audit(relu_net(), norm=norm, input_shape=(2,), budget=3, state=False)
    assert found.upper is not None and everywhere.lower is not None and found.certificates is not None
    assert found.upper.value < everywhere.lower.lower, "the box is flatter than the rest"
    assert found.certificates["constant"] >= everywhere.lower.lower


def test_weights_below_the_normal_range_count_in_flush_to_zero_mode(flushed: None) -> None:
    model = nn.Sequential(nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False))
    with torch.no_grad():
        model[0].weight.view(torch.int32).fill_(71362)  # 1e-40
        model[1].weight.fill_(1e38)
    found = audit(model, claim=Fraction(1, 1000), input_shape=(1,), budget=1, state=False)
    assert found.verdict.outcome == "violated" and found.upper is not None
    assert 0.0099 < found.upper.value < 0.0101
    assert flushing(), "the mode of the caller comes back"


def test_bounds_that_contradict_each_other_are_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    witness = Witness((0.0, 0.0), (1.0, 0.0), 2, Fraction(10**6))
    monkeypatch.setattr(bounds, "_search", lambda *rest: witness)
    with pytest.raises(AuditError, match="no bound is given"):
        audit(relu_net(), input_shape=(2,), budget=1, state=False)


@pytest.mark.parametrize("size", [8, 64])
def test_signed_permutations_hold_exactly(size: int) -> None:
    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for _ in range(3):
        layer = nn.Linear(size, size)
        layer.weight.data = torch.eye(size)[torch.randperm(size)] * torch.sign(torch.randn(size, 1))
        layers += [layer, nn.ReLU()]
    found = audit(nn.Sequential(*layers), claim=1, input_shape=(size,), budget=1, state=False)
    assert found.verdict.outcome == "holds" and found.upper is not None and found.upper.value == 1
    layers[0].weight.data[0] *= 1 + 2.0**-23  # type: ignore[operator, union-attr, index]
    assert audit(nn.Sequential(*layers), claim=1, input_shape=(size,), budget=1, state=False).verdict.outcome != "holds"


@pytest.mark.parametrize("box", [(-math.inf, 1), (0, math.inf), (-1e308, 1e308)])
def test_boxes_without_ends_are_refused(box: tuple[float, float]) -> None:
    with pytest.raises(AuditError, match=r"finite numbers|wider than"):
        audit(relu_net(), box=box, input_shape=(2,), budget=1, state=False)


def test_operations_that_are_not_understood_still_get_a_search() -> None:
    found = audit(Function(lambda f, x: 5 * torch.log_softmax(f(x), 1)), input_shape=(6,), budget=2, state=False)
    assert found.upper is None and found.measured is not None and found.measured.ratio > 0.1
    assert found.status == 3


def test_constants_beyond_float64_are_printed_and_written() -> None:
    layers: list[nn.Module] = []
    for _ in range(4):
        layer = nn.Linear(1, 1).double()
        layer.weight.data.fill_(1e100)
        layers += [layer, nn.Tanh()]
    model = nn.Sequential(*layers)
    found = audit(model, head="sign", data=np.ones((1, 1)), input_shape=(1,), budget=1, state=False)
    assert found.certificates is not None and found.certificates["constant"] is None
    assert any("beyond float64" in text for _, text in sections(found))


def test_scripts_and_weights_made_by_hooks() -> None:
    script = torch.jit.script(nn.Sequential(nn.Linear(6, 6)))
    found = audit(script, input_shape=(6,), budget=1, state=False)
    assert found.upper is None and found.measured is not None
    hooked = torch.nn.utils.weight_norm(nn.Linear(6, 6))
    read = audit(hooked, input_shape=(6,), budget=1, state=False)
    assert read.upper is not None
    truth = torch.linalg.matrix_norm(hooked.weight.double(), 2).item()
    assert math.isclose(float(read.upper.value), truth, rel_tol=1e-6)


def test_softplus_far_beyond_its_threshold_is_read() -> None:
    model = Function(lambda f, x: nn.functional.softplus(30 * f(x)))
    assert audit(model, input_shape=(6,), budget=1, state=False).upper is not None


def test_whole_numbers_beside_values_are_no_places() -> None:
    whole = torch.arange(6)
    model = Function(lambda f, x: torch.cat([f(x), whole.expand(len(x), 6)], 1))
    found = audit(model, input_shape=(6,), budget=1, state=False)
    truth = torch.linalg.matrix_norm(model.linear.weight.double(), 2).item()
    assert found.upper is not None and math.isclose(float(found.upper.value), truth, rel_tol=1e-6)


def test_instance_normalisation_has_the_constant_of_its_epsilon() -> None:
    found = audit(nn.InstanceNorm1d(6), input_shape=(6, 4), budget=1, state=False)
    assert found.upper is not None and found.lower is not None
    assert found.lower.lower <= found.upper.value and abs(float(found.upper.value) ** 2 * 1e-5 - 1) < 1e-6


@pytest.mark.parametrize("norm", [1, 2, math.inf])
def test_one_unit_in_the_last_place_is_a_violation(norm: float) -> None:
    layer = nn.Linear(1, 1).double()
    layer.weight.data.fill_(1 + 2.0**-52)
    found = audit(nn.Sequential(layer, nn.ReLU()), claim=1, norm=norm, input_shape=(1,), budget=1, state=False)
    assert found.verdict.outcome == "violated" and found.lower is not None
    x, y = (torch.tensor(point, dtype=torch.float64) for point in (found.lower.x, found.lower.y))
    assert found.lower.lower <= 1 + Fraction(1, 2**52) and not torch.equal(x, y)


class Restless(nn.Module):
    """Grows with every run, also in eval mode."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(2, 1)
        self.register_buffer("runs", torch.ones(()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.runs += 1.0
        return self.inner(x) * self.runs


def test_a_module_without_one_function_gets_no_holds() -> None:
    torch.manual_seed(0)
    found = audit(Restless(), claim=100, input_shape=(2,), budget=1, state=False)
    assert found.verdict.outcome == "unknown" and found.status == 3
    assert found.problem is not None and "two runs in eval mode differ" in found.problem
    assert audit(nn.Linear(2, 1), claim=100, input_shape=(2,), budget=1, state=False).verdict.outcome == "holds"


class Counting(nn.Module):
    """A parametrization whose weight depends on how often it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("runs", torch.ones(()))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        self.runs += 1.0
        return weight * self.runs


def test_a_weight_that_changes_as_it_is_read_gets_no_holds() -> None:
    torch.manual_seed(0)
    layer = nn.Linear(2, 1)
    nn.utils.parametrize.register_parametrization(layer, "weight", Counting())
    found = audit(layer, claim=100, input_shape=(2,), budget=1, state=False)
    assert found.upper is not None and found.upper.value < 100, "the bound of a single pass is known"
    assert found.verdict.outcome == "unknown" and found.status == 3
    assert found.problem is not None and "bounds are those of a single pass" in found.problem


def test_signs_that_the_box_fixes_leave_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """192 hidden units, of which a small box bends few: exact there, and the bound elsewhere does not pass for it."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 1)).double()
    inside = audit(net, box=(0, 0.01), input_shape=(3,), budget=4, state=False)
    assert inside.exact is not None and inside.upper is not None and not inside.upper.everywhere
    matrix = net[4].weight * (net[:3](torch.full((3,), 0.005).double()) > 0)
    matrix = matrix @ net[2].weight * (net[0](torch.full((3,), 0.005).double()) > 0) @ net[0].weight
    middle = Fraction(float(torch.linalg.matrix_norm(matrix, 2).detach()))
    assert inside.upper.value >= middle * (1 - Fraction(1, 10**12))
    monkeypatch.setattr(bounds, "SUBSTITUTIONS", 0)
    without = audit(net, box=(0, 0.01), input_shape=(3,), budget=4, state=False)
    assert without.upper is not None and inside.upper.value < without.upper.value
