"""Appendix D: "For Lipschitz neural networks, BCE L_T does not suffer of vanishing gradient", and section 4's addition.

Proposition 10 speaks of the logit. On the way to the parameters 1-Lipschitz layers can shrink the gradient; layers
whose Jacobians have orthonormal rows keep its norm, which is what section 4 adds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.proposition_10.constant import CandidateError
from lipcheck.claims.bethune2021.proposition_10.lower_bound import ROW
from lipcheck.exact import vector
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix D, the sentences before Proposition 10"
PRINTED = (
    "There is still a risk of vanishing gradient, which strongly depends of the loss L. For Lipschitz neural networks, "
    "BCE L_T does not suffer of vanishing gradient."
)
SECTION = (
    "Combined with Gradient Preserving layers (including orthogonal matrices and GroupSort activation function), this "
    "preserves 1-Lip NN to suffer from vanishing gradient."
)


def chain(variant: Variant) -> Universal:
    """Data {"slopes"}: scalar layers w_j z + b_j. The gradient in b_1 is dL/dy times the product of w_2, ..., w_M."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"slopes"}:
            raise CandidateError("the data are the slopes of the layers")
        slopes = vector(data["slopes"], "slopes")
        if not slopes:
            raise CandidateError("the network has at least one layer")
        hypotheses = {
            "1-Lipschitz": all(abs(w) <= 1 for w in slopes),
            "preserving": all(abs(w) == 1 for w in slopes) or not variant.repaired,
        }
        return Examination(hypotheses, abs(prod(slopes[1:], start=Fraction(1))) >= 1)

    text = "the gradient in the first bias is at least that in the logit"
    return Universal("through the layers", text, examine, lambda: [HALVES], parameters=variant.repaired)


def halving() -> Forall:
    """One more layer of slope 1/2 halves what is left: nothing above 0 is kept at every depth."""
    before, after, scale = map(var, ("before", "after", "scale"))
    given: dict[str, Formula] = {"layer": equals(2 * after, before), "so far": before <= scale}
    return Forall("one more halving", given, 2 * after <= scale)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A chain that shrinks the gradient."""
    return [chain(variant), halving()]


def entries() -> Forall:
    """W W' = I: ||W'g||^2 = g'(W W')g; the sum over two rows of g_i g_j (row_i . row_j), one more column."""
    g, h, v, w, square, pairing = map(var, ("g", "h", "v", "w", "square", "pairing"))
    one_more = g * g * (v * v) + 2 * (g * h * (v * w)) + h * h * (w * w)
    given: dict[str, Formula] = {"other columns": equals(square, pairing)}
    return Forall("one more column", given, equals(square + (g * v + h * w) ** 2, pairing + one_more))


def layer(variant: Variant) -> Forall:
    """Backwards through one more layer that keeps norms: the norm stays that of the logit, at least K."""
    after, before, logit, K = map(var, ("after", "before", "logit", "K"))
    given: dict[str, Formula] = {
        "preserving": equals(after, before),
        "so far": equals(before, logit),
        "lower_bound": logit >= K,
        "K": K > 0,
    }
    given = kept(variant, given, ["preserving", "lower_bound"])
    kept_part = variant.value("kept", 1) * K
    return Forall("one more layer backwards", given, after >= kept_part)


def weight() -> Forall:
    """The gradient of a weight has the norm of g times that of the layer's input: at least K times it."""
    g, h, K = map(var, ("g", "h", "K"))
    return Forall("the gradient of a weight", {"norms": conj(g >= K, h >= 0)}, g * h >= K * h)


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Orthonormal rows keep norms; so do permutations; the gradients of parameters follow."""
    return [entries(), layer(variant), weight()]


HALVES = {"slopes": ["1", "1/2"]}
SNIPPET = """\
from math import exp
# layers z/2, all 1-Lipschitz; logit derivative of the BCE at f = 0: -1/2; gradient in the first bias after M layers
for depth in (2, 10, 60):
    gradient = 0.5
    for _ in range(depth - 1):
        gradient *= 0.5
    print(depth, gradient)
    assert gradient == 0.5**depth
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.network",
        short="1-Lipschitz layers can shrink it, like 2^−M for slopes 1/2; with orthonormal rows and sorts it stays",
        source=SOURCE,
        printed=PRINTED,
        reading="of the gradient in the parameters of a network whose layers are 1-Lipschitz and nothing more",
        variant_of=ROW,
        statement="For every network of 1-Lipschitz layers the gradient of L_T in the bias of the first layer is at "
        "least as large as that in the logit.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="chains of affine functions",
        covers_all=True,
        counterexamples={"through the layers": HALVES},
        near_misses=(
            NearMiss("through the layers", {"slopes": ["1/2", "1"]}, "the first slope is not met on the way back"),
            NearMiss("through the layers", {"slopes": ["1", "2"]}, "not 1-Lipschitz"),
            NearMiss("through the layers", {"slopes": ["1/2"]}, "one layer"),
        ),
        minimality="two layers of width one; with one layer the gradient in the bias is that in the logit",
        snippet=SNIPPET,
        repairs={"slopes 1 and -1": Variant(repaired=True)},
        repaired_by=f"{ROW}.preserving",
        argument="proof.md#from-the-logit-to-the-parameters",
        notes="Section 4 asks for gradient preserving layers in addition, as is needed.",
    ),
    Claim(
        id=f"{ROW}.preserving",
        source="Béthune et al. 2021, arXiv 2104.05097v2, section 4, after Proposition 4",
        printed=SECTION,
        reading="gradient preserving: the Jacobian of each layer has orthonormal rows, as orthogonal matrices and "
        "sorts have",
        statement="If the Jacobians of all layers after layer i have orthonormal rows at an example, then there "
        "||grad of B^i|| = |dL_T/dy| and ||grad of W^i|| = |dL_T/dy| ||H^{i-1}(x)||; at a minimizer as in Proposition "
        "10 these are at least K and K ||H^{i-1}(x)||.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all depths and widths; points where the layers are differentiable",
        covers_all=True,
        hypotheses={
            "preserving": "the Jacobians have orthonormal rows",
            "lower_bound": "the derivative in the logit has a size of at least K",
        },
        constants={"kept": Constant(Fraction(1), mutated=Fraction(101, 100), words="gradient over K")},
        textbook=(
            Textbook("chain rule", "Rudin, Principles, theorem 9.15"),
            Textbook("W' with orthonormal columns keeps the 2-norm", "Horn, Johnson, Matrix Analysis, section 2.1"),
        ),
        depends_on=(ROW, "bethune2021.proposition_9"),
        argument="proof.md#from-the-logit-to-the-parameters",
        notes="For one example at a time: over the examples the sums can cancel. Orthonormal columns (layers that "
        "widen) are not enough: W = (1, 0)' kills g = (0, 1). The gradient of W vanishes where its input does.",
    ),
)
