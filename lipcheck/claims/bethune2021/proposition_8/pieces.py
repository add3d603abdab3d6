"""The number of affine pieces is at most sqrt(2)^W, and it can be that many; an affine map in front only lowers it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

from lipcheck.build.sawtooth import affine_pieces, folding, neurons
from lipcheck.claims.bethune2021.proposition_8._common import PROOF, ROW, spelled
from lipcheck.network import Abs, Affine, MaxMin, Network, from_json
from lipcheck.readings import line
from lipcheck.readings.rational import is_smooth_at, jacobian
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import maximum, minimum, var
from lipcheck.words.verdict import Budget, Grade, Verdict


class ShapeError(LipcheckError, ValueError):
    """A network that does not have one input."""


def read(data: Data) -> Network:
    """The network with one input that the data spell."""
    network = from_json(data).dense()
    if network.inputs != 1:
        raise ShapeError(f"The network has {network.inputs} inputs: give one with one input.")
    return network


def gate() -> Forall:
    """A pair (a, b) that is sorted stays as it is where a >= b, and is transposed where a <= b."""
    a, b = var("a"), var("b")
    kept = conj(equals(maximum(a, b), a), equals(minimum(a, b), b))
    swapped = conj(equals(maximum(a, b), b), equals(minimum(a, b), a))
    return Forall("two pieces of a pair", {}, disj(conj(a >= b, kept), conj(a <= b, swapped)))


def one_more_layer() -> list[Forall]:
    """g pieces of the first layer, on each at most s of the others: at most g s <= q p, where q, p bound g, s."""
    g, s, total, q, p, r, t = map(var, ("g", "s", "total", "q", "p", "r", "t"))
    counts: dict[str, Formula] = {
        "on each piece": total <= g * s,
        "bounds": conj(g >= 0, s >= 0, g <= q, s <= p),
    }
    squares: dict[str, Formula] = {"bounds": conj(equals(q * q, r), equals(p * p, t))}
    zero = Fraction(0)
    witness = {"p": zero, "q": zero, "r": zero, "t": zero}
    return [
        Forall("one more layer", counts, total <= q * p),
        Forall("sqrt(2^w) sqrt(2^W) = sqrt(2^(w + W))", squares, equals((q * p) ** 2, r * t), witness=witness),
    ]


def bound(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps, networks on the line, and foldings that have exactly 2^(W/2) pieces."""
    base = variant.value("base", 2)

    def examine(data: Data) -> Examination:
        network = read(data)
        sorting = all(isinstance(layer, Affine | MaxMin) for layer in network.layers)
        return Examination({"GroupSort2": sorting}, Fraction(affine_pieces(network)) ** 2 <= base ** neurons(network))

    def attained(depth: int) -> bool:
        network = folding(depth)
        return (affine_pieces(network), neurons(network)) == (2**depth, 2 * depth)

    absolute = Network(1, (Affine.linear([[1]]), Abs(), Affine.linear([[1]])))
    examples = [spelled(network) for network in (folding(1), folding(3), absolute)]
    depths = (3,) if budget is Budget.SMOKE else (3, 6)
    networks = Universal("networks on the line", "at most sqrt(base)^W affine pieces", examine, lambda: examples,
                         variant.dropped, str(base))  # fmt: skip
    return [
        gate(),
        *one_more_layer(),
        networks,
        *(
            Exhaustive(
                f"foldings of up to {depth} layers", "2^(W/2) affine pieces", partial(range, 1, depth + 1), attained
            )
            for depth in depths
        ),
    ]


