"""'A is a universal approximator if and only if A is a lattice that separates points': only if fails on two points.

The functions of slope less than one are dense in C_L, and do not take values with |a - b| = d(x, y). The functions that
are not constant are dense as well, and no lattice. What is true: A is dense if and only if its closure is a lattice
that separates points. For the closure is then all of C_L, which is such a lattice.
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.anil2019.lemma_1 import common, statement
from lipcheck.claims.anil2019.lemma_1.common import ICLR, ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, maximum, minimum, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "Note that Lemma 1 says that A is a universal approximator for 1-Lipschitz functions if and only if A is a lattice "
    "that separates points."
)
ONLY_IF, PLAIN = "dense families are separating lattices", "lattices that tell points apart are dense"
CASES = [
    common.ALL_ON_TWO, common.ALL_BUT_STEEPEST, common.ALL_BUT_CONSTANTS, common.HALF, common.CONSTANTS,
    common.AFFINE_ON_THREE, common.family([0, 2], "[-1, 0)", "[0, 1)"),
]  # fmt: skip


def only_if(data: Data, repaired: bool) -> Examination:
    """Whether a dense family, or (`repaired`) its closure, is a separating lattice."""
    found = common.read(data)
    judged = found.closure if repaired else found
    hypotheses = {"in C_L": found.lipschitz, "dense": found.dense()}
    return Examination(hypotheses, judged.lattice and judged.separates())


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """'Only if' on finite sets; on one point it holds."""
    single = [common.family([0], *slopes) for slopes in ((), ("[0, 0]",), ("(-1, 1)",), ("[-1, 0)", "(0, 1]"))]
    return [
        Universal(ONLY_IF, "a dense family in C_L is a lattice that separates points",
                  lambda data: only_if(data, variant.repaired), lambda: CASES),
        Exhaustive("minimal: one point", "on one point a dense family is a separating lattice", lambda: single,
                   lambda data: not only_if(data, False).violates(), parameters=single, size=1),
    ]  # fmt: skip


def plain(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """'If', with f(x) != f(y) for separation."""

    def examine(data: Data) -> Examination:
        found = common.read(data)
        apart = found.separates() if variant.repaired else found.separates_plainly
        return Examination({"in C_L": found.lipschitz, "lattice": found.lattice, "apart": apart,
                            "two points": len(found.points) >= 2}, found.dense())  # fmt: skip

    return [Universal(PLAIN, "a lattice in C_L that tells points apart is dense", examine, lambda: CASES)]


def limits(variant: Variant, upper: bool) -> Forall:
    """A limit of functions near f and g: max and min of functions within delta of them are within delta."""
    f, g, f2, g2, delta = var("f"), var("g"), var("f2"), var("g2"), var("delta")
    near: dict[str, Formula] = {"near": conj(absolute(f - f2) <= delta, absolute(g - g2) <= delta)}
    choose = maximum if upper else minimum
    return Forall(f"{'max' if upper else 'min'} is continuous", near, absolute(choose(f, g) - choose(f2, g2)) <= delta)


def stays_lipschitz() -> Forall:
    """max and min of two 1-Lipschitz functions are 1-Lipschitz."""
    f, g, f2, g2, d = var("f"), var("g"), var("f2"), var("g2"), var("d")
    given: dict[str, Formula] = {"in C_L": conj(absolute(f - f2) <= d, absolute(g - g2) <= d)}
    low, high = absolute(minimum(f, g) - minimum(f2, g2)), absolute(maximum(f, g) - maximum(f2, g2))
    return Forall("C_L is a lattice", given, conj(low <= d, high <= d))


def two_cones(variant: Variant) -> Forall:
    """max(a - d(x, z), b - d(y, z)) is a at z = x and b at z = y."""
    a, b, d = var("a"), var("b"), var("d")
    given: dict[str, Formula] = {"distance": d >= 0}
    if variant.keeps("values"):
        given["values"] = absolute(a - b) <= d
    return Forall("C_L separates points", given, conj(equals(maximum(a, b - d), a), equals(maximum(a - d, b), b)))


def closures(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The closure is a lattice; C_L is a separating lattice; and the equivalence on finite sets."""

    def examine(data: Data) -> Examination:
        found = common.read(data)
        judged = found.closure if variant.keeps("closure") else found
        hypotheses = {"in C_L": found.lipschitz, "two points": len(found.points) >= 2}
        return Examination(hypotheses, found.dense() == (judged.lattice and judged.separates()))

    equivalence = Universal(
        "families and their closures", "a family is dense exactly if its closure is a separating lattice", examine,
        lambda: [*CASES, common.EMPTY_ON_A_POINT], variant.dropped)  # fmt: skip
    if budget is Budget.SMOKE:
        return [equivalence, two_cones(variant)]
    return [equivalence, two_cones(variant), limits(variant, True), limits(variant, False), stays_lipschitz()]


