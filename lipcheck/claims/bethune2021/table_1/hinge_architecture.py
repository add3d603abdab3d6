"""Table 1, hinge, minimizer, for one architecture: the minimum of an unconstrained network need not be attained.

One tanh unit, f(x) = a tanh(w x + b) + c, takes at three evenly spaced inputs exactly the triples that increase
strictly, decrease strictly or are constant. With the labels -, ++, - the triple (-1, 1, 1) has the least hinge loss of
the closure, 2 for m = 1; it is approached by tanh(w (x - 1/2))/tanh(w/2) as w -> oo, and not attained.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, combinations_with_replacement, product
from typing import Any

from lipcheck.claims.bethune2021.table_1._words import INTERPOLATION, ROW
from lipcheck.claims.bethune2021.table_1.hinge_minimizer import ATTAINED, SOURCE
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

EXISTS = "the minimum is attained"
LEVELS = range(-5, 6)
"""Twice the values -1, 1, and three values on each side of them: every order of three values relative to m = 1."""
Counts = tuple[tuple[int, int], ...]
Values = tuple[int, ...]
PLATEAU: Any = {"units": 1, "counts": [[0, 1], [2, 0], [0, 1]]}


class NetworkError(LipcheckError, ValueError):
    """Data that name no training set and architecture for which the question is decided."""


def loss(counts: Counts, values: Values) -> int:
    """Twice the summed hinge loss with m = 1, for twice the values and the counts of labels +1 and -1."""
    return sum(p * max(0, 2 - v) + n * max(0, 2 + v) for (p, n), v in zip(counts, values, strict=True))


def both_ways(triples: Iterable[Values]) -> list[Values]:
    """The triples, and each of them reversed."""
    return [t for triple in triples for t in (triple, triple[::-1])]


def attained(counts: Counts, units: int) -> bool:
    """Whether a network with one hidden layer of tanh units attains the least hinge loss, at inputs 0, 1, ..., k - 1.

    As many units as inputs take any values; one unit takes any values at two inputs, and at three the monotone triples
    of the module's docstring, whose closure are the weakly monotone ones.
    """
    if units >= len(counts) or (units == 1 and len(counts) == 2):
        return True
    if units != 1 or len(counts) != 3:
        raise NetworkError("this is decided for one unit and three inputs, and for as many units as inputs")
    infimum = min(loss(counts, v) for v in both_ways(combinations_with_replacement(LEVELS, 3)))
    taken = [*both_ways(combinations(LEVELS, 3)), *((v, v, v) for v in LEVELS)]
    return min(loss(counts, v) for v in taken) == infimum


def examine(data: Data, wide: bool) -> Examination:
    """A training set by its counts of labels, and the number of units."""
    if not isinstance(data, Mapping) or set(data) != {"units", "counts"}:
        raise NetworkError("give the number of units and the counts of labels at the inputs 0, 1, ...")
    numbers = [data["units"], *(k for pair in data["counts"] for k in pair)]
    counts = tuple((p, n) for p, n in data["counts"])
    if any(type(k) is not int or k < 0 for k in numbers) or not counts:
        raise NetworkError("units and counts are natural numbers, for at least one input")
    hypotheses = {"units": data["units"] >= 1, "training set": all(p + n for p, n in counts)}
    if wide:
        hypotheses["as many units as inputs"] = data["units"] >= len(counts)
    return Examination(hypotheses, attained(counts, data["units"]))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The claim for tanh units, the lower bound without equality, the infimum, and smaller training sets."""
    f1, f2, f3, e = map(var, ("f1", "f2", "f3", "e"))
    hinge = positive_part(1 + f1) + 2 * positive_part(1 - f2) + positive_part(1 + f3)
    shapes = [conj(f1 < f2, f2 < f3), conj(f1 > f2, f2 > f3), conj(equals(f1, f2), equals(f2, f3))]
    monotone: dict[str, Formula] = {"one unit": disj(*shapes)}
    near: dict[str, Formula] = {"near": conj(equals(f1, -1), equals(f2, 1), f3 <= 1 + e, e > 0)}
    which = "as many units as inputs" if variant.repaired else "any number of units"
    text = f"a tanh network with one hidden layer attains the least hinge loss of a training set: {which}"
    ones = [[[p, 1 - p] for p in labels] for labels in product((0, 1), repeat=3)]
    return [
        Universal(EXISTS, text, lambda d: examine(d, variant.repaired), lambda: [PLATEAU], parameters=which),
        Forall("no triple of one unit has the loss 2", monotone, hinge > 2),
        Forall("losses near 2", near, hinge <= 2 + e),
        Exhaustive("minimal: one sample at each of three inputs", "one unit attains the least loss", lambda: ones,
                   lambda counts: attained(tuple((p, n) for p, n in counts), 1), ones),
    ]  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.hinge_minimizer_unconstrained_architecture",
        short="one tanh unit, labels −, ++, −: infimum 2 is not attained and L_t → ∞; any width attains it",
        source=SOURCE,
        printed=ATTAINED,
        reading="for every architecture of Section 2.1 (depth and widths fixed; ReLU, sigmoid, tanh)",
        variant_of=f"{ROW}.hinge_minimizer_unconstrained",
        statement="For every finite training set and every architecture some network minimizes the hinge loss, m = 1.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="networks R -> R with one hidden layer of tanh units, evenly spaced inputs",
        covers_all=True,
        repairs={"as many units as inputs": Variant(repaired=True)},
        counterexamples={EXISTS: PLATEAU},
        near_misses=(
            NearMiss(EXISTS, {**PLATEAU, "units": 3}, "three units take any values at three inputs"),
            NearMiss(EXISTS, {"units": 1, "counts": [[0, 1], [1, 0], [0, 1]]}, "the constant -1 is as good"),
            NearMiss(EXISTS, {"units": 1, "counts": [[0, 1], [2, 0], [1, 0]]}, "separable by a monotone function"),
            NearMiss(EXISTS, {"units": 2, "counts": [[0, 1], [2, 0], [0, 1]]}, "not decided"),
        ),
        minimality="one unit; two inputs, or three with one sample each, are no counterexample",
        snippet=(
            "from math import tanh\n"
            "def loss(w):  # f = tanh(w (x - 1/2)) / tanh(w/2) at x = 0, 1, 1, 2 with labels -, +, +, -\n"
            "    f = [tanh(w * (x - 0.5)) / tanh(w / 2) for x in (0, 1, 1, 2)]\n"
            "    return sum(max(0, 1 - y * v) for y, v in zip((-1, 1, 1, -1), f))\n"
            "losses = [loss(w) for w in range(1, 12)]\n"
            "print(losses[0], losses[-1])\n"
            "assert all(a > b > 2 for a, b in zip(losses, losses[1:])) and losses[-1] < 2.0001"
        ),
        textbook=(INTERPOLATION, Textbook("intermediate values of continuous functions", "Rudin, Principles, 4.23")),
        repaired_by=f"{ROW}.hinge_minimizer_unconstrained",
        argument="proof.md#hinge-minimizer-one-architecture",
        notes="That training losses of networks of fixed size need not have minima is known for squared losses (Lim, "
        "Michel, Qi, Best k-layer neural network approximations, 2021).",
    ),
)
