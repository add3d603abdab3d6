"""Figure 2a: "the curve of SGD flatten", and section 4: "order-1 methods struggle to saturate the logits".

On the inputs -1, 1 with labels -1, 1 gradient descent moves each margin by w -> w + eta/(1 + e^w). With E = e^w this is
E -> E exp(eta/(1 + E)), which lies between E + eta E/(1 + E) and E + eta: w grows like log t, and without bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021._bce import EXP, INDUCTION, PAPER, TANGENT, positive
from lipcheck.claims.bethune2021.example_2.infimum import ROW
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

BILLION = 10**9
HYPOTHESES = {"small_step": "the step size eta is at most 1"}


def tangents(variant: Variant) -> dict[str, Formula]:
    """X = exp(eta/(1 + E)) against the tangents of exp, at eta/(1 + E) and at its negative, times 1 + E."""
    E, X, eta = var("E"), var("X"), var("eta")
    found: dict[str, Formula] = {
        "step size": eta > 0,
        "exponentials": conj(E > 0, X > 0),
        "tangents": conj(1 + E + eta <= X * (1 + E), X * (1 + E - eta) <= 1 + E),
    }
    if variant.keeps("small_step"):
        found["small_step"] = eta <= 1
    return found


def above(variant: Variant) -> Forall:
    """E X <= E + c eta, where E X is e^w after the step."""
    E, X, eta = var("E"), var("X"), var("eta")
    return Forall("at most eta more", tangents(variant), E + variant.value("growth", 1) * eta >= E * X)


def flattens(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One step from both sides, and the induction over the steps."""
    E, X, eta, E0, t, u, g, epsilon = map(var, ("E", "X", "eta", "E0", "t", "u", "g", "epsilon"))
    growth = {"share": conj(u * (1 + E0) <= E0, u > 0), "started": conj(E >= E0, E0 > 0), **tangents(variant)}
    so_far: dict[str, Formula] = {"so far": conj(E0 + t * eta * u <= E, E0 + t * eta >= E)}
    return [
        above(variant),
        Forall("at least eta E/(1 + E) more", tangents(variant), E * (1 + E) + eta * E <= E * X * (1 + E)),
        Forall("at least a fixed amount more", growth, eta * E <= (E * X - E) * (1 + E)),
        Forall("the share grows", {"started": conj(E >= E0, E0 > 0)}, E * (1 + E0) >= E0 * (1 + E)),
        Forall("one more step", {**so_far, "step": conj(E + eta * u <= X, E + eta >= X)},
               conj(E0 + (t + 1) * eta * u <= X, E0 + (t + 1) * eta >= X)),
        Forall("increments vanish", {"increment": g * (1 + E) <= eta, "far": conj(E * epsilon >= eta, eta > 0, E > 0,
               epsilon > 0)}, g < epsilon),
    ]  # fmt: skip


def struggles(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """At most eta more per step, so at least (goal - E0)/eta steps."""
    E, E0, t, eta, goal = map(var, ("E", "E0", "t", "eta", "goal"))
    return [
        above(variant),
        Forall("one more step", {"so far": E0 + t * eta >= E}, E + eta <= E0 + (t + 1) * eta),
        Forall("steps to the goal", {"reached": goal <= E, "bound": E0 + t * eta >= E}, t * eta >= goal - E0),
    ]


def stays_small(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """From W = b = 0 both margins are W, and e^W grows by at most eta per step, to at most 1 + 10^9."""
    above_it, one_more, _ = struggles(variant, budget)
    text = "1 + 10^9 is below exp(21)"
    return [
        above_it,
        one_more,
        positive("a billion steps", text, lambda exactly: exactly(21).exp() - exactly(1 + BILLION)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.gradient_descent",
        source=f"{PAPER}, Figure 2a",
        printed="Newton method diverges while the curve of SGD flatten.",
        reading="gradient descent with a fixed step size on the two points of Figure 2a, in exact arithmetic",
        statement="With step size 0 < eta <= 1 each margin w_t satisfies log(E_0 + c eta t) <= w_t <= log(E_0 + eta "
        "t), E_0 = exp(w_0), c = E_0/(1 + E_0): increments tend to 0 (the curve flattens), but w_t tends to infinity.",
        expected=Verdict.PROVED,
        obligations=flattens,
        scope="all starting points (W, b), 0 < eta <= 1, all steps",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants={"growth": Constant(Fraction(1), mutated=Fraction(99, 100), words="growth of e^w per eta, at most")},
        textbook=(EXP, TANGENT, INDUCTION),
        argument="proof.md#gradient-descent",
        notes="So gradient descent diverges as Newton's method does, only slower: log t against t. Stochastic descent "
        "draws one point at a time and moves that point's margin alone, by the same law with 2 eta for eta.",
    ),
    Claim(
        id=f"{ROW}.order_one",
        source=f"{PAPER}, section 4, after Example 2",
        printed="Most order-1 methods struggle to saturate the logits, even on unconstrained neural networks as "
        "depicted in Figure 2a",
        reading="gradient descent with a fixed step size, on the two points of Figure 2a",
        statement="Gradient descent with step size eta <= 1 needs at least (e^w - e^(w_0))/eta steps to bring a margin "
        "from w_0 to w: exponentially many in w.",
        expected=Verdict.PROVED,
        obligations=struggles,
        scope="all starting points, all w, 0 < eta <= 1",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants={"growth": Constant(Fraction(1), mutated=Fraction(99, 100), words="growth of e^w per eta, at most")},
        textbook=(EXP, TANGENT, INDUCTION),
        argument="proof.md#gradient-descent",
        notes="Not every method of order 1 struggles: sign descent and normalized gradient descent move a margin by a "
        "fixed amount per step, as fast as Newton's method up to a factor. 'Most' is not judged.",
    ),
    Claim(
        id=f"{ROW}.no_explosion",
        source=f"{PAPER}, section 4, after Example 2",
        printed="The poor properties of the optimizer are one of the reasons the ill-posed problem of BCE minimization "
        "do not lead to explosion of weights in unconstrained networks.",
        reading="gradient descent with a fixed step size, on the two points of Figure 2a, from W = b = 0",
        statement="With step size 0 < eta <= 1, W_t <= log(1 + eta t): W is below 21 after a billion steps, but it "
        "tends to infinity with t.",
        expected=Verdict.PROVED,
        obligations=stays_small,
        scope="the start W = b = 0, 0 < eta <= 1, all steps",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants={"growth": Constant(Fraction(1), mutated=Fraction(99, 100), words="growth of e^w per eta, at most")},
        textbook=(EXP, TANGENT, INDUCTION),
        depends_on=(f"{ROW}.gradient_descent",),
        argument="proof.md#gradient-descent",
        notes="One reason among others, as the print says; what other optimizers do on other networks is not judged.",
    ),
)