CLAIMS = (
    Claim(
        id=f"{ROW}.iff",
        short=(
            "Only if fails: the functions with |f(0) − f(1)| < 1 on {0, 1} are dense and do not "
            "separate; true for the closure of A."
        ),
        source=f"{ICLR}, after Lemma 1; ICML version: iff",
        printed=PRINTED,
        statement=(
            "A set A of 1-Lipschitz functions on a compact X with at least two points is dense in C_L if and only "
            "if it is a lattice with the separation property of Lemma 1."
        ),
        reading="separates points in the sense of Lemma 1",
        expected=Verdict.REFUTED,
        grade=Grade.STATEMENT,
        obligations=printed,
        scope="'only if'; 'if' is Lemma 1",
        covers_all=True,
        repairs={"the closure of A instead of A": Variant(repaired=True)},
        counterexamples={ONLY_IF: common.ALL_BUT_STEEPEST},
        near_misses=(
            NearMiss(ONLY_IF, common.ALL_ON_TWO, "all 1-Lipschitz functions are a separating lattice"),
            NearMiss(ONLY_IF, common.HALF, "the functions of slope at most 1/2 do not separate, but are not dense"),
        ),
        minimality="two points; on one point, where the lemma is not stated, there is no counterexample",
        snippet=(
            "from fractions import Fraction as F\n"
            "# X = {0, 1}, d = 1. A = all functions f = (f(0), f(1)) with |f(0) - f(1)| < 1.\n"
            "def in_A(f): return abs(f[0] - f[1]) < 1\n"
            "for eps in (F(1, 10), F(1, 1000)):  # every 1-Lipschitz g = (a, b) is within eps of (1 - eps) g\n"
            "    g = (F(0), F(1))\n"
            "    f = tuple((1 - eps) * v for v in g)\n"
            "    print(in_A(f), max(abs(u - v) for u, v in zip(f, g)))\n"
            "    assert in_A(f) and max(abs(u - v) for u, v in zip(f, g)) <= eps\n"
            "assert not in_A((F(0), F(1)))  # so A is dense and does not separate a = 0, b = 1"
        ),
        repaired_by=f"{ROW}.iff_closure",
        argument="proof.md#if-and-only-if",
        depends_on=(ROW,),
        notes="Nor does density make a lattice: the functions on {0, 1} that are not constant are dense, but the "
        "maximum of (0, 1) and (1, 0) is constant.",
    ),
    Claim(
        id=f"{ROW}.iff_closure",
        source=f"{ICLR}, after Lemma 1",
        printed=PRINTED,
        statement=(
            "A set A of 1-Lipschitz functions on a compact X with at least two points is dense in C_L if and only if "
            "its uniform closure is a lattice with the separation property of Lemma 1."
        ),
        reading="repaired: the closure of A",
        variant_of=f"{ROW}.iff",
        expected=Verdict.PROVED,
        obligations=closures,
        scope="all compact metric spaces with at least two points",
        covers_all=True,
        hypotheses={
            "two points": "X has at least two points",
            "values": "|a − b| ≤ d(x, y) for the values that are prescribed",
        },
        mutants={"A instead of its closure": Variant(dropped=frozenset({"closure"}))},
        argument="proof.md#if-and-only-if",
        depends_on=(ROW,),
        textbook=(statement.NETS,),
    ),
    Claim(
        id=f"{ROW}.if_plain_separation",
        short=(
            "Telling points apart is not enough: all f with |f(0) − f(1)| ≤ 1/2 do; the separation "
            "property of Lemma 1 is."
        ),
        source=f"{ICLR}, after Lemma 1",
        printed=PRINTED,
        statement=(
            "A lattice A of 1-Lipschitz functions such that any x != y have f(x) != f(y) for some f in A is dense."
        ),
        reading="separates points in the sense of the Stone-Weierstrass theorem",
        variant_of=f"{ROW}.iff",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=plain,
        scope="'if', on two points",
        covers_all=True,
        repairs={"the separation property of Lemma 1": Variant(repaired=True)},
        counterexamples={PLAIN: common.HALF},
        near_misses=(
            NearMiss(PLAIN, common.CONSTANTS, "constants tell no points apart"),
            NearMiss(PLAIN, common.ALL_BUT_CONSTANTS, "these functions are no lattice"),
        ),
        minimality="two points, the fewest that the lemma admits",
        snippet=(
            "# X = {0, 1}, A = all f with |f(0) - f(1)| <= 1/2: a lattice that tells 0 and 1 apart\n"
            "grid = [k / 8 for k in range(-8, 17)]\n"
            "A = [(a, b) for a in grid for b in grid if abs(a - b) <= 1 / 2]\n"
            "best = min(max(abs(a), abs(b - 1)) for a, b in A)\n"
            "print('distance of g = (0, 1) from A:', best)\n"
            "assert best == 1 / 4 and (0, 0.5) in A"
        ),
        repaired_by=ROW,
        argument="proof.md#if-and-only-if",
    ),
)
