"""Theorem 2, read as its proof reads it: one weight at a time is replaced, everything else stays.

Plain reading: for each layer there is a matrix of the same shape, with all singular values one, that can stand in that
layer without changing f. It fails for |x_1| on R^2 written with two absolute values, W_1 = [[3/5, 0], [4/5, 0]] and
W_2 = [3/5, 4/5]: an orthogonal matrix in place of W_1 sends (0, 1) to a unit vector u, and 3/5 |u_1| + 4/5 |u_2| > 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.dilation import dilate
from lipcheck.claims.anil2019.theorem_2 import common
from lipcheck.claims.anil2019.theorem_2.common import ICLR, ICML, PRINTED, ROW, plain
from lipcheck.network import Abs, MaxMin, Network
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

a, b = Fraction(3, 5), Fraction(4, 5)
ABS = plain(2, [[a, 0], [b, 0]], Abs(), [[a, b]])
MAXMIN = plain(2, [[1, 0], [0, 0]], MaxMin(), [[1, 0], [0, -1]], MaxMin(), [[1, 0]])
ORTHOGONAL = plain(2, [[1, 0], [0, 1]], Abs(), [[1, 0]])
SHORT = plain(2, [[a, 0], [b, 0]], Abs(), [[b, a]])


def examine(data: Data, variant: Variant) -> Examination:
    """The hypotheses, and whether it remains possible that the first weight can be replaced.

    It is impossible if f((0, 1)) = 0 while the layers after a 2 x 2 first weight vanish at the origin only: an
    orthogonal matrix sends (0, 1) away from the origin. The repair asks for a wider network with orthonormal weights.
    """
    network = common.read_homogeneous(data)
    hypotheses = {
        "norm": common.norms_at_most(network, Fraction(1)),
        "gradient": common.squared_gradients(network) == {1},
    }
    if variant.repaired:
        wide = dilate(network)
        same = all(evaluate(network, x) == evaluate(wide, x) for x in ((0, 1), (1, 2), (-3, 1)))
        return Examination(hypotheses, same)
    impossible = (
        network.widths[0] == 2
        and not any(evaluate(network, common.UP))
        and common.vanishes_only_at_zero(Network(2, network.layers[1:]))
    )
    return Examination(hypotheses, not impossible)


def networks(variant: Variant, activation: str, data: Data) -> Universal:
    """The statement for homogeneous networks on the plane."""
    text = "in a piecewise linear network on R^2 without biases that meets the hypotheses, W_1 can be replaced"
    return Universal(f"replacing the first weight, {activation}", text, lambda d: examine(d, variant), lambda: [data])


def no_orthogonal_weight() -> Forall:
    """Even with a free bias c, f(0, 1) and f(0, 0) are not both zero, for the unit vector q = Q (0, 1)."""
    q1, q2, c1, c2 = var("q1"), var("q2"), var("c1"), var("c2")
    at_zero = a * absolute(c1) + b * absolute(c2)
    at_up = a * absolute(q1 + c1) + b * absolute(q2 + c2)
    unit = equals(q1 * q1 + q2 * q2, 1)
    return Forall("no orthogonal first weight with any bias", {"second column": unit}, disj(at_zero > 0, at_up > 0))


def four_units() -> Forall:
    """MaxMin on R^4, one hidden layer of two pairs: f reads d.x and e.x with d, e orthonormal, not both on one axis.

    d and e are the rows' differences over the root of 2; on one axis their inner product is the product of two numbers.
    """
    d, e = var("d"), var("e")
    lengths = conj(equals(d * d, 1), equals(e * e, 1))
    return Forall("no orthogonal first weight for one hidden MaxMin layer", {"lengths": lengths},
                  disj(d * e > 0, d * e < 0))  # fmt: skip


def one_unit() -> list[Forall]:
    """One hidden layer of one unit: with k = (w slope)^2 and g the squared norm of the weight, k g = 1 forces g = 1."""
    u, s, k, g = var("u"), var("s"), var("k"), var("g")
    factors: dict[str, Formula] = {"range": conj(u >= 0, s >= 0, u <= 1, s <= 1)}
    hypotheses: dict[str, Formula] = {"range": conj(k >= 0, g >= 0, k <= 1, g <= 1), "gradient": equals(k * g, 1)}
    return [
        Forall("minimal: one hidden unit, last weight times slope", factors, u * s <= 1),
        Forall("minimal: one hidden unit", hypotheses, equals(g, 1)),
    ]


def one_input() -> Forall:
    """One hidden layer, one input: the column r of the weight has norm one, with v_i = w_i times the slope of unit i.

    For two units; with more, the sums run over all of them.
    """
    v1, v2, r1, r2 = var("v1"), var("v2"), var("r1"), var("r2")
    slope = v1 * r1 + v2 * r2
    hypotheses: dict[str, Formula] = {
        "row": v1 * v1 + v2 * v2 <= 1,
        "column": r1 * r1 + r2 * r2 <= 1,
        "gradient": disj(equals(slope, 1), equals(slope, -1)),
    }
    return Forall("minimal: one input", hypotheses, equals(r1 * r1 + r2 * r2, 1))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The statement for two networks, what stands behind it, and that nothing smaller is a counterexample."""
    found: list[Obligation] = [networks(variant, "absolute value", ABS), networks(variant, "MaxMin", MAXMIN)]
    return found if variant.repaired else [*found, no_orthogonal_weight(), four_units(), *one_unit(), one_input()]


