"""Activations that are affine on convex sets give convex cells, whatever they are."""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.bethune2021.proposition_8_remarks._common import ROW, SOURCE
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import maximum, var
from lipcheck.words.verdict import Budget, Verdict


def general(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Affine maps keep the way between two inputs; an inequality of a convex piece, there; the number of cells."""
    p, q, t, c, s, w, b = map(var, ("p", "q", "t", "c", "s", "w", "b"))
    way = equals(w * ((1 - t) * p + t * q) + b, (1 - t) * (w * p + b) + t * (w * q + b))
    hypotheses: dict[str, Formula] = {"between": conj(t >= 0, t <= 1), "at x": p >= 0}
    if variant.keeps("convex"):
        hypotheses["at y"] = q >= 0
    counts: dict[str, Formula] = {"cells": conj(c >= 0, s >= 0), "pieces": conj(p >= c, q >= s)}
    return [
        Forall("one weight, one coordinate between two inputs", {}, way),
        Forall("an inequality of a piece, between two inputs of a cell", hypotheses, (1 - t) * p + t * q >= 0),
        Forall("one more activation multiplies the cells", counts, c * s <= p * q),
        _absolute_value(),
    ]


def _absolute_value() -> Forall:
    """An element-wise example: |a| is a on one half-line and -a on the other."""
    a, b = var("a"), var("b")
    absolute = equals(b, maximum(a, -a))
    return Forall("|a| has two convex pieces", {"value": absolute},
                  disj(conj(a >= 0, equals(b, a)), conj(a <= 0, equals(b, -a))))  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.general",
        source=SOURCE,
        printed="Our result is actually a bit more general and apply more broadly to activation functions that "
        "piece-wise linear and partition the input space into convex sets (see Lemma 1 in Appendix).",
        statement="If every activation R^w -> R^w is affine on each set of a finite partition of R^w into convex "
        "sets, then R^n is partitioned into convex cells on each of which the network is affine; their number is at "
        "most the product of the numbers of sets. So Lemma 1 speaks of such networks, with this product for B.",
        expected=Verdict.PROVED,
        obligations=general,
        scope="all such activations: ReLU, |x|, GroupSort of any size, FullSort, Maxout",
        covers_all=True,
        hypotheses={"convex": "pieces of the activation are convex"},
        textbook=(Textbook("induction over the inequalities and the layers", "Peano's axioms"),),
        argument="proof.md#how-general",
        notes="For elementwise activations with r pieces B = r^W, for FullSort the product of the factorials of the "
        "widths: the base of equation 9 changes in Lemma 1, though by counting parameters O((n + 1) 2^W) remains "
        "true, with a constant that depends on r.",
    ),
)
