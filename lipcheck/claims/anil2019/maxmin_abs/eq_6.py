"""Anil et al. 2019, ICLR appendix A, equation 6: MaxMin from absolute values, with a shift B.

With M = [[1, 1], [1, -1]] / √2 the equation is (max, min) = M (|M (x, y) + (√2 B, 0)| - (√2 B, 0)). The rows of M scale
as r = 1/√2, r > 0, so the units are r |x + y + 2 B| and r |x - y|, and r^2 = 1/2 is all that is left of the root:

    max, min = (|x + y + 2 B| - 2 B ± |x - y|) / 2.

It is right exactly where x + y + 2 B >= 0. "√2 x + √2 B > 0 for all x in the domain" gives that if x stands for every
entry; it does not if x is only the first entry of the pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.maxmin_abs.common import (
    APPENDIX,
    DAMAGE,
    EQUATION_6,
    HALF,
    ONE,
    ROW,
    maxmin,
    scales,
)
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import And, Formula, conj, disj, equals, implies, same
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import Term, absolute, const, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

X, Y = variables("x", 2)
B = var("b")
EQUATION = "equation 6"


def right_side(shift: Term, square: Fraction = HALF) -> list[Term]:
    """r (r |x + y + 2 shift| - 2 r shift ± r |x - y|) with r^2 = square."""
    mean, difference = absolute(X + Y + 2 * shift) - 2 * shift, absolute(X - Y)
    return [square * (mean + difference), square * (mean - difference)]


def holds(shift: Term = B, square: Fraction = HALF) -> And:
    """The equation at (x, y)."""
    return same(right_side(shift, square), maxmin(X, Y))


def every_entry(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """B larger than minus each entry; a mutant takes other weights, or no B."""
    hypotheses: dict[str, Formula] = {}
    if variant.keeps("B"):
        hypotheses["B"] = conj(X + B > 0, Y + B > 0)
    return [
        Forall(EQUATION, hypotheses, holds(B, variant.value("square of the weights", HALF)), size=2),
        *scales(budget),
    ]


def first_entry(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """B larger than minus the first entry alone; with one number instead of a pair nothing goes wrong."""
    condition = conj(X + B > 0, Y + B > 0) if variant.repaired else X + B > 0
    tied: dict[str, Formula] = {"B": X + B > 0, "one number": equals(X, Y)}
    return [
        Forall(EQUATION, {"B": condition}, holds(), size=2),
        Forall("minimal: equal entries are no counterexample", tied, holds(), size=2),
    ]


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The exact condition, then B = c m on the square |x|, |y| <= m: c = 1 is the least."""
    found: list[Obligation] = [*scales(budget)]
    condition = X + Y + 2 * B >= 0 if variant.keeps("both entries") else 2 * X + 2 * B >= 0
    found.append(
        Forall("where equation 6 holds", {}, conj(implies(condition, holds()), implies(holds(), condition)), size=2)
    )
    m = var("m")
    hypotheses: dict[str, Formula] = {"square": conj(*(part for t in (X, Y) for part in (t <= m, t >= -m)))}
    shift = variant.value("B over the radius", 1) * m
    found.append(Forall("B equal to the radius", hypotheses, holds(shift), size=2))
    return found


def every_b() -> Forall:
    """Whatever B is, the pair (-B - 1, -B - 1) breaks the equation."""
    z = -B - 1
    mean = absolute(2 * z + 2 * B) - 2 * B
    return Forall("minimal: every other B fails as well", {}, disj(HALF * mean > z, HALF * mean < z), size=2)


