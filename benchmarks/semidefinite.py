"""The verified semidefinite bound beside the time allowed, its own solver without a proof, and cvxpy with Clarabel.

The goal asks that the verified bound lies at most 1e-7 above the solver's own value, too; notes give that loss, and the
bound over the product of the layers' norms.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
from _timing import ALLOWED, Measured, Omitted, Row, Size, alone, medians

from lipcheck.bounds.abs_normal import AbsNormal, abs_normal
from lipcheck.bounds.differences import differences
from lipcheck.bounds.interior_point import Problem, iterates
from lipcheck.bounds.semidefinite import scaled, semidefinite_bound
from lipcheck.network import Affine, GroupSort, Layer, MaxMin, Network, ReLU

Case = tuple[tuple[int, ...], Layer]
ALL: tuple[Case, ...] = (
    ((8, 16, 16, 1), MaxMin()),
    ((16, 64, 64, 1), MaxMin()),
    ((16, 64, 64, 1), ReLU()),
    ((16, 64, 64, 1), GroupSort(4, order="ascending")),
    ((16, 256, 256, 1), MaxMin()),
)
CASES: dict[Size, tuple[Case, ...]] = {"tiny": (((2, 4, 1), MaxMin()),), "quick": ALL[:2], "whole": ALL, "full": ALL}
LIMITS = {(16, 64, 64, 1): 1.0, (16, 256, 256, 1): 60.0}
LOSS = 1e-7
CLARABEL_GATES = 64


def drawn(widths: tuple[int, ...], activation: Layer) -> tuple[Network, float]:
    """A network of Gaussian weights, and the product of its layers' norms."""
    rng = np.random.default_rng(0)
    weights = [rng.standard_normal((m, n)) / n**0.5 for n, m in pairwise(widths)]
    layers: list[Layer] = [Affine.linear(weights[0].tolist())]
    for weight in weights[1:]:
        layers += [activation, Affine.linear(weight.tolist())]
    return Network(widths[0], tuple(layers)), float(np.prod([np.linalg.norm(weight, 2) for weight in weights]))


def afresh(form: AbsNormal) -> object:
    """The verified bound of an equal form, since a form keeps its floats."""
    return semidefinite_bound(AbsNormal(form.inputs, form.gates, form.outputs))


def solver(form: AbsNormal) -> object:
    """The interior-point method alone, to its last iterate."""
    return list(iterates(scaled(differences(form))[0]))


def measure(size: Size = "whole") -> Measured:
    """Each case; Clarabel only up to 64 gates, where it takes seconds."""
    other = importlib.util.find_spec("cvxpy") is not None
    if not other:
        yield Omitted("cvxpy with Clarabel", "cvxpy is not installed")
    for widths, activation in CASES[size]:
        network, product = drawn(widths, activation)
        form = abs_normal(network)
        bound = semidefinite_bound(form)
        if bound is None:
            raise ValueError(f"There is no semidefinite bound of {widths} {activation}.")
        problem, _, outputs = scaled(differences(form))
        runs: dict[str, Callable[[], object]] = {
            "ours": partial(afresh, form),
            "solver": partial(solver, form),
        }
        if other and len(form.gates) <= CLARABEL_GATES:
            runs["Clarabel"] = partial(clarabel, problem)
        found = medians(runs, rounds=3 if len(form.gates) <= CLARABEL_GATES else 1)
        value = float(bound.upper)
        loss = max(0.0, value / bound.proposed - 1)
        shape = f"{'-'.join(map(str, widths))} {type(activation).__name__}"
        note = f"{value / product:.3f} of the product of norms, loss {loss:.1e}"
        if widths in LIMITS:
            yield Row("verified bound", shape, found["ours"], ALLOWED, LIMITS[widths], 1.0, note, loss <= LOSS)
        yield Row("verified bound", shape, found["ours"], "our solver, unproven", found["solver"], None, note)
        if "Clarabel" in found:
            apart = clarabel(problem) ** 0.5 * 2.0**-outputs / value - 1
            note = f"Clarabel's own value / ours - 1 = {apart:.1e}"
            yield Row("verified bound", shape, found["ours"], "cvxpy, Clarabel", found["Clarabel"], None, note)


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
    alone(__file__)