CLAIMS = (
    Claim(
        id=ROW,
        short="|x_1| by diag(1, 0) and MaxMin survives no orthogonal replacement; a wider network has such weights",
        source=f"{ICML}, Theorem 2; {ICLR}, Theorem 2",
        printed=PRINTED,
        statement=(
            "In a network f : R^n → R with all ||W||_2 <= 1 and ||grad f||_2 = 1 almost everywhere, each weight can be "
            "replaced by a matrix of the same shape whose singular values all equal 1, without changing f."
        ),
        reading="one weight at a time, the rest of the network stays as it is, as in the printed proof",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=obligations,
        scope="1-Lipschitz activations, among them those of the paper: absolute value, MaxMin",
        covers_all=True,
        repairs={"wider layers instead of the same shapes": Variant(repaired=True)},
        counterexamples={
            "replacing the first weight, absolute value": ABS,
            "replacing the first weight, MaxMin": MAXMIN,
        },
        near_misses=(
            NearMiss("replacing the first weight, absolute value", ORTHOGONAL, "|x_1| with an orthogonal first weight"),
            NearMiss("replacing the first weight, absolute value", SHORT, "the gradient has norm 24/25"),
        ),
        minimality=(
            "One hidden layer, two units, two inputs. In a network with one hidden layer that meets the hypotheses, "
            "one unit or one input leaves no choice: all singular values are 1 already. MaxMin needs four hidden "
            "units (see one_pair)."
        ),
        snippet=(
            "from fractions import Fraction as F\n"
            "a, b = F(3, 5), F(4, 5)\n"
            "def tail(u): return a * abs(u[0]) + b * abs(u[1])  # W2 = [a, b]\n"
            "def f(x): return tail((a * x[0], b * x[0]))  # W1 = [[a, 0], [b, 0]]: f(x) = |x1|\n"
            "def g(x, c, s): return tail((c * x[0] - s * x[1], s * x[0] + c * x[1]))  # an orthogonal W1\n"
            "turns = [(F(1 - t * t, 1 + t * t), F(2 * t, 1 + t * t)) for t in range(-9, 10)]\n"
            "print(f((0, 1)), min(g((0, 1), c, s) for c, s in turns))\n"
            "assert all(f((0, 1)) == 0 < g((0, 1), c, s) for c, s in turns)"
        ),
        repaired_by=f"{ROW}.dilation",
        argument="proof.md#one-weight-at-a-time",
        notes=(
            "The theorem names no activation. It fails for the absolute value with one hidden layer, for MaxMin with "
            "two hidden layers of width two on R^2, and for MaxMin with one hidden layer of width four on R^4; no "
            "bias repairs it."
        ),
    ),
)
