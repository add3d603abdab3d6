"""Appendix E: the technique "allows us to directly regularize the spectral norm of the Jacobian [...] the Lipschitz
constant of the entire network is regularized using a single term"; section 5 on such penalties.

Plain reading: the term is the spectral norm of the Jacobian at the data, once converged, and a lower bound on the
Lipschitz constant; that is what a gradient step on it can lower. In a stronger reading the term bounds the constant. It
does not, for it looks at data points only: max(x, 0) + min(x, 0) / 2 has slope 1/2 at x = -1, and constant 1. Since any
multiple is possible, no function of the term bounds the constant.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.jacobian_regularization import common
from lipcheck.claims.anil2019.jacobian_regularization.common import ROW, SECTION_5, SOURCE
from lipcheck.exact import vector
from lipcheck.readings.line import pieces
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exists, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

HALF = {"network": common.leaky("1/2"), "points": ["-1"], "bound": "1/2"}
CASES = [
    HALF,
    {"network": common.leaky("1/100"), "points": ["-1", "-2", "-3"], "bound": "1/100"},
    {"network": common.leaky("1/2"), "points": ["-1", "1"], "bound": "1"},
]


def examine(data: Any, repaired: bool) -> Examination:
    """Whether the slopes at the points are at most the bound, and whether the Lipschitz constant is."""
    given, points, bound = common.entries(data, ("network", "points", "bound"))
    network, points, (bound,) = common.read(given), vector(points, "points"), vector([bound], "bound")
    hypotheses = {"term": all(abs(common.slope(network, x)) <= bound for x in points)}
    if repaired:
        hypotheses["every piece"] = all(any(common.meets(p, x) for x in points) for p in pieces(network))
    return Examination(hypotheses, common.constant(network) <= bound)


def affine() -> Forall:
    """Without a hidden unit, f(x) = w x + b, the slope is the same everywhere."""
    w, b, x, y, c = map(var, ("w", "b", "x", "y", "c"))
    given: dict[str, Formula] = {"term": conj(w <= c, w >= -c), "order": x >= y}
    change = (w * x + b) - (w * y + b)
    return Forall("minimal: no hidden unit", given, conj(change <= c * (x - y), -change <= c * (x - y)))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The statement for piecewise linear networks on the line; and affine ones."""
    text = "if |f'| <= bound at the points" + (", one in every piece" if variant.repaired else "")
    rule = Universal("networks on the line", f"{text}, then f is bound-Lipschitz",
                     lambda data: examine(data, variant.repaired), lambda: CASES,
                     parameters=variant.repaired)  # fmt: skip
    return [rule] if budget is Budget.SMOKE else [rule, affine()]


def below(data: Any, factor: Fraction) -> Examination:
    """Whether factor times the slope at a point where the network is differentiable is at most its constant."""
    given, x = common.entries(data, ("network", "x"))
    network, (x,) = common.read(given), vector([x], "x")
    return Examination({}, factor * abs(common.slope(network, x)) <= common.constant(network))


def lower(variant: Variant) -> Forall:
    """e = u'J v: e^2 <= U w with U = |u|^2, w = |J v|^2 <= K^2 V, V = |v|^2. With unit vectors |e| <= K."""
    e, U, V, w, K = map(var, ("e", "U", "V", "w", "K"))
    given: dict[str, Formula] = {
        "Cauchy-Schwarz": conj(e * e <= U * w, w >= 0),
        "constant": conj(K >= 0, w <= K * K * V),
    }
    if variant.keeps("u"):
        given["u"] = equals(U, 1)
    if variant.keeps("v"):
        given["v"] = equals(V, 1)
    return Forall("the term is a lower bound", given, e * e <= K * K)


def at_singular_vectors(variant: Variant) -> Forall:
    """With J v = s u and u.u = 1: u'J v = s u.u = s."""
    e, s, U = map(var, ("e", "s", "U"))
    given: dict[str, Formula] = {"term": equals(e, s * U), "unit": equals(U, 1)}
    return Forall("the term at singular vectors", given, equals(e, s))


