"""Corollary 2: "The distributions P and Q are epsilon-separated if ... the distance between supp P and supp Q exceeds
epsilon. In this case 1-Lipschitz neural networks can achieve zero error."

Plain reading: some network with sorting (or other piecewise linear) activations has error zero. With P on the even and
Q on the odd integers the sign has to change infinitely often, and a network has finitely many affine pieces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.line_classifiers import ClassifierError
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.corollary_2"
SOURCE = "Béthune et al. 2021, arXiv version with appendices, section 3.1, Corollary 2"
PRINTED = (
    "Corollary 2 (Separable classes implies zero error). The distributions P and Q are ε-separated if it exists ε > 0 "
    "such that the distance between supp P and supp Q exceeds ε. In this case 1-Lipschitz neural networks can achieve "
    "zero error."
)
INTEGERS = {"P": "0", "Q": "1", "period": "2"}
PIECES = Textbook(
    "a network of piecewise linear activations on R has finitely many affine pieces", "induction over the layers"
)


def gap(data: Any) -> tuple[Fraction, Fraction]:
    """(distance of P + period Z and Q + period Z, period); period 0 stands for single points."""
    if not isinstance(data, Mapping) or set(data) != {"P", "Q", "period"}:
        raise ClassifierError("two supports have the entries P, Q and period")
    p, q, period = (parse(data[k]) for k in ("P", "Q", "period"))
    if period < 0:
        raise ClassifierError(f"the period is {period}: give 0 or a positive number")
    if period == 0:
        return abs(p - q), period
    rest = (p - q) % period
    return min(rest, period - rest), period


def periodic(variant: Variant) -> Universal:
    """P on p + period Z, Q on q + period Z, every atom of positive mass: zero error exactly for finite supports."""

    def examine(data: Any) -> Examination:
        apart, period = gap(data)
        bounded = {"bounded": period == 0} if variant.repaired else {}
        return Examination({"separated": apart > 0, **bounded}, period == 0)

    text = "some network with finitely many affine pieces has no error" + ", bounded supports" * variant.repaired
    return Universal("periodic supports", text, examine, lambda: [INTEGERS], variant.dropped, variant.repaired)


def one_change() -> list[Forall]:
    """On an affine piece s x + o the labels +, -, + at x < y < z are impossible; sign(0) counts as + or as -.

    Signs turned around, so are -, +, -.
    """
    x, y, z, s, o = map(var, ("x", "y", "z", "s", "o"))
    order = conj(x < y, y < z)
    return [
        Forall("one change in a piece, f(y) < "
        "0", {"order": order, "x": s * x + o >= 0, "y": s * y + o < 0}, s * z + o < 0),
        Forall("one change in a piece, f(y) <= 0", {"order": order, "x": s * x + o > 0, "y": s * y + o <= 0},
               s * z + o < 0),
    ]  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The supports, and that a piece changes its sign once."""
    return [periodic(variant), *one_change()]


SNIPPET = """\
def changes(values): return sum((a > 0) != (b > 0) for a, b in zip(values, values[1:]))
import random
random.seed(0)
for pieces in range(1, 8):               # lines of slope 1 and -1 through given kinks: at most one change each
    kinks = sorted(random.uniform(0, 40) for _ in range(pieces - 1))
    values = [sum((-1) ** i * max(0, x - k) * 2 for i, k in enumerate(kinks)) - x + 3 for x in range(100)]
    needed = 99                          # labels +, -, +, ... at 0, ..., 99
    assert changes(values) <= pieces < needed
print("needed:", needed, "changes; a function of p pieces has at most p, up to its corners")
"""

CLAIMS = (
    Claim(
        id=ROW,
        short="even against odd integers: finitely many affine pieces err; functions do not, nor networks if supports "
        "are bounded",
        source=SOURCE,
        printed=PRINTED,
        reading="as printed; networks of affine layers and sorting or other piecewise linear activations",
        statement="If the distance of supp P and supp Q is positive, some 1-Lipschitz network f with sorting "
        "activations has sign(f) = 1 P-almost surely and sign(f) = -1 Q-almost surely.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="networks with finitely many affine pieces; periodic supports on R",
        covers_all=True,
        textbook=(PIECES,),
        argument="proof.md#as-printed",
        counterexamples={"periodic supports": INTEGERS},
        minimality="dimension one; the supports have to be unbounded, for on bounded ones the statement is proved",
        near_misses=(
            NearMiss("periodic supports", {"P": "0", "Q": "1", "period": "0"}, "one atom each"),
            NearMiss("periodic supports", {"P": "0", "Q": "2", "period": "2"}, "the same support"),
        ),
        repairs={"bounded supports": Variant(repaired=True)},
        repaired_by=f"{ROW}.bounded",
        snippet=SNIPPET,
        notes="Where the paper wants X compact it says so (Proposition 4); Corollary 2 and section 2.1 do not. "
        "As 'error arbitrarily close to zero' it is true: bayes. sigmoid and tanh do not help: a network of them "
        "has finitely many zeros on R or vanishes identically on an interval (Wilkie 1996). An activation of its own "
        "making, such as sin, would.",
    ),
)
