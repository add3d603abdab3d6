"""Piecewise polynomial terms over the reals, with one piecewise symbol: the positive part.

A `Term` is a polynomial with rational coefficients in named variables and in positive parts max(t, 0) of other terms.
Everything else is written with these: max(a, b) = b + max(a - b, 0), min(a, b) = a + b - max(a, b) and
|a| = 2 max(a, 0) - a. So a pair that is sorted costs one symbol, and its sum is preserved identically.

A positive part is named after its content: its symbol is "+" followed by a digest of the term inside, and the table
that maps symbols back to terms only ever grows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property, reduce
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from lipcheck.words.rationals import digest, parse, spell

if TYPE_CHECKING:
    from lipcheck.words.formulas import Atom

Monomial: TypeAlias = tuple[tuple[str, int], ...]
Number: TypeAlias = "Fraction | int | str"

_INSIDE: dict[str, Term] = {}
_FACTOR = re.compile(r"[+]?[A-Za-z0-9_]+(\^([2-9]|[1-9][0-9]+))?", re.ASCII)


class Term:
    """A polynomial with rational coefficients; immutable.

    Supports +, -, *, division by a number, powers by a natural number, and the comparisons <=, <, >=, >, which give
    `Atom`s (use `equals` for equality: == compares the polynomials themselves).
    """

    def __init__(self, coefficients: Mapping[Monomial, Fraction]) -> None:
        self.coefficients = {m: c for m, c in sorted(coefficients.items()) if c}

    @cached_property
    def key(self) -> tuple[tuple[Monomial, Fraction], ...]:
        """A hashable normal form."""
        return tuple(self.coefficients.items())

    @property
    def constant(self) -> Fraction | None:
        """The value of a term without variables, else None."""
        if not self.coefficients:
            return Fraction(0)
        return self.coefficients.get(()) if len(self.coefficients) == 1 else None

    @property
    def symbols(self) -> set[str]:
        """Variables and positive parts that occur directly in this polynomial."""
        return {name for monomial in self.coefficients for name, _ in monomial}

    @property
    def degree(self) -> int:
        """Total degree; 0 for constants, the zero polynomial included."""
        return max((sum(e for _, e in m) for m in self.coefficients), default=0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Term) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __add__(self, other: Term | Number) -> Term:
        total = dict(self.coefficients)
        for monomial, coefficient in lift(other).coefficients.items():
            total[monomial] = total.get(monomial, Fraction(0)) + coefficient
        return Term(total)

    __radd__ = __add__

    def __neg__(self) -> Term:
        return Term({m: -c for m, c in self.coefficients.items()})

    def __sub__(self, other: Term | Number) -> Term:
        return self + (-lift(other))

    def __rsub__(self, other: Term | Number) -> Term:
        return lift(other) - self

    def __mul__(self, other: Term | Number) -> Term:
        product: dict[Monomial, Fraction] = {}
        for m, c in self.coefficients.items():
            for n, d in lift(other).coefficients.items():
                merged = _times(m, n)
                product[merged] = product.get(merged, Fraction(0)) + c * d
        return Term(product)

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> Term:
        return self * (1 / Fraction(other))

    def __pow__(self, exponent: int) -> Term:
        if exponent < 0:
            raise ValueError(f"a term has no power {exponent}: exponents are natural numbers")
        return prod([self] * exponent, start=const(1))

    def __ge__(self, other: Term | Number) -> Atom:
        from lipcheck.words.formulas import Atom

        return Atom(self - lift(other), ">=")

    def __gt__(self, other: Term | Number) -> Atom:
        from lipcheck.words.formulas import Atom

        return Atom(self - lift(other), ">")

    def __le__(self, other: Term | Number) -> Atom:
        return lift(other) >= self

    def __lt__(self, other: Term | Number) -> Atom:
        return lift(other) > self

    def __repr__(self) -> str:
        return " + ".join("*".join([spell(c), *(_power(s) for s in m)]) for m, c in self.coefficients.items()) or "0"

    def value(self, point: Mapping[str, Fraction]) -> Fraction:
        """The exact value at a point that names every variable; positive parts are computed, never looked up."""
        return self._value(point, {})

    def _value(self, point: Mapping[str, Fraction], known: dict[str, Fraction]) -> Fraction:
        for name in self.symbols:
            if name not in known:
                inside = _INSIDE.get(name)
                known[name] = point[name] if inside is None else max(inside._value(point, known), Fraction(0))
        return sum((c * prod(known[n] ** e for n, e in m) for m, c in self.coefficients.items()), Fraction(0))

    def to_json(self) -> dict[str, str]:
        """{"x*y^2": "3/4", "": "-1"}: the coefficient of every monomial."""
        return {"*".join(map(_power, m)): spell(c) for m, c in self.coefficients.items()}


def _power(factor: tuple[str, int]) -> str:
    name, exponent = factor
    return name if exponent == 1 else f"{name}^{exponent}"


def _times(m: Monomial, n: Monomial) -> Monomial:
    exponents = dict(m)
    for name, exponent in n:
        exponents[name] = exponents.get(name, 0) + exponent
    return tuple(sorted(exponents.items()))


def from_json(data: Mapping[str, str]) -> Term:
    """The inverse of `Term.to_json`; `ValueError` for every other spelling of a polynomial."""
    coefficients: dict[Monomial, Fraction] = {}
    for text, coefficient in data.items():
        factors = text.split("*") if text else []
        if not all(map(_FACTOR.fullmatch, factors)):
            raise ValueError(f"{text!r} is not a monomial: write it as in 'x*y^2'")
        powers = [f.partition("^") for f in factors]
        coefficients[reduce(_times, (((n, int(e or 1)),) for n, _, e in powers), ())] = parse(coefficient)
    term = Term(coefficients)
    if term.to_json() != data:
        raise ValueError("a polynomial is written with sorted factors, each name once, and without zeros")
    return term


def const(value: Number) -> Term:
    """The constant term with this rational value."""
    return Term({(): Fraction(value)})


def var(name: str) -> Term:
    """The real variable of this name: letters, digits and underscores, a letter first."""
    if not (name.isidentifier() and name.isascii()):
        raise ValueError(f"{name!r} cannot name a variable: use ASCII letters, digits and underscores, a letter first")
    if name in ("true", "false"):
        raise ValueError(f"{name!r} cannot name a variable: solvers read it as a truth value, so choose another name")
    return Term({((name, 1),): Fraction(1)})


def variables(stem: str, count: int) -> list[Term]:
    """The variables stem1, ..., stem<count>."""
    return [var(f"{stem}{i}") for i in range(1, count + 1)]


def lift(value: Term | Number) -> Term:
    """A number as a constant term; terms unchanged."""
    return value if isinstance(value, Term) else const(value)


def inside(symbol: str) -> Term | None:
    """The term t when `symbol` stands for max(t, 0), else None."""
    return _INSIDE.get(symbol)


def positive_part(t: Term | Number) -> Term:
    """max(t, 0), reduced so that t and -t, and positive multiples of t, share one symbol."""
    t = lift(t)
    if (value := t.constant) is not None:
        return const(max(value, Fraction(0)))
    leading = next(c for m, c in reversed(t.key) if m)
    unit = t / leading
    symbol = "+" + digest(unit.to_json())[:16]
    if _INSIDE.setdefault(symbol, unit) != unit:
        raise ValueError(f"{symbol} stands for two terms: their digests collide, so change one of the terms")
    part = Term({((symbol, 1),): Fraction(1)})
    return part * leading if leading > 0 else (part - unit) * (-leading)


def maximum(a: Term | Number, b: Term | Number) -> Term:
    """max(a, b)."""
    return lift(b) + positive_part(lift(a) - lift(b))


def minimum(a: Term | Number, b: Term | Number) -> Term:
    """min(a, b) = a + b - max(a, b)."""
    return lift(a) + lift(b) - maximum(a, b)


def absolute(a: Term | Number) -> Term:
    """|a|."""
    return 2 * positive_part(a) - lift(a)


def total(terms: Iterable[Term]) -> Term:
    """The sum of the terms, 0 for none."""
    return sum(terms, const(0))
