"""Corollary 1 with networks whose gradient has norm one almost everywhere, and the proof in appendix A."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lipcheck.build.line_classifiers import CONVENTIONS, sign, sign_cells, value
from lipcheck.claims.bethune2021.corollary_1.scaling import PRINTED, ROW, SOURCE
from lipcheck.claims.bethune2021.corollary_3._line import line, lipschitz, networks
from lipcheck.network import Affine, Network
from lipcheck.readings.line import pieces
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Examination, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.verdict import Budget, Grade, Verdict

ZERO = {"network": line(0, 0)}
SHIFT = {"f": line(1, 0), "g": line(1, "-1/4"), "r": "1", "x": "1/8"}
PATH = (
    "We could have also taken a more convoluted path: take the classifier c associated to an unconstrained NN, "
    "consider the restriction to a subset X of the input space making the pre-images separated. Then we can apply "
    "Proposition 1 to get 1-Lip functions with same classification power, and finally approximate those functions (in "
    "the sense of uniform convergence) with 1-Lip NN."
)


def gradient(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A network on the line that vanishes on an interval; repaired, f~ need only be 1-Lipschitz."""

    def examine(data: Any) -> Examination:
        (network,) = networks(data, "network")
        if variant.repaired:
            steepest = max(Fraction(1), *(abs(piece.slopes[0]) for piece in pieces(network)))
            scaled = network.then(Affine([[1 / steepest]], [0]))
            same = sign_cells(scaled, 0).labels == sign_cells(network, 0).labels
            return Examination({}, lipschitz(scaled) and same)
        return Examination({}, all(piece.slopes[0] or piece.offsets[0] for piece in pieces(network)))

    text = "some f~ with |f~'| = 1 almost everywhere has the sign of f, sign(0) = 0: f vanishes on no interval"
    if variant.repaired:
        text = "some 1-Lipschitz f~ has the sign of f, sign(0) = 0"
    return [Universal("gradient norm one", text, examine, lambda: [ZERO], parameters=variant.repaired)]


def path(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f, a 1-Lipschitz g with its signs on X = {|x| >= r}, and a place x; repaired, x in X."""

    def examine(data: Any) -> Examination:
        f, g = networks(data, "f", "g")
        r, x = parse(data["r"]), parse(data["x"])
        hypotheses = {"lipschitz": lipschitz(g), "X": r > 0, "right on X": _agree(f, g, r)}
        if variant.repaired:
            hypotheses["x in X"] = abs(x) >= r
        same = all(sign(value(f, x), zero) == sign(value(g, x), zero) for zero in CONVENTIONS)
        return Examination(hypotheses, same)

    text = f"g, right on X = {{|x| >= r}}, has the sign of f {'on X' if variant.repaired else 'everywhere'}"
    return [Universal("path", text, examine, lambda: [SHIFT], parameters=variant.repaired)]


def _agree(f: Network, g: Network, r: Fraction) -> bool:
    """Whether f and g are positive at the same points of |x| >= r, and negative at the same points."""
    places = {-r, r}
    for network in (f, g):
        for piece in pieces(network):
            places |= {end for end in (piece.low, piece.high) if end is not None}
            if piece.slopes[0]:
                places.add(-piece.offsets[0] / piece.slopes[0])
    ends = sorted(places)
    tried = [ends[0] - 1, *ends, *((a + b) / 2 for a, b in pairwise(ends)), ends[-1] + 1]
    return all(sign(value(f, t), 0) == sign(value(g, t), 0) for t in tried if abs(t) >= r)


FLAT_SNIPPET = """\
def f(x): return 0.0 * x                # a network with weight 0; sign(f) = 0
def derivative(g, x): return (g(x + 2 ** -20) - g(x - 2 ** -20)) * 2 ** 19
def g(x): return f(x)                   # sign(g) = 0 = sign(f) everywhere leaves no other g
print("derivative of g:", [derivative(g, x) for x in (-1, 0, 1)])
assert all(derivative(g, x) == 0 for x in (-1, 0, 1))
"""
PATH_SNIPPET = """\
def f(x): return x
def g(x): return x - 0.25      # within 1/4 of f on R, and with its signs where |x| >= 1
assert all((f(x) > 0) == (g(x) > 0) for k in range(64, 640) for x in (k / 64, -k / 64))
print("at 1/8: f =", f(0.125), "g =", g(0.125))
assert f(0.125) > 0 > g(0.125)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.gradient_norm_one",
        short="where f = 0 on an open set no f̃ of gradient norm one has its sign; of norm at most one some has",
        source=f"{SOURCE}, with sections 2.3 and 3.1",
        printed=PRINTED,
        reading="1-Lipschitz neural networks with gradient norm one almost everywhere, as section 2.3 says; sign(0) = "
        "0",
        variant_of=ROW,
        statement="For every network f: R^n -> R there is a network f~ with ||grad f~|| = 1 almost everywhere and "
        "sign(f~(x)) = sign(f(x)) for all x, where sign(0) = 0.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=gradient,
        scope="all networks on R with an interval of zeros; sign(0) = 0",
        covers_all=True,
        argument="proof.md#gradient-norm-one",
        counterexamples={"gradient norm one": ZERO},
        minimality="one affine layer with weight 0 and bias 0; ReLU is the smallest example that is not constant",
        near_misses=(
            NearMiss("gradient norm one", {"network": line(0, 1)}, "f = 1 has the sign of |x| + 1"),
            NearMiss("gradient norm one", {"network": line("1/2", 0)}, "f = x / 2 has the sign of x"),
        ),
        repairs={"gradient norm at most one": Variant(repaired=True)},
        repaired_by=f"{ROW}.piecewise_linear",
        snippet=FLAT_SNIPPET,
        notes="With sign(0) = 1 the function |x| has the sign of f = 0. On R an f with isolated zeros has the sign of "
        "a zigzag with slopes 1 and -1.",
    ),
    Claim(
        id=f"{ROW}.appendix_proof",
        short="agreement on a subset X says nothing between the classes; f / L agrees everywhere",
        source="Béthune et al. 2021, arXiv version with appendices, appendix A, proof of Corollary 1",
        printed=PATH,
        reading="the path as a proof of Corollary 1, that is of sign(f(x)) = sign(f~(x)) for all x in R^n",
        variant_of=ROW,
        statement="A 1-Lipschitz network that has the signs of f on a subset X where the classes are separated has "
        "them on all of R^n.",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=path,
        scope="X = {|x| >= r}; the counterexample is on R",
        covers_all=True,
        argument="proof.md#the-path-of-the-appendix",
        counterexamples={"path": SHIFT},
        minimality="dimension one, affine f and g",
        near_misses=(
            NearMiss("path", {**SHIFT, "x": "2"}, "2 is in X"),
            NearMiss("path", {**SHIFT, "r": "1/8"}, "g is wrong at 1/8, which is in X"),
            NearMiss("path", {**SHIFT, "g": line(1, 0)}, "g = f"),
        ),
        repairs={"only on X": Variant(repaired=True)},
        repaired_by=ROW,
        snippet=PATH_SNIPPET,
        notes="The corollary itself holds, by the proof of section 3.1. The path also needs the classes to be a "
        "positive distance apart, and X to be bounded for a uniform approximation by networks.",
    ),
)
