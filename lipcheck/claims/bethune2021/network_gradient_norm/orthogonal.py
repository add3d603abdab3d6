"""Section 2.3, where the sentence is right: orthogonal matrices in the strict sense, and a last row of norm one.

Plain reading: the gradient is carried back by g -> W'g, which keeps its norm if the rows of W are orthonormal, and by
the Jacobian of the sort, a permutation matrix off a null set. The points where some layer has a tie form a null set: on
each pattern of the layers before it, the difference of two units is affine with a gradient that is not 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.orthonormal_gnp.common import at, plain
from lipcheck.claims.bethune2021.mountain_function._lemmas import kept
from lipcheck.claims.bethune2021.network_gradient_norm import printed
from lipcheck.claims.bethune2021.network_gradient_norm.printed import FLAT, NETWORKS, PLANE, PRINTED, ROW, SORT, SOURCE
from lipcheck.network import FullSort, ReLU
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

SHORT_ROW = plain(2, [["3/5", "-4/5"], ["4/5", "3/5"]], SORT, [["3/5", "1/5"]])
RELU = plain(2, [["3/5", "-4/5"], ["4/5", "3/5"]], ReLU(), [["3/5", "4/5"]])
FULL = plain(2, [["0", "1"], ["1", "0"]], FullSort("ascending"), [["5/13", "-12/13"]])


def networks(variant: Variant) -> Universal:
    """Networks that meet all hypotheses, and one for each hypothesis that is dropped."""
    found = [at(PLANE, 2, 1), at(FULL, 1, 3), at(SHORT_ROW, 2, 1), at(RELU, 1, 2), FLAT]
    return Universal(NETWORKS, "a network of orthonormal rows and sorts has gradient norm one",
                     lambda data: printed.examine(data, True), lambda: found, variant.dropped)  # fmt: skip


def one_more_row(variant: Variant) -> Forall:
    """|W'g|^2 with one more row: w, orthogonal to the sum r of the others, adds G^2 for its entry G of g."""
    S, ww, rw, G, whole = map(var, ("S", "ww", "rw", "G", "whole"))
    square = variant.value("row", 1)
    given: dict[str, Formula] = {"row": conj(equals(ww, square), equals(rw, 0)), "others": equals(S, whole)}
    return Forall("one more row", given, equals(S + 2 * G * rw + G * G * ww, whole + G * G))


def pair() -> Forall:
    """The Jacobian of a pair without a tie is the identity or the exchange: both keep the norm of a gradient."""
    g, h, p, q = map(var, ("g", "h", "p", "q"))
    order = disj(conj(equals(p, g), equals(q, h)), conj(equals(p, h), equals(q, g)))
    return Forall("a sorted pair", {"order": order}, equals(p * p + q * q, g * g + h * h))


def ties() -> Forall:
    """The gradient of the difference of two units: the two are orthonormal, so its squared norm is 2."""
    aa, bb, ab, square = map(var, ("aa", "bb", "ab", "square"))
    given: dict[str, Formula] = {
        "orthonormal": conj(equals(aa, 1), equals(bb, 1), equals(ab, 0)),
        "difference": equals(square, aa - 2 * ab + bb),
    }
    return Forall("ties have a normal", given, equals(square, 2))


def layers() -> Forall:
    """The squared norm of the gradient, layer by layer back to the input."""
    before, after = var("before"), var("after")
    given = kept(Variant(), layer=equals(after, before), others=equals(before, 1))
    return Forall("one more layer", given, equals(after, 1))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Rows, sorts, ties, layers."""
    return [networks(variant), one_more_row(variant), pair(), ties(), layers()]


CLAIMS = (
    Claim(
        id=f"{ROW}.square",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: no layer has more outputs than inputs; orthogonal matrices in the strict sense are square",
        variant_of=ROW,
        statement="A network R^n → R whose weights have orthonormal rows (square orthogonal matrices, say, and a last "
        "row of norm one), with GroupSort or full sorts of any size between them and any biases, is differentiable "
        "with ||∇f||_2 = 1 almost everywhere.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, all depths, all widths that never rise",
        covers_all=True,
        hypotheses={
            "orthogonal": "all singular values of every weight are one",
            "sort": "the activations are sorts",
            "widths": "no layer has more outputs than inputs",
        },
        constants={"row": Constant(Fraction(1), Fraction(99, 100), words="the squared length of the rows")},
        textbook=(
            Textbook("chain rule", "Rudin, Principles of Mathematical Analysis, 9.15"),
            Textbook("a hyperplane is a null set", "Rudin, Real and Complex Analysis, 2.20"),
            Textbook("every permutation is a product of exchanges; induction over rows and layers", "Peano's axioms"),
        ),
        depends_on=("anil2019.groupsort_properties.jacobian",),
        argument="proof.md#rows",
        notes="The condition on the widths cannot be weakened: anil2019.orthonormal_gnp.isometry. Rows of norm one "
        "that are not orthogonal do not do: the gradient may then be longer or shorter.",
    ),
)
