"""The Jacobian regularizer against Jacobians from torch.func, singular values, and its laws."""

from __future__ import annotations

from itertools import pairwise

import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402
from torch.func import jacrev, vmap  # noqa: E402

from lipcheck.nn.activations import MaxMin  # noqa: E402
from lipcheck.nn.jacobian_regularization import JacobianRegularizer  # noqa: E402
from lipcheck.nn.losses import LossError  # noqa: E402

torch.set_num_threads(1)


def network(outputs: int, activation: nn.Module | None = None) -> nn.Sequential:
    torch.manual_seed(0)
    layers = [nn.Linear(4, 6), activation or nn.Tanh(), nn.Linear(6, outputs)]
    return nn.Sequential(*layers).to(torch.float64)


def regularizer(outputs: int, **options: object) -> JacobianRegularizer:
    return JacobianRegularizer(outputs, generator=torch.Generator().manual_seed(1), **options).to(torch.float64)


@pytest.mark.parametrize("activation", [nn.Tanh(), nn.ReLU(), MaxMin()])
@pytest.mark.parametrize("outputs", [1, 3])
def test_terms_are_one_step_of_power_iteration_on_the_true_jacobian(outputs: int, activation: nn.Module) -> None:
    f, term = network(outputs, activation), regularizer(outputs, reduction="none")
    x = torch.randn(5, 4, dtype=torch.float64)
    u = term.u.clone()
    found = term(f, x).detach()
    for J, value in zip(vmap(jacrev(f))(x).detach(), found, strict=True):
        v = J.T @ u
        v = v / v.norm() if v.any() else v
        assert float(value) == pytest.approx(float((J @ v).norm()), abs=1e-12)
        assert float(value) <= float(torch.linalg.matrix_norm(J, 2)) + 1e-12


def test_repeated_on_one_example_it_tends_to_the_spectral_norm_from_below() -> None:
    f, term = network(3), regularizer(3)
    x = torch.randn(1, 4, dtype=torch.float64)
    sigma = float(torch.linalg.matrix_norm(jacrev(f)(x[0]).detach(), 2))
    values = [float(term(f, x)) for _ in range(60)]
    assert all(a <= b + 1e-12 for a, b in pairwise(values)) and values[0] < sigma
    assert values[-1] == pytest.approx(sigma, abs=1e-9)
    many = regularizer(3, iterations=60)
    assert float(many(f, x)) == pytest.approx(sigma, abs=1e-9)


def test_one_output_is_exact_at_once() -> None:
    f, term = network(1), regularizer(1, reduction="none")
    x = torch.randn(6, 4, dtype=torch.float64)
    wanted = vmap(jacrev(f))(x).flatten(1).norm(dim=1)
    assert torch.allclose(term(f, x), wanted, atol=1e-12)


def test_the_gradient_is_u_dJ_v_and_that_of_sigma_after_convergence() -> None:
    f, term = network(3), regularizer(3, iterations=200)
    x = torch.randn(1, 4, dtype=torch.float64)
    term(f, x).backward()
    found = [p.grad.clone() for p in f.parameters() if p.grad is not None]
    f.zero_grad()
    values = dict(f.named_parameters())
    J = jacrev(lambda z: torch.func.functional_call(f, values, (z[None],))[0])(x[0])
    torch.linalg.matrix_norm(J, 2).backward()
    wanted = [p.grad for p in f.parameters() if p.grad is not None]
    assert len(found) >= 2
    for a, b in zip(found, wanted, strict=False):
        assert torch.allclose(a, b, atol=1e-8)


def test_before_convergence_u_and_v_are_constants() -> None:
    """For y = W x the term is u'W v with the next u, and its gradient u v'."""
    torch.manual_seed(3)
    layer, term = nn.Linear(4, 3, bias=False, dtype=torch.float64), regularizer(3)
    v = layer.weight.detach().T @ term.u
    v = v / v.norm()
    u = layer.weight.detach() @ v
    u = u / u.norm()
    term(layer, torch.randn(1, 4, dtype=torch.float64)).backward()
    assert torch.allclose(layer.weight.grad, torch.outer(u, v), atol=1e-12)
    assert torch.allclose(term.u, u)


def test_zero_jacobians_give_zero_and_keep_u() -> None:
    dead = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2)).to(torch.float64)
    with torch.no_grad():
        dead[0].weight.zero_()
        dead[0].bias.fill_(-1.0)
    term = regularizer(2)
    u = term.u.clone()
    value = term(dead, torch.randn(4, 2, dtype=torch.float64))
    assert float(value) == 0 and torch.equal(term.u, u)
    value.backward()
    assert all(p.grad is None or torch.isfinite(p.grad).all() for p in dead.parameters())
    assert float(term(lambda x: torch.ones(len(x), 2, dtype=x.dtype), torch.ones(3, 2, dtype=torch.float64))) == 0
    part = regularizer(2, reduction="none")
    relu = nn.ReLU()
    found = part(lambda x: relu(x), torch.tensor([[-1.0, -1.0], [1.0, 1.0]], dtype=torch.float64))
    assert float(found[0]) == 0 and float(found[1]) == pytest.approx(1.0)
    u = part.u
    assert float(u.norm()) == pytest.approx(1.0)


def test_it_lowers_the_jacobian_in_training_and_works_without_gradients() -> None:
    f, term = network(3), regularizer(3)
    x = torch.randn(20, 4, dtype=torch.float64)
    optimizer = torch.optim.SGD(f.parameters(), lr=0.05)
    with torch.no_grad():
        before = float(term(f, x))
    for _ in range(30):
        optimizer.zero_grad()
        term(f, x).backward()
        optimizer.step()
    with torch.no_grad():
        assert float(term(f, x)) < before / 2


def test_reductions_and_what_is_refused() -> None:
    f, x = network(3), torch.randn(5, 4, dtype=torch.float64)
    each = regularizer(3, reduction="none")(f, x)
    assert float(regularizer(3)(f, x)) == pytest.approx(float(each.mean()))
    assert float(regularizer(3, reduction="max")(f, x)) == pytest.approx(float(each.max()))
    images = nn.Sequential(nn.Flatten(), nn.Linear(4, 3)).to(torch.float64)
    assert regularizer(3)(images, torch.randn(2, 1, 2, 2, dtype=torch.float64)) > 0
    for call in (
        lambda: JacobianRegularizer(0),
        lambda: JacobianRegularizer(2, iterations=0),
        lambda: JacobianRegularizer(2, reduction="product"),
        lambda: regularizer(2)(f, x),
        lambda: regularizer(3)(f, x[:0]),
        lambda: regularizer(3)(f, x.long()),
        lambda: regularizer(3)(f, x[0, 0]),
    ):
        with pytest.raises(LossError):
            call()
