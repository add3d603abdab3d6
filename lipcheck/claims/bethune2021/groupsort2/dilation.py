"""Section 2.3: "With dilation by a constant L in R we can parameterize the set Lip_L(X, R)".

Plain reading: for every real L, Lip_L(X, R) = {L f : f in Lip_1(X, R)}. For L > 0 this is so. For L = 0 the right side
is {0}, but constants are 0-Lipschitz; for L < 0 nothing is L-Lipschitz on two points, and the right side is not empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from lipcheck.claims.bethune2021.groupsort2.definition import ROW, SOURCE, LayerError
from lipcheck.claims.bethune2021.mountain_function._lemmas import kept
from lipcheck.exact import exact, vector
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "With dilation by a constant L ∈ R we can parameterize the set Lip_L(X, R)."
FUNCTIONS = "functions on finite sets of the line"
CONSTANT: Any = {"L": "0", "X": ["0"], "g": ["1"]}
FALLING: Any = {"L": "-1", "X": ["0", "1"], "g": ["0", "1"]}


def examine(data: Data, repaired: bool) -> Examination:
    """Whether g is in Lip_L(X, R) exactly if it is L times a 1-Lipschitz function."""
    if not isinstance(data, dict) or set(data) != {"L", "X", "g"} or len(data["X"]) != len(data["g"]):
        raise LayerError("Give {'L': ..., 'X': points, 'g': values}.")
    L, points, values = exact(data["L"]), vector(data["X"]), vector(data["g"])
    if len(set(points)) < len(points):
        raise LayerError("X names a point twice.")
    changes = [(abs(u - v), abs(x - y)) for (x, u), (y, v) in combinations(zip(points, values, strict=True), 2)]
    lipschitz = all(change <= L * distance for change, distance in changes)
    dilated = all(change <= abs(L) * distance for change, distance in changes) if L else not any(values)
    return Examination({"positive": L > 0} if repaired else {}, lipschitz == dilated)


def every_constant(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Functions on finite sets, for constants of any sign."""
    text = "g is L-Lipschitz exactly if it is L times a 1-Lipschitz function" + (", L > 0" if variant.repaired else "")
    return [Universal(FUNCTIONS, text, lambda data: examine(data, variant.repaired), lambda: [CONSTANT, FALLING],
                      parameters=variant.repaired)]  # fmt: skip


L, a, d, c = map(var, ("L", "a", "d", "c"))
UNITS = {"L": Fraction(1), "a": Fraction(0), "d": Fraction(1)}


def there(variant: Variant) -> Forall:
    """A change a of f over a distance d: L f is L-Lipschitz."""
    given: dict[str, Formula] = {"distance": d >= 0, "f": absolute(a) <= d, **kept(variant, positive=L > 0)}
    size = variant.value("factor", 1) * L * a
    return Forall("L f is L-Lipschitz", given, conj(size <= L * d, -size <= L * d), witness=UNITS)


def back(variant: Variant) -> Forall:
    """A change L a of g over a distance d, at most L d in size: that of g / L is at most d."""
    given: dict[str, Formula] = {
        "distance": d >= 0,
        "g": conj(L * a <= L * d, -L * a <= L * d),
        **kept(variant, positive=L > 0),
    }
    return Forall("g / L is 1-Lipschitz", given, conj(a <= d, -a <= d), witness=UNITS)


def positive(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both directions."""
    return [there(variant), back(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.dilation",
        short="for L = 0 dilation gives only 0, not all constants; for L < 0 Lip_L is empty; for L > 0 it holds",
        source=SOURCE,
        printed=PRINTED,
        reading="dilation is f → L f, and L is any real number, as printed",
        statement="For every L in R and every set X, Lip_L(X, R) = {L f : f in Lip_1(X, R)}.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=every_constant,
        scope="all real L; functions on finite subsets of the line",
        covers_all=True,
        repairs={"L > 0": Variant(repaired=True)},
        counterexamples={FUNCTIONS: CONSTANT},
        near_misses=(
            NearMiss(FUNCTIONS, {**CONSTANT, "g": ["0"]}, "0 is 0 times any function"),
            NearMiss(FUNCTIONS, {**FALLING, "L": "1"}, "L = 1"),
            NearMiss(FUNCTIONS, {"L": "0", "X": ["0", "1"], "g": ["0", "1"]}, "not 0-Lipschitz, and not 0"),
            NearMiss(FUNCTIONS, {**CONSTANT, "L": "-1"}, "on one point every function is L-Lipschitz for all L"),
        ),
        minimality="one point and the value 1; for L < 0 two points are needed",
        snippet="""\
f = lambda x: x                            # 1-Lipschitz
for L in (-1, 0):
    print("L =", L, ": (L f)(0), (L f)(1) =", L * f(0), L * f(1))
assert abs(-1 * f(1) - -1 * f(0)) > -1 * abs(1 - 0)     # L f is not L-Lipschitz for L = -1
assert {0 * v for v in (-5, 0, 7)} == {0}               # 0 f is never the constant 1
""",
        repaired_by=f"{ROW}.positive",
        argument="proof.md#dilation",
        notes="L > 0 is what is meant, as in Proposition 4. Taken over all L in R together, the functions L f are all "
        "Lipschitz functions. A bias after the dilation makes up for L = 0, nothing for L < 0.",
    ),
    Claim(
        id=f"{ROW}.positive",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: L > 0",
        variant_of=f"{ROW}.dilation",
        statement="For every L > 0 and every metric space X, f → L f maps Lip_1(X, R) one to one onto Lip_L(X, R).",
        expected=Verdict.PROVED,
        obligations=positive,
        scope="all L > 0, all metric spaces; also for values in normed spaces",
        covers_all=True,
        hypotheses={"positive": "L > 0"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="the factor is this times L")},
        textbook=(Textbook("g = L f has the one solution f = g / L", "field axioms"),),
        argument="proof.md#dilation",
        notes="A dilation of the input, f(L x), does the same on R^n, not on bounded X. Networks are dilated by their "
        "last layer: bethune2021.corollary_1.",
    ),
)
