"""Section 4.4 and appendix F.3: "one can maintain dynamical isometry throughout training".

Plain reading, "one can": for widths that never rise or never fall, weights with all singular values 1 at every step
keep all singular values of the Jacobian at 1; and weights that have them in [c, 1] keep those in [c^L, 1]. Read as a
property of orthonormal weights and GroupSort, whatever the widths, it is false.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.orthonormal_gnp import common
from lipcheck.claims.anil2019.orthonormal_gnp.common import ISOMETRY, ROW, at, plain
from lipcheck.claims.anil2019.orthonormal_gnp.isometry import FLAT, TURN, networks, one_more_layer
from lipcheck.network import Abs
from lipcheck.norms import is_orthonormal
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "Using our methods, (Björck Orthonormalization (Björck & Bowie, 1971) and GroupSort), one can maintain dynamical "
    "isometry throughout training, reaping the aforementioned benefits."
)


LONG = plain(1, [["101/100"]], Abs(), [[1]])


def one_more_layer_nearly() -> Forall:
    """Lengths of a vector: `before` and `after` one more layer with singular values in [c, 1]; low is c^l so far."""
    c, low, whole, before, after = var("c"), var("low"), var("whole"), var("before"), var("after")
    given: dict[str, Formula] = {
        "constants": conj(c >= 0, low >= 0, whole >= 0),
        "others": conj(before >= low * whole, before <= whole),
        "layer": conj(after >= c * before, after <= before),
    }
    witness = dict.fromkeys(("c", "low", "whole", "before", "after"), Fraction(0))
    return Forall("one more layer, nearly orthonormal", given, conj(after >= c * low * whole, after <= whole),
                  witness=witness)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Monotone widths: exactly orthonormal weights, and nearly orthonormal ones."""
    return [networks(variant, False), one_more_layer(), one_more_layer_nearly()]


def any_widths(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Whatever the widths; repaired, widths that never rise or never fall."""
    sharp = Exhaustive("minimal: one unit per layer", "weights of 1 or -1 and an absolute value give slope 1 or -1",
                       lambda: [[a, b] for a in (-1, 1) for b in (-1, 1)], one_unit)  # fmt: skip
    return [networks(variant, not variant.repaired), sharp]


def one_unit(weights: Sequence[int]) -> bool:
    """Whether b |a x| has slope 1 or -1 on both sides."""
    network = plain(1, [[weights[0]]], Abs(), [[weights[1]]])
    return all(is_orthonormal(common.read(at(network, x))[1]) for x in (-1, 1))


SNIPPET = """\
def f(x):                                 # weights [1; 0] and [0, 1], each of singular value 1, with MaxMin
    a, b = 1 * x, 0 * x
    a, b = max(a, b), min(a, b)
    return 0 * a + 1 * b
print([f(x) for x in (1, 2, 3)], "slope", f(3) - f(2))
assert f(1) == f(2) == f(3) == 0          # the Jacobian is 0 on all x > 0
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.throughout_training",
        source=ISOMETRY,
        printed=PRINTED,
        statement=(
            "If the widths never rise or never fall, activations have permutations up to signs as Jacobians, and at "
            "every step of training all weights have all singular values 1 (in [c, 1]), then at every step the "
            "Jacobian of the network has all singular values 1 (in [c^L, 1], L the number of weights) almost "
            "everywhere."
        ),
        reading="one can: for suitable widths",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all depths, and all widths that never rise or never fall; 0 <= c <= 1",
        covers_all=True,
        hypotheses={
            "orthonormal": "every weight has all singular values 1",
            "activations": "activations have permutation matrices up to signs as Jacobians",
            "widths": "the widths never rise, or never fall",
        },
        constants={"singular value": Constant(Fraction(1), Fraction(101, 100), words="of the weights")},
        textbook=(
            Textbook("chain rule", "Rudin, Principles of Mathematical Analysis, 9.15"),
            Textbook("the least of r singular values is the least stretch of a vector on the smaller side", "Horn and "
                     "Johnson, Matrix Analysis, 7.3"),
            Textbook("induction over the layers", "Peano's axioms"),
        ),
        depends_on=(f"{ROW}.isometry", f"{ROW}.layer"),
        argument="proof.md#throughout-training",
        notes=(
            "ICML: 'one can achieve dynamical isometry throughout training'; section 7.1.2 says 'near-dynamical'. "
            "c < 1 is for finitely many steps of Björck's method. The critics of section 7.2 (784 or 3072 - 720 - 720 "
            "- 720 - 1) have such widths."
        ),
    ),
    Claim(
        id=f"{ROW}.throughout_training_any_widths",
        source=ISOMETRY,
        printed=PRINTED,
        statement=(
            "Every network whose weights have all singular values 1, with GroupSort, has a Jacobian with all singular "
            "values 1 almost everywhere; so orthonormal weights at every step of training maintain dynamical isometry."
        ),
        short="a layer that narrows after one that widened can lose all of the gradient; true for monotone widths",
        reading="orthonormal weights and GroupSort suffice, whatever the widths",
        variant_of=f"{ROW}.throughout_training",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=any_widths,
        scope="all widths",
        covers_all=True,
        repairs={"widths that never rise or never fall": Variant(repaired=True)},
        counterexamples={"networks": at(FLAT, 1)},
        near_misses=(
            NearMiss("networks", at(FLAT, -1), "at x < 0 the slope is 1"),
            NearMiss("networks", at(TURN, 1, 3), "the widths 2, 2, 1 never rise"),
            NearMiss("networks", at(LONG, 1), "a weight of norm 101/100"),
        ),
        minimality="one input, one hidden layer of two units, one output; with one unit per layer the slope is 1 or -1",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.throughout_training",
        argument="proof.md#throughout-training",
        notes=(
            "The MNIST classifiers, 784 - 1024 - 1024 - 1024 - 10, rise and fall: there exact orthonormality "
            "guarantees nothing, with which figure 16's singular values of 9 to 10, instead of 10, agree. A MaxMin "
            "network 1 - 4 - 1 with orthonormal weights can be constant."
        ),
    ),
)  # fmt: skip
