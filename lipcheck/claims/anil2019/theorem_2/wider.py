"""What is true in place of Theorem 2: wider layers. No gradient hypothesis is needed.

Plain reading: every network with all ||W||_2 <= 1, with activations that act on units or on groups of a fixed size, and
with at least one hidden layer, equals at every input a wider network of the same depth and activations whose weights
have all singular values one. `lipcheck.build.dilation` builds it; rational weights stay rational.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import partial

from lipcheck.build.dilation import DilationError, dilate, dilation
from lipcheck.claims.anil2019.theorem_2.common import ICML, ROW, ShapeError, norms_at_most
from lipcheck.claims.anil2019.theorem_2.samples import POINTS, carries, is_orthonormal, sample
from lipcheck.network import Abs, Affine, FullSort, GroupSort, Layer, Network, from_json, to_json
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Formal, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.search import Sample, Search, Tensor, Vector
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

SMALL, LARGE, DEEP = 25, 1000, 5000
half = Fraction(1, 2)


def works(data: Data) -> bool:
    """Whether the dilation of this network has orthonormal weights, the original's within, and its values."""
    network = from_json(data).dense()
    found = dilation(network)
    values = all(evaluate(network, x) == evaluate(found.network, x) for x in POINTS[network.inputs])
    return values and is_orthonormal(found.network) and carries(network, found)


def examples(count: int) -> Exhaustive:
    """The construction on random networks."""

    def elements() -> Iterable[Data]:
        return (to_json(sample(seed)) for seed in range(count))

    text = "the dilation has orthonormal weights, contains the network's weights, reads no new unit, and has its values"
    return Exhaustive(f"{count} networks", text, elements, works, {"seeds": [0, count]}, size=count)


def padded(network: Network) -> Network:
    """The construction also for FullSort, which is treated as a GroupSort of its width while units are added."""
    widths = (network.inputs, *network.widths)
    grouped: list[Layer] = [GroupSort(w, order=layer.order) if isinstance(layer, FullSort) else layer
               for layer, w in zip(network.layers, widths, strict=False)]  # fmt: skip
    wide = dilate(Network(network.inputs, tuple(grouped))).layers
    layers: list[Layer] = []
    for old, new in zip(network.layers, wide, strict=True):
        layers.append(old if isinstance(old, FullSort) else new)
    return Network(network.inputs, tuple(layers))


def examine(data: Data, bound: Fraction) -> Examination:
    """The hypotheses, and whether the construction gives a network with the same values."""
    network = from_json(data).dense()
    if not (isinstance(network.layers[0], Affine) and isinstance(network.layers[-1], Affine)):
        raise ShapeError("The construction is for networks whose first and last layer are affine.")
    hypotheses = {
        "norm": norms_at_most(network, bound),
        "groups": not any(isinstance(layer, FullSort) for layer in network.layers),
        "hidden layer": sum(isinstance(layer, Affine) for layer in network.layers) > 1,
    }
    try:
        wide = padded(network)
    except DilationError:
        return Examination(hypotheses, False)
    return Examination(hypotheses, all(evaluate(network, x) == evaluate(wide, x) for x in POINTS[network.inputs]))


def candidates(slight: Fraction) -> list[Data]:
    """Norm 2, the norm `slight`, FullSort on R^2, no hidden layer."""
    layers: list[tuple[int, tuple[Layer, ...]]] = [
        (1, (Affine([[2]], [0]), Abs(), Affine([[1]], [0]))),
        (1, (Affine([[slight]], [0]), Abs(), Affine([[1]], [0]))),
        (2, (Affine([[half, 0], [0, half]], [3, 4]), FullSort("ascending"), Affine([[1, 0]], [0]))),
        (1, (Affine([[half]], [0]),)),
    ]
    return [to_json(Network(inputs, stack)) for inputs, stack in layers]


def networks(variant: Variant) -> Universal:
    """The construction where a hypothesis is missing."""
    text = "the construction gives a network with orthonormal weights and the same values"
    look = partial(examine, bound=variant.value("norm", 1))
    return Universal("construction", text, look, lambda: candidates(variant.value("norm", 1)), variant.dropped)


