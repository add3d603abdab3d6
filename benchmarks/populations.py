"""Populations of MaxMin networks beside the machine's own rates, and beside the same networks as torch modules.

A ratio beside the matrix product is the fraction of its float32 rate, the best of several sizes with torch's BLAS and
with numpy's, measured in the same interleaved rounds: the time that our operations would take at that rate, over the
time that they take. Operations: two per weight and point forwards, and as many backwards for the hidden layers, where
the Jacobian of a scalar head starts as a row of the last weight.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from _timing import Measured, Row, Size, alone, medians
from torch import Tensor, nn

from lipcheck.network import MaxMin
from lipcheck.readings.population import Population
from lipcheck.readings.tensor import Kind, TensorNetwork

WIDTH, DEPTH, POINTS = 64, 4, 64
NETWORKS: dict[Size, int] = {"tiny": 4, "quick": 1024, "whole": 4096, "full": 4096}
PRODUCTS: dict[Size, tuple[int, ...]] = {"tiny": (64,), "quick": (512, 1024), "whole": (512, 1024, 2048)}
ROUNDS: dict[Size, int] = {"tiny": 1, "quick": 3, "whole": 5}
LOOPED = 256
"""Networks of the loop over modules and of the tensor reading; their times are scaled to all of them."""
GOALS = {
    "fast form, forward": 0.60,
    "fast form, with Jacobians": 0.55,
    "exact form, forward": 0.50,
    "exact form, with Jacobians": 0.30,
}
BESIDE_LOOP = 8.0


class Sorted(nn.Module):
    """MaxMin of neighbours by an interleaved sort."""

    def forward(self, x: Tensor) -> Tensor:
        """Each pair of x (points, units), larger number first."""
        pairs = x.view(*x.shape[:-1], -1, 2).sort(dim=-1, descending=True)
        return pairs.values.view(x.shape)


def population(networks: int) -> TensorNetwork:
    """So many networks: WIDTH inputs, DEPTH hidden layers of WIDTH units, one output."""
    draw, hidden = torch.Generator().manual_seed(0), [WIDTH] * DEPTH
    kinds: tuple[Kind, ...] = ("affine", MaxMin()) * DEPTH + ("affine",)
    weights = [torch.randn(networks, m, WIDTH, generator=draw) / WIDTH**0.5 for m in (*hidden, 1)]
    biases = [torch.randn(networks, m, generator=draw) for m in (*hidden, 1)]
    return TensorNetwork.from_tensors(kinds, weights, biases)


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


def measure(size: Size = "whole") -> Measured:
    """Every rate with the number of threads that torch is set to use."""
    size = "whole" if size == "full" else size
    networks, few = NETWORKS[size], min(LOOPED, NETWORKS[size])
    network = population(networks)
    x = torch.randn(networks, POINTS, WIDTH, generator=torch.Generator().manual_seed(1))
    exact, fast = Population.exact(network), Population.fast(network)
    looped, plain, sample = modules(network, few), _few(network, few), x[:few]
    torch.testing.assert_close(exact.values(x)[:few], loop(looped, x), rtol=1e-4, atol=1e-4)
    share = few / networks
    runs: dict[str, tuple[Callable[[], object], float]] = {
        "fast form, forward": (lambda: fast.values(x), 1.0),
        "fast form, with Jacobians": (lambda: fast.values_and_jacobians(x), 1.0),
        "exact form, forward": (lambda: exact.values(x), 1.0),
        "exact form, with Jacobians": (lambda: exact.values_and_jacobians(x), 1.0),
        "tensor reading, forward": (lambda: plain.forward(sample), share),
        "tensor reading, with Jacobians": (lambda: plain.jacobian(sample), share),
        "loop over torch modules, forward": (lambda: loop(looped, x), share),
    }
    products = {f"{library} {n}": run for n in PRODUCTS[size] for library, run in _products(n).items()}
    found = medians({**products, **{name: run for name, (run, _) in runs.items()}}, ROUNDS[size])
    seconds = {name: found[name] / part for name, (_, part) in runs.items()}
    rate = max(2.0 * int(name.split()[1]) ** 3 / found[name] for name in products)
    backward = 2.0 * networks * POINTS * DEPTH * WIDTH**2
    forward = backward + 2.0 * networks * POINTS * WIDTH
    shape, goals = f"{networks:,} networks", GOALS if size == "whole" else {}
    for name, taken in seconds.items():
        work = forward + backward if "Jacobians" in name else forward
        note = f"{work / taken / 1e9:.1f} Gflop/s"
        yield Row(name, shape, taken, "matrix product", work / rate, goals.get(name), note)
    slow = "loop over torch modules, forward"
    for name in ("fast form, forward", "exact form, forward"):
        goal = BESIDE_LOOP if size == "whole" else None
        yield Row(name, shape, seconds[name], "loop over torch modules", seconds[slow], goal)


def _few(network: TensorNetwork, count: int) -> TensorNetwork:
    return TensorNetwork.from_tensors(
        network.kinds, [w[:count] for w in network.weights], [b[:count] for b in network.biases]
    )


def _products(n: int) -> dict[str, Callable[[], object]]:
    a, b, out = torch.randn(n, n), torch.randn(n, n), torch.empty(n, n)
    return {
        "torch": lambda: torch.mm(a, b, out=out),
        "numpy": lambda: np.matmul(a.numpy(), b.numpy(), out=out.numpy()),
    }


if __name__ == "__main__":
    alone(__file__)
