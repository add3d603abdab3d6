from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import pytest
import torch

import lipcheck.nn.lattice as home
from lipcheck.build.lattice import Lattice, Outer
from lipcheck.build.pieces import Piece
from lipcheck.network import NetworkError
from lipcheck.nn import LatticeModule, RoundingError, from_module
from lipcheck.nn.lattice import LatticeModuleError
from lipcheck.norms import Exponent, dual_exponent, vector_norm

SHAPES = {
    "one group": (37,),
    "single pieces": (1,) * 37,
    "pairs": (2,) * 19,
    "equal": (5,) * 8,
    "mixed": (3, 1, 2, 3, 40, 2, 1, 7, 3, 41),
}


def module(sizes: tuple[int, ...], outer: Outer, dtype: torch.dtype = torch.float64, inputs: int = 3) -> LatticeModule:
    draw = torch.Generator().manual_seed(len(sizes))
    weight = torch.randint(-64, 65, (sum(sizes), inputs), generator=draw).to(dtype) / 64
    bias = torch.randint(-64, 65, (sum(sizes),), generator=draw).to(dtype) / 64
    return LatticeModule(weight, bias, sizes, outer, p=1)


def points(count: int, dtype: torch.dtype = torch.float64, inputs: int = 3) -> torch.Tensor:
    return torch.randint(-32, 33, (count, inputs), generator=torch.Generator().manual_seed(9)).to(dtype) / 16


@pytest.fixture(params=[(64, 4), (16 << 10, 256)], ids=["small blocks", "real blocks"])
def blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "_BLOCK_BYTES", request.param[0])
    monkeypatch.setattr(home, "_CHUNK", {"cpu": request.param[1]})


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("outer", ["max", "min"])
@pytest.mark.parametrize("sizes", SHAPES.values(), ids=SHAPES)
def test_the_module_is_the_exact_lattice(sizes: tuple[int, ...], outer: Outer, dtype: torch.dtype) -> None:
    made, x = module(sizes, outer, dtype), points(21, dtype)
    exact = made.to_lattice().values(x.tolist())
    # Dyadic data: no product and no sum is rounded.
    with torch.no_grad():
        fused = made(x)
    assert fused.shape == (21, 1) and fused.dtype == dtype and not fused.requires_grad
    assert tuple(map(Fraction, fused[:, 0].tolist())) == exact
    assert torch.equal(made(x), fused)
    with torch.inference_mode():
        assert torch.equal(made(x), fused)
        assert torch.equal(made(x.reshape(7, 3, 3)), fused.reshape(7, 3, 1))
        assert torch.equal(made(x[0]), fused[0])
        assert made(x[:0]).shape == (0, 1)


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("sizes", SHAPES.values(), ids=SHAPES)
def test_gradients_are_the_weights_of_the_pieces_that_show(sizes: tuple[int, ...]) -> None:
    made = module(sizes, "max")
    # Off the grid of the data, so that no two pieces are tied.
    x = (points(12) + torch.tensor([math.pi, math.e, math.sqrt(2)], dtype=torch.float64) / 64).requires_grad_()
    made(x).sum().backward()
    lattice = made.to_lattice()
    assert x.grad is not None
    assert [tuple(map(Fraction, row)) for row in x.grad.tolist()] == [lattice.gradient(p) for p in x.tolist()]
    assert made.bias.grad is not None and made.weight.grad is not None
    counts = torch.zeros_like(made.bias)
    for i in lattice.showing(x.tolist()):
        counts[i] += 1
    assert torch.equal(made.bias.grad, counts)
    assert torch.equal(made.weight.grad.sum(0), x.detach().sum(0)) or torch.allclose(made.weight.grad.sum(0), x.sum(0))


def test_updates_of_the_parameters_show_at_once() -> None:
    made, x = module(SHAPES["mixed"], "max"), points(5)
    with torch.no_grad():
        before = made(x)
        made.bias.data += 1
        assert torch.equal(made(x), before + 1)


def test_moving_the_module_to_another_dtype() -> None:
    made, x = module(SHAPES["mixed"], "max"), points(5)
    with torch.no_grad():
        before = made(x)
        assert torch.equal(made.float()(x.float()).double(), before)


def unit(random: Random, q: Exponent) -> tuple[Fraction, ...]:
    row = [Fraction(random.randint(-9, 9), random.randint(1, 9)) for _ in range(3)]
    if q == 2:
        s = 1 + row[0] ** 2 + row[1] ** 2
        return 2 * row[0] / s, 2 * row[1] / s, (s - 2) / s
    norm = vector_norm(row, q).upper or 1
    return tuple(w / norm for w in row)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("p", [Fraction(1), Fraction(2), Fraction(3), math.inf], ids=str)
