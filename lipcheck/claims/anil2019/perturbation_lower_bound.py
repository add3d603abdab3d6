"""Anil et al. 2019, section 2.3: "A small Lipschitz constant guarantees a lower bound on the size of δ (Tsuzuku et al.,
2018), thus providing robustness guarantees", where f(x + δ) differs from f(x). The ICLR submission: "can guarantee".

Plain reading: for the given classifier and the given input, whose margin is M, the constant K of the logits gives the
lower bound ||δ|| >= M / (2 K), positive for M > 0, as in the cited paper and section 4.3. Read as a bound by K alone
the sentence is wrong: next to the decision boundary any class flips, and multiplying the logits makes K as small as
one likes without changing a decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import exact
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.perturbation_lower_bound"
ICML = "Anil et al. 2019 (ICML), section 2.3, Adversarial Robustness"
PRINTED = (
    "Given a classifier f and an input x, we can write an adversarial example as xadv = x + δ such that f(xadv) ≠ f(x) "
    "and δ is small. A small Lipschitz constant guarantees a lower bound on the size of δ (Tsuzuku et al., 2018), thus "
    "providing robustness guarantees."
)


class ScaleError(LipcheckError, ValueError):
    """A Lipschitz constant or a radius that is not positive."""


def flip(data: Any, margin: bool) -> Examination:
    """The logits (a x, -a x), K-Lipschitz for |a| <= K in any p-norm at infinity: do they keep the class below r?

    With `margin` only points with M = 2 |a x| >= 2 K r are looked at.
    """
    a, K, r, x, delta = (exact(data[k], k) for k in ("a", "K", "r", "x", "delta"))
    if K <= 0 or r <= 0:
        raise ScaleError("give a positive constant and a positive radius")
    before, after = a * x - -a * x, a * (x + delta) - -a * (x + delta)
    hypotheses = {"lipschitz": abs(a) <= K, "decided": before != 0, "small": abs(delta) < r}
    if margin:
        hypotheses["margin"] = abs(before) >= 2 * K * r
    return Examination(hypotheses, before * after > 0)


FLIP = {"a": "1", "K": "1", "r": "1", "x": "1/4", "delta": "-1/2"}
NEARER = {**FLIP, "x": "999/1000", "delta": "-1999/2000"}


def bound_alone(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A proposed r for a given K; that every proposal fails; that the scale of the logits decides nothing."""
    text = "the logits (a x, -a x), K-Lipschitz, keep their class under every perturbation smaller than r"
    margin = "where the margin is at least 2 K r" if variant.repaired else "at every x"
    text += f" {margin}"
    K, r, x, delta, c, M = map(var, ("K", "r", "x", "delta", "c", "M"))
    choice: dict[str, Formula] = {
        "K and r": conj(K > 0, r > 0),
        "choice": conj(equals(4 * x, r), equals(2 * delta, -r)),
    }
    flips = conj(K * x > 0, K * (x + delta) < 0, -delta < r)
    scale = {"scale": conj(c > 0, K > 0, M >= 0)}
    return [
        Universal("one proposal", text, lambda d: flip(d, variant.repaired), lambda: [FLIP, NEARER], parameters=margin),
        Forall("every r fails for every K", choice, flips),
        Forall("scaled logits have the same M / K", scale, equals((c * M) * K, M * (c * K))),
        nearest(),
    ]


def nearest() -> Forall:
    """These logits flip no nearer than M / (2 K), which M = 2 a x and K = a attain: the example is as near as any."""
    a, K, x, delta = map(var, ("a", "K", "x", "delta"))
    hypotheses: dict[str, Formula] = {
        "constant": conj(a > 0, a <= K),
        "class": x > 0,
        "flip": conj(x + delta <= 0, delta <= 0),
    }
    return Forall("minimal: no flip nearer than M / (2 K)", hypotheses, 2 * a * x <= -2 * K * delta)


top, best, other, top_after, other_after, K, size = map(
    var, ("top", "best", "other", "top_after", "other_after", "K", "size")
)
"""Logits of class t, the largest of the others, and any other, before and after; ||delta||."""


