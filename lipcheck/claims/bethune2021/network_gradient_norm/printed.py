"""Section 2.3: "The network verifies ||grad f|| = 1 almost everywhere thanks to 1) orthogonal matrices [...] 2) sort".

Plain reading: a network R^n -> R whose weights have all singular values one, as the layers of the library make them,
with sorts between them, has gradient norm one almost everywhere. A first layer with more units than inputs is tall: it
has orthonormal columns. max(x, 0) is such a network, flat on half of the line. Example 1 has the widths 2, 128, ..., 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.claims.anil2019.orthonormal_gnp import common, isometry
from lipcheck.claims.anil2019.orthonormal_gnp.common import at, plain
from lipcheck.network import GroupSort
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.network_gradient_norm"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 2.3"
PRINTED = (
    "The network verifies ||∇_x f|| = 1 almost everywhere thanks to 1) orthogonal matrices in affine layers 2) "
    "layerwise sort activation function."
)
NETWORKS = "networks with one output"
SORT = GroupSort(2, order="ascending")
RAMP = plain(1, [[1], [0]], SORT, [[0, 1]])
TURNED = plain(1, [["3/5"], ["4/5"]], SORT, [["4/5", "3/5"]])
PLANE = plain(2, [["3/5", "-4/5"], ["4/5", "3/5"]], SORT, [["3/5", "4/5"]])
FLAT: Any = at(RAMP, -1)


class OutputError(LipcheckError, ValueError):
    """A network with more than one output."""


def examine(data: Data, falling: bool) -> Examination:
    """Whether the gradient at one point without ties has norm one."""
    network, found = common.read(data)
    if network.outputs != 1:
        raise OutputError(f"The network has {network.outputs} outputs: give one with a gradient, that is, one output.")
    weights = [layer.weight for layer in common.affine(network)]
    hypotheses = {
        "orthogonal": all(common.unit_singular_values(w) for w in weights),
        "sort": common.gnp_activations(network),
    }
    if falling:
        hypotheses["widths"] = all(len(w) <= len(w[0]) for w in weights)
    return Examination(hypotheses, sum(entry * entry for entry in found[0]) == 1)


def networks(variant: Variant) -> Universal:
    """Single networks and points."""
    text = "a network of orthogonal weights and sorts has gradient norm one" + (
        " if no layer has more outputs than inputs" if variant.repaired else ""
    )
    found = [FLAT, at(TURNED, 1), at(PLANE, 2, 1)]
    return Universal(NETWORKS, text, lambda data: examine(data, variant.repaired), lambda: found,
                     parameters=variant.repaired)  # fmt: skip


def one_unit() -> Forall:
    """x -> v (w x + b) + c with v^2 = w^2 = 1: a sort of one unit does nothing."""
    v, w = var("v"), var("w")
    units: dict[str, Formula] = {"unit weights": conj(equals(v * v, 1), equals(w * w, 1))}
    return Forall("minimal: one hidden unit", units, equals((v * w) ** 2, 1))


def shape_of_example_1(hidden: int) -> Exhaustive:
    """Widths 2, h, h, 1: a network with orthonormal weights and gradient 0 at the origin."""
    text = "with these widths some network of orthonormal weights and sorts has gradient 0 at 0"
    sizes = [2, hidden, hidden, 1]
    return Exhaustive(f"widths 2, {hidden}, {hidden}, 1", text, lambda: [sizes], isometry.loses, [sizes], size=hidden)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The statement for single networks; nothing smaller; networks in the shape of Example 1."""
    if variant.repaired:
        return [networks(variant)]
    shapes = [3] if budget is Budget.SMOKE else [3, 4, 8]
    return [networks(variant), one_unit(), *map(shape_of_example_1, shapes)]


CLAIMS = (
    Claim(
        id=ROW,
        short="max(x, 0) is such a network with a tall first layer; true if no layer has more outputs than inputs",
        source=SOURCE,
        printed=PRINTED,
        reading="orthogonal matrices of any shape (all singular values one), as in the networks of the paper, whose "
        "widths are 2, 128, ..., 128, 1 in Example 1",
        statement="Every network R^n → R whose weights have all singular values one, with sorts between them, has "
        "||∇f||_2 = 1 almost everywhere.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="all widths and depths; networks at points without ties",
        covers_all=True,
        repairs={"no layer has more outputs than inputs": Variant(repaired=True)},
        counterexamples={NETWORKS: FLAT},
        near_misses=(
            NearMiss(NETWORKS, at(RAMP, 1), "the other half of the line: slope one"),
            NearMiss(NETWORKS, at(PLANE, 2, 1), "a square orthogonal matrix and a unit row"),
            NearMiss(NETWORKS, at(plain(1, [[1], ["1/2"]], SORT, [[0, 1]]), -1), "a first layer of norm above one"),
            NearMiss(NETWORKS, at(plain(1, [["1/2"], ["1/2"]], [[1, 0]]), 1), "weights of norm below one"),
        ),
        minimality="one input and two hidden units: with one hidden unit the network is ±x + c",
        snippet="""\
def f(x):
    hidden = [1 * x, 0 * x]               # W_1 = [1; 0]: orthonormal columns
    low, high = sorted(hidden)            # GroupSort2
    return 0 * low + 1 * high             # W_2 = [0, 1]: an orthonormal row
print([f(x) for x in (-2, -1, 0, 1, 2)])
assert f(-2) == f(-1) == 0                # the gradient is 0 for all x < 0
""",
        repaired_by=f"{ROW}.square",
        argument="proof.md#tall-layers",
        notes="For all widths that rise somewhere on the way from n to 1, some such network has gradient 0 on an open "
        "set: see anil2019.orthonormal_gnp.isometry.",
    ),
)
