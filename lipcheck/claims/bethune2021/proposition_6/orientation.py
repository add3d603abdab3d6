"""Appendix C: "Consequently we must have f(4i-1) = f(4(i-1)) + 3 ... Said otherwise, f is strictly increasing on supp P
and supp Q."

By section 2.1 P is the distribution of label +1, and the loss is -y f; so a minimizer falls from each atom of P to the
next one of Q, and along both supports.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from lipcheck.build.atoms import Atoms, Potential
from lipcheck.claims.bethune2021.proposition_6._minimizers import HYPOTHESES, INDUCTION, data, every_minimizer, general
from lipcheck.words.claim import Claim, Constant, Formal, NearMiss, Variant
from lipcheck.words.formulas import equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.proposition_6"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix C, proof of Proposition 6; labels: section 2.1"
PRINTED = (
    "In dimension one, the optimal transportation plan is easy to compute: each atom of mass from P at position i is "
    "matched with the corresponding one in Q to its immediate right. Consequently we must have f(4i−1) = f(4(i−1)) + "
    "3. [...] Said otherwise, f is strictly increasing on supp P and supp Q."
)
FALLING = data([0], [-3])
FALLING_TWICE = data([0, -4], [-3, -7])

SNIPPET = """\
def f(x):
    return -x                               # 1-Lipschitz; P = delta_0 has label +1, Q = delta_3 label -1
def g(x):
    return x                                # what the printed proof asks for
def loss(h):
    return (-h(0) + h(3)) / 2               # the mean of -y h(x)
print("f(3) - f(0) =", f(3) - f(0), "loss of f:", loss(f), "loss of g:", loss(g))
assert loss(f) < loss(g) and f(3) == f(0) - 3
"""


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The printed equation and the monotonicity; or, repaired, both with the other sign."""
    sign = -1 if variant.repaired else 1

    def labelled(atoms: Atoms, f: Potential, label: int) -> dict[str, bool]:
        return {"label of P is +1": label == 1}

    def equation(atoms: Atoms, f: Potential) -> bool:
        return all(at_q == at_p + 3 * sign for at_p, at_q in zip(f.at_p, f.at_q, strict=True))

    def monotone(atoms: Atoms, f: Potential) -> bool:
        return all(sign * (b - a) > 0 for values in (f.at_p, f.at_q) for a, b in pairwise(values))

    text = f"every minimizer has f(4i-1) = f(4(i-1)) {'+-'[variant.repaired]} 3, P having the label +1"
    order = f"every minimizer is strictly {['increasing', 'decreasing'][variant.repaired]} on both supports"
    return [
        every_minimizer("equation", text, equation, [FALLING], labelled, sign),
        every_minimizer("monotone", order, monotone, [FALLING_TWICE], labelled, sign),
    ]


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The laws of minimizers for every n."""
    p, q, d = map(var, ("p", "q", "d"))
    value = variant.value("difference", 3)
    named = Forall(
        "the difference is the distance", {"d": equals(d, 3), "values": equals(p - q, d)}, equals(q, p - value)
    )
    return [*general(variant), named]


CLAIMS = (
    Claim(
        id=f"{ROW}.orientation",
        short="minimizers fall by 3 from atom to atom where the proof lets them rise",
        source=SOURCE,
        printed=PRINTED,
        reading="with the labels of section 2.1: P has the label +1 and Q the label -1",
        statement="Every minimizer f of equation 6 for these P and Q satisfies f(4i-1) = f(4(i-1)) + 3 and is "
        "strictly increasing on supp P and on supp Q.",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=printed,
        scope="all n, all minimizers",
        covers_all=True,
        repairs={"the other sign": Variant(repaired=True)},
        counterexamples={"equation": FALLING, "monotone": FALLING_TWICE},
        near_misses=(
            NearMiss("equation", data([0], [3]), "increasing, but no minimizer: its loss is +3/2, not -3/2"),
            NearMiss(
                "equation", data([0], [3], label_of_p=-1), "P has the label -1 here, and the printed equation holds"
            ),
            NearMiss("equation", data([0], ["-301/100"]), "not 1-Lipschitz"),
            NearMiss("monotone", FALLING, "one atom each: nothing to compare"),
        ),
        minimality="n = 1 for the equation, n = 2 for the monotonicity; f(x) = -x",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.orientation_sharp",
        argument="proof.md#the-orientation",
        notes="A slip of sign: with P labelled -1 and Q +1 the printed lines hold, and so does what is concluded from "
        "them.",
    ),
    Claim(
        id=f"{ROW}.orientation_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="corrected: the other sign",
        statement="Every minimizer f of equation 6 for these P and Q satisfies f(4i-1) = f(4(i-1)) - 3 and falls by 2 "
        "to 4 from each atom of P to the next, and from each atom of Q to the next; f(x) = -x is a minimizer.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all n, all minimizers",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants={"difference": Constant(Fraction(3), mutated=Fraction(303, 100), words="f(4(i-1)) - f(4i-1)")},
        textbook=(INDUCTION,),
        formal=(
            Formal(
                "atoms.orientation",
                says="For every n: a 1-Lipschitz f is a minimizer exactly if f falls by 3 from each atom of P to that "
                "of Q.",
                leaves_out="Expectations over finitely many atoms are written as sums.",
            ),
            Formal(
                "atoms.steps",
                says="For every n: f falls by 2 to 4 from each atom of P to the next, and from each atom of Q to the "
                "next.",
                leaves_out="As above.",
            ),
            Formal(
                "atoms.minus_x_minimizes",
                says="f(x) = -x is a minimizer for every n.",
                leaves_out="As above.",
            ),
        ),
        argument="proof.md#the-orientation",
    ),
)