def with_margin(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """M <= 2 K ||delta|| if another class is at least as high as t after the perturbation; and sharp."""
    factor = variant.value("factor", 2)
    lipschitz = conj(top - top_after <= K * size, other_after - other <= K * size)
    hypotheses: dict[str, Formula] = {"best": best >= other, "signs": conj(K > 0, size >= 0)}
    if variant.keeps("lipschitz"):
        hypotheses["lipschitz"] = lipschitz
    if variant.keeps("class changes"):
        hypotheses["class changes"] = other_after >= top_after
    x = var("x")
    at_boundary = {"x": conj(x > 0, K > 0)}
    return [
        Forall("margin and perturbation", hypotheses, positive_part(top - best) <= factor * K * size),
        Forall("attained by (K x, -K x) with delta = -x", at_boundary, equals(K * x - -K * x, 2 * K * x)),
    ]


def labels(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Different labels are at least one apart, so 1 <= K ||delta||."""
    apart = var("apart")
    hypotheses: dict[str, Formula] = {"signs": conj(K > 0, size >= 0)}
    if variant.keeps("lipschitz"):
        hypotheses["lipschitz"] = apart <= K * size
    if variant.keeps("different labels"):
        hypotheses["different labels"] = apart >= variant.value("gap", 1)
    return [Forall("labels", hypotheses, K * size >= 1)]


SNIPPET = """\
from fractions import Fraction as F
def logits(K, x): return (K * x, -K * x)          # K-Lipschitz, class 0 for x > 0
for K in (F(1), F(1, 10), F(1, 1000)):             # as small as you like
    for r in (F(1), F(1, 10), F(1, 1000)):         # and every proposed bound r
        x, delta = r / 4, -r / 2
        (a, b), (c, d) = logits(K, x), logits(K, x + delta)
        assert a > b and c < d and abs(delta) < r
print("the class flips below every r, for every K")
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=f"{ICML}; ICLR submission: 'can guarantee ... and thus provide robustness guarantees'",
        printed=PRINTED,
        statement="If every logit is K-Lipschitz in a norm of the inputs, K > 0, and class t has the margin M(x) = "
        "max(0, y_t - max over i != t of y_i) at x, then every δ for which t is not strictly on top at x + δ has ||δ|| "
        ">= M(x) / (2K), and no larger multiple of M / K is a bound.",
        reading="for the given classifier and the given input: the bound may depend on the margin there",
        expected=Verdict.PROVED,
        obligations=with_margin,
        scope="all norms of inputs, all K > 0, all numbers of classes",
        covers_all=True,
        hypotheses={
            "lipschitz": "every logit is K-Lipschitz",
            "class changes": "another logit is at least as large as that of t at x + δ",
        },
        constants={"factor": Constant(Fraction(2), Fraction(199, 100), words="of K ||δ|| in M <= 2 K ||δ||")},
        argument="proof.md#with-the-margin",
        notes="'Small' is relative to the margin: M / K counts, as in Tsuzuku et al. and section 4.3. The bound is 0, "
        "and says nothing, where M(x) = 0. See margin_certificate for norms of the logits.",
    ),
    Claim(
        id=f"{ROW}.constant_alone",
        source=ICML,
        printed=PRINTED,
        statement="For every K > 0 there is an r > 0 such that every classifier with K-Lipschitz logits keeps its "
        "class under every perturbation of size below r, at every input with a unique largest logit.",
        short="a small Lipschitz constant alone bounds no perturbation; with the margin M it does: ||δ|| >= M/(2K)",
        reading="the bound depends on the Lipschitz constant of the logits alone, the only number that is named",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=bound_alone,
        scope="all K > 0 and all proposed r > 0; one input, two classes",
        covers_all=True,
        argument="proof.md#the-constant-alone",
        counterexamples={"one proposal": FLIP},
        minimality="one input, two classes, one layer; such logits flip no nearer than M / (2 K), 1/4 here",
        near_misses=(
            NearMiss("one proposal", {**FLIP, "x": "1"}, "the point has margin 2 K r"),
            NearMiss("one proposal", {**FLIP, "a": "2", "K": "1"}, "the logits are not K-Lipschitz"),
            NearMiss("one proposal", {**FLIP, "delta": "-1"}, "the perturbation is as large as r"),
        ),
        repairs={"a margin of 2 K r": Variant(repaired=True)},
        repaired_by=ROW,
        snippet=SNIPPET,
    ),
    Claim(
        id=f"{ROW}.labels",
        source=ICML,
        printed=PRINTED,
        statement="If a classifier f : X -> {1, ..., k}, seen as a function with values in R, is K-Lipschitz, K > 0, "
        "then every δ with f(x + δ) != f(x) has ||δ|| >= 1 / K.",
        reading="the Lipschitz constant of the classifier f itself, the only function that the sentence names",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=labels,
        scope="all domains X in R^n, all norms, all numbers of classes",
        covers_all=True,
        hypotheses={"lipschitz": "f is K-Lipschitz", "different labels": "different labels are at least one apart"},
        constants={"gap": Constant(Fraction(1), Fraction(99, 100), words="the distance of different labels")},
        argument="proof.md#labels",
        notes="Right but empty on X = R^n, the paper's default: a Lipschitz function on R^n with finitely many values "
        "is constant.",
    ),
)
