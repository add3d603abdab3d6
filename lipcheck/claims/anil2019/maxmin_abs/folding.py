"""Anil et al. 2019, section 4.1: rigid map, absolute value, rigid map "can implement folding along an arbitrary
hyperplane".

The fold of R^n along {u.x = t}, |u| = 1, keeps u.x >= t and reflects the other side: F(x) = x + (|u.x - t| - (u.x - t))
u. With Q orthogonal, u its first row, and the other units shifted by R to where abs is the identity, it is Q'(|Q x + b|
- (0, R, ..., R)) + t u with b = (-t, R, ..., R), for |x| <= R. That is the natural reading: rigid maps with a bias, a
bounded domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.build.folding import fold_by_abs
from lipcheck.claims.anil2019.maxmin_abs.common import FOLD, GENERAL, ONE, ROW, weights
from lipcheck.exact import dot, exact, vector
from lipcheck.norms import is_orthonormal
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import absolute, var, variables
from lipcheck.words.verdict import Budget, Verdict

HYPERPLANES = ((["1"], "1"), (["1", "0"], "0"), (["3/5", "-4/5"], "1/2"), (["2/3", "-1/3", "2/3"], "-1"))


def formula(normal: Sequence[Fraction], offset: Fraction, x: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The fold by its definition: points on the other side are reflected."""
    height = (dot(normal, x) - offset) / dot(normal, normal)
    return tuple(a - 2 * min(height, Fraction(0)) * b for a, b in zip(x, normal, strict=True))


def shifted(variant: Variant) -> Forall:
    """A unit q with |q| <= R: |q + R| - R = q."""
    q, r = var("q"), var("r")
    hypotheses: dict[str, Formula] = {"radius": r >= 0}
    if variant.keeps("bounded domain"):
        hypotheses["bounded domain"] = conj(q <= r, -q <= r)
    shift = variant.value("shift over radius", 1) * r
    return Forall("other units pass", hypotheses, equals(absolute(q + shift) - shift, q), size=1)


def projection() -> Forall:
    """(u.x)^2 <= |u|^2 |x|^2 with two coordinates: the difference is a square."""
    u, x = variables("u", 2), variables("x", 2)
    square = (u[0] * x[1] - u[1] * x[0]) ** 2
    left = (u[0] ** 2 + u[1] ** 2) * (x[0] ** 2 + x[1] ** 2) - (u[0] * x[0] + u[1] * x[1]) ** 2
    return Forall("units stay within the radius, n = 2", {}, equals(left, square), size=2)


def plane() -> Forall:
    """n = 2 with Q = [[a, b], [-b, a]], for y = |u.x - t|: Q'(y, q) + t u = x + (y - (u.x - t)) u."""
    a, b, t, y = (var(name) for name in ("a", "b", "t", "y"))
    x = variables("x", 2)
    height, along_plane = a * x[0] + b * x[1], -b * x[0] + a * x[1]
    image = [a * y - b * along_plane + t * a, b * y + a * along_plane + t * b]
    moved = [x[0] + (y - (height - t)) * a, x[1] + (y - (height - t)) * b]
    gap = [p - q - (a * a + b * b - 1) * e for p, q, e in zip(image, moved, x, strict=True)]
    return Forall("rigid, fold one unit, rigid, n = 2", {}, conj(*(equals(e, 0) for e in gap)), size=2)


def entry() -> Forall:
    """Every n: entry j of Q'(y, q) + t u, with rest = sum of q_ij (q_i.x) = x_j - u_j (u.x), which Q'Q = I says."""
    u, rest, y, t, x, height = (var(name) for name in ("u", "rest", "y", "t", "x", "height"))
    hypotheses: dict[str, Formula] = {"orthogonal": equals(rest + u * height, x)}
    moved = x + (y - (height - t)) * u
    return Forall("rigid, fold one unit, rigid, one entry", hypotheses, equals(u * y + rest + t * u, moved), size=1)


def two_sides() -> Forall:
    """|h| - h for the height h: nothing is added where h >= 0, -2 h u elsewhere, which reflects."""
    h = var("h")
    side = disj(conj(h >= 0, equals(absolute(h) - h, 0)), conj(h <= 0, equals(absolute(h) - h, -2 * h)))
    return Forall("one side stays, the other is reflected", {}, side, size=1)


def built(count: int, variant: Variant) -> Exhaustive:
    """The networks of `fold_by_abs` against the definition, on a grid in the ball."""
    shift = variant.value("shift over radius", 1)

    def holds(data: Any) -> bool:
        normal, offset, x = vector(data["normal"]), exact(data["offset"]), vector(data["x"])
        network = fold_by_abs(normal, offset, radius=shift * 2)
        rigid = all(is_orthonormal(layer.weight) for layer in weights(network))
        return rigid and evaluate(network, x) == formula(normal, offset, x)

    def elements() -> Iterable[Any]:
        for normal, offset in HYPERPLANES[:count]:
            for x in product(("-2", "0", "1"), repeat=len(normal)):
                if sum(parse(t) ** 2 for t in x) <= 4 or not variant.keeps("bounded domain"):
                    yield {"normal": normal, "offset": offset, "x": list(x)}

    return Exhaustive(
        f"networks for {count} hyperplanes",
        "a rational orthogonal map with a bias, absolute values and such a map equal the fold at grid points",
        elements,
        holds,
        parameters={"hyperplanes": [list(h) for h in HYPERPLANES[:count]], "shift": spell(shift)},
        size=count,
    )


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The algebra, and networks in one, two and three dimensions."""
    counts = (3,) if budget is Budget.SMOKE else (3, 4)
    algebra = [shifted(variant), projection(), plane(), entry(), two_sides()]
    return [*algebra, *(built(count, variant) for count in counts)]


CLAIMS = (
    Claim(
        id=f"{ROW}.fold",
        source=GENERAL,
        printed=FOLD,
        statement=(
            "For every hyperplane of R^n and every ball, the fold along the hyperplane equals on the ball an "
            "orthogonal map plus a bias, followed by n absolute values, followed by an orthogonal map plus a bias."
        ),
        reading="rigid maps include translations, as in the caption ('a rigid transformation'); a bounded domain",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="every n, every hyperplane, every ball",
        covers_all=True,
        hypotheses={"bounded domain": "inputs lie in a ball around 0"},
        constants={"shift over radius": Constant(ONE, Fraction(99, 100), words="the shift of the other units")},
        textbook=(
            Textbook("every unit vector is the first row of an orthogonal matrix", "Horn and Johnson, section 2.1"),
            Textbook("Cauchy-Schwarz inequality", "Horn and Johnson, Matrix Analysis, 5.1"),
        ),
        argument="proof.md#folding-along-a-hyperplane",
        notes="If absolute values act on one unit only, or the hyperplane is only to be one of n along which space is "
        "folded, no shift and no ball is needed.",
    ),
)
