"""Some optimal dual has gradient norm one almost everywhere as soon as a closed null set carries one of the laws.

Plain reading: let K be a closed set of measure zero with P1(K) = 1 (an empirical law; the image of a space of fewer
dimensions under a Lipschitz map), P2 any law, and f an optimal dual. F(x) = sup over s in K of f(s) - |x - s| is
1-Lipschitz, at most f, and f on K: so it is optimal, too. Off K it has gradient norm one wherever it is differentiable.
If K carries P2, take inf f(s) + |x - s|.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import KANTOROVICH, LINE
from lipcheck.claims.anil2019.kr_duality.lower_bound import line
from lipcheck.claims.anil2019.optimal_dual_gradient import beads
from lipcheck.claims.anil2019.optimal_dual_gradient.common import PRINTED, RADEMACHER, ROW, SOURCE
from lipcheck.claims.anil2019.optimal_dual_gradient.finite_supports import touching
from lipcheck.network import Abs, Affine, FullSort, ReLU
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def cones(values: dict[Fraction, Fraction]) -> Data:
    """The network x -> max over s of values[s] - |x - s|."""
    k = len(values)
    identity = [[int(i == j) for j in range(k)] for i in range(k)]
    shifted = Affine([[1]] * k, [-s for s in values])
    down = Affine([[-entry for entry in row] for row in identity], list(values.values()))
    return line(shifted, Abs(), down, FullSort("descending"), [identity[0]])


def examine(data: Data, slope: Fraction) -> Examination:
    """On the line, P1 of atoms, P2 a mixture: whether the cones over P1's atoms are optimal. Or beads."""
    if "beads" in data:
        met = {"null": data["levels"] != "all", "lipschitz": True, "optimal": True}
        return Examination(met, not beads.forced(data))
    first, second, f = laws.read(data["first"]), laws.read(data["second"]), laws.function(data["network"])
    hypotheses = {
        "null": all(p.low == p.high for p in first.parts),
        "lipschitz": laws.slope(f) <= slope,
        "optimal": laws.objective(f, first, second) == laws.distance(first, second),
    }
    over = laws.function(cones({p.low: laws.value(f, p.low) for p in first.parts}))
    return Examination(hypotheses, laws.objective(over, first, second) == laws.distance(first, second))


def tilted(slope: Fraction) -> Data:
    """slope |x| for x < 0, (2 - slope) |x| for x > 0."""
    return line([[-1], [1]], ReLU(), [[slope, 2 - slope]])


def networks(variant: Variant) -> Universal:
    """The construction on the line."""
    slope = variant.value("lipschitz", 1)
    inward: Any = {"first": laws.atoms(-1, 0, 1), "second": laws.atoms(0)}
    spread: Any = {"first": laws.atoms(0), "second": [["-1", "2", "1"]], "network": line([[1]], Abs(), [[-1]])}
    found = [spread, *({**inward, "network": tilted(s)} for s in (Fraction(1), slope, Fraction(2))),
             {**inward, "network": line([[0]])}, beads.BEADS]  # fmt: skip
    return Universal("cones over one support", "the cones over the support of P1 attain W(P1, P2)",
                     lambda data: examine(data, slope), lambda: found, variant.dropped, str(slope))  # fmt: skip


def below(variant: Variant) -> Forall:
    """The cone over s, at a point x at distance d: it is at most f(x). At s itself it is f(s)."""
    fs, fx, d = var("fs"), var("fx"), var("d")
    lipschitz = fs - fx <= variant.value("lipschitz", 1) * d
    given: dict[str, Formula] = {"lipschitz": lipschitz} if variant.keeps("lipschitz") else {}
    return Forall("cones lie below", {**given, "distance": d >= 0}, fs - d <= fx)


def supremum() -> Forall:
    """The cone v - |. - s| at x and y, at distances a and b from s, d = |x - y|; F its supremum over all s."""
    v, a, b, d, Fy = (var(name) for name in ("v", "a", "b", "d", "Fy"))
    given: dict[str, Formula] = {"triangle": b <= a + d, "supremum": v - b <= Fy}
    return Forall("the supremum is 1-Lipschitz", given, v - a <= Fy + d)


def gain() -> Forall:
    """F = f under P1, F <= f under P2; p and q, r are the expectations of f and of F under P2, W the largest gain."""
    p, q, r, W = var("p"), var("q"), var("r"), var("W")
    given: dict[str, Formula] = {"optimal": equals(p - q, W), "below": r <= q, "duality": p - r <= W}
    return Forall("the supremum is optimal", given, equals(p - r, W))


def bend() -> Forall:
    """u = (x - s)/a, a = |x - s| >= e > 0: q = |x + h - s| is at most a + u.h + |h|^2 / (2 e); D = u.h, H = |h|^2."""
    a, q, D, H, e = (var(name) for name in ("a", "q", "D", "H", "e"))
    given: dict[str, Formula] = {
        "distance": conj(e > 0, a >= e, H >= 0),
        "moved": equals(q * q, a * a + 2 * a * D + H),
    }
    witness = {"a": Fraction(1), "q": Fraction(1), "D": Fraction(0), "H": Fraction(0), "e": Fraction(1)}
    return Forall("a cone bends little", given, 2 * e * (q - a - D) <= H, witness=witness)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The construction where a hypothesis is missing, and the steps in R^n."""
    return [networks(variant), below(variant), supremum(), gain(), bend(), touching()]


CLAIMS = (
    Claim(
        id=f"{ROW}.null_support",
        source=f"{SOURCE}, corrected",
        printed=PRINTED,
        statement=(
            "For all laws P1, P2 with finite first moments on R^n and every closed K with P1(K) = 1 or P2(K) = 1, some "
            "1-Lipschitz f that attains W(P1, P2) has ||grad f||_2 = 1 almost everywhere outside of K; almost "
            "everywhere, if K is a null set."
        ),
        reading="repaired: some optimal dual, and one of the laws on a closed null set",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all laws with finite first moments on R^n, every n",
        covers_all=True,
        hypotheses={
            "null": "a closed null set carries one of the laws",
            "lipschitz": "the optimal f from which the values are taken is 1-Lipschitz",
            "optimal": "that f attains W(P1, P2)",
        },
        constants={"lipschitz": Constant(Fraction(1), Fraction(101, 100), words="the Lipschitz constant of f")},
        textbook=(
            RADEMACHER,
            KANTOROVICH,
            LINE,
            Textbook("the unit sphere is compact", "Rudin, Principles of Mathematical Analysis, 2.41"),
        ),
        argument="proof.md#null-support",
        notes=(
            "So the sentence is right, with 'some', where one of the laws is empirical, as in section 7.2, whatever "
            "the other law is. The null set has to be closed: see `some`, where countable sets carry both laws."
        ),
    ),
)
