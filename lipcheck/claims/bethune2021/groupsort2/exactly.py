"""Section 2.3: "we can parameterize the set Lip_L(X, R)", by networks.

Plain reading: every function of Lip_1(X, R) is a GroupSort2 network with weights of norm at most one. But networks are
affine on finitely many pieces: x^2/2 on [0, 1] is 1-Lipschitz and none of them. On the line networks come close.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.groupsort2.definition import ROW, SOURCE, LayerError
from lipcheck.claims.bethune2021.groupsort2.dilation import PRINTED
from lipcheck.exact import vector
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

QUADRATICS = "polynomials of degree two on the unit interval"
PARABOLA: Any = {"coefficients": ["0", "0", "1/2"]}


def examine(data: Data, repaired: bool) -> Examination:
    """a + b x + c x^2 on [0, 1]: is it affine; repaired: is its chord, a network, 1-Lipschitz and within 1/4 of it?

    The slopes run from b to b + 2 c, and the largest distance from the chord is |c| / 4, in the middle.
    """
    if not isinstance(data, dict) or set(data) != {"coefficients"} or len(data["coefficients"]) != 3:
        raise LayerError("Give {'coefficients': [a, b, c]}.")
    _, b, c = vector(data["coefficients"])
    near = abs(b + c) <= 1 and abs(c) / 4 <= Fraction(1, 4)
    return Examination({"1-Lipschitz": abs(b) <= 1 and abs(b + 2 * c) <= 1}, near if repaired else c == 0)


def bends() -> Forall:
    """At the ends and in the middle of an interval of positive length, c x^2 + b x + a is on no line unless c = 0."""
    a, b, c, x, h, s, t = map(var, ("a", "b", "c", "x", "h", "s", "t"))
    on_a_line = conj(*(equals(a + b * y + c * y * y, s * y + t) for y in (x, x + h, x + 2 * h)))
    given: dict[str, Formula] = {"interval": h > 0, "line": on_a_line}
    zero = dict.fromkeys("abcxst", Fraction(0))
    return Forall("a parabola has no affine piece", given, equals(h * h * c, 0), witness={**zero, "h": Fraction(1)})


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Polynomials, one by one; and why only those of degree one are networks."""
    text = "a 1-Lipschitz polynomial is " + ("within 1/4 of a network" if variant.repaired else "a network")
    found = Universal(QUADRATICS, text, lambda data: examine(data, variant.repaired), lambda: [PARABOLA],
                      parameters=variant.repaired)  # fmt: skip
    return [found] if variant.repaired else [found, bends(), degree_one()]


def degree_one() -> Forall:
    """A 1-Lipschitz polynomial of degree one is the network with this weight: its slope is at most one in size."""
    b, low, high = var("b"), var("low"), var("high")
    given: dict[str, Formula] = {"change": equals(high - low, b), "1-Lipschitz": conj(high - low <= 1, low - high <= 1)}
    return Forall("minimal: degree one", given, conj(b <= 1, b >= -1))


CLAIMS = (
    Claim(
        id=f"{ROW}.exactly",
        short="x^2/2 on [0, 1] is 1-Lipschitz and no network with sorts; on bounded sets of R networks come near",
        source=SOURCE,
        printed=PRINTED,
        reading="the networks of section 2.3, dilated, are the set Lip_L(X, R)",
        variant_of=f"{ROW}.dilation",
        statement="For L > 0 every function of Lip_L(X, R) is L times a GroupSort2 network.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=obligations,
        scope="polynomials of degree at most two on [0, 1]; networks of any width and depth with sorts of any kind, L "
        "= 1",
        covers_all=True,
        repairs={"within 1/4": Variant(repaired=True)},
        counterexamples={QUADRATICS: PARABOLA},
        near_misses=(
            NearMiss(QUADRATICS, {"coefficients": ["1", "-1", "0"]}, "affine"),
            NearMiss(QUADRATICS, {"coefficients": ["0", "0", "1"]}, "x^2 has slope 2 at 1"),
        ),
        minimality="one input, and a polynomial of degree two: those of degree one are networks",
        snippet="""\
f = lambda x: x * x / 2
bends = [f(k / 64) - 2 * f((k + 1) / 64) + f((k + 2) / 64) for k in range(63)]
print("second differences over steps of 1/64, least and largest:", min(bends), max(bends))
assert min(bends) > 0 and f(1) - f(63 / 64) < 1 / 64       # affine on no piece, slopes below 1
""",
        repaired_by="anil2019.open_question.dimension_one",
        argument="proof.md#networks-exactly",
        notes="A set of networks of one architecture is a parameterized set; Lip_L(X, R) is not, being of infinite "
        "dimension. Density in several dimensions: bethune2021.density.",
    ),
)
