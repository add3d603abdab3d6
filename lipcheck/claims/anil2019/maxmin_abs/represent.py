"""Anil et al. 2019: "MaxMin and absolute value can each represent each other under 2-norm-constrained weights."

Plain reading: abs on R^n is MaxMin between weights of 2-norm one, on all of R^n; MaxMin on a bounded domain is abs
between weights of 2-norm one. Here with rational weights: each of M's units twice, with 1/2 in place of 1/√2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.activations import abs_by_one_maxmin, maxmin_by_abs
from lipcheck.claims.anil2019.maxmin_abs.common import (
    APPENDIX,
    BLOCKS,
    DAMAGE,
    EACH_OTHER,
    ONE,
    ROW,
    maxmin,
    weights,
)
from lipcheck.network import Network, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.smt import evaluate
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, same
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.rationals import spell
from lipcheck.words.terms import Term, absolute, var, variables
from lipcheck.words.verdict import Budget, Verdict

M = var("m")


def by_abs(x: Term, y: Term, shift: Term) -> list[Term]:
    """`maxmin_by_abs(2, shift)` with a variable shift: the units (x + y)/2 + shift and (x - y)/2, each twice."""
    mean, difference = absolute((x + y) / 2 + shift), absolute((x - y) / 2)
    return [mean + difference - shift, mean - difference - shift]


def pair_by_abs(variant: Variant) -> Forall:
    """(max, min) on |x|, |y| <= m, with the shift m."""
    x, y = variables("x", 2)
    hypotheses: dict[str, Formula] = {"radius": M >= 0}
    if variant.keeps("bounded domain"):
        hypotheses["bounded domain"] = conj(*(part for t in (x, y) for part in (t <= M, t >= -M)))
    image = by_abs(x, y, variant.value("shift over radius", 1) * M)
    return Forall("MaxMin by absolute values", hypotheses, same(image, maxmin(x, y)), size=2)


def network_by_abs(variant: Variant) -> Forall:
    """The network itself, for the radius 1: that the formula above is the one of its weights."""
    x = variables("x", 2)
    inside: dict[str, Formula] = {}
    if variant.keeps("bounded domain"):
        inside["bounded domain"] = conj(*(part for t in x for part in (t <= 1, t >= -1)))
    network = maxmin_by_abs(2, variant.value("shift over radius", 1))
    return Forall("the network of absolute values, radius 1", inside, same(evaluate(network, x), maxmin(*x)), size=2)


def abs_by_pairs() -> Forall:
    """|x| from two pairs (x/2, -x/2), on all of R."""
    x = variables("x", 1)
    return Forall("the network of MaxMin pairs", {}, same(evaluate(abs_by_one_maxmin(1, 2), x), [absolute(x[0])]),
                  size=1)  # fmt: skip


def all_weights(bound: Fraction) -> Exhaustive:
    """The weights of both networks, at two widths each."""
    networks = [maxmin_by_abs(2, 1), abs_by_one_maxmin(1, 2), maxmin_by_abs(4, 1), abs_by_one_maxmin(2, 2)]
    elements = [to_json(Network(len(w.weight[0]), (w,))) for network in networks for w in weights(network)]
    return Exhaustive("norms of the weights", "every weight of the two constructions has a 2-norm within the bound",
                      lambda: elements, lambda data: within_norm(data, bound), parameters={"bound": spell(bound)},
                      size=2)  # fmt: skip


def within_norm(data: Any, bound: Fraction) -> bool:
    """Whether every weight of the network has a 2-norm within the bound."""
    return all(spectral_norm_at_most(layer.weight, bound) for layer in weights(from_json(data)))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both directions as identities for all reals, and the norms."""
    norms = all_weights(variant.value("bound on the norms", 1))
    found: list[Obligation] = [network_by_abs(variant), abs_by_pairs(), norms]
    return found if budget is Budget.SMOKE else [pair_by_abs(variant), *found]


CLAIMS = (
    Claim(
        id=ROW,
        source=APPENDIX,
        printed=EACH_OTHER,
        statement=(
            "For every n, abs on R^n equals one MaxMin layer between two weights of 2-norm 1, on all of R^n; and for "
            "every even n and every bounded domain, MaxMin on R^n equals there one abs layer, with biases, between "
            "two weights of 2-norm 1."
        ),
        reading="MaxMin by abs on a bounded domain, as B in equation 6 asks for",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every width",
        covers_all=True,
        hypotheses={"bounded domain": "every entry of an input of MaxMin is at most the radius in absolute value"},
        constants={
            "shift over radius": Constant(ONE, Fraction(99, 100), words="the shift of the mean over the radius"),
            "bound on the norms": Constant(ONE, Fraction(99, 100), words="the bound on the weights"),
        },
        textbook=(BLOCKS,),
        argument="proof.md#each-by-the-other",
        depends_on=(f"{ROW}.eq_6", f"{ROW}.eq_7", f"{ROW}.norms"),
        notes=f"Abs by MaxMin doubles the width, MaxMin by abs keeps it with the irrational weights. {DAMAGE}",
    ),
)
