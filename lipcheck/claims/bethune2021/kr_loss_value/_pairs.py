"""Two laws with finitely many atoms on the line, a function at their atoms, and its Wasserstein loss.

Data: {"p": P(Y = 1), "P": [[place, mass, value of f], ...], "Q": [...]}; P is the law of label +1, Q that of label -1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from lipcheck.words.errors import LipcheckError
from lipcheck.words.rationals import parse

SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 5, equation 6"
ROW = "bethune2021.kr_loss_value"
PRINTED = (
    "Unfortunately its minimum is the Wasserstein distance [40] between P and Q according to the "
    "Kantorovich-Rubinstein (KR) duality: min_{f ∈ Lip_1(R^n, R)} E_{P_XY}[L_W(f(x), y)] = W(P, Q) (6)"
)
Atoms = tuple[tuple[Fraction, Fraction, Fraction], ...]


class PairError(LipcheckError, ValueError):
    """Data that spell no two laws with a function."""


@dataclass(frozen=True)
class Pair:
    """Atoms (place, mass, value of f) of both laws, and the weight p of label +1."""

    p: Fraction
    first: Atoms
    second: Atoms

    @property
    def lipschitz(self) -> bool:
        """Whether f is 1-Lipschitz on the atoms; it then extends to the line with the same constant (McShane)."""
        atoms = self.first + self.second
        return all(abs(f - g) <= abs(x - y) for (x, _, f), (y, _, g) in combinations(atoms, 2))

    @property
    def gain(self) -> Fraction:
        """E_P f - E_Q f."""
        return sum((m * f for _, m, f in self.first), Fraction(0)) - sum(
            (m * f for _, m, f in self.second), Fraction(0)
        )

    @property
    def loss(self) -> Fraction:
        """E[-Y f(X)] = -p E_P f + (1 - p) E_Q f."""
        at_p, at_q = (sum((m * f for _, m, f in atoms), Fraction(0)) for atoms in (self.first, self.second))
        return -self.p * at_p + (1 - self.p) * at_q

    @property
    def distance(self) -> Fraction:
        """W(P, Q), the integral of |F_P - F_Q|."""
        places = sorted({x for x, _, _ in self.first + self.second})
        return sum((abs(self._below(a)) * (b - a) for a, b in pairwise(places)), Fraction(0))

    def _below(self, t: Fraction) -> Fraction:
        """F_P(t) - F_Q(t)."""
        at_p, at_q = (sum((m for x, m, _ in atoms if x <= t), Fraction(0)) for atoms in (self.first, self.second))
        return at_p - at_q


def read(data: Any) -> Pair:
    """The pair that the data spell; `PairError` or `NumberError` for anything else."""
    if not isinstance(data, Mapping) or set(data) != {"p", "P", "Q"}:
        raise PairError("a pair has exactly the entries p, P and Q")
    p, first, second = parse(data["p"]), _atoms(data["P"]), _atoms(data["Q"])
    if not 0 < p < 1:
        raise PairError("both labels occur: p lies strictly between 0 and 1")
    return Pair(p, first, second)


def _atoms(rows: Any) -> Atoms:
    if not isinstance(rows, list) or not all(isinstance(row, list) and len(row) == 3 for row in rows):
        raise PairError("a law is a list of atoms [place, mass, value of f]")
    atoms = tuple((parse(x), parse(m), parse(f)) for x, m, f in rows)
    if any(m <= 0 for _, m, _ in atoms) or sum(m for _, m, _ in atoms) != 1:
        raise PairError("the masses of a law are positive and add up to 1")
    return atoms
