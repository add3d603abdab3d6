"""Algorithm 1: "Set v = g / ||g||_2" and "Update u = h / ||h||_2" divide by zero where J'u = 0.

So for data on which the network is locally constant, such as a ReLU network whose units are all off, the algorithm is
not defined. The repair: there J'u = 0 and the term u'J v is 0 for every v; take 0 and leave u as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.jacobian_regularization import common
from lipcheck.claims.anil2019.jacobian_regularization.common import ALGORITHM_1, ROW
from lipcheck.claims.anil2019.spectral_normalization.common import apply, norm_at_least, transposed
from lipcheck.exact import Matrix, Vector, dot, vector
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

OFF = {"network": common.relu(), "x": "-1", "u": "1"}
MATRICES = [
    {"J": [["0", "0"], ["0", "0"]], "u": ["1", "0"]},
    {"J": [["1"], ["0"]], "u": ["0", "1"]},
    {"J": [["3/5", "4/5"], ["0", "0"]], "u": ["1", "0"]},
    {"J": [["2", "1"], ["0", "1"]], "u": ["3/5", "4/5"]},
    {"J": [["3"]], "u": ["2"]},
    {"J": [["1/2"]], "u": ["2"]},
]


def examine(data: Any, repaired: bool) -> Examination:
    """Whether g = u f'(x) is not zero, at a point where f is differentiable."""
    given, x, u = common.entries(data, ("network", "x", "u"))
    network, (x,), (u,) = common.read(given), vector([x], "x"), vector([u], "u")
    slope = common.slope(network, x)
    hypotheses = {"start": u != 0, **({"not constant": slope != 0} if repaired else {})}
    return Examination(hypotheses, slope * u != 0)


def defined(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every network from R to R, every point at which it is differentiable, every u != 0."""
    cases = [OFF, {"network": common.leaky("1/2"), "x": "-1", "u": "1"}]
    text = "g = u f'(x) is not 0"
    return [Universal("networks on the line", text, lambda data: examine(data, variant.repaired), lambda: cases,
                      parameters=variant.repaired)]  # fmt: skip


def term(J: Matrix, u: Vector) -> tuple[Fraction, Fraction]:
    """The squared term |J v|^2 of one step, (0, 1) where J'u = 0, as numerator and denominator."""
    g = apply(transposed(J), u)
    if not any(g):
        return Fraction(0), Fraction(1)
    h = apply(J, g)
    return dot(h, h), dot(g, g)


def guarantee(data: Any, factor: Fraction) -> Examination:
    """Whether factor times the term is at most sigma(J)."""
    J, u = common.jacobian_and_start(data)
    top, bottom = term(J, u)
    return Examination({}, norm_at_least(J, factor * factor * top / bottom))


def bounded(variant: Variant) -> Forall:
    """The term e is |J v| with |v| = 1, or 0 where J'u = 0: in both cases 0 <= e <= s, from |J v|^2 = w <= s^2 V."""
    e, w, s, V = map(var, ("e", "w", "s", "V"))
    cases = disj(conj(equals(e * e, w), e >= 0), equals(e, 0))
    given: dict[str, Formula] = {"term": cases, "norm": conj(s >= 0, w >= 0, w <= s * s * V)}
    if variant.keeps("unit"):
        given["unit"] = equals(V, 1)
    return Forall("the term is at most the norm", given, conj(e >= 0, e <= s))


def module(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Matrices by example, and the term for all real numbers."""
    factor = variant.value("factor", 1)
    text = f"{factor} times the term is at most sigma(J)"
    rule = Universal("matrices", text, lambda data: guarantee(data, factor), lambda: MATRICES,
                     parameters=str(factor))  # fmt: skip
    return [rule, bounded(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.defined",
        short="Where the network is locally constant g = 0, and g / |g| divides by zero; take 0 for the term there.",
        source=ALGORITHM_1,
        printed="Set v = g/||g||_2 [...] Update u = h/||h||_2",
        statement="For every network, every batch at which it is differentiable, and every u != 0, g != 0.",
        reading="the algorithm is defined whenever its inputs are",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=defined,
        scope="every network",
        covers_all=True,
        counterexamples={"networks on the line": OFF},
        minimality="one input, one unit, one output",
        near_misses=(
            NearMiss("networks on the line", {**OFF, "x": "1"}, "the unit is on"),
            NearMiss("networks on the line", {**OFF, "u": "0"}, "u = 0 is no start"),
        ),
        repairs={"a Jacobian that is not zero": Variant(repaired=True)},
        repaired_by=f"{ROW}.module",
        snippet=(
            "def slope(x): return 1 if x > 0 else 0  # f = ReLU\n"
            "g = 1 * slope(-1)\n"
            "print('g =', g)\n"
            "try: v = g / abs(g)\n"
            "except ZeroDivisionError as problem: v = None; print('v = g / |g|:', problem)\n"
            "assert v is None"
        ),
        argument="proof.md#algorithm-1-and-zero",
        notes="With several outputs J need not vanish: J = (1, 0)' and u = (0, 1) have J'u = 0.",
    ),
    Claim(
        id=f"{ROW}.module",
        source=ALGORITHM_1,
        printed="Compute parameter update from ∂/∂θ (L + λuᵀh)",
        statement=(
            "The term e = |J v| for v = J'u / |J'u|, and e = 0 where J'u = 0, is defined for every J and u, and "
            "0 <= e <= sigma(J)."
        ),
        reading="repaired: the term is 0, and u is kept, where J'u = 0",
        expected=Verdict.PROVED,
        obligations=module,
        scope="Jacobians of any size",
        covers_all=True,
        hypotheses={"unit": "v has length one"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of the term")},
        textbook=(Textbook("|J v| <= sigma(J) |v|", "Horn and Johnson, Matrix Analysis, 5.6.6"),),
        argument="proof.md#algorithm-1-and-zero",
        notes="This is what lipcheck.nn.jacobian_regularization computes; it bounds nothing away from the data.",
    ),
)
