"""Figure 4: "Pathological distributions P and Q of 20 points each, on which the accuracy of the Wasserstein minimizer
cannot be better than 52.5%."

52.5 % is 21 of 40 points. A minimizer can have 22 of 40 right, which is 55 %, and none has more.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.atoms import Atoms
from lipcheck.claims.bethune2021.proposition_6._minimizers import HYPOTHESES, counts, data, every_minimizer
from lipcheck.words.claim import Claim, Constant, Formal, NearMiss, Variant
from lipcheck.words.obligation import Obligation
from lipcheck.words.terms import Number
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.proposition_6"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix C, caption of Figure 4"
PRINTED = (
    "Pathological distributions P and Q of 20 points each, on which the accuracy of the Wasserstein minimizer cannot "
    "be better than 52.5%."
)
N = 20
PRINTED_ACCURACY, SHARP_ACCURACY = Fraction(21, 40), Fraction(11, 20)


def _values(top: Number, beyond: Number) -> tuple[list[Fraction], list[Fraction]]:
    """Slope -1 from `top` at 0 to the first atom of Q, and `beyond` - x from the second atom of P on."""
    at_p = [Fraction(top), *(Fraction(beyond) - 4 * i for i in range(1, N))]
    return at_p, [v - 3 for v in at_p]


BEST = data(*_values("5/2", "9/2"))
PRINTED_BEST = data(*_values("3/2", "3/2"))
TOO_STEEP = data(*_values("5/2", "46/10"))
NO_MINIMIZER = data([Fraction(1, 2)] * N, [Fraction(-1, 2)] * N)
NOT_LIPSCHITZ = data([Fraction(3, 2)] * N, [Fraction(-3, 2)] * N)

SNIPPET = """\
from fractions import Fraction as F
def f(x):                                    # slope -1, but +1 from 3 to 4
    return F(5, 2) - x if x <= 3 else x - F(7, 2) if x <= 4 else F(9, 2) - x
P, Q = [4 * i for i in range(20)], [4 * i + 3 for i in range(20)]
assert all(abs(f(x) - f(y)) <= abs(x - y) for x in P + Q for y in P + Q)
assert sum(f(x) for x in P) - sum(f(x) for x in Q) == sum(y - x for x, y in zip(P, Q))
accuracy = F(sum(f(x) > 0 for x in P) + sum(f(x) < 0 for x in Q), 40)
print("accuracy", accuracy, "=", float(100 * accuracy), "%")
assert accuracy > F(525, 1000)
"""


def rule(accuracy: Fraction, dropped: frozenset[str], candidates: Sequence[object]) -> Obligation:
    """Every minimizer for 20 atoms each has at most this accuracy; sign(0) counts as wrong."""
    return every_minimizer(
        "accuracy",
        f"for n = {N} every minimizer has an accuracy of at most {accuracy}",
        lambda atoms, f: Fraction(f.correct(), 2 * atoms.n) <= accuracy,
        candidates,
        lambda atoms, f, label: {"n = 20": atoms.n == N},
        str(accuracy),
        dropped,
    )


def decision(name: str, accuracy: Fraction) -> Obligation:
    """The greatest accuracy over all minimizers, thresholds and conventions, by exact reachable sets."""
    text = f"for n = {N} the greatest accuracy is {SHARP_ACCURACY} and at most {accuracy}"

    def holds(n: int, found: tuple[int, ...]) -> bool:
        best = Fraction(max(found), 2 * Atoms(n).n)
        return best == SHARP_ACCURACY and best <= accuracy

    return counts(name, [N], holds, text)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The printed bound, and that nothing exceeds it by more."""
    accuracy = variant.value("accuracy", PRINTED_ACCURACY)
    return [rule(accuracy, frozenset(), [BEST]), decision("minimal: no accuracy above 55 %", SHARP_ACCURACY)]


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound 55 %, decided over all minimizers."""
    accuracy = variant.value("accuracy", SHARP_ACCURACY)
    return [
        decision("greatest accuracy", accuracy),
        rule(accuracy, variant.dropped, [BEST, NO_MINIMIZER, NOT_LIPSCHITZ]),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.figure_4",
        short="the best minimizer of Figure 4 reaches 55 %, not 52.5 %",
        source=SOURCE,
        printed=PRINTED,
        statement="For n = 20 atoms each no minimizer of equation 6 classifies more than 52.5 % of the 40 atoms "
        "correctly.",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=printed,
        scope="n = 20, all minimizers, all thresholds",
        covers_all=True,
        constants={"accuracy": Constant(PRINTED_ACCURACY, sharp=SHARP_ACCURACY, words="greatest accuracy")},
        repairs={"55 %": Variant(constants={"accuracy": SHARP_ACCURACY}, repaired=True)},
        counterexamples={"accuracy": BEST},
        near_misses=(
            NearMiss("accuracy", PRINTED_BEST, "21 of 40 right"),
            NearMiss("accuracy", TOO_STEEP, "not 1-Lipschitz from 3 to 4"),
            NearMiss("accuracy", NO_MINIMIZER, "all right, but no minimizer"),
            NearMiss("accuracy", data(["5/2", "1/2"], ["-1/2", "-5/2"]), "n = 2"),
        ),
        minimality="the caption fixes n = 20; 22 right atoms are the most that any minimizer has (decided over all of "
        "them)",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.figure_sharp",
        argument="proof.md#the-figure",
    ),
    Claim(
        id=f"{ROW}.figure_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="corrected: 55 %",
        statement="For n = 20 atoms each the greatest accuracy of a minimizer of equation 6 is 22/40 = 55 %.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="n = 20, all minimizers, all thresholds, all conventions for sign(0)",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants={
            "accuracy": Constant(SHARP_ACCURACY, mutated=SHARP_ACCURACY * Fraction(99, 100), words="greatest accuracy")
        },
        formal=(
            Formal(
                "atoms.count",
                says="At most n + 2 = 22 atoms are right, for n = 20.",
                leaves_out="Expectations over finitely many atoms are written as sums.",
            ),
            Formal(
                "atoms.all_counts_occur",
                says="n + 2 = 22 are attained, for n = 20.",
                leaves_out="The function is not written as a network.",
            ),
        ),
        argument="proof.md#the-figure",
        depends_on=(f"{ROW}.orientation_sharp",),
        notes="The decision rests on the law of minimizers, f(4(i-1)) - f(4i-1) = 3, of .orientation_sharp.",
    ),
)
