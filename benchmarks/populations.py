"""Populations of MaxMin networks beside the machine's own rates, and beside the same networks as torch modules.

The ceilings are a float32 matrix product, the best of several sizes with torch's BLAS and with numpy's, and a copy,
measured in the same interleaved rounds. Operations: two per weight and point forwards, and as many backwards for the
hidden layers, where the Jacobian of a scalar head starts as a row of the last weight.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from _timing import medians
from torch import Tensor, nn

from lipcheck.network import MaxMin
from lipcheck.readings.population import Population
from lipcheck.readings.tensor import TensorNetwork

NETWORKS, WIDTH, DEPTH, POINTS = 4096, 64, 4, 64
PRODUCTS = (512, 1024, 2048)
COPIED = 2**25
LOOPED = 256
"""Networks of the loop over modules; its time is scaled to all of them."""


class Row(NamedTuple):
    """One measurement: seconds, its rate with the unit, and that rate over the ceiling or over a rival's."""

    name: str
    seconds: float
    rate: str
    ratio: float
    against: str


class Sorted(nn.Module):
    """MaxMin of neighbours by an interleaved sort."""

    def forward(self, x: Tensor) -> Tensor:
        """Each pair of x (points, units), larger number first."""
        return x.unflatten(-1, (-1, 2)).sort(dim=-1, descending=True).values.flatten(-2)


def population() -> TensorNetwork:
    """The networks: WIDTH inputs, DEPTH hidden layers of WIDTH units, one output."""
    draw, hidden = torch.Generator().manual_seed(0), [WIDTH] * DEPTH
    kinds = ("affine", MaxMin()) * DEPTH + ("affine",)
    weights = [torch.randn(NETWORKS, m, WIDTH, generator=draw) / WIDTH**0.5 for m in (*hidden, 1)]
    return TensorNetwork.from_tensors(kinds, weights, [torch.randn(NETWORKS, m, generator=draw) for m in (*hidden, 1)])


def modules(network: TensorNetwork, count: int) -> list[nn.Sequential]:
    """The first networks as torch modules."""
    found = []
    for i in range(count):
        layers: list[nn.Module] = []
        for weight, bias in zip(network.weights, network.biases, strict=True):
            layer = nn.Linear(weight.shape[2], weight.shape[1])
            layer.weight.data, layer.bias.data = weight[i], bias[i]
            layers += [layer, Sorted()]
        found.append(nn.Sequential(*layers[:-1]))
    return found


def loop(networks: list[nn.Sequential], x: Tensor) -> Tensor:
    """Their values, one after the other."""
    with torch.no_grad():
        return torch.stack([network(points) for network, points in zip(networks, x, strict=False)])


def measure(rounds: int = 5) -> list[Row]:
    """Every rate with the number of threads that torch is set to use."""
    network = population()
    x = torch.randn(NETWORKS, POINTS, WIDTH, generator=torch.Generator().manual_seed(1))
    exact, fast = Population.exact(network), Population.fast(network)
    few, plain, sample = modules(network, LOOPED), _few(network, LOOPED), x[:LOOPED]
    torch.testing.assert_close(exact.values(x)[:LOOPED], loop(few, x), rtol=1e-4, atol=1e-4)
    squares = {n: (torch.randn(n, n), torch.randn(n, n), torch.empty(n, n)) for n in PRODUCTS}
    source, target = torch.randn(COPIED), torch.empty(COPIED)
    backward = 2.0 * NETWORKS * POINTS * DEPTH * WIDTH**2
    forward = backward + 2.0 * NETWORKS * POINTS * WIDTH
    runs: dict[str, tuple[Callable[[], object], float]] = {
        "fast form, forward": (lambda: fast.values(x), forward),
        "fast form, with Jacobians": (lambda: fast.values_and_jacobians(x), forward + backward),
        "exact form, forward": (lambda: exact.values(x), forward),
        "exact form, with Jacobians": (lambda: exact.values_and_jacobians(x), forward + backward),
        "tensor reading, forward": (lambda: plain.forward(sample), forward * LOOPED / NETWORKS),
        "tensor reading, with Jacobians": (lambda: plain.jacobian(sample), (forward + backward) * LOOPED / NETWORKS),
        "loop over torch modules, forward": (lambda: loop(few, x), forward * LOOPED / NETWORKS),
    }
    ceilings = {f"matrix product {n}": (_product(*squares[n]), 2.0 * n**3) for n in PRODUCTS}
    ceilings |= {f"matrix product {n}, numpy's BLAS": (_numpy_product(*squares[n]), 2.0 * n**3) for n in PRODUCTS}
    seconds = medians(
        {**{name: run for name, (run, _) in (ceilings | runs).items()}, "copy": lambda: target.copy_(source)}, rounds
    )
    rates = {name: work / seconds[name] for name, (_, work) in (ceilings | runs).items()}
    ceiling = max(rates[name] for name in ceilings)
    rows = [Row(n, seconds[n], f"{rates[n] / 1e9:.1f} Gflop/s", rates[n] / ceiling, "matrix product") for n in rates]
    rows.append(Row("copy", seconds["copy"], f"{8 * COPIED / seconds['copy'] / 1e9:.1f} GB/s", 1.0, "copy"))
    slow = rates["loop over torch modules, forward"]
    rows += [
        Row(f"{name} beside the loop", seconds[name], f"{rates[name] / 1e9:.1f} Gflop/s", rates[name] / slow, "loop")
        for name in ("fast form, forward", "exact form, forward")
    ]
    return rows


def _few(network: TensorNetwork, count: int) -> TensorNetwork:
    return TensorNetwork.from_tensors(
        network.kinds, [w[:count] for w in network.weights], [b[:count] for b in network.biases]
    )


def _product(a: Tensor, b: Tensor, out: Tensor) -> Callable[[], Tensor]:
    return lambda: torch.mm(a, b, out=out)


def _numpy_product(a: Tensor, b: Tensor, out: Tensor) -> Callable[[], object]:
    return lambda: np.matmul(a.numpy(), b.numpy(), out=out.numpy())


def main() -> None:
    """Print all rows, with one thread and with all."""
    every = torch.get_num_threads()
    for threads in dict.fromkeys((1, every)):
        torch.set_num_threads(threads)
        print(
            f"{NETWORKS} MaxMin networks of width {WIDTH} and depth {DEPTH}, {POINTS} points each, float32, "
            f"threads: {threads}"
        )
        for row in measure():
            print(f"  {row.name:40} {1000 * row.seconds:9.1f} ms {row.rate:>16}   {row.ratio:6.2f} of {row.against}")


if __name__ == "__main__":
    main()
