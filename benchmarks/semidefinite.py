"""The semidefinite bound: seconds, what the proof costs in value, and the product of norms; Clarabel beside it."""

from __future__ import annotations

import importlib.util
import os
from functools import partial
from itertools import pairwise

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from _timing import medians, report

from lipcheck.bounds.abs_normal import AbsNormal, abs_normal
from lipcheck.bounds.differences import differences
from lipcheck.bounds.interior_point import Problem, iterates
from lipcheck.bounds.semidefinite import scaled, semidefinite_bound
from lipcheck.bounds.semidefinite_check import verify
from lipcheck.network import Affine, GroupSort, Layer, MaxMin, Network, ReLU

CASES: list[tuple[tuple[int, ...], Layer]] = [
    ((8, 16, 16, 1), MaxMin()),
    ((16, 64, 64, 1), MaxMin()),
    ((16, 64, 64, 1), ReLU()),
    ((16, 64, 64, 1), GroupSort(4, order="ascending")),
    ((16, 256, 256, 1), MaxMin()),
]
CLARABEL_GATES = 64


def main() -> None:
    """Measure each case; Clarabel only up to 64 gates, where it takes seconds."""
    rng = np.random.default_rng(0)
    for widths, activation in CASES:
        weights = [rng.standard_normal((m, n)) / n**0.5 for n, m in pairwise(widths)]
        layers: list[Layer] = [Affine.linear(weights[0].tolist())]
        for weight in weights[1:]:
            layers += [activation, Affine.linear(weight.tolist())]
        measure("-".join(map(str, widths)), Network(widths[0], tuple(layers)), activation, weights)


def measure(name: str, network: Network, activation: Layer, weights: list[np.ndarray]) -> None:
    """One network: medians and values."""
    form = abs_normal(network)
    bound = semidefinite_bound(form)
    assert bound is not None
    # A form computed afresh: it keeps its floats.
    runs = {
        "bound, verified": lambda: semidefinite_bound(AbsNormal(form.inputs, form.gates, form.outputs)),
        "interior point method alone": lambda: list(iterates(scaled(differences(form))[0])),
        "verification alone": lambda: verify(form, bound.rho, bound.multipliers),
        "abs-normal form": lambda: abs_normal(network),
    }
    problem, _, outputs = scaled(differences(form))
    if importlib.util.find_spec("cvxpy") is None:
        print("Clarabel is left out: cvxpy is not installed.")
    elif len(form.gates) <= CLARABEL_GATES:
        runs["cvxpy and Clarabel"] = partial(clarabel, problem)
    report(f"{name} {activation}, {len(form.gates)} gates, one thread", medians(runs, rounds=3))
    product = float(np.prod([np.linalg.norm(weight, 2) for weight in weights]))
    value = float(bound.upper)
    print(f"  bound {value:.9f}, {value / product:.3f} of the product of norms")
    print(f"  lost to the solver's own value: {max(0.0, value / bound.proposed - 1):.1e}")
    if "cvxpy and Clarabel" in runs:
        other = clarabel(problem) ** 0.5 * 2.0**-outputs
        print(f"  Clarabel's own value / bound - 1: {other / value - 1:.1e}")


def clarabel(problem: Problem) -> float:
    """The least rho by cvxpy and Clarabel, without a proof."""
    import cvxpy

    rho, multipliers = cvxpy.Variable(), cvxpy.Variable(len(problem.gates), nonneg=True)
    fixed = problem.outputs.T @ problem.outputs
    diagonal = cvxpy.hstack([rho * np.ones(problem.inputs), multipliers])
    m = cvxpy.diag(diagonal) - problem.gates.T @ cvxpy.diag(multipliers) @ problem.gates - fixed
    task = cvxpy.Problem(cvxpy.Minimize(rho), [(m + m.T) / 2 >> 0])
    task.solve(solver=cvxpy.CLARABEL)
    return float(task.value)


if __name__ == "__main__":
    main()
