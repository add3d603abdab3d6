"""ICML 4.3, below equation 3: "If M(x) > K epsilon / 2, the network is robust to all perturbations delta with
||delta||_inf < epsilon, at x."

Plain reading: a network with logits y, K-Lipschitz in the infinity-norm, keeps class t on top under every perturbation
smaller than epsilon once its margin at x exceeds half of K epsilon. It takes four times as much: 2 K epsilon.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.claims.anil2019.margin_certificate import _logits as logits
from lipcheck.claims.anil2019.margin_certificate._networks import attack, certificate, gap
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = "Anil, Lucas, Grosse 2019, ICML, section 4.3, equation 3; ICLR submission, section 4.3, equation 4"
PRINTED_FACTOR = Fraction(1, 2)

FLIPPED = attack([1, -1], [0, 0], K=1, x=1, delta=-2, epsilon=3)
FLIPPED_IN_ONE_NORM = attack([1, 0], [0, 0], K=1, x=1, delta="-5/4", epsilon="3/2")

SNIPPET = """\
def y(x):
    return (x, -x)                      # each logit is 1-Lipschitz: K = 1
K, epsilon, x, delta = 1, 3, 1, -2      # class 0 is on top at x
margin = y(x)[0] - y(x)[1]
print("M =", margin, "> K epsilon / 2 =", K * epsilon / 2, "but y(x + delta) =", y(x + delta))
assert 2 * margin > K * epsilon and abs(delta) < epsilon
assert y(x + delta)[0] < y(x + delta)[1]
"""


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The certificate on networks, with logits in the infinity-norm and in the 1-norm, and two forms of minimality."""
    factor = variant.value("factor", PRINTED_FACTOR)
    rule = f"if M(x) > {factor} K epsilon, no class is strictly above t at x + delta for ||delta||_inf < epsilon"

    def certifies(margin: Fraction, K: Fraction, epsilon: Fraction) -> bool:
        return margin > factor * K * epsilon

    return [
        certificate("infinity-norm of logits", rule, certifies, [FLIPPED], str(factor), ties="allowed"),
        certificate("1-norm of logits", rule, certifies, [FLIPPED_IN_ONE_NORM], str(factor), norm="1", ties="allowed"),
        small_integers(),
        no_nearer_flip(),
    ]


def small_integers() -> Exhaustive:
    """No counterexample y = (a x, b x) has only integers of magnitude at most 2."""

    def elements() -> Iterator[list[int]]:
        return (list(e) for e in product(*[range(-2, 3)] * 4, (1, 2), (0, 1)))

    def holds(element: list[int]) -> bool:
        a, b, x, delta, epsilon, t = element
        K = max(abs(a), abs(b))
        before, after = (gap([Fraction(a * z), Fraction(b * z)], t) for z in (x, x + delta))
        return not (2 * max(before, Fraction(0)) > K * epsilon and abs(delta) < epsilon and after < 0)

    text = "y = (a x, b x), K = max(|a|, |b|), integers a, b, x, delta, epsilon up to 2: no counterexample"
    return Exhaustive("minimal: integers up to 2", text, elements, holds)


def no_nearer_flip() -> Forall:
    """Whatever the network, a class that is strictly overtaken had a margin of at most 2 K ||delta||."""
    hypotheses = {**logits.GIVEN, "lipschitz": logits.LIPSCHITZ, "overtaken": logits.other_after > logits.top_after}
    at_most = logits.margin <= 2 * logits.K * logits.size
    return Forall("minimal: no network flips nearer", hypotheses, at_most)


NEAR: dict[str, Any] = {
    "the perturbation is as large as epsilon": attack([1, -1], [0, 0], K=1, x=1, delta=-3, epsilon=3),
    "the margin equals K epsilon / 2": attack([1, -1], [0, 0], K=1, x=1, delta=-2, epsilon=4),
    "the logits tie": attack([1, -1], [0, 0], K=1, x=1, delta=-1, epsilon=3),
    "the network is not 1-Lipschitz": attack(["101/100", -1], [0, 0], K=1, x=1, delta=-2, epsilon=3),
    "a number is not in lowest terms": {**FLIPPED, "K": "2/2"},
}

CLAIMS = (
    Claim(
        id="anil2019.margin_certificate",
        short="a margin above Kε/2 certifies nothing; 2Kε is right for l_inf, √2 Kε for l_2, 2^(1−1/p) Kε for l_p",
        source=SOURCE,
        printed="Formally, given a network with Lipschitz constant K (with respect to the L∞ metric) and an input x "
        "with corresponding class t that produces logits y, we define its margin by M(x) = max(0, y_t − max_{i≠t} "
        "y_i) (3) If M(x) > Kε/2, the network is robust to all perturbations δ with ||δ||∞ < ε, at x.",
        statement="If a network is K-Lipschitz from l_inf to l_inf and M(x) > K epsilon / 2, then for every delta "
        "with ||delta||_inf < epsilon no class has a larger logit than t at x + delta.",
        reading="as printed; fails for K measured in l_inf and in l_1 logits, hence in every l_p, and even if ties "
        "count as robust",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=obligations,
        scope="networks with at least two logits; any K, epsilon, x",
        covers_all=True,
        constants={
            "factor": Constant(PRINTED_FACTOR, sharp=Fraction(2), words="the factor of K epsilon that M must exceed")
        },
        repairs={"factor 2": Variant(constants={"factor": Fraction(2)}, repaired=True)},
        counterexamples={"infinity-norm of logits": FLIPPED, "1-norm of logits": FLIPPED_IN_ONE_NORM},
        near_misses=tuple(NearMiss("infinity-norm of logits", data, why) for why, data in NEAR.items()),
        minimality="one input, two classes, one layer without bias, where no integers of magnitude at most 2 will do; "
        "and no network whatsoever flips nearer than M / (2K), just beyond which this one does",
        snippet=SNIPPET,
        repaired_by="anil2019.margin_certificate.linf_sharp",
        argument="proof.md#the-printed-certificate",
        notes="The certified radius is printed as 2M/K; the true one is M/(2K), a quarter of it. With one class only "
        "the maximum in (3) is over nothing and M is undefined.",
    ),
)
