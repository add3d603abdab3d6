"""Appendix B, proof of Proposition 3: equation 15 bounds two losses by E(f_t, X), equation 16 takes the limit.

E(f_t, X) is not defined there. Equation 3 and the next proofs use the mean, for which equation 15 lacks a factor p;
with the sum of the losses the proof is right. Either way the right side tends to 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.bethune2021._bce import EXP, PAPER
from lipcheck.claims.bethune2021.proposition_3.statement import ROW
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{PAPER}, appendix B, proof of Proposition 3, equations 15 and 16"
PRINTED = (
    "For the pair i, j, as y_i ≠ y_j, by positivity of L we must have: 0 ≤ L(f_t(x_i), +1) + L(f_t(x_j), −1) ≤ E(f_t, "
    "X) (15). As the right hand side has limit zero, we have: lim L(f_t(x_i), +1) = lim L(f_t(x_j), −1) = 0 ⟹ lim "
    "−f_t(x_i) = lim f_t(x_j) = −∞ (16)"
)
EQUATION_15 = "equation 15"


def mean(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """a, b: the two losses; r: the sum of the others; p E = a + b + r, repaired: E = a + b + r."""
    a, b, r, p, E = map(var, ("a", "b", "r", "p", "E"))
    total = E if variant.repaired else p * E
    given: dict[str, Formula] = {
        "losses": conj(a > 0, b > 0, r >= 0),
        "points": p >= 2,
        "E": conj(total >= a + b + r, total <= a + b + r),
    }
    return [Forall(EQUATION_15, given, conj(a + b >= 0, a + b <= E))]


def summed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equation 15 with the sum; the limits with z = e^(-margin); the difference and the quotient."""
    a, b, r, z, F, G, f, g, d, L, K = map(var, ("a", "b", "r", "z", "F", "G", "f", "g", "d", "L", "K"))
    losses: dict[str, Formula] = {"losses": conj(a > 0, b > 0)}
    if variant.keeps("positivity"):
        losses["positivity"] = r >= 0
    small: dict[str, Formula] = {"exponentials": conj(z > 0, F > 0)}
    if variant.keeps("limit_zero"):
        small["limit_zero"] = 1 + z <= F
    steep: dict[str, Formula] = {"logits": conj(f > K, g < -K), "lipschitz": f - g <= L * d, "apart": d > 0}
    return [
        Forall(EQUATION_15, losses, conj(a + b >= 0, a + b <= a + b + r)),
        Forall("a loss at most log F makes e^(-margin) at most F - 1", small, z <= F - 1),
        Forall("the difference diverges", {"logits": conj(f > K, g < -K), "name": f - g <= G}, G > 2 * K),
        Forall("so does the constant", steep, L * d > 2 * K),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.proof",
        short="two losses exceed the mean of eq. 3; they are at most p times it (a slip without consequence)",
        source=SOURCE,
        printed=PRINTED,
        statement="For two points with opposite labels, the sum of their losses is at most the mean loss of equation "
        "3, which E(f_t, X) stands for.",
        reading="E(f_t, X) is the mean of equation 3, as in the proofs that follow",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=mean,
        scope="all p >= 2 and all losses",
        covers_all=True,
        repairs={"E is the sum of the losses": Variant(repaired=True)},
        counterexamples={EQUATION_15: {"a": "1", "b": "1", "r": "0", "p": "2", "E": "1"}},
        near_misses=(
            NearMiss(EQUATION_15, {"a": "1", "b": "1", "r": "2", "p": "2", "E": "2"}, "others weigh as much"),
            NearMiss(EQUATION_15, {"a": "1", "b": "1", "r": "0", "p": "1", "E": "2"}, "two points are not one"),
            NearMiss(EQUATION_15, {"a": "0", "b": "0", "r": "0", "p": "2", "E": "0"}, "no loss is zero"),
        ),
        minimality="p = 2 points, the fewest with two labels; there it fails for all values of the losses",
        snippet=(
            "from math import exp, log\n"
            "def loss(f, y): return log(1 + exp(-y * f))\n"
            "two = loss(0, +1) + loss(0, -1)\n"
            "mean = two / 2\n"
            "print(two, 'is not at most', mean)\n"
            "assert two > mean"
        ),
        repaired_by=f"{ROW}.proof_sum",
        argument="proof.md#the-printed-proof",
        notes="What fails is the factor p of the bound, not the proof: p is fixed, so p times the mean tends to 0 too. "
        "The division by ||x_i - x_j|| needs different inputs: where two are equal, equation 3 cannot hold.",
    ),
    Claim(
        id=f"{ROW}.proof_sum",
        source=SOURCE,
        printed=PRINTED,
        reading="E(f_t, X) is the sum of the losses, p times the mean of equation 3",
        statement="The sum of two losses lies between 0 and the sum of all; if that tends to 0, the logits of the two "
        "points tend to +infinity and -infinity, their difference and the Lipschitz constant to +infinity.",
        expected=Verdict.PROVED,
        obligations=summed,
        scope="all p >= 2 and all functions",
        covers_all=True,
        hypotheses={"positivity": "losses are not negative", "limit_zero": "the sum of the losses tends to 0"},
        textbook=(EXP,),
        argument="proof.md#the-printed-proof",
    ),
)
