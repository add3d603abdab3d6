"""Row Wasserstein, in practice, unconstrained networks: "diverges during training".

Decided by mathematics, not by experiment. For an affine model the gradient of L_W is constant. For a network that is
homogeneous of degree k in its weights (k affine layers without biases, with ReLU, leaky ReLU, |x| or MaxMin) the
gradient flow theta' = -grad E obeys Euler's identity theta . grad E = k E. With N = |theta|^2 and u = -E > 0 this gives
u' = |grad E|^2 >= k^2 u^2 / N and N' = 2 k u: both tend to infinity from every start that is better than f = 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.table_1._transport import INDUCTION, ROW, SOURCE, TrainingSetError
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "[Table 1, Wasserstein L_W, in practice, unconstrained NN:] diverges during training"
MOVES = "the parameters move"
DEAD: Any = {"points": [["0", 1], ["1", -1]], "v": "1", "w": "1", "b": "-2"}


def affine(variant: Variant) -> list[Forall]:
    """f = W x + b, s = E[Y X] and e = E[Y]: one step adds eta (s, e), whatever (W, b) is, and the loss falls by a fixed
    amount; one more coordinate of W."""
    w, eta, s, loss, rest, fall, T, B = map(var, ("w", "eta", "s", "loss", "rest", "fall", "T", "B"))
    coordinate: dict[str, Formula] = {"others": equals(loss, rest - fall)}
    step = equals(loss - (w + eta * s) * s, rest - w * s - (fall + eta * s**2))
    slope: dict[str, Formula] = {"step": eta > 0, "means": s**2 > 0}
    after: dict[str, Formula] = {"T": T * fall >= B + rest, "loss": equals(loss, rest - T * fall)}
    return [
        Forall("a step of an affine model, one more parameter", coordinate, step),
        Forall("the fall of each step", kept(variant, slope, ["means"]), eta * s**2 > 0),
        Forall("after T steps", after, loss <= -B),
    ]


def flow(variant: Variant) -> list[Forall]:
    """u = -E, N = |theta|^2, G = |theta'|^2, v = k u: N' = 2 v, u' = G, v^2 <= N G by Euler, Cauchy and Schwarz."""
    u, v, N, G, k, start, t = map(var, ("u", "v", "N", "G", "k", "start", "t"))
    degree: dict[str, Formula] = {"v": equals(v, k * u), "degree": k >= 1, "below_zero": u > 0}
    given: dict[str, Formula] = {"euler": v**2 <= N * G, "size": N > 0, "below_zero": v > 0}
    # (u^2 / N^k)' has the sign of 2 u' N - k u N'
    ratio = 2 * G * N - variant.value("exponent", 1) * v * (2 * v)
    linear: dict[str, Formula] = {"growth": start + 2 * v * t <= N, "signs": conj(v >= u, t >= 0)}
    return [
        Forall("the norm grows", kept(variant, degree, ["below_zero"]), conj(v >= u, 2 * v > 0)),
        Forall("the loss falls", kept(variant, given, ["below_zero"]), G > 0),
        Forall("u^2 / N^k does not fall", given, ratio >= 0),
        Forall("at least linear growth", linear, start + 2 * u * t <= N),
    ]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Gradient descent of affine models, gradient flow of homogeneous networks."""
    return [*affine(variant), *flow(variant)]


def always(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Data {"points", "v", "w", "b"}: the network v max(w x + b, 0) with an output bias 0, away from its kink."""

    def examine(data: Data) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"points", "v", "w", "b"}:
            raise TrainingSetError("give points and the parameters v, w, b")
        points = [(parse(x), y) for x, y in data["points"]]
        v, w, b = (parse(data[key]) for key in ("v", "w", "b"))
        if any(y not in (1, -1) or isinstance(y, bool) for _, y in points):
            raise TrainingSetError("labels are 1 or -1")
        active = [(x, y) for x, y in points if w * x + b > 0]
        slopes = [
            sum((y * (w * x + b) for x, y in active), Fraction(0)),
            sum((y * v * x for x, y in active), Fraction(0)),
            v * sum(y for _, y in active),
        ]
        hypotheses = {
            "balanced, different laws": sum(y for _, y in points) == 0
            and any(sum(z for t, z in points if t == x) != 0 for x, _ in points),
            "differentiable": all(w * x + b != 0 for x, _ in points),
        }
        if variant.repaired:
            hypotheses["better than f = 0"] = v * slopes[0] > 0
        return Examination(hypotheses, any(slopes))

    start = "better than f = 0" if variant.repaired else "any"
    text = f"the gradient of L_W in (v, w, b) is not zero at the start ({start}), so that training moves"
    return [Universal(MOVES, text, examine, lambda: [DEAD], parameters=variant.repaired), no_hidden_unit()]


