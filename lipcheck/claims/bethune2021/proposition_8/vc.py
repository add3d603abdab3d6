"""Proposition 8 itself: VC = O((n + 1) 2^W). True, and by far: counting parameters gives a polynomial in n and W.

Goldberg and Jerrum: if membership is decided by s sign conditions on polynomials of degree d in p parameters, the VC
dimension is at most 2 p log2(8 e d s). Here p <= (n + W + 1)(W + 1), d <= W + 1 and s <= 2^(W/2 + 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache

from lipcheck.claims.bethune2021.proposition_8._common import ROW, SECTION
from lipcheck.network import Affine, MaxMin, Network
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

FACTOR = 40
LOG2_E = Fraction(14427, 10000)
"""Above log2(e) = 1.442695..."""


class ClassError(LipcheckError, ValueError):
    """Data that name no class of networks."""


def widths(total: int) -> Iterable[tuple[int, ...]]:
    """All architectures: sequences of positive widths with this sum."""
    if total == 0:
        yield ()
    for first in range(1, total + 1):
        for rest in widths(total - first):
            yield (first, *rest)


def parameters() -> list[Obligation]:
    """A layer of width w after one of width v <= n + W has (v + 1) w parameters; the widths with the output: W + 1."""
    v, w, n, W, so_far, units = map(var, ("v", "w", "n", "W", "so_far", "units"))
    hypotheses: dict[str, Formula] = {
        "widths": conj(v <= n + W, w >= 0),
        "so far": so_far <= (n + W + 1) * units,
    }

    def holds(element: list[int]) -> bool:
        inputs, total = element
        return all(
            sum((a + 1) * b for a, b in zip((inputs, *ws), (*ws, 1), strict=True)) <= (inputs + total + 1) * (total + 1)
            for ws in widths(total)
        )

    return [
        Forall("parameters, one more layer", hypotheses, so_far + (v + 1) * w <= (n + W + 1) * (units + w)),
        Exhaustive("parameters of small architectures", "p <= (n + W + 1)(W + 1)",
                   lambda: [[n, W] for n in range(1, 4) for W in range(7)], holds),
    ]  # fmt: skip


def predicates() -> list[Obligation]:
    """T comparisons in layers with P = 2^(pairs) patterns: T <= P - 1; a layer of k pairs adds k P, k <= 2^k - 1."""
    T, P, k, q = map(var, ("T", "P", "k", "q"))
    layer: dict[str, Formula] = {"so far": T <= P - 1, "pairs": conj(k >= 0, k <= q - 1, P >= 1)}
    return [
        Forall("comparisons, one more layer", layer, T + k * P <= P * q - 1),
        Forall("k <= 2^k - 1, one more pair", {"so far": conj(k <= q - 1, q >= 1)}, k + 1 <= 2 * q - 1),
    ]


def logarithm(W: int) -> Fraction:
    """An upper bound on log2(8 e (W + 1) 2^(W/2 + 1))."""
    return 3 + LOG2_E + W.bit_length() + Fraction(W, 2) + 1


def arithmetic(base: Fraction, factor: int) -> list[Obligation]:
    """2 (n + W + 1)(W + 1) L(W) <= 2 (n + 1)(W + 1)^2 L(W) <= factor (n + 1) base^W, L the logarithm."""
    n, W = var("n"), var("W")
    split: dict[str, Formula] = {"sizes": conj(n >= 0, W >= 0)}

    def holds(w: int) -> bool:
        return 2 * (w + 1) ** 2 * logarithm(w) <= factor * base**w

    return [
        Forall("n + W + 1 <= (n + 1)(W + 1)", split, n + W + 1 <= (n + 1) * (W + 1)),
        Exhaustive("W up to 40", f"2 (W + 1)^2 log2(8 e (W + 1) 2^(W/2 + 1)) <= {factor} {base}^W",
                   lambda: range(41), holds, str(base)),
        *one_more_neuron(4, 9, Fraction(2)),
    ]  # fmt: skip


def one_more_neuron(first: int, logarithm: int, base: Fraction) -> list[Forall]:
    """From W = first on, where the logarithm h is above `logarithm`, (W + 1)^2 h grows by at most the factor base.

    One more neuron adds 1/2 to h, and at most 1 for log2(W + 1). a and b stand for (W + 1)^2 and (W + 2)^2.
    """
    W, h, a, b = var("W"), var("h"), var("a"), var("b")
    ratio = Fraction(first + 2, first + 1) ** 2
    squares: dict[str, Formula] = {"a": a >= 0, "b": b <= ratio * a, "logarithm": h >= logarithm}
    return [
        Forall(f"squares from W = {first} on", {"W": first <= W}, ratio * (W + 1) ** 2 >= (W + 2) ** 2),
        Forall(f"one more neuron, from W = {first} on", squares, b * (h + Fraction(3, 2)) <= base * a * h),
    ]


def ramps(pairs: int) -> Network:
    """x -> (max(x - t, 0), min(x - t, 0)) for t = 0, ..., pairs - 1: the hidden layer of a network on the line."""
    rows = [row for _ in range(pairs) for row in ([1], [0])]
    bias = [b for t in range(pairs) for b in (-t, 0)]
    return Network(1, (Affine(rows, bias), MaxMin()))


@cache
def shattered_points(pairs: int) -> int:
    """How many points x = 0, 1, ..., one hidden layer of `pairs` pairs with a free output layer shatters at least.

    Ramps are zero up to their t and positive beyond: with the constant, a triangular system for any values.
    """
    if pairs == 0:
        return 1
    network = ramps(pairs)
    for x in range(pairs + 1):
        features = evaluate(network, (x,))[::2]
        if not all((value > 0) == (t < x) for t, value in enumerate(features)):
            return 1
    return pairs + 1


def on_the_line(base: Fraction, dropped: frozenset[str]) -> Universal:
    """Classes on the line: pairs and the number W that is declared for them."""

    def examine(data: Data) -> Examination:
        match data:
            case {"pairs": int(pairs), "W": int(W), **rest} if not rest and pairs >= 0 and W >= 0:
                return Examination({"neurons": 2 * pairs == W}, shattered_points(pairs) <= FACTOR * 2 * base**W)
        raise ClassError("A class has exactly the entries pairs and W.")

    examples = [{"pairs": k, "W": 2 * k} for k in (0, 1, 5, 80)] + [{"pairs": 80, "W": 0}]
    text = f"a class of networks with one input shatters at most {FACTOR} (n + 1) base^W points"
    return Universal("classes on the line", text, examine, lambda: examples, dropped, str(base))


def bound(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Parameters, comparisons, and the arithmetic that joins them to Goldberg and Jerrum's theorem."""
    base = variant.value("base", 2)
    return [*parameters(), *predicates(), *arithmetic(Fraction(2), FACTOR), on_the_line(base, variant.dropped)]


