"""Section 2.2, "each dense layer ... exactly 1-Lipschitz", where a dense layer includes its activation.

x -> relu(W x) with W = (3/5, -4/5)' has constant 4/5: no x activates both units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.spectral_and_frobenius.spectral import PRINTED, ROW, SOURCE
from lipcheck.exact import dot, vector
from lipcheck.network import Affine, Network, ReLU
from lipcheck.readings.line import pieces
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


class ColumnError(LipcheckError, ValueError):
    """Data that are no layer with one input."""


def squared_constant(network: Network) -> Fraction:
    """The square of the Lipschitz constant of a network with one input: the largest of its pieces' slopes."""
    return max(dot(piece.slopes, piece.slopes) for piece in pieces(network))


def layers(variant: Variant) -> Universal:
    """Data {"column", "bias"}: layers of one input, of norm one, followed by ReLU; repaired, without it."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"column", "bias"}:
            raise ColumnError("the data are a column and a bias")
        column, bias = vector(data["column"], "column"), vector(data["bias"], "bias")
        if not column or len(column) != len(bias):
            raise ColumnError("column and bias have one entry for each unit")
        affine = Affine([[w] for w in column], bias)
        network = Network(1, (affine,) if variant.repaired else (affine, ReLU()))
        return Examination({"normalized": dot(column, column) == 1}, squared_constant(network) == 1)

    text = "x -> W x + b" if variant.repaired else "x -> relu(W x + b)"
    return Universal("layers of one input", f"{text} has the Lipschitz constant 1 if ||W||_2 = 1", examine,
                     lambda: [BOTH_SIDES], parameters=variant.repaired)  # fmt: skip


def one_unit() -> Forall:
    """W = (w), w = 1 or -1: at the inputs w (1 - b) and w (2 - b), at distance one, ReLU sees 1 and 2."""
    w, b = var("w"), var("b")
    first, second = w * (1 - b), w * (2 - b)
    seen = conj(equals(w * first + b, 1), equals(w * second + b, 2), equals((first - second) ** 2, 1))
    return Forall("minimal: one unit", {"normalized": equals(w**2, 1)}, seen)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Layers, and why one unit is no counterexample."""
    return [layers(variant), one_unit()]


BOTH_SIDES = {"column": ["3/5", "-4/5"], "bias": ["0", "0"]}

CLAIMS = (
    Claim(
        id=f"{ROW}.with_activation",
        short="relu(Wx + b) with ‖W‖ = 1 can have constant 4/5: at most 1; the affine map has exactly 1",
        source=SOURCE,
        printed=PRINTED,
        reading="a dense layer includes its activation, here ReLU",
        variant_of=ROW,
        statement="For every W with ||W||_2 = 1 and every b the smallest Lipschitz constant of x -> relu(W x + b) is "
        "1.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=obligations,
        scope="layers of one input",
        covers_all=True,
        counterexamples={"layers of one input": BOTH_SIDES},
        near_misses=(
            NearMiss("layers of one input", {**BOTH_SIDES, "bias": ["1", "0"]}, "both units act for -5/3 < x < 0"),
            NearMiss("layers of one input", {"column": ["3/5", "4/5"], "bias": ["0", "0"]}, "both act for x > 0"),
            NearMiss("layers of one input", {"column": ["1", "-1"], "bias": ["0", "0"]}, "not normalized"),
        ),
        minimality="one input, two units; with one unit the constant is 1",
        snippet="from fractions import Fraction as F\nw = (F(3, 5), F(-4, 5))\nassert sum(v * v for v in w) == 1\n"
        "def f(x): return [max(v * x, F(0)) for v in w]\nfor x, y in ((0, 1), (0, -1), (-1, 1)):\n"
        "    square = sum((a - b) ** 2 for a, b in zip(f(x), f(y))) / (x - y) ** 2\n    print(x, y, square)\n"
        "    assert square <= F(16, 25) < 1",
        repairs={"the affine map alone": Variant(repaired=True)},
        repaired_by=ROW,
        argument="proof.md#with-its-activation",
        notes="Proposition 9 counts activations as layers of their own. The constant of the dense layer is at most 1 "
        "whatever 1-Lipschitz activation follows; with a sigmoid it is at most 1/4.",
    ),
)
