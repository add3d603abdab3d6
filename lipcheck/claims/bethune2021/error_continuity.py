"""Section 5: "error E(c_f^m(x)) lacks continuity w.r.t f(x) which prevents it to be a consistent estimator."

It lacks continuity, for every law and every m, and for m > 0 exactly at the f with P(y f(x) = m) > 0. That alone does
not prevent consistency: on a finite X the error is discontinuous and consistent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import kept, within
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.error_continuity"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 5, the paragraph after Proposition 7"
PRINTED = "error E(c_f^m(x)) lacks continuity w.r.t f(x)"
z, v, m, d = map(var, ("z", "v", "m", "d"))


ATOMS = 12
"""All labellings of the atoms are looked at, so there are not many."""


class SetError(LipcheckError, ValueError):
    """Data that describe no input space."""


def jump(variant: Variant) -> Forall:
    """m > 0: the constant f = m is right for every label 1, m - d for none, and label -1 is wrong at both (d < 2m)."""
    given: dict[str, Formula] = {"margin": m > 0, "small": d < 2 * m}
    if variant.keeps("moved"):
        given["moved"] = d > 0
    right, wrong = conj(m >= m, m > m - d), conj(m > -m, m - d > -m)
    return Forall("an arbitrarily small change, m > 0", given, conj(right, wrong))


def jump_at_zero(variant: Variant) -> Forall:
    """m = 0: f = -d(x, A) is at least 0 exactly on the closed set A, and f - d nowhere."""
    distance = var("distance")
    given: dict[str, Formula] = {"distance": distance >= 0}
    if variant.keeps("moved"):
        given["moved"] = d > 0
    on_a = disj(distance > 0, -distance >= 0)
    off_a = disj(distance <= 0, -distance < 0)
    return Forall("an arbitrarily small change, m = 0", given, conj(on_a, off_a, -distance - d < 0))


def lacks(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Two functions at distance d, for every d."""
    return [jump(variant), jump_at_zero(variant)]


def unchanged(variant: Variant) -> Forall:
    """z = y f(x), v = y g(x), |v - z| <= d: a point changes sides of m only if z is within d of m."""
    width = variant.value("width", 1)
    given: dict[str, Formula] = {"near": within(v - z, width * d), "d": d > 0}
    given["far"] = disj(z > m + d, z < m - d)
    given = kept(variant, given, ["near", "far"])
    same = disj(conj(z >= m, v >= m), conj(z < m, v < m))
    return Forall("points away from the margin", given, same)


def scaled(variant: Variant) -> Forall:
    """(1 - d) f with 0 < d < 1: z = m > 0 falls below m; z < m stays below."""
    given: dict[str, Formula] = {"d": conj(d > 0, d < 1), "at most": z <= m}
    if variant.keeps("margin"):
        given["margin"] = m > 0
    return Forall("points at the margin", given, z - d * z < m)


def where(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """What a small change can do away from the margin, and what one does at it."""
    return [unchanged(variant), scaled(variant)]


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
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="For m > 0 and every law on X x Y, f -> E(c_f^m) is discontinuous on Lip_1(X, R) in the uniform "
        "norm: at the constant f = m, or at f = -m. For m = 0 it is discontinuous exactly for the laws with P(y = 1 | "
        "x) != 1/2 with positive probability; for the others every error is 1/2.",
        expected=Verdict.PROVED,
        obligations=lacks,
        scope="all laws, all m >= 0",
        covers_all=True,
        hypotheses={"moved": "the second function differs from the first"},
        argument="proof.md#the-error-is-discontinuous",
        textbook=(
            Textbook("a finite measure on R^n is determined by its values on closed sets", "Kallenberg, lemma 1.17"),
        ),
        notes="At f = m all labels 1 are right and at f = m - d none is, so the error jumps by P(y = 1). For m = 0 and "
        "f(x) = 0 both lines of equation 7 apply; the first one is taken (with the second, mirror everything).",
    ),
    Claim(
        id=f"{ROW}.where",
        source=SOURCE,
        printed=PRINTED,
        reading="at which f",
        statement="For m > 0 and bounded X, E(c_f^m) is continuous at f in the uniform norm exactly if P(y f(x) = m) "
        "= 0; else it jumps by that probability along (1 - d) f, d -> 0.",
        expected=Verdict.PROVED,
        obligations=where,
        scope="all laws, all m > 0, all f",
        covers_all=True,
        hypotheses={
            "near": "g is within d of f",
            "far": "y f(x) is not within d of m",
            "margin": "m > 0",
        },
        constants={"width": Constant(Fraction(1), Fraction(101, 100), words="|g - f| over d")},
        textbook=(Textbook("continuity of a measure from above", "Rudin, Real and Complex Analysis, theorem 1.19"),),
        argument="proof.md#where-the-error-is-discontinuous",
    ),
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