def pivot() -> Forall:
    """A pivot 0 beside an entry beta, not 0, with gamma on the diagonal: 2 s beta + gamma < 0 for some s."""
    beta, gamma, s = var("beta"), var("gamma"), var("s")
    hypotheses = {"point": equals(s * beta, -(gamma + 1)), "diagonal": gamma >= 0}
    return Forall("a zero pivot has zeros beside it", hypotheses, 2 * s * beta + gamma < 0)


def elimination() -> Forall:
    """What is left below a pivot a > 0 is semidefinite: a s^2 + 2 s beta + gamma >= 0 at s = -beta / a."""
    a, beta, gamma, s = var("a"), var("beta"), var("gamma"), var("s")
    hypotheses = {
        "pivot": a > 0,
        "form": a * s * s + 2 * s * beta + gamma >= 0,
        "point": equals(a * s, -beta),
    }
    witness = {"a": Fraction(1), "beta": Fraction(0), "gamma": Fraction(0), "s": Fraction(0)}
    return Forall("elimination keeps the rest semidefinite", hypotheses, a * gamma - beta * beta >= 0, witness=witness)


def stack() -> Forall:
    """Entry by entry, W'W + (I - W'W) = I, and rows of zeros and the identity beside zeros keep columns orthonormal."""
    gram, delta, root = var("gram"), var("delta"), var("root")
    return Forall("stacked columns are orthonormal", {"root": equals(root, delta - gram)}, equals(gram + root, delta))


def cancel() -> Forall:
    """Entry by entry, the last weight has W W' + C C' + C C' = I, for 2 C C' = I - W W'; b y - b z = 0 where y = z.

    y and z are the values of two units that are constantly equal, b an entry of C.
    """
    gram, delta, c = var("gram"), var("delta"), var("c")
    b, y, z = var("b"), var("y"), var("z")
    hypotheses = {"completion": equals(2 * c, delta - gram), "units": equals(y, z)}
    return Forall("completion", hypotheses, conj(equals(gram + c + c, delta), equals(b * y - b * z, 0)))


