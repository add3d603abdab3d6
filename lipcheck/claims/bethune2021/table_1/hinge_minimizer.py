"""Table 1, hinge, minimizer: "attained" for networks, "attained, high accuracy for small m" for L-Lipschitz ones.

At one input with weights p and n of the labels +1 and -1 the loss p max(0, m - v) + n max(0, m + v) is at least 2 m
min(p, n), with equality at v = m or v = -m. Networks that take these values at all inputs are minimizers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.hinge_hkr import accuracy
from lipcheck.claims.bethune2021.proposition_5 import remarks
from lipcheck.claims.bethune2021.table_1._words import (
    HINGE,
    INTERPOLATION,
    LIPSCHITZ,
    ROW,
    UNCONSTRAINED,
    cell,
    source,
)
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, maximum, minimum, positive_part, var
from lipcheck.words.verdict import Budget, Verdict

SOURCE = source(HINGE, "minimizer")
ATTAINED = cell(HINGE, "minimizer", UNCONSTRAINED, "attained")
HIGH_ACCURACY = cell(HINGE, "minimizer", LIPSCHITZ, "attained, high accuracy for small m")
LINEAR = Textbook("a linear program that is bounded below attains its minimum", "Schrijver, theory of LP, section 7.4")
PROJECTION = Textbook("some direction separates finitely many points of R^n", "a finite union of hyperplanes is no R^n")
ASCOLI = (
    Textbook("Arzelà and Ascoli, on an increasing sequence of compact sets", "Rudin, Principles, theorem 7.25"),
    Textbook("dominated convergence", "Rudin, Real and Complex Analysis, theorem 1.34"),
)
m, v, p, n = map(var, ("m", "v", "p", "n"))
up, down = positive_part(m - v), positive_part(m + v)


def one_input(variant: Variant) -> list[Forall]:
    """The least loss at one input, from below and attained, for the heavier label -1 or +1."""
    margin: dict[str, Formula] = {"weights": conj(p >= 0, n >= 0)}
    if variant.keeps("margin"):
        margin["margin"] = m >= 0
    floor = variant.value("floor", 2)
    loss = p * up + n * down
    return [
        Forall("at least, +1 heavier", {**margin, "heavier": p >= n}, loss >= floor * (m * n)),
        Forall("at least, -1 heavier", {**margin, "heavier": n >= p}, loss >= floor * (m * p)),
        Forall("attained at m and -m", margin,
               conj(equals(n * positive_part(2 * m), 2 * (m * n)), equals(p * positive_part(2 * m), 2 * (m * p)))),
    ]  # fmt: skip


def networks(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The least loss at each input, and ReLU networks that take any values at points of the line, knot by knot."""
    so_far, floor, loss, least = map(var, ("so_far", "floor", "loss", "least"))
    more: dict[str, Formula] = {"so far": so_far >= floor, "one input": loss >= least}
    return [
        *one_input(variant),
        Forall("one more input", more, so_far + loss >= floor + least),
        remarks.hinge(),
        remarks.knot(),
    ]


def lipschitz(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Clipping keeps the Lipschitz constant, the loss is continuous and bounded; then the level that is reached."""
    f, g, d, u = map(var, ("f", "g", "d", "u"))
    close: dict[str, Formula] = {"margin": m >= 0, "d": d >= 0}
    if variant.keeps("lipschitz"):
        close["lipschitz"] = conj(f - g <= d, g - f <= d)
    clipped = [minimum(maximum(t, -m), m) for t in (f, g)]
    change = absolute(v - u)
    return [
        Forall("clipping keeps the constant", close, clipped[0] - clipped[1] <= d),
        Forall("the loss is 1-Lipschitz", {}, up - positive_part(m - u) <= change),
        Forall("the loss is bounded", {"clipped": conj(v <= m, -v <= m)}, conj(up <= 2 * m, up >= 0)),
        *accuracy.obligations(variant, budget),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.hinge_minimizer_unconstrained",
        source=SOURCE,
        printed=ATTAINED,
        reading="on training sets, over networks of fixed depth and any width",
        statement="For every finite training set, m >= 0, every depth and every Lipschitz activation some network "
        "minimizes the mean hinge loss over all networks of that depth. Where the activation is not affine and there "
        "is a hidden layer, it minimizes it over all functions, with the loss 2 m min(p, n) summed over the inputs, p "
        "and n the weights of the two labels there.",
        expected=Verdict.PROVED,
        obligations=networks,
        scope="all n, all finite training sets, all depths, one Lipschitz activation, any width",
        covers_all=True,
        hypotheses={"margin": "m is not negative"},
        constants={"floor": Constant(Fraction(2), Fraction(201, 100), words="of m min(p, n), the least loss")},
        textbook=(INTERPOLATION, LINEAR, PROJECTION, Textbook("induction over the inputs", "Peano's axioms")),
        argument="proof.md#hinge-minimizer-unconstrained",
        notes="Lipschitz activations that are polynomials are affine. For one architecture of fixed width, and for "
        "laws instead of training sets, the cell is wrong: .hinge_minimizer_unconstrained_architecture and _law.",
    ),
    Claim(
        id=f"{ROW}.hinge_minimizer_lipschitz",
        source=SOURCE,
        printed=HIGH_ACCURACY,
        reading="small m: below L D, D the distance of the two Bayes regions (positive for every finite training set)",
        statement="For every nonempty X in R^n, L >= 0, m >= 0 and law some f in Lip_L(X, R) minimizes the expected "
        "hinge loss. If the regions where +1 and where -1 is the likelier label have distance D > 0, L > 0 and 0 < m < "
        "L D, every minimizer has the least error that any classifier has.",
        expected=Verdict.PROVED,
        obligations=lipschitz,
        scope="all X, L, m and Borel laws; the second sentence for Bayes regions at positive distance",
        covers_all=True,
        hypotheses={
            "separated": "m is smaller than L times the distance of the two Bayes regions",
            "bayes": "the region of +1 is where +1 is the likelier label",
            "lipschitz": "f is L-Lipschitz",
        },
        constants={"ratio": Constant(Fraction(1), Fraction(101, 100), words="of L D, which m must stay below")},
        textbook=(
            *ASCOLI,
            Textbook("a nonnegative function with integral 0 vanishes almost everywhere", "Rudin, RCA, theorem 1.39"),
        ),
        depends_on=("bethune2021.hinge_hkr", "bethune2021.reformulation.units"),
        argument="proof.md#hinge-minimizer-lipschitz",
        notes="Unlike for the BCE, one class and an unbounded X are no exceptions. For touching classes no m > 0 need "
        "be small enough (bethune2021.hinge_hkr.any_law); from m = L D on minimizers can err (.any_margin).",
    ),
)
