"""The 2-norm bound for every depth: quadratic forms A |s|^2 + B |d|^2 that no layer makes larger.

For gradient rows a, b at two places let s = (a + b) / 2 and d = (a - b) / 2. A weight of norm at most one makes |s|
and |d| no longer. Slopes p, q of one unit in [0, 1] make (a, b) to (p a, q b). If B >= A >= 0, and B' >= B, A' >= A,

    (A + B) (A' + B') <= 4 A' B',                                                              (*)

then A s^2 + B d^2 behind the unit is at most A' s^2 + B' d^2 before it. So a chain of pairs (A, B) from (0, 1) at the
input to (A_h, anything) at the output, where a = b and |a| <= 1, proves |d|^2 <= A_h at the input.

Chain for h = 2k: (l / (l + 2), 1) for l = 0, ..., k; then (k / (k + 2)) (1, (j + 2) / j) for j = k, ..., 1, 0.
Chain for h = 2k + 1: the same first part, then c (1, (j + 2) / j), c = ((k + 1) / (k + 2))^2, for j = k, ..., 1, 0.
In all steps (*) is an equation. For j = 0 the second entry is infinite, as d = 0 there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from lipcheck.build.relu_folding import best_slope_square
from lipcheck.words.claim import Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Hint
from lipcheck.words.terms import var

Form = tuple[Fraction, Fraction]
ONE = Fraction(1)


def unit(variant: Variant) -> Forall:
    """p^2 U + q^2 V + 2 p q X, for the form at (p a, q b), is at most T if it is so for slopes 0 and 1.

    U, V >= 0 are its values at (a, 0) and (0, b), and U + V + 2 X that at (a, b).
    """
    p, q, U, V, X, T = map(var, ("p", "q", "U", "V", "X", "T"))
    hypotheses: dict[str, Formula] = {
        "positive": conj(U >= 0, V >= 0, T >= 0),
        "one slope": conj(U <= T, V <= T),
        "both slopes": U + V + 2 * X <= T,
    }
    if variant.keeps("increasing"):
        hypotheses["increasing"] = conj(p >= 0, q >= 0)
    if variant.keeps("1-Lipschitz"):
        hypotheses["1-Lipschitz"] = conj(p <= 1, q <= 1)
    conclusion = p * p * U + q * q * V + 2 * p * q * X <= T
    return Forall("slopes 0 and 1 are the worst", hypotheses, conclusion, hint=Hint(3), witness=WITNESS)


WITNESS = {"p": ONE, "q": ONE, "U": ONE, "V": ONE, "X": -ONE, "T": ONE}


def values() -> Forall:
    """The form A s^2 + B d^2 of (p a, q b) is p^2 U + q^2 V + 2 p q X with 4 U = (A + B) a^2, 4 X = (A - B) a b."""
    A, B, a, b, p, q = map(var, "ABabpq")
    left = A * (p * a + q * b) ** 2 + B * (p * a - q * b) ** 2
    right = (A + B) * (p * a) ** 2 + (A + B) * (q * b) ** 2 + 2 * p * q * (A - B) * a * b
    return Forall("the form of one unit", {}, equals(left, right))


def criterion() -> Forall:
    """(A' + B') (A' s^2 + B' d^2) - A' B' (s + d)^2 is a square: by (*) one slope 1 and one slope 0 are allowed."""
    A, B, s, d = map(var, ("A1", "B1", "s", "d"))
    left = (A + B) * (A * s * s + B * d * d) - A * B * (s + d) ** 2
    return Forall("one slope 1, one slope 0", {}, equals(left, (A * s - B * d) ** 2))


def one_more_unit() -> Forall:
    """The form after the units is at most that before them: one more unit."""
    X, Y, x, y = map(var, ("X", "Y", "x", "y"))
    return Forall("one more unit", {"others": X <= Y, "this one": x <= y}, X + x <= Y + y)


def weight(variant: Variant) -> Forall:
    """A weight that makes |s|^2 and |d|^2 no larger makes A |s|^2 + B |d|^2 no larger."""
    A, B, s, d, s1, d1 = map(var, ("A", "B", "s", "d", "s1", "d1"))
    hypotheses: dict[str, Formula] = {"form": conj(A >= 0, B >= 0)}
    if variant.keeps("norm"):
        hypotheses["norm"] = conj(s1 <= s, d1 <= d)
    return Forall("a weight", hypotheses, A * s1 + B * d1 <= A * s + B * d, witness=dict.fromkeys(SQUARES, ONE))


SQUARES = ("A", "B", "s", "d", "s1", "d1")


def steps() -> Sequence[Forall]:
    """(*) holds with equality in the three kinds of steps and the entries grow, for all real l, k and j > 0.

    Entries grow: their differences times a product of k, k + 1 and k + 2 are 2, 1, 1 and 2.
    """
    A, B, A1, B1, k = map(var, ("A", "B", "A1", "B1", "k"))
    balance = equals((A + B) * (A1 + B1), 4 * A1 * B1)
    more = (equals((A1 - A) * (k + 1) * (k + 2), 2), equals((A1 - A) * (k + 2) ** 2, 1),
            equals((B1 - B) * k * (k + 2), 1), equals((B1 - B) * k * (k + 1), 2))  # fmt: skip
    first: dict[str, Formula] = {
        "before": conj(equals(A1 * (k + 2), k), equals(B1, 1)),
        "after": conj(equals(A * (k + 1), k - 1), equals(B, 1)),
        "k": k > 0,
    }
    middle: dict[str, Formula] = {
        "before": conj(equals(A1 * (k + 2) ** 2, (k + 1) ** 2), equals(B1 * k * (k + 2), (k + 1) ** 2)),
        "after": conj(equals(A * (k + 2), k), equals(B, 1)),
        "k": k > 0,
    }
    last: dict[str, Formula] = {
        "before": conj(equals(A1, 1), equals(B1 * k, k + 2)),
        "after": conj(equals(A, 1), equals(B * (k + 1), k + 3)),
        "k": k > 0,
    }
    third = Fraction(1, 3)
    return [
        Forall("steps with B = 1", first, conj(balance, more[0]),
               witness={"k": ONE, "A1": third, "B1": ONE, "A": ONE - 1, "B": ONE}),
        Forall("the middle step", middle, conj(balance, more[1], more[2]),
               witness={"k": ONE, "A1": Fraction(4, 9), "B1": Fraction(4, 3), "A": third, "B": ONE}),
        Forall("steps with one A", last, conj(balance, more[3]),
               witness={"k": ONE, "A1": ONE, "B1": ONE * 3, "A": ONE, "B": ONE * 2}),
    ]  # fmt: skip


def first_step() -> Forall:
    """At the output a = b: with slopes (1, 0) s^2 + 3 d^2 behind the unit is s^2 before it."""
    a, s, d = map(var, "asd")
    halves = conj(equals(2 * s, a), equals(2 * d, a))
    return Forall("the first step", {"slopes (1, 0)": halves}, equals(s * s + 3 * d * d, a * a))


def chain(hidden: int) -> list[Form]:
    """The pairs (A, B) from the input on; the last one, in which B is infinite, is left out."""
    k = hidden // 2
    first = [(Fraction(i, i + 2), ONE) for i in range(k + 1)]
    top = best_slope_square(hidden)
    second = [(top, top * Fraction(j + 2, j)) for j in range(k - (hidden % 2 == 0), 0, -1)]
    return first + second


def proves(hidden: int, bound: Fraction) -> bool:
    """Whether the chain for h >= 1 hidden layers is one, and ends in the bound on |d|^2."""
    forms = chain(hidden)
    A, B = forms[-1]
    # In front of the last activation d = 0: slopes (1, 0) give (A + B) / 4, slopes (1, 1) give A.
    return len(forms) == hidden and forms[0] == (Fraction(0), ONE) and is_chain(forms) and max((A + B) / 4, A) <= bound


def is_chain(forms: Sequence[Form]) -> bool:
    """Whether 0 <= A <= B throughout, both grow, and (*) holds between neighbours."""
    return all(B >= A >= 0 for A, B in forms) and all(
        A1 >= A and B1 >= B and (A + B) * (A1 + B1) <= 4 * A1 * B1 for (A, B), (A1, B1) in pairwise(forms)
    )


def chains(most: int) -> Exhaustive:
    """The chains of depth 1 to `most`, entry by entry."""
    return Exhaustive(f"chains for 1 to {most} hidden layers", "the chain of forms ends in the squared slope k_h^2",
                      lambda: range(1, most + 1), lambda h: proves(h, best_slope_square(h)), parameters=most,
                      size=most)  # fmt: skip


def argument(variant: Variant) -> list[Forall]:
    """The steps for all widths and depths."""
    return [unit(variant), values(), criterion(), one_more_unit(), weight(variant), *steps(), first_step()]