def jacobians(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All orders of all pairs: the Jacobians of one MaxMin layer, and their number."""
    per_pair = variant.value("per pair", 2)

    def holds(width: int) -> bool:
        layer = Network(width, (MaxMin(),))
        inputs = product((0, 1), repeat=width)
        found = {jacobian(layer, x) for x in inputs if is_smooth_at(layer, x)}
        return len(found) == per_pair ** (width // 2)

    return [
        gate(),
        Exhaustive("Jacobians of widths 2, 4 and 6", f"{per_pair}^(w/2) different ones", lambda: [2, 4, 6], holds),
    ]


def examine_preserved(data: Data, repaired: bool) -> Examination:
    """An affine map from R to R^w, then GroupSort2, which alone has 2^(w/2) pieces on R^w."""
    network = read(data)
    match network.layers:
        case (Affine(), MaxMin()):
            found, alone = len(line.pieces(network)), 2 ** (network.outputs // 2)
            return Examination({}, found <= alone if repaired else found == alone)
    raise ShapeError("The network is an affine map, then MaxMin.")


def preserved(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The number of pieces stays the same; the repair says that it does not grow."""
    examples = [spelled(Network(1, (Affine.linear([[1], [1]]), MaxMin())))]
    return [
        Universal("an affine map in front", "the number of pieces stays as it was",
                  lambda data: examine_preserved(data, variant.repaired), lambda: examples,
                  parameters=variant.repaired),
    ]  # fmt: skip


def in_front(*weights: int) -> Any:
    """x -> MaxMin(w_1 x, w_2 x, ...)."""
    return spelled(Network(1, (Affine.linear([[w] for w in weights]), MaxMin())))


SNIPPET = """\
def gate(a, b):
    return (a, b) if a >= b else (b, a)          # two pieces on R^2
A = lambda x: (x, x)                             # affine, from R to R^2
xs = range(-50, 51)
print({gate(*A(x)) == A(x) for x in xs})         # the identity everywhere: one piece
assert all(gate(*A(x)) == A(x) for x in xs) and gate(0, 1) != (0, 1)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.pieces",
        source=PROOF,
        printed="We first prove that f is piecewise affine and the number of such pieces is not greater than "
        "∏_{i=1}^k 2^{w_i/2} = √(2^W), where w_i is the number of neurons in layer i.",
        statement="A network R^n -> R of affine layers and GroupSort2 activations, of even widths w_1, ..., w_k "
        "with W = w_1 + ... + w_k, is continuous and affine on each of at most 2^(W/2) cells that cover R^n. For "
        "every even W some network has 2^(W/2) affine pieces.",
        expected=Verdict.PROVED,
        obligations=bound,
        scope="all n, all depths, all even widths; with or without the Lipschitz constraint",
        covers_all=True,
        hypotheses={"GroupSort2": "the activations sort pairs"},
        constants={"base": Constant(Fraction(2), mutated=Fraction(199, 100), words="under the root")},
        textbook=(Textbook("induction over the layers and over the pairs of a layer", "Peano's axioms"),),
        argument="proof.md#affine-pieces",
        notes="An odd width leaves one neuron out of the pairs: floor(w/2) pairs, so the bound holds a fortiori. In "
        "few dimensions one layer has fewer cells: at most sum over i <= n of C(w/2, i) (hyperplane arrangements).",
    ),
    Claim(
        id=f"{ROW}.jacobians",
        source=PROOF,
        printed="Let (Jf)(x) ∈ R^{w_1 × w_1} be the Jacobian of the GroupSort2 operation evaluated in x. The "
        "cardinal |{(Jf)(x), x ∈ R^{w_1}}| is the number of distinct affine pieces. For GroupSort2 we have a "
        "combinations of w_i/2 MinMax gates. Each MinMax gate is defined on R^2 and contains two pieces: one on "
        "which the gate behaves like identity and the other one on which the gate behaves like a transposition.",
        statement="GroupSort2 on R^w, w even, has exactly 2^(w/2) Jacobians, where it is differentiable, each on "
        "one convex piece: identities and transpositions of its pairs.",
        expected=Verdict.PROVED,
        obligations=jacobians,
        scope="all even w",
        covers_all=True,
        constants={"per pair": Constant(Fraction(2), mutated=Fraction(201, 100), words="pieces of one pair")},
        textbook=(Textbook("induction over the pairs", "Peano's axioms"),),
        argument="proof.md#affine-pieces",
        notes="For a whole network Jacobians do not count pieces: max(x, 0) - max(x - 1, 0) has the Jacobians 0 and "
        "1, and three pieces.",
    ),
    Claim(
        id=f"{ROW}.affine_preserves",
        short="x ↦ (x, x) before one MaxMin pair leaves one piece of two; an affine map does not raise the number",
        source=PROOF,
        printed="The composition of affine function is affine, hence applying an affine transformation R^n → "
        "R^{w_1} preserves the number of pieces.",
        statement="For every affine A: R^n -> R^w, the map GroupSort2 ∘ A has as many affine pieces as GroupSort2, "
        "2^(w/2).",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=preserved,
        scope="all n and w",
        covers_all=True,
        repairs={"does not raise": Variant(repaired=True)},
        counterexamples={"an affine map in front": in_front(1, 1)},
        near_misses=(
            NearMiss("an affine map in front", in_front(1, -1), "both orders occur: two pieces"),
            NearMiss("an affine map in front", spelled(folding(1)), "another affine map follows"),
        ),
        minimality="one input and one pair",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.pieces",
        argument="proof.md#affine-pieces",
        notes="Harmless: the induction needs 'does not raise' only. If n < w/2, the number is always lowered.",
    ),
)
