"""Where Theorem 2 does hold: MaxMin with one hidden layer of one pair.

Let p and q be the rows of W_1 and w = W_2. If both orders of the pair occur, w and (w_2, w_1) are unit vectors whose
length W_1' keeps, hence fixed by W_1 W_1'. Either they are independent, and W_1 has orthonormal rows already, or
w_1 = ±w_2, and f reads the sum or the difference of the pair only: the other one may be anything. If only one order
occurs, w_1 = w_2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.theorem_2 import common
from lipcheck.claims.anil2019.theorem_2.common import ICML, PRINTED, ROW, ShapeError, plain
from lipcheck.network import Affine, MaxMin
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import maximum, minimum, var
from lipcheck.words.verdict import Budget, Verdict


def pair(weight: Fraction, last: Fraction) -> Data:
    """last * max(weight x_1, weight x_2)."""
    return plain(2, [[weight, 0], [0, weight]], MaxMin(), [[last, 0]])


def examine(data: Data, variant: Variant) -> Examination:
    """The hypotheses, and whether ||grad f||_2 = ||W_2||_2 everywhere, as it is once W_1 has been replaced."""
    network = common.read_homogeneous(data)
    if len(network.layers) != 3 or network.widths[0] != 2 or not isinstance(network.layers[1], MaxMin):
        raise ShapeError("The examination needs one hidden layer of one MaxMin pair.")
    found = common.squared_gradients(network)
    least = variant.value("gradient", 1) ** 2
    hypotheses = {
        "norm": common.norms_at_most(network, variant.value("norm", 1)),
        "gradient": all(least <= square <= 1 for square in found),
    }
    last = network.layers[2]
    assert isinstance(last, Affine)
    return Examination(hypotheses, found == {sum(e * e for e in last.weight[0])})


def networks(variant: Variant) -> Universal:
    """What a replacement of W_1 makes necessary; the candidates are the hypotheses' counterexamples."""
    one, near, far = Fraction(1), variant.value("gradient", 1), variant.value("norm", 1)
    text = "in a network with one MaxMin pair on R^2 without biases that meets the hypotheses, ||grad f|| = ||W_2||"
    candidates = [pair(2 * one, one / 2), pair(one / 2, one), pair(far, 1 / far), pair(near, one)]
    return Universal("replacing the first weight", text, lambda data: examine(data, variant), lambda: candidates,
                     variant.dropped)  # fmt: skip


def both_orders() -> Forall:
    """With W_1 W_1' = [[g, h], [h, k]] fixing (u, v) and (v, u): u^2 = v^2 or W_1 W_1' = I, entry by entry."""
    g, h, k, u, v = var("g"), var("h"), var("k"), var("u"), var("v")
    fixes = conj(equals(g * u + h * v, u), equals(h * u + k * v, v))
    swapped = conj(equals(g * v + h * u, v), equals(h * v + k * u, u))
    gap = u * u - v * v
    conclusion = conj(equals((1 - g) * gap, 0), equals(h * gap, 0), equals((1 - k) * gap, 0))
    return Forall("both orders occur", {"fixed": fixes, "swapped": swapped}, conclusion)


def one_order() -> Forall:
    """Equal rows of squared norm g / 2, w = (u, v) over the root of 2: s g = 4 forces u = v, for s = (u + v)^2."""
    u, v, g, s = var("u"), var("v"), var("g"), var("s")
    hypotheses: dict[str, Formula] = {
        "square": equals(s, (u + v) ** 2),
        "length": conj(s >= 0, u * u + v * v <= 2),
        "norm": g <= 1,
        "gradient": equals(s * g, 4),
    }
    witness = {"u": Fraction(1), "v": Fraction(1), "g": Fraction(1), "s": Fraction(4)}
    return Forall("one order occurs", hypotheses, equals(u, v), witness=witness)


def new_rows() -> Forall:
    """(s + t) / 2 and (s - t) / 2 are orthonormal where |s|^2 = |t|^2 = 2, s.t = 0; sum s, difference t."""
    ss, st, tt = var("ss"), var("st"), var("tt")
    hypotheses: dict[str, Formula] = {"lengths": conj(equals(ss, 2), equals(tt, 2)), "right angle": equals(st, 0)}
    lengths = conj(equals(ss + 2 * st + tt, 4), equals(ss - 2 * st + tt, 4))
    return Forall("the new rows are orthonormal", hypotheses, conj(lengths, equals(ss - tt, 0)))


def reads_the_sum() -> Forall:
    """Units with the same sum have the same max + min; units with the same difference the same max - min."""
    a, b, c, d = var("a"), var("b"), var("c"), var("d")
    return Forall("only the sum is read", {"sum": equals(a + b, c + d)},
                  equals(maximum(a, b) + minimum(a, b), maximum(c, d) + minimum(c, d)))  # fmt: skip


def reads_the_difference() -> Forall:
    """As `reads_the_sum`, for the difference."""
    a, b, c, d = var("a"), var("b"), var("c"), var("d")
    return Forall("only the difference is read", {"difference": equals(a - b, c - d)},
                  equals(maximum(a, b) - minimum(a, b), maximum(c, d) - minimum(c, d)))  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps of the derivation."""
    return [networks(variant), both_orders(), one_order(), new_rows(), reads_the_sum(), reads_the_difference()]


CLAIMS = (
    Claim(
        id=f"{ROW}.one_pair",
        source=f"{ICML}, Theorem 2",
        printed=PRINTED,
        statement=(
            "Let f : R^n → R be a network with one hidden layer of one MaxMin pair, all ||W||_2 <= 1 and ||grad f||_2 "
            "= 1 almost everywhere. Then ||W_2||_2 = 1, and W_1 can be replaced by a matrix whose singular values all "
            "equal 1, without changing f."
        ),
        reading="one hidden layer of two MaxMin units",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="every number of inputs, any biases",
        covers_all=True,
        hypotheses={"norm": "every weight has ||W||_2 <= 1", "gradient": "||grad f||_2 = 1 almost everywhere"},
        constants={
            "norm": Constant(Fraction(1), Fraction(101, 100), words="the bound on the weights"),
            "gradient": Constant(Fraction(1), Fraction(99, 100), words="the least norm of the gradient"),
        },
        textbook=(
            Textbook("a unit vector whose length a contraction A' keeps is fixed by A A'", "Horn and Johnson, Matrix "
                     "Analysis, Theorem 4.2.2"),
            Textbook("in n >= 2 dimensions every vector has an orthogonal one of any length", "Gram-Schmidt"),
        ),
        argument="proof.md#one-pair",
        notes="With two pairs in one hidden layer the theorem fails, see the notes of the main statement.",
    ),
)  # fmt: skip