def natural(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Slopes by example; the term for all real numbers."""
    factor = variant.value("factor", 1)
    points = [{"network": common.line(3), "x": "0"}, {"network": common.leaky("1/2"), "x": "-1"}]
    rule = Universal("slopes", f"{factor} |f'(x)| <= Lip(f)", lambda data: below(data, factor), lambda: points,
                     parameters=str(factor))  # fmt: skip
    return [rule, lower(variant), at_singular_vectors(variant)]


def unpunished(data: Any) -> bool:
    """Whether the slope is 1 at every point, which is what the gradient penalty asks for, and the constant 1000."""
    given, points = common.entries(data, ("network", "points"))
    network = common.read(given)
    return all(common.slope(network, x) == 1 for x in vector(points, "points")) and common.constant(network) >= 1000


def steep(variant: Variant) -> Forall:
    """f(x) = s max(x, 0) + min(x, 0) has slope 1 at every x < 0, and f(1) - f(0) = s: no constant K < s bounds it."""
    s, K, x, y, fx, fy = map(var, ("s", "K", "x", "y", "fx", "fy"))
    given: dict[str, Formula] = {"values": conj(equals(y, 0), equals(x, 1), equals(fy, 0), equals(fx, s * x))}
    if variant.keeps("steep"):
        given["steep"] = s > K
    return Forall("a steep side without data", given, fx - fy > K * (x - y))


def penalties(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A network on which the penalty vanishes, of any constant."""
    network = {"inputs": 1, "layers": [{"kind": "affine", "weight": [["1000"]], "bias": ["0"]},
                                       {"kind": "leakyrelu", "slope": "1/1000"}]}  # fmt: skip
    text = "a network with slope 1 at the points -1, -2, -3 has a Lipschitz constant of at least 1000"
    return [steep(variant), Exists("no penalty, constant 1000", text, unpunished,
                                   lambda: {"network": network, "points": ["-1", "-2", "-3"]})]  # fmt: skip


SNIPPET = """\
from fractions import Fraction as F
def f(x): return max(x, F(0)) + min(x, F(0)) / 2
data = [F(-1), F(-2), F(-3)]
t = F(1, 1000)
print("slopes at the data:", *((f(x + t) - f(x - t)) / (2 * t) for x in data))
print("slope elsewhere:", (f(F(2)) - f(F(1))) / 1)
assert all((f(x + t) - f(x - t)) / (2 * t) == F(1, 2) for x in data) and f(F(2)) - f(F(1)) > F(1, 2)
"""

PRINTED = (
    "[...] we propose a simple new technique which allows us to directly regularize the spectral norm of the Jacobian, "
    "σ(J). This method differs from the ones described previously as the Lipschitz constant of the entire network is "
    "regularized using a single term, instead of at the layer level."
)
CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "For unit vectors u, v and every x where f is differentiable, |u'J(x)v| <= sigma(J(x)) <= Lip(f); and "
            "u'J(x)v = sigma(J(x)) for leading singular vectors u, v."
        ),
        reading="regularized are the norm at the data, which the term is once converged, and a lower bound on the "
        "constant",
        expected=Verdict.PROVED,
        obligations=natural,
        scope="every function that is differentiable at x",
        covers_all=True,
        hypotheses={"u": "u has length one", "v": "v has length one"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of the term")},
        textbook=(
            Textbook("Cauchy-Schwarz inequality", "Horn and Johnson, Matrix Analysis, 5.1.4"),
            Textbook("|J(x) v| is the limit of |f(x + t v) - f(x)| / t", "Rudin, Principles, 9.17"),
        ),
        argument="proof.md#the-regularizer",
        notes="The term bounds the Lipschitz constant from below only: .controls. Once converged: .power_iteration.",
    ),
    Claim(
        id=f"{ROW}.controls",
        short="The term sees the Jacobian at data points only: elsewhere the slope may be any number; it bounds the "
        "constant from below.",
        source=SOURCE,
        printed=PRINTED,
        variant_of=ROW,
        statement=(
            "If the term, the spectral norm of the Jacobian at the data, is at most c at every data point, the network "
            "is c-Lipschitz."
        ),
        reading="to regularize the Lipschitz constant is to bound it by the term, here even fully converged",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=obligations,
        scope="every network and every finite set of data",
        covers_all=True,
        counterexamples={"networks on the line": HALF},
        minimality="one input, one unit, one data point: without a hidden unit the statement holds",
        near_misses=(
            NearMiss("networks on the line", {**HALF, "points": ["-1", "1"]}, "the term is 1 at the second point"),
            NearMiss("networks on the line", {**HALF, "bound": "1"}, "the bound is the constant"),
            NearMiss("networks on the line", {**HALF, "points": ["0"]}, "the data point is the kink"),
        ),
        repairs={"a data point in every piece": Variant(repaired=True)},
        repaired_by=ROW,
        snippet=SNIPPET,
        argument="proof.md#the-regularizer",
        notes=(
            "The quotient can be any number, so no function of the term bounds the constant: .penalties. The paper "
            "says the same of other penalties in section 5, and not that its own term enforces anything."
        ),
    ),
    Claim(
        id=f"{ROW}.penalties",
        source=SECTION_5,
        printed=(
            "Other techniques penalize the Jacobian of the network, constraining the Lipschitz constant locally [...] "
            "these methods don't provably enforce a Lipschitz constraint."
        ),
        statement=(
            "For every K and every finite set of data in R there is a network with one hidden unit that is not "
            "K-Lipschitz and has slope 1 at all data, so that penalties on the slope at the data vanish."
        ),
        expected=Verdict.PROVED,
        obligations=penalties,
        scope="every K, every finite set of data in R",
        covers_all=True,
        hypotheses={"steep": "the slope on the side without data exceeds K"},
        argument="proof.md#the-regularizer",
        notes=(
            "The kink is put above all data. 'Locally' is true at each data point of a "
            "piecewise linear network, in a neighbourhood that the network chooses."
        ),
    ),
)
