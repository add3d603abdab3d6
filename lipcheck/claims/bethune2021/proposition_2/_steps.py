"""Steps about definition 4: f_k(x) = d(x, frontier) where class k alone is nearest, and 0 elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.mountain_function import _line as line
from lipcheck.words.claim import Variant
from lipcheck.words.formulas import conj, disj, equals
from lipcheck.words.obligation import Exhaustive, Forall
from lipcheck.words.terms import var


def sum_of_changes(variant: Variant) -> Forall:
    """||f(x) - f(y)||_1: |d(x) - d(y)| in one cell, d(x) + d(y) in two, and d(x) if y is on the frontier."""
    x, y, change, step = map(var, ("d_x", "d_y", "change", "step"))
    slope = variant.value("lipschitz", 1)
    near = conj(x - y <= step, y - x <= step)
    cases = disj(
        conj(disj(equals(change, x - y), equals(change, y - x)), near),
        conj(equals(change, x + y), x + y <= step),
        conj(equals(change, x), equals(y, 0), near),
    )
    return Forall("change of all f_k", {"d": conj(x >= 0, y >= 0), "cells": cases}, change <= slope * step)


def power_sum(variant: Variant) -> Forall:
    """The p-norm is at most the 1-norm: s^p <= s for the parts s, t of the sum 1, so that s^p + t^p <= 1."""
    s, t, sp, tp = map(var, ("s", "t", "s_to_p", "t_to_p"))
    powers = lemmas.kept(variant, p_at_least_1=conj(sp <= s, tp <= t))
    return Forall(
        "p-norm and 1-norm",
        {"parts": conj(equals(s + t, 1), s >= 0, t >= 0), "sign": conj(sp >= 0, tp >= 0), **powers},
        sp + tp <= 1,
    )


def on_the_classes(variant: Variant) -> Forall:
    """At x in X, own class k and any other l: f_k(x) > 0 = f_l(x), as d(x, A_k) = 0 < d(x, A_l) for closed classes."""
    own, other, d, fk, fl = map(var, ("own", "other", "d", "f_k", "f_l"))
    rule = conj(
        disj(conj(own < other, equals(fk, d)), conj(own >= other, equals(fk, 0))),
        disj(conj(other < own, equals(fl, d)), conj(other >= own, equals(fl, 0))),
    )
    frontier = conj(d >= 0, disj(equals(own, other), d > 0))
    closed = lemmas.kept(variant, closed=other > 0)
    return Forall(
        "arg max on X",
        {"x": conj(equals(own, 0), other >= 0), "equation 13": rule, "frontier": frontier, **closed},
        fk > fl,
    )


def rank_one(variant: Variant) -> Forall:
    """J = e_k g^T with |g| = 1: |J v|^2 = (g . v)^2 <= |v|^2, because |v - (g . v) g|^2 >= 0."""
    g2, v2, gv = map(var, ("g2", "v2", "g_v"))
    norm = variant.value("gradient", 1)
    return Forall(
        "norm of the Jacobian",
        {"g": equals(g2, norm), "square": v2 - 2 * gv * gv + gv * gv * g2 >= 0},
        gv * gv <= v2,
    )


def three_classes() -> Exhaustive:
    """All triples of non-empty disjoint classes in {0, 1, 2, 3}: arg max, the 1-norm of changes, the margin."""

    def holds(element: Sequence[Sequence[str]]) -> bool:
        found = line.classes_of(element)
        place = [Fraction(k, 2) for k in range(-1, 8)]
        f = {x: line.heights(x, found) for x in place}
        ties = line.frontier(found)
        right = all(
            f[x][k] > max(v for j, v in enumerate(f[x]) if j != k) for k, members in enumerate(found) for x in members
        )
        changes = all(
            sum(abs(v - w) for v, w in zip(f[x], f[y], strict=True)) <= y - x for x, y in combinations(place, 2)
        )
        margins = all(2 * max(f[x]) - sum(f[x]) == line.distance(x, ties) for x in place)
        return right and changes and margins

    text = "arg max f = c on the classes, ||f(x) - f(y)||_1 <= |x - y|, and the margin is the distance to the frontier"
    return Exhaustive("three classes in {0, 1, 2, 3}", text, lambda: line.labelled(4, 3), holds, [4, 3])
