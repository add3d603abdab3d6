"""Section 3 (ICML): "an optimal dual solution has this property" - read as: some optimal dual has it.

In the plane there are laws with countable, bounded supports for which no optimal dual does. Take the unit square and a
chain of N beads, that is of discs that touch, along each of its midlines; the two chains share the bead in the middle.
What the strips of the chains leave are four squares; go on in these with 2 N + 1 beads, and so on. P1 has an atom at
the centre of every bead, P2 at the four points of its circle towards the axes, a quarter of that mass each.

With f_0 the distance to the outside of the beads (0 there), f_0(centre) - f_0(point) = r, so that moving each centre to
its own circle is optimal. Every optimal f then has f(centre) - f(point) = r for all beads, and so one value on all
these points, for beads that touch share a point, and for N = 3 mod 4 the arms of the smaller crosses end at points of
larger beads. These points are dense in a product E x E of Cantor sets, whose measure is above (1 - 2/N)^2. On it f is
constant, and the gradient of f is zero almost everywhere on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations

from lipcheck.claims.anil2019.optimal_dual_gradient.common import PRINTED, RADEMACHER, ROW, SOURCE
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

BUILT = 2
"""So many levels are built bead by bead; `arms_meet` is the step from any level to the next."""


class BeadError(LipcheckError, ValueError):
    """Data that describe no chain of beads."""


@dataclass(frozen=True)
class Bead:
    """A disc: its centre and its radius."""

    x: Fraction
    y: Fraction
    radius: Fraction

    def points(self) -> frozenset[tuple[Fraction, Fraction]]:
        """The four points of the circle towards the axes."""
        r = self.radius
        return frozenset({(self.x - r, self.y), (self.x + r, self.y), (self.x, self.y - r), (self.x, self.y + r)})


def level(x: Fraction, y: Fraction, side: Fraction, count: int, levels: int) -> Iterator[Bead]:
    """The beads in the square with this lower left corner, `count` along each midline, down to so many levels."""
    r, middle = side / (2 * count), side / 2
    for i in range(count):
        away = (2 * i + 1) * r
        yield Bead(x + away, y + middle, r)
        if 2 * i + 1 != count:
            yield Bead(x + middle, y + away, r)
    if levels > 1:
        inner = middle - r
        for dx in (Fraction(0), middle + r):
            for dy in (Fraction(0), middle + r):
                yield from level(x + dx, y + dy, inner, 2 * count + 1, levels - 1)


@cache
def chained(count: int) -> bool:
    """Whether no two beads of the first levels overlap, and all hang together by the points that they share."""
    beads = tuple(level(Fraction(0), Fraction(0), Fraction(1), count, BUILT))
    if any((a.x - b.x) ** 2 + (a.y - b.y) ** 2 < (a.radius + b.radius) ** 2 for a, b in combinations(beads, 2)):
        return False
    reached, waiting = set(beads[0].points()), list(beads[1:])
    while touching := [bead for bead in waiting if bead.points() & reached]:
        for bead in touching:
            reached |= bead.points()
        waiting = [bead for bead in waiting if bead not in touching]
    return not waiting


def forced(data: Data) -> bool:
    """Whether every optimal dual of the beads' laws is constant on a set of positive measure, by the argument above."""
    count, levels = data.get("beads"), data.get("levels")
    if set(data) != {"beads", "levels"} or type(count) is not int or not 0 < count < 50 or count % 2 == 0:
        raise BeadError("give an odd number of beads below 50, and levels: a number, or 'all'")
    return levels == "all" and count % 4 == 3 and 1 - Fraction(2, count) > 0 and chained(count)


def examine(data: Data, repaired: bool) -> Examination:
    """Whether some optimal dual may have gradient norm one almost everywhere."""
    return Examination({"null support": data.get("levels") != "all"} if repaired else {}, not forced(data))


def arms_meet() -> Forall:
    """N = 4 m + 3 beads of radius R on a midline at height h, over a square of side t = (N - 1) R whose top is h - R.

    The arm of the smaller cross ends in a bead of radius r below the middle of that side: it touches bead m + 1.
    """
    m, R, r, t, h, top, x = (var(name) for name in ("m", "R", "r", "t", "h", "top", "x"))
    hypotheses: dict[str, Formula] = {
        "square": conj(equals(t, (4 * m + 2) * R), equals(top, h - R)),
        "middle": equals(2 * x, t),
    }
    conclusion = conj(equals(x, (2 * m + 1) * R), equals(h - (top - r), R + r))
    return Forall("the arms meet the beads of the level above", hypotheses, conclusion)


def one_value() -> Forall:
    """f(centre) - f(p) = f(centre) - f(q) = r: f(p) = f(q)."""
    c, p, q, r = var("c"), var("p"), var("q"), var("r")
    return Forall("one value on a bead", {"optimal": conj(equals(c - p, r), equals(c - q, r))}, equals(p, q))


def no_slack() -> Forall:
    """A pair of mass m > 0 with slack s >= 0; all slacks add up to 0 for an optimal dual."""
    m, s, others = var("m"), var("s"), var("others")
    slack, optimal = conj(s >= 0, others >= 0), equals(m * s + others, 0)
    hypotheses: dict[str, Formula] = {"mass": m > 0, "slack": slack, "optimal": optimal}
    witness = {"m": Fraction(1), "s": Fraction(0), "others": Fraction(0)}
    return Forall("an optimal dual has no slack on the coupling", hypotheses, equals(s, 0), witness=witness)


