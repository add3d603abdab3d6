"""The population search: finds what is false, confirms it exactly, and takes rounding for what it is."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from laws import MAXMIN, isometry, lipschitz, maximum, recheck  # noqa: E402

from lipcheck import norms  # noqa: E402
from lipcheck.engines import kinds, pairs  # noqa: E402
from lipcheck.engines.architectures import architectures  # noqa: E402
from lipcheck.engines.outcome import DeviceUnavailable, SearchError  # noqa: E402
from lipcheck.engines.population import search_population  # noqa: E402
from lipcheck.engines.repair import feasible, norm_at_most, spectral_norm_at_most  # noqa: E402
from lipcheck.network import Affine, Network, matrix  # noqa: E402
from lipcheck.words.errors import LipcheckError  # noqa: E402
from lipcheck.words.search import Sample, Search  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def one_thread() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def run(law: Search, networks: int = 300, points: int = 36, seed: int = 0, **rest: Any) -> Any:
    return search_population(law, networks=networks, points=points, seed=seed, **rest)


def dice(seed: int = 0, dtype: Any = torch.float64) -> kinds.Dice:
    return kinds.Dice(torch.Generator().manual_seed(seed), dtype)


@pytest.mark.parametrize("law", [lipschitz(), maximum("inf")], ids=["2", "inf"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_true_law_stands_although_floats_violate_it(law: Search, dtype: str) -> None:
    found = run(law, networks=2000, dtype=dtype)
    assert found.violations > 0 and found.overruled > 0
    assert float(found.worst) < 0 <= Fraction(found.worst_exact)
    assert (found.confirmed, found.counterexample, found.worst_case) == (0, None, None)
    assert (found.networks, found.points, found.inadmissible) == (2000, 2000 * 36, 0)
    assert set(found.kinds) == set(kinds.KINDS) and sum(found.kinds.values()) == 2000


@pytest.mark.parametrize(
    "law",
    [
        lipschitz(Fraction(99, 100), MAXMIN),
        lipschitz(1, {"kind": "leakyrelu", "slope": "101/100"}),
        lipschitz(1, MAXMIN, norm=None),
        maximum("2"),
        maximum("1"),
        isometry({"kind": "relu"}),
    ],
    ids=["constant", "activation", "free weights", "other norm", "dual norm", "jacobian"],
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_false_law_is_refuted_exactly(law: Search, dtype: str) -> None:
    found = run(law, dtype=dtype)
    assert found.confirmed > 0
    short, worst = recheck(law, found.counterexample), recheck(law, found.worst_case)
    assert worst <= short < 0 or len(str(found.counterexample)) < len(str(found.worst_case))
    json.dumps(found.to_json(), allow_nan=False)


def test_outputs_that_are_one_percent_too_large_are_caught() -> None:
    law = lipschitz()

    def broken(sample: Sample) -> Any:
        rest = (sample.jacobian, sample.jacobian_y, sample.hidden)
        return law.margin(Sample(sample.x, sample.y, 1.01 * sample.fx, 1.01 * sample.fy, *rest))

    def exact(network: Network, x: Any, y: Any) -> Fraction:
        affine = network.layers[-1]
        assert isinstance(affine, Affine)
        scaled = tuple(tuple(Fraction(101, 100) * entry for entry in row) for row in affine.weight)
        return law.exact_margin(Network(network.inputs, (*network.layers[:-1], Affine(scaled, affine.bias))), x, y)

    found = run(replace(law, margin=broken, exact_margin=exact))
    assert found.confirmed > 0 and Fraction(found.counterexample["margin"]) < 0


def test_a_violation_in_floats_alone_is_overruled() -> None:
    law = lipschitz()
    found = run(replace(law, margin=lambda sample: law.margin(sample) - 1))
    assert found.violations > 0 and found.overruled > 0
    assert found.confirmed == 0 and found.counterexample is None


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_margin_that_is_no_number_is_never_a_pass(bad: float) -> None:
    law = lipschitz()

    def planted(sample: Sample) -> Any:
        margins = law.margin(sample).clamp(min=0) + 1
        margins[0, 0] = bad
        return margins

    found = run(replace(law, margin=planted), networks=60)
    assert found.undefined > 0 and found.violations == 0
    assert found.overruled > 0 and found.confirmed == 0
    assert float(found.worst) >= 1
    below = run(replace(law, margin=planted, exact_margin=lambda network, x, y: Fraction(-1)))
    assert below.confirmed > 0
    nothing = run(replace(law, margin=lambda sample: law.margin(sample) * bad * 0), networks=20)
    assert nothing.worst is None and nothing.undefined == nothing.points


def test_an_exact_side_that_cannot_decide_is_an_error() -> None:
    law = lipschitz()
    with pytest.raises(SearchError, match=r"'1-Lipschitz' cannot be decided exactly at x = .*ZeroDivisionError"):
        run(replace(law, exact_margin=lambda network, x, y: Fraction(1, 0)))
    with pytest.raises(SearchError, match="exact margin nan, which is no Fraction"):
        run(replace(law, exact_margin=lambda network, x, y: math.nan))
    with pytest.raises(SearchError, match="cannot tell whether it admits"):
        run(replace(law, admits=lambda network: 1 // 0 == 0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"norm": "3"}, "the norm '3': use None, '1', '2' or 'inf'"),
        ({"outputs": 0}, "0 outputs"),
        ({"activations": ()}, "names no activation"),
        (
            {"activations": ({"kind": "affine", "weight": [["1", "0"]], "bias": ["0"]},)},
            "affine layer as an activation",
        ),
        ({"activations": ({"kind": "swish"},)}, "Layer 0"),
        ({"margin": lambda sample: sample.x}, r"margins of shape .*: give \(networks, points\)"),
        ({"margin": lambda sample: 0.0}, "margins of shape float"),
    ],
)
def test_a_law_that_cannot_be_searched_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(LipcheckError, match=message):
        run(replace(lipschitz(), **change))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"networks": 0}, "0 networks"),
        ({"points": 0}, "0 points"),
        ({"dtype": "float16"}, "'float16' is not a dtype"),
        ({"device": "abacus"}, "'abacus' is not a device"),
        ({"device": "meta"}, "'meta' is not a device"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(SearchError, match=message):
        run(lipschitz(), **settings)


def test_a_missing_device_has_its_own_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceUnavailable, match="no CUDA device here"):
        run(lipschitz(), device="cuda")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_same_verdicts_on_cuda(dtype: str) -> None:
    assert run(lipschitz(), device="cuda", dtype=dtype).confirmed == 0
    false = lipschitz(Fraction(99, 100))
    found = run(false, device="cuda", dtype=dtype)
    assert recheck(false, found.counterexample) < 0 and found.device_name != "cpu"
    assert "networks" in found.settings["fused kernel"]


def test_the_record_says_how_many_networks_a_fused_kernel_took() -> None:
    from collections import Counter

    from lipcheck.engines.population import kernels

    assert "fused kernel" not in run(lipschitz(), networks=20).settings
    taken = Counter({"": 3, "no room": 2, "no triton": 1})
    assert kernels("cuda", taken) == {"fused kernel": "3 networks; not 2: no room; not 1: no triton"}
    assert kernels("cpu", taken) == {}


@pytest.mark.parametrize(
    "law", [lipschitz(), lipschitz(Fraction(99, 100)), isometry()], ids=["true", "false", "narrow"]
)
def test_a_seed_determines_everything_whatever_the_chunks(law: Search) -> None:
    first = run(law, networks=200, points=30, seed=3)
    assert run(law, networks=200, points=30, seed=3) == first
    for activations in (1, 20_000):
        assert run(law, networks=200, points=30, seed=3, activations=activations) == first
    other = run(law, networks=200, points=30, seed=4)
    assert (other.worst, other.violations) != (first.worst, first.violations) or law.admits is not Search.admits


def test_few_networks_still_meet_every_kind_and_progress_counts_them() -> None:
    seen: list[tuple[int, int]] = []
    found = run(lipschitz(), networks=len(kinds.KINDS), points=1, progress=lambda done, all_: seen.append((done, all_)))
    assert found.kinds == dict.fromkeys(sorted(kinds.KINDS), 1)
    assert seen[-1] == (found.networks, found.networks) and seen == sorted(seen)


def test_only_admitted_networks_count() -> None:
    found = run(isometry(), networks=800, points=9)
    assert 0 < found.networks < 800 and found.networks + found.inadmissible == 800
    assert found.worst_exact == "0" and found.confirmed == 0
    none = run(replace(isometry(), admits=lambda network: False))
    assert (none.networks, none.points, none.worst) == (0, 0, None)


def test_the_jacobian_is_computed_only_where_a_margin_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from lipcheck.readings.tensor import TensorNetwork

    def refuse(self: Any, x: Any) -> Any:
        raise AssertionError("computed")

    monkeypatch.setattr(TensorNetwork, "jacobian", refuse)
    run(lipschitz(), networks=20)
    with pytest.raises(AssertionError, match="computed"):
        run(isometry(MAXMIN), networks=300)


@pytest.mark.parametrize("kind", kinds.KINDS)
@pytest.mark.parametrize("norm", ["1", "2", "inf"])
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 5), (8, 4), (1, 4)])
def test_weights_have_the_norm_that_is_asked_for(kind: str, norm: str, shape: tuple[int, int]) -> None:
    ((weights, biases),) = kinds.draw(kinds.KINDS[kind], norm, dice(), 50, [shape])
    assert weights.shape == (50, *shape) and biases.shape == (50, shape[0])
    sizes = torch.linalg.matrix_norm(weights, ord={"1": 1, "2": 2, "inf": math.inf}[norm])
    assert sizes.max() <= 1 + 1e-12
    if not kinds.KINDS[kind].dyadic:
        assert sizes.max() >= kinds.KINDS[kind].shrink(dice()) * (1 - 1e-12)
    assert 0 < (biases == 0).all(1).sum() < 50


def test_kinds_are_what_they_are_called() -> None:
    for rows, columns in [(4, 4), (6, 3), (3, 6)]:
        q = kinds.haar(dice(), 20, rows, columns)
        gram = q.mT @ q if rows >= columns else q @ q.mT
        assert torch.allclose(gram, torch.eye(min(rows, columns), dtype=torch.float64), atol=1e-12)
        assert (torch.linalg.matrix_rank(kinds.deficient(dice(), 20, rows, columns)) <= min(rows, columns) // 2).all()
        moved = kinds.permutation(dice(), 20, rows, columns)
        assert (moved.abs().sum((1, 2)) == min(rows, columns)).all() and (moved.abs().sum(1) <= 1).all()
        assert (kinds.lattice(dice(), 20, rows, columns).abs().sum(2) == 1).all()
        averages = kinds.averages(dice(), 20, rows, columns)
        assert (averages.abs().sum(2) == 1).all() and (averages * 8 == (averages * 8).round()).all()
    assert (kinds.haar(dice(), 200, 1, 1) < 0).any() and (kinds.haar(dice(), 200, 1, 1) > 0).any()


def test_points_of_every_style() -> None:
    styles = len(pairs.STYLES)
    for inputs in (1, 2, 5):
        x, y = pairs.draw(dice(), 7, 4 * styles + 2, inputs)
        assert x.isfinite().all() and y.isfinite().all() and (x != y).any()
        by_name = {style.__name__: (x[:, s::styles], y[:, s::styles]) for s, style in enumerate(pairs.STYLES)}
        a, b = by_name["axis"]
        assert ((a != b).sum(-1) <= 1).all()
        a, b = by_name["across"]
        assert inputs == 1 or torch.equal(a.sort(-1).values, b.sort(-1).values)
        a, b = by_name["near"]
        assert ((a - b).abs() < 1e-4).all()
        assert (by_name["diagonal"][0].amax(-1) == by_name["diagonal"][0].amin(-1)).all()


def test_architectures_fit_every_activation() -> None:
    layers = ({"kind": "maxout", "size": 3}, {"kind": "groupsort", "size": 5, "order": "ascending"}, {"kind": "abs"})
    found = architectures(lipschitz(1, *layers))
    assert len({tuple(type(a).__name__ for a in plan.activations) for plan in found}) > 6
    assert {plan.inputs for plan in found} >= {1, 2, 3, 8}
    assert {plan.outputs for plan in architectures(lipschitz(1, *layers, outputs=7))} == {7}


def random_matrix(rng: random.Random, rows: int, columns: int) -> Any:
    return matrix([[Fraction(rng.randint(-3, 3), rng.choice((1, 2, 3))) for _ in range(columns)] for _ in range(rows)])


def test_the_spectral_decision_agrees_with_the_certified_norms() -> None:
    rng, decisions = random.Random(1), set()
    for _ in range(300):
        weight = random_matrix(rng, rng.randint(1, 4), rng.randint(1, 4))
        exact = norms.spectral_norm(weight)
        for bound in (exact.lower, exact.upper, Fraction(rng.randint(0, 24), 4)):
            decisions.add(norms.spectral_norm_at_most(weight, bound))
            assert spectral_norm_at_most(weight, bound) == norms.spectral_norm_at_most(weight, bound)
    assert decisions == {True, False}


@pytest.mark.parametrize("norm", ["1", "2", "inf"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_repair_meets_the_norm_and_changes_almost_nothing(norm: str, dtype: Any) -> None:
    ((weights, biases),) = kinds.draw(kinds.KINDS["haar"], norm, dice(dtype=dtype), 40, [(4, 3)])
    changed = 0
    for weight, bias in zip(weights.tolist(), biases.tolist(), strict=True):
        before = Network(3, (Affine(weight, bias),))
        (after,) = feasible(before, norm).layers
        assert isinstance(after, Affine) and norm_at_most(after.weight, norm)
        changed += after != before.layers[0]
        gaps = (
            abs(a - b) for p, q in zip(after.weight, matrix(weight), strict=True) for a, b in zip(p, q, strict=True)
        )
        assert max(gaps) <= 20 * torch.finfo(dtype).eps
    assert changed > 0
    (large,) = feasible(Network(2, (Affine.linear([[3, 4], [5, 6]]),)), norm).layers
    assert (
        isinstance(large, Affine)
        and norm_at_most(large.weight, norm)
        and not norm_at_most(large.weight, norm, Fraction(1, 2))
    )


def test_torch_and_numpy_are_all_it_needs() -> None:
    child = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"cvc5", "flint", "hypothesis", "rich", "scipy", "sympy", "z3"}:
            raise ImportError(name)
sys.meta_path.insert(0, Absent())
from fractions import Fraction
from lipcheck.engines.population import search_population
from lipcheck.readings.rational import evaluate
from lipcheck.words.search import Search
def exact(network, x, y):
    a, b = (evaluate(network, point) for point in (x, y))
    return sum((p - q) ** 2 for p, q in zip(x, y)) - 2 * sum((p - q) ** 2 for p, q in zip(a, b))
def margin(s):
    return (s.x - s.y).norm(dim=-1) - 2**0.5 * (s.fx - s.fy).norm(dim=-1)
law = Search("false", ({"kind": "maxmin"},), "2", margin, exact)
assert search_population(law, networks=50, points=9, seed=0).confirmed
"""
    done = subprocess.run([sys.executable, "-c", child], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
