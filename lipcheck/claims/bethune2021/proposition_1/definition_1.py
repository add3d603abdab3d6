"""Section 3.1, proof of Proposition 1: "The function f introduced below in Definition 1 verifies the aforementioned
properties." Definition 1 gives f on X only, and the properties are about R^n."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lipcheck.claims.bethune2021.mountain_function import _line as line
from lipcheck.claims.bethune2021.proposition_1.existence import ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Examination, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

OFF = {"A": ["1"], "B": ["-1"], "x": "0"}

SNIPPET = """\
c = {1: +1, -1: -1}                                              # X = {-1, 1}, the frontier is {0}
f = {x: c[x] * abs(x - 0) for x in c}                            # Definition 1: f(x) = c(x) d(x, frontier) on X
print("f is defined at", sorted(f))
assert 0 not in f                                                # and so at no other point of R, and has no gradient
"""


def everywhere(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Classes on the line and a number x: f(x) is defined (repaired: by definition 3)."""

    def examine(given: Any) -> Examination:
        found, more = line.read(given, "x")
        hypotheses = {"both classes occur": all(found), "disjoint": line.disjoint(found)}
        defined = variant.repaired or any(more["x"] in members for members in found)
        return Examination(hypotheses, defined)

    text = "definition 1 (repaired: 3) gives f a value at every real x, as 'f : R^n -> R' asks"
    return [Universal("domain", text, examine, lambda: [OFF], parameters=[variant.repaired])]


CLAIMS = (
    Claim(
        id=f"{ROW}.definition_1",
        short="Definition 1 gives f on X only, not on R^n; Definition 3 extends it",
        source="Béthune et al. 2021, arXiv 2104.05097v2, section 3.1, proof of Proposition 1",
        printed="The function f introduced below in Definition 1 verifies the aforementioned properties. Full proof "
        "detailed in Appendix.",
        variant_of=ROW,
        statement="The f of definition 1 is a function from R^n to R.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=everywhere,
        scope="finite classes on the line",
        covers_all=True,
        repairs={"definition 3": Variant(repaired=True)},
        counterexamples={"domain": OFF},
        near_misses=(
            NearMiss("domain", {**OFF, "x": "1"}, "x is in X"),
            NearMiss("domain", {**OFF, "B": []}, "one class"),
        ),
        minimality="two points, one of each class; x anywhere else",
        snippet=SNIPPET,
        repaired_by=ROW,
        argument="proof.md#definition-1-is-not-enough",
        notes="On X the two definitions agree (mountain_function.definition_1). On a finite X no gradient exists.",
    ),
)
