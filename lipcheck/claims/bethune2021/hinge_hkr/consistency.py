"""Section 5: "Most losses that are Lipschitz continuous revealed to be consistent estimators with Lipschitz neural
networks."

Consistent, as in Proposition 5: the least empirical loss converges almost surely to the least expected loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.hinge_hkr._samples import PAPER, ROW, SOURCE, SampleError
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = (
    "Most losses that are Lipschitz continuous revealed to be consistent estimators with Lipschitz neural networks."
)
PRINTED_TABLE = (
    "Hence, hinge is a consistent estimator in the space of 1-Lipschitz functions. The result is also straightforward "
    "for L_W: consistency of Wasserstein distance is a textbook result."
)
ONE_POINT: Any = {"labels": [1], "bound": "1"}


def bounded(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The composed functions are Lipschitz and bounded; infima differ by no more than the functions do."""
    K, L, d, rise, change, M, u, value, at_zero = map(
        var, ("K", "L", "d", "rise", "change", "M", "u", "value", "at_zero")
    )
    signs = conj(K >= 0, L >= 0, d >= 0)
    steps: dict[str, Formula] = {"loss": conj(change <= K * rise, rise >= 0), "network": rise <= L * d}
    composed = {name: f for name, f in steps.items() if variant.keeps(name)}
    limits: dict[str, Formula] = {
        "loss": conj(value - at_zero <= K * u, u >= 0),
        "bounded": u <= M,
    }
    within = {name: f for name, f in limits.items() if variant.keeps(name)}
    least, near, empirical, gap, e = map(var, ("least", "near", "empirical", "gap", "e"))
    close: dict[str, Formula] = {"near": near <= least + e, "gap": empirical <= near + gap}
    factor = variant.value("factor", 1)
    return [
        Forall("loss after network", {"signs": signs, **composed}, change <= factor * K * L * d),
        Forall("bounded losses", {"signs": conj(K >= 0, M >= 0), **within}, value <= at_zero + K * M),
        Forall("least values", close, empirical <= least + gap + e),
    ]


def examine(data: Data, equal: bool) -> Examination:
    """Whether the constants -bound and bound lose at least -bound/size - nothing less than zero for equal counts."""
    if not isinstance(data, Mapping) or set(data) != {"labels", "bound"}:
        raise SampleError("a sample has the entries labels and bound")
    labels = data["labels"]
    if not labels or any(y not in (1, -1) or isinstance(y, bool) for y in labels):
        raise SampleError("labels are 1 or -1, at least one of them")
    bound, mean = Fraction(str(data["bound"])), Fraction(sum(labels), len(labels))
    hypotheses = {"equal counts": mean == 0} if equal else {}
    return Examination(hypotheses, min(-mean * t for t in (-bound, bound)) >= 0)


