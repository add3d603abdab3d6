"""Networks of deel-torchlip and orthogonium, trained for some steps on scikit-learn's digits, where they are installed.

What is said to hold is held up to rounding, and what is found is found: docs/peers.md has the table. Every constant is
measured a second time by the singular values of the matrix that the module itself applies to unit vectors.
"""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from lipcheck.audit import Audit, audit  # noqa: E402

STEPS = 15


@pytest.fixture(scope="module")
def tl() -> Any:
    return pytest.importorskip("deel.torchlip", reason="deel-torchlip is not installed: pip install lipcheck[peers]")


@pytest.fixture(scope="module")
def layers() -> Any:
    return pytest.importorskip("orthogonium.layers", reason="orthogonium is not installed: pip install lipcheck[peers]")


def trained(module: nn.Module, *shape: int, seed: int = 0) -> nn.Module:
    datasets = pytest.importorskip("sklearn.datasets", reason="scikit-learn is not installed")
    images, classes = datasets.load_digits(return_X_y=True)
    x = torch.tensor(images / 16, dtype=torch.float32).reshape(-1, *shape)
    y = torch.tensor(classes)
    random = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(module.parameters(), lr=5e-3)
    module.train()
    for _ in range(STEPS):
        chosen = torch.randint(0, len(x), (64,), generator=random)
        optimiser.zero_grad()
        nn.functional.cross_entropy(10 * module(x[chosen]), y[chosen]).backward()
        optimiser.step()
    return module.eval()


def asked(module: nn.Module, *shape: int, claim: float = 1, **settings: Any) -> Audit:
    return audit(module, input_shape=shape, claim=claim, **{"budget": 2, "rounding": True, "state": False} | settings)


def applied(module: nn.Module, *shape: int) -> float:
    """The 2-norm of an affine module's matrix, column by column as the module applies it."""
    size = torch.Size(shape).numel()
    with torch.no_grad():
        at_zero = module(torch.zeros(1, *shape))
        columns = (module(torch.eye(size).reshape(size, *shape)) - at_zero).reshape(size, -1)
    return float(torch.linalg.matrix_norm(columns.double(), 2))


def agreed(found: Audit, measured: float) -> None:
    assert found.lower is not None and found.upper is not None
    assert float(found.lower.lower) == pytest.approx(measured, rel=1e-4)
    assert found.lower.lower <= found.upper.value


def told(found: Audit, violated: bool) -> None:
    """A violation is far beyond rounding; what is healthy has an excess that float32 weights have."""
    assert found.lower is not None and found.upper is not None
    if violated:
        assert found.verdict.outcome == "violated" and found.lower.lower > 1.01
    else:
        assert found.upper.value < 1 + 1e-6


@pytest.mark.parametrize("seed", range(2))
def test_spectral_layers_hold(tl: Any, seed: int) -> None:
    torch.manual_seed(seed)
    parts = (tl.SpectralLinear(64, 32), tl.GroupSort2(), tl.SpectralLinear(32, 32), tl.GroupSort2())
    found = asked(trained(tl.Sequential(*parts, tl.SpectralLinear(32, 10)), 64, seed=seed), 64)
    assert found.verdict.outcome == "holds", found.verdict


@pytest.mark.parametrize("k", [0.1, 2.0])
def test_constant_of_a_container_does_not_reach_linear_layers(tl: Any, k: float) -> None:
    torch.manual_seed(0)
    module = trained(tl.Sequential(tl.SpectralLinear(64, 16), tl.SpectralLinear(16, 10), k_coef_lip=k), 64)
    found = asked(module, 64, claim=k)
    agreed(found, applied(module, 64))
    assert applied(module, 64) <= 1.00001
    assert found.verdict.outcome == ("violated" if k < 1 else "holds")
    alone = asked(trained(tl.SpectralLinear(64, 10, k_coef_lip=k), 64), 64, claim=k)
    assert alone.verdict.outcome == "holds", "a layer's own constant reaches it"


@pytest.mark.parametrize(("mode", "violated"), [("zeros", False), ("circular", False), ("reflect", True)])
def test_spectral_convolution(tl: Any, mode: str, violated: bool) -> None:
    torch.manual_seed(0)
    module = tl.SpectralConv2d(1, 4, 3, padding=1, padding_mode=mode).eval()
    found = asked(module, 1, 5, 5)
    agreed(found, applied(module, 1, 5, 5))
    told(found, violated)


@pytest.mark.parametrize(("mode", "violated"), [("zeros", False), ("circular", False), ("reflect", True)])
def test_orthogonal_convolution(layers: Any, mode: str, violated: bool) -> None:
    torch.manual_seed(0)
    module = layers.AdaptiveOrthoConv2d(1, 2, 3, padding=1, padding_mode=mode).eval()
    found = asked(module, 1, 5, 5)
    agreed(found, applied(module, 1, 5, 5))
    told(found, violated)


@pytest.mark.parametrize(
    ("mode", "violated"), [("zeros", False), ("circular", False), ("reflect", True), ("replicate", True)]
)
def test_almost_orthogonal_convolution(layers: Any, mode: str, violated: bool) -> None:
    from orthogonium.layers.conv.AOL import AOLConv2D  # type: ignore[import-not-found]

    torch.manual_seed(0)
    module = AOLConv2D(1, 2, 3, padding=1, padding_mode=mode).eval()
    found = asked(module, 1, 5, 5)
    agreed(found, applied(module, 1, 5, 5))
    told(found, violated)


@pytest.mark.parametrize("seed", range(2))
def test_orthogonal_layers_hold(layers: Any, seed: int) -> None:
    torch.manual_seed(seed)
    parts = (layers.OrthoLinear(64, 32), layers.MaxMin(axis=1), layers.OrthoLinear(32, 10))
    found = asked(trained(nn.Sequential(*parts), 64, seed=seed), 64)
    assert found.verdict.outcome == "holds", found.verdict


def test_a_layer_of_unit_rows_promises_one_for_each_output(layers: Any) -> None:
    """The vector of ten outputs moves further, which nobody denies; each output keeps its promise."""
    torch.manual_seed(0)
    module = trained(layers.UnitNormLinear(64, 10), 64)
    found = asked(module, 64)
    agreed(found, applied(module, 64))
    for row in range(10):
        single = nn.Linear(64, 1)
        single.weight.data = module.weight.detach()[row : row + 1]
        assert asked(single, 64, budget=1).verdict.outcome == "holds"


def test_two_runs_in_eval_mode_differ(layers: Any) -> None:
    torch.manual_seed(0)
    module = layers.OrthoLinear(64, 64)
    states = {report.name: report for report in asked(module, 64, state=True, budget=4).state}
    assert states["eval twice"].changed
