"""Section 2.1: "known to be Lipschitz but with no knowledge on their constant L".

Plain reading: the architecture alone bounds nothing: whatever its widths, depth and activations, weights exist with a
constant of at least K, for every K. Given the weights something is known: the product of the norms (section 2.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.feedforward_lipschitz.networks import INDUCTION, PAPER, ROW
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

PRINTED = "Such neural networks are known to be Lipschitz [10] but with no knowledge on their constant L."


def through(variant: Variant) -> Forall:
    """An affine layer that takes the values u != v of the activation before to the places p, q: z -> a z + b."""
    u, v, p, q, a, b = map(var, ("u", "v", "p", "q", "a", "b"))
    given: dict[str, Formula] = {
        "choice": conj(equals(a * (v - u) ** 2, (q - p) * (v - u)), equals(b, p - a * u)),
        "not constant": disj(u < v, v < u),
    }
    return Forall("one more layer keeps the two places apart", kept(variant, given, ["not constant"]),
                  conj(equals(a * u + b, p), equals(a * v + b, q)),
                  witness=dict.fromkeys("pqab", Fraction(0)) | {"u": Fraction(0), "v": Fraction(1)})  # fmt: skip


def last(variant: Variant) -> Forall:
    """The last layer z -> c z takes u != v to values K apart, while the inputs are at distance one."""
    u, v, c, K = map(var, ("u", "v", "c", "K"))
    given: dict[str, Formula] = {
        "choice": conj(equals(c * (v - u) ** 2, K * (v - u)), K > 0),
        "not constant": disj(u < v, v < u),
    }
    witness = {"u": Fraction(0), "v": Fraction(1), "c": Fraction(1), "K": Fraction(1)}
    return Forall("the last layer", kept(variant, given, ["not constant"]), equals(c * v - c * u, K), witness=witness)


def unbounded(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Two inputs at distance one are kept apart through all layers, and set K apart by the last."""
    return [through(variant), last(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.no_knowledge",
        source=f"{PAPER}, section 2.1",
        printed=PRINTED,
        reading="of the architecture: depth, widths and activations bound no constant",
        statement="For every number of affine layers, all widths and all activations on units that are not constant, "
        "and for every K > 0, some weights and biases give a network whose Lipschitz constant is at least K.",
        expected=Verdict.PROVED,
        obligations=unbounded,
        scope="all architectures with affine layers, the last one without activation",
        covers_all=True,
        hypotheses={"not constant": "every activation takes two different values u, v at some places p, q"},
        textbook=(INDUCTION,),
        argument="proof.md#no-knowledge",
        depends_on=(ROW,),
        notes="Read literally, as 'nothing is known of the constant of given weights', it would contradict section "
        "2.2: the product of the norms is known. Sorts, too, keep (p, ..., p) and (q, ..., q) "
        "apart.",
    ),
)
