"""The result can be strengthened: a polynomial in n and W instead of 2^W; and it gives generalization bounds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.proposition_8.vc import (
    GOLDBERG_JERRUM,
    arithmetic,
    logarithm,
    on_the_line,
    one_more_neuron,
    parameters,
    predicates,
)
from lipcheck.claims.bethune2021.proposition_8_remarks._common import COMMON, ROW, SOURCE
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.obligation import Exhaustive, Obligation
from lipcheck.words.verdict import Budget, Verdict


def stronger(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """2 (n + W + 1)(W + 1) log2(8 e (W + 1) 2^(W/2 + 1)) is polynomial, and below 2000 (n + 1) (5/4)^W."""
    base = variant.value("base", Fraction(5, 4))
    return [*parameters(), *predicates(), *geometric(base), arithmetic(Fraction(2), 40)[0]]


def geometric(base: Fraction) -> list[Obligation]:
    """The polynomial against a geometric sequence of a smaller base: explicitly, and one more neuron from W = 24 on."""

    def holds(w: int) -> bool:
        return 2 * (w + 1) ** 2 * logarithm(w) <= 2000 * base**w

    text = f"the bound is at most 2000 (n + 1) {base}^W"
    return [
        Exhaustive("W up to 120", text, lambda: range(121), holds, str(base)),
        *one_more_neuron(24, 21, Fraction(5, 4)),
    ]


def generalize(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Proposition 8's arithmetic, and classes on the line, whose dimension is unbounded if W is."""
    return [*parameters(), *predicates(), *arithmetic(Fraction(2), 40), on_the_line(Fraction(2), variant.dropped)]


CLAIMS = (
    Claim(
        id=f"{ROW}.strengthened",
        reading="'can be strengthened', and 'asymptotically tighter': smaller upper bounds ('lower bounds' in the "
        "print; Proposition 8 has no lower bound to compare with)",
        statement="VC <= 2 (n + W + 1)(W + 1) log2(8 e (W + 1) 2^(W/2 + 1)) for every architecture with GroupSort2 "
        "and W neurons. This is O((n + 1)(5/4)^W), so the ratio to (n + 1) 2^W tends to 0.",
        expected=Verdict.PROVED,
        obligations=stronger,
        scope="all n, all architectures",
        mutants={"bounded in W": Variant(constants={"base": Fraction(1)})},
        textbook=(GOLDBERG_JERRUM, Textbook("induction over layers and neurons", "Peano's axioms")),
        argument="proof.md#strengthened",
        depends_on=("bethune2021.proposition_8",),
        notes="[44] has lower bounds too, of the order p L log(p/L) for ReLU.",
        **COMMON,
    ),
    Claim(
        id=f"{ROW}.generalization",
        source=SOURCE,
        printed="From Proposition 8 we can derive generalization bounds using PAC theory.",
        statement="For every architecture with W neurons, with probability at least 1 - delta over N examples of "
        "any distribution, the errors on the sample and in truth of all its classifiers differ by at most eps, if N "
        ">= C (d + log(1/delta))/eps^2 with d = 40 (n + 1) 2^W and an absolute constant C.",
        expected=Verdict.PROVED,
        obligations=generalize,
        scope="all n, all architectures of GroupSort2 networks, all distributions",
        covers_all=True,
        hypotheses={"neurons": "the network has W neurons"},
        textbook=(
            Textbook(
                "finite VC dimension d gives uniform convergence with C (d + log(1/delta))/eps^2 examples",
                "Shalev-Shwartz and Ben-David, Understanding Machine Learning (2014), theorem 6.8",
            ),
        ),
        argument="proof.md#generalization",
        depends_on=("bethune2021.proposition_8",),
        notes="sign f has two values, so [46] applies here, unlike for Proposition 7. Measurability is no issue: "
        "the class is parametrized by finitely many reals.",
    ),
)
