"""ICML 4.3, equation 4 (ICLR equation 5), as a function of the logits: its best Lipschitz constants.

Plain reading: for C classes, any kappa and t, y -> L(y, t) has the best constants C - 1, sqrt(C (C - 1)) and 2 (C - 1)
in the 1-, 2- and infinity-norm of the logits. With d the change of the logits and m = C - 1, |L(y + d) - L(y)| <= sum
over i != t of |d_i - d_t|; it is an equality where every margin is violated and d points the right way.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import Vector, exact, vector
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Hint, Obligation, Universal
from lipcheck.words.terms import absolute, positive_part, var
from lipcheck.words.verdict import Budget, Verdict

ONE = Fraction(1)


class LossDataError(LipcheckError, ValueError):
    """Data that describe no pair of logits."""


def hinge(y: Vector, t: int, kappa: Fraction) -> Fraction:
    """L(y, t)."""
    return sum((max(0 * kappa, kappa - (y[t] - v)) for i, v in enumerate(y) if i != t), 0 * kappa)


def pair(classes: int, own: int, other: int) -> dict[str, Any]:
    """Logits at which every term of the loss begins to count, and how far they move: class 0 by `own`."""
    return {"y": ["1"] + ["0"] * (classes - 1), "d": [str(own)] + [str(other)] * (classes - 1), "t": 0, "kappa": "1"}


EXTREMES = [pair(c, own, other) for c in (2, 3) for own, other in ((-1, 0), (1 - c, 1), (-1, 1))]
PAIRS = [*EXTREMES, {"y": ["3", "0", "1/2"], "d": ["-3", "1/4", "1"], "t": 1, "kappa": "-1"}]


def examine(data: Any, factors: Sequence[Fraction]) -> Examination:
    """Whether the change of the loss is at most each factor times the constant times the length of d; all in squares
    for the 2-norm."""
    if not isinstance(data, dict) or set(data) != {"y", "d", "t", "kappa"}:
        raise LossDataError("the data have exactly the entries y, d, t and kappa")
    y, d, t, kappa = vector(data["y"]), vector(data["d"]), data["t"], exact(data["kappa"], "kappa")
    if len(y) != len(d) or isinstance(t, bool) or not isinstance(t, int) or not 0 <= t < len(y):
        raise LossDataError("y and d have one length, and t is the index of a class")
    m = len(y) - 1
    change = abs(hinge(tuple(a + b for a, b in zip(y, d, strict=True)), t, kappa) - hinge(y, t, kappa))
    taxicab, square, supremum = sum(map(abs, d)), sum(a * a for a in d), max(map(abs, d))
    first, second, third = factors
    within = change <= first * m * taxicab and change * change <= second * m * (m + 1) * square
    return Examination({"two classes": m >= 1}, within and change <= third * 2 * m * supremum)


def attains(classes: int) -> bool:
    """Whether for so many classes no factor below one would do, in each of the three norms."""
    below = Fraction(999_999, 10**6)
    moved = zip(((-1, 0), (1 - classes, 1), (-1, 1)), range(3), strict=True)
    tight = [[below if i == norm else ONE for i in range(3)] for norm in range(3)]
    return all(not examine(pair(classes, *move), tight[norm]).conclusion for move, norm in moved)


def one_term() -> Forall:
    """|max(0, a) - max(0, b)| <= |a - b|."""
    a, b = var("a"), var("b")
    return Forall("one term", {}, absolute(positive_part(a) - positive_part(b)) <= absolute(a - b))


def supremum_norm(variant: Variant) -> Forall:
    """|d_i - d_t| <= 2 M adds up: S <= 2 m M so far."""
    S, m, M, d, t = map(var, ("S", "m", "M", "d", "t"))
    given: dict[str, Formula] = {
        "so far": 2 * variant.value("linf", 1) * m * M >= S,
        "size": conj(d <= M, -d <= M, t <= M, -t <= M),
    }
    return Forall("the infinity-norm", given, S + absolute(d - t) <= 2 * variant.value("linf", 1) * (m + 1) * M)


def taxicab_norm(variant: Variant) -> Forall:
    """sum |d_i - d_t| <= R + m T with R = sum |d_i| over i != t and T = |d_t|, which is at most m (R + T)."""
    R, m, T = map(var, ("R", "m", "T"))
    given: dict[str, Formula] = {"sizes": conj(R >= 0, T >= 0, m >= 0)}
    if variant.keeps("two classes"):
        given["two classes"] = m >= 1
    return Forall("the 1-norm", given, R + m * T <= variant.value("l1", 1) * m * (R + T))


def euclidean_norm(variant: Variant) -> Forall:
    """sum (d_i - d_t)^2 = Q - 2 t S + m t^2 <= (m + 1) (Q + t^2), S = sum d_i, Q = sum d_i^2, S^2 <= m Q: the
    difference is m Q - S^2 + (S + t)^2."""
    Q, S, m, t, q = map(var, ("Q", "S", "m", "t", "q"))
    given: dict[str, Formula] = {
        "Cauchy-Schwarz": conj(m >= 0, Q >= 0, m * Q >= S * S),
        "square": conj(equals(q, (S + t) ** 2), q >= 0),
    }
    most = variant.value("l2", 1) * (m + 1) * (Q + t * t)
    return Forall("the 2-norm", given, Q - 2 * t * S + m * t * t <= most)


def one_more_class() -> Forall:
    """The sums of |d_i - d_t| and of its square pass to one more class."""
    A, R, T, m, d, t, Y, Q, S = map(var, ("A", "R", "T", "m", "d", "t", "Y", "Q", "S"))
    given: dict[str, Formula] = {
        "so far": conj(R + m * T >= A, equals(Y, Q - 2 * t * S + m * t * t)),
        "sizes": conj(t <= T, -t <= T),
    }
    conclusion = conj(
        A + absolute(d - t) <= (R + absolute(d)) + (m + 1) * T,
        equals(Y + (d - t) ** 2, (Q + d * d) - 2 * t * (S + d) + (m + 1) * t * t),
    )
    return Forall("one more class", given, conclusion)


def both() -> Forall:
    """X = sum |d_i - d_t|, X^2 <= m Y and Y <= (m + 1) Z give X^2 <= m (m + 1) Z."""
    X, Y, Z, m = map(var, ("X", "Y", "Z", "m"))
    given: dict[str, Formula] = {"Cauchy-Schwarz": m * Y >= X * X, "2-norm": (m + 1) * Z >= Y, "classes": m >= 0}
    return Forall("both inequalities", given, m * (m + 1) * Z >= X * X, hint=Hint(2))


def attained() -> Forall:
    """From where every term begins to count: d = (-1, 1, ..., 1) gives 2 m, d = (-1, 0, ..., 0) gives m, and d = (-m,
    1, ..., 1), of squared length m^2 + m, gives m (m + 1)."""
    m, x, y, z = map(var, ("m", "x", "y", "z"))
    terms: dict[str, Formula] = {
        "terms": conj(equals(x, m * positive_part(2)), equals(y, m * positive_part(1)), equals(z, m * (1 + m)))
    }
    return Forall(
        "attained", terms, conj(equals(x, 2 * m * 1), equals(y, m * 1), equals(z * z, m * (m + 1) * (m * m + m)))
    )


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Pairs of logits by example; the three bounds; that they are attained."""
    factors = [variant.value(name, 1) for name in ("l1", "l2", "linf")]
    text = f"|L(y + d) - L(y)| within {', '.join(map(str, factors))} times the bounds (the second in squares)"
    rule = Universal("pairs of logits", text, lambda data: examine(data, factors), lambda: PAIRS, variant.dropped,
                     [str(f) for f in factors])  # fmt: skip
    steps: list[Obligation] = [rule, supremum_norm(variant), taxicab_norm(variant), euclidean_norm(variant)]
    if budget is Budget.SMOKE:
        return steps
    sharp = Exhaustive("no smaller constant", "2 to 8 classes", lambda: list(range(2, 9)), attains)
    return [*steps, one_term(), one_more_class(), both(), attained(), sharp]


