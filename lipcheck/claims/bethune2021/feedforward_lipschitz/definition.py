"""Section 2.1: "the smallest L such that [...] ‖f(x) - f(y)‖ ≤ L‖x - y‖, in this case f is said L-Lipschitz".

Plain reading: there is a smallest such L >= 0 for every Lipschitz f on R^n, and "L-Lipschitz" means that L is at least
it. Read literally, with the smallest equal to L, the 1-Lipschitz functions are not closed under composition:
relu(-relu(x)) = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.lipschitz_constant.constant import smallest
from lipcheck.claims.anil2019.lipschitz_constant.named import MINUS, OPPOSED, data, use
from lipcheck.claims.anil2019.lipschitz_constant.named import obligations as compositions
from lipcheck.claims.bethune2021.feedforward_lipschitz.networks import PAPER, ROW
from lipcheck.network import Abs, ReLU
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.obligation import Obligation
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "The Lipschitz constant of function f : R^n → R^K is defined as the smallest L such that for all x, y ∈ R^n we "
    "have ‖f(x) - f(y)‖ ≤ L‖x - y‖, in this case f is said L-Lipschitz."
)


def at_most(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The smallest constant exists, and every larger number is one."""
    return [*smallest(variant, budget), *use(variant, budget)]


CLAIMS = (
    Claim(
        id=f"{ROW}.definition",
        source=f"{PAPER}, section 2.1",
        printed=PRINTED,
        reading="L-Lipschitz: the smallest constant is at most L, the use of the paper, for L >= 0",
        statement="Every Lipschitz f : R^n -> R^K, n >= 1, has a smallest constant, at least 0; and ‖f(x) - f(y)‖ <= "
        "L‖x - y‖ for all x, y exactly if L is at least it.",
        expected=Verdict.PROVED,
        obligations=at_most,
        scope="all Lipschitz functions on R^n",
        covers_all=True,
        hypotheses={
            "two points": "the domain has two different points",
            "at most": "the smallest constant is at most L",
        },
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of L")},
        textbook=(Textbook("a nonempty set of reals that is bounded below has an infimum", "Rudin, Principles, 1.11"),),
        argument="proof.md#the-definition",
        depends_on=("anil2019.lipschitz_constant",),
    ),
    Claim(
        id=f"{ROW}.definition_literal",
        short="with 'smallest constant exactly 1', relu(-relu(x)) = 0 breaks composition; 'at most 1' is what is used",
        source=f"{PAPER}, section 2.1, with 2.2",
        printed=f"{PRINTED} [2.2:] As a composition of functions, the Lipschitz constant of a multilayer network is "
        "upper bounded by the product [...]",
        reading="literal: f is L-Lipschitz if its smallest constant is L, not at most L",
        variant_of=f"{ROW}.definition",
        statement="The functions from R to R whose smallest constant is 1 are closed under composition, as 1-Lipschitz "
        "layers are to make a 1-Lipschitz network.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=compositions,
        scope="functions on R",
        covers_all=True,
        counterexamples={"composition": OPPOSED},
        near_misses=(
            NearMiss("composition", data([ReLU()], [ReLU()]), "ReLU after ReLU is ReLU, of constant 1"),
            NearMiss("composition", data([Abs()], [MINUS, Abs()]), "| -|x| | has constant 1"),
        ),
        minimality="one unit each: if one of the two maps is affine, of slope 1 or -1, every slope of the other keeps "
        "its size",
        snippet="def f(x): return max(x, 0)\ndef g(x): return max(-x, 0)\nvalues = {g(f(x)) for x in range(-5, 6)}\n"
        "print('g after f takes the values', values)\nassert f(1) - f(0) == g(-1) - g(0) == 1 and values == {0}",
        repairs={"at most one": Variant(repaired=True)},
        repaired_by=f"{ROW}.definition",
        argument="proof.md#the-definition",
        notes="Section 2.3 parameterizes Lip_L and section 4 minimizes over it: both use 'at most'.",
    ),
)
