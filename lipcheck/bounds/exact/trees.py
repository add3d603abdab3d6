"""Certificates that no Jacobian of a region exceeds a bound.

A certificate is a tree. Its branches choose the sign of one gate, either way; so its leaves cover all regions. A leaf
says why its regions do no harm:

- Empty: Gordan multipliers prove that the chosen signs leave no interior, so no Jacobian is taken there.
- Leaf: all signs are chosen; the norm of the one Jacobian is computed.
- Suffix: every choice of signs of the later gates stays below the bound, whatever the earlier open gates do.
- Entries: each entry of the Jacobian lies within a sum of absolute values over the open gates.
- Cauchy (one output, norm 2): |q_0 + sum eps_i q_i|^2 <= (sum d_i) sum (u q_i)^2 / d_i for the unit direction u of the
  gradient, whatever the signs of the open gates; bound I - (sum d) sum q_i q_i' / d_i is positive semidefinite.
- Semidefinite (norm 2): with slopes t_i = eps_i D_i (u, t) of the open gates along u and the output slopes G (u, t),
  bound |u|^2 - |G (u, t)|^2 - sum l_i ((D_i (u, t))^2 - t_i^2) >= 0 for all u and t, with l_i >= 0; the last sum is
  zero along every piece, so |J u|^2 <= bound |u|^2 (after Fazlyab et al., NeurIPS 2019, on what signs are left).

Gates that are constant on the region take their own sign; where they vanish, either sign gives the same Jacobian.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from lipcheck.bounds.regions import Multipliers
from lipcheck.exact import NetworkError

Norm = Literal[1, 2, "inf"]


class CertificateError(NetworkError):
    """A certificate that does not prove what it says."""


@dataclass(frozen=True, slots=True)
class Branch:
    """The gate is positive, or it is negative."""

    gate: int
    plus: Tree
    minus: Tree


@dataclass(frozen=True, slots=True)
class Forced:
    """The gate is constant on the region."""

    gate: int
    rest: Tree


@dataclass(frozen=True, slots=True)
class Empty:
    """The region has no interior: `multipliers` of its constraints, those of the box first, then one per sign."""

    multipliers: Multipliers


@dataclass(frozen=True, slots=True)
class Leaf:
    """All signs are chosen."""


@dataclass(frozen=True, slots=True)
class Suffix:
    """No signs of the later gates are left in the list (see `suffixes`), or none above `power`."""

    power: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """Entry by entry."""


@dataclass(frozen=True, slots=True)
class Cauchy:
    """Positive weights d, of the chosen part and of each open gate. `power` replaces the target of the certificate."""

    weights: tuple[int, ...]
    power: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Semidefinite:
    """l_i = weights[i] / 2^shift for the open gates as `whole_form` scales them."""

    weights: tuple[int, ...]
    shift: int
    power: Fraction | None = None


Tree: TypeAlias = "Branch | Forced | Empty | Leaf | Suffix | Entries | Cauchy | Semidefinite"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The tree, and the target that its leaves stay below: a norm, or the square of a norm where p = 2."""

    target: Fraction
    tree: Tree
