"""lower <= exact <= semidefinite <= product, in exact numbers, with exact found by two independent methods."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import pytest
from chain_networks import network

from lipcheck.bounds.enumeration import enumerate_constant
from lipcheck.bounds.exact import exact_constant
from lipcheck.bounds.exact.certificate import verify
from lipcheck.bounds.exact.plain import holds
from lipcheck.bounds.lowering import lower
from lipcheck.bounds.nodes import node_norm
from lipcheck.bounds.product import product_bound
from lipcheck.bounds.semidefinite import semidefinite_bound
from lipcheck.bounds.witness import Witness

NETWORKS = {"smoke": 12, "ci": 60, "deep": 500}


@dataclass(frozen=True)
class Chain:
    """What was found for one network in the 2-norm, and how much of it was certified."""

    kind: str
    gates: int
    regions: int
    witness: Fraction
    exact: Fraction
    semidefinite: Fraction
    product: Fraction
    method: str


def chain(number: int) -> Chain:
    """All bounds of one network, every comparison exact."""
    pytest.importorskip("torch")
    from lipcheck.bounds.search import search

    kind, graph = network(number)
    form = lower(graph)
    product = product_bound(graph, 2, lambda node, image: node_norm(node, image, 2))[graph.output].upper
    assert product is not None
    truth = enumerate_constant(form, 2)
    found = exact_constant(form, 2)
    assert found.complete
    assert found.power == truth.power
    # Two brackets of one number. For one output they enclose the same root of a rational number.
    assert found.lower <= truth.upper
    assert truth.lower <= found.upper
    bound = verify(form, 2, found.certificate)
    assert bound >= (truth.power or truth.lower**2)
    assert holds(form, 2, found.certificate.tree, bound)
    witness: Witness = search(graph, 2, rounds=4, seed=number)
    if truth.power is not None:
        assert witness.lower**2 <= truth.power
    assert witness.lower <= min(truth.upper, found.upper)
    # The semidefinite bound by itself first, then beside the product.
    alone = semidefinite_bound(form)
    assert alone is not None
    assert alone.method == "semidefinite"
    assert (truth.power or truth.lower**2) <= alone.rho <= alone.upper**2
    both = semidefinite_bound(form, at_most=product)
    assert both is not None
    assert (truth.power or truth.lower**2) <= both.upper**2
    assert both.upper <= product
    for p in (1, math.inf):
        bound = product_bound(graph, p, lambda node, image, p=p: node_norm(node, image, p))[graph.output].upper
        norms = [_norm(jacobian, p) for jacobian in truth.jacobians]
        assert bound is not None
        assert max(norms) <= bound
        assert exact_constant(form, 1 if p == 1 else "inf").power == max(norms)
    return Chain(kind, len(form.gates), truth.regions, witness.lower, found.upper, both.upper, product, both.method)


def _norm(jacobian: tuple[tuple[Fraction, ...], ...], p: float) -> Fraction:
    lines = list(zip(*jacobian, strict=True)) if p == 1 else list(jacobian)
    return max(sum((abs(a) for a in line), Fraction(0)) for line in lines)


def test_the_chain(pytestconfig: pytest.Config) -> None:
    count = NETWORKS[pytestconfig.getoption("--lipcheck-budget")]
    found = [chain(number) for number in range(count)]
    assert len({one.kind for one in found}) == 10
    # Whole numbers merge gates and make some vanish; Gaussian weights do not.
    assert all(one.gates >= 12 for number, one in enumerate(found) if number // 10 % 5)
    assert sum(one.kind in ("convolution", "image") for one in found) * 5 >= count - 10
    assert sum("vector" in one.kind for one in found) * 5 >= count - 10
    # The bounds are no formality: the search comes near, and the semidefinite bound is mostly below the product.
    assert sum(one.witness >= one.exact * Fraction(9, 10) for one in found) * 4 >= count * 3
    assert sum(one.method == "semidefinite" for one in found) * 10 >= count * 9
