"""Populations of MaxMin networks on a CUDA device: fused kernels beside plain torch and the device's own ceilings.

    python benchmarks/populations_gpu.py [--json PATH] [--variants]

4,096 networks of width 64 with four hidden layers and a scalar head, 64 points each, float32 without TF32. The flops
are those of one product forward, and one backward, per layer and point. All rates come from one run in which the
candidates take turns; a rate's ratio is to the float32 matrix product of 8192 x 8192 matrices in the same run.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from lipcheck.network import MaxMin
from lipcheck.readings.fused import Doubt, FusedNetwork
from lipcheck.readings.fused_launch import Variant, launch
from lipcheck.readings.tensor import Kind, TensorNetwork

NETWORKS, POINTS, WIDTH, HIDDEN = 4096, 64, 64, 4
FORWARD = 2 * NETWORKS * POINTS * (HIDDEN * WIDTH * WIDTH + WIDTH)
BOTH = FORWARD + 2 * NETWORKS * POINTS * HIDDEN * WIDTH * WIDTH
KINDS: tuple[Kind, ...] = ("affine", *(MaxMin(), "affine") * HIDDEN)
SIDE = 8192
ROUNDS, REPEATS, CHECKED = 9, 10, 64

CHOSEN = (FusedNetwork.variant, Variant(sums=64), Variant("dot"), Variant("dot", precision="tf32x3"))
ALL = (
    *(Variant("gluon", sums, tile, lanes) for sums in (32, 64) for tile in (64, 32) for lanes in (8, 16)),
    *(Variant("dot", sums, tile) for sums in (16, 32) for tile in (64, 32)),
    *(Variant("dot", sums, precision="tf32x3") for sums in (16, 32)),
)


def measure(variants: tuple[Variant, ...] = CHOSEN) -> list[dict[str, object]]:
    """One row per candidate: name, milliseconds, rate, ratio to the ceiling, relative error against float64."""
    torch.backends.cuda.matmul.allow_tf32 = False
    draw = torch.Generator("cuda").manual_seed(0)
    shapes = [(WIDTH, WIDTH)] * HIDDEN + [(1, WIDTH)]
    weights = [torch.randn(NETWORKS, *s, generator=draw, device="cuda") * (2 / WIDTH) ** 0.5 for s in shapes]
    biases = [torch.randn(NETWORKS, m, generator=draw, device="cuda") / 8 for m, _ in shapes]
    x = torch.randn(NETWORKS, POINTS, WIDTH, generator=draw, device="cuda")
    plain, fused = TensorNetwork(KINDS, weights, biases), FusedNetwork(KINDS, weights, biases)
    exact = TensorNetwork(
        KINDS, [w[:CHECKED].double().cpu() for w in weights], [b[:CHECKED].double().cpu() for b in biases]
    )
    reference = exact.jacobian(x[:CHECKED].double().cpu())
    a, b = (torch.randn(SIDE, SIDE, generator=draw, device="cuda") for _ in range(2))
    c, source, target = torch.empty_like(a), torch.randn(2**28, device="cuda"), torch.empty(2**28, device="cuda")
    doubt = Doubt(x.device)
    runs: dict[str, Callable[[], object]] = {
        "float32 matrix product": lambda: torch.mm(a, b, out=c),
        "copy": lambda: target.copy_(source),
        "forward, TensorNetwork": lambda: plain.forward(x),
        "jacobian, TensorNetwork": lambda: plain.jacobian(x),
        "forward, halves by bmm in a CUDA graph": _graph(fused, x),
        "packing": lambda: _pack(fused),
        "forward, FusedNetwork": lambda: fused.forward(x),
        "jacobian, FusedNetwork": lambda: fused.jacobian(x),
        "forward, FusedNetwork, one look at the end": lambda: fused.forward(x, doubt),
        "jacobian, FusedNetwork, one look at the end": lambda: fused.jacobian(x, doubt),
    }
    errors: dict[str, list[float]] = {name: _errors(call(), reference) for name, call in (
        ("forward, TensorNetwork", lambda: plain.forward(x)), ("jacobian, TensorNetwork", lambda: plain.jacobian(x)),
        ("forward, FusedNetwork", lambda: fused.forward(x)), ("jacobian, FusedNetwork", lambda: fused.jacobian(x)),
    )}  # fmt: skip
    for variant in variants:
        for jacobian in (False, True):
            name = f"{'jacobian' if jacobian else 'forward'}, {' '.join(map(str, variant))}"
            try:
                run, results = _kernel(variant, fused, x, jacobian=jacobian)
                errors[name] = _errors(results, reference)
                runs[name] = run
            except Exception as error:  # A variant that does not compile or launch is told, and the others go on.
                print(f"{name}: {type(error).__name__}: {str(error)[:300]}", flush=True)
    seconds = _medians(runs, doubt)
    ceiling = 2 * SIDE**3 / seconds["float32 matrix product"]
    rows: list[dict[str, object]] = []
    for name, time in seconds.items():
        flops = BOTH if name.startswith("jacobian") else FORWARD if name.startswith("forward") else 0
        row: dict[str, object] = {"name": name, "ms": 1e3 * time, "errors": errors.get(name, [])}
        if name == "float32 matrix product":
            row["TFLOP/s"] = ceiling / 1e12
        elif flops:
            row |= {"TFLOP/s": flops / time / 1e12, "ratio": flops / time / ceiling}
        elif name == "copy":
            row["TB/s"] = 2 * source.nbytes / time / 1e12
        rows.append(row)
    return rows


def _kernel(variant: Variant, fused: FusedNetwork, x: Tensor, *, jacobian: bool) -> tuple[Callable[[], object], object]:
    """A launch into buffers that stand, and what it left there when they were full of NaN."""
    values = torch.full((NETWORKS, 1, POINTS), torch.nan, device="cuda")
    rows = torch.full((NETWORKS, 1, POINTS, WIDTH) if jacobian else (1,), torch.nan, device="cuda")
    packed, doubtful = fused.packed, torch.zeros(1, dtype=torch.int32, device="cuda")

    def run() -> None:
        launch(variant, packed, x, values, rows, doubtful, variant.tile, jacobian=jacobian)

    run()
    torch.cuda.synchronize()
    return run, (values.transpose(1, 2).clone(), rows.transpose(1, 2).clone() if jacobian else None)


def _pack(fused: FusedNetwork) -> object:
    del fused.packed
    return fused.packed


def _graph(fused: FusedNetwork, x: Tensor) -> Callable[[], object]:
    """Forward with one batched product and one maximum and minimum per layer, recorded once as a CUDA graph."""
    packed, half = fused.packed, WIDTH // 2
    points, sums, units = (torch.empty(NETWORKS, WIDTH, POINTS, device="cuda") for _ in range(3))
    points.copy_(x.transpose(1, 2))
    head = torch.empty(NETWORKS, 1, POINTS, device="cuda")

    def steps() -> None:
        h = points
        for layer in range(HIDDEN):
            torch.baddbmm(packed.biases[:, layer, :, None], packed.weights[:, layer], h, out=sums)
            torch.maximum(sums[:, :half], sums[:, half:], out=units[:, :half])
            torch.minimum(sums[:, :half], sums[:, half:], out=units[:, half:])
            h = units
        torch.baddbmm(packed.head_bias[:, :, None], packed.head, h, out=head)

    steps()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        steps()
    return graph.replay


def _errors(results: object, reference: tuple[Tensor, Tensor]) -> list[float]:
    """Relative errors, in the 2-norm over the networks checked, of values and Jacobians where there are any."""
    found = [r for r in (results if isinstance(results, tuple) else (results,)) if r is not None]
    pairs = zip(found, reference, strict=False)
    return [float((r[:CHECKED].double().cpu() - e).norm() / e.norm()) for r, e in pairs]


def _medians(runs: dict[str, Callable[[], object]], doubt: Doubt) -> dict[str, float]:
    """Seconds of each run by the device's clock: medians of rounds in which all take turns, a few launches each."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    for round_ in range(ROUNDS + 1):
        for name, run in runs.items():
            start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))  # type: ignore[no-untyped-call]
            repeats = 1 if name == "float32 matrix product" else REPEATS
            run()
            start.record()
            for _ in range(repeats):
                run()
            if "one look" in name:
                doubt.refuse()
            end.record()
            torch.cuda.synchronize()
            if round_:
                found[name].append(start.elapsed_time(end) / 1e3 / repeats)
    return {name: statistics.median(times) for name, times in found.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    parser.add_argument("--variants", action="store_true", help="measure all variants of the kernels")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        parser.exit(1, "There is no CUDA device here; benchmarks/populations.py measures the CPU.\n")
    rows = measure(ALL if options.variants else CHOSEN)
    print(
        f"{torch.cuda.get_device_name()}, torch {torch.__version__}: {NETWORKS} MaxMin networks, {POINTS} points each"
    )
    for row in rows:
        rate = " ".join(f"{row[unit]:7.2f} {unit}" for unit in ("TFLOP/s", "TB/s") if unit in row)
        ratio = f"{row['ratio']:6.1%}" if "ratio" in row else ""
        errors = " ".join(f"{e:.1e}" for e in row["errors"])  # type: ignore[attr-defined]
        print(f"  {row['name']:42} {row['ms']:9.3f} ms {rate:16} {ratio:7} {errors}")
    if options.json:
        data = {"device": torch.cuda.get_device_name(), "versions": {"torch": torch.__version__}, "rows": rows}
        options.json.write_text(json.dumps(data, indent=1) + "\n")


if __name__ == "__main__":
    main()
