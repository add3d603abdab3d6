"""The remark after Proposition 10: the sum is the null vector, the variance stays, the steps do not settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import within
from lipcheck.claims.bethune2021.proposition_10.constant import CandidateError
from lipcheck.claims.bethune2021.proposition_10.lower_bound import ROW, stationary
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, appendix D, the remark after Proposition 10"
SUM = (
    "It means that a non null gradient will remain for each training example taken independently, but their sum after "
    "convergence will be the null vector."
)
EXPECT = "Consequently we must expect high variance in gradients and oscillations when we get closer to the minimum."
g, K, sigma = map(var, ("g", "K", "sigma"))


def zero_sum(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A descent along constants, which every minimizer excludes."""
    return [stationary(variant)]


def parameters(variant: Variant) -> Universal:
    """Data {"u"}: f(x) = w x + b, |w| <= L, examples (1, 1), (-1, -1), T = 1, u = exp L. Minimizer: w = L, b = 0.

    The sum of the gradients in w is -2/(1 + u), that in b is -1/(1 + u) + 1/(1 + u). Repaired: that in b alone.
    """

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"u"}:
            raise CandidateError("the data are u = exp L")
        if (u := parse(data["u"])) < 1:
            raise CandidateError("u is at least 1, as L is not negative")
        by_w, by_b = -2 / (1 + u), -1 / (1 + u) + 1 / (1 + u)
        return Examination({"u": u >= 1}, by_b == 0 and (by_w == 0 or variant.repaired))

    text = "the gradients in the parameters sum to zero at the minimizer"
    return Universal("the null vector", text, examine, lambda: [TWO], parameters=variant.repaired)


def best() -> Forall:
    """z = f(1), y = f(-1): z - y <= 2 L; s = exp(-z/2), t = exp(y/2), s t >= w = exp(-L): least for s = t, s t = w."""
    s, t, w = map(var, ("s", "t", "w"))
    given: dict[str, Formula] = {"lipschitz": s * t >= w, "positive": conj(s > 0, t > 0, w > 0)}
    return Forall("the minimizer", given, (1 + s**2) * (1 + t**2) >= (1 + w) ** 2)


