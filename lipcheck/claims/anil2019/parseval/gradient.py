"""Appendix B.1: the update is motivated "by considering the gradient of a regularization term, (b/2) ||W'W - I||_F. By
subtracting this gradient from the weight matrices they push them closer to the Stiefel manifold. The final update is
given by W <- W (1 + b) - b W W'W (9)".

The gradient of (b/2) ||W'W - I||_F^2 is 2 b W (W'W - I), and eq. 9 subtracts half of it. Without the square, the
gradient is b W (W'W - I) / ||W'W - I||_F, which is not what eq. 9 subtracts either. With b/4 and the square it is. And
it pushes closer only where b s (s + 1) < 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

from lipcheck.claims.anil2019.parseval._update import (
    B1,
    ROW,
    ParsevalError,
    b,
    eigenvector,
    factorization,
    given,
    moved,
    read,
    update,
    z,
)
from lipcheck.exact import Matrix
from lipcheck.norms.bjorck import product, transposed
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Hint, Obligation, Universal
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "the authors motivate an update to the weight matrices by considering the gradient of a regularization term, "
    "[β/]2 ||W^T W − I||_F[^2]. By subtracting this gradient from the weight matrices they push them closer to the "
    "Stiefel manifold. The final update is given by, W ← W(I + β) − βW W^T W (9)"
)
TWO = given([[2]], "1/2")
QUARTER = Fraction(1, 4)


def squared_distance(weight: Matrix) -> Fraction:
    """||W'W - I||_F^2."""
    square = product(transposed(weight), weight)
    return sum(((entry - (i == k)) ** 2 for i, row in enumerate(square) for k, entry in enumerate(row)), Fraction(0))


def gradient(weight: Matrix) -> Matrix:
    """The gradient of ||W'W - I||_F^2 by central differences, which are exact for a polynomial of degree four."""

    def along(i: int, k: int, t: int) -> Fraction:
        changed = [list(row) for row in weight]
        changed[i][k] += t
        return squared_distance(tuple(map(tuple, changed)))

    return tuple(
        tuple((8 * (along(i, k, 1) - along(i, k, -1)) - along(i, k, 2) + along(i, k, -2)) / 12 for k in range(len(row)))
        for i, row in enumerate(weight)
    )


def difference(weight: Matrix, step: Matrix, factor: Fraction) -> Matrix:
    """W - factor times the step."""
    return tuple(tuple(x - factor * y for x, y in zip(r, t, strict=True)) for r, t in zip(weight, step, strict=True))


def squared(variant: Variant, printed: Fraction) -> Universal:
    """W minus the gradient of share b ||W'W - I||_F^2 is the update of eq. 9."""
    share = variant.value("share", printed)

    def examine(data: Any) -> Examination:
        weight, beta = read(data)
        return Examination({}, difference(weight, gradient(weight), share * beta) == update(weight, beta))

    text = f"W minus the gradient of {share} beta ||W'W - I||_F^2 is W (1 + beta) - beta W W'W"
    return Universal("gradient", text, examine, lambda: [TWO], variant.dropped, [spell(share)])


def unsquared(variant: Variant) -> Universal:
    """The same for the norm without the square, where it is rational and not zero."""

    def examine(data: Any) -> Examination:
        weight, beta = read(data)
        level = squared_distance(weight)
        root = Fraction(isqrt(level.numerator), isqrt(level.denominator))
        rational = level > 0 and root * root == level
        step = difference(weight, gradient(weight), beta / (4 * root)) if rational else weight
        return Examination({"rational": rational}, step == update(weight, beta))

    text = "W minus the gradient of (beta/2) ||W'W - I||_F is W (1 + beta) - beta W W'W"
    return Universal("gradient of the norm itself", text, examine, lambda: [TWO], variant.dropped)


