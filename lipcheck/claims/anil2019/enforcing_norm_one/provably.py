"""Section 1: "Approaches based on architectural constraints place limitations on the operator norm [...] of each
layer's weights (Cisse et al., 2017; Yoshida & Miyato, 2017). These provably satisfy the Lipschitz constraint".

Plain reading: training with these methods gives ||W||_2 <= 1. Yoshida and Miyato add the penalty (lambda / 2) ||W||_2^2
to the loss; its minimizer exceeds one where the loss outweighs it: (w - a)^2 / 2 + (lambda / 2) w^2 is least at w = a /
(1 + lambda). A projection onto the ball in place of the penalty does satisfy the constraint.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.enforcing_norm_one.techniques import ONE, ROW, TechniqueError
from lipcheck.exact import vector
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Hint, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

OUTWEIGHED = {"a": "3", "lambda": "1"}
CASES = [OUTWEIGHED, {"a": "2", "lambda": "1"}, {"a": "-5", "lambda": "1/10"}]


def minimizer(data: Any) -> tuple[Fraction, Fraction, Fraction]:
    """(a, lambda, the minimizer of (w - a)^2 / 2 + (lambda / 2) w^2)."""
    if not isinstance(data, dict) or set(data) != {"a", "lambda"}:
        raise TechniqueError("the data have exactly the entries a and lambda")
    a, weight = vector([data["a"], data["lambda"]])
    if weight <= -1:
        raise TechniqueError("lambda is not positive")
    return a, weight, a / (1 + weight)


def examine(data: Any, repaired: bool) -> Examination:
    """Whether the minimizer, repaired: the minimizer in [-1, 1] without penalty, has size at most one."""
    a, weight, w = minimizer(data)
    found = max(-ONE, min(ONE, a)) if repaired else w
    return Examination({"penalty": weight > 0}, abs(found) <= 1)


def least() -> Forall:
    """w (1 + l) = a is the minimizer: every other v costs ((1 + l) / 2) (v - w)^2 more."""
    w, v, a, c = map(var, ("w", "v", "a", "c"))
    q = var("q")
    given: dict[str, Formula] = {
        "penalty": c > 0,
        "minimizer": equals(w * (1 + c), a),
        "square": conj(equals(q, (v - w) ** 2), q >= 0),
    }
    return Forall("the minimizer", given, (v - a) ** 2 + c * v * v >= (w - a) ** 2 + c * w * w, hint=Hint(2))


def any_penalty() -> Forall:
    """For every lambda > 0 some a, namely 2 (1 + lambda), has a minimizer above one, w = 2."""
    w, a, c = map(var, ("w", "a", "c"))
    given: dict[str, Formula] = {
        "penalty": c > 0,
        "target": conj(a <= 2 * (1 + c), a >= 2 * (1 + c)),
        "minimizer": conj(w * (1 + c) <= a, w * (1 + c) >= a),
    }
    point = {"w": 2 * ONE, "a": 4 * ONE, "c": ONE}
    return Forall("no weight of the penalty is enough", given, w > 1, witness=point, hint=Hint(2))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One weight and a quadratic loss; that the formula is its minimizer; and every weight of the penalty."""
    text = "the minimizer in [-1, 1]" if variant.repaired else "the minimizer with the penalty lambda > 0"
    rule = Universal("quadratic losses", f"{text} has |w| <= 1", lambda data: examine(data, variant.repaired),
                     lambda: CASES, parameters=variant.repaired)  # fmt: skip
    return [rule, least(), any_penalty()]


CLAIMS = (
    Claim(
        id=f"{ROW}.provably",
        short="One of the two methods cited, Yoshida and Miyato, penalizes the norm; its minimizer can have any norm.",
        source="Anil, Lucas, Grosse 2019, section 1, in both versions",
        printed=(
            "Approaches based on architectural constraints place limitations on the operator norm (such as the matrix "
            "spectral norm) of each layer's weights (Cisse et al., 2017; Yoshida & Miyato, 2017). These provably "
            "satisfy the Lipschitz constraint, but come at a cost in expressive power."
        ),
        statement=(
            "Training with the second of the methods cited, a penalty (lambda / 2) ||W||_2^2 with lambda > 0 added to "
            "the loss, ends with ||W||_2 <= 1."
        ),
        reading="what the sentence says of the methods that it cites",
        expected=Verdict.REFUTED,
        grade=Grade.CITATION,
        obligations=obligations,
        scope="one weight, a quadratic loss; every lambda",
        covers_all=True,
        counterexamples={"quadratic losses": OUTWEIGHED},
        minimality="one weight; a = 3 and lambda = 1 are the least whole numbers with a > 1 + lambda > 1",
        near_misses=(
            NearMiss("quadratic losses", {"a": "2", "lambda": "1"}, "the minimizer is exactly one"),
            NearMiss("quadratic losses", {"a": "3", "lambda": "0"}, "no penalty"),
        ),
        repairs={"a projection instead of a penalty": Variant(repaired=True)},
        repaired_by=f"{ROW}.at_most_one",
        snippet=(
            "from fractions import Fraction as F\n"
            "a, penalty = F(3), F(1)\n"
            "def loss(w): return (w - a) ** 2 / 2 + penalty / 2 * w ** 2\n"
            "w = a / (1 + penalty)\n"
            "print('minimizer', w, 'loss', loss(w), 'loss at 1:', loss(F(1)))\n"
            "assert w > 1 and loss(w) < min(loss(F(1)), loss(w + F(1, 100)), loss(w - F(1, 100)))"
        ),
        argument="proof.md#what-is-cited",
        notes=(
            "Only the citation fails: the statement is true of methods that project or parametrize. Yoshida and Miyato "
            "(arXiv 1705.10941) is on 'spectral norm regularization, which penalizes the high spectral norm of weight "
            "matrices'. Cisse et al. take small steps towards orthonormal weights, "
            "of which appendix F.1 itself says that the constraint 'does not always hold in practice'. The ICLR "
            "submission has the same citations ('norm-constrained architectures')."
        ),
    ),
)