def tents() -> Forall:
    """Points at distances a <= R and b <= r from the centres of two discs, that lie R + r apart or more.

    The sum of the heights R - a and r - b, which bounds their difference, is at most the distance d of the points.
    """
    R, r, a, b, apart, d = (var(name) for name in ("R", "r", "a", "b", "apart", "d"))
    hypotheses: dict[str, Formula] = {"discs": conj(a <= R, b <= r, apart >= R + r), "triangle": apart <= a + d + b}
    return Forall("tents over disjoint discs are 1-Lipschitz", hypotheses, (R - a) + (r - b) <= d)


def area() -> Forall:
    """u = 1/c for the count c of one level, v = 1/(2c + 1) for that of the next: u + 2v <= 2u.

    So from the last level up to the first, of count N, the sum of all 1/c stays below 2/N.
    """
    u, v, c = var("u"), var("v"), var("c")
    counts = conj(c > 0, u > 0, v > 0, equals(u * c, 1), equals(v * (2 * c + 1), 1))
    return Forall("what the strips take away", {"counts": counts}, u + 2 * v <= 2 * u,
                  witness={"c": Fraction(3), "u": Fraction(1, 3), "v": Fraction(1, 7)})  # fmt: skip


BEADS = {"beads": 3, "levels": "all"}


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The counterexample, and the steps of its argument."""
    text = "some optimal dual has gradient norm one almost everywhere"
    text += ", if a closed null set carries P1 or P2" * variant.repaired
    counterexample = Universal("laws in the plane", text, lambda data: examine(data, variant.repaired),
                               lambda: [BEADS, {"beads": 7, "levels": "all"}], parameters=variant.repaired)  # fmt: skip
    steps = [arms_meet(), one_value(), no_slack(), tents(), area()]
    return [counterexample, *(steps[:2] if budget is Budget.SMOKE else steps)]


SNIPPET = """\
from fractions import Fraction as F
def beads(x, y, s, n, k):  # n discs (x, y, radius) on each midline of a square, then in the four squares left over
    r, m = F(s) / (2 * n), F(s) / 2
    a = {(x + (2*i + 1) * r, y + m, r) for i in range(n)} | {(x + m, y + (2*i + 1) * r, r) for i in range(n)}
    corners = [(x + u, y + v) for u in (0, m + r) for v in (0, m + r)]
    return a.union(*(beads(*c, m - r, 2*n + 1, k - 1) for c in corners if k > 1))
todo = [{(x - r, y), (x + r, y), (x, y - r), (x, y + r)} for x, y, r in beads(F(0), F(0), 1, 3, 3)]
total, seen = len(todo), todo.pop()
while joined := [p for p in todo if p & seen]:
    seen, todo = seen.union(*joined), [p for p in todo if not p & seen]
print(total, "beads hang together; at any depth the squares left over have an area above", (1 - F(2, 3))**2)
assert not todo  # an optimal dual takes one value at the limits of these squares: its gradient is 0 there"""

CLAIMS = (
    Claim(
        id=f"{ROW}.some",
        source=f"Anil, Lucas, Grosse 2019 (ICML), section 3; {SOURCE}",
        printed=(
            "(This relates to Wasserstein distance estimation, as an optimal dual solution has this property "
            f"(Gulrajani et al., 2017).) ICLR submission: {PRINTED}"
        ),
        statement=(
            "For all laws P1, P2 with finite first moments on R^n, some 1-Lipschitz f that attains W(P1, P2) has "
            "||grad f||_2 = 1 almost everywhere."
        ),
        short="there are laws in the plane without one; there is one if P1 or P2 is carried by a closed null set",
        reading="an optimal dual: there is one",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="laws with countable supports in the unit square",
        covers_all=True,
        repairs={"a closed null set carries P1 or P2": Variant(repaired=True)},
        counterexamples={"laws in the plane": BEADS},
        near_misses=(
            NearMiss("laws in the plane", {"beads": 5, "levels": "all"}, "arms that end between two beads"),
            NearMiss("laws in the plane", {"beads": 3, "levels": 4}, "finitely many beads leave f free elsewhere"),
            NearMiss("laws in the plane", {"beads": 1, "levels": "all"}, "one bead fills the square"),
        ),
        minimality=(
            "the fewest dimensions, as on the line some optimal dual always qualifies, and countable supports, as for "
            "finite ones some optimal dual always qualifies; 3 is the least number of beads that works"
        ),
        textbook=(
            RADEMACHER,
            Textbook("grad f = 0 almost everywhere on a level set of a Lipschitz f", "Evans and Gariepy, 3.1.2"),
            Textbook("prod (1 - a_k) >= 1 - sum a_k for a_k in [0, 1]", "Hardy, Littlewood, Polya, Inequalities, 58"),
        ),
        snippet=SNIPPET,
        repaired_by=f"{ROW}.null_support",
        argument="proof.md#some",
        notes=(
            "True where one of the laws is carried by a closed null set, such as an empirical law, and on the line for "
            "all laws with finite first moments. The counterexample has bounded supports and W below 1."
        ),
    ),
)
