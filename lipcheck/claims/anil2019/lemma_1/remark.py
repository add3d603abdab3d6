"""The remark that |.| may be any metric on R: true where |.| is replaced throughout, by another proof than the printed.

Let rho be any metric on R, C_L the functions with rho(f(x), f(y)) <= d(x, y), the separation property for rho(a, b) <=
d(x, y), and density with respect to sup rho(f, g). Max and min are those of the usual order, to which rho need not have
any relation. The interpolation at the points of a net uses the order alone, and the error between them the triangle
inequality alone. The printed proof ends in |f - g| < eps, which says less than rho(f, g) < eps where rho is finer.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.lemma_1 import common, statement
from lipcheck.claims.anil2019.lemma_1.common import ICLR, ROW
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

REMARK = "Remark. We could replace | · | with any metric on R."
SCALED = "only the separation property is changed"


def near_a_net(variant: Variant) -> Forall:
    """rho(G(z), g(z)) <= rho(G(z), G(x_k)) + rho(g(x_k), g(z)) <= 2 r, since G(x_k) = g(x_k)."""
    error, big, small, d, r = var("error"), var("rho_G"), var("rho_g"), var("d"), var("r")
    hypotheses: dict[str, Formula] = {
        "triangle inequality": error <= big + small,
        "g": conj(small >= 0, small <= d),
        "in C_L": conj(big >= 0, big <= d),
        "compact": conj(d <= r, r > 0),
        "distance": error >= 0,
    }
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    return Forall("the error in the metric rho", kept, error <= variant.value("error", 2) * r)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The interpolation, which knows no metric, and the triangle inequality."""
    small: list[Obligation] = [statement.families(variant), near_a_net(variant)]
    if budget is Budget.SMOKE:
        return small
    order = [statement.one_more_minimum(), statement.one_more_maximum()]
    return [*small, *order, *map(statement.interpolation, (2, 3, 4))]


def examine(data: Data, repaired: bool) -> Examination:
    """A family under rho = k |.| in the separation property; `repaired`: in the Lipschitz condition as well."""
    match data:
        case {"family": given, "k": str(text)}:
            found, k = common.read(given), Fraction(text)
        case _:
            raise common.FamilyError("Give {'family': ..., 'k': 'p/q'} for the metric k |.|.")
    if k <= 0:
        raise common.FamilyError(f"{k} |.| is no metric: give a positive factor.")
    hypotheses = {
        "two points": len(found.points) >= 2,
        "in C_L": found.lipschitz,
        "lattice": found.lattice,
        "separation": found.separates(1 / k),
    }
    return Examination(hypotheses, found.dense(1 / k if repaired else Fraction(1)))


def scaled(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Lemma 1 with k |a - b| <= d(x, y) in the separation property."""
    text = "a lattice in C_L that separates for k |a - b| <= d(x, y) is dense"
    return [Universal(SCALED, text, lambda data: examine(data, variant.repaired),
                      lambda: [{"family": common.HALF, "k": "2"}])]  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.remark",
        source=f"{ICLR}, Remark after Lemma 1",
        printed=REMARK,
        statement=(
            "Let rho be any metric on R. Lemma 1 holds with rho in the place of |.| in the Lipschitz condition, in the "
            "separation property and in the distance of functions; max and min are those of the usual order."
        ),
        reading="|.| is replaced throughout",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all metrics on R, whatever topology they induce; all compact X with at least two points",
        covers_all=True,
        hypotheses={**statement.HYPOTHESES, "triangle inequality": "rho is a metric"},
        constants={"error": Constant(Fraction(2), Fraction(199, 100), words="the error over the radius of the net")},
        textbook=(statement.NETS, Textbook("induction over finitely many functions", "Peano's axioms")),
        argument="proof.md#any-metric",
        depends_on=(ROW,),
        notes=(
            "The printed proof covers the metrics that induce the usual topology; there density for rho and for |.| "
            "are the same on a compact X. For others it gives density for |.| alone. The remark is void for some rho "
            "and X: if rho does not grow with intervals, on [0, 1] for the root of |.|, on [0, 2] for the discrete rho."
        ),
    ),
    Claim(
        id=f"{ROW}.remark_in_separation",
        short=(
            "A metric 2 |.| in the separation property alone fails on two points; replaced throughout, "
            "any metric will do."
        ),
        source=f"{ICLR}, Remark after Lemma 1",
        printed=REMARK,
        statement="Lemma 1 holds with rho(a, b) <= d(x, y) in the separation property alone, for any metric rho on R.",
        reading="only the |a − b| that is printed in Lemma 1 is replaced",
        variant_of=f"{ROW}.remark",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=scaled,
        scope="the metrics k |.|",
        covers_all=True,
        repairs={"the same metric in the Lipschitz condition": Variant(repaired=True)},
        counterexamples={SCALED: {"family": common.HALF, "k": "2"}},
        near_misses=(
            NearMiss(SCALED, {"family": common.HALF, "k": "1"}, "for |.| itself these functions do not separate"),
            NearMiss(SCALED, {"family": common.ALL_ON_TWO, "k": "2"}, "all 1-Lipschitz functions are dense"),
        ),
        minimality="two points, the fewest that the lemma admits",
        snippet=(
            "# X = {0, 1}, L = all functions with |f(0) - f(1)| <= 1/2: closed under max and min, and for\n"
            "# rho(a, b) = 2 |a - b| <= d(0, 1) = 1 the values a and b are taken. But g = (0, 1) is 1-Lipschitz.\n"
            "grid = [k / 8 for k in range(-8, 17)]\n"
            "best = min(max(abs(a), abs(b - 1)) for a in grid for b in grid if abs(a - b) <= 1 / 2)\n"
            "print('distance of g from L:', best)\n"
            "assert best == 1 / 4"
        ),
        repaired_by=f"{ROW}.remark",
        argument="proof.md#any-metric",
    ),
)
