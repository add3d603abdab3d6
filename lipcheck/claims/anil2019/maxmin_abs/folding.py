"""Anil et al. 2019, section 4.1: rigid map, absolute value, rigid map "can implement folding along an arbitrary
hyperplane".

The fold of R^n along {u.x = t}, |u| = 1, keeps u.x >= t and reflects the other side: F(x) = x + (|u.x - t| - (u.x - t))
u. With Q orthogonal, u its first row, and the other units shifted by R to where abs is the identity, it is Q'(|Q x + b|
- (0, R, ..., R)) + t u with b = (-t, R, ..., R), for |x| <= R. That is the natural reading: rigid maps with a bias, a
bounded domain. On all of R^n no network of absolute values is a fold for n > 1, and without biases none is for n > 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.build.folding import fold, fold_by_abs
from lipcheck.claims.anil2019.maxmin_abs.common import FOLD, GENERAL, ICML, ONE, ROW, weights
from lipcheck.exact import dot, exact, vector
from lipcheck.norms import is_orthonormal
from lipcheck.readings.line import along, pieces
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import absolute, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

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


def line(side: int) -> Forall:
    """The folds of R at t with the normal ±1: t ± |x - t|."""
    x, t = var("x"), var("t")
    height = side * x - side * t
    folded = x + (absolute(height) - height) * side
    return Forall(f"minimal: n = 1, normal {side}", {}, equals(folded, t + side * absolute(x - t)), size=1)


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


def examine(data: Any, bounded: bool) -> Examination:
    """Can rigid maps around absolute values be this fold? On all of R^n the end slopes of every line are opposite."""
    normal, offset = vector(data["normal"]), exact(data["offset"])
    network = fold(normal, offset)
    n, zero = len(normal), Fraction(0)
    opposite = True
    for i in range(n):
        line = pieces(along(network, (zero,) * n, tuple(Fraction(i == j) for j in range(n))))
        opposite = opposite and line[0].slopes == tuple(-s for s in line[-1].slopes)
    return Examination({"a hyperplane": any(normal)}, opposite or bounded)


def everywhere(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The obstruction on R^n, and that there is none for n = 1."""
    text = "a rigid map, absolute values and a rigid map equal this fold" + (
        "" if variant.repaired else " on all of R^n"
    )
    found = [{"normal": ["1"], "offset": "0"}, {"normal": ["1", "0"], "offset": "0"}]
    return [
        Universal("end slopes", text, lambda data: examine(data, variant.repaired), lambda: found, size=2),
        line(1),
        line(-1),
    ]


def even(data: Any, through_zero: bool) -> Examination:
    """Whether the fold takes the same value at x and -x, as C |A x| does for all linear A and C."""
    normal, offset, x = vector(data["normal"]), exact(data["offset"]), vector(data["x"])
    mirrored = tuple(-a for a in x)
    hypotheses = {"a hyperplane": any(normal)}
    if through_zero:
        hypotheses |= {"through the origin": offset == 0, "one dimension": len(normal) == 1}
    return Examination(hypotheses, formula(normal, offset, x) == formula(normal, offset, mirrored))


