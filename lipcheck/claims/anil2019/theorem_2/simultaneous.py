"""Theorem 2, read in the other way: all weights are replaced at once; shapes, biases and activations stay.

It fails for f(x) = |x_1 - 5| on R^2, written with two absolute values: W_1 = [[3/5, 0], [4/5, 0]], b_1 = (-3, -4) and
W_2 = [3/5, 4/5]. Let Q and v replace the weights. f(0) = 5 forces v = (3/5, 4/5), so f(5, 1) = 0 forces Q x = (3, 4) at
x = (5, 1); but the left side has the norm of x, which is the root of 26, and the right side has norm 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.dilation import dilate
from lipcheck.claims.anil2019.theorem_2 import common
from lipcheck.claims.anil2019.theorem_2.common import ICML, PRINTED, ROW, ShapeError
from lipcheck.claims.anil2019.theorem_2.one_at_a_time import four_units
from lipcheck.network import Abs, Affine, Network, from_json, to_json
from lipcheck.readings.line import along, pieces
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

a, b, zero, one = Fraction(3, 5), Fraction(4, 5), Fraction(0), Fraction(1)


def network(*bias: int) -> Data:
    """3/5 |3/5 x_1 + bias_1| + 4/5 |4/5 x_1 + bias_2|."""
    return to_json(Network(2, (Affine([[a, 0], [b, 0]], bias), Abs(), Affine.linear([[a, b]]))))


def read(data: Data) -> tuple[Network, Affine]:
    """A network 2 - 2 - 1 of absolute values that does not read x_2 and has no last bias, and its first layer."""
    found = from_json(data)
    match found.layers:
        case (Affine() as first, Abs(), Affine() as last):
            unread = not any(row[-1] for row in first.weight)
            if (found.inputs, *found.widths) == (2, 2, 2, 1) and unread and not any(last.bias):
                return found, first
    raise ShapeError("The examination needs absolute values in layers 2 - 2 - 1, no last bias, and x_2 not read.")


def examine(data: Data, variant: Variant) -> Examination:
    """The hypotheses, and whether it remains possible to replace both weights.

    It is impossible if f(0) = ||b||_2 with no b_i = 0, and f = 0 on a line x_1 = const: the new last row must be
    |b| / ||b||_2, so all x on that line would have the norm of b.
    """
    found, first = read(data)
    line = pieces(along(found, (zero, zero), (one, zero)))
    hypotheses = {
        "norm": common.norms_at_most(found, one),
        "gradient": all(abs(piece.slopes[0]) == 1 for piece in line),
    }
    if variant.repaired:
        wide = dilate(found)
        return Examination(hypotheses, all(evaluate(found, x) == evaluate(wide, x) for x in ((0, 1), (5, 1), (-3, 1))))
    (height,) = evaluate(found, (0, 0))
    tight = height >= 0 and height**2 == sum(e * e for e in first.bias) and all(first.bias)
    roots = [p.low for p in line if p.low is not None and not any(p.at(p.low))]
    return Examination(hypotheses, not (tight and roots))


def networks(variant: Variant) -> Universal:
    """The statement for networks of one shape."""
    text = "in a network 2 - 2 - 1 of absolute values that meets the hypotheses, both weights can be replaced at once"
    return Universal("replacing both weights", text, lambda data: examine(data, variant), lambda: [network(-3, -4)])


def last_row() -> Forall:
    """A unit row v with 3 v_1 + 4 v_2 = 5 is (3/5, 4/5)."""
    v1, v2 = var("v1"), var("v2")
    hypotheses = {"unit": equals(v1 * v1 + v2 * v2, 1), "at the origin": equals(3 * v1 + 4 * v2, 5)}
    return Forall("the last row is forced", hypotheses, conj(equals(v1, a), equals(v2, b)))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The statement for one shape, and the steps that decide it for the absolute value and for MaxMin."""
    return [networks(variant)] if variant.repaired else [networks(variant), last_row(), four_units()]


CLAIMS = (
    Claim(
        id=f"{ROW}.simultaneous",
        short="all weights replaced together fail as well; a wider network of the same depth has such weights",
        source=f"{ICML}, Theorem 2",
        printed=PRINTED,
        statement=(
            "In a network f : R^n → R with all ||W||_2 <= 1 and ||grad f||_2 = 1 almost everywhere, all weights can be "
            "replaced together by matrices of the same shapes whose singular values all equal 1, without changing f."
        ),
        reading="all weights at once; shapes, biases and activations stay",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=obligations,
        scope="1-Lipschitz activations, among them those of the paper: absolute value, MaxMin",
        covers_all=True,
        repairs={"wider layers instead of the same shapes": Variant(repaired=True)},
        counterexamples={"replacing both weights": network(-3, -4)},
        near_misses=(
            NearMiss("replacing both weights", network(0, 0), "without bias, |x_1|: both weights can be replaced"),
            NearMiss("replacing both weights", network(-4, -3), "the units fold at two points: gradient norm 7/25"),
        ),
        minimality=(
            "One hidden layer, two units, two inputs: with one hidden layer and one unit, or one input, all singular "
            "values are 1 already (proved under the main statement)."
        ),
        snippet=(
            "from fractions import Fraction as F\n"
            "a, b = F(3, 5), F(4, 5)\n"
            "def f(x): return a * abs(a * x[0] - 3) + b * abs(b * x[0] - 4)  # |x1 - 5|\n"
            "x = (5, 1)\n"
            "# f(0) = v.(3, 4) = 5 and |v| = 1 force v = (a, b), so f(x) = 0 forces Q x = (3, 4), but |Q x| = |x|\n"
            "print(f((0, 0)), f(x), x[0] ** 2 + x[1] ** 2)\n"
            "assert f((0, 0)) == 5 and f(x) == 0 and x[0] ** 2 + x[1] ** 2 != 3**2 + 4**2"
        ),
        repaired_by=f"{ROW}.dilation",
        textbook=(Textbook("equality in the Cauchy-Schwarz inequality", "Horn and Johnson, Matrix Analysis, 0.6.3"),),
        argument="proof.md#all-weights-at-once",
        notes=(
            "The same network refutes the reading with one weight at a time. If the biases may change as well, |x_1 - "
            "5| is recovered; nothing is claimed here about that weaker reading."
        ),
    ),
)