def of_parameters(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The gradient at a constrained minimizer."""
    return [parameters(variant), best()]


def spread(variant: Variant) -> Forall:
    """Derivatives of mean 0 and size at least K: their variance is the mean of squares, one more example."""
    squares, p = var("squares"), var("p")
    factor = variant.value("variance", 1)
    given: dict[str, Formula] = {"so far": squares >= factor * (p * K**2), "K": K > 0}
    if variant.keeps("lower_bound"):
        given["lower_bound"] = disj(g >= K, g <= -K)
    return Forall("one more derivative", given, squares + g**2 >= factor * ((p + 1) * K**2))


def centred() -> Forall:
    """Their mean is 0: variance = mean of squares - mean^2."""
    mean, squares, variance = map(var, ("mean", "squares", "variance"))
    given: dict[str, Formula] = {"mean": equals(mean, 0), "variance": equals(variance, squares - mean**2)}
    return Forall("variance and squares", given, equals(variance, squares))


def step(variant: Variant) -> Forall:
    """A step of size `rate` along one derivative of size at least K moves the common bias by at least rate K."""
    before, after, rate = map(var, ("before", "after", "rate"))
    given: dict[str, Formula] = {
        "step": equals(after, before - rate * g),
        "rate": conj(rate > 0, K > 0),
    }
    if variant.keeps("lower_bound"):
        given["lower_bound"] = disj(g >= K, g <= -K)
    moved = variant.value("moved", 1) * (rate * K)
    return Forall("one step", given, disj(after - before >= moved, before - after >= moved))


def converging(variant: Variant) -> Forall:
    """Iterates within e of a limit are within 2e of each other: impossible for 2e < rate K."""
    a, b, limit, e, moved = map(var, ("a", "b", "limit", "e", "moved"))
    given: dict[str, Formula] = {"near": conj(within(a - limit, e), within(b - limit, e)), "e": 2 * e < moved}
    return Forall("no limit", given, conj(a - b < moved, b - a < moved))


def high_variance(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The variance of the derivatives over the examples."""
    return [centred(), spread(variant)]


def oscillations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Steps along single examples."""
    return [step(variant), converging(variant)]


TWO = {"u": "2"}
SNIPPET = """\
from fractions import Fraction
# f(x) = w x + b, |w| <= L = ln 2, examples (1, +1), (-1, -1): the minimizer is w = L, b = 0; exp L = 2
s = Fraction(1, 1 + 2)                       # sigma(-y f) at both examples
grad_w = -(1 * 1) * s + -(-1 * -1) * s       # sum of -y x sigma(-y f)
grad_b = -1 * s + 1 * s
print("sums of gradients in w and b:", grad_w, grad_b)
assert grad_b == 0 and grad_w == Fraction(-2, 3)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.sum",
        source=SOURCE,
        printed=SUM,
        reading="of the derivatives in the logits, as in (22)",
        statement="At every minimizer f of the BCE over Lip_L(X, R) the sum over i of dL_T/dy (f(x_i), y_i) is zero.",
        expected=Verdict.PROVED,
        obligations=zero_sum,
        scope="all training sets, all L and T",
        covers_all=True,
        hypotheses={"minimizer": "f is a minimizer"},
        textbook=(Textbook("Taylor's theorem", "Rudin, Principles, theorem 5.15"),),
        argument="proof.md#the-sum-of-the-derivatives",
        notes="All that is used is that f + c is in the class. A network with a free last bias has such a class.",
    ),
    Claim(
        id=f"{ROW}.sum_parameters",
        short="a constraint can keep the gradients in the weights from summing to zero; those in a free bias do",
        source=SOURCE,
        printed=SUM,
        reading="of the gradients in the parameters of a network, in the weights whose norms are constrained",
        variant_of=f"{ROW}.sum",
        statement="At every minimizer of the BCE over 1-Lipschitz networks (L-Lipschitz affine functions) the sum over "
        "the examples of the gradients in the parameters is zero.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=of_parameters,
        scope="affine functions on R",
        covers_all=True,
        counterexamples={"the null vector": TWO},
        near_misses=(
            NearMiss("the null vector", {"u": "1/2"}, "a negative L"),
            NearMiss("the null vector", {"u": "2", "b": "0"}, "not the data asked for"),
        ),
        minimality="two examples, one weight and one bias; every L >= 0 is a counterexample",
        snippet=SNIPPET,
        repairs={"the gradient in the bias": Variant(repaired=True)},
        repaired_by=f"{ROW}.sum",
        argument="proof.md#the-sum-of-the-derivatives",
        notes="The gradient in V of a parametrization W(V) that obeys the constraint for all V does sum to zero at an "
        "interior minimizer; here w = L sign v has derivative zero.",
    ),
    Claim(
        id=f"{ROW}.variance",
        source=SOURCE,
        printed=EXPECT,
        reading="variance of dL_T/dy over the training examples, at a minimizer",
        statement="At every minimizer the derivatives in the logits have mean 0 and variance at least K^2, K the bound "
        "of Proposition 10.",
        expected=Verdict.PROVED,
        obligations=high_variance,
        scope="all training sets of both labels",
        covers_all=True,
        hypotheses={"lower_bound": "every derivative has a size of at least K"},
        constants={"variance": Constant(Fraction(1), mutated=Fraction(101, 100), words="variance over K^2")},
        depends_on=(ROW, f"{ROW}.sum"),
        argument="proof.md#variance-and-oscillations",
    ),
    Claim(
        id=f"{ROW}.oscillations",
        source=SOURCE,
        printed=EXPECT,
        reading="steps along the derivative of one example, constant step size, seen in a free last bias",
        statement="If each step subtracts rate times dL_T/dy of one example from a common bias, and these derivatives "
        "have a size of at least K > 0 along the way, each step moves the bias by at least rate K, so that it has no "
        "limit.",
        expected=Verdict.PROVED,
        obligations=oscillations,
        scope="all rates > 0",
        covers_all=True,
        hypotheses={"lower_bound": "every derivative has a size of at least K"},
        constants={"moved": Constant(Fraction(1), mutated=Fraction(101, 100), words="the least step over rate K")},
        argument="proof.md#variance-and-oscillations",
        notes="Near a minimizer K/2 bounds the derivatives, by continuity. With all examples in each step, or steps "
        "that tend to 0, nothing has to oscillate: on examples (0, 1), (0, -1) gradient descent in f(0) with "
        "rate 1/T^2 on the mean loss converges monotonically to 0.",
    ),
)
