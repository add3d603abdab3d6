"""Proposition 6: "For every epsilon > 0 there exists distributions P and Q with disjoint supports in R such that for
any minimizer f of equation 6, the error of classifier sign o f is superior to 1/2 - epsilon."

It holds, with the distributions of the printed proof and n > 1/epsilon atoms each instead of the printed n.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.proposition_6._minimizers import HYPOTHESES, INDUCTION, counting, counts, general
from lipcheck.words.claim import Claim, Constant, Formal, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import total, var, variables
from lipcheck.words.verdict import Budget, Verdict


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Disjoint supports, the law of minimizers, their count and the error for all n; n = 3 at once."""
    i, j = var("i"), var("j")
    apart = disj(4 * (i - 1) >= 4 * j - 1 + 1, 4 * (i - 1) <= 4 * j - 1 - 3)
    blocks = [range(1, 7)] if budget is Budget.SMOKE else [range(1, 7), range(7, 21)]
    return [
        Forall("disjoint supports", {"integers": disj(j >= i, j <= i - 1)}, apart),
        *general(variant),
        *counting(),
        error(variant),
        three_pairs(variant),
        *(
            counts(
                f"counts, {b[0]} <= n <= {b[-1]}",
                list(b),
                lambda n, found: max(found) <= n + 2,
                "at most n + 2 are right",
            )
            for b in blocks
        ),
    ]


def error(variant: Variant) -> Forall:
    """If at least n - 2 of the 2n atoms are wrong and n epsilon > 1, the error exceeds 1/2 - epsilon."""
    n, wrong, epsilon = var("n"), var("wrong"), var("epsilon")
    given: dict[str, Formula] = {"wrong": wrong >= n - 2, "n": n >= 1, "epsilon": epsilon > 0}
    if variant.keeps("large_n"):
        given["large_n"] = n * epsilon > variant.value("n_times_epsilon", 1)
    return Forall("error", given, wrong > n - 2 * (n * epsilon))


def three_pairs(variant: Variant) -> Forall:
    """For n = 3, from the Lipschitz condition between neighbours and the optimal value alone: some atom is wrong."""
    p, q = variables("p", 3), variables("q", 3)
    chain = [p[0], q[0], p[1], q[1], p[2], q[2]]
    gaps = [3, 1, 3, 1, 3]
    neighbours = zip(chain, chain[1:], gaps, strict=False)
    hypotheses: dict[str, Formula] = {
        "lipschitz": conj(*(bound for a, b, gap in neighbours for bound in (a - b <= gap, b - a <= gap))),
        "minimizer": total(p) - total(q) >= 9,
    }
    still = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    return Forall("three pairs at once", still, disj(*(v < 0 for v in p), *(v > 0 for v in q)), size=3)


CLAIMS = (
    Claim(
        id="bethune2021.proposition_6",
        source="Béthune et al. 2021, arXiv 2104.05097v2, section 5, Proposition 6; proof in appendix C",
        printed="For every ε > 0 there exists distributions P and Q with disjoint supports in R such that for any "
        "minimizer f of equation 6, the error of classifier sign ∘ f is superior to 1/2 − ε.",
        statement="For every epsilon > 0 there are balanced P and Q on R with disjoint finite supports such that "
        "minimizers of equation 6 exist and every one of them has an error greater than 1/2 - epsilon, whatever "
        "sign(0) counts as.",
        reading="superior means greater, which implies the reading at least",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all epsilon > 0, all minimizers on R, all conventions for sign(0)",
        covers_all=True,
        hypotheses={**HYPOTHESES, "large_n": "P and Q have n atoms each, n > 1/epsilon"},
        constants={
            "n_times_epsilon": Constant(Fraction(1), mutated=Fraction(99, 100), words="which n epsilon must exceed")
        },
        textbook=(
            INDUCTION,
            Textbook("the Archimedean property: some n exceeds 1/epsilon", "Rudin, Principles, theorem 1.20"),
        ),
        formal=(
            Formal(
                "atoms.errors_are_large",
                says="With n > 1/epsilon atoms each minimizers exist and every one has an error above 1/2 - epsilon.",
                leaves_out="Expectations over finitely many atoms are written as sums.",
            ),
            Formal(
                "atoms.some_n_is_large_enough",
                says="Such an n exists for every epsilon > 0.",
                leaves_out="Nothing.",
            ),
        ),
        argument="proof.md#the-proposition",
        notes="The statement holds; the printed proof does not prove it, see .orientation, .count and .n_for_epsilon. "
        "Equation 6 needs equal weights of P and Q: with others constants make the loss arbitrarily small, and no "
        "minimizer exists.",
    ),
)
