"""Appendix A, proof of Corollary 2: "the topological closure of b^{-1}({y}), y in Y, yields a set of closed sets that
are all disjoint (since epsilon > 0) and on which Proposition 2 can be applied, yielding a 1-Lipschitz neural network".

b is a classifier on X. Where X is more than the supports, the closures may meet: on R they must.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.euclidean import squared_distance
from lipcheck.build.mountain import PlaneMountain
from lipcheck.claims.bethune2021.corollary_2.unbounded import ROW
from lipcheck.claims.bethune2021.corollary_3._line import cells
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

TOUCHING = {"P": ["0"], "Q": ["1"], "ends": ["1/2"], "labels": [1, -1, -1]}
CORNER = {"A": [["0", "0"]], "B": [["2", "0"], ["0", "2"]], "corner": ["1", "1"], "u": ["2", "2"], "v": ["2", "3"]}


def closures(variant: Variant) -> Universal:
    """Finite supports on X = R and any classifier that is right on them; repaired, X is the union of the supports."""

    def examine(data: Any) -> Examination:
        it = cells(data)
        right = all(it.label(parse(x)) == s for k, s in (("P", 1), ("Q", -1)) for x in data[k])
        points = [parse(x) for k in ("P", "Q") for x in data[k]]
        if variant.repaired:
            return Examination({"optimal": right}, len(set(points)) == len(points))
        touching = any(it.labels[i] != it.labels[i + 1] for i in range(len(it.labels) - 1))
        return Examination({"optimal": right and set(it.labels) <= {-1, 1}}, not touching)

    where = "the union of the supports" if variant.repaired else "R"
    text = f"the closures of the two pre-images of a Bayes classifier on X = {where} are disjoint"
    return Universal("disjoint closures", text, examine, lambda: [TOUCHING], parameters=variant.repaired)


def curved(variant: Variant) -> Universal:
    """HMF of finite classes in the plane beyond a corner z of the frontier, in two directions u - z and v - z.

    The points whose nearest frontier point is z form a convex cone (they satisfy |x - z| <= |x - w| for all w there,
    which is linear in x). With u and v it holds an open set, where the height is |x - z|: on no part of it affine, as
    is a MaxMin network on each of finitely many convex pieces. Repaired: the height is 1-Lipschitz.
    """

    def examine(data: Any) -> Examination:
        a, b = (tuple(tuple(map(parse, p)) for p in data[k]) for k in ("A", "B"))
        hmf = PlaneMountain((a, b))
        u, v, z = (tuple(map(parse, data[k])) for k in ("u", "v", "corner"))
        corner = hmf.nearest(z) is None and all(
            hmf.height(x).square == squared_distance(x, z) != 0 and hmf.nearest(x) == hmf.nearest(u) for x in (u, v)
        )
        turned = (u[0] - z[0]) * (v[1] - z[1]) != (u[1] - z[1]) * (v[0] - z[0])
        if variant.repaired:
            low, high = hmf.height(u).enclosure(), hmf.height(v).enclosure()
            step = max(low[0] - high[1], high[0] - low[1], Fraction(0))
            return Examination({"corner": corner}, step * step <= squared_distance(u, v))
        return Examination({"corner": corner}, not turned)

    text = "HMF is 1-Lipschitz" if variant.repaired else "no two directions lead away from a corner of the frontier"
    return Universal("a network", text, examine, lambda: [CORNER], parameters=variant.repaired)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The closures, and that HMF need not be a network with sorting activations."""
    return [closures(variant), curved(variant), strict()]


def strict() -> Forall:
    """|u + v| < |u| + |v| for u and v in different directions, after squaring twice: (u . v)^2 < |u|^2 |v|^2.

    So |x - z| is not affine between z + u and z + v.
    """
    a, b, c, d, w = map(var, ("a", "b", "c", "d", "w"))
    left, right = (a * c + b * d) ** 2, (a * a + b * b) * (c * c + d * d)
    return Forall("Lagrange's identity", {"w": equals(w, a * d - b * c)}, equals(right - left, w * w))


SNIPPET = """\
P, Q = 0, 1                                # one atom each, at distance 1
def b(x): return 1 if x < 0.5 else -1      # a Bayes classifier on X = R
left, right = [0.5 - 2.0 ** -k for k in range(2, 50)], [0.5 + 2.0 ** -k for k in range(2, 50)]
assert b(P) == 1 and b(Q) == -1
assert all(b(x) == 1 for x in left) and all(b(x) == -1 for x in right)
print("1/2 is within", 0.5 - left[-1], "of both pre-images: it is in both closures")
assert 0.5 - left[-1] < 1e-14 and right[-1] - 0.5 < 1e-14
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.proof",
        short="on a connected X the closures of b's classes meet, and HMF need be no network; supports are disjoint",
        source="Béthune et al. 2021, arXiv version with appendices, appendix A, proof of Corollary 2",
        printed="If classes are separable the optimal Bayes classifier b achieves zero error. Moreover, the "
        "topological closure [of] b^{−1}({y}), y ∈ Y yields a set of closed sets that are all disjoint (since ε > 0) "
        "and on which Proposition 2 can be applied, yielding a 1-Lipschitz neural network with the wanted properties.",
        statement="If P and Q are epsilon-separated distributions on X, the closures of the pre-images of a Bayes "
        "classifier on X are disjoint; and the function that Propositions 1 and 2 construct is a network.",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=obligations,
        scope="X = R for the closures; the plane for the network",
        covers_all=True,
        argument="proof.md#the-printed-proof",
        counterexamples={"disjoint closures": TOUCHING, "a network": CORNER},
        minimality="one atom each on the line; in the plane three points, as two have a straight frontier",
        near_misses=(
            NearMiss("disjoint closures", {**TOUCHING, "ends": [], "labels": [1]}, "wrong at 1"),
            NearMiss(
                "disjoint closures", {**TOUCHING, "ends": ["1", "2"], "labels": [1, -1, 0, 0, 0]}, "0 is no label"
            ),
            NearMiss("a network", {**CORNER, "v": ["3", "3"], "u": ["2", "2"]}, "one ray: |x - z| is affine along it"),
            NearMiss("a network", {**CORNER, "u": ["1/2", "1/2"]}, "inside, the nearest frontier point is another"),
        ),
        repairs={"X is the union of the supports; 1-Lipschitz functions": Variant(repaired=True)},
        repaired_by=f"{ROW}.functions",
        snippet=SNIPPET,
        notes="On a connected X two closed sets that cover X and are not empty always meet. The argument is sound for "
        "the restriction of b to the supports and for functions.",
    ),
)
