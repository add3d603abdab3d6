"""Words of the row, and the steps about couplings that several claims share."""

from __future__ import annotations

from lipcheck.words.claim import Textbook, Variant
from lipcheck.words.formulas import Formula
from lipcheck.words.obligation import Forall
from lipcheck.words.terms import var

ICML = "Anil, Lucas, Grosse 2019 (ICML)"
ICLR = "Anil, Lucas, Grosse 2019 (ICLR submission)"
ROW = "anil2019.kr_duality"

KANTOROVICH = Textbook(
    "Kantorovich-Rubinstein theorem: laws with finite first moments on a complete separable metric space",
    "Villani, Optimal Transport: Old and New, Theorem 5.10, Particular Case 5.4 and Remark 6.5",
)
LINE = Textbook("on the line W(P, Q) is the integral of |F_P - F_Q|", "Vallender, Theory Probab. Appl. 18 (1974)")


def one_more_pair(variant: Variant) -> Forall:
    """A coupling moves one more mass m from x to y: m (f(x) - f(y)) <= m d(x, y) is added to gain <= cost."""
    m, rise, d, gain, cost = var("m"), var("rise"), var("d"), var("gain"), var("cost")
    hypotheses: dict[str, Formula] = {
        "others": gain <= cost,
        "distance": d >= 0,
        "mass": m >= 0,
        "lipschitz": rise <= variant.value("lipschitz", 1) * d,
    }
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    return Forall("one more pair of a coupling", kept, gain + m * rise <= cost + m * d)
