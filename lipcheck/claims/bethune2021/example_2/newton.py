"""Figure 2a: "Newton method diverges", and section 4: "order 2 methods diverge as expected".

On the inputs -1, 1 with labels -1, 1, the margins a = W + b and c = W - b of f(x) = W x + b follow Newton's iteration
each for itself: a -> a + 1/sigma(a) = a + 1 + e^-a.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021._bce import EXP, INDUCTION, PAPER
from lipcheck.claims.bethune2021.example_2.infimum import ROW, SEPARABLE
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

HALF = Fraction(1, 2)


def newton(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """s = sigma(-a), p = sigma(a) = 1 - s, h = s p, u = e^-a, alpha = s/h; likewise r, k, gamma for c."""
    s, p, u, alpha, gamma, h, k, r = map(var, ("s", "p", "u", "alpha", "gamma", "h", "k", "r"))
    a, a0, c, c0, W, W0, steps = map(var, ("a", "a0", "c", "c0", "W", "W0", "steps"))
    least = variant.value("least_step", 1)
    scalar: dict[str, Formula] = {"sigmoid": equals(p * (1 + u), 1), "newton": equals(alpha * p, 1)}
    finite: dict[str, Formula] = {"finite": u > 0} if variant.keeps("finite") else {}
    one = {"p": HALF, "u": Fraction(1), "alpha": Fraction(2)}
    down, across = (alpha + gamma) * HALF, (alpha - gamma) * HALF
    ratios: dict[str, Formula] = {"a": equals(alpha * h, s), "c": equals(gamma * k, r)}
    system = conj(
        equals((h + k) * HALF * down + (h - k) * HALF * across, (s + r) * HALF),
        equals((h - k) * HALF * down + (h + k) * HALF * across, (s - r) * HALF),
    )
    sizes = {"h": Fraction(1, 4), "k": Fraction(1, 4), "s": HALF, "r": HALF, "alpha": Fraction(2), "gamma": Fraction(2)}
    means = conj(equals(2 * W, a + c), equals(2 * W0, a0 + c0))
    margins = conj(a > a0 + steps, c > c0 + steps)
    return [
        Forall("dividing by the derivative", {"newton": equals(alpha * s * p, s), "sigmoid": s > 0},
               equals(alpha * p, 1), witness={"s": HALF, "p": HALF, "alpha": Fraction(2)}),
        Forall("one margin", scalar, equals(alpha, 1 + u), witness=one),
        Forall("a step is longer than one", {"one margin": equals(alpha, 1 + u), **finite}, alpha > least),
        Forall("the Hessian is regular", {"positive": conj(h > 0, k > 0)},
               ((h + k) ** 2 - (h - k) ** 2) * Fraction(1, 4) > 0),
        Forall("the two margins decouple", ratios, system, witness=sizes),
        Forall("one more step", {"so far": a >= a0 + steps, "step": alpha > 1}, a + alpha > a0 + steps + 1),
        Forall("W is the mean margin", {"means": means, "margins": margins}, W0 + steps < W),
    ]  # fmt: skip


def order_two(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """S is the derivative of other points' loss along a separating pair; s > 0 and margin m > 0 of one more."""
    S, s, m = var("S"), var("s"), var("m")
    more: dict[str, Formula] = {"so far": S <= 0, "sigmoid": s > 0}
    if variant.keeps("separable"):
        more["separable"] = m > 0
    return [Forall("no critical point", more, S - s * m < 0)]


CLAIMS = (
    Claim(
        id=f"{ROW}.newton",
        source=f"{PAPER}, Figure 2a; section 4, after Example 2",
        printed="Synthetic task with inputs {−1, +1} and labels {−1, +1} for X ⊂ R. Same setting as Example 2. Newton "
        "method diverges [...]; order 2 methods diverge as expected.",
        statement="For the inputs -1, 1 with labels -1, 1 and f(x) = W x + b, Newton's method is defined at every (W, "
        "b), maps each margin a to a + 1 + e^-a, and W grows by more than 1 in every step: W_t > W_0 + t for t >= 1.",
        reading="the pure Newton method, x -> x - H^-1 g",
        expected=Verdict.PROVED,
        obligations=newton,
        scope="all starting points (W, b), all steps",
        covers_all=True,
        hypotheses={"finite": "the logits are finite"},
        constants={"least_step": Constant(Fraction(1), mutated=Fraction(101, 100), words="growth of W per step")},
        textbook=(EXP, INDUCTION),
        argument="proof.md#newtons-method",
    ),
    Claim(
        id=f"{ROW}.order_two",
        source=f"{PAPER}, section 4, after Example 2",
        printed="Most order-1 methods struggle to saturate the logits, even on unconstrained neural networks as "
        "depicted in Figure 2a, whereas order 2 methods diverge as expected.",
        reading="diverge: do not converge, for every separable training set",
        statement="For affine f on a finite separable training set the gradient of the loss vanishes nowhere. So no "
        "method whose steps satisfy H(theta) step = -gradient(theta), with continuous H, converges to finite "
        "parameters.",
        expected=Verdict.PROVED,
        obligations=order_two,
        scope="all n, all finite separable training sets; Newton's method, damped or not by factors bounded below",
        covers_all=True,
        hypotheses=SEPARABLE,
        textbook=(
            EXP,
            INDUCTION,
            Textbook("if theta_t converges, H(theta_t) (theta_(t+1) - theta_t) -> 0", "Rudin, Principles, 4.9"),
        ),
        argument="proof.md#newtons-method",
        notes="That the norms tend to infinity is proved for the setting of Figure 2a only (.newton).",
    ),
)
