"""Section 2.2: "if a neural network verifies ||grad f|| = 1 almost everywhere and uses monotone elementwise non
linearities, then f is an affine function".

Plain reading: for every network with monotone element-wise activations, whatever its weights. Theorem 1 of [8] asks for
weights of norm at most one and 1-Lipschitz activations besides. Without them |x| = ReLU(x) + ReLU(-x) is a
counterexample; with them the sentence is that theorem. Sorts get around it: |x| is a MaxMin network with weights of
norm one. The derivations are in proofs/bethune2021/monotone_affine/proof.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.theorem_1 import common
from lipcheck.claims.anil2019.theorem_1.absolute_value import gradient_one, not_affine
from lipcheck.network import Affine, MaxMin, Network, ReLU
from lipcheck.readings.line import pieces
from lipcheck.readings.smt import evaluate
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.monotone_affine"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 2.2"
PRINTED = (
    "They also establish that if a neural network verifies ||∇_x f(x)|| = 1 almost everywhere and uses monotone "
    "elementwise non linearities, then f is an affine function."
)
NETWORKS = "networks on the line"
HALF = Fraction(1, 2)
ABSOLUTE = common.plain([[1], [-1]], ReLU(), [[1, 1]])
SORTED = common.plain([[HALF], [-HALF], [HALF], [-HALF]], MaxMin(), [[HALF, -HALF, HALF, -HALF]])


def examine(data: Data, repaired: bool) -> Examination:
    """Whether a piecewise linear network from R to R meets the hypotheses, and whether it is affine."""
    network = common.read(data)
    parts = pieces(network)
    hypotheses = {
        "gradient": common.gradient(parts, Fraction(1)),
        "element-wise": common.elementwise(network),
        "monotone": common.monotonic(network),
    }
    if repaired:
        hypotheses["norms"] = common.norms_at_most(network, Fraction(1))
        hypotheses["1-Lipschitz"] = common.lipschitz(network, Fraction(1))
    return Examination(hypotheses, common.affine(parts))


def networks(variant: Variant) -> Universal:
    """The statement for piecewise linear networks from R to R."""
    text = "a network with gradient norm one and monotone element-wise activations is affine" + (
        ", if its weights have norm at most one and its activations are 1-Lipschitz" if variant.repaired else ""
    )
    return Universal(NETWORKS, text, lambda data: examine(data, variant.repaired),
                     lambda: [ABSOLUTE, *common.counterexamples()], parameters=variant.repaired)  # fmt: skip


def one_unit() -> Forall:
    """x -> v phi(w x + b) + c: slopes d, e of a monotone phi at two places have one sign, and so have v d w, v e w."""
    p, d, e = var("p"), var("d"), var("e")
    given: dict[str, Formula] = {
        "slope one": conj(equals((p * d) ** 2, 1), equals((p * e) ** 2, 1)),
        "monotone": disj(conj(d >= 0, e >= 0), conj(d <= 0, e <= 0)),
    }
    witness = {"p": Fraction(1), "d": Fraction(1), "e": Fraction(1)}
    return Forall("minimal: one hidden unit", given, equals(d, e), witness=witness)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Networks, and that one hidden unit is not enough."""
    return [networks(variant)] if variant.repaired else [networks(variant), one_unit()]


def by_sorts(variant: Variant) -> Forall:
    """The network of `SORTED` at t is |t|; with ReLU in place of MaxMin it is t / 2."""
    t, layers = var("t"), common.read(SORTED).layers
    activation = layers[1] if variant.keeps("sort") else ReLU()
    (value,) = evaluate(Network(1, (layers[0], activation, layers[2])), [t])
    return Forall("|t| by one layer of sorted pairs", {}, equals(value, absolute(t)))


def norms(variant: Variant) -> Forall:
    """One column and one row: their squared norms are the sums of the squares of their entries."""
    bound = variant.value("norm", 1)
    weights = [layer.weight for layer in common.read(SORTED).layers if isinstance(layer, Affine)]
    squares = [sum((e * e for row in weight for e in row), Fraction(0)) for weight in weights]
    first, last = var("first"), var("last")
    given: dict[str, Formula] = {"squares": conj(equals(first, squares[0]), equals(last, squares[1]))}
    return Forall("both weights", given, conj(first <= bound * bound, last <= bound * bound))


def around(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The absolute value, which is not affine, by sorts."""
    return [by_sorts(variant), norms(variant), gradient_one(), not_affine()]


CLAIMS = (
    Claim(
        id=ROW,
        short="|x| = ReLU(x) + ReLU(-x); true if weights have norm at most one and activations are 1-Lipschitz",
        source=SOURCE,
        printed=PRINTED,
        statement="Every network R^n → R with monotone element-wise activations and ||∇f||_2 = 1 almost everywhere is "
        "affine.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="networks on R with any weights; all activations made of affine pieces",
        covers_all=True,
        reading="as printed: nothing is asked of the weights",
        repairs={"norms at most one and 1-Lipschitz activations": Variant(repaired=True)},
        counterexamples={NETWORKS: ABSOLUTE},
        near_misses=(
            NearMiss(NETWORKS, common.plain([[1], [-1]], ReLU(), [[1, -1]]), "ReLU(x) - ReLU(-x) = x is affine"),
            NearMiss(NETWORKS, common.plain([[1]], ReLU(), [[1]]), "max(x, 0) is flat on one side"),
            NearMiss(NETWORKS, SORTED, "sorts are not element-wise"),
        ),
        minimality="one input and two hidden units: with one hidden unit f' has one sign, so that f' = 1 or f' = -1 "
        "throughout",
        snippet="""\
relu = lambda t: max(t, 0)                 # monotone, element-wise, 1-Lipschitz
f = lambda x: relu(x) + relu(-x)
print([f(x) for x in (-2, -1, 0, 1, 2)])
assert f(2) - f(1) == 1 and f(-2) - f(-1) == 1 and f(-1) + f(1) != 2 * f(0)
""",
        repaired_by="anil2019.theorem_1",
        argument="proof.md#monotone-activations",
        notes="[8] states the norm constraint. That f is 1-Lipschitz as a function does not help: |x| is. Nor is it "
        "enough to bound the weights alone: anil2019.theorem_1 drops each hypothesis once.",
    ),
    Claim(
        id=f"{ROW}.sorting",
        source=SOURCE,
        printed="They proposed sorting activation function to circumvent this issue",
        reading="a network of weights of norm at most one with a sort, of gradient norm one, need not be affine",
        statement="|x| is a MaxMin network with two weights of spectral norm one; its gradient has norm one except at "
        "0, and it is not affine.",
        expected=Verdict.PROVED,
        obligations=around,
        scope="one network, at all x",
        covers_all=True,
        hypotheses={"sort": "the activation sorts pairs"},
        constants={"norm": Constant(Fraction(1), Fraction(99, 100), words="bound on the norms of the weights")},
        textbook=(Textbook("a matrix with one row or column has its length as norm", "Horn, Johnson, 5.6"),),
        argument="proof.md#sorting",
        notes="No smaller bound will do for any network: its Lipschitz constant is at most the product of the norms. "
        "Which functions such networks reach in R^n is bethune2021.density.networks.",
    ),
)
