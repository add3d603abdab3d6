"""ICLR section 5: "Other regularization techniques penalize the network Jacobian [...] they do not provably enforce a
Lipschitz constraint"; sections 1: "do not provably enforce the Lipschitz constraint globally".

A network whose penalty is zero at all data, and whose slope elsewhere is 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.parseval._update import ICLR, ROW
from lipcheck.network import Affine, Network, ReLU, from_json, to_json
from lipcheck.readings.rational import evaluate, is_smooth_at, jacobian
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.obligation import Exhaustive, Obligation
from lipcheck.words.verdict import Budget, Verdict

STEEP = Network(1, (Affine([[1], [-1], [1]], [0, 0, -2]), ReLU(), Affine.linear([[1, -1, 4]])))
"""x for x <= 2, and 5 x - 8 beyond."""


def penalty(network: Network, points: Sequence[Fraction]) -> Fraction:
    """The sum of (|f'(x)| - 1)^2 over the points, where the network is differentiable."""
    slopes = [abs(jacobian(network, [x])[0][0]) for x in points if is_smooth_at(network, [x])]
    return sum(((slope - 1) ** 2 for slope in slopes), Fraction(0))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The penalty vanishes at 1 and -1, and two points have a difference quotient of 5."""
    last = variant.value("last", 1)
    points = [Fraction(-1), last]

    def holds(data: Any) -> bool:
        network = from_json(data)
        (near,), (far,) = evaluate(network, [Fraction(2)]), evaluate(network, [Fraction(3)])
        smooth = all(is_smooth_at(network, [x]) for x in points)
        return smooth and penalty(network, points) == 0 and abs(far - near) == 5

    text = f"the network has slope 1 in size at the data -1 and {last}, and |f(3) - f(2)| = 5"
    return [Exhaustive("a steep network", text, lambda: [to_json(STEEP)], holds, [str(last)])]


CLAIMS = (
    Claim(
        id=f"{ROW}.jacobian_penalty",
        source=f"{ICLR}, section 5; ICML, the same and section 1",
        printed=(
            "Other regularization techniques penalize the network Jacobian, thereby constraining the Lipschitz "
            "constant locally around the data [...]. While these methods have the advantage that it is typically easy "
            "to train neural networks under such penalties, they do not provably enforce a Lipschitz constraint."
        ),
        statement=(
            "There is a network whose Jacobian penalty, the sum of (||f'(x)|| - 1)^2 over the data, is zero, and which "
            "is not 1-Lipschitz."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="penalties of the gradient's norm at finitely many points",
        covers_all=True,
        mutants={"data at 3": Variant(constants={"last": Fraction(3)})},
        argument="proof.md#penalties",
        notes=(
            "The same network moved apart serves any finite set of data, and any penalty that is zero where |f'| = 1."
        ),
    ),
)
