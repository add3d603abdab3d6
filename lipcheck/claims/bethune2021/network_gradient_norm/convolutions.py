"""Section 2.3: "we will not use convolutions because we could not guarantee formally that ||grad f|| = 1".

Plain reading: what makes a dense layer orthogonal, normalizing its matrix, does not do so for the kernel of a
convolution. For a kernel (a, b) with a^2 + b^2 = 1, on n >= 2 positions in a circle, the gradient (1, ..., 1) becomes
a + b times itself, and (a + b)^2 = 1 + 2 a b. All gradients keep their norms only for the shifts, a b = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.mountain_function._lemmas import kept
from lipcheck.claims.bethune2021.network_gradient_norm.printed import ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def constant_gradient(variant: Variant) -> Forall:
    """(1, ..., 1), of squared length n, becomes a + b times itself: kept only if a b = 0.

    u = a^2 + b^2 and x = a b: real a, b of this kind exist exactly if u >= 2 |x|, and (a + b)^2 is u + 2 x.
    """
    u, x, square = var("u"), var("x"), variant.value("square", 1)
    given: dict[str, Formula] = {"kernel": conj(u >= 2 * x, u >= -2 * x)}
    given |= kept(variant, normalized=equals(u, square), preserved=equals(u + 2 * x, 1))
    witness = {"u": Fraction(1), "x": Fraction(0)}
    return Forall("the constant gradient", given, equals(x, 0), witness=witness)


def shifts() -> Forall:
    """Conversely, a kernel of length one with a b = 0 is a shift, up to the sign."""
    a, b = var("a"), var("b")
    given: dict[str, Formula] = {"normalized": equals(a * a + b * b, 1), "product": disj(equals(a, 0), equals(b, 0))}
    shift = disj(conj(equals(a, 0), equals(b * b, 1)), conj(equals(b, 0), equals(a * a, 1)))
    return Forall("shifts", given, shift, witness={"a": Fraction(1), "b": Fraction(0)})


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Only shifts, and shifts do."""
    return [constant_gradient(variant), shifts()]


CLAIMS = (
    Claim(
        id=f"{ROW}.convolutions",
        source=SOURCE,
        printed="In this paper we will not use convolutions because we could not guarantee formally that ||∇_x f|| = 1 "
        "in the current implementation.",
        reading="normalizing kernels as matrices of dense layers are normalized gives no guarantee: one channel, two "
        "taps, periodic",
        statement="A periodic convolution of one channel with the kernel (a, b), a^2 + b^2 = 1, on n >= 2 positions "
        "keeps the norms of all gradients exactly if a b = 0, that is, if it is a shift up to the sign.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all kernels with two taps, all n >= 2",
        covers_all=True,
        hypotheses={"normalized": "a^2 + b^2 = 1", "preserved": "the gradient (1, ..., 1) keeps its norm"},
        constants={"square": Constant(Fraction(1), Fraction(99, 100), words="the squared length of the kernel")},
        textbook=(Textbook("a product is zero exactly if a factor is", "field axioms"),),
        argument="proof.md#convolutions",
        notes="What the library does to kernels is not judged. With several channels orthogonal convolutions exist "
        "that are no shifts; bounds on norms: anil2019.convolution_bound.",
    ),
)
