"""Proposition 5 as printed, with minima: they need not exist when only one class occurs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import one_class
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.obligation import Examination, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.proposition_5"
SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 4, Proposition 5"
PRINTED = (
    "Let P_XY a probability measure on X × Y where X ⊂ R^n is a bounded set. Let (x_i, y_i)_{1≤i≤p} be a sample of p "
    "iid random variables with law P_XY. [...] Then we have (taking the limit p → ∞): min_{f ∈ Lip_L(X, R)} E_p(f) "
    "→^{a.s.} min_{f ∈ Lip_L(X, R)} E_∞(f) (5)"
)


class LawError(LipcheckError, ValueError):
    """Data that describe no law on finitely many labelled points."""


def classes(data: Any) -> tuple[set[int], Fraction, Fraction]:
    """The labels that occur, the total mass and T of a law {"T": T, "atoms": [[x, y, mass], ...]} on R x {-1, 1}."""
    if not isinstance(data, Mapping) or set(data) != {"T", "atoms"}:
        raise LawError("a law has the entries T and atoms")
    labels, total = set(), Fraction(0)
    for atom in data["atoms"]:
        if not isinstance(atom, list) or len(atom) != 3 or atom[1] not in (-1, 1):
            raise LawError("an atom is a point, a label -1 or 1, and a mass")
        parse(atom[0])
        if (mass := parse(atom[2])) <= 0:
            raise LawError("an atom has a positive mass")
        labels.add(atom[1])
        total += mass
    return labels, total, parse(data["T"])


def attained(variant: Variant) -> Universal:
    """A minimizer exists exactly if both labels occur: see `one_class` for the one, Arzelà-Ascoli for the other."""

    def examine(data: Any) -> Examination:
        labels, total, T = classes(data)
        law = {"law": total == 1, "temperature": T > 0, "both classes": len(labels) == 2 or not variant.repaired}
        return Examination(law, len(labels) == 2)

    text = "for every law with finitely many atoms E_infinity attains its infimum over the L-Lipschitz functions"
    return Universal("the minimum exists", text, examine, lambda: [ONE], parameters=variant.repaired)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The existence that the statement presupposes, and why one class excludes it."""
    return [attained(variant), one_class()]


ONE = {"T": "1", "atoms": [["0", 1, "1"]]}
SNIPPET = """\
from fractions import Fraction
# one class: with u = exp(-T f(x)) the loss is ln(1 + u); f + ln(2)/T has u/2 and a smaller loss, for every f
u, losses = Fraction(1), []
for _ in range(8):
    losses.append(1 + u)                     # its logarithm is the loss
    u /= 2
print("exp(loss):", [str(v) for v in losses])
assert all(1 < b < a for a, b in zip(losses, losses[1:]))    # it falls towards 1 and never reaches it
"""

CLAIMS = (
    Claim(
        id=ROW,
        short="a law of one class has no minimum, only the infimum 0; with infima, or with both classes, it holds",
        source=SOURCE,
        printed=PRINTED,
        statement="For every law on X x Y with X bounded in R^n, every L >= 0 and T > 0: E_infinity attains a minimum "
        "over Lip_L(X, R), almost surely E_p does so for all large p, and these minima converge to it.",
        reading="as printed: both sides are minima",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=obligations,
        scope="every law on a bounded set",
        covers_all=True,
        counterexamples={"the minimum exists": ONE},
        near_misses=(
            NearMiss("the minimum exists", {"T": "1", "atoms": [["0", 1, "1/2"], ["0", -1, "1/2"]]}, "two classes"),
            NearMiss("the minimum exists", {"T": "1", "atoms": [["0", 1, "1/2"]]}, "half of the mass is missing"),
            NearMiss("the minimum exists", {"T": "0", "atoms": [["0", 1, "1"]]}, "T = 0: the loss is constant"),
        ),
        minimality="one atom; every law of one class is a counterexample, and no other law is one",
        snippet=SNIPPET,
        repairs={"both classes have positive probability": Variant(repaired=True)},
        repaired_by=f"{ROW}.infimum",
        argument="proof.md#minima",
        notes="For a law of two classes a small sample can still hold one class, with positive probability; almost "
        "surely that ends. X need not be closed: Lipschitz functions extend to the closure.",
    ),
)
