"""The parameters that are trained: W = V / ||V||, as in spectral normalization; their gradients can explode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.proposition_9.bounds import ROW, SOURCE
from lipcheck.claims.bethune2021.proposition_9.exploding import INTRODUCTION, PRINTED, NetworkDataError
from lipcheck.exact import dot, vector
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


def row(name: str, least: Fraction) -> Universal:
    """Data {"V", "h"}: one output z = V h / |V|, L = z. The gradient of V is (h - w (w h)) / |V|, w = V / |V|.

    Its square is (|h|^2 - (V h)^2 / |V|^2) / |V|^2, and is to be at most |h|^2; repaired, |V| >= 1.
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"V", "h"}:
            raise NetworkDataError("the data are a row V and a state h")
        V, h = vector(data["V"], "V"), vector(data["h"], "h")
        if len(V) != len(h) or not any(V):
            raise NetworkDataError("V and h have one length, and V is not zero")
        size = dot(V, V)
        square = (dot(h, h) - dot(V, h) ** 2 / size) / size
        return Examination({"size": size >= least**2}, square <= dot(h, h))

    text = f"the gradient of V obeys equation 17 for |V| >= {least}"
    return Universal(name, text, examine, lambda: [SMALL, ALMOST], parameters=str(least))


def one_input() -> Forall:
    """One input: w is a sign, and the gradient of V vanishes: |h|^2 |V|^2 - (V h)^2 = 0."""
    V, h = var("V"), var("h")
    return Forall("minimal: one input", {}, equals(h**2 * V**2 - (V * h) ** 2, 0))


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every V; repaired, |V| >= 1."""
    return [row("normalised rows", Fraction(1) if variant.repaired else Fraction(0)), one_input()]


def shorter() -> Forall:
    """V = (s, 0, ...), 0 < s < 1, h = (0, 1, ...): the square 1/s^2 exceeds |h|^2 = 1, so no shorter V will do."""
    square, s = var("square"), var("s")
    given: dict[str, Formula] = {"s": conj(s > 0, s < 1), "gradient": equals(square * s**2, 1)}
    return Forall("every shorter row fails", given, square > 1)


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """|h|^2 minus a square is at most |h|^2, and dividing by |V|^2 >= 1 does not increase it."""
    square, h, inner, V = map(var, ("square", "h", "inner", "V"))
    given: dict[str, Formula] = {
        "gradient": equals(square * V, h - inner**2),
        "norms": conj(square >= 0, h >= 0),
        "large": variant.value("least", 1) ** 2 <= V,
    }
    least = variant.value("least", 1)
    instances = row("rows that are not small", least if variant.keeps("large") else Fraction(0))
    return [Forall("a row that is not small", kept(variant, given, ["large"]), square <= h), shorter(), instances]


SMALL = {"V": ["1/2", "0"], "h": ["0", "1"]}
ALMOST = {"V": ["199/200", "0"], "h": ["0", "1"]}
SNIPPET = """\
from fractions import Fraction
# z = V h / |V| with h = (0, 1) at V = (s, 0): moving V_2 by t changes z by t / |V| to first order
for s in (Fraction(1, 2), Fraction(1, 1000)):
    t = s * Fraction(3, 4)                       # |(s, t)| = 5 s / 4, exactly
    change = t / (s * Fraction(5, 4))            # z at V = (s, t), and z = 0 at V = (s, 0)
    print("difference quotient", change / t)
    assert change / t == Fraction(4, 5) / s > 1  # |h| = 1 and dL/dz = 1
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.trained",
        short="with W = V/‖V‖ the gradient of V grows like 1/‖V‖; bounded for ‖V‖ ≥ 1",
        source=INTRODUCTION,
        printed=PRINTED,
        reading="of the parameters that are trained where the constraint is built in as W = V/||V|| (section 2.2)",
        variant_of=f"{ROW}.no_exploding",
        statement="For W = V/||V|| with one output, every V other than 0 and every h: ||grad of V|| <= |grad L| ||h||.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="layers of one output",
        covers_all=True,
        counterexamples={"normalised rows": SMALL},
        near_misses=(
            NearMiss("normalised rows", {"V": ["1", "0"], "h": ["0", "1"]}, "|V| = 1"),
            NearMiss("normalised rows", {"V": ["1/2", "0"], "h": ["1", "0"]}, "h has the direction of V"),
            NearMiss("normalised rows", {"V": ["0", "0"], "h": ["0", "1"]}, "V = 0 has no direction"),
        ),
        minimality="two inputs, one output; with one input the gradient of V is zero",
        snippet=SNIPPET,
        repairs={"|V| >= 1": Variant(repaired=True)},
        repaired_by=f"{ROW}.trained_sharp",
        argument="proof.md#the-trained-parameters",
        notes="Proposition 9 speaks of W, and is right. For one output the spectral norm is the 2-norm of V.",
    ),
    Claim(
        id=f"{ROW}.trained_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: for ||V|| >= 1",
        variant_of=f"{ROW}.no_exploding",
        statement="For W = V/||V|| with one output and ||V|| >= 1: ||grad of V|| <= |grad L| ||h||; with two inputs or "
        "more no smaller bound on ||V|| gives that for all h.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="layers of one output, all inputs",
        covers_all=True,
        hypotheses={"large": "||V|| >= 1"},
        constants={"least": Constant(Fraction(1), Fraction(99, 100), words="the least ||V||")},
        textbook=(Textbook("quotient rule", "Rudin, Principles, theorem 5.3"),),
        argument="proof.md#the-trained-parameters",
    ),
)
