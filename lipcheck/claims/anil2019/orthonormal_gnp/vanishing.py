"""Section 4.4: "Enforcing norm preservation on each layer also solves the vanishing gradients problem".

Plain reading: f : R^n -> R; if W'g is as long as g for each weight, and activations have Jacobians that are
permutations up to signs, then the gradient of f with respect to each hidden layer, and to the inputs, has norm 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.orthonormal_gnp import common
from lipcheck.claims.anil2019.orthonormal_gnp.common import ISOMETRY, ROW, at, plain
from lipcheck.claims.anil2019.orthonormal_gnp.isometry import CANDIDATES
from lipcheck.exact import dot, vector
from lipcheck.network import Abs, Network, ReLU
from lipcheck.readings.rational import evaluate, jacobian
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def squared_gradients(data: Data) -> list[Fraction]:
    """||grad f||^2 with respect to the input of each layer, from the first to the last."""
    network, _ = common.read(data)
    found, values = [], vector(data["point"], "point")
    for i, layer in enumerate(network.layers):
        rest = Network(len(values), network.layers[i:])
        (row,) = jacobian(rest, values)
        found.append(dot(row, row))
        values = evaluate(Network(len(values), (layer,)), values)
    return found


def examine(data: Data, value: Fraction) -> Examination:
    """Whether all back-propagated gradients of one network have norm 1."""
    network, _ = common.read(data)
    weights = [layer.weight for layer in common.affine(network)]
    hypotheses = {
        "weights": all(common.unit_singular_values(w, value) and len(w) <= len(w[0]) for w in weights),
        "activations": common.gnp_activations(network),
    }
    return Examination(hypotheses, set(squared_gradients(data)) == {Fraction(1)})


MORE = [at(plain(1, [[1]], ReLU(), [[1]]), -1), at(plain(1, [[1]], Abs(), [["101/100"]]), 1)]


def networks(variant: Variant) -> Universal:
    """Single networks and points."""
    value = variant.value("singular value", 1)
    text = "the gradient with respect to every layer has norm 1"
    return Universal("networks", text, lambda data: examine(data, value), lambda: [*CANDIDATES, *MORE],
                     variant.dropped, str(value))  # fmt: skip


def one_more_layer(variant: Variant) -> Forall:
    """One layer back: the squared norm g of the gradient is kept by the activation, to h, and scaled by the weight."""
    g, h, back = var("g"), var("h"), var("back")
    square = variant.value("singular value", 1) ** 2
    given: dict[str, Formula] = {
        "above": equals(g, 1),
        "activation": equals(h, g),
        "weight": equals(back, square * h),
    }
    witness = {"g": Fraction(1), "h": Fraction(1), "back": square}
    return Forall("one more layer", given, equals(back, 1), witness=witness)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Networks, and the step from each layer to the one below."""
    return [networks(variant), one_more_layer(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.vanishing",
        source=ISOMETRY,
        printed=(
            "Enforcing gradient norm preservation on each layer also effectively solves the vanishing gradient "
            "problem, as the L2 norm of the back-propagated gradients are maintained at unity throughout the neural "
            "network."
        ),
        statement=(
            "If every weight of f : R^n → R has orthonormal rows and every activation a permutation up to signs as its "
            "Jacobian, the gradient of f with respect to each layer has norm 1, wherever it is defined."
        ),
        reading="gradients of a scalar output; each layer preserves the norm of all gradients",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all depths, and widths that never rise",
        covers_all=True,
        hypotheses={
            "weights": "every weight has orthonormal rows",
            "activations": "activations have permutation matrices up to signs as Jacobians",
        },
        constants={"singular value": Constant(Fraction(1), Fraction(101, 100), words="of the weights")},
        textbook=(
            Textbook("chain rule", "Rudin, Principles of Mathematical Analysis, 9.15"),
            Textbook("induction over the layers", "Peano's axioms"),
        ),
        depends_on=(f"{ROW}.layer",),
        argument="proof.md#vanishing-gradients",
        notes=(
            "For a loss on several outputs the norm is kept at that of the loss's gradient, which need not be 1. The "
            "gradient of a bias has that norm; that of a weight, g h', has it times the length of the layer's input h, "
            "which may be small. Orthonormal weights give this for layers that do not widen only."
        ),
    ),
)
