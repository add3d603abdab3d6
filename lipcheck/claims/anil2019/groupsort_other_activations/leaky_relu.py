"""Anil et al. 2019, ICLR appendix A: Leaky ReLU as max(x, a x), selected from MaxMin(x, a x).

max(x, a x) is x for x > 0 and a x for x < 0 exactly if a <= 1; for a > 1 it is the other way round, and the minimum is
Leaky ReLU.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.groupsort_other_activations.common import APPENDIX, LEAKY, ONE, ROW, UNITS, leaky, sort
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import maximum, minimum, var
from lipcheck.words.verdict import Budget, Grade, Verdict

X, A = var("x"), var("a")
SELECT = "the first entry of MaxMin(x, a x)"


def selected(variant: Variant, bounded: bool = True) -> Forall:
    """max(x, a x) = leaky ReLU of slope a, for a up to the bound."""
    hypotheses: dict[str, Formula] = {}
    if bounded and variant.keeps("slope"):
        hypotheses["slope"] = variant.value("largest slope", 1) >= A
    return Forall(SELECT, hypotheses, equals(sort([X, A * X], "descending")[0], leaky(X, A)), size=1)


def steeper() -> Forall:
    """For a > 1 and x other than 0 the maximum is another number, and the minimum is leaky ReLU."""
    gap = maximum(X, A * X) - leaky(X, A)
    steep: dict[str, Formula] = {"steep": A > 1, "not zero": disj(X > 0, X < 0)}
    return Forall("slopes above one", steep, conj(gap > 0, equals(minimum(X, A * X), leaky(X, A))), size=1)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Up to slope one, and what happens beyond."""
    return [selected(variant)] if budget is Budget.SMOKE else [selected(variant), steeper()]


def any_slope(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every slope a; the repair asks for a <= 1."""
    at_one: dict[str, Formula] = {"slope": A <= 1}
    kept = Forall("minimal: slopes up to one", at_one, equals(maximum(X, A * X), leaky(X, A)), size=1)
    minimal = [] if budget is Budget.SMOKE else [kept]
    return [selected(variant, bounded=variant.repaired), *minimal]


SNIPPET = """\
from fractions import Fraction as F
a, x = F(2), F(1)
leaky = x if x > 0 else a * x
print("max(x, a x) =", max(x, a * x), " leaky ReLU of slope a =", a, "at x =", x, "is", leaky)
assert max(x, a * x) != leaky == min(x, a * x)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.leaky_relu",
        source=APPENDIX,
        printed=LEAKY,
        statement=(
            "For every slope a <= 1 and all real x, the first entry of MaxMin(x, a x), max(x, a x), is Leaky ReLU: x "
            "for x > 0, a x elsewhere. For a > 1 it is not, but the second entry is."
        ),
        reading="a is a slope of the usual size, below one (negative ones included)",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals x, a",
        covers_all=True,
        hypotheses={"slope": "a <= 1"},
        constants={"largest slope": Constant(ONE, Fraction(101, 100), words="the largest slope a")},
        textbook=(UNITS,),
        argument="proof.md#leaky-relu",
        notes="The weights (1, a)' have p-norm (1 + |a|^p)^(1/p) > 1 for p < infinity; the section says 'without norm "
        "constraints'. With other weights the norm is kept, see with_norm_constraints.",
    ),
    Claim(
        id=f"{ROW}.leaky_relu_any_slope",
        source=APPENDIX,
        printed=LEAKY,
        statement="For every real slope a and all real x, max(x, a x) is Leaky ReLU of slope a.",
        reading="every slope a, since none is excluded",
        variant_of=f"{ROW}.leaky_relu",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=any_slope,
        scope="all a > 1, all x but 0",
        covers_all=True,
        repairs={"slopes up to one": Variant(repaired=True)},
        counterexamples={SELECT: {"x": "1", "a": "2"}},
        near_misses=(
            NearMiss(SELECT, {"x": "-1", "a": "-3"}, "a negative slope of any size is fine"),
            NearMiss(SELECT, {"x": "5", "a": "1"}, "slope one is the identity"),
        ),
        minimality="one number; no slope up to one is a counterexample",
        short="max(x, a x) is not Leaky ReLU for a > 1 (the minimum is); for a <= 1 it is",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.leaky_relu",
        argument="proof.md#leaky-relu",
        notes="Slopes in use lie between 0 and 1, so this is a hypothesis that goes without saying.",
    ),
)
