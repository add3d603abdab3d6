"""Row hKR, minimizer, unconstrained networks: "ill-defined, L_t → ∞".

Plain reading: for balanced labels and separable classes. At an input with a labels +1 and b labels -1 the value v > m
costs v ((1 + lambda) b - a) + lambda b m: the loss has no lower bound if and only if at some input one label is more
than 1 + lambda times as frequent as the other, as it is where all labels are equal. Both labels alone, as Proposition 3
has it, are not enough (`_any`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.table_1._transport import INDUCTION, NETWORKS, ROW, SOURCE, Ray, hidden_unit, read
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "[Table 1, hKR [32] L_λ, minimizer, unconstrained NN:] ill-defined, L_t → ∞"
MINIMUM, DIVERGE = "no minimum", "Lipschitz constants diverge"
MIXED: Any = {"points": [["0", 1], ["0", -1]], "f": ["0", "0"], "lambda": "1", "m": "1"}
UNEVEN: Any = {"points": [["0", 1], ["1", -1], ["2", 1]], "f": ["1", "1", "1"], "lambda": "1/2", "m": "1"}
a, b, v, lam, m = map(var, ("a", "b", "v", "lam", "m"))


def falls(ray: Ray, x: Fraction, strength: Fraction, m: Fraction) -> bool:
    """Whether the loss at the input x falls from the value m to m + 1, or from -m to -m - 1: then it does so for
    ever, and else, being convex, it is least between -m and m."""

    def loss(value: Fraction) -> Fraction:
        margins = [y * value for point, y in ray.points if point == x]
        return sum((strength * max(Fraction(0), m - z) - z for z in margins), Fraction(0))

    return loss(m + 1) < loss(m) or loss(-m - 1) < loss(-m)


def within(p: int, q: int, strength: Fraction) -> bool:
    """Whether neither label is more than 1 + lambda times as frequent as the other."""
    return p <= (1 + strength) * q and q <= (1 + strength) * p


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both halves of the cell; repaired, some input has pure labels and the labels as a whole are within bounds."""

    def hypotheses(data: Data) -> dict[str, bool]:
        ray, (strength, m) = read(data, "lambda", "m")
        found = {"both labels": ray.both_labels, "lambda, m": strength > 0 and m > 0}
        if variant.repaired:
            pure = any(ray.count(x, 1) * ray.count(x, -1) == 0 for x, _ in ray.points)
            labels = [y for _, y in ray.points]
            found["repair"] = pure and within(labels.count(1), labels.count(-1), strength)
        return found

    def minimum(data: Data) -> Examination:
        ray, (strength, m) = read(data, "lambda", "m")
        return Examination(hypotheses(data), any(falls(ray, x, strength, m) for x, _ in ray.points))

    def diverge(data: Data) -> Examination:
        ray, (strength, _) = read(data, "lambda", "m")
        return Examination({**hypotheses(data), "the ray falls": ray.slope(strength) < 0}, ray.lipschitz > 0)

    words = "some input with one label only, labels within bounds" if variant.repaired else "both labels"
    return [
        Universal(MINIMUM, f"a training set ({words}): L_lambda falls for ever in the value at some input",
                  minimum, lambda: [MIXED], parameters=variant.repaired),
        Universal(DIVERGE, f"a training set ({words}): no f with Lipschitz constant 0 makes L_lambda fall along c f",
                  diverge, lambda: [UNEVEN], parameters=variant.repaired),
        two_examples(),
    ]  # fmt: skip


def two_examples() -> Forall:
    """Two examples at distance d, one of each label: the summed loss is at least -L d."""
    f, g, L, d, h, k = map(var, ("f", "g", "L", "d", "h", "k"))
    given: dict[str, Formula] = {"lipschitz": f - g <= L * d, "hinges": conj(h >= 0, k >= 0)}
    return Forall("minimal: two examples with both labels", given, -f + g + h + k >= -L * d)


