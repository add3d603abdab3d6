"""The left half of equation 8, dimension by dimension: where it holds, where it fails, and with which constant.

By Blichfeldt's principle a lattice with minimal distance 2m shows VC >= vol(X) / det. Its density times vol(X)/vol(m B)
is that number: density 1 on the line and for the maximum norm, whose balls are cubes; pi/sqrt(12) in the plane.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.counts import minimal_vectors
from lipcheck.build.packing_bounds import upper_bounds
from lipcheck.build.root_lattices import hexagonal
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

DENSITY = Fraction(9068, 10000)
"""Below pi/sqrt(12) = 0.90689..."""
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
    return [*found, _positive(f"pi - {c} sqrt(12)", "the density of the hexagonal lattice exceeds it", 1, -c)]


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


def _positive(name: str, text: str, pi: int, root: Fraction) -> Positive:
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
        _positive("sqrt(12) - pi", "the factor of the area in Groemer's bound is below 1", -1, Fraction(1)),
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
