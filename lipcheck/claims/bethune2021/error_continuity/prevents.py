"""Does a discontinuous error prevent consistency? Not on finite sets: what does is an infinite VC dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.claims.bethune2021.error_continuity.discontinuous import PRINTED, ROW, SOURCE, jump
from lipcheck.claims.bethune2021.proposition_5._steps import within
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ATOMS = 12
"""All labellings of the atoms are looked at, so there are not many."""


class SetError(LipcheckError, ValueError):
    """Data that describe no input space."""


def atoms() -> Forall:
    """The error is a sum of P(x, y) over pairs; mean and expectation differ by at most the sum of |frequency - P|."""
    gap, sum_, wrong, step, size = map(var, ("gap", "total", "wrong", "step", "size"))
    given: dict[str, Formula] = {
        "so far": within(gap, sum_),
        "one more pair": conj(disj(conj(wrong >= 0, wrong <= 0), conj(wrong >= 1, wrong <= 1)), within(step, size)),
    }
    either = conj(within(gap, sum_ + size), within(gap + step, sum_ + size))
    return Forall("finitely many pairs", given, either)


def finite_law(data: Any) -> dict[tuple[Fraction, int], tuple[Fraction, int]]:
    """Masses and counts of a law with a sample, {"atoms": [[x, y, mass, count], ...]} on R x {-1, 1}."""
    if not isinstance(data, Mapping) or set(data) != {"atoms"} or len(data["atoms"]) > ATOMS:
        raise SetError(f"a law has the entry atoms, at most {ATOMS} of them")
    found: dict[tuple[Fraction, int], tuple[Fraction, int]] = {}
    for atom in data["atoms"]:
        if not isinstance(atom, list) or len(atom) != 4 or atom[1] not in (-1, 1) or type(atom[3]) is not int:
            raise SetError("an atom is a point, a label -1 or 1, a mass, and how often it is in the sample")
        pair = parse(atom[0]), atom[1]
        if pair in found or (mass := parse(atom[2])) <= 0 or atom[3] < 0:
            raise SetError("every pair stands once, with a positive mass and a natural number")
        found[pair] = mass, atom[3]
    if not any(count for _, count in found.values()):
        raise SetError("the sample is empty")
    return found


def prevented(variant: Variant) -> Universal:
    """A law with finitely many atoms and a sample; m = 0. Is the law consistent, in the form of `atoms`?

    The error is discontinuous iff the two labels have different masses at some point. All labellings of the points are
    signs of 1-Lipschitz functions; on none does the training error differ from the error by more than the sum of
    |frequency - mass|, which tends to 0.
    """

    def examine(data: Any) -> Examination:
        law = finite_law(data)
        points, size = sorted({x for x, _ in law}), sum(count for _, count in law.values())
        deviation = {pair: Fraction(count, size) - mass for pair, (mass, count) in law.items()}
        zero = Fraction(0)
        worst = max(
            abs(sum((deviation.get((x, -label), zero) for x, label in zip(points, labels, strict=True)), zero))
            for labels in product((1, -1), repeat=len(points))
        )
        masses = {pair: mass for pair, (mass, _) in law.items()}
        hypotheses = {
            "law": sum(masses.values(), zero) == 1,
            "discontinuous": any(masses.get((x, 1), zero) != masses.get((x, -1), zero) for x in points),
            "infinitely many points": not variant.repaired,
        }
        return Examination(hypotheses, worst > sum(map(abs, deviation.values()), zero))

    text = "where the error is discontinuous in f, some deviation exceeds the sum of |frequency - mass| (m = 0)"
    return Universal("discontinuity prevents consistency", text, examine, lambda: [POINT], parameters=variant.repaired)


def prevents(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A discontinuous error on one point, and the bound that makes it consistent."""
    return [prevented(variant), jump(Variant()), atoms()]


POINT = {"atoms": [["0", 1, "1", 1]]}
SNIPPET = """\
from fractions import Fraction
from itertools import product
# X = {0}: f(0) decides the class; the error jumps at f(0) = 0, yet every classifier's error is near its frequency
def error(label, share):                     # share = probability of the label +1
    return 1 - share if label == 1 else share
gaps = [abs(error(c, Fraction(1, 2)) - error(c, Fraction(k, 100))) for c, k in product((1, -1), range(101))]
print("largest deviation of error for |frequency - 1/2| <= 1/2:", max(gaps))
assert error(1, Fraction(1, 4)) != error(-1, Fraction(1, 4))
assert all(g == abs(Fraction(k, 100) - Fraction(1, 2)) for g, (c, k) in zip(gaps, product((1, -1), range(101))))
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.prevents",
        short="on finite X the error is discontinuous and consistent; what prevents it is an infinite VC dimension",
        source=SOURCE,
        printed=f"{PRINTED} which prevents it to be a consistent estimator",
        reading="as a reason: an error that is discontinuous in f is not consistent",
        statement="For every law for which f -> E(c_f^0) is discontinuous on Lip_1(X, R), the training errors do not "
        "converge to the errors uniformly over Lip_1(X, R).",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=prevents,
        scope="laws with finitely many atoms",
        covers_all=True,
        counterexamples={"discontinuity prevents consistency": POINT},
        near_misses=(
            NearMiss(
                "discontinuity prevents consistency",
                {"atoms": [["0", 1, "1/2", 2], ["0", -1, "1/2", 0]]},
                "a fair coin: the error is constant",
            ),
            NearMiss(
                "discontinuity prevents consistency", {"atoms": [["0", 1, "1/2", 1]]}, "half of the mass is missing"
            ),
        ),
        minimality="one atom; every law with finitely many atoms and a discontinuous error is a counterexample",
        snippet=SNIPPET,
        repairs={"infinitely many points": Variant(repaired=True)},
        repaired_by="bethune2021.margin_choice.zero",
        argument="proof.md#what-prevents-consistency",
        notes="Half-lines on R are another example: discontinuous, VC dimension 1, consistent. That the error is not "
        "consistent for m = 0 and infinite X is true. Discontinuity is why the proof of Proposition 5 does not apply.",
    ),
)
