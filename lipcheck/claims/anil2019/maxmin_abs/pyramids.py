"""Anil et al. 2019, Figure 2 (ICLR: Figure 10): "a pair of square pyramids by folding the space three times, until the
function is representable as a linear function of the top layer activations".

Plain reading, for apexes ±(d, d) and height h: f(x, y) = h - min(max(|x - d|, |y - d|), max(|x + d|, |y + d|)), whose
level sets are squares. With p = (x + y)/2, q = (x - y)/2, the folds along p = 0, q = 0 and p = d send (p, q) to
(||p| - d|, |q|), and f = h - ||p| - d| - |q|. Two folds and an affine function are too few: they have at most four
affine pieces, and f has eight different ones, its faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.build.folding import square_pyramids
from lipcheck.claims.anil2019.maxmin_abs.common import GENERAL, ROW, weights
from lipcheck.network import Abs
from lipcheck.norms import is_orthonormal
from lipcheck.readings.rational import affine_piece, evaluate, is_smooth_at, pattern
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.rationals import parse
from lipcheck.words.terms import absolute, maximum, minimum, var
from lipcheck.words.verdict import Budget, Verdict

PRINTED = (
    "Here, the network represents a function consisting of a pair of square pyramids by three folding operations, "
    "until the function is representable as a linear function of the top layer activations."
)


def pyramid(x: Fraction, y: Fraction) -> Fraction:
    """f for d = 1 and h = 1."""
    return 1 - min(max(abs(x - 1), abs(y - 1)), max(abs(x + 1), abs(y + 1)))


def rotation() -> Forall:
    """max(|a|, |b|) = |a + b|/2 + |a - b|/2: the square distance in rotated coordinates."""
    a, b = var("a"), var("b")
    right = absolute((a + b) / 2) + absolute((a - b) / 2)
    return Forall("squares in rotated coordinates", {}, equals(maximum(absolute(a), absolute(b)), right), size=2)


def third_fold(variant: Variant) -> Forall:
    """min(|p - d|, |p + d|) = ||p| - d| for d >= 0; adding |q| to both distances adds it to the smaller one."""
    p, d = var("p"), var("d")
    hypotheses: dict[str, Formula] = {"distance": d >= 0} if variant.keeps("distance") else {}
    folded = absolute(absolute(p) - d) if variant.value("folds", 3) == 3 else absolute(p - d)
    nearer = minimum(absolute(p - d), absolute(p + d))
    return Forall("the nearer apex by a fold", hypotheses, equals(nearer, folded), size=1)


def linear() -> Forall:
    """(||p| - d| + |q|) as a linear form of norm one in the units √2 ||p| - d|, √2 |q|: squares 2 u^2, 2 v^2."""
    u, v = var("u"), var("v")
    return Forall("the last row has norm one", {}, (u + v) ** 2 <= 2 * u**2 + 2 * v**2, size=2)


def built(reach: int) -> Exhaustive:
    """The network of absolute values with orthonormal weights, at grid points."""
    network = square_pyramids(1, 1)
    grid = [list(point) for point in product([str(t) for t in range(-reach, reach + 1)], repeat=2)]
    rigid = all(is_orthonormal(w.weight) for w in weights(network)[:-1]) and Abs() in network.layers

    def holds(point: Any) -> bool:
        x, y = map(parse, point)
        return rigid and evaluate(network, (x, y)) == (pyramid(x, y),)

    return Exhaustive(f"the network on a grid of reach {reach}", "two layers of absolute values equal the pyramids",
                      lambda: grid, holds, parameters={"reach": reach}, size=reach)  # fmt: skip


def represented(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The identities for all x, y, d and h, and the network for d = h = 1."""
    reach = 3 if budget is Budget.SMOKE else 6
    turned = [] if budget is Budget.SMOKE else [rotation()]
    return [*turned, third_fold(variant), linear(), *map(built, sorted({3, reach}))]


def faces() -> set[tuple[Fraction, ...]]:
    """The affine pieces of f for d = h = 1 at a point inside each face."""
    network = square_pyramids(1, 1)
    found = set()
    for side, (dx, dy) in product((1, -1), ((2, 1), (-2, 1), (1, 2), (1, -2))):
        point = (side + Fraction(dx, 4), side + Fraction(dy, 4))
        if is_smooth_at(network, point):
            (row,), (offset,) = affine_piece(network, pattern(network, point))
            found.add((*row, offset))
    return found


def needed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Each fold at most doubles the number of affine maps, one for each side; f has eight."""
    most = int(variant.value("folds that do not suffice", 2))
    h, d = var("h"), var("d")
    apart: dict[str, Formula] = {"distance": d > 0} if variant.keeps("distance") else {}
    count = len(faces())
    return [
        Exhaustive("fewer affine maps than faces", "2^k affine maps after k folds, and eight faces",
                   lambda: range(most + 1), lambda k: 2**k < count, parameters={"folds": most}, size=2),
        Forall("faces with one gradient differ", apart, disj(h + d > h - d, h + d < h - d), size=1),
        doubling(),
    ]  # fmt: skip


def doubling() -> Forall:
    """On either side of the hyperplane a fold is one affine map: in the height v it is v or -v."""
    v = var("v")
    sides = disj(conj(v >= 0, equals(absolute(v), v)), conj(v <= 0, equals(absolute(v), -v)))
    return Forall("a fold has two affine pieces", {}, sides, size=1)


CLAIMS = (
    Claim(
        id=f"{ROW}.pyramids",
        source=GENERAL,
        printed=PRINTED,
        statement=(
            "For every distance d > 0 and height h, the pair of square pyramids h - min(max(|x - d|, |y - d|), max(|x "
            "+ d|, |y + d|)) equals, on all of R^2, an affine function of 2-norm one after three folds, along x + y = "
            "0, x = y and x + y = 2 d; two layers of rigid maps and absolute values do them."
        ),
        reading="infinite pyramids with apexes (d, d) and (-d, -d); linear includes a constant, the height",
        expected=Verdict.PROVED,
        obligations=represented,
        scope="all reals x, y, h and d > 0",
        covers_all=True,
        hypotheses={"distance": "d >= 0: the apex (d, d) lies on the side that the fold keeps"},
        mutants={"without the fold along x + y = 0": Variant(constants={"folds": Fraction(2)})},
        argument="proof.md#the-square-pyramids",
        notes="The figure shows no numbers. Pyramids that stand on a plane, max(f, 0), are not of this kind: their "
        "gradient vanishes outside.",
    ),
    Claim(
        id=f"{ROW}.pyramids_three_folds",
        source=GENERAL,
        printed=PRINTED,
        statement=(
            "Two folds of R^2 followed by an affine function never give the pair of square pyramids, whatever the "
            "hyperplanes; so the three folds of the caption are needed."
        ),
        reading="that three is the least number, which 'until' suggests",
        variant_of=f"{ROW}.pyramids",
        expected=Verdict.PROVED,
        obligations=needed,
        scope="every two folds of R^2, every d > 0",
        covers_all=True,
        hypotheses={"distance": "d > 0: there are two pyramids"},
        constants={"folds that do not suffice": Constant(Fraction(2), words="the largest number of folds too few")},
        mutants={"three folds": Variant(constants={"folds that do not suffice": Fraction(3)})},
        textbook=(
            Textbook("a plane is no union of finitely many lines and sets without interior", "Baire category theorem"),
        ),
        argument="proof.md#the-square-pyramids",
    ),
)
