"""Section 7.1.1: "In the case of training WGAN critics, this cannot be fixed by increasing the Lipschitz constant."

Plain reading: networks with positively homogeneous activations, free biases and weight norms at most k_1, ..., k_L are
K times those with norms at most 1, K the product. So the best critic among them is K times the best one for constant 1,
and the share of K W that it reaches does not depend on K.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.kr_duality.common import ICLR, ICML
from lipcheck.claims.anil2019.optimal_dual_gradient.common import ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals, implies
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ONE = Fraction(1)


def one_layer(variant: Variant) -> Forall:
    """Inputs s h, a weight k w, a bias s k b: the unit is s k times w h + b, and its activation p is s k times q."""
    w, h, b, s, k, p, q = (var(name) for name in ("w", "h", "b", "s", "k", "p", "q"))
    unit = equals(k * w * (s * h) + s * k * b, s * k * (w * h + b))
    given: dict[str, Formula] = {"activation": equals(p, s * k * q)} if variant.keeps("homogeneous") else {}
    return Forall("one layer", given, conj(unit, equals(p, variant.value("factor", 1) * s * k * q)))


def relu() -> Forall:
    """p = relu(z), q = relu(t z) for t > 0: q = t p."""
    z, y, t, p, q = (var(name) for name in ("z", "y", "t", "p", "q"))
    given: dict[str, Formula] = {
        "scaled": conj(t > 0, equals(y, t * z)),
        "p": conj(implies(z >= 0, equals(p, z)), implies(z < 0, equals(p, 0))),
        "q": conj(implies(y >= 0, equals(q, y)), implies(y < 0, equals(q, 0))),
    }
    witness = dict.fromkeys(("z", "y", "t", "p", "q"), ONE)
    return Forall("ReLU is homogeneous", given, equals(q, t * p), witness=witness)


def share() -> Forall:
    """Values a <= best of critics of constant 1: those of the class with constant K are K a, so K best is the best."""
    a, best, K = var("a"), var("best"), var("K")
    given: dict[str, Formula] = {"constant": K > 0, "best": a <= best}
    return Forall("the best critic is scaled", given, K * a <= K * best)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Layer by layer, the activation, and the values."""
    steps = [one_layer(variant), share()]
    return steps if budget is Budget.SMOKE else [*steps, relu()]


CLAIMS = (
    Claim(
        id=f"{ROW}.larger_constants",
        source=f"{ICML}, section 7.1.1; {ICLR}, section 7.1.1",
        printed=(
            "When training WGAN critics, this problem cannot be fixed by increasing the Lipschitz constant, since "
            "optimal critics for different Lipschitz constants are equivalent up to scaling."
        ),
        statement=(
            "For positively homogeneous activations and free biases, the best critic among networks with ||W_l|| <= "
            "k_l and K = k_1 ... k_L > 0 is K times the best one among those with ||W_l|| <= 1; the share (best value) "
            "/ (K W) does not depend on K."
        ),
        reading="the critics of one architecture, ReLU, Maxout or GroupSort, trained to optimality",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all norms, widths and depths; all laws with finite first moments",
        covers_all=True,
        hypotheses={"homogeneous": "phi(t z) = t phi(z) for t > 0"},
        constants={"factor": Constant(ONE, Fraction(101, 100), words="of K")},
        textbook=(
            Textbook("linearity of the integral", "Rudin, Real and Complex Analysis, 1.32"),
            Textbook("induction over the layers", "Peano's axioms"),
        ),
        depends_on=(f"{ROW}.scaling", "anil2019.groupsort_properties.homogeneous_nonnegative"),
        argument="proof.md#larger-constants",
        notes=(
            "A larger constant does enlarge the class: ReLU networks with K = 2 contain |x|. But as critics for K = 2 "
            "they are not optimal, and what is optimal has the distorted shape."
        ),
    ),
)
