"""Checklist 2(a) and 2(b): assumptions and proofs of all theoretical results.

Each of the two answers is refuted by results of the paper: equation 6 needs equal labels and Proposition 4 both labels,
which are not stated; the printed proof of Proposition 6 takes an n for which its conclusion is false.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.abstract_and_checklist import cross_entropy
from lipcheck.claims.bethune2021.abstract_and_checklist._words import PAPER, ROW, ExampleError
from lipcheck.claims.bethune2021.proposition_6 import n_for_epsilon
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Data, Examination, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.verdict import Budget, Grade, Verdict

UNEQUAL: Any = {"p": "2/3"}


def balance(data: Data, asked: bool) -> Examination:
    """Equation 6: whether the loss -(2 p - 1) t of the constants t has a lower bound."""
    if not isinstance(data, Mapping) or set(data) != {"p"}:
        raise ExampleError("give p = P(Y = 1)")
    p = parse(data["p"])
    if not 0 < p < 1:
        raise ExampleError("p lies strictly between 0 and 1")
    even = p == Fraction(1, 2)
    return Examination({"equal labels": even} if asked else {}, 2 * p - 1 == 0)


def assumptions(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The minima of equation 6 and of Proposition 4 exist under what is stated (repaired: with what is missing)."""
    added = " and the missing assumption" if variant.repaired else ""
    return [
        Universal(
            "equation 6",
            f"under the stated assumptions{added} constants have losses that are bounded below",
            lambda d: balance(d, variant.repaired),
            lambda: [UNEQUAL],
            parameters=variant.repaired,
        ),
        Universal(
            "Proposition 4",
            f"under the stated assumptions{added} constants cannot lower the loss for ever",
            lambda d: cross_entropy.examine(d, variant.repaired),
            lambda: [cross_entropy.ONE_CLASS],
            parameters=variant.repaired,
        ),
    ]


def proofs(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The last step of the printed proof of Proposition 6 (repaired: with more than 1/epsilon atoms)."""
    return n_for_epsilon.printed(variant, budget)


CLAIMS = (
    Claim(
        id=f"{ROW}.assumptions",
        source=f"{PAPER}, checklist 2(a)",
        printed="Did you state the full set of assumptions of all theoretical results? [Yes] assumptions are clearly "
        "stated in each theorem, and Section 2.1 ensures that every object is well defined.",
        statement="Equation 6 and Proposition 4 hold under the assumptions that the paper states for them.",
        short="equation 6 needs P(Y=1) = 1/2 and Proposition 4 both classes; neither is stated",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=assumptions,
        scope="the two results named",
        covers_all=True,
        repairs={"with the missing assumptions": Variant(repaired=True)},
        counterexamples={"equation 6": UNEQUAL, "Proposition 4": cross_entropy.ONE_CLASS},
        near_misses=(
            NearMiss("equation 6", {"p": "1/2"}, "equal labels"),
            NearMiss("Proposition 4", {"labels": [1, -1]}, "both classes"),
        ),
        minimality="one constant function each; one result would do",
        snippet="""\
p = 2 / 3                                            # equation 6: P(Y = 1) = 2/3, f = t
print("equation 6:", [-(2 * p - 1) * t for t in (0, 3, 30)], "has no minimum")
from math import exp, log1p
print("Proposition 4, one class:", [log1p(exp(-t)) for t in (0, 3, 30)], "does not attain 0")
assert -(2 * p - 1) * 30 < -(2 * p - 1) * 3 and log1p(exp(-30)) < log1p(exp(-3))
""",
        repaired_by=f"{ROW}.well_posed_sharp",
        argument="proof.md#the-checklist",
        notes="The repairs are kr_loss_value.sharp (equation 6) and well_posed_sharp (Proposition 4, for samples).",
    ),
    Claim(
        id=f"{ROW}.proofs",
        source=f"{PAPER}, checklist 2(b); section 2.1: 'The proof of every Proposition can be found in Appendix'",
        printed="Did you include complete proofs of all theoretical results? [Yes], mainly in Appendix due to space "
        "constraints.",
        statement="The proof of Proposition 6 in appendix C proves it: for its n every minimizer has an error "
        "above 1/2 - "
        "epsilon.",
        short="the proof of Proposition 6 takes n = ceil(1/(2 eps)), for which errors are lower; n > 1/eps works",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=proofs,
        scope="the proof of Proposition 6",
        covers_all=True,
        repairs={"n > 1/epsilon": Variant(repaired=True)},
        counterexamples={"error is greater": n_for_epsilon.ALL_RIGHT, "error is at least": n_for_epsilon.ALL_RIGHT},
        near_misses=(
            NearMiss("error is greater", {**n_for_epsilon.ALL_RIGHT, "epsilon": "1/2"}, "the printed n is 1, not 2"),
        ),
        minimality="n = 2 atoms of each class; n = 1 is no counterexample to the weak bound",
        snippet=n_for_epsilon.SNIPPET,
        repaired_by="bethune2021.proposition_6",
        argument="proof.md#the-checklist",
        notes="The statement is true; equation 6, Property 1 and equation 26 come without any proof.",
    ),
)
