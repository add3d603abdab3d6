"""The losses: hand-written sums, exact laws, Lipschitz constants and gradients."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")

from lipcheck.nn import losses as module  # noqa: E402

torch.set_num_threads(1)


def by_hand(logits: list[float], target: int, margin: float) -> float:
    return sum(max(0.0, margin - (logits[target] - y)) for i, y in enumerate(logits) if i != target)


def test_the_hinge_is_the_papers_sum() -> None:
    torch.manual_seed(0)
    logits, target = torch.randn(30, 5, dtype=torch.float64), torch.randint(0, 5, (30,))
    wanted = [by_hand(y.tolist(), int(t), 0.7) for y, t in zip(logits, target, strict=True)]
    found = module.multiclass_hinge(logits, target, 0.7, "none")
    assert torch.allclose(found, torch.tensor(wanted, dtype=torch.float64), atol=1e-12)
    for reduction, value in (("sum", sum(wanted)), ("mean", sum(wanted) / 30)):
        assert float(module.MulticlassHinge(0.7, reduction)(logits, target)) == pytest.approx(value)
    assert float(module.multiclass_hinge(logits[0], target[0], 0.7)) == pytest.approx(wanted[0])


def test_it_vanishes_exactly_at_the_margin() -> None:
    target = torch.tensor([0])
    for gap, zero in ((1.0, True), (1.5, True), (0.99, False), (-1.0, False)):
        loss = module.multiclass_hinge(torch.tensor([[gap, 0.0, -3.0]]), target, 1.0)
        assert (float(loss) == 0) is zero


def test_it_is_torchs_loss_but_for_nan() -> None:
    torch.manual_seed(2)
    logits, target = torch.randn(9, 4, dtype=torch.float64), torch.randint(0, 4, (9,))
    wanted = 4 * torch.nn.functional.multi_margin_loss(logits, target, margin=0.3, reduction="none")
    assert torch.allclose(module.multiclass_hinge(logits, target, 0.3, "none"), wanted, atol=1e-12)
    assert float(module.multiclass_hinge(torch.zeros(2), torch.tensor(1), -1.0)) == 0
    assert math.isnan(module.multiclass_hinge(torch.tensor([math.nan, 0.0]), torch.tensor(0), 1.0))


@pytest.mark.parametrize("p", [1, 2, math.inf])
@pytest.mark.parametrize("classes", [2, 3, 7])
def test_its_lipschitz_constants_are_bounds_and_attained(p: float, classes: int) -> None:
    torch.manual_seed(1)
    dual = {1: math.inf, 2: 2, math.inf: 1}[p]
    target, best = torch.tensor([0]), 0.0
    for logits in [torch.zeros(1, classes), *torch.randn(50, 1, classes)]:
        logits = logits.requires_grad_()
        (gradient,) = torch.autograd.grad(module.multiclass_hinge(logits, target, 1.0, "sum"), logits)
        size = float(torch.linalg.vector_norm(gradient, dual))
        assert size <= module.hinge_lipschitz(classes, p) + 1e-5
        best = max(best, size)
    assert best == pytest.approx(module.hinge_lipschitz(classes, p))


def test_the_wasserstein_objective_has_the_sign_of_the_paper() -> None:
    first, second = torch.tensor([3.0, 5.0]), torch.tensor([1.0])
    assert float(module.wasserstein(first, second)) == 3
    assert float(module.WassersteinLoss()(first, second)) == -3
    assert float(module.wasserstein(first + 7, second + 7)) == 3


def test_hinge_and_wasserstein_together() -> None:
    scores, labels = torch.tensor([2.0, 0.5, -1.0]), torch.tensor([1, 1, -1])
    hinge = (0.0 + 0.5 + 0.0) / 3
    assert float(module.HingeWasserstein(1.0, 6.0)(scores, labels)) == pytest.approx(6 * hinge - (1.25 - -1.0))


def test_what_is_refused() -> None:
    ones, logits, target = torch.ones(2), torch.zeros(2, 3), torch.tensor([0, 2])
    for call in (
        lambda: module.multiclass_hinge(logits, target + 1, 1.0),
        lambda: module.multiclass_hinge(logits, target - 1, 1.0),
        lambda: module.multiclass_hinge(logits, target[:1], 1.0),
        lambda: module.multiclass_hinge(logits, target.double(), 1.0),
        lambda: module.multiclass_hinge(logits.long(), target, 1.0),
        lambda: module.multiclass_hinge(logits, target, math.nan),
        lambda: module.multiclass_hinge(logits, target, 1.0, "median"),
        lambda: module.wasserstein(ones.long(), ones),
        lambda: module.multiclass_hinge(torch.ones(2, 1), torch.zeros(2, dtype=torch.long), 1.0),
        lambda: module.hinge_lipschitz(1, 2),
        lambda: module.hinge_lipschitz(3, 3),
        lambda: module.wasserstein(ones[:0], ones),
        lambda: module.hinge_wasserstein(ones, torch.tensor([0, 1]), 1.0, 1.0),
        lambda: module.hinge_wasserstein(ones, torch.tensor([1, 1]), 1.0, 1.0),
        lambda: module.hinge_wasserstein(ones, torch.tensor([1]), 1.0, 1.0),
    ):
        with pytest.raises(module.LossError):
            call()