def test_from_a_lattice_norms_are_kept_and_values_are_near(p: Exponent, dtype: torch.dtype) -> None:
    random, q, u = Random(1), dual_exponent(p), Fraction(torch.finfo(dtype).eps) / 2
    groups = [[Piece(unit(random, q), Fraction(random.randint(-9, 9), 7)) for _ in range(n)] for n in (4, 2, 1, 5)]
    lattice = Lattice(tuple(map(tuple, groups)), p, "min")
    made = LatticeModule.from_lattice(lattice, dtype)
    assert made.sizes == (4, 2, 1, 5) and made.outer == "min" and made.p == p
    back = made.to_lattice()
    assert back.norm.at_most(1) and back.p == p
    x = points(30, dtype)
    for point, got, bound in zip(x.tolist(), made(x)[:, 0].tolist(), made.error_bound(x)[:, 0].tolist(), strict=True):
        assert abs(Fraction(got) - back.value(point)) <= Fraction(bound)
        # Weights move by less than u each, biases of size at most 2 by at most 2 u.
        assert abs(back.value(point) - lattice.value(point)) <= u * sum(map(abs, map(Fraction, point))) + 2 * u
    assert from_module(made) == back.network()
    with pytest.raises(RoundingError):
        LatticeModule.from_lattice(Lattice(((Piece((Fraction(1),) * 3, Fraction(0)),),), Fraction(1, 1) * 2), dtype)


def test_the_error_bound_holds_and_is_not_idle() -> None:
    draw = torch.Generator().manual_seed(2)
    weight, bias = torch.randn(300, 40, generator=draw), torch.randn(300, generator=draw)
    made, x = LatticeModule(weight, bias, (20,) * 15, p=2), torch.randn(20, 40, generator=draw)
    exact = made.to_lattice().values(x.tolist())
    bounds = made.error_bound(x)[:, 0].tolist()
    errors = [abs(Fraction(v) - e) for v, e in zip(made(x)[:, 0].tolist(), exact, strict=True)]
    assert all(error <= Fraction(bound) for error, bound in zip(errors, bounds, strict=True))
    assert max(errors) > 0 and max(bounds) < 1e-3
    for bad in (1e38, math.inf, math.nan):
        with pytest.raises(NetworkError, match="may overflow"):
            made.error_bound(torch.full((1, 40), bad))
    assert bool(torch.isfinite(made.error_bound(torch.full((1, 40), 1e34))).all())
    with pytest.raises(LatticeModuleError, match="give to_lattice an exponent"):
        LatticeModule(weight, bias, (300,)).to_lattice()


def test_memory_is_linear() -> None:
    for sizes in ((100_000,), (1,) * 100_000, (2,) * 50_000, tuple(range(1, 447))):
        pieces = sum(sizes)
        made = LatticeModule(torch.zeros(pieces, 2), torch.zeros(pieces), sizes)
        plan = made._plan()
        assert plan.order is None or len(plan.order) == pieces
        covered = [piece for run in plan.runs for block in run for piece in (block.start, block.stop)]
        assert covered[0] == 0 and covered[-1] == pieces and covered[1:-1:2] == covered[2:-1:2]
        assert len(covered) // 2 <= 446 + pieces // 2048
        assert max(block.stop - block.start for run in plan.runs for block in run) <= 4096


@pytest.mark.parametrize(
    ("weight", "bias", "sizes", "outer", "message"),
    [
        (torch.zeros(3, 2), torch.zeros(3), (1, 1), "max", "sum up to 2"),
        (torch.zeros(3, 2), torch.zeros(3), (3, 0), "max", "at least 1"),
        (torch.zeros(3, 2), torch.zeros(3), (2, True), "max", "at least 1"),
        (torch.zeros(3, 2), torch.zeros(2), (3,), "max", "give \\(m, n\\) and \\(m,\\)"),
        (torch.zeros(3), torch.zeros(3), (3,), "max", "give \\(m, n\\)"),
        (torch.zeros(0, 2), torch.zeros(0), (), "max", "give \\(m, n\\)"),
        (torch.zeros(3, 2), torch.zeros(3), (3,), "mean", "say 'max' or 'min'"),
        (torch.zeros(3, 2).half(), torch.zeros(3).half(), (3,), "max", "float64 or float32"),
        (torch.zeros(3, 2), torch.zeros(3).double(), (3,), "max", "float64 or float32"),
        (torch.zeros(3, 2) / 0, torch.zeros(3), (3,), "max", "NaN or infinity"),
        (torch.zeros(3, 2), torch.ones(3) / 0, (3,), "max", "NaN or infinity"),
    ],
)
def test_what_is_no_lattice(
    weight: torch.Tensor, bias: torch.Tensor, sizes: tuple[int, ...], outer: Outer, message: str
) -> None:
    with pytest.raises(LatticeModuleError, match=message):
        LatticeModule(weight, bias, sizes, outer)


def test_points_that_do_not_fit() -> None:
    with pytest.raises(NetworkError, match="takes 3"):
        module((2,), "max")(torch.zeros(4, 2, dtype=torch.float64))
    for other in (torch.zeros((), dtype=torch.float64), torch.zeros(4, 3), torch.zeros(4, 3, dtype=torch.int64)):
        for call in (module((2,), "max"), module((2,), "max").error_bound):
            with pytest.raises(NetworkError, match=r"shape \(\) but|but the lattice torch\.float64"):
                call(other)


def test_training_after_inference_mode() -> None:
    one = module(SHAPES["mixed"], "max")
    x = torch.ones(2, 3, dtype=torch.float64)
    with torch.inference_mode():
        before = one(x)
    one(x).sum().backward()
    assert torch.equal(before, one(x)) and one.weight.grad is not None and bool(one.weight.grad.any())
