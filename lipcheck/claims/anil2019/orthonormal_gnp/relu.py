"""Section 4.4 and appendix F.3: "ReLU networks are not capable of achieving dynamical isometry (Pennington et al.)".

Three readings about all networks (for random weights see `random_relu`): norm-constrained ReLU networks with a hidden
layer, on all of R^n, never have all singular values 1, and for n <= m the least of them is at most 1/sqrt 2 somewhere:
true. Any weights: false, x = relu(x) - relu(-x). Norm-constrained, on bounded data: false, relu(x + 1) - 1 = x.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.orthonormal_gnp import common
from lipcheck.claims.anil2019.orthonormal_gnp.common import ISOMETRY, ROW, half, plain
from lipcheck.exact import dot
from lipcheck.network import Affine, MaxMin, Network, ReLU, from_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.readings.line import Piece, pieces
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

PRINTED = "Interestingly, ReLU networks are not capable of achieving dynamical isometry (Pennington et al., 2017)."


class IntervalError(LipcheckError, ValueError):
    """Data that spell no interval."""


def squares(data: Data) -> tuple[Network, list[Fraction]]:
    """A network from R to R^m, or {"network", "interval"}; and ||f'||^2, the singular value's square, on its pieces."""
    network = from_json(data.get("network", data)).dense()
    parts: list[Piece] = list(pieces(network))
    if "interval" in data:
        low, high = map(parse, data["interval"])
        if low >= high:
            raise IntervalError("an interval has two ends, the lower one first")
        parts = [p for p in parts if (p.low is None or p.low < high) and (p.high is None or p.high > low)]
    return network, [dot(p.slopes, p.slopes) for p in parts]


def facts(data: Data) -> dict[str, bool]:
    """The hypotheses that a network on the line meets."""
    network, _ = squares(data)
    weights = [layer.weight for layer in common.affine(network)]
    return {
        "norm": all(spectral_norm_at_most(w, Fraction(1)) for w in weights),
        "relu": all(isinstance(layer, Affine | ReLU) for layer in network.layers),
        "hidden layer": len(weights) > 1,
        "whole space": "interval" not in data,
    }


# relu(x / 2), twice, and relu(-x / 2), twice: the least that can be lost
SHARP = plain(1, [[half], [half], [-half], [-half]], ReLU(), [[int(i == j) for j in range(4)] for i in range(4)])
PAIR = plain(1, [[1], [-1]], ReLU(), [[1, -1]])
SHIFTED = plain(1, Affine([[1]], [1]), ReLU(), Affine([[1]], [-1]))
ON_INTERVAL: Data = {"network": SHIFTED, "interval": ["-1", "1"]}
SORTED = plain(1, [[1], [0]], MaxMin(), [[1, 0], [0, 1]])
AFFINE = plain(1, [[1]])
CANDIDATES: list[Any] = [SHARP, PAIR, ON_INTERVAL, SORTED, AFFINE]


def constrained(variant: Variant) -> Universal:
    """Norm-constrained ReLU networks on the line."""
    bound = variant.value("least square", half)

    def examine(data: Data) -> Examination:
        return Examination(facts(data), min(squares(data)[1]) <= bound)

    return Universal("networks from the line", f"somewhere the squared singular value is at most {bound}", examine,
                     lambda: CANDIDATES, variant.dropped, str(bound))  # fmt: skip


def halves(variant: Variant) -> Forall:
    """p = |D W v|^2 at t x and q at -t x, t large: one of them is at most half of |W v|^2 <= 1."""
    p, q, T = var("p"), var("q"), var("T")
    bound = variant.value("least square", half)
    given: dict[str, Formula] = {"units": p + q <= T, "norm": T <= 1}
    return Forall("one side is at most one half", given, disj(p <= bound, q <= bound))


def one_more_unit() -> Forall:
    """A unit with s = (w.v)^2 is active at t x or at -t x, not at both, or reads nothing and has s = 0."""
    p, q, T, s = var("p"), var("q"), var("T"), var("s")
    given: dict[str, Formula] = {"others": p + q <= T, "square": s >= 0}
    return Forall("one more unit", given, conj((p + s) + q <= T + s, p + (q + s) <= T + s))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Complementary sets of active units on opposite sides."""
    return [constrained(variant), one_more_unit(), halves(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.relu",
        source=ISOMETRY,
        printed=PRINTED,
        statement=(
            "A ReLU network f : R^n → R^m with all ||W||_2 <= 1 and a hidden layer does not have all singular values "
            "of its Jacobian equal to 1 almost everywhere. For n <= m, the least of the n singular values is at most "
            "1/sqrt 2 on a nonempty open set; for n = 1, m = 4 this bound is attained."
        ),
        reading="norm-constrained networks, on all of R^n",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all widths, depths, n and m",
        covers_all=True,
        hypotheses={
            "norm": "every weight has ||W||_2 <= 1",
            "relu": "every activation is ReLU",
            "hidden layer": "there is a hidden layer",
            "whole space": "the inputs are all of R^n",
        },
        constants={"least square": Constant(half, Fraction(49, 100), words="the square of the bound")},
        textbook=(
            Textbook("||A B||_2 <= ||A||_2 ||B||_2", "Horn and Johnson, Matrix Analysis, 5.6"),
            Textbook("induction over the units", "Peano's axioms"),
        ),
        depends_on=("anil2019.theorem_1.relu",),
        argument="proof.md#relu",
        notes=(
            "Independent of training and initialisation. For m < n, exact isometry is excluded by Theorem 1 applied to "
            "one output, and near isometry with a bound that falls with the depth: see the derivation."
        ),
    ),
)