def plane(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One B for the whole plane: it fails at x = y = -B - 1."""
    z = var("z")
    mean = absolute(2 * z + 2 * const(ONE)) - 2 * ONE
    hypotheses: dict[str, Formula] = {"bounded domain": z >= -1} if variant.repaired else {}
    return [Forall("equation 6 with B = 1 at (z, z)", hypotheses, equals(HALF * mean, z), size=2), every_b()]


SNIPPET = """\
from fractions import Fraction as F
x, y, B = F(0), F(-4), F(1)  # x + B > 0
mean, difference = abs(x + y + 2 * B) - 2 * B, abs(x - y)
image = [(mean + difference) / 2, (mean - difference) / 2]  # the factors 1/sqrt(2) cancel
print("equation 6 gives", image, "for", [max(x, y), min(x, y)])
assert image != [max(x, y), min(x, y)]
"""

SOURCE = f"{APPENDIX}, equation 6"

CLAIMS = (
    Claim(
        id=f"{ROW}.eq_6",
        source=SOURCE,
        printed=EQUATION_6,
        statement=(
            "If every entry of the pairs (x, y) is larger than -B, then (max(x, y), min(x, y)) = M (|M (x, y) + (√2 B, "
            "0)| - (√2 B, 0)) with M = [[1, 1], [1, -1]] / √2."
        ),
        reading="x in √2 x + √2 B > 0 stands for every entry of the pre-activations",
        expected=Verdict.PROVED,
        obligations=every_entry,
        scope="all reals x, y, B with x, y > -B; the domain may be unbounded above",
        covers_all=True,
        hypotheses={"B": "x + B > 0 and y + B > 0"},
        constants={"square of the weights": Constant(HALF, Fraction(101, 200), words="the square of the entries of M")},
        argument="proof.md#equation-6",
        notes=DAMAGE,
    ),
    Claim(
        id=f"{ROW}.eq_6_first_entry",
        source=SOURCE,
        printed=EQUATION_6,
        statement="If x + B > 0 for every pair (x, y) of the domain, then equation 6 holds there.",
        reading="x in √2 x + √2 B > 0 is the first entry of the pair, as in the equation",
        variant_of=f"{ROW}.eq_6",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=first_entry,
        scope="one pair",
        covers_all=True,
        repairs={"both entries": Variant(repaired=True)},
        counterexamples={EQUATION: {"x1": "0", "x2": "-4", "b": "1"}},
        near_misses=(
            NearMiss(EQUATION, {"x1": "0", "x2": "-2", "b": "1"}, "x + y + 2 B = 0, where the equation still holds"),
            NearMiss(EQUATION, {"x1": "-2", "x2": "-4", "b": "1"}, "x + B is negative"),
        ),
        minimality="one pair is the least width; a pair of equal entries is no counterexample",
        short="x + B > 0 for the first entry x of each pair is too little for equation 6; for both entries it suffices",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.eq_6",
        argument="proof.md#equation-6",
        notes="The next claim has the exact condition, x + y + 2 B >= 0.",
    ),
    Claim(
        id=f"{ROW}.eq_6_sharp",
        source=SOURCE,
        printed=EQUATION_6,
        statement=(
            "Equation 6 holds at (x, y) exactly if x + y + 2 B >= 0. On the square |x|, |y| <= m the least B is m."
        ),
        reading="what is needed of B: the strict inequality is not, nor is a bounded domain",
        variant_of=f"{ROW}.eq_6",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all reals",
        covers_all=True,
        hypotheses={"both entries": "the condition is on x + y"},
        constants={"B over the radius": Constant(ONE, Fraction(99, 100), words="B over the radius of the square")},
        argument="proof.md#equation-6",
    ),
    Claim(
        id=f"{ROW}.eq_6_unbounded",
        source=SOURCE,
        printed=EQUATION_6,
        statement="There is a B with which equation 6 holds for all x and y.",
        reading="on X = R^n, which section 2.1 takes unless otherwise specified; B = 1 stands for every B",
        variant_of=f"{ROW}.eq_6",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=plane,
        scope="one pair; equal entries suffice",
        covers_all=True,
        repairs={"entries of at least -B": Variant(repaired=True)},
        counterexamples={"equation 6 with B = 1 at (z, z)": {"z": "-2"}},
        near_misses=(NearMiss("equation 6 with B = 1 at (z, z)", {"z": "-1"}, "at z = -B the equation still holds"),),
        short="no B serves equation 6 on all of R^n; on a bounded domain some B does",
        minimality="one pair of equal entries; every other B fails as well, at x = y = -B - 1 (machine-checked)",
        snippet=(
            "from fractions import Fraction as F\n"
            "for B in (F(1), F(10), F(1000)):\n"
            "    z = -B - 1\n"
            "    image = (abs(2 * z + 2 * B) - 2 * B) / 2\n"
            '    print("B =", B, ": equation 6 gives", image, "for max(z, z) = min(z, z) =", z)\n'
            "    assert image != z"
        ),
        repaired_by=f"{ROW}.eq_6",
        argument="proof.md#equation-6",
        notes="The words 'for all x in the domain' show that the authors think of domains on which such a B exists.",
    ),
)
