"""Appendix C: "It corresponds to an error of (n-1)/(2n) = 1/2 - 1/(2n). Take n = ceil(1/(2 epsilon)) to conclude."

The least error is 1/2 - 1/n, so it takes n > 1/epsilon, about twice as many; the printed n fails for all epsilon < 1/2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

from lipcheck.build.atoms import Potential
from lipcheck.claims.bethune2021.proposition_6._minimizers import data, minimizer, read
from lipcheck.words.claim import Claim, Constant, Formal, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, implies
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.proposition_6"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix C, last two sentences of the proof of Proposition 6"
PRINTED = "It corresponds to an error of (n−1)/(2n) = 1/2 − 1/(2n). Take n = ⌈1/(2ε)⌉ to conclude."
ALL_RIGHT = data(["5/2", "1/2"], ["-1/2", "-5/2"], epsilon="1/4")

SNIPPET = """\
from fractions import Fraction as F
from math import ceil
epsilon = F(1, 4)
n = ceil(1 / (2 * epsilon))                                      # 2: P at 0, 4 (label +1) and Q at 3, 7 (label -1)
f = {0: F(5, 2), 3: F(-1, 2), 4: F(1, 2), 7: F(-5, 2)}
assert all(abs(f[x] - f[y]) <= abs(x - y) for x in f for y in f) and f[0] - f[3] == f[4] - f[7] == 3
error = F(sum(f[x] <= 0 for x in (0, 4)) + sum(f[x] >= 0 for x in (3, 7)), 2 * n)
print("n =", n, "error", error, "is not above 1/2 - epsilon =", F(1, 2) - epsilon)
assert error < F(1, 2) - epsilon
"""


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The conclusion for the printed n (repaired: the least n > 1/epsilon), in the strict and in the weak reading."""
    return [
        _rule("error is greater", variant, strict=True),
        _rule("error is at least", variant, strict=False),
        n_is_one(),
    ]


def _rule(name: str, variant: Variant, strict: bool) -> Universal:
    def examine(given: Any) -> Examination:
        atoms, f, _ = read(given, "epsilon")
        epsilon = parse(given["epsilon"])
        wanted = 0 if epsilon <= 0 else floor(1 / epsilon) + 1 if variant.repaired else ceil(1 / (2 * epsilon))
        error, bound = _error(f), Fraction(1, 2) - epsilon
        hypotheses = {**minimizer(atoms, f), "epsilon": epsilon > 0, "n": atoms.n == wanted}
        return Examination(hypotheses, error > bound if strict else error >= bound)

    number = "floor(1/epsilon) + 1" if variant.repaired else "ceil(1/(2 epsilon))"
    text = f"with n = {number} every minimizer has an error {'greater than' if strict else 'of at least'} 1/2 - epsilon"
    return Universal(name, text, examine, lambda: [ALL_RIGHT], parameters=[variant.repaired, strict])


def _error(f: Potential) -> Fraction:
    return 1 - Fraction(f.correct(), 2 * len(f.at_p))


def n_is_one() -> Forall:
    """The printed n is 1 only for epsilon >= 1/2, and then every error is at least 1/2 - epsilon."""
    epsilon, error, n = var("epsilon"), var("error"), var("n")
    given: dict[str, Formula] = {
        "n": conj(2 * n * epsilon >= 1, n <= 1, n > 0),
        "epsilon": epsilon > 0,
        "error": error >= 0,
    }
    return Forall("minimal: n = 1", given, error >= Fraction(1, 2) - epsilon)


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """With n - 2 of 2n atoms wrong at least and at best: which n suffice, and that the printed one never does."""
    n, epsilon = var("n"), var("epsilon")
    factor = variant.value("n_times_epsilon", 1)
    greater, large = n - 2 > n - 2 * n * epsilon, n * epsilon > factor
    small: dict[str, Formula] = (
        {"epsilon_below_half": epsilon < Fraction(1, 2)} if variant.keeps("epsilon_below_half") else {}
    )
    ceiling = {"n": conj(n >= 1, 2 * n * epsilon < 1 + 2 * epsilon), "epsilon": epsilon > 0, **small}
    return [
        Forall("suffices", {"n": n >= 2, "epsilon": epsilon > 0}, implies(large, greater)),
        Forall("needed", {"n": n >= 2, "epsilon": epsilon > 0}, implies(greater, large)),
        Forall("the printed n never does", ceiling, n - 2 < n - 2 * n * epsilon),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.n_for_epsilon",
        short="n = ⌈1/(2ε)⌉ is too small; any n > 1/ε does",
        source=SOURCE,
        printed=PRINTED,
        statement="For every epsilon > 0 and n = ceil(1/(2 epsilon)), every minimizer for these P and Q has an error "
        "greater than (in the weak reading: at least) 1/2 - epsilon.",
        reading="both readings of 'superior' are judged, and both fail",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=printed,
        scope="all epsilon > 0, all minimizers",
        covers_all=True,
        repairs={"n = floor(1/epsilon) + 1": Variant(repaired=True)},
        counterexamples={"error is greater": ALL_RIGHT, "error is at least": ALL_RIGHT},
        near_misses=(
            NearMiss(
                "error is at least", {**ALL_RIGHT, "epsilon": "1/2"}, "n = 2 is not the printed n for epsilon = 1/2"
            ),
            NearMiss("error is at least", data([1, 1], [-1, -1], epsilon="1/4"), "no minimizer"),
            NearMiss(
                "error is at least",
                data(["5/2", "-1/2"], ["-1/2", "-7/2"], epsilon="1/4"),
                "three of four right: error 1/4",
            ),
            NearMiss("error is at least", {**ALL_RIGHT, "epsilon": "-1/4"}, "epsilon is negative"),
        ),
        minimality="n = 2; the printed n is 1 only for epsilon >= 1/2, where the weak bound says nothing",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.n_sharp",
        argument="proof.md#the-choice-of-n",
        notes="It fails for every epsilon < 1/2. Even if the printed count n + 1 were right, the strict reading would "
        "fail whenever 1/(2 epsilon) is an integer, since the error would then equal 1/2 - epsilon. At epsilon = 1/2 "
        "the strict reading fails at n = 1.",
    ),
    Claim(
        id=f"{ROW}.n_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="corrected: n > 1/epsilon",
        statement="For n >= 2 the least error of a minimizer is 1/2 - 1/n, which exceeds 1/2 - epsilon exactly if n > "
        "1/epsilon; for n = ceil(1/(2 epsilon)) it is below 1/2 - epsilon, for every epsilon < 1/2.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all n >= 2, all epsilon > 0",
        covers_all=True,
        hypotheses={"epsilon_below_half": "epsilon < 1/2, for the last part"},
        constants={
            "n_times_epsilon": Constant(Fraction(1), mutated=Fraction(99, 100), words="which n epsilon must exceed")
        },
        depends_on=(f"{ROW}.count_sharp",),
        formal=(
            Formal(
                "atoms.least_error",
                says="For every n >= 2 the least error over minimizers and thresholds is 1/2 - 1/n, attained.",
                leaves_out="Expectations over finitely many atoms are written as sums.",
            ),
            Formal(
                "atoms.the_printed_n_is_too_small",
                says="It exceeds 1/2 - epsilon exactly if n > 1/epsilon; for n < 1/(2 epsilon) + 1, as for the "
                "printed n, it is below.",
                leaves_out="That ceil(t) < t + 1.",
            ),
        ),
        argument="proof.md#the-choice-of-n",
    ),
)
