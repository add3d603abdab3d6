"""Finite samples on the line, hinge and hinge-KR losses of a function there, and certificates that it is a minimizer.

Data: {"points": [[x, label, weight], ...], "m": margin, "kr": weight of the Wasserstein loss (0 or 1), "lambda": weight
of the hinge loss, "f": [values], "masses": [mu_1, ...], "plan": [[i, j, mass], ...]}. The masses and the plan are a
point of the dual problem (proof.md, "transport"): equality of both values proves f a minimizer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from lipcheck.words.errors import LipcheckError
from lipcheck.words.rationals import parse

ROW = "bethune2021.hinge_hkr"
PAPER = "Béthune et al. 2021, arXiv 2104.05097v2"
SOURCE = f"{PAPER}, section 5"
ZERO = Fraction(0)
ENTRIES = {"points", "m", "kr", "lambda", "f", "masses", "plan"}


class SampleError(LipcheckError, ValueError):
    """Data that spell no sample with a function and a plan."""


@dataclass(frozen=True)
class Sample:
    """Points (x, label, weight), the loss kr * (-y f) + strength * max(0, m - y f), values of f and a dual point."""

    points: tuple[tuple[Fraction, int, Fraction], ...]
    m: Fraction
    kr: Fraction
    strength: Fraction
    f: tuple[Fraction, ...]
    masses: tuple[Fraction, ...]
    plan: tuple[tuple[int, int, Fraction], ...]

    @property
    def lipschitz(self) -> bool:
        """Whether f is 1-Lipschitz on the points."""
        return all(
            abs(f - g) <= abs(p[0] - q[0]) for (p, f), (q, g) in combinations(zip(self.points, self.f, strict=True), 2)
        )

    @property
    def loss(self) -> Fraction:
        """The expected loss."""
        scores = [(w, y * f) for (_, y, w), f in zip(self.points, self.f, strict=True)]
        return sum((w * (self.strength * max(ZERO, self.m - z) - self.kr * z) for w, z in scores), ZERO)

    @property
    def feasible(self) -> bool:
        """kr w <= mu <= (kr + strength) w, and the plan moves the masses of label +1 to those of label -1."""
        bounds = all(
            self.kr * w <= mu <= (self.kr + self.strength) * w
            for (_, _, w), mu in zip(self.points, self.masses, strict=True)
        )
        flow = [ZERO] * len(self.points)
        for i, j, mass in self.plan:
            flow[i] += mass
            flow[j] -= mass
        moved = all(y * mu == out for (_, y, _), mu, out in zip(self.points, self.masses, flow, strict=True))
        return bounds and moved and all(mass >= 0 for *_, mass in self.plan)

    @property
    def value(self) -> Fraction:
        """m times the mass beyond kr w, less the cost of the plan."""
        extra = sum((mu - self.kr * w for (_, _, w), mu in zip(self.points, self.masses, strict=True)), ZERO)
        cost = sum((mass * abs(self.points[i][0] - self.points[j][0]) for i, j, mass in self.plan), ZERO)
        return self.m * extra - cost

    @property
    def minimizer(self) -> bool:
        """Whether the dual point proves that f is a minimizer among 1-Lipschitz functions."""
        return self.lipschitz and self.feasible and self.loss == self.value

    @property
    def separation(self) -> Fraction:
        """The least distance of points with different labels; 0 where there are none."""
        return min((abs(p[0] - q[0]) for p, q in combinations(self.points, 2) if p[1] != q[1]), default=ZERO)

    @property
    def right(self) -> bool:
        """Whether every point is on the side of its label."""
        return all(y * f > 0 for (_, y, _), f in zip(self.points, self.f, strict=True))


def read(data: Any) -> Sample:
    """The sample that the data spell; `SampleError` or `NumberError` for anything else."""
    if not isinstance(data, Mapping) or set(data) != ENTRIES:
        raise SampleError(f"a sample has exactly the entries {', '.join(sorted(ENTRIES))}")
    points = tuple((parse(x), y, parse(w)) for x, y, w in data["points"])
    f, masses = (tuple(map(parse, data[k])) for k in ("f", "masses"))
    plan = tuple((i, j, parse(mass)) for i, j, mass in data["plan"])
    if any(y not in (1, -1) or isinstance(y, bool) or w <= 0 for _, y, w in points) or sum(p[2] for p in points) != 1:
        raise SampleError("labels are 1 or -1, weights are positive and add up to 1")
    if not len(points) == len(f) == len(masses):
        raise SampleError("give one value and one mass for every point")
    if any(not (type(k) is int and 0 <= k < len(points)) for row in plan for k in row[:2]):
        raise SampleError("a plan names points by their positions")
    m, kr, strength = parse(data["m"]), parse(data["kr"]), parse(data["lambda"])
    if m <= 0 or kr < 0 or strength < 0:
        raise SampleError("the margin is positive and the weights of the losses are not negative")
    return Sample(points, m, kr, strength, f, masses, plan)