def no_hidden_unit() -> Forall:
    """Without a hidden unit, two examples (x, 1), (z, -1) at different inputs: the gradient in W is z - x, not 0."""
    x, z = var("x"), var("z")
    given: dict[str, Formula] = {"inputs": (x - z) ** 2 > 0}
    return Forall("minimal: affine models of two examples move", given, (z - x) ** 2 > 0)


CLAIMS = (
    Claim(
        id=f"{ROW}.wasserstein_practice_unconstrained",
        source=SOURCE,
        printed=PRINTED,
        reading="loss and parameters tend to infinity in size, once the loss is below that of f = 0",
        statement="Let P and Q have bounded supports. (1) For f = W x + b gradient descent on E[-Y f] with any step "
        "size eta > 0 adds eta (E[Y X], E[Y]) in every step, from every start: the loss tends to minus infinity "
        "unless E[Y X] = 0 and E[Y] = 0. (2) For a finite training set let f be piecewise polynomial, continuous and "
        "homogeneous of degree k >= 1 in its parameters theta, and theta(t) a gradient flow of E = E[-Y f] on its "
        "maximal interval: absolutely continuous, theta' in minus the Clarke subdifferential of E almost always. If E "
        "< 0 at the start, |theta|^2 increases to infinity, at least as |theta_0|^2 + 2 k |E_0| t, and E decreases to "
        "minus infinity, be it in infinite or in finite time: E^2/|theta|^(2k) does not fall.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="affine models; ReLU, leaky ReLU, |x| and MaxMin networks without biases, of any depth k",
        covers_all=True,
        hypotheses={
            "means": "E[Y X] or E[Y] is not zero",
            "below_zero": "the loss at the start is below that of f = 0",
        },
        constants={"exponent": Constant(Fraction(1), Fraction(101, 100), words="of k in the power of |theta|^2")},
        textbook=(
            INDUCTION,
            Textbook("Euler's identity for homogeneous functions", "Apostol, Mathematical Analysis, exercise 12.18"),
            Textbook("an absolutely continuous function whose derivative is nowhere negative, almost, does not fall",
                     "Rudin, Real and Complex Analysis, theorem 7.20"),
            Textbook("(E o theta)' = -|theta'|^2 almost always along such flows of piecewise polynomial E",
                     "Davis, Drusvyatskiy, Kakade, Lee, Found. Comput. Math. 20 (2020), lemma 5.2, theorem 5.8"),
            Textbook("a solution of theta' in F(theta) that stays bounded can be continued",
                     "Filippov, Differential Equations with Discontinuous Righthand Sides, section 7"),
            Textbook("the inequality of Cauchy and Schwarz", "Rudin, Principles, theorem 1.35"),
        ),
        argument="proof_transport.md#training-with-the-wasserstein-loss",
        notes="For other starts see .wasserstein_practice_unconstrained_always; for Adam nothing is claimed.",
    ),
    Claim(
        id=f"{ROW}.wasserstein_practice_unconstrained_always",
        source=SOURCE,
        printed=PRINTED,
        short="a start where all units are off has gradient 0 and stays; from a loss below that of f = 0 it diverges",
        reading="from every start, for balanced labels and different laws of the classes",
        variant_of=f"{ROW}.wasserstein_practice_unconstrained",
        statement="For every balanced training set whose classes have different laws, gradient descent on L_W moves "
        "away from every start at which v max(w x + b, 0) is differentiable in (v, w, b).",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=always,
        scope="networks with one hidden ReLU unit on the line",
        covers_all=True,
        counterexamples={MOVES: DEAD},
        near_misses=(
            NearMiss(MOVES, {**DEAD, "b": "-1/2"}, "one example is on"),
            NearMiss(MOVES, {**DEAD, "b": "-1"}, "at the kink of the second example"),
            NearMiss(MOVES, {**DEAD, "points": [["0", 1], ["0", -1]]}, "the laws of both classes are equal"),
        ),
        minimality="one hidden unit and two examples; affine models of two examples at different inputs do move",
        snippet="""\
points, v, w, b = [(0, 1), (1, -1)], 1.0, 1.0, -2.0       # f = v max(w x + b, 0); loss: mean of -y f
for step in range(100):
    on = [(x, y) for x, y in points if w * x + b > 0]
    dv = -sum(y * (w * x + b) for x, y in on) / 2
    dw, db = -sum(y * v * x for x, y in on) / 2, -sum(y * v for x, y in on) / 2
    v, w, b = v - dv, w - dw, b - db
print(v, w, b)
assert (v, w, b) == (1.0, 1.0, -2.0)                      # nothing has moved
""",
        repairs={"a loss below that of f = 0": Variant(repaired=True)},
        repaired_by=f"{ROW}.wasserstein_practice_unconstrained",
        argument="proof_transport.md#training-with-the-wasserstein-loss",
        notes="Of XOR-like data, with equal class means, affine models do not move either.",
    ),
)  # fmt: skip
