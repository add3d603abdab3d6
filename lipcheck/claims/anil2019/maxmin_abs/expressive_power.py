"""Anil et al. 2019, section 4.1 (ICML): "MaxMin is equivalent to absolute value in expressive power".

Plain reading, on bounded domains: the functions that networks with weights of 2-norm at most one compute there are the
same for both activations, layer for layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from random import Random
from typing import Any

from lipcheck.build.activations import abs_by_one_maxmin, maxmin_by_abs
from lipcheck.claims.anil2019.maxmin_abs.common import ICML, ONE, POWER, PRODUCTS, ROW, weights
from lipcheck.network import Abs, Affine, Layer, MaxMin, Network, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

WIDTH, POINTS, SEED = 2, 4, 2019
ORTHOGONAL = ((Fraction(3, 5), Fraction(4, 5)), (Fraction(-4, 5), Fraction(3, 5)))


def translate(network: Network, radius: Fraction, factor: Fraction = ONE) -> Network:
    """MaxMin by abs and abs by MaxMin, for inputs with entries in [-radius, radius]; `factor` scales every shift."""
    layers: list[Layer] = []
    bound, widths = radius, [network.inputs, *network.widths]
    for layer, width in zip(network.layers, widths[:-1], strict=True):
        if isinstance(layer, MaxMin):
            layers += maxmin_by_abs(width, factor * bound).layers
        elif isinstance(layer, Abs):
            layers += abs_by_one_maxmin(width, 2).layers
        else:
            layers.append(layer)
        if isinstance(layer, Affine):
            rows = zip(layer.weight, layer.bias, strict=True)
            bound = max(bound * sum(map(abs, row)) + abs(shift) for row, shift in rows)
    return Network(network.inputs, tuple(layers))


def cases(count: int, reach: int) -> Iterable[dict[str, Any]]:
    """Networks of two layers with rotations for weights, and points with entries in [-reach, reach]; seeded."""
    random = Random(SEED)
    identity = Affine.linear([[1, 0], [0, 1]])
    corner = [spell(-reach)] * WIDTH
    yield {"network": to_json(Network(WIDTH, (identity, MaxMin(), identity))), "points": [corner]}
    for _ in range(count):
        for gate in (MaxMin(), Abs()):
            layers: list[Layer] = []
            for _ in range(2):
                bias = [Fraction(random.randrange(-4, 5), 4) for _ in range(WIDTH)]
                layers += [Affine(random.choice((ORTHOGONAL, ((0, 1), (-1, 0)))), bias), gate]
            grid = [Fraction(reach * random.randrange(-8, 9), 8) for _ in range(WIDTH * POINTS)]
            points = [[*map(spell, grid[k : k + WIDTH])] for k in range(0, len(grid), WIDTH)]
            yield {"network": to_json(Network(WIDTH, tuple(layers))), "points": points}


def agrees(data: Any, factor: Fraction) -> bool:
    """Whether the translation for inputs in [-1, 1] agrees at the points and keeps all weights within 2-norm one."""
    network = from_json(data["network"])
    other = translate(network, ONE, factor)
    points = [[parse(t) for t in point] for point in data["points"]]
    changed = {type(layer) for layer in network.layers} & {type(layer) for layer in other.layers} <= {Affine}
    small = all(spectral_norm_at_most(layer.weight, ONE) for layer in weights(other))
    return changed and small and all(evaluate(network, x) == evaluate(other, x) for x in points)


def translations(count: int, variant: Variant) -> Exhaustive:
    """The translations of random networks, `count` of each kind."""
    reach = 1 if variant.keeps("bounded domain") else 16
    factor = variant.value("shift over radius", 1)
    return Exhaustive(
        f"translated networks, {count} of each kind",
        "MaxMin to abs and abs to MaxMin: equal outputs at the points, and no weight of 2-norm above one",
        lambda: cases(count, reach),
        lambda data: agrees(data, factor),
        parameters={"seed": SEED, "count": count, "points": POINTS, "reach": reach, "factor": spell(factor)},
        size=count,
    )


def one_more_unit(variant: Variant) -> Forall:
    """|sum w_j x_j| <= r sum |w_j| for |x_j| <= r: a sum within s r, and one more term."""
    a, w, x, r, s = (var(name) for name in ("a", "w", "x", "r", "s"))
    hypotheses: dict[str, Formula] = {"others": conj(a <= s * r, -a <= s * r)}
    if variant.keeps("bounded domain"):
        hypotheses["bounded domain"] = conj(x <= r, -x <= r)
    conclusion = conj(a + w * x <= (s + absolute(w)) * r, -a - w * x <= (s + absolute(w)) * r)
    return Forall("pre-activations stay bounded, one more unit", hypotheses, conclusion, size=1)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The domain stays bounded from layer to layer, and the translations at work."""
    counts = {Budget.SMOKE: (1,), Budget.CI: (1, 10), Budget.DEEP: (1, 10, 100)}[budget]
    return [one_more_unit(variant), *(translations(count, variant) for count in counts)]


CLAIMS = (
    Claim(
        id=f"{ROW}.expressive_power",
        source=ICML,
        printed=POWER,
        statement=(
            "On every bounded domain, every network with MaxMin activations and weights of 2-norm at most 1 equals one "
            "with abs activations and such weights, with as many layers, and conversely."
        ),
        reading="on a bounded domain, where the B of equation 6 exists",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all bounded domains, every depth and width",
        covers_all=True,
        hypotheses={"bounded domain": "every entry of an input is at most the radius in absolute value"},
        constants={
            "shift over radius": Constant(ONE, Fraction(99, 100), words="the shift of the means over the radius")
        },
        textbook=(PRODUCTS, Textbook("induction over units and over layers", "Peano's axioms")),
        argument="proof.md#expressive-power",
        depends_on=(ROW,),
        notes="The ICLR submission says 'can be seen as equivalent to absolute value'.",
    ),
)