GOLDBERG_JERRUM = Textbook(
    "VC <= 2 p log2(12 d s) <= 2 p log2(8 e d s) for s polynomial sign conditions of degree d in p parameters",
    "Anthony and Bartlett, Neural Network Learning (1999), theorem 8.3; Goldberg and Jerrum (1995), theorem 2.2",
)

CLAIMS = (
    Claim(
        id=ROW,
        source=f"{SECTION}, Proposition 8, equation 9",
        printed="Let f_θ : R^n → R a 1-Lipschitz neural network with parameters θ ∈ Θ, with GroupSort2 activation "
        "functions, and a total of W neurons. Let H = {sign f_θ | θ ∈ Θ} the hypothesis class spanned by this "
        "architecture. Then: VC_dim(H) = O((n+1)2^W)",
        statement="For every n and every architecture with W neurons in GroupSort2 layers between affine layers, the "
        f"signs of its networks, 1-Lipschitz or not, have VC dimension at most {FACTOR} (n + 1) 2^W.",
        expected=Verdict.PROVED,
        obligations=bound,
        scope="all n, all architectures, any convention for sign(0)",
        covers_all=True,
        hypotheses={"neurons": "the network has W neurons"},
        mutants={"without growth in W": Variant(constants={"base": Fraction(1)})},
        textbook=(GOLDBERG_JERRUM, Textbook("induction over layers and neurons", "Peano's axioms")),
        argument="proof.md#proposition-8",
        notes="The printed proof, by Lemma 1, does not prove it: see .lemma_1_proof. The proof here counts "
        "parameters and gives far more, a polynomial: see bethune2021.proposition_8_remarks.strengthened. The "
        "Lipschitz constraint does not change the class: positive factors on the layers, with biases to match, keep "
        "the sign of f.",
    ),
)
