"""The left half of equation 8, dimension by dimension: where it holds, where it fails, and with which constant.

By Blichfeldt's principle a lattice with minimal distance 2m shows VC >= vol(X) / det. Its density times vol(X)/vol(m B)
is that number: density 1 on the line and for the maximum norm, whose balls are cubes; pi/sqrt(12) in the plane.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.packing_bounds import upper_bounds
from lipcheck.build.volumes import volume_ratio
from lipcheck.claims.bethune2021.proposition_7._common import (
    BLICHFELDT_PRINCIPLE,
    ROW,
    SOURCE,
    read,
    region,
    scaled,
)
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Positive, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

SMALL = {2: Fraction(1, 40), 3: Fraction(1, 150), 4: Fraction(1, 60), 5: Fraction(1, 50), 8: Fraction(1, 50)}
"""Margins at which, and below which, the bound fails at the unit cube of that dimension."""


def known_to_fail(data: Data, factor: Fraction = Fraction(1)) -> bool:
    """Whether an upper bound on VC lies below factor vol(X)/vol(m B), in the Euclidean norm."""
    room, m = read(data)
    below = scaled(volume_ratio(room, Fraction(0), m * m), factor)
    return below.at_most(min(upper_bounds(room, 2 * m).values())) is False


def holds_in_norm(data: Data, factor: Fraction) -> Examination:
    """factor vol(X)/vol(m B) <= VC at a cube, in the maximum norm or the Euclidean one.

    In the maximum norm a cube of side a has exactly (floor(a/2m) + 1)^n points that are 2m apart, and no more.
    """
    norm = data.get("norm") if isinstance(data, Mapping) else None
    room, m = read({k: v for k, v in data.items() if k != "norm"})
    n, side = room.dimension, Fraction(data["size"])
    if norm == "max":
        conclusion = factor * (side / (2 * m)) ** n <= (math.floor(side / (2 * m)) + 1) ** n
    else:
        conclusion = not known_to_fail({k: v for k, v in data.items() if k != "norm"}, factor)
    return Examination({"maximum norm": norm == "max" or n == 1}, conclusion)


def tiling(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The lattice 2m Z^n has the determinant (2m)^n = vol(m B), and its points are 2m apart in the maximum norm."""
    c = variant.value("lower", 1)
    steps = 1 + math.ceil(2 / (c - 1)) if c > 1 else 7
    cubes = [
        {**region("cube", 1, 2 * steps - Fraction(1, 1000)), "norm": "2"},
        {**region("cube", 3, Fraction(7, 3), Fraction(1, 5)), "norm": "max"},
        {**region("cube", 2, 1, Fraction(1, 40)), "norm": "2"},
    ]
    examined = Universal(
        "cubes",
        "the bound holds for this cube",
        lambda data: holds_in_norm(data, c),
        lambda: cubes,
        variant.dropped,
        str(c),
    )
    return [apart(), one_more_axis(), examined]


def apart() -> Forall:
    """Two different points of 2m Z^n differ by 2m |z| in some coordinate, z an integer other than zero."""
    z, m, d = var("z"), var("m"), var("d")
    hypotheses: dict[str, Formula] = {
        "an integer other than zero": disj(z >= 1, z <= -1),
        "distance": conj(d >= 2 * m * z, d >= -2 * m * z),
        "margin": m > 0,
    }
    return Forall("points of the lattice 2m Z^n", hypotheses, d >= 2 * m)


def one_more_axis() -> Forall:
    """The determinant of the lattice and the volume of the ball both grow by the factor 2m per dimension."""
    det, vol, m = var("det"), var("vol"), var("m")
    return Forall("one more dimension", {"so far": equals(det, vol)}, equals(det * (2 * m), vol * (m - (-1) * m)))


def positive(name: str, text: str, pi: int, root: Fraction) -> Positive:
    """a pi + b sqrt(12) > 0."""

    def enclose(bits: int) -> tuple[Fraction, Fraction]:
        import flint

        from lipcheck.readings.ball import enclosure_rational

        with flint.ctx.workprec(bits):
            factor = flint.arb(root.numerator) / root.denominator
            return enclosure_rational(pi * flint.arb.pi() + factor * flint.arb(12).sqrt())

    return Positive(name, text, enclose)