def one_input(variant: Variant) -> list[Forall]:
    """The loss of the value v at an input with weights a and b of the labels."""
    counts = conj(a >= 0, b >= 0, lam > 0, m > 0)
    hinge = positive_part(m - v), positive_part(m + v)
    slope = v * ((1 + lam) * b - a) + lam * b * m
    h, k = map(var, ("h", "k"))
    values: dict[str, Formula] = {"hinges": conj(equals(h, 0), equals(k, m + v))}
    one = variant.value("one", 1)
    odds: dict[str, Formula] = {"counts": counts, "odds": a > one * (1 + lam) * b, "v": v >= m}
    bounded: dict[str, Formula] = {"counts": counts, "mixed": a <= (1 + lam) * b, "v": v >= m}
    step = var("step")
    return [
        Forall("hinges beyond m", {"v": conj(v >= m, m > 0)}, conj(equals(hinge[0], 0), equals(hinge[1], m + v))),
        Forall("the loss beyond m", values, equals(-a * v + b * v + lam * (a * h + b * k), slope)),
        Forall("a pure input falls for ever", kept(variant, odds, ["odds"]), (1 + lam) * b - a < 0),
        Forall("a mixed input is best up to m", kept(variant, bounded, ["mixed"]),
               ((1 + lam) * b - a) * (v - m) >= 0),
        Forall("beyond every bound", {"slope": step > 0, "v": v * step >= var("B") + lam * b * m},
               -v * step + lam * b * m <= -var("B")),
    ]  # fmt: skip


