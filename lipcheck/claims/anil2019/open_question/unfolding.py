"""Steps of the proof in dimension one that are about functions on the line: zigzags are dense, and they unfold.

A zigzag is a composition of single and double folds of the line (`lipcheck.build.zigzags`), and limits compose.
"""

from __future__ import annotations

from itertools import product

from lipcheck.build import zigzags
from lipcheck.words.claim import Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Exhaustive, Forall
from lipcheck.words.terms import absolute, maximum, minimum, var


def compositions(variant: Variant, most: int) -> Exhaustive:
    """All zigzags with branches of lengths 1, 2, 3, up to so many, are compositions of folds of the line."""
    lengths = [list(n) for k in range(1, most + 1) for n in product((1, 2, 3), repeat=k)]
    return Exhaustive(f"zigzags of at most {most} branches", "the composition of folds is the zigzag", lambda: lengths,
                      lambda case: zigzags.composed(zigzags.read(case), variant.keeps("shortest")),
                      parameters=[most, variant.keeps("shortest")], size=most)  # fmt: skip


def double_fold() -> Forall:
    """A shortest branch [a, a + l] between others: f(t) = f(a) + u - a on its stretch, elsewhere u = t or t - 2 l.

    f has the slopes 1, -1, 1 on [a - l, a + 2 l], and u = min(t, max(2 a - t, t - 2 l)) is in [a - l, a] there.
    """
    t, a, length, f, h = var("t"), var("a"), var("l"), var("f"), var("h")
    cases = disj(conj(t <= a, equals(f, h + t - a)), conj(a <= t, t <= a + length, equals(f, h + a - t)),
                 conj(t >= a + length, equals(f, h + t - a - 2 * length)))  # fmt: skip
    u = minimum(t, maximum(2 * a - t, t - 2 * length))
    inside = conj(a - length <= t, t <= a + 2 * length, a - length <= u, u <= a, equals(f, h + u - a))
    before, behind = conj(t <= a - length, equals(u, t)), conj(t >= a + 2 * length, equals(u, t - 2 * length))
    return Forall("a double fold unfolds", {"length": length > 0, "f": cases}, disj(inside, before, behind))


def single_fold() -> Forall:
    """A shortest branch [0, l] in front: f(t) = f(l) - u on [0, 2 l] for u = |t - l|, and u = t - l behind."""
    t, length, f, h = var("t"), var("l"), var("f"), var("h")
    cases = disj(conj(t <= length, equals(f, h + t - length)), conj(t >= length, equals(f, h + length - t)))
    u = absolute(t - length)
    inside = conj(t <= 2 * length, u >= 0, u <= length, equals(f, h - u))
    return Forall("a single fold unfolds", {"t": conj(t >= 0, length > 0), "f": cases},
                  disj(inside, conj(t >= 2 * length, equals(u, t - length))))  # fmt: skip


def dense() -> Forall:
    """A walk by steps h up where it is at most g, else down, stays within 2 h of g at the nodes of mesh h."""
    D, change, h = var("D"), var("change"), var("h")
    given: dict[str, Formula] = {"mesh": h > 0, "g": absolute(change) <= h, "before": absolute(D) <= 2 * h}
    up, down = conj(D <= 0, absolute(D + h - change) <= 2 * h), conj(D > 0, absolute(D - h - change) <= 2 * h)
    return Forall("zigzags are dense", given, disj(up, down))


def composed() -> Forall:
    """|h'(f'(t)) - h(f(t))| <= |h'(f'(t)) - h'(f(t))| + |h' - h| at f(t), and h' is 1-Lipschitz on all of R.

    So h' need be near h on the range of f only, which f'(t) may leave.
    """
    outer, at, exact, e, d = var("outer"), var("outer_at_exact_inner"), var("exact"), var("e"), var("d")
    given: dict[str, Formula] = {"inner": absolute(outer - at) <= d, "outer": absolute(at - exact) <= e}
    return Forall("limits compose", given, absolute(outer - exact) <= e + d)
