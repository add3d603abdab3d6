"""The left half of equation 8 in the plane: true with the density pi/sqrt(12) of the hexagonal lattice, the best."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.counts import minimal_vectors
from lipcheck.build.root_lattices import hexagonal
from lipcheck.claims.bethune2021.proposition_7._common import BLICHFELDT_PRINCIPLE, ROW, read, region
from lipcheck.claims.bethune2021.proposition_7.lower import COMMON, known_to_fail, positive
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget

DENSITY = Fraction(9068, 10000)
"""Below pi/sqrt(12) = 0.90689..."""


def plane(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The hexagonal lattice, scaled to the minimal distance 2m, and squares that refute every larger constant."""
    c = variant.value("density", DENSITY)
    gap = c - Fraction(9069, 10000)
    side = math.ceil(8 / gap) if gap > 0 else 50
    examined = Universal(
        "squares and cubes",
        "the bound holds at this region",
        lambda data: Examination({"plane": read(data)[0].dimension == 2}, not known_to_fail(data, c)),
        lambda: [region("cube", 2, side), region("cube", 5, 100)],
        variant.dropped,
        str(c),
    )
    found: list[Obligation] = [shortest(), longer(), determinant(), larger_constants(), examined]
    return [*found, positive(f"pi - {c} sqrt(12)", "the density of the hexagonal lattice exceeds it", 1, -c)]


def larger_constants() -> Forall:
    """Squares of side x, m = 1, and a constant with c/pi - 1/sqrt(12) = g > 0; y = g x: c x^2/pi > x^2/sqrt(12) + x
    + 1."""
    x, y = var("x"), var("y")
    return Forall("every larger constant fails for large squares", {"large": conj(x > 1, y > 2)}, y * x > x + 1)


def shortest() -> Exhaustive:
    """The six minimal vectors of the lattice {z : z1 + z2 even} with squared axes 1 and 3 have the norm 4."""
    shortest = minimal_vectors(hexagonal())

    def holds(z: list[int]) -> bool:
        norm = z[0] ** 2 + 3 * z[1] ** 2
        return norm >= 4 and (norm == 4) == (tuple(z) in shortest)

    return Exhaustive(
        "minimal vectors of the hexagonal lattice",
        "z1^2 + 3 z2^2 >= 4 for this vector of the lattice, and = 4 for the minimal ones",
        lambda: [[a, b] for a in range(-2, 3) for b in range(-2, 3) if (a or b) and (a + b) % 2 == 0],
        holds,
    )


def longer() -> Forall:
    """All other vectors have a coordinate of 3 or more in size, and a norm above 4."""
    z1, z2 = var("z1"), var("z2")
    far = disj(z1 >= 3, z1 <= -3, z2 >= 3, z2 <= -3)
    return Forall("longer vectors of the hexagonal lattice", {"far": far}, z1 * z1 + 3 * z2 * z2 > 4)


def determinant() -> Forall:
    """With squared axes u and 3u, 4u = (2m)^2 = 4q, and index 2 the determinant D satisfies D^2 = 4 u 3u = 12 q^2."""
    u, q, D = var("u"), var("q"), var("D")
    hypotheses: dict[str, Formula] = {"scale": equals(4 * u, 4 * q), "index 2": equals(D * D, 4 * u * 3 * u)}
    origin = dict.fromkeys(("u", "q", "D"), Fraction(0))
    return Forall("determinant of the hexagonal lattice", hypotheses, equals(D * D, 12 * q * q), witness=origin)


CLAIMS = (
    Claim(
        id=f"{ROW}.lower_plane",
        reading="repaired: n = 2, with the density pi/sqrt(12) of the densest packing",
        statement="For n = 2: VC >= (pi/sqrt 12) vol(X)/vol(m B) for all bounded measurable X and m > 0; no larger "
        "constant will do.",
        obligations=plane,
        scope="all bounded measurable X in the plane, all m > 0; the checks use 0.9068 for pi/sqrt 12 = 0.90689...",
        hypotheses={"plane": "n = 2"},
        constants={"density": Constant(DENSITY, mutated=Fraction(915, 1000), words="times vol(X)/vol(m B)")},
        textbook=(
            BLICHFELDT_PRINCIPLE,
            Textbook(
                "M <= 2/sqrt(3) area/s^2 + perimeter/(2s) + 1 for s-separated sets in a convex region",
                "Groemer (1960); Oler, An inequality in the geometry of numbers, Acta Math. 105 (1961)",
            ),
        ),
        argument="proof.md#the-lower-bound-in-the-plane",
        notes="In R^n the same argument gives the density of any lattice packing, for example pi^4/384 for n = 8.",
        **COMMON,
    ),
)
