"""Appendix C: "If T is chosen such that f(4(i-1)) - T < 0 and f(4i-1) - T > 0 for some 1 <= i <= n then (n-1) + 2 = n+1
points are correctly classified on a total of 2n points."

Two consecutive pairs can be classified correctly at once, so it can also be n + 2, and it is never more.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.atoms import CONVENTIONS, Atoms, Potential
from lipcheck.claims.bethune2021.proposition_6._minimizers import (
    HYPOTHESES,
    INDUCTION,
    McSHANE,
    counting,
    counts,
    data,
    every_minimizer,
    general,
    minimizer,
)
from lipcheck.words.claim import Claim, Constant, Formal, NearMiss, Variant
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.proposition_6"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix C, proof of Proposition 6"
PRINTED = (
    "If T is chosen such that f(4(i−1)) − T < 0 and f(4i−1) − T > 0 for some 1 ≤ i ≤ n then (n−1) + 2 = n+1 points are "
    "correctly classified on a total of 2n points. It corresponds to an error of (n−1)/(2n) = 1/2 − 1/(2n)."
)
ALL_FOUR = data(["-5/2", "-1/2"], ["1/2", "5/2"], label_of_p=-1)
ALL_FOUR_MIRRORED = data(["5/2", "1/2"], ["-1/2", "-5/2"])

SNIPPET = """\
from fractions import Fraction as F
f = {0: F(-5, 2), 3: F(1, 2), 4: F(-1, 2), 7: F(5, 2)}           # n = 2, T = 0; P at 0, 4 and Q at 3, 7
lipschitz = all(abs(f[x] - f[y]) <= abs(x - y) for x in f for y in f)
equations = all(f[4 * i - 1] == f[4 * (i - 1)] + 3 for i in (1, 2))
correct = sum(f[x] < 0 for x in (0, 4)) + sum(f[x] > 0 for x in (3, 7))
print("correct:", correct, "of 4; printed: n + 1 =", 3)
assert lipschitz and equations and correct == 4
"""


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The count for every minimizer with a pair that is right, in either orientation; n = 1 is no counterexample."""

    def pair(atoms: Atoms, f: Potential, label: int) -> dict[str, bool]:
        return {"a pair is right": any(p > 0 > q for p, q in zip(f.at_p, f.at_q, strict=True))}

    def conclusion(atoms: Atoms, f: Potential) -> bool:
        allowed = {atoms.n + 1, atoms.n + 2} if variant.repaired else {atoms.n + 1}
        return f.correct() in allowed

    text = f"a minimizer with one pair right has n + 1 {'or n + 2 ' * variant.repaired}atoms right"
    rule = every_minimizer("count", text, conclusion, [ALL_FOUR, ALL_FOUR_MIRRORED], pair, variant.repaired)
    smallest = counts(
        "minimal: n = 1", [1], lambda n, found: max(found) == n + 1, "at n = 1 the greatest count is n + 1"
    )
    return [rule, smallest]


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Bounds for every n, minimizers that attain them, and the exact decision for the sizes of the budget."""
    most, least = variant.value("most", 2), variant.value("least", 1)
    blocks = [range(1, 7)] if budget is Budget.SMOKE else [range(1, 7), range(7, 21), range(21, 41)]
    if budget is Budget.DEEP:
        blocks.append(range(41, 81))

    def holds(n: int, found: tuple[int, ...]) -> bool:
        within = least * n <= min(found) and max(found) <= n + most
        return within and found == ((1, 2) if n == 1 else (n, n + 1, n + 2))

    text = f"the counts lie between {least} n and n + {most} and are n, n + 1 and, for n > 1, n + 2"
    all_right = [data(["1/2"] * 3, ["-1/2"] * 3), data(["3/2"] * 3, ["-3/2"] * 3)]
    functions = every_minimizer(
        "every minimizer",
        "every minimizer has at most n + 2 atoms right",
        lambda atoms, f: f.correct() <= atoms.n + 2,
        all_right,
        dropped=variant.dropped,
    )
    exact = [counts(f"counts, {b[0]} <= n <= {b[-1]}", list(b), holds, text) for b in blocks]
    return [*general(variant), *counting(), *witnesses(), heads(), functions, *exact]


def witnesses() -> list[Forall]:
    """f(x) = c - x beyond its last zero, and the heads of the three minimizers that have n, n + 1, n + 2 atoms right.

    n: f(x) = -1 - x. n + 1: f(x) = 3/2 - x. n + 2: the same slopes but +1 on [3, 4], with f(0) = 5/2, so that
    f(x) = 9/2 - x from 4 on.
    """
    p, q, c, i = map(var, ("p", "q", "c", "i"))
    values = conj(equals(p, c - 4 * (i - 1)), equals(q, c - 4 * i + 1))
    tail = Forall(
        "tail of the witnesses", {"values": values, "beyond": 4 * (i - 1) > c}, conj(p < 0, q < 0, equals(p - q, 3))
    )
    shifts: dict[str, tuple[Fraction | int, int]] = {
        "n": (-1, 1),
        "n + 1": (Fraction(3, 2), 2),
        "n + 2": (Fraction(9, 2), 3),
    }
    beyond = [
        Forall(f"the tail for {name} begins at i = {start}", {"c": equals(c, shift), "i": i >= start}, 4 * (i - 1) > c)
        for name, (shift, start) in shifts.items()
    ]
    return [tail, *beyond]


def heads() -> Exhaustive:
    """The three minimizers themselves, for n up to 6: what they have right, with no atom at zero."""

    def elements() -> list[list[int]]:
        return [[n, extra] for n in range(1, 7) for extra in range(3 if n > 1 else 2)]

    def holds(element: list[int]) -> bool:
        n, extra = element
        first, shift = [("-1", "-1"), ("3/2", "3/2"), ("5/2", "9/2")][extra]
        at_p = (Fraction(first), *(Fraction(shift) - 4 * i for i in range(1, n)))
        atoms, f = Atoms(n), Potential(at_p, tuple(v - 3 for v in at_p))
        return all(minimizer(atoms, f).values()) and all(f.correct(zero) == n + extra for zero in CONVENTIONS)

    return Exhaustive(
        "heads of the witnesses", "the minimizers for n, n + 1 and n + 2 have that many right", elements, holds, 6
    )


CLAIMS = (
    Claim(
        id=f"{ROW}.count",
        short="minimizers need not classify n + 1 points at most: n, n + 1 or n + 2 occur",
        source=SOURCE,
        printed=PRINTED,
        statement="If f is a minimizer, f(4(i-1)) < T < f(4i-1) for some i, and P has the label -1 as this passage "
        "supposes (or, mirrored, +1), then exactly n + 1 of the 2n atoms are classified correctly by sign(f - T).",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=printed,
        scope="all n, all minimizers, all thresholds",
        covers_all=True,
        repairs={"n + 1 or n + 2": Variant(repaired=True)},
        counterexamples={"count": ALL_FOUR},
        near_misses=(
            NearMiss("count", data(["-5/2", "1/2"], ["1/2", "7/2"], label_of_p=-1), "one pair right: n + 1"),
            NearMiss("count", data([-1, -1], [1, 1], label_of_p=-1), "all right, but the loss is not the least"),
            NearMiss(
                "count",
                data(["-3/2", "-3/2"], ["3/2", "3/2"], label_of_p=-1),
                "all right, but not 1-Lipschitz from 3 to 4",
            ),
            NearMiss(
                "count", data([-1, 0], [2, 3], label_of_p=-1), "f(4) = 0 is on the threshold, so one atom is not right"
            ),
        ),
        minimality="n = 2; at n = 1 a pair that is right makes 2 = n + 1 atoms (checked over all minimizers)",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.count_sharp",
        argument="proof.md#the-count",
        notes="The counterexample has error 0, where 1/2 - 1/(2n) = 1/4 is printed. The labels do not matter: the "
        "mirrored function is a counterexample for P labelled +1. Read as 'at least n + 1' the sentence is true, but "
        "the proof needs an upper bound.",
    ),
    Claim(
        id=f"{ROW}.count_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="corrected: n + 2 instead of n + 1",
        statement="Over all minimizers f and all thresholds T the numbers of atoms that sign(f - T) classifies "
        "correctly are exactly n, n + 1 and n + 2 for n >= 2, and 1 and 2 for n = 1, whatever sign(0) counts as.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all n, all minimizers on R, all thresholds, all conventions for sign(0)",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants={
            "most": Constant(Fraction(2), mutated=Fraction(199, 100), words="beyond n"),
            "least": Constant(Fraction(1), mutated=Fraction(101, 100), words="times n"),
        },
        textbook=(INDUCTION, McSHANE),
        formal=(
            Formal(
                "atoms.count",
                says="At least n and at most n + 2, for every n, every minimizer on R, every threshold and convention "
                "for sign(0).",
                leaves_out="Minimizers are those of n times the loss; integrals over finitely many atoms are written "
                "as sums.",
            ),
            Formal(
                "atoms.count_for_one_pair",
                says="At most 2 for n = 1.",
                leaves_out="As above.",
            ),
            Formal(
                "atoms.all_counts_occur",
                says="n, n + 1 and n + 2 are attained for every n >= 2, and n, n + 1 for n = 1, by three explicit "
                "minimizers.",
                leaves_out="The functions are not written as networks.",
            ),
        ),
        argument="proof.md#the-sharp-count",
    ),
)
