"""The certificate that holds: M(x) >= 2 K epsilon, with K measured in l_inf. A correction of ICML 4.3, equation 3.

A perturbation of size below epsilon moves every logit by less than K epsilon, and so a difference of two by less than
2 K epsilon.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.margin_certificate import _logits as logits
from lipcheck.claims.anil2019.margin_certificate._networks import attack, certificate
from lipcheck.claims.anil2019.margin_certificate.certificate import SOURCE
from lipcheck.words.claim import Claim, Constant, Formal, Variant
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.search import Search
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

PRINTED = "If M(x) > Kε/2, the network is robust to all perturbations δ with ||δ||∞ < ε, at x."
HYPOTHESES = {
    "lipschitz": "the network is K-Lipschitz from the infinity-norm of inputs to the norm of logits",
    "margin": "M(x) is at least the factor times K epsilon",
    "perturbation": "||delta||_inf < epsilon",
    "positive_constant": "K > 0 (with K = 0 and M = 0 two logits may tie)",
}
ATTACKS = [
    attack([1, -1], [0, 0], K=1, x=1, delta=-1, epsilon="200/199"),
    attack([1, -1], [0, 0], K=1, x=1, delta="-399/398", epsilon="200/199"),
    attack([3, -3], [0, 0], K=1, x=1, delta=-1, epsilon=2),
    attack([1, -1], [0, 0], K=1, x=1, delta=-2, epsilon=3),
    attack([1, -1], [0, 0], K=1, x=1, delta=-1, epsilon=1),
    attack([0, 0], [0, 0], K=0, x=1, delta=0, epsilon=1),
]


def linf(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Two logits and all real numbers; and the rule on networks."""
    factor = variant.value("factor", 2)

    def certifies(margin: Fraction, K: Fraction, epsilon: Fraction) -> bool:
        return margin >= factor * K * epsilon

    hypotheses = {
        "lipschitz": logits.LIPSCHITZ,
        "margin": logits.margin >= factor * logits.K * logits.epsilon,
        "perturbation": logits.epsilon > logits.size,
        "positive_constant": logits.K > 0,
    }
    rule = f"if M(x) >= {factor} K epsilon, class t is strictly on top at x + delta for ||delta||_inf < epsilon"
    return [
        logits.kept("any two logits", variant, hypotheses, logits.top_after > logits.other_after),
        no_smaller_factor(),
        certificate("networks", rule, certifies, ATTACKS, str(factor), dropped=variant.dropped),
    ]


def no_smaller_factor() -> Forall:
    """For y = (x, -x) at x = 1 and a factor whose product g with the network's constant is below 2: epsilon and a flip.

    M(1) = 2, and the constant is 2^(1/p) from l_inf to l_p (1 to l_inf), so that g < 2 says factor < 2^(1 - 1/p).
    """
    g, epsilon = var("g"), var("epsilon")
    delta = -(1 + epsilon) / 2
    flips = conj(g * epsilon < 2, -delta < epsilon, (1 + delta) - -(1 + delta) < 0)
    return Forall(
        "no smaller factor",
        {"below": conj(g > 0, g < 2), "choice": equals(2 * g * epsilon, 2 + g), "sign": epsilon > 0},
        flips,
    )


def margin_of_gap_change(sample: Any) -> Any:
    """2 ||x - y||_inf minus the largest change of a difference of two logits; shape (networks, points)."""
    change = sample.fx - sample.fy
    return 2 * (sample.x - sample.y).abs().amax(-1) - (change.amax(-1) - change.amin(-1))


def exact_margin_of_gap_change(network: Any, x: Sequence[Fraction], y: Sequence[Fraction]) -> Fraction:
    """The same in rationals."""
    from lipcheck.readings.rational import evaluate

    change = [a - b for a, b in zip(evaluate(network, x), evaluate(network, y), strict=True)]
    return 2 * max(abs(a - b) for a, b in zip(x, y, strict=True)) - (max(change) - min(change))


SEARCH = Search(
    text="In a network whose weights have infinity-norm at most one, |(y_t - y_i)(x) - (y_t - y_i)(x')| <= 2 ||x - "
    "x'||_inf.",
    activations=({"kind": "maxmin"},),
    norm="inf",
    margin=margin_of_gap_change,
    exact_margin=exact_margin_of_gap_change,
)

CLAIMS = (
    Claim(
        id="anil2019.margin_certificate.linf_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="corrected: 2 K epsilon instead of K epsilon / 2",
        statement="If a network is K-Lipschitz from l_inf to l_inf, K > 0, and M(x) >= 2 K epsilon, then t is "
        "strictly on top at x + delta for every ||delta||_inf < epsilon; no smaller factor than 2 will do.",
        expected=Verdict.PROVED,
        obligations=linf,
        scope="all numbers of classes, all real K > 0, epsilon, all networks",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants={"factor": Constant(Fraction(2), mutated=Fraction(199, 100), words="of K epsilon")},
        formal=(
            Formal(
                "margin.certificate",
                says="The certificate for any number of logits, any number of inputs and any K-Lipschitz function, "
                "not only networks.",
                leaves_out="M(x) is written out as all differences of logits, so it may be negative; a delta of norm "
                "below epsilon is one of norm at most r < epsilon. The Python code.",
            ),
            Formal(
                "margin.premises_can_hold",
            says="The premises of that theorem can hold, for any number of inputs and of other classes.",
            leaves_out="Nothing.",
        ),
        Formal(
            "margin.no_smaller_factor",
                says="Every factor c < 2 fails, for any number of inputs and of other classes, by an affine network "
                "with a strict loss or a tie.",
                leaves_out="That the function, the first input and its opposites, is written as a network; the Python "
                "code.",
            ),
        ),
        argument="proof.md#the-sharp-certificate-for-l_inf",
        search=SEARCH,
        notes="A constant network is K-Lipschitz for every K > 0. With <= epsilon instead of < epsilon it takes M(x) "
        "> 2 K epsilon.",
    ),
)
