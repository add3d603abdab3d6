"""The error is discontinuous in f, for m > 0 exactly where P(y f(x) = m) > 0."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.proposition_5._steps import kept, within
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.error_continuity"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 5, the paragraph after Proposition 7"
PRINTED = "error E(c_f^m(x)) lacks continuity w.r.t f(x)"
z, v, m, d = map(var, ("z", "v", "m", "d"))


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
)
