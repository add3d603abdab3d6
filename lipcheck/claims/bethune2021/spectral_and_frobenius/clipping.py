"""Section 2.2: "Clipping the weights [...] gives no guarantee about its real value, only a very crude upper bound".

Plain reading: with all weights in [-c, c], c > 0, widths n_0, ..., n_d and 1-Lipschitz activations the constant is at
most c^d n_1 ... n_{d-1} sqrt(n_0 n_d). All weights c and ReLU attain it, so no smaller bound follows from c and the
widths; and every number from 0 to it is the constant of some clipped network.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.norm_inequalities import _bounds as bounds
from lipcheck.claims.bethune2021.feedforward_lipschitz.networks import CAUCHY, INDUCTION, another_layer
from lipcheck.claims.bethune2021.feedforward_lipschitz.networks import ROW as NETWORKS
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.spectral_and_frobenius.spectral import ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

c, m, n, v, w, S, count, t, K = map(var, ("c", "m", "n", "v", "w", "S", "count", "t", "K"))


def another_weight(variant: Variant) -> Forall:
    """||W||_F^2 is at most `count` c^2: one more weight in [-c, c]."""
    given: dict[str, Formula] = {"so far": count * c * c >= S, "clipped": conj(w <= c, -w <= c)}
    return Forall("one more weight", kept(variant, given, ["clipped"]), S + w * w <= (count + 1) * c * c)


def widths() -> Forall:
    """Squares: K n_0 n for the layers so far, times c^2 n m for one more, are (c^2 n^2 K) n_0 m."""
    first = var("first")
    return Forall("widths", {}, equals((c**2 * n * m) * (K * first * n), (c**2 * n**2 * K) * first * m))


def all_equal(variant: Variant) -> Forall:
    """All weights c: n units of value v > 0 give m units of value c n v > 0, which ReLU keeps.

    Their squared size Q = m (c n v)^2 is c^2 n m times n v^2, that of the units before.
    """
    Q = var("Q")
    given: dict[str, Formula] = {"square": conj(equals(Q, m * (c * n * v) ** 2), Q > 0)}
    bound = variant.value("square", 1) * (c**2 * n * m * (n * v**2))
    return Forall("all weights equal", given, bound >= Q, witness=dict.fromkeys("cvnmQ", Fraction(1)))


def smaller() -> Forall:
    """The last layer times t in [0, 1] stays clipped, and its values are t times what they were."""
    given: dict[str, Formula] = {"clipped": conj(w <= c, -w <= c), "t": conj(t >= 0, t <= 1)}
    return Forall("every smaller constant", given, conj(t * w <= c, -(t * w) <= c, equals((t * w) * v, t * (w * v))))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound, weights that attain it, and those in between."""
    return [
        another_weight(variant),
        bounds.another_row(),
        another_layer(Variant()),
        widths(),
        all_equal(variant),
        smaller(),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.clipping",
        source=SOURCE,
        printed="Clipping the weights of a networks as in Wasserstein GAN [5], or L_2 regularisation are a way to "
        "constraint the Lipschitz constant of a network, however it gives no guarantee about its real value, only a "
        "very crude upper bound.",
        reading="clipping to [-c, c]; no guarantee: the bound is attained, and so is every smaller value",
        statement="For c > 0, widths n_0, ..., n_d and 1-Lipschitz activations: if all weights lie in [-c, c], the "
        "constant is at most B = c^d n_1 ... n_{d-1} sqrt(n_0 n_d). With ReLU every number in [0, B] is the constant "
        "of such a network.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all depths and widths",
        covers_all=True,
        hypotheses={"clipped": "every weight lies in [-c, c]"},
        constants={"square": Constant(Fraction(1), Fraction(99, 100), words="the square of the bound's factor")},
        textbook=(CAUCHY, INDUCTION),
        argument="proof.md#clipping",
        depends_on=(f"{NETWORKS}.product_bound",),
        notes="'Crude' holds of single networks: for widths of 128, c = 0.01 and random signs the norms are about 0.2 "
        "per layer where the bound has 1.28. As a bound from c and the widths it is the best.",
    ),
)
