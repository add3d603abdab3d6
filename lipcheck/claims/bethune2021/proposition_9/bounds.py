"""Equations 17 and 18: the gradients of weights and biases, in the Frobenius and in the operator norm.

With g the gradient with respect to the output of layer i and h = H^{i-1}(x), the gradient of the bias is g and that of
the weight is g h', of rank one, so that both norms are ||g|| ||h||.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.proposition_9"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix D, Proposition 9"
PRINTED = (
    "Assume that f = h^M ∘ h^{M−1} ∘ ... ∘ h^2 ∘ h^1 is a feed forward neural network and that each layer h^i is "
    "1-Lipschitz, where h^i is either a 1-Lipschitz affine transformation h^i(x) = W^i x + B^i either a 1-Lipschitz "
    "activation function. [...] Then: ‖∇_{W^i} L(ỹ, y)‖ ≤ ‖∇_ỹ L(ỹ, y)‖ ‖H^{i−1}(x)‖ (17) ‖∇_{B^i} L(ỹ, y)‖ ≤ "
    "‖∇_ỹ L(ỹ, y)‖ (18)"
)
g, h, w, e, b, G, H = map(var, ("g", "h", "w", "e", "b", "G", "H"))


def derivative() -> list[Forall]:
    """g'((W + E) h + B + b) - g'(W h + B) is the sum of E_jk g_j h_k and of b_j g_j: one more entry of either."""
    change, pairing = var("change"), var("pairing")
    others: dict[str, Formula] = {"others": equals(change, pairing)}
    weight = equals(change + g * ((w + e) * h) - g * (w * h), pairing + e * (g * h))
    bias = equals(change + g * (w + b) - g * w, pairing + b * g)
    return [
        Forall("gradient of a weight, one more entry", others, weight),
        Forall("gradient of a bias, one more entry", others, bias),
    ]


def rank_one() -> list[Forall]:
    """The sum of (g_j h_k)^2 is that of g_j^2 times that of h_k^2: one more column of a row, then one more row."""
    row, square, total = map(var, ("row", "square", "total"))
    column = equals(row + (g * h) ** 2, g**2 * (square + h**2))
    rows = equals(total + g**2 * square, (G + g**2) * square)
    return [
        Forall("squares of a row, one more entry", {"row": equals(row, g**2 * square)}, column),
        Forall("squares of all rows, one more row", {"rows": equals(total, G * square)}, rows),
    ]


def layer(variant: Variant) -> Forall:
    """Backwards through one more layer, of Lipschitz constant c: a <= c b and b <= G give a <= G."""
    a, before, c = map(var, ("a", "before", "c"))
    given: dict[str, Formula] = {
        "chain rule": a <= c * before,
        "so far": conj(before >= 0, before <= G, c >= 0),
        "layers": c <= variant.value("layer", 1),
    }
    return Forall("one more layer", kept(variant, given, ["layers"]), a <= G)


def product(variant: Variant) -> Forall:
    """||g|| <= G gives ||g|| ||h|| <= G ||h||."""
    given: dict[str, Formula] = {"norms": conj(g <= G, g >= 0, H >= 0)}
    return Forall("the product", given, conj(g * H <= variant.value("factor", 1) * (G * H), g <= G))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The two gradients, their norms, and the way back from the loss."""
    return [*derivative(), *rank_one(), layer(variant), product(variant)]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="Let every layer be 1-Lipschitz in the 2-norm, layer i affine, the layers after it differentiable at "
        "their inputs H^{j-1}(x), and L differentiable in its first argument. Then (17) and (18) hold, the "
        "norm of the gradient of W^i being the Frobenius norm or the operator norm, which agree.",
        reading="where the gradients exist; W^i and B^i are the full matrix and vector of the affine map",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all depths, widths, losses and points of differentiability; at kinks for slopes in the unit ball",
        covers_all=True,
        hypotheses={"layers": "the layers after layer i are 1-Lipschitz"},
        constants={
            "layer": Constant(Fraction(1), Fraction(101, 100), words="Lipschitz constant of a layer"),
            "factor": Constant(Fraction(1), Fraction(99, 100), words="the constant of (17) and (18)"),
        },
        textbook=(
            Textbook("chain rule", "Rudin, Principles, theorem 9.15"),
            Textbook("the Jacobian of a 1-Lipschitz map has operator norm at most one, as has its transpose; a matrix "
                     "g h' has the one singular value ||g|| ||h||", "Horn, Johnson, Matrix Analysis, 2.6"),
        ),
        depends_on=("anil2019.backprop_nonincreasing",),
        argument="proof.md#the-two-inequalities",
        notes="Equality where the later Jacobians are orthogonal. Layer i and those before it need not be 1-Lipschitz. "
        "In the printed proof h^j stands for h^i in J_theta h^j(H^{i-1}(x)), (19) and (20); with h^i it is right, "
        "gradients being rows. At kinks (ReLU at 0, ties of a sort) the values that frameworks return obey the bounds "
        "too.",
    ),
)  # fmt: skip
