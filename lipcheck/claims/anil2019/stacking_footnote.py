"""Anil et al. 2019 (ICML version), section 6, footnote 3: why the construction fails for 2-norm constrained weights.

Plain reading: there are matrices A and B with largest singular value one such that [A; B], on which the construction of
Theorem 3 rests, has a larger one. [1; 1] is the smallest. In general ||[A; B]||_2^2 <= ||A||_2^2 + ||B||_2^2, so the
square is at most 2, and for two unit rows it is 1 + |w . v|: one only if the rows are orthogonal. Side by side, [A B],
is the transpose of such a stack: 'column-wise' may mean either.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.stacking import stacked_norm
from lipcheck.exact import matrix
from lipcheck.network import Affine, Network
from lipcheck.norms import operator_norm, spectral_norm_at_most
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Exists, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "anil2019.stacking_footnote"
SOURCE = "Anil et al. 2019 (ICML version), section 6, footnote 3"
PRINTED = (
    "Our construction fails for 2-norm constrained weights, as column-wise stacking two matrices that have max "
    "singular values of 1 might result in a matrix that has singular values larger than 1."
)
ONE, TWO = Fraction(1), Fraction(2)


class StackError(LipcheckError, ValueError):
    """Data that are no two matrices of one shape."""


def read(data: Data) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
    """The two matrices."""
    match data:
        case {"A": first, "B": second, **rest} if not rest:
            a, b = matrix(first, "A"), matrix(second, "B")
        case _:
            raise StackError("Give {'A': [[...]], 'B': [[...]]}.")
    if (len(a), len(a[0])) != (len(b), len(b[0])):
        raise StackError("Give two matrices of one shape.")
    return a, b


def stacks(data: Data) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
    """[A; B] and [A B]."""
    a, b = read(data)
    return (*a, *b), tuple((*r, *s) for r, s in zip(a, b, strict=True))


def unit(data: Data) -> bool:
    """Whether both matrices have largest singular value one."""
    return all(spectral_norm_at_most(m, ONE) and operator_norm(m, TWO).at_least(1) is True for m in read(data))


def grows(data: Data) -> bool:
    """Whether both matrices have largest singular value one, and both stacks a larger one."""
    return unit(data) and not any(spectral_norm_at_most(m, ONE) for m in stacks(data))


def construction() -> Exists:
    """The construction of Theorem 3 for f(x) = x and g(x) = -x has a first weight of norm above one."""

    def accepts(data: Data) -> bool:
        a, b = read(data)
        f, g = (Network(len(m[0]), (Affine.linear(m),)) for m in (a, b))
        return unit(data) and stacked_norm(f, g)[0].at_most(1) is False

    return Exists("the construction for two affine maps", "of norm one, its first weight has a norm above one", accepts,
                  lambda: {"A": [["1"]], "B": [["-1"]]})  # fmt: skip


def exists() -> Exists:
    """Two matrices, stacked in either way."""
    return Exists("two matrices", "largest singular value one each, and above one when stacked", grows,
                  lambda: {"A": [["1"]], "B": [["1"]]})  # fmt: skip


def bounded(variant: Variant) -> Universal:
    """The square of the norm of a stack is at most 2."""

    def examine(data: Data) -> Examination:
        contracting = all(spectral_norm_at_most(m, ONE) for m in read(data))
        square = variant.value("square", 2)
        norms = (operator_norm(m, TWO) for m in stacks(data))
        small = all((n.power is not None and n.power <= square) or n.upper**2 <= square for n in norms)
        return Examination({"norms": contracting}, small)

    proposed = [{"A": [["1"]], "B": [["1"]]}, {"A": [["1", "0"]], "B": [["0", "1"]]}, {"A": [["2"]], "B": [["1"]]}]
    return Universal("stacks", "||[A; B]||_2^2 and ||[A B]||_2^2 are at most 2", examine, lambda: proposed,
                     variant.dropped)  # fmt: skip


def sum_of_squares(variant: Variant) -> Forall:
    """|[A; B] x|^2 = |A x|^2 + |B x|^2 <= 2 |x|^2, with a, b, x for the squares."""
    a, b, x = var("a"), var("b"), var("x")
    given: dict[str, Formula] = {"x": x >= 0}
    if variant.keeps("norms"):
        given["norms"] = conj(a <= x, b <= x)
    return Forall("squares add up", given, a + b <= variant.value("square", 2) * x)


def unit_rows(variant: Variant) -> list[Forall]:
    """|s w + t v|^2 = e + m c with e = s^2 + t^2, m = 2 s t, c = w . v: at most (1 + |c|) e, attained at s = t or "
    "-t."""
    s, t, e, m, c, size = var("s"), var("t"), var("e"), var("m"), var("c"), var("size")
    absolute: dict[str, Formula] = {"|c|": conj(size >= 0, disj(equals(size, c), equals(size, -c)))}
    means: dict[str, Formula] = {"means": conj(e >= m, e >= -m)}
    most = variant.value("factor", 1) * (1 + size) * e
    equal, opposite = conj(equals(c, size), equals(m, e)), conj(equals(c, -size), equals(m, -e))
    same: dict[str, Formula] = {"signs": disj(equal, opposite)}
    return [
        Forall("means", {}, conj(s * s + t * t >= 2 * s * t, s * s + t * t >= -2 * s * t)),
        Forall("combinations of two unit rows", {**absolute, **means}, e + m * c <= most),
        Forall("the bound is attained", {**absolute, **same}, equals(e + m * c, (1 + size) * e)),
    ]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The example, the construction, and the sharp bound."""
    return [exists(), construction(), bounded(variant), sum_of_squares(variant)]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "There are matrices A, B with largest singular value one such that [A; B] and [A B] have larger ones, also "
            "among the first weights of the construction. The square of the largest is at most 2, and 2 occurs."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all shapes; 'column-wise' read either way",
        covers_all=True,
        hypotheses={"norms": "||A||_2 ≤ 1 and ||B||_2 ≤ 1"},
        constants={"square": Constant(TWO, Fraction(199, 100), words="the square of the largest singular value")},
        textbook=(Textbook("||M||_2 = ||M'||_2", "Horn and Johnson, Matrix Analysis, 5.6"),),
        argument="proof.md#the-footnote",
        notes="Not only this construction fails: see anil2019.open_question.no_lattice.",
    ),
    Claim(
        id=f"{ROW}.unit_rows",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "For unit rows w and v the largest singular value of [w; v] is the root of 1 + |w . v|. It is one only "
            "if w and v are orthogonal: almost all pairs of affine maps of norm one are affected."
        ),
        reading="sharper: how much, for two affine maps of norm one",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=lambda variant, budget: unit_rows(variant),
        scope="all n",
        covers_all=True,
        constants={"factor": Constant(ONE, Fraction(99, 100), words="the factor of 1 + |w . v|")},
        textbook=(Textbook("||M||_2 = ||M'||_2", "Horn and Johnson, Matrix Analysis, 5.6"),),
        argument="proof.md#two-unit-rows",
    ),
)
