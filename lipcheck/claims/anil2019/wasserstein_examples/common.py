"""Words of the row, and its examples on the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import ICLR, ICML
from lipcheck.exact import vector
from lipcheck.words.claim import Constant

ROW = "anil2019.wasserstein_examples"
G1 = f"{ICLR}, appendix G.1"
S71 = f"{ICML}, section 7.1.1; {ICLR}, section 7.1.1"

ONE = Fraction(1)
RADIUS = {"radius": Constant(ONE, Fraction(101, 100), words="the radius of the spheres")}
DIRAC, SIDES = laws.atoms(0), laws.atoms(-1, 1)


def spheres(data: Mapping[str, Any], radius: Fraction) -> tuple[tuple[Fraction, ...], laws.Law, laws.Law]:
    """Centres on the line, the uniform law on them, and the mean of those on their spheres {c - r, c + r}."""
    centres = vector(data["centres"], "centres")
    if len(set(centres)) < len(centres):
        raise laws.LawError("the centres are different points")
    around = [str(c + s * radius) for c in centres for s in (-1, 1)]
    return centres, laws.read(laws.atoms(*map(str, centres))), laws.read(laws.atoms(*around))


def highest(centres: Sequence[Fraction], heights: Sequence[Fraction], x: Fraction) -> Fraction:
    """max over i of h_i - |x - c_i|."""
    return max(h - abs(x - c) for c, h in zip(centres, heights, strict=True))


def gain(centres: Sequence[Fraction], heights: Sequence[Fraction], first: laws.Law, second: laws.Law) -> Fraction:
    """E_first f - E_second f of that function, for laws of atoms."""
    parts = [(sign * p.mass, p.low) for sign, law in ((1, first), (-1, second)) for p in law.parts]
    return sum((mass * highest(centres, heights, x) for mass, x in parts), Fraction(0))
