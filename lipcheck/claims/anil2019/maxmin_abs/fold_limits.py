"""Anil et al. 2019, section 4.1: where rigid map, absolute value, rigid map does not fold along a hyperplane.

On all of R^n, n > 1, no network of absolute values of all units is a fold: it has opposite slopes at the ends of every
line, and a fold equal ones on lines in its hyperplane. Without translations C |A x| is even, which only |x| on R is.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.folding import fold
from lipcheck.claims.anil2019.maxmin_abs.common import FOLD, ICML, ROW
from lipcheck.claims.anil2019.maxmin_abs.folding import formula
from lipcheck.exact import exact, vector
from lipcheck.readings.line import along, pieces
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict


def line(side: int) -> Forall:
    """The folds of R at t with the normal ±1: t ± |x - t|."""
    x, t = var("x"), var("t")
    height = side * x - side * t
    folded = x + (absolute(height) - height) * side
    return Forall(f"minimal: n = 1, normal {side}", {}, equals(folded, t + side * absolute(x - t)), size=1)


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