def smaller() -> Exhaustive:
    """For the integers below 2 both sides agree, whatever beta: the gradient vanishes at 0, 1 and -1."""
    elements = [[spell(n), beta] for n in (-1, 0, 1) for beta in ("1/2", "1", "1/3")]

    def holds(data: Any) -> bool:
        weight, beta = ((parse(data[0]),),), parse(data[1])
        return difference(weight, gradient(weight), beta / 2) == update(weight, beta)

    return Exhaustive("minimal: integers below 2", "eq. 9 subtracts the gradient at 0, 1, -1", lambda: elements, holds)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both readings of the damaged formula; repaired: b/4 and the square."""
    both = [squared(variant, Fraction(1, 2))]
    printed_share = variant.value("share", Fraction(1, 2)) == Fraction(1, 2)
    return [*both, unsquared(variant), smaller()] if printed_share else both


def pair_of_columns() -> Forall:
    """<E, H'W + W'H> = 2 <W E, H> with one more pair of columns in a row: E is symmetric, e = e_ij = e_ji."""
    L, R, e, h, i, w, j = map(var, ("L", "R", "e", "h", "i", "w", "j"))
    added = e * (h * j + w * i) + e * (i * w + j * h)
    return Forall(
        "one more pair of columns", {"others": equals(L, 2 * R)}, equals(L + added, 2 * (R + h * e * j + i * e * w))
    )


def one_column() -> Forall:
    """The same with one more diagonal entry."""
    L, R, e, h, w = map(var, ("L", "R", "e", "h", "w"))
    return Forall("one more column", {"others": equals(L, 2 * R)}, equals(L + e * (h * w + w * h), 2 * (R + h * e * w)))


def entries(variant: Variant) -> Forall:
    """w - 4 share b (c - w) = w (1 + b) - b c for an entry w of W and c of W W'W."""
    w, c = var("w"), var("c")
    share = variant.value("share", QUARTER)
    return Forall("an entry of the update", {}, equals(w - 4 * share * b * (c - w), w * (1 + b) - b * c))