def steps(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps of the construction, and the construction itself on random networks."""
    sizes = {Budget.SMOKE: (SMALL,), Budget.CI: (SMALL, LARGE), Budget.DEEP: (SMALL, LARGE, DEEP)}[budget]
    return [networks(variant), pivot(), elimination(), stack(), cancel(), *map(examples, sizes)]


def isometry() -> Forall:
    """|x u + y v|^2 = x^2 + y^2 for orthonormal columns u, v of which uu, uv, vv are the inner products."""
    uu, uv, vv, x, y = var("uu"), var("uv"), var("vv"), var("x"), var("y")
    hypotheses: dict[str, Formula] = {"lengths": conj(equals(uu, 1), equals(vv, 1)), "right angle": equals(uv, 0)}
    image = uu * x * x + 2 * uv * x * y + vv * y * y
    return Forall("orthonormal columns preserve length", hypotheses, equals(image, x * x + y * y))


def capacity(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Orthonormal weights are norm-constrained; the other inclusion is the dilation."""
    return [networks(variant), isometry()]


def margin(sample: Sample) -> Tensor:
    """||x - y|| - ||f(x) - f(y)|| in the 2-norm."""
    return (sample.x - sample.y).norm(dim=-1) - (sample.fx - sample.fy).norm(dim=-1)


def exact_margin(network: Network, x: Vector, y: Vector) -> Fraction:
    """||x - y||^2 - ||f(x) - f(y)||^2 in rationals, which has the same sign."""
    before, after = zip(x, y, strict=True), zip(evaluate(network, x), evaluate(network, y), strict=True)
    return sum(((a - b) ** 2 for a, b in before), Fraction(0)) - sum((a - b) ** 2 for a, b in after)


SEARCH = Search(
    text="Networks with weights of 2-norm at most one and MaxMin or ReLU are 1-Lipschitz in the 2-norm, as their "
    "dilations are.",
    activations=({"kind": "maxmin"}, {"kind": "relu"}),
    norm="2",
    margin=margin,
    exact_margin=exact_margin,
)

HYPOTHESES = {
    "norm": "every weight has ||W||_2 <= 1",
    "groups": "every activation acts on units, or sorts (Maxout: takes the maximum of) groups of a fixed size",
    "hidden layer": "there is at least one hidden layer",
}
NORM = {"norm": Constant(Fraction(1), Fraction(101, 100), words="the bound on the weights")}

CLAIMS = (
    Claim(
        id=f"{ROW}.dilation",
        source=f"{ICML}, Theorem 2, corrected",
        printed=(
            "Without changing the computed function, each weight matrix W ∈ R^{m×k} can be replaced with a matrix W̃ "
            "whose singular values all equal 1."
        ),
        statement=(
            "Every network with all ||W||_2 <= 1, element-wise activations or GroupSort of fixed group size, and at "
            "least one hidden layer equals, at every input, a wider network of the same depth and activations whose "
            "weights have all singular values 1; rational weights stay rational."
        ),
        reading="repair: the layers may become wider; no gradient hypothesis",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=steps,
        scope="all widths, depths, inputs and outputs; any element-wise activation, GroupSort(k), Maxout(k)",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants=NORM,
        textbook=(
            Textbook("Lagrange's four-square theorem", "Hardy and Wright, Theory of Numbers, Theorem 369"),
            Textbook("||W||_2 <= 1 exactly if I - W'W and I - WW' are positive semidefinite", "Horn and Johnson, 7.7"),
            Textbook("a group-wise activation gives each group's outputs from that group's inputs alone", "definition"),
            Textbook("induction over rows and over layers", "Peano's axioms"),
        ),
        formal=(
            Formal(
                "matrices.factor_of_a_contraction",
                says="For every size a contraction W has a factor B with |W x|^2 + |B x|^2 = |x|^2, that is, B'B = I "
                "- W'W.",
                leaves_out="That B can be rational: here it has square roots.",
            ),
            Formal(
                "dilation.dilation",
                says="The whole network, for every depth, width and number of outputs: the wider one computes the "
                "same function, with orthonormal columns in every weight and orthonormal rows in the last.",
                leaves_out="Rational weights; activations enter as maps of vectors that meet two conditions, and "
                "singular values as |D x| = |x|. The Python code.",
            ),
            Formal(
                "dilation.group_activations_apply",
                says="GroupSort and Maxout, and whatever acts on groups of k units and keeps zeros equal, meet the "
                "conditions where widths are whole groups.",
                leaves_out="That sorting and maxima keep zeros equal; Maxout leaves fewer units, here the same "
                "number.",
            ),
            Formal(
                "dilation.elementwise_activations_apply",
                says="Activations that act on every unit alike meet the conditions.",
                leaves_out="Activations that differ from unit to unit.",
            ),
        ),
        argument="proof.md#dilation",
        search=SEARCH,
        notes=(
            "FullSort on R^n is excluded: new units would be sorted among the old ones. That shows that this "
            "construction fails, not that every other one does; the statement for FullSort is not decided here."
        ),
    ),
    Claim(
        id=f"{ROW}.capacity",
        source=f"{ICML}, before Theorem 2",
        printed=(
            "Another key observation is that we may adjust all weight matrices to have singular values of 1 without "
            "losing capacity."
        ),
        statement=(
            "Over all widths, networks with ||W||_2 <= 1 and networks whose weights have all singular values 1 "
            "compute the same functions, for every depth with a hidden layer and every element-wise or GroupSort(k) "
            "activation."
        ),
        reading="capacity: the functions computed at some width",
        expected=Verdict.PROVED,
        obligations=capacity,
        scope="all depths with at least one hidden layer; activations as in the dilation",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants=NORM,
        textbook=(
            Textbook("a matrix with orthonormal columns, or rows, has spectral norm 1", "Horn and Johnson, 5.6"),
        ),
        depends_on=(f"{ROW}.dilation",),
        formal=(
            Formal(
                "dilation.dilation",
                says="Norms at most one compute nothing that singular values one do not, for every depth and width.",
                leaves_out="The other inclusion, that orthonormal columns or rows give the norm 1; rational weights; "
                "the Python code.",
            ),
        ),
        argument="proof.md#capacity",
        notes="For one architecture with its widths fixed the sentence fails with the theorem that it announces.",
    ),
)  # fmt: skip
