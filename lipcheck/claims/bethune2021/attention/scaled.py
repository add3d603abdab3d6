"""Section 2.2, of attention: "cannot benefit to 1-Lipschitz neural networks in straightforward manner".

Plain reading: no scale makes it 1-Lipschitz, alone or with a residual connection: if c f + a x were K-Lipschitz for
some c != 0, f would be (K + |a|) / |c|-Lipschitz.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.attention.unbounded import PRINTED, ROW, SOURCE
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def undone(variant: Variant) -> Forall:
    """|c f| <= |c f + a x| + |a x| for the moves of f and x, of sizes `move` and d: c move <= (K + a) d = c k d."""
    c, a, move, d, K, k = map(var, ("c", "a", "move", "d", "K", "k"))
    given: dict[str, Formula] = {
        "triangle": c * move <= K * d + a * d,
        "choice": equals(c * k, K + a),
        "signs": conj(c >= 0, d >= 0, a >= 0, move >= 0),
        "scale": c > 0,
    }
    witness = dict.fromkeys(("c", "a", "move", "d", "K"), Fraction(1)) | {"k": Fraction(2)}
    return Forall("the scale undone", kept(variant, given, ["scale"]), move <= k * d, witness=witness)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The one step."""
    return [undone(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.scaled",
        source=SOURCE,
        printed=PRINTED,
        reading="the second half: in straightforward manner means by a scale, alone or on a residual connection",
        statement="For N >= 2, A != 0, V != 0, all c != 0 and all a: c f(x) + a x, f the layer of dot-product "
        "self-attention with as many outputs as inputs per token (or any number, for a = 0), is not 1-Lipschitz, and "
        "K-Lipschitz for no K.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all scales other than zero",
        covers_all=True,
        hypotheses={"scale": "c is not zero"},
        argument="proof.md#no-scale",
        depends_on=(ROW,),
        notes="On bounded tokens a scale does it: .bounded.",
    ),
)
