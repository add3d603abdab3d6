"""The printed proof of Theorem 2 (ICLR submission, appendix C): the output is said to be constant along a path.

The path is W(t) = t W + (1 - t) W~ with W = U S V' and W~ = U V'. That the derivative in t vanishes is shown with
gradients of norm one, which are known at t = 1 only, and there almost everywhere only; the path leaves this set.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.theorem_2.common import ICLR, ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

a, b = Fraction(3, 5), Fraction(4, 5)
NAME = "constant along the path"


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """W = [[3/5, 0], [4/5, 0]] has U = [[3/5, -4/5], [4/5, 3/5]], S = diag(1, 0), V = I; f(x) = |x_1|.

    The repair restricts x so that no unit changes its sign along the path.
    """
    x1, x2, t = var("x1"), var("x2"), var("t")
    first, second = a * x1 - b * (1 - t) * x2, b * x1 + a * (1 - t) * x2
    hypotheses: dict[str, Formula] = {"path": conj(t >= 0, t <= 1)}
    if variant.repaired:
        hypotheses["signs"] = disj(conj(x1 >= 0, first >= 0, second >= 0), conj(x1 <= 0, first <= 0, second <= 0))
    value = a * absolute(first) + b * absolute(second)
    return [Forall(NAME, hypotheses, equals(value, absolute(x1)))]


CLAIMS = (
    Claim(
        id=f"{ROW}.proof",
        short="the path of weights leaves the set where the gradient is known; dilation proves what is true",
        source=f"{ICLR}, appendix C, proof of Theorem 2",
        printed=(
            "Furthermore, define W(t) = tW_i + (1 − t)W̃_i. Now replace W_i with W_i(t) in the network. [...] meaning "
            "∂f/∂t = 0. Thus, the output of the network is the same for all t, in particular for t = 0 and t = 1."
        ),
        statement="With W = U S V', the network with W(t) = t W + (1 − t) U V' for W computes f for all t in [0, 1].",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=obligations,
        scope="the network |x_1| on R^2 with W_1 = [[3/5, 0], [4/5, 0]], absolute values, W_2 = [3/5, 4/5]",
        covers_all=True,
        repairs={"no unit changes its sign along the path": Variant(repaired=True)},
        counterexamples={NAME: {"x1": "0", "x2": "1", "t": "0"}},
        near_misses=(
            NearMiss(NAME, {"x1": "0", "x2": "1", "t": "1"}, "at t = 1 nothing is replaced"),
            NearMiss(NAME, {"x1": "4", "x2": "3", "t": "0"}, "no unit changes its sign on the way"),
            NearMiss(NAME, {"x1": "0", "x2": "1", "t": "-1"}, "t lies outside the path"),
        ),
        minimality="one hidden layer, two units, two inputs, as for the theorem itself; the inputs and t are 0 and 1",
        snippet=(
            "from fractions import Fraction as F\n"
            "a, b = F(3, 5), F(4, 5)\n"
            "def f(x, t):  # W(t) = t W + (1 - t) U V'\n"
            "    z = (a * x[0] - b * (1 - t) * x[1], b * x[0] + a * (1 - t) * x[1])\n"
            "    return a * abs(z[0]) + b * abs(z[1])\n"
            "print(f((0, 1), 1), f((0, 1), 0))\n"
            "assert f((0, 1), 1) == 0 and f((0, 1), 0) == F(24, 25)"
        ),
        repaired_by=f"{ROW}.dilation",
        argument="proof.md#printed-proof",
        notes="At t = 1 the derivative does vanish almost everywhere; not so where a unit changes its sign.",
    ),
)
