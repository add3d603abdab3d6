"""Section 2.2, read of random weights, with a rate: normalized Gaussian layers shrink gradients exponentially.

Let W be n x n with independent standard normal entries, n >= 2, V = W / ||W||_2 and q = E ||V||_F^2 / n < 1. V and V O
have the same law for orthogonal O, so that E |V u|^2 = q |u|^2. Slopes of activations are at most one in size; so the
squared Frobenius norm of the Jacobian of d layers is n at first, and its mean at most n q^d.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.spectral_normalization.common import SVD
from lipcheck.claims.bethune2021.effective_constant.every import PRINTED, ROW
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.spectral_and_frobenius.spectral import SOURCE
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

n, q, F, t, rest = map(var, ("n", "q", "F", "t", "rest"))
"""F is ||V||_F^2 = 1 + t + rest, the squared singular values of V: 1, another one, and n - 2."""


def strict(variant: Variant) -> Forall:
    """A singular value below the largest makes F < n."""
    given: dict[str, Formula] = {
        "values": conj(equals(F, 1 + t + rest), t >= 0, t <= 1, rest >= 0, rest <= n - 2),
        "unequal": t < 1,
    }
    return Forall("the mean square is below one", kept(variant, given, ["unequal"]), n > F)


def columns() -> Forall:
    """The n columns of V have the same mean square c, and these add up to n q: c = q."""
    c = var("c")
    given: dict[str, Formula] = {"sum": equals(n * c, n * q), "columns": n >= 2}
    witness = {"n": Fraction(2), "c": Fraction(1), "q": Fraction(1)}
    return Forall("every direction has the mean square q", given, equals(c, q), witness=witness)


def another_layer(variant: Variant) -> Forall:
    """Mean squares: J so far, q J after one more weight, and no more after the slopes of the activations."""
    J, weighted, after, bound = map(var, ("J", "weighted", "after", "bound"))
    given: dict[str, Formula] = {
        "so far": conj(J >= 0, bound >= J, q >= 0),
        "weight": equals(weighted, q * J),
        "slopes": after <= weighted,
    }
    witness = {"J": Fraction(0), "weighted": Fraction(0), "after": Fraction(0), "bound": Fraction(0), "q": Fraction(0)}
    return Forall("one more layer", kept(variant, given, ["slopes"]), after <= q * bound, witness=witness)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """q < 1, what it does to a vector, and the layers."""
    return [strict(variant), columns(), another_layer(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.initialization",
        source=SOURCE,
        printed=PRINTED,
        reading="of networks with independent Gaussian weights, each divided by its spectral norm; the Jacobian at an "
        "input",
        variant_of=ROW,
        statement="For n >= 2 there is q < 1 such that for d layers of width n with independent standard normal "
        "weights, each divided by its spectral norm, any fixed biases, any activations with slopes of size at most one "
        "and every input x, the Jacobian has E ||J(x)||_F^2 <= n q^d.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="square layers, any activations with slopes of size at most one",
        covers_all=True,
        hypotheses={
            "unequal": "the singular values are not all equal, for n >= 2 almost surely",
            "slopes": "the slopes of the activations are of size at most one",
        },
        textbook=(
            SVD,
            Textbook("W O has the law of W for orthogonal O; the singular values are almost surely distinct",
                     "Muirhead, Aspects of Multivariate Statistical Theory, theorems 1.2.6 and 3.2.18"),
            Textbook("conditional expectation given the earlier layers", "Kallenberg, Foundations of Modern "
                     "Probability, theorem 6.1"),
        ),
        argument="proof.md#at-initialization",
        notes="So E ||J||_2^2 <= n q^d, and J(x) tends to 0 almost surely as d grows. For networks without activations "
        "J is the network, and its constant tends to 0. q is about 1/4 for large n, and 1 for n = 1. Nothing is said "
        "of the supremum over x: that is the row's claim.",
    ),
)  # fmt: skip