def rate(variant: Variant) -> list[Forall]:
    """All labels within bounds, shares p and q: constants lose at least -m, and f differs from one by at most L D."""
    p, q, c, g, h, k, d, E, LD = map(var, ("p", "q", "c", "g", "h", "k", "d", "E", "LD"))
    shares = conj(p >= 0, q >= 0, equals(p + q, 1), lam > 0, m > 0)
    given: dict[str, Formula] = {"shares": shares, "labels": p <= (1 + lam) * q, "c": c >= m}
    inside: dict[str, Formula] = {"shares": shares, "c": conj(c <= m, c >= -m)}
    # P = p m, Q = q m, extra = lambda q m
    P, Q, extra = map(var, ("P", "Q", "extra"))
    parts: dict[str, Formula] = {"parts": conj(P >= 0, Q >= 0, extra >= 0, equals(P + Q, m))}
    close: dict[str, Formula] = {"d": d >= 0, "values": c - g <= d}
    hinges: dict[str, Formula] = {"strength": lam > 0, "hinges": k <= h + d, "values": c - g <= d}
    least: dict[str, Formula] = {"constant": var("C") >= -m, "near": var("C") - (1 + lam) * LD <= E}
    return [
        Forall("constants beyond m", kept(variant, given, ["labels"]), ((1 + lam) * q - p) * (c - m) >= 0),
        Forall("the constant m", parts, -P + Q + 2 * extra >= -m),
        Forall("the margin", inside, conj(c * p <= m * p, -c * q <= m * q)),
        Forall("the hinge is 1-Lipschitz", close, positive_part(m - g) <= positive_part(m - c) + d),
        Forall("the loss is (1 + lambda)-Lipschitz", hinges, -g + lam * k <= -c + lam * h + (1 + lam) * d),
        Forall("the rate", least, (1 + lam) * LD >= -E - m),
    ]


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A unit that sees one input alone, the loss there, and the Lipschitz constant that a loss needs."""
    return [*hidden_unit(), *one_input(variant), *rate(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.hkr_minimizer_unconstrained",
        source=SOURCE,
        printed=PRINTED,
        reading="for training sets with balanced labels, one at every input: balance as in equation 6, separable "
        "classes as where the BCE is ill-defined",
        statement="Let lambda, m > 0 and a finite training set have equally many labels +1 and -1, at no input both. "
        "Over networks with a hidden ReLU unit the mean E of L_lambda has no lower bound, every f of Lipschitz "
        "constant L has (1 + lambda) L D >= -E - m, D the diameter of the inputs, and so L_t tends to infinity along "
        "every sequence whose losses tend to the infimum. In general, for wide hidden layers: there is no lower bound "
        "if at some input one label is more than 1 + lambda times as frequent as the other, else a minimum; the rate "
        "holds if all labels together have odds within 1 + lambda, else constants reach minus infinity.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all finite training sets in R^n, all lambda and m > 0",
        covers_all=True,
        hypotheses={
            "odds": "some input has odds beyond 1 + lambda, for the missing lower bound",
            "mixed": "all inputs have odds within 1 + lambda, for the minimum",
            "labels": "the labels as a whole have odds within 1 + lambda, for the rate",
        },
        constants={"one": Constant(Fraction(1), Fraction(99, 100), words="of 1 + lambda in the odds of an input")},
        textbook=(
            INDUCTION,
            NETWORKS,
            Textbook("a continuous function on a compact set attains its minimum", "Rudin, Principles, theorem 4.16"),
        ),
        depends_on=("bethune2021.hinge_hkr.balance",),
        argument="proof_transport.md#hkr-unconstrained",
    ),
    Claim(
        id=f"{ROW}.hkr_minimizer_unconstrained_any",
        source=SOURCE,
        printed=PRINTED,
        short="mixed labels at each input: attained; odds beyond 1+λ: constants, L_t = 0, go to -∞; true if neither",
        reading="as for BCE in Proposition 3: every training set that is not trivial, that is, has both labels; "
        "lambda, m > 0",
        variant_of=f"{ROW}.hkr_minimizer_unconstrained",
        statement="For every training set with both labels, lambda > 0 and m > 0, L_lambda has no minimum over "
        "networks, and the Lipschitz constants tend to infinity along every sequence of networks whose losses tend to "
        "the infimum.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="all training sets on the line with both labels, all lambda and m",
        covers_all=True,
        counterexamples={MINIMUM: MIXED, DIVERGE: UNEVEN},
        near_misses=(
            NearMiss(MINIMUM, {**MIXED, "points": [["0", 1], ["1", -1]]}, "every input has one label"),
            NearMiss(MINIMUM, {**MIXED, "points": [["0", 1], ["0", 1]]}, "one label only"),
            NearMiss(MINIMUM, {**MIXED, "lambda": "0"}, "lambda = 0 is the Wasserstein loss"),
            NearMiss(DIVERGE, {**UNEVEN, "lambda": "1"}, "odds 2 = 1 + lambda: the loss does not fall along constants"),
            NearMiss(DIVERGE, {**UNEVEN, "f": ["1", "0", "1"]}, "f is not constant"),
        ),
        minimality="two examples for the first half, at one input; two examples with both labels obey the second",
        snippet="""\
def loss(labels, t, lam, m=1):                 # the summed hKR loss of the value t
    return sum(-y * t + lam * max(0, m - y * t) for y in labels)
at_one_input = [loss([1, -1], t / 4, 1) for t in range(-40, 41)]
print(min(at_one_input), loss([1, -1], 0, 1))
assert min(at_one_input) == loss([1, -1], 0, 1) == 2                         # attained at 0
print([loss([1, 1, -1], t, 0.5) for t in (10, 100, 1000)])                   # the constant t, Lipschitz constant 0
assert loss([1, 1, -1], 1000, 0.5) < -400                                    # L_t = 0
""",
        repairs={"an input with one label, labels within bounds": Variant(repaired=True)},
        repaired_by=f"{ROW}.hkr_minimizer_unconstrained",
        argument="proof_transport.md#hkr-unconstrained",
        notes="It holds for balanced training sets with distinct inputs, see .hkr_minimizer_unconstrained.",
    ),
)  # fmt: skip
