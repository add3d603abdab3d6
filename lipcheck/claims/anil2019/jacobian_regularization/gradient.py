"""Algorithm 1: "Compute parameter update from d/dtheta (L + lambda u'h)" with u, v from one step of power iteration.

Plain reading: the second summand's derivative is lambda times that of sigma(J). With u, v the leading singular vectors
it is u'(dJ)v, which is the derivative of a simple singular value. Before convergence it is not: for J = diag(1, theta),
0 < theta < 1, sigma = 1 does not depend on theta, but u'h does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.claims.anil2019.jacobian_regularization import common
from lipcheck.claims.anil2019.jacobian_regularization.common import ALGORITHM_1, ROW
from lipcheck.exact import vector
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ONE_STEP = {"theta": "1/2", "u": ["1", "1"]}
CASES = [ONE_STEP, {"theta": "1/2", "u": ["1", "0"]}]


def examine(data: Any, repaired: bool) -> Examination:
    """J = diag(1, theta): v along (u_1, theta u_2), the next u along (u_1, theta^2 u_2); d(u'Jv) / d theta = u_2
    v_2."""
    theta, u = common.entries(data, ("theta", "u"))
    (theta,), start = vector([theta], "theta"), vector(u, "u")
    if len(start) != 2 or not any(start):
        raise common.RegularizerError("u has two entries, not both zero")
    v, after = (start[0], theta * start[1]), (start[0], theta**2 * start[1])
    hypotheses = {"smaller": 0 < theta < 1, **({"converged": start[1] == 0} if repaired else {})}
    return Examination(hypotheses, v[1] * after[1] == 0)


def before(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One step from any start; repaired, from the leading singular vector."""
    text = "the derivative of u'J v, for constant u and v, is that of sigma(J) = 1, which is 0"
    return [Universal("diagonal Jacobians", text, lambda data: examine(data, variant.repaired), lambda: CASES,
                      parameters=variant.repaired)]  # fmt: skip


def converged(variant: Variant) -> Forall:
    """d(u'Jv) = du'Jv + u'(dJ)v + u'J dv; with J v = s u and J'u = s v: du'Jv = s u.du = 0, u'J dv = s v.dv = 0.

    a = u.du, b = v.dv (both 0 for unit vectors), p = du'Jv, q = u'J dv, x = u'(dJ)v, d the derivative.
    """
    a, b, p, q, x, d, s = map(var, ("a", "b", "p", "q", "x", "d", "s"))
    given: dict[str, Formula] = {"product rule": equals(d, p + x + q), "length": conj(equals(a, 0), equals(b, 0))}
    if variant.keeps("singular vectors"):
        given["singular vectors"] = conj(equals(p, s * a), equals(q, s * b))
    return Forall("the derivative at singular vectors", given, equals(d, x))


def after(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The derivative at converged vectors."""
    return [converged(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.gradient",
        short="Before convergence the update u'(dJ)v is not the gradient of sigma(J); at singular vectors they agree.",
        source=ALGORITHM_1,
        printed="Compute parameter update from ∂/∂θ (L + λuᵀh)",
        statement=(
            "After one step of power iteration from any u, with u and v held constant, the derivative of u'h = u'J v "
            "in the parameters is that of sigma(J)."
        ),
        reading="the update is the gradient of L + lambda sigma(J), the regularizer that the text announces",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=before,
        scope="Jacobians that depend on a parameter",
        covers_all=True,
        counterexamples={"diagonal Jacobians": ONE_STEP},
        minimality="two outputs, one parameter: with one output one step converges",
        near_misses=(
            NearMiss("diagonal Jacobians", {"theta": "1/2", "u": ["1", "0"]}, "u is the leading singular vector"),
            NearMiss("diagonal Jacobians", {"theta": "2", "u": ["1", "1"]}, "theta is the norm itself"),
        ),
        repairs={"converged": Variant(repaired=True)},
        repaired_by=f"{ROW}.gradient_converged",
        snippet=(
            "from fractions import Fraction as F\n"
            "theta, u = F(1, 2), (F(1), F(1))  # J = diag(1, theta): sigma = 1 for all theta < 1\n"
            "v = (u[0], theta * u[1])  # up to positive factors\n"
            "u = (v[0], theta * v[1])\n"
            "print('d(u\\'Jv) / d theta has the sign of', u[1] * v[1], ', d sigma / d theta = 0')\n"
            "assert u[1] * v[1] > 0"
        ),
        argument="proof.md#the-gradient",
        notes=(
            "Differentiated through v and u as well, u'h = |J v| has another derivative again; it agrees with u'(dJ)v "
            "at convergence only. Where the two largest singular values are equal, sigma has no derivative."
        ),
    ),
    Claim(
        id=f"{ROW}.gradient_converged",
        source=ALGORITHM_1,
        printed="Compute parameter update from ∂/∂θ (L + λuᵀh)",
        statement=(
            "If u, v are unit singular vectors of J for sigma, then the derivative of u'J v is u'(dJ)v, whether u and "
            "v are held constant or follow the parameters as unit vectors; for a simple largest singular value it is "
            "the derivative of sigma(J)."
        ),
        reading="repaired: at converged singular vectors",
        expected=Verdict.PROVED,
        obligations=after,
        scope="Jacobians of any size",
        covers_all=True,
        hypotheses={"singular vectors": "J v = sigma u and J'u = sigma v"},
        textbook=(
            Textbook(
                "simple singular values and their vectors are differentiable",
                "Magnus and Neudecker, Matrix Differential Calculus, 8.8",
            ),
            Textbook("u.u = 1 gives u.du = 0", "product rule"),
        ),
        argument="proof.md#the-gradient",
    ),
)