def every(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """L_W on samples: constants t lose -t times the mean label; odd samples have a mean that is not 0."""
    t, mean, B = var("t"), var("mean"), var("B")
    counts = "equal numbers of both labels" if variant.repaired else "any sample"
    text = f"constants have no negative empirical Wasserstein loss: {counts}"
    sizes = [[n, k] for n in (1, 3, 5, 7, 9) for k in range(n + 1)]
    odd = Exhaustive("odd samples", "k labels +1 and n - k labels -1 are never balanced for odd n", lambda: sizes,
                     lambda nk: nk[1] != nk[0] - nk[1], sizes)  # fmt: skip
    unbounded: dict[str, Formula] = {"t": conj(mean * t >= B, B > 0)}
    return [
        Universal(
            "bounded below", text, lambda d: examine(d, variant.repaired), lambda: [ONE_POINT], parameters=counts
        ),
        Forall("below every bound", unbounded, -mean * t <= -B),
        odd,
    ]


def class_wise(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """|W(P_n, Q_k) - W(P, Q)| <= W(P_n, P) + W(Q_k, Q), by two triangles on each side."""
    seen, limit, at_p, at_q, mixed = map(var, ("seen", "limit", "at_p", "at_q", "mixed"))
    signs = conj(at_p >= 0, at_q >= 0)
    up: dict[str, Formula] = {"signs": signs, "first": seen <= at_p + mixed}
    down: dict[str, Formula] = {"signs": signs, "first": mixed <= at_p + seen}
    if variant.keeps("triangle"):
        up["triangle"], down["triangle"] = mixed <= limit + at_q, limit <= mixed + at_q
    room = variant.value("gaps", 1) * (at_p + at_q)
    return [
        Forall("not much above", up, seen - limit <= room),
        Forall("not much below", down, limit - seen <= room),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.consistency",
        source=SOURCE,
        printed=PRINTED,
        reading="every loss that is Lipschitz in the logit, over L-Lipschitz functions with values in [-M, M]",
        statement="Let u -> l(u, y) be K-Lipschitz for both labels. Over the L-Lipschitz f with |f| <= M, and "
        "over every "
        "set of such f, the infimum of the mean loss of an i.i.d. sample converges almost surely to that of the "
        "expected loss.",
        expected=Verdict.PROVED,
        obligations=bounded,
        scope="all laws on R^n, all K, L, M",
        covers_all=True,
        hypotheses={
            "loss": "the loss is K-Lipschitz in the logit",
            "network": "f is L-Lipschitz",
            "bounded": "|f| <= M",
        },
        constants={
            "factor": Constant(Fraction(1), Fraction(99, 100), words="of K L, a Lipschitz constant of the loss")
        },
        textbook=(
            Textbook(
                "empirical laws converge almost surely, uniformly over functions of bounded size and Lipschitz "
                "constant",
                "Dudley, Real Analysis and Probability, theorems 11.3.3 and 11.4.1",
            ),
        ),
        argument="proof.md#consistency",
        notes="The bound on |f| is no loss for the hinge loss (clipping to [-m, m] never costs) and for BCE on "
        "a bounded "
        "domain with both labels (Proposition 5); for L_W it is needed.",
    ),
    Claim(
        id=f"{ROW}.consistency_every",
        source=f"{PAPER}, appendix B, results of Table 1 (row L_W: consistent estimator 'yes (Appendix B)')",
        printed=PRINTED_TABLE,
        statement="If both labels have the probability 1/2, the least mean of -y f(x) over an i.i.d. sample, f "
        "1-Lipschitz, converges almost surely to the least expected loss, -W(P, Q)/2.",
        short="with unequal label counts (every odd sample) constants drive the mean of -y f to -infinity",
        reading="consistent as in Proposition 5: the mean of L_W over an i.i.d. sample of (X, Y), all 1-Lipschitz f",
        variant_of=f"{ROW}.consistency",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=every,
        scope="every law with equally likely labels; every sample of odd size",
        covers_all=True,
        repairs={"equal numbers of both labels": Variant(repaired=True)},
        counterexamples={"bounded below": ONE_POINT},
        near_misses=(
            NearMiss("bounded below", {"labels": [1, -1], "bound": "1"}, "equal numbers: constants lose 0"),
            NearMiss("bounded below", {"labels": [1], "bound": "0"}, "the zero function loses 0"),
            NearMiss("bounded below", {"labels": [], "bound": "1"}, "no sample"),
        ),
        minimality="one point; every sample with unequal label counts is a counterexample, equal counts are none",
        snippet="""\
labels = [1, -1, 1]                                  # a sample of odd size from a balanced law
loss = lambda t: -sum(y * t for y in labels) / len(labels)   # f = t, a 1-Lipschitz function
print([loss(t) for t in (3, 30, 300)])
assert loss(300) == -100                             # no lower bound; the expected loss has -W/2
""",
        repaired_by=f"{ROW}.consistency_wasserstein",
        argument="proof.md#not-every-loss",
        notes="The sentence of section 5 says 'most' and stays true: BCE, hinge and (for lambda > 0) hinge-KR. What "
        "appendix B calls a textbook result is the convergence of W(P_n, Q_n), of class-wise means: "
        "consistency_wasserstein.",
    ),
    Claim(
        id=f"{ROW}.consistency_wasserstein",
        source=f"{PAPER}, appendix B, results of Table 1",
        printed=PRINTED_TABLE,
        statement="Let P and Q have finite first moments. For samples of sizes that tend to infinity, i.i.d. from P "
        "and from Q, the least difference of class-wise means, -W(P_n, Q_k), converges almost surely to -W(P, Q).",
        reading="the Wasserstein distance between the two classes: each class has a mean of its own",
        expected=Verdict.PROVED,
        obligations=class_wise,
        scope="all such laws on R^n",
        covers_all=True,
        hypotheses={"triangle": "W satisfies the triangle inequality"},
        constants={"gaps": Constant(Fraction(1), Fraction(99, 100), words="of the sum of both distances to the laws")},
        textbook=(
            Textbook(
                "W is a distance on laws with finite first moments; W(P_n, P) tends to 0 if P_n converges weakly and "
                "its first absolute moment converges",
                "Villani, Optimal Transport: Old and New, definition 6.4 and theorem 6.9",
            ),
            Textbook("empirical laws converge weakly, almost surely", "Dudley, Real Analysis and Probability, 11.4.1"),
            Textbook("strong law of large numbers, for the first moment", "Billingsley, Probability, 6.1"),
        ),
        depends_on=("bethune2021.kr_loss_value.summed_sharp",),
        argument="proof.md#class-wise-means",
    ),
)