def literal(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Linear maps in the literal sense, without biases."""
    text = "the fold is even, as a linear map, absolute values and a linear map are"
    found = [{"normal": ["1"], "offset": "1", "x": ["1"]}, {"normal": ["1", "0"], "offset": "0", "x": ["0", "1"]}]
    h, (x, a, c) = var("h"), (var(name) for name in ("x", "a", "c"))
    return [
        Universal("evenness", text, lambda data: even(data, variant.repaired), lambda: found, size=1),
        Forall("minimal: the fold of R at 0 is |x|", {"side": equals(h, x)}, equals(x + absolute(h) - h, absolute(x))),
        Forall("minimal: C |A x| is even", {}, equals(c * absolute(a * x), c * absolute(a * -x)), size=1),
    ]


EVEN = """\
def fold(n, t, x):  # keeps n.x >= t, reflects the rest; |n| = 1
    h = sum(a * b for a, b in zip(n, x)) - t
    return [a - 2 * min(h, 0) * b for a, b in zip(x, n)]
for n, t, x in [((1,), 1, (1,)), ((1, 0), 0, (0, 1))]:
    minus = tuple(-a for a in x)
    print("fold", n, t, ":", fold(n, t, x), "at", x, "and", fold(n, t, minus), "at", minus)
    assert fold(n, t, x) != fold(n, t, minus)  # but C|A x| = C|A (-x)|
"""
ENDS = """\
def fold(x, y): return abs(x), y  # R^2 along the line x = 0
def slope(f, s, far=10**6):  # along the line of folding, far out in the direction s
    return [(a - b) * s for a, b in zip(f(0, s * (far + 1)), f(0, s * far))]
print("fold:", slope(fold, 1), slope(fold, -1))
assert slope(fold, 1) == slope(fold, -1) == [0, 1]
net = lambda x, y: (abs(3 * x + 4 * y + 1) - abs(y), 2 * abs(4 * x - 3 * y - 5))
print("rigid, abs, rigid:", slope(net, 1), slope(net, -1))
assert slope(net, 1) == [-a for a in slope(net, -1)] != [0, 0]
"""

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
    Claim(
        id=f"{ROW}.fold_everywhere",
        source=ICML,
        printed=FOLD,
        statement=(
            "For every hyperplane of R^n, the fold along it equals on all of R^n a rigid map, followed by n absolute "
            "values, followed by a rigid map."
        ),
        reading="on X = R^n, which section 2.1 takes unless otherwise specified; rigid maps include translations",
        variant_of=f"{ROW}.fold",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=everywhere,
        scope="R^2; every n > 1 in the text",
        covers_all=True,
        repairs={"on a ball": Variant(repaired=True)},
        counterexamples={"end slopes": {"normal": ["1", "0"], "offset": "0"}},
        near_misses=(
            NearMiss("end slopes", {"normal": ["1"], "offset": "3"}, "on R the fold at 3 is 3 + |x - 3|"),
            NearMiss("end slopes", {"normal": ["0", "0"], "offset": "0"}, "the normal 0 gives no hyperplane"),
        ),
        minimality="the fewest inputs: on R every fold is of this form",
        short="on all of R^n, n > 1, abs of every unit makes no fold along one hyperplane; on a ball it does",
        snippet=ENDS,
        repaired_by=f"{ROW}.fold",
        argument="proof.md#folding-along-a-hyperplane",
        depends_on=(f"{ROW}.no_abs_network",),
        notes="No depth, width and no weights help as long as abs acts on every unit: a fold fixes the hyperplane, on "
        "whose lines it has equal slopes at both ends. With MaxMin it is possible on all of R^n (fold_by_maxmin).",
    ),
    Claim(
        id=f"{ROW}.fold_linear",
        source=ICML,
        printed=FOLD,
        statement="For every hyperplane of R^n there are orthogonal matrices A, C: the fold along it is x -> C |A x|.",
        reading="rigid linear maps in the literal sense: without translations",
        variant_of=f"{ROW}.fold",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=literal,
        scope="every hyperplane but the point 0 of R, either side kept, all linear A and C",
        covers_all=True,
        repairs={"the point 0 of R": Variant(repaired=True)},
        counterexamples={"evenness": {"normal": ["1"], "offset": "1", "x": ["1"]}},
        near_misses=(
            NearMiss("evenness", {"normal": ["1"], "offset": "0", "x": ["1"]}, "the fold of R at 0 is |x|"),
            NearMiss("evenness", {"normal": ["1", "0"], "offset": "0", "x": ["1", "0"]}, "even in this direction"),
        ),
        minimality="one dimension; only its fold at 0 is of this form",
        short="C |A x| is even, folds are not; rigid maps need translations",
        snippet=EVEN,
        repaired_by=f"{ROW}.fold",
        argument="proof.md#folding-along-a-hyperplane",
        notes="Hyperplanes through the origin do not help for n > 1: F(x) = x on the hyperplane, which is not even.",
    ),
)
