"""Plain looks at functions and laws on the line: kinks, slopes, expectations, distances, in fractions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from oracles import evaluate

F = Fraction
Function = Callable[[Fraction], Fraction]


def function(network: Any) -> Function:
    return lambda x: evaluate(network, [x])[0]


def kinks(f: Function, a: Fraction, b: Fraction, depth: int = 40) -> list[Fraction]:
    """The kinks of a piecewise affine f inside (a, b): where the tangents at the ends meet, and so on to both sides."""
    h = (b - a) / 10**9
    left, right = (f(a + h) - f(a)) / h, (f(b) - f(b - h)) / h
    if left == right and all(f(a + (b - a) * F(k, 7)) == f(a) + left * (b - a) * F(k, 7) for k in range(8)):
        return []
    assert depth > 0
    meet = a + (f(b) - f(a) - right * (b - a)) / (left - right) if left != right else a
    cut = meet if a < meet < b else (a + b) / 2
    return [*kinks(f, a, cut, depth - 1), cut, *kinks(f, cut, b, depth - 1)]


FAR = F(1000)


def pieces(f: Function, a: Fraction = -FAR, b: Fraction = FAR) -> list[tuple[Fraction, Fraction, Fraction]]:
    """(low, high, slope) between the kinks."""
    return [(p, q, (f(q) - f(p)) / (q - p)) for p, q in pairwise([a, *kinks(f, a, b), b])]


def lipschitz(f: Function) -> bool:
    return all(abs(slope) <= 1 for *_, slope in pieces(f))


def parts(law: Any) -> list[list[Fraction]]:
    found = [[F(entry) for entry in part] for part in law]
    assert sum(mass for *_, mass in found) == 1
    assert all(low <= high and mass > 0 for low, high, mass in found)
    return found


def mean(f: Function, law: Any) -> Fraction:
    """E f: atoms, and trapezoids between the kinks under uniform laws."""
    total = F(0)
    for a, b, mass in parts(law):
        if a == b:
            total += mass * f(a)
            continue
        area = sum((q - p) * (f(p) + f(q)) / 2 for p, q in pairwise([a, *kinks(f, a, b), b]))
        total += mass * area / (b - a)
    return total


def below(law: Any, t: Fraction, strictly: bool) -> Fraction:
    """P(X < t) or P(X <= t)."""
    total = F(0)
    for a, b, mass in parts(law):
        atom = F(a < t if strictly else a <= t)
        total += mass * (atom if a == b else min(max((t - a) / (b - a), F(0)), F(1)))
    return total


def distance(first: Any, second: Any) -> Fraction:
    """The area between the distribution functions."""
    total = F(0)
    for a, b in pairwise(sorted({end for part in [*parts(first), *parts(second)] for end in part[:2]})):
        p = below(first, a, strictly=False) - below(second, a, strictly=False)
        q = below(first, b, strictly=True) - below(second, b, strictly=True)
        total += (b - a) * (abs(p + q) / 2 if p * q >= 0 else (p * p + q * q) / (2 * (abs(p) + abs(q))))
    return total


def gain(f: Function, first: Any, second: Any) -> Fraction:
    return mean(f, first) - mean(f, second)


def optimal(f: Function, first: Any, second: Any) -> bool:
    return lipschitz(f) and gain(f, first, second) == distance(first, second)
