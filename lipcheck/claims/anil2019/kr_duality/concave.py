"""Section 2.3 (ICLR): "recast ... as a concave maximization problem, defined over 1-Lipschitz functions".

Plain reading: the 1-Lipschitz functions form a convex set and the objective is concave on it; it is even linear. (In
the weights of a network it is neither: for f(x) = w v x the objective is w v up to a factor.)
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.anil2019.kr_duality.common import ICLR, ROW
from lipcheck.claims.anil2019.kr_duality.duality import PRINTED
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def convex_set(variant: Variant) -> Forall:
    """With a = f(x) - f(y), b = g(x) - g(y): a mixture of f and g rises by at most d; for -f and -g it falls so."""
    a, b, d, t = var("a"), var("b"), var("d"), var("t")
    hypotheses: dict[str, Formula] = {
        "lipschitz": conj(a <= d, b <= d),
        "mixture": conj(t >= 0, t <= 1),
    }
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    return Forall("mixtures of 1-Lipschitz functions", kept, t * a + (1 - t) * b <= d)


def linear_objective() -> Forall:
    """One more point x of mass m, signed by its law: the objective of a mixture is the mixture of the objectives."""
    m, f, g, t, F, G, M = (var(name) for name in ("m", "f", "g", "t", "F", "G", "M"))
    so_far: dict[str, Formula] = {"others": equals(M, t * F + (1 - t) * G)}
    mixture = M + m * (t * f + (1 - t) * g)
    return Forall("the objective is linear, one more point", so_far,
                  equals(mixture, t * (F + m * f) + (1 - t) * (G + m * g)))  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The set is convex, the objective linear."""
    return [convex_set(variant), linear_objective()]


CLAIMS = (
    Claim(
        id=f"{ROW}.concave",
        source=f"{ICLR}, section 2.3",
        printed=PRINTED,
        statement="The 1-Lipschitz functions form a convex set, and f -> E_P1 f - E_P2 f is linear on it, so concave.",
        reading="concave in f, over the convex set of all 1-Lipschitz functions",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all metric spaces and all laws under which the functions are integrable",
        covers_all=True,
        hypotheses={"lipschitz": "both functions are 1-Lipschitz", "mixture": "the weights lie in [0, 1]"},
        textbook=(Textbook("linearity of the integral", "Rudin, Real and Complex Analysis, 1.32"),),
        argument="proof.md#concave",
        notes="The ICML text leaves 'concave' out. In the weights of a network the problem is not concave.",
    ),
)