def repaired(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The gradient of (b/4) ||W'W - I||_F^2, in general and on exact matrices."""
    return [squared(variant, QUARTER), pair_of_columns(), one_column(), entries(variant)]


def nearer(variant: Variant) -> Universal:
    """| |f(s)| - 1 | < |s - 1| for s > 0, s != 1, b > 0; repaired: where b s (s + 1) < 2."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, dict) or set(data) != {"singular_value", "beta"}:
            raise ParsevalError("the data have exactly the entries singular_value and beta")
        value, beta = parse(data["singular_value"]), parse(data["beta"])
        hypotheses = {"positive": value > 0 and beta > 0, "not one": value != 1}
        if variant.repaired:
            hypotheses["small step"] = beta * value * (value + 1) < 2
        return Examination(hypotheses, abs(abs(moved(value, beta)) - 1) < abs(value - 1))

    text = "the update brings every positive singular value but 1 closer to 1"
    candidates = [{"singular_value": "3", "beta": "1/2"}]
    return Universal("closer", text, examine, lambda: candidates, variant.dropped, [variant.repaired])


def closer_step(variant: Variant) -> Forall:
    """|(1 - z) d| < |d| for d != 0 and 0 < z < 2."""
    d = var("d")
    hypotheses: dict[str, Formula] = {"apart": disj(d > 0, d < 0), "positive": z > 0}
    if variant.keeps("small step"):
        hypotheses["small step"] = z < variant.value("bound", 2)
    return Forall("contraction", hypotheses, ((1 - z) * d) ** 2 < d * d, hint=Hint(4))


def reflect() -> Forall:
    """| |f| - 1 | <= |f - 1|."""
    f, a = var("f"), var("a")
    size = disj(conj(equals(a, f), f >= 0), conj(equals(a, -f), f <= 0))
    return Forall("sizes", {"size": size}, disj(equals(a, f), conj(a - 1 <= 1 - f, a - 1 >= f - 1)))


def closer(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Singular values, and the two factorizations."""
    return [
        factorization(),
        eigenvector(),
        closer_step(variant),
        reflect(),
        nearer(Variant(variant.dropped, repaired=True)),
    ]


SNIPPET = """\
from fractions import Fraction as F
b, w = F(1, 2), F(2)                             # the matrix [2]
def penalty(w): return b / 2 * (w * w - 1) ** 2  # its derivative by central differences, exact for degree 4
g = (8 * (penalty(w + 1) - penalty(w - 1)) - penalty(w + 2) + penalty(w - 2)) / 12
print("w - gradient =", w - g, " eq. 9:", w * (1 + b) - b * w ** 3)
assert w - g != w * (1 + b) - b * w ** 3 and w - g / 2 == w * (1 + b) - b * w ** 3
"""
FAR = {"singular_value": "3", "beta": "1/2"}

CLAIMS = (
    Claim(
        id=ROW,
        source=f"{B1}, eq. 9",
        printed=PRINTED,
        statement=(
            "For all W and b, W minus the gradient of (b/2) ||W'W - I||_F^2 (or, without the square, of (b/2) "
            "||W'W - I||_F) is W (1 + b) - b W W'W."
        ),
        reading="both readings of the damaged formula are judged, and both fail",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=printed,
        scope="all real matrices, all beta",
        covers_all=True,
        constants={"share": Constant(Fraction(1, 2), sharp=QUARTER, words="the factor of beta in the penalty")},
        repairs={"beta/4": Variant(constants={"share": QUARTER})},
        counterexamples={"gradient": TWO, "gradient of the norm itself": TWO},
        near_misses=(
            NearMiss("gradient", given([[1]], "1/2"), "orthonormal: the gradient is zero"),
            NearMiss("gradient", given([[2]], 0), "beta = 0"),
            NearMiss("gradient of the norm itself", given([[1, 1], [0, 1]], "1/2"), "the norm is irrational"),
        ),
        minimality="one row, one column; at the integers -1, 0, 1 the gradient vanishes, for every beta",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.gradient",
        argument="proof.md#the-gradient",
        notes=(
            "W (I + b) stands for (1 + b) W. A reader who takes the penalty with b trains with twice the step of eq. 9."
        ),
    ),
    Claim(
        id=f"{ROW}.gradient",
        source=f"{B1}, eq. 9",
        printed=PRINTED,
        reading="repaired: b/4 instead of b/2, and the square",
        statement="The gradient of (b/4) ||W'W - I||_F^2 is b W (W'W - I), and W minus it is W (1 + b) - b W W'W.",
        expected=Verdict.PROVED,
        obligations=repaired,
        scope="all real matrices of all shapes, all beta",
        covers_all=True,
        constants={"share": Constant(QUARTER, Fraction(101, 400), words="the factor of beta in the penalty")},
        textbook=(
            Textbook("product rule for matrices", "Magnus, Neudecker, Matrix Differential Calculus, section 8.1"),
        ),
        argument="proof.md#the-gradient",
    ),
    Claim(
        id=f"{ROW}.closer",
        source=B1,
        printed=PRINTED,
        statement="For every b > 0, the update brings every singular value s > 0, s != 1, closer to 1.",
        reading="'push them closer to the Stiefel manifold', for every W and b",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=lambda variant, budget: [nearer(variant)],
        scope="all singular values, all beta > 0",
        covers_all=True,
        repairs={"b s (s + 1) < 2": Variant(repaired=True)},
        counterexamples={"closer": FAR},
        near_misses=(
            NearMiss("closer", {"singular_value": "2", "beta": "1/2"}, "2 goes to -1, whose size is 1"),
            NearMiss("closer", {"singular_value": "1", "beta": "1/2"}, "on the manifold"),
            NearMiss("closer", {"singular_value": "3", "beta": "1/10000"}, "a small step"),
        ),
        minimality="one row, one column; 3 is the least natural number that fails for beta = 1/2",
        snippet=(
            "from fractions import Fraction as F\n"
            "b, s = F(1, 2), F(3)             # the matrix [3]\n"
            "after = s * (1 + b) - b * s ** 3\n"
            "print(s, '->', after)\n"
            "assert abs(abs(after) - 1) > abs(s - 1)"
        ),
        repaired_by=f"{ROW}.closer_small_step",
        argument="proof.md#closer",
    ),
    Claim(
        id=f"{ROW}.closer_small_step",
        source=B1,
        printed=PRINTED,
        reading="repaired: small steps",
        statement=(
            "If b > 0, s > 0, s != 1 and b s (s + 1) < 2, then | |f(s)| - 1 | < |s - 1|: the update brings the "
            "singular value closer to 1. With the bound c > 2 in place of 2 it need not bring f(s) closer."
        ),
        expected=Verdict.PROVED,
        obligations=closer,
        scope="all singular values and beta that meet the condition, all shapes",
        covers_all=True,
        hypotheses={"small step": "b s (s + 1) < 2"},
        constants={"bound": Constant(Fraction(2), Fraction(101, 50), words="the bound on b s (s + 1)")},
        argument="proof.md#closer",
    ),
)