CLAIMS = (
    Claim(
        id="anil2019.margin_certificate.hinge_lipschitz",
        source="Anil, Lucas, Grosse 2019, ICML, section 4.3, equation 4; ICLR submission, section 4.3, equation 5",
        printed="L(y, t) = Σ_{i≠t} max(0, κ − (y_t − y_i))",
        statement=(
            "For C >= 2 classes, every kappa and every t, the best Lipschitz constant of y -> L(y, t) is C - 1 in the "
            "1-norm, sqrt(C (C - 1)) in the 2-norm and 2 (C - 1) in the infinity-norm of the logits."
        ),
        reading="how much the loss can change with the logits",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all numbers of classes (two or more), all real logits and kappa",
        covers_all=True,
        hypotheses={"two classes": "there are at least two classes"},
        constants={
            "l1": Constant(ONE, Fraction(99, 100), words="of C - 1"),
            "l2": Constant(ONE, Fraction(99, 100), words="of C (C - 1), in squares"),
            "linf": Constant(ONE, Fraction(99, 100), words="of 2 (C - 1)"),
        },
        textbook=(
            Textbook("Cauchy-Schwarz inequality", "Horn and Johnson, Matrix Analysis, 5.1.4"),
            Textbook("induction over the number of classes", "Peano's fifth axiom"),
        ),
        argument="proof.md#the-hinge-loss",
        notes="With a K-Lipschitz network from l_inf to l_inf, x -> L(y(x), t) has the constant 2 (C - 1) K.",
    ),
)
