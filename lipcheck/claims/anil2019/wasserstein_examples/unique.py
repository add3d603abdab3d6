"""ICLR, section 7.1.1: pairs of laws "whose Wasserstein Distance and (unique) optimal dual surfaces can be computed".

Plain reading: any two optimal duals are equal up to a constant. They are on the balls; outside they are free.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import ICLR
from lipcheck.claims.anil2019.kr_duality.lower_bound import line
from lipcheck.claims.anil2019.wasserstein_examples.absolute_value import ABSOLUTE, MINUS
from lipcheck.claims.anil2019.wasserstein_examples.common import DIRAC, ROW, SIDES
from lipcheck.network import Abs, Affine, MaxMin
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Data, Examination, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

# -|x| + 1, and -min(|x|, 1)
RAISED = line([[1]], Abs(), Affine([[-1]], [1]))
CAPPED = line([[1]], Abs(), Affine([[1], [0]], [0, 1]), MaxMin(), [[0, -1]])


def examine(data: Data, inside: bool) -> Examination:
    """Whether two optimal networks differ by a constant: on the line, or on the interval that the atoms span."""
    first, second = laws.read(data["first"]), laws.read(data["second"])
    functions = [laws.function(network) for network in data["networks"]]
    ends = first.ends() | second.ends()
    kinks = {p.low for f in functions for p in f if p.low is not None}
    places = sorted({min(ends), max(ends), *(t for t in kinks if min(ends) < t < max(ends))})
    if not inside:
        places = sorted(ends | kinks)
        places = [places[0] - 1, *places, places[-1] + 1]
    f, g = functions
    hypotheses = {
        "lipschitz": all(laws.slope(h) <= 1 for h in functions),
        "optimal": all(laws.objective(h, first, second) == laws.distance(first, second) for h in functions),
    }
    return Examination(hypotheses, len({laws.value(f, t) - laws.value(g, t) for t in places}) == 1)


def two(*networks: Data) -> Any:
    """Two networks for the example of |x|."""
    return {"first": DIRAC, "second": SIDES, "networks": list(networks)}


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """On the line; repaired, between the atoms."""
    where = "between the atoms" if variant.repaired else "on the line"
    return [Universal("two optimal duals", f"two optimal duals of the example of |x| differ by a constant {where}",
                      lambda data: examine(data, variant.repaired), lambda: [two(MINUS, CAPPED)],
                      parameters=variant.repaired)]  # fmt: skip


SNIPPET = """\
from fractions import Fraction
def f(x): return -abs(x)
def g(x): return -min(abs(x), 1)                     # both 1-Lipschitz
def gain(h): return h(0) - Fraction(h(-1) + h(1), 2) # p1 = delta_0, p2 = (delta_-1 + delta_1) / 2, W = 1
print(gain(f), gain(g), "f - g at 0 and 3:", f(0) - g(0), f(3) - g(3))
assert gain(f) == gain(g) == 1 and f(0) - g(0) != f(3) - g(3)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.unique",
        source=f"{ICLR}, section 7.1.1",
        printed=(
            "We first carefully pick pairs of probability distributions whose Wasserstein Distance and (unique) "
            "optimal dual surfaces can be computed analytically."
        ),
        statement="For these pairs any two optimal duals are equal up to a constant.",
        short="outside of the unit balls optimal duals are free; on the balls they are unique up to a constant",
        reading="unique up to the constant that the objective does not see",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=obligations,
        scope="the example of |x|",
        covers_all=True,
        repairs={"between the atoms": Variant(repaired=True)},
        counterexamples={"two optimal duals": two(MINUS, CAPPED)},
        near_misses=(
            NearMiss("two optimal duals", two(MINUS, RAISED), "these differ by a constant"),
            NearMiss("two optimal duals", two(MINUS, ABSOLUTE), "|x| is not optimal"),
        ),
        minimality="one input and the first of the three examples; two functions are needed",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.n_cone",
        argument="proof.md#unique",
        notes=(
            "Appendix G.1 says itself that the function outside the support does not matter, and the ICML text leaves "
            "'unique' out. On the balls optimal duals are unique up to a constant."
        ),
    ),
)
