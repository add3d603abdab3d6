"""Section 2.1: "Such neural networks are known to be Lipschitz", and 2.2: the product of the layers' constants.

Plain reading: a composition of finitely many affine maps (convolutions are such) and Lipschitz activations is Lipschitz
from the 2-norm to the 2-norm; its constant is at most the product of the constants of the layers, and for some networks
equal to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.feedforward_lipschitz"
PAPER = "Béthune et al. 2021, arXiv version with appendices"
CAUCHY = Textbook("Cauchy-Schwarz inequality", "Horn and Johnson, Matrix Analysis, 5.1.4")
INDUCTION = Textbook("induction over rows, units and layers", "Peano")


def another_row() -> Forall:
    """||W d||^2 <= ||W||_F^2 ||d||^2 for one more row: its share (r d)^2 is at most |r|^2 ||d||^2. Biases cancel."""
    moved, frobenius, share, row, d = map(var, ("moved", "frobenius", "share", "row", "d"))
    given: dict[str, Formula] = {"so far": moved <= frobenius * d, "Cauchy-Schwarz": share <= row * d}
    return Forall("one more row of an affine layer", given, moved + share <= (frobenius + row) * d)


def another_unit(variant: Variant) -> Forall:
    """Squares of moves, `before` and `after` an activation of constant k: one more unit."""
    before, after, x, y, k = map(var, ("before", "after", "x", "y", "k"))
    given: dict[str, Formula] = {"so far": after <= k**2 * before, "activations": y**2 <= k**2 * x**2}
    given = kept(variant, given, ["activations"])
    return Forall("one more unit of an activation", given, after + y**2 <= k**2 * (before + x**2), hint=Hint(2))


def another_layer(variant: Variant) -> Forall:
    """Layers of constant P so far and one more of constant M: `factor` M P."""
    before, middle, after, P, M = map(var, ("before", "middle", "after", "P", "M"))
    given: dict[str, Formula] = {
        "signs": conj(before >= 0, M >= 0, P >= 0),
        "so far": middle <= P * before,
        "one more": after <= M * middle,
    }
    bound = variant.value("factor", 1) * (M * P * before)
    return Forall("one more layer", kept(variant, given, ["so far", "one more"]), after <= bound)


def attained() -> Forall:
    """Layers z -> M z, M >= 0, in width one: the product is the constant."""
    before, P, M = map(var, ("before", "P", "M"))
    return Forall("attained by one more layer", {}, equals(M * (P * before), (M * P) * before))


def lipschitz(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Rows, units, layers."""
    return [another_row(), another_unit(variant), another_layer(Variant())]


def product(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The step of the induction, and networks that attain the product."""
    return [another_layer(variant), attained()]


CLAIMS = (
    Claim(
        id=ROW,
        source=f"{PAPER}, section 2.1",
        printed="“unconstrained neural network” must be understood as any feed forward network of fixed depth (without "
        "recurrent mechanisms) with parametrized affine layers (including convolutions), and Lipschitz activation "
        "functions (such as ReLU, sigmoid, tanh, and other popular variants). Such neural networks are known to be "
        "Lipschitz [10]",
        statement="For all widths, weights and biases, every composition of finitely many affine maps and activations, "
        "each Lipschitz (on each unit, or as a map in the 2-norm), is L-Lipschitz on R^n for some finite L.",
        expected=Verdict.PROVED,
        obligations=lipschitz,
        scope="all depths, widths, weights and biases, Lipschitz activations",
        covers_all=True,
        hypotheses={"activations": "every activation is Lipschitz"},
        textbook=(CAUCHY, INDUCTION),
        argument="proof.md#networks-are-lipschitz",
        notes="A convolution is an affine map. In finite dimensions the same holds in all norms, with other constants.",
    ),
    Claim(
        id=f"{ROW}.product_bound",
        source=f"{PAPER}, section 2.2",
        printed="A neural network is a composition of linear and non-linear functions. As a composition of functions, "
        "the Lipschitz constant of a multilayer network is upper bounded by the product of the individual Lipschitz "
        "constants of each layer.",
        statement="For all Lipschitz maps between metric spaces X_0 -> ... -> X_d, the Lipschitz constant of the "
        "composition is at most the product of theirs; for all constants some maps attain the product.",
        expected=Verdict.PROVED,
        obligations=product,
        scope="all metric spaces, any finite number of layers",
        covers_all=True,
        hypotheses={"so far": "the layers so far are P-Lipschitz", "one more": "one more layer is M-Lipschitz"},
        constants={"factor": Constant(Fraction(1), Fraction(99, 100), words="of the product")},
        textbook=(INDUCTION,),
        argument="proof.md#the-product-of-the-constants",
        depends_on=("anil2019.composition",),
        notes="Each layer in the metrics of its two ends, one metric on each space: in norms that change between "
        "layers it fails (anil2019.composition.metrics). How far below the product the constant can lie: "
        "bethune2021.effective_constant.can_be.",
    ),
)
