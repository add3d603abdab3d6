"""Words of the row; samples from laws of atoms on the line, and generators that may copy them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import ICML
from lipcheck.words.obligation import Data, Examination
from lipcheck.words.rationals import parse

ROW = "anil2019.empirical_wasserstein"
SOURCE = f"{ICML}, section 7.2, footnote 4"
PRINTED = (
    "The Wasserstein distance to the empirical data distribution is likely to be a loose upper bound on the "
    "Wasserstein distance to the data generating distribution, but this task still tests the ability to estimate "
    "Wasserstein distance in high-dimensional spaces."
)
ZERO, ONE, COIN = laws.atoms(0), laws.atoms(1), laws.atoms(0, 1)
RARE: Data = [["0", "0", "2/3"], ["1", "1", "1/3"]]


def samples(drawn: laws.Law, size: int) -> Iterator[tuple[Fraction, laws.Law]]:
    """(probability, empirical law) of every N-tuple of independent draws from a law of atoms."""
    if any(part.low < part.high for part in drawn.parts) or type(size) is not int or not 1 <= size <= 4:
        raise laws.LawError("draw 1 to 4 points from a law of atoms")
    for draws in product(drawn.parts, repeat=size):
        chance = prod((part.mass for part in draws), start=Fraction(1))
        yield chance, laws.read(laws.atoms(*(str(part.low) for part in draws)))


def mixed(first: laws.Law, second: laws.Law, share: Fraction) -> laws.Law:
    """(1 - share) first + share second."""
    if not 0 <= share <= 1:
        raise laws.LawError("a share lies between 0 and 1")
    found = [(p, factor * p.mass) for law, factor in ((first, 1 - share), (second, share)) for p in law.parts]
    return laws.Law(tuple(laws.Part(p.low, p.high, mass) for p, mass in found if mass > 0))


def distances(data: Data) -> list[tuple[Fraction, Fraction, Fraction]]:
    """(probability, W(G, P_N), W(G, P)) for every sample; G copies the sample with probability "copied"."""
    generator, law, drawn = (laws.read(data[name]) for name in ("generator", "law", "drawn from"))
    found = []
    for chance, empirical in samples(drawn, data["size"]):
        made = mixed(generator, empirical, parse(data["copied"]))
        found.append((chance, laws.distance(made, empirical), laws.distance(made, law)))
    return found


def on_average(data: Data, factor: Fraction) -> Examination:
    """Whether the mean of W(G, P_N) is at least that of W(G, P)."""
    hypotheses = {
        "drawn": laws.read(data["drawn from"]) == laws.read(data["law"]),
        "fixed": parse(data["copied"]) == 0,
    }
    return Examination(hypotheses, sum(p * (sample - factor * true) for p, sample, true in distances(data)) >= 0)


def case(generator: Data, law: Data, size: int, drawn: Data | None = None, copied: str = "0") -> Any:
    """The data of one case."""
    used = law if drawn is None else drawn
    return {"generator": generator, "law": law, "size": size, "drawn from": used, "copied": copied}


def merged(places: Sequence[int]) -> Data:
    """Equal atoms at these places, with atoms at the same place put together."""
    return [[str(x), str(x), str(Fraction(places.count(x), len(places)))] for x in sorted(set(places))]
