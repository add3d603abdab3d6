"""Section 4.4 and appendix F.3: two readings of the sentence on ReLU networks and isometry that are false.

Any weights: x = relu(x) - relu(-x). Norm-constrained, on bounded data: relu(x + 1) - 1 = x on [-1, 1].
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.orthonormal_gnp.common import ISOMETRY, ROW, plain
from lipcheck.claims.anil2019.orthonormal_gnp.relu import (
    AFFINE,
    ON_INTERVAL,
    PAIR,
    PRINTED,
    SHARP,
    SHIFTED,
    SORTED,
    facts,
    squares,
)
from lipcheck.network import ReLU
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict


def isometries(name: str, wanted: tuple[str, ...], candidates: Sequence[Data]) -> Universal:
    """ReLU networks that meet these hypotheses are not isometric."""

    def examine(data: Data) -> Examination:
        found = facts(data)
        return Examination({key: found[key] for key in wanted}, set(squares(data)[1]) != {Fraction(1)})

    text = f"a network from the line that meets {', '.join(wanted)} has a singular value that is not 1 somewhere"
    return Universal(name, text, examine, lambda: candidates, parameters=list(wanted))


def any_weights(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """No norm constraint; repaired, with it. One hidden unit never suffices: it is flat on one side of its kink."""
    wanted = ("relu", "hidden layer", "whole space", *(["norm"] if variant.repaired else []))
    y, z = var("y"), var("z")
    flat = Forall("minimal: one hidden unit is flat on a half-line", {"side": conj(y <= 0, z <= 0)},
                  equals(positive_part(y), positive_part(z)))  # fmt: skip
    return [isometries("any weights", wanted, [PAIR]), flat]


def bounded(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Inputs in an interval; repaired, all of R."""
    wanted = ("norm", "relu", "hidden layer", *(["whole space"] if variant.repaired else []))
    return [isometries("bounded inputs", wanted, [ON_INTERVAL, SHIFTED])]


PAIR_SNIPPET = """\
def relu(t): return max(t, 0)
def f(x): return relu(1 * x) - relu(-1 * x)   # weights [1; -1] and [1, -1]
print([f(x) for x in (-3, -1, 0, 2, 5)])
assert all(f(x) == x for x in range(-100, 101))  # the identity: the Jacobian is 1
"""
SHIFT_SNIPPET = """\
def relu(t): return max(t, 0)
def f(x): return 1 * relu(1 * x + 1) - 1      # weights 1 and 1, biases 1 and -1
grid = [k / 8 for k in range(-8, 9)]
print([f(x) for x in grid])
assert all(f(x) == x for x in grid)           # the identity on [-1, 1]: the Jacobian is 1
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.relu_any_weights",
        source=ISOMETRY,
        printed=PRINTED,
        statement=(
            "No ReLU network with a hidden layer has all singular values of its Jacobian equal to 1 almost everywhere "
            "on R^n."
        ),
        short="x = relu(x) − relu(−x); impossible where all weights have norm at most 1",
        reading="literal: ReLU networks, whatever their weights",
        variant_of=f"{ROW}.relu",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=any_weights,
        scope="networks on the line",
        covers_all=True,
        repairs={"norm-constrained weights": Variant(repaired=True)},
        counterexamples={"any weights": PAIR},
        near_misses=(
            NearMiss("any weights", SHARP, "the singular value is 1/sqrt 2"),
            NearMiss("any weights", SORTED, "not a ReLU network"),
            NearMiss("any weights", AFFINE, "no hidden layer"),
            NearMiss("any weights", plain(1, [[1]], ReLU(), [[1]]), "flat for x < 0"),
        ),
        minimality="one input, two hidden units; one hidden unit is flat on a half-line",
        snippet=PAIR_SNIPPET,
        repaired_by=f"{ROW}.relu",
        argument="proof.md#relu-with-any-weights",
        notes=(
            "Weights of norm sqrt 2, twice. The same for R^n, unit by unit; so training could keep a ReLU network "
            "isometric. Pennington et al. speak of random weights: see `random_relu`."
        ),
    ),
    Claim(
        id=f"{ROW}.relu_bounded",
        source=ISOMETRY,
        printed=PRINTED,
        statement=(
            "No ReLU network with all ||W||_2 <= 1 and a hidden layer has all singular values of its Jacobian equal to "
            "1 at almost every point of a bounded set with interior."
        ),
        short="relu(x + 1) − 1 = x on [−1, 1]; impossible on all of R^n",
        reading="norm-constrained networks, on bounded data",
        variant_of=f"{ROW}.relu",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=bounded,
        scope="networks on an interval",
        covers_all=True,
        repairs={"inputs from all of R^n": Variant(repaired=True)},
        counterexamples={"bounded inputs": ON_INTERVAL},
        near_misses=(
            NearMiss("bounded inputs", {**ON_INTERVAL, "interval": ["-2", "1"]}, "flat on [-2, -1]"),
            NearMiss("bounded inputs", {**ON_INTERVAL, "network": PAIR}, "weights of norm sqrt 2"),
            NearMiss("bounded inputs", {**ON_INTERVAL, "network": AFFINE}, "no hidden layer"),
        ),
        minimality="one input, one hidden unit; with less there is no hidden layer",
        snippet=SHIFT_SNIPPET,
        repaired_by=f"{ROW}.relu",
        argument="proof.md#relu-on-bounded-data",
        notes="All units are active, so that the network is linear where it is isometric: Theorem 1 again.",
    ),
)