def failing(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The limits of VC vol(m B)/vol(X) are below 1: pi/sqrt(12) for n = 2, (n + 2)/2^(1 + n/2) for n >= 3."""

    def examine(data: Data) -> Examination:
        room, m = read(data)
        n = room.dimension
        unit = data["shape"] == "cube" and data["size"] == "1"
        small = m <= SMALL.get(n, Fraction(1, 1000))
        return Examination({"dimension": n >= 2, "small": small, "unit cube": unit}, known_to_fail(data))

    cubes = [region("cube", n, 1, m / k) for n, m in SMALL.items() for k in (1, 2, 10)]
    others = [region("cube", 1, 1, Fraction(1, 1000)), region("cube", 2, 1, 1)]
    return [
        Universal("unit cubes", "the printed bound fails there", examine, lambda: [*cubes, *others], variant.dropped),
        Exhaustive("unit cubes in some dimensions", "the printed bound fails there", lambda: cubes, known_to_fail),
        positive("sqrt(12) - pi", "the factor of the area in Groemer's bound is below 1", -1, Fraction(1)),
        Exhaustive("Blichfeldt's factor, n = 3", "(n + 2)^2 < 4 2^n", lambda: [3], lambda n: (n + 2) ** 2 < 4 * 2**n),
        _one_more(),
    ]


def _one_more() -> Forall:
    """(n + 2)^2 < 4 p for p = 2^n gives (n + 3)^2 < 8 p, for n >= 1."""
    n, p = var("n"), var("p")
    hypotheses: dict[str, Formula] = {"so far": (n + 2) ** 2 < 4 * p, "n": n >= 1}
    return Forall("Blichfeldt's factor, one more dimension", hypotheses, (n + 3) ** 2 < 8 * p)


COMMON: dict[str, Any] = {
    "source": f"{SOURCE}, equation 8",
    "printed": "(1/m)^n A ≤ VC_dim(C^m(X)) with A = vol(X)/vol(B(·, 1))",
    "expected": Verdict.PROVED,
    "covers_all": True,
    "variant_of": ROW,
    "depends_on": (f"{ROW}.shattering",),
}

CLAIMS = (
    Claim(
        id=f"{ROW}.lower_tiles",
        reading="repaired: on the line, or in the maximum norm with its own unit ball",
        statement="For n = 1, and for every n where Lip_1 and B refer to the maximum norm: (1/m)^n vol(X)/vol(B) <= "
        "VC for all bounded measurable X and m > 0, with the best constant.",
        obligations=tiling,
        scope="all bounded measurable X, all m > 0",
        hypotheses={"maximum norm": "n = 1, or distances are taken in the maximum norm"},
        constants={"lower": Constant(Fraction(1), mutated=Fraction(101, 100), words="times vol(X)/vol(m B)")},
        textbook=(BLICHFELDT_PRINCIPLE,),
        argument="proof.md#the-lower-bound-where-balls-tile",
        **COMMON,
    ),
    Claim(
        id=f"{ROW}.lower_fails",
        reading="the converse: for n >= 2 the printed lower bound fails at every convex body once m is small",
        statement="For every n >= 2 and every convex body X in R^n with interior points there is m_0 > 0 such that "
        "VC < (1/m)^n vol(X)/vol(B) for all m in (0, m_0).",
        obligations=failing,
        scope="all n >= 2, all convex bodies with interior points, Euclidean norm",
        hypotheses={"dimension": "n >= 2", "small": "m is small for the body"},
        textbook=(
            Textbook(
                "VC <= 2/sqrt(3) area/(2m)^2 + perimeter/(4m) + 1 in the plane",
                "Groemer (1960); Oler, An inequality in the geometry of numbers, Acta Math. 105 (1961)",
            ),
            Textbook(
                "M(X, s) <= (n + 2)/2 vol(X + (s/sqrt 2) B)/vol((s/sqrt 2) B)",
                "Blichfeldt, The minimum value of quadratic forms, Math. Annalen 101 (1929)",
            ),
            Textbook("vol(X + r B) tends to vol(X) as r tends to 0, for compact X", "continuity from above"),
        ),
        argument="proof.md#where-the-lower-bound-fails",
        notes="So the counterexample is no exception: only the line escapes.",
        **COMMON,
    ),
)
