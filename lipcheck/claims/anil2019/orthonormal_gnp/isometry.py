"""Section 4.4 and appendix F.3: orthonormal weights, GroupSort and dynamical isometry.

Plain reading: the input-output Jacobian of a network whose weights have all singular values 1, with GroupSort, has all
singular values 1 itself. That depends on the widths (n_0, ..., n_L): it holds for every such network if they never rise
or never fall, and for no other widths.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise, product

from lipcheck.claims.anil2019.orthonormal_gnp import common
from lipcheck.claims.anil2019.orthonormal_gnp.common import ISOMETRY, ROW, at, plain
from lipcheck.network import Affine, FullSort, Layer, LeakyReLU, MaxMin, Network, to_json
from lipcheck.norms import is_orthonormal
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals, implies
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Verdict


def examine(data: Data, value: Fraction, any_widths: bool) -> Examination:
    """Whether the Jacobian at one point has all singular values 1."""
    network, found = common.read(data)
    weights = [layer.weight for layer in common.affine(network)]
    hypotheses = {
        "orthonormal": all(common.unit_singular_values(w, value) for w in weights),
        "activations": common.gnp_activations(network),
    }
    if not any_widths:
        hypotheses["widths"] = common.monotone(common.widths(network))
    return Examination(hypotheses, is_orthonormal(found))


# min(x, 0): a network with orthonormal weights that is flat on half of the line
FLAT = plain(1, [[1], [0]], MaxMin(), [[0, 1]])
TURN = plain(2, [["3/5", "4/5"], ["-4/5", "3/5"]], MaxMin(), [["5/13", "-12/13"]])
SLOPE = plain(1, [[1]], LeakyReLU(Fraction(1, 2)), [[1]])
CANDIDATES = [at(TURN, 1, 3), at(FLAT, 1), at(SLOPE, -1), at(plain(1, [["101/100"]]), 1)]


def networks(variant: Variant, any_widths: bool) -> Universal:
    """Single networks and points."""
    value = variant.value("singular value", 1)
    text = "the Jacobian has all singular values 1" + ("" if any_widths else ", if the widths never rise or never fall")
    return Universal("networks", text, lambda data: examine(data, value, any_widths),
                     lambda: [*CANDIDATES, at(plain(1, [[value]]), 1)],
                     variant.dropped, [str(value), any_widths])  # fmt: skip


def defect(sizes: Sequence[int]) -> Network:
    """Partial permutations that lose as many of the inputs as they can; sorting that is the identity around 0.

    A layer that rises embeds. One that falls keeps the units first that carry no input. Biases keep the units in order.
    """
    carried = [True] * sizes[0]
    layers: list[Layer] = []
    for k, m in pairwise(sizes):
        kept = sorted(range(k), key=carried.__getitem__)[:m] if m < k else list(range(k))
        weight = [[Fraction(int(i < len(kept) and j == kept[i])) for j in range(k)] for i in range(m)]
        carried = [i < len(kept) and carried[kept[i]] for i in range(m)]
        before = sum((abs(c) for layer in layers if isinstance(layer, Affine) for c in layer.bias), Fraction(0))
        layers += [Affine(weight, [-i * (3 * before + 10) for i in range(m)]), FullSort("descending")]
    return Network(sizes[0], tuple(layers[:-1]))


def loses(sizes: Sequence[int]) -> bool:
    """Whether this network has orthonormal weights, and a Jacobian at 0 with a singular value that is not 1."""
    network, found = common.read({"network": to_json(defect(sizes)), "point": ["0"] * sizes[0]})
    return all(is_orthonormal(layer.weight) for layer in common.affine(network)) and not is_orthonormal(found)


def other_widths(length: int, largest: int) -> Exhaustive:
    """Every sequence of widths that rises somewhere and falls somewhere."""

    def elements() -> Iterable[Data]:
        return (list(s) for s in product(range(1, largest + 1), repeat=length) if not common.monotone(s))

    text = "some network with these widths has a Jacobian with a singular value that is not 1"
    name = f"necessary: {length} widths up to {largest}"
    return Exhaustive(name, text, elements, loses, [length, largest], size=length)


def carries_on() -> Forall:
    """Counting, for `defect`: s of k units carry an input. A fall to k - d units drops those first, and keeps the rest.

    From s < k fewer than k - d are kept; from s >= 1 fewer than s.
    """
    s, k, d = var("s"), var("k"), var("d")
    given: dict[str, Formula] = {"units": conj(s >= 0, k >= s), "fall": conj(d >= 1, k - d >= 1)}
    kept = positive_part((k - d) - (k - s))
    conclusion = conj(implies(k - s >= 1, (k - d) - kept >= 1), implies(s >= 1, s - kept >= 1))
    return Forall("what has been lost stays lost", given, conclusion)


def one_more_layer() -> Forall:
    """|J'g|, layer by layer: each keeps the squared length."""
    before, after, whole = var("before"), var("after"), var("whole")
    return Forall("one more layer", {"layer": equals(after, before), "others": equals(before, whole)},
                  equals(after, whole))  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Sufficient: layer by layer. Necessary: all sequences of some sizes, by a construction for every sequence."""
    sizes = [(3, 3)] if budget is Budget.SMOKE else [(3, 3), (4, 3), (5, 2)]
    return [networks(variant, False), one_more_layer(), carries_on(), *(other_widths(*s) for s in sizes)]


CLAIMS = (
    Claim(
        id=f"{ROW}.isometry",
        source=ISOMETRY,
        printed=(
            "Gradient norm preserving networks can also represent functions whose input-output Jacobian has singular "
            "values that all concentrate near unity (Pennington et al., 2017), a property known as dynamical isometry."
        ),
        statement=(
            "Every network with weights of singular values 1 and activations whose Jacobians are permutations up to "
            "signs has a Jacobian with all singular values 1 almost everywhere, if its widths, from the inputs to the "
            "outputs, never rise or never fall. For all other widths some such network, with GroupSort of any group "
            "size or absolute values, has a Jacobian with a singular value 0 on an open set."
        ),
        reading="all min(n_0, n_L) singular values equal to 1, with the exact condition on the widths",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all widths and depths; GroupSort of any size, absolute values",
        covers_all=True,
        hypotheses={
            "orthonormal": "every weight has all singular values 1",
            "activations": "activations have permutation matrices up to signs as Jacobians",
            "widths": "the widths never rise, or never fall",
        },
        constants={"singular value": Constant(Fraction(1), Fraction(101, 100), words="of the weights")},
        textbook=(
            Textbook("chain rule", "Rudin, Principles of Mathematical Analysis, 9.15"),
            Textbook("induction over the layers", "Peano's axioms"),
        ),
        depends_on=(f"{ROW}.layer",),
        argument="proof.md#which-widths",
        notes=(
            "For a scalar output: gradient norm 1 for every choice of orthonormal weights exactly if n_0 >= n_1 >= ... "
            ">= 1. Nonlinear examples: any rotation followed by MaxMin."
        ),
    ),
)  # fmt: skip
