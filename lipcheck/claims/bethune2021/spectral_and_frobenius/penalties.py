"""Section 2.2: L2 and spectral regularization, and the gradient penalty: what they constrain, and what they do not.

Let E >= 0 be the loss, E_0 its value at zero weights, and lambda > 0. Where E + lambda (sum of the ||W_l||^2) is no
larger than for zero weights, in particular at a minimizer, sum ||W_l||^2 <= E_0 / lambda, so that the constant of d
layers is at most prod ||W_l|| <= (E_0 / (lambda d))^(d/2), in the Frobenius norm (L2) or the spectral norm ([7]).
A penalty on gradients at finitely many points bounds nothing, and no lambda bounds the constants for all data.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.jacobian_regularization.regularizer import penalties as at_points
from lipcheck.claims.bethune2021.feedforward_lipschitz.networks import ROW as NETWORKS
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.spectral_and_frobenius.clipping import CLAIMS as CLIPPING
from lipcheck.claims.bethune2021.spectral_and_frobenius.spectral import ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

BETTER = (
    "Gradient penalty [6] and spectral regularization [7] allow for a better control of the constant but still without "
    "guarantees."
)


def budget_of_weights(variant: Variant) -> Forall:
    """E + lambda S <= E_0 and E >= 0 give lambda S <= E_0; `budget` times E_0 for a mutant."""
    E, zero, lam, S = map(var, ("E", "zero", "lam", "S"))
    given: dict[str, Formula] = {
        "no worse than zero": E + lam * S <= zero,
        "loss": E >= 0,
        "penalty": conj(lam > 0, S >= 0),
    }
    bound = variant.value("budget", 1) * zero
    return Forall("the penalty at a minimizer", kept(variant, given, ["no worse than zero", "loss"]), lam * S <= bound)


def squares() -> Forall:
    """The product of d squares is at most M^d for their mean M <= E_0 / (lambda d): one more power of M."""
    power, bound, mean, ratio = map(var, ("power", "bound", "mean", "ratio"))
    given: dict[str, Formula] = {
        "so far": conj(power >= 0, power <= bound),
        "mean": conj(mean >= 0, mean <= ratio),
    }
    return Forall("one more power of the mean", given, power * mean <= bound * ratio)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """What the penalty leaves, and the product."""
    return [budget_of_weights(variant), squares()]


def gap() -> Forall:
    """(z - t)^2 + lambda z^2 exceeds its value at w = t / (1 + lambda) by (1 + lambda)(z - w)^2."""
    w, z, t, lam = map(var, ("w", "z", "t", "lam"))
    values = ((z - t) ** 2 + lam * z**2) - ((w - t) ** 2 + lam * w**2)
    return Forall("the gap to the minimizer", {"minimizer": equals(w + lam * w, t)},
                  equals(values, (1 + lam) * (z - w) ** 2))  # fmt: skip


def above(variant: Variant) -> Forall:
    """w = t / (1 + lambda) exceeds K for t > (1 + lambda) K, and all other values of the penalized loss are larger."""
    w, t, lam, K, excess, square = map(var, ("w", "t", "lam", "K", "excess", "square"))
    given: dict[str, Formula] = {
        "minimizer": conj(equals(w + lam * w, t), equals(excess, square + lam * square)),
        "signs": conj(lam > 0, square > 0),
        "target": t > K + lam * K,
    }
    return Forall("a minimizer above K", kept(variant, given, ["target"]), conj(w > K, excess > 0), hint=Hint(2))


def unbounded(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Where the minimizer is, and that no lambda bounds it."""
    return [gap(), above(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.l2",
        source=SOURCE,
        printed=CLIPPING[0].printed,
        reading="L2 regularisation, or spectral regularization [7], of weights at a minimizer; an upper bound only",
        statement="Let the loss be E >= 0, E_0 for zero weights, lambda > 0, and all activations 1-Lipschitz. Weights "
        "W_1, ..., W_d for which E + lambda sum ||W_l||^2 is at most E_0, those of a minimizer for example, have a "
        "network of constant at most (E_0 / (lambda d))^(d/2), in the Frobenius or the spectral norm alike.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all losses and networks",
        covers_all=True,
        hypotheses={
            "no worse than zero": "the penalized loss is at most that of zero weights",
            "loss": "the loss is not negative",
        },
        constants={"budget": Constant(Fraction(1), Fraction(99, 100), words="of E_0, what the penalty is at most")},
        textbook=(Textbook("geometric and arithmetic mean", "Rudin, Real and Complex Analysis, theorem 3.3"),),
        argument="proof.md#penalties-on-weights",
        depends_on=(f"{NETWORKS}.product_bound", f"{ROW}.frobenius"),
        notes="Biases may be penalized or not; for losses without lower bound, such as Wasserstein's, it fails.",
    ),
    Claim(
        id=f"{ROW}.gradient_penalty",
        source=SOURCE,
        printed=BETTER,
        reading="the gradient penalty: without guarantees",
        statement="For every K and every finite set of points in R there is a network with one hidden unit that is not "
        "K-Lipschitz and has slope 1, so no penalty, at all of the points.",
        expected=Verdict.PROVED,
        obligations=at_points,
        scope="every K, every finite set of points in R",
        covers_all=True,
        hypotheses={"steep": "the slope on the side without points exceeds K"},
        argument="proof.md#the-gradient-penalty",
        depends_on=("anil2019.jacobian_regularization.penalties",),
        notes="The points are those at which [6] samples the penalty, between data and generated points.",
    ),
    Claim(
        id=f"{ROW}.spectral_regularization",
        source=SOURCE,
        printed=BETTER,
        reading="spectral regularization: without guarantees, of a constant that is chosen before training",
        statement="For every lambda > 0 and every K there are a network of one weight and a datum, with squared loss, "
        "for which the loss with lambda times the squared spectral norm has one minimizer, of constant above K.",
        expected=Verdict.PROVED,
        obligations=unbounded,
        scope="every lambda and K",
        covers_all=True,
        hypotheses={"target": "the datum is (1, t) with t > (1 + lambda) K"},
        argument="proof.md#no-guarantee-by-a-penalty",
        depends_on=(f"{ROW}.l2",),
        notes="The bound by lambda and the loss at zero weights, .l2, is one by the data. 'Better' is not judged.",
    ),
)
