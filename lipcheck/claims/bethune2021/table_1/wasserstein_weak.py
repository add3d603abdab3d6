"""Row Wasserstein, in practice, L-Lipschitz networks: "weak classifier (Proposition 6)".

Plain reading: as in Proposition 6, for some distributions every minimizer over L-Lipschitz functions is hardly better
than a coin. That it is always weak is another, false, reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.kr_loss_value._pairs import Pair
from lipcheck.claims.bethune2021.kr_loss_value._pairs import read as read_pair
from lipcheck.claims.bethune2021.proposition_6._minimizers import HYPOTHESES, counting, general
from lipcheck.claims.bethune2021.proposition_6.proposition import error
from lipcheck.claims.bethune2021.table_1._transport import INDUCTION, ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "[Table 1, Wasserstein L_W, in practice, L-Lipschitz NN:] weak classifier (Proposition 6)"
WRONG = "some atom is misclassified"
RIGHT: Any = {"p": "1/2", "P": [["1", "1", "1/2"]], "Q": [["0", "1", "-1/2"]]}


def scaled(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Minimizers over Lip_L are L times those over Lip_1, L > 0, with the same signs; then Proposition 6."""
    f, g, L = map(var, ("f", "g", "L"))
    given: dict[str, Formula] = {"L": conj(L > 0, equals(g, L * f))}
    signs = conj(disj(f <= 0, g > 0), disj(f >= 0, g < 0), disj(f > 0, f < 0, equals(g, 0)))
    counted = counting() if budget is not Budget.SMOKE else []
    return [Forall("the signs of L f", given, signs), *general(variant), error(variant), *counted]


def as_in_proposition_6(pair: Pair) -> bool:
    """Whether P and Q are the pathological laws with three atoms each or more: n - 2 atoms at least are wrong."""
    n = len(pair.first)
    at_p, at_q = (sorted((x, m) for x, m, _ in atoms) for atoms in (pair.first, pair.second))
    laws = [[(Fraction(4 * i + shift), Fraction(1, n)) for i in range(n)] for shift in (0, 3)]
    return n >= 3 and [at_p, at_q] == laws


def always(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Whether a minimizer misclassifies any atom, sign(0) counting as wrong."""

    def examine(data: Data) -> Examination:
        pair = read_pair(data)
        hypotheses = {
            "lipschitz": pair.lipschitz,
            "balanced, different laws": pair.p == Fraction(1, 2) and pair.distance > 0,
            "minimizer": pair.gain == pair.distance,
        }
        if variant.repaired:
            hypotheses["laws of Proposition 6"] = as_in_proposition_6(pair)
        wrong = any(f <= 0 for _, _, f in pair.first) or any(f >= 0 for _, _, f in pair.second)
        return Examination(hypotheses, wrong)

    laws = "the laws of Proposition 6, n >= 3" if variant.repaired else "all balanced P != Q"
    text = f"every minimizer of -y f over 1-Lipschitz f has a positive error: {laws}"
    return [Universal(WRONG, text, examine, lambda: [RIGHT], parameters=variant.repaired)]


CLAIMS = (
    Claim(
        id=f"{ROW}.wasserstein_practice_lipschitz",
        source=SOURCE,
        printed=PRINTED,
        reading="as Proposition 6 says it: for some distributions",
        statement="For every epsilon > 0 and L > 0 there are balanced P and Q on R with disjoint finite supports such "
        "that E[-Y f] has minimizers over L-Lipschitz f and every one of them has an error greater than 1/2 - "
        "epsilon, whatever sign(0) counts as.",
        expected=Verdict.PROVED,
        obligations=scaled,
        scope="all epsilon > 0, all L > 0, all minimizers on R",
        covers_all=True,
        hypotheses={**HYPOTHESES, "large_n": "P and Q have n atoms each, n > 1/epsilon"},
        constants={"n_times_epsilon": Constant(Fraction(1), Fraction(99, 100), words="which n epsilon must exceed")},
        textbook=(
            INDUCTION,
            Textbook("the Archimedean property: some n exceeds 1/epsilon", "Rudin, Principles, theorem 1.20"),
        ),
        depends_on=("bethune2021.proposition_6",),
        argument="proof_transport.md#weak-classifier",
    ),
    Claim(
        id=f"{ROW}.wasserstein_practice_lipschitz_always",
        source=SOURCE,
        printed=PRINTED,
        short="P at 1, Q at 0: the minimizer x - 1/2 is always right; weak for some laws, as in Proposition 6",
        reading="for all distributions: no minimizer is without error",
        variant_of=f"{ROW}.wasserstein_practice_lipschitz",
        statement="For all balanced P != Q with finite supports, every minimizer of E[-Y f] over 1-Lipschitz f "
        "misclassifies some atom.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=always,
        scope="laws with finitely many atoms on the line",
        covers_all=True,
        counterexamples={WRONG: RIGHT},
        near_misses=(
            NearMiss(WRONG, {**RIGHT, "P": [["1", "1", "1"]], "Q": [["0", "1", "0"]]}, "the value at 0 is 0"),
            NearMiss(WRONG, {**RIGHT, "P": [["1", "1", "1/3"]]}, "no minimizer"),
            NearMiss(WRONG, {**RIGHT, "Q": [["0", "1", "-1"]]}, "not 1-Lipschitz"),
        ),
        minimality="one atom each",
        snippet="""\
f = lambda x: x - 0.5                        # 1-Lipschitz; P = one atom at 1, Q = one atom at 0
loss = (-f(1) + f(0)) / 2
print("loss", loss, "least loss -W/2 = -1/2; values", f(1), f(0))
assert loss == -0.5 and f(1) > 0 > f(0)      # a minimizer without error
""",
        repairs={"the laws of Proposition 6": Variant(repaired=True)},
        repaired_by=f"{ROW}.wasserstein_practice_lipschitz",
        argument="proof_transport.md#weak-classifier",
        notes="Minimizers come with all their shifts f - T; for some T the error is 1/2 at least, for every P and Q.",
    ),
)
